//! `/r/{receipt}/appeal`: what was public of the report was hidden; its holder asks that it be shown again.

use rocket::{Route, get, post, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::page;
use crate::domain::hidings::{self, Hiding};
use crate::domain::reports::Report;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::{self, FormState};
use crate::web::guards::Holder;
use crate::web::hidings::{before, reason};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {
    why: String,
    words: Option<String>,
}

/// What the receipt says about it.
pub(super) fn note(holder: &Holder<'_>, h: &Hiding) -> String {
    let lang = holder.lang;
    let at = dates::moment(h.decided_at.unwrap_or(h.hidden_at), holder.house.now(), lang);
    let key = match (h.ruling, h.appealed_at) {
        (Some(ruling), _) => ruling.as_str(),
        (None, Some(_)) => "appealed",
        (None, None) => "standing",
    };
    let answer = h.answer.as_deref().map(|a| lang.say("receipts.hidden.answer", &[("words", a)])).unwrap_or_default();
    let with = [("at", at), ("why", reason(h.reason, lang)), ("answer", answer)];
    lang.say(&format!("receipts.hidden.{key}"), &with.iter().map(|(k, v)| (*k, v.as_str())).collect::<Vec<_>>())
}

/// The hiding that stands against the report, or stood.
pub(super) async fn of(holder: &Holder<'_>, db: &impl ConnectionTrait) -> Result<Option<Hiding>> {
    hidings::of_report(db, holder.report.id).await
}

async fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let hiding = of(holder, holder.house.read()).await?.ok_or(Error::NotFound)?;
    let over = hiding.ask_appealable().err().map(|r| form::sentence(holder.lang, &r));
    let report: &Report = &holder.report;
    let more = More { why: note(holder, &hiding), words: before(&hiding, report) };
    page(holder, "appeal", over, form, more)
}

#[get("/r/<_>/appeal")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form).await
}

#[post("/r/<_>/appeal", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = holder.begin(&sent).await?;
        let hiding = hidings::of_report(act.tx(), holder.report.id).await?.ok_or(Error::NotFound)?;
        hiding.appeal(&act, &holder.report, &holder.issue, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.appealed")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form).await?.status(status))
        }
    }
}
