//! Effect checks 核验: a figure before and after, held against what was promised. Done is not yet effective.

pub mod chance;
mod counted;
mod opinions;

pub use counted::{AGAIN_DAYS, Counted, LONGEST, counted};
pub use opinions::{Feeling, Opinions, SHOWN_FROM, ask_due, asked, feel, opinion_of, opinions, opinions_of};

use chrono::{Days, NaiveDate};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::buildings;
use super::issues::{self, Issue, IssueState};
use super::journal::Entry;
use super::meetings::items::{self, Source};
use super::motions;
use super::resolutions::{self, Resolution, ResolutionState};
use super::tasks;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CheckId, IssueId, MeasurementId, OrganisationId, PersonId, ResolutionId};
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// What is measured.
    Figure {
        /// Median wait for a lift, of 20 persons timed.
        WaitMedian = "wait_median",
        /// Late marks because of lifts, per week, as the enterprise reports them: a number only.
        LateMarks = "late_marks",
        /// The longest wait going down of other tenants.
        WaitDownLongest = "wait_down_longest",
        /// Reports per week, counted by Louyi.
        ReportsPerWeek = "reports_per_week",
        Other = "other",
    }
}

vocabulary! {
    /// When it was measured.
    Phase { Before = "before", AfterFailed = "after_failed", After = "after" }
}

