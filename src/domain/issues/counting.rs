//! How many stand behind a matter, and the answer owed to each of them.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Issue, IssueState, Verb};
use crate::domain::journal::Entry;
use crate::domain::reports::{self, Report, ReportKind};
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;

impl Issue {
    /// Counts a report that has just joined; its own first answer is owed from now.
    pub(in crate::domain) async fn gained_a_report(self, act: &Act, report: &Report) -> Result<Issue> {
        let me_too = self.me_too + i32::from(report.kind == ReportKind::MeToo);
        let due = self.first_answer_due.map_or(report.first_answer_due, |d| d.min(report.first_answer_due));
        let set = ActiveModel { reports: Set(self.reports + 1), me_too: Set(me_too), first_answer_due: Set(Some(due)), ..Default::default() };
        self.change(act, set).await
    }

    /// A report was withdrawn: the matter goes with its only reporter, and what was owed to it is owed no more.
    pub(in crate::domain) async fn lost_a_report(self, act: &Act) -> Result<Issue> {
        let issue = self.recounted(act).await?;
        if issue.reports > 0 || !matches!(issue.state, IssueState::Received | IssueState::Accepted) {
            return Ok(issue);
        }
        let next = issue.state.after(Verb::Withdraw)?;
        let issue = issue.change(act, ActiveModel { state: Set(next), closed_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::IssueWithdrawn).await?;
        Ok(issue)
    }

    /// Notes that every report without an answer has now had its first one.
    pub(in crate::domain) async fn first_answered(self, act: &Act) -> Result<Issue> {
        let answered = reports::Entity::update_many()
            .col_expr(reports::Column::FirstAnsweredAt, Expr::value(Some(act.at)))
            .filter(reports::Column::IssueId.eq(self.id))
            .filter(reports::Column::FirstAnsweredAt.is_null())
            .exec(act.tx())
            .await?
            .rows_affected;
        if answered == 0 {
            return Ok(self);
        }
        act.journal(self.on_self(), &Entry::FirstAnswered { reports: answered }).await?;
        self.change(act, ActiveModel { first_answer_due: Set(None), ..Default::default() }).await
    }

    /// Counts afresh from the reports that stand behind the matter now: after a merge, or its undoing.
    pub(super) async fn recounted(self, act: &Act) -> Result<Issue> {
        let text = "select count(*), coalesce(sum(case when kind = 'me_too' then 1 else 0 end), 0), \
                    min(case when first_answered_at is null then first_answer_due end) \
                    from reports where issue_id = ? and withdrawn_at is null";
        let row = act.tx().query_one_raw(sql(act.tx(), text, [self.id.0.into()])).await?;
        let (mut all, mut me_too, mut due) = (0i64, 0i64, None);
        if let Some(r) = row {
            all = r.try_get_by_index(0)?;
            me_too = r.try_get_by_index(1)?;
            due = r.try_get_by_index::<Option<chrono::DateTime<chrono::Utc>>>(2)?;
        }
        let set = ActiveModel { reports: Set(all as i32), me_too: Set(me_too as i32), first_answer_due: Set(due), ..Default::default() };
        self.change(act, set).await
    }
}
