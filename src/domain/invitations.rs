//! Invitations 请人: people by a list, pasted or from a table: name, mail or mobile number, organisation, role. It is looked at
//! whole before anybody is written to; each gets one letter with a link to come in by. Who has no mail gets a link by hand.

mod list;

pub use list::{Line, LineFault, ROWS_MAX, above, cells_of, plan};

use chrono::Duration;
use serde_json::json;

use super::buildings::Building;
use super::journal::Entry;
use super::organisations::{Organisation, OrganisationKind};
use super::persons::{self, Membership, Person, Scope};
use super::rights::Role;
use super::sessions;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;
use crate::kernel::journal::On;
use crate::kernel::outbox::Address;

/// Days for which the link in an invitation holds: somebody is on leave, or reads it on Monday.
pub const LINK_DAYS: i64 = 7;

/// Whose people somebody may look after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everybody's.
    All,
    /// Those of one organisation, in its own role.
    Own(OrganisationId),
}

impl Reach {
    /// What a membership gives; none where it looks after nobody.
    pub fn of(membership: &Membership) -> Option<Reach> {
        match membership.role {
            Role::Administrator => Some(Reach::All),
            _ if membership.lead => Some(Reach::Own(membership.organisation_id)),
            _ => None,
        }
    }

    /// Whether this membership is one of theirs.
    pub fn covers(self, organisation: OrganisationId, role: Role) -> bool {
        match self {
            Reach::All => true,
            Reach::Own(own) => own == organisation && own_role(role),
        }
    }
}

/// The roles in which somebody acts for their organisation, and not for a council or a house.
fn own_role(role: Role) -> bool {
    matches!(role, Role::Staff | Role::Representative | Role::Association | Role::Department)
}

/// The role in which somebody acts for an organisation of a kind, where there is one.
pub fn usual_role(kind: OrganisationKind) -> Option<Role> {
    match kind {
        OrganisationKind::PropertyManager | OrganisationKind::Contractor => Some(Role::Staff),
        OrganisationKind::Enterprise | OrganisationKind::Owner => Some(Role::Representative),
        OrganisationKind::Association => Some(Role::Association),
        OrganisationKind::Department => Some(Role::Department),
        OrganisationKind::Station | OrganisationKind::Residents => None,
    }
}

/// Whether a role can be held in an organisation of a kind: an enterprise has no property staff.
pub fn fits(role: Role, kind: OrganisationKind) -> bool {
    !own_role(role) || usual_role(kind) == Some(role)
}

/// Where a role in an organisation holds: in the building, or for the whole district where the organisation is the district's,
/// the role is one for it, and whoever gives it holds theirs for it too.
fn scope(by: &Membership, building: &Building, organisation: &Organisation, role: Role) -> Scope {
    let wide = matches!(role, Role::Association | Role::Department | Role::Editor | Role::Administrator);
    match (organisation.building_id, by.district_id) {
        (None, Some(district)) if wide => Scope::District(district),
        _ => Scope::Building(building.id),
    }
}

/// Who was let in, and the link to hand over where no letter can go out.
pub struct Invited {
    pub person: Person,
    pub organisation: OrganisationId,
    pub role: Role,
    pub link: Option<String>,
}

/// Lets everybody of a list in, or nobody. Lines that say what is so already change nothing and tell nobody.
pub async fn invite(act: &Act, building: &Building, by: &Membership, lines: &[Line], lang: Lang) -> Result<Vec<Invited>> {
    let mut done = vec![];
    for line in lines.iter().filter(|l| !l.here) {
        let known = match &line.email {
            Some(mail) => persons::by_email(act.tx(), mail).await?,
            None => None,
        };
        let fresh = known.is_none();
        let person = match known {
            Some(p) => p,
            None => {
                let person = persons::add(act, &line.name, &line.name, line.email.as_deref(), lang).await?;
                match &line.phone {
                    Some(phone) => person.with_phone(act, phone).await?,
                    None => person,
                }
            }
        };
        person.appoint(act, line.organisation.id, line.role, scope(by, building, &line.organisation, line.role)).await?;
        let link = if line.email.is_some() {
            tell(act, building, &person, &line.organisation, line.role, fresh).await?;
            None
        } else {
            Some(show_link(act, building, &person).await?)
        };
        done.push(Invited { person, organisation: line.organisation.id, role: line.role, link });
    }
    if done.is_empty() { Err(Refusal::new("nobody_new").at("list").into()) } else { Ok(done) }
}

/// Owes the one letter: what somebody has become where, and the way in.
async fn tell(act: &Act, building: &Building, person: &Person, organisation: &Organisation, role: Role, fresh: bool) -> Result<()> {
    let mut data = json!({ "building": building.id, "organisation": organisation.id, "role": role });
    if fresh {
        let until = act.at + Duration::days(LINK_DAYS);
        let token = sessions::make_link(act, person, Duration::days(LINK_DAYS)).await?;
        data["link"] = format!("/sign-in/{token}").into();
        data["until"] = serde_json::to_value(until)?;
        return act.owe("invited", Address::Person(person.id), &data, None).await;
    }
    data["link"] = "/desk".into();
    act.owe("appointed", Address::Person(person.id), &data, None).await
}

/// A link to hand over to somebody who has no mail address; that it was shown is noted.
pub async fn show_link(act: &Act, building: &Building, person: &Person) -> Result<String> {
    if person.email.is_some() {
        return Err(Refusal::new("link_by_mail").into());
    }
    let token = sessions::make_link(act, person, Duration::days(LINK_DAYS)).await?;
    act.journal(On::new("person", person.id).in_building(building.id), &Entry::SignInLinkShown { person: person.id }).await?;
    Ok(token)
}
