//! A session: opened, one item at hand after the other, closed.

use sea_orm::ActiveValue::Set;

use super::items::{self, Item, ItemState};
use super::{ActiveModel, Meeting, MeetingKind, MeetingState, presence, speakers};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};

impl Meeting {
    /// Opens the session.
    pub async fn open(self, act: &Act) -> Result<Meeting> {
        // What was held on paper was called on paper, and began when it began.
        self.ask_state("open", if self.on_paper() { &[MeetingState::Draft] } else { &[MeetingState::Called] })?;
        if self.kind == MeetingKind::Written {
            return Err(Refusal::new("written_only").into());
        }
        if self.on_paper() && items::of_meeting(act.tx(), self.id).await?.is_empty() {
            return Err(Refusal::new("agenda_empty").into());
        }
        let opened_at = if self.on_paper() { self.starts_at } else { act.at };
        let set = ActiveModel { state: Set(MeetingState::Open), opened_at: Set(Some(opened_at)), ..Default::default() };
        let meeting = self.change(act, set).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MeetingOpened { number: meeting.number }).await?;
        match items::of_meeting(act.tx(), meeting.id).await?.into_iter().find(|i| i.state == ItemState::Listed) {
            Some(first) => meeting.take_up(act, &first).await,
            None => Ok(meeting),
        }
    }

    /// Takes an item up: what every screen in the session shows, and what is spoken to, until the next.
    pub async fn take_up(self, act: &Act, item: &Item) -> Result<Meeting> {
        self.ask_state("take_up", &[MeetingState::Open])?;
        if item.meeting_id != Some(self.id) {
            return Err(Error::NotFound);
        }
        if self.item_id == Some(item.id) {
            return Ok(self);
        }
        speakers::silence(act, self.id).await?;
        let set = ActiveModel { item_id: Set(Some(item.id)), item_since: Set(Some(act.at)), ..Default::default() };
        let meeting = self.change(act, set).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemTakenUp { position: item.position }).await?;
        Ok(meeting)
    }

    /// Closes the session; every item must have ended in one of the four ways.
    pub async fn close(self, act: &Act) -> Result<Meeting> {
        self.ask_state("close", &[MeetingState::Open])?;
        let items = items::of_meeting(act.tx(), self.id).await?;
        let unfinished: Vec<String> = items.iter().filter(|i| matches!(i.state, ItemState::Listed)).map(|i| i.position.to_string()).collect();
        if !unfinished.is_empty() {
            return Err(Refusal::new("items_unfinished").with("items", unfinished.join(", ")).into());
        }
        self.finish(act).await
    }

    pub(super) async fn finish(self, act: &Act) -> Result<Meeting> {
        presence::all_leave(act, self.id).await?;
        speakers::silence(act, self.id).await?;
        let set = ActiveModel { state: Set(MeetingState::Closed), closed_at: Set(Some(act.at)), ..Default::default() };
        let meeting = self.change(act, set).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MeetingClosed { number: meeting.number }).await?;
        Ok(meeting)
    }
}
