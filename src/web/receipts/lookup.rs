//! `/r`: the short code, for those who wrote it down. A wrong code and one that is nobody's are answered alike; only a
//! slip of the finger, which the check sign shows, is told apart.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use crate::domain::reports;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

const TRIES: (Limit, Limit) = (Limit { what: "code-device", minutes: 15, at_most: 10 }, Limit { what: "code-address", minutes: 15, at_most: 60 });

#[derive(Serialize)]
struct Page {
    form: FormState,
}

fn page(caller: &Caller, form: FormState) -> Result<Answer> {
    caller.page(Frame::titled(caller.lang.t("receipts.lookup.title")).class("pg-receipt"), "receipts/lookup", &Page { form })
}

#[get("/r")]
fn show(who: Anyone<'_>) -> Result<Answer> {
    page(&who, FormState::fresh(&who))
}

#[post("/r", data = "<sent>")]
async fn create(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    match found(&who, &sent).await {
        Ok(receipt) => Ok(Answer::go(format!("/r/{receipt}"))),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form)?.status(status))
        }
    }
}

async fn found(who: &Caller, sent: &Sent<'_>) -> Result<String> {
    sent.trusted()?;
    let typed = sent.given("code").ok_or_else(|| Refusal::new("empty").at("code"))?;
    who.counted(TRIES.0, TRIES.1).await?;
    let keys = who.house.keys();
    // Looked up in any case, so that all wrong codes take the same time.
    let code = reports::normal_code(typed);
    let report = reports::by_code(who.house.read(), keys, code.as_deref().unwrap_or("2222-2222-2")).await;
    match (code, report) {
        (None, _) => match reports::signs_of_code(typed) {
            9 => Err(Refusal::new("code_slip").at("code").into()),
            n => Err(Refusal::new("code_length").with("n", n).at("code").into()),
        },
        (Some(_), Ok(report)) => Ok(reports::receipt_of(keys, report.id)),
        (Some(_), Err(Error::NotFound)) => Err(Refusal::new("code_unknown").at("code").into()),
        (Some(_), Err(e)) => Err(e),
    }
}
