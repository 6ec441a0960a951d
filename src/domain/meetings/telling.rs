//! Who is told of a meeting.

use serde_json::json;

use super::Meeting;
use crate::domain::channels::{self, To};
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::PersonId;
use crate::kernel::outbox::Address;

impl Meeting {
    /// Tells everyone who holds a seat or deputises.
    pub(in crate::domain) async fn tell_members(&self, act: &Act, kind: &'static str) -> Result<()> {
        self.tell_members_of(act, kind, None).await
    }

    /// The same once, whoever asks: `once` names the occasion.
    pub(in crate::domain) async fn tell_members_once(&self, act: &Act, kind: &'static str, once: &str) -> Result<()> {
        self.tell_members_of(act, kind, Some(once)).await
    }

    async fn tell_members_of(&self, act: &Act, kind: &'static str, once: Option<&str>) -> Result<()> {
        let council = self.council(act.tx()).await?;
        if let Some(building) = council.building_id {
            channels::tell(act, kind, building, &[To::Everybody], &json!({ "meeting": self.id }), once).await?;
        }
        let seats = council.seats(act.tx()).await?;
        let mut people: Vec<PersonId> = seats.iter().flat_map(|s| [s.person_id, s.deputy_id]).flatten().collect();
        people.sort();
        people.dedup();
        // Who has said that they do not come, and whose deputy does, need not be reminded.
        let excused = if kind == "meeting_soon" { self.excused(act.tx()).await? } else { vec![] };
        for p in people.into_iter().filter(|p| act.actor.person() != Some(*p) && !excused.contains(p)) {
            let once = once.map(|occasion| format!("{occasion}/{}", p.0.simple()));
            act.owe(kind, Address::Person(p), &json!({ "meeting": self.id }), once).await?;
        }
        Ok(())
    }
}
