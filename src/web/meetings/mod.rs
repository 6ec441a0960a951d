//! Meetings in the browser, from draft to minutes. What a meeting is about has its own address, `…/items/{p}`; while
//! the session is open, whoever presides works at `…/live`.

mod agenda;
mod apologies;
mod ballot;
mod calling;
mod changes;
mod dates;
mod desk;
pub(super) mod dossier;
mod floor;
mod index;
mod items;
mod live;
mod minutes;
pub(super) mod motions;
mod moving;
mod own;
mod paper;
mod presence;
mod record;
mod room;
mod seat;
mod show;
mod terms;
mod wall;

pub(super) use agenda::parties;

use rocket::{Route, routes};

use super::answer::Answer;
use super::caller::Caller;
use super::councils::Here;
use super::form::FormState;
use super::guards::{May, Needs, Vote};
use super::sent::Sent;
use crate::domain::councils::Seat;
use crate::domain::meetings::items::{self as agenda_items, Item};
use crate::domain::meetings::{self, Meeting, MeetingState};
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::Result;

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    [
        routes![index::index, index::create, show::show, calling::call, calling::cancel, calling::open, calling::close, calling::settle],
        routes![dates::show, dates::offer, dates::answer, dates::choose, moving::postpone, moving::arrange, moving::publicity],
        routes![apologies::give, apologies::give_for, apologies::take_back, apologies::deputy],
        routes![paper::forms, paper::entering, paper::enter, paper::attach, paper::scan, paper::publish],
        routes![room::show, room::sign_in, seat::show, changes::show, floor::take_up, floor::ask, floor::lead, floor::note],
        routes![presence::record, presence::interest, presence::recuse],
        routes![items::show, items::prepare, items::defer, items::refer, items::withdraw],
        routes![motions::put, motions::open, motions::object, motions::hands, motions::close, motions::withdraw],
        routes![ballot::show, ballot::cast, live::show, wall::show, minutes::show, minutes::save],
        routes![minutes::send, minutes::adopt, minutes::answer, minutes::sign, minutes::remark, minutes::file],
    ]
    .concat()
}

/// Where somebody goes on with a meeting: whoever presides to the desk of the open session, everybody else to the page of
/// the item or of the meeting.
pub(super) fn place(caller: &Caller, here: &Here, meeting: &Meeting, item: Option<i32>) -> String {
    let root = format!("{}/meetings/{}", here.root, meeting.number);
    match (meeting.state == MeetingState::Open && here.may(caller, Right::Preside), item) {
        (true, Some(p)) => format!("{root}/live?item={p}"),
        (true, None) => format!("{root}/live"),
        (false, Some(p)) => format!("{root}/items/{p}"),
        (false, None) => root,
    }
}

/// The same place as a page, with a form that was refused.
pub(super) async fn place_again(caller: &Caller, here: &Here, number: i32, item: Option<i32>, form: FormState) -> Result<Answer> {
    let meeting = here.meeting(caller, number).await?;
    if meeting.state == MeetingState::Open && here.may(caller, Right::Preside) {
        let roll = form.id.as_deref() == Some("seats");
        return live::page(caller, here, &meeting, (item, roll), form).await;
    }
    match item {
        Some(position) => items::page(caller, here, &meeting, position, form).await,
        None => show::page(caller, here, &meeting, form).await,
    }
}

/// Does something from the caller's own seat.
pub(super) async fn with_seat(
    member: &May<'_, Vote>,
    number: i32,
    sent: &Sent<'_>,
    verb: impl AsyncFnOnce(&Act, Meeting, Seat) -> Result<()>,
) -> Result<()> {
    let here = Here::of(member).await?;
    let act = member.begin(sent).await?;
    let meeting = meetings::by_number(act.tx(), here.council.id, number).await?;
    let seat = meeting.seat_of(act.tx(), member.signed.person.id).await?;
    verb(&act, meeting, seat).await?;
    act.commit().await
}

/// The same, and back to the page of that seat.
pub(super) async fn on_seat(
    member: &May<'_, Vote>,
    number: i32,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Meeting, Seat) -> Result<()>,
) -> Result<Answer> {
    match with_seat(member, number, sent, verb).await {
        Ok(()) => Ok(Answer::go(format!("{}/meetings/{number}/seat", Here::of(member).await?.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(seat::page(member, number, form).await?.status(status))
        }
    }
}

/// Does something with a meeting and leads on, or shows the page again with what was refused.
pub(super) async fn on_meeting<R: Needs>(
    who: &May<'_, R>,
    number: i32,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Meeting) -> Result<()>,
) -> Result<Answer> {
    on_meeting_from(who, number, sent, (None, ""), saying, verb).await
}

/// The same from the page of an item: back to that item, and to this part of the page.
pub(super) async fn on_meeting_from<R: Needs>(
    who: &May<'_, R>,
    number: i32,
    sent: &Sent<'_>,
    (item, part): (Option<i32>, &str),
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Meeting) -> Result<()>,
) -> Result<Answer> {
    let here = Here::of(who).await?;
    here.meeting(who, number).await?;
    let done = async {
        let act = who.begin(sent).await?;
        verb(&act, meetings::by_number(act.tx(), here.council.id, number).await?).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}{part}", place(who, &here, &here.meeting(who, number).await?, item))).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(place_again(who, &here, number, item, form).await?.status(status))
        }
    }
}

/// The same with an item of a meeting.
pub(super) async fn on_item<R: Needs>(
    who: &May<'_, R>,
    (number, position): (i32, i32),
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, &Meeting, Item) -> Result<()>,
) -> Result<Answer> {
    let here = Here::of(who).await?;
    here.meeting(who, number).await?;
    let done = async {
        let act = who.begin(sent).await?;
        let meeting = meetings::by_number(act.tx(), here.council.id, number).await?;
        let item = agenda_items::by_position(act.tx(), meeting.id, position).await?;
        verb(&act, &meeting, item).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(place(who, &here, &here.meeting(who, number).await?, Some(position))).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(place_again(who, &here, number, Some(position), form).await?.status(status))
        }
    }
}
