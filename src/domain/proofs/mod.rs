//! Proofs 证明在这儿上班: that a report is of somebody who works at an enterprise of the building, without the enterprise, the
//! property manager or a reader of the database learning whose it is. A slip (`domain::slips`) is exchanged for one blind
//! token for each matter; the token is spent with a report, and nothing joins the two. See docs/decisions/0011.

mod issuing;
mod keys;
mod standing;
mod sweeping;

pub use issuing::{ask_proves, issue_token, key_for};
pub use keys::{Key, context, issuer, keep_key, new_key};
pub use standing::{Standing, own, standing};
pub(in crate::domain) use standing::{proven_of, today};
pub(in crate::domain) use sweeping::sweep;

use sea_orm::ConnectionTrait as _;

use super::issues::{self, Issue};
use super::organisations;
use super::reports::Report;
use crate::kernel::act::Act;
use crate::kernel::blind::{SigningKey, Token};
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{IssueId, ReportId};
use crate::kernel::keys::Keys;

/// What the database keeps of the report that was proven: keyed, so that only the server finds it again.
fn report_mark(keys: &Keys, report: ReportId) -> Vec<u8> {
    keys.derive("proof-report", &[report.0.as_bytes()]).to_vec()
}

/// Fails where nothing can be proven about a report any more, or has been already.
pub async fn ask_provable(db: &impl sea_orm::ConnectionTrait, keys: &Keys, report: &Report, issue: &Issue) -> Result<()> {
    report.ask_talkative()?;
    if !issue.state.is_open() {
        return Err(Refusal::new("proof_closed").into());
    }
    if own(db, keys, report.id).await?.is_some() {
        return Err(Refusal::new("proof_twice").into());
    }
    Ok(())
}

/// Spends a token with a report. Nothing of it goes into the journal: a line has an instant and an order, and would join
/// the two that are kept apart.
pub async fn spend(act: &Act, report: &Report, bytes: &[u8]) -> Result<()> {
    let issue = issues::hold_by_id(act, report.issue_id).await?;
    let token = Token::read(bytes).ok_or_else(|| Refusal::new("token_unreadable"))?;
    let key = keys::by_id(act.tx(), token.key_id()).await?.ok_or_else(|| Refusal::new("token_key"))?;
    let signed_for = issues::by_id(act.tx(), key.issue).await?;
    let of = organisations::by_id(act.tx(), key.organisation).await?;
    let challenge = keys::challenge(act.tx(), act.house().settings(), &signed_for, &of).await?;
    if token.challenge() != challenge || !token.signed_by(&key.public) {
        return Err(Refusal::new("token_false").into());
    }
    // A matter takes along what was asked for those that were merged into it.
    if !issues::family(act, issue.id).await?.contains(&key.issue) {
        return Err(Refusal::new("token_elsewhere").into());
    }
    let spent = "insert into spent_tokens (token, issue_id) values (?, ?) on conflict (token) do nothing";
    let values = [token.mark().to_vec().into(), key.issue.0.into()];
    if act.tx().execute_raw(sql(act.tx(), spent, values)).await?.rows_affected() != 1 {
        return Err(Refusal::new("token_spent").into());
    }
    ask_provable(act.tx(), act.house().keys(), report, &issue).await?;
    let text = "insert into proofs (report, issue_id, organisation_id, day) values (?, ?, ?, ?) on conflict (report) do nothing";
    let mark = report_mark(act.house().keys(), report.id);
    let day = dates::local(act.at).date().to_string();
    let values = [mark.into(), issue.id.0.into(), key.organisation.0.into(), day.into()];
    match act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::Conflict),
    }
}

/// Asks and spends in one, for a device that cannot blind: whoever runs the server could see both at this moment; nothing
/// that is kept joins them.
pub async fn on_behalf(act: &Act, secret: &str, report: &Report, new: Option<SigningKey>) -> Result<()> {
    let issue = issues::hold_by_id(act, report.issue_id).await?;
    ask_provable(act.tx(), act.house().keys(), report, &issue).await?;
    let (held, key) = key_for(act, Some(secret), &issue, new).await?;
    let challenge = keys::challenge(act.tx(), act.house().settings(), &issue, &held.organisation).await?;
    // As if something had been asked that nobody can ask for again: by its mark nobody tells it from the others.
    issuing::remember(act, secret, &issue, &rand::random::<[u8; 32]>()).await?;
    let token = Token::signed(&key.public, key.private(act.house().keys())?, &challenge).await?;
    spend(act, report, token.as_bytes()).await
}

/// Takes the proof of a report back: it was withdrawn, or its writer erased it. Its token stays spent.
pub(in crate::domain) async fn take_back(act: &Act, report: ReportId) -> Result<()> {
    let mark = report_mark(act.house().keys(), report);
    act.tx().execute_raw(sql(act.tx(), "delete from proofs where report = ?", [mark.into()])).await?;
    Ok(())
}

/// Proofs go where their reports go. Asked one by one, since nothing that is kept says which is whose.
pub(in crate::domain) async fn follow(act: &Act, reports: &[ReportId], to: IssueId) -> Result<()> {
    for some in reports.chunks(200) {
        let marks = some.iter().map(|r| report_mark(act.house().keys(), *r).into());
        let text = format!("update proofs set issue_id = ? where report in ({})", vec!["?"; some.len()].join(","));
        act.tx().execute_raw(sql(act.tx(), &text, std::iter::once(to.0.into()).chain(marks))).await?;
    }
    Ok(())
}

/// All proofs of a matter go to another, with its reports.
pub(in crate::domain) async fn merge(act: &Act, from: IssueId, into: IssueId) -> Result<()> {
    act.tx().execute_raw(sql(act.tx(), "update proofs set issue_id = ? where issue_id = ?", [into.0.into(), from.0.into()])).await?;
    Ok(())
}
