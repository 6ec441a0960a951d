//! The parts of the page of figures: the four numbers with what they do not say, the rates, the ages, the rows.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Asked;
use crate::domain::categories;
use crate::domain::handling::{AGES, By, Case, Cut, Effect, Group, Held, Rate, Week};
use crate::kernel::calendar::Calendar;
use crate::kernel::i18n::Lang;

/// Up to so many matters each has a cell of its own; of more, a cell is one in a hundred.
pub(super) const CELLS: i64 = 120;
/// Matters of an age that are named; the rest are counted.
const NAMED: usize = 24;

/// One of the four numbers.
#[derive(Serialize)]
pub(super) struct Number {
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
pub(super) struct Note {
    words: String,
    href: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Rated {
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
pub(super) struct Chip {
    label: String,
    href: String,
    class: &'static str,
}

#[derive(Serialize)]
pub(super) struct Age {
    word: String,
    n: usize,
    chips: Vec<Chip>,
    more: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Row {
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
pub(super) struct Flatter {
    word: String,
    n: String,
    href: Option<String>,
}

/// A group's name.
pub(super) fn group_name(by: By, of: &str, lang: Lang) -> String {
    match by {
        By::Kind => categories::name(of, lang),
        By::Floor if of.is_empty() => lang.t("handling.no_floor"),
        By::Floor => lang.say("handling.floor", &[("of", of)]),
    }
}

/// What the parts of the page are made of.
pub(super) struct Shown<'a> {
    pub(super) asked: &'a Asked,
    pub(super) cases: &'a [Case],
    pub(super) lang: Lang,
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

    pub(super) fn numbers(&self, effect: Effect) -> Vec<Number> {
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

    pub(super) fn rates(&self) -> Vec<Rated> {
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

    pub(super) fn ages(&self, open: &[&Held], now: DateTime<Utc>, calendar: &Calendar) -> Vec<Age> {
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

    pub(super) fn flow(&self, weeks: &[Week], open: i64) -> String {
        let (came, went) = (weeks.iter().map(|w| w.came).sum::<i64>(), weeks.iter().map(|w| w.went).sum::<i64>());
        let n = |n: i64| n.to_string();
        self.lang.say(
            "handling.flow.caption",
            &[("weeks", &weeks.len().to_string()), ("came", &n(came)), ("went", &n(went)), ("was", &n(open - came + went)), ("is", &n(open))],
        )
    }

    pub(super) fn row(&self, g: &Group) -> Row {
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
            often: g.comes_back(),
            worse: matches!((g.half_before, g.half), (Some(was), Some(is)) if is - was >= 0.5),
            change,
            of: group_name(self.asked.by, &g.of, self.lang),
        }
    }

    pub(super) fn flatters(&self, stood: u32) -> Vec<Flatter> {
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
