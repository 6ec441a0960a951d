//! `…/meetings/{n}/seat`: a member's own screen in a session. It follows what is at hand: who speaks, what is voted on, what this seat
//! may do now.

use rocket::get;
use serde::Serialize;

use super::dossier::Crumb;
use super::floor::{self, Floor};
use super::motions::Text;
use super::own::Ballot;
use super::presence::{Mine, mine};
use crate::domain::meetings::interests;
use crate::domain::meetings::items::{self, Competence, Item, ItemState};
use crate::domain::meetings::{Meeting, MeetingKind, MeetingState};
use crate::domain::motions::{self, MotionState};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::SeatId;
use crate::web::answer::Answer;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::sum::Sum;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Vote};

/// A motion as this seat sees it.
#[derive(Serialize)]
struct Voting {
    number: i32,
    href: String,
    text: Text,
    open: bool,
    ballot: Option<Ballot>,
    /// Once it is closed: what it came to.
    sum: Option<Sum>,
}

/// The item at hand, or, in a written procedure, each of its items.
#[derive(Serialize)]
struct AtHand {
    position: i32,
    title: String,
    href: String,
    question: Option<String>,
    warning: Option<String>,
    late: bool,
    voting: Vec<Voting>,
    /// Why this seat's organisation is a party to it.
    party: Option<String>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    base: String,
    council: String,
    when: String,
    place: String,
    state: &'static str,
    seat: Option<Mine>,
    items: Vec<AtHand>,
    floor: Option<Floor>,
    /// This seat waits for the floor, or has it.
    waits: bool,
    speaks: bool,
    /// Until when a written procedure takes votes.
    until: Option<String>,
    changes: Option<String>,
    form: FormState,
    presence: FormState,
    wish: FormState,
}

/// `GET …/meetings/{n}/seat`.
#[get("/<_>/meetings/<number>/seat")]
pub(super) async fn show(member: May<'_, Vote>, number: i32) -> Result<Answer> {
    page(&member, number, FormState::fresh(&member)).await
}

async fn at_hand(
    member: &May<'_, Vote>,
    here: &Here,
    meeting: &Meeting,
    bench: &Bench,
    (item, seat): (&Item, Option<SeatId>),
    form: &FormState,
) -> Result<AtHand> {
    let (db, lang) = (member.house.read(), member.lang);
    let rules = meeting.rules(db).await?;
    let mut voting = vec![];
    for m in motions::of_item(db, item.id).await?.into_iter().rev().filter(|m| m.state != MotionState::Withdrawn) {
        let roll = m.roll(db).await?;
        voting.push(Voting {
            number: m.number,
            href: format!("{}/meetings/{}/items/{}/motions/{}", here.root, meeting.number, item.position, m.number),
            text: Text::of(member, here, &m).await?,
            open: m.state == MotionState::Open,
            ballot: Ballot::of(member, here, meeting, bench, (item.position, &m, &roll), form).await?.filter(|_| m.state == MotionState::Open),
            sum: if m.state == MotionState::Closed { Some(Sum::of_motion(&m, &roll, &rules, lang)?) } else { None },
        });
    }
    // What is being voted on stands first, then what is still to come, then what is over.
    voting.sort_by_key(|v| (!v.open, v.sum.is_some()));
    let parties = interests::of_item(db, item).await?;
    let why = parties.iter().find(|(s, _)| Some(s.id) == seat).map(|(_, why)| *why);
    Ok(AtHand {
        position: item.position,
        title: item.title.clone(),
        href: format!("{}/meetings/{}/items/{}", here.root, meeting.number, item.position),
        question: Some(item.question.clone()).filter(|q| !q.is_empty()),
        warning: (item.competence != Competence::Council).then(|| lang.t(&format!("meetings.warning.{}", item.competence.as_str()))),
        late: item.late,
        voting,
        party: why.map(|w| lang.t(&format!("live.party_you.{}", w.as_str()))),
    })
}

pub(super) async fn page(member: &May<'_, Vote>, number: i32, form: FormState) -> Result<Answer> {
    let here = Here::of(member).await?;
    let (db, lang, now) = (member.house.read(), member.lang, member.house.now());
    let meeting = here.meeting(member, number).await?;
    let own = super::presence::seat_of(member, &meeting, member.signed.person.id).await?.ok_or(Error::NotFound)?;
    let bench = Bench::of(db, &here.council).await?;
    let (open, written) = (meeting.state == MeetingState::Open, meeting.kind == MeetingKind::Written);
    let chosen = if written && meeting.state == MeetingState::Called {
        items::of_meeting(db, meeting.id).await?.into_iter().filter(|i| i.state == ItemState::Listed).collect()
    } else {
        floor::at_hand(member, &meeting).await?.into_iter().collect::<Vec<_>>()
    };
    let mut shown = vec![];
    for item in &chosen {
        shown.push(at_hand(member, &here, &meeting, &bench, (item, Some(own.id)), &form).await?);
    }
    let floor = if open { Some(Floor::of(member, &meeting, &meeting.rules(db).await?, &bench).await?) } else { None };
    let n = number.to_string();
    let base = format!("{}/meetings/{n}", here.root);
    let title = lang.t("live.seat.title");
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &n)]), base.clone()),
            Crumb::here(title.clone()),
        ],
        council: here.council.name(lang).to_owned(),
        when: dates::appointment(meeting.starts_at, now, lang),
        place: meeting.place.clone(),
        state: meeting.state.as_str(),
        seat: mine(member, &here, &meeting).await?.filter(|_| !written),
        items: shown,
        waits: floor.as_ref().is_some_and(|f| f.of_seat(own.id).is_some()),
        speaks: floor.as_ref().and_then(|f| f.speaking.as_ref()).is_some_and(|l| l.seat == Some(own.id)),
        floor,
        until: meeting.votes_until.map(|until| dates::full(until, lang)),
        changes: matches!(meeting.state, MeetingState::Called | MeetingState::Open).then(|| format!("{base}/changes")),
        presence: form.or("presence", []),
        wish: form.or("wish", []),
        form,
        base,
    };
    member.page(here.frame(member, title).class("pg-vote"), "meetings/seat", &page)
}
