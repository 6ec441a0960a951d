//! Written procedure 书面表决: nobody comes together; the agenda's motions are put to the vote for some days. The stored instant closes
//! them: no vote is taken after it, whether or not anything has run by then.

use chrono::{DateTime, Days, Duration, Utc};
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::items::{self, Item, ItemState};
use super::{Column, Entity, Meeting, MeetingKind, MeetingState, NewMeeting};
use crate::domain::councils::Rules;
use crate::domain::meetings;
use crate::domain::motions::{self, Method, MotionState};
use crate::domain::votes::tally::Standing;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::outbox::Address;

/// Hours before the end at which whoever has not voted is reminded.
const REMINDED: i64 = 24;

/// Fails unless a written procedure takes votes for as many days as the rules ask.
pub(super) fn ask_window(rules: &Rules, new: &NewMeeting<'_>) -> Result<(), Refusal> {
    match (new.kind, new.votes_until) {
        (MeetingKind::Written, None) => Err(Refusal::new("empty").at("votes_until")),
        (MeetingKind::Written, Some(until)) if until - new.starts_at < Duration::days(i64::from(rules.written_days)) => {
            Err(Refusal::new("written_short").with("days", rules.written_days).at("votes_until"))
        }
        // Voting windows of owners end after 60 days (杭州市物业管理条例 art. 20); no council needs longer.
        (MeetingKind::Written, Some(until)) if until - new.starts_at > Duration::days(60) => Err(Refusal::new("written_long").at("votes_until")),
        _ => Ok(()),
    }
}

impl Meeting {
    /// Whether a vote that is open can be cast at this instant.
    pub fn takes_votes(&self, now: DateTime<Utc>) -> bool {
        match (self.kind, self.votes_until) {
            (MeetingKind::Written, Some(until)) => self.state == MeetingState::Called && self.starts_at <= now && now < until,
            _ => self.state == MeetingState::Open,
        }
    }

    /// Fails unless each item has just one motion to vote on: nobody can put one later.
    pub(super) async fn ask_motions(&self, act: &Act, items: &[Item]) -> Result<()> {
        for item in items.iter().filter(|i| i.state == ItemState::Listed) {
            let drafts = motions::of_item(act.tx(), item.id).await?.into_iter().filter(|m| m.state == MotionState::Draft).count();
            if drafts != 1 {
                return Err(Refusal::new("written_motions").with("item", item.position).into());
            }
        }
        Ok(())
    }

    /// Puts every motion to the vote, by name; votes are taken from the announced instant on.
    pub(super) async fn open_motions(&self, act: &Act, items: &[Item]) -> Result<()> {
        for item in items.iter().filter(|i| i.state == ItemState::Listed) {
            for motion in motions::of_item(act.tx(), item.id).await?.into_iter().filter(|m| m.state == MotionState::Draft) {
                motion.put_to_vote(act, item, self, Method::Named).await?;
            }
        }
        Ok(())
    }

    /// Writes down what a written procedure came to. Before its end only where nobody's vote is missing.
    pub async fn settle(self, act: &Act) -> Result<Meeting> {
        if self.kind != MeetingKind::Written || self.state != MeetingState::Called {
            return Err(Refusal::new("meeting_state")
                .with("verb", "@meeting_verbs.close")
                .with("state", format!("@meeting_states.{}", self.state.as_str()))
                .into());
        }
        for item in items::of_meeting(act.tx(), self.id).await?.into_iter().filter(|i| i.state == ItemState::Listed) {
            for motion in motions::of_item(act.tx(), item.id).await?.into_iter().filter(|m| m.state == MotionState::Open) {
                motion.close(act, 0).await?;
            }
            let item = items::by_id(act.tx(), item.id).await?;
            if item.state == ItemState::Listed {
                item.not_carried(act).await?;
            }
        }
        self.finish(act).await
    }
}

async fn called(house: &House) -> Result<Vec<Meeting>> {
    let called = Entity::find().filter(Column::Kind.eq(MeetingKind::Written)).filter(Column::State.eq(MeetingState::Called));
    Ok(called.order_by_asc(Column::VotesUntil).all(house.read()).await?)
}

/// Written procedures whose time is over are written down. Gives how many.
pub async fn settle_due(house: &House) -> Result<usize> {
    let mut n = 0;
    for meeting in called(house).await?.into_iter().filter(|m| m.votes_until.is_some_and(|until| until <= house.now())) {
        let act = house.act(Actor::System).await?;
        match meetings::by_id(act.tx(), meeting.id).await?.settle(&act).await {
            Ok(_) => {
                act.commit().await?;
                n += 1;
            }
            // Another process was first.
            Err(Error::Conflict | Error::Refused(_)) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

/// Whoever has not voted a day before the end is reminded, once.
pub async fn remind_due(house: &House) -> Result<usize> {
    let now = house.now();
    let ends = |m: &Meeting| m.takes_votes(now) && m.votes_until.is_some_and(|until| until - now <= Duration::hours(REMINDED));
    for meeting in called(house).await?.into_iter().filter(ends) {
        remind(house, &meeting).await?;
    }
    Ok(0)
}

async fn remind(house: &House, meeting: &Meeting) -> Result<()> {
    let mut missing = vec![];
    for item in items::of_meeting(house.read(), meeting.id).await? {
        for motion in motions::of_item(house.read(), item.id).await?.into_iter().filter(|m| m.state == MotionState::Open) {
            let roll = motion.roll(house.read()).await?;
            let seats = roll.seats.iter().filter(|(s, standing, _)| *standing == Standing::Absent && !roll.has_voted(s.id));
            missing.extend(seats.flat_map(|(s, ..)| [s.person_id, s.deputy_id]).flatten());
        }
    }
    missing.sort();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let act = house.act(Actor::System).await?;
    for person in missing {
        let once = format!("written-ends/{}/{}", meeting.id.0.simple(), person.0.simple());
        act.owe("meeting_written_ends", Address::Person(person), &json!({ "meeting": meeting.id }), Some(once)).await?;
    }
    act.commit().await
}

impl Item {
    /// Voted on and not carried: it waits on the council's list again from the next day on.
    async fn not_carried(self, act: &Act) -> Result<Item> {
        let next = act.calendar().date_of(act.at) + Days::new(1);
        self.defer(act, &next.to_string()).await
    }
}
