//! `POST /b/{building}/report/similar`: what the form asks while somebody writes: the kind that it is probably about, and
//! open matters that it may be the same as. Nothing is kept of it. In the body, so that no log along the way has the words.

use rocket::http::ContentType;
use rocket::{Route, post, routes};
use serde::Serialize;

use super::building;
use super::known::{self, Known};
use super::where_from::WhereFrom;
use crate::domain::announcements;
use crate::domain::categories;
use crate::domain::issues::{self, Unsent};
use crate::domain::reports::WORDS_MAX;
use crate::kernel::error::Result;
use crate::web::announcements::{Brief, KNOWN_DAYS, briefs};
use crate::web::answer::Answer;
use crate::web::guards::Anyone;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![ask]
}

/// Most that are shown.
const SHOWN: usize = 3;

#[derive(Serialize)]
struct Found {
    /// The code of the kind, where one was guessed.
    kind: Option<String>,
    /// What it went by, as a sentence.
    say: Option<String>,
    /// The matters, as a piece of the page.
    known: String,
}

#[derive(Serialize)]
struct List {
    announced: Vec<Brief>,
    known: Vec<Known>,
}

#[post("/<_>/report/similar", data = "<sent>")]
async fn ask(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let lang = who.lang;
    let words: String = sent.text("words").chars().take(WORDS_MAX).collect();
    let from = WhereFrom::sent(&who, &building, &sent).await?;
    let place = from.place.as_ref();
    let guess = categories::guess(&words, place.map(|p| p.kind));
    let chosen = sent.given("category").and_then(categories::find);
    let unsent = Unsent { building: &building, place, category: chosen.or(guess.as_ref().map(|g| g.category)), words: &words };
    let now = who.house.now();
    let db = &who.house.reading().await?;
    let near = issues::similar(db, now, &unsent, SHOWN).await?;
    let kind = unsent.category.map(|c| c.code.as_str());
    // What the form says already about the place is said again only where it is about this kind of trouble.
    let announced = match kind {
        Some(kind) => announcements::known(db, &building, place, Some(kind), now, KNOWN_DAYS).await?,
        None => vec![],
    };
    let list = List { announced: briefs(&announced, &building, now, lang), known: known::of(&who, db, &building, &near).await? };
    let found = Found {
        say: guess.as_ref().map(|g| {
            let because = g.because.join(&lang.t("reports.guess_join"));
            lang.say("reports.guess", &[("kind", g.category.name(lang)), ("because", &because)])
        }),
        kind: guess.map(|g| g.category.code.clone()),
        known: pieces(&who, &list)?,
    };
    Ok(Answer::bytes(ContentType::JSON, serde_json::to_vec(&found)?).header("Cache-Control", "no-store"))
}

/// The matters and announcements, as pieces of the page.
fn pieces(who: &Anyone<'_>, list: &List) -> Result<String> {
    let mut out = String::new();
    if !list.announced.is_empty() {
        out.push_str(&who.part("announcements/known", list)?);
    }
    if !list.known.is_empty() {
        out.push_str(&who.part("reports/known", list)?);
    }
    Ok(out)
}
