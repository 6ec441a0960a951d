//! Persons 人员 and their memberships 任职: a role in an organisation, for a building or a district.

mod standing;

pub use standing::by_handle;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::buildings::Building;
use super::journal::Entry;
use super::rights::{Right, Role};
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, DistrictId, MembershipId, OrganisationId, PersonId};
use crate::kernel::journal::On;

/// Somebody with an account. Workers have none: a receipt is enough.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "persons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub name: String,
    pub name_en: String,
    pub email: Option<String>,
    /// Lower case, unique: addresses are compared without case.
    pub email_lc: Option<String>,
    pub phone: Option<String>,
    /// Argon2id, PHC string.
    pub password_hash: Option<String>,
    pub locale: String,
    pub created_at: DateTimeUtc,
    pub disabled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A role of a person in an organisation.
pub mod membership {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MembershipId,
        pub person_id: PersonId,
        pub organisation_id: OrganisationId,
        pub role: Role,
        /// For one building …
        pub building_id: Option<BuildingId>,
        /// … or for a whole district.
        pub district_id: Option<DistrictId>,
        pub since: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
        /// Looks after the people of the organisation.
        pub lead: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use Model as Person;
pub use membership::Model as Membership;

impl Model {
    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name, &self.name_en)
    }
    /// The person's own language.
    pub fn lang(&self) -> Lang {
        Lang::from_tag(&self.locale)
    }
}

impl Membership {
    /// Whether it holds in this building.
    pub fn covers(&self, building: &Building) -> bool {
        self.building_id == Some(building.id) || self.district_id == Some(building.district_id)
    }
    /// The actor of an act done in this role.
    pub fn actor(&self) -> Actor {
        Actor::Person { id: self.person_id, organisation: self.organisation_id, role: self.role.as_str() }
    }
}

/// The first membership, in the order of the right's roles, that gives the right in a building.
pub fn entitled<'m>(memberships: &'m [Membership], right: Right, building: &Building) -> Option<&'m Membership> {
    right.roles().iter().find_map(|role| memberships.iter().find(|m| m.role == *role && m.covers(building)))
}

/// The same for a whole district.
pub fn entitled_in_district(memberships: &[Membership], right: Right, district: DistrictId) -> Option<&Membership> {
    right.roles().iter().find_map(|role| memberships.iter().find(|m| m.role == *role && m.district_id == Some(district)))
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: PersonId) -> Result<Person> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Several at once.
pub async fn by_ids(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = PersonId>) -> Result<Vec<Person>> {
    let mut ids: Vec<PersonId> = ids.into_iter().collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
}

/// By mail address, without case; disabled accounts are not found.
pub async fn by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Person>> {
    Ok(Entity::find().filter(Column::EmailLc.eq(email.trim().to_lowercase())).filter(Column::DisabledAt.is_null()).one(db).await?)
}

/// The roles that a person holds now.
pub async fn memberships(db: &impl ConnectionTrait, id: PersonId) -> Result<Vec<Membership>> {
    Ok(membership::Entity::find()
        .filter(membership::Column::PersonId.eq(id))
        .filter(membership::Column::EndedAt.is_null())
        .order_by_asc(membership::Column::Since)
        .all(db)
        .await?)
}

/// Memberships that hold in a building, by themselves or for its whole district.
fn here(building: &Building) -> Expr {
    membership::Column::BuildingId.eq(building.id).or(membership::Column::DistrictId.eq(building.district_id))
}

/// Memberships in which somebody acts for an organisation.
fn acting(id: OrganisationId) -> Select<membership::Entity> {
    let works = membership::Column::Role.is_in(Right::Work.roles().iter().copied());
    membership::Entity::find().filter(membership::Column::OrganisationId.eq(id)).filter(works)
}

