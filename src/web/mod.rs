//! The first entrance: HTTP. Each handler has five beats: guard, form, begin, one verb, answer.
//!
//! Who may call a handler is the type of its first argument (see [`guards`]); what was sent arrives as [`sent::Sent`],
//! and an act begins only by a guard and what was sent together, which is where the form's token is tested.

mod announcements;
pub mod answer;
mod api;
pub mod assets;
mod buildings;
mod calendars;
mod call_backs;
pub mod caller;
mod canned_answers;
mod changes;
mod channels;
mod checklists;
pub mod clock;
mod councils;
mod deliberation;
mod desk;
mod devices;
mod districts;
mod duty;
mod editions;
mod effect_checks;
pub mod errors;
pub mod exports;
mod fairings;
mod figures;
mod first_links;
pub mod form;
pub mod frame;
pub mod guards;
mod health;
mod helps;
mod hidings;
mod home;
mod hooks;
pub mod ical;
mod imports;
mod issues;
mod ledger;
mod letters;
mod lifts;
mod maintenance;
mod me;
mod meetings;
mod organisations;
mod owners;
mod owners_votes;
mod pages;
mod persons;
mod photos;
mod places;
mod posters;
pub mod problem;
mod proofs;
mod receipts;
mod release;
mod reports;
mod resolutions;
pub mod sent;
mod sessions;
mod sheet;
pub mod shown;
mod slips;
mod styleguide;
mod subscriptions;
mod supervisions;
mod tables;
mod tasks;
mod telling;
mod tenancies;
mod themes;
mod times;
mod undertakings;
pub mod views;

pub use crate::kernel::dates;

use rocket::data::{Limits, ToByteUnit as _};
use rocket::figment::Figment;
use rocket::{Build, Rocket};

use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::spreadsheet::BYTES as SPREADSHEET;

/// The server's own defaults, under `Rocket.toml` and `ROCKET_…`, which win.
fn figment(house: &House) -> Figment {
    use rocket::figment::providers::{Env, Format as _, Toml};
    let limits = Limits::default()
        .limit("form", 128.kibibytes())
        .limit("file", 21.mebibytes())
        .limit("file/sheet", SPREADSHEET.bytes())
        .limit("file/table", SPREADSHEET.bytes())
        .limit("data-form", 64.mebibytes());
    Figment::from(rocket::Config::default())
        .merge(("limits", limits))
        .merge(("ident", false))
        .merge(("ip_header", false))
        .merge(("cli_colors", false))
        .merge(("log_level", "normal"))
        .merge(("temp_dir", house.settings().data.clone()))
        .merge(("shutdown.grace", 2))
        .merge(("shutdown.mercy", 1))
        .merge(Toml::file("Rocket.toml").nested())
        .merge(Env::prefixed("ROCKET_").global())
}

/// The server, ready to launch.
pub fn build(house: House) -> Result<Rocket<Build>> {
    let figment = figment(&house);
    crate::kernel::i18n::ask_readable()?;
    Ok(rocket::custom(figment)
        .manage(views::Views::shared()?)
        .manage(fairings::metrics::Metrics::new()?)
        .manage(house)
        .attach(fairings::access::Access)
        .attach(fairings::headers::Headers)
        .attach(fairings::gzip::Gzip)
        .mount("/", editions::routes())
        .mount("/b", editions::routes_below())
        .mount("/d", editions::routes_below())
        .mount("/", desk::routes())
        .mount("/", health::routes())
        .mount("/", home::routes())
        .mount("/b", issues::routes())
        .mount("/", ledger::routes())
        .mount("/", clock::routes())
        .mount("/b", figures::routes())
        .mount("/b", hidings::routes())
        .mount("/b", canned_answers::routes())
        .mount("/b", call_backs::routes())
        .mount("/b", times::routes())
        .mount("/b", duty::routes())
        .mount("/b", maintenance::routes_below())
        .mount("/b", supervisions::routes())
        .mount("/b", release::routes())
        .mount("/", styleguide::routes())
        .mount("/b", councils::routes())
        .mount("/b", effect_checks::routes())
        .mount("/b", deliberation::routes())
        .mount("/b", meetings::routes())
        .mount("/b", lifts::routes())
        .mount("/b", resolutions::routes())
        .mount("/b", undertakings::routes())
        .mount("/d", councils::routes())
        .mount("/d", deliberation::routes())
        .mount("/d", themes::routes())
        .mount("/d", meetings::routes())
        .mount("/d", lifts::routes())
        .mount("/d", resolutions::routes())
        .mount("/d", undertakings::routes())
        .mount("/", proofs::routes())
        .mount("/", slips::routes())
        .mount("/b", slips::routes_below())
        .mount("/", subscriptions::routes())
        .mount("/b", subscriptions::routes_below())
        .mount("/", calendars::routes())
        .mount("/", letters::routes())
        .mount("/", me::routes())
        .mount("/", telling::routes())
        .mount("/", photos::routes())
        .mount("/", receipts::routes())
        .mount("/b", reports::routes())
        .mount("/", sessions::routes())
        .mount("/b", announcements::routes_below())
        .mount("/b", buildings::routes())
        .mount("/d", buildings::routes_of_district())
        .mount("/b", checklists::routes())
        .mount("/", first_links::routes())
        .mount("/", helps::routes())
        .mount("/b", organisations::routes())
        .mount("/b", owners::routes())
        .mount("/b", owners_votes::routes())
        .mount("/b", persons::routes())
        .mount("/b", places::routes())
        .mount("/b", councils::routes_of_building())
        .mount("/b", tenancies::routes())
        .mount("/b", posters::routes_below())
        .mount("/d", districts::routes())
        .mount("/", pages::routes())
        .mount("/", posters::routes())
        .mount("/static", assets::routes())
        .mount("/b", tasks::routes())
        .mount("/b", devices::routes_below())
        .mount("/b", channels::routes_below())
        .mount("/b", imports::routes_below())
        .mount("/b", exports::routes())
        .mount("/hooks", hooks::routes())
        .mount("/api/v1", api::routes())
        .register("/api", api::catchers())
        .register("/hooks", hooks::catchers())
        .register("/", errors::catchers()))
}
