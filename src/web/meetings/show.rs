//! A meeting's page: when and where, the agenda, and what can be done next by whoever reads it.

use rocket::get;
use rocket::request::FromParam;
use serde::Serialize;

use super::dossier::{Crumb, Opt};
use super::paper::{self, ScanLine};
use super::presence::mine;
use super::{agenda, apologies as coming};
use crate::domain::councils::Rules;
use crate::domain::meetings::MeetingKind;
use crate::domain::meetings::dates::Poll;
use crate::domain::meetings::items::{self as agenda_items, ItemState};
use crate::domain::meetings::{Meeting, MeetingState, apologies, calendar, presence, timing};
use crate::domain::motions::{self, MotionState};
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::councils::drawn::meeting_mark;
use crate::web::councils::items::{Waiting, waiting};
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::Anyone;
use crate::web::ical;

/// The time between notice and meeting, drawn as one bar.
#[derive(Serialize)]
struct Notice {
    /// The latest instant at which the notice may go out, or when it went.
    words: String,
    left: String,
    late: bool,
    /// Of 100: before the notice, where the notice period begins; after it, what of the period has passed.
    from: i64,
    width: i64,
}

fn notice(meeting: &Meeting, rules: &Rules, caller: &Caller) -> Notice {
    let (lang, now) = (caller.lang, caller.house.now());
    let period = meeting.notice_under(rules);
    // Where the time was moved, the days count from when that was said.
    let Some(called) = meeting.moved_from.and(meeting.told_at).or(meeting.called_at) else {
        let latest = meeting.starts_at - period;
        let left = (meeting.starts_at - now).num_minutes().max(1);
        let from = ((latest - now).num_minutes() * 100 / left).clamp(0, 100);
        let due = dates::due(latest, now, &caller.house.calendar(), lang);
        let words = lang.say("meetings.notice.latest", &[("when", &due.by)]);
        return Notice { words, left: due.left, late: due.late, from, width: 100 - from };
    };
    let (all, gone) = ((meeting.starts_at - called).num_minutes().max(1), (now - called).num_minutes());
    let days = (meeting.starts_at - called).num_days();
    Notice {
        words: lang.say("meetings.notice.sent", &[("when", &dates::moment(called, now, lang)), ("days", &days.to_string())]),
        left: String::new(),
        late: false,
        from: 0,
        width: (gone * 100 / all).clamp(0, 100),
    }
}

#[derive(Serialize)]
struct Present {
    name: String,
    class_word: String,
    how: String,
}

/// What the page can do next, by state and by who reads it.
#[derive(Serialize)]
struct Next {
    call: bool,
    cancel: bool,
    open: bool,
    /// It is well before the announced time: opening asks for a tick.
    early: bool,
    live: bool,
    minutes: bool,
    /// Nothing waits for this reader.
    calm: bool,
    /// What is missing before it can be called.
    missing: Option<String>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    council: String,
    root: String,
    base: String,
    number: i32,
    version: i32,
    when: String,
    full_when: String,
    place: String,
    online: Option<String>,
    kind: String,
    state_word: String,
    state_key: &'static str,
    mark: &'static str,
    state_class: &'static str,
    notice: Notice,
    agenda: Vec<agenda::Line>,
    waiting: Vec<Waiting>,
    next: Next,
    /// What is being voted on now, for those inside.
    voting: Vec<Opt>,
    /// The caller's own seat here.
    seat: Option<super::presence::Mine>,
    present: Vec<Present>,
    occupied: usize,
    quorum: usize,
    papers_hash: Option<String>,
    /// Agenda or papers are no longer what the notice froze: somebody changed them past the program.
    altered: bool,
    /// Until when a written procedure takes votes.
    votes_until: Option<String>,
    /// It can be written down what it came to.
    settle: Option<FormState>,
    written: bool,
    rules_version: i32,
    /// Adopted minutes.
    minutes_when: Option<String>,
    secretariat: bool,
    /// The order and minutes can still be changed.
    arranging: bool,
    /// Until when it is planned to last.
    until: String,
    /// Times that are offered to choose from.
    dates: usize,
    /// It had been announced for this time before.
    moved_from: Option<String>,
    postpone: bool,
    calendar: bool,
    /// The minutes wait for the caller's signature.
    to_sign: bool,
    /// Forms to print.
    prints: bool,
    /// Held on paper: when it was entered, and until when it was held.
    on_paper: Option<String>,
    scans: Vec<ScanLine>,
    scan_form: FormState,
    own: Vec<coming::Own>,
    coming: Option<coming::Coming>,
    form: FormState,
    notice_form: FormState,
    cancel_form: FormState,
    open_form: FormState,
    presence_form: FormState,
    list_form: FormState,
    arrange_form: FormState,
    move_form: FormState,
    apology_form: FormState,
    withdraw_form: FormState,
}