vocabulary! {
    /// Whether the remedy helped.
    Verdict { Effective = "effective", Partly = "partly", Ineffective = "ineffective" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "effect_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckId,
    pub issue_id: IssueId,
    pub resolution_id: ResolutionId,
    pub figure: Figure,
    pub unit: String,
    /// Values are integers in units of 10^-decimals.
    pub decimals: i32,
    pub before_value: Option<i64>,
    pub target_value: Option<i64>,
    pub after_value: Option<i64>,
    pub planned_on: String,
    /// The matter stays open until this one.
    pub last: bool,
    pub verdict: Option<Verdict>,
    pub words: Option<String>,
    pub words_salt: Option<Vec<u8>>,
    pub checked_by: Option<PersonId>,
    pub checked_at: Option<DateTimeUtc>,
    pub ledger_index: Option<i64>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    /// When those who reported were asked how they find it.
    pub asked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Check;

/// A measured figure.
pub mod measurement {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "measurements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MeasurementId,
        pub issue_id: IssueId,
        pub figure: Figure,
        pub label: String,
        pub unit: String,
        pub decimals: i32,
        pub value: i64,
        pub phase: Phase,
        /// How many were measured.
        pub sample: Option<i32>,
        pub source: String,
        pub organisation_id: Option<OrganisationId>,
        pub measured_on: String,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use measurement::Model as Measurement;

/// A figure to be kept.
pub struct NewMeasurement<'a> {
    pub figure: Figure,
    pub label: &'a str,
    pub unit: &'a str,
    pub decimals: i32,
    pub value: i64,
    pub phase: Phase,
    pub sample: Option<i32>,
    /// How and by whom it was measured.
    pub source: &'a str,
}

/// Keeps a measured figure with a matter.
pub async fn measure(act: &Act, issue: &Issue, new: NewMeasurement<'_>) -> Result<Measurement> {
    let row = measurement::ActiveModel {
        id: Set(MeasurementId(act.fresh())),
        issue_id: Set(issue.id),
        figure: Set(new.figure),
        label: Set(text::words("label", new.label, 0, 40)?),
        unit: Set(text::words("unit", new.unit, 1, 20)?),
        decimals: Set(new.decimals),
        value: Set(new.value),
        phase: Set(new.phase),
        sample: Set(new.sample),
        source: Set(text::words("source", new.source, 2, 200)?),
        organisation_id: Set(act.actor.organisation()),
        measured_on: Set(act.calendar().date_of(act.at).to_string()),
        created_at: Set(act.at),
    };
    let m = row.insert(act.tx()).await?;
    act.journal(issue.on_self(), &Entry::MeasureRecorded { figure: m.figure, value: m.value, decimals: m.decimals, sample: m.sample }).await?;
    Ok(m)
}

/// The figures kept with a matter, oldest first.
pub async fn measurements(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Measurement>> {
    Ok(measurement::Entity::find()
        .filter(measurement::Column::IssueId.eq(issue))
        .order_by_asc(measurement::Column::MeasuredOn)
        .order_by_asc(measurement::Column::CreatedAt)
        .all(db)
        .await?)
}

/// The checks of a matter, by the day for which they are planned.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Check>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::PlannedOn).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// The checks of several matters at once, by the day for which they are planned.
pub async fn of_issues(db: &impl ConnectionTrait, ids: Vec<IssueId>) -> Result<Vec<Check>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::IssueId.is_in(ids)).order_by_asc(Column::PlannedOn).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// Checks of a resolution.
pub async fn of_resolution(db: &impl ConnectionTrait, id: ResolutionId) -> Result<Vec<Check>> {
    Ok(Entity::find().filter(Column::ResolutionId.eq(id)).order_by_asc(Column::PlannedOn).all(db).await?)
}

/// Checks of several resolutions, by the day for which they are planned.
pub async fn of_resolutions(db: &impl ConnectionTrait, ids: Vec<ResolutionId>) -> Result<Vec<Check>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::ResolutionId.is_in(ids)).order_by_asc(Column::PlannedOn).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: CheckId) -> Result<Check> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Plans the checks that a matter's latest resolution promised, counted from the day of its last task. Done again after
/// it was contested, the checks that had not been made are planned anew.
pub(super) async fn plan(act: &Act, issue: &Issue) -> Result<()> {
    let holds = |r: &Resolution| matches!(r.state, ResolutionState::Adopted | ResolutionState::InForce);
    let Some(resolution) = resolutions::of_issue(act.tx(), issue.id).await?.into_iter().rfind(holds) else { return Ok(()) };
    let made = of_resolution(act.tx(), resolution.id).await?.iter().filter(|c| c.verdict.is_some()).count();
    drop_planned(act, resolution.id).await?;
    let motion = motions::by_id(act.tx(), resolution.motion_id).await?;
    let (Some(figure), Some(unit), Some(target)) = (motion.figure, motion.figure_unit.clone(), motion.figure_target) else { return Ok(()) };
    let last_task = tasks::of_resolution(act.tx(), resolution.id).await?.iter().filter_map(|t| t.done_at).max();
    let start = act.calendar().date_of(last_task.unwrap_or(act.at));
    let days: Vec<u64> = motion.check_days.split(',').filter_map(|d| d.trim().parse().ok()).collect();
    for (i, n) in days.iter().enumerate().skip(made) {
        let on: NaiveDate = start.checked_add_days(Days::new(*n)).unwrap_or(start);
        let last = i + 1 == days.len();
        let row = ActiveModel {
            id: Set(CheckId(act.fresh())),
            issue_id: Set(issue.id),
            resolution_id: Set(resolution.id),
            figure: Set(figure),
            unit: Set(unit.clone()),
            decimals: Set(motion.figure_decimals.unwrap_or(0)),
            before_value: Set(motion.figure_before),
            target_value: Set(Some(target)),
            after_value: Set(None),
            planned_on: Set(on.to_string()),
            last: Set(last),
            verdict: Set(None),
            words: Set(None),
            words_salt: Set(None),
            checked_by: Set(None),
            checked_at: Set(None),
            ledger_index: Set(None),
            version: Set(1),
            created_at: Set(act.at),
            asked_at: Set(None),
        };
        Entity::insert(row).exec_without_returning(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::CheckPlanned { on: on.to_string(), figure, last }).await?;
    }
    Ok(())
}

/// The checks of a resolution that were planned and not made fall away.
async fn drop_planned(act: &Act, resolution: ResolutionId) -> Result<()> {
    Entity::delete_many().filter(Column::ResolutionId.eq(resolution)).filter(Column::Verdict.is_null()).exec(act.tx()).await?;
    Ok(())
}

