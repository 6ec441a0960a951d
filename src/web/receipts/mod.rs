//! Receipts 回执: what somebody who reported holds in their hand. The address is the secret; below it lie the acts that
//! its holder may do, each a small form of its own.

mod answer;
mod appeal;
mod effect;
mod erasure;
mod export;
mod following;
mod lookup;
mod may_know;
mod messages;
mod next;
mod photos;
mod rating;
mod show;
mod talk;
mod withdrawal;

use rocket::Route;
use serde::Serialize;

use super::answer::Answer;
use super::form::FormState;
use super::frame::Frame;
use super::guards::Holder;
use crate::kernel::error::Result;

/// Mounted at `/`.
pub(super) fn routes() -> Vec<Route> {
    [
        lookup::routes(),
        show::routes(),
        answer::routes(),
        appeal::routes(),
        effect::routes(),
        erasure::routes(),
        export::routes(),
        following::routes(),
        may_know::routes(),
        messages::routes(),
        photos::routes(),
        rating::routes(),
        withdrawal::routes(),
    ]
    .concat()
}

/// What every small form knows.
#[derive(Serialize)]
struct Act<T: Serialize> {
    /// The receipt's address.
    back: String,
    /// Where the form goes.
    action: String,
    /// What it is about: `TQ-214 候梯太久`.
    about: String,
    /// Why it cannot be done now, or null.
    reason: Option<String>,
    form: FormState,
    more: T,
}

/// The page of one act, below the receipt.
fn page<T: Serialize>(holder: &Holder<'_>, act: &str, reason: Option<String>, form: FormState, more: T) -> Result<Answer> {
    let back = format!("/r/{}", holder.receipt);
    let title = holder.issue.title_for_public(holder.lang);
    let about = holder.lang.say("receipts.about", &[("label", &holder.building.label(holder.issue.number)), ("title", &title)]);
    let page = Act { action: format!("{back}/{act}"), back, about, reason, form, more };
    let frame = Frame::titled(holder.lang.t(&format!("receipts.{}.title", act.replace('-', "_")))).of(holder, &holder.building).class("pg-receipt");
    holder.page(frame, &format!("receipts/{}", act.replace('-', "_")), &page)
}
