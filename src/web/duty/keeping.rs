//! The page on which an organisation keeps its roster: shifts, absences, rules.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::reading::{self, Away, Gap};
use super::{Names, address, asks, hours, kind};
use crate::domain::categories;
use crate::domain::duty::{self, HoldsOn, NewAbsence, NewRule, NewShift};
use crate::domain::organisations;
use crate::domain::persons;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, OrganisationId};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{May, Roster};
use crate::web::issues::work::Choice;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![edit, add_shifts, remove_shift, note_absence, end_absence, hand_over, add_rule, move_rule, remove_rule, close_shift, close_rule]
}

#[derive(Serialize)]
struct Tick {
    value: &'static str,
    label: String,
    on: bool,
}

#[derive(Serialize)]
struct Line {
    words: String,
    who: String,
    remove: String,
}

/// A rule, and those that it can be put past: their numbers, as the page shows them.
#[derive(Serialize)]
struct Ruled {
    line: Line,
    order: String,
    above: Option<i32>,
    below: Option<i32>,
}

/// The shifts of a kind of day.
#[derive(Serialize)]
struct Group {
    name: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    root: String,
    of: String,
    people: Vec<Choice>,
    days: Vec<Tick>,
    groups: Vec<Group>,
    away: Vec<Away>,
    rules: Vec<Ruled>,
    gaps: Vec<Gap>,
    kinds: Vec<Choice>,
    towers: Vec<Choice>,
    shift: FormState,
    absence: FormState,
    rule: FormState,
    /// What is wrong with none of the three.
    form: FormState,
}

/// The organisation whose roster this is.
fn own(who: &May<'_, Roster>) -> OrganisationId {
    who.membership.organisation_id
}

fn kinds(lang: Lang) -> Vec<Choice> {
    let mut all = vec![];
    let mut last = "";
    for c in categories::all() {
        if c.group != last {
            last = &c.group;
            all.push(Choice::new(last, lang.say("canned_answers.group", &[("group", &kind(last, lang))])));
        }
        all.push(Choice::new(&c.code, c.name(lang)));
    }
    all
}

async fn page(who: &May<'_, Roster>, form: FormState) -> Result<Answer> {
    let (lang, building) = (who.lang, who.building()?);
    let db = &who.house.reading().await?;
    let today = dates::local(who.house.now()).date();
    let of = organisations::by_id(db, own(who)).await?;
    let roster = duty::Roster::of(db, building, of.id, today).await?;
    let names = Names::of(db, &roster, lang).await?;
    let root = address(building);
    let mut people: Vec<Choice> =
        persons::by_ids(db, roster.people.clone()).await?.iter().map(|p| Choice::new(duty::handle(who.house.keys(), p.id), p.name(lang))).collect();
    people.sort_by(|a, b| a.label.cmp(&b.label));
    let line = |s: &duty::Shift| Line {
        words: hours(s.starts, s.ends, lang),
        who: names.name(s.person_id),
        remove: format!("{root}/shifts/{}/removal", s.number),
    };
    let of_kind = |on: HoldsOn| {
        let mut all: Vec<_> = roster.shifts.iter().filter(|s| s.holds_on == on).collect();
        all.sort_by_key(|s| (s.starts, s.number));
        Group { name: lang.t(&format!("duty.on.{}", on.as_str())), lines: all.into_iter().map(line).collect() }
    };
    let mut groups: Vec<Group> = HoldsOn::AGAIN.iter().map(|on| of_kind(*on)).collect();
    let mut dated: Vec<_> = roster.shifts.iter().filter(|s| s.day.as_deref().is_some_and(|d| d >= today.to_string().as_str())).collect();
    dated.sort_by_key(|s| (s.day.clone(), s.starts));
    for s in dated {
        let name = s.day.as_deref().and_then(dates::parse).map_or_else(String::new, |d| dates::day(d, today, lang));
        match groups.last_mut().filter(|g| g.name == name) {
            Some(group) => group.lines.push(line(s)),
            None => groups.push(Group { name, lines: vec![line(s)] }),
        }
    }
    groups.retain(|g| !g.lines.is_empty());
    let mut away = vec![];
    for a in roster.coming(today) {
        away.push(reading::away(db, who, building, &names, &a, true).await?);
    }
    let ruled = |i: usize, r: &duty::Rule| Ruled {
        line: Line {
            words: lang.say("duty.rule_line", &[("n", &r.number.to_string()), ("asks", &asks(r, lang))]),
            who: names.name(r.person_id),
            remove: format!("{root}/rules/{}/removal", r.number),
        },
        order: format!("{root}/rules/{}/order", r.number),
        above: i.checked_sub(1).and_then(|i| roster.rules.get(i)).map(|r| r.number),
        below: roster.rules.get(i + 1).map(|r| r.number),
    };
    let shift = form.or("shift", [("from", "08:00".to_owned()), ("to", "20:00".to_owned())]);
    let ticked = |on: HoldsOn| match form.id.as_deref() {
        Some("shift") => form.values.contains_key(&format!("on_{}", on.as_str())),
        _ => false,
    };
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        of: of.short(lang).to_owned(),
        people,
        days: HoldsOn::AGAIN
            .iter()
            .map(|on| Tick { value: on.as_str(), label: lang.t(&format!("duty.on.{}", on.as_str())), on: ticked(*on) })
            .collect(),
        groups,
        away,
        rules: roster.rules.iter().enumerate().map(|(i, r)| ruled(i, r)).collect(),
        gaps: reading::gaps(db, who, building, &roster, of.id).await?,
        kinds: kinds(lang),
        towers: building.tower_floors().iter().map(|(t, ..)| Choice::new(t, crate::domain::buildings::place::tower_name(t, lang))).collect(),
        shift,
        absence: form.or("absence", []),
        rule: form.or("rule", []),
        root,
        form,
    };
    who.page(Frame::titled(lang.t("duty.edit")).of(who, building).here("desk").at_work().class("pg-duty"), "duty/edit", &page)
}

