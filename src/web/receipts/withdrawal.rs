//! `/r/{receipt}/withdrawal`: takes the report back.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::issues;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::Holder;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {
    alone: bool,
}

/// Why it cannot be taken back.
pub(super) fn reason(holder: &Holder<'_>) -> Option<&'static str> {
    if holder.report.withdrawn_at.is_some() {
        Some("report_withdrawn")
    } else if !holder.issue.state.is_open() {
        Some("withdraw_closed")
    } else {
        None
    }
}

fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let why = reason(holder).map(|key| holder.lang.t(&format!("refusals.{key}")));
    page(holder, "withdrawal", why, form, More { alone: holder.issue.reports <= 1 })
}

#[get("/r/<_>/withdrawal")]
fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form)
}

#[post("/r/<_>/withdrawal", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = holder.begin(&sent).await?;
        let issue = issues::hold_by_id(&act, holder.report.issue_id).await?;
        holder.report.clone().withdraw(&act, issue).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.withdrawn")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form)?.status(status))
        }
    }
}
