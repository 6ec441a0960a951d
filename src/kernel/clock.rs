//! The only place that reads the time. Tests and the demonstration set it; the running server lets it run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

/// Where an act's instant comes from.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn running() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is set.
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// Now, cut to microseconds: PostgreSQL keeps no more, and a cursor must mean the same on both databases.
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            Some(stopped) => stopped.load(Ordering::SeqCst),
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            None => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a standing clock; a running one cannot be set and says so by `false`.
    pub fn set(&self, at: DateTime<Utc>) -> bool {
        self.0.as_ref().map(|c| c.store(at.timestamp_micros(), Ordering::SeqCst)).is_some()
    }
}
