//! A date by availability: what is offered, who can come, which one is taken. A seat counts, not a person.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rocket::{get, post};
use serde::Serialize;

use super::dossier::Crumb;
use crate::domain::councils::Weight;
use crate::domain::meetings::dates::{Availability, Date, MOST, Poll};
use crate::domain::meetings::{self, Meeting, MeetingState};
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Secretariat, SignedIn, Vote};
use crate::web::sent::Sent;

/// The fields of the offered times.
const FIELDS: [&str; MOST] = ["date1", "date2", "date3", "date4", "date5", "date6"];

#[derive(Serialize)]
struct Cell {
    when: String,
    /// The sprite's mark; none where nothing was said.
    mark: Option<&'static str>,
    word: String,
    class: &'static str,
}

#[derive(Serialize)]
struct Row {
    number: i32,
    class_word: String,
    who: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    word: String,
    checked: bool,
}

/// One offered time.
#[derive(Serialize)]
struct Offered {
    /// What a form sends back: the instant itself.
    value: String,
    name: String,
    when: String,
    counts: String,
    quorum: String,
    enough: bool,
    choices: Vec<Choice>,
    taken: bool,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    label: String,
    value: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    council: String,
    action: String,
    version: i32,
    offered: Vec<Offered>,
    rows: Vec<Row>,
    /// The caller's own seat: what it may answer for.
    seat: Option<String>,
    secretariat: bool,
    open: bool,
    fields: Vec<Field>,
    dates_error: Option<String>,
    form: FormState,
    offer: FormState,
    answer: FormState,
    choice: FormState,
}

fn mark(answer: Option<Availability>) -> (Option<&'static str>, &'static str) {
    match answer {
        Some(Availability::Yes) => (Some("conf"), ""),
        Some(Availability::IfNeedBe) => (Some("abs"), "wait"),
        Some(Availability::No) => (Some("dec"), "dim"),
        None => (None, "dim"),
    }
}

/// A meeting for whoever may answer: a draft whose times are offered is there for every seat.
async fn read(caller: &Caller, here: &Here, number: i32) -> Result<(Meeting, Poll)> {
    let db = caller.house.read();
    let meeting = meetings::by_number(db, here.council.id, number).await?;
    let poll = Poll::of(db, meeting.id).await?;
    let secretariat = here.may(caller, Right::Secretariat);
    let asked = !poll.dates.is_empty() && here.inside(caller);
    if secretariat || asked { Ok((meeting, poll)) } else { Err(Error::NotFound) }
}

/// `GET …/meetings/{n}/dates`.
#[get("/<_>/meetings/<number>/dates")]
pub(super) async fn show(who: SignedIn<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, number, FormState::fresh(&who)).await
}

async fn page(caller: &Caller, here: &Here, number: i32, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let (meeting, poll) = read(caller, here, number).await?;
    let bench = Bench::of(db, &here.council).await?;
    let quorum = here.council.rules(db).await?.procedure(Weight::Ordinary)?.quorum.needed(bench.occupied() as u32) as usize;
    let open = meeting.state == MeetingState::Draft;
    let me = caller.signed.as_ref().map(|s| s.person.id).filter(|_| here.may(caller, Right::Vote));
    let own = match me {
        Some(me) => super::presence::seat_of(caller, &meeting, me).await?,
        None => None,
    };
    let word = |a: Option<Availability>| lang.t(&format!("meetings.dates.answers.{}", a.map_or("none", Availability::as_str)));
    let when = |d: &Date| dates::appointment(d.starts_at, now, lang);
    let offered = poll.dates.iter().map(|d| {
        let count = poll.count(d.id, &bench.seats);
        let silent = bench.occupied() - count.yes - count.if_need_be - count.no;
        let with = [("yes", count.yes), ("maybe", count.if_need_be), ("no", count.no), ("silent", silent)].map(|(k, n)| (k, n.to_string()));
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let reached = match (count.yes >= quorum, count.yes + count.if_need_be >= quorum) {
            (true, _) => "enough",
            (false, true) => "just_enough",
            (false, false) => "not_enough",
        };
        let name = format!("answer-{}", d.starts_at.timestamp());
        let said = match (form.values.get(&name), me.zip(own.as_ref())) {
            (Some(typed), _) => typed.parse().ok(),
            (None, Some((me, seat))) => poll.person(d.id, seat.id, me),
            _ => None,
        };
        Offered {
            value: d.starts_at.to_rfc3339(),
            name,
            when: when(d),
            counts: lang.say("meetings.dates.counts", &with),
            quorum: lang.say(&format!("meetings.dates.{reached}"), &[("n", &quorum.to_string())]),
            enough: reached != "not_enough",
            choices: Availability::ALL.iter().map(|a| Choice { value: a.as_str(), word: word(Some(*a)), checked: said == Some(*a) }).collect(),
            taken: d.starts_at == meeting.starts_at,
        }
    });
    let offered: Vec<Offered> = offered.collect();
    let rows = bench.seats.iter().filter(|s| !s.vacant()).map(|s| Row {
        number: s.number,
        class_word: class(s, lang),
        who: bench.name(s, lang),
        cells: poll
            .dates
            .iter()
            .map(|d| {
                let said = poll.seat(d.id, s);
                let (mark, class) = mark(said);
                Cell { when: when(d), mark, word: word(said), class }
            })
            .collect(),
    });
    let fields = FIELDS.iter().enumerate().map(|(i, name)| Field {
        name,
        label: lang.say("meetings.dates.nth", &[("n", &(i + 1).to_string())]),
        value: match form.id.as_deref() {
            Some("offer") => form.values.get(*name).cloned().unwrap_or_default(),
            _ => poll.dates.get(i).map(|d| dates::local(d.starts_at).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default(),
        },
        error: form.errors.get(*name).cloned(),
    });
    let n = number.to_string();
    let base = format!("{}/meetings/{number}", here.root);
    let secretariat = here.may(caller, Right::Secretariat);
    let to_meeting = if open && !here.may(caller, Right::Preside) { format!("{}/meetings", here.root) } else { base.clone() };
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &n)]), to_meeting),
            Crumb::here(lang.t("meetings.dates.heading")),
        ],
        title: lang.say("meetings.dates.title", &[("n", &n)]),
        council: here.council.name(lang).to_owned(),
        action: format!("{base}/dates"),
        version: meeting.version,
        rows: if offered.is_empty() { vec![] } else { rows.collect() },
        seat: own.filter(|_| open && !offered.is_empty()).map(|s| bench.name(&s, lang)),
        offered,
        secretariat,
        open,
        fields: fields.collect(),
        dates_error: form.errors.get("dates").cloned(),
        offer: form.or("offer", []),
        answer: form.or("answer", []),
        choice: form.or("choice", []),
        form,
    };
    let mut frame = here.frame(caller, page.title.clone()).class("pg-council");
    if secretariat {
        frame = frame.at_work();
    }
    caller.page(frame, "meetings/dates", &page)
}

