//! In whose hands a task is: one person of the organisation that has it. Whoever takes it on or begins it has it anyway.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;

use super::{ActiveModel, Column, Entity, Task, TaskState, TaskVerb};
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::domain::{buildings, duty, persons};
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId, PersonId};

impl Task {
    /// Puts the task into a person's hands, or takes it out of anybody's. They are told, unless they took it themselves.
    pub async fn assign(self, act: &Act, issue: &Issue, to: Option<PersonId>) -> Result<Task> {
        self.ask_own(act)?;
        if !self.state.is_open() {
            let refusal = Refusal::new("task_state").with("verb", "@task_verbs.assign");
            return Err(refusal.with("state", format!("@task_states.{}", self.state.as_str())).into());
        }
        if self.person_id == to {
            return Ok(self);
        }
        if let Some(person) = to {
            let building = buildings::by_id(act.tx(), issue.building_id).await?;
            if !persons::at_work(act.tx(), self.organisation_id, &building).await?.contains(&person) {
                return Err(Refusal::new("assign_not_theirs").at("person").into());
            }
        }
        let task = self.change(act, ActiveModel { person_id: Set(to), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::TaskAssigned { number: task.number, to }).await?;
        issue.tell_of(act, "assigned", to.into_iter().collect(), Some(&task), None).await?;
        Ok(task)
    }

    /// Puts a task that has just come to its organisation into the hands that the roster names, if it names any.
    pub(super) async fn route(self, act: &Act, issue: &Issue) -> Result<Task> {
        let Some(hands) = duty::hands_for(act, self.organisation_id, issue).await? else { return Ok(self) };
        let task = self.change(act, ActiveModel { person_id: Set(Some(hands.person)), ..Default::default() }).await?;
        let entry = Entry::PutInHands { task: Some(task.number), to: hands.person, rule: hands.rule, instead_of: hands.instead_of };
        act.journal(issue.on_self(), &entry).await?;
        Ok(task)
    }

    /// Takes back that it was taken on, into the hands in which it was before.
    pub async fn unacknowledge(self, act: &Act, issue: &Issue, former: Option<PersonId>) -> Result<Task> {
        self.ask_own(act)?;
        let next = self.state.after(TaskVerb::Unacknowledge)?;
        let former = persons::still_at_work(act.tx(), former, self.organisation_id, issue.building_id).await?;
        let set = ActiveModel { state: Set(next), acknowledged_at: Set(None), person_id: Set(former), ..Default::default() };
        let task = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::AcknowledgementUndone { number: task.number }).await?;
        Ok(task)
    }
}

/// The tasks of an organisation in a building that are in a person's hands.
fn theirs(building: BuildingId, organisation: OrganisationId, person: PersonId) -> sea_orm::Condition {
    let here = Query::select().column(issues::Column::Id).from(issues::Entity).and_where(issues::Column::BuildingId.eq(building)).to_owned();
    sea_orm::Condition::all().add(Column::PersonId.eq(person)).add(Column::OrganisationId.eq(organisation)).add(Column::IssueId.in_subquery(here))
}

/// What is in a person's hands for an organisation in a building goes into other hands, or into nobody's; gives how many
/// tasks are open.
pub(in crate::domain) async fn hand_over(
    act: &Act,
    building: BuildingId,
    organisation: OrganisationId,
    from: PersonId,
    to: Option<PersonId>,
) -> Result<u32> {
    let mut n = 0;
    for task in Entity::find().filter(theirs(building, organisation, from)).all(act.tx()).await?.into_iter().filter(|t| t.state.is_open()) {
        let issue = issues::by_id(act.tx(), task.issue_id).await?;
        let task = task.change(act, ActiveModel { person_id: Set(to), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::TaskAssigned { number: task.number, to }).await?;
        n += 1;
    }
    let none = ActiveModel { person_id: Set(None), ..Default::default() };
    Entity::update_many().set(none).filter(theirs(building, organisation, from)).exec(act.tx()).await?;
    Ok(n)
}

/// How many open tasks are in a person's hands for an organisation in a building.
pub async fn in_hands(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, person: PersonId) -> Result<u64> {
    let open = TaskState::ALL.iter().copied().filter(|s| s.is_open());
    Ok(Entity::find().filter(theirs(building, organisation, person)).filter(Column::State.is_in(open)).count(db).await?)
}
