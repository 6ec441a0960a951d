//! `/r/{receipt}/answer`: is it fixed? Who did the work can say that it is done; whether it is fixed, the reporter says.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::issues;
use crate::domain::reports::Answer as Said;
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
    said: Option<String>,
}

fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let why = holder.report.ask_answerable(&holder.issue, holder.house.now()).err().map(|r| form::sentence(holder.lang, &r));
    let said = holder.report.answer.map(|a| holder.lang.t(&format!("receipts.answer.{}", a.as_str())));
    page(holder, "answer", why, form, More { said })
}

#[get("/r/<_>/answer")]
fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form)
}

#[post("/r/<_>/answer", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let said: Said = sent.read("answer").map_err(|_| Refusal::new("unknown_choice").at("answer"))?;
        let act = holder.begin(&sent).await?;
        let issue = issues::hold_by_id(&act, holder.report.issue_id).await?;
        holder.report.clone().answer(&act, issue, said).await?;
        act.commit().await?;
        Ok(said)
    }
    .await;
    let back = Answer::go(format!("/r/{}", holder.receipt));
    match done {
        Ok(Said::Yes) => Ok(back.saying("receipts.said.yes")),
        Ok(Said::Half) => Ok(back.saying("receipts.said.half")),
        Ok(Said::No) => Ok(back.saying("receipts.said.no")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form)?.status(status))
        }
    }
}
