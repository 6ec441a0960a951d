//! Doing it: what was picked by its label, tried before it is done, and done in one act.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Batch, BatchVerb, MOST, part};
use crate::domain::buildings::Building;
use crate::domain::issues::{self, Issue};
use crate::domain::messages::{self, Voice};
use crate::domain::organisations::Organisation;
use crate::domain::tasks::{self, Task};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BatchId, OrganisationId, PersonId};
use crate::kernel::journal;

/// A matter or a task that was picked, as it is now.
#[derive(Clone, Debug)]
pub struct Pick {
    pub issue: Issue,
    pub task: Option<Task>,
}

/// What to do with each.
#[derive(Clone, Debug)]
pub enum Order {
    /// Take on: a matter is accepted with an answer to its reporters, if there is one; a task is acknowledged.
    Accept { answer: String },
    /// The same words to the reporters of each.
    Answer { words: String },
    /// Into one person's hands, or out of anybody's.
    Assign { to: Option<PersonId> },
    /// Offered to another organisation.
    Transfer { to: Box<Organisation>, reason: String, words: String },
}

impl Order {
    /// Its verb.
    pub fn verb(&self) -> BatchVerb {
        match self {
            Order::Accept { .. } => BatchVerb::Accept,
            Order::Answer { .. } => BatchVerb::Answer,
            Order::Assign { .. } => BatchVerb::Assign,
            Order::Transfer { .. } => BatchVerb::Transfer,
        }
    }

    /// Whether it can be taken back: what was said to reporters cannot.
    pub fn undoable(&self) -> bool {
        match self {
            Order::Accept { answer } => answer.trim().is_empty(),
            Order::Answer { .. } => false,
            Order::Assign { .. } | Order::Transfer { .. } => true,
        }
    }
}

impl Pick {
    /// The version that a form is made from: of the task, or of the matter itself.
    pub fn version(&self) -> i32 {
        self.task.as_ref().map_or(self.issue.version, |t| t.version)
    }

    /// For whom one acts: whoever is responsible, or has the task.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.task.as_ref().map_or(self.issue.holder_id, |t| Some(t.organisation_id))
    }

    /// In whose hands it is.
    pub fn person(&self) -> Option<PersonId> {
        self.task.as_ref().map_or(self.issue.person_id, |t| t.person_id)
    }

    async fn again(&self, db: &impl ConnectionTrait) -> Result<Pick> {
        let task = match &self.task {
            Some(t) => Some(tasks::by_id(db, t.id).await?),
            None => None,
        };
        Ok(Pick { issue: issues::by_id(db, self.issue.id).await?, task })
    }

    async fn after(self, act: &Act, order: &Order) -> Result<Pick> {
        let Pick { issue, task } = self;
        Ok(match (order, task) {
            (Order::Accept { answer }, None) => Pick { issue: issue.accept(act, answer).await?, task: None },
            (Order::Accept { .. }, Some(task)) => Pick { task: Some(task.acknowledge(act, &issue).await?), issue },
            (Order::Answer { words }, None) => {
                issue.ask_holder(act)?;
                Pick { issue: messages::say(act, issue, Voice::Reporters, words).await?, task: None }
            }
            // Who does a task speaks to those who gave it, not to the reporters.
            (Order::Answer { .. }, Some(_)) => return Err(Refusal::new("batch_task_answer").into()),
            (Order::Assign { to }, None) => Pick { issue: issue.assign(act, *to).await?, task: None },
            (Order::Assign { to }, Some(task)) => Pick { task: Some(task.assign(act, &issue, *to).await?), issue },
            (Order::Transfer { to, reason, words }, None) => Pick { issue: issue.offer(act, to, reason, words).await?, task: None },
            // A task goes back to whoever gave it; it is not passed on.
            (Order::Transfer { .. }, Some(_)) => return Err(Refusal::new("batch_task_transfer").into()),
        })
    }
}

/// What labels such as `TQ-214` and `TQ-214/2` name in these buildings, in their order, each once. What names nothing is
/// left out: it is gone, or was never there.
pub async fn resolve(db: &impl ConnectionTrait, buildings: &[Building], labels: &[&str]) -> Result<Vec<Pick>> {
    let mut picks: Vec<Pick> = vec![];
    for label in labels.iter().take(MOST) {
        let (label, k) = label.split_once('/').map_or((*label, None), |(l, k)| (l, k.parse::<i32>().ok()));
        let Some((code, number)) = label.rsplit_once('-').and_then(|(c, n)| Some((c, n.parse::<i32>().ok()?))) else { continue };
        let Some(building) = buildings.iter().find(|b| b.code.eq_ignore_ascii_case(code)) else { continue };
        let issue = match issues::by_number(db, building.id, number).await {
            Ok(issue) => issue,
            Err(Error::NotFound) => continue,
            Err(e) => return Err(e),
        };
        let task = match k {
            None => None,
            Some(k) => match tasks::by_number(db, issue.id, k).await {
                Ok(task) => Some(task),
                Err(Error::NotFound) => continue,
                Err(e) => return Err(e),
            },
        };
        let same = |p: &Pick| p.issue.id == issue.id && p.task.as_ref().map(|t| t.id) == task.as_ref().map(|t| t.id);
        if !picks.iter().any(same) {
            picks.push(Pick { issue, task });
        }
    }
    Ok(picks)
}

/// What stands against it for each, found out by trying and taking it back: a page says before what the act would say.
pub async fn refusals(house: &House, actor: &Actor, order: &Order, picks: &[Pick]) -> Result<Vec<Option<Refusal>>> {
    let mut all = vec![];
    for pick in picks {
        let act = house.act(actor.clone()).await?;
        let tried = match pick.again(act.tx()).await {
            Ok(now) => now.after(&act, order).await,
            Err(e) => Err(e),
        };
        act.undo().await?;
        all.push(match tried {
            Ok(_) => None,
            Err(Error::Refused(refusal)) => Some(refusal),
            Err(Error::Conflict | Error::NotFound) => Some(Refusal::new("batch_moved")),
            Err(e) => return Err(e),
        });
    }
    Ok(all)
}

/// Does it with each; all or none. A conflict where one of them has changed since the page was made.
pub async fn perform(act: &Act, order: &Order, picks: &[(Pick, i32)]) -> Result<Batch> {
    let Some(person) = act.actor.person() else { return Err(Refusal::new("no_right").into()) };
    if picks.is_empty() {
        return Err(Refusal::new("batch_empty").into());
    }
    let id = BatchId(act.fresh());
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(person),
        verb: Set(order.verb()),
        made_at: Set(act.at),
        undone_at: Set(None),
        told: Set(!order.undoable()),
    };
    let batch = row.insert(act.tx()).await?;
    for (position, (pick, version)) in (1..).zip(picks) {
        let before = pick.again(act.tx()).await?;
        if before.version() != *version {
            return Err(Error::Conflict);
        }
        let former = before.person();
        let after = before.after(act, order).await?;
        let line = journal::last_of_issue(act.tx(), after.issue.id).await?.map_or(0, |l| l.seq);
        let row = part::ActiveModel {
            batch_id: Set(id),
            position: Set(position),
            issue_id: Set(after.issue.id),
            task_id: Set(after.task.as_ref().map(|t| t.id)),
            version: Set(after.version()),
            line: Set(line),
            former_id: Set(former),
            undone: Set(false),
        };
        part::Entity::insert(row).exec_without_returning(act.tx()).await?;
    }
    Ok(batch)
}
