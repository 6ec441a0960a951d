//! The stage: acts one after another at instants of the past, many of them in one transaction.

use chrono::{DateTime, Utc};

use super::photos::Album;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};

/// Acts that share a transaction; enough that its end costs nothing, few enough that memory stays small.
const TOGETHER: u32 = 400;

/// Where history is played: the house under a clock that is set by hand.
pub struct Stage {
    house: House,
    clock: Clock,
    act: Option<Act>,
    played: u32,
    /// The pictures that people take.
    pub(super) album: Album,
}

impl Stage {
    /// A stage over a house whose clock stands.
    pub fn new(house: &House, clock: &Clock) -> Self {
        Self { house: house.clone(), clock: clock.clone(), act: None, played: 0, album: Album::default() }
    }

    /// Sets the clock and gives the act of this actor at that instant; it is kept with the next commit.
    pub async fn act(&mut self, at: DateTime<Utc>, actor: Actor) -> Result<&Act> {
        if self.played >= TOGETHER {
            self.commit().await?;
        }
        if !self.clock.set(at) {
            return Err(Error::broken("history can be loaded only under a clock that stands"));
        }
        self.played += 1;
        let act = match self.act.take() {
            Some(act) => act.then(at, actor),
            None => self.house.act(actor).await?,
        };
        Ok(self.act.insert(act))
    }

    /// The house that is played in.
    pub(super) fn house(&self) -> &House {
        &self.house
    }

    /// The act under way, to read in; one of Louyi itself where nothing is.
    pub(super) async fn under_way(&mut self) -> Result<&Act> {
        let act = match self.act.take() {
            Some(act) => act,
            None => self.house.act(Actor::System).await?,
        };
        Ok(self.act.insert(act))
    }

    /// Keeps what was played: before anything that opens a transaction of its own, and at the end.
    pub async fn commit(&mut self) -> Result<()> {
        self.played = 0;
        match self.act.take() {
            Some(act) => act.commit().await,
            None => Ok(()),
        }
    }

    /// Keeps what was played and sets the clock, for what Louyi does by itself at that instant.
    pub(super) async fn alone(&mut self, at: DateTime<Utc>) -> Result<&House> {
        self.commit().await?;
        self.clock.set(at);
        Ok(&self.house)
    }
}
