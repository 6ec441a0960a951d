//! `/b/{building}/exports`: which lists with words from inside were taken along, by whom, how narrowed.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::frame::Frame;
use super::guards::{Administer, May};
use super::shown::states;
use crate::domain::buildings::{self, Place};
use crate::domain::exports::{self, Noted};
use crate::domain::persons::{self, Person};
use crate::domain::{categories, issues};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::PersonId;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

const PAGE: u64 = 50;

#[derive(Serialize)]
struct Line {
    words: String,
    small: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    lines: Vec<Line>,
    older: Option<String>,
}

/// How it was narrowed, in words.
fn narrowed(noted: &Noted, places: &[Place], lang: Lang) -> String {
    let n = &noted.narrowed;
    let say = |key: &str, what: &str| lang.say(&format!("exports.narrowed.{key}"), &[("what", what)]);
    let state = |word: &String| match word.parse::<issues::IssueState>() {
        Ok(state) => states::issue(state, None, None, lang).word.into_owned(),
        Err(_) => lang.t(&format!("issues.tabs.{word}")),
    };
    let place = n.place.and_then(|id| places.iter().find(|p| p.id == id)).map(|p| p.full(lang));
    let all = [
        n.import.map(|i| lang.say("exports.narrowed.import", &[("n", &i.to_string())])),
        n.view.as_ref().map(|v| say("view", &lang.t(&format!("desk.views.{v}")))),
        n.state.as_ref().map(|s| say("state", &state(s))),
        n.category.as_ref().map(|c| say("category", &categories::name(c, lang))),
        place.map(|p| say("place", &p)),
        n.further.then(|| lang.t("exports.further")),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    if all.is_empty() { lang.t("exports.whole") } else { all.join(&lang.t("parts.comma")) }
}

#[get("/<_>/exports?<before>")]
async fn index(who: May<'_, Administer>, before: Option<i64>) -> Result<Answer> {
    let (lang, now, building) = (who.lang, who.house.now(), who.building()?);
    let db = &who.house.reading().await?;
    let noted = exports::of_building(db, building.id, before, PAGE).await?;
    let people: Vec<Person> = persons::by_ids(db, noted.iter().filter_map(|n| n.line.actor_id).map(PersonId)).await?;
    let places = buildings::places_by_ids(db, noted.iter().filter_map(|n| n.narrowed.place).collect()).await?;
    let line = |n: &Noted| {
        let person = people.iter().find(|p| Some(p.id.0) == n.line.actor_id).map_or_else(|| lang.t("story.somebody"), |p| p.name(lang).to_owned());
        let list = lang.t(&format!("exports.list.{}", n.list.as_str()));
        Line {
            words: lang.say("exports.line", &[("who", &person), ("list", &list), ("rows", &n.rows.to_string())]),
            small: lang.say("exports.small", &[("at", &dates::moment(n.line.at, now, lang)), ("narrowed", &narrowed(n, &places, lang))]),
        }
    };
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        older: noted.last().filter(|_| noted.len() as u64 == PAGE).map(|n| format!("{}/exports?before={}", who.at.root(), n.line.seq)),
        lines: noted.iter().map(line).collect(),
    };
    let frame = Frame::titled(lang.t("exports.title")).of(&who, building).at_work().class("pg-found");
    who.page(frame, "exports/index", &page)
}
