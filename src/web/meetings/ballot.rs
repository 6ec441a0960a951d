//! The vote on a phone: the motion's words, three choices, one button. Afterwards the page of the vote, for everybody.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::Crumb;
use super::motions::Text;
use super::own::Ballot;
use crate::domain::meetings::items as agenda_items;
use crate::domain::motions::{self, By, Method, MotionState};
use crate::domain::rights::Right;
use crate::domain::votes::tally::Standing;
use crate::domain::votes::{Choice, secret};
use crate::domain::{meetings, resolutions};
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::drawn::motion_mark;
use crate::web::councils::sum::{SeatMark, Sum, marks, strip};
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Vote};
use crate::web::sent::Sent;

/// What was said under a receipt.
#[derive(Serialize)]
struct Counted {
    receipt: String,
    choice: String,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    top: String,
    item_href: String,
    meeting_href: String,
    issue_href: Option<String>,
    state: String,
    mark: &'static str,
    class: &'static str,
    method: String,
    text: Text,
    ballot: Option<Ballot>,
    cast: usize,
    present: usize,
    closed: bool,
    sum: Option<Sum>,
    marks: Vec<SeatMark>,
    secret: bool,
    /// Of a closed secret vote, for those inside: each receipt with what was said under it.
    receipts: Vec<Counted>,
    resolution: Option<String>,
    resolution_href: Option<String>,
    live: bool,
    live_href: String,
    /// Where it is told that something happened, while the session is open.
    changes: Option<String>,
    form: FormState,
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
    let inside = here.inside(caller);
    if !inside && (!closed || !item.public) {
        return Err(Error::NotFound);
    }
    let (roll, rules, bench) = (m.roll(db).await?, meeting.rules(db).await?, Bench::of(db, &here.council).await?);
    let present = roll.seats.iter().filter(|(_, s, _)| *s == Standing::Present).count();
    let receipts = if closed && roll.is_secret() && inside {
        let said = |c: Choice| lang.t(&format!("motions.choice.{}", c.as_str()));
        secret::ballots(db, m.id).await?.into_iter().map(|b| Counted { choice: said(b.choice), receipt: b.receipt }).collect()
    } else {
        vec![]
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
        item_href: format!("{base}/items/{position}"),
        issue_href: match item.issue_id {
            Some(id) => {
                let issue = crate::domain::issues::by_id(db, id).await?;
                here.home(db, Some(&issue)).await?.map(|b| format!("/b/{}/issues/{}", b.slug, issue.number))
            }
            None => None,
        },
        state: lang.t(&format!("motions.state.{}", m.state.as_str())),
        mark,
        class,
        method: lang.t(&format!("motions.method.{}", m.method.as_str())),
        text: Text::of(caller, here, &m).await?,
        ballot: Ballot::of(caller, here, &meeting, &bench, (position, &m, &roll), &form).await?,
        cast: roll.cast(),
        present,
        closed,
        sum: if closed { Some(Sum::of_motion(&m, &roll, &rules, lang)?) } else { None },
        marks: if closed { strip(marks(&roll, &bench, lang)) } else { vec![] },
        secret: roll.is_secret(),
        receipts,
        resolution: resolution.as_ref().map(|r| r.label(here.short())),
        resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
        live: here.may(caller, Right::Preside) && meeting.state == meetings::MeetingState::Open,
        live_href: format!("{base}/live?item={position}"),
        changes: (inside && !closed && meeting.state == meetings::MeetingState::Open).then(|| format!("{base}/changes")),
        meeting_href: base,
        form,
    };
    caller.page(here.frame(caller, m.title.clone()).class("pg-vote"), "motions/show", &page)
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
        let by = if m.method == Method::Secret { By::Secretly(sent.text("receipt")) } else { By::Own };
        m.cast(&act, &seat, me, choice, by).await?;
        act.commit().await
    }
    .await;
    let from_seat = sent.text("from") == "seat";
    match done {
        Ok(()) if from_seat => Ok(Answer::go(format!("{}/meetings/{number}/seat", here.root)).saying("motions.said.voted")),
        Ok(()) => {
            let to = format!("{}/meetings/{number}/items/{position}/motions/{motion}", here.root);
            Ok(Answer::go(to).saying("motions.said.voted"))
        }
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let again = if from_seat { super::seat::page(&member, number, form).await? } else { page(&member, &here, at, form).await? };
            Ok(again.status(status))
        }
    }
}
