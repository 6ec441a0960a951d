//! What a council compares before it decides: one morning, and the same morning under each remedy. The formulas are those of the
//! folder; waits are fluid, first come first served. Nothing here knows how people will really behave: the page says so.

use serde::{Deserialize, Serialize};

use super::{LiftGroup, Queue};
use crate::kernel::error::{Refusal, Result};

vocabulary! {
    /// What may be tried.
    Remedy {
        /// Nothing: the morning as it is.
        AsIs = "as_is",
        /// Half of the people begin a quarter of an hour later.
        Stagger15 = "stagger_15",
        Stagger30 = "stagger_30",
        Stagger60 = "stagger_60",
        /// The time clocks stand in front of the gates: the lifts carry no more than before, but who waits for one is not late.
        Clocks = "clocks",
        /// Half of the lifts serve the lower half of the floors, half the upper.
        Floors = "floors",
        /// The goods lift carries people in the rush.
        Goods = "goods",
    }
}

/// Minutes of a slot.
pub const SLOT: u32 = 5;

/// Time clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    pub devices: u32,
    /// Persons per minute at one of them.
    pub per_minute: u32,
}

impl Clocks {
    /// Persons in five minutes at all of them.
    fn capacity(self) -> f64 {
        f64::from(self.devices) * f64::from(self.per_minute) * f64::from(SLOT)
    }
}

/// What the lifts carry.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifts {
    /// Counted at the gates: persons in five minutes.
    Counted(u32),
    /// Computed from what is known of the group.
    Group(LiftGroup),
}

impl Lifts {
    /// Persons in five minutes with all lifts; None where the group's data are not sound.
    pub fn capacity(&self) -> Option<f64> {
        match self {
            Lifts::Counted(n) => Some(f64::from(*n)).filter(|n| *n > 0.0),
            Lifts::Group(group) => group.up_peak().map(|up| up.capacity),
        }
    }
}

/// A morning, as it was counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Morning {
    /// When the first slot begins, minutes after midnight.
    pub first: u32,
    /// Until when one must have clocked in, minutes after midnight.
    pub start: u32,
    /// How many people come to the lifts in each five minutes.
    pub arrivals: Vec<u32>,
    pub lifts: Lifts,
    /// Which part of the lifts other tenants use meanwhile, percent.
    pub others: u32,
    /// The time clocks as they would stand before the gates.
    pub clocks: Option<Clocks>,
    /// Persons in five minutes that the goods lift would carry.
    pub goods: Option<u32>,
}

/// What is to be expected under a remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub remedy: Remedy,
    /// Persons carried in five minutes.
    pub capacity: f64,
    /// People waiting for a lift at the end of each slot.
    pub waiting: Vec<f64>,
    /// The most who ever wait for a lift.
    pub peak: f64,
    /// Of the last in that queue, minutes.
    pub worst_wait: f64,
    /// Of everybody, minutes: people in the queue, over time, by people (Little's law).
    pub mean_wait: f64,
    /// Half of them wait no longer, minutes.
    pub median_wait: f64,
    /// Minutes after the last arrival until nobody waits; none where a day is not enough.
    pub cleared_after: Option<u32>,
    /// Who was in the building in time and clocks in late.
    pub late: u32,
    /// The most who ever wait at the clocks, where they stand before the gates.
    pub clock_queue: Option<f64>,
    /// Clocks with which nobody would wait there.
    pub clocks_needed: Option<u32>,
}

impl Outcome {
    /// Late marks in a week of five such mornings.
    pub fn late_a_week(&self) -> u32 {
        self.late.saturating_mul(5)
    }
}

/// People and lifts that go together: who comes when, and who must be there by when.
struct Stream {
    arrivals: Vec<u32>,
    capacity: f64,
    /// Parts of the arrivals with the slot by whose beginning each must have clocked in.
    waves: Vec<(Vec<u32>, usize)>,
}

impl Morning {
    /// The most people who may come in five minutes.
    const MOST: u32 = 20_000;