/// Target reached: effective. At least half of the way from before to target: partly. Else not.
pub fn judge(before: Option<i64>, target: i64, after: i64) -> Verdict {
    let Some(before) = before else {
        return if after <= target { Verdict::Effective } else { Verdict::Ineffective };
    };
    let [before, target, after] = [before, target, after].map(i128::from);
    let (way, gone) = (before - target, before - after);
    let reached = if way >= 0 { after <= target } else { after >= target };
    if reached {
        Verdict::Effective
    } else if gone.signum() == way.signum() && gone.abs() * 2 >= way.abs() {
        Verdict::Partly
    } else {
        Verdict::Ineffective
    }
}

impl Model {
    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Check> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    /// Makes the check: the verdict follows from the figures, and goes into the public ledger. A remedy that failed
    /// goes back to the council with its history, and the checks still planned for it fall away.
    pub async fn make(self, act: &Act, issue: Issue, after: i64, words: &str) -> Result<(Check, Issue)> {
        if self.verdict.is_some() {
            return Err(Refusal::new("check_made").into());
        }
        if !matches!(issue.state, IssueState::Done | IssueState::Decided) {
            return Err(Refusal::new("check_state").into());
        }
        let words = text::words("words", words, 4, 1000)?;
        let target = self.target_value.ok_or_else(|| Error::broken("a check without target"))?;
        let verdict = judge(self.before_value, target, after);
        let salt = text::salt();
        let hash = TextHash::of(&salt, &words);
        let set = ActiveModel {
            after_value: Set(Some(after)),
            verdict: Set(Some(verdict)),
            words: Set(Some(words)),
            words_salt: Set(Some(salt)),
            checked_by: Set(act.actor.person()),
            checked_at: Set(Some(act.at)),
            version: Set(self.version + 1),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        let check = by_id(act.tx(), self.id).await?;
        let entry = Entry::CheckMade {
            verdict,
            figure: check.figure,
            before: check.before_value,
            target: check.target_value,
            after,
            decimals: check.decimals,
            last: check.last,
            words: hash.clone(),
        };
        act.journal(issue.on_self(), &entry).await?;
        let resolution = resolutions::by_id(act.tx(), check.resolution_id).await?;
        let building = buildings::by_id(act.tx(), issue.building_id).await?;
        let facts = json!({
            "building": building.code, "issue": issue.number, "year": resolution.year, "serial": resolution.serial, "figure": check.figure.as_str(), "unit": check.unit,
            "decimals": check.decimals, "before": check.before_value, "target": target, "after": after, "verdict": verdict.as_str(), "words_sha256": hash.0,
        });
        let position = act.publish("effect_check", "effect_check", check.id, Some(issue.building_id), facts).await?;
        let mut row: ActiveModel = check.into();
        row.ledger_index = Set(Some(position as i64));
        let check = row.update(act.tx()).await?;
        issue.tell_reporters(act, "checked").await?;
        let failed = verdict == Verdict::Ineffective || (verdict == Verdict::Partly && check.last);
        let issue = if failed { back_to_council(act, &check, issue).await? } else { issue };
        Ok((check, issue))
    }
}

async fn back_to_council(act: &Act, check: &Check, issue: Issue) -> Result<Issue> {
    drop_planned(act, check.resolution_id).await?;
    let issue = issue.table_failed(act).await?;
    items::propose(act, &issue, Source::FailedCheck).await?;
    issue.tell_secretary(act, "check_failed").await?;
    Ok(issue)
}

/// The checks of a building that wait to be made, by day.
pub async fn planned(db: &impl ConnectionTrait, issues: Vec<IssueId>) -> Result<Vec<Check>> {
    Ok(Entity::find().filter(Column::IssueId.is_in(issues)).filter(Column::Verdict.is_null()).order_by_asc(Column::PlannedOn).all(db).await?)
}

/// The matter of a check.
pub async fn issue_of(db: &impl ConnectionTrait, check: &Check) -> Result<Issue> {
    issues::by_id(db, check.issue_id).await
}
