//! `/r/{receipt}/erasure`: everything about the person goes; asked once more, since nothing brings it back.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::reports;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::files;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::Holder;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {}

fn again(holder: &Holder<'_>, form: FormState) -> Result<Answer> {
    let why = holder.report.erased_at.map(|_| holder.lang.t("refusals.report_erased"));
    page(holder, "erasure", why, form, More {})
}

#[get("/r/<_>/erasure")]
fn show(holder: Holder<'_>) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, form)
}

#[post("/r/<_>/erasure", data = "<sent>")]
async fn create(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        if !sent.ticked("agreed") {
            return Err(Refusal::new("agree_erasure").at("agreed").into());
        }
        let act = holder.begin(&sent).await?;
        let report = reports::by_id(act.tx(), holder.report.id).await?;
        let gone = reports::erase(&act, report).await?;
        act.commit().await?;
        files::remove(&holder.house, &gone).await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.erased")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, form)?.status(status))
        }
    }
}
