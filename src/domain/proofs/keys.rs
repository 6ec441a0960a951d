//! Keys that sign: one for each enterprise and matter, made when first asked for. What a key signed can be spent on its own
//! matter only.

use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};

use crate::domain::buildings;
use crate::domain::issues::Issue;
use crate::domain::organisations::Organisation;
use crate::kernel::act::{Act, House};
use crate::kernel::blind::{self, SigningKey};
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{IssueId, OrganisationId};
use crate::kernel::keys::Keys;
use crate::kernel::settings::Settings;

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct Key {
    pub organisation: OrganisationId,
    pub issue: IssueId,
    /// SubjectPublicKeyInfo, DER.
    pub public: Vec<u8>,
    sealed: Vec<u8>,
}

impl Key {
    fn about(organisation: OrganisationId, issue: IssueId) -> Vec<u8> {
        [organisation.0.as_bytes().as_slice(), issue.0.as_bytes()].concat()
    }

    /// The private part, PKCS #8.
    pub(super) fn private(&self, keys: &Keys) -> Result<Vec<u8>> {
        keys.unseal("proof-key", &Self::about(self.organisation, self.issue), &self.sealed)
    }

    fn read(row: &sea_orm::QueryResult) -> Result<Self> {
        let (organisation, issue) = (OrganisationId(row.try_get_by_index(0)?), IssueId(row.try_get_by_index(1)?));
        Ok(Self { organisation, issue, public: row.try_get_by_index(2)?, sealed: row.try_get_by_index(3)? })
    }
}

const SELECT: &str = "select organisation_id, issue_id, public, private from proof_keys";

/// The key of an enterprise for a matter; none where nobody has asked for one.
pub async fn key_of(db: &impl ConnectionTrait, organisation: OrganisationId, issue: IssueId) -> Result<Option<Key>> {
    let text = format!("{SELECT} where organisation_id = ? and issue_id = ?");
    db.query_one_raw(sql(db, &text, [organisation.0.into(), issue.0.into()])).await?.map(|r| Key::read(&r)).transpose()
}

/// By the id that a token names.
pub(super) async fn by_id(db: &impl ConnectionTrait, key_id: &[u8]) -> Result<Option<Key>> {
    let text = format!("{SELECT} where key_id = ?");
    db.query_one_raw(sql(db, &text, [key_id.to_vec().into()])).await?.map(|r| Key::read(&r)).transpose()
}

/// Makes a key for a matter where there is none: outside of any act, since it takes a moment.
pub async fn new_key(house: &House, organisation: OrganisationId, issue: IssueId) -> Result<Option<SigningKey>> {
    match key_of(house.read(), organisation, issue).await? {
        Some(_) => Ok(None),
        None => SigningKey::generate().await.map(Some),
    }
}

/// Keeps a key, unless another process was first; gives the one that holds.
pub async fn keep_key(act: &Act, organisation: OrganisationId, issue: IssueId, new: Option<SigningKey>) -> Result<Key> {
    if let Some(new) = new {
        let sealed = act.house().keys().seal("proof-key", &Key::about(organisation, issue), &new.private)?;
        let text = "insert into proof_keys (organisation_id, issue_id, key_id, public, private) values (?, ?, ?, ?, ?) \
                    on conflict (organisation_id, issue_id) do nothing";
        let id = blind::key_id(&new.public).to_vec();
        let values = [organisation.0.into(), issue.0.into(), id.into(), new.public.into(), sealed.into()];
        act.tx().execute_raw(sql(act.tx(), text, values)).await?;
    }
    match key_of(act.tx(), organisation, issue).await? {
        Some(key) => Ok(key),
        // Swept between the look and the act.
        None => Err(crate::kernel::error::Error::Conflict),
    }
}

/// Who issues, as the challenge names it: the host of this installation.
pub fn issuer(settings: &Settings) -> String {
    url::Url::parse(&settings.public_url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_else(|| "louyi".into())
}

/// What the context of a challenge is the hash of: the enterprise and the matter, in words that anybody can write down. A
/// context of somebody's own would tell them apart, so the browser makes it by itself.
pub fn context(building: &str, number: i32, organisation: &str) -> [u8; 32] {
    Sha256::digest(format!("louyi proof\n{building}\n{number}\n{organisation}")).into()
}

/// The digest of the challenge that a token for this matter answers.
pub(super) async fn challenge(db: &impl ConnectionTrait, settings: &Settings, issue: &Issue, of: &Organisation) -> Result<[u8; 32]> {
    let building = buildings::by_id(db, issue.building_id).await?;
    Ok(blind::challenge(&issuer(settings), &context(&building.slug, issue.number, &of.slug)))
}
