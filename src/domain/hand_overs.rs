//! Hand-overs 移交: who had a matter at which level, who was asked to take it, what they answered, and by which day they report
//! back. The words go to the parties' voice; a row holds ids, words of vocabularies and days.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::buildings::building;
use super::issues::{self, Issue, IssueState};
use super::levels::{Direction, Level};
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{CouncilId, DistrictId, HandOverId, IssueId, ItemId, OrganisationId};

/// The day of a report lies at most so many days ahead.
pub const AHEAD_MAX: i64 = 60;

vocabulary! {
    /// What became of it.
    HandOverState {
        /// The receiver has not answered: the giver is responsible.
        Asked = "asked",
        /// The receiver is responsible from the answer on.
        Agreed = "agreed",
        Refused = "refused",
        /// The time for an answer was over; that is no refusal.
        Lapsed = "lapsed",
        TakenBack = "taken_back",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hand_overs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HandOverId,
    pub issue_id: IssueId,
    /// Counts per matter.
    pub number: i32,
    /// Who gave it; none where nobody was responsible.
    pub from_id: Option<OrganisationId>,
    pub from_level: Level,
    /// Who is asked to be responsible; for a council, the organisation that keeps its office.
    pub to_id: OrganisationId,
    pub to_level: Level,
    /// The council that is to deal with it.
    pub council_id: Option<CouncilId>,
    /// The agenda item that was referred with it: it comes back onto its list unless the receiver agrees.
    pub item_id: Option<ItemId>,
    pub direction: Direction,
    pub reason: String,
    pub asked_at: DateTimeUtc,
    /// Until when the receiver must answer.
    pub answer_due: DateTimeUtc,
    pub state: HandOverState,
    pub answered_at: Option<DateTimeUtc>,
    /// By which day the receiver reports back, as it said when it agreed.
    pub report_on: Option<String>,
    pub reported_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as HandOver;

impl Model {
    /// 24:00 of the day of the report that is still owed.
    pub fn report_due(&self) -> Option<DateTime<Utc>> {
        self.report_on.as_deref().filter(|_| self.reported_at.is_none()).and_then(dates::parse).and_then(dates::end_of_day)
    }
}

/// A hand-over that is asked for.
pub(in crate::domain) struct Asked {
    pub to: OrganisationId,
    pub to_level: Level,
    pub council: Option<CouncilId>,
    pub item: Option<ItemId>,
    pub direction: Direction,
    pub reason: String,
    pub answer_due: DateTime<Utc>,
}

/// Asks for it: one is open at a time, an earlier one is over.
pub(in crate::domain) async fn ask(act: &Act, issue: &Issue, asked: Asked) -> Result<HandOver> {
    end_open(act, issue.id, HandOverState::TakenBack).await?;
    let number = Entity::find().filter(Column::IssueId.eq(issue.id)).count(act.tx()).await? as i32 + 1;
    let row = ActiveModel {
        id: Set(HandOverId(act.fresh())),
        issue_id: Set(issue.id),
        number: Set(number),
        from_id: Set(issue.holder_id),
        from_level: Set(issue.level),
        to_id: Set(asked.to),
        to_level: Set(asked.to_level),
        council_id: Set(asked.council),
        item_id: Set(asked.item),
        direction: Set(asked.direction),
        reason: Set(asked.reason),
        asked_at: Set(act.at),
        answer_due: Set(asked.answer_due),
        state: Set(HandOverState::Asked),
        answered_at: Set(None),
        report_on: Set(None),
        reported_at: Set(None),
    };
    Ok(row.insert(act.tx()).await?)
}

/// Ends the one that is open, if there is one, and gives it as it was.
pub(in crate::domain) async fn end_open(act: &Act, issue: IssueId, state: HandOverState) -> Result<Option<HandOver>> {
    let Some(open) = open_of(act.tx(), issue).await? else { return Ok(None) };
    let set = ActiveModel { state: Set(state), answered_at: Set(Some(act.at)), ..Default::default() };
    Entity::update_many().set(set).filter(Column::Id.eq(open.id)).exec(act.tx()).await?;
    Ok(Some(open))
}

/// The receiver agrees; the report that whoever had it until now still owed is no longer theirs to give.
pub(in crate::domain) async fn agree(act: &Act, issue: IssueId, report_on: Option<String>) -> Result<Option<HandOver>> {
    let Some(open) = end_open(act, issue, HandOverState::Agreed).await? else { return Ok(None) };
    reported(act, issue).await?;
    let set = ActiveModel { report_on: Set(report_on), ..Default::default() };
    Entity::update_many().set(set).filter(Column::Id.eq(open.id)).exec(act.tx()).await?;
    Ok(Some(open))
}

/// The report that was owed has been given, or is owed no more.
pub(in crate::domain) async fn reported(act: &Act, issue: IssueId) -> Result<()> {
    let owed = Column::ReportOn.is_not_null().and(Column::ReportedAt.is_null()).and(Column::State.eq(HandOverState::Agreed));
    let set = ActiveModel { reported_at: Set(Some(act.at)), ..Default::default() };
    Entity::update_many().set(set).filter(Column::IssueId.eq(issue)).filter(owed).exec(act.tx()).await?;
    Ok(())
}

/// The same report again by a later day.
pub(in crate::domain) async fn report_again(act: &Act, owed: &HandOver, day: String) -> Result<()> {
    let set = ActiveModel { report_on: Set(Some(day)), reported_at: Set(None), ..Default::default() };
    Entity::update_many().set(set).filter(Column::Id.eq(owed.id)).exec(act.tx()).await?;
    Ok(())
}

/// The hand-over of a matter that waits for its receiver's answer.
pub async fn open_of(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<HandOver>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).filter(Column::State.eq(HandOverState::Asked)).one(db).await?)
}

