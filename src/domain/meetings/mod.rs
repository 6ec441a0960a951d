//! Meetings 会议 of a council, from draft to closed, and the agenda items that they treat.

pub mod apologies;
pub mod calendar;
pub mod dates;
mod ends;
pub mod feeds;
pub mod interests;
pub mod items;
pub mod minutes;
mod moving;
pub mod notes;
pub mod overtaken;
pub mod paper;
pub mod presence;
pub mod publicity;
pub mod room;
mod session;
pub mod speakers;
mod telling;
pub mod timing;
pub mod written;

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::councils::{self, Council, Rules};
use super::deliberation;
use super::issues;
use super::journal::Entry;
use super::lifts;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, ItemId, MeetingId, PersonId, RulesId};
use crate::kernel::journal::On;
use crate::kernel::text;
use items::{Item, ItemState};

/// What the journal's lines about a session are noted on.
pub const OBJECTS: &[&str] = &["meeting", "agenda_item", "resolution"];

vocabulary! {
    /// How a meeting is called.
    MeetingKind {
        Regular = "regular",
        Extraordinary = "extraordinary",
        /// Nobody comes together: the seats vote within some days.
        Written = "written",
    }
}

vocabulary! {
    /// Where a meeting stands.
    MeetingState { Draft = "draft", Called = "called", Open = "open", Closed = "closed", Cancelled = "cancelled" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meetings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingId,
    pub council_id: CouncilId,
    /// The version of the rules under which it is held.
    pub rules_id: RulesId,
    pub number: i32,
    pub kind: MeetingKind,
    pub state: MeetingState,
    pub starts_at: DateTimeUtc,
    pub place: String,
    pub online: Option<String>,
    /// SHA-256 over the agenda and papers as they were at the notice.
    pub papers_hash: Option<String>,
    pub called_at: Option<DateTimeUtc>,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    /// Rises with every change of time or place, and with the cancellation (RFC 5545 section 3.8.7.4).
    pub sequence: i32,
    /// When members were last told of time or place.
    pub told_at: Option<DateTimeUtc>,
    /// The time that had been announced before the last one.
    pub moved_from: Option<DateTimeUtc>,
    /// What the secretary has written so far, and since when it is with those who sign.
    pub minutes_draft: Option<String>,
    pub minutes_sent_at: Option<DateTimeUtc>,
    pub minutes: Option<String>,
    pub minutes_salt: Option<Vec<u8>>,
    pub minutes_hash: Option<String>,
    pub minutes_at: Option<DateTimeUtc>,
    /// What the open session has at hand.
    pub item_id: Option<ItemId>,
    pub item_since: Option<DateTimeUtc>,
    /// Until when a written procedure takes votes.
    pub votes_until: Option<DateTimeUtc>,
    /// Held on paper: who entered it, when, and until when it was held.
    pub paper_by: Option<PersonId>,
    pub paper_at: Option<DateTimeUtc>,
    pub paper_until: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Meeting;

/// When and where.
pub struct NewMeeting<'a> {
    pub kind: MeetingKind,
    pub starts_at: DateTime<Utc>,
    pub place: &'a str,
    pub online: Option<&'a str>,
    /// Of a written procedure: it takes votes from `starts_at` until then.
    pub votes_until: Option<DateTime<Utc>>,
}

/// Drafts the next meeting; nobody is told yet.
pub async fn draft(act: &Act, council: &Council, new: NewMeeting<'_>) -> Result<Meeting> {
    if new.starts_at <= act.at {
        return Err(Refusal::new("meeting_past").at("starts_at").into());
    }
    drafted(act, council, new).await
}

async fn drafted(act: &Act, council: &Council, new: NewMeeting<'_>) -> Result<Meeting> {
    let place = text::words("place", new.place, 2, 120)?;
    let rules = council.rules(act.tx()).await?;
    written::ask_window(&rules, &new)?;
    let number = council.last_meeting + 1;
    let taken = councils::Entity::update_many()
        .col_expr(councils::Column::LastMeeting, Expr::value(number))
        .filter(councils::Column::Id.eq(council.id))
        .filter(councils::Column::LastMeeting.eq(council.last_meeting))
        .exec(act.tx())
        .await?;
    if taken.rows_affected != 1 {
        return Err(Error::Conflict);
    }
    let row = ActiveModel {
        id: Set(MeetingId(act.fresh())),
        council_id: Set(council.id),
        rules_id: Set(rules.id),
        number: Set(number),
        kind: Set(new.kind),
        state: Set(MeetingState::Draft),
        starts_at: Set(new.starts_at),
        place: Set(place),
        online: Set(new.online.map(str::trim).filter(|s| !s.is_empty()).map(Into::into)),
        papers_hash: Set(None),
        called_at: Set(None),
        opened_at: Set(None),
        closed_at: Set(None),
        sequence: Set(0),
        told_at: Set(None),
        moved_from: Set(None),
        minutes_draft: Set(None),
        minutes_sent_at: Set(None),
        minutes: Set(None),
        minutes_salt: Set(None),
        minutes_hash: Set(None),
        minutes_at: Set(None),
        item_id: Set(None),
        item_since: Set(None),
        votes_until: Set(new.votes_until),
        paper_by: Set(None),
        paper_at: Set(None),
        paper_until: Set(None),
        version: Set(1),
        created_at: Set(act.at),
    };
    let meeting = row.insert(act.tx()).await?;
    act.journal(council.on("meeting", meeting.id), &Entry::MeetingDrafted { number, starts_at: new.starts_at }).await?;
    Ok(meeting)
}

/// The meetings of a council, the latest first.
pub async fn of_council(db: &impl ConnectionTrait, council: CouncilId) -> Result<Vec<Meeting>> {
    Ok(Entity::find().filter(Column::CouncilId.eq(council)).order_by_desc(Column::Number).all(db).await?)
}

/// By its number in a council.
pub async fn by_number(db: &impl ConnectionTrait, council: CouncilId, number: i32) -> Result<Meeting> {
    Entity::find().filter(Column::CouncilId.eq(council)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: MeetingId) -> Result<Meeting> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Several at once, for pages that name them.
pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<MeetingId>) -> Result<Vec<Meeting>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::StartsAt).all(db).await?)
}

