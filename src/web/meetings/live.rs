//! The desk of an open session, for whoever presides: the agenda, the item with its motions and votes, the notes.

use rocket::get;
use serde::Serialize;

use super::agenda;
use super::desk::{MotionDesk, motion_desk};
use super::dossier::Opt;
use super::floor::Floor;
use super::motions as motions_of;
use super::record::{Note, Scribe};
use crate::domain::meetings::interests;
use crate::domain::meetings::items::{self, Competence, Item, ItemState};
use crate::domain::meetings::presence::{self, Ground, How};
use crate::domain::meetings::{Meeting, MeetingState};
use crate::domain::motions::{self, Method, MotionState};
use crate::domain::undertakings;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::councils::drawn::item_mark;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Preside};
use crate::web::undertakings::Sign;

#[derive(Serialize)]
struct SeatRow {
    number: i32,
    name: String,
    class_word: String,
    organisation: String,
    /// Where it is, in words; none where it is absent.
    there: Option<String>,
    deputy: Option<String>,
    deputy_sits: bool,
    recused: bool,
}

/// A seat whose organisation is a party to the item.
#[derive(Serialize)]
struct Party {
    number: i32,
    name: String,
    organisation: String,
    why: String,
    /// It leaves the count when the vote opens, whether it says so or not.
    certain: bool,
}

#[derive(Serialize)]
struct Current {
    position: i32,
    /// Every screen shows it; else it is only looked at here.
    at_hand: bool,
    parties: Vec<Party>,
    /// Motions that an amendment can change.
    amendable: Vec<Opt>,
    take_up: FormState,
    version: i32,
    action: String,
    title: String,
    question: Option<String>,
    issue: Option<String>,
    warning: String,
    red: bool,
    late: bool,
    over: bool,
    state: String,
    mark: &'static str,
    class: &'static str,
    outcome: Option<String>,
    may_put: bool,
    /// A vote is open: the item cannot end otherwise now.
    voting: bool,
    motions: Vec<MotionDesk>,
    signs: Vec<Sign>,
    signed: String,
    ask: FormState,
    put: FormState,
    recuse: FormState,
    defer: FormState,
    refer: FormState,
    withdraw: FormState,
    take_back: FormState,
}

#[derive(Serialize)]
struct Page {
    base: String,
    title: String,
    version: i32,
    when: String,
    place: String,
    agenda: Vec<agenda::Line>,
    /// The roll stays open: one who records arrivals is seldom done after the first.
    roll: bool,
    /// Seats where nobody sits yet.
    missing: usize,
    /// The number of the item at hand.
    at: Option<i32>,
    here: usize,
    occupied: usize,
    needed: usize,
    enough: bool,
    seats: Vec<SeatRow>,
    item: Option<Current>,
    notes: Vec<Note>,
    note: FormState,
    floor: Floor,
    speak: FormState,
    /// Seats that may be put on the speakers' list.
    may_speak: Vec<Opt>,
    changes: String,
    unfinished: usize,
    organisations: Vec<Opt>,
    methods: Vec<Opt>,
    figures: Vec<Opt>,
    weights: Vec<Opt>,
    grounds: Vec<Opt>,
    standing: Vec<Opt>,
    resolutions: Vec<Opt>,
    form: FormState,
    seats_form: FormState,
    close: FormState,
}

/// `GET …/meetings/{n}/live?item=2`; with `roll=open` after somebody's coming or going was recorded.
#[get("/<_>/meetings/<number>/live?<item>&<roll>")]
pub(super) async fn show(chair: May<'_, Preside>, number: i32, item: Option<i32>, roll: Option<&str>) -> Result<Answer> {
    let here = Here::of(&chair).await?;
    let meeting = here.meeting(&chair, number).await?;
    if meeting.state != MeetingState::Open {
        return Ok(Answer::go(format!("{}/meetings/{number}", here.root)));
    }
    page(&chair, &here, &meeting, (item, roll == Some("open")), FormState::fresh(&chair)).await
}

/// The item to show: the one asked for, else the one at hand, else the next without an end.
fn at_hand(meeting: &Meeting, all: &[Item], asked: Option<i32>) -> Option<Item> {
    let asked = asked.and_then(|p| all.iter().find(|i| i.position == p));
    let taken_up = all.iter().find(|i| meeting.item_id == Some(i.id));
    asked.or(taken_up).or(all.iter().find(|i| i.state == ItemState::Listed)).or(all.last()).cloned()
}

