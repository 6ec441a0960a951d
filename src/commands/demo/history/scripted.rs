//! Matters whose every move is written down in the data: the lift case, and what is on the desks today.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use serde::Deserialize;

use super::matters::Script;
use super::moves::{Matter, Move};
use super::reporters::Said;
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::world::World;
use crate::domain::categories;
use crate::domain::messages::Voice;
use crate::domain::reports::{Answer, Channel, MayKnow};
use crate::domain::tasks::StopReason;
use crate::kernel::calendar::BEIJING;
use crate::kernel::error::{Error, Result};

/// A matter and what happens to it.
#[derive(Deserialize)]
pub struct Scripted {
    /// By which others refer to it.
    pub key: String,
    pub building: String,
    pub place: String,
    pub category: String,
    pub title: String,
    #[serde(default)]
    pub summary: String,
    pub moves: Vec<Line>,
}

/// One line of a script. Its instant is `on`, or so many working days `back` from today.
#[derive(Deserialize)]
pub struct Line {
    on: Option<String>,
    back: Option<u32>,
    /// Hour and minute with `back`; without it, minutes before now.
    at: Option<String>,
    minutes: Option<i64>,
    r#do: Do,
    #[serde(default)]
    words: String,
    /// A slug, or the key of another matter.
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    days: u32,
    /// How many people join, spread over the time until now or `until`.
    #[serde(default)]
    people: usize,
    until: Option<u32>,
    until_on: Option<String>,
    #[serde(default)]
    report: usize,
    answer: Option<Answer>,
    channel: Option<Channel>,
    may_know: Option<MayKnow>,
    #[serde(default)]
    photos: usize,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Do {
    File,
    Join,
    Release,
    Accept,
    Decline,
    Offer,
    TakeOver,
    Refuse,
    Shelve,
    Merge,
    Ask,
    Reply,
    Say,
    Parties,
    Internal,
    Nominate,
    Dispatch,
    Acknowledge,
    Begin,
    StopReporter,
    StopPart,
    RunClock,
    TaskDone,
    SendBack,
    Verify,
    Done,
    Answer,
    Lapse,
}

impl Scripted {
    /// The matter and its script; `keys` finds other matters of the same file.
    pub fn plan(self, world: &World, rhythm: &mut Rhythm, now: DateTime<Utc>, keys: &dyn Fn(&str) -> Option<usize>) -> Result<(Matter, Script)> {
        let home = world.home(&self.building)?;
        let place = world.homes[home].place(&self.place)?.clone();
        let category = categories::find(&self.category).ok_or_else(|| Error::broken(format!("no category {}", self.category)))?;
        let mut s = Script::default();
        for line in self.moves {
            let t = line.instant(rhythm, now)?;
            let w = line.words;
            let mv = match line.r#do {
                Do::File | Do::Join => {
                    let file = matches!(line.r#do, Do::File);
                    let poster = world.homes[home].poster_at(place.id).is_some();
                    if !file && line.people > 0 {
                        let last = match (&line.until_on, line.until) {
                            (Some(on), _) => instant(on)?,
                            (None, Some(back)) => back_from(rhythm, now, back, 18, 0),
                            (None, None) => now - Duration::minutes(20),
                        };
                        let texts: Vec<&str> = w.split('|').collect();
                        for (i, t) in rhythm.instants(line.people, t, last.max(t + Duration::hours(1))).into_iter().enumerate() {
                            let words = if i % 3 == 0 { texts[i / 3 % texts.len()] } else { "" };
                            let said = Said { photo: None, ..Said::by_somebody(rhythm, &world.homes[home], poster, words) };
                            s.moves.push((t, Move::MeToo(said)));
                        }
                        continue;
                    }
                    let mut said = Said::by_somebody(rhythm, &world.homes[home], poster, &w);
                    said.channel = line.channel.unwrap_or(said.channel);
                    said.may_know = line.may_know.unwrap_or(said.may_know);
                    said.photo = (line.photos > 0).then_some(0);
                    if file { Move::File(said) } else { Move::MeToo(said) }
                }
                Do::Release => Move::Release { summary: (!self.summary.is_empty()).then(|| self.summary.clone()) },
                Do::Accept => Move::Accept(w),
                Do::Decline => Move::Decline { reason: line.reason, words: w },
                Do::Offer => Move::Offer { to: line.to, reason: line.reason, words: w },
                Do::TakeOver => Move::TakeOver(w),
                Do::Refuse => Move::Refuse { reason: line.reason, words: w },
                Do::Shelve => Move::Shelve { plan: w, days: line.days.into() },
                Do::Merge => {
                    let other = keys(&line.to).ok_or_else(|| Error::broken(format!("no matter {}", line.to)))?;
                    Move::MergeInto { other, reason: line.reason, words: w }
                }
                Do::Ask => Move::Ask(w),
                Do::Reply => Move::Reply(w),
                Do::Say => Move::Say(Voice::Reporters, w),
                Do::Parties => Move::Say(Voice::Parties, w),
                Do::Internal => Move::Say(Voice::Internal, w),
                Do::Nominate => Move::Nominate,
                Do::Dispatch => Move::Dispatch { to: (!line.to.is_empty()).then_some(line.to), words: w, days: line.days },
                Do::Acknowledge => Move::Acknowledge,
                Do::Begin => Move::Begin,
                Do::StopReporter => Move::StopClock(StopReason::Reporter, w),
                Do::StopPart => Move::StopClock(StopReason::Part, w),
                Do::RunClock => Move::RunClock,
                Do::TaskDone => Move::TaskDone { evidence: w, photos: line.photos },
                Do::SendBack => Move::SendBack(w),
                Do::Verify => Move::Verify { by_secretary: true },
                Do::Done => Move::Done(w),
                Do::Answer => Move::Answer { report: line.report, answer: line.answer.unwrap_or(Answer::Yes) },
                Do::Lapse => {
                    s.lapses.push(t);
                    continue;
                }
            };
            s.moves.push((t, mv));
        }
        Ok((Matter { home, place, category, title: self.title, issue: None, reports: vec![] }, s))
    }
}

impl Line {
    fn instant(&self, rhythm: &mut Rhythm, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        if let Some(minutes) = self.minutes {
            return Ok(now - Duration::minutes(minutes));
        }
        if let Some(on) = &self.on {
            return instant(on);
        }
        let at = self.at.as_deref().unwrap_or("10:00");
        let (h, m) = at.split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?))).unwrap_or((10, 0));
        Ok(back_from(rhythm, now, self.back.unwrap_or(0), h, m))
    }
}

/// So many working days before today.
pub fn back_from(rhythm: &Rhythm, now: DateTime<Utc>, back: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    let mut day: NaiveDate = rhythm.calendar.date_of(now);
    let mut left = back;
    while left > 0 {
        day -= Duration::days(1);
        left -= u32::from(rhythm.calendar.is_working(day));
    }
    crate::commands::demo::at(day, hour, minute)
}

/// `2026-03-02 09:31`, in the district.
pub fn instant(text: &str) -> Result<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").map_err(|_| Error::broken(format!("not an instant: {text}")))?;
    BEIJING.from_local_datetime(&naive).single().map(|t| t.to_utc()).ok_or_else(|| Error::broken(format!("not an instant: {text}")))
}
