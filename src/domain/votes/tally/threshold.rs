//! The share that carries a motion.

use serde::{Deserialize, Serialize};

/// A share in integers, never a percentage: a rounded percentage decides close votes wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Threshold {
    num: u32,
    den: u32,
    /// True: more than the share (过半); false: the share itself is enough (以上, Civil Code 1259).
    strict: bool,
}

impl Threshold {
    /// More than half.
    pub const MAJORITY: Self = Self { num: 1, den: 2, strict: true };
    /// Two thirds or more.
    pub const TWO_THIRDS: Self = Self { num: 2, den: 3, strict: false };

    /// A share between nothing and everything; None for one that nobody or everybody would reach (0/2, 3/2, more
    /// than 2/2).
    pub fn new(num: u32, den: u32, strict: bool) -> Option<Self> {
        let reachable = num > 0 && (num < den || (num == den && !strict));
        reachable.then_some(Self { num, den, strict })
    }

    /// The smallest count that reaches this share of `base`.
    pub fn needed(self, base: u32) -> u32 {
        let product = u64::from(base) * u64::from(self.num);
        let den = u64::from(self.den);
        let needed = if self.strict { product / den + 1 } else { product.div_ceil(den) };
        u32::try_from(needed).unwrap_or(u32::MAX)
    }

    /// Numerator, denominator, and whether the share itself is not enough.
    pub fn parts(self) -> (u32, u32, bool) {
        (self.num, self.den, self.strict)
    }
}

/// A threshold as it is written in stored rules, before anybody has looked whether it can be reached.
#[derive(Deserialize)]
struct Written {
    num: u32,
    den: u32,
    strict: bool,
}

impl TryFrom<Written> for Threshold {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Self::new(written.num, written.den, written.strict).ok_or("a threshold must be a share that can be reached and missed")
    }
}
