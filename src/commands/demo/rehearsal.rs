//! The lift case by itself, for whoever wants to play it in another way than the demonstration does.

use chrono::{DateTime, NaiveDate, Utc};

use super::cue::Player;
use super::history::{self, History};
use super::rhythm::Rhythm;
use super::stage::Stage;
use super::{LIFT_CASE_ENDS, at, founding, furnish};
use crate::kernel::act::House;
use crate::kernel::clock::Clock;
use crate::kernel::error::Result;

/// A furnished district in which nothing has happened yet, and the script of the lift case.
pub struct Rehearsal {
    history: History,
    until: DateTime<Utc>,
}

impl Rehearsal {
    /// Furnishes an empty house whose clock stands: the district with its people and councils. It is always the same
    /// district, and always the same script.
    pub async fn furnish(house: &House, clock: &Clock) -> Result<Self> {
        let (y, m, d) = LIFT_CASE_ENDS;
        let until = at(NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default(), 18, 0);
        let mut stage = Stage::new(house, clock);
        let world = furnish::furnish(&mut stage, founding(until)).await?;
        let mut history = History::plan_lift_case(world, &mut Rhythm::new(house.calendar(), history::SEED), until)?;
        history.found(&mut stage, until).await?;
        stage.commit().await?;
        Ok(Self { history, until })
    }

    /// Plays the script from the first report to the printed edition.
    pub async fn play<P: Player>(mut self, player: &mut P) -> Result<()> {
        for (t, deed) in self.history.due(self.until) {
            self.history.step(player, t, deed).await?;
        }
        Ok(())
    }
}
