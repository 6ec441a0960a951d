//! How many of a matter's reports are of people who have proven where they work: a sum, the rest apart, and which enterprises.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::issues::Issue;
use crate::domain::proofs;
use crate::kernel::error::Result;
use crate::web::caller::Caller;

/// In templates: `{{> parts/proven proven}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Proven {
    sum: String,
    rest: Option<String>,
    names: Option<String>,
}

/// Of one matter; none where nothing may be told.
pub async fn of(caller: &Caller, db: &impl ConnectionTrait, issue: &Issue) -> Result<Option<Proven>> {
    let lang = caller.lang;
    let Some(standing) = proofs::standing(db, caller.house.now(), &[issue.id]).await?.remove(&issue.id) else { return Ok(None) };
    let Some(sum) = standing.words(issue.reports, lang) else { return Ok(None) };
    Ok(Some(Proven { sum, rest: standing.rest(issue.reports, lang), names: standing.names(db, lang).await? }))
}