/// Whose these memberships are, each once, as far as they have not ended.
async fn whose(db: &impl ConnectionTrait, memberships: Select<membership::Entity>) -> Result<Vec<PersonId>> {
    let rows = memberships.filter(membership::Column::EndedAt.is_null()).all(db).await?;
    let mut ids: Vec<PersonId> = rows.into_iter().map(|m| m.person_id).collect();
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// Who holds a role in a building (or its whole district).
pub async fn holders(db: &impl ConnectionTrait, building: &Building, role: Role) -> Result<Vec<PersonId>> {
    whose(db, membership::Entity::find().filter(membership::Column::Role.eq(role)).filter(here(building))).await
}

/// Who holds a role for a whole district.
pub async fn holders_in_district(db: &impl ConnectionTrait, district: DistrictId, role: Role) -> Result<Vec<PersonId>> {
    let there = membership::Column::DistrictId.eq(district);
    whose(db, membership::Entity::find().filter(membership::Column::Role.eq(role)).filter(there)).await
}

/// The organisation that keeps the office of a district's council: that of its secretary, of several the first.
pub async fn office_of_district(db: &impl ConnectionTrait, district: DistrictId) -> Result<Option<OrganisationId>> {
    use membership::Column as C;
    let there = membership::Entity::find().filter(C::Role.eq(Role::Secretary)).filter(C::DistrictId.eq(district)).filter(C::EndedAt.is_null());
    Ok(there.order_by_asc(C::Since).order_by_asc(C::Id).one(db).await?.map(|m| m.organisation_id))
}

/// Who acts for an organisation: those who may take on its tasks.
pub async fn of_organisation(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Vec<PersonId>> {
    whose(db, acting(id)).await
}

/// Who acts for an organisation in a building.
pub async fn at_work(db: &impl ConnectionTrait, id: OrganisationId, building: &Building) -> Result<Vec<PersonId>> {
    whose(db, acting(id).filter(here(building))).await
}

/// Somebody, if they still act for an organisation in a building: into the hands of who has left, nothing goes back.
pub(in crate::domain) async fn still_at_work(
    db: &impl ConnectionTrait,
    person: Option<PersonId>,
    organisation: OrganisationId,
    building: BuildingId,
) -> Result<Option<PersonId>> {
    let Some(person) = person else { return Ok(None) };
    let building = super::buildings::by_id(db, building).await?;
    Ok(at_work(db, organisation, &building).await?.contains(&person).then_some(person))
}

/// Memberships in a building of those who act for one of these organisations, and of its secretaries.
pub async fn working_on(db: &impl ConnectionTrait, building: &Building, organisations: &[OrganisationId]) -> Result<Vec<Membership>> {
    use membership::Column as C;
    let acts = C::Role.is_in(Right::Work.roles().iter().copied()).and(C::OrganisationId.is_in(organisations.iter().copied()));
    let those = membership::Entity::find().filter(acts.or(C::Role.eq(Role::Secretary))).filter(here(building)).filter(C::EndedAt.is_null());
    Ok(those.order_by_asc(C::Since).all(db).await?)
}

/// How many still act for an organisation, in whichever role and place.
pub(in crate::domain) async fn of_organisation_whole(db: &impl ConnectionTrait, id: OrganisationId) -> Result<usize> {
    Ok(whose(db, membership::Entity::find().filter(membership::Column::OrganisationId.eq(id))).await?.len())
}

/// The memberships that hold in a building, by themselves or for its whole district, in the order in which they began.
pub async fn all_here(db: &impl ConnectionTrait, building: &Building) -> Result<Vec<Membership>> {
    let those = membership::Entity::find().filter(here(building)).filter(membership::Column::EndedAt.is_null());
    Ok(those.order_by_asc(membership::Column::Since).order_by_asc(membership::Column::Id).all(db).await?)
}

/// Whether this can be a mail address; that it is somebody's is found out by writing to it.
pub fn mail_address(field: &'static str, typed: &str) -> Result<(), Refusal> {
    let (name, host) = typed.rsplit_once('@').unwrap_or_default();
    let whole = !name.is_empty() && host.len() > 2 && !host.starts_with('.') && !host.ends_with('.') && typed.len() <= 254;
    if whole && !typed.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"')) {
        return Ok(());
    }
    Err(Refusal::new("mail_address").at(field))
}

/// Adds a person. The mail address must be new, without case.
pub async fn add(act: &Act, name: &str, name_en: &str, email: Option<&str>, lang: Lang) -> Result<Person> {
    if let Some(email) = email {
        mail_address("email", email)?;
        if Entity::find().filter(Column::EmailLc.eq(email.to_lowercase())).one(act.tx()).await?.is_some() {
            return Err(Refusal::new("mail_known").at("email").into());
        }
    }
    let row = ActiveModel {
        id: Set(PersonId(act.fresh())),
        name: Set(name.into()),
        name_en: Set(name_en.into()),
        email: Set(email.map(Into::into)),
        email_lc: Set(email.map(str::to_lowercase)),
        phone: Set(None),
        password_hash: Set(None),
        locale: Set(lang.tag().into()),
        created_at: Set(act.at),
        disabled_at: Set(None),
    };
    let person = row.insert(act.tx()).await?;
    act.journal(On::new("person", person.id), &Entry::PersonAdded).await?;
    Ok(person)
}

/// Where a role holds.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// In one building.
    Building(BuildingId),
    /// In a whole district.
    District(DistrictId),
}

impl Model {
    /// Gives this person a role.
    pub async fn appoint(&self, act: &Act, organisation: OrganisationId, role: Role, scope: Scope) -> Result<Membership> {
        let (building_id, district_id) = match scope {
            Scope::Building(b) => (Some(b), None),
            Scope::District(d) => (None, Some(d)),
        };
        let row = membership::ActiveModel {
            id: Set(MembershipId(act.fresh())),
            person_id: Set(self.id),
            organisation_id: Set(organisation),
            role: Set(role),
            building_id: Set(building_id),
            district_id: Set(district_id),
            since: Set(act.at),
            ended_at: Set(None),
            lead: Set(false),
        };
        let m = row.insert(act.tx()).await?;
        act.journal(On::new("membership", m.id), &Entry::PersonAppointed { person: self.id, organisation, role }).await?;
        Ok(m)
    }

    /// Keeps the hash of a new password.
    pub async fn set_password(self, act: &Act, hash: String) -> Result<Person> {
        let id = self.id;
        let mut row: ActiveModel = self.into();
        row.password_hash = Set(Some(hash));
        let person = row.update(act.tx()).await?;
        act.journal(On::new("person", id), &Entry::PasswordSet).await?;
        Ok(person)
    }

    /// Chooses the language of pages and letters.
    pub async fn choose_language(self, act: &Act, lang: Lang) -> Result<Person> {
        let mut row: ActiveModel = self.into();
        row.locale = Set(lang.tag().into());
        Ok(row.update(act.tx()).await?)
    }
}
