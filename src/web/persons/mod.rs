//! `/b/{building}/people`: who works here, for whom and as what. An administrator looks after all, whoever leads an
//! organisation's people after those; everybody else of it reads who there is.

mod index;
mod inviting;
mod show;

use std::collections::HashMap;

use rocket::Route;
use sea_orm::ConnectionTrait;

use super::guards::{May, People};
use crate::domain::invitations::Reach;
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons::{self, Membership, Person};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{OrganisationId, PersonId};

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [index::routes(), inviting::routes(), show::routes()].concat()
}

/// Everybody of a building, as far as the caller reads.
struct Here {
    members: Vec<Membership>,
    people: HashMap<PersonId, Person>,
    organisations: Vec<Organisation>,
    reach: Option<Reach>,
}

/// Whose people the caller looks after.
fn reach(who: &May<'_, People>) -> Result<Option<Reach>> {
    let building = who.building()?;
    let here = who.signed.memberships.iter().filter(|m| m.covers(building));
    let all: Vec<Reach> = here.filter_map(Reach::of).collect();
    Ok(all.iter().copied().find(|r| *r == Reach::All).or_else(|| all.first().copied()))
}

/// The same, or the refusal that says who may.
fn reaching(who: &May<'_, People>) -> Result<Reach> {
    Ok(reach(who)?.ok_or_else(|| Refusal::new("only_lead"))?)
}

/// The membership by which the caller looks after people.
fn by<'w>(who: &'w May<'_, People>, reach: Reach) -> &'w Membership {
    let fits = |m: &&Membership| Reach::of(m) == Some(reach) && who.building().is_ok_and(|b| m.covers(b));
    who.signed.memberships.iter().find(fits).unwrap_or(&who.membership)
}

impl Here {
    async fn of(db: &impl ConnectionTrait, who: &May<'_, People>) -> Result<Here> {
        let building = who.building()?;
        let reach = reach(who)?;
        let own: Vec<OrganisationId> = who.signed.memberships.iter().filter(|m| m.covers(building)).map(|m| m.organisation_id).collect();
        let mut members = persons::all_here(db, building).await?;
        // Another organisation's people are nobody else's affair.
        members.retain(|m| reach == Some(Reach::All) || own.contains(&m.organisation_id));
        let people = persons::by_ids(db, members.iter().map(|m| m.person_id)).await?.into_iter().map(|p| (p.id, p)).collect();
        let organisations = organisations::around(db, building.district_id, building.id).await?;
        Ok(Here { members, people, organisations, reach })
    }

    fn organisation(&self, id: OrganisationId) -> Option<&Organisation> {
        self.organisations.iter().find(|o| o.id == id)
    }

    /// Whether the caller looks after whoever holds this.
    fn mine(&self, m: &Membership) -> bool {
        self.reach.is_some_and(|r| r.covers(m.organisation_id, m.role))
    }
}
