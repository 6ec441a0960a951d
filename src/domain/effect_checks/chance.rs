//! How likely a fall in counts is by chance alone: two rates compared by the exact conditional binomial test (Przyborowski and
//! Wilenski 1940, Biometrika 31, 313-323). If reports came independently of one another and nothing had changed, each of the n
//! reports of both times would lie in the later one with the probability of its share of the days; the chance is that of so few
//! of them or fewer there.

/// Below so many reports in both times together nothing is said.
pub const FEWEST: u32 = 10;

/// A count of what came within so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub n: u32,
    pub days: u32,
}

impl Count {
    /// Per week, in tenths, rounded half up; none over no time.
    pub fn tenths_a_week(self) -> Option<i64> {
        let days = i64::from(self.days);
        (days > 0).then(|| (i64::from(self.n) * 140 + days) / (2 * days))
    }
}

/// The chance of so large a fall, between 0 and 1; none where there are too few reports, no time, or no fall.
pub fn of_fall(before: Count, after: Count) -> Option<f64> {
    let fallen = u64::from(after.n) * u64::from(before.days) < u64::from(before.n) * u64::from(after.days);
    let n = before.n.checked_add(after.n)?;
    if before.days == 0 || after.days == 0 || n < FEWEST || !fallen {
        return None;
    }
    Some(at_most(after.n, n, f64::from(after.days) / (f64::from(before.days) + f64::from(after.days))))
}

/// Of n, k or fewer with probability p each. Summed as logarithms, so that no term of many reports is lost.
fn at_most(k: u32, n: u32, p: f64) -> f64 {
    let (yes, no) = (p.ln(), (1.0 - p).ln());
    let mut term = f64::from(n) * no;
    let mut sum = term.exp();
    for i in 1..=k.min(n) {
        term += (f64::from(n - i + 1) / f64::from(i)).ln() + yes - no;
        sum += term.exp();
    }
    sum.min(1.0)
}

/// As people say it: in how many of a hundred cases, or of a thousand where that is less than one.
pub fn in_words(chance: f64) -> (u32, u32) {
    let of = |whole: f64| (chance * whole).round() as u32;
    match chance {
        c if c >= 0.01 => (of(100.0), 100),
        c if c >= 0.001 => (of(1000.0), 1000),
        _ => (1, 1000),
    }
}
