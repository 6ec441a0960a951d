//! What comes to the desk of those above: more time to be granted, reports that are owed below, and what stayed late.

use super::{Desk, Line, What};
use crate::domain::rights::Right;
use crate::domain::{hand_overs, issues, supervisions, tasks};
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

    /// Reports that my organisations owe to whoever gave them a matter.
    pub(super) async fn reporting(&self) -> Result<Vec<Line>> {
        let mut lines = vec![];
        for (organisation, building) in self.scopes(|r| r.may(Right::Triage)) {
            let owed = hand_overs::owed_by(&self.db, organisation).await?.into_iter();
            let here = owed.filter(|(_, issue)| building.is_none_or(|b| b == issue.building_id));
            lines.extend(here.map(|(h, issue)| Line::new(h.report_due(), What::Report(Box::new(h), Box::new(issue)))));
        }
        Ok(lines)
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
