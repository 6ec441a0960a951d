//! The part of a form that says who reports: who may know it, how to reach them, where they work; and, for those at the
//! desk, that they write down what somebody told them.

use serde::Serialize;

use super::crush;
use crate::domain::buildings::Building;
use crate::domain::organisations;
use crate::domain::persons::{self, Membership};
use crate::domain::reports::{self, Behalf, Channel, Identity, MayKnow};
use crate::domain::rights::{Right, Role};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::kernel::sms;
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
    /// Whether the receipt can be had by SMS here.
    sms: bool,
    /// Enterprises for whose workers the caller may speak; empty for everybody else.
    enterprises: Vec<Choice>,
    /// More than one of them.
    several: bool,
    /// So much comes just now that each form must show some work for it.
    crush: bool,
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

const CONTACT: [&str; 5] = ["name", "phone", "email", "sms", "organisation"];

impl Asked {
    /// With what was typed before.
    pub async fn of(caller: &Caller, building: &Building, form: &FormState) -> Result<Self> {
        let (db, lang) = (caller.house.read(), caller.lang);
        let value = |name: &str| form.values.get(name).map(String::as_str).unwrap_or_default();
        let choices = MayKnow::ALL.iter().map(|c| {
            let text = |what: &str| lang.t(&format!("reports.may_know.{}{what}", c.as_str()));
            Choice { value: c.as_str().into(), label: text(""), hint: text("_hint") }
        });
        let enterprises = enterprises(caller, building).await?;
        let channels = Channel::TAKEN_DOWN.iter().filter(|_| at_the_desk(caller, building).is_some());
        Ok(Self {
            choices: choices.collect(),
            chosen: Some(value("may_know")).filter(|v| !v.is_empty()).unwrap_or(MayKnow::Nobody.as_str()).to_owned(),
            contact_open: CONTACT.iter().any(|f| !value(f).is_empty() || form.errors.contains_key(*f)),
            several: enterprises.len() > 1,
            enterprises,
            crush: crush::now(caller, building).await?,
            sms: sms::offered(caller.house.settings()),
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

/// The roles in which somebody speaks for enterprises here.
fn speaks_for<'c>(caller: &'c Caller, building: &Building) -> Vec<&'c Membership> {
    let all = caller.signed.as_ref().map(|s| s.memberships.as_slice()).unwrap_or_default();
    all.iter().filter(|m| m.role == Role::Representative && m.covers(building)).collect()
}

async fn enterprises(caller: &Caller, building: &Building) -> Result<Vec<Choice>> {
    let all = organisations::by_ids(caller.house.read(), speaks_for(caller, building).iter().map(|m| m.organisation_id)).await?;
    Ok(all.iter().map(|o| Choice::plain(&o.slug, o.name(caller.lang).to_owned())).collect())
}

/// For how many workers of which enterprise somebody speaks, in which role; none where they speak for themselves.
pub async fn behalf<'c>(caller: &'c Caller, building: &Building, sent: &Sent<'_>) -> Result<Option<(&'c Membership, Behalf)>> {
    if sent.given("behalf").is_none() {
        return Ok(None);
    }
    let db = caller.house.read();
    let mine = speaks_for(caller, building);
    let membership = match sent.given("enterprise") {
        None => mine.first().copied(),
        Some(slug) => {
            let all = organisations::by_ids(db, mine.iter().map(|m| m.organisation_id)).await?;
            let chosen = all.iter().find(|o| o.slug == slug).map(|o| o.id);
            mine.into_iter().find(|m| Some(m.organisation_id) == chosen)
        }
    };
    let membership = membership.ok_or_else(|| Refusal::new("behalf_nobody").at("behalf"))?;
    let workers = sent.read("behalf")?;
    Ok(Some((membership, reports::represent(db, membership, workers).await?)))
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
    let identity = identity.and_then(|who| who.by_sms(sent.text("sms")));
    let identity = identity.map_err(|fault| faults.push(fault)).ok();
    if identity.as_ref().is_some_and(|who| who.sms.is_some()) && !sms::offered(caller.house.settings()) {
        faults.push(Refusal::new("sms_off").at("sms"));
    }
    match may_know.zip(identity) {
        Some(whole) if faults.is_empty() => Ok(Ok(whole)),
        _ => Ok(Err(faults)),
    }
}

/// Counts a message that is asked for: by this device, by its address, and to this number.
pub async fn counted_sms(caller: &Caller, who: &Identity) -> Result<()> {
    let Some(number) = &who.sms else { return Ok(()) };
    let beside = |e| match e {
        Error::Refused(r) => Error::Refused(r.at("sms")),
        e => e,
    };
    caller.counted(sms::ASKED_BY.0, sms::ASKED_BY.1).await.map_err(beside)?;
    sms::ASKED.hit(&caller.house, number.as_bytes()).await.map_err(beside)
}

/// The enterprise that somebody says they work at; none where it isn't one of this building.
async fn tenant(caller: &Caller, building: &Building, slug: Option<&str>) -> Result<Option<OrganisationId>> {
    let Some(slug) = slug else { return Ok(None) };
    let all = organisations::tenants(caller.house.read(), building.id).await?;
    Ok(all.into_iter().find(|o| o.slug == slug).map(|o| o.id))
}
