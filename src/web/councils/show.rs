//! The council's own page.

use rocket::get;
use serde::Serialize;

use super::bench::{Bench, class};
use super::lines::MeetingLine;
use super::{Here, items, rules};
use crate::domain::meetings::dates::Poll;
use crate::domain::meetings::items::ItemState;
use crate::domain::meetings::{self, Meeting, MeetingState};
use crate::domain::resolutions::{self, Narrowed, Standing};
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::Anyone;
use crate::web::meetings::dossier;
use crate::web::resolutions::{Line, lines};

/// Resolutions and meetings that stand unfolded.
const NEWEST: usize = 5;

#[derive(Serialize)]
struct SeatLine {
    number: i32,
    class_word: String,
    organisation: String,
    holder: Option<String>,
    deputy: Option<String>,
}

#[derive(Serialize)]
struct Page {
    name: String,
    root: String,
    founded: String,
    occupied: usize,
    quorum: usize,
    seats: Vec<SeatLine>,
    rules: Vec<String>,
    rules_version: i32,
    /// What is to come and what is going on.
    ahead: Vec<MeetingLine>,
    /// A building's owners decide what no council can.
    owners_votes: Option<String>,
    /// Meetings whose time is being chosen.
    asking: Vec<dossier::Opt>,
    past: Vec<MeetingLine>,
    /// The newest; the register has all.
    resolutions: Vec<Line>,
    resolutions_n: i64,
    in_force_n: i64,
    /// What is folded: the newest come first and are enough at a glance.
    older_past: Vec<MeetingLine>,
    /// Where the secretary sees what keeps coming back.
    topics: Option<String>,
    waiting: usize,
    /// What waits, for those with a role here.
    list: Vec<items::Waiting>,
    inside: bool,
    secretariat: bool,
    tools: Option<items::Tools>,
    /// A member brings something up.
    nominate: Option<FormState>,
    form: FormState,
}

/// `GET …/council`.
#[get("/<_>/council")]
pub(super) async fn show(who: Anyone<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, FormState::fresh(&who)).await
}

/// The page, also with a form that was refused.
pub(super) async fn page(caller: &Caller, here: &Here, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let bench = Bench::of(db, &here.council).await?;
    let rules = here.council.rules(db).await?;
    let presiding = here.may(caller, Right::Preside);
    let secretariat = here.may(caller, Right::Secretariat);
    let inside = here.inside(caller);
    let all_items = meetings::items::of_council(db, here.council.id).await?;
    let agenda = |m: &Meeting| all_items.iter().filter(|i| i.meeting_id == Some(m.id)).count();
    let (mut ahead, mut past, mut asking) = (vec![], vec![], vec![]);
    for m in meetings::of_council(db, here.council.id).await? {
        let never_called = !m.is_known();
        let asked = inside && m.state == MeetingState::Draft && !Poll::of(db, m.id).await?.dates.is_empty();
        if asked {
            asking.push(dossier::Opt {
                value: format!("{}/meetings/{}/dates", here.root, m.number),
                label: lang.say("meetings.dates.title", &[("n", &m.number.to_string())]),
            });
        }
        if never_called && !presiding {
            continue;
        }
        let line = MeetingLine::of(here, &m, agenda(&m), now, lang);
        match m.state {
            MeetingState::Draft | MeetingState::Called | MeetingState::Open => ahead.push(line),
            MeetingState::Closed | MeetingState::Cancelled => past.push(line),
        }
    }
    ahead.reverse();
    let in_force = Narrowed::at(now);
    let every = Narrowed { standing: Standing::All, ..in_force.clone() };
    let mut adopted = resolutions::list(db, here.council.id, &every, NEWEST as u64).await?;
    adopted.truncate(NEWEST);
    let waiting = all_items.iter().filter(|i| i.state == ItemState::Proposed).count();
    let list = if inside { items::waiting(caller, here, &all_items).await? } else { vec![] };
    let tools = if secretariat { Some(items::Tools::of(lang, &form)) } else { None };
    let seats = bench.seats.iter().map(|s| SeatLine {
        number: s.number,
        class_word: class(s, lang),
        organisation: bench.organisation(s.organisation_id, lang),
        holder: bench.person(s.person_id, lang),
        deputy: bench.person(s.deputy_id, lang),
    });
    let older_past = past.split_off(NEWEST.min(past.len()));
    let page = Page {
        name: here.council.name(lang).to_owned(),
        root: here.root.clone(),
        founded: dates::parse(&here.council.founded_on).map(|d| dates::short(d, dates::local(now).date(), lang)).unwrap_or_default(),
        occupied: bench.occupied(),
        quorum: bench.occupied() / 2 + 1,
        seats: seats.collect(),
        rules: rules::in_words(&rules, lang),
        rules_version: rules.version,
        owners_votes: here.building().map(|_| format!("{}/council/owners-votes", here.root)),
        ahead,
        asking,
        past,
        resolutions: lines(caller, here, &adopted, now),
        resolutions_n: resolutions::count(db, here.council.id, &every).await?,
        in_force_n: resolutions::count(db, here.council.id, &in_force).await?,
        older_past,
        topics: (here.building().is_some() && here.may(caller, Right::Secretariat)).then(|| format!("{}/council/topics", here.root)),
        waiting,
        list,
        inside,
        secretariat,
        tools,
        nominate: (!secretariat && here.may(caller, Right::Vote)).then(|| form.or("nominate", [])),
        form,
    };
    let mut frame = here.frame(caller, lang.t("councils.title")).class("pg-council");
    if secretariat {
        frame = frame.at_work();
    }
    caller.page(frame, "councils/show", &page)
}
