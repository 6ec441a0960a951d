//! A building's own page: what has come of what people said, and what goes on.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
mod founding;

pub(super) use founding::routes_of_district;

use rocket::{Route, get, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::announcements::{Brief, briefs};
use super::answer::Answer;
use super::caller::Caller;
use super::frame::Frame;
use super::guards::Anyone;
use super::issues::list::{self, Line};
use super::shown::charts::{Figure, section};
use crate::domain::announcements;
use crate::domain::buildings::{self, Building};
use crate::domain::councils::{self, Council};
use crate::domain::editions::{self, EditionState};
use crate::domain::figures::{self, Figures};
use crate::domain::incoming;
use crate::domain::issues::{self, IssueState, PublicFilter};
use crate::domain::meetings::{self, MeetingState, items, publicity};
use crate::domain::persons;
use crate::domain::resolutions::{self, ResolutionState};
use crate::domain::rights::Right;
use crate::kernel::calendar::BEIJING;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::web::dates;

pub(super) fn routes() -> Vec<Route> {
    [routes![show], founding::routes()].concat()
}

/// Rows of each part.
const FEW: u32 = 5;

/// A figure with its denominator and period.
#[derive(Serialize)]
pub struct Fig {
    term: String,
    value: String,
    small: String,
}

#[derive(Serialize)]
struct Part {
    id: &'static str,
    heading: String,
    rows: Vec<Line>,
    href: String,
    all: String,
}

#[derive(Serialize)]
struct Meeting {
    href: String,
    number: i32,
    at: String,
    place: String,
    items: Vec<String>,
}

/// A line that leads on: a resolution, an edition.
#[derive(Serialize)]
pub struct Leads {
    pub href: String,
    pub words: String,
    pub small: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    district: Leads,
    name: String,
    address: String,
    phone: String,
    /// Where to write to, if mail is taken here.
    mail: Option<String>,
    dial: String,
    /// What is known beforehand.
    announcements: Vec<Brief>,
    /// The caller may write one.
    announces: bool,
    lead: Vec<String>,
    figs: Vec<Fig>,
    section: Option<Figure>,
    parts: Vec<Part>,
    quiet: bool,
    meeting: Option<Meeting>,
    resolutions: Vec<Leads>,
    editions: Vec<Leads>,
    council: Option<String>,
    posters: bool,
    /// Whether the caller sees to groups that are told here.
    channels: bool,
    slips: bool,
    /// The caller brings former matters over here.
    imports: bool,
    /// The caller makes keys for devices here, and looks after the building itself.
    devices: bool,
    /// The caller works here, and sees with whom.
    people: bool,
}

/// The first instant of this month, at the district's own time.
pub fn month(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = dates::local(now).date();
    let first = NaiveDate::from_ymd_opt(today.year(), today.month(), 1).unwrap_or(today);
    first.and_time(chrono::NaiveTime::MIN).and_local_timezone(BEIJING).single().map_or(now, |t| t.to_utc())
}

#[get("/<building>")]
async fn show(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now) = (who.lang, who.house.now());
    let building = buildings::by_slug(db, building).await?;
    let district = buildings::district_by_id(db, building.district_id).await?;
    let since = month(now);
    let figures = figures::of_building(db, building.id, since, now).await?;
    let floors = figures::by_floor(db, building.id, now).await?;
    let council = match councils::of_building(db, building.id).await {
        Ok(c) => Some(c),
        Err(Error::NotFound) => None,
        Err(e) => return Err(e),
    };
    let root = format!("/b/{}", building.slug);
    let page = Page {
        district: Leads {
            href: format!("/d/{}", district.slug),
            words: district.name(lang).to_owned(),
            small: lang.pick(&district.street, &district.street_en).to_owned(),
        },
        name: building.name(lang).to_owned(),
        address: building.address.clone(),
        dial: building.duty_phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        phone: building.duty_phone.clone(),
        mail: incoming::address_of(&who.house, &building),
        announcements: announced(db, &building, now, lang).await?,
        announces: may(&who, &building, Right::Announce),
        lead: lead(&figures, lang),
        figs: figs(&figures, since, now, lang),
        section: section::draw(&building, &floors, None, lang),
        parts: parts(&who, db, &building, &root).await?,
        quiet: building.last_issue_number == 0,
        meeting: next_meeting(&who, db, council.as_ref(), &root).await?,
        resolutions: latest_resolutions(&who, db, council.as_ref(), &building, &root).await?,
        editions: latest_editions(&who, db, &building, &root).await?,
        council: council.map(|c| c.name(lang).to_owned()),
        slips: may(&who, &building, Right::Slips),
        imports: may(&who, &building, Right::Import),
        devices: may(&who, &building, Right::Administer),
        people: may(&who, &building, Right::People),
        posters: may(&who, &building, Right::Posters),
        channels: may(&who, &building, Right::Channels),
        root,
    };
    let feed = format!("{}/issues.atom", page.root);
    let frame = Frame::titled(page.name.clone()).of(&who, &building).class("pg-house").feed(feed);
    who.page(frame, "buildings/show", &page)
}

/// What runs and what comes next; the rest is on its own page.
const ANNOUNCED: usize = 3;

async fn announced(db: &impl ConnectionTrait, building: &Building, now: DateTime<Utc>, lang: Lang) -> Result<Vec<Brief>> {
    let mut current = announcements::current(db, building.id, now).await?;
    current.truncate(ANNOUNCED);
    Ok(briefs(&current, building, now, lang))
}

fn may(who: &Caller, building: &Building, right: Right) -> bool {
    who.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, right, building).is_some())
}

