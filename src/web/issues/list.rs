//! The list of a building's matters: filters in the address, the last moved first, a page at a time.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use rocket::{Route, get, routes};
use serde::Serialize;

use super::filter::{Asked, Narrowed, TABS};
use crate::domain::buildings::{self, Building, place};
use crate::domain::categories;
use crate::domain::issues::{self, IssueState, PublicRow};
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::shown::found;
use crate::web::shown::proven::beside;
use crate::web::shown::states::{self, State};
use crate::web::shown::word;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

/// Rows of a page.
pub const ROWS: u32 = 50;
/// Nobody needs to know a larger number exactly.
const COUNTED: u32 = 500;

/// One row, as flat ready strings.
#[derive(Serialize)]
pub struct Line {
    number: i32,
    place: String,
    count: String,
    title: String,
    /// The title as HTML, with what was looked for marked.
    marked: Option<String>,
    /// The same of the place.
    place_marked: Option<String>,
    mark: &'static str,
    word: std::borrow::Cow<'static, str>,
    class: &'static str,
    late: Option<String>,
    small: String,
}

#[derive(Serialize)]
struct Tab {
    href: String,
    word: std::borrow::Cow<'static, str>,
    here: bool,
}

#[derive(Serialize)]
struct Whole {
    csv: String,
    xlsx: String,
    token: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    heading: String,
    counted: Option<String>,
    tabs: Vec<Tab>,
    state: String,
    q: String,
    categories: &'static str,
    category: Option<(String, String)>,
    place: Option<String>,
    place_name: &'static str,
    place_value: String,
    without_place: String,
    clear: Option<String>,
    rows: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    csv: String,
    json: String,
    atom: String,
    /// As those who work here may see it, whole: where to send a form with this token.
    whole: Option<Whole>,
    follow: String,
    report: String,
}

/// The options of every category: the same for every page of a language.
static OPTIONS: LazyLock<[String; 2]> = LazyLock::new(|| Lang::ALL.map(options));

