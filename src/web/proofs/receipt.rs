//! `/r/{receipt}/proof`: the holder of a receipt proves where they work. The token comes without any cookie: the receipt in
//! the address and the token itself are all that is needed, so nothing else can be seen together with them.

use rocket::http::{ContentType, Status};
use rocket::{Route, get, post, routes};
use serde::Serialize;

use crate::domain::buildings::Building;
use crate::domain::issues::Issue;
use crate::domain::organisations;
use crate::domain::proofs;
use crate::domain::reports::{self, Report};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::{self, FormState};
use crate::web::frame::Frame;
use crate::web::guards::Holder;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, spend]
}

/// How often one address may try to spend.
const SPENT: Limit = Limit { what: "proof-address", minutes: 60, at_most: 600 };

/// Whose receipt it is, and what it is about.
pub(super) struct Of<'a> {
    pub report: &'a Report,
    pub issue: &'a Issue,
    pub building: &'a Building,
    pub receipt: &'a str,
}

#[derive(Serialize)]
struct Page {
    back: String,
    about: String,
    /// Where its writer is known to work, or null.
    proven: Option<String>,
    reason: Option<String>,
    building: String,
    number: i32,
    issuer: String,
    receipt: String,
    spend: String,
    form: FormState,
}

/// The page, also after a try that was refused.
pub(super) async fn page(caller: &Caller, of: Of<'_>, form: FormState) -> Result<Answer> {
    let (db, lang, keys) = (caller.house.read(), caller.lang, caller.house.keys());
    let proven = match proofs::own(db, keys, of.report.id).await? {
        Some(id) => Some(organisations::by_id(db, id).await?.name(lang).to_owned()),
        None => None,
    };
    let reason = match proofs::ask_provable(db, keys, of.report, of.issue).await {
        Ok(()) => None,
        Err(Error::Refused(r)) => Some(form::sentence(lang, &r)),
        Err(e) => return Err(e),
    };
    let back = format!("/r/{}", of.receipt);
    let page = Page {
        about: lang.say("receipts.about", &[("label", &of.building.label(of.issue.number)), ("title", &of.issue.title_for_public(lang))]),
        reason: reason.filter(|_| proven.is_none()),
        proven,
        building: of.building.slug.clone(),
        number: of.issue.number,
        issuer: proofs::issuer(caller.house.settings()),
        receipt: of.receipt.to_owned(),
        spend: format!("{back}/proof"),
        back,
        form,
    };
    let frame = Frame::titled(lang.t("proofs.title")).of(caller, of.building).class("pg-receipt");
    Ok(caller.page(frame, "proofs/prove", &page)?.header("Cache-Control", "no-store"))
}

#[get("/r/<_>/proof")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    let of = Of { report: &holder.report, issue: &holder.issue, building: &holder.building, receipt: &holder.receipt };
    page(&holder, of, FormState::fresh(&holder)).await
}

#[derive(Serialize)]
struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// An answer for script.
pub(super) fn said(caller: &Caller, done: Result<impl Serialize>) -> Result<Answer> {
    let json = |bytes: Vec<u8>| Answer::bytes(ContentType::JSON, bytes).header("Cache-Control", "no-store");
    let (refusal, status) = match done {
        Ok(value) => return Ok(json(serde_json::to_vec(&value)?)),
        Err(Error::Refused(r)) => {
            let status = form::status_of(&r);
            (r, status)
        }
        Err(Error::Conflict) => (Refusal::new("conflict"), Status::Conflict),
        Err(e) => return Err(e),
    };
    Ok(json(serde_json::to_vec(&Said { error: Some(form::sentence(caller.lang, &refusal)) })?).status(status))
}

/// Bytes as script sends them.
pub(super) fn bytes(sent: &Sent<'_>, field: &str) -> Result<Vec<u8>, Refusal> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(sent.text(field).trim()).map_err(|_| Refusal::new("token_unreadable"))
}

#[post("/r/<_>/proof", data = "<sent>")]
async fn spend(holder: Holder<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        holder.counted_by_address(SPENT).await?;
        let token = bytes(&sent, "proof")?;
        let act = holder.begin_one_click().await?;
        let report = reports::by_id(act.tx(), holder.report.id).await?;
        proofs::spend(&act, &report, &token).await?;
        act.commit().await?;
        Ok(Said { error: None })
    };
    said(&holder, done.await)
}
