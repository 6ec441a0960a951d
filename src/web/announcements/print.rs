//! One on paper, for the lobby: A4, black on white, with a code that leads to what holds now.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::brief::{address, brief};
use crate::domain::announcements;
use crate::domain::buildings;
use crate::domain::organisations;
use crate::kernel::error::{Error, Result};
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::assets;
use crate::web::dates;
use crate::web::guards::Anyone;

pub(super) fn routes() -> Vec<Route> {
    routes![print]
}

#[derive(Serialize)]
struct Sheet {
    lang: &'static str,
    styles: Vec<String>,
    script: Option<String>,
    back: String,
    house: String,
    title: String,
    when: String,
    place: String,
    words: Vec<String>,
    /// Called off or over: the paper says so.
    state: String,
    holds: bool,
    by: String,
    day: String,
    phone: String,
    qr: String,
    qr_label: String,
    address: String,
}

#[get("/<building>/announcements/<number>/print")]
async fn print(who: Anyone<'_>, building: &str, number: i32) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (lang, now) = (who.lang, who.house.now());
    let building = buildings::by_slug(db, building).await?;
    let one = announcements::by_number(db, building.id, number).await?;
    let of = organisations::by_id(db, one.announcement.organisation_id).await?;
    let shown = brief(&one, &building, now, lang);
    let address = who.house.settings().address(&address(&building, number));
    let sheet = Sheet {
        lang: lang.tag(),
        styles: assets::styles("pg-notice"),
        script: assets::address("js/louyi.js"),
        house: building.name(lang).to_owned(),
        title: shown.title,
        when: shown.when,
        place: shown.place,
        words: one.announcement.words.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect(),
        state: shown.state.word.into_owned(),
        holds: one.announcement.stage(now).holds(),
        by: of.name(lang).to_owned(),
        day: dates::full_day(one.announcement.changed_at, lang),
        phone: building.duty_phone.clone(),
        qr: qr::svg(&address).map_err(|e| Error::broken(e.to_string()))?,
        qr_label: lang.say("posters.qr", &[("address", &address)]),
        // As people type it.
        address: address.split_once("://").map_or(address.clone(), |(_, rest)| rest.to_owned()),
        back: shown.href,
    };
    who.bare("announcements/print", &sheet)
}
