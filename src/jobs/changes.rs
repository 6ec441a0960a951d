//! Looks into the journal for what is new, while some page stands open and wants to know.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::Job;
use crate::domain::meetings;
use crate::kernel::act::House;
use crate::kernel::changes::Change;
use crate::kernel::error::Result;
use crate::kernel::journal;

/// On PostgreSQL a line may become visible after a later one: so many are looked at again.
const AGAIN: i64 = 100;
/// In an open session every screen is meant to show a vote within a second of its being cast: this, the page's own pause and its
/// reading must fit.
const CLOSELY: Duration = Duration::from_millis(200);

pub struct Changes {
    house: House,
    /// The lines already told, the last ones; none before the first look.
    told: Option<BTreeSet<i64>>,
}

impl Changes {
    pub fn new(house: House) -> Self {
        Self { house, told: None }
    }
}

impl Job for Changes {
    const NAME: &'static str = "changes";
    const PAUSE: Duration = Duration::from_secs(1);

    fn pause(&self) -> Duration {
        if self.house.changes().heard_closely() { CLOSELY } else { Self::PAUSE }
    }

    async fn step(&mut self) -> Result<bool> {
        if !self.house.changes().heard() {
            self.told = None;
            return Ok(false);
        }
        let last = match self.told.as_ref().and_then(|t| t.last()) {
            Some(last) => *last,
            None => journal::last_seq(self.house.read()).await?,
        };
        let lines = journal::places_since(self.house.read(), last - AGAIN).await?;
        let lines: BTreeMap<i64, Change> = lines
            .into_iter()
            .map(|(seq, district, building, object)| (seq, Change { district, building, council: meetings::OBJECTS.contains(&object.as_str()) }))
            .collect();
        let news: BTreeSet<Change> = match &self.told {
            // The first look only finds out where the journal ends.
            None => BTreeSet::new(),
            Some(told) => lines.iter().filter(|(seq, _)| !told.contains(seq)).map(|(_, change)| *change).collect(),
        };
        let mut told: BTreeSet<i64> = lines.into_keys().collect();
        told.insert(last);
        self.told = Some(told);
        news.into_iter().for_each(|c| self.house.changes().tell(c));
        Ok(false)
    }
}
