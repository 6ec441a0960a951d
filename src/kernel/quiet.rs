//! Quiet hours: from one full hour to another, over midnight where the second is the earlier.

use chrono::{DateTime, Duration, Timelike as _, Utc};

use super::dates;
use super::error::Refusal;

/// Hours of the day in which nobody wants to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub from: u32,
    pub to: u32,
}

/// What a group is spared unless it says otherwise: nobody's evening belongs to a machine.
pub const NIGHT: Quiet = Quiet { from: 20, to: 8 };

impl Quiet {
    /// As two columns hold it.
    pub fn kept(from: Option<i32>, to: Option<i32>) -> Option<Quiet> {
        let hour = |h: i32| u32::try_from(h).ok().filter(|h| *h < 24);
        Some(Quiet { from: hour(from?)?, to: hour(to?)? })
    }

    /// As two fields of a form give it; both empty means none.
    pub fn read(from: &str, to: &str) -> Result<Option<Quiet>, Refusal> {
        let hour = |typed: &str, field| match typed.trim().parse::<u32>() {
            Ok(h) if h < 24 => Ok(h),
            _ => Err(Refusal::new("hour").at(field)),
        };
        match (from.trim().is_empty(), to.trim().is_empty()) {
            (true, true) => Ok(None),
            (true, false) => Err(Refusal::new("quiet_half").at("quiet_from")),
            (false, true) => Err(Refusal::new("quiet_half").at("quiet_to")),
            (false, false) => {
                let quiet = Quiet { from: hour(from, "quiet_from")?, to: hour(to, "quiet_to")? };
                if quiet.from == quiet.to { Err(Refusal::new("quiet_always").at("quiet_to")) } else { Ok(Some(quiet)) }
            }
        }
    }

    /// Whether an hour of the day is one of them.
    pub fn holds(self, hour: u32) -> bool {
        if self.from < self.to { (self.from..self.to).contains(&hour) } else { hour >= self.from || hour < self.to }
    }

    /// When they end, if it is quiet now.
    pub fn until(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hour = dates::local(now).hour();
        let left = (self.to + 24 - hour - 1) % 24;
        self.holds(hour).then(|| dates::rounded(now) + Duration::hours(i64::from(left) + 1))
    }
}
