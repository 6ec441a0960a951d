//! `/slip`: what this device holds, or the field for a code. `/slip/{code}` only fills it in: an address that somebody's
//! program looks at redeems nothing.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::{OnDevice, TRIES, cookie};
use crate::domain::slips::{self, FEW};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, filled, redeem, forget, invite]
}

/// Letters that somebody else could have sent to one mailbox.
const LETTERS: Limit = Limit { what: "slip-mailbox", minutes: 24 * 60, at_most: 4 };
const ASKED: (Limit, Limit) =
    (Limit { what: "slip-mail-device", minutes: 60, at_most: 8 }, Limit { what: "slip-mail-address", minutes: 60, at_most: 240 });

#[derive(Serialize)]
struct Page {
    held: Option<Held>,
    form: FormState,
}

/// What this device holds.
#[derive(Serialize)]
struct Held {
    organisation: String,
    heading: String,
    /// It proves nothing any more.
    over: bool,
    /// So few have redeemed one that nothing is told yet.
    few: Option<String>,
    until: String,
}

async fn held(caller: &Caller, device: &OnDevice) -> Result<Option<Held>> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let Some(secret) = &device.0 else { return Ok(None) };
    let Some(held) = slips::held(db, caller.house.keys(), secret).await? else { return Ok(None) };
    let today = dates::local(caller.house.now()).date();
    let organisation = held.organisation.name(lang).to_owned();
    let over = !held.proves(today);
    let few = slips::redeemed(db, held.organisation.id).await? < FEW;
    let say = |key: &str| lang.say(&format!("slips.held.{key}"), &[("of", &organisation)]);
    Ok(Some(Held {
        heading: say(if over { "over" } else { "heading" }),
        few: (few && !over).then(|| say("few")),
        until: dates::parse(&held.batch.valid_until).map(|d| dates::day(d, today, lang)).unwrap_or_default(),
        over,
        organisation,
    }))
}

async fn page(caller: &Caller, device: &OnDevice, form: FormState) -> Result<Answer> {
    let page = Page { held: held(caller, device).await?, form };
    let frame = Frame::titled(caller.lang.t("slips.title")).class("pg-form");
    Ok(caller.page(frame, "slips/show", &page)?.header("Cache-Control", "no-store"))
}

#[get("/slip")]
async fn show(who: Anyone<'_>, device: OnDevice) -> Result<Answer> {
    page(&who, &device, FormState::fresh(&who)).await
}

#[get("/slip/<code>", rank = 2)]
async fn filled(who: Anyone<'_>, device: OnDevice, code: &str) -> Result<Answer> {
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(24).collect();
    page(&who, &device, FormState::filled(&who, [("code", code)])).await
}

#[post("/slip", data = "<sent>")]
async fn redeem(who: Anyone<'_>, device: OnDevice, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        let typed = sent.given("code").ok_or_else(|| Refusal::new("empty").at("code"))?;
        who.counted(TRIES.0, TRIES.1).await?;
        let act = who.begin(&sent).await?;
        let (secret, _) = slips::redeem(&act, typed, device.0.as_deref()).await?;
        act.commit().await?;
        Ok(secret)
    }
    .await;
    match done {
        Ok(secret) => Ok(Answer::go("/slip").saying("slips.said.redeemed").cookie(cookie(&who.house, secret))),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, &device, form).await?.status(status))
        }
    }
}

/// A telephone that somebody lends or gives away proves nothing from now on.
#[post("/slip/forget", data = "<sent>")]
async fn forget(who: Anyone<'_>, device: OnDevice, sent: Sent<'_>) -> Result<Answer> {
    let act = who.begin(&sent).await?;
    if let Some(secret) = &device.0 {
        slips::forget(&act, secret).await?;
    }
    act.commit().await?;
    Ok(Answer::go("/slip").saying("slips.said.forgotten").cookie(cookie(&who.house, String::new())))
}

#[post("/slip/mail", data = "<sent>")]
async fn invite(who: Anyone<'_>, device: OnDevice, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        let email = crate::domain::subscriptions::mailbox(sent.text("email"))?;
        who.counted(ASKED.0, ASKED.1).await?;
        LETTERS.hit(&who.house, email.to_lowercase().as_bytes()).await?;
        let act = who.begin(&sent).await?;
        slips::invite(&act, &email, who.lang).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go("/slip").saying("slips.said.sent")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, &device, form).await?.status(status))
        }
    }
}
