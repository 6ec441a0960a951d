//! Ordinary matters: each with a fate of its own, planned ahead; what lies behind today does not happen, and so every
//! state is on the desks.

use chrono::{DateTime, Duration, Utc};

use super::moves::{Matter, Move};
use super::reporters::Said;
use super::words::{Text, Words};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::world::{Home, World};
use crate::domain::buildings::{Place, PlaceKind};
use crate::domain::categories::{self, Category, Limit};
use crate::domain::messages::Voice;
use crate::domain::reports::Answer;
use crate::domain::tasks::StopReason;
use crate::kernel::error::{Error, Result};

/// What becomes of a matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Worked on and done.
    Ordinary,
    /// Said to be done, and was not.
    Contested,
    Declined,
    Withdrawn,
    /// Somebody else had said it already: joined to that matter.
    Merged(usize),
    LongTerm,
    /// Offered to another organisation, which takes it or not.
    Transferred {
        taken: bool,
    },
    /// Closed by silence, and back again.
    Reopened,
}

/// Moves with their instants, and the instants at which reporters' time lapses.
#[derive(Default)]
pub struct Script {
    pub moves: Vec<(DateTime<Utc>, Move)>,
    pub lapses: Vec<DateTime<Utc>>,
}

/// A matter that others may join, while it is open.
struct Open {
    matter: usize,
    home: usize,
    text: usize,
    place: Place,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// Plans matters one after another.
pub struct Planner<'w> {
    pub world: &'w World,
    pub words: &'w Words,
    pub rhythm: &'w mut Rhythm,
    open: Vec<Open>,
}

impl<'w> Planner<'w> {
    /// A planner with its chances.
    pub fn new(world: &'w World, words: &'w Words, rhythm: &'w mut Rhythm) -> Self {
        Self { world, words, rhythm, open: vec![] }
    }

    /// Plans the matter with this number in the history, filed at this instant.
    pub fn ordinary(&mut self, number: usize, home: usize, filed: DateTime<Utc>) -> Result<(Matter, Script)> {
        let month = self.rhythm.month(filed);
        let texts: Vec<usize> = (0..self.words.matters.len())
            .filter(|i| {
                let t = &self.words.matters[*i];
                t.weight > 0 && (t.months.is_empty() || t.months.contains(&month))
            })
            .collect();
        let mut text = texts[self.rhythm.weighted(texts.iter().map(|i| self.words.matters[*i].weight))];
        let mut place = self.place(&self.world.homes[home], &self.words.matters[text]);
        let fate = self.fate(home, &self.words.matters[text], filed);
        if let Fate::Merged(other) = fate
            && let Some(o) = self.open.iter().find(|o| o.matter == other)
        {
            (text, place) = (o.text, o.place.clone());
        }
        let words = &self.words.matters[text];
        let category = categories::find(&words.category).ok_or_else(|| Error::broken(format!("demo/words.toml: no category {}", words.category)))?;
        let (script, done) = self.script(home, words, category, &place, filed, fate);
        if fate == Fate::Ordinary {
            self.open.push(Open { matter: number, home, text, place: place.clone(), from: filed, until: done });
        }
        let matter = Matter { home, place, category, title: words.title.clone(), issue: None, reports: vec![] };
        Ok((matter, script))
    }

    fn place(&mut self, home: &Home, text: &Text) -> Place {
        let mut all = home.places_of(&text.places);
        if all.is_empty() {
            all = home.places_of(&[PlaceKind::Lobby]);
        }
        all[self.rhythm.below(all.len())].clone()
    }

