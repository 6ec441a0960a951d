//! The lift case: 498 reports of one matter, a first remedy that failed, a second that worked. What was decided in the
//! sessions is in `demo/councils.toml`; here are the reports, the answers, the figures and the front page.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};
use serde::Deserialize;

use super::cue::{Cue, Desk, Player};
use super::history::{Deed, History, Move, Said, Script, Scripted, instant};
use super::rhythm::Rhythm;
use super::{at, data};
use crate::domain::effect_checks::{Figure, NewMeasurement, Phase};
use crate::domain::messages::Voice;
use crate::domain::reports::{Answer, Channel};
use crate::kernel::error::{Error, Result};

/// `demo/lift_case.toml`.
#[derive(Deserialize)]
pub struct LiftCase {
    weeks: Vec<usize>,
    firms: Vec<String>,
    noted: Noted,
    yes: usize,
    half: usize,
    no: usize,
    said: Vec<String>,
    answers: Vec<String>,
    pub edition: FrontPage,
    #[serde(rename = "matter")]
    matters: Vec<Scripted>,
}

#[derive(Deserialize)]
struct Noted {
    week: usize,
    on: String,
    words: String,
}

/// The edition in which it was published.
#[derive(Clone, Deserialize)]
pub struct FrontPage {
    pub headline: String,
    pub summary: String,
    pub words: String,
    #[serde(rename = "story")]
    pub stories: Vec<Story>,
}

/// Another story of that edition.
#[derive(Clone, Deserialize)]
pub struct Story {
    pub key: String,
    pub headline: String,
    pub summary: String,
    pub words: String,
}

/// The figures of the case, in the order in which they were measured.
#[derive(Clone, Copy)]
pub enum Measured {
    Before,
    AfterStaggering,
    AfterTheMove,
}

/// The day of the first report.
const BEGINS: (i32, u32, u32) = (2026, 3, 2);
/// Reports of the first week that are written in the script: one of its own, six that came by merging.
const SCRIPTED: usize = 7;

/// Reads the case.
pub fn read() -> Result<LiftCase> {
    data::read("lift_case", include_str!("../../../demo/lift_case.toml"))
}

impl LiftCase {
    /// The scripts of the case and its neighbours.
    pub fn scripts(&mut self) -> Vec<Scripted> {
        std::mem::take(&mut self.matters)
    }

