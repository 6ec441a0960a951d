//! Who is there, and who leaves the count of an item.

use rocket::post;

use serde::Serialize;

use super::{on_item, on_meeting_from};
use crate::domain::councils::Seat;
use crate::domain::meetings::presence::{self, Ground, How};
use crate::domain::meetings::{Meeting, MeetingState};
use crate::domain::organisations;
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::class;
use crate::web::guards::{May, Preside, Vote};
use crate::web::sent::Sent;

/// The caller's own seat at a meeting.
#[derive(Serialize)]
pub struct Mine {
    pub number: i32,
    pub class_word: String,
    pub organisation: String,
    pub present: bool,
    /// The seat's holder sits there, and the caller is its deputy.
    pub taken: bool,
    /// Signing in is possible now.
    pub open: bool,
}

/// The seat that a person may take; none where they have none.
pub async fn seat_of(caller: &Caller, meeting: &Meeting, person: PersonId) -> Result<Option<Seat>> {
    match meeting.seat_of(caller.house.read(), person).await {
        Ok(seat) => Ok(Some(seat)),
        Err(Error::Refused(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

/// The seat that the caller may take.
pub async fn mine(caller: &Caller, here: &Here, meeting: &Meeting) -> Result<Option<Mine>> {
    let (Some(signed), true) = (&caller.signed, here.may(caller, Right::Vote)) else { return Ok(None) };
    let (db, lang) = (caller.house.read(), caller.lang);
    let Some(seat) = seat_of(caller, meeting, signed.person.id).await? else { return Ok(None) };
    let now = presence::present(db, meeting.id).await?.into_iter().find(|a| a.seat_id == seat.id);
    Ok(Some(Mine {
        number: seat.number,
        class_word: class(&seat, lang),
        organisation: organisations::by_id(db, seat.organisation_id).await?.short(lang).to_owned(),
        present: now.as_ref().is_some_and(|a| a.person_id == signed.person.id),
        taken: now.is_some_and(|a| a.person_id != signed.person.id && seat.person_id == Some(a.person_id)),
        open: meeting.signing_in(caller.house.now(), &caller.house.calendar()),
    }))
}

/// A seat by the number that a form sent.
async fn seat(act: &Act, meeting: &Meeting, number: i32) -> Result<Seat> {
    let seats = meeting.council(act.tx()).await?.seats(act.tx()).await?;
    seats.into_iter().find(|s| s.number == number).ok_or(Error::NotFound)
}

/// Records what happened to one seat: `5 room`, `5 online`, `5 deputy`, `5 left`.
async fn mark(act: &Act, meeting: &Meeting, what: &str) -> Result<()> {
    let unknown = || Refusal::new("unknown_choice");
    let (n, what) = what.split_once(' ').ok_or_else(unknown)?;
    let seat = seat(act, meeting, n.parse().map_err(|_| unknown())?).await?;
    let (person, how) = match what {
        "left" => return meeting.seat_left(act, &seat).await,
        "room" => (seat.person_id, How::Room),
        "online" => (seat.person_id, How::Online),
        "deputy" => (seat.deputy_id, How::Room),
        _ => return Err(unknown().into()),
    };
    let person = person.ok_or_else(|| Refusal::new("no_seat"))?;
    meeting.seat_present(act, &seat, person, how).await
}

/// Everybody whom nobody has recorded yet is in the room.
async fn everybody(act: &Act, meeting: &Meeting) -> Result<()> {
    let there = presence::present(act.tx(), meeting.id).await?;
    for seat in meeting.council(act.tx()).await?.seats(act.tx()).await? {
        if let Some(person) = seat.person_id.filter(|_| there.iter().all(|a| a.seat_id != seat.id)) {
            meeting.seat_present(act, &seat, person, How::Room).await?;
        }
    }
    Ok(())
}

/// `POST …/meetings/{n}/seats`: whoever presides records who came and who left, as many at once as there are.
#[post("/<_>/meetings/<number>/seats", data = "<sent>")]
pub(super) async fn record(chair: May<'_, Preside>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let item = sent.read("item").ok();
    let part = if item.is_some() { "&roll=open#roll" } else { "?roll=open#roll" };
    on_meeting_from(&chair, number, &sent, (item, part), "meetings.said.presence", async |act, meeting| {
        let whole = sent.ticked("everybody");
        if !whole && sent.all("seat").next().is_none() {
            return Err(Refusal::new("no_seat_ticked").into());
        }
        for what in sent.all("seat") {
            mark(act, &meeting, what).await?;
        }
        if whole { everybody(act, &meeting).await } else { Ok(()) }
    })
    .await
}

fn before_the_vote(act: &Act, meeting: &Meeting) -> Result<(), Refusal> {
    // What a written procedure came to is fixed at its end, also as long as nobody has written it down.
    let over = meeting.votes_until.is_some_and(|until| until <= act.at);
    if matches!(meeting.state, MeetingState::Called | MeetingState::Open) && !over {
        return Ok(());
    }
    Err(Refusal::new("meeting_state").with("verb", "@meeting_verbs.recuse").with("state", format!("@meeting_states.{}", meeting.state.as_str())))
}

/// `POST …/items/{p}/interest`: a member declares an interest and leaves the count of this item.
#[post("/<_>/meetings/<number>/items/<position>/interest", data = "<sent>")]
pub(super) async fn interest(member: May<'_, Vote>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&member, (number, position), &sent, "meetings.said.recused", async |act, meeting, item| {
        before_the_vote(act, meeting)?;
        let seat = meeting.seat_of(act.tx(), member.signed.person.id).await?;
        item.recuse(act, &seat, Ground::Declared).await
    })
    .await
}

/// `POST …/items/{p}/recusals`: a seat is recused, as it declared or as the others decided.
#[post("/<_>/meetings/<number>/items/<position>/recusals", data = "<sent>")]
pub(super) async fn recuse(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "meetings.said.recused", async |act, meeting, item| {
        before_the_vote(act, meeting)?;
        let seat = seat(act, meeting, sent.read("seat")?).await?;
        let ground: Ground = sent.read("ground")?;
        if ground == Ground::MustSign {
            return Err(Refusal::new("unknown_choice").at("ground").into());
        }
        item.recuse(act, &seat, ground).await
    })
    .await
}
