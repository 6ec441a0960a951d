//! What the passing of time brings about: matters close by silence, resolutions come into force, offers end, stopped
//! clocks run again, rounds of maintenance begin, and those who owe something are reminded.

use std::time::{Duration, Instant};

use super::Job;
use crate::domain::{
    calendars, call_backs, departures, effect_checks, hidings, issues, maintenance, meetings, owners_votes, petitions, reminders, resolutions,
    subscriptions, supervisions, tasks,
};
use crate::kernel::act::House;
use crate::kernel::error::Result;

/// How often everything owed is gone through: reminders are a matter of mornings, not of minutes.
const REMIND: Duration = Duration::from_secs(600);

/// Watches the clocks.
pub struct Clocks {
    house: House,
    reminded: Option<Instant>,
}

impl Clocks {
    pub fn new(house: House) -> Self {
        Self { house, reminded: None }
    }

    async fn remind(&mut self) -> Result<usize> {
        if self.reminded.is_some_and(|at| at.elapsed() < REMIND) {
            return Ok(0);
        }
        self.reminded = Some(Instant::now());
        let house = &self.house;
        // What is over leaves the street's desk before what is new comes to it.
        let settled = supervisions::settle_due(house).await?;
        Ok(settled
            + supervisions::raise_due(house).await?
            + reminders::send_due(house).await?
            + petitions::raise_due(house).await?
            + meetings::written::remind_due(house).await?)
    }
}

impl Job for Clocks {
    const NAME: &'static str = "clocks";
    const PAUSE: Duration = Duration::from_secs(60);

    async fn step(&mut self) -> Result<bool> {
        let reminded = self.remind().await;
        let house = &self.house;
        // Another process may have loaded a newer table of working days.
        calendars::follow(house).await?;
        // One kind that fails must not keep the others waiting.
        let done = [
            issues::lapse_due(house).await,
            issues::offers_lapse_due(house).await,
            hidings::lapse_due(house).await,
            call_backs::draw_due(house).await,
            meetings::written::settle_due(house).await,
            owners_votes::settle_due(house).await,
            resolutions::take_effect_due(house).await,
            resolutions::expire_due(house).await,
            resolutions::review_due(house).await,
            resolutions::table_late_due(house).await,
            effect_checks::ask_due(house).await,
            tasks::clocks_run_due(house).await,
            maintenance::make_due(house).await,
            departures::carry_out_due(house).await,
            reminded,
            subscriptions::send_due(house).await,
        ];
        let mut moved = 0;
        for n in done {
            moved += n?;
        }
        Ok(moved > 0)
    }
}
