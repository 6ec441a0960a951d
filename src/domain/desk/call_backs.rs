//! What was drawn for the secretary to ask about.

use super::{Desk, Line, What};
use crate::domain::rights::Right;
use crate::domain::{call_backs, issues};
use crate::kernel::error::Result;

impl Desk<'_> {
    pub(super) async fn call_backs(&self) -> Result<Vec<Line>> {
        let buildings = self.buildings_with(Right::Secretariat);
        if buildings.is_empty() {
            return Ok(vec![]);
        }
        let open = call_backs::waiting(&self.db, buildings).await?;
        let about = issues::by_ids(&self.db, open.iter().map(|c| c.issue_id).collect()).await?;
        let line = |c: &call_backs::CallBack| {
            let issue = about.iter().find(|i| i.id == c.issue_id)?;
            Some(Line::new(Some(c.due_at), What::CallBack(Box::new(issue.clone()))))
        };
        Ok(open.iter().filter_map(line).collect())
    }
}