    /// Fails, by field, unless something can be computed from it.
    pub fn ask_sound(&self) -> Result<(), Refusal> {
        let day = 24 * 60;
        if self.first >= day || !self.first.is_multiple_of(SLOT) {
            return Err(Refusal::new("lifts_five_minutes").at("first"));
        }
        if self.start <= self.first || self.start > day || !self.start.is_multiple_of(SLOT) {
            return Err(Refusal::new("lifts_start").at("start"));
        }
        if self.arrivals.iter().all(|n| *n == 0) || self.arrivals.len() > 60 || self.arrivals.iter().any(|n| *n > Self::MOST) {
            return Err(Refusal::new("lifts_arrivals").with("most", Self::MOST).at("arrivals"));
        }
        if self.others > 90 {
            return Err(Refusal::new("lifts_others").at("others"));
        }
        match (&self.lifts, self.lifts.capacity()) {
            (Lifts::Counted(n), Some(_)) if *n <= Self::MOST => Ok(()),
            (Lifts::Counted(_), _) => Err(Refusal::new("lifts_capacity").with("most", Self::MOST).at("capacity")),
            (Lifts::Group(_), Some(_)) => Ok(()),
            (Lifts::Group(_), None) => Err(Refusal::new("lifts_group").at("floors")),
        }
    }

    /// How many come in all.
    pub fn people(&self) -> u32 {
        self.arrivals.iter().sum()
    }

    fn share(&self) -> f64 {
        f64::from(100 - self.others.min(100)) / 100.0
    }

    /// What is to be expected; None where a remedy needs what is not known, or the numbers are not sound.
    pub fn under(&self, remedy: Remedy) -> Option<Outcome> {
        let capacity = self.lifts.capacity()? * self.share();
        let start = (self.start.checked_sub(self.first)? / SLOT) as usize;
        let whole = |capacity| Stream { arrivals: self.arrivals.clone(), capacity, waves: vec![(self.arrivals.clone(), start)] };
        let (streams, clocks) = match remedy {
            Remedy::AsIs => (vec![whole(capacity)], None),
            Remedy::Stagger15 => (vec![self.staggered(capacity, start, 3)], None),
            Remedy::Stagger30 => (vec![self.staggered(capacity, start, 6)], None),
            Remedy::Stagger60 => (vec![self.staggered(capacity, start, 12)], None),
            Remedy::Clocks => (vec![whole(capacity)], Some(self.clocks?)),
            Remedy::Goods => (vec![whole(capacity + self.goods.map(f64::from).or_else(|| self.one_car())?)], None),
            Remedy::Floors => (self.split(start)?, None),
        };
        outcome(remedy, &streams, clocks.map(|c| (c, start)))
    }

    /// One more car like the others.
    fn one_car(&self) -> Option<f64> {
        match &self.lifts {
            Lifts::Group(group) => Some(group.up_peak()?.capacity / f64::from(group.lifts)),
            Lifts::Counted(_) => None,
        }
    }

    fn staggered(&self, capacity: f64, start: usize, later: usize) -> Stream {
        let mut early: Vec<u32> = self.arrivals.iter().map(|n| n.div_ceil(2)).collect();
        let mut late = vec![0; later];
        late.extend(self.arrivals.iter().map(|n| n / 2));
        early.resize(late.len(), 0);
        let arrivals = early.iter().zip(&late).map(|(a, b)| a + b).collect();
        Stream { arrivals, capacity, waves: vec![(early, start), (late, start + later)] }
    }

    /// Two groups of lifts, each for half of the floors; the upper one passes the lower floors without a stop.
    fn split(&self, start: usize) -> Option<Vec<Stream>> {
        let Lifts::Group(all) = self.lifts else { return None };
        let floors = all.floors / 2;
        let lower = LiftGroup { floors, lifts: all.lifts.div_ceil(2), population: all.population.div_ceil(2), ..all };
        let passed = f64::from(floors) * all.floor_height;
        let rest = all.floors - floors;
        let upper = LiftGroup { floors: rest, lifts: all.lifts / 2, population: all.population / 2, express: all.express + passed, ..all };
        let below: Vec<u32> = self.arrivals.iter().map(|n| (u64::from(*n) * u64::from(floors) / u64::from(all.floors)) as u32).collect();
        let above: Vec<u32> = self.arrivals.iter().zip(&below).map(|(n, b)| n - b).collect();
        let stream = |group: LiftGroup, arrivals: Vec<u32>| {
            let capacity = group.up_peak()?.capacity * self.share();
            Some(Stream { waves: vec![(arrivals.clone(), start)], arrivals, capacity })
        };
        Some(vec![stream(lower, below)?, stream(upper, above)?])
    }
}

