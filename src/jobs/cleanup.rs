//! What has served its time goes: every hour what is left of forms that were never sent again, and once a night what
//! `domain::retention` says.

use std::time::Duration;

use super::{Job, maildir};
use crate::domain::{attachments, retention};
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::{files, outbox, sms};

/// Cleans up.
pub struct Cleanup {
    house: House,
}

impl Cleanup {
    pub fn new(house: House) -> Self {
        Self { house }
    }
}

/// Short messages that lie in a folder go when letters do.
fn forget_messages(house: &House) -> Result<u64> {
    let settings = house.settings();
    let own = settings.demonstration.then(|| settings.data.join("sms"));
    let Some(folder) = settings.sms_folder.clone().or(own) else { return Ok(0) };
    let before = house.now() - chrono::Duration::days(outbox::KEPT_DAYS);
    Ok(sms::forget(&folder, before.into())?)
}

/// Mails that were taken lie in their Maildir for a week: what they say is in the report.
fn forget_mail(house: &House) -> Result<u64> {
    house.settings().maildir.as_deref().map_or(Ok(0), |folder| Ok(maildir::forget(folder)?))
}

impl Job for Cleanup {
    const NAME: &'static str = "cleanup";
    const PAUSE: Duration = Duration::from_secs(3600);

    async fn step(&mut self) -> Result<bool> {
        let house = &self.house;
        // A folder that cannot be read must not keep the night's work waiting.
        let done = [
            retention::tonight(house).await,
            files::forget_parts(house).await,
            attachments::forget_unsent(house).await,
            forget_messages(house),
            forget_mail(house),
        ];
        let gone: u64 = done.iter().flatten().sum();
        if gone > 0 {
            tracing::info!(gone, "cleaned up");
        }
        done.into_iter().collect::<Result<Vec<_>>>().map(|_| false)
    }
}
