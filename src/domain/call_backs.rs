//! Call-backs 回访: silence is no yes. Each week a few of the matters that silence closed the week before are drawn, and the
//! secretary, who did none of the work, asks or looks. Nobody picks them: the order is a hash over the public ledger's root,
//! the week and the matter's number, so that whoever has these can draw again (see `docs/decisions/0020-call-backs.md`).

use chrono::{DateTime, Datelike as _, Days, IsoWeek, NaiveDate, NaiveTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::QuerySelect as _;
use sea_orm::entity::prelude::*;
use sha2::{Digest as _, Sha256};

use super::buildings::{self, Building};
use super::categories::Limit;
use super::issues::{self, ClosedBy, Issue, IssueState, Origin};
use super::journal::Entry;
use super::rights::Role;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::calendar::BEIJING;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, CallBackId, IssueId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::publog;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// How somebody found out.
    Reached {
        /// 打通了
        Spoke = "spoke",
        /// 到现场看了: where nobody left a number, or nobody answers.
        Looked = "looked",
        /// 没问到
        Nobody = "nobody",
    }
}

vocabulary! {
    /// What they found.
    CallResult { Fixed = "fixed", Basically = "basically", NotFixed = "not_fixed" }
}

/// Working days within which those drawn are asked.
pub const DUE_DAYS: u32 = 5;
/// Longest words, in characters.
pub const WORDS_MAX: usize = 500;

/// Of so many closed by silence so many are drawn: a tenth, at least three, at most twenty.
pub fn sample_size(closed: usize) -> usize {
    closed.div_ceil(10).clamp(3, 20).min(closed)
}

/// The place of a matter in the order in which they are drawn: SHA-256 over root, week and label, each on its line.
pub fn rank(root: &str, week: &str, label: &str) -> String {
    hex::encode(Sha256::digest(format!("{root}\n{week}\n{label}").as_bytes()))
}

/// The numbers that are drawn, in the order of drawing.
pub fn draw(root: &str, week: &str, building: &Building, numbers: &[i32]) -> Vec<i32> {
    let mut ranked: Vec<(String, i32)> = numbers.iter().map(|n| (rank(root, week, &building.label(*n)), *n)).collect();
    ranked.sort();
    ranked.truncate(sample_size(numbers.len()));
    ranked.into_iter().map(|(_, n)| n).collect()
}

/// The root of a ledger that nothing stands in yet: SHA-256 of nothing (RFC 6962 §2.1), in base64.
const EMPTY: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// One week's draw in one building.
pub mod week {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_back_draws")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub building_id: BuildingId,
        /// `2026-W48`: the week in which they were closed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub week: String,
        /// How many silence closed in that week, and how many of them were drawn.
        pub closed: i32,
        pub drawn: i32,
        /// The numbers of all that silence closed, with commas.
        pub numbers: String,
        /// The ledger as it stood: entries, and the root over them in base64.
        pub ledger_size: i64,
        pub ledger_root: String,
        pub drawn_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call_backs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CallBackId,
    pub building_id: BuildingId,
    pub week: String,
    pub issue_id: IssueId,
    /// In the order of drawing.
    pub position: i32,
    pub due_at: DateTimeUtc,
    pub reached: Option<Reached>,
    pub result: Option<CallResult>,
    pub words: Option<String>,
    pub words_salt: Option<Vec<u8>>,
    pub called_at: Option<DateTimeUtc>,
    pub called_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as CallBack;
pub use week::Model as Week;

/// `2026-W48`.
fn named(week: IsoWeek) -> String {
    format!("{}-W{:02}", week.year(), week.week())
}

fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    day.and_time(NaiveTime::MIN).and_local_timezone(BEIJING).single().map(|t| t.to_utc())
}

