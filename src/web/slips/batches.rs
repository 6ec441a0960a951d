//! `/b/{building}/slips`: an enterprise's batches, how many were made and used, and the domains of its mail.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::sheet;
use crate::domain::organisations::Organisation;
use crate::domain::rights::Right;
use crate::domain::slips::{self, BATCH_MAX, Batch, Door, FEW};
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{May, Slips};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![index, make, end, state]
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    action: String,
    enterprises: Vec<Choice>,
    /// The one whose batches are shown.
    chosen: Option<Chosen>,
    form: FormState,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    href: String,
    here: bool,
}

#[derive(Serialize)]
struct Chosen {
    slug: String,
    name: String,
    left: String,
    most: i32,
    batches: Vec<Line>,
    domains: String,
}

#[derive(Serialize)]
struct Line {
    door: String,
    made: String,
    used: String,
    when: String,
    state: String,
    end: Option<String>,
}

async fn enterprises(who: &May<'_, Slips>) -> Result<Vec<Organisation>> {
    let (building, mut all) = (who.building()?, vec![]);
    // Somebody may be both secretary and representative.
    for m in who.signed.memberships.iter().filter(|m| m.covers(building) && m.role.may(Right::Slips)) {
        all.extend(slips::enterprises(who.house.read(), building.id, &m.actor()).await?);
    }
    all.sort_by_key(|o| (std::cmp::Reverse(o.workers), o.id));
    all.dedup_by_key(|o| o.id);
    Ok(all)
}

/// The enterprise that a form or an address names, among those for which somebody may do this.
async fn named(who: &May<'_, Slips>, slug: &str) -> Result<Organisation> {
    let all = enterprises(who).await?;
    match all.into_iter().find(|o| o.slug == slug) {
        Some(o) => Ok(o),
        None => Err(Refusal::new("choose_organisation").at("organisation").into()),
    }
}

async fn chosen(who: &May<'_, Slips>, of: &Organisation) -> Result<Chosen> {
    let (db, lang) = (who.house.read(), who.lang);
    let today = dates::local(who.house.now()).date();
    let left = slips::left_of(db, of, today).await?;
    let root = format!("/b/{}/slips", who.building()?.slug);
    let line = |(k, b): (usize, &Batch)| Line {
        door: lang.t(&format!("slips.door.{}", b.door)),
        made: lang.say("slips.made", &[("n", &b.made.to_string())]),
        used: match i64::from(b.used) {
            0..FEW => lang.say("slips.used_few", &[("few", &FEW.to_string())]),
            n => lang.say("slips.used", &[("n", &n.to_string())]),
        },
        when: dates::parse(&b.made_on).map(|d| dates::day(d, today, lang)).unwrap_or_default(),
        state: match (&b.ended_on, b.proves(today)) {
            (Some(_), _) => lang.t("slips.state.ended"),
            (None, false) => lang.t("slips.state.over"),
            (None, true) => {
                let day = dates::parse(&b.valid_until).map(|d| dates::day(d, today, lang)).unwrap_or_default();
                lang.say("slips.state.good", &[("day", &day)])
            }
        },
        end: b.proves(today).then(|| format!("{root}/{}/end", k + 1)),
    };
    let mut batches = slips::batches(db, of.id).await?;
    // Numbered in the order of making: a number stays its batch's.
    batches.reverse();
    let mut lines: Vec<Line> = batches.iter().enumerate().map(line).collect();
    lines.reverse();
    Ok(Chosen {
        slug: of.slug.clone(),
        name: of.name(lang).to_owned(),
        left: match of.workers {
            Some(n) => lang.say("slips.left_of", &[("left", &left.to_string()), ("n", &n.to_string())]),
            None => lang.say("slips.left", &[("left", &left.to_string())]),
        },
        most: left.min(BATCH_MAX),
        batches: lines,
        domains: slips::domains(db, of.id).await?.join(" "),
    })
}