    fn fate(&mut self, home: usize, text: &Text, filed: DateTime<Utc>) -> Fate {
        let belongs_elsewhere = matches!(text.category.as_str(), "park.bike" | "park.ev" | "biz.policy");
        if belongs_elsewhere && self.rhythm.percent(40) {
            return Fate::Transferred { taken: self.rhythm.percent(72) };
        }
        match self.rhythm.below(100) {
            0..7 => Fate::Contested,
            7..12 => Fate::Declined,
            12..15 => Fate::Withdrawn,
            15..18 => Fate::LongTerm,
            18..20 => Fate::Reopened,
            20..34 => {
                // An hour must be left for the desk to see that they are the same.
                let joinable = |o: &&Open| o.home == home && o.from < filed && filed + Duration::hours(1) < o.until;
                self.open.iter().rev().find(joinable).map_or(Fate::Ordinary, |o| Fate::Merged(o.matter))
            }
            _ => Fate::Ordinary,
        }
    }

    fn said(&mut self, home: usize, place: &Place, words: &str) -> Said {
        let home = &self.world.homes[home];
        let poster = home.poster_at(place.id).is_some();
        Said::by_somebody(self.rhythm, home, poster, words)
    }

    fn line(&mut self, of: &'w [String]) -> String {
        self.rhythm.one(of).cloned().unwrap_or_default()
    }

    /// The whole life of a matter, and until when it is worked on.
    fn script(
        &mut self,
        home: usize,
        text: &'w Text,
        category: &Category,
        place: &Place,
        filed: DateTime<Utc>,
        fate: Fate,
    ) -> (Script, DateTime<Utc>) {
        let speech = &self.words.speech;
        let mut s = Script::default();
        let words = self.line(&text.words);
        let first = self.said(home, place, &words);
        let summary = first.who.name.is_some().then(|| text.title.clone());
        s.moves.push((filed, Move::File(first)));
        let urgent = matches!(category.first, Limit::Hours(_));
        let answer = match (urgent, self.rhythm.percent(7)) {
            (true, false) => self.rhythm.soon(filed, 6, 50),
            (true, true) => self.rhythm.soon(filed, 130, 400),
            (false, false) => self.rhythm.work(filed, 10, 420),
            (false, true) => self.rhythm.work(filed, 1100, 1800),
        };
        if fate == Fate::Withdrawn {
            s.moves.push((filed + (answer - filed) / 2, Move::Withdraw));
            return (s, answer);
        }
        let released = self.rhythm.work(filed, 40, 900);
        s.moves.push((released, Move::Release { summary }));
        match fate {
            Fate::Declined => {
                if let Some(d) = self.rhythm.one(&self.words.declines) {
                    s.moves.push((answer, Move::Decline { reason: d.reason.clone(), words: d.words.clone() }));
                }
                return (s, answer);
            }
            Fate::Merged(into) => {
                let t = self.rhythm.soon(filed, 15, 45);
                // Whose turn it is, not by chance: what follows stays as it was.
                if let Some(said) = self.words.merges.get(into % self.words.merges.len().max(1)) {
                    s.moves.push((t, Move::MergeInto { other: into, reason: said.reason.clone(), words: said.words.clone() }));
                }
                return (s, answer);
            }
            Fate::Transferred { taken } => return self.transferred(s, home, text, place, answer, taken),
            _ => {}
        }
        s.moves.push((answer, Move::Accept(text.answer.clone())));
        let mut from = answer;
        if fate == Fate::LongTerm {
            let shelved = self.rhythm.days(answer, 1, 3);
            let plan = self.rhythm.one(&self.words.plans).map(|p| p.plan.clone()).unwrap_or_default();
            s.moves.push((shelved, Move::Shelve { plan, days: 91 }));
            from = self.rhythm.days(shelved, 50, 70);
            s.moves.push((from, Move::Resume));
        } else if self.rhythm.percent(9) {
            from = self.rhythm.work(answer, 10, 90);
            s.moves.push((from, Move::Ask(self.line(&speech.ask))));
        }
        let worked = self.worked(&mut s, text, urgent, from, text.by.as_deref());
        let others = self.join(&mut s, home, place, filed, worked);
        let asked = self.finished(&mut s, text, worked, others, if fate == Fate::Contested { Answer::No } else { Answer::Yes });
        match fate {
            Fate::Contested => {
                let again = self.rhythm.work(asked, 30, 300);
                let worked = self.worked(&mut s, text, urgent, again, text.by.as_deref());
                self.finished(&mut s, text, worked, others, Answer::Yes);
                (s, worked)
            }
            Fate::Reopened => {
                let back = self.rhythm.days(asked, 3, 15);
                s.moves.push((back, Move::Reopen));
                let again = self.rhythm.work(back, 20, 200);
                let worked = self.worked(&mut s, text, urgent, again, text.by.as_deref());
                self.finished(&mut s, text, worked, others, Answer::Yes);
                (s, worked)
            }
            _ => (s, worked),
        }
    }

