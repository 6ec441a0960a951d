//! The only place that reads the time. Tests and the loading of the demonstration set it; the running server lets it
//! run, the demonstration's at a distance that grows when somebody moves its clock on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};

/// Where an act's instant comes from.
#[derive(Clone, Debug, Default)]
pub struct Clock(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    #[default]
    Running,
    /// Stands at so many microseconds after 1970.
    Standing(Arc<AtomicI64>),
    /// Runs so many microseconds ahead of the machine's.
    Ahead(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn running() -> Self {
        Self(Kind::Running)
    }

    /// A clock that stands still until it is set.
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self(Kind::Standing(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// A clock that runs ahead of the machine's, and can be moved on.
    pub fn ahead_by(distance: Duration) -> Self {
        Self(Kind::Ahead(Arc::new(AtomicI64::new(distance.num_microseconds().unwrap_or_default()))))
    }

    /// Now, cut to microseconds: PostgreSQL keeps no more, and a cursor must mean the same on both databases.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
        let machine = || Utc::now().timestamp_micros();
        let micros = match &self.0 {
            Kind::Running => machine(),
            Kind::Standing(at) => at.load(Ordering::SeqCst),
            Kind::Ahead(distance) => machine().saturating_add(distance.load(Ordering::SeqCst)),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a standing clock; any other cannot be set and says so by `false`.
    pub fn set(&self, at: DateTime<Utc>) -> bool {
        match &self.0 {
            Kind::Standing(stands) => {
                stands.store(at.timestamp_micros(), Ordering::SeqCst);
                true
            }
            _ => false,
        }
    }

    /// Moves a clock that runs ahead further ahead, never back; gives its distance from the machine's. None for any
    /// other clock.
    pub fn move_on(&self, by: Duration) -> Option<Duration> {
        let Kind::Ahead(distance) = &self.0 else { return None };
        let by = by.num_microseconds().unwrap_or_default().max(0);
        Some(Duration::microseconds(distance.fetch_add(by, Ordering::SeqCst).saturating_add(by)))
    }

    /// Whether somebody may move it on.
    pub fn can_move_on(&self) -> bool {
        matches!(self.0, Kind::Ahead(_))
    }
}
