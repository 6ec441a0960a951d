//! What a column can hold, and which one it probably holds, by the word over it.

use serde::{Deserialize, Serialize};

/// What Louyi takes from a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The number in the former system: by it a row is known again.
    Former,
    /// When it was reported.
    Filed,
    /// What was said.
    Words,
    Category,
    Tower,
    Floor,
    Place,
    State,
    /// When it was over.
    Closed,
    Rating,
}

impl Field {
    /// Every field, in the order in which a form offers them.
    pub const ALL: &'static [Field] = &[
        Field::Former,
        Field::Filed,
        Field::Words,
        Field::Category,
        Field::Tower,
        Field::Floor,
        Field::Place,
        Field::State,
        Field::Closed,
        Field::Rating,
    ];

    /// The word in forms and locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Former => "former",
            Field::Filed => "filed",
            Field::Words => "words",
            Field::Category => "category",
            Field::Tower => "tower",
            Field::Floor => "floor",
            Field::Place => "place",
            Field::State => "state",
            Field::Closed => "closed",
            Field::Rating => "rating",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|f| f.as_str() == word)
    }
}

/// Words over columns that say who somebody is: what stands below is not taken.
const PERSONAL: &[&str] = &[
    "电话",
    "手机",
    "联系",
    "姓名",
    "报修人",
    "投诉人",
    "报事人",
    "来电人",
    "住户",
    "业主",
    "客户",
    "微信",
    "邮箱",
    "工号",
    "身份证",
    "phone",
    "mobile",
    "tel",
    "name",
    "contact",
    "reporter",
    "complainant",
    "email",
    "e-mail",
    "wechat",
];
/// Words over columns that say who dealt with it: no single person is taken along either.
const HANDLERS: &[&str] = &["处理人", "经办", "维修人", "责任人", "接单人", "受理人", "登记人", "assignee", "handler", "technician", "owner"];

/// For each field the words that stand over it; those before others are asked first.
const WORDS: &[(Field, &[&str])] = &[
    (
        Field::Former,
        &["投诉编号", "工单号", "工单编号", "单号", "编号", "流水号", "序号", "ticket", "case", "reference", "ref", "number", "no", "no.", "id", "#"],
    ),
    (Field::Closed, &["办结", "完成时间", "完成日期", "完工", "关闭", "结案", "闭环", "closed", "resolved", "completed", "finished"]),
    (Field::State, &["状态", "进度", "办理情况", "处理结果", "是否完成", "status", "state", "progress"]),
    (Field::Rating, &["满意", "评价", "评分", "rating", "satisfaction", "score"]),
    (Field::Category, &["类别", "类型", "分类", "种类", "category", "type", "kind"]),
    (
        Field::Filed,
        &[
            "报修时间",
            "投诉时间",
            "报事时间",
            "登记",
            "受理时间",
            "提交",
            "发生",
            "日期",
            "时间",
            "filed",
            "reported",
            "created",
            "received",
            "opened",
            "date",
            "time",
        ],
    ),
    (Field::Tower, &["楼栋", "楼座", "塔楼", "栋", "座", "tower", "block", "building"]),
    (Field::Floor, &["楼层", "层", "floor", "level", "storey"]),
    (Field::Place, &["地方", "在哪", "点位", "位置", "地点", "地址", "房号", "室号", "房间", "区域", "place", "location", "where", "room", "area"]),
    (
        Field::Words,
        &[
            "投诉内容",
            "报修内容",
            "内容",
            "描述",
            "问题",
            "事由",
            "情况",
            "详情",
            "诉求",
            "description",
            "content",
            "details",
            "complaint",
            "text",
            "subject",
            "issue",
        ],
    ),
];

/// A word over a column, without what differs by accident.
fn plain(head: &str) -> String {
    head.chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace() && !matches!(c, '*' | ':' | '：' | '（' | '）' | '(' | ')')).collect()
}

fn holds(head: &str, word: &str) -> bool {
    // A short Latin word is a word of its own, or `no` would be found in `notes`.
    if word.is_ascii() && word.len() <= 4 {
        head.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word) || head == word
    } else {
        head.contains(word)
    }
}

/// Whether what stands below says who somebody is.
pub fn personal(head: &str) -> bool {
    let spaced = head.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| holds(&plain(head), w) || holds(&spaced, w));
    (says(PERSONAL) || says(HANDLERS)) && !says(&["楼", "building name"])
}

/// What each column probably holds: each field once, the first that fits.
pub fn guess(head: &[String]) -> Vec<Option<Field>> {
    let mut all: Vec<Option<Field>> = vec![None; head.len()];
    for (field, words) in WORDS {
        let free = |i: usize| all.get(i).is_some_and(Option::is_none) && !head.get(i).is_none_or(|h| h.is_empty() || personal(h));
        let spaced = |i: usize| head.get(i).map(|h| h.to_lowercase()).unwrap_or_default();
        let found = words.iter().find_map(|word| {
            let fits = |i: &usize| free(*i) && (holds(&plain(&spaced(*i)), word) || holds(&spaced(*i), word));
            (0..head.len()).find(fits)
        });
        if let Some(column) = found.and_then(|i| all.get_mut(i)) {
            *column = Some(*field);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Field, guess, personal};

    fn of(head: &[&str]) -> Vec<Option<&'static str>> {
        guess(&head.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>()).into_iter().map(|f| f.map(Field::as_str)).collect()
    }

    #[test]
    fn heads_that_property_managers_write_are_understood() {
        let head = ["投诉编号", "投诉时间", "投诉人", "联系电话", "楼层", "投诉内容", "投诉类别", "处理状态", "办结时间", "满意度", "处理人"];
        let read = [
            Some("former"),
            Some("filed"),
            None,
            None,
            Some("floor"),
            Some("words"),
            Some("category"),
            Some("state"),
            Some("closed"),
            Some("rating"),
            None,
        ];
        assert_eq!(of(&head), read);
        assert_eq!(of(&["序号", "日期", "位置", "问题描述", "状态"]), [Some("former"), Some("filed"), Some("place"), Some("words"), Some("state")]);
        let head = ["Ticket No", "Created at", "Location", "Category", "Description", "Status", "Closed at", "Contact phone", "Notes"];
        let read = [Some("former"), Some("filed"), Some("place"), Some("category"), Some("words"), Some("state"), Some("closed"), None, None];
        assert_eq!(of(&head), read);
        assert_eq!(of(&["", "随便"]), [None, None]);
    }

    #[test]
    fn who_somebody_is_is_never_proposed() {
        for head in ["联系电话", "姓名", "报修人手机", "Phone", "Customer name", "E-mail", "经办人"] {
            assert!(personal(head), "{head}");
        }
        for head in ["楼层", "内容", "编号", "Location", "Status"] {
            assert!(!personal(head), "{head}");
        }
    }
}