    fn transferred(&mut self, mut s: Script, home: usize, text: &'w Text, place: &Place, at: DateTime<Utc>, taken: bool) -> (Script, DateTime<Utc>) {
        let to = match text.category.as_str() {
            "park.bike" => "chengguan",
            "park.ev" => "pingan",
            _ => "yingshang",
        };
        let Some(t) = self.words.transfers.iter().find(|t| t.to == to) else { return (s, at) };
        s.moves.push((at, Move::Offer { to: t.to.clone(), reason: t.reason.clone(), words: t.words.clone() }));
        let answered = self.rhythm.work(at, 60, 480);
        let mut from = answered;
        if taken {
            s.moves.push((answered, Move::TakeOver(t.taken.clone())));
        } else {
            s.moves.push((answered, Move::Refuse { reason: "not_our_area".into(), words: t.refused.clone() }));
            from = self.rhythm.work(answered, 10, 120);
            s.moves.push((from, Move::Accept(text.answer.clone())));
        }
        let worked = self.worked(&mut s, text, false, from, None);
        let others = self.join(&mut s, home, place, at, worked);
        self.finished(&mut s, text, worked, others, Answer::Yes);
        (s, worked)
    }

    /// A task from dispatch to done; gives when it was done.
    fn worked(&mut self, s: &mut Script, text: &'w Text, urgent: bool, from: DateTime<Utc>, by: Option<&str>) -> DateTime<Utc> {
        let speech = &self.words.speech;
        let asked = matches!(s.moves.last(), Some((_, Move::Ask(_))));
        let step = |r: &mut Rhythm, t, least, most| if urgent { r.soon(t, least / 2, most / 2) } else { r.work(t, least, most) };
        let mut t = step(self.rhythm, from, 5, 100);
        s.moves.push((t, Move::Dispatch { to: by.map(Into::into), words: text.task.clone(), days: text.days }));
        t = step(self.rhythm, t, 8, 160);
        s.moves.push((t, Move::Acknowledge));
        if by.is_some() && self.rhythm.percent(12) {
            let words = self.line(&speech.parties);
            s.moves.push((t + Duration::minutes(4), Move::Say(Voice::Parties, words)));
        }
        if asked {
            let words = self.rhythm.one(&speech.ask).cloned().unwrap_or_default();
            s.moves.push((t + Duration::minutes(6), Move::StopClock(StopReason::Reporter, words)));
            let replied = self.rhythm.days(t, 0, 1);
            let replied = self.rhythm.awake(replied) + Duration::minutes(8);
            s.moves.push((replied, Move::Reply(self.line(&speech.reply))));
            t = self.rhythm.work(replied, 10, 200);
            s.moves.push((t, Move::RunClock));
        }
        t = step(self.rhythm, t, 20, 240);
        s.moves.push((t, Move::Begin));
        if !urgent && self.rhythm.percent(7) {
            let stopped = self.rhythm.work(t, 20, 120);
            s.moves.push((stopped, Move::StopClock(StopReason::Part, self.line(&speech.part))));
            t = self.rhythm.days(stopped, 1, 4);
            s.moves.push((t, Move::RunClock));
        }
        if self.rhythm.percent(6) {
            s.moves.push((t + Duration::minutes(9), Move::Say(Voice::Internal, self.line(&speech.internal))));
        }
        let days = i64::from(text.days);
        let done = match (urgent, self.rhythm.percent(10)) {
            (true, false) => self.rhythm.soon(t, 40, 60 * 9),
            (true, true) => self.rhythm.soon(t, 60 * 26, 60 * 50),
            (false, false) => self.rhythm.work(t, 60, (days * 540 * 7 / 10).max(200)),
            (false, true) => self.rhythm.days(t, days + 1, days + 4),
        };
        if (done - t) > Duration::hours(20) && self.rhythm.percent(70) {
            let said = self.rhythm.work(t, 120, 400);
            if said < done {
                s.moves.push((said, Move::Say(Voice::Reporters, self.line(&speech.progress))));
            }
        }
        let photos = usize::from(self.rhythm.percent(35));
        s.moves.push((done, Move::TaskDone { evidence: text.evidence.clone(), photos }));
        if by.is_some() && self.rhythm.percent(60) {
            s.moves.push((done + Duration::minutes(7), Move::Verify { by_secretary: false }));
        } else if self.rhythm.percent(8) {
            s.moves.push((self.rhythm.work(done, 5, 30), Move::Verify { by_secretary: true }));
        }
        done
    }

