//! `/r/{receipt}/following`: told by mail, or no longer. A mail program may end the letters by one POST without a form
//! (RFC 8058): the address is the secret, and nothing else can be done in this way.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::reports;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::{self, FormState};
use crate::web::guards::Holder;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {
    told: bool,
}

/// Whether letters go to the holder now.
pub(super) async fn told(holder: &Holder<'_>) -> Result<bool> {
    Ok(holder.report.following && reports::mail_of(holder.house.read(), holder.report.id).await?.is_some())
}

async fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let why = holder.report.ask_talkative().err().map(|r| form::sentence(holder.lang, &r));
    page(holder, "following", why, form, More { told: told(holder).await? })
}

#[get("/r/<_>/following")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form).await
}

#[post("/r/<_>/following", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let one_click = sent.text("List-Unsubscribe") == "One-Click";
    let ends = one_click || sent.text("follow") == "no";
    let done = async {
        let act = if one_click { holder.begin_one_click().await? } else { holder.begin(&sent).await? };
        let report = reports::by_id(act.tx(), holder.report.id).await?;
        if ends {
            report.unfollow(&act).await?;
        } else {
            report.follow(&act, sent.text("email")).await?;
        }
        act.commit().await
    }
    .await;
    let back = Answer::go(format!("/r/{}", holder.receipt));
    match done {
        Ok(()) if ends => Ok(back.saying("receipts.said.not_told")),
        Ok(()) => Ok(back.saying("receipts.said.told")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form).await?.status(status))
        }
    }
}
