//! Ballots to print: one of each holder, with a code by which it is entered.

use std::collections::BTreeMap;

use rocket::get;
use serde::Serialize;

use super::{Place, matter};
use crate::domain::owners::Held;
use crate::domain::owners_votes;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::guards::{May, Secretariat};
use crate::web::meetings::dossier::{Crumb, paragraphs};
use crate::web::owners::square_metres;

#[derive(Serialize)]
struct Slip {
    who: String,
    units: String,
    code: String,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    matter: String,
    window: String,
    question: Vec<String>,
    slips: Vec<Slip>,
}

/// `GET …/owners-votes/{n}/paper`.
#[get("/<_>/council/owners-votes/<number>/paper")]
pub(super) async fn paper(who: May<'_, Secretariat>, number: i32) -> Result<Answer> {
    let (place, lang, db) = (Place::of(&who).await?, who.lang, who.house.read());
    let vote = owners_votes::by_number(db, place.building.id, number).await?;
    let roll = vote.roll(db).await?;
    let mut by_holder: BTreeMap<i32, Vec<&Held>> = BTreeMap::new();
    for h in &roll {
        by_holder.entry(h.holder.number).or_default().push(h);
    }
    let mut slips = vec![];
    for held in by_holder.values() {
        let Some(first) = held.first() else { continue };
        let area: u64 = held.iter().map(|h| h.unit.area.unsigned_abs()).sum();
        let units = held.iter().map(|h| h.unit.unit.as_str()).collect::<Vec<_>>().join(&lang.t("councils.rules.and"));
        slips.push(Slip {
            who: first.holder.called(db, lang).await?,
            units: lang.say("owners_votes.slip", &[("units", &units), ("area", &square_metres(area))]),
            code: vote.code(who.house.keys(), first.holder.id),
        });
    }
    let title = lang.say("owners_votes.paper", &[("n", &number.to_string())]);
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("owners_votes.title"), place.all()),
            Crumb::to(lang.say("owners_votes.nth", &[("n", &number.to_string())]), format!("{}/{number}", place.all())),
            Crumb::here(lang.t("owners_votes.paper_crumb")),
        ],
        title: vote.title.clone(),
        matter: matter(&vote, lang),
        window: dates::span(vote.opens_at, vote.closes_at, who.house.now(), lang),
        question: paragraphs(&vote.question),
        slips,
    };
    who.page(place.frame(&who, title).class("pg-meeting").at_work(), "owners_votes/paper", &page)
}
