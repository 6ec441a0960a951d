//! What was picked, with the role in which this person acts on each.

use crate::domain::batches::{self, Batch, Order, Pick};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::issues;
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons::{self, Membership, Person};
use crate::domain::rights::{Right, Role};
use crate::domain::tasks;
use crate::kernel::act::Actor;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::web::guards::{Holds, Work};

/// One matter or task.
pub struct Picked {
    pub label: String,
    pub pick: Pick,
    pub building: Building,
    pub place: Option<Place>,
    /// In which role.
    pub actor: Actor,
}

impl Picked {
    /// What it is called at work.
    pub fn title(&self) -> String {
        self.pick.task.as_ref().map_or_else(|| self.pick.issue.title.clone(), |t| t.words.clone())
    }

    /// Where it is.
    pub fn small(&self, lang: Lang) -> String {
        self.place.as_ref().map_or_else(String::new, |p| p.full(lang))
    }

    /// Where one works on it.
    pub fn href(&self) -> String {
        let root = format!("/b/{}/issues/{}", self.building.slug, self.pick.issue.number);
        self.pick.task.as_ref().map_or_else(|| format!("{root}/work"), |t| format!("{root}/tasks/{}", t.number))
    }
}

/// All of them.
pub struct Picks {
    pub all: Vec<Picked>,
}

/// The role that speaks for whoever is responsible, or the secretary's: matters are triaged, tasks worked on. Nobody else
/// may do anything with them, nor read what they are called at work.
fn acting<'m>(memberships: &'m [Membership], building: &Building, pick: &Pick) -> Option<&'m Membership> {
    let right = if pick.task.is_some() { Right::Work } else { Right::Triage };
    let here = || memberships.iter().filter(|m| m.covers(building) && m.role.may(right));
    here().find(|m| Some(m.organisation_id) == pick.organisation()).or_else(|| here().find(|m| m.role == Role::Secretary && pick.task.is_none()))
}

/// The role in which something that was done at once is taken back.
pub async fn actor_of(who: &Holds<'_, Work>, batch: &Batch) -> Result<Actor> {
    let db = who.house.read();
    let Some(part) = batches::parts(db, batch.id).await?.into_iter().next() else { return Err(Refusal::new("batch_empty").into()) };
    let issue = issues::by_id(db, part.issue_id).await?;
    let task = match part.task_id {
        Some(id) => Some(tasks::by_id(db, id).await?),
        None => None,
    };
    let building = buildings::by_id(db, issue.building_id).await?;
    let membership = acting(&who.signed.memberships, &building, &Pick { issue, task }).ok_or_else(|| Refusal::new("no_right"))?;
    Ok(membership.actor())
}

impl Picks {
    /// What labels name, of what is this person's to do something with.
    pub async fn of(who: &Holds<'_, Work>, labels: &[&str]) -> Result<Self> {
        let db = who.house.read();
        let mut mine = buildings::all(db, None).await?;
        mine.retain(|b| who.signed.memberships.iter().any(|m| m.covers(b)));
        let picks = batches::resolve(db, &mine, labels).await?;
        let places = buildings::places_by_ids(db, picks.iter().map(|p| p.issue.place_id).collect()).await?;
        let all = picks.into_iter().filter_map(|pick| {
            let building = mine.iter().find(|b| b.id == pick.issue.building_id)?.clone();
            let label = building.label(pick.issue.number);
            let label = pick.task.as_ref().map_or_else(|| label.clone(), |t| format!("{label}/{}", t.number));
            let actor = acting(&who.signed.memberships, &building, &pick)?.actor();
            let place = places.iter().find(|p| p.id == pick.issue.place_id).cloned();
            Some(Picked { label, pick, building, place, actor })
        });
        Ok(Self { all: all.collect() })
    }

    /// Who acts: one role for all of them.
    pub fn actor(&self) -> Option<Actor> {
        self.all.first().map(|p| p.actor.clone())
    }

    /// The building, where it is one.
    pub fn building(&self) -> Option<&Building> {
        let first = self.all.first().map(|p| &p.building)?;
        self.all.iter().all(|p| p.building.id == first.id).then_some(first)
    }

    /// What stands against it for each.
    pub async fn refusals(&self, who: &Holds<'_, Work>, order: &Order) -> Result<Vec<Option<Refusal>>> {
        let Some(actor) = self.actor() else { return Ok(vec![]) };
        let picks: Vec<Pick> = self.all.iter().map(|p| p.pick.clone()).collect();
        let tried = batches::refusals(&who.house, &actor, order, &picks).await?;
        let of = |(p, refused): (&Picked, Option<Refusal>)| match &p.actor {
            own if *own != actor => Some(Refusal::new("batch_other_role")),
            _ => refused,
        };
        Ok(self.all.iter().zip(tried).map(of).collect())
    }

    /// Those into whose hands all of it can be put, this person first.
    pub async fn hands(&self, who: &Holds<'_, Work>) -> Result<Vec<Person>> {
        let db = who.house.read();
        let mut common: Option<Vec<_>> = None;
        for p in &self.all {
            let Some(organisation) = p.pick.organisation() else { continue };
            let there = persons::at_work(db, organisation, &p.building).await?;
            common = Some(match common {
                None => there,
                Some(before) => before.into_iter().filter(|id| there.contains(id)).collect(),
            });
        }
        let mut all = persons::by_ids(db, common.unwrap_or_default()).await?;
        let me = who.signed.person.id;
        all.sort_by_key(|p| (p.id != me, p.name.clone()));
        Ok(all)
    }

    /// Organisations that could take over; none where they are of several buildings.
    pub async fn takers(&self, who: &Holds<'_, Work>) -> Result<Vec<Organisation>> {
        let Some(building) = self.building() else { return Ok(vec![]) };
        let mut around = organisations::around(who.house.read(), building.district_id, building.id).await?;
        around.retain(|o| o.takes_over() && self.all.iter().all(|p| p.pick.issue.holder_id != Some(o.id)));
        Ok(around)
    }
}
