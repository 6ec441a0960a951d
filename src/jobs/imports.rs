//! Imports that somebody has started are written, and those that somebody takes back are taken back: one chunk a step.

use std::time::Duration;

use super::Job;
use crate::domain::imports::{self, Writing};
use crate::kernel::act::House;
use crate::kernel::error::Result;

/// Writes what was imported.
pub struct Imports {
    house: House,
    writing: Writing,
}

impl Imports {
    pub fn new(house: House) -> Self {
        Self { house, writing: Writing::default() }
    }
}

impl Job for Imports {
    const NAME: &'static str = "imports";
    const PAUSE: Duration = Duration::from_secs(1);

    async fn step(&mut self) -> Result<bool> {
        imports::step(&self.house, &mut self.writing).await
    }
}
