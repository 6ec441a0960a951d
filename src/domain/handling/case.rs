//! A matter as a row of figures, and the cuts through such rows that numbers count and lists show.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Scope;
use crate::domain::issues::{ClosedBy, IssueState, title_for_public};
use crate::domain::links::RETURNS_DAYS;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, IssueId};

/// A matter.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Case {
    pub id: IssueId,
    pub building_id: BuildingId,
    pub number: i32,
    pub category: String,
    pub tower: Option<String>,
    pub floor: Option<String>,
    /// As the public reads it; none until it is released.
    pub title: Option<String>,
    pub state: IssueState,
    pub closed_by: Option<ClosedBy>,
    pub contested: i32,
    pub received_at: DateTime<Utc>,
    pub result_due: Option<DateTime<Utc>>,
    pub done_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// Extensions granted, of all its tasks.
    pub extended: i64,
    /// When one of the same kind at the same place closed before this one came.
    pub before: Option<DateTime<Utc>>,
    /// When the one that it is said to be the return of had been closed.
    pub former: Option<DateTime<Utc>>,
    /// Reports behind it that nobody withdrew; what follows is of these.
    pub reports: i64,
    /// Without a first answer.
    pub unanswered: i64,
    /// Answered after it had been promised.
    pub late: i64,
    /// What their writers say of what was done.
    pub yes: i64,
    pub half: i64,
    pub no: i64,
    pub satisfied: i64,
    pub basically: i64,
    pub dissatisfied: i64,
}

/// A cut: what a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    All,
    /// Every report had its first answer when it was promised.
    Answered,
    /// Every report has its answer, one of them late.
    AnsweredLate,
    /// A report is without an answer.
    Unanswered,
    /// Said to be done by whoever is responsible.
    Done,
    /// Said so within the last hour before the limit.
    LastHour,
    /// Said so, and late.
    DoneLate,
    /// Closed by the word of those who reported it, or of the council.
    Confirmed,
    /// Closed because nobody answered.
    Silent,
    /// Said to be done, neither confirmed nor closed by silence, and contested before.
    Contested,
    /// Said to be done, and nobody has answered yet.
    Asked,
    /// Contested at any time, whatever came of it.
    ComeBack,
    /// The same trouble had been closed at the same place within [`RETURNS_DAYS`].
    Again,
    /// Given more time at least twice.
    ExtendedTwice,
    /// Somebody said whether it is fixed.
    Judged,
    /// Somebody said how satisfied they are.
    Rated,
    /// Declined.
    Declined,
}

impl Case {
    /// The released title, or else the kind of trouble: what one person wrote and nobody has read over goes into no list that
    /// is taken along.
    pub fn title(&self, lang: Lang) -> String {
        title_for_public(self.title.as_deref(), &self.category, lang)
    }
}

impl Cut {
    /// Every cut, for addresses.
    pub const ALL: &'static [Cut] = &[
        Cut::All,
        Cut::Answered,
        Cut::AnsweredLate,
        Cut::Unanswered,
        Cut::Done,
        Cut::LastHour,
        Cut::DoneLate,
        Cut::Confirmed,
        Cut::Silent,
        Cut::Contested,
        Cut::Asked,
        Cut::ComeBack,
        Cut::Again,
        Cut::ExtendedTwice,
        Cut::Judged,
        Cut::Rated,
        Cut::Declined,
    ];

    /// The word in the address and in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Cut::All => "all",
            Cut::Answered => "answered",
            Cut::AnsweredLate => "answered_late",
            Cut::Unanswered => "unanswered",
            Cut::Done => "done",
            Cut::LastHour => "last_hour",
            Cut::DoneLate => "done_late",
            Cut::Confirmed => "confirmed",
            Cut::Silent => "silent",
            Cut::Contested => "contested",
            Cut::Asked => "asked",
            Cut::ComeBack => "come_back",
            Cut::Again => "again",
            Cut::ExtendedTwice => "extended_twice",
            Cut::Judged => "judged",
            Cut::Rated => "rated",
            Cut::Declined => "declined",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<Cut> {
        Cut::ALL.iter().copied().find(|c| c.as_str() == word)
    }

    /// Whether a matter is in it.
    pub fn holds(self, c: &Case) -> bool {
        let closed_by = |who: &[ClosedBy]| c.state == IssueState::Closed && c.closed_by.is_some_and(|by| who.contains(&by));
        let (confirmed, silent) = (closed_by(&[ClosedBy::Reporter, ClosedBy::Council]), closed_by(&[ClosedBy::Silence]));
        let done = c.done_at.is_some();
        match self {
            Cut::All => true,
            Cut::Answered => c.unanswered == 0 && c.late == 0,
            Cut::AnsweredLate => c.unanswered == 0 && c.late > 0,
            Cut::Unanswered => c.unanswered > 0,
            Cut::Done => done,
            Cut::LastHour => matches!((c.done_at, c.result_due), (Some(at), Some(due)) if at <= due && due - at <= Duration::hours(1)),
            Cut::DoneLate => matches!((c.done_at, c.result_due), (Some(at), Some(due)) if at > due),
            Cut::Confirmed => done && confirmed,
            Cut::Silent => done && silent,
            Cut::Contested => done && !confirmed && !silent && c.contested > 0,
            Cut::Asked => done && !confirmed && !silent && c.contested == 0,
            Cut::ComeBack => c.contested > 0,
            Cut::Again => [c.before, c.former].into_iter().flatten().any(|at| c.received_at - at <= Duration::days(RETURNS_DAYS)),
            Cut::ExtendedTwice => c.extended >= 2,
            Cut::Judged => c.yes + c.half + c.no > 0,
            Cut::Rated => c.satisfied + c.basically + c.dissatisfied > 0,
            Cut::Declined => c.state == IssueState::Declined,
        }
    }

    /// How many of these are in it.
    pub fn count(self, all: &[Case]) -> i64 {
        all.iter().filter(|c| self.holds(c)).count() as i64
    }
}

