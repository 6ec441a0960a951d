//! Whether it got better, asked of those who reported when a check is due: one answer per report, changed at will until the check is
//! made. Who said what is read by nobody; the shares are shown from five answers on.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};

use super::{Check, Column as Checks, Entity as AllChecks};
use crate::domain::issues::{self, IssueState};
use crate::domain::journal::Entry;
use crate::domain::reports::Report;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{CheckId, IssueId, ReportId};

vocabulary! {
    /// How it is since the remedy.
    Feeling { Better = "better", Same = "same", Worse = "worse" }
}

/// From so many answers on their shares are shown: fewer could be told apart.
pub const SHOWN_FROM: i64 = 5;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opinions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub check_id: CheckId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: ReportId,
    pub feeling: Feeling,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How many said what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opinions {
    pub better: i64,
    pub same: i64,
    pub worse: i64,
}

impl Opinions {
    /// How many answered.
    pub fn n(self) -> i64 {
        self.better + self.same + self.worse
    }
}

/// What was said for a check; none where too few have answered.
pub async fn opinions(db: &impl ConnectionTrait, check: CheckId) -> Result<Option<Opinions>> {
    let all = counts(db, vec![check]).await?;
    Ok(all.into_iter().next().map(|(_, o)| o).filter(|o| o.n() >= SHOWN_FROM))
}

/// The same for several checks, with those of too few left out.
pub async fn opinions_of(db: &impl ConnectionTrait, checks: Vec<CheckId>) -> Result<Vec<(CheckId, Opinions)>> {
    let all = counts(db, checks).await?;
    Ok(all.into_iter().filter(|(_, o)| o.n() >= SHOWN_FROM).collect())
}

async fn counts(db: &impl ConnectionTrait, checks: Vec<CheckId>) -> Result<Vec<(CheckId, Opinions)>> {
    if checks.is_empty() {
        return Ok(vec![]);
    }
    let some = vec!["?"; checks.len()].join(",");
    let text = format!("select check_id, feeling, count(*) from opinions where check_id in ({some}) group by check_id, feeling order by check_id");
    let mut all: Vec<(CheckId, Opinions)> = vec![];
    for row in db.query_all_raw(sql(db, &text, checks.iter().map(|c| c.0.into()))).await? {
        let id = CheckId(row.try_get_by_index(0)?);
        if all.last().is_none_or(|(last, _)| *last != id) {
            all.push((id, Opinions::default()));
        }
        let (feeling, n): (String, i64) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if let Some((_, o)) = all.last_mut() {
            match feeling.parse()? {
                Feeling::Better => o.better = n,
                Feeling::Same => o.same = n,
                Feeling::Worse => o.worse = n,
            }
        }
    }
    Ok(all)
}

/// The check of a matter for which those who reported are being asked.
pub async fn asked(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<Check>> {
    let open = AllChecks::find().filter(Checks::IssueId.eq(issue)).filter(Checks::Verdict.is_null()).filter(Checks::AskedAt.is_not_null());
    Ok(open.order_by_asc(Checks::PlannedOn).one(db).await?)
}

/// What a report's writer has said for a check.
pub async fn opinion_of(db: &impl ConnectionTrait, check: CheckId, report: ReportId) -> Result<Option<Feeling>> {
    Ok(Entity::find_by_id((check, report)).one(db).await?.map(|o| o.feeling))
}

/// The writer of a report says whether it got better; said again, the last word holds.
pub async fn feel(act: &Act, report: &Report, feeling: Feeling) -> Result<()> {
    if report.withdrawn_at.is_some() || report.erased_at.is_some() {
        return Err(Refusal::new("effect_not_asked").into());
    }
    let check = asked(act.tx(), report.issue_id).await?.ok_or_else(|| Refusal::new("effect_not_asked"))?;
    let row = ActiveModel { check_id: Set(check.id), report_id: Set(report.id), feeling: Set(feeling), at: Set(act.at) };
    let again = OnConflict::columns([Column::CheckId, Column::ReportId]).update_columns([Column::Feeling, Column::At]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(act.tx()).await?;
    let issue = issues::by_id(act.tx(), report.issue_id).await?;
    act.journal(issue.on_self(), &Entry::EffectFelt { feeling }).await?;
    Ok(())
}

/// Asks those who reported, on the day of a check, once. Gives for how many checks.
pub async fn ask_due(house: &House) -> Result<usize> {
    let today = house.calendar().date_of(house.now()).to_string();
    let due = AllChecks::find().filter(Checks::Verdict.is_null()).filter(Checks::AskedAt.is_null()).filter(Checks::PlannedOn.lte(today));
    let mut n = 0;
    for check in due.order_by_asc(Checks::PlannedOn).all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        let issue = issues::by_id(act.tx(), check.issue_id).await?;
        let set = super::ActiveModel { asked_at: Set(Some(act.at)), ..Default::default() };
        let free = Checks::Id.eq(check.id).and(Checks::AskedAt.is_null()).and(Checks::Verdict.is_null());
        let claimed = AllChecks::update_many().set(set).filter(free).exec(act.tx()).await?.rows_affected == 1;
        if !claimed || !matches!(issue.state, IssueState::Done | IssueState::Decided) {
            act.undo().await?;
            continue;
        }
        issue.tell_reporters(&act, "effect_asked").await?;
        act.commit().await?;
        n += 1;
    }
    Ok(n)
}
