//! Addresses that mail comes to: a building's, and under it one for each reporter, so that a reply finds its matter. The
//! token is derived from the report under the server's key; the database keeps its hash.

use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};

use crate::domain::buildings::Building;
use crate::domain::reports::{self, Report};
use crate::kernel::act::House;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::ReportId;
use crate::kernel::keys::Keys;

/// The address of a building; none where mail is not taken here.
pub fn address_of(house: &House, building: &Building) -> Option<String> {
    Some(format!("{}@{}", building.slug, house.settings().mail_in_domain.as_deref()?))
}

/// Hexadecimal, since some mail programs write addresses in small letters: 128 bits in 32 signs.
fn token_of(keys: &Keys, report: ReportId) -> String {
    hex::encode(&keys.derive("mail-thread", &[report.0.as_bytes()])[..16])
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The address to which a reporter's replies go, remembered from now on; none where mail is not taken here.
pub async fn thread_of(house: &House, building: &Building, report: ReportId) -> Result<Option<String>> {
    let Some(domain) = &house.settings().mail_in_domain else { return Ok(None) };
    let token = token_of(house.keys(), report);
    let w = house.db().upkeep();
    let text = "insert into mail_threads (report_id, token_hash) values (?, ?) on conflict (report_id) do nothing";
    w.execute_raw(sql(w, text, [report.0.into(), hash(&token).into()])).await?;
    Ok(Some(format!("{}+{token}@{domain}", building.slug)))
}

/// The report to which an address with this token leads.
pub(super) async fn by_token(db: &impl ConnectionTrait, token: &str) -> Result<Report> {
    let row =
        db.query_one_raw(sql(db, "select report_id from mail_threads where token_hash = ?", [hash(&token.to_ascii_lowercase()).into()])).await?;
    let id = row.ok_or(Error::NotFound)?.try_get_by_index(0)?;
    reports::by_id(db, ReportId(id)).await
}

/// The building's slug and the token of an address at this house's domain.
pub(super) fn parts<'a>(address: &'a str, domain: &str) -> Option<(&'a str, Option<&'a str>)> {
    let (local, host) = address.rsplit_once('@')?;
    if !host.eq_ignore_ascii_case(domain) {
        return None;
    }
    Some(match local.split_once('+') {
        Some((slug, token)) => (slug, Some(token)),
        None => (local, None),
    })
}

/// Whether it has the shape of a token, or of the left half of our own Message-IDs.
pub(super) fn may_be_token(token: &str) -> bool {
    token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What a Message-ID of ours looks like to ourselves: `<32 signs @ our host>`.
pub(super) fn is_own_id(id: &str, host: &str) -> bool {
    id.rsplit_once('@').is_some_and(|(left, right)| right.eq_ignore_ascii_case(host) && may_be_token(left))
}
