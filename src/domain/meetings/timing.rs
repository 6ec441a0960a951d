//! The agenda with times: so many minutes for each item, moved up and down until the notice goes out.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ActiveValue::Set;

use super::items::{self, ActiveModel, Competence, Item, ItemState};
use super::{Meeting, MeetingState};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};

/// Most minutes of one item.
pub const LONGEST: i32 = 240;

/// Minutes that a meeting takes at least in people's calendars.
const SHORTEST: i64 = 30;

impl Item {
    /// Minutes planned for it. Where nobody said: what is to be decided takes longer than what is only discussed or passed on to
    /// whoever decides it. A rule of thumb of ours, no source's.
    pub fn planned(&self) -> i32 {
        self.minutes.unwrap_or(match (self.late, self.competence) {
            (true, _) => 10,
            (false, Competence::Council) => 20,
            (false, _) => 15,
        })
    }

    /// Whether the meeting still has to deal with it.
    fn waits(&self) -> bool {
        self.state == ItemState::Listed
    }
}

/// When each item that waits is to begin, by its place on the agenda.
pub fn clock(starts_at: DateTime<Utc>, items: &[Item]) -> Vec<(i32, DateTime<Utc>)> {
    let mut at = starts_at;
    let mut out = vec![];
    for item in items.iter().filter(|i| i.waits()) {
        out.push((item.position, at));
        at += Duration::minutes(i64::from(item.planned()));
    }
    out
}

/// Until when a meeting is planned to last.
pub fn ends_at(starts_at: DateTime<Utc>, items: &[Item]) -> DateTime<Utc> {
    let planned: i64 = items.iter().filter(|i| i.waits()).map(|i| i64::from(i.planned())).sum();
    starts_at + Duration::minutes(planned.max(SHORTEST))
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
}

impl Meeting {
    /// Sets how many minutes items take, by their places; none is the rule of thumb. Then moves one of them a step.
    pub async fn arrange(self, act: &Act, minutes: &[(i32, Option<i32>)], step: Option<(i32, Step)>) -> Result<Meeting> {
        self.ask_state("arrange", &[MeetingState::Draft])?;
        if let Some((place, _)) = minutes.iter().find(|(_, m)| m.is_some_and(|m| !(1..=LONGEST).contains(&m))) {
            return Err(Refusal::new("minutes_range").with("most", LONGEST).with("p", *place).at("minutes").into());
        }
        let mut agenda = items::of_meeting(act.tx(), self.id).await?;
        for item in &mut agenda {
            let Some((_, wanted)) = minutes.iter().find(|(p, _)| *p == item.position) else { continue };
            if *wanted != item.minutes {
                *item = item.clone().change(act, ActiveModel { minutes: Set(*wanted), ..Default::default() }).await?;
            }
        }
        if let Some((place, step)) = step {
            let i = agenda.iter().position(|i| i.position == place).ok_or_else(|| Refusal::new("unknown_choice"))?;
            let other = match step {
                Step::Up => i.checked_sub(1),
                Step::Down => Some(i + 1),
            };
            // At the end of the list there is nowhere to go.
            if let Some(j) = other.filter(|j| *j < agenda.len()) {
                let (a, b) = (agenda[i].position, agenda[j].position);
                agenda[i] = agenda[i].clone().change(act, ActiveModel { position: Set(b), ..Default::default() }).await?;
                agenda[j] = agenda[j].clone().change(act, ActiveModel { position: Set(a), ..Default::default() }).await?;
            }
        }
        let total = agenda.iter().filter(|i| i.waits()).map(Item::planned).sum();
        let meeting = self.change(act, super::ActiveModel { ..Default::default() }).await?;
        act.journal(meeting.on_self(act).await?, &Entry::AgendaArranged { number: meeting.number, minutes: total }).await?;
        Ok(meeting)
    }
}