fn options(lang: Lang) -> String {
    let one = |c: &categories::Category| format!(r#"<option value="{}">{}</option>"#, c.code, handlebars::html_escape(c.name(lang)));
    categories::all().iter().map(one).collect()
}

#[get("/<building>/issues?<asked..>")]
async fn index(who: Anyone<'_>, building: &str, asked: Asked) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let building = buildings::by_slug(db, building).await?;
    if let Some(number) = named(&building, asked.q.as_deref()) {
        // A number is an address.
        if issues::by_number(db, building.id, number).await.is_ok() {
            return Ok(Answer::go(format!("/b/{}/issues/{number}", building.slug)));
        }
    }
    let Narrowed { filter, place } = asked.narrow(db, &building, who.lang).await?;
    let mut rows = issues::public_list(db, who.house.now(), building.id, &filter, ROWS).await?;
    let more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let count = match (filter.is_all(), more, filter.after) {
        (true, ..) => Some(building.last_issue_number.unsigned_abs()),
        (false, false, None) => Some(rows.len() as u32),
        (false, true, None) => Some(issues::public_count(db, building.id, &filter, COUNTED + 1).await?),
        (false, _, Some(_)) => None,
    };
    let next = more.then(|| rows.last().map(|r| asked.with(&[("after", &r.number.to_string())]))).flatten();
    let page = page(&who, &building, &asked, place, rows, count, next);
    let frame = Frame::titled(page.heading.clone()).of(&who, &building).here("issues").class("pg-list").feed(page.atom.clone());
    who.page(frame, "issues/list", &page)
}

/// `214`, `TQ-214` or `tq214`, typed into the search.
fn named(building: &Building, q: Option<&str>) -> Option<i32> {
    let typed = q?.trim().to_ascii_uppercase();
    let digits = typed.strip_prefix(&building.code).unwrap_or(&typed).trim_start_matches(['-', '#', ' ']);
    let digits = digits.trim_end_matches('号');
    digits.parse().ok().filter(|n| *n > 0)
}

fn page(
    who: &Caller,
    building: &Building,
    asked: &Asked,
    place: Option<String>,
    rows: Vec<PublicRow>,
    count: Option<u32>,
    next: Option<String>,
) -> Page {
    let lang = who.lang;
    let home = format!("/b/{}", building.slug);
    let root = format!("{home}/issues");
    let state = asked.state.clone().unwrap_or_default();
    let here = |name: &str| state == name;
    let mut tabs = vec![Tab { href: format!("{root}{}", asked.with(&[("state", "")])), word: word(lang, "issues.tabs.all"), here: here("") }];
    tabs.extend(TABS.iter().map(|(name, _)| Tab {
        href: format!("{root}{}", asked.with(&[("state", name)])),
        word: word(lang, &format!("issues.tabs.{name}")),
        here: here(name),
    }));
    let category = asked.category.as_deref().and_then(categories::find).map(|c| (c.code.clone(), c.name(lang).to_owned()));
    let (now, calendar) = (who.house.now(), who.house.calendar());
    let mark = |text: &str| asked.q.as_deref().and_then(|q| found::marked(text, q));
    let marked = |l: Line| Line { marked: mark(&l.title), place_marked: mark(&l.place), ..l };
    let lines = rows.iter().map(|r| marked(line(r, building, now, &calendar, lang))).collect();
    let narrowed = asked.with(&[]);
    let counted = count.map(|n| {
        let key = if n > COUNTED && !narrowed.is_empty() { "issues.counted_more" } else { "issues.counted" };
        lang.say(key, &[("n", &n.min(if narrowed.is_empty() { u32::MAX } else { COUNTED }).to_string())])
    });
    let floor = asked.floor.as_deref().filter(|f| !f.is_empty());
    Page {
        heading: place.clone().map_or_else(|| lang.t("issues.heading"), |p| lang.say("issues.heading_at", &[("place", &p)])),
        counted,
        tabs,
        q: asked.q.clone().unwrap_or_default(),
        categories: &OPTIONS[usize::from(lang == Lang::En)],
        category,
        place_name: if floor.is_some() { "floor" } else { "place" },
        place_value: floor.or(asked.place.as_deref()).unwrap_or_default().to_owned(),
        without_place: format!("{root}{}", asked.with(&[("place", ""), ("floor", "")])),
        clear: (!narrowed.is_empty()).then(|| root.clone()),
        rows: lines,
        next: next.map(|query| format!("{root}{query}")),
        first: asked.after.map(|_| format!("{root}{narrowed}")),
        csv: format!("{root}.csv{narrowed}"),
        json: format!("{root}.json{narrowed}"),
        atom: format!("{root}.atom{narrowed}"),
        whole: who.signed.as_ref().filter(|s| persons::entitled(&s.memberships, Right::Desk, building).is_some()).map(|_| Whole {
            csv: format!("{root}/export.csv{narrowed}"),
            xlsx: format!("{root}/export.xlsx{narrowed}"),
            token: who.form_token(),
        }),
        follow: format!("{home}/follow{}", asked.followed()),
        report: format!("{home}/report"),
        house: building.name(lang).to_owned(),
        state,
        place,
        home,
        root,
    }
}

/// The same page with fifty rows that nobody reported: nothing is read and nothing computed for it but the template.
pub fn specimen(lang: Lang) -> &'static impl Serialize {
    static BOTH: LazyLock<[Page; 2]> = LazyLock::new(|| Lang::ALL.map(furnished));
    &BOTH[usize::from(lang == Lang::En)]
}

