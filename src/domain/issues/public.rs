//! The public list of a building's matters: one query a page, ready to be shown, no offset; and how many there are,
//! counted no further than a reader would.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::behind::{self, Behind};
use super::{ClosedBy, Issue, IssueState};
use crate::domain::proofs;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{BuildingId, IssueId, PlaceId};
use crate::kernel::search;

/// What the next date of a matter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextDay {
    FirstAnswer,
    Result,
    Confirmation,
    Review,
}

impl NextDay {
    /// Its word in locales.
    pub fn key(self) -> &'static str {
        match self {
            NextDay::FirstAnswer => "subscriptions.due.first_answer",
            NextDay::Result => "subscriptions.due.result",
            NextDay::Confirmation => "subscriptions.due.confirmation",
            NextDay::Review => "subscriptions.due.review",
        }
    }
    /// The same for machines, and for ever.
    pub fn as_str(self) -> &'static str {
        match self {
            NextDay::FirstAnswer => "answer",
            NextDay::Result => "result",
            NextDay::Confirmation => "confirmation",
            NextDay::Review => "review",
        }
    }
}

/// The next day of a matter that the public reads: a day and no hour, since what is owed within hours of a report would say
/// when that was.
fn next_day(state: IssueState, [first, result, confirm]: [Option<DateTime<Utc>>; 3], review_on: Option<&str>) -> Option<(NextDay, NaiveDate)> {
    // An end is exclusive: 00:00 belongs to the day before.
    let last = |at: DateTime<Utc>| dates::local(at - chrono::Duration::minutes(1)).date();
    match state {
        IssueState::Received => first.map(|at| (NextDay::FirstAnswer, last(at))).or(result.map(|at| (NextDay::Result, last(at)))),
        IssueState::Accepted | IssueState::InWork => result.map(|at| (NextDay::Result, last(at))),
        IssueState::Done => confirm.map(|at| (NextDay::Confirmation, last(at))),
        IssueState::LongTerm => review_on.and_then(dates::parse).map(|day| (NextDay::Review, day)),
        _ => None,
    }
}

impl Issue {
    /// The next day that the public reads.
    pub fn next_day(&self) -> Option<(NextDay, NaiveDate)> {
        next_day(self.state, [self.first_answer_due, self.result_due, self.confirm_due], self.review_on.as_deref())
    }
}

impl PublicRow {
    /// Who stands behind it beside those who reported it.
    pub fn behind(&self) -> Behind {
        Behind { proven: self.proven, represented: self.represented }
    }

    /// The next day that the public reads.
    pub fn next_day(&self) -> Option<(NextDay, NaiveDate)> {
        next_day(self.state, [self.first_answer_due, self.result_due, self.confirm_due], self.review_on.as_deref())
    }
}

/// What a public list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct PublicFilter {
    /// Several states; none means all.
    pub states: Vec<IssueState>,
    /// A category's code.
    pub category: Option<String>,
    /// Any of these places; none means all, an empty list nothing.
    pub places: Option<Vec<PlaceId>>,
    /// Words in what is public.
    pub text: Option<String>,
    /// Continue below this matter.
    pub after: Option<i32>,
}

/// A row: only what the public reads, with place and holder in the same query.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PublicRow {
    pub id: IssueId,
    pub number: i32,
    pub category: String,
    pub state: IssueState,
    pub closed_by: Option<ClosedBy>,
    pub public_title: Option<String>,
    pub reports: i32,
    pub first_answer_due: Option<DateTime<Utc>>,
    pub result_due: Option<DateTime<Utc>>,
    pub confirm_due: Option<DateTime<Utc>>,
    pub next_due: Option<DateTime<Utc>>,
    pub review_on: Option<String>,
    pub received_at: DateTime<Utc>,
    pub moved_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub tower: Option<String>,
    pub floor: Option<String>,
    pub place_name: String,
    pub place_name_en: String,
    pub let_to_one: bool,
    pub holder: Option<String>,
    pub holder_en: Option<String>,
    pub into_number: Option<i32>,
    pub proven: i64,
    pub represented: i64,
}

/// Of rows; its first value is [`proofs::today`].
static SELECT: LazyLock<String> = LazyLock::new(|| format!("select {COLUMNS}, {} {FROM}", behind::columns()));

