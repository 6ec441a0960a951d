//! A desk's address: which list, narrowed to what, with which columns. Everything stands in plain words in the address, so
//! that it can be kept under a name and passed on.

use rocket::FromForm;
use url::form_urlencoded::Serializer;

use crate::domain::categories;
use crate::domain::desk::{Hands, Narrow, Span, View};

/// The address as it was asked for. Words that mean nothing are passed over.
#[derive(Clone, Debug, Default, FromForm)]
pub struct Query {
    view: Option<String>,
    /// A building's slug.
    b: Option<String>,
    hands: Option<String>,
    /// A category's code.
    kind: Option<String>,
    floor: Option<String>,
    q: Option<String>,
    due: Option<String>,
    /// Columns that can be chosen, with commas between them.
    cols: Vec<String>,
    dense: Option<String>,
    page: Option<usize>,
}

/// A column that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// In whose hands.
    Hands,
    Kind,
    /// How many stand behind it.
    Reports,
    /// Since when.
    Since,
}

impl Extra {
    /// Every one, in the order of the table.
    pub const ALL: &'static [Extra] = &[Extra::Hands, Extra::Kind, Extra::Reports, Extra::Since];

    /// The word in the address and in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Extra::Hands => "hands",
            Extra::Kind => "kind",
            Extra::Reports => "reports",
            Extra::Since => "since",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub view: View,
    pub building: Option<String>,
    pub narrow: Narrow,
    pub columns: Vec<Extra>,
    pub dense: bool,
    pub page: usize,
    /// Somebody's desk opens with another list: then this one, too, is asked for by its name.
    pub by_name: bool,
}

/// Pages that can be turned: who has more to do than this needs another list.
pub const PAGES: usize = 40;
/// Most letters of a word that is looked for.
const LONGEST: usize = 60;

impl Query {
    /// Whether the address asks for nothing at all.
    pub fn is_empty(&self) -> bool {
        let words = [&self.view, &self.b, &self.hands, &self.kind, &self.floor, &self.q, &self.due, &self.dense];
        words.iter().all(|w| w.is_none()) && self.cols.is_empty() && self.page.is_none()
    }

    /// From what stands behind the question mark.
    pub fn parse(text: &str) -> Self {
        let mut query = Query::default();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            if name == "cols" {
                query.cols.push(value.into_owned());
                continue;
            }
            let value = Some(value.into_owned());
            match &*name {
                "view" => query.view = value,
                "b" => query.b = value,
                "hands" => query.hands = value,
                "kind" => query.kind = value,
                "floor" => query.floor = value,
                "q" => query.q = value,
                "due" => query.due = value,
                "dense" => query.dense = value,
                _ => {}
            }
        }
        query
    }
}

/// A floor as it is kept, of what people type: `18F`, `18楼`, `南座18层` are `18`.
fn floor(typed: &str) -> String {
    let from = typed.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(typed.len());
    let name: String = typed[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let bare = name.strip_suffix(['F', 'f']).filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    bare.unwrap_or(&name).to_uppercase()
}

impl Asked {
    /// What an address asks for.
    pub fn of(query: &Query) -> Self {
        let given =
            |word: &Option<String>| word.as_deref().map(str::trim).filter(|w| !w.is_empty()).map(|w| w.chars().take(LONGEST).collect::<String>());
        let columns: Vec<&str> = query.cols.iter().flat_map(|c| c.split(',')).collect();
        Self {
            view: given(&query.view).and_then(|w| View::named(&w)).unwrap_or(View::Next),
            building: given(&query.b),
            narrow: Narrow {
                hands: given(&query.hands).and_then(|w| Hands::named(&w)),
                category: given(&query.kind).filter(|c| categories::find(c).is_some()),
                floor: given(&query.floor).map(|f| floor(&f)).filter(|f| !f.is_empty()),
                words: given(&query.q),
                span: given(&query.due).and_then(|w| Span::named(&w)),
            },
            columns: Extra::ALL.iter().copied().filter(|c| columns.contains(&c.as_str())).collect(),
            dense: given(&query.dense).is_some(),
            page: query.page.unwrap_or(1).clamp(1, PAGES),
            by_name: false,
        }
    }

    /// What stands behind the question mark; nothing for the list as everybody first sees it.
    pub fn query(&self) -> String {
        let mut out = Serializer::new(String::new());
        let mut put = |name: &str, value: &str| {
            out.append_pair(name, value);
        };
        if self.view != View::Next {
            put("view", self.view.as_str());
        }
        let n = &self.narrow;
        let words = [
            ("b", self.building.as_deref()),
            ("hands", n.hands.map(Hands::as_str)),
            ("kind", n.category.as_deref()),
            ("floor", n.floor.as_deref()),
            ("q", n.words.as_deref()),
            ("due", n.span.map(Span::as_str)),
        ];
        words.iter().filter_map(|(name, value)| Some((name, (*value)?))).for_each(|(name, value)| put(name, value));
        if !self.columns.is_empty() {
            put("cols", &self.columns.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(","));
        }
        if self.dense {
            put("dense", "1");
        }
        if self.page > 1 {
            put("page", &self.page.to_string());
        }
        out.finish().replace("%2C", ",")
    }

    /// The address.
    pub fn address(&self) -> String {
        let query = self.query();
        match query.is_empty() {
            true if self.by_name => format!("/desk?view={}", View::Next.as_str()),
            true => "/desk".into(),
            false => format!("/desk?{query}"),
        }
    }

    /// The same with something else; it begins at the first page.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Asked)) -> Asked {
        let mut other = Asked { page: 1, ..self.clone() };
        change(&mut other);
        other
    }
}
