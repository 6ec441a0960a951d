//! The part of a form that says who reports: who may know it, how to reach them, where they work; and, for those at the
//! desk, that they write down what somebody told them.

use serde::Serialize;

use crate::domain::buildings::Building;
use crate::domain::organisations;
use crate::domain::persons::{self, Membership};
use crate::domain::reports::{Channel, Identity, MayKnow};
use crate::domain::rights::Right;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::sent::Sent;

/// What the part is drawn from.
#[derive(Serialize)]
pub struct Asked {
    choices: Vec<Choice>,
    chosen: String,
    contact_open: bool,
    tenants: Vec<Choice>,
    /// How it may have come to the desk; empty for everybody else.
    channels: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    hint: String,
}

impl Choice {
    fn plain(value: &str, label: String) -> Self {
        Self { value: value.into(), label, hint: String::new() }
    }
}

const CONTACT: [&str; 4] = ["name", "phone", "email", "organisation"];

impl Asked {
    /// With what was typed before.
    pub async fn of(caller: &Caller, building: &Building, form: &FormState) -> Result<Self> {
        let (db, lang) = (caller.house.read(), caller.lang);
        let value = |name: &str| form.values.get(name).map(String::as_str).unwrap_or_default();
        let choices = MayKnow::ALL.iter().map(|c| {
            let text = |what: &str| lang.t(&format!("reports.may_know.{}{what}", c.as_str()));
            Choice { value: c.as_str().into(), label: text(""), hint: text("_hint") }
        });
        let channels = Channel::TAKEN_DOWN.iter().filter(|_| at_the_desk(caller, building).is_some());
        Ok(Self {
            choices: choices.collect(),
            chosen: Some(value("may_know")).filter(|v| !v.is_empty()).unwrap_or(MayKnow::Nobody.as_str()).to_owned(),
            contact_open: CONTACT.iter().any(|f| !value(f).is_empty() || form.errors.contains_key(*f)),
            tenants: organisations::tenants(db, building.id).await?.iter().map(|o| Choice::plain(&o.slug, o.name(lang).to_owned())).collect(),
            channels: channels.map(|c| Choice::plain(c.as_str(), lang.t(&format!("work.channels.{}", c.as_str())))).collect(),
        })
    }

    /// Whether something in it was typed or is wrong.
    pub fn touched(&self) -> bool {
        self.contact_open || self.chosen != MayKnow::Nobody.as_str()
    }
}

/// The role in which somebody at the building's desk writes down what others say.
fn at_the_desk<'c>(caller: &'c Caller, building: &Building) -> Option<&'c Membership> {
    persons::entitled(&caller.signed.as_ref()?.memberships, Right::Triage, building)
}

/// That somebody at the desk writes it down, and how it came; none where people write themselves.
pub fn taken_down<'c>(caller: &'c Caller, building: &Building, sent: &Sent<'_>) -> Result<Option<(&'c Membership, Channel)>, Refusal> {
    if sent.given("channel").is_none() {
        return Ok(None);
    }
    let unknown = || Refusal::new("unknown_choice").at("channel");
    let channel: Channel = sent.read("channel").map_err(|_| unknown())?;
    let desk = at_the_desk(caller, building).filter(|_| channel.taken_down()).ok_or_else(unknown)?;
    Ok(Some((desk, channel)))
}

/// What somebody says of themselves; the first fault of it where something is wrong.
pub async fn told(caller: &Caller, building: &Building, sent: &Sent<'_>) -> Result<Result<(MayKnow, Identity), Vec<Refusal>>> {
    let mut faults = vec![];
    // A form that does not ask is one tap.
    let may_know = match sent.given("may_know") {
        None => Some(MayKnow::Nobody),
        Some(_) => sent.read("may_know").map_err(|_| faults.push(Refusal::new("unknown_choice").at("may_know"))).ok(),
    };
    let tenant = tenant(caller, building, sent.given("organisation")).await?;
    if tenant.is_none() && sent.given("organisation").is_some() {
        faults.push(Refusal::new("unknown_choice").at("organisation"));
    }
    let identity = Identity::read(sent.text("name"), sent.text("phone"), sent.text("email"), sent.text("floor"), tenant);
    let identity = identity.map_err(|fault| faults.push(fault)).ok();
    match may_know.zip(identity) {
        Some(whole) if faults.is_empty() => Ok(Ok(whole)),
        _ => Ok(Err(faults)),
    }
}

/// The enterprise that somebody says they work at; none where it isn't one of this building.
async fn tenant(caller: &Caller, building: &Building, slug: Option<&str>) -> Result<Option<OrganisationId>> {
    let Some(slug) = slug else { return Ok(None) };
    let all = organisations::tenants(caller.house.read(), building.id).await?;
    Ok(all.into_iter().find(|o| o.slug == slug).map(|o| o.id))
}
