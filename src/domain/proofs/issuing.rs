//! Issuing: one blinded signature for each credential and matter. What is remembered is a mark keyed by both, and what was
//! asked: a lost answer can be asked for again, another token cannot.

use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};

use super::keys::{Key, keep_key};
use crate::domain::issues::{self, Issue};
use crate::domain::slips::{self, Holding};
use crate::kernel::act::Act;
use crate::kernel::blind::{self, SigningKey};
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::IssueId;
use crate::kernel::keys::Keys;

/// What the database remembers of a credential that asked on a matter.
fn mark(keys: &Keys, secret: &str, issue: IssueId) -> Vec<u8> {
    keys.derive("proof-asked", &[secret.as_bytes(), issue.0.as_bytes()]).to_vec()
}

/// What a device's secret stands for, if it proves something now and about this matter.
pub async fn ask_proves(
    db: &impl ConnectionTrait,
    keys: &Keys,
    secret: Option<&str>,
    issue: &Issue,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Holding> {
    let held = match secret {
        Some(secret) => slips::held(db, keys, secret).await?,
        None => None,
    };
    let held = held.ok_or_else(|| Refusal::new("slip_none"))?;
    if !held.proves(dates::local(now).date()) {
        return Err(Refusal::new("slips_over").into());
    }
    if held.batch.building_id != issue.building_id {
        return Err(Refusal::new("slip_elsewhere").into());
    }
    if !issue.state.is_open() {
        return Err(Refusal::new("proof_closed").into());
    }
    Ok(held)
}

/// The matter itself, or the one into which it was merged, locked.
async fn surviving(act: &Act, issue: IssueId) -> Result<Issue> {
    let mut issue = issues::hold_by_id(act, issue).await?;
    while let Some(into) = issue.merged_into_id {
        issue = issues::hold_by_id(act, into).await?;
    }
    Ok(issue)
}

/// A key for the enterprise that a device's secret stands for; and that enterprise.
pub async fn key_for(act: &Act, secret: Option<&str>, issue: &Issue, new: Option<SigningKey>) -> Result<(Holding, Key)> {
    let held = ask_proves(act.tx(), act.house().keys(), secret, issue, act.at).await?;
    let key = keep_key(act, held.organisation.id, issue.id, new).await?;
    Ok((held, key))
}

/// Signs a blinded message for a matter, once for each device's secret: asked for the same again, it answers the same.
pub async fn issue_token(act: &Act, secret: &str, issue: &Issue, blinded: &[u8]) -> Result<Vec<u8>> {
    let issue = surviving(act, issue.id).await?;
    let held = ask_proves(act.tx(), act.house().keys(), Some(secret), &issue, act.at).await?;
    let key = super::keys::key_of(act.tx(), held.organisation.id, issue.id).await?.ok_or_else(|| Refusal::new("token_key"))?;
    remember(act, secret, &issue, blinded).await?;
    let signed = blind::sign(key.private(act.house().keys())?, blinded.to_vec()).await?;
    Ok(signed.ok_or_else(|| Refusal::new("token_unreadable"))?)
}

/// Remembers that a device has asked on a matter; refused where it has asked for another token before.
pub(super) async fn remember(act: &Act, secret: &str, issue: &Issue, blinded: &[u8]) -> Result<()> {
    let keys = act.house().keys();
    let asked = Sha256::digest(blinded).to_vec();
    // Whoever has asked on a matter that was merged into this one has asked on this one.
    for id in issues::family(act, issue.id).await? {
        let text = "select asked from proof_marks where mark = ?";
        let Some(row) = act.tx().query_one_raw(sql(act.tx(), text, [mark(keys, secret, id).into()])).await? else { continue };
        let before: Vec<u8> = row.try_get_by_index(0)?;
        return if id == issue.id && before == asked { Ok(()) } else { Err(Refusal::new("proof_asked").into()) };
    }
    let text = "insert into proof_marks (mark, issue_id, asked) values (?, ?, ?) on conflict (mark) do nothing";
    let values = [mark(keys, secret, issue.id).into(), issue.id.0.into(), asked.into()];
    match act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}
