//! Issues 事项: the matter, one number per building, with one or many reports behind it.

mod agenda;
mod assigning;
mod behind;
pub mod bulk;
mod clocks;
mod closing;
mod counting;
mod deeds;
mod handing;
mod list;
mod meanwhile;
mod merging;
mod next;
mod offers;
mod origin;
mod public;
mod reasons;
mod redating;
mod release;
mod similar;
mod splitting;
mod standing;
mod state;
mod telling;
mod triage;
mod work;

pub use agenda::Source;
pub(in crate::domain) use assigning::hand_over;
pub use assigning::{held_open, in_hands};
pub use behind::{Behind, behind};
pub use closing::{Tally, Verdict as Settlement, lapse_due};
pub use deeds::Deed;
pub use handing::{OFFER_REASONS, Receiver, Report, TRANSFER_REASONS};
pub use list::{Filter, Page, Row, list, near, open_at_place};
pub use meanwhile::Seen;
pub(in crate::domain) use merging::{family, up_from};
pub use merging::{merge, move_report, unmerge};
pub use next::{Around, Next};
pub use offers::offers_lapse_due;
pub use origin::{Origin, found_waiting};
pub(in crate::domain) use origin::{open_found, open_round};
pub use public::{NextDay, PublicFilter, PublicRow, last_moved, public_count, public_list, public_one};
pub use reasons::{MergeReason, SplitReason};
pub use redating::Redated;
pub(in crate::domain) use release::erase_title;
pub use release::title_for_public;
pub use similar::{Alike, Likeness, Unsent, alike, similar};
pub use splitting::{Part, split};
pub use standing::{Sight, Standing};
pub use state::{ClosedBy, IssueState, Verb};
pub use triage::DECLINE_REASONS;
pub use work::confirm_days;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::buildings::{Building, Place, building, place};
use super::categories::{Category, Tier};
use super::journal::Entry;
pub use super::levels::Level;
use super::links;
use super::organisations;
use super::times::Owed;
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{self, BuildingId, ImportId, IssueId, OrganisationId, PersonId, PlaceId};
use crate::kernel::journal::On;
use crate::kernel::search;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issues")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IssueId,
    pub building_id: BuildingId,
    /// Counts per building, never reused.
    pub number: i32,
    pub place_id: PlaceId,
    pub category: String,
    pub tier: Tier,
    pub state: IssueState,
    pub closed_by: Option<ClosedBy>,
    pub level: Level,
    /// Working title for those who handle it: the first words of the first report.
    pub title: String,
    pub title_salt: Vec<u8>,
    /// What the public reads; none until released.
    pub public_title: Option<String>,
    pub public_text: Option<String>,
    pub released_at: Option<DateTimeUtc>,
    pub released_by: Option<PersonId>,
    /// The one organisation responsible.
    pub holder_id: Option<OrganisationId>,
    /// Who of it has the matter in hand; none where nobody in particular does.
    pub person_id: Option<PersonId>,
    /// Offered to; the holder stays responsible until they accept (首接负责).
    pub offered_to_id: Option<OrganisationId>,
    pub offered_until: Option<DateTimeUtc>,
    pub transfers_refused: i32,
    pub priority: bool,
    pub contested: i32,
    pub merged_into_id: Option<IssueId>,
    pub state_before: Option<String>,
    pub done_by_id: Option<OrganisationId>,
    pub plan: Option<String>,
    pub review_on: Option<String>,
    /// Reports behind it, "me too" included, withdrawn ones not.
    pub reports: i32,
    pub me_too: i32,
    /// The earliest first answer still owed to a report.
    pub first_answer_due: Option<DateTimeUtc>,
    pub result_due: Option<DateTimeUtc>,
    pub confirm_due: Option<DateTimeUtc>,
    /// What is due next: the desk's order.
    pub next_due: Option<DateTimeUtc>,
    /// A due date rests on a year without published calendar.
    pub provisional: bool,
    pub received_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub done_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub moved_at: DateTimeUtc,
    /// The import that brought it; none where it was reported here.
    pub import_id: Option<ImportId>,
    /// Since when its clocks run, where that is not since it was received.
    pub clock_from: Option<DateTimeUtc>,
    /// How it came to be.
    pub origin: Origin,
    /// Compared on every write: of two who act at once, one wins.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "building::Entity", from = "Column::BuildingId", to = "building::Column::Id")]
    Building,
    #[sea_orm(belongs_to = "place::Entity", from = "Column::PlaceId", to = "place::Column::Id")]
    Place,
}

impl Related<building::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Building.def()
    }
}

impl Related<place::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Place.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Issue;

/// Opens a matter with the next number of the building.
pub(super) async fn receive(act: &Act, building: &Building, place: &Place, (category, owed): (&Category, Owed), words: &str) -> Result<Issue> {
    let number = next_number(act, building.id).await?;
    let holder = organisations::manager_of(act.tx(), building.id).await?.map(|o| o.id);
    let row = opened(act.at, &act.calendar(), Opening { building: building.id, number, place, category, owed, words, holder });
    let issue = row.insert(act.tx()).await?;
    // Only what is public at once is searchable by the public: the kind of trouble and its place.
    search::index(act, issue.id, &public_words(category, place)).await?;
    act.journal(issue.on_self(), &Entry::IssueReceived { number, category: category.code.clone(), place: place.id }).await?;
    links::note_return(act, &issue).await?;
    issue.route(act).await
}

