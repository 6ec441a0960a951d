//! `/r/{receipt}/following`: told by mail or by SMS, or no longer. A mail program may end the letters by one POST without a
//! form (RFC 8058): the address is the secret, and nothing else can be done in this way.

use rocket::{Route, get, post, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::page;
use crate::domain::reports::{self, Identity};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::sms;
use crate::web::answer::Answer;
use crate::web::form::{self, FormState};
use crate::web::guards::Holder;
use crate::web::reports::counted_sms;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create, by_sms]
}

#[derive(Serialize)]
struct More {
    told: bool,
    /// Whether messages by SMS are to be had here, and whether they go to the holder now.
    sms: bool,
    told_by_sms: bool,
}

/// Whether letters go to the holder now, by whichever way.
pub(super) async fn told(holder: &Holder<'_>, db: &impl ConnectionTrait) -> Result<bool> {
    let (mail, number) = ways(holder, db).await?;
    Ok(mail || number)
}

async fn ways(holder: &Holder<'_>, db: &impl ConnectionTrait) -> Result<(bool, bool)> {
    if !holder.report.following {
        return Ok((false, false));
    }
    let id = holder.report.id;
    Ok((reports::mail_of(db, id).await?.is_some(), reports::number_of(db, id).await?.is_some()))
}

async fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let why = holder.report.ask_talkative().err().map(|r| form::sentence(holder.lang, &r));
    let (told, told_by_sms) = ways(holder, holder.house.read()).await?;
    let more = More { told, sms: told_by_sms || sms::offered(holder.house.settings()), told_by_sms };
    page(holder, "following", why, form, more)
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

#[post("/r/<_>/following/sms", data = "<sent>")]
async fn by_sms(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let ends = sent.text("follow") == "no";
    let done = async {
        if !ends {
            sent.trusted()?;
            if !sms::offered(holder.house.settings()) {
                return Err(Refusal::new("sms_off").at("sms").into());
            }
            counted_sms(&holder, &Identity::default().by_sms(sent.text("sms"))?).await?;
        }
        let act = holder.begin(&sent).await?;
        let report = reports::by_id(act.tx(), holder.report.id).await?;
        if ends {
            report.unfollow_by_sms(&act).await?;
        } else {
            report.follow_by_sms(&act, sent.text("sms")).await?;
        }
        act.commit().await
    }
    .await;
    let back = Answer::go(format!("/r/{}", holder.receipt));
    match done {
        Ok(()) if ends => Ok(back.saying("receipts.said.not_told_by_sms")),
        Ok(()) => Ok(back.saying("receipts.said.told_by_sms")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form).await?.status(status))
        }
    }
}
