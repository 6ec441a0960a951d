//! Filters of the desk under a name: a person's own, and those that colleagues of their organisation pass round.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::persons::Membership;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId, SavedViewId};
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedViewId,
    pub person_id: PersonId,
    /// Whose people see it too.
    pub organisation_id: Option<OrganisationId>,
    pub name: String,
    /// What stands behind the question mark of the desk's address.
    pub query: String,
    /// What its owner sees when they open the desk.
    pub first: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as SavedView;

/// Most that one person keeps: more would be a list to search in.
pub const MOST: usize = 12;

/// A person's own and those of their organisations, in the order in which they were kept.
pub async fn seen_by(db: &impl ConnectionTrait, person: PersonId, memberships: &[Membership]) -> Result<Vec<SavedView>> {
    let shared = Column::OrganisationId.is_in(memberships.iter().map(|m| m.organisation_id).collect::<Vec<_>>());
    Ok(Entity::find().filter(Column::PersonId.eq(person).or(shared)).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// One of a person's own.
pub async fn own(db: &impl ConnectionTrait, person: PersonId, id: SavedViewId) -> Result<SavedView> {
    Entity::find_by_id(id).filter(Column::PersonId.eq(person)).one(db).await?.ok_or(Error::NotFound)
}

/// Keeps a filter under a name; gives it, and whether one of the same name was replaced.
pub async fn keep(act: &Act, name: &str, query: &str, shared: Option<OrganisationId>, first: bool) -> Result<(SavedView, bool)> {
    let person = act.actor.person().ok_or_else(|| Refusal::new("no_right"))?;
    let name = text::words("name", name, 1, 20)?;
    let called = name.clone();
    let mine = Entity::find().filter(Column::PersonId.eq(person)).all(act.tx()).await?;
    if mine.len() >= MOST && mine.iter().all(|v| v.name != name) {
        return Err(Refusal::new("views_most").with("n", MOST).at("name").into());
    }
    if first {
        let none = ActiveModel { first: Set(false), ..Default::default() };
        Entity::update_many().set(none).filter(Column::PersonId.eq(person)).exec(act.tx()).await?;
    }
    Entity::delete_many().filter(Column::PersonId.eq(person)).filter(Column::Name.eq(name.as_str())).exec(act.tx()).await?;
    let row = ActiveModel {
        id: Set(SavedViewId(act.fresh())),
        person_id: Set(person),
        organisation_id: Set(shared),
        name: Set(name),
        query: Set(query.to_owned()),
        first: Set(first),
        created_at: Set(act.at),
    };
    Ok((row.insert(act.tx()).await?, mine.iter().any(|v| v.name == called)))
}

impl SavedView {
    /// Lets it go.
    pub async fn remove(self, act: &Act) -> Result<()> {
        if act.actor.person() != Some(self.person_id) {
            return Err(Error::NotFound);
        }
        Entity::delete_by_id(self.id).exec(act.tx()).await?;
        Ok(())
    }
}
