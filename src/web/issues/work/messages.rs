//! `…/messages`: something is said, in one of three voices. Each voice has a box and a button of its own, so that no
//! draft can end up with the wrong readers. `…/messages/{k}`: it is changed by its author, or withheld.

use rocket::{Route, get, post, routes};

use super::acting::{act_as, again, back, hold};
use super::drafts;
use super::room::Room;
use super::sheet::{Choice, Sheet};
use super::show;
use super::voices::{AS_IT_IS, others, sealed};
use crate::domain::issues::{self, Issue};
use crate::domain::messages::{self, EDIT_HOURS, Message, Voice, WithholdReason};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::{self, FormState};
use crate::web::guards::{Desk, May};
use crate::web::sent::Sent;
use crate::web::shown::listed;

pub(super) fn routes() -> Vec<Route> {
    routes![create, edit, change, withholding, withhold, lift]
}

/// The organisation for which somebody speaks: the nearest to the matter of those whose roles they hold.
pub(super) fn speaker(who: &May<'_, Desk>, issue: &Issue, parties: &[OrganisationId]) -> Result<Option<OrganisationId>> {
    Ok(issue.sight(parties, &who.signed.memberships, who.building()?).by.map(|m| m.organisation_id))
}

/// Whether it is still those who read between the parties whom the button named.
async fn same_readers(who: &May<'_, Desk>, number: i32, sent: &Sent<'_>) -> Result<()> {
    let Some(to) = sent.given("to") else { return Ok(()) };
    let room = Room::open(who, number).await?;
    if sealed(who.house.keys(), &room.parties) == to {
        return Ok(());
    }
    let readers = listed(&others(&room).await?, who.lang);
    Err(Refusal::new("readers_changed").with("readers", readers).at("words").into())
}

#[post("/<_>/issues/<number>/messages", data = "<sent>")]
async fn create(who: May<'_, Desk>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let voice = sent.text("voice").parse::<Voice>();
    let done = async {
        let voice = voice.clone().map_err(|r| r.at("words"))?;
        let building = who.building()?;
        let caller: &Caller = &who;
        let db = caller.house.read();
        let before = issues::by_number(db, building.id, number).await?;
        let mine = speaker(&who, &before, &before.parties(db).await?)?;
        if voice == Voice::Parties {
            same_readers(&who, number, &sent).await?;
        }
        let (act, issue) = match voice {
            // What reporters read, somebody else may just have written.
            Voice::Reporters => hold(&who, number, &sent, |_| mine).await?,
            Voice::Parties | Voice::Internal => {
                let act = caller.begin(act_as(&who, mine)?.actor(), &sent).await?;
                let issue = issues::hold(&act, building.id, number).await?;
                (act, issue)
            }
        };
        messages::send(&act, issue, voice, sent.text("words"), sent.ticked(AS_IT_IS)).await?;
        act.commit().await?;
        Ok(voice)
    }
    .await;
    match done {
        Ok(voice) => {
            let said = match voice {
                Voice::Reporters => "work.said.told",
                Voice::Parties => "work.said.sent",
                Voice::Internal => "work.said.noted",
            };
            Ok(Answer::go(format!("{}/issues/{number}/work?voice={voice}#voice-{voice}", who.at.root())).saying(said))
        }
        Err(e) => {
            // What was refused is not lost by leaving the page.
            if let Ok(voice) = voice
                && !matches!(e, Error::Broken(_) | Error::NotFound)
            {
                match drafts::keep(&who, number, &sent, voice, sent.text("words")).await {
                    Ok(()) | Err(Error::Refused(_) | Error::Conflict) => {}
                    Err(e) => return Err(e),
                }
            }
            let (room, form, status) = named(&who, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}

/// The form again; where a name called nobody, with the question whether it is to stand as it is.
async fn named<'r>(who: &'r May<'r, Desk>, number: i32, sent: &Sent<'_>, e: Error) -> Result<(Room<'r>, FormState, rocket::http::Status)> {
    let asks = matches!(&e, Error::Refused(r) if r.key == "mention_unknown" || r.key == "mention_no_access");
    let (room, mut form, status) = again(who, number, sent, e).await?;
    match asks {
        true => form.values.insert(AS_IT_IS.into(), String::new()),
        false => form.values.remove(AS_IT_IS),
    };
    Ok((room, form, status))
}

/// A message of the address that its reader may read.
async fn addressed(room: &Room<'_>, k: &str) -> Result<Message> {
    let message = messages::by_handle(room.caller.house.read(), room.caller.house.keys(), room.m.issue.id, k).await?;
    let inside = message.voice != Voice::Internal || message.organisation_id == room.organisation();
    if room.sight.reads(message.voice) && inside { Ok(message) } else { Err(Error::NotFound) }
}

async fn edit_page(room: &Room<'_>, k: &str, mut form: FormState) -> Result<Answer> {
    let message = addressed(room, k).await?;
    let me = room.caller.signed.as_ref().map(|s| s.person.id);
    let refused = message.ask_editable(me, room.caller.house.now()).err().map(|r| form::sentence(room.caller.lang, &r));
    let asks = form.values.contains_key(AS_IT_IS);
    form.values.entry("words".into()).or_insert_with(|| message.words.clone().unwrap_or_default());
    let mut sheet = Sheet::new(room, "work.editing", &format!("messages/{k}"), form).words("words", 2000).unless(refused);
    if asks {
        sheet = sheet.tick(AS_IT_IS);
    }
    sheet.then("then_former", &[]).then("then_day", &[("n", &EDIT_HOURS.to_string())]).answer().await
}

#[get("/<_>/issues/<number>/messages/<k>/edit")]
async fn edit(who: May<'_, Desk>, number: i32, k: &str) -> Result<Answer> {
    edit_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

/// An act on a message of the address, by whoever may read it there.
async fn on_message(who: &May<'_, Desk>, number: i32, k: &str, sent: &Sent<'_>) -> Result<(Act, Issue, Message)> {
    let room = Room::open(who, number).await?;
    addressed(&room, k).await?;
    let caller: &Caller = who;
    let act = caller.begin(act_as(who, room.organisation())?.actor(), sent).await?;
    let issue = issues::hold(&act, who.building()?.id, number).await?;
    let message = messages::by_handle(act.tx(), caller.house.keys(), issue.id, k).await?;
    Ok((act, issue, message))
}

#[post("/<_>/issues/<number>/messages/<k>", data = "<sent>")]
async fn change(who: May<'_, Desk>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, message) = on_message(&who, number, k, &sent).await?;
        message.edit(&act, &issue, sent.text("words"), sent.ticked(AS_IT_IS)).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&who, number, "work.said.edited")),
        Err(e) => {
            let (room, form, status) = named(&who, number, &sent, e).await?;
            Ok(edit_page(&room, k, form).await?.status(status))
        }
    }
}