async fn current(caller: &Caller, here: &Here, meeting: &Meeting, bench: &Bench, item: &Item, form: &FormState) -> Result<Current> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let action = format!("{}/meetings/{}/items/{}", here.root, meeting.number, item.position);
    let all = motions::of_item(db, item.id).await?;
    let mut desks = vec![];
    for m in all.iter().rev() {
        desks.push(motion_desk(caller, here, meeting, bench, m, &action, form).await?);
    }
    // The one that is being voted on stands first.
    desks.sort_by_key(|d| d.state_key != "open");
    let asked = undertakings::of_item(db, item.id).await?;
    let (mark, class_name) = item_mark(item);
    let issue = match item.issue_id {
        Some(id) => Some(crate::domain::issues::by_id(db, id).await?),
        None => None,
    };
    let issue = here.home(db, issue.as_ref()).await?.zip(issue).map(|(b, i)| b.label(i.number));
    let waits = item.state == ItemState::Listed;
    let parties = if waits { interests::of_item(db, item).await? } else { vec![] };
    let parties = parties.iter().map(|(seat, why)| Party {
        number: seat.number,
        name: bench.name(seat, lang),
        organisation: bench.organisation(seat.organisation_id, lang),
        why: lang.t(&format!("live.party.{}", why.as_str())),
        certain: *why == interests::Why::MustSign,
    });
    let amendable = all.iter().filter(|m| m.state == MotionState::Draft && m.amends_id.is_none());
    let amendable = amendable
        .map(|m| Opt { value: m.number.to_string(), label: format!("{} {}", lang.say("motions.nth", &[("k", &m.number.to_string())]), m.title) });
    Ok(Current {
        position: item.position,
        at_hand: meeting.item_id == Some(item.id),
        parties: parties.collect(),
        amendable: amendable.collect(),
        take_up: form.or("take_up", []),
        version: item.version,
        title: item.title.clone(),
        question: Some(item.question.clone()).filter(|q| !q.is_empty()),
        issue,
        warning: lang.t(&format!("meetings.warning.{}", item.competence.as_str())),
        red: item.competence != Competence::Council,
        late: item.late,
        over: !waits,
        state: lang.t(&format!("meetings.item_state.{}", item.state.as_str())),
        mark,
        class: class_name,
        outcome: super::dossier::outcome(item, caller),
        may_put: waits && !item.late,
        voting: all.iter().any(|m| m.state == MotionState::Open),
        motions: desks,
        signed: crate::web::undertakings::signed_of(&asked, lang),
        signs: Sign::all(caller, Some(&action), &asked).await?,
        ask: form.or("ask", []),
        put: form.or("put", [("title", item.title.clone())]),
        recuse: form.or("recuse", []),
        defer: form.or("defer", []),
        refer: form.or("refer", []),
        withdraw: form.or("withdraw", []),
        take_back: form.or("take_back", []),
        action,
    })
}

pub(super) async fn page(caller: &Caller, here: &Here, meeting: &Meeting, (asked, roll): (Option<i32>, bool), form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let all = items::of_meeting(db, meeting.id).await?;
    let item = at_hand(meeting, &all, asked);
    let bench = Bench::of(db, &here.council).await?;
    let present = presence::present(db, meeting.id).await?;
    let recused = match &item {
        Some(i) => presence::recusals(db, i.id).await?,
        None => vec![],
    };
    let seats = bench.seats.iter().filter(|s| !s.vacant()).map(|s| {
        let sits = present.iter().find(|a| a.seat_id == s.id);
        let deputy_sits = sits.is_some_and(|a| s.deputy_id == Some(a.person_id) && s.person_id != Some(a.person_id));
        SeatRow {
            number: s.number,
            name: bench.name(s, lang),
            class_word: class(s, lang),
            organisation: bench.organisation(s.organisation_id, lang),
            there: sits.map(|a| {
                let key = if deputy_sits {
                    "deputy"
                } else if a.how == How::Online {
                    "online"
                } else {
                    "room"
                };
                lang.t(&format!("meetings.how.{key}"))
            }),
            deputy: bench.person(s.deputy_id, lang),
            deputy_sits,
            recused: recused.iter().any(|r| r.seat_id == s.id),
        }
    });
    let seats: Vec<SeatRow> = seats.collect();
    // As at the vote: a recused seat counts neither as there nor as a seat.
    let here_now = seats.iter().filter(|s| s.there.is_some() && !s.recused).count();
    let eligible = seats.iter().filter(|s| !s.recused).count();
    let needed = eligible / 2 + 1;
    let current_item = match &item {
        Some(i) => Some(current(caller, here, meeting, &bench, i, &form).await?),
        None => None,
    };
    let mut notes = Scribe::of(caller, here, meeting, &all).await?.notes(&all).await?;
    notes.reverse();
    let title = lang.say("meetings.nth", &[("n", &meeting.number.to_string())]);
    let floor = Floor::of(caller, meeting, &meeting.rules(db).await?, &bench).await?;
    let may_speak = bench.seats.iter().filter(|s| present.iter().any(|a| a.seat_id == s.id) && floor.of_seat(s.id).is_none());
    let may_speak = may_speak.map(|s| Opt { value: s.number.to_string(), label: format!("{} {}", bench.name(s, lang), class(s, lang)) });
    let page = Page {
        changes: format!("{}/meetings/{}/changes", here.root, meeting.number),
        may_speak: may_speak.collect(),
        floor,
        note: form.or("note", []),
        speak: form.or("speak", []),
        base: format!("{}/meetings/{}", here.root, meeting.number),
        version: meeting.version,
        when: dates::appointment(meeting.starts_at, now, lang),
        place: meeting.place.clone(),
        agenda: agenda::lines(caller, here, meeting, &all, item.as_ref().map(|i| i.position)).await?,
        roll,
        missing: seats.iter().filter(|s| s.there.is_none()).count(),
        at: item.as_ref().map(|i| i.position),
        here: here_now,
        occupied: eligible,
        needed,
        enough: here_now >= needed,
        standing: seats
            .iter()
            .filter(|s| !s.recused)
            .map(|s| Opt { value: s.number.to_string(), label: format!("{} {}", s.class_word, s.name) })
            .collect(),
        seats,
        notes,
        unfinished: all.iter().filter(|i| i.state == ItemState::Listed).count(),
        organisations: agenda::parties(caller, here).await?,
        methods: Opt::all(Method::ALL.iter().map(|m| m.as_str()), "motions.method", lang),
        weights: motions_of::weights(lang),
        figures: motions_of::figures(lang),
        grounds: Opt::all([Ground::Declared.as_str(), Ground::Decided.as_str()], "meetings.ground", lang),
        resolutions: motions_of::supersedable(caller, here).await?,
        item: current_item,
        seats_form: form.or("seats", []),
        close: form.or("close", []),
        form,
        title: title.clone(),
    };
    caller.page(here.frame(caller, title).class("pg-live").at_work(), "meetings/live", &page)
}