/// A meeting's address: `3` is its page, `3.ics` a file for calendars.
pub(super) struct Named {
    number: i32,
    calendar: bool,
}

impl<'a> FromParam<'a> for Named {
    type Error = ();
    fn from_param(param: &'a str) -> Result<Self, ()> {
        let (number, calendar) = match param.strip_suffix(".ics") {
            Some(number) => (number, true),
            None => (param, false),
        };
        Ok(Self { number: number.parse().map_err(|_| ())?, calendar })
    }
}

/// What was said of time and place, for the form that changes them.
fn moved(meeting: &Meeting) -> [(&'static str, String); 3] {
    let starts_at = dates::local(meeting.starts_at).format("%Y-%m-%dT%H:%M").to_string();
    [("starts_at", starts_at), ("place", meeting.place.clone()), ("online", meeting.online.clone().unwrap_or_default())]
}

/// `GET …/meetings/{n}`, and `…/meetings/{n}.ics`.
#[get("/<_>/meetings/<named>")]
pub(super) async fn show(who: Anyone<'_>, named: Named) -> Result<Answer> {
    let (here, number) = (Here::of(&who).await?, named.number);
    if named.calendar {
        let meeting = here.meeting(&who, number).await?;
        let file = calendar::file(&who.house, &meeting, who.lang).await?.ok_or(Error::NotFound)?;
        return Ok(Answer::bytes(ical::kind(), file.into_bytes()).header("Cache-Control", "no-cache"));
    }
    let meeting = here.meeting(&who, number).await?;
    page(&who, &here, &meeting, FormState::fresh(&who)).await
}

pub(super) async fn page(caller: &Caller, here: &Here, meeting: &Meeting, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let items = agenda_items::of_meeting(db, meeting.id).await?;
    let rules = meeting.rules(db).await?;
    let said = apologies::of_meeting(db, meeting.id).await?;
    let bench = Bench::of(db, &here.council).await?;
    let (presiding, secretariat) = (here.may(caller, Right::Preside), here.may(caller, Right::Secretariat));
    let preparing = matches!(meeting.state, MeetingState::Draft | MeetingState::Called);
    let waiting = if secretariat && preparing { waiting(caller, here, &agenda_items::of_council(db, here.council.id).await?).await? } else { vec![] };
    let was_there = match meeting.state {
        MeetingState::Closed => presence::attended(db, meeting.id).await?,
        _ => presence::present(db, meeting.id).await?,
    };
    let present = bench.seats.iter().filter_map(|s| {
        let a = was_there.iter().find(|a| a.seat_id == s.id)?;
        let name = bench.person(Some(a.person_id), lang).unwrap_or_else(|| bench.name(s, lang));
        Some(Present { name, class_word: class(s, lang), how: lang.t(&format!("meetings.how.{}", a.how.as_str())) })
    });
    let unready = items.iter().filter(|i| i.state == ItemState::Listed && i.question.is_empty()).map(|i| i.position.to_string());
    let unready: Vec<String> = unready.collect();
    let notice = notice(meeting, &rules, caller);
    let missing = if items.is_empty() {
        Some(lang.t("meetings.missing.items"))
    } else if !unready.is_empty() {
        Some(lang.say("meetings.missing.questions", &[("items", &unready.join(lang.pick("、", ", ")))]))
    } else {
        None
    };
    let written = meeting.kind == MeetingKind::Written;
    let (mut voting, mut complete) = (vec![], written);
    for item in items.iter().filter(|i| here.inside(caller) && i.state == ItemState::Listed) {
        for m in motions::of_item(db, item.id).await?.into_iter().filter(|m| m.state == MotionState::Open) {
            let href = format!("{}/meetings/{}/items/{}/motions/{}", here.root, meeting.number, item.position, m.number);
            complete &= m.roll(db).await?.everybody_has_voted();
            voting.push(Opt { value: href, label: m.title });
        }
    }
    let to_sign = match &caller.signed {
        Some(s) if meeting.minutes_sent_at.is_some() && meeting.minutes_at.is_none() => {
            let standing = meeting.minutes_standing(db).await?;
            standing.there.contains(&s.person.id) && !standing.signed.contains(&s.person.id)
        }
        _ => false,
    };
    let minutes = secretariat && meeting.state == MeetingState::Closed && meeting.minutes_at.is_none();
    let next = Next {
        call: secretariat && meeting.state == MeetingState::Draft && !meeting.on_paper(),
        cancel: secretariat && preparing,
        open: presiding && !written && meeting.state == if meeting.on_paper() { MeetingState::Draft } else { MeetingState::Called },
        early: super::calling::early(meeting, now),
        live: presiding && meeting.state == MeetingState::Open,
        calm: !(minutes || to_sign || (presiding && preparing) || meeting.state == MeetingState::Open),
        minutes,
        missing,
    };
    let (mark, state_class) = meeting_mark(meeting.state);
    let title = lang.say("meetings.nth", &[("n", &meeting.number.to_string())]);
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)), Crumb::here(title.clone())],
        council: here.council.name(lang).to_owned(),
        root: here.root.clone(),
        base: format!("{}/meetings/{}", here.root, meeting.number),
        number: meeting.number,
        version: meeting.version,
        when: dates::appointment(meeting.starts_at, now, lang),
        full_when: dates::full(meeting.starts_at, lang),
        place: meeting.place.clone(),
        online: meeting.online.clone().filter(|_| here.inside(caller)),
        kind: lang.t(&format!("meetings.kind.{}", meeting.kind.as_str())),
        state_word: lang.t(&format!("meeting_states.{}", meeting.state.as_str())),
        state_key: meeting.state.as_str(),
        mark,
        state_class,
        agenda: agenda::lines(caller, here, meeting, &items, None).await?,
        waiting,
        next,
        voting,
        seat: mine(caller, here, meeting).await?.filter(|_| !written),
        present: present.collect(),
        occupied: bench.occupied(),
        quorum: bench.occupied() / 2 + 1,
        altered: match &meeting.papers_hash {
            Some(hash) if matches!(meeting.state, MeetingState::Called | MeetingState::Open) => meeting.papers(db).await? != *hash,
            _ => false,
        },
        papers_hash: meeting.papers_hash.clone(),
        votes_until: meeting.votes_until.map(|until| dates::full(until, lang)),
        settle: (secretariat
            && written
            && meeting.state == MeetingState::Called
            && (complete || !meeting.takes_votes(now))
            && meeting.starts_at <= now)
            .then(|| form.or("settle", [])),
        written,
        rules_version: rules.version,
        minutes_when: meeting.minutes_at.map(|at| dates::moment(at, now, lang)),
        secretariat,
        notice_form: form.or("notice", []),
        cancel_form: form.or("cancel", []),
        open_form: form.or("open", []),
        presence_form: form.or("presence", []),
        list_form: form.or("list", []),
        arrange_form: form.or("arrange", []),
        move_form: form.or("move", moved(meeting)),
        apology_form: if form.id.as_deref() == Some("excuse") { form.clone() } else { form.or("apology", []) },
        withdraw_form: form.or("withdraw", []),
        arranging: secretariat && meeting.state == MeetingState::Draft,
        until: dates::local(timing::ends_at(meeting.starts_at, &items)).format("%H:%M").to_string(),
        dates: if preparing && here.inside(caller) { Poll::of(db, meeting.id).await?.dates.len() } else { 0 },
        moved_from: meeting.moved_from.filter(|_| preparing).map(|at| dates::moment(at, now, lang)),
        postpone: secretariat && meeting.state == MeetingState::Called,
        calendar: meeting.called_at.is_some(),
        to_sign,
        prints: paper::prints(caller, here) && matches!(meeting.state, MeetingState::Called | MeetingState::Open),
        on_paper: meeting.paper_at.zip(meeting.paper_until).map(|(at, until)| {
            let (entered, until) = (dates::moment(at, now, lang), dates::local(until).format("%H:%M").to_string());
            lang.say("paper.entered", &[("when", &entered), ("until", &until)])
        }),
        scans: ScanLine::all(caller, here, meeting).await?,
        scan_form: form.or("scan", []),
        own: coming::own(caller, here, meeting, &bench, &said).await?,
        coming: coming::coming(caller, here, meeting, &bench, &said).await?,
        notice,
        form,
    };
    let mut frame = here.frame(caller, title).class("pg-meeting");
    if presiding {
        frame = frame.at_work();
    }
    caller.page(frame, "meetings/show", &page)
}