fn furnished(lang: Lang) -> Page {
    let kinds = categories::all();
    let rows = (1..=i32::try_from(ROWS).unwrap_or_default()).zip(IssueState::ALL.iter().cycle()).zip(kinds.iter().cycle());
    let rows = rows.map(|((n, state), kind)| {
        let State { mark, word: state, class } = states::issue(*state, None, None, lang);
        Line {
            number: n,
            place: lang.t("styleguide.list.place"),
            count: lang.say("issues.met", &[("n", &n.to_string())]),
            title: kind.name(lang).to_owned(),
            marked: None,
            place_marked: None,
            mark,
            word: state,
            class,
            late: (n % 7 == 0).then(|| lang.t("styleguide.list.late")),
            small: lang.t("styleguide.list.small"),
        }
    });
    let root = String::from("/styleguide/list");
    let tab = |(name, _): &(&str, _)| Tab { href: root.clone(), word: word(lang, &format!("issues.tabs.{name}")), here: false };
    Page {
        home: String::from("/styleguide"),
        house: lang.t("styleguide.title"),
        heading: lang.t("issues.heading"),
        counted: Some(lang.say("issues.counted", &[("n", &ROWS.to_string())])),
        tabs: TABS.iter().map(tab).collect(),
        state: String::new(),
        q: String::new(),
        categories: &OPTIONS[usize::from(lang == Lang::En)],
        category: None,
        place: None,
        place_name: "place",
        place_value: String::new(),
        without_place: root.clone(),
        clear: None,
        rows: rows.collect(),
        next: Some(root.clone()),
        first: None,
        csv: root.clone(),
        json: root.clone(),
        atom: root.clone(),
        whole: None,
        follow: root.clone(),
        report: root.clone(),
        root,
    }
}

/// A row in words.
pub fn line(r: &PublicRow, building: &Building, now: DateTime<Utc>, calendar: &Calendar, lang: Lang) -> Line {
    let into = r.into_number.map(|n| building.label(n));
    let State { mark, word: state, class } = states::issue(r.state, r.closed_by, into.as_deref(), lang);
    let met = if r.reports > 1 { lang.say("issues.met", &[("n", &r.reports.to_string())]) } else { String::new() };
    let late = r.next_due.filter(|d| r.state != IssueState::Done && *d <= now).map(|d| dates::due(d, now, calendar, lang).left);
    Line {
        number: r.number,
        place: place::public_words(r.tower.as_deref(), r.floor.as_deref(), lang.pick(&r.place_name, &r.place_name_en), r.let_to_one, lang),
        count: beside(met, r.behind(), lang),
        title: title(r, lang),
        marked: None,
        place_marked: None,
        mark,
        word: state,
        class,
        late,
        small: small(r, now, lang),
    }
}

/// The released title, or the kind of trouble.
pub fn title(r: &PublicRow, lang: Lang) -> String {
    issues::title_for_public(r.public_title.as_deref(), &r.category, lang)
}

/// `安澜物业，11月25日 周三 24:00前`: who, and what is due or when it ended.
fn small(r: &PublicRow, now: DateTime<Utc>, lang: Lang) -> String {
    let holder = lang.pick(r.holder.as_deref().unwrap_or_default(), r.holder_en.as_deref().unwrap_or_default());
    let today = dates::local(now).date();
    let (key, due) = match r.state {
        IssueState::Received => ("first", r.first_answer_due.or(r.result_due)),
        IssueState::Accepted | IssueState::InWork => ("result", r.result_due),
        IssueState::Done => ("confirm", r.confirm_due),
        IssueState::LongTerm => {
            let day = r.review_on.as_deref().and_then(dates::parse).map(|d| dates::short(d, today, lang)).unwrap_or_default();
            return lang.say("issues.small.long_term", &[("by", holder), ("day", &day)]);
        }
        IssueState::Closed | IssueState::Declined => ("ended", r.closed_at),
        _ => ("with", None),
    };
    match due {
        // The last day, of which 24:00 is the end.
        Some(at) if key != "ended" => {
            let day = dates::short(dates::local(at - chrono::Duration::minutes(1)).date(), today, lang);
            lang.say(&format!("issues.small.{key}"), &[("by", holder), ("day", &day)])
        }
        Some(at) => lang.say("issues.small.ended", &[("by", holder), ("day", &dates::short(dates::local(at).date(), today, lang))]),
        None => holder.to_owned(),
    }
}
