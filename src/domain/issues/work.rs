//! Work: tasks begin it, evidence ends it. "Done" says who did the work; it closes nothing.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;

use super::{ActiveModel, Issue, Verb};
use crate::domain::categories::Limit;
use crate::domain::councils;
use crate::domain::effect_checks;
use crate::domain::journal::Entry;
use crate::domain::messages::{self, Voice};
use crate::domain::resolutions;
use crate::domain::tasks;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId};
use crate::kernel::text;

/// Working days in which reporters may confirm or contest, where no council's rules say otherwise.
const CONFIRM_DAYS: u32 = 5;

/// The same for a building, by its council's rules.
pub async fn confirm_days(db: &impl ConnectionTrait, building: BuildingId) -> Result<u32> {
    match councils::of_building(db, building).await {
        Ok(council) => Ok(council.rules(db).await?.confirm_days.unsigned_abs()),
        Err(Error::NotFound) => Ok(CONFIRM_DAYS),
        Err(e) => Err(e),
    }
}

impl Issue {
    /// A task is under way.
    pub(in crate::domain) async fn start(self, act: &Act) -> Result<Issue> {
        let next = self.state.after(Verb::Start)?;
        if next == self.state {
            return Ok(self);
        }
        self.change(act, ActiveModel { state: Set(next), ..Default::default() }).await
    }

    /// Says that the work is done, and by whom. Every reporter is asked; open tasks forbid it.
    pub async fn done(self, act: &Act, by: OrganisationId, evidence: &str) -> Result<Issue> {
        self.ask_holder(act)?;
        let evidence = text::words("evidence", evidence, 4, 2000)?;
        self.ask_no_open_tasks(act).await?;
        self.finish(act, by, &evidence).await
    }

    pub(super) async fn ask_no_open_tasks(&self, act: &Act) -> Result<()> {
        let open = tasks::of_issue(act.tx(), self.id).await?.into_iter().filter(|t| t.state.is_open()).count();
        if open > 0 {
            return Err(Refusal::new("tasks_open").with("n", open).into());
        }
        // A resolution that is not in force yet has tasks that are still to begin.
        match resolutions::tasks_to_come(act.tx(), self.id).await? {
            0 => Ok(()),
            n => Err(Refusal::new("tasks_to_come").with("n", n).into()),
        }
    }

    /// Until when reporters may confirm or contest what is said to be done now.
    pub(super) async fn confirm_until(&self, act: &Act) -> Result<DateTime<Utc>> {
        let days = confirm_days(act.tx(), self.building_id).await?;
        Ok(Limit::WorkingDays(days).from(act.at, &act.calendar()).at)
    }

    pub(in crate::domain) async fn finish(self, act: &Act, by: OrganisationId, evidence: &str) -> Result<Issue> {
        let next = self.state.after(Verb::Finish)?;
        let until = self.confirm_until(act).await?;
        crate::domain::reports::forget_answers(act, self.id).await?;
        let (issue, hash) = messages::say_hashed(act, self, Voice::Reporters, evidence).await?;
        let set = ActiveModel {
            state: Set(next),
            done_at: Set(Some(act.at)),
            done_by_id: Set(Some(by)),
            confirm_due: Set(Some(until)),
            priority: Set(false),
            ..Default::default()
        };
        let issue = issue.change(act, set).await?;
        let entry = Entry::IssueDone { by, confirm_due: until, evidence: hash };
        act.journal(issue.on_self(), &entry).await?;
        effect_checks::plan(act, &issue).await?;
        issue.tell_reporters(act, "ask_to_confirm").await?;
        Ok(issue)
    }
}