fn outcome(remedy: Remedy, streams: &[Stream], clocks: Option<(Clocks, usize)>) -> Option<Outcome> {
    let queues = streams.iter().map(|s| Queue::of(&s.arrivals, s.capacity)).collect::<Option<Vec<Queue>>>()?;
    let longest = queues.iter().map(|q| q.waiting.len()).max()?;
    let waiting: Vec<f64> = (0..longest).map(|k| queues.iter().map(|q| at(&q.waiting, k)).sum()).collect();
    let late: f64 = streams.iter().zip(&queues).flat_map(|(s, q)| s.waves.iter().map(|(wave, by)| still_waiting(s, q, wave, *by))).sum();
    let mut out = Outcome {
        remedy,
        capacity: streams.iter().map(|s| s.capacity).sum(),
        peak: waiting.iter().copied().fold(0.0, f64::max),
        worst_wait: queues.iter().map(|q| q.worst_wait).fold(0.0, f64::max),
        mean_wait: mean(streams, &waiting),
        median_wait: median(streams, &queues),
        cleared_after: queues.iter().map(|q| q.cleared_after).collect::<Option<Vec<u32>>>().and_then(|all| all.into_iter().max()),
        late: late.round() as u32,
        clock_queue: None,
        clocks_needed: None,
        waiting,
    };
    if let Some((clocks, start)) = clocks {
        let arrivals: Vec<u32> = (0..longest).map(|k| streams.iter().map(|s| s.arrivals.get(k).copied().unwrap_or(0)).sum()).collect();
        let queue = Queue::of(&arrivals, clocks.capacity())?;
        out.late = start.checked_sub(1).map_or(0.0, |k| at(&queue.waiting, k)).round() as u32;
        out.clock_queue = Some(queue.peak);
        out.clocks_needed = Some(arrivals.iter().max()?.div_ceil(SLOT * clocks.per_minute.max(1)));
    }
    Some(out)
}

fn at(waiting: &[f64], slot: usize) -> f64 {
    waiting.get(slot).copied().unwrap_or(0.0)
}

/// How many of a wave wait when a slot begins. First come first served: who waits are the last who came; those of one slot
/// are mixed evenly.
fn still_waiting(stream: &Stream, queue: &Queue, wave: &[u32], by: usize) -> f64 {
    let Some(last) = by.checked_sub(1) else { return 0.0 };
    let (mut left, mut of_wave) = (at(&queue.waiting, last), 0.0);
    for slot in (0..=last.min(stream.arrivals.len().saturating_sub(1))).rev() {
        let came = f64::from(stream.arrivals.get(slot).copied().unwrap_or(0));
        let waits = left.min(came);
        if came > 0.0 {
            of_wave += waits * f64::from(wave.get(slot).copied().unwrap_or(0)) / came;
        }
        left -= waits;
        if left <= 0.0 {
            break;
        }
    }
    of_wave
}

/// Little's law: what stands in the queue over time, by how many come.
fn mean(streams: &[Stream], waiting: &[f64]) -> f64 {
    let people: f64 = streams.iter().flat_map(|s| &s.arrivals).map(|n| f64::from(*n)).sum();
    let mut before = 0.0;
    let standing: f64 = waiting
        .iter()
        .map(|now| {
            let between = (before + now) / 2.0 * f64::from(SLOT);
            before = *now;
            between
        })
        .sum();
    standing / people
}

/// The wait that half of all do not exceed. Who comes in a slot waits between what the queue asked at its beginning and at its end.
fn median(streams: &[Stream], queues: &[Queue]) -> f64 {
    let mut parts: Vec<(f64, f64, f64)> = vec![];
    for (s, q) in streams.iter().zip(queues) {
        let wait = |queue: f64| f64::from(SLOT) * queue / s.capacity;
        for (k, came) in s.arrivals.iter().enumerate() {
            let (from, to) = (k.checked_sub(1).map_or(0.0, |k| at(&q.waiting, k)), at(&q.waiting, k));
            parts.push((f64::from(*came), wait(from.min(to)), wait(from.max(to))));
        }
    }
    let half = parts.iter().map(|(n, ..)| n).sum::<f64>() / 2.0;
    let within = |w: f64| -> f64 {
        let share = |from: f64, to: f64| {
            if w >= to {
                1.0
            } else if w <= from {
                0.0
            } else {
                (w - from) / (to - from)
            }
        };
        parts.iter().map(|(n, from, to)| n * share(*from, *to)).sum()
    };
    let (mut low, mut high) = (0.0, parts.iter().map(|p| p.2).fold(0.0, f64::max));
    for _ in 0..60 {
        let mid = (low + high) / 2.0;
        if within(mid) >= half { high = mid } else { low = mid }
    }
    high
}
