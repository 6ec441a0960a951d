//! `…/call-back`: a matter that silence closed was drawn; the secretary asks or looks, and writes down what was found.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::call_backs::{self, CallBack, CallResult, Reached};
use crate::domain::reports::choices;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Secretariat};
use crate::web::sent::Sent;
use crate::web::shown::listed;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn drawn(room: &Room<'_>) -> Result<CallBack> {
    call_backs::of_issue(room.caller.house.read(), room.m.issue.id).await?.ok_or(Error::NotFound)
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let call = drawn(room).await?;
    let word = |of: &str, word: &str| lang.t(&format!("call_backs.{of}.{word}"));
    let reached = Reached::ALL.iter().map(|r| Choice::new(r.as_str(), word("reached", r.as_str()))).collect();
    let results = CallResult::ALL.iter().map(|r| Choice::new(r.as_str(), word("result", r.as_str()))).collect();
    let over = call.reached.map(|r| {
        let found: Vec<String> = [Some(word("reached", r.as_str())), call.result.map(|x| word("result", x.as_str()))].into_iter().flatten().collect();
        lang.say("call_backs.recorded", &[("found", &listed(&found, lang))])
    });
    let known = choices(room.caller.house.read(), room.m.issue.id).await?;
    let may = (known.secretary + known.secretary_and_manager).to_string();
    let due = dates::due(call.due_at, now, &room.calendar(), lang).words;
    let sheet =
        Sheet::new(room, "work.call_back", "call-back", form).fact("due", due).fact("may", lang.say("work.call_back.may_be_asked", &[("n", &may)]));
    let sheet = sheet.picks("reached", reached).picks("result", results).optional("words", 500).unless(over);
    sheet.then("then_fixed", &[]).then("then_not", &[]).then("then_counted", &[]).answer().await
}

#[get("/<_>/issues/<number>/call-back")]
async fn new(secretary: May<'_, Secretariat>, number: i32) -> Result<Answer> {
    page(&Room::open(&secretary, number).await?, FormState::fresh(&secretary)).await
}

#[post("/<_>/issues/<number>/call-back", data = "<sent>")]
async fn create(secretary: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&secretary, number, &sent, |_| None).await?;
        let reached: Reached = sent.read("reached").map_err(|_| Refusal::new("unknown_choice").at("reached"))?;
        let result = match sent.given("result") {
            Some(_) => Some(sent.read::<CallResult>("result").map_err(|_| Refusal::new("unknown_choice").at("result"))?),
            None => None,
        };
        let call = call_backs::of_issue(act.tx(), issue.id).await?.ok_or(Error::NotFound)?;
        call.record(&act, issue, reached, result, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&secretary, number, "work.said.called_back")),
        Err(e) => {
            let (room, form, status) = again(&secretary, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
