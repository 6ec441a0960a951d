//! The register: what a council has decided and what of it holds, today or as of the end of any past day. One query a page.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::{ResolutionState, Showing};
use crate::domain::effect_checks::Verdict;
use crate::domain::meetings::publicity::{NotPublic, because};
use crate::domain::motions::Upon;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{CouncilId, OrganisationId, ResolutionId};

/// What a register is narrowed to, by how things stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// In force.
    #[default]
    InForce,
    /// Adopted, and not yet in force.
    Adopted,
    /// No longer in force, or never.
    Ended,
    All,
}

impl Standing {
    /// Every one, in the order of the page.
    pub const ALL: &'static [Standing] = &[Standing::InForce, Standing::Adopted, Standing::Ended, Standing::All];

    /// Its word in addresses and locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::InForce => "in_force",
            Standing::Adopted => "adopted",
            Standing::Ended => "ended",
            Standing::All => "all",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<Standing> {
        Standing::ALL.iter().copied().find(|s| s.as_str() == word)
    }

    fn condition(self) -> &'static str {
        match self {
            Standing::InForce => " and r.in_force_at <= ? and (r.ended_at is null or r.ended_at > ?)",
            Standing::Adopted => " and (r.in_force_at is null or r.in_force_at > ?) and (r.ended_at is null or r.ended_at > ?)",
            Standing::Ended => " and r.ended_at <= ?",
            Standing::All => "",
        }
    }
}

/// What a register is narrowed to.
#[derive(Clone, Debug)]
pub struct Narrowed {
    pub standing: Standing,
    /// As of this instant: now, or the end of a past day.
    pub at: DateTime<Utc>,
    pub year: Option<i32>,
    /// The category of the matter.
    pub category: Option<String>,
    /// An organisation that owes or has undertaken something by it.
    pub organisation: Option<OrganisationId>,
    /// Whether what is not public is searched too: for those inside.
    pub inside: bool,
    /// Words in its title or its public words.
    pub words: Option<String>,
    /// Of the board of progress: what is shown of it.
    pub showing: Option<Showing>,
    /// Continue below this one: year and number.
    pub below: Option<(i32, i32)>,
}

impl Narrowed {
    /// Everything in force at an instant.
    pub fn at(at: DateTime<Utc>) -> Self {
        Self {
            standing: Standing::InForce,
            at,
            year: None,
            category: None,
            organisation: None,
            inside: false,
            words: None,
            showing: None,
            below: None,
        }
    }

    /// As of the end of a day that is over; now, where it is not.
    pub fn as_of(day: Option<NaiveDate>, now: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        day.filter(|d| *d < calendar.date_of(now)).map_or(now, |d| calendar.end_of(d))
    }

    fn conditions(&self, council: CouncilId) -> (String, Vec<Value>) {
        let mut text = format!("r.council_id = ? and r.adopted_at <= ?{}", self.standing.condition());
        let mut values: Vec<Value> = vec![council.0.into(), self.at.into()];
        let instants = self.standing.condition().matches('?').count();
        values.extend(std::iter::repeat_n(Value::from(self.at), instants));
        if let Some(year) = self.year {
            text.push_str(" and r.year = ?");
            values.push(year.into());
        }
        if let Some(category) = &self.category {
            text.push_str(" and i.category = ?");
            values.push(category.as_str().into());
        }
        if let Some(of) = self.organisation {
            text.push_str(
                " and (exists (select 1 from undertakings u where u.resolution_id = r.id and u.organisation_id = ? and u.state not in ('lapsed','refused')) \
                 or exists (select 1 from motion_tasks m where m.motion_id = r.motion_id and m.organisation_id = ?) \
                 or exists (select 1 from tasks t where t.resolution_id = r.id and t.organisation_id = ? and t.state <> 'cancelled'))",
            );
            values.extend([of.0.into(), of.0.into(), of.0.into()]);
        }
        if let Some(words) = &self.words {
            // What was not published is found by its title alone, what is not public by those inside.
            if !self.inside {
                text.push_str(" and a.public");
            }
            text.push_str(" and (lower(r.title) like ? escape '!' or (r.published_at is not null and lower(r.words) like ? escape '!'))");
            let like = format!("%{}%", words.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_"));
            values.extend([like.as_str().into(), like.into()]);
        }
        if let Some(showing) = self.showing {
            let condition = showing.condition();
            text.push_str(condition);
            values.extend(std::iter::repeat_n(Value::from(self.at), condition.matches('?').count()));
        }
        if let Some((year, serial)) = self.below {
            text.push_str(" and (r.year < ? or (r.year = ? and r.serial < ?))");
            values.extend([year.into(), year.into(), serial.into()]);
        }
        (text, values)
    }
}

/// A line of the register.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RegisterRow {
    pub id: ResolutionId,
    pub year: i32,
    pub serial: i32,
    pub title: String,
    pub state: ResolutionState,
    pub upon: Option<Upon>,
    pub adopted_at: DateTime<Utc>,
    pub in_force_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub published_at: Option<DateTime<Utc>>,
    pub display_until: Option<DateTime<Utc>>,
    pub force_until: Option<String>,
    pub review_on: Option<String>,
    pub category: Option<String>,
    pub issue_number: Option<i32>,
    /// The earlier one that it is about.
    pub earlier_year: Option<i32>,
    pub earlier_serial: Option<i32>,
    pub tasks: i64,
    pub tasks_done: i64,
    pub amended: i64,
    /// Objections that wait for the council.
    pub objections: i64,
    pub verdict: Option<Verdict>,
    /// It was decided on an item that everybody may read; else why not.
    pub public: bool,
    pub not_public_ground: Option<NotPublic>,
    pub not_public_reason: Option<String>,
}