    /// By which its matters are known.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.matters.iter().map(|m| m.key.as_str())
    }

    /// Everything else that happens to the matter with this number in the history.
    pub fn plan(&self, history: &mut History, rhythm: &mut Rhythm, m: usize) -> Result<()> {
        let (y, mo, d) = BEGINS;
        let monday = NaiveDate::from_ymd_opt(y, mo, d).unwrap_or_default();
        let mut joined: Vec<(DateTime<Utc>, Option<&str>)> = vec![];
        for (w, n) in self.weeks.iter().enumerate() {
            joined.extend(self.week(rhythm, w + 1, *n, monday + Duration::weeks(w as i64))?);
        }
        joined.sort();
        let mut s = Script::default();
        for (k, (t, words)) in joined.iter().enumerate() {
            let words = words.map_or_else(|| if k % 5 < 2 { self.said[rhythm.below(self.said.len())].clone() } else { String::new() }, str::to_owned);
            let mut said = Said::by_somebody(rhythm, &history.world.homes[0], true, &words);
            // Half of them work where most people do; the others spread over ten more firms.
            said.who.organisation = match k % 10 {
                0..5 => Some(&self.firms[0]),
                5..9 => Some(&self.firms[1 + (k / 10 * 4 + k % 10) % (self.firms.len() - 1)]),
                _ => None,
            }
            .map(|slug| history.world.organisation(slug).map(|o| o.id))
            .transpose()?;
            said.photo = (k % 23 == 0).then_some(k % 2);
            if said.photo.is_some() {
                said.channel = Channel::Poster;
            }
            s.moves.push((*t, Move::MeToo(said)));
        }
        self.answer(rhythm, &mut s, &joined);
        self.asked(rhythm, &mut s)?;
        history.extend(m, s);
        for (on, what) in
            [("2026-03-09 11:10", Measured::Before), ("2026-04-17 11:05", Measured::AfterStaggering), ("2026-06-18 11:05", Measured::AfterTheMove)]
        {
            history.at(instant(on)?, Deed::Measured(m, what));
        }
        Ok(())
    }

    /// The reports of one week: on working days, most between ten past nine and ten.
    fn week(&self, rhythm: &mut Rhythm, week: usize, n: usize, monday: NaiveDate) -> Result<Vec<(DateTime<Utc>, Option<&str>)>> {
        let days: Vec<NaiveDate> = monday.iter_days().take(7).filter(|d| rhythm.calendar.is_working(*d)).collect();
        // The last two weeks end with the measuring on 18 June.
        let days: Vec<NaiveDate> = if week == self.weeks.len() { days.into_iter().take(3).collect() } else { days };
        let mut out = vec![];
        let mut n = if week == 1 { n - SCRIPTED } else { n };
        let mut from = None;
        if week == self.noted.week {
            let noted = instant(&self.noted.on)?;
            // Those before it in the week came on the days before; those after it later.
            let before = 173 - self.weeks[..week - 1].iter().sum::<usize>();
            for _ in 0..before {
                out.push((rush(rhythm, monday), None));
            }
            out.push((noted, Some(self.noted.words.as_str())));
            n -= before + 1;
            from = Some(noted + Duration::minutes(1));
        }
        for _ in 0..n {
            let t = loop {
                let day = days[rhythm.weighted(days.iter().map(|d| 12 - d.weekday().num_days_from_monday()))];
                let t = rush(rhythm, day);
                let opening = week == 1 && t < at(monday, 9, 40);
                if from.is_none_or(|f| t > f) && !opening {
                    break t;
                }
            };
            out.push((t, None));
        }
        Ok(out)
    }

    /// Those who have had no answer yet get one, on most working days.
    fn answer(&self, rhythm: &mut Rhythm, s: &mut Script, joined: &[(DateTime<Utc>, Option<&str>)]) {
        let (Some((first, _)), Some((last, _))) = (joined.first(), joined.last()) else { return };
        let (first, last) = (rhythm.calendar.date_of(*first), rhythm.calendar.date_of(*last));
        let mut since = at(first, 0, 0);
        let days = first.iter_days().skip(3).take_while(|d| *d <= last + Duration::days(1));
        let days: Vec<NaiveDate> = days.filter(|d| rhythm.calendar.is_working(*d)).collect();
        for (i, day) in days.into_iter().enumerate() {
            let t = at(day, 17, 30);
            let waiting = joined.iter().filter(|(x, _)| *x > since && *x < t).count();
            if waiting > 0 && rhythm.percent(if waiting > 3 { 92 } else { 70 }) {
                s.moves.push((t, Move::Say(Voice::Reporters, self.answers[i % self.answers.len()].clone())));
                since = t;
            }
        }
    }

    /// What the reporters said when they were asked: after the first remedy, and after the second.
    fn asked(&self, rhythm: &mut Rhythm, s: &mut Script) -> Result<()> {
        for k in 0..15 {
            // More "no" than "yes" would have sent it back to work at once; a shorter queue is a queue.
            let t = rhythm.work(instant("2026-03-24 09:30")?, 0, 1500);
            s.moves.push((t, Move::Answer { report: k * 9 + 2, answer: Answer::Half }));
        }
        let all = self.yes + self.half + self.no;
        for k in 0..all {
            let answer = if k % 71 == 33 {
                Answer::No
            } else if k % 15 == 7 && k < 15 * self.half {
                Answer::Half
            } else {
                Answer::Yes
            };
            let t = rhythm.work(instant("2026-05-11 09:00")?, 0, 5 * 540 - 60);
            s.moves.push((t, Move::Answer { report: k * 29 / 10, answer }));
        }
        Ok(())
    }
}

fn rush(rhythm: &mut Rhythm, day: NaiveDate) -> DateTime<Utc> {
    let minutes = match rhythm.below(100) {
        0..74 => rhythm.between(8, 58),
        74..86 => rhythm.between(-30, 8),
        86..94 => rhythm.between(180, 250),
        _ => rhythm.between(540, 620),
    };
    at(day, 9, 5) + Duration::minutes(minutes) + Duration::seconds(rhythm.between(0, 59))
}

impl History {
    /// Writes down the three figures of the case at one of its three times.
    pub async fn measured<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, m: usize, what: Measured) -> Result<()> {
        let (phase, wait, late, down) = match what {
            Measured::Before => (Phase::Before, 184, 412, 21),
            Measured::AfterStaggering => (Phase::AfterFailed, 139, 355, 17),
            Measured::AfterTheMove => (Phase::After, 46, 0, 4),
        };
        let figures = [
            (Figure::WaitMedian, "候梯时长，中位", "分钟", 1, wait, Some(20), "10:30至11:00，每次20人计时，秘书和物业一起读表"),
            (Figure::LateMarks, "因候梯迟到", "人次/周", 0, late, None, "禾迅电商报出，只报人次"),
            (Figure::WaitDownLongest, "其他单位下行最长候梯", "分钟", 0, down, Some(12), "博睿森、云岫软件、叠石建筑设计各记四趟"),
        ];
        let (keeper, issue) = (self.world.secretary(0)?, self.id(m)?);
        for (i, (figure, label, unit, decimals, value, sample, source)) in figures.into_iter().enumerate() {
            let figure = NewMeasurement { figure, label, unit, decimals, value, phase, sample, source };
            p.play(t + Duration::minutes(i as i64), keeper.clone(), Cue::Issue(issue, Desk::Measure(figure))).await?;
        }
        Ok(())
    }
}

/// A key that the case's files must hold.
pub fn key(keys: &std::collections::HashMap<String, usize>, key: &str) -> Result<usize> {
    keys.get(key).copied().ok_or_else(|| Error::broken(format!("no matter {key}")))
}
