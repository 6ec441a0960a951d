//! Who is on duty. Colleagues and the secretary read names; everybody else reads hours and the telephone.

use chrono::{Days, NaiveDate};
use rocket::{Route, get, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{Names, address, asks, hours, hours_of};
use crate::domain::buildings::{self, Building};
use crate::domain::duty::{self, Absence, Roster};
use crate::domain::organisations::Organisation;
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

/// Days of the table.
const DAYS: u64 = 7;

#[derive(Serialize)]
struct Now {
    who: Option<String>,
    until: String,
}

#[derive(Serialize)]
struct Hours {
    hours: String,
    who: Option<String>,
}

#[derive(Serialize)]
struct Day {
    day: String,
    /// It is not worked, or is worked although it is a weekend.
    note: Option<String>,
    today: bool,
    all: Vec<Hours>,
}

/// Something that an absent person holds.
#[derive(Serialize)]
pub(super) struct Thing {
    label: String,
    title: String,
    href: String,
}

/// Somebody who is away, or will be.
#[derive(Serialize)]
pub(super) struct Away {
    pub who: String,
    pub days: String,
    pub stand_in: Option<String>,
    pub now: bool,
    /// How much they hold, where somebody may see it.
    pub held: Vec<Thing>,
    pub hand_over: Option<String>,
    pub end: Option<String>,
}

/// What somebody who has left leaves open.
#[derive(Serialize)]
pub(super) struct Gap {
    /// When, or after which rule.
    what: String,
    left_by: String,
    close: String,
}

#[derive(Serialize)]
struct Ruled {
    number: i32,
    asks: String,
    who: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    of: String,
    phone: String,
    dial: String,
    now: Vec<Now>,
    week: Vec<Day>,
    names: bool,
    off: bool,
    away: Vec<Away>,
    rules: Vec<Ruled>,
    gaps: Vec<Gap>,
    keeps: bool,
    edit: Option<String>,
    form: FormState,
}

/// Whether the caller reads names: who acts for the organisation, and the building's secretary.
fn sees(who: &Caller, building: &Building, of: &Organisation) -> bool {
    let Some(signed) = &who.signed else { return false };
    signed.memberships.iter().any(|m| m.organisation_id == of.id && m.role.may(Right::Work) && m.covers(building))
        || persons::entitled(&signed.memberships, Right::Secretariat, building).is_some()
}

/// Whether the caller keeps this organisation's roster.
fn keeps(who: &Caller, building: &Building, of: &Organisation) -> bool {
    who.signed.as_ref().and_then(|s| duty::keeps(&s.memberships, building)).is_some_and(|m| m.organisation_id == of.id)
}

/// Somebody who is away, with what they hold.
pub(super) async fn away(db: &impl ConnectionTrait, who: &Caller, building: &Building, names: &Names, a: &Absence, keeps: bool) -> Result<Away> {
    let (lang, today) = (who.lang, dates::local(who.house.now()).date());
    let (from, to) = a.days().ok_or_else(|| Error::broken("an absence without days"))?;
    let now = a.covers(today);
    let own = address(building);
    let held = if keeps && now { duty::held(db, building.id, a.organisation_id, a.person_id).await? } else { duty::Held::default() };
    let thing = |label: String, number: i32, title: &str| Thing {
        label,
        title: title.to_owned(),
        href: format!("/b/{}/issues/{number}/work", building.slug),
    };
    let issues = held.issues.iter().map(|i| thing(building.label(i.number), i.number, &i.title));
    let tasks = held.tasks.iter().map(|(t, i)| {
        let label = lang.say("duty.task", &[("label", &building.label(i.number)), ("n", &t.number.to_string())]);
        thing(label, i.number, &t.words)
    });
    let all: Vec<Thing> = issues.chain(tasks).collect();
    let days = if from == to {
        dates::day(from, today, lang)
    } else {
        lang.say("duty.days", &[("from", &dates::day(from, today, lang)), ("to", &dates::day(to, today, lang))])
    };
    Ok(Away {
        who: names.name(a.person_id),
        days,
        stand_in: a.stand_in_id.map(|s| names.name(s)),
        now,
        hand_over: (!all.is_empty() && a.stand_in_id.is_some()).then(|| format!("{own}/absences/{}/hand-over", a.number)),
        held: all,
        end: keeps.then(|| format!("{own}/absences/{}/end", a.number)),
    })
}

/// What is open in a roster since somebody has left, in words.
pub(super) async fn gaps(db: &impl ConnectionTrait, who: &Caller, building: &Building, roster: &Roster, of: OrganisationId) -> Result<Vec<Gap>> {
    let (lang, today) = (who.lang, dates::local(who.house.now()).date());
    let all = duty::Gaps::of(db, building.id, of, roster, today).await?;
    if all.is_empty() {
        return Ok(vec![]);
    }
    let left = all.shifts.iter().map(|s| s.shift.person_id).chain(all.rules.iter().map(|r| r.person_id));
    let left = persons::by_ids(db, left.collect::<Vec<_>>()).await?;
    let name = |id| left.iter().find(|p| p.id == id).map_or_else(String::new, |p| p.name(lang).to_owned());
    let own = address(building);
    let shift = |s: &duty::OpenShift| {
        let day = match s.shift.day.as_deref().and_then(dates::parse) {
            Some(date) => dates::day(date, today, lang),
            None => lang.t(&format!("duty.on.{}", s.shift.holds_on.as_str())),
        };
        let open: Vec<String> = s.open.iter().map(|(from, to)| hours(*from, *to, lang)).collect();
        let what = lang.say("duty.gap_shift", &[("day", &day), ("hours", &open.join(&lang.t("duty.join")))]);
        Gap { what, left_by: name(s.shift.person_id), close: format!("{own}/shifts/{}/gap", s.shift.number) }
    };
    let rule = |r: &duty::Rule| Gap {
        what: lang.say("duty.gap_rule", &[("asks", &asks(r, lang))]),
        left_by: name(r.person_id),
        close: format!("{own}/rules/{}/gap", r.number),
    };
    Ok(all.shifts.iter().map(shift).chain(all.rules.iter().map(rule)).collect())
}

fn day(who: &Caller, roster: &Roster, names: Option<&Names>, day: NaiveDate, today: NaiveDate) -> Day {
    let (lang, calendar) = (who.lang, who.house.calendar());
    let mut all: Vec<Hours> = vec![];
    for d in roster.through(day, &calendar) {
        let hours = hours_of(&d, lang);
        let name = names.map(|n| n.on_duty(&d, lang));
        // Two in the same hours stand in one line; without names they are one.
        match all.iter_mut().find(|h| h.hours == hours) {
            Some(same) => same.who = same.who.take().zip(name).map(|(a, b)| format!("{a}{}{b}", lang.t("duty.join"))),
            None => all.push(Hours { hours, who: name }),
        }
    }
    use chrono::Datelike as _;
    let (works, weekend) = (calendar.is_working(day), day.weekday().number_from_monday() > 5);
    let note = match (works, weekend) {
        (false, _) => Some(calendar.day_name(day).map_or_else(|| lang.t("duty.day_off"), |name| lang.say("duty.holiday", &[("name", name)]))),
        (true, true) => Some(lang.t("duty.worked")),
        _ => None,
    };
    Day { day: dates::day(day, today, lang), note, today: day == today, all }
}

#[get("/<building>/duty")]
async fn index(who: Anyone<'_>, building: &str) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    page(&who, &building, FormState::fresh(&who)).await
}

/// The page, with a form that may have been sent.
pub(super) async fn page(who: &Caller, building: &Building, form: FormState) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now, calendar) = (who.lang, who.house.now(), who.house.calendar());
    let today = calendar.date_of(now);
    let none = vec![];
    let memberships = who.signed.as_ref().map_or(&none, |s| &s.memberships);
    let of = duty::shown(db, building, memberships).await?.ok_or(Error::NotFound)?;
    let roster = Roster::of(db, building, of.id, today).await?;
    let names = Names::of(db, &roster, lang).await?;
    let (sees, keeps) = (sees(who, building, &of), keeps(who, building, &of));
    let shown = sees.then_some(&names);
    let until = |d: &duty::OnDuty| lang.say("duty.until", &[("at", &dates::until(d.until, now, lang))]);
    let mut on: Vec<Now> = roster.at(now, &calendar).iter().map(|d| Now { who: shown.map(|n| n.on_duty(d, lang)), until: until(d) }).collect();
    if !sees {
        on.truncate(1);
    }
    let mut all_away = vec![];
    if sees {
        for a in roster.coming(today) {
            all_away.push(away(db, who, building, &names, &a, keeps).await?);
        }
    }
    let rules = if sees {
        roster.rules.iter().map(|r| Ruled { number: r.number, asks: asks(r, lang), who: names.name(r.person_id) }).collect()
    } else {
        vec![]
    };
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        of: of.short(lang).to_owned(),
        phone: building.duty_phone.clone(),
        dial: building.duty_phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        now: on,
        week: (0..DAYS).filter_map(|n| today.checked_add_days(Days::new(n))).map(|d| day(who, &roster, shown, d, today)).collect(),
        names: sees,
        off: roster.shifts.is_empty(),
        away: all_away,
        rules,
        gaps: if sees { gaps(db, who, building, &roster, of.id).await? } else { vec![] },
        keeps,
        edit: keeps.then(|| format!("{}/edit", address(building))),
        form,
    };
    let mut frame = Frame::titled(lang.t("duty.heading")).of(who, building).class("pg-duty");
    if sees {
        frame = frame.here("desk").at_work();
    }
    who.page(frame, "duty/index", &page)
}
