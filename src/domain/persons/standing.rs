//! How a person is named on pages of those who look after people, who leads, how a role ends, and how an account is closed.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, Membership, Person, membership};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::journal::On;
use crate::kernel::keys::Keys;

/// Eight signs by which pages name a person: an id would tell when somebody came.
fn handle_of(keys: &Keys, id: PersonId) -> String {
    hex::encode(&keys.derive("person-handle", &[id.0.as_bytes()])[..4])
}

impl Person {
    /// Eight signs by which pages name it.
    pub fn handle(&self, keys: &Keys) -> String {
        handle_of(keys, self.id)
    }

    /// Whether it has left for good.
    pub fn gone(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Keeps a mobile number.
    pub async fn with_phone(self, act: &Act, phone: &str) -> Result<Person> {
        let mut row: ActiveModel = self.into();
        row.phone = Set(Some(phone.to_owned()));
        Ok(row.update(act.tx()).await?)
    }

    /// Closes the account: how to reach somebody who has left, and how they signed in, is nobody's affair any more. The name
    /// stays with what they signed.
    pub(in crate::domain) async fn close(self, act: &Act) -> Result<()> {
        let id = self.id;
        let mut row: ActiveModel = self.into();
        row.email = Set(None);
        row.email_lc = Set(None);
        row.phone = Set(None);
        row.password_hash = Set(None);
        row.disabled_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(On::new("person", id), &Entry::AccountClosed).await.map(drop)
    }
}

/// Whoever of these has this handle.
pub async fn by_handle(db: &impl ConnectionTrait, keys: &Keys, among: &[Membership], handle: &str) -> Result<Person> {
    let id = among.iter().map(|m| m.person_id).find(|id| handle_of(keys, *id) == handle).ok_or(Error::NotFound)?;
    Entity::find_by_id(id).filter(Column::DisabledAt.is_null()).one(db).await?.ok_or(Error::NotFound)
}

impl Membership {
    /// What the journal notes about it.
    fn on_self(&self) -> On {
        let on = On::new("membership", self.id);
        let on = self.building_id.map_or(on, |b| on.in_building(b));
        self.district_id.map_or(on, |d| on.in_district(d))
    }

    /// Ends now.
    pub(in crate::domain) async fn end(self, act: &Act) -> Result<()> {
        let (on, entry) = (self.on_self(), Entry::MembershipEnded { person: self.person_id, organisation: self.organisation_id, role: self.role });
        let mut row: membership::ActiveModel = self.into();
        row.ended_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &entry).await.map(drop)
    }

    /// Says whether whoever holds it looks after the organisation's people.
    pub async fn name_lead(self, act: &Act, lead: bool) -> Result<Membership> {
        if self.lead == lead {
            return Ok(self);
        }
        let (on, entry) = (self.on_self(), Entry::LeadNamed { person: self.person_id, organisation: self.organisation_id, lead });
        let mut row: membership::ActiveModel = self.into();
        row.lead = Set(lead);
        let m = row.update(act.tx()).await?;
        act.journal(on, &entry).await?;
        Ok(m)
    }
}