/// Draws from what silence closed in the week before; gives in how many buildings. Each in a transaction of its own that
/// claims the week, so that two processes never draw twice.
pub async fn draw_due(house: &House) -> Result<usize> {
    let today = house.now().with_timezone(&BEIJING).date_naive();
    let Some(monday) = today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday()))) else { return Ok(0) };
    let Some(last) = monday.checked_sub_days(Days::new(7)) else { return Ok(0) };
    let (Some(from), Some(to)) = (midnight(last), midnight(monday)) else { return Ok(0) };
    let week = named(last.iso_week());
    let mut drawn = 0;
    for building in without(house, &week).await? {
        drawn += usize::from(draw_week(house, &building, &week, from, to).await?);
    }
    Ok(drawn)
}

/// Buildings in which this week has not been drawn.
async fn without(house: &House, week: &str) -> Result<Vec<Building>> {
    let db = house.read();
    let done = week::Entity::find().select_only().column(week::Column::BuildingId).filter(week::Column::Week.eq(week));
    let done: Vec<BuildingId> = done.into_tuple().all(db).await?;
    let all = buildings::all(db, None).await?;
    Ok(all.into_iter().filter(|b| !done.contains(&b.id)).collect())
}

async fn draw_week(house: &House, building: &Building, week: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<bool> {
    let act = house.act(Actor::System).await?;
    use issues::Column as C;
    let silent = issues::Entity::find()
        .filter(C::BuildingId.eq(building.id))
        .filter(C::ClosedBy.eq(ClosedBy::Silence))
        .filter(C::State.eq(IssueState::Closed))
        .filter(C::Origin.ne(Origin::Plan))
        .filter(C::ClosedAt.gte(from))
        .filter(C::ClosedAt.lt(to));
    let closed = silent.order_by_asc(C::Number).all(act.tx()).await?;
    let numbers: Vec<i32> = closed.iter().map(|i| i.number).collect();
    let (size, root) = ledger(act.tx()).await?;
    let drawn = draw(&root, week, building, &numbers);
    let claim = "insert into call_back_draws (building_id, week, closed, drawn, numbers, ledger_size, ledger_root, drawn_at) \
                 values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (building_id, week) do nothing";
    let listed = numbers.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    let values = [
        building.id.0.into(),
        week.into(),
        (numbers.len() as i32).into(),
        (drawn.len() as i32).into(),
        listed.into(),
        size.into(),
        root.into(),
        act.at.into(),
    ];
    if act.tx().execute_raw(sql(act.tx(), claim, values)).await?.rows_affected() != 1 {
        act.undo().await?;
        return Ok(false);
    }
    let due = Limit::WorkingDays(DUE_DAYS).from(act.at, &act.calendar()).at;
    for (position, issue) in (1..).zip(drawn.iter().filter_map(|n| closed.iter().find(|i| i.number == *n))) {
        let row = ActiveModel {
            id: Set(CallBackId(act.fresh())),
            building_id: Set(building.id),
            week: Set(week.to_owned()),
            issue_id: Set(issue.id),
            position: Set(position),
            due_at: Set(due),
            reached: Set(None),
            result: Set(None),
            words: Set(None),
            words_salt: Set(None),
            called_at: Set(None),
            called_by: Set(None),
        };
        row.insert(act.tx()).await?;
    }
    if !drawn.is_empty() {
        let entry = Entry::CallBacksDrawn { week: week.into(), closed: numbers.len() as u64, drawn: drawn.len() as u64 };
        act.journal(On::new("building", building.id).in_building(building.id), &entry).await?;
    }
    act.commit().await?;
    Ok(!drawn.is_empty())
}

/// How far the public ledger reaches, and its root: the third line of its checkpoint.
async fn ledger(db: &impl ConnectionTrait) -> Result<(i64, String)> {
    match publog::head(db).await? {
        Some(head) => {
            let text = String::from_utf8_lossy(head.checkpoint.as_ref()).into_owned();
            let root = text.lines().nth(2).ok_or_else(|| Error::broken("a checkpoint without a root"))?;
            Ok((head.size as i64, root.to_owned()))
        }
        None => Ok((0, EMPTY.to_owned())),
    }
}

/// The one of a matter that waits, or was last.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<CallBack>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_desc(Column::Week).one(db).await?)
}

