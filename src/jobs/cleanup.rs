//! What has served its time goes: sessions, sign-in links, counters of rate limits, letters sent long ago, addresses that nobody confirmed,
//! photos of forms
//! that were never sent again.

use std::time::Duration;

use super::Job;
use crate::domain::{attachments, sessions, subscriptions};
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::{files, limits, outbox};

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
        let gone = sessions::forget_over(house).await?
            + subscriptions::lapse_unconfirmed(house).await?
            + outbox::forget_sent(house.db(), house.now()).await?
            + files::forget_parts(house).await?
            + attachments::forget_unsent(house).await?
            + limits::forget(house).await?;
        if gone > 0 {
            tracing::info!(gone, "cleaned up");
        }
        Ok(false)
    }
}
