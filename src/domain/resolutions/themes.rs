//! What a district's councils have decided about one kind of trouble, building by building, what they tried first, and whether it
//! helped. Only what is published.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::ResolutionState;
use crate::domain::effect_checks::{Figure, Verdict};
use crate::domain::motions::Upon;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, DistrictId, IssueId, ResolutionId};

/// A theme and how much was decided about it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Theme {
    pub category: String,
    pub resolutions: i64,
    pub buildings: i64,
    /// Resolutions whose last check found them effective …
    pub effective: i64,
    /// … of those that were checked.
    pub checked: i64,
}

/// The last check of a resolution that was made.
const LAST: &str =
    "(select c.id from effect_checks c where c.resolution_id = r.id and c.verdict is not null order by c.planned_on desc, c.created_at desc limit 1)";

/// The themes of a district, by code.
pub async fn themes(db: &impl ConnectionTrait, district: DistrictId) -> Result<Vec<Theme>> {
    let text = format!(
        "select i.category as category, count(*) as resolutions, count(distinct i.building_id) as buildings, \
         sum(case when k.verdict = 'effective' then 1 else 0 end) as effective, sum(case when k.id is null then 0 else 1 end) as checked \
         from resolutions r join motions o on o.id = r.motion_id join agenda_items a on a.id = o.item_id \
         join issues i on i.id = r.issue_id join buildings b on b.id = i.building_id left join effect_checks k on k.id = {LAST} \
         where b.district_id = ? and r.published_at is not null and a.public group by i.category order by i.category"
    );
    Ok(Theme::find_by_statement(sql(db, &text, [district.0.into()])).all(db).await?)
}

/// One resolution of a theme, with its last check.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Decided {
    pub id: ResolutionId,
    pub building_id: BuildingId,
    pub slug: String,
    pub building: String,
    pub building_en: String,
    pub short: String,
    pub code: String,
    pub issue_id: IssueId,
    pub issue_number: i32,
    pub issue_title: Option<String>,
    pub category: String,
    pub year: i32,
    pub serial: i32,
    pub title: String,
    pub state: ResolutionState,
    pub upon: Option<Upon>,
    pub adopted_at: DateTime<Utc>,
    pub verdict: Option<Verdict>,
    pub figure: Option<Figure>,
    pub unit: Option<String>,
    pub decimals: Option<i32>,
    pub before_value: Option<i64>,
    pub target_value: Option<i64>,
    pub after_value: Option<i64>,
}

const DECIDED: &str = "select r.id as id, b.id as building_id, b.slug as slug, b.name as building, b.name_en as building_en, b.short as short, b.code as code, \
    i.id as issue_id, i.number as issue_number, i.public_title as issue_title, i.category as category, r.year as year, r.serial as serial, r.title as title, \
    r.state as state, r.upon as upon, r.adopted_at as adopted_at, k.verdict as verdict, k.figure as figure, k.unit as unit, k.decimals as decimals, \
    k.before_value as before_value, k.target_value as target_value, k.after_value as after_value \
    from resolutions r join motions o on o.id = r.motion_id join agenda_items a on a.id = o.item_id \
         join issues i on i.id = r.issue_id join buildings b on b.id = i.building_id left join effect_checks k on k.id = ";

/// Most resolutions of one theme's page; what is older is in each building's register.
pub const THEME_MAX: u64 = 300;

/// What was decided about some kinds of trouble in a district: by building, then matter by matter in the order in which it was tried.
pub async fn of_theme(db: &impl ConnectionTrait, district: DistrictId, categories: &[&str]) -> Result<Vec<Decided>> {
    if categories.is_empty() {
        return Ok(vec![]);
    }
    let some = vec!["?"; categories.len()].join(",");
    let text = format!(
        "{DECIDED}{LAST} where b.district_id = ? and r.published_at is not null and a.public and i.category in ({some}) \
         order by b.name, b.id, i.number desc, r.adopted_at limit {THEME_MAX}"
    );
    let values: Vec<Value> = std::iter::once(district.0.into()).chain(categories.iter().map(|c| Value::from(*c))).collect();
    Ok(Decided::find_by_statement(sql(db, &text, values)).all(db).await?)
}

/// The latest that other buildings of a district have decided about a kind of trouble, what was checked first.
pub async fn elsewhere(db: &impl ConnectionTrait, district: DistrictId, building: BuildingId, category: &str, limit: u64) -> Result<Vec<Decided>> {
    let text = format!(
        "{DECIDED}{LAST} where b.district_id = ? and b.id <> ? and r.published_at is not null and a.public and r.state <> 'lapsed' and i.category = ? \
         order by case when k.verdict is null then 1 else 0 end, r.adopted_at desc limit {limit}"
    );
    Ok(Decided::find_by_statement(sql(db, &text, [district.0.into(), building.0.into(), category.into()])).all(db).await?)
}

/// A resolution or minutes in which words were found.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Hit {
    /// None for a district's council.
    pub slug: Option<String>,
    pub short: Option<String>,
    pub council: String,
    pub council_en: String,
    pub title: String,
    /// Year and number of a resolution…
    pub year: Option<i32>,
    pub serial: Option<i32>,
    /// …or number of the meeting whose minutes they are.
    pub meeting: Option<i32>,
    pub at: DateTime<Utc>,
}

/// Most that a search gives.
pub const HITS_MAX: u64 = 50;

/// Published resolutions and adopted minutes of a district's councils that hold these words, the latest first.
pub async fn search(db: &impl ConnectionTrait, district: DistrictId, words: &str) -> Result<Vec<Hit>> {
    let words = words.trim().to_lowercase();
    if words.is_empty() {
        return Ok(vec![]);
    }
    let like = format!("%{}%", words.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    let text = format!(
        "select b.slug as slug, b.short as short, c.name as council, c.name_en as council_en, r.title as title, r.year as year, r.serial as serial, \
         cast(null as integer) as meeting, r.adopted_at as at from resolutions r join motions o on o.id = r.motion_id join agenda_items a on a.id = o.item_id \
         join councils c on c.id = r.council_id left join buildings b on b.id = c.building_id \
         where c.district_id = ? and r.published_at is not null and a.public and (lower(r.title) like ? escape '!' or lower(r.words) like ? escape '!') \
         union all select b.slug, b.short, c.name, c.name_en, m.place, cast(null as integer), cast(null as integer), m.number, m.starts_at \
         from meetings m join councils c on c.id = m.council_id left join buildings b on b.id = c.building_id \
         where c.district_id = ? and m.minutes_at is not null \
         and not exists (select 1 from agenda_items x where x.meeting_id = m.id and not x.public) and lower(m.minutes) like ? escape '!' order by 9 desc limit {HITS_MAX}"
    );
    let values: [Value; 5] = [district.0.into(), like.as_str().into(), like.as_str().into(), district.0.into(), like.as_str().into()];
    Ok(Hit::find_by_statement(sql(db, &text, values)).all(db).await?)
}
