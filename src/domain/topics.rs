//! Standing topics 每月一题: what comes back at the same spot, of the same kind, at the same time of day, brought before the council as
//! one item. Whoever reported any of it goes on following, and is answered by the one decision.

use chrono::{DateTime, Days, Timelike as _, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{Condition, DatabaseBackend, QueryOrder as _};

use super::buildings::{self, Building};
use super::issues::{self, Issue, IssueState, Origin};
use super::journal::Entry;
use super::meetings::items::{self, Item, Source};
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, IssueId, ItemId, PlaceId, ResolutionId};

/// A time of the day at which troubles come back. No row keeps it: it is read off the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOfDay {
    /// From six to ten.
    Morning,
    /// From ten to two.
    Midday,
    /// From two to six.
    Afternoon,
    /// From six in the evening to six in the morning.
    Night,
}

impl std::str::FromStr for PartOfDay {
    type Err = Refusal;
    fn from_str(word: &str) -> Result<Self, Refusal> {
        let all = [PartOfDay::Morning, PartOfDay::Midday, PartOfDay::Afternoon, PartOfDay::Night];
        all.into_iter().find(|p| p.as_str() == word).ok_or_else(|| Refusal::new("unknown_choice"))
    }
}

impl PartOfDay {
    /// Its word, in forms and locales.
    pub fn as_str(self) -> &'static str {
        match self {
            PartOfDay::Morning => "morning",
            PartOfDay::Midday => "midday",
            PartOfDay::Afternoon => "afternoon",
            PartOfDay::Night => "night",
        }
    }

    /// That of an hour, 0 to 23.
    pub fn of(hour: u32) -> Self {
        match hour {
            6..10 => PartOfDay::Morning,
            10..14 => PartOfDay::Midday,
            14..18 => PartOfDay::Afternoon,
            _ => PartOfDay::Night,
        }
    }
}

/// So many matters are a pattern.
pub const LEAST: i64 = 3;
/// Days that are looked back upon.
const BACK: u64 = 365;
/// Patterns that are proposed at once.
const MOST: u64 = 12;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "topics")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: ItemId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub issue_id: IssueId,
    pub gathered_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where, of which kind, at which time of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub place: PlaceId,
    pub category: String,
    pub part: PartOfDay,
}

/// A pattern and its matters, the newest first.
#[derive(Clone, Debug)]
pub struct Recurring {
    pub pattern: Pattern,
    pub matters: Vec<Issue>,
}

impl Recurring {
    /// Reports of them all.
    pub fn reports(&self) -> i32 {
        self.matters.iter().map(|i| i.reports).sum()
    }
}

/// What people reported of a building within the last year, and was neither merged, declined nor withdrawn.
fn counted(building: BuildingId, now: DateTime<Utc>) -> Condition {
    let gone = [IssueState::Merged, IssueState::Declined, IssueState::Withdrawn];
    Condition::all()
        .add(issues::Column::BuildingId.eq(building))
        .add(issues::Column::ReceivedAt.gte(now - Days::new(BACK)))
        .add(issues::Column::Origin.eq(Origin::Report))
        .add(issues::Column::ImportId.is_null())
        .add(issues::Column::State.is_not_in(gone))
}

fn part_of(issue: &Issue) -> PartOfDay {
    PartOfDay::of(dates::local(issue.received_at).hour())
}

/// What comes back in a building, what came most often first.
pub async fn recurring(db: &impl ConnectionTrait, building: BuildingId, now: DateTime<Utc>) -> Result<Vec<Recurring>> {
    let hour = match db.get_database_backend() {
        DatabaseBackend::Postgres => "cast(extract(hour from received_at at time zone 'Asia/Shanghai') as bigint)",
        _ => "cast(strftime('%H', received_at, '+8 hours') as integer)",
    };
    let text = format!(
        "select place_id, category, part, count(*), sum(reports) from (select place_id, category, reports, \
         case when {hour} between 6 and 9 then 'morning' when {hour} between 10 and 13 then 'midday' \
         when {hour} between 14 and 17 then 'afternoon' else 'night' end as part from issues \
         where building_id = ? and received_at >= ? and origin = 'report' and import_id is null \
         and state not in ('merged','declined','withdrawn')) x group by place_id, category, part having count(*) >= ? \
         order by 4 desc, 5 desc limit ?"
    );
    let values = [building.0.into(), (now - Days::new(BACK)).into(), LEAST.into(), (MOST as i64).into()];
    let mut found = vec![];
    for row in db.query_all_raw(sql(db, &text, values)).await? {
        let part: String = row.try_get_by_index(2)?;
        let pattern = Pattern { place: PlaceId(row.try_get_by_index(0)?), category: row.try_get_by_index(1)?, part: part.parse()? };
        found.push(Recurring { pattern, matters: vec![] });
    }
    if found.is_empty() {
        return Ok(vec![]);
    }
    let any = found
        .iter()
        .fold(Condition::any(), |any, r| any.add(issues::Column::PlaceId.eq(r.pattern.place).and(issues::Column::Category.eq(&r.pattern.category))));
    let matters = issues::Entity::find().filter(counted(building, now)).filter(any).order_by_desc(issues::Column::Number).all(db).await?;
    for r in &mut found {
        let p = &r.pattern;
        r.matters = matters.iter().filter(|i| i.place_id == p.place && i.category == p.category && part_of(i) == p.part).cloned().collect();
    }
    Ok(found)
}