#[get("/<_>/duty/edit")]
async fn edit(who: May<'_, Roster>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

async fn after(who: &May<'_, Roster>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/edit", address(who.building()?))).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, form).await?.status(status))
        }
    }
}

/// The days that were ticked.
fn ticked(sent: &Sent<'_>) -> Vec<HoldsOn> {
    HoldsOn::AGAIN.into_iter().filter(|on| sent.ticked(&format!("on_{}", on.as_str()))).collect()
}

#[post("/<_>/duty/shifts", data = "<sent>")]
async fn add_shifts(who: May<'_, Roster>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let person = duty::named(&act, building, "person", sent.text("person")).await?;
        let on = ticked(&sent);
        let new = NewShift { person, on: &on, day: sent.given("day"), from: sent.text("from"), to: sent.text("to") };
        duty::add_shifts(&act, building, new).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.shift").await
}

/// A row of this organisation's, which somebody else may just have taken out.
fn gone(e: Error) -> Error {
    if matches!(e, Error::NotFound) { Refusal::new("duty_gone").into() } else { e }
}

fn here(who: &May<'_, Roster>) -> Result<(BuildingId, OrganisationId)> {
    Ok((who.building()?.id, own(who)))
}

#[post("/<_>/duty/shifts/<number>/removal", data = "<sent>")]
async fn remove_shift(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let (building, of) = here(&who)?;
        duty::shift_by_number(act.tx(), building, of, number).await.map_err(gone)?.remove(&act).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.removed").await
}

#[post("/<_>/duty/absences", data = "<sent>")]
async fn note_absence(who: May<'_, Roster>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let person = duty::named(&act, building, "person", sent.text("person")).await?;
        let stand_in = match sent.given("stand_in") {
            Some(typed) => Some(duty::named(&act, building, "stand_in", typed).await?),
            None => None,
        };
        duty::note_absence(&act, building, NewAbsence { person, stand_in, from: sent.text("from_day"), to: sent.text("to_day") }).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.absence").await
}

#[post("/<_>/duty/absences/<number>/end", data = "<sent>")]
async fn end_absence(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let (building, of) = here(&who)?;
        duty::absence_by_number(act.tx(), building, of, number).await.map_err(gone)?.end(&act).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.back").await
}

#[post("/<_>/duty/absences/<number>/hand-over", data = "<sent>")]
async fn hand_over(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let (building, of) = here(&who)?;
        duty::absence_by_number(act.tx(), building, of, number).await.map_err(gone)?.hand_over(&act).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.handed_over").await
}

#[post("/<_>/duty/rules", data = "<sent>")]
async fn add_rule(who: May<'_, Roster>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let person = duty::named(&act, building, "person", sent.text("person")).await?;
        let new = NewRule {
            person,
            category: sent.given("category"),
            tower: sent.given("tower"),
            lowest: sent.given("lowest"),
            highest: sent.given("highest"),
        };
        duty::add_rule(&act, building, new).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.rule").await
}

#[post("/<_>/duty/rules/<number>/order", data = "<sent>")]
async fn move_rule(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let (building, of) = here(&who)?;
        let up = match sent.text("way") {
            "up" => true,
            "down" => false,
            _ => return Err(Refusal::new("unknown_choice").into()),
        };
        let rule = duty::rule_by_number(act.tx(), building, of, number).await.map_err(gone)?;
        rule.reorder(&act, up, sent.read("past")?).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.moved").await
}

/// Nobody takes over the hours of somebody who has left.
#[post("/<_>/duty/shifts/<number>/gap", data = "<sent>")]
async fn close_shift(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        duty::close_shift(&act, who.building()?.id, number).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.gap").await
}

/// Nobody takes over what came to somebody who has left.
#[post("/<_>/duty/rules/<number>/gap", data = "<sent>")]
async fn close_rule(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        duty::close_rule(&act, who.building()?.id, number).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.gap").await
}

#[post("/<_>/duty/rules/<number>/removal", data = "<sent>")]
async fn remove_rule(who: May<'_, Roster>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let (building, of) = here(&who)?;
        duty::rule_by_number(act.tx(), building, of, number).await.map_err(gone)?.remove(&act).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "duty.said.removed").await
}
