//! `/b/{building}/plans`: what is done again and again, when it was done last, when it is next, and what is late or was missed.

mod reading;
mod writing;

use chrono::{DateTime, NaiveDate, Utc};
use rocket::Route;
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::buildings::Building;
use crate::domain::maintenance::{self, Placed, Rhythm, Standing};
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::shown::states::State;

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    [reading::routes(), writing::routes()].concat()
}

fn root(building: &Building) -> String {
    format!("/b/{}/plans", building.slug)
}

fn address(building: &Building, number: i32) -> String {
    format!("{}/{number}", root(building))
}

/// `每14天一次`.
fn rhythm(rhythm: Rhythm, every: i32, lang: Lang) -> String {
    let key = match rhythm {
        Rhythm::Days if every == 1 => "maintenance.rhythm.each_day",
        Rhythm::WorkingDays if every == 1 => "maintenance.rhythm.each_working_day",
        Rhythm::Days => "maintenance.rhythm.days_of",
        Rhythm::WorkingDays => "maintenance.rhythm.working_days_of",
        Rhythm::MonthDay => "maintenance.rhythm.month_day_of",
    };
    lang.say(key, &[("n", &every.to_string())])
}

/// Where, as everybody may know it.
fn place(placed: &Placed, lang: Lang) -> String {
    placed.place.as_ref().map_or_else(|| lang.t("maintenance.everywhere"), |p| p.public(lang))
}

/// A round's state: mark and word.
fn state(standing: Standing, lang: Lang) -> State {
    let (mark, class) = match standing {
        Standing::UnderWay => ("work", "now"),
        Standing::Late => ("late", "bad"),
        Standing::Done => ("done", ""),
        Standing::DoneLate => ("done", "wait"),
        Standing::Missed => ("bad", "bad"),
    };
    State { mark, word: lang.t(&format!("maintenance.standing.{}", standing.as_str())).into(), class }
}

fn day(day: NaiveDate, now: DateTime<Utc>, lang: Lang) -> String {
    dates::day(day, dates::local(now).date(), lang)
}

/// A line on the desk.
#[derive(Serialize)]
pub(in crate::web) struct Line {
    words: String,
    href: String,
}

/// Rounds of one's own organisations that wait past their day, by building.
pub(in crate::web) async fn on_desk(db: &impl ConnectionTrait, who: &Caller, buildings: &[Building]) -> Result<Vec<Line>> {
    let Some(signed) = &who.signed else { return Ok(vec![]) };
    let mine: Vec<OrganisationId> = signed.memberships.iter().filter(|m| m.role.may(Right::Work)).map(|m| m.organisation_id).collect();
    let late = maintenance::late_at_desk(db, &mine, who.house.now()).await?;
    let line = |b: &Building| {
        let n = late.get(&b.id)?;
        let with = [("n", n.to_string()), ("building", b.name(who.lang).to_owned())];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let key = if buildings.len() > 1 { "maintenance.desk_in" } else { "maintenance.desk" };
        Some(Line { words: who.lang.say(key, &with), href: root(b) })
    };
    Ok(buildings.iter().filter_map(line).collect())
}