const COLUMNS: &str = "i.id as id, i.number as number, i.category as category, i.state as state, i.closed_by as closed_by, \
    i.public_title as public_title, i.reports as reports, i.first_answer_due as first_answer_due, i.result_due as result_due, \
    i.confirm_due as confirm_due, i.next_due as next_due, i.review_on as review_on, i.received_at as received_at, \
    i.moved_at as moved_at, i.closed_at as closed_at, p.tower as tower, p.floor as floor, p.name as place_name, \
    p.name_en as place_name_en, p.let_to_one as let_to_one, o.short as holder, o.short_en as holder_en, m.number as into_number";

const FROM: &str = "from issues i left join places p on p.id = i.place_id left join organisations o on o.id = i.holder_id \
    left join issues m on m.id = i.merged_into_id";

/// Where the list goes on: whether the words stood in the title, when it moved, which it was.
type Cursor = (i32, DateTime<Utc>, IssueId);

async fn cursor(db: &impl ConnectionTrait, building: BuildingId, number: i32, titled: &Titled) -> Result<Cursor> {
    let text = format!("select {} as titled, i.moved_at, i.id from issues i where i.building_id = ? and i.number = ?", titled.of("i"));
    let values = titled.0.iter().cloned().chain([building.0.into(), number.into()]);
    let row = db.query_one_raw(sql(db, &text, values)).await?.ok_or(Error::NotFound)?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
}

/// What stands in the title comes first, where few enough match to be sorted; else all are alike.
struct Titled(Option<Value>);

impl Titled {
    fn by(words: &Words, text: Option<&str>) -> Self {
        let few = matches!(words, Some(Some(found)) if found.few);
        Self(text.filter(|_| few).map(|t| format!("%{}%", search::folded(t)).into()))
    }

    /// 1 or 0, for this alias of `issues`; its value goes before those of the conditions.
    fn of(&self, alias: &str) -> String {
        match self.0 {
            Some(_) => format!("(case when replace(lower(coalesce({alias}.public_title, '')), ' ', '') like ? then 1 else 0 end)"),
            None => "0".into(),
        }
    }
}

/// Nothing asked for; or nothing that could be found; or a condition.
type Words = Option<Option<search::Condition>>;

/// Conditions on one alias of `issues`, with their values in order.
struct Conditions(String, Vec<Value>);

impl PublicFilter {
    /// Whether it narrows nothing.
    pub fn is_all(&self) -> bool {
        self.states.is_empty() && self.category.is_none() && self.places.is_none() && self.text.is_none()
    }

    /// The condition that its text comes to.
    async fn words(&self, db: &impl ConnectionTrait) -> Result<Words> {
        match self.text.as_deref() {
            Some(text) => Ok(Some(search::condition(db, text).await?)),
            None => Ok(None),
        }
    }

    /// Everything but the states.
    fn conditions(&self, words: &Words, building: BuildingId, alias: &str, below: Option<&Cursor>) -> Conditions {
        // A round of a plan is nothing that anybody said.
        let mut text = format!("{alias}.building_id = ? and {alias}.origin <> 'plan'");
        let mut values: Vec<Value> = vec![building.0.into()];
        if let Some(code) = &self.category {
            text.push_str(&format!(" and {alias}.category = ?"));
            values.push(code.as_str().into());
        }
        match self.places.as_deref() {
            None => {}
            Some([]) => text.push_str(" and 1 = 0"),
            Some(places) => {
                text.push_str(&format!(" and {alias}.place_id in ({})", vec!["?"; places.len()].join(",")));
                values.extend(places.iter().map(|p| Value::from(p.0)));
            }
        }
        match words {
            None => {}
            Some(None) => text.push_str(" and 1 = 0"),
            Some(Some(found)) => {
                text.push_str(&format!(" and {}", found.of(alias)));
                values.extend(found.values.iter().cloned());
            }
        }
        if let Some((_, at, id)) = below {
            text.push_str(&format!(" and ({alias}.moved_at, {alias}.id) < (?, ?)"));
            values.extend([Value::from(*at), id.0.into()]);
        }
        Conditions(text, values)
    }

