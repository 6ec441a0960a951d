//! What stands in a cell, read as a day, a state, a rating.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::domain::reports::Rating;
use crate::kernel::calendar::BEIJING;

/// In which order days and months stand where a year comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// `3/7/2025` is the seventh of March.
    #[default]
    MonthFirst,
    DayFirst,
}

/// The first day that is believed.
const EARLIEST: i32 = 1990;

/// The numbers of a text, and whether it consists of nothing else but what stands between them in dates.
fn numbers(cell: &str) -> Option<Vec<u32>> {
    let sign = |c: char| matches!(c, '-' | '/' | '.' | ':' | ' ' | 'T' | 'Z' | '年' | '月' | '日' | '号' | '时' | '点' | '分' | '秒' | '：');
    if !cell.chars().all(|c| c.is_ascii_digit() || sign(c)) {
        return None;
    }
    cell.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).map(|p| p.parse().ok()).collect()
}

/// The order in which a column writes days and months, by those that can only be read in one way.
pub fn order<'c>(mut cells: impl Iterator<Item = &'c str>) -> Order {
    let day_first = |cell: &str| matches!(numbers(cell).as_deref(), Some([d, m, y, ..]) if *y > 1000 && *d > 12 && *m <= 12);
    if cells.any(day_first) { Order::DayFirst } else { Order::MonthFirst }
}

/// An instant of the district's time: `2025-03-07`, `2025/3/7 14:05`, `2025年3月7日`, `3/7/2025`, `20250307`, or a spreadsheet's
/// serial number (days since 30 December 1899). A day without a time is meant as its noon.
pub fn instant(cell: &str, order: Order) -> Option<DateTime<Utc>> {
    let cell = cell.trim();
    let naive = serial(cell).or_else(|| written(cell, order))?;
    (naive.year() >= EARLIEST).then(|| naive.and_local_timezone(BEIJING).single().map(|t| t.to_utc())).flatten()
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()
}

fn serial(cell: &str) -> Option<NaiveDateTime> {
    let n: f64 = cell.parse().ok()?;
    if cell.len() == 8 && cell.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(cell, "%Y%m%d").ok().map(|d| d.and_time(noon()));
    }
    // From 1990 to 2099.
    if !(32_874.0..73_051.0).contains(&n) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(n as u64))?;
    let seconds = (n.fract() * 86_400.0).round() as u32;
    if seconds == 0 { Some(day.and_time(noon())) } else { Some(day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds.min(86_399), 0)?)) }
}

fn written(cell: &str, order: Order) -> Option<NaiveDateTime> {
    let all = numbers(cell)?;
    let (date, time) = all.split_at_checked(3)?;
    let day = match (*date.first()?, *date.get(1)?, *date.get(2)?) {
        (y, m, d) if y > 1000 => NaiveDate::from_ymd_opt(y.try_into().ok()?, m, d),
        (a, b, y) if y > 1000 => {
            let (m, d) = if order == Order::MonthFirst { (a, b) } else { (b, a) };
            NaiveDate::from_ymd_opt(y.try_into().ok()?, m, d)
        }
        _ => None,
    }?;
    match *time {
        [] => Some(day.and_time(noon())),
        [h] => day.and_hms_opt(h, 0, 0),
        [h, m] => day.and_hms_opt(h, m, 0),
        [h, m, s] | [h, m, s, _] => day.and_hms_opt(h, m, s),
        _ => None,
    }
}