/// The next number of a building; given once, never again.
async fn next_number(act: &Act, building: BuildingId) -> Result<i32> {
    let text = "update buildings set last_issue_number = last_issue_number + 1 where id = ? returning last_issue_number";
    let row = act.tx().query_one_raw(sql(act.tx(), text, [building.0.into()])).await?.ok_or(Error::NotFound)?;
    Ok(row.try_get_by_index(0)?)
}

/// What a matter begins with.
pub(super) struct Opening<'a> {
    pub building: BuildingId,
    pub number: i32,
    pub place: &'a Place,
    pub category: &'a Category,
    /// What is promised with it.
    pub owed: Owed,
    pub words: &'a str,
    pub holder: Option<OrganisationId>,
}

/// A matter's row as it begins.
fn opened(at: DateTimeUtc, calendar: &Calendar, new: Opening<'_>) -> ActiveModel {
    let Opening { building, number, place, category, owed, words, holder } = new;
    let first = owed.first.from(at, calendar);
    let result = owed.result.from(at, calendar);
    ActiveModel {
        id: Set(IssueId(ids::fresh(at))),
        building_id: Set(building),
        number: Set(number),
        place_id: Set(place.id),
        category: Set(category.code.clone()),
        tier: Set(category.tier),
        state: Set(IssueState::Received),
        closed_by: Set(None),
        level: Set(Level::Building),
        title: Set(text::shorten(words, 40)),
        title_salt: Set(text::salt()),
        public_title: Set(None),
        public_text: Set(None),
        released_at: Set(None),
        released_by: Set(None),
        holder_id: Set(holder),
        person_id: Set(None),
        offered_to_id: Set(None),
        offered_until: Set(None),
        transfers_refused: Set(0),
        priority: Set(false),
        contested: Set(0),
        merged_into_id: Set(None),
        state_before: Set(None),
        done_by_id: Set(None),
        plan: Set(None),
        review_on: Set(None),
        reports: Set(0),
        me_too: Set(0),
        first_answer_due: Set(Some(first.at)),
        result_due: Set(Some(result.at)),
        confirm_due: Set(None),
        next_due: Set(Some(first.at.min(result.at))),
        provisional: Set(first.provisional || result.provisional),
        received_at: Set(at),
        accepted_at: Set(None),
        done_at: Set(None),
        closed_at: Set(None),
        moved_at: Set(at),
        import_id: Set(None),
        clock_from: Set(None),
        origin: Set(Origin::Report),
        version: Set(1),
    }
}

fn public_words(category: &Category, place: &Place) -> String {
    use crate::kernel::i18n::Lang::{En, Zh};
    format!("{} {} {} {}", category.name(Zh), place.public(Zh), category.name(En), place.public(En))
}

impl Model {
    /// What the journal notes about a matter.
    pub fn on_self(&self) -> On {
        On::new("issue", self.id).in_building(self.building_id).of_issue(self.id)
    }

    /// Writes changed columns if nobody else acted meanwhile; sets when it moved and what is due next.
    pub(super) async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Issue> {
        let mut after = self.clone();
        for column in <Column as sea_orm::Iterable>::iter() {
            if let sea_orm::ActiveValue::Set(v) = set.get(column) {
                after.set_value(column, v)?;
            }
        }
        set.next_due = Set(after.due_next());
        set.moved_at = Set(act.at);
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    fn set_value(&mut self, column: Column, value: sea_orm::Value) -> Result<()> {
        let broken = |e: sea_orm::sea_query::ValueTypeErr| Error::broken(e.to_string());
        use sea_orm::sea_query::ValueType;
        match column {
            Column::State => self.state = <IssueState as ValueType>::try_from(value).map_err(broken)?,
            Column::FirstAnswerDue => self.first_answer_due = <Option<DateTimeUtc> as ValueType>::try_from(value).map_err(broken)?,
            Column::ResultDue => self.result_due = <Option<DateTimeUtc> as ValueType>::try_from(value).map_err(broken)?,
            Column::ConfirmDue => self.confirm_due = <Option<DateTimeUtc> as ValueType>::try_from(value).map_err(broken)?,
            _ => {}
        }
        Ok(())
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Issue> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: IssueId) -> Result<Issue> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Several at once, for lists that name them.
pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<IssueId>) -> Result<Vec<Issue>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
}

/// With its building and its place, by its public address: in one question, since most who come want to read it.
pub async fn by_address(db: &impl ConnectionTrait, slug: &str, number: i32) -> Result<(Building, Issue, Place)> {
    let found = Entity::find().find_also_related(building::Entity).find_also_related(place::Entity);
    let row = found.filter(building::Column::Slug.eq(slug)).filter(Column::Number.eq(number)).one(db).await?;
    match row {
        Some((issue, Some(building), Some(place))) => Ok((building, issue, place)),
        _ => Err(Error::NotFound),
    }
}

/// By its number in a building.
pub async fn by_number(db: &impl ConnectionTrait, building: BuildingId, number: i32) -> Result<Issue> {
    Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// Loads a matter for an act and locks its row, so that a second act on it waits and then sees the first.
pub async fn hold(act: &Act, building: BuildingId, number: i32) -> Result<Issue> {
    use sea_orm::QuerySelect as _;
    let mut q = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Number.eq(number));
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        q = q.lock_exclusive();
    }
    q.one(act.tx()).await?.ok_or(Error::NotFound)
}

/// The same by id.
pub async fn hold_by_id(act: &Act, id: IssueId) -> Result<Issue> {
    use sea_orm::QuerySelect as _;
    let mut q = Entity::find_by_id(id);
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        q = q.lock_exclusive();
    }
    q.one(act.tx()).await?.ok_or(Error::NotFound)
}
