//! Where something has just happened: told to pages that stand open, so that they look again. Nothing of what happened is
//! told, and nobody who was not listening is told later: a page that opens reads for itself.

use rocket::tokio::sync::broadcast;

use super::ids::BuildingId;

/// Buildings that a slow listener may be behind; one that is further behind just looks again.
const BEHIND: usize = 64;

/// The teller. One per process; a job feeds it from the journal, so that what another process wrote is told here too.
#[derive(Debug)]
pub struct Changes(broadcast::Sender<BuildingId>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }
}

impl Changes {
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<BuildingId> {
        self.0.subscribe()
    }

    /// Whether anybody listens.
    pub fn heard(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Something has happened there.
    pub fn tell(&self, building: BuildingId) {
        // Nobody listens: nobody is told.
        let _ = self.0.send(building);
    }
}
