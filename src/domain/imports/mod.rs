//! Imports 导入: one spreadsheet of matters of a former system, brought over into one building. What comes in is history: it has
//! no reporter to tell, its words are not public, and what was over counts for nobody here.

mod check;
mod fields;
mod files;
mod mapping;
mod places;
mod running;
mod undoing;
mod values;

use std::sync::Arc;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};

pub use check::{Checked, Fault, Ready};
pub use fields::{Field, personal};
use files::{aside, keep};
pub use files::{forget, read};
pub use mapping::Mapping;
pub use running::{Progress, Writing, former, formers, step};
pub use undoing::{POINTING, WITH_IT, stayed};

use super::buildings::{self, Building};
use super::journal::Entry;
use super::organisations;
use super::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, ImportId, OrganisationId, PersonId, PlaceId};
use crate::kernel::journal::On;
use crate::kernel::spreadsheet::Spreadsheet;
use crate::kernel::text;

/// Days for which the file itself is kept, so that it can be corrected.
pub const FILE_DAYS: i64 = 7;
/// What the column is called that says what is wrong: left out where the corrected file comes back.
pub const FAULTS_HEAD: [&str; 2] = ["哪里不对", "What is wrong"];

/// So many rows are shown as they will be.
const SAMPLES: usize = 3;

/// A row as it will be, for whoever looks before it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub line: u32,
    pub filed: DateTimeUtc,
    pub closed: Option<DateTimeUtc>,
    pub category: String,
    pub place: PlaceId,
    pub words: String,
}

impl Sample {
    fn of(row: &Ready) -> Self {
        let Ready { line, filed, closed, category, place, words, .. } = row;
        Self { line: *line, filed: *filed, closed: *closed, category: category.code.clone(), place: *place, words: text::shorten(words, 60) }
    }
}

