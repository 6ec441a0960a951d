//! What has served its time goes: every hour what is left of forms that were never sent again, and once a night what
//! `domain::retention` says.

use std::time::Duration;

use super::Job;
use crate::domain::{attachments, retention};
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::files;

/// Cleans up.
pub struct Cleanup {
    house: House,
}

impl Cleanup {
    pub fn new(house: House) -> Self {
        Self { house }
    }
}

impl Job for Cleanup {
    const NAME: &'static str = "cleanup";
    const PAUSE: Duration = Duration::from_secs(3600);

    async fn step(&mut self) -> Result<bool> {
        let house = &self.house;
        let gone = files::forget_parts(house).await? + attachments::forget_unsent(house).await? + retention::tonight(house).await?;
        if gone > 0 {
            tracing::info!(gone, "cleaned up");
        }
        Ok(false)
    }
}
