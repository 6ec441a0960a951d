//! The page that everybody reads.

use rocket::{Route, get, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::words;
use crate::domain::buildings::{self, Building};
use crate::domain::categories;
use crate::domain::persons;
use crate::domain::resolutions;
use crate::domain::rights::Right;
use crate::domain::times::{self, Owed, Times, Version};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

#[derive(Serialize)]
struct Row {
    kind: String,
    first: String,
    result: String,
    /// It is not what the house itself says.
    own: bool,
    /// From a later version: what will be owed.
    later: Option<String>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Past {
    heading: String,
    words: String,
    resolution: Option<Way>,
}

#[derive(Serialize)]
struct Way {
    href: String,
    word: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    now: String,
    groups: Vec<Group>,
    versions: Vec<Past>,
    new: Option<String>,
}

async fn past(db: &impl ConnectionTrait, caller: &Caller, building: &Building, v: &Version) -> Result<Past> {
    let lang = caller.lang;
    let resolution = match v.resolution_id {
        Some(id) => {
            let r = resolutions::by_id(db, id).await?;
            Some(Way { href: format!("/b/{}/resolutions/{}", building.slug, r.address()), word: r.label(&building.short) })
        }
        None => None,
    };
    let from = dates::day(dates::local(v.in_force_from).date(), dates::local(caller.house.now()).date(), lang);
    let heading = lang.say("times.version", &[("n", &v.version.to_string()), ("from", &from)]);
    Ok(Past { heading, words: v.words.clone(), resolution })
}

fn groups(now: &Times, later: Option<&Times>, lang: Lang) -> Vec<Group> {
    let mut all: Vec<Group> = vec![];
    let mut last = "";
    for c in categories::all() {
        if c.group != last {
            last = &c.group;
            all.push(Group { name: lang.t(&format!("reports.groups.{last}")), rows: vec![] });
        }
        let owed = now.of(c);
        let then = later.map(|l| l.of(c)).filter(|l| *l != owed);
        let both = |o: Owed| lang.say("times.both", &[("first", &words(o.first, lang)), ("result", &words(o.result, lang))]);
        let row = Row {
            kind: c.name(lang).to_owned(),
            first: words(owed.first, lang),
            result: words(owed.result, lang),
            own: owed != Owed::of_house(c),
            later: then.map(both),
        };
        if let Some(group) = all.last_mut() {
            group.rows.push(row);
        }
    }
    all
}

#[get("/<building>/times")]
async fn index(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now) = (who.lang, who.house.now());
    let building = buildings::by_slug(db, building).await?;
    let all = times::versions(db, building.id).await?;
    let coming = all.iter().find(|v| v.in_force_from > now);
    let later = match coming {
        Some(v) => Some(times::of_version(db, v.id).await?),
        None => None,
    };
    let mut versions = vec![];
    for v in &all {
        versions.push(past(db, &who, &building, v).await?);
    }
    let here = all.iter().filter(|v| v.in_force_from <= now).max_by_key(|v| (v.in_force_from, v.version));
    let may = who.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, Right::Secretariat, &building).is_some());
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        now: here.map_or_else(|| lang.t("times.of_house"), |v| lang.say("times.of_council", &[("n", &v.version.to_string())])),
        groups: groups(&times::at(db, building.id, now).await?, later.as_ref(), lang),
        versions,
        new: may.then(|| format!("/b/{}/times/new", building.slug)),
    };
    let frame = Frame::titled(lang.t("times.title")).of(&who, &building).here("issues").class("pg-text");
    who.page(frame, "times/index", &page)
}