/// The other matters that an item answers, oldest first.
pub async fn of_item(db: &impl ConnectionTrait, item: ItemId) -> Result<Vec<Issue>> {
    let ids: Vec<IssueId> = Entity::find().filter(Column::ItemId.eq(item)).all(db).await?.into_iter().map(|t| t.issue_id).collect();
    let mut all = issues::by_ids(db, ids).await?;
    all.sort_by_key(|i| i.number);
    Ok(all)
}

/// The items that answer a matter beside their own.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Item>> {
    let ids: Vec<ItemId> = Entity::find().filter(Column::IssueId.eq(issue)).all(db).await?.into_iter().map(|t| t.item_id).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(items::Entity::find().filter(items::Column::Id.is_in(ids)).order_by_asc(items::Column::CreatedAt).all(db).await?)
}

/// Brings a pattern before the council as one item: that of the matter which is on the list already, else of the oldest that is
/// open. The others stay as they are, and are answered by the decision.
pub async fn gather(act: &Act, building: &Building, pattern: &Pattern) -> Result<Item> {
    buildings::hold(act, building.id).await?;
    let all = issues::Entity::find()
        .filter(counted(building.id, act.at))
        .filter(issues::Column::PlaceId.eq(pattern.place))
        .filter(issues::Column::Category.eq(&pattern.category))
        .order_by_asc(issues::Column::Number)
        .all(act.tx())
        .await?;
    let matters: Vec<Issue> = all.into_iter().filter(|i| part_of(i) == pattern.part).collect();
    if (matters.len() as i64) < LEAST {
        return Err(Refusal::new("topic_few").with("n", LEAST).into());
    }
    let before = items::nominated(act.tx(), matters.iter().map(|i| i.id).collect()).await?;
    let item = match matters.iter().find(|i| before.contains(&i.id)) {
        Some(lead) => items::open_of_issue(act.tx(), lead.id).await?.ok_or(Error::NotFound)?,
        None => {
            let lead = matters.iter().find(|i| i.state.is_open()).ok_or_else(|| Refusal::new("topic_all_closed"))?;
            let lead = issues::hold_by_id(act, lead.id).await?.nominate(act, Source::Issue).await?;
            items::open_of_issue(act.tx(), lead.id).await?.ok_or(Error::NotFound)?
        }
    };
    let lead = matters.iter().find(|i| Some(i.id) == item.issue_id).ok_or(Error::NotFound)?;
    let known: Vec<IssueId> = of_item(act.tx(), item.id).await?.into_iter().map(|i| i.id).collect();
    let new: Vec<&Issue> = matters.iter().filter(|i| i.id != lead.id && !known.contains(&i.id)).collect();
    if new.is_empty() {
        return Err(Refusal::new("topic_gathered").into());
    }
    for issue in &new {
        Entity::insert(ActiveModel { item_id: Set(item.id), issue_id: Set(issue.id), gathered_at: Set(act.at) })
            .exec_without_returning(act.tx())
            .await?;
        act.journal(issue.on_self(), &Entry::IssueGathered { item: item.id, lead: lead.number }).await?;
    }
    act.journal(lead.on_self(), &Entry::TopicGathered { matters: new.len() as u32 }).await?;
    Ok(item)
}

/// Tells whoever reported one of the others what was decided.
pub(super) async fn answer(act: &Act, lead: &Issue, resolution: ResolutionId) -> Result<()> {
    let items: Vec<ItemId> = items::of_issue(act.tx(), lead.id).await?.into_iter().map(|i| i.id).collect();
    let gathered = Entity::find().filter(Column::ItemId.is_in(items)).all(act.tx()).await?;
    for issue in issues::by_ids(act.tx(), gathered.into_iter().map(|t| t.issue_id).collect()).await? {
        // What has been merged since is answered where it went.
        if issue.state != IssueState::Merged {
            issue.tell_reporters_of_topic(act, "topic_decided", lead.id, resolution).await?;
        }
    }
    Ok(())
}
