//! All of a building, and one of them: what it says, since when it says so, and what those who wrote it can do.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::brief::{self, Brief, address, briefs};
use crate::domain::announcements::{self, Placed};
use crate::domain::buildings::{self, Building};
use crate::domain::journal::{Entry, Reader, may_read};
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::kernel::journal;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;

pub(super) fn routes() -> Vec<Route> {
    routes![index, show]
}

/// Those that are over, on the list.
const PAST: u64 = 50;

#[derive(Serialize)]
struct Index {
    root: String,
    home: String,
    house: String,
    current: Vec<Brief>,
    past: Vec<Brief>,
    /// The caller may write one.
    writes: bool,
}

fn writes(who: &Caller, building: &Building) -> bool {
    who.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, Right::Announce, building).is_some())
}

#[get("/<building>/announcements")]
async fn index(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now) = (who.lang, who.house.now());
    let building = buildings::by_slug(db, building).await?;
    let page = Index {
        home: format!("/b/{}", building.slug),
        root: format!("/b/{}/announcements", building.slug),
        house: building.name(lang).to_owned(),
        current: briefs(&announcements::current(db, building.id, now).await?, &building, now, lang),
        past: briefs(&announcements::over(db, building.id, now, PAST).await?, &building, now, lang),
        writes: writes(&who, &building),
    };
    let frame = Frame::titled(lang.t("announcements.heading")).of(&who, &building).class("pg-list");
    who.page(frame, "announcements/index", &page)
}

/// What happened to it, and when.
#[derive(Serialize)]
struct Line {
    when: String,
    words: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    own: String,
    brief: Brief,
    words: Vec<String>,
    by: String,
    phone: String,
    dial: String,
    story: Vec<Line>,
    report: String,
    /// The caller may correct and end it.
    changes: bool,
    /// What the button to end it says.
    ending: String,
    version: i32,
    form: FormState,
}

#[get("/<building>/announcements/<number>", rank = 3)]
async fn show(who: Anyone<'_>, building: &str, number: i32) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    let form = FormState::fresh(&who);
    page(&who, &building, number, form).await
}

/// The page of one, with a form that may have been sent.
pub(super) async fn page(who: &Caller, building: &Building, number: i32, form: FormState) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now) = (who.lang, who.house.now());
    let one = announcements::by_number(db, building.id, number).await?;
    let a = &one.announcement;
    let of = organisations::by_id(db, a.organisation_id).await?;
    let home = format!("/b/{}", building.slug);
    let may = writes(who, building)
        && who.signed.as_ref().is_some_and(|s| {
            s.memberships.iter().any(|m| m.role.may(Right::Announce) && m.covers(building) && a.ask_changeable(&m.actor(), now).is_ok())
        });
    let page = Page {
        root: format!("{home}/announcements"),
        own: address(building, number),
        house: building.name(lang).to_owned(),
        brief: brief::brief(&one, building, now, lang),
        words: a.words.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect(),
        by: of.name(lang).to_owned(),
        phone: building.duty_phone.clone(),
        dial: building.duty_phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        story: story(who, db, &one, of.short(lang)).await?,
        report: report(&one, &home),
        changes: may,
        ending: lang.t(if now < a.starts_at { "announcements.call_off" } else { "announcements.end" }),
        version: a.version,
        home,
        form,
    };
    let frame = Frame::titled(a.title.clone()).of(who, building).class("pg-form");
    who.page(frame, "announcements/show", &page)
}

/// Where somebody reports what is not meant by it: at its place, where it has one.
fn report(one: &Placed, home: &str) -> String {
    match one.places.as_slice() {
        [p] => format!("{home}/report?place={}", url::form_urlencoded::byte_serialize(p.code.as_bytes()).collect::<String>()),
        _ => format!("{home}/report"),
    }
}

async fn story(who: &Caller, db: &impl sea_orm::ConnectionTrait, one: &Placed, by: &str) -> Result<Vec<Line>> {
    let lang = who.lang;
    let mut lines = vec![];
    for line in journal::of_object(db, one.announcement.id).await? {
        let entry: Entry = line.entry()?;
        let key = match &entry {
            _ if !may_read(&entry, Reader::Public) => continue,
            Entry::AnnouncementMade(_) => "made",
            Entry::AnnouncementCorrected(_) => "corrected",
            Entry::AnnouncementEnded { called_off: true, .. } => "called_off",
            Entry::AnnouncementEnded { .. } => "ended",
            _ => continue,
        };
        let of = match line.organisation_id {
            Some(id) if id != one.announcement.organisation_id => organisations::by_id(db, id).await?.short(lang).to_owned(),
            _ => by.to_owned(),
        };
        lines.push(Line {
            when: dates::moment(line.at, who.house.now(), lang),
            words: lang.say(&format!("announcements.story.{key}"), &[("by", &of)]),
        });
    }
    Ok(lines)
}
