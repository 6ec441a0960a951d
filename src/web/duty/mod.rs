//! `/b/{building}/duty`: who is on duty, the week, who is away; and the page on which an organisation keeps its roster.

mod keeping;
mod reading;

use std::collections::HashMap;

use rocket::Route;
use sea_orm::ConnectionTrait;

use crate::domain::buildings::Building;
use crate::domain::categories;
use crate::domain::duty::{OnDuty, Roster, Rule};
use crate::domain::persons;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::PersonId;
use crate::web::dates;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [reading::routes(), keeping::routes()].concat()
}

/// `/b/tingqiao/duty`.
pub(super) fn address(building: &Building) -> String {
    format!("/b/{}/duty", building.slug)
}

/// Names of those who stand in a roster.
pub(in crate::web) struct Names(HashMap<PersonId, String>);

impl Names {
    pub(in crate::web) async fn of(db: &impl ConnectionTrait, roster: &Roster, lang: Lang) -> Result<Self> {
        let mut ids = roster.people.clone();
        ids.extend(roster.absences.iter().flat_map(|a| [Some(a.person_id), a.stand_in_id]).flatten());
        ids.extend(roster.shifts.iter().map(|s| s.person_id).chain(roster.rules.iter().map(|r| r.person_id)));
        let all = persons::by_ids(db, ids).await?;
        Ok(Self(all.into_iter().map(|p| (p.id, p.name(lang).to_owned())).collect()))
    }

    pub(in crate::web) fn name(&self, id: PersonId) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }

    /// `陈默`, or `周敏（替陈默）`.
    pub(in crate::web) fn on_duty(&self, d: &OnDuty, lang: Lang) -> String {
        let name = self.name(d.person);
        d.instead_of.map_or(name.clone(), |other| lang.say("duty.instead", &[("name", &name), ("other", &self.name(other))]))
    }
}

/// `08:00–20:00`, over midnight `20:00–次日08:00`; minutes after 0:00.
fn hours(starts: i32, ends: i32, lang: Lang) -> String {
    let time = |m: i32| format!("{:02}:{:02}", m / 60, m % 60);
    match ends {
        e if e <= 1440 => format!("{}–{}", time(starts), time(e)),
        e => lang.say("duty.over_night", &[("from", &time(starts)), ("to", &time(e - 1440))]),
    }
}

/// Its hours within the day on which it begins.
fn hours_of(d: &OnDuty, lang: Lang) -> String {
    use chrono::Timelike as _;
    let from = dates::local(d.from).time();
    let starts = (from.hour() * 60 + from.minute()) as i32;
    hours(starts, starts + (d.until - d.from).num_minutes() as i32, lang)
}

/// What a rule asks for: `南座 10层到20层，空调、空气`.
fn asks(rule: &Rule, lang: Lang) -> String {
    let floors = match (rule.lowest, rule.highest) {
        (None, None) => None,
        (Some(a), Some(b)) if a == b => Some(lang.say("duty.rule_floor", &[("a", &a.to_string())])),
        (Some(a), Some(b)) => Some(lang.say("duty.rule_floors", &[("a", &a.to_string()), ("b", &b.to_string())])),
        (Some(a), None) => Some(lang.say("duty.rule_from", &[("a", &a.to_string())])),
        (None, Some(b)) => Some(lang.say("duty.rule_to", &[("b", &b.to_string())])),
    };
    let tower = rule.tower.as_deref().map(|t| crate::domain::buildings::place::tower_name(t, lang));
    let kind = rule.category.as_deref().map(|c| kind(c, lang));
    let all: Vec<String> = [tower, floors, kind].into_iter().flatten().collect();
    all.join(&lang.t("parts.comma"))
}

fn kind(code: &str, lang: Lang) -> String {
    if code.contains('.') { categories::name(code, lang) } else { lang.t(&format!("reports.groups.{code}")) }
}
