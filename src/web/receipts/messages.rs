//! `/r/{receipt}/messages`: more words, the answer to a question, more photos.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::issues;
use crate::domain::messages;
use crate::kernel::error::{Error, Result};
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::form::{self, FormState};
use crate::web::guards::Holder;
use crate::web::photos::receiving::Received;
use crate::web::photos::sealed;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

const SENT: (Limit, Limit) =
    (Limit { what: "message-device", minutes: 60, at_most: 30 }, Limit { what: "message-address", minutes: 60, at_most: 600 });

#[derive(Serialize)]
struct More {
    question: Option<String>,
    kept: Vec<sealed::Shown>,
}

async fn again(holder: &Holder<'_>, form: FormState, kept: Vec<sealed::Shown>) -> Result<Answer> {
    let asked = messages::for_report(holder.house.read(), holder.issue.id, holder.report.id).await?;
    let question = asked.into_iter().rev().find(|m| m.question && m.answered_at.is_none() && m.withheld_at.is_none()).and_then(|m| m.words);
    let why = holder.report.ask_talkative().err().map(|r| form::sentence(holder.lang, &r));
    page(holder, "messages", why, form, More { question, kept })
}

#[get("/r/<_>/messages")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form, vec![]).await
}

#[post("/r/<_>/messages", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let mut received = Received::default();
    let done = async {
        sent.trusted()?;
        holder.counted(SENT.0, SENT.1).await?;
        received = Received::of(&holder, &sent).await?;
        if let Some(fault) = received.faults.first() {
            return Err(Error::from(fault.clone()));
        }
        let act = holder.begin(&sent).await?;
        let issue = issues::hold_by_id(&act, holder.report.issue_id).await?;
        holder.report.add(&act, &issue, sent.text("words"), received.good()).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.added")),
        Err(e) => {
            let (mut form, status) = FormState::again(&sent, e)?;
            received.faults.iter().skip(1).for_each(|f| form.fault(holder.lang, f));
            let kept = received.keep(&holder).await?;
            Ok(again(&holder, form, kept).await?.status(status))
        }
    }
}
