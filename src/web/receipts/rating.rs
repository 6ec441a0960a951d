//! `/r/{receipt}/rating`: how satisfied its holder is, apart from whether it is fixed.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::reports::Rating;
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
    choices: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let why = holder.report.ask_ratable(&holder.issue).err().map(|r| form::sentence(holder.lang, &r));
    let chosen = form.values.get("rating").map_or(holder.report.rating.map(Rating::as_str).unwrap_or_default(), String::as_str);
    let choice = |r: &Rating| Choice { value: r.as_str(), label: holder.lang.t(&format!("receipts.rating.{r}")), chosen: r.as_str() == chosen };
    let choices = Rating::ALL.iter().map(choice).collect();
    page(holder, "rating", why, form, More { choices })
}

#[get("/r/<_>/rating")]
fn show(holder: Holder<'_>) -> Result<Answer> {
    let why = holder.report.rating_words.clone().unwrap_or_default();
    let form = FormState::filled(&holder, [("why", why)]);
    again(&holder, form)
}

#[post("/r/<_>/rating", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let rating: Rating = sent.read("rating").map_err(|_| Refusal::new("unknown_choice").at("rating"))?;
        let act = holder.begin(&sent).await?;
        holder.report.clone().rate(&act, &holder.issue, rating, sent.text("why")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.rated")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form)?.status(status))
        }
    }
}