/// Every hand-over of a matter, in the order of asking.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<HandOver>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::Number).all(db).await?)
}

/// By which whoever is responsible now became so; none for whoever has had it from the beginning.
pub fn last_agreed(all: &[HandOver]) -> Option<&HandOver> {
    all.iter().filter(|h| h.state == HandOverState::Agreed).max_by_key(|h| (h.answered_at, h.number))
}

/// Who had it before whoever is responsible now: each hand-over back leads one step nearer to the beginning.
pub fn before(all: &[HandOver]) -> Option<(OrganisationId, Level)> {
    let mut agreed: Vec<&HandOver> = all.iter().filter(|h| h.state == HandOverState::Agreed).collect();
    agreed.sort_by_key(|h| (h.answered_at, h.number));
    let mut had = vec![];
    for h in agreed {
        match h.direction {
            Direction::Back => drop(had.pop()),
            _ => had.extend(h.from_id.map(|from| (from, h.from_level))),
        }
    }
    had.pop()
}

/// The report that an organisation owes for a matter which it holds.
pub fn owed<'h>(all: &'h [HandOver], issue: &Issue) -> Option<&'h HandOver> {
    let over = !issue.state.is_open() || issue.state == IssueState::Done;
    last_agreed(all).filter(|h| !over && Some(h.to_id) == issue.holder_id && h.report_due().is_some())
}

/// Reports that organisations owe, the first day first.
pub async fn owed_by(db: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<(HandOver, Issue)>> {
    let owed = Column::ReportOn.is_not_null().and(Column::ReportedAt.is_null()).and(Column::State.eq(HandOverState::Agreed));
    let rows = Entity::find().filter(Column::ToId.eq(organisation)).filter(owed).order_by_asc(Column::ReportOn).all(db).await?;
    let about = issues::by_ids(db, rows.iter().map(|h| h.issue_id).collect()).await?;
    let with = |h: HandOver| {
        let issue = about.iter().find(|i| i.id == h.issue_id && i.holder_id == Some(organisation))?.clone();
        (issue.state.is_open() && issue.state != IssueState::Done).then_some((h, issue))
    };
    Ok(rows.into_iter().filter_map(with).collect())
}

/// Open matters of a district's buildings that rest above or beside their building, or are offered there; those that moved last
/// first, each with its last hand-over.
pub async fn away(db: &impl ConnectionTrait, district: DistrictId, limit: u64) -> Result<Vec<(Issue, HandOver)>> {
    use issues::Column as C;
    let open = IssueState::ALL.iter().copied().filter(|s| s.is_open());
    let there = building::Entity::find().select_only().column(building::Column::Id).filter(building::Column::DistrictId.eq(district));
    let all = issues::Entity::find()
        .filter(C::BuildingId.in_subquery(there.into_query()))
        .filter(C::State.is_in(open))
        .filter(C::Level.ne(Level::Building).or(C::OfferedToId.is_not_null()));
    let all = all.order_by_desc(C::MovedAt).order_by_asc(C::Id).limit(limit).all(db).await?;
    let mut last: HashMap<IssueId, HandOver> = HashMap::new();
    if !all.is_empty() {
        let rows = Entity::find().filter(Column::IssueId.is_in(all.iter().map(|i| i.id)));
        for h in rows.filter(Column::State.is_in([HandOverState::Asked, HandOverState::Agreed])).order_by_asc(Column::Number).all(db).await? {
            last.insert(h.issue_id, h);
        }
    }
    let beyond = |i: Issue| {
        let h = last.remove(&i.id)?;
        (i.level != Level::Building || h.to_level != Level::Building).then_some((i, h))
    };
    Ok(all.into_iter().filter_map(beyond).collect())
}

/// The day of a report as a form names it: a working day ahead; after the day promised to the reporters only where that is said.
pub(in crate::domain) fn report_day(act: &Act, issue: &Issue, typed: &str, after_result: bool) -> Result<String, Refusal> {
    let refused = |key| Refusal::new(key).at("report_on");
    let day = dates::parse(typed.trim()).ok_or_else(|| refused("date"))?;
    let (calendar, today) = (act.calendar(), act.calendar().date_of(act.at));
    if day <= today {
        return Err(refused("date_past"));
    }
    if day > today + chrono::Duration::days(AHEAD_MAX) {
        return Err(refused("date_far").with("max", AHEAD_MAX));
    }
    if !calendar.is_working(day) {
        return Err(refused("report_day_off"));
    }
    if !after_result && dates::end_of_day(day).zip(issue.result_due).is_some_and(|(end, due)| end > due) {
        return Err(refused("report_after_result"));
    }
    Ok(day.to_string())
}
