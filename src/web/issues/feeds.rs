//! The list for machines: CSV for a spreadsheet, JSON, Atom. The same filters, the same rows that the page shows; answered
//! by 304 before anything is read, as long as nothing moved.

use atom_syndication::{Category, Content, Entry, Feed, Link, Person, Text};
use rocket::http::ContentType;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Route, get, routes};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::filter::{Asked, Narrowed};
use super::list::title;
use crate::domain::announcements::{self, Placed};
use crate::domain::buildings::{self, Building, place};
use crate::domain::categories;
use crate::domain::issues::{self, PublicRow};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::announcements as web;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::guards::Anyone;
use crate::web::sheet;
use crate::web::shown::states;

pub(super) fn routes() -> Vec<Route> {
    routes![csv, json, atom]
}

/// Rows of a spreadsheet or of one JSON document; the next ones follow by `after`.
pub(super) const MANY: u32 = 1000;
/// Entries of a feed.
const ENTRIES: u32 = 50;

/// The tags that the caller already has.
struct Known(Vec<String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Known {
    type Error = std::convert::Infallible;
    async fn from_request(req: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let tags =
            req.headers().get("If-None-Match").flat_map(|v| v.split(',')).map(|t| t.trim().trim_start_matches("W/").trim_matches('"').to_owned());
        Outcome::Success(Known(tags.collect()))
    }
}

/// What is the same as long as the list is.
async fn tag(caller: &Caller, building: &Building, asked: &Asked, kind: &str) -> Result<String> {
    let db = caller.house.read();
    let moved = issues::last_moved(db, building.id).await?.map_or(0, |at| at.timestamp_micros());
    // Only the feed has announcements in it.
    let changed = if kind == "atom" { announcements::last_changed(db, building.id).await?.map_or(0, |at| at.timestamp_micros()) } else { 0 };
    let query = asked.with(&[("after", &asked.after.map(|n| n.to_string()).unwrap_or_default())]);
    // What is told of proofs is as of midnight.
    let day = dates::local(caller.house.now()).date().to_string();
    // Keyed: the instant of the last report must not be read off a tag.
    let parts: [&[u8]; 6] =
        [&moved.to_be_bytes(), &changed.to_be_bytes(), day.as_bytes(), kind.as_bytes(), caller.lang.tag().as_bytes(), query.as_bytes()];
    Ok(hex::encode(&caller.house.keys().derive("list-tag", &parts)[..10]))
}

/// An answer without a body for whoever has this version.
fn unchanged(kind: ContentType, tag: &str) -> Answer {
    Answer::bytes(kind, vec![]).tagged(tag)
}

pub(super) async fn rows(caller: &Caller, building: &Building, asked: &Asked, limit: u32) -> Result<(Vec<PublicRow>, Option<i32>)> {
    let Narrowed { filter, .. } = asked.narrow(caller.house.read(), building, caller.lang).await?;
    let mut rows = issues::public_list(caller.house.read(), caller.house.now(), building.id, &filter, limit).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = more.then(|| rows.last().map(|r| r.number)).flatten();
    Ok((rows, next))
}

/// A row for machines: days and hours, no exact time of a report.
#[derive(Serialize)]
struct Record {
    label: String,
    number: i32,
    title: String,
    category: String,
    category_name: String,
    place: String,
    state: &'static str,
    closed_by: Option<&'static str>,
    state_name: String,
    reports: i32,
    /// Of these, people who have proven where they work, as of the last midnight.
    proven: i64,
    /// Workers for whom enterprises speak, apart from the reports.
    represented: i64,
    holder: Option<String>,
    received: String,
    moved: String,
    result_due: Option<String>,
    merged_into: Option<String>,
    address: String,
}

/// One matter as JSON: the same record that stands in the list's.
pub(super) async fn single(caller: &Caller, building: &Building, number: i32) -> Result<Answer> {
    let row = issues::public_one(caller.house.read(), caller.house.now(), building.id, number).await?;
    let body = serde_json::to_vec(&record(&row, caller, building))?;
    let tag = hex::encode(&Sha256::digest(&body)[..10]);
    Ok(Answer::bytes(ContentType::JSON, body).tagged(&tag))
}

fn hour(at: chrono::DateTime<chrono::Utc>) -> String {
    dates::local(dates::rounded(at)).format("%Y-%m-%dT%H:00:00+08:00").to_string()
}

fn record(r: &PublicRow, caller: &Caller, building: &Building) -> Record {
    let lang = caller.lang;
    let into = r.into_number.map(|n| building.label(n));
    let holder = lang.pick(r.holder.as_deref().unwrap_or_default(), r.holder_en.as_deref().unwrap_or_default());
    Record {
        label: building.label(r.number),
        number: r.number,
        title: title(r, lang),
        category: r.category.clone(),
        category_name: categories::name(&r.category, lang),
        place: place::public_words(r.tower.as_deref(), r.floor.as_deref(), lang.pick(&r.place_name, &r.place_name_en), r.let_to_one, lang),
        state: r.state.as_str(),
        closed_by: r.closed_by.map(|c| c.as_str()),
        state_name: states::issue(r.state, r.closed_by, into.as_deref(), lang).word.into_owned(),
        reports: r.reports,
        proven: r.proven,
        represented: r.represented,
        holder: Some(holder.to_owned()).filter(|h| !h.is_empty()),
        received: hour(r.received_at),
        moved: hour(r.moved_at),
        result_due: r.result_due.map(|d| dates::local(d - chrono::Duration::minutes(1)).format("%Y-%m-%d").to_string()),
        merged_into: into,
        address: format!("{}/b/{}/issues/{}", public_url(caller), building.slug, r.number),
    }
}

fn public_url(caller: &Caller) -> &str {
    caller.house.settings().public_url.trim_end_matches('/')
}

#[get("/<building>/issues.csv?<asked..>")]
async fn csv(who: Anyone<'_>, building: &str, asked: Asked, known: Known) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    let tag = tag(&who, &building, &asked, "csv").await?;
    let kind = sheet::csv_type();
    if known.0.contains(&tag) {
        return Ok(unchanged(kind, &tag));
    }
    let (rows, _) = rows(&who, &building, &asked, MANY).await?;
    let head = [
        "label",
        "title",
        "category",
        "place",
        "state",
        "reports",
        "proven",
        "represented",
        "holder",
        "received",
        "moved",
        "result_due",
        "merged_into",
        "address",
    ];
    let line = |r: &PublicRow| {
        let r = record(r, &who, &building);
        let (holder, due, into) = (r.holder.unwrap_or_default(), r.result_due.unwrap_or_default(), r.merged_into.unwrap_or_default());
        let counts = [r.reports.to_string(), r.proven.to_string(), r.represented.to_string()];
        let before = [r.label, r.title, r.category_name, r.place, r.state_name.to_owned()].into_iter().chain(counts);
        before.chain([holder, r.received, r.moved, due, into, r.address]).collect()
    };
    let head = head.map(|h| who.lang.t(&format!("issues.csv.{h}")));
    let bytes = sheet::csv(&head, rows.iter().map(line))?;
    Ok(Answer::bytes(kind, bytes).tagged(&tag).named(&format!("{}-issues.csv", building.slug)))
}

#[derive(Serialize)]
struct Document {
    building: String,
    name: String,
    issues: Vec<Record>,
    next: Option<String>,
}

#[get("/<building>/issues.json?<asked..>")]
async fn json(who: Anyone<'_>, building: &str, asked: Asked, known: Known) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    let tag = tag(&who, &building, &asked, "json").await?;
    if known.0.contains(&tag) {
        return Ok(unchanged(ContentType::JSON, &tag));
    }
    let (rows, next) = rows(&who, &building, &asked, MANY).await?;
    let next = next.map(|n| format!("{}/b/{}/issues.json{}", public_url(&who), building.slug, asked.with(&[("after", &n.to_string())])));
    let issues = rows.iter().map(|r| record(r, &who, &building)).collect();
    let document = Document { building: building.slug.clone(), name: building.name(who.lang).to_owned(), issues, next };
    Ok(Answer::bytes(ContentType::JSON, serde_json::to_vec(&document)?).tagged(&tag))
}

#[get("/<building>/issues.atom?<asked..>")]
async fn atom(who: Anyone<'_>, building: &str, asked: Asked, known: Known) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    let tag = tag(&who, &building, &asked, "atom").await?;
    let kind = ContentType::new("application", "atom+xml").with_params(("charset", "utf-8"));
    if known.0.contains(&tag) {
        return Ok(unchanged(kind, &tag));
    }
    let (rows, _) = rows(&who, &building, &asked, ENTRIES).await?;
    let lang = who.lang;
    let html = format!("{}/b/{}/issues{}", public_url(&who), building.slug, asked.with(&[]));
    let own = format!("{}/b/{}/issues.atom{}", public_url(&who), building.slug, asked.with(&[]));
    let mut entries: Vec<_> = rows.iter().map(|r| entry(record(r, &who, &building), dates::rounded(r.moved_at), lang)).collect();
    let announced = announced(&who, &building, &asked).await?;
    entries.extend(announced.iter().map(|a| announcement(&who, &building, a)));
    entries.sort_by_key(|e| std::cmp::Reverse(e.updated));
    let updated = entries.first().map_or_else(|| dates::rounded(building.created_at).fixed_offset(), |e| e.updated);
    let link = |rel: &str, href: String, kind: &str| Link { rel: rel.into(), href, mime_type: Some(kind.into()), ..Link::default() };
    let feed = Feed {
        title: Text::plain(lang.say("issues.feed", &[("building", building.name(lang))])),
        id: own.clone(),
        updated,
        lang: Some(lang.tag().to_owned()),
        links: vec![link("self", own, "application/atom+xml"), link("alternate", html, "text/html")],
        authors: vec![Person { name: building.name(lang).to_owned(), ..Person::default() }],
        entries,
        ..Feed::default()
    };
    Ok(Answer::bytes(kind, feed.to_string().into_bytes()).tagged(&tag))
}

fn entry(r: Record, moved: chrono::DateTime<chrono::Utc>, lang: Lang) -> Entry {
    let words = lang.say("issues.feed_words", &[("state", &r.state_name), ("place", &r.place), ("n", &r.reports.to_string())]);
    Entry {
        title: Text::plain(format!("{} {}", r.label, r.title)),
        id: r.address.clone(),
        updated: moved.fixed_offset(),
        categories: vec![Category { term: r.category, label: Some(r.category_name), scheme: None }],
        links: vec![Link { rel: "alternate".into(), href: r.address, ..Link::default() }],
        content: Some(Content { content_type: Some("text".into()), value: Some(words), ..Content::default() }),
        ..Entry::default()
    }
}

/// Announcements of a feed or calendar.
const ANNOUNCED: u64 = 20;

/// What was announced of what the address asks for; nothing where it narrows by state or words, which no announcement has.
pub(super) async fn announced(caller: &Caller, building: &Building, asked: &Asked) -> Result<Vec<Placed>> {
    if !asked.with(&[("place", ""), ("category", "")]).is_empty() || asked.after.is_some() {
        return Ok(vec![]);
    }
    let db = caller.house.read();
    let mut all = announcements::latest(db, building.id, ANNOUNCED).await?;
    let given = |v: &Option<String>| v.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
    let (place, category) = (given(&asked.place), given(&asked.category));
    if all.is_empty() || (place.is_none() && category.is_none()) {
        return Ok(all);
    }
    let places = buildings::places(db, building.id).await?;
    let here = place.as_ref().and_then(|code| places.iter().find(|p| p.code == *code));
    all.retain(|a| a.touches(&places, here, category.as_deref()));
    Ok(all)
}

fn announcement(caller: &Caller, building: &Building, a: &Placed) -> Entry {
    let (lang, own) = (caller.lang, &a.announcement);
    let address = caller.house.settings().address(&web::address(building, own.number));
    // How it stands by the clock would change without anybody's doing; what was done by hand is said.
    let words = match own.ended_at {
        Some(_) => lang.t(&format!("announcements.stage.{}", own.stage(own.changed_at).as_str())),
        None => own.words.clone(),
    };
    let when = own.when(own.changed_at, lang);
    let words = lang.say("announcements.feed_words", &[("when", &when), ("place", &a.places_in_words(lang)), ("state", &words)]);
    Entry {
        title: Text::plain(lang.say("announcements.feed", &[("title", &own.title)])),
        id: address.clone(),
        updated: own.changed_at.fixed_offset(),
        links: vec![Link { rel: "alternate".into(), href: address, ..Link::default() }],
        content: Some(Content { content_type: Some("text".into()), value: Some(words), ..Content::default() }),
        ..Entry::default()
    }
}
