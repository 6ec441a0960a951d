//! A motion's page: on a member's phone one question, a tick, one button that repeats the choice; for everybody else
//! what is put, and once the vote is closed what it came to.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::Crumb;
use super::motions::Text;
use crate::domain::meetings::items as agenda_items;
use crate::domain::motions::{self, Method, MotionState};
use crate::domain::rights::Right;
use crate::domain::votes::Choice;
use crate::domain::votes::tally::Standing;
use crate::domain::{meetings, resolutions};
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::councils::drawn::motion_mark;
use crate::web::councils::sum::{SeatMark, Sum, marks, strip};
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Vote};
use crate::web::sent::Sent;

/// What the caller's seat may do.
#[derive(Serialize)]
struct Own {
    seat: String,
    /// The ballot is there to be filled in.
    may: bool,
    /// Why it isn't.
    why: Option<String>,
    /// What this seat has voted.
    voted: Option<String>,
    voted_mark: &'static str,
    voted_class: &'static str,
    may_recuse: bool,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    top: String,
    action: String,
    item_href: String,
    meeting_href: String,
    issue_href: Option<String>,
    state: String,
    mark: &'static str,
    class: &'static str,
    method: String,
    text: Text,
    own: Option<Own>,
    cast: usize,
    present: usize,
    closed: bool,
    sum: Option<Sum>,
    marks: Vec<SeatMark>,
    resolution: Option<String>,
    resolution_href: Option<String>,
    live: bool,
    live_href: String,
    form: FormState,
    interest: FormState,
}

/// `GET …/motions/{k}`.
#[get("/<_>/meetings/<number>/items/<position>/motions/<motion>")]
pub(super) async fn show(who: Anyone<'_>, number: i32, position: i32, motion: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, (number, position, motion), FormState::fresh(&who)).await
}

async fn page(caller: &Caller, here: &Here, (number, position, motion): (i32, i32, i32), form: FormState) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let meeting = here.meeting(caller, number).await?;
    let item = agenda_items::by_position(db, meeting.id, position).await?;
    let m = motions::by_number(db, item.id, motion).await?;
    let closed = m.state == MotionState::Closed;
    if !here.inside(caller) && (!closed || !item.public) {
        return Err(Error::NotFound);
    }
    let (roll, rules, bench) = (m.roll(db).await?, meeting.rules(db).await?, Bench::of(db, &here.council).await?);
    let present = roll.seats.iter().filter(|(_, s, _)| *s == Standing::Present).count();
    let own = match &caller.signed {
        Some(s) if here.may(caller, Right::Vote) => own(caller, &bench, &meeting, &m, &roll, s.person.id).await?,
        _ => None,
    };
    let (mark, class) = motion_mark(&m);
    let resolution = resolutions::of_motion(db, m.id).await?;
    let base = format!("{}/meetings/{number}", here.root);
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &number.to_string())]), base.clone()),
            Crumb::to(lang.say("meetings.nth_item", &[("p", &position.to_string())]), format!("{base}/items/{position}")),
            Crumb::here(lang.say("motions.nth", &[("k", &motion.to_string())])),
        ],
        top: lang.say("motions.top", &[("n", &number.to_string()), ("p", &position.to_string()), ("k", &motion.to_string())]),
        action: format!("{base}/items/{position}/motions/{motion}"),
        item_href: format!("{base}/items/{position}"),
        issue_href: match (item.issue_id, here.building()) {
            (Some(id), Some(_)) => Some(format!("{}/issues/{}", here.root, crate::domain::issues::by_id(db, id).await?.number)),
            _ => None,
        },
        state: lang.t(&format!("motions.state.{}", m.state.as_str())),
        mark,
        class,
        method: lang.t(&format!("motions.method.{}", m.method.as_str())),
        text: Text::of(caller, here, &m).await?,
        own,
        cast: roll.seats.iter().filter(|(_, s, c)| *s == Standing::Present && c.is_some()).count(),
        present,
        closed,
        sum: if closed { Some(Sum::of_motion(&m, &roll, &rules, lang)?) } else { None },
        marks: if closed { strip(marks(&roll, &bench, lang)) } else { vec![] },
        resolution: resolution.as_ref().map(|r| r.label(here.short())),
        resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
        live: here.may(caller, Right::Preside) && meeting.state == meetings::MeetingState::Open,
        live_href: format!("{base}/live?item={position}"),
        meeting_href: base,
        interest: form.or("interest", []),
        form: form.or("ballot", []),
    };
    caller.page(here.frame(caller, m.title.clone()).class("pg-vote"), "motions/show", &page)
}

async fn own(
    caller: &Caller,
    bench: &Bench,
    meeting: &meetings::Meeting,
    m: &motions::Motion,
    roll: &motions::Roll,
    me: crate::kernel::ids::PersonId,
) -> Result<Option<Own>> {
    let lang = caller.lang;
    let Some(seat) = super::presence::seat_of(caller, meeting, me).await? else { return Ok(None) };
    let Some((_, standing, said)) = roll.seats.iter().find(|(s, ..)| s.id == seat.id) else { return Ok(None) };
    let here = meetings::presence::present(caller.house.read(), meeting.id).await?;
    let sitting = here.into_iter().find(|a| a.seat_id == seat.id);
    let asked = m.method == Method::Consensus && m.objections == 0;
    let why = match (m.state, standing) {
        (MotionState::Draft, _) => Some("not_open"),
        (MotionState::Open, Standing::Recused) => Some("recused"),
        (MotionState::Open, Standing::Absent) => Some("not_signed_in"),
        (MotionState::Open, _) if sitting.is_some_and(|a| a.person_id != me) => Some("holder_sits"),
        (MotionState::Open, _) if said.is_some() => None,
        (MotionState::Open, _) if asked => Some("consensus"),
        _ => None,
    };
    let (voted_class, voted_mark, voted_word) = crate::web::councils::sum::drawn(*standing, *said);
    Ok(Some(Own {
        seat: lang.say(
            "motions.your_seat",
            &[("of", &bench.organisation(seat.organisation_id, lang)), ("class", &class(&seat, lang)), ("name", &bench.name(&seat, lang))],
        ),
        may: m.state == MotionState::Open && why.is_none() && said.is_none(),
        why: why.map(|w| lang.t(&format!("motions.why.{w}"))),
        voted: said.map(|_| lang.t(voted_word)),
        voted_mark,
        voted_class,
        may_recuse: matches!(m.state, MotionState::Draft | MotionState::Open) && *standing != Standing::Recused && said.is_none(),
    }))
}

/// `POST …/motions/{k}/votes`: the caller's seat votes.
#[post("/<_>/meetings/<number>/items/<position>/motions/<motion>/votes", data = "<sent>")]
pub(super) async fn cast(member: May<'_, Vote>, number: i32, position: i32, motion: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&member).await?;
    let at = (number, position, motion);
    let done = async {
        let act = member.begin(&sent).await?;
        let meeting = meetings::by_number(act.tx(), here.council.id, number).await?;
        let item = agenda_items::by_position(act.tx(), meeting.id, position).await?;
        let m = motions::by_number(act.tx(), item.id, motion).await?;
        let me = member.signed.person.id;
        let seat = meeting.seat_of(act.tx(), me).await?;
        let choice: Choice = sent.read("choice")?;
        m.cast(&act, &seat, me, choice, false).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => {
            let to = format!("{}/meetings/{number}/items/{position}/motions/{motion}", here.root);
            Ok(Answer::go(to).saying("motions.said.voted"))
        }
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&member, &here, at, form).await?.status(status))
        }
    }
}
