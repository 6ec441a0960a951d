//! Moving what was promised provisionally, once the year's notice is out: shown first, done at once, told to whoever
//! reported. What was promised for certain never moves.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Moved, Promised, differing, newest};
use crate::domain::journal::Entry;
use crate::domain::{issues, tasks};
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{IssueId, TaskId};
use crate::kernel::journal::On;

/// What would move by the table in force.
pub async fn movable(db: &impl ConnectionTrait, now: chrono::DateTime<chrono::Utc>, in_force: &Calendar) -> Result<Vec<Moved>> {
    let all = differing(db, now, in_force, in_force).await?;
    Ok(all.into_iter().filter(|m| m.was_provisional).collect())
}

/// A list in short, so that what is done is what was shown.
pub fn digest(moves: &[Moved]) -> String {
    let mut hash = Sha256::new();
    for m in moves {
        hash.update(m.object.as_bytes());
        hash.update(m.what.as_str());
        hash.update(m.from.timestamp_micros().to_be_bytes());
        hash.update(m.to.timestamp_micros().to_be_bytes());
    }
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// Moves the dates that were shown, all of them or none; gives how many.
pub async fn move_dates(act: &Act, seen: &str) -> Result<usize> {
    let moves = movable(act.tx(), act.at, &act.calendar()).await?;
    if moves.is_empty() {
        return Err(Refusal::new("dates_stand").into());
    }
    if digest(&moves) != seen {
        return Err(Error::Conflict);
    }
    let version = newest(act.tx()).await?.map_or(0, |m| m.version);
    let mut matters: BTreeMap<IssueId, Vec<&Moved>> = BTreeMap::new();
    for m in &moves {
        matters.entry(m.issue).or_default().push(m);
    }
    for (id, of_it) in matters {
        let issue = issues::by_id(act.tx(), id).await?;
        let mut told = false;
        for m in of_it.iter().filter(|m| m.what == Promised::Task) {
            let task = tasks::by_id(act.tx(), TaskId(m.object)).await?;
            let task = task.redate(act, m.to, m.provisional).await?;
            issue.tell_task(act, "task_redated", &task).await?;
        }
        let mut set = issues::Redated::default();
        for m in of_it.iter().filter(|m| m.what != Promised::Task) {
            told = true;
            set.provisional |= m.provisional;
            match m.what {
                Promised::Result => set.result = Some(m.to),
                Promised::Confirmation => set.confirm = Some(m.to),
                _ => set.answers.push((m.object, m.to)),
            }
        }
        let issue = if told { issue.redate(act, set).await? } else { issue };
        for m in &of_it {
            let entry = Entry::DateMoved { what: m.what, task: m.task, from: m.from, due: m.to, calendar: version };
            act.journal(issue.on_self(), &entry).await?;
        }
        issue.tell_reporters(act, "dates_moved").await?;
        if told {
            issue.tell_holder(act, "dates_moved").await?;
        }
    }
    let entry = Entry::DatesMoved { calendar: version, n: moves.len() as u64 };
    act.journal(On::new("calendar", Uuid::from_u128(version.unsigned_abs().into())), &entry).await?;
    Ok(moves.len())
}
