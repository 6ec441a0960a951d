//! The story of a matter, told from its journal for one reader. Each sentence stands once in `locales/*/story.toml`;
//! a remedy that failed is a detour that leaves the line and returns.

mod clocks;
mod force;
mod links;
mod measured;
mod opening;
mod outcome;
mod sentences;
mod talk;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::charts::Figure;
use super::matter::Matter;
use crate::domain::buildings::Building;
use crate::domain::effect_checks::Verdict;
use crate::domain::journal::{Entry, Reader, may_read};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::ResolutionId;
use crate::web::dates;

pub use outcome::outcome;

/// A link at the end of a step.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// Where to.
    pub href: String,
    /// Its words.
    pub word: String,
}

/// One step on the line. In templates: `{{> parts/story story}}`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Step {
    /// `done`, `now`, `ok`, `bad`, `detour`, or nothing.
    pub class: &'static str,
    /// The icon of the sprite.
    pub mark: &'static str,
    /// Where the chain points to.
    pub id: Option<&'static str>,
    /// The day, or the days.
    pub when: String,
    /// What happened, in one line.
    pub head: String,
    /// What else is to be said.
    pub body: Vec<String>,
    /// Words of reporters that were released.
    pub quotes: Vec<String>,
    /// Where to read on.
    pub ways: Vec<Way>,
    /// Charts that belong to this step.
    pub figures: Vec<Figure>,
    /// The steps of a remedy that failed.
    pub detour: Vec<Step>,
    #[serde(skip)]
    part: Part,
}

/// What a step is to the steps around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Alone,
    /// Where a remedy begins.
    Adopted,
    /// All tasks of one resolution.
    Tasks(ResolutionId),
    /// Figures measured one after the other.
    Measured,
    /// Matters that came in one after the other.
    TookIn,
    /// The effect of a remedy.
    Checked(Verdict, bool),
}

/// The story.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// Its steps, oldest first.
    pub steps: Vec<Step>,
}

/// For whom, when and in which language.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// The matter.
    pub m: &'a Matter,
    /// Where.
    pub building: &'a Building,
    /// For whom.
    pub reader: Reader,
    /// The present.
    pub now: DateTime<Utc>,
    /// In which language.
    pub lang: Lang,
}

impl Teller<'_> {
    /// The day of a step; those who work on it also read the time.
    fn when(&self, at: DateTime<Utc>) -> String {
        match self.reader {
            Reader::Public | Reader::Reporter => self.day(at),
            Reader::Party | Reader::Secretary => dates::moment(at, self.now, self.lang),
        }
    }

    fn day(&self, at: DateTime<Utc>) -> String {
        dates::short(dates::local(at).date(), dates::local(self.now).date(), self.lang)
    }

    /// A day that a row keeps as text.
    fn kept_day(&self, day: &str) -> String {
        dates::parse(day).map_or_else(|| day.to_owned(), |d| dates::short(d, dates::local(self.now).date(), self.lang))
    }

    fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        self.lang.say(&format!("story.{key}"), with)
    }

    fn name(&self, id: Option<crate::kernel::ids::OrganisationId>) -> String {
        self.m.name(id, self.lang)
    }
}

/// Tells the story.
pub fn tell(t: Teller<'_>) -> Story {
    let mut steps = vec![opening::reports(&t)];
    for (i, line) in t.m.lines.iter().enumerate() {
        if !may_read(&line.entry, t.reader) {
            continue;
        }
        if let Entry::CheckPlanned { on, .. } = &line.entry {
            opening::promise_check(&t, &mut steps, on);
            continue;
        }
        let Some(step) = sentences::of(&t, i) else { continue };
        match step.part {
            // The tasks of one resolution are one step, whenever each was sent out.
            Part::Tasks(_) if steps.iter().any(|s| s.part == step.part) => {}
            Part::Measured | Part::TookIn if steps.last().is_some_and(|s| s.part == step.part) => {
                if let Some(last) = steps.last_mut() {
                    last.body.extend(step.body);
                }
            }
            Part::Checked(verdict, last) => {
                steps.push(step);
                if verdict == Verdict::Ineffective || (verdict == Verdict::Partly && last) {
                    fold(&t, &mut steps);
                }
            }
            _ => steps.push(step),
        }
    }
    once(&mut steps);
    Story { steps }
}

/// The sentence of one line, where the reader may know of it: for pages that say what has just happened.
pub fn sentence(t: &Teller<'_>, at: DateTime<Utc>, entry: &Entry) -> Option<Step> {
    let i = t.m.lines.iter().position(|l| l.at == at && l.entry == *entry)?;
    may_read(entry, t.reader).then(|| sentences::of(t, i)).flatten()
}

/// Everything since the remedy was adopted becomes a detour.
fn fold(t: &Teller<'_>, steps: &mut Vec<Step>) {
    let Some(from) = steps.iter().rposition(|s| s.part == Part::Adopted) else { return };
    let mut detour = steps.split_off(from);
    // What came to nothing is drawn in outline.
    detour.iter_mut().filter(|s| s.class == "done").for_each(|s| s.class = "");
    let nth = steps.iter().filter(|s| !s.detour.is_empty()).count() + 1;
    steps.push(Step { class: "detour", when: t.say("detour", &[("n", &nth.to_string())]), detour, ..Step::default() });
}

/// The chain points to the last step of a kind; an id stands once on a page.
fn once(steps: &mut [Step]) {
    let mut seen = vec![];
    for step in steps.iter_mut().rev() {
        for inner in step.detour.iter_mut().rev() {
            keep_first(&mut inner.id, &mut seen);
        }
        keep_first(&mut step.id, &mut seen);
    }
}

fn keep_first(id: &mut Option<&'static str>, seen: &mut Vec<&'static str>) {
    match *id {
        Some(known) if seen.contains(&known) => *id = None,
        Some(new) => seen.push(new),
        None => {}
    }
}

impl Story {
    /// Puts charts beside the last check, or at the end.
    pub fn illustrate(&mut self, figures: Vec<Figure>) {
        let at = self.steps.iter().rposition(|s| s.id == Some("check")).or(self.steps.len().checked_sub(1));
        if let Some(step) = at.and_then(|i| self.steps.get_mut(i)) {
            step.figures = figures;
        }
    }
}
