//! Dates that were promised provisionally and are known now.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Issue};
use crate::domain::reports;
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::ReportId;

/// The new dates of a matter; those that are none stay.
#[derive(Clone, Debug, Default)]
pub struct Redated {
    pub result: Option<DateTime<Utc>>,
    pub confirm: Option<DateTime<Utc>>,
    /// Of single reports.
    pub answers: Vec<(Uuid, DateTime<Utc>)>,
    /// One of them may still move.
    pub provisional: bool,
}

impl Issue {
    /// Moves its dates; that it may is asked by whoever moves them.
    pub(in crate::domain) async fn redate(self, act: &Act, new: Redated) -> Result<Issue> {
        for (report, due) in &new.answers {
            let set = reports::ActiveModel { first_answer_due: Set(*due), ..Default::default() };
            reports::Entity::update_many().set(set).filter(reports::Column::Id.eq(ReportId(*report))).exec(act.tx()).await?;
        }
        let issue = if new.answers.is_empty() { self } else { self.recounted(act).await? };
        let (result, confirm) = (new.result.or(issue.result_due), new.confirm.or(issue.confirm_due));
        let set = ActiveModel { result_due: Set(result), confirm_due: Set(confirm), provisional: Set(new.provisional), ..Default::default() };
        issue.change(act, set).await
    }
}
