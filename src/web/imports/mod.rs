//! `/b/{building}/imports`: matters of a former system. Four steps, each a page: the file, its columns, what came of looking,
//! the writing.

mod acting;
mod columns;
mod faults;
mod index;
mod show;

use rocket::Route;

use crate::domain::buildings::Building;
use crate::domain::imports::{self, Import};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::frame::Frame;
use crate::web::guards::{Import as Imports, May};

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    [index::routes(), columns::routes(), show::routes(), acting::routes(), faults::routes()].concat()
}

/// Whoever may see what the files hold: not each who works a desk here.
async fn building<'m>(who: &'m May<'_, Imports>) -> Result<&'m Building> {
    let building = who.building()?;
    imports::ask_importer(who.house.read(), building, &who.membership.actor()).await?;
    Ok(building)
}

/// An import of the building, by its number.
async fn import<'m>(who: &'m May<'_, Imports>, number: i32) -> Result<(&'m Building, Import)> {
    let building = building(who).await?;
    Ok((building, imports::by_number(who.house.read(), building.id, number).await?))
}

fn root(building: &Building) -> String {
    format!("/b/{}/imports", building.slug)
}

fn address(building: &Building, import: &Import) -> String {
    format!("{}/{}", root(building), import.number)
}

fn named(import: &Import, lang: Lang) -> String {
    lang.say("imports.nth", &[("n", &import.number.to_string())])
}

fn frame(who: &May<'_, Imports>, building: &Building, title: String) -> Frame {
    Frame::titled(title).of(who, building).at_work().class("pg-desk pg-import")
}