async fn page(who: &May<'_, Slips>, slug: Option<&str>, mut form: FormState) -> Result<Answer> {
    let (lang, building) = (who.lang, who.building()?);
    let all = enterprises(who).await?;
    let of = match slug {
        Some(slug) => all.iter().find(|o| o.slug == slug),
        None if all.len() == 1 => all.first(),
        None => None,
    };
    let action = format!("/b/{}/slips", building.slug);
    let choice = |o: &Organisation| Choice {
        value: o.slug.clone(),
        label: o.name(lang).to_owned(),
        href: format!("{action}?of={}", o.slug),
        here: of.is_some_and(|x| x.id == o.id),
    };
    let chosen = match of {
        Some(o) => Some(chosen(who, o).await?),
        None => None,
    };
    if let Some(chosen) = &chosen {
        form.values.entry("domains".into()).or_insert_with(|| chosen.domains.clone());
    }
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        enterprises: if all.len() > 1 { all.iter().map(choice).collect() } else { vec![] },
        chosen,
        action: action.clone(),
        form,
    };
    let frame = Frame::titled(lang.t("slips.batches")).of(who, building).class("pg-desk").at_work();
    who.page(frame, "slips/batches", &page)
}

#[get("/<_>/slips?<of>")]
async fn index(who: May<'_, Slips>, of: Option<&str>) -> Result<Answer> {
    page(&who, of, FormState::fresh(&who)).await
}

async fn again(who: &May<'_, Slips>, sent: &Sent<'_>, error: Error) -> Result<Answer> {
    let (form, status) = FormState::again(sent, error)?;
    Ok(page(who, Some(sent.text("organisation")), form).await?.status(status))
}

/// Makes a batch. The answer is the sheet itself: the codes are shown this once.
#[post("/<_>/slips", data = "<sent>")]
async fn make(who: May<'_, Slips>, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let done = async {
        sent.trusted()?;
        let of = named(&who, sent.text("organisation")).await?;
        let door: Door = sent.read("door").map_err(|_| Refusal::new("unknown_choice").at("door"))?;
        // Each door has its own field on the page.
        let field = if door == Door::Mail { "most" } else { "n" };
        let n: i32 = sent.read(field)?;
        let key = sent.given("key").map(|k| who.house.keys().derive("slips-form", &[&who.device(), k.as_bytes()]).to_vec());
        let act = who.begin_for(Some(of.id), &sent).await?;
        let made = slips::make(&act, building, &of, door, n, key).await;
        let (batch, codes) = made.map_err(|e| match e {
            Error::Refused(r) if r.field == Some("n") => r.at(field).into(),
            e => e,
        })?;
        act.commit().await?;
        Ok((of, batch, codes))
    }
    .await;
    match done {
        Ok((of, batch, codes)) if batch.door == Door::Paper => sheet::print(&who, building, &of, &batch, &codes),
        Ok((of, ..)) => Ok(Answer::go(format!("/b/{}/slips?of={}", building.slug, of.slug)).saying("slips.said.opened")),
        Err(e) => again(&who, &sent, e).await,
    }
}

/// Ends a batch, by its number in the order of making.
#[post("/<_>/slips/<k>/end", data = "<sent>")]
async fn end(who: May<'_, Slips>, k: usize, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let done = async {
        sent.trusted()?;
        let of = named(&who, sent.text("organisation")).await?;
        let mut all = slips::batches(who.house.read(), of.id).await?;
        all.reverse();
        let id = k.checked_sub(1).and_then(|k| all.get(k)).ok_or(Error::NotFound)?.id;
        let act = who.begin_for(Some(of.id), &sent).await?;
        slips::hold(&act, id).await?.end(&act).await?;
        act.commit().await?;
        Ok(of)
    }
    .await;
    match done {
        Ok(of) => Ok(Answer::go(format!("/b/{}/slips?of={}", building.slug, of.slug)).saying("slips.said.ended")),
        Err(e) => again(&who, &sent, e).await,
    }
}

#[post("/<_>/slips/domains", data = "<sent>")]
async fn state(who: May<'_, Slips>, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let done = async {
        sent.trusted()?;
        let of = named(&who, sent.text("organisation")).await?;
        let act = who.begin_for(Some(of.id), &sent).await?;
        slips::state_domains(&act, building, &of, sent.text("domains")).await?;
        act.commit().await?;
        Ok(of)
    }
    .await;
    match done {
        Ok(of) => Ok(Answer::go(format!("/b/{}/slips?of={}", building.slug, of.slug)).saying("slips.said.stated")),
        Err(e) => again(&who, &sent, e).await,
    }
}
