//! What the passing of time brings about: matters close by silence, resolutions come into force, offers end, stopped
//! clocks run again, and those who owe something are reminded.

use std::time::Duration;

use super::Job;
use crate::domain::{calendars, issues, reminders, resolutions, tasks};
use crate::kernel::act::House;
use crate::kernel::error::Result;

/// Watches the clocks.
pub struct Clocks {
    house: House,
}

impl Clocks {
    pub fn new(house: House) -> Self {
        Self { house }
    }
}

impl Job for Clocks {
    const NAME: &'static str = "clocks";
    const PAUSE: Duration = Duration::from_secs(60);

    async fn step(&mut self) -> Result<bool> {
        let house = &self.house;
        // Another process may have loaded a newer table of working days.
        calendars::follow(house).await?;
        // One kind that fails must not keep the others waiting.
        let done = [
            issues::lapse_due(house).await,
            issues::offers_lapse_due(house).await,
            resolutions::take_effect_due(house).await,
            tasks::clocks_run_due(house).await,
            reminders::send_due(house).await,
        ];
        let mut moved = 0;
        for n in done {
            moved += n?;
        }
        Ok(moved > 0)
    }
}
