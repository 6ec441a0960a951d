//! What comes to the desk of those above: more time to be granted, and what stayed late.

use super::{Desk, Line, What};
use crate::domain::rights::Right;
use crate::domain::{issues, supervisions, tasks};
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

    /// What stayed late, for officers of the street's department.
    pub(super) async fn supervised(&self) -> Result<Vec<Line>> {
        let open = supervisions::open(&self.db, &self.buildings_with(Right::Supervise)).await?;
        let about = issues::by_ids(&self.db, open.iter().map(|s| s.issue_id).collect()).await?;
        let line = |s: supervisions::Supervision| {
            let issue = about.iter().find(|i| i.id == s.issue_id)?;
            Some(Line::new(Some(s.due()), What::Supervision(Box::new(s), Box::new(issue.clone()))))
        };
        Ok(open.into_iter().filter_map(line).collect())
    }
}
