//! How many of a matter's reports are of people who have proven where they work: a sum, the rest apart, and which enterprises.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::issues::Issue;
use crate::domain::proofs::{self, Standing};
use crate::domain::reports;
use crate::domain::slips::FEW;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::IssueId;
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
    // Of fewer nothing is told: no need to ask.
    if i64::from(issue.reports) < FEW {
        return Ok(None);
    }
    let Some(standing) = proofs::standing(db, caller.house.now(), &[issue.id]).await?.remove(&issue.id) else { return Ok(None) };
    let Some(sum) = standing.words(issue.reports, lang) else { return Ok(None) };
    Ok(Some(Proven { sum, rest: standing.rest(issue.reports, lang), names: standing.names(db, lang).await? }))
}

/// What rows say of several matters beside the number of reports: how many are of proven workers, for how many others an
/// enterprise speaks. Neither is ever added to the other.
pub struct Beside {
    proven: HashMap<IssueId, Standing>,
    represented: HashMap<IssueId, i64>,
}

impl Beside {
    /// Of these matters.
    pub async fn of(caller: &Caller, db: &impl ConnectionTrait, issues: &[IssueId]) -> Result<Self> {
        let proven = proofs::standing(db, caller.house.now(), issues).await?;
        Ok(Self { proven, represented: reports::represented_of(db, issues).await? })
    }

    /// Reports of proven workers.
    pub fn proven(&self, id: IssueId) -> u64 {
        self.proven.get(&id).map_or(0, Standing::proven)
    }

    /// Workers for whom an enterprise speaks.
    pub fn represented(&self, id: IssueId) -> i64 {
        self.represented.get(&id).copied().unwrap_or_default()
    }

    /// `19人遇到，12人已证明，企业代表代40人报`, after what is there already.
    pub fn add_to(&self, words: String, id: IssueId, lang: Lang) -> String {
        let (proven, represented) = (self.proven(id), self.represented(id));
        let mut parts: Vec<String> = vec![words];
        parts.extend((proven > 0).then(|| lang.say("proofs.shown.count", &[("n", &proven.to_string())])));
        parts.extend((represented > 0).then(|| lang.say("issues.represented", &[("n", &represented.to_string())])));
        parts.retain(|p| !p.is_empty());
        parts.join(&lang.t("parts.comma"))
    }
}
