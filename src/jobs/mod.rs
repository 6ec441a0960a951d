//! The second entrance: time. Each job does one step after another and claims what it does in the database, so that
//! many processes may run beside one another; none holds a transaction while it waits for the network.

use rocket::tokio::sync::watch;
use rocket::tokio::task::JoinHandle;

use crate::kernel::act::House;

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

/// Starts all jobs; they begin with [`Phase::Running`], and the handle is done when each has ended.
pub fn spawn(_house: &House, mut phase: watch::Receiver<Phase>) -> JoinHandle<()> {
    rocket::tokio::spawn(async move {
        let _ = phase.wait_for(|p| *p == Phase::Stopping).await;
    })
}
