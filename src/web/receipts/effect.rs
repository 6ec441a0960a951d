//! `/r/{receipt}/effect`: is it better since the remedy, the same, or worse. Asked when a check is due; one answer per report, changed
//! at will until the check is made.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::effect_checks::{self, Feeling};
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::Holder;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {
    said: Option<String>,
}

async fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let db = holder.house.read();
    let (mut said, mut why) = (None, Some(holder.lang.t("refusals.effect_not_asked")));
    let gone = holder.report.withdrawn_at.is_some() || holder.report.erased_at.is_some();
    if let Some(check) = effect_checks::asked(db, holder.report.issue_id).await?.filter(|_| !gone) {
        let feeling = effect_checks::opinion_of(db, check.id, holder.report.id).await?;
        (said, why) = (feeling.map(|f| holder.lang.t(&format!("receipts.effect.{f}"))), None);
    }
    page(holder, "effect", why, form, More { said })
}

#[get("/r/<_>/effect")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form).await
}

#[post("/r/<_>/effect", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let feeling: Feeling = sent.read("feeling").map_err(|_| Refusal::new("unknown_choice").at("feeling"))?;
        let act = holder.begin(&sent).await?;
        effect_checks::feel(&act, &holder.report, feeling).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.effect")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form).await?.status(status))
        }
    }
}
