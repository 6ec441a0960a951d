//! The second entrance: time. Each job does one step after another and claims what it does in the database, so that
//! many processes may run beside one another; none holds a transaction while it waits for the network.

mod cleanup;
mod clocks;
mod outbox;

use std::time::Duration;

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
    /// Does a limited amount of work; true when there may be more at once.
    fn step(&mut self) -> impl Future<Output = Result<bool>> + Send;
}

/// Starts all jobs; they begin with [`Phase::Running`], and the handle is done when each has ended.
pub fn spawn(house: &House, phase: watch::Receiver<Phase>) -> Result<JoinHandle<()>> {
    let jobs = [
        rocket::tokio::spawn(repeat(Outbox::new(house.clone())?, phase.clone())),
        rocket::tokio::spawn(repeat(clocks::Clocks::new(house.clone()), phase.clone())),
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
        let more = match job.step().await {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(job = J::NAME, %error, "a step failed");
                false
            }
        };
        if more {
            continue;
        }
        rocket::tokio::select! {
            _ = phase.wait_for(|p| *p == Phase::Stopping) => return,
            () = rocket::tokio::time::sleep(J::PAUSE) => {}
        }
    }
}

/// One round of everything that time brings about, for tests and for histories told under a set clock.
pub async fn round(house: &House) -> Result<()> {
    while clocks::Clocks::new(house.clone()).step().await? {}
    let mut outbox = Outbox::new(house.clone())?;
    while outbox.step().await? {}
    Ok(())
}
