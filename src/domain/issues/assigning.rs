//! In whose hands a matter is: one person of the organisation responsible. Nobody's standing changes by it, and no clock.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::{ActiveModel, Column, Entity, Issue, IssueState};
use crate::domain::journal::Entry;
use crate::domain::{buildings, duty, persons};
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, PersonId};

impl Issue {
    /// Puts the matter into a person's hands, or takes it out of anybody's. They are told, unless they took it themselves.
    pub async fn assign(self, act: &Act, to: Option<PersonId>) -> Result<Issue> {
        self.ask_holder(act)?;
        if !self.state.is_open() {
            return Err(Refusal::new("issue_state").with("verb", "@verbs.assign").with("state", format!("@states.{}", self.state.as_str())).into());
        }
        if self.person_id == to {
            return Ok(self);
        }
        if let Some(person) = to {
            let holder = self.holder_id.ok_or_else(|| Refusal::new("no_holder"))?;
            let building = buildings::by_id(act.tx(), self.building_id).await?;
            if !persons::at_work(act.tx(), holder, &building).await?.contains(&person) {
                return Err(Refusal::new("assign_not_theirs").at("person").into());
            }
        }
        let issue = self.change(act, ActiveModel { person_id: Set(to), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::IssueAssigned { to }).await?;
        issue.tell(act, "assigned", to.into_iter().collect()).await?;
        Ok(issue)
    }

    /// Puts what has just come to the organisation responsible into the hands that its roster names, if it names any.
    pub(in crate::domain) async fn route(self, act: &Act) -> Result<Issue> {
        let Some(holder) = self.holder_id.filter(|_| self.person_id.is_none()) else { return Ok(self) };
        let Some(hands) = duty::hands_for(act, holder, &self).await? else { return Ok(self) };
        let issue = self.change(act, ActiveModel { person_id: Set(Some(hands.person)), ..Default::default() }).await?;
        let entry = Entry::PutInHands { task: None, to: hands.person, rule: hands.rule, instead_of: hands.instead_of };
        act.journal(issue.on_self(), &entry).await?;
        issue.tell(act, "assigned", vec![hands.person]).await?;
        Ok(issue)
    }
}

/// What is in a person's hands for an organisation in a building goes into other hands, or into nobody's; gives how many
/// matters are open. Of those that are over nobody has anything in hand; taken up again, they lie in the queue.
pub(in crate::domain) async fn hand_over(
    act: &Act,
    building: BuildingId,
    organisation: OrganisationId,
    from: PersonId,
    to: Option<PersonId>,
) -> Result<u32> {
    let theirs = Column::BuildingId.eq(building).and(Column::PersonId.eq(from));
    let theirs = theirs.and(Column::HolderId.eq(organisation).or(Column::HolderId.is_null()));
    let mut n = 0;
    for issue in Entity::find().filter(theirs.clone()).all(act.tx()).await?.into_iter().filter(|i| i.state.is_open()) {
        let issue = issue.change(act, ActiveModel { person_id: Set(to), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::IssueAssigned { to }).await?;
        n += 1;
    }
    let none = ActiveModel { person_id: Set(None), ..Default::default() };
    Entity::update_many().set(none).filter(theirs).exec(act.tx()).await?;
    Ok(n)
}

/// How many open matters are in a person's hands for an organisation in a building.
pub async fn in_hands(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, person: PersonId) -> Result<u64> {
    let theirs = Column::BuildingId.eq(building).and(Column::PersonId.eq(person)).and(Column::HolderId.eq(organisation));
    let open = IssueState::ALL.iter().copied().filter(|s| s.is_open());
    Ok(Entity::find().filter(theirs).filter(Column::State.is_in(open)).count(db).await?)
}

/// How many open matters an organisation is responsible for, or has been offered.
pub async fn held_open(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<u64> {
    let theirs = Column::HolderId.eq(organisation).or(Column::OfferedToId.eq(organisation));
    let open = IssueState::ALL.iter().copied().filter(|s| s.is_open());
    Ok(Entity::find().filter(theirs).filter(Column::State.is_in(open)).count(db).await?)
}
