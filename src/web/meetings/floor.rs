//! The floor of an open session: what is at hand and for how long, who speaks, who waits to; and what is written down meanwhile.

use chrono::{DateTime, Duration, Utc};
use rocket::post;
use serde::Serialize;

use super::{on_item, on_meeting_from};
use crate::domain::councils::Rules;
use crate::domain::meetings::items::{self, Item};
use crate::domain::meetings::speakers::{self, Speaker, Who};
use crate::domain::meetings::{Meeting, MeetingState};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::SeatId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::bench::Bench;
use crate::web::guards::{May, Preside, Vote};
use crate::web::sent::Sent;

/// Time that runs: as it stands when the page is made; a script counts on.
#[derive(Clone, Debug, Serialize)]
pub struct Elapsed {
    pub seconds: i64,
    /// `3:05`.
    pub words: String,
    /// Seconds that the rules allow.
    pub limit: Option<i64>,
    pub over: bool,
}

impl Elapsed {
    fn of(took: Duration, limit: Option<i64>) -> Self {
        let seconds = took.num_seconds().max(0);
        Self { seconds, words: format!("{}:{:02}", seconds / 60, seconds % 60), limit, over: limit.is_some_and(|most| seconds > most) }
    }

    /// Since an instant, without a limit.
    pub fn since(then: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self::of(now - then, None)
    }
}

/// Somebody who speaks or waits to.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub number: u64,
    pub name: String,
    pub organisation: Option<String>,
    pub guest: bool,
    /// How long they have spoken, where they have the floor.
    pub speaking: Option<Elapsed>,
    /// How long their seat has spoken to this item before.
    pub before: Option<String>,
    #[serde(skip)]
    pub seat: Option<SeatId>,
}

/// The floor as it is now.
#[derive(Clone, Debug, Serialize)]
pub struct Floor {
    pub speaking: Option<Line>,
    pub waiting: Vec<Line>,
    pub minutes: i32,
    /// How long the item has been at hand.
    pub item: Option<Elapsed>,
}

impl Floor {
    /// Of a meeting.
    pub async fn of(caller: &Caller, meeting: &Meeting, rules: &Rules, bench: &Bench) -> Result<Self> {
        let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
        let limit = i64::from(rules.speaking_minutes) * 60;
        let spoken = match meeting.item_id {
            Some(id) => speakers::spoken(db, id, now).await?,
            None => vec![],
        };
        let line = |(number, s): (u64, Speaker)| {
            let seat = s.seat_id.and_then(|id| bench.seats.iter().find(|seat| seat.id == id));
            let so_far = spoken.iter().find(|(id, _)| Some(*id) == s.seat_id).map_or(Duration::zero(), |(_, took)| *took);
            // The rules limit how long a seat speaks to an item, however often it rises.
            let speaking = s.began_at.map(|began| Elapsed::of(if seat.is_some() { so_far } else { now - began }, Some(limit)));
            Line {
                number,
                name: seat.map(|seat| bench.name(seat, lang)).or(s.guest).unwrap_or_default(),
                organisation: seat.map(|seat| bench.organisation(seat.organisation_id, lang)),
                guest: seat.is_none(),
                before: (speaking.is_none() && so_far > Duration::zero()).then(|| Elapsed::of(so_far, None).words),
                speaking,
                seat: s.seat_id,
            }
        };
        let mut all: Vec<Line> = speakers::waiting(db, meeting.id).await?.into_iter().map(line).collect();
        let speaking = all.first().is_some_and(|l| l.speaking.is_some()).then(|| all.remove(0));
        Ok(Self { speaking, waiting: all, minutes: rules.speaking_minutes, item: meeting.item_since.map(|then| Elapsed::since(then, now)) })
    }

    /// Whether a seat waits or speaks: its number on the list.
    pub fn of_seat(&self, seat: SeatId) -> Option<u64> {
        self.speaking.iter().chain(&self.waiting).find(|l| l.seat == Some(seat)).map(|l| l.number)
    }
}

/// The item at hand of an open session.
pub(super) async fn at_hand(caller: &Caller, meeting: &Meeting) -> Result<Option<Item>> {
    match meeting.item_id.filter(|_| meeting.state == MeetingState::Open) {
        Some(id) => Ok(Some(items::by_id(caller.house.read(), id).await?)),
        None => Ok(None),
    }
}

/// `POST …/items/{p}/taking-up`: what every screen shows from now on.
#[post("/<_>/meetings/<number>/items/<position>/taking-up", data = "<sent>")]
pub(super) async fn take_up(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "live.said.taken_up", async |act, meeting, item| meeting.clone().take_up(act, &item).await.map(drop))
        .await
}

/// `POST …/floor`: a member asks for the floor, or lets it be.
#[post("/<_>/meetings/<number>/floor", data = "<sent>")]
pub(super) async fn ask(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let back = sent.text("wish") == "back";
    let saying = if back { "live.said.floor_let_be" } else { "live.said.floor_asked" };
    super::on_seat(&member, number, &sent, saying, async |act, meeting, seat| {
        if !back {
            return meeting.ask_floor(act, Who::Seat(&seat)).await.map(drop);
        }
        let waits = speakers::waiting(act.tx(), meeting.id).await?.into_iter().find(|(_, s)| s.seat_id == Some(seat.id));
        match waits {
            Some((_, speaker)) => meeting.end_floor(act, speaker).await,
            None => Ok(()),
        }
    })
    .await
}

/// `POST …/speakers`: whoever presides gives the floor (`give 3`), ends it (`end 3`), or puts a seat (`seat 5`) or a guest
/// (`guest`, by name) on the list.
#[post("/<_>/meetings/<number>/speakers", data = "<sent>")]
pub(super) async fn lead(chair: May<'_, Preside>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let item = sent.read("item").ok();
    on_meeting_from(&chair, number, &sent, (item, "#floor"), "live.said.floor", async |act, meeting| {
        let unknown = || Refusal::new("unknown_choice").at("act");
        let (what, which) = sent.text("act").split_once(' ').unwrap_or((sent.text("act"), ""));
        match what {
            "guest" => meeting.ask_floor(act, Who::Guest(sent.text("guest"))).await.map(drop),
            "seat" => {
                let which: i32 = sent.read("seat")?;
                let seats = meeting.council(act.tx()).await?.seats(act.tx()).await?;
                let seat = seats.into_iter().find(|s| s.number == which).ok_or_else(|| Refusal::new("unknown_choice").at("seat"))?;
                meeting.ask_floor(act, Who::Seat(&seat)).await.map(drop)
            }
            "give" | "end" => {
                let speaker = match speakers::by_number(act.tx(), meeting.id, which.parse().map_err(|_| unknown())?).await {
                    Err(Error::NotFound) => return Err(unknown().into()),
                    other => other?,
                };
                if what == "give" { meeting.give_floor(act, speaker).await } else { meeting.end_floor(act, speaker).await }
            }
            _ => Err(unknown().into()),
        }
    })
    .await
}

/// `POST …/notes`: written down on the item at hand, or on the session as a whole.
#[post("/<_>/meetings/<number>/notes", data = "<sent>")]
pub(super) async fn note(chair: May<'_, Preside>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let item: Option<i32> = sent.read("item").ok();
    on_meeting_from(&chair, number, &sent, (item, "#notes"), "live.said.noted", async |act, meeting| {
        let on = match item {
            Some(position) => Some(items::by_position(act.tx(), meeting.id, position).await?),
            None => None,
        };
        meeting.note(act, on.as_ref(), sent.text("words")).await.map(drop)
    })
    .await
}
