//! The act: who does something, when, and the one transaction that holds state, journal, letters and ledger.
//! Dropping an act undoes all of it.

use std::sync::{Arc, RwLock};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use uuid::Uuid;

use super::calendar::Calendar;
use super::changes::Changes;
use super::clock::Clock;
use super::db::Db;
use super::error::Result;
use super::files::Files;
use super::ids::{DeviceKeyId, OrganisationId, PersonId, ReportId};
use super::keys::Keys;
use super::settings::Settings;
use super::sms;

/// The running installation: database, clock, calendar, keys, settings. Cheap to clone.
#[derive(Clone)]
pub struct House(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    calendar: RwLock<Arc<Calendar>>,
    keys: Keys,
    files: Files,
    settings: Settings,
    sms: sms::Tally,
    changes: Changes,
}

impl House {
    /// Puts the parts together.
    pub fn new(db: Db, clock: Clock, calendar: Calendar, keys: Keys, settings: Settings) -> Self {
        let files = Files::new(&settings, db.is_postgres());
        Self(Arc::new(Inner {
            db,
            clock,
            calendar: RwLock::new(Arc::new(calendar)),
            keys,
            files,
            settings,
            sms: sms::Tally::default(),
            changes: Changes::default(),
        }))
    }
    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    /// A connection for reading.
    pub fn read(&self) -> &DatabaseConnection {
        self.0.db.read()
    }
    /// One connection for all that a page asks, at one instant. See [`Db::reading`].
    pub async fn reading(&self) -> Result<DatabaseTransaction> {
        self.0.db.reading().await
    }
    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    /// Now, by the house's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }
    /// The working-day calendar in force.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.0.calendar.read().map_or_else(|p| p.into_inner().clone(), |c| c.clone())
    }
    /// Puts a newer calendar in force for clocks that start from now on.
    pub fn set_calendar(&self, calendar: Calendar) {
        match self.0.calendar.write() {
            Ok(mut c) => *c = Arc::new(calendar),
            Err(p) => *p.into_inner() = Arc::new(calendar),
        }
    }
    /// The server's keys.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }
    /// Where pictures are kept.
    pub fn files(&self) -> &Files {
        &self.0.files
    }
    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// What was passed on by SMS.
    pub fn sms(&self) -> &sms::Tally {
        &self.0.sms
    }
    /// Where something has just happened.
    pub fn changes(&self) -> &Changes {
        &self.0.changes
    }
    /// Begins an act: takes the write lock (SQLite) or a transaction (PostgreSQL).
    pub async fn act(&self, actor: Actor) -> Result<Act> {
        Ok(Act { tx: self.0.db.begin().await?, at: self.now(), actor, house: self.clone() })
    }
}

/// Who acts. The journal keeps the id, the organisation spoken for and the role used; never a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person in one of their roles.
    Person {
        /// Who.
        id: PersonId,
        /// For which organisation.
        organisation: OrganisationId,
        /// In which role, as the journal names it.
        role: &'static str,
    },
    /// The holder of a receipt.
    Reporter(ReportId),
    /// Somebody without account or receipt.
    Visitor,
    /// A device that showed its key.
    Device {
        /// The key's id.
        id: DeviceKeyId,
        /// Whose device it is, where it is somebody's.
        organisation: Option<OrganisationId>,
    },
    /// Louyi itself: a clock that ran out.
    System,
}

impl Actor {
    /// `person`, `reporter`, `visitor`, `device` or `system`.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Person { .. } => "person",
            Actor::Reporter(_) => "reporter",
            Actor::Visitor => "visitor",
            Actor::Device { .. } => "device",
            Actor::System => "system",
        }
    }
    /// The id that the journal keeps.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Actor::Person { id, .. } => Some(id.0),
            Actor::Reporter(id) => Some(id.0),
            Actor::Device { id, .. } => Some(id.0),
            _ => None,
        }
    }
    /// The organisation spoken for.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Actor::Person { organisation, .. } => Some(*organisation),
            Actor::Device { organisation, .. } => *organisation,
            _ => None,
        }
    }
    /// The role used.
    pub fn role(&self) -> Option<&'static str> {
        match self {
            Actor::Person { role, .. } => Some(role),
            _ => None,
        }
    }
    /// The person, where it is one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Actor::Person { id, .. } => Some(*id),
            _ => None,
        }
    }
}

/// One act under way.
pub struct Act {
    tx: DatabaseTransaction,
    /// When: every row of this act carries this instant.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    house: House,
}

impl Act {
    /// The transaction, for reading and writing within this act.
    pub fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }
    /// The installation.
    pub fn house(&self) -> &House {
        &self.house
    }
    /// The calendar in force.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.house.calendar()
    }
    /// A new id that carries this act's instant.
    pub fn fresh(&self) -> Uuid {
        super::ids::fresh(self.at)
    }
    /// Makes everything of this act true at once.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }
    /// Undoes everything of this act.
    pub async fn undo(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
    /// Does the next act in the same transaction at another instant and by another actor: for loading history in bulk.
    pub fn then(self, at: DateTime<Utc>, actor: Actor) -> Self {
        Self { at, actor, ..self }
    }
}
