//! `/r/{receipt}/may-know`: fewer may know at once; more only where the holder agrees in so many words.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::reports::{self, Identity, MayKnow};
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::{self, FormState};
use crate::web::guards::Holder;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {
    options: Vec<Choice>,
    now: &'static str,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    hint: String,
}

fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let lang = holder.lang;
    let options = MayKnow::ALL.iter().map(|c| Choice {
        value: c.as_str(),
        label: lang.t(&format!("reports.may_know.{}", c.as_str())),
        hint: lang.t(&format!("reports.may_know.{}_hint", c.as_str())),
    });
    let why = holder.report.erased_at.map(|_| lang.t("refusals.report_erased"));
    let more = More { options: options.collect(), now: holder.report.may_know.as_str() };
    page(holder, "may-know", why, form, more)
}

#[get("/r/<_>/may-know")]
fn show(holder: Holder<'_>) -> Result<Answer> {
    let now = holder.report.may_know.as_str().to_owned();
    let form = FormState::filled(&holder, [("may_know", now)]);
    again(&holder, form)
}

#[post("/r/<_>/may-know", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let choice: MayKnow = sent.read("may_know").map_err(|_| Refusal::new("unknown_choice").at("may_know"))?;
        let who = Identity::read(sent.text("name"), sent.text("phone"), "", "", None)?;
        let act = holder.begin(&sent).await?;
        let report = reports::by_id(act.tx(), holder.report.id).await?;
        report.choose_who_may_know(&act, choice, sent.ticked("agreed"), who).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.chosen")),
        Err(e) => {
            let (form, status) = form::FormState::again(&sent, e)?;
            Ok(again(&holder, form)?.status(status))
        }
    }
}
