//! One matter for machines: what happened to it as a feed, what is to come as a calendar. And the calendar of a list.

use atom_syndication::{Entry, Feed, Link, Person, Text};
use rocket::http::ContentType;
use rocket::request::FromParam;
use rocket::{Route, get, routes};
use sha2::{Digest as _, Sha256};

use super::feeds;
use super::filter::Asked;
use crate::domain::announcements::{Placed, Stage};
use crate::domain::buildings::{self, Building, place};
use crate::domain::issues::{Issue, IssueState, NextDay, PublicRow};
use crate::domain::meetings::{self, Meeting, items};
use crate::domain::{councils, effect_checks, subscriptions};
use crate::kernel::error::{Error, Result};
use crate::web::announcements;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::guards::Anyone;
use crate::web::ical::{self, Event, When};
use crate::web::shown::states;

pub(super) fn routes() -> Vec<Route> {
    routes![all]
}

/// In what shape a matter is asked for: `214`, `214.json`, `214.atom`, `214.ics`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Page,
    Record,
    Feed,
    Calendar,
}

/// A matter's number as its address has it.
pub(super) struct Named {
    pub number: i32,
    pub shape: Shape,
}

impl<'a> FromParam<'a> for Named {
    type Error = ();
    fn from_param(param: &'a str) -> Result<Self, ()> {
        let (number, shape) = match param.rsplit_once('.') {
            None => (param, Shape::Page),
            Some((number, "json")) => (number, Shape::Record),
            Some((number, "atom")) => (number, Shape::Feed),
            Some((number, "ics")) => (number, Shape::Calendar),
            Some(_) => return Err(()),
        };
        Ok(Self { number: number.parse().map_err(|_| ())?, shape })
    }
}

/// The matter for machines.
pub(super) async fn file(who: &Caller, building: &Building, issue: &Issue, shape: Shape) -> Result<Answer> {
    match shape {
        Shape::Feed => return feed(who, building, issue).await,
        Shape::Record => return feeds::single(who, building, issue.number).await,
        Shape::Page | Shape::Calendar => {}
    }
    let title = format!("{} {}", building.label(issue.number), issue.title_for_public(who.lang));
    Ok(calendar(&title, &of_issue(who, building, issue).await?))
}

/// Entries are told by the order in which they happened: no id of theirs says when.
async fn feed(who: &Caller, building: &Building, issue: &Issue) -> Result<Answer> {
    let lang = who.lang;
    let html = address(who, building, issue.number);
    let own = format!("{html}.atom");
    let told = subscriptions::story_of_issue(&who.house, building, issue, lang).await?;
    let link = |rel: &str, href: &str, kind: &str| Link { rel: rel.into(), href: href.into(), mime_type: Some(kind.into()), ..Link::default() };
    let mut entries: Vec<Entry> = told
        .iter()
        .enumerate()
        .map(|(i, t)| Entry {
            title: Text::plain(t.words.clone()),
            id: format!("{html}#{}", i + 1),
            updated: dates::rounded(t.at).fixed_offset(),
            links: vec![Link { rel: "alternate".into(), href: html.clone(), ..Link::default() }],
            ..Entry::default()
        })
        .collect();
    entries.reverse();
    let feed = Feed {
        title: Text::plain(format!("{} {}", building.label(issue.number), issue.title_for_public(lang))),
        id: own.clone(),
        updated: dates::rounded(told.last().map_or(issue.received_at, |t| t.at)).fixed_offset(),
        lang: Some(lang.tag().to_owned()),
        links: vec![link("self", &own, "application/atom+xml"), link("alternate", &html, "text/html")],
        authors: vec![Person { name: building.name(lang).to_owned(), ..Person::default() }],
        entries,
        ..Feed::default()
    };
    let kind = ContentType::new("application", "atom+xml").with_params(("charset", "utf-8"));
    Ok(tagged(kind, feed.to_string()))
}

#[get("/<building>/issues.ics?<asked..>")]
async fn all(who: Anyone<'_>, building: &str, asked: Asked) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    let (rows, _) = feeds::rows(&who, &building, &asked, feeds::MANY).await?;
    let mut events: Vec<Event> = rows.iter().filter_map(|r| of_row(&who, &building, r)).collect();
    if asked.with(&[("state", "")]).is_empty() {
        events.extend(meetings_of(&who, &building).await?);
    }
    events.extend(announced(&who, &building, &asked).await?);
    Ok(calendar(&who.lang.say("issues.feed", &[("building", building.name(who.lang))]), &events))
}

/// What is announced of what the calendar is asked for.
async fn announced(who: &Caller, building: &Building, asked: &Asked) -> Result<Vec<Event>> {
    let (lang, now) = (who.lang, who.house.now());
    let event = |a: &Placed| {
        let (own, place) = (&a.announcement, a.places_in_words(lang));
        let off = own.stage(now) == Stage::CalledOff;
        Ok(Event {
            uid: uid(who, building, &format!("announcement-{}", own.number))?,
            when: When::Span(own.starts_at, if off { own.ends_at } else { own.until() }),
            summary: lang.say("announcements.feed", &[("title", &own.title)]),
            words: own.words.clone(),
            place: Some(place),
            address: who.house.settings().address(&announcements::address(building, own.number)),
            changed: own.changed_at,
            version: own.version - 1,
            cancelled: off,
            organizer: None,
        })
    };
    feeds::announced(who, building, asked).await?.iter().map(event).collect()
}

