//! What is asked of those who can grant it: more time for a task.

use super::{Desk, Line, What};
use crate::domain::rights::Right;
use crate::domain::{issues, tasks};
use crate::kernel::error::Result;

impl Desk<'_> {
    /// Extensions that one of my roles decides about; each must be answered before the day that it would move.
    pub(super) async fn granting(&self) -> Result<Vec<Line>> {
        let db = &self.db;
        let open = tasks::extensions_waiting(db, &self.buildings_with(Right::Triage)).await?;
        if open.is_empty() {
            return Ok(vec![]);
        }
        let all = tasks::by_ids(db, open.iter().map(|e| e.task_id)).await?;
        let about = issues::by_ids(db, all.iter().map(|t| t.issue_id).collect()).await?;
        let line = |e: tasks::Extension| {
            let task = all.iter().find(|t| t.id == e.task_id)?;
            let issue = about.iter().find(|i| i.id == task.issue_id)?;
            let building = self.buildings.iter().find(|b| b.id == issue.building_id)?;
            let mine = self.memberships.iter().any(|m| m.covers(building) && e.waits_for(issue, m));
            mine.then(|| Line::new(Some(task.due_at), What::Extension(Box::new(e), Box::new(task.clone()), Box::new(issue.clone()))))
        };
        Ok(open.into_iter().filter_map(line).collect())
    }
}