/// The matters received from one instant until another, oldest first; those merged into another are counted there, those
/// taken back by their writers nowhere. What was brought over from a former system is in none: when it
/// was answered there, and whether it was fixed, nobody here knows.
pub async fn cases(db: &impl ConnectionTrait, scope: &Scope, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Case>> {
    let (within, values) = scope.within("i");
    let n = |what: &str| format!("count(case when {what} then 1 end)");
    // SQLite takes a cross join as the order in which to look: by the matters in question, never through everything there is.
    let text = format!(
        "with c as (select i.id, i.building_id, i.number, i.category, i.place_id, i.public_title, i.state, i.closed_by, i.contested, i.received_at, \
         i.result_due, i.done_at, i.closed_at from issues i where {within} and i.received_at >= ? and i.received_at < ? and i.import_id is null and i.origin <> 'plan' and i.state not in ('merged','withdrawn')), \
         r as (select c.id as issue_id, count(*) as reports, {} as unanswered, {} as late, {} as yes, {} as half, {} as nope, \
         {} as satisfied, {} as basically, {} as dissatisfied from c cross join reports r where r.issue_id = c.id and r.withdrawn_at is null group by c.id) \
         select c.id as id, c.building_id as building_id, c.number as number, c.category as category, p.tower as tower, p.floor as floor, \
         c.public_title as title, c.state as state, c.closed_by as closed_by, c.contested as contested, c.received_at as received_at, \
         c.result_due as result_due, c.done_at as done_at, c.closed_at as closed_at, \
         (select max(e.closed_at) from issues e where e.place_id = c.place_id and e.category = c.category and e.closed_at < c.received_at \
         and e.state = 'closed' and e.origin <> 'plan') as before, \
         (select max(e.closed_at) from issue_links l join issues e on e.id = l.to_id where l.from_id = c.id and l.kind = 'returns') as former, \
         (select count(*) from tasks t cross join extensions x where t.issue_id = c.id and x.task_id = t.id and x.decision = 'granted') as extended, \
         coalesce(r.reports, 0) as reports, coalesce(r.unanswered, 0) as unanswered, coalesce(r.late, 0) as late, coalesce(r.yes, 0) as yes, \
         coalesce(r.half, 0) as half, coalesce(r.nope, 0) as no, coalesce(r.satisfied, 0) as satisfied, coalesce(r.basically, 0) as basically, \
         coalesce(r.dissatisfied, 0) as dissatisfied \
         from c join places p on p.id = c.place_id left join r on r.issue_id = c.id order by c.received_at, c.id",
        n("r.first_answered_at is null"),
        n("r.first_answered_at > r.first_answer_due"),
        n("r.answer = 'yes'"),
        n("r.answer = 'half'"),
        n("r.answer = 'no'"),
        n("r.rating = 'satisfied'"),
        n("r.rating = 'basically'"),
        n("r.rating = 'dissatisfied'"),
    );
    let rows = db.query_all_raw(sql(db, &text, values.into_iter().chain([from.into(), to.into()]))).await?;
    Ok(rows.iter().map(|r| Case::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?)
}