fn calendar(name: &str, events: &[Event]) -> Answer {
    tagged(ical::kind(), ical::calendar(name, events))
}

fn tagged(kind: ContentType, body: String) -> Answer {
    let tag = hex::encode(&Sha256::digest(body.as_bytes())[..10]);
    Answer::bytes(kind, body.into_bytes()).tagged(&tag)
}

fn address(who: &Caller, building: &Building, number: i32) -> String {
    who.house.settings().address(&format!("/b/{}/issues/{number}", building.slug))
}

/// `tingqiao-214-result@louyi.example`.
fn uid(who: &Caller, building: &Building, rest: &str) -> Result<String> {
    Ok(format!("{}-{rest}@{}", building.slug, who.house.settings().public()?.host_str().unwrap_or("localhost")))
}

/// What is owed next, as a day.
struct Owed<'a> {
    number: i32,
    title: String,
    stands: String,
    next: (NextDay, chrono::NaiveDate),
    changed: chrono::DateTime<chrono::Utc>,
    version: i32,
    who: &'a Caller,
    building: &'a Building,
}

impl Owed<'_> {
    fn event(self) -> Result<Event> {
        let lang = self.who.lang;
        let (what, day) = self.next;
        let label = self.building.label(self.number);
        Ok(Event {
            uid: uid(self.who, self.building, &format!("{}-{}", self.number, what.as_str()))?,
            when: When::Day(day),
            summary: lang.say("subscriptions.event", &[("label", &label), ("title", &self.title), ("what", &lang.t(what.key()))]),
            words: self.stands,
            place: None,
            address: address(self.who, self.building, self.number),
            changed: dates::rounded(self.changed),
            version: self.version,
            cancelled: false,
            organizer: None,
        })
    }
}

fn of_row(who: &Caller, building: &Building, r: &PublicRow) -> Option<Event> {
    let lang = who.lang;
    let place = place::public_words(r.tower.as_deref(), r.floor.as_deref(), lang.pick(&r.place_name, &r.place_name_en), r.let_to_one, lang);
    let state = states::issue(r.state, r.closed_by, None, lang).word;
    let owed = Owed {
        number: r.number,
        title: super::list::title(r, lang),
        stands: lang.say("subscriptions.news.stands", &[("place", &place), ("state", &state)]),
        next: r.next_day()?,
        changed: r.moved_at,
        version: 0,
        who,
        building,
    };
    owed.event().ok()
}

async fn of_issue(who: &Caller, building: &Building, issue: &Issue) -> Result<Vec<Event>> {
    let (db, lang) = (who.house.read(), who.lang);
    let place = buildings::place_by_id(db, issue.place_id).await?.public(lang);
    let state = states::of(issue, None, lang).word;
    let stands = lang.say("subscriptions.news.stands", &[("place", &place), ("state", &state)]);
    let title = issue.title_for_public(lang);
    let mut events = vec![];
    if let Some(next) = issue.next_day() {
        let owed =
            Owed { number: issue.number, title: title.clone(), stands: stands.clone(), next, changed: issue.moved_at, version: 0, who, building };
        events.push(owed.event()?);
    }
    for check in effect_checks::of_issue(db, issue.id).await?.into_iter().filter(|c| c.verdict.is_none()) {
        let Some(day) = dates::parse(&check.planned_on) else { continue };
        let label = building.label(issue.number);
        events.push(Event {
            uid: uid(who, building, &format!("{}-check-{}", issue.number, check.planned_on))?,
            when: When::Day(day),
            summary: lang.say("subscriptions.event", &[("label", &label), ("title", &title), ("what", &lang.t("subscriptions.due.check"))]),
            words: stands.clone(),
            place: None,
            address: address(who, building, issue.number),
            changed: dates::rounded(issue.moved_at),
            version: 0,
            cancelled: false,
            organizer: None,
        });
    }
    let listed = items::of_issue(db, issue.id).await?.into_iter().filter_map(|i| i.meeting_id).collect();
    for meeting in meetings::by_ids(db, listed).await? {
        events.extend(of_meeting(who, building, &meeting).await?);
    }
    // A merged matter goes on as another one.
    if issue.state == IssueState::Merged { Ok(vec![]) } else { Ok(events) }
}

async fn meetings_of(who: &Caller, building: &Building) -> Result<Vec<Event>> {
    let db = who.house.read();
    let council = match councils::of_building(db, building.id).await {
        Ok(council) => council,
        Err(Error::NotFound) => return Ok(vec![]),
        Err(e) => return Err(e),
    };
    let mut events = vec![];
    for meeting in meetings::of_council(db, council.id).await? {
        events.extend(of_meeting(who, building, &meeting).await?);
    }
    Ok(events)
}

/// A meeting that has been called; a draft is not public. One that was called off says so.
async fn of_meeting(who: &Caller, building: &Building, m: &Meeting) -> Result<Option<Event>> {
    let council = m.council(who.house.read()).await?;
    if council.building_id != Some(building.id) {
        return Ok(None);
    }
    meetings::calendar::event(&who.house, m, who.lang).await
}