    /// `from issues x where …`, for one state or several.
    fn within(&self, words: &Words, building: BuildingId, alias: &str, states: &[IssueState], below: Option<&Cursor>) -> Conditions {
        let Conditions(mut text, mut values) = self.conditions(words, building, alias, below);
        if !states.is_empty() {
            text.push_str(&format!(" and {alias}.state in ({})", vec!["?"; states.len()].join(",")));
            values.extend(states.iter().map(|s| Value::from(s.as_str())));
        }
        Conditions(text, values)
    }
}

/// Matters of a building, the last moved first; one more than `limit`, where there is one, says that the list goes on.
pub async fn public_list(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    building: BuildingId,
    filter: &PublicFilter,
    limit: u32,
) -> Result<Vec<PublicRow>> {
    let most = limit + 1;
    // The address names the last matter that was read: its place in the order is nobody's business.
    let words = filter.words(db).await?;
    let titled = Titled::by(&words, filter.text.as_deref());
    let below = match filter.after {
        Some(number) => Some(cursor(db, building, number, &titled).await?),
        None => None,
    };
    let (text, values) = if filter.states.len() > 1 && filter.text.is_none() {
        // Each state has its own order in the index: the newest of each, then the newest of those. A condition on
        // several states at once would read and sort all that are open.
        let mut parts = vec![];
        let mut values = vec![];
        for state in &filter.states {
            let Conditions(text, own) = filter.within(&words, building, "x", &[*state], below.as_ref());
            parts
                .push(format!("select id from (select x.id as id from issues x where {text} order by x.moved_at desc, x.id desc limit {most}) as s"));
            values.extend(own);
        }
        (format!("{} where i.id in ({}) order by i.moved_at desc, i.id desc limit {most}", *SELECT, parts.join(" union all ")), values)
    } else if titled.0.is_some() {
        let Conditions(text, own) = filter.within(&words, building, "i", &filter.states, None);
        let rank = titled.of("i");
        let mut values: Vec<Value> = own;
        let mut text = format!("{} where {text}", *SELECT);
        if let Some((hit, at, id)) = below {
            text.push_str(&format!(" and ({rank}, i.moved_at, i.id) < (?, ?, ?)"));
            values.extend(titled.0.iter().cloned());
            values.extend([Value::from(hit), Value::from(at), id.0.into()]);
        }
        values.extend(titled.0.iter().cloned());
        (format!("{text} order by {rank} desc, i.moved_at desc, i.id desc limit {most}"), values)
    } else {
        let Conditions(text, values) = filter.within(&words, building, "i", &filter.states, below.as_ref());
        (format!("{} where {text} order by i.moved_at desc, i.id desc limit {most}", *SELECT), values)
    };
    let rows = db.query_all_raw(sql(db, &text, std::iter::once(proofs::today(now)).chain(values))).await?;
    Ok(rows.iter().map(|r| PublicRow::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}

/// One of a building, as its list has it.
pub async fn public_one(db: &impl ConnectionTrait, now: DateTime<Utc>, building: BuildingId, number: i32) -> Result<PublicRow> {
    let text = format!("{} where i.building_id = ? and i.number = ?", *SELECT);
    let row = db.query_one_raw(sql(db, &text, [proofs::today(now), building.0.into(), number.into()])).await?.ok_or(Error::NotFound)?;
    Ok(PublicRow::from_query_result(&row, "")?)
}

/// How many there are, counted up to `most`: beyond it, "more than" is enough to know.
pub async fn public_count(db: &impl ConnectionTrait, building: BuildingId, filter: &PublicFilter, most: u32) -> Result<u32> {
    let words = filter.words(db).await?;
    let Conditions(text, values) = filter.within(&words, building, "i", &filter.states, None);
    let text = format!("select count(*) from (select 1 from issues i where {text} limit {most}) as counted");
    let row = db.query_one_raw(sql(db, &text, values)).await?;
    Ok(row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() as u32)
}

/// The instant at which a matter of the building last moved: while it is the same, so is the list.
pub async fn last_moved(db: &impl ConnectionTrait, building: BuildingId) -> Result<Option<DateTime<Utc>>> {
    let text = "select moved_at from issues where building_id = ? order by moved_at desc limit 1";
    let row = db.query_one_raw(sql(db, text, [building.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?)
}
