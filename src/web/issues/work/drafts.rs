//! `…/drafts`: what is typed is kept, by script while somebody types, or by a button; what is picked is put in.

use rocket::http::Status;
use rocket::{Route, post, routes};

use super::acting::{act_as, again};
use super::messages::speaker;
use super::picking;
use super::room::Room;
use super::show;
use crate::domain::drafts;
use crate::domain::issues;
use crate::domain::messages::Voice;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::guards::{Desk, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![create]
}

/// Keeps what a form has in its box.
pub(super) async fn keep(who: &May<'_, Desk>, number: i32, sent: &Sent<'_>, voice: Voice, words: &str) -> Result<()> {
    let building = who.building()?;
    let caller: &Caller = who;
    let db = caller.house.read();
    let before = issues::by_number(db, building.id, number).await?;
    let mine = speaker(who, &before, &before.parties(db).await?)?;
    let act = caller.begin(act_as(who, mine)?.actor(), sent).await?;
    let issue = issues::hold(&act, building.id, number).await?;
    drafts::keep(&act, &issue, voice, words).await?;
    act.commit().await
}

/// With something put in at the end.
fn with(words: &str, more: &str) -> String {
    if words.is_empty() || words.ends_with(char::is_whitespace) { format!("{words}{more}") } else { format!("{words} {more}") }
}

#[post("/<_>/issues/<number>/drafts", data = "<sent>")]
async fn create(who: May<'_, Desk>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let mut to = format!("{}/issues/{number}/work", who.at.root());
    let mut said = "work.said.kept";
    let done = async {
        let voice: Voice = sent.text("voice").parse().map_err(|r: Refusal| r.at("words"))?;
        to = format!("{to}?voice={voice}#voice-{voice}");
        let typed = sent.text("words");
        let words = match (sent.text("do"), sent.given("name")) {
            ("name", Some(name)) => with(typed, &format!("@{name} ")),
            ("canned", _) => {
                let room = Room::open(&who, number).await?;
                let text = picking::picked(&room, sent.text("canned")).await?;
                text.map_or_else(|| typed.to_owned(), |t| with(typed, &t))
            }
            ("discard", _) => {
                said = "work.said.discarded";
                String::new()
            }
            _ => typed.to_owned(),
        };
        keep(&who, number, &sent, voice, &words).await
    }
    .await;
    match done {
        // By script: the page stays as it is.
        Ok(()) if sent.ticked("quiet") => Ok(Answer::html(String::new()).status(Status::NoContent)),
        Ok(()) => Ok(Answer::go(to).saying(said)),
        Err(Error::Refused(_)) if sent.ticked("quiet") => Ok(Answer::html(String::new()).status(Status::UnprocessableEntity)),
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}
