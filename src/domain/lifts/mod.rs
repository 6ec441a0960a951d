//! The morning rush at the lifts, in figures that a council can read: the classical up-peak round-trip method
//! (Barney; CIBSE Guide D; Peters Research), and the queue that grows when more people arrive than lifts carry.
//!
//! It assumes floors of equal population and traffic that only goes up; destination control raises the capacity,
//! lifts out of service lower it. Readers are told so wherever these figures stand.

mod forecast;
mod study;

pub use forecast::{Clocks, Lifts, Morning, Outcome, Remedy};
pub use study::{NewStudy, Study, choose, keep, of_item, of_items};

use serde::{Deserialize, Serialize};

/// A group of lifts that serve the same floors from one lobby.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiftGroup {
    /// Floors served above the lobby.
    pub floors: u32,
    /// Persons per trip, usually 80 % of the rated number; need not be whole.
    pub persons: f64,
    /// Lifts in service.
    pub lifts: u32,
    /// Rated speed, m/s.
    pub speed: f64,
    /// Height of a floor, m.
    pub floor_height: f64,
    /// Time of a one-floor cycle without boarding (door, start, flight), s.
    pub cycle: f64,
    /// Time for one person to board or leave, s.
    pub transfer: f64,
    /// Express run without stops between the lobby and the first floor served, m.
    pub express: f64,
    /// People who work on the floors served.
    pub population: u32,
}

/// What a group of lifts can do in the morning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UpPeak {
    /// Stops expected per trip, `S = N·(1 − (1 − 1/N)^P)`.
    pub stops: f64,
    /// Highest floor expected per trip, `H = N − Σ (i/N)^P` for i from 1 to N − 1.
    pub reversal: f64,
    /// Round trip of one lift, s: `2·H·t_v + (S + 1)·t_s + 2·P·t_p + 2·X/v`.
    pub round_trip: f64,
    /// A lift leaves the lobby every so many seconds.
    pub interval: f64,
    /// Persons carried in five minutes by all lifts.
    pub capacity: f64,
    /// `capacity` as a percentage of the population; yardsticks in use are 12 to 15.
    pub share: f64,
}

impl LiftGroup {
    /// The figures; None when an input is not a positive, finite number (the express run may be 0), or when
    /// the cycle is shorter than the flight over one floor.
    pub fn up_peak(&self) -> Option<UpPeak> {
        let positive = [self.persons, self.speed, self.floor_height, self.cycle, self.transfer];
        let whole = [self.floors, self.lifts, self.population];
        let sound = positive.iter().all(|x| x.is_finite() && *x > 0.0) && !whole.contains(&0);
        // More floors than any building has would only keep the processor busy.
        if !sound || self.floors > 1_000 || !self.express.is_finite() || self.express < 0.0 {
            return None;
        }
        let (n, p) = (f64::from(self.floors), self.persons);
        let stops = n * (1.0 - (1.0 - 1.0 / n).powf(p));
        let reversal = n - (1..self.floors).map(|i| (f64::from(i) / n).powf(p)).sum::<f64>();
        let per_floor = self.floor_height / self.speed;
        let per_stop = self.cycle - per_floor;
        if per_stop < 0.0 {
            return None; // the cycle over one floor can't be shorter than the flight
        }
        let round_trip = 2.0 * reversal * per_floor + (stops + 1.0) * per_stop + 2.0 * p * self.transfer + 2.0 * self.express / self.speed;
        let capacity = 300.0 * p * f64::from(self.lifts) / round_trip;
        let share = 100.0 * capacity / f64::from(self.population);
        Some(UpPeak { stops, reversal, round_trip, interval: round_trip / f64::from(self.lifts), capacity, share })
    }
}

/// A queue in slots of five minutes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Queue {
    /// People waiting at the end of each slot; goes on until nobody waits, for [`Queue::LONGEST`] slots at most.
    pub waiting: Vec<f64>,
    /// The most who ever wait.
    pub peak: f64,
    /// Wait of the last person in that queue, minutes.
    pub worst_wait: f64,
    /// Slot in which the last person arrives, counted from 0.
    pub last_arrival: usize,
    /// Minutes after the last arrival's slot until nobody waits; None when that takes longer than a day.
    pub cleared_after: Option<u32>,
}

impl Queue {
    /// Slots of a day.
    pub const LONGEST: usize = 288;

    /// `q_k = max(0, q_{k−1} + a_k − capacity)`: arrivals per five minutes against persons carried in five minutes.
    /// None when the capacity or an arrival isn't a sound number, or when there are more slots than a day has.
    pub fn of(arrivals: &[u32], capacity: f64) -> Option<Self> {
        if !(capacity.is_finite() && capacity > 0.0) || arrivals.len() > Self::LONGEST {
            return None;
        }
        let last_arrival = arrivals.iter().rposition(|a| *a > 0).unwrap_or(0);
        let mut waiting: Vec<f64> = vec![];
        let mut queue = 0.0f64;
        let mut arrivals = arrivals.iter();
        loop {
            let arriving = arrivals.next();
            if arriving.is_none() && (queue <= 0.0 || waiting.len() >= Self::LONGEST) {
                break;
            }
            queue = (queue + arriving.copied().map_or(0.0, f64::from) - capacity).max(0.0);
            waiting.push(queue);
        }
        let peak = waiting.iter().copied().fold(0.0, f64::max);
        let cleared = waiting.iter().enumerate().skip(last_arrival).find(|(_, q)| **q <= 0.0);
        let cleared_after = cleared.map(|(slot, _)| (slot - last_arrival) as u32 * 5);
        Some(Self { worst_wait: 5.0 * peak / capacity, peak, last_arrival, cleared_after, waiting })
    }
}

/// Arrivals of two waves, the second so many five-minute slots later.
pub fn two_waves(wave: &[u32], slots_later: usize) -> Vec<u32> {
    let mut sum = wave.to_vec();
    sum.resize(wave.len() + slots_later, 0);
    for (slot, arrivals) in sum[slots_later..].iter_mut().zip(wave) {
        *slot = slot.saturating_add(*arrivals);
    }
    sum
}

/// The shortest window in which so many people can arrive without a growing queue, minutes: `5·A/capacity`.
pub fn shortest_window(people: u32, capacity: f64) -> f64 {
    5.0 * f64::from(people) / capacity
}
