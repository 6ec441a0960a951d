//! A called meeting gets another time or place: the notice is counted anew, and everybody whom it concerns is told.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;

use super::items::{self, ItemState};
use super::{ActiveModel, Meeting, MeetingState};
use crate::domain::issues;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::text;

impl Meeting {
    /// Another time, another place, or both. Where the time moves, members have as many days again as the rules give them.
    pub async fn postpone(self, act: &Act, starts_at: DateTime<Utc>, place: &str, online: Option<&str>) -> Result<Meeting> {
        self.ask_state("postpone", &[MeetingState::Called])?;
        let place = text::words("place", place, 2, 120)?;
        let online = online.map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned);
        let (moved, elsewhere) = (starts_at != self.starts_at, place != self.place || online != self.online);
        if !moved && !elsewhere {
            return Err(Refusal::new("nothing_moved").at("starts_at").into());
        }
        let rules = self.rules(act.tx()).await?;
        if starts_at <= act.at {
            return Err(Refusal::new("meeting_past").at("starts_at").into());
        }
        if moved && starts_at - act.at < self.notice_under(&rules) {
            return Err(self.short_notice(&rules).at("starts_at").into());
        }
        let (from, sequence) = (self.starts_at, self.sequence + 1);
        let away = if moved { self.end_apologies(act).await? } else { vec![] };
        let mut set = ActiveModel {
            starts_at: Set(starts_at),
            place: Set(place),
            online: Set(online),
            sequence: Set(sequence),
            told_at: Set(Some(act.at)),
            ..Default::default()
        };
        if moved {
            set.moved_from = Set(Some(from));
        }
        let meeting = self.change(act, set).await?;
        act.journal(meeting.on_self(act).await?, &Entry::MeetingMoved { number: meeting.number, from, to: starts_at, elsewhere, away }).await?;
        if moved {
            for item in items::of_meeting(act.tx(), meeting.id).await?.into_iter().filter(|i| i.state == ItemState::Listed) {
                let Some(id) = item.issue_id else { continue };
                let issue = issues::by_id(act.tx(), id).await?;
                act.journal(issue.on_self(), &Entry::ItemMoved { meeting: meeting.id, meeting_number: meeting.number, from, to: starts_at }).await?;
                issue.tell_reporters_of_meeting(act, "agenda_moved", meeting.id).await?;
            }
        }
        meeting.tell_members(act, "meeting_moved").await?;
        Ok(meeting)
    }

    /// Those whose matter was on a meeting that is not held hear it.
    pub(super) async fn tell_let_go(&self, act: &Act, agenda: &[items::Item]) -> Result<()> {
        for id in agenda.iter().filter_map(|i| i.issue_id) {
            issues::by_id(act.tx(), id).await?.tell_reporters_of_meeting(act, "agenda_off", self.id).await?;
        }
        Ok(())
    }
}