impl Model {
    /// The council that meets.
    pub async fn council(&self, db: &impl ConnectionTrait) -> Result<Council> {
        councils::by_id(db, self.council_id).await
    }

    /// The rules under which it was called.
    pub async fn rules(&self, db: &impl ConnectionTrait) -> Result<Rules> {
        councils::rules_by_id(db, self.rules_id).await
    }

    pub(in crate::domain) async fn on_self(&self, act: &Act) -> Result<On> {
        Ok(self.council(act.tx()).await?.on("meeting", self.id))
    }

    pub(in crate::domain) async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Meeting> {
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Meeting> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    fn ask_state(&self, verb: &'static str, allowed: &[MeetingState]) -> Result<(), Refusal> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::new("meeting_state")
            .with("verb", format!("@meeting_verbs.{verb}"))
            .with("state", format!("@meeting_states.{}", self.state.as_str())))
    }

    /// How long before the meeting its notice must be out.
    pub fn notice_under(&self, rules: &Rules) -> Duration {
        match self.kind {
            MeetingKind::Regular => Duration::days(i64::from(rules.notice_days)),
            MeetingKind::Extraordinary | MeetingKind::Written => Duration::hours(i64::from(rules.urgent_notice_hours)),
        }
    }

    fn short_notice(&self, rules: &Rules) -> Refusal {
        match self.kind {
            MeetingKind::Regular => Refusal::new("notice_short").with("days", rules.notice_days),
            MeetingKind::Extraordinary | MeetingKind::Written => Refusal::new("notice_short_hours").with("hours", rules.urgent_notice_hours),
        }
    }

    /// Puts an item on the agenda. After the notice it can only be discussed, not decided.
    pub async fn list(self, act: &Act, item: Item) -> Result<Item> {
        self.ask_state("list", &[MeetingState::Draft, MeetingState::Called])?;
        let late = self.state != MeetingState::Draft;
        // Before the notice the question can still be written on the agenda, and the notice asks for it; after it, no more.
        if late && item.question.is_empty() {
            return Err(Refusal::new("question_first").into());
        }
        let position = items::of_meeting(act.tx(), self.id).await?.len() as i32 + 1;
        let on = self.on_self(act).await?;
        if let Some(id) = item.issue_id {
            let issue = issues::hold_by_id(act, id).await?.table(act).await?;
            act.journal(issue.on_self(), &Entry::ItemListed { meeting: self.id, meeting_number: self.number, position }).await?;
            issue.tell_reporters(act, "on_agenda").await?;
        } else {
            act.journal(on, &Entry::ItemListed { meeting: self.id, meeting_number: self.number, position }).await?;
        }
        item.listed(act, self.id, position, late).await
    }