/// A cell without what differs by accident.
pub fn plain(cell: &str) -> String {
    let narrow = |c: char| match c {
        // Full width as a Chinese keyboard types it.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    cell.chars().map(narrow).flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

const OVER: &[&str] = &[
    "已办结",
    "办结",
    "已完成",
    "完成",
    "已处理",
    "处理完毕",
    "处理完成",
    "已解决",
    "已关闭",
    "关闭",
    "已结案",
    "结案",
    "已闭环",
    "闭环",
    "已确认",
    "已回访",
    "已评价",
    "已修复",
    "已维修",
    "默认办结",
    "议事会确认",
    "已撤销",
    "已取消",
    "作废",
    "不予受理",
    "是",
    "closed",
    "done",
    "resolved",
    "completed",
    "complete",
    "finished",
    "fixed",
    "confirmed",
    "cancelled",
    "canceled",
    "declined",
    "yes",
];
const OPEN: &[&str] = &[
    "待处理",
    "未处理",
    "处理中",
    "进行中",
    "未完成",
    "未办结",
    "未解决",
    "待办",
    "待受理",
    "已登记",
    "已受理",
    "已派单",
    "已接单",
    "待派单",
    "待接单",
    "待回访",
    "待确认",
    "已办待确认",
    "维修中",
    "跟进中",
    "挂账",
    "待料",
    "新建",
    "否",
    "open",
    "new",
    "pending",
    "inprogress",
    "inwork",
    "received",
    "accepted",
    "assigned",
    "waiting",
    "onhold",
    "todo",
    "no",
];

/// Whether a word for a state says that it is over; none where it is no such word.
pub fn over(cell: &str) -> Option<bool> {
    let word = plain(cell);
    match word.as_str() {
        w if OVER.contains(&w) => Some(true),
        w if OPEN.contains(&w) => Some(false),
        _ => None,
    }
}

/// How satisfied somebody was.
pub fn rating(cell: &str) -> Option<Rating> {
    match plain(cell).as_str() {
        "非常满意" | "很满意" | "满意" | "好评" | "5" | "5分" | "5星" | "五星" | "satisfied" | "verysatisfied" | "good" => {
            Some(Rating::Satisfied)
        }
        "基本满意" | "较满意" | "一般" | "中评" | "4" | "4分" | "4星" | "3" | "3分" | "3星" | "basically" | "moreorless" | "neutral" | "ok" => {
            Some(Rating::Basically)
        }
        "不满意" | "很不满意" | "非常不满意" | "差评" | "2" | "2分" | "2星" | "1" | "1分" | "1星" | "dissatisfied" | "notsatisfied"
        | "unsatisfied" | "bad" => Some(Rating::Dissatisfied),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, instant, order, over, plain, rating};
    use crate::domain::reports::Rating;
    use crate::kernel::dates::local;

    fn read(cell: &str, order: Order) -> Option<String> {
        instant(cell, order).map(|at| local(at).format("%Y-%m-%d %H:%M").to_string())
    }

    #[test]
    fn days_are_read_as_people_and_programs_write_them() {
        for cell in ["2025-03-07", "2025/3/7", "2025.3.7", "2025年3月7日", "2025年3月7号", "20250307", "45723", "3/7/2025", " 2025-03-07 "] {
            assert_eq!(read(cell, Order::MonthFirst).as_deref(), Some("2025-03-07 12:00"), "{cell}");
        }
        for cell in ["2025-03-07 14:05", "2025/3/7 14:05:30", "2025年3月7日 14时05分", "2025-03-07T14:05:30", "45723.586805556", "3/7/2025 14:05"]
        {
            assert_eq!(read(cell, Order::MonthFirst).as_deref(), Some("2025-03-07 14:05"), "{cell}");
        }
        assert_eq!(read("7/3/2025", Order::DayFirst).as_deref(), Some("2025-03-07 12:00"));
        for cell in ["", "昨天", "2025-13-01", "2025-02-30", "13/7/2025", "12345678", "5", "18", "1899-12-30", "2025-03", "2025-03-07 25:00"] {
            assert_eq!(read(cell, Order::MonthFirst), None, "{cell}");
        }
    }

    #[test]
    fn one_day_after_the_twelfth_tells_the_order_of_a_column() {
        assert_eq!(order(["3/7/2025", "4/1/2025"].into_iter()), Order::MonthFirst);
        assert_eq!(order(["3/7/2025", "25/7/2025"].into_iter()), Order::DayFirst);
        assert_eq!(order(["7/25/2025", "2025-01-25"].into_iter()), Order::MonthFirst);
    }

    #[test]
    fn states_and_ratings_are_words_that_are_known() {
        assert_eq!((over("已完成"), over("In progress"), over("处理 中"), over("也许")), (Some(true), Some(false), Some(false), None));
        assert_eq!(
            (rating("满意"), rating("5"), rating("一般"), rating("不满意"), rating("呵呵")),
            (Some(Rating::Satisfied), Some(Rating::Satisfied), Some(Rating::Basically), Some(Rating::Dissatisfied), None)
        );
        assert_eq!(plain("１８ Ｆ-东"), "18f东");
    }
}
