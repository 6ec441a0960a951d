//! The register for machines: CSV for a spreadsheet, JSON with what was said to each resolution. The same filters as the page.

use rocket::get;
use rocket::http::ContentType;
use serde::Serialize;

use super::register::{Query, organisation_names};
use crate::domain::categories;
use crate::domain::resolutions::{self, RegisterRow, Statement};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::guards::Anyone;
use crate::web::sheet;

/// Rows of one document; the next ones follow by `after`.
const MANY: u64 = 1000;

#[derive(Serialize)]
struct SaidRecord {
    kind: &'static str,
    organisation: String,
    on: String,
    words: String,
}

/// A row for machines.
#[derive(Serialize)]
struct Record {
    label: String,
    year: i32,
    number: i32,
    title: String,
    state: &'static str,
    state_name: String,
    adopted: String,
    in_force: Option<String>,
    until: Option<String>,
    review: Option<String>,
    ended: Option<String>,
    /// What it does to an earlier one, and to which.
    upon: Option<&'static str>,
    earlier: Option<String>,
    amended: bool,
    category: Option<String>,
    issue: Option<i32>,
    tasks: i64,
    tasks_done: i64,
    verdict: Option<&'static str>,
    statements: Vec<SaidRecord>,
    address: String,
}

fn day(at: chrono::DateTime<chrono::Utc>) -> String {
    dates::local(at).format("%Y-%m-%d").to_string()
}

async fn records(caller: &Caller, here: &Here, query: &Query) -> Result<(Vec<Record>, Option<String>)> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let (asked, inside) = (query.narrowed(caller, here).await?, here.inside(caller));
    let mut rows = resolutions::list(db, here.council.id, &asked, MANY).await?;
    let more = rows.len() as u64 > MANY;
    rows.truncate(MANY as usize);
    let said =
        resolutions::statements_of_all(db, rows.iter().filter(|r| r.published_at.is_some() && (inside || r.public)).map(|r| r.id).collect()).await?;
    let names = organisation_names(caller, said.iter().map(|s| s.organisation_id).collect()).await?;
    let statement = |s: &Statement| SaidRecord {
        kind: s.kind.as_str(),
        organisation: names.iter().find(|(id, _)| *id == s.organisation_id).map(|(_, n)| n.clone()).unwrap_or_default(),
        on: day(s.created_at),
        words: s.words.clone(),
    };
    let base = caller.house.settings().public_url.trim_end_matches('/');
    let record = |r: &RegisterRow| {
        let state = r.state_at(asked.at);
        let passed = |t: Option<chrono::DateTime<chrono::Utc>>| t.filter(|t| *t <= asked.at).map(day);
        Record {
            label: resolutions::number(here.short(), r.year, r.serial),
            year: r.year,
            number: r.serial,
            title: if inside { r.title.clone() } else { r.public_title(lang) },
            state: state.as_str(),
            state_name: lang.t(&format!("resolutions.state.{state}")),
            adopted: day(r.adopted_at),
            in_force: passed(r.in_force_at),
            until: r.force_until.clone(),
            review: r.review_on.clone(),
            ended: passed(r.ended_at),
            upon: r.upon.map(|u| u.as_str()),
            earlier: r.earlier_year.zip(r.earlier_serial).map(|(y, n)| resolutions::number(here.short(), y, n)),
            amended: r.amended > 0,
            category: r.category.as_deref().map(|c| categories::name(c, lang)),
            issue: r.issue_number,
            tasks: r.tasks,
            tasks_done: r.tasks_done,
            verdict: r.verdict.map(|v| v.as_str()),
            statements: said.iter().filter(|s| s.resolution_id == r.id).map(statement).collect(),
            address: format!("{base}{}/resolutions/{}", here.root, r.address()),
        }
    };
    let next = rows.last().filter(|_| more).map(RegisterRow::address);
    Ok((rows.iter().map(record).collect(), next))
}

/// `GET …/council/resolutions.csv`.
#[get("/<_>/council/resolutions.csv?<query..>")]
pub(super) async fn csv(who: Anyone<'_>, query: Query) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (all, _) = records(&who, &here, &query).await?;
    let head = [
        "label",
        "title",
        "state",
        "adopted",
        "in_force",
        "until",
        "review",
        "ended",
        "upon",
        "earlier",
        "category",
        "tasks",
        "tasks_done",
        "verdict",
        "statements",
        "address",
    ];
    let lang = who.lang;
    let line = |r: Record| {
        let upon = r.upon.map(|u| lang.t(&format!("resolutions.upon.{u}"))).unwrap_or_default();
        let verdict = r.verdict.map(|v| lang.t(&format!("verdicts.{v}"))).unwrap_or_default();
        let said: Vec<String> = r
            .statements
            .iter()
            .map(|s| {
                lang.say(
                    "resolutions.csv.said",
                    &[("kind", &lang.t(&format!("resolutions.statement.{}", s.kind))), ("of", &s.organisation), ("words", &s.words)],
                )
            })
            .collect();
        vec![
            r.label,
            r.title,
            r.state_name,
            r.adopted,
            r.in_force.unwrap_or_default(),
            r.until.unwrap_or_default(),
            r.review.unwrap_or_default(),
            r.ended.unwrap_or_default(),
            upon,
            r.earlier.unwrap_or_default(),
            r.category.unwrap_or_default(),
            r.tasks.to_string(),
            r.tasks_done.to_string(),
            verdict,
            said.join("\n"),
            r.address,
        ]
    };
    let head = head.map(|h| lang.t(&format!("resolutions.csv.{h}")));
    let bytes = sheet::csv(&head, all.into_iter().map(line))?;
    Ok(Answer::bytes(sheet::csv_type(), bytes).named("resolutions.csv"))
}

#[derive(Serialize)]
struct Document {
    council: String,
    resolutions: Vec<Record>,
    next: Option<String>,
}

/// `GET …/council/resolutions.json`.
#[get("/<_>/council/resolutions.json?<query..>")]
pub(super) async fn json(who: Anyone<'_>, query: Query) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (resolutions, next) = records(&who, &here, &query).await?;
    let base = who.house.settings().public_url.trim_end_matches('/').to_owned();
    let next = next.map(|a| format!("{base}{}/council/resolutions.json{}", here.root, query.address(Some(&a))));
    let document = Document { council: here.council.name(who.lang).to_owned(), resolutions, next };
    Ok(Answer::bytes(ContentType::JSON, serde_json::to_vec(&document)?))
}