    /// Calls the meeting: the agenda is frozen with a hash, and every member is told.
    pub async fn call(self, act: &Act) -> Result<Meeting> {
        self.ask_state("call", &[MeetingState::Draft])?;
        if self.on_paper() {
            return Err(Refusal::new("held_on_paper").into());
        }
        let items = items::of_meeting(act.tx(), self.id).await?;
        if items.is_empty() {
            return Err(Refusal::new("agenda_empty").into());
        }
        let rules = self.council(act.tx()).await?.rules(act.tx()).await?;
        if self.starts_at - act.at < self.notice_under(&rules) {
            return Err(self.short_notice(&rules).into());
        }
        if self.kind == MeetingKind::Written {
            self.ask_motions(act, &items).await?;
        }
        let hash = self.papers(act.tx()).await?;
        let (number, starts_at) = (self.number, self.starts_at);
        // What holds at the notice holds for the meeting, whatever is decided about the rules after it.
        let set = ActiveModel {
            rules_id: Set(rules.id),
            state: Set(MeetingState::Called),
            called_at: Set(Some(act.at)),
            told_at: Set(Some(act.at)),
            papers_hash: Set(Some(hash.clone())),
            ..Default::default()
        };
        let meeting = self.change(act, set).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MeetingCalled { number, starts_at, papers: hash }).await?;
        meeting.tell_members(act, if meeting.kind == MeetingKind::Written { "meeting_written" } else { "meeting_called" }).await?;
        if meeting.kind == MeetingKind::Written {
            meeting.open_motions(act, &items).await?;
        }
        Ok(meeting)
    }

    /// SHA-256 over the agenda and its papers as they stand now; the same as at the notice, unless somebody changed them past the
    /// program.
    pub async fn papers(&self, db: &impl ConnectionTrait) -> Result<String> {
        let agenda: Vec<Item> = items::of_meeting(db, self.id).await?.into_iter().filter(|i| !i.late).collect();
        let ids: Vec<ItemId> = agenda.iter().map(|i| i.id).collect();
        let (forecasts, options) = (lifts::of_items(db, ids.clone()).await?, deliberation::options_of_all(db, ids.clone()).await?);
        let clock_ins = deliberation::clock_ins_of_all(db, ids).await?;
        let mut papers = vec![];
        for i in &agenda {
            let mut paper = vec![json!(i.position), json!(i.title), json!(i.question), json!(i.papers)];
            if let Some(f) = forecasts.iter().find(|f| f.item_id == i.id) {
                paper.extend([json!(f.morning), json!(f.remedies), json!(f.source)]);
            }
            let own = options.iter().filter(|o| o.item_id == i.id);
            paper.extend(own.map(|o| json!([o.number, o.title, o.words, o.costs, o.doers])));
            let own = clock_ins.iter().filter(|c| c.item_id == i.id);
            paper.extend(own.map(|c| json!([c.number, c.day, c.first_minute, c.counts])));
            papers.push(paper);
        }
        Ok(hex::encode(Sha256::digest(serde_json::to_vec(&papers)?)))
    }

    /// Cancels a meeting that has not begun; its items go back to the council's list.
    pub async fn cancel(self, act: &Act) -> Result<Meeting> {
        self.ask_state("cancel", &[MeetingState::Draft, MeetingState::Called])?;
        let agenda: Vec<Item> = items::of_meeting(act.tx(), self.id).await?.into_iter().filter(|i| i.state == ItemState::Listed).collect();
        for item in agenda.clone() {
            item.unlist(act, self.number).await?;
        }
        let called = self.state == MeetingState::Called;
        let mut set = ActiveModel { state: Set(MeetingState::Cancelled), ..Default::default() };
        if called {
            (set.sequence, set.told_at) = (Set(self.sequence + 1), Set(Some(act.at)));
        }
        let meeting = self.change(act, set).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MeetingCancelled { number: meeting.number }).await?;
        if called {
            meeting.tell_members(act, "meeting_cancelled").await?;
            meeting.tell_let_go(act, &agenda).await?;
        }
        Ok(meeting)
    }
}
