//! How many of a matter's reports are of people who have proven where they work: a sum, the rest apart, and which enterprises.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::councils;
use crate::domain::issues::{Behind, Issue};
use crate::domain::proofs;
use crate::domain::slips::FEW;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::web::caller::Caller;

/// In templates: `{{> parts/proven proven}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Proven {
    sum: String,
    rest: Option<String>,
    names: Option<String>,
    /// How many are still missing until the council must deal with it; or that there are enough.
    petition: Option<String>,
}

/// Of one matter; none where nothing may be told.
pub async fn of(caller: &Caller, db: &impl ConnectionTrait, issue: &Issue) -> Result<Option<Proven>> {
    let lang = caller.lang;
    // Of fewer nothing is told: no need to ask.
    if i64::from(issue.reports) < FEW {
        return Ok(None);
    }
    let Some(standing) = proofs::standing(db, caller.house.now(), &[issue.id]).await?.remove(&issue.id) else { return Ok(None) };
    let Some(sum) = standing.words(issue.reports, lang) else { return Ok(None) };
    let petition = match councils::of_building(db, issue.building_id).await {
        Ok(council) if issue.state.is_open() => {
            let needed = u64::from(council.rules(db).await?.petition_workers.unsigned_abs());
            let missing = needed.saturating_sub(standing.proven());
            let key = if missing == 0 { "proofs.shown.petition_enough" } else { "proofs.shown.petition_missing" };
            Some(lang.say(key, &[("n", &missing.to_string()), ("needed", &needed.to_string())]))
        }
        Ok(_) | Err(Error::NotFound) => None,
        Err(e) => return Err(e),
    };
    Ok(Some(Proven { sum, rest: standing.rest(issue.reports, lang), names: standing.names(db, lang).await?, petition }))
}

/// `19人遇到，12人已证明，企业代表代40人报`, after what is there already. Neither number is ever added to the other.
pub fn beside(words: String, behind: Behind, lang: Lang) -> String {
    let mut parts: Vec<String> = vec![words];
    parts.extend((behind.proven > 0).then(|| lang.say("proofs.shown.count", &[("n", &behind.proven.to_string())])));
    parts.extend((behind.represented > 0).then(|| lang.say("issues.represented", &[("n", &behind.represented.to_string())])));
    parts.retain(|p| !p.is_empty());
    parts.join(&lang.t("parts.comma"))
}
