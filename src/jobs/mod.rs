//! The second entrance: time. Each job does one step after another and claims what it does in the database, so that
//! many processes may run beside one another; none holds a transaction while it waits for the network.

mod changes;
mod channels;
mod cleanup;
mod clocks;
mod imports;
mod maildir;
mod outbox;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use rocket::tokio::sync::watch;
use rocket::tokio::task::JoinHandle;

use crate::kernel::act::House;
use crate::kernel::error::Result;

pub use outbox::Outbox;

/// What the jobs are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The server does not listen yet.
    Waiting,
    /// Work.
    Running,
    /// Finish the step and end.
    Stopping,
}

/// A job: steps, and the pause between them.
trait Job: Send {
    /// Its name in the log.
    const NAME: &'static str;
    /// How long to wait when there was nothing left to do.
    const PAUSE: Duration;
    /// The same at this moment, where it is not always the same.
    fn pause(&self) -> Duration {
        Self::PAUSE
    }
    /// Does a limited amount of work; true when there may be more at once.
    fn step(&mut self) -> impl Future<Output = Result<bool>> + Send;
}

/// What failed will fail again in a moment: the log need not say so every three seconds.
const AFTER_A_FAULT: Duration = Duration::from_secs(20);

/// Starts all jobs; they begin with [`Phase::Running`], and the handle is done when each has ended.
pub fn spawn(house: &House, phase: watch::Receiver<Phase>) -> Result<JoinHandle<()>> {
    let jobs = [
        rocket::tokio::spawn(repeat(Outbox::new(house.clone())?, phase.clone())),
        rocket::tokio::spawn(repeat(channels::Channels::new(house.clone()), phase.clone())),
        rocket::tokio::spawn(repeat(clocks::Clocks::new(house.clone()), phase.clone())),
        rocket::tokio::spawn(repeat(maildir::Maildir::new(house.clone()), phase.clone())),
        rocket::tokio::spawn(repeat(changes::Changes::new(house.clone()), phase.clone())),
        rocket::tokio::spawn(repeat(imports::Imports::new(house.clone()), phase.clone())),
        rocket::tokio::spawn(repeat(cleanup::Cleanup::new(house.clone()), phase)),
    ];
    Ok(rocket::tokio::spawn(async move {
        for job in jobs {
            // A job that panicked has said so in the log.
            let _ = job.await;
        }
    }))
}

async fn repeat<J: Job>(mut job: J, mut phase: watch::Receiver<Phase>) {
    if phase.wait_for(|p| *p != Phase::Waiting).await.is_err() {
        return;
    }
    while *phase.borrow() == Phase::Running {
        // A step that panics is a fault like any other: the job goes on.
        let mut pause = job.pause();
        let more = match AssertUnwindSafe(job.step()).catch_unwind().await {
            Ok(Ok(more)) => more,
            Ok(Err(error)) => {
                tracing::error!(job = J::NAME, %error, "a step failed");
                pause = pause.max(AFTER_A_FAULT);
                false
            }
            Err(_) => {
                tracing::error!(job = J::NAME, "a step panicked");
                pause = pause.max(AFTER_A_FAULT);
                false
            }
        };
        if more {
            continue;
        }
        rocket::tokio::select! {
            _ = phase.wait_for(|p| *p == Phase::Stopping) => return,
            () = rocket::tokio::time::sleep(pause) => {}
        }
    }
}

/// One round of everything that time brings about, for tests and for histories told under a set clock.
pub async fn round(house: &House) -> Result<()> {
    while maildir::Maildir::new(house.clone()).step().await? {}
    while clocks::Clocks::new(house.clone()).step().await? {}
    let mut imports = imports::Imports::new(house.clone());
    while imports.step().await? {}
    let mut outbox = Outbox::new(house.clone())?;
    while outbox.step().await? {}
    let mut channels = channels::Channels::new(house.clone());
    while channels.step().await? {}
    cleanup::Cleanup::new(house.clone()).step().await.map(drop)
}
