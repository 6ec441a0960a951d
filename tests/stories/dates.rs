//! Times in words: what is left, as somebody would say it.

use louyi::kernel::dates::due;
use louyi::kernel::i18n::Lang;

use crate::support::{calendar, shanghai};

fn left(end: &str, now: &str) -> String {
    due(shanghai(end), shanghai(now), &calendar(), Lang::Zh).left
}

#[test]
fn a_limit_in_hours_counts_hours() {
    assert_eq!(left("2026-11-27 10:10", "2026-11-27 08:10"), "还有2小时");
    assert_eq!(left("2026-11-27 10:09", "2026-11-27 08:10"), "还有1小时59分钟");
    assert_eq!(left("2026-11-27 08:40", "2026-11-27 08:10"), "还有30分钟");
    // From Friday to Saturday: nights and days off are no pause for it.
    assert_eq!(left("2026-11-28 08:10", "2026-11-27 08:11"), "还有23小时");
}

#[test]
fn days_off_are_called_so_only_where_they_are() {
    assert_eq!(left("2026-11-30 00:00", "2026-11-27 09:00"), "过了今天都是休息日", "a Friday is none");
    assert_eq!(left("2026-11-30 00:00", "2026-11-28 09:00"), "中间都是休息日");
    assert_eq!(left("2026-12-01 00:00", "2026-11-27 09:00"), "还有1个工作日");
    assert_eq!(left("2026-11-28 00:00", "2026-11-27 09:00"), "今天到期");
}
