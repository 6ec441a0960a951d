//! How somebody is told 告知: each kind of letter at once, in the day's letter or not at all; and quiet hours. Asked when a letter
//! goes out, so that a wish changed today holds for what is owed since yesterday. The house's way, without a row: at once.

use chrono::{DateTime, Duration, NaiveTime, TimeZone as _, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::journal::Entry;
use super::letters;
use crate::kernel::act::{Act, House};
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::kernel::journal::On;
use crate::kernel::outbox;
use crate::kernel::quiet::Quiet;

vocabulary! {
    /// What letters to those who work are about.
    Matter {
        /// A new matter at one's desk.
        New = "new",
        /// Something is asked of one: a task, a transfer, a signature, a decision.
        Given = "given",
        /// Somebody has called one by name.
        Mentioned = "mentioned",
        /// Half of the time is over, it is the last day.
        Due = "due",
        /// It is late, the street has taken it up.
        Late = "late",
        /// What became of something.
        Progress = "progress",
        /// A meeting of a council in which one sits.
        Meeting = "meeting",
    }
}

vocabulary! {
    /// How soon.
    Wish { AtOnce = "at_once", Daily = "daily", Never = "never" }
}

/// The day's letter goes out at this hour of a working day where nobody says another one.
pub const HOUR: u32 = 8;
/// Hours that can be chosen for it.
pub const HOURS: std::ops::RangeInclusive<u32> = 6..=20;

impl Matter {
    /// What a letter is about; none for those that somebody asks for in that moment, such as a link to sign in.
    pub fn of(kind: &str) -> Option<Matter> {
        Some(match kind {
            "issue_received" | "reporter_added" => Matter::New,
            "transfer_offered"
            | "assigned"
            | "task_dispatched"
            | "task_sent_back"
            | "extension_asked"
            | "undertaking_asked"
            | "undertaking_entered"
            | "position_asked"
            | "nominated"
            | "hiding_review"
            | "hiding_appealed"
            | "visit_asked"
            | "handed_over"
            | "objected" => Matter::Given,
            "mentioned" => Matter::Mentioned,
            "task_half" | "task_last_day" | "answer_last_day" | "result_half" | "result_last_day" | "review_due" | "check_due" | "report_due" => {
                Matter::Due
            }
            "task_late" | "answer_late" | "result_late" | "report_late" | "supervised" | "supervised_told" | "supervision_noted" => Matter::Late,
            "transfer_refused"
            | "transfer_lapsed"
            | "transfer_taken_back"
            | "transfer_taken"
            | "transfer_reported"
            | "contested"
            | "called_back"
            | "task_done"
            | "task_returned"
            | "clock_runs"
            | "task_redated"
            | "extension_granted"
            | "extension_refused"
            | "check_failed"
            | "held_up_no_more"
            | "objection_answered"
            | "objection_upheld"
            | "objection_confirmed"
            | "visit_answered" => Matter::Progress,
            "meeting_called"
            | "meeting_soon"
            | "meeting_cancelled"
            | "meeting_moved"
            | "dates_asked"
            | "deputy_asked"
            | "deputy_free"
            | "deputy_comes"
            | "deputy_refused"
            | "quorum_at_risk"
            | "meeting_written"
            | "meeting_written_ends"
            | "minutes_to_sign"
            | "remark_answered"
            | "minutes_adopted"
            | "vote_open" => Matter::Meeting,
            _ => return None,
        })
    }

    /// What may be wished: a seat is called by letter; what is asked of somebody, or is late, is told in the day's letter at the latest.
    pub fn wishes(self) -> &'static [Wish] {
        match self {
            Matter::Meeting => &[Wish::AtOnce],
            Matter::Given | Matter::Late => &[Wish::AtOnce, Wish::Daily],
            Matter::New | Matter::Mentioned | Matter::Due | Matter::Progress => Wish::ALL,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tellings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    pub digest_hour: i32,
    pub quiet_from: Option<i32>,
    pub quiet_to: Option<i32>,
    pub changed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A wish that differs from the house's way.
pub mod wish {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "telling_wishes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: PersonId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub matter: Matter,
        pub wish: Wish,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// All that somebody wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    wishes: Vec<(Matter, Wish)>,
    pub digest_hour: u32,
    pub quiet: Option<Quiet>,
}

impl Default for Telling {
    fn default() -> Self {
        Self { wishes: vec![], digest_hour: HOUR, quiet: None }
    }
}

impl Telling {
    /// How soon something is to be told.
    pub fn wish(&self, matter: Matter) -> Wish {
        let wished = self.wishes.iter().find(|(m, _)| *m == matter).map_or(Wish::AtOnce, |(_, w)| *w);
        // What may no longer be wished is not: a rule that came later holds for everybody.
        if matter.wishes().contains(&wished) { wished } else { Wish::AtOnce }
    }
}

/// What somebody wishes.
pub async fn of(db: &impl ConnectionTrait, id: PersonId) -> Result<Telling> {
    let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(Telling::default()) };
    let wishes = wish::Entity::find().filter(wish::Column::PersonId.eq(id)).all(db).await?;
    Ok(Telling {
        wishes: wishes.into_iter().map(|w| (w.matter, w.wish)).collect(),
        digest_hour: u32::try_from(row.digest_hour).unwrap_or(HOUR),
        quiet: Quiet::kept(row.quiet_from, row.quiet_to),
    })
}

/// Chooses for oneself.
pub async fn choose(act: &Act, id: PersonId, wishes: &[(Matter, Wish)], digest_hour: u32, quiet: Option<Quiet>) -> Result<()> {
    if !HOURS.contains(&digest_hour) {
        return Err(Refusal::new("unknown_choice").at("digest_hour").into());
    }
    if quiet.is_some_and(|q| q.holds(digest_hour)) {
        return Err(Refusal::new("digest_quiet").at("digest_hour").into());
    }
    if wishes.iter().any(|(m, w)| !m.wishes().contains(w)) {
        return Err(Refusal::new("unknown_choice").into());
    }
    let row = ActiveModel {
        person_id: Set(id),
        digest_hour: Set(digest_hour as i32),
        quiet_from: Set(quiet.map(|q| q.from as i32)),
        quiet_to: Set(quiet.map(|q| q.to as i32)),
        changed_at: Set(act.at),
    };
    let again =
        OnConflict::column(Column::PersonId).update_columns([Column::DigestHour, Column::QuietFrom, Column::QuietTo, Column::ChangedAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(act.tx()).await?;
    wish::Entity::delete_many().filter(wish::Column::PersonId.eq(id)).exec(act.tx()).await?;
    let other = wishes.iter().filter(|(_, w)| *w != Wish::AtOnce);
    let rows: Vec<_> = other.map(|(m, w)| wish::ActiveModel { person_id: Set(id), matter: Set(*m), wish: Set(*w) }).collect();
    if !rows.is_empty() {
        wish::Entity::insert_many(rows).exec_without_returning(act.tx()).await?;
    }
    act.journal(On::new("person", id), &Entry::TellingChosen).await?;
    Ok(())
}

/// When a letter goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Now,
    /// When quiet hours are over.
    After(DateTime<Utc>),
    /// With others in the day's letter.
    Daily(DateTime<Utc>),
    /// It is for nobody.
    Never,
}

/// When a claimed letter goes out. Danger and utilities wait for nothing, and what is asked for in that moment neither.
pub async fn when(house: &House, owed: &outbox::Model) -> Result<When> {
    let (Some(person), Some(matter)) = (owed.person_id, Matter::of(&owed.kind)) else { return Ok(When::Now) };
    let telling = of(house.read(), person).await?;
    let (wish, now) = (telling.wish(matter), house.now());
    // A vote is open now or not at all.
    if telling == Telling::default() || owed.kind == "vote_open" {
        return Ok(When::Now);
    }
    if wish == Wish::Never {
        return Ok(When::Never);
    }
    if letters::urgent(house, owed).await? {
        return Ok(When::Now);
    }
    if wish == Wish::Daily {
        return Ok(When::Daily(next(now, &house.calendar(), telling.digest_hour)));
    }
    Ok(telling.quiet.and_then(|q| q.until(now)).map_or(When::Now, When::After))
}

/// The next time at which the day's letter goes out: at that hour of a working day.
pub fn next(now: DateTime<Utc>, calendar: &Calendar, hour: u32) -> DateTime<Utc> {
    let today = calendar.date_of(now);
    let at = |day: chrono::NaiveDate| {
        let naive = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
        calendar.offset().from_local_datetime(&naive).single().map(|t| t.to_utc())
    };
    let days = (0..30).filter_map(|n| today.checked_add_signed(Duration::days(n)));
    days.filter(|d| calendar.is_working(*d)).filter_map(at).find(|t| *t > now).unwrap_or(now)
}
