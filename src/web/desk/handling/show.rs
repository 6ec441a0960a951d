//! The page of figures.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::period::Period;
use super::{Asked, Query, headline};
use crate::domain::buildings::Building;
use crate::domain::categories;
use crate::domain::figures::FEWEST;
use crate::domain::handling::{self, AGES, By, Case, Cut, DESK_HOURS, Effect, Group, Held, RETURNS_DAYS, Rate};
use crate::domain::issues::IssueState;
use crate::domain::organisations;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::{Holds, Triage};
use crate::web::shown::charts::{Figure, flow};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// Weeks of what comes and goes.
const WEEKS: u64 = 10;
/// Up to so many matters each has a cell of its own; of more, a cell is one in a hundred.
const CELLS: i64 = 120;
/// Matters of an age that are named; the rest are counted.
const NAMED: usize = 24;

#[derive(Serialize)]
struct Link {
    word: String,
    href: String,
    here: bool,
}

/// One of the four numbers.
#[derive(Serialize)]
struct Number {
    head: String,
    small: String,
    n: i64,
    of: i64,
    href: Option<String>,
    of_href: Option<String>,
    /// Classes of the cells, as drawn by `.cells`.
    cells: Vec<&'static str>,
    /// What it does not say by itself, each with the matters behind it.
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Note {
    words: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Rated {
    head: String,
    rule: String,
    told: Option<String>,
    /// What stands in place of a percentage.
    untold: String,
    counts: String,
    href: String,
    beside: Option<String>,
}

#[derive(Serialize)]
struct Chip {
    label: String,
    href: String,
    class: &'static str,
}

#[derive(Serialize)]
struct Age {
    word: String,
    n: usize,
    chips: Vec<Chip>,
    more: Option<String>,
}

#[derive(Serialize)]
struct Row {
    of: String,
    href: String,
    n: i64,
    half: String,
    nine_tenths: String,
    again: String,
    again_href: String,
    often: bool,
    change: String,
    worse: bool,
}

#[derive(Serialize)]
struct Flatter {
    word: String,
    n: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Page {
    desk: String,
    heading: String,
    whose: String,
    cell: String,
    houses: Vec<Link>,
    periods: Vec<Link>,
    b: Option<String>,
    by_kind: Link,
    by_floor: Link,
    none: bool,
    numbers: Vec<Number>,
    rates: Vec<Rated>,
    held: String,
    ages: Vec<Age>,
    long_term: Option<String>,
    desk_all: String,
    flow: Option<Figure>,
    rows: Vec<Row>,
    /// Groups of too few to say how long they take.
    few: Vec<Row>,
    compared: String,
    hours_rule: String,
    again_rule: String,
    flatters: Vec<Flatter>,
    csv: String,
    xlsx: String,
}

#[get("/desk/figures?<query..>")]
async fn show(me: Holds<'_, Triage>, query: Query) -> Result<Answer> {
    let (lang, now, calendar) = (me.lang, me.house.now(), me.house.calendar());
    let today = calendar.date_of(now);
    let db = &me.house.reading().await?;
    let asked = Asked::of(&me, db, &query).await?;
    let (from, to) = asked.period.instants(&calendar);
    let cases = handling::cases(db, &asked.scope, from, to).await?;
    let (earlier, until) = asked.period.before().instants(&calendar);
    let before = handling::cases(db, &asked.scope, earlier, until).await?;
    let held = handling::held(db, &asked.scope).await?;
    let weeks = handling::weeks(db, &calendar, &asked.scope, now, WEEKS).await?;
    let (year, next_year) = (today.format("%Y-01-01").to_string(), today.format("%Y-12-32").to_string());
    let effect = handling::effect(db, &asked.scope, &year, &next_year).await?;
    let stood = handling::stood(db, &calendar, &asked.scope, from, to, now).await?;
    let groups = handling::groups(&calendar, asked.by, &cases, &before);
    let whose = match &asked.scope.holders {
        Some(of) => {
            let names = organisations::by_ids(db, of.iter().copied()).await?;
            names.iter().map(|o| o.short(lang).to_owned()).collect::<Vec<_>>().join(&lang.t("handling.join"))
        }
        None => lang.t("handling.everybody"),
    };
    let places: Vec<&str> = asked.buildings.iter().filter(|b| asked.scope.buildings.contains(&b.id)).map(|b| b.name(lang)).collect();
    let word = asked.period.word(today, lang);
    let name = |of: &str| group_name(asked.by, of, lang);
    let clauses = headline::clauses(&cases, &before, &groups, name, &calendar, lang);
    let heading = match clauses.is_empty() {
        true => lang.say("handling.heading", &[("period", &word)]),
        false => lang.say("handling.headline.all", &[("period", &word), ("clauses", &clauses.join(&lang.t("parts.comma")))]),
    };
    let view = Shown { asked: &asked, cases: &cases, lang };
    let open: Vec<&Held> = held.iter().filter(|h| h.state != IssueState::LongTerm).collect();
    let oldest = open.first().map(|h| h.waited(now, &calendar)).unwrap_or_default();
    let span = dates::short(asked.period.to().pred_opt().unwrap_or(today).min(today), today, lang);
    let page = Page {
        desk: asked.only.as_ref().map_or_else(|| "/desk".into(), |b| format!("/desk?b={b}")),
        whose: lang.say(
            "handling.whose",
            &[
                ("whose", &whose),
                ("places", &places.join(&lang.t("handling.join"))),
                ("from", &dates::short(asked.period.from, today, lang)),
                ("to", &span),
            ],
        ),
        cell: lang.t(if cases.len() as i64 > CELLS { "handling.cell_hundredth" } else { "handling.cell_one" }),
        houses: houses(&asked, lang),
        periods: Period::choices(today).into_iter().map(|p| Link { word: p.word(today, lang), href: p.name(), here: p == asked.period }).collect(),
        b: asked.only.clone(),
        by_kind: Link { word: lang.t("handling.by_kind"), href: asked.address("", &[("by", "")]), here: asked.by == By::Kind },
        by_floor: Link { word: lang.t("handling.by_floor"), href: asked.address("", &[("by", By::Floor.as_str())]), here: asked.by == By::Floor },
        none: cases.is_empty(),
        numbers: view.numbers(effect),
        rates: view.rates(),
        held: lang.say("handling.held", &[("n", &open.len().to_string())]),
        ages: view.ages(&open, now, &calendar),
        long_term: {
            let n = held.len() - open.len();
            let long = (n > 0).then(|| lang.say("handling.long_term", &[("n", &n.to_string())]));
            let late = (oldest > 0).then(|| lang.say("handling.oldest", &[("n", &oldest.to_string())]));
            Some([late, long].into_iter().flatten().collect::<String>()).filter(|s| !s.is_empty())
        },
        desk_all: asked.only.as_ref().map_or_else(|| "/desk?view=all".into(), |b| format!("/desk?view=all&b={b}")),
        flow: flow::draw(&weeks, view.flow(&weeks, held.len() as i64), today, lang),
        rows: groups.iter().filter(|g| g.matters >= FEWEST).map(|g| view.row(g)).collect(),
        few: groups.iter().filter(|g| g.matters < FEWEST).map(|g| view.row(g)).collect(),
        compared: lang.say("handling.compared", &[("period", &asked.period.before().word(today, lang))]),
        hours_rule: lang.say("handling.hours_rule", &[("from", &DESK_HOURS.start.to_string()), ("to", &DESK_HOURS.end.to_string())]),
        again_rule: lang.say("handling.again_rule", &[("n", &RETURNS_DAYS.to_string())]),
        flatters: view.flatters(stood),
        csv: asked.address("/cases.csv", &[]),
        xlsx: asked.address("/cases.xlsx", &[]),
        heading,
    };
    let frame = Frame::titled(page.heading.clone()).here("desk").at_work().class("pg-desk pg-figures");
    me.page(frame, "desk/handling", &page)
}

/// A group's name.
pub(super) fn group_name(by: By, of: &str, lang: Lang) -> String {
    match by {
        By::Kind => categories::name(of, lang),
        By::Floor if of.is_empty() => lang.t("handling.no_floor"),
        By::Floor => lang.say("handling.floor", &[("of", of)]),
    }
}

fn houses(asked: &Asked, lang: Lang) -> Vec<Link> {
    if asked.buildings.len() < 2 {
        return vec![];
    }
    let everywhere = Link { word: lang.t("desk.everywhere"), href: asked.address("", &[("b", "")]), here: asked.only.is_none() };
    let one =
        |b: &Building| Link { word: b.name(lang).to_owned(), href: asked.address("", &[("b", &b.slug)]), here: asked.only.as_ref() == Some(&b.slug) };
    std::iter::once(everywhere).chain(asked.buildings.iter().map(one)).collect()
}

/// What the parts of the page are made of.
struct Shown<'a> {
    asked: &'a Asked,
    cases: &'a [Case],
    lang: Lang,
}

impl Shown<'_> {
    fn n(&self, cut: Cut) -> i64 {
        cut.count(self.cases)
    }

    fn list(&self, cut: Cut) -> String {
        self.asked.address("/cases", &[("of", cut.as_str())])
    }

    fn say(&self, key: &str, n: i64) -> String {
        self.lang.say(&format!("handling.{key}"), &[("n", &n.to_string())])
    }

    /// A note about the matters of a cut, where there are any.
    fn note(&self, key: &str, cut: Cut) -> Option<Note> {
        let n = self.n(cut);
        (n > 0).then(|| Note { words: self.say(&format!("notes.{key}"), n), href: Some(self.list(cut)) })
    }

    /// How it could be written to look better.
    fn nice(&self, key: &str, n: i64, of: i64) -> Option<Note> {
        let words = self.lang.say(&format!("handling.nice.{key}"), &[("n", &n.to_string()), ("of", &of.to_string())]);
        (of > 0).then_some(Note { words, href: None })
    }

    fn numbers(&self, effect: Effect) -> Vec<Number> {
        let (all, answered, late) = (self.n(Cut::All), self.n(Cut::Answered), self.n(Cut::AnsweredLate));
        let (done, last_hour) = (self.n(Cut::Done), self.n(Cut::LastHour));
        let (confirmed, silent, contested) = (self.n(Cut::Confirmed), self.n(Cut::Silent), self.n(Cut::Contested));
        let number = |key: &str, (cut, n): (Cut, i64), (of_cut, of): (Cut, i64), cells: &[(i64, &'static str)], notes: Vec<Option<Note>>| Number {
            head: self.lang.t(&format!("handling.numbers.{key}")),
            small: self.say(&format!("numbers.{key}_of"), of),
            n,
            of,
            href: (n > 0).then(|| self.list(cut)),
            of_href: (of > 0).then(|| self.list(of_cut)),
            cells: drawn(cells, of),
            notes: notes.into_iter().flatten().collect(),
        };
        let answers = vec![
            self.note("answered_late", Cut::AnsweredLate),
            self.note("unanswered", Cut::Unanswered),
            self.nice("answered", answered + late, all).filter(|_| late > 0),
        ];
        let ends = vec![self.note("last_hour", Cut::LastHour), self.note("done_late", Cut::DoneLate), self.note("declined", Cut::Declined)];
        let words = vec![
            self.note("contested", Cut::Contested),
            self.note("silent", Cut::Silent),
            self.note("asked", Cut::Asked),
            self.nice("confirmed", confirmed, confirmed + contested).filter(|_| silent > 0),
        ];
        let mut measured = vec![(effect.planned > 0).then(|| Note { words: self.say("notes.planned", effect.planned), href: None })];
        let checked = effect.effective + effect.not;
        measured.push((checked > 0 && checked < 30).then(|| Note { words: self.lang.t("handling.notes.few_checks"), href: None }));
        vec![
            number("answered", (Cut::Answered, answered), (Cut::All, all), &[(answered, "y"), (late, "h")], answers),
            number("done", (Cut::Done, done), (Cut::All, all), &[(done - last_hour, "y"), (last_hour, "h")], ends),
            number("confirmed", (Cut::Confirmed, confirmed), (Cut::Done, done), &[(confirmed, "y"), (contested, "x"), (silent, "s")], words),
            Number {
                head: self.lang.t("handling.numbers.effective"),
                small: self.lang.t("handling.numbers.effective_of"),
                n: effect.effective,
                of: checked,
                href: None,
                of_href: None,
                cells: drawn(&[(effect.effective, "g"), (effect.not, "x")], checked),
                notes: measured.into_iter().flatten().collect(),
            },
        ]
    }

    fn rates(&self) -> Vec<Rated> {
        let sum = |of: fn(&Case) -> i64| self.cases.iter().map(of).sum::<i64>();
        let (all, answered) = (self.n(Cut::All), self.n(Cut::Answered) + self.n(Cut::AnsweredLate));
        let (yes, judged) = (sum(|c| c.yes), sum(|c| c.yes + c.half + c.no));
        let (satisfied, basically, rated) = (sum(|c| c.satisfied), sum(|c| c.basically), sum(|c| c.satisfied + c.basically + c.dissatisfied));
        let rate = |key: &str, rate: Rate, cut: Cut, beside: Option<String>| Rated {
            head: self.lang.t(&format!("handling.rates.{key}")),
            rule: self.lang.t(&format!("handling.rates.{key}_rule")),
            told: rate.told(),
            untold: self.lang.t(if rate.of == 0 { "handling.rates.no_data" } else { "handling.rates.too_few" }),
            counts: self.lang.say("handling.rates.counts", &[("n", &rate.n().to_string()), ("of", &rate.of.to_string())]),
            href: self.list(cut),
            beside,
        };
        let weighed = Rate::new(satisfied, rated).and(basically, 6).told();
        let weighed = weighed.filter(|_| basically > 0).map(|p| self.lang.say("handling.rates.weighed", &[("n", &basically.to_string()), ("p", &p)]));
        vec![
            rate("response", Rate::new(answered, all), Cut::All, None),
            rate("resolution", Rate::new(yes, judged), Cut::Judged, None),
            rate("satisfaction", Rate::new(satisfied, rated), Cut::Rated, weighed),
        ]
    }

    fn ages(&self, open: &[&Held], now: chrono::DateTime<chrono::Utc>, calendar: &crate::kernel::calendar::Calendar) -> Vec<Age> {
        let several = self.asked.scope.buildings.len() > 1;
        let chip = |h: &&&Held| {
            let b = self.asked.buildings.iter().find(|b| b.id == h.building_id)?;
            let class = if h.late(now) {
                "z"
            } else if h.stands {
                "w"
            } else {
                ""
            };
            let label = if several { b.label(h.number) } else { h.number.to_string() };
            Some(Chip { label, href: format!("/b/{}/issues/{}/work", b.slug, h.number), class })
        };
        let one = |(from, to): &(u32, u32)| {
            let some: Vec<&&Held> = open.iter().filter(|h| (*from..=*to).contains(&h.waited(now, calendar))).collect();
            let more = some.len().saturating_sub(NAMED) as i64;
            Age {
                word: match *to {
                    u32::MAX => self.lang.say("handling.age_more", &[("from", &from.to_string())]),
                    to => self.lang.say("handling.age", &[("from", &from.to_string()), ("to", &to.to_string())]),
                },
                n: some.len(),
                chips: some.iter().take(NAMED).filter_map(chip).collect(),
                more: (more > 0).then(|| self.say("more", more)),
            }
        };
        AGES.iter().map(one).collect()
    }

    fn flow(&self, weeks: &[handling::Week], open: i64) -> String {
        let (came, went) = (weeks.iter().map(|w| w.came).sum::<i64>(), weeks.iter().map(|w| w.went).sum::<i64>());
        let n = |n: i64| n.to_string();
        self.lang.say(
            "handling.flow.caption",
            &[("weeks", &weeks.len().to_string()), ("came", &n(came)), ("went", &n(went)), ("was", &n(open - came + went)), ("is", &n(open))],
        )
    }

    fn row(&self, g: &Group) -> Row {
        let hours = |h: Option<f64>| h.map_or_else(String::new, |h| self.lang.say("handling.within", &[("n", &told(h))]));
        let change = match (g.half_before, g.half) {
            (Some(was), Some(is)) if (is - was).abs() < 0.5 => self.lang.t("handling.same"),
            (Some(was), Some(is)) if is < was => self.lang.say("handling.faster", &[("n", &told(was - is))]),
            (Some(was), Some(is)) => self.lang.say("handling.slower", &[("n", &told(is - was))]),
            _ => String::new(),
        };
        let list = |cut: Cut| self.asked.address("/cases", &[("of", cut.as_str()), ("group", if g.of.is_empty() { "-" } else { &g.of })]);
        Row {
            href: list(Cut::All),
            n: g.matters,
            half: hours(g.half),
            nine_tenths: hours(g.nine_tenths),
            again: format!("{}/{}", g.again, g.matters),
            again_href: list(Cut::Again),
            often: g.again * 4 >= g.matters && g.again > 2,
            worse: matches!((g.half_before, g.half), (Some(was), Some(is)) if is - was >= 0.5),
            change,
            of: group_name(self.asked.by, &g.of, self.lang),
        }
    }

    fn flatters(&self, stood: u32) -> Vec<Flatter> {
        let part = |key: &str, cut: Cut, of: Cut| {
            let n = self.n(cut);
            Flatter {
                word: self.lang.t(&format!("handling.flatters.{key}")),
                n: format!("{n}/{}", self.n(of)),
                href: (n > 0).then(|| self.list(cut)),
            }
        };
        vec![
            part("last_hour", Cut::LastHour, Cut::Done),
            part("extended_twice", Cut::ExtendedTwice, Cut::All),
            part("come_back", Cut::ComeBack, Cut::Done),
            part("silent", Cut::Silent, Cut::Done),
            part("again", Cut::Again, Cut::All),
            Flatter { word: self.lang.t("handling.flatters.stood"), n: self.say("flatters.days", stood.into()), href: None },
        ]
    }
}

/// `9`, `2.5`, `0.4`: a digit behind the point only where it says something.
fn told(hours: f64) -> String {
    if hours >= 10.0 { format!("{hours:.0}") } else { format!("{hours:.1}").trim_end_matches(".0").to_owned() }
}

/// The classes of the cells: one a matter, or a hundred for all of them. What is left is drawn empty.
fn drawn(parts: &[(i64, &'static str)], of: i64) -> Vec<&'static str> {
    let cells = if of > CELLS { 100 } else { of };
    let mut all = vec![];
    let mut sum = 0;
    for (n, class) in parts {
        sum += n;
        let until = if of == 0 { 0 } else { (sum * cells + of / 2) / of };
        all.resize(usize::try_from(until).unwrap_or_default(), *class);
    }
    all.resize(usize::try_from(cells).unwrap_or_default(), "");
    all
}
