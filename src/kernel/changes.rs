//! Where something has just happened: told to pages that stand open, so that they look again. Nothing of what happened is
//! told, and nobody who was not listening is told later: a page that opens reads for itself.

use std::sync::atomic::{AtomicUsize, Ordering};

use rocket::tokio::sync::broadcast;

use super::ids::{BuildingId, DistrictId};

/// Changes that a slow listener may be behind; one that is further behind just looks again.
const BEHIND: usize = 64;

/// Something has happened there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub district: Option<DistrictId>,
    /// None for what concerns a district as a whole.
    pub building: Option<BuildingId>,
    /// In the council's room: a meeting, its agenda, a vote, a resolution.
    pub council: bool,
}

/// The teller. One per process; a job feeds it from the journal, so that what another process wrote is told here too.
#[derive(Debug)]
pub struct Changes {
    told: broadcast::Sender<Change>,
    /// How many listen for what happens in an open session, where a second is long.
    closely: AtomicUsize,
}

impl Default for Changes {
    fn default() -> Self {
        Self { told: broadcast::Sender::new(BEHIND), closely: AtomicUsize::new(0) }
    }
}

impl Changes {
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.told.subscribe()
    }

    /// Whether anybody listens.
    pub fn heard(&self) -> bool {
        self.told.receiver_count() > 0
    }

    /// Whether somebody sits in an open session.
    pub fn heard_closely(&self) -> bool {
        self.closely.load(Ordering::Relaxed) > 0
    }

    /// Somebody in an open session begins to listen, or has ended.
    pub fn closely(&self, more: bool) {
        if more {
            self.closely.fetch_add(1, Ordering::Relaxed);
        } else {
            self.closely.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Something has happened.
    pub fn tell(&self, change: Change) {
        // Nobody listens: nobody is told.
        let _ = self.told.send(change);
    }
}