/// `这个月，楼里说了86件事，11件正在办，1件逾期。` in phrases.
fn lead(f: &Figures, lang: Lang) -> Vec<String> {
    let with = [("received", f.received), ("open", f.open), ("late", f.late)].map(|(k, n)| (k, n.to_string()));
    let with: Vec<(&str, &str)> = with.iter().map(|(k, n)| (*k, n.as_str())).collect();
    let key = match (f.received, f.open, f.late) {
        (0, 0, _) => "buildings.lead.nothing",
        (_, 0, _) => "buildings.lead.settled",
        (_, _, 0) => "buildings.lead.open",
        _ => "buildings.lead.late",
    };
    lang.say(key, &with).split('|').map(str::to_owned).collect()
}

fn figs(f: &Figures, since: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> Vec<Fig> {
    let since = dates::short(dates::local(since).date(), dates::local(now).date(), lang);
    let of = |key: &str, a: i64, b: i64, with: &[(&str, &str)]| Fig {
        term: lang.t(&format!("buildings.figs.{key}")),
        value: format!("{a}/{b}"),
        small: lang.say(&format!("buildings.figs.{key}_small"), with),
    };
    let (silent, open, checked) = (f.silent.to_string(), f.open.to_string(), f.checked.to_string());
    vec![
        of("answered", f.answered, f.reports, &[("since", &since)]),
        of("confirmed", f.confirmed, f.done, &[("since", &since), ("silent", &silent)]),
        of("effective", f.effective, f.checked, &[("n", &checked)]),
        of("late", f.late, f.open, &[("n", &open)]),
    ]
}

async fn parts(who: &Caller, db: &impl ConnectionTrait, building: &Building, root: &str) -> Result<Vec<Part>> {
    use IssueState::*;
    let all: [(&'static str, &[IssueState], &str); 3] = [
        ("open", &[Received, Accepted, InWork, OnAgenda, Done, LongTerm], "open"),
        ("decided", &[Decided], "decided"),
        ("closed", &[Closed], "closed"),
    ];
    let (now, calendar) = (who.house.now(), who.house.calendar());
    let mut parts = vec![];
    for (id, states, tab) in all {
        let filter = PublicFilter { states: states.to_vec(), ..PublicFilter::default() };
        let mut rows = issues::public_list(db, who.house.now(), building.id, &filter, FEW).await?;
        let more = rows.len() > FEW as usize;
        rows.truncate(FEW as usize);
        if rows.is_empty() {
            continue;
        }
        parts.push(Part {
            id,
            heading: who.lang.t(&format!("buildings.parts.{id}")),
            rows: rows.iter().map(|r| list::line(r, building, now, &calendar, who.lang)).collect(),
            href: format!("{root}/issues?state={tab}"),
            all: who.lang.t(if more { "buildings.parts.all" } else { "buildings.parts.list" }),
        });
    }
    Ok(parts)
}

async fn next_meeting(who: &Caller, db: &impl ConnectionTrait, council: Option<&Council>, root: &str) -> Result<Option<Meeting>> {
    let Some(council) = council else { return Ok(None) };
    let now = who.house.now();
    let all = meetings::of_council(db, council.id).await?;
    // A draft is not public: nobody has been told yet.
    let coming = all.into_iter().filter(|m| matches!(m.state, MeetingState::Called | MeetingState::Open)).min_by_key(|m| m.starts_at);
    let Some(m) = coming else { return Ok(None) };
    let items = items::of_meeting(db, m.id).await?;
    let day = dates::day(dates::local(m.starts_at).date(), dates::local(now).date(), who.lang);
    Ok(Some(Meeting {
        href: format!("{root}/meetings/{}", m.number),
        number: m.number,
        at: who.lang.say("dates.moment", &[("date", &day), ("time", &dates::local(m.starts_at).format("%H:%M").to_string())]),
        place: m.place,
        items: items.into_iter().filter(|i| i.public).map(|i| i.title).collect(),
    }))
}

async fn latest_resolutions(
    who: &Caller,
    db: &impl ConnectionTrait,
    council: Option<&Council>,
    building: &Building,
    root: &str,
) -> Result<Vec<Leads>> {
    let Some(council) = council else { return Ok(vec![]) };
    let lang = who.lang;
    let all = publicity::veil(db, resolutions::of_council(db, council.id, 3).await?, lang).await?;
    let state = |s: ResolutionState| lang.t(&format!("buildings.resolution.{}", s.as_str()));
    Ok(all
        .into_iter()
        .map(|r| Leads {
            href: format!("{root}/resolutions/{}", r.address()),
            small: format!("{} {}", r.label(&building.short), state(r.state)),
            words: r.title,
        })
        .collect())
}

async fn latest_editions(who: &Caller, db: &impl ConnectionTrait, building: &Building, root: &str) -> Result<Vec<Leads>> {
    let all = editions::of(db, building.district_id, Some(building.id), 6).await?;
    let published = all.into_iter().filter(|e| e.state == EditionState::Published).take(3);
    Ok(published
        .map(|e| Leads {
            href: format!("{root}/bulletin/{}", e.number),
            small: edition_line(e.number, e.published_at, who.house.now(), who.lang),
            words: e.title,
        })
        .collect())
}

/// `第12期，6月26日`.
pub fn edition_line(number: i32, published: Option<DateTime<Utc>>, now: DateTime<Utc>, lang: Lang) -> String {
    let day = published.map(|at| dates::short(dates::local(at).date(), dates::local(now).date(), lang)).unwrap_or_default();
    lang.say("buildings.edition", &[("n", &number.to_string()), ("day", &day)])
}