const COLUMNS: &str = "r.id as id, r.year as year, r.serial as serial, r.title as title, r.state as state, r.upon as upon, r.adopted_at as adopted_at, \
    r.in_force_at as in_force_at, r.ended_at as ended_at, r.published_at as published_at, r.display_until as display_until, \
    r.force_until as force_until, r.review_on as review_on, i.category as category, i.number as issue_number, \
    a.public as public, a.not_public_ground as not_public_ground, a.not_public_reason as not_public_reason, e.year as earlier_year, e.serial as earlier_serial, \
    (select count(*) from tasks t where t.resolution_id = r.id and t.state <> 'cancelled') as tasks, \
    (select count(*) from tasks t where t.resolution_id = r.id and t.state in ('done','verified')) as tasks_done, \
    (select count(*) from resolutions a where a.supersedes_id = r.id and a.upon = 'amends' and a.in_force_at is not null) as amended, \
    (select count(*) from objections o where o.resolution_id = r.id and o.settled_at is null) as objections, \
    (select c.verdict from effect_checks c where c.resolution_id = r.id and c.verdict is not null order by c.planned_on desc, c.created_at desc limit 1) as verdict";

const FROM: &str = "from resolutions r left join issues i on i.id = r.issue_id join motions o on o.id = r.motion_id \
    join agenda_items a on a.id = o.item_id left join resolutions e on e.id = r.supersedes_id";

impl RegisterRow {
    /// `2026-9`, as its address has it.
    pub fn address(&self) -> String {
        format!("{}-{}", self.year, self.serial)
    }

    /// Its title as everybody may read it.
    pub fn public_title(&self, lang: Lang) -> String {
        if self.public {
            self.title.clone()
        } else {
            lang.say("meetings.not_public_because", &[("why", &because(self.not_public_ground, self.not_public_reason.as_deref(), lang))])
        }
    }

    /// Its state as it was at an instant.
    pub fn state_at(&self, at: DateTime<Utc>) -> ResolutionState {
        let passed = |t: Option<DateTime<Utc>>| t.is_some_and(|t| t <= at);
        if passed(self.ended_at) {
            self.state
        } else if passed(self.in_force_at) {
            ResolutionState::InForce
        } else {
            ResolutionState::Adopted
        }
    }
}

/// A page of the register, the latest first; one row more than asked for says that there are more.
pub async fn list(db: &impl ConnectionTrait, council: CouncilId, asked: &Narrowed, limit: u64) -> Result<Vec<RegisterRow>> {
    let (conditions, values) = asked.conditions(council);
    let text = format!("select {COLUMNS} {FROM} where {conditions} order by r.year desc, r.serial desc limit {}", limit + 1);
    Ok(RegisterRow::find_by_statement(sql(db, &text, values)).all(db).await?)
}

/// How many there are, on all pages.
pub async fn count(db: &impl ConnectionTrait, council: CouncilId, asked: &Narrowed) -> Result<i64> {
    let (conditions, values) = Narrowed { below: None, ..asked.clone() }.conditions(council);
    let text = format!("select count(*) {FROM} where {conditions}");
    let row = db.query_one_raw(sql(db, &text, values)).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// What a council's register can be narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub years: Vec<i32>,
    pub categories: Vec<String>,
    pub organisations: Vec<OrganisationId>,
}

/// Years, kinds and organisations that occur in it.
pub async fn choices(db: &impl ConnectionTrait, council: CouncilId) -> Result<Choices> {
    let one = |text: &str| sql(db, text, [council.0.into()]);
    let mut all = Choices::default();
    for row in db.query_all_raw(one("select distinct year from resolutions where council_id = ? order by year desc")).await? {
        all.years.push(row.try_get_by_index(0)?);
    }
    let kinds = "select distinct i.category from resolutions r join issues i on i.id = r.issue_id where r.council_id = ? order by i.category";
    for row in db.query_all_raw(one(kinds)).await? {
        all.categories.push(row.try_get_by_index(0)?);
    }
    let parties = "select distinct x.organisation_id from (select u.organisation_id, u.resolution_id from undertakings u where u.state not in ('lapsed','refused') \
         union all select t.organisation_id, t.resolution_id from tasks t where t.state <> 'cancelled') x \
         join resolutions r on r.id = x.resolution_id where r.council_id = ?";
    for row in db.query_all_raw(one(parties)).await? {
        all.organisations.push(OrganisationId(row.try_get_by_index(0)?));
    }
    Ok(all)
}
