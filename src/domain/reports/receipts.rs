//! Receipts: a 128-bit token for the address, and a short code for those who write it down. Both are derived from
//! the report's id under the server's key, so that letters can name them and a reader of the database cannot.

use base64::Engine as _;
use sea_orm::PaginatorTrait as _;
use sea_orm::entity::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{Column, Entity, Report};
use crate::kernel::act::Act;
use crate::kernel::codes;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::ReportId;
use crate::kernel::keys::Keys;

/// The token in the address `/r/{receipt}`: 128 bits, 22 characters.
pub fn receipt_of(keys: &Keys, id: ReportId) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&keys.derive("receipt", &[id.0.as_bytes()])[..16])
}

/// What the database keeps of a receipt.
pub(super) fn receipt_hash(receipt: &str) -> Vec<u8> {
    Sha256::digest(receipt.as_bytes()).to_vec()
}

/// The short code, four signs, four signs and one.
pub fn code_of(keys: &Keys, id: ReportId, round: i32) -> String {
    let bytes = keys.derive("code", &[id.0.as_bytes(), &round.to_be_bytes()]);
    codes::of([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]])
}

/// What the database keeps of a code: keyed, since 40 bits alone could be tried out.
pub(super) fn code_hash(keys: &Keys, code: &str) -> Vec<u8> {
    keys.derive("code-lookup", &[code.as_bytes()]).to_vec()
}

/// The first code for a report that nobody else has, and its round.
pub(super) async fn unused_code(act: &Act, id: ReportId) -> Result<(String, i32)> {
    let keys = act.house().keys();
    let mut round = 0;
    loop {
        let code = code_of(keys, id, round);
        let taken = Entity::find().filter(Column::CodeHash.eq(code_hash(keys, &code))).one(act.tx()).await?;
        if taken.is_none() {
            return Ok((code, round));
        }
        round += 1;
    }
}

/// The report of a receipt.
pub async fn by_receipt(db: &impl ConnectionTrait, receipt: &str) -> Result<Report> {
    if receipt.len() != 22 {
        return Err(Error::NotFound);
    }
    Entity::find().filter(Column::ReceiptHash.eq(receipt_hash(receipt))).one(db).await?.ok_or(Error::NotFound)
}

/// The report of a short code in normal form.
pub async fn by_code(db: &impl ConnectionTrait, keys: &Keys, code: &str) -> Result<Report> {
    Entity::find().filter(Column::CodeHash.eq(code_hash(keys, code))).one(db).await?.ok_or(Error::NotFound)
}

/// Whether this server's master key is the one under which the reports here were given their receipts. With another
/// one every receipt on paper or in a letter would lead nowhere.
pub async fn made_under(db: &impl ConnectionTrait, keys: &Keys) -> Result<bool> {
    use sea_orm::QueryOrder as _;
    let newest = Entity::find().order_by_desc(Column::Id).one(db).await?;
    Ok(newest.is_none_or(|r| r.receipt_hash == receipt_hash(&receipt_of(keys, r.id))))
}

/// The how-manieth this report is of those that stand behind its matter now.
pub async fn place_in_line(db: &impl ConnectionTrait, report: &Report) -> Result<u64> {
    let before = Entity::find()
        .filter(Column::IssueId.eq(report.issue_id))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::CreatedAt.lt(report.created_at))
        .count(db)
        .await?;
    Ok(before + 1)
}
