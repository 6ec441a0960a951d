//! What a version says, as numbers that a council may set, and within which bounds.

use super::{Basis, Model, Weighing};
use crate::kernel::error::Refusal;

/// Fields of the weights, from small enterprises to huge ones.
pub const WEIGHTS: [&str; 4] = ["weight_small", "weight_middle", "weight_large", "weight_huge"];

/// What a version says, as numbers that a council may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub basis: Basis,
    pub majority: Share,
    /// For everything that is not ordinary.
    pub major: Share,
    pub quorum: (i32, i32),
    pub allow_proxy: bool,
    pub notice_days: i32,
    pub urgent_notice_hours: i32,
    pub meeting_months: i32,
    pub minutes_days: i32,
    pub publish_days: i32,
    pub display_days: i32,
    pub display_days_major: i32,
    pub objection_answer_days: i32,
    pub confirm_days: i32,
    pub follow_up_days: String,
    pub petition_workers: i32,
    pub speaking_minutes: i32,
    pub written_days: i32,
    pub weighing: Weighing,
    /// For everything that is not ordinary.
    pub weighing_major: Weighing,
    /// Of small, middle, large and huge enterprises.
    pub weights: [i32; 4],
}

/// A share of votes: more than it, or at least it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub num: i32,
    pub den: i32,
    /// More than the share (过半数), not at least it.
    pub strict: bool,
}

impl Share {
    /// Half and more, two thirds, three quarters: what councils choose among.
    pub const KNOWN: &'static [(&'static str, Share)] = &[
        ("more_than_half", Share { num: 1, den: 2, strict: true }),
        ("two_thirds", Share { num: 2, den: 3, strict: false }),
        ("three_quarters", Share { num: 3, den: 4, strict: false }),
    ];
}

impl Terms {
    /// The defaults; sources of analogy: 上海市住宅物业管理规定 art. 26, 北京市物业管理条例 art. 35, 37, 45,
    /// 杭州市物业管理条例 art. 17-20.
    pub fn usual() -> Self {
        let half = Share { num: 1, den: 2, strict: true };
        Self {
            basis: Basis::All,
            majority: half,
            major: half,
            quorum: (1, 2),
            allow_proxy: false,
            notice_days: 5,
            urgent_notice_hours: 24,
            meeting_months: 2,
            minutes_days: 3,
            publish_days: 5,
            display_days: 3,
            display_days_major: 7,
            objection_answer_days: 5,
            confirm_days: 5,
            follow_up_days: "30,90".into(),
            petition_workers: 10,
            speaking_minutes: 3,
            written_days: 5,
            weighing: Weighing::Seat,
            weighing_major: Weighing::Seat,
            weights: [1, 2, 3, 4],
        }
    }

    /// What a version says.
    pub fn of(r: &Model) -> Self {
        Self {
            basis: r.basis,
            majority: Share { num: r.majority_num, den: r.majority_den, strict: r.majority_strict },
            major: Share { num: r.major_num, den: r.major_den, strict: r.major_strict },
            quorum: (r.quorum_num, r.quorum_den),
            allow_proxy: r.allow_proxy,
            notice_days: r.notice_days,
            urgent_notice_hours: r.urgent_notice_hours,
            meeting_months: r.meeting_months,
            minutes_days: r.minutes_days,
            publish_days: r.publish_days,
            display_days: r.display_days,
            display_days_major: r.display_days_major,
            objection_answer_days: r.objection_answer_days,
            confirm_days: r.confirm_days,
            follow_up_days: r.follow_up_days.clone(),
            petition_workers: r.petition_workers,
            speaking_minutes: r.speaking_minutes,
            written_days: r.written_days,
            weighing: r.weighing,
            weighing_major: r.weighing_major,
            weights: [r.weight_small, r.weight_middle, r.weight_large, r.weight_huge],
        }
    }

    /// Fails, by field, where a number is out of what a council can live with.
    pub fn ask_sound(&self) -> Result<(), Refusal> {
        let within = |field: &'static str, n: i32, (least, most): (i32, i32)| {
            if (least..=most).contains(&n) { Ok(()) } else { Err(Refusal::new("rules_number").with("least", least).with("most", most).at(field)) }
        };
        within("notice_days", self.notice_days, (1, 60))?;
        within("urgent_notice_hours", self.urgent_notice_hours, (1, 240))?;
        within("meeting_months", self.meeting_months, (1, 12))?;
        within("minutes_days", self.minutes_days, (1, 30))?;
        within("publish_days", self.publish_days, (1, 60))?;
        within("display_days", self.display_days, (0, 60))?;
        within("display_days_major", self.display_days_major, (self.display_days, 90))?;
        within("objection_answer_days", self.objection_answer_days, (1, 30))?;
        within("confirm_days", self.confirm_days, (1, 30))?;
        within("petition_workers", self.petition_workers, (3, 1_000))?;
        within("speaking_minutes", self.speaking_minutes, (1, 60))?;
        // Voting windows of owners are 5 to 60 days (杭州市物业管理条例 art. 20); a council's may be shorter.
        within("written_days", self.written_days, (2, 60))?;
        for (field, n) in WEIGHTS.into_iter().zip(self.weights) {
            within(field, n, (1, 10))?;
        }
        if !self.weights.is_sorted() {
            return Err(Refusal::new("rules_weights").at("weight_huge"));
        }
        let days: Option<Vec<u32>> = self.follow_up_days.split(',').map(|d| d.trim().parse().ok()).collect();
        if !days.is_some_and(|d| !d.is_empty() && d.len() <= 4 && d.iter().all(|n| (1..=365).contains(n)) && d.is_sorted()) {
            return Err(Refusal::new("rules_follow_up").at("follow_up_days"));
        }
        // A council cannot make it easier to change its rules than to decide anything else.
        let [ordinary, major] = [self.majority, self.major].map(|s| i64::from(s.num) * 1_000 / i64::from(s.den.max(1)));
        if major < ordinary {
            return Err(Refusal::new("rules_major_easier").at("major"));
        }
        Ok(())
    }
}
