//! The beats that every act on a matter shares: in which role somebody acts, the matter held and unchanged, and the
//! page that follows.

use rocket::http::Status;

use super::room::Room;
use crate::domain::issues::{self, Issue, Seen};
use crate::domain::persons::Membership;
use crate::domain::rights::Role;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::guards::{May, Needs};
use crate::web::sent::Sent;

/// The role in which somebody acts for an organisation: the one that speaks for it, or else the secretary's, or else the
/// first that has the right.
pub fn act_as<'m, R: Needs>(who: &'m May<'_, R>, organisation: Option<OrganisationId>) -> Result<&'m Membership> {
    let building = who.building()?;
    let roles = R::RIGHT.roles();
    let here = || who.signed.memberships.iter().filter(|m| m.covers(building) && roles.contains(&m.role));
    let speaks = here().find(|m| organisation == Some(m.organisation_id));
    Ok(speaks.or_else(|| here().find(|m| m.role == Role::Secretary)).unwrap_or(&who.membership))
}

/// What the page showed when the form was made.
pub fn seen(sent: &Sent<'_>) -> Result<Seen, Refusal> {
    Ok(Seen { version: sent.version()?, line: sent.read("line")? })
}

/// Begins an act on a matter for the organisation responsible (or the one that `whose` names), and holds the matter; a
/// conflict where somebody else has acted since the page was made.
pub async fn hold<R: Needs>(
    who: &May<'_, R>,
    number: i32,
    sent: &Sent<'_>,
    whose: impl Fn(&Issue) -> Option<OrganisationId>,
) -> Result<(Act, Issue)> {
    let building = who.building()?;
    let caller: &Caller = who;
    let before = issues::by_number(caller.house.read(), building.id, number).await?;
    let actor = act_as(who, whose(&before))?.actor();
    let act = caller.begin(actor, sent).await?;
    let issue = issues::hold(&act, building.id, number).await?.untouched_since(&act, seen(sent)?).await?;
    Ok((act, issue))
}

/// The organisation responsible, for [`hold`].
pub fn holder(issue: &Issue) -> Option<OrganisationId> {
    issue.holder_id
}

/// The working page, after something was done.
pub fn back<R: Needs>(who: &May<'_, R>, number: i32, said: &'static str) -> Answer {
    Answer::go(format!("{}/issues/{number}/work", who.at.root())).saying(said)
}

/// After a refusal: the matter as it is now, and the form with what was typed and what stands against it.
pub async fn again<'r, R: Needs>(who: &'r May<'r, R>, number: i32, sent: &Sent<'_>, error: Error) -> Result<(Room<'r>, FormState, Status)> {
    let (form, status) = FormState::again(sent, error)?;
    Ok((Room::open(who, number).await?, form, status))
}