/// Those that wait in buildings, what is due first, first.
pub async fn waiting(db: &impl ConnectionTrait, buildings: Vec<BuildingId>) -> Result<Vec<CallBack>> {
    let open = Entity::find().filter(Column::BuildingId.is_in(buildings)).filter(Column::Reached.is_null());
    Ok(open.order_by_asc(Column::DueAt).order_by_asc(Column::Position).limit(500).all(db).await?)
}

/// The last draws of a building from which something was drawn, newest first, with what came of each.
pub async fn weeks(db: &impl ConnectionTrait, building: BuildingId, most: u64) -> Result<Vec<(Week, Vec<CallBack>)>> {
    let weeks = week::Entity::find().filter(week::Column::BuildingId.eq(building)).filter(week::Column::Closed.gt(0));
    let weeks = weeks.order_by_desc(week::Column::Week).limit(most).all(db).await?;
    let names: Vec<String> = weeks.iter().map(|w| w.week.clone()).collect();
    let of = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Week.is_in(names));
    let all = of.order_by_asc(Column::Position).all(db).await?;
    Ok(weeks.into_iter().map(|w| (w.clone(), all.iter().filter(|c| c.week == w.week).cloned().collect())).collect())
}

/// What call-backs found: numbers with what they are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub closed: u64,
    pub drawn: u64,
    /// Asked or looked at.
    pub reached: u64,
    pub nobody: u64,
    pub fixed: u64,
    pub basically: u64,
    pub not_fixed: u64,
}

impl Found {
    /// Of some draws.
    pub fn of(weeks: &[(Week, Vec<CallBack>)]) -> Self {
        let mut f = Found::default();
        for (week, calls) in weeks {
            f.closed += u64::from(week.closed.unsigned_abs());
            f.drawn += u64::from(week.drawn.unsigned_abs());
            for call in calls {
                match call.reached {
                    Some(Reached::Spoke | Reached::Looked) => f.reached += 1,
                    Some(Reached::Nobody) => f.nobody += 1,
                    None => {}
                }
                match call.result {
                    Some(CallResult::Fixed) => f.fixed += 1,
                    Some(CallResult::Basically) => f.basically += 1,
                    Some(CallResult::NotFixed) => f.not_fixed += 1,
                    None => {}
                }
            }
        }
        f
    }
}

impl Model {
    /// Keeps what was found. What is not fixed is taken up again with priority, and its holder told.
    pub async fn record(self, act: &Act, issue: Issue, reached: Reached, result: Option<CallResult>, words: &str) -> Result<Issue> {
        if !matches!(act.actor.role(), Some(role) if role == Role::Secretary.as_str()) {
            return Err(Refusal::new("only_secretary").into());
        }
        let result = match (reached, result) {
            (Reached::Nobody, _) => None,
            (_, None) => return Err(Refusal::new("call_result_missing").at("result").into()),
            (_, found) => found,
        };
        let words = Some(text::words("words", words, 0, WORDS_MAX)?).filter(|w| !w.is_empty());
        let salt = words.as_ref().map(|_| text::salt());
        let hash = words.as_ref().zip(salt.as_ref()).map(|(w, s)| TextHash::of(s, w));
        let set = ActiveModel {
            reached: Set(Some(reached)),
            result: Set(result),
            words: Set(words),
            words_salt: Set(salt),
            called_at: Set(Some(act.at)),
            called_by: Set(act.actor.person()),
            ..Default::default()
        };
        let open = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Reached.is_null());
        if open.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        act.journal(issue.on_self(), &Entry::CallBackMade { reached, result, words: hash }).await?;
        // Somebody may have taken it up already.
        if result == Some(CallResult::NotFixed) && issue.state == IssueState::Closed {
            let issue = issue.reopen(act).await?;
            issue.tell_holder(act, "called_back").await?;
            return Ok(issue);
        }
        Ok(issue)
    }
}
