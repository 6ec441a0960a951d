//! The data of the demonstration as they stand in `demo/*.toml`: invented towers, enterprises and people.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::buildings::PlaceKind;
use crate::domain::councils::SeatClass;
use crate::domain::levels::Level;
use crate::domain::organisations::OrganisationKind;
use crate::kernel::error::{Error, Result};

/// `demo/district.toml`.
#[derive(Deserialize)]
pub struct District {
    pub slug: String,
    pub code: String,
    pub short: String,
    pub name: String,
    pub name_en: String,
    pub street: String,
    pub street_en: String,
    pub jurisdiction: String,
    pub bulletin: String,
    #[serde(default, rename = "organisation")]
    pub organisations: Vec<Organisation>,
    pub council: Council,
}

/// `demo/{slug}.toml`.
#[derive(Deserialize)]
pub struct Building {
    pub slug: String,
    pub code: String,
    pub short: String,
    pub name: String,
    pub name_en: String,
    pub address: String,
    pub duty_phone: String,
    pub bulletin: String,
    pub enterprises: Vec<Enterprise>,
    #[serde(rename = "tower")]
    pub towers: Vec<Tower>,
    #[serde(rename = "place")]
    pub places: Vec<Place>,
    #[serde(rename = "organisation")]
    pub organisations: Vec<Organisation>,
    pub council: Council,
}

/// A tower; its ordinary floors are made from 2 up.
#[derive(Deserialize)]
pub struct Tower {
    pub name: String,
    pub code: String,
    pub highest: i32,
    /// Floors that a single unit rents.
    pub let_to_one: Vec<i32>,
}

/// A place that has something of its own, mostly on the ground floor.
#[derive(Deserialize)]
pub struct Place {
    pub code: String,
    pub kind: PlaceKind,
    pub tower: Option<String>,
    pub floor: Option<String>,
    pub name: String,
    pub name_en: String,
    /// The code of the poster that hangs there.
    pub poster: Option<String>,
}

/// An organisation that is no tenant.
#[derive(Deserialize)]
pub struct Organisation {
    pub kind: OrganisationKind,
    /// Where it does not follow from the kind.
    pub level: Option<Level>,
    pub slug: String,
    pub name: String,
    pub name_en: String,
    pub short: String,
    pub short_en: String,
    pub people: Vec<Person>,
}

/// Somebody with an account.
#[derive(Deserialize)]
pub struct Person {
    pub name: String,
    pub name_en: String,
    /// `staff`, or `secretary@tingqiao` where the role holds elsewhere than the organisation is.
    pub roles: Vec<String>,
}

/// Slug, short name, the same in English, workers, representative, the same in English.
#[derive(Deserialize)]
pub struct Enterprise(pub String, pub String, pub String, pub i32, pub String, pub String);

/// A council and who sits in it.
#[derive(Clone, Deserialize)]
pub struct Council {
    pub name: String,
    pub name_en: String,
    pub founded: chrono::NaiveDate,
    pub seats: Vec<Seat>,
}

/// A seat by slug of the organisation and name of the person.
#[derive(Clone, Deserialize)]
pub struct Seat {
    pub class: SeatClass,
    pub organisation: String,
    pub person: String,
    pub deputy: Option<String>,
}

/// The district.
pub fn district() -> Result<District> {
    read("district", include_str!("../../../demo/district.toml"))
}

/// The buildings, the one of the lift case first.
pub fn buildings() -> Result<Vec<Building>> {
    [
        ("tingqiao", include_str!("../../../demo/tingqiao.toml")),
        ("langyu", include_str!("../../../demo/langyu.toml")),
        ("baizhou", include_str!("../../../demo/baizhou.toml")),
        ("yanhu", include_str!("../../../demo/yanhu.toml")),
    ]
    .into_iter()
    .map(|(name, text)| read(name, text))
    .collect()
}

/// Reads one of the files that the binary carries.
pub fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| Error::broken(format!("demo/{name}.toml: {e}")))
}
