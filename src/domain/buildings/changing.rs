//! What of a building can change: its names, its address, its duty telephone. Its code and its slug stand on paper.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{Building, building};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::journal::On;
use crate::kernel::text;

/// What may be said anew.
pub struct Basics<'a> {
    pub short: &'a str,
    pub name: &'a str,
    pub name_en: &'a str,
    pub address: &'a str,
    pub duty_phone: &'a str,
}

/// A telephone number as people write it, with an extension where there is one: at least three digits.
pub(super) fn telephone(field: &'static str, typed: &str) -> Result<String, Refusal> {
    let number = text::words(field, typed, 3, 40)?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let known = number.chars().all(|c| c.is_ascii_digit() || " +-()（）－转#*,，/".contains(c));
    if digits >= 3 && known { Ok(number) } else { Err(Refusal::new("phone_number").at(field)) }
}

impl Building {
    /// Says names, address and telephone anew; what stays the same is not noted.
    pub async fn change_basics(self, act: &Act, new: Basics<'_>) -> Result<Building> {
        let before = self.clone();
        let mut row: building::ActiveModel = self.into();
        row.short = Set(text::words("short", new.short, 1, 20)?);
        row.name = Set(text::words("name", new.name, 1, 60)?);
        row.name_en = Set(text::words("name_en", new.name_en, 1, 80)?);
        row.address = Set(text::words("address", new.address, 1, 120)?);
        row.duty_phone = Set(telephone("duty_phone", new.duty_phone)?);
        let after = row.update(act.tx()).await?;
        let what: Vec<String> = [
            ("short", before.short != after.short),
            ("name", before.name != after.name),
            ("name_en", before.name_en != after.name_en),
            ("address", before.address != after.address),
            ("duty_phone", before.duty_phone != after.duty_phone),
        ]
        .into_iter()
        .filter(|(_, changed)| *changed)
        .map(|(name, _)| name.to_owned())
        .collect();
        if !what.is_empty() {
            let on = On::new("building", after.id).in_building(after.id).in_district(after.district_id);
            act.journal(on, &Entry::BuildingChanged { what }).await?;
        }
        Ok(after)
    }
}