vocabulary! {
    /// How far an import has come.
    ImportState {
        /// The file is here; nobody has said which column holds what.
        Uploaded = "uploaded",
        /// Looked at; nothing is written yet.
        Checked = "checked",
        Running = "running", Done = "done", Undoing = "undoing", Undone = "undone",
        /// Given up before anything was written.
        Dropped = "dropped",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    pub building_id: BuildingId,
    /// Counts per building.
    pub number: i32,
    pub state: ImportState,
    pub head_hash: Vec<u8>,
    /// Rows of the file.
    pub total: i32,
    /// A [`Mapping`] as JSON.
    pub mapping: Option<String>,
    /// [`Sample`]s as JSON, for as long as the file is kept.
    pub sample: Option<String>,
    pub fresh: i32,
    pub known: i32,
    pub faulty: i32,
    /// The last row that was written, or taken back.
    pub at_line: i32,
    pub made: i32,
    pub taken_back: i32,
    pub stayed: i32,
    pub person_id: PersonId,
    pub organisation_id: OrganisationId,
    pub role: Role,
    pub uploaded_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Import;

/// Administrators may, and of those who work the desk the building's own property manager.
pub async fn ask_importer(db: &impl ConnectionTrait, building: &Building, actor: &Actor) -> Result<()> {
    let manager = || organisations::manager_of(db, building.id);
    match actor.role() {
        Some(role) if role == Role::Administrator.as_str() => Ok(()),
        Some(role) if role == Role::Staff.as_str() && manager().await?.map(|o| o.id) == actor.organisation() => Ok(()),
        _ => Err(Refusal::new("no_right").into()),
    }
}

/// Keeps a file for the next steps.
pub async fn upload(act: &Act, building: &Building, sheet: &Spreadsheet, packed: Vec<u8>) -> Result<Import> {
    ask_importer(act.tx(), building, &act.actor).await?;
    let (Some(person), Some(organisation)) = (act.actor.person(), act.actor.organisation()) else { return Err(Refusal::new("no_right").into()) };
    let role: Role = act.actor.role().unwrap_or_default().parse()?;
    buildings::hold(act, building.id).await?;
    let last = Entity::find().filter(Column::BuildingId.eq(building.id)).order_by_desc(Column::Number).one(act.tx()).await?;
    let rows = i32::try_from(sheet.rows.len()).unwrap_or(i32::MAX);
    let row = ActiveModel {
        id: Set(ImportId(act.fresh())),
        building_id: Set(building.id),
        number: Set(last.map_or(0, |i| i.number) + 1),
        state: Set(ImportState::Uploaded),
        head_hash: Set(mapping::head_hash(&sheet.head)),
        total: Set(rows),
        mapping: Set(None),
        sample: Set(None),
        fresh: Set(0),
        known: Set(0),
        faulty: Set(0),
        at_line: Set(0),
        made: Set(0),
        taken_back: Set(0),
        stayed: Set(0),
        person_id: Set(person),
        organisation_id: Set(organisation),
        role: Set(role),
        uploaded_at: Set(act.at),
        started_at: Set(None),
        ended_at: Set(None),
    };
    let import = row.insert(act.tx()).await?;
    keep(act, import.id, packed).await?;
    act.journal(import.on_self(), &Entry::ImportUploaded { number: import.number, rows }).await?;
    Ok(import)
}

/// The imports of a building, the newest first.
pub async fn of_building(db: &impl ConnectionTrait, building: BuildingId) -> Result<Vec<Import>> {
    Ok(Entity::find().filter(Column::BuildingId.eq(building)).order_by_desc(Column::Number).limit(100).all(db).await?)
}

/// By its number.
pub async fn by_number(db: &impl ConnectionTrait, building: BuildingId, number: i32) -> Result<Import> {
    Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// By its id.
pub async fn by_id(db: &impl ConnectionTrait, id: ImportId) -> Result<Import> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

impl Model {
    fn on_self(&self) -> On {
        On::new("import", self.id).in_building(self.building_id)
    }

    /// Whoever brought it.
    pub fn actor(&self) -> Actor {
        Actor::Person { id: self.person_id, organisation: self.organisation_id, role: self.role.as_str() }
    }

    /// Which column holds what: as it was said, or was said of the last file with this head, or as the head suggests. The second
    /// is true where it is remembered.
    pub async fn mapping(&self, db: &impl ConnectionTrait, head: &[String]) -> Result<(Mapping, bool)> {
        if let Some(own) = &self.mapping {
            return Ok((serde_json::from_str(own)?, false));
        }
        let alike = Entity::find().filter(Column::BuildingId.eq(self.building_id)).filter(Column::HeadHash.eq(self.head_hash.clone()));
        let last = alike.filter(Column::Mapping.is_not_null()).order_by_desc(Column::Number).one(db).await?;
        match last.and_then(|i| i.mapping) {
            Some(text) => Ok((serde_json::from_str(&text)?, true)),
            None => Ok((Mapping::guessed(head), false)),
        }
    }

    fn ask(&self, states: &[ImportState]) -> Result<(), Refusal> {
        if states.contains(&self.state) { Ok(()) } else { Err(Refusal::new("import_state").with("state", format!("@imports.state.{}", self.state))) }
    }

    /// Looks at every row with this mapping; nothing is written.
    pub async fn look(
        &self,
        db: &impl ConnectionTrait,
        house: &crate::kernel::act::House,
        sheet: Arc<Spreadsheet>,
        mapping: Mapping,
    ) -> Result<Checked> {
        let (places, known) = (buildings::places(db, self.building_id).await?, running::keys(db, self.building_id).await?);
        let (building, keys, now) = (self.building_id, house.keys().clone(), house.now());
        aside(move || {
            let ground = check::Ground { building, places: &places, keys: &keys, known: &known, now };
            check::check(&ground, &sheet, &mapping)
        })
        .await
    }

    /// Keeps which column holds what and what came of looking.
    pub async fn checked(self, act: &Act, building: &Building, mapping: &Mapping, checked: &Checked) -> Result<Import> {
        ask_importer(act.tx(), building, &act.actor).await?;
        self.ask(&[ImportState::Uploaded, ImportState::Checked])?;
        mapping.ask_whole()?;
        let count = |n: usize| Set(i32::try_from(n).unwrap_or(i32::MAX));
        let set = ActiveModel {
            state: Set(ImportState::Checked),
            mapping: Set(Some(serde_json::to_string(mapping)?)),
            sample: Set(Some(serde_json::to_string(&checked.fresh.iter().take(SAMPLES).map(Sample::of).collect::<Vec<_>>())?)),
            fresh: count(checked.fresh.len()),
            known: count(checked.known),
            faulty: count(checked.faulty.len()),
            ..Default::default()
        };
        let import = self.turn(act, set).await?;
        import.keep_faults(act, &checked.faulty).await?;
        Ok(import)
    }

    /// Changes it, unless somebody was faster.
    async fn turn(self, act: &Act, set: ActiveModel) -> Result<Import> {
        let this = Entity::update_many().set(set).filter(Column::Id.eq(self.id));
        let same = this.filter(Column::State.eq(self.state)).filter(Column::AtLine.eq(self.at_line));
        if same.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Lets the rows be written. With faulty ones, only if somebody says that they are to be left out.
    pub async fn start(self, act: &Act, building: &Building, without_faulty: bool) -> Result<Import> {
        ask_importer(act.tx(), building, &act.actor).await?;
        self.ask(&[ImportState::Checked])?;
        if self.fresh == 0 {
            return Err(Refusal::new("import_nothing").into());
        }
        if self.faulty > 0 && !without_faulty {
            return Err(Refusal::new("import_faulty").with("n", self.faulty).at("without").into());
        }
        if organisations::manager_of(act.tx(), building.id).await?.is_none() {
            return Err(Refusal::new("import_no_manager").into());
        }
        if !self.has_file(act.tx()).await? {
            return Err(Refusal::new("import_no_file").into());
        }
        let import = self.turn(act, ActiveModel { state: Set(ImportState::Running), started_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(import.on_self(), &Entry::ImportStarted { number: import.number, rows: import.fresh }).await?;
        Ok(import)
    }

    /// Gives it up before anything is written; the file goes at once.
    pub async fn drop_it(self, act: &Act, building: &Building) -> Result<Import> {
        ask_importer(act.tx(), building, &act.actor).await?;
        self.ask(&[ImportState::Uploaded, ImportState::Checked])?;
        let import = self.turn(act, ActiveModel { state: Set(ImportState::Dropped), ended_at: Set(Some(act.at)), ..Default::default() }).await?;
        import.forget_file(act).await?;
        act.journal(import.on_self(), &Entry::ImportDropped { number: import.number }).await?;
        Ok(import)
    }
}
