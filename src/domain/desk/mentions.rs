//! Whoever is named in a message finds a line on their desk until they have read it.

use super::{Desk, Line, What};
use crate::domain::issues;
use crate::domain::messages::mentions;
use crate::kernel::error::Result;
use crate::kernel::ids::IssueId;

impl Desk<'_> {
    pub(super) async fn mentions(&self) -> Result<Vec<Line>> {
        let calls = mentions::waiting(&self.db, self.person, None).await?;
        let mut about: Vec<IssueId> = calls.iter().map(|c| c.issue_id).collect();
        about.sort();
        about.dedup();
        let about = issues::by_ids(&self.db, about).await?;
        // Who no longer works in a building is no longer called there.
        let mine = |i: &issues::Issue| self.only.is_none_or(|b| b == i.building_id) && self.buildings.iter().any(|b| b.id == i.building_id);
        let of = |i: &issues::Issue| calls.iter().filter(|c| c.issue_id == i.id).count() as u64;
        // To be read today: nobody set a date for it.
        let line = |i: issues::Issue| Line::new(Some(self.parting.today), What::Mention(Box::new(i.clone()), of(&i)));
        Ok(about.into_iter().filter(|i| mine(i)).map(line).collect())
    }
}
