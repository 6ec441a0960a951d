//! Being in the room: six digits on the projector, which only those who see it can type, or scan.

use chrono::{DateTime, Utc};

use super::Meeting;
use super::presence::How;
use crate::domain::councils::Seat;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::keys::Keys;

/// Seconds for which a code is shown. It is taken for as long again, so that nobody scans in vain.
const SHOWN: i64 = 300;

fn code(keys: &Keys, meeting: &Meeting, window: i64) -> String {
    let bytes = keys.derive("room", &[meeting.id.0.as_bytes(), &window.to_be_bytes()]);
    let number = bytes[..8].iter().fold(0u64, |n, b| n << 8 | u64::from(*b)) % 1_000_000;
    format!("{number:06}")
}

impl Meeting {
    /// What the projector shows at this moment.
    pub fn room_code(&self, keys: &Keys, now: DateTime<Utc>) -> String {
        code(keys, self, now.timestamp().div_euclid(SHOWN))
    }

    /// A seat signs in by itself: in the room only with what the projector shows there.
    pub async fn sign_in(&self, act: &Act, seat: &Seat, person: PersonId, how: How, typed: &str) -> Result<()> {
        if how == How::Room {
            self.ask_room_code(act.house().keys(), act.at, typed)?;
        }
        self.seat_present(act, seat, person, how).await
    }

    /// Fails unless this was shown in the room within the last minutes.
    pub fn ask_room_code(&self, keys: &Keys, now: DateTime<Utc>, typed: &str) -> Result<(), Refusal> {
        let digits: String = typed.chars().filter_map(|c| c.to_digit(10).or_else(|| wide(c))).filter_map(|d| char::from_digit(d, 10)).collect();
        let window = now.timestamp().div_euclid(SHOWN);
        let shown = [window, window - 1].iter().any(|w| code(keys, self, *w) == digits);
        if shown { Ok(()) } else { Err(Refusal::new("room_code").at("code")) }
    }
}

/// A digit as a Chinese keyboard may give it.
fn wide(c: char) -> Option<u32> {
    ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32)
}