async fn done(caller: &Caller, here: &Here, number: i32, sent: &Sent<'_>, done: Result<()>, saying: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/meetings/{number}/dates", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(caller, here, number, form).await?.status(status))
        }
    }
}

async fn meeting(act: &Act, here: &Here, number: i32) -> Result<Meeting> {
    meetings::by_number(act.tx(), here.council.id, number).await
}

/// `POST …/meetings/{n}/dates`: the secretary offers two to six times, and every member is asked.
#[post("/<_>/meetings/<number>/dates", data = "<sent>")]
pub(super) async fn offer(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    read(&staff, &here, number).await?;
    let offered = async {
        let mut times: Vec<DateTime<Utc>> = vec![];
        for field in FIELDS {
            if let Some(typed) = sent.given(field) {
                times.push(dates::at(typed).ok_or_else(|| Refusal::new("date_time").at(field))?);
            }
        }
        let act = staff.begin(&sent).await?;
        meeting(&act, &here, number).await?.unchanged_since(sent.version()?)?.offer_dates(&act, times).await?;
        act.commit().await
    }
    .await;
    done(&staff, &here, number, &sent, offered, "meetings.said.dates_offered").await
}

/// `POST …/meetings/{n}/dates/answers`: a member says for each time whether they can come.
#[post("/<_>/meetings/<number>/dates/answers", data = "<sent>")]
pub(super) async fn answer(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&member).await?;
    read(&member, &here, number).await?;
    let answered = async {
        let mut said: BTreeMap<DateTime<Utc>, Availability> = BTreeMap::new();
        for (name, value) in sent.fields() {
            let Some(time) = name.strip_prefix("answer-").and_then(|t| t.parse().ok()).and_then(|t| DateTime::from_timestamp(t, 0)) else { continue };
            said.insert(time, value.parse()?);
        }
        if said.is_empty() {
            return Err(Refusal::new("dates_unanswered").into());
        }
        let act = member.begin(&sent).await?;
        let meeting = meeting(&act, &here, number).await?;
        let me = member.signed.person.id;
        let seat = meeting.seat_of(act.tx(), me).await?;
        meeting.answer_dates(&act, &seat, me, &said).await?;
        act.commit().await
    }
    .await;
    done(&member, &here, number, &sent, answered, "meetings.said.dates_answered").await
}

/// `POST …/meetings/{n}/dates/choice`: one of them becomes the meeting's time.
#[post("/<_>/meetings/<number>/dates/choice", data = "<sent>")]
pub(super) async fn choose(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    read(&staff, &here, number).await?;
    let chosen = async {
        let time = DateTime::parse_from_rfc3339(sent.text("date")).map_err(|_| Refusal::new("unknown_choice").at("date"))?.to_utc();
        let act = staff.begin(&sent).await?;
        meeting(&act, &here, number).await?.unchanged_since(sent.version()?)?.take_date(&act, time).await?;
        act.commit().await
    }
    .await;
    done(&staff, &here, number, &sent, chosen, "meetings.said.date_taken").await
}
