//! What stands above the town's towers: the street's own office, and the district's council with its office.

use louyi::domain::councils::{self, Council, NewSeat, SeatClass};
use louyi::domain::levels::Level;
use louyi::domain::organisations::{self, NewOrganisation, Organisation, OrganisationKind};
use louyi::domain::persons::{self, Scope};
use louyi::domain::rights::Role;
use louyi::kernel::act::Act;
use louyi::kernel::error::Result;
use louyi::kernel::i18n::Lang;

use super::people::Who;
use super::town::Town;

async fn organisation(act: &Act, town: &Town, kind: OrganisationKind, slug: &str, name: &str) -> Result<Organisation> {
    let new = NewOrganisation { kind, slug, name, name_en: slug, short: name, short_en: slug, workers: None, email: None };
    organisations::add(act, &town.district, None, new).await
}

async fn person(act: &Act, town: &Town, name: &str, of: &Organisation, role: Role) -> Result<Who> {
    let person = persons::add(act, name, name, Some(&format!("{}@louyi.example", name.to_lowercase())), Lang::Zh).await?;
    let m = person.appoint(act, of.id, role, Scope::District(town.district.id)).await?;
    Ok(Who::new(&town.house, person.id, m.actor()))
}

/// A department by its kind that leads: an administrator has said so.
pub async fn street(town: &Town) -> (Organisation, Who) {
    town.administrator
        .gets(async |act| {
            let office = organisation(act, town, OrganisationKind::Department, "street-office", "青塘路街道办").await?;
            let office = office.at_level(act, Level::Street).await?;
            let chief = person(act, town, "Chief", &office, Role::Department).await?;
            Ok((office, chief))
        })
        .await
}

/// The district's council, the organisation that keeps its office, and its secretary.
pub struct District {
    pub council: Council,
    pub office: Organisation,
    pub secretary: Who,
}

/// Founds it: the first seven of the building's members sit in it too.
pub async fn district(town: &Town) -> District {
    town.administrator
        .gets(async |act| {
            let office = organisation(act, town, OrganisationKind::Station, "coordination", "青塘商圈协调办").await?;
            let office = office.at_level(act, Level::District).await?;
            let secretary = person(act, town, "Coordinator", &office, Role::Secretary).await?;
            let seats = town.members.iter().take(7);
            let seats = seats.map(|m| NewSeat { class: SeatClass::Party, organisation: town.station.id, person: Some(m.id), deputy: None });
            let council = councils::found(act, &town.district, None, "青塘商圈议事会", "Qingtang Council", seats.collect()).await?;
            Ok(District { council, office, secretary })
        })
        .await
}
