//! A rate with what it is made of: never a lone percentage, and no percentage of few.

use crate::domain::figures::FEWEST;

/// So much of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// In tenths, since what is basically fixed may count as less than one.
    tenths: i64,
    pub of: i64,
}

impl Rate {
    /// So many of so many.
    pub fn new(n: i64, of: i64) -> Self {
        Self { tenths: n * 10, of }
    }

    /// With others that count as so many tenths each.
    #[must_use]
    pub fn and(self, n: i64, tenths: i64) -> Self {
        Self { tenths: self.tenths + n * tenths, ..self }
    }

    /// How many, without those that count as less.
    pub fn n(self) -> i64 {
        self.tenths / 10
    }

    /// In percent with one digit, half rounded up: `62.5`. None without any: that is neither 0 nor 100 percent.
    pub fn percent(self) -> Option<String> {
        if self.of == 0 {
            return None;
        }
        // Tenths of a percent: 1,000 in the whole, and ten tenths in each.
        let rounded = (self.tenths * 200 + self.of) / (2 * self.of);
        Some(format!("{}.{}", rounded / 10, rounded % 10))
    }

    /// The same, where there are enough: of few only the counts are told.
    pub fn told(self) -> Option<String> {
        self.percent().filter(|_| self.of >= FEWEST)
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    /// The vectors of the field: call-back and the three rates.
    #[test]
    fn rates_are_those_of_the_vectors() {
        let percent = |n, of| Rate::new(n, of).percent();
        assert_eq!(percent(9, 10).as_deref(), Some("90.0"));
        assert_eq!(percent(5, 8).as_deref(), Some("62.5"));
        assert_eq!(percent(3, 7).as_deref(), Some("42.9"));
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 3).as_deref(), Some("0.0"));
        assert_eq!(percent(7, 7).as_deref(), Some("100.0"));
        // 3 very satisfied, 2 satisfied, 1 basically, 2 not.
        assert_eq!(Rate::new(5, 8).and(1, 6).percent().as_deref(), Some("70.0"));
        assert_eq!(Rate::new(1, 16).percent().as_deref(), Some("6.3"), "half up");
        assert_eq!((Rate::new(3, 4).told(), Rate::new(3, 5).told().as_deref()), (None, Some("60.0")));
    }
}