async fn withholding_page(room: &Room<'_>, k: &str, form: FormState) -> Result<Answer> {
    let message = addressed(room, k).await?;
    let lang = room.caller.lang;
    let secretary = room.sight.standing == crate::domain::issues::Standing::Secretary;
    let refused = message.ask_withholdable(secretary, room.organisation()).err().map(|r| form::sentence(lang, &r));
    let reasons = WithholdReason::ALL.iter().map(|r| Choice::new(r.as_str(), lang.t(&format!("work.withholding.reasons.{r}")))).collect();
    let mut sheet = Sheet::new(room, "work.withholding", &format!("messages/{k}/withholding"), form).picks("reason", reasons).danger();
    if let Some(words) = message.words.filter(|_| refused.is_none()) {
        sheet = sheet.fact("message", words);
    }
    let then = if message.voice == Voice::Reporters { "then_reporters" } else { "then_parties" };
    sheet.unless(refused).then(then, &[]).then("then_read", &[]).then("then_stays", &[]).answer().await
}

#[get("/<_>/issues/<number>/messages/<k>/withholding")]
async fn withholding(who: May<'_, Desk>, number: i32, k: &str) -> Result<Answer> {
    withholding_page(&Room::open(&who, number).await?, k, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/messages/<k>/withholding", data = "<sent>")]
async fn withhold(who: May<'_, Desk>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, message) = on_message(&who, number, k, &sent).await?;
        let reason: WithholdReason = sent.read("reason").map_err(|_| Refusal::new("choose_reason").at("reason"))?;
        message.withhold(&act, &issue, reason).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&who, number, "work.said.withheld")),
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(withholding_page(&room, k, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/messages/<k>/withholding/lifting", data = "<sent>")]
async fn lift(who: May<'_, Desk>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, message) = on_message(&who, number, k, &sent).await?;
        message.show_again(&act, &issue).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&who, number, "work.said.shown_again")),
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}
