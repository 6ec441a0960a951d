//! Who sits in a council, by name. The names of those who hold an office are public.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use crate::domain::councils::{Council, Seat};
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons::{self, Person};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{OrganisationId, PersonId};

/// The seats of a council with everybody's names.
pub struct Bench {
    /// By number.
    pub seats: Vec<Seat>,
    people: HashMap<PersonId, Person>,
    organisations: HashMap<OrganisationId, Organisation>,
}

impl Bench {
    /// Looks everybody up.
    pub async fn of(db: &impl ConnectionTrait, council: &Council) -> Result<Self> {
        let seats = council.seats(db).await?;
        let people: Vec<PersonId> = seats.iter().flat_map(|s| [s.person_id, s.deputy_id]).flatten().collect();
        let people = persons::by_ids(db, people).await?;
        let organisations: Vec<OrganisationId> = seats.iter().map(|s| s.organisation_id).collect();
        let organisations = organisations::by_ids(db, organisations).await?;
        Ok(Self {
            seats,
            people: people.into_iter().map(|p| (p.id, p)).collect(),
            organisations: organisations.into_iter().map(|o| (o.id, o)).collect(),
        })
    }

    /// Also knows these organisations.
    pub async fn and(mut self, db: &impl ConnectionTrait, ids: impl IntoIterator<Item = OrganisationId>) -> Result<Self> {
        self.organisations.extend(organisations::by_ids(db, ids).await?.into_iter().map(|o| (o.id, o)));
        Ok(self)
    }

    /// Also knows these people.
    pub async fn and_people(mut self, db: &impl ConnectionTrait, ids: impl IntoIterator<Item = PersonId>) -> Result<Self> {
        self.people.extend(persons::by_ids(db, ids).await?.into_iter().map(|p| (p.id, p)));
        Ok(self)
    }

    /// A person's name.
    pub fn person(&self, id: Option<PersonId>, lang: Lang) -> Option<String> {
        self.people.get(&id?).map(|p| p.name(lang).to_owned())
    }

    /// An organisation's short name.
    pub fn organisation(&self, id: OrganisationId, lang: Lang) -> String {
        self.organisations.get(&id).map(|o| o.short(lang).to_owned()).unwrap_or_default()
    }

    /// Who is meant by a seat: its holder, else its deputy, else its organisation.
    pub fn name(&self, seat: &Seat, lang: Lang) -> String {
        self.person(seat.person_id.or(seat.deputy_id), lang).unwrap_or_else(|| self.organisation(seat.organisation_id, lang))
    }

    /// The name by a seat's number.
    pub fn by_number(&self, number: i32, lang: Lang) -> String {
        self.seats.iter().find(|s| s.number == number).map(|s| self.name(s, lang)).unwrap_or_default()
    }

    /// Seats that count: those that are not vacant.
    pub fn occupied(&self) -> usize {
        self.seats.iter().filter(|s| !s.vacant()).count()
    }
}

/// The word for a seat's class.
pub fn class(seat: &Seat, lang: Lang) -> String {
    lang.t(&format!("councils.class.{}", seat.class.as_str()))
}
