//! Whose rooms must be entered for a task finds a line on their desk until they have said yes or no.

use super::{Desk, Line, What};
use crate::domain::rights::Right;
use crate::domain::tasks::Visit;
use crate::domain::{issues, tasks};
use crate::kernel::error::Result;

impl Desk<'_> {
    /// Times that one of my organisations was asked for and has not answered; wanted before somebody would stand at the door.
    pub(super) async fn visits(&self) -> Result<Vec<Line>> {
        let db = &self.db;
        let scopes = self.scopes(|r| r.may(Right::Desk));
        let waiting = tasks::visits_waiting(db, &scopes.iter().map(|(o, _)| *o).collect::<Vec<_>>(), self.parting.now).await?;
        if waiting.is_empty() {
            return Ok(vec![]);
        }
        let all = tasks::by_ids(db, waiting.iter().map(|v| v.task_id)).await?;
        let about = issues::by_ids(db, all.iter().map(|t| t.issue_id).collect()).await?;
        let line = |v: Visit| {
            // Nobody comes for a task that is over.
            let task = all.iter().find(|t| t.id == v.task_id && t.state.is_open())?;
            let issue = about.iter().find(|i| i.id == task.issue_id)?;
            let building = self.buildings.iter().find(|b| b.id == issue.building_id && self.only.is_none_or(|o| o == b.id))?;
            let mine = self.memberships.iter().any(|m| m.organisation_id == v.organisation_id && m.role.may(Right::Desk) && m.covers(building));
            mine.then(|| Line::new(Some(v.from_at), What::Visit(Box::new(v), Box::new(task.clone()), Box::new(issue.clone()))))
        };
        Ok(waiting.into_iter().filter_map(line).collect())
    }
}
