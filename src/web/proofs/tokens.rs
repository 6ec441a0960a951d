//! `/slip/key`, `/slip/tokens`: the key for a matter, and a blinded signature by it; `/slip/proof`: both and the spending in
//! one, for a device that cannot blind. Only here does the cookie of a slip arrive.

use rocket::{Route, post, routes};
use serde::Serialize;

use super::receipt::{self, Of, bytes, said};
use crate::domain::buildings;
use crate::domain::issues::{self, Issue};
use crate::domain::proofs;
use crate::domain::reports;
use crate::kernel::act::Actor;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::guards::Anyone;
use crate::web::sent::Sent;
use crate::web::slips::OnDevice;

pub(super) fn routes() -> Vec<Route> {
    routes![key, sign, prove]
}

/// How often one device, and one address, may ask.
const ASKED: (Limit, Limit) = (Limit { what: "token-device", minutes: 60, at_most: 60 }, Limit { what: "token-address", minutes: 60, at_most: 1200 });

async fn matter(caller: &Caller, sent: &Sent<'_>) -> Result<Issue> {
    let db = caller.house.read();
    let building = buildings::by_slug(db, sent.text("building")).await?;
    issues::by_number(db, building.id, sent.read("issue")?).await
}

#[derive(Serialize)]
struct Key {
    organisation: String,
    /// SubjectPublicKeyInfo, URL-safe base64.
    public: String,
}

#[derive(Serialize)]
struct Signed {
    signature: String,
}

fn text(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[post("/slip/key", data = "<sent>")]
async fn key(who: Anyone<'_>, device: OnDevice, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        who.counted(ASKED.0, ASKED.1).await?;
        let issue = matter(&who, &sent).await?;
        let (house, secret) = (&who.house, device.0.as_deref());
        let held = proofs::ask_proves(house.read(), house.keys(), secret, &issue, house.now()).await?;
        let new = proofs::new_key(house, held.organisation.id, issue.id).await?;
        let act = who.begin(&sent).await?;
        let (held, key) = proofs::key_for(&act, secret, &issue, new).await?;
        act.commit().await?;
        Ok(Key { organisation: held.organisation.slug, public: text(&key.public) })
    };
    said(&who, done.await)
}

#[post("/slip/tokens", data = "<sent>")]
async fn sign(who: Anyone<'_>, device: OnDevice, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        who.counted(ASKED.0, ASKED.1).await?;
        let issue = matter(&who, &sent).await?;
        let blinded = bytes(&sent, "blinded")?;
        let secret = device.0.as_deref().ok_or_else(|| Refusal::new("slip_none"))?;
        let act = who.begin(&sent).await?;
        let signature = proofs::issue_token(&act, secret, &issue, &blinded).await?;
        act.commit().await?;
        Ok(Signed { signature: text(&signature) })
    };
    said(&who, done.await)
}

#[post("/slip/proof", data = "<sent>")]
async fn prove(who: Anyone<'_>, device: OnDevice, sent: Sent<'_>) -> Result<Answer> {
    let db = who.house.read();
    let report = reports::by_receipt(db, sent.text("receipt")).await?;
    let issue = issues::by_id(db, report.issue_id).await?;
    let building = buildings::by_id(db, report.building_id).await?;
    let token = sent.text("receipt");
    let done = async {
        sent.trusted()?;
        who.counted(ASKED.0, ASKED.1).await?;
        let (house, secret) = (&who.house, device.0.as_deref().ok_or_else(|| Refusal::new("slip_none"))?);
        let held = proofs::ask_proves(house.read(), house.keys(), Some(secret), &issue, house.now()).await?;
        let new = proofs::new_key(house, held.organisation.id, issue.id).await?;
        let caller: &Caller = &who;
        let act = caller.begin(Actor::Reporter(report.id), &sent).await?;
        let report = reports::by_id(act.tx(), report.id).await?;
        proofs::on_behalf(&act, secret, &report, new).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{token}")).saying("proofs.said.proven")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let of = Of { report: &report, issue: &issue, building: &building, receipt: token };
            Ok(receipt::page(&who, of, form).await?.status(status))
        }
    }
}