    /// Others with the same trouble, until it is dealt with; gives how many.
    fn join(&mut self, s: &mut Script, home: usize, place: &Place, filed: DateTime<Utc>, until: DateTime<Utc>) -> usize {
        let n = match self.rhythm.below(100) {
            0..52 => 0,
            52..76 => self.rhythm.between(1, 2),
            76..93 => self.rhythm.between(3, 7),
            _ => self.rhythm.between(8, 18),
        };
        // Nobody says it at night, and nobody after it is done.
        let last = (filed + Duration::days(3)).min(until - Duration::minutes(5));
        if last <= filed + Duration::hours(2) {
            return 0;
        }
        let times = self.rhythm.instants(n as usize, filed + Duration::minutes(10), last);
        // Each of them is owed a first answer of their own.
        if let Some(latest) = times.last() {
            let said = self.rhythm.work(*latest, 60, 420);
            if said < until {
                s.moves.push((said, Move::Say(Voice::Reporters, self.line(&self.words.speech.progress))));
            }
        }
        for t in times {
            let words = if self.rhythm.percent(45) { self.line(&self.words.speech.me_too) } else { String::new() };
            let said = self.said(home, place, &words);
            s.moves.push((t, Move::MeToo(Said { photo: None, ..said })));
        }
        n as usize
    }

    /// Said to be done; the reporters answer, or not. Gives the end of their time.
    fn finished(&mut self, s: &mut Script, text: &'w Text, worked: DateTime<Utc>, others: usize, mood: Answer) -> DateTime<Utc> {
        let done = self.rhythm.work(worked + Duration::minutes(35), 5, 160);
        s.moves.push((done - Duration::minutes(4), Move::Release { summary: None }));
        s.moves.push((done, Move::Done(text.evidence.clone())));
        let until = self.rhythm.calendar.due(done, 5).at;
        s.lapses.push(until);
        let speaks = mood == Answer::No || self.rhythm.percent(52);
        if speaks {
            let day = self.rhythm.calendar.date_of(done) + Duration::days(self.rhythm.between(0, 3));
            let t = self.rhythm.on(day).max(done + Duration::minutes(25));
            s.moves.push((t.min(until - Duration::hours(1)), Move::Answer { report: 0, answer: mood }));
        }
        for k in 1..=others {
            if !self.rhythm.percent(38) || mood == Answer::No {
                continue;
            }
            let answer = if speaks && self.rhythm.percent(15) { Answer::Half } else { Answer::Yes };
            let day = self.rhythm.calendar.date_of(done) + Duration::days(self.rhythm.between(1, 4));
            let t = self.rhythm.on(day).max(done + Duration::minutes(25));
            s.moves.push((t.min(until - Duration::hours(1)), Move::Answer { report: k, answer }));
        }
        until
    }
}
