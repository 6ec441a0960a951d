//! Visits 上门: rooms that must be entered for a task. The tenant is asked for a time, and says yes or no; what was agreed by
//! word of mouth is written down as such.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Task;
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::domain::organisations::{Organisation, OrganisationKind};
use crate::domain::persons;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId, TaskId};
use crate::kernel::text;

vocabulary! {
    /// What the tenant says to a time.
    VisitAnswer { Agreed = "agreed", Declined = "declined", CalledOff = "called_off" }
}

/// The longest time that a tenant is asked to be there.
const LONGEST: Duration = Duration::hours(8);

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_visits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: TaskId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Whose rooms.
    pub organisation_id: OrganisationId,
    pub from_at: DateTimeUtc,
    pub until_at: DateTimeUtc,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub asked_by: PersonId,
    pub asked_at: DateTimeUtc,
    pub answer: Option<VisitAnswer>,
    pub answer_words: Option<String>,
    pub answer_salt: Option<Vec<u8>>,
    pub answered_by: Option<PersonId>,
    /// For which organisation: the tenant, or whoever wrote down what was said to them.
    pub answered_for: Option<OrganisationId>,
    pub answered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Visit;

/// A time to be asked for.
pub struct NewVisit<'a> {
    pub to: &'a Organisation,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub words: &'a str,
}

/// The visits of a task, in the order of asking.
pub async fn visits(db: &impl ConnectionTrait, task: TaskId) -> Result<Vec<Visit>> {
    Ok(Entity::find().filter(Column::TaskId.eq(task)).order_by_asc(Column::Position).all(db).await?)
}

/// Those to come that one of these organisations has not answered, in the order of their times.
pub async fn visits_waiting(db: &impl ConnectionTrait, of: &[OrganisationId], now: DateTime<Utc>) -> Result<Vec<Visit>> {
    if of.is_empty() {
        return Ok(vec![]);
    }
    let waiting = Entity::find().filter(Column::OrganisationId.is_in(of.to_vec())).filter(Column::Answer.is_null()).filter(Column::UntilAt.gt(now));
    Ok(waiting.order_by_asc(Column::FromAt).order_by_asc(Column::TaskId).all(db).await?)
}

impl Model {
    /// Whether it is still to come and nobody has said no.
    pub fn stands(&self, now: DateTime<Utc>) -> bool {
        self.until_at > now && matches!(self.answer, None | Some(VisitAnswer::Agreed))
    }
}

impl Task {
    /// Asks a tenant for a time.
    pub async fn ask_visit(&self, act: &Act, issue: &Issue, new: NewVisit<'_>) -> Result<Visit> {
        self.ask_particular(act, issue)?;
        let words = text::words("words", new.words, 2, 300)?;
        if !matches!(new.to.kind, OrganisationKind::Enterprise | OrganisationKind::Owner | OrganisationKind::Station) {
            return Err(Refusal::new("visit_whom").at("to").into());
        }
        if new.from <= act.at {
            return Err(Refusal::new("visit_past").at("from").into());
        }
        if new.until <= new.from || new.until - new.from > LONGEST {
            return Err(Refusal::new("visit_span").at("until").into());
        }
        let before = visits(act.tx(), self.id).await?;
        if before.iter().any(|v| v.organisation_id == new.to.id && v.stands(act.at)) {
            return Err(Refusal::new("visit_asked").at("to").into());
        }
        let position = before.last().map_or(1, |v| v.position + 1);
        let (salt, hash) = text::salted(&words);
        let row = ActiveModel {
            task_id: Set(self.id),
            position: Set(position),
            organisation_id: Set(new.to.id),
            from_at: Set(new.from),
            until_at: Set(new.until),
            words: Set(words),
            words_salt: Set(salt),
            asked_by: Set(act.actor.person().ok_or_else(|| Refusal::new("only_party"))?),
            asked_at: Set(act.at),
            answer: Set(None),
            answer_words: Set(None),
            answer_salt: Set(None),
            answered_by: Set(None),
            answered_for: Set(None),
            answered_at: Set(None),
        };
        let visit = row.insert(act.tx()).await?;
        let entry = Entry::VisitAsked { number: self.number, to: new.to.id, from: new.from, until: new.until, words: hash };
        act.journal(issue.on_self(), &entry).await?;
        issue.tell_channels(act, "visit_asked", Some(new.to.id), false, Some(self), None).await?;
        let whom = persons::of_organisation(act.tx(), new.to.id).await?;
        issue.tell_of(act, "visit_asked", whom, Some(self), None).await?;
        Ok(visit)
    }

    /// The tenant's answer. Whoever has the task writes down what was said to them instead, and calls off what does not suit.
    pub async fn answer_visit(&self, act: &Act, issue: &Issue, position: i32, answer: VisitAnswer, words: &str) -> Result<()> {
        let visit = Entity::find_by_id((self.id, position)).one(act.tx()).await?.ok_or(Error::NotFound)?;
        let tenant = act.actor.organisation() == Some(visit.organisation_id);
        if !tenant {
            self.ask_particular(act, issue)?;
        }
        if tenant && answer == VisitAnswer::CalledOff {
            return Err(Refusal::new("unknown_choice").at("answer").into());
        }
        if visit.until_at <= act.at {
            return Err(Refusal::new("visit_over").into());
        }
        if visit.answer == Some(answer) || matches!(visit.answer, Some(VisitAnswer::Declined | VisitAnswer::CalledOff)) {
            return Err(Refusal::new("visit_answered").into());
        }
        // A yes needs no words; whoever says no, or speaks for another, says why or how.
        let least = if tenant && answer == VisitAnswer::Agreed { 0 } else { 2 };
        let words = text::words("words", words, least, 300)?;
        let (salt, hash) = text::salted(&words);
        let to = visit.organisation_id;
        let mut row: ActiveModel = visit.into();
        row.answer = Set(Some(answer));
        row.answer_words = Set(Some(words).filter(|w| !w.is_empty()));
        row.answer_salt = Set(Some(salt));
        row.answered_by = Set(act.actor.person());
        row.answered_for = Set(act.actor.organisation());
        row.answered_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::VisitAnswered { number: self.number, to, answer, words: hash }).await?;
        if tenant {
            issue.tell_task(act, "visit_answered", self).await?;
        } else {
            issue.tell_channels(act, "visit_answered", Some(to), false, Some(self), None).await?;
            let whom = persons::of_organisation(act.tx(), to).await?;
            issue.tell_of(act, "visit_answered", whom, Some(self), None).await?;
        }
        Ok(())
    }
}
