//! The page of one act: what it is about, what it needs, what follows from it, one button. Its words are in
//! `locales/*/work.toml` under the act's name.

use std::borrow::Cow;

use serde::Serialize;

use super::lead::Lead;
use super::meanwhile::Meanwhile;
use super::picking::Canned;
use super::reports::{Shown, reported};
use super::room::Room;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::photos::sealed;
use crate::web::shown::clock::Clock;
use crate::web::shown::story::Story;

/// Reports beside the form: enough to know what one decides about.
const BESIDE: usize = 3;
/// The last steps of the story beside it.
const STEPS: usize = 5;

/// One of several answers.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
}

impl Choice {
    /// An answer without more to say.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }
}

/// A field of the form; the names are those of the partials in `templates/parts`.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    kind: &'static str,
    name: Cow<'static, str>,
    label: String,
    hint: Option<String>,
    value: String,
    error: Option<String>,
    required: bool,
    max: Option<u32>,
    r#type: Option<&'static str>,
    mode: Option<&'static str>,
    short: bool,
    search: bool,
    empty: Option<String>,
    options: Vec<Choice>,
}

/// One act's page.
pub struct Sheet<'s, 'r> {
    room: &'s Room<'r>,
    key: String,
    action: String,
    form: FormState,
    fields: Vec<Field>,
    facts: Vec<(String, String)>,
    steps: Vec<String>,
    refused: Option<String>,
    warning: Option<String>,
    task: Option<i32>,
    danger: bool,
    photos: Option<Vec<sealed::Shown>>,
    canned: Vec<Canned>,
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    heading: String,
    intro: Option<String>,
    action: String,
    form: FormState,
    version: i32,
    line: i64,
    task: Option<i32>,
    fields: Vec<Field>,
    facts: Vec<Fact>,
    steps: Vec<String>,
    button: String,
    danger: bool,
    photos: bool,
    kept: Vec<sealed::Shown>,
    /// Canned answers to begin from: each a way to this page with its words filled in.
    canned: Vec<Canned>,
    who: Option<String>,
    refused: Option<String>,
    warning: Option<String>,
    meanwhile: Option<Meanwhile>,
    /// What it is about, in the reporters' own words, for those who may read them.
    reports: Vec<Shown>,
    words: bool,
    clock: Option<Clock>,
    clock_words: String,
    /// How it came this far.
    story: Story,
    /// Where the rest of it stands, where there is more.
    whole: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    term: String,
    value: String,
}

impl<'s, 'r> Sheet<'s, 'r> {
    /// The page of an act with this name, which is sent to this address below the matter's own.
    pub fn new(room: &'s Room<'r>, key: impl Into<String>, path: &str, form: FormState) -> Self {
        Self {
            room,
            key: key.into(),
            action: format!("{}/{path}", room.root()),
            form,
            fields: vec![],
            facts: vec![],
            steps: vec![],
            refused: None,
            warning: None,
            task: None,
            danger: false,
            photos: None,
            canned: vec![],
        }
    }

    fn t(&self, part: &str) -> String {
        self.room.caller.lang.t(&format!("{}.{part}", self.key))
    }

    fn known(&self, part: &str) -> Option<String> {
        let key = format!("{}.{part}", self.key);
        self.room.caller.lang.has(&key).then(|| self.with_counts(&key))
    }

    fn with_counts(&self, key: &str) -> String {
        let n = self.room.m.issue.reports.to_string();
        self.room.caller.lang.say(key, &[("n", &n)])
    }

    fn field(&self, kind: &'static str, name: &'static str) -> Field {
        Field {
            kind,
            name: name.into(),
            label: self.t(name),
            hint: self.known(&format!("{name}_hint")),
            value: self.form.values.get(name).cloned().unwrap_or_default(),
            error: self.form.errors.get(name).cloned(),
            required: true,
            max: None,
            r#type: None,
            mode: None,
            short: false,
            search: false,
            empty: None,
            options: vec![],
        }
    }

    /// Several lines of text.
    #[must_use]
    pub fn words(mut self, name: &'static str, max: u32) -> Self {
        let f = Field { max: Some(max), ..self.field("textarea", name) };
        self.fields.push(f);
        self
    }

    /// Several lines that may stay empty.
    #[must_use]
    pub fn optional(mut self, name: &'static str, max: u32) -> Self {
        let f = Field { max: Some(max), required: false, ..self.field("textarea", name) };
        self.fields.push(f);
        self
    }

    /// A line of text.
    #[must_use]
    pub fn line(mut self, name: &'static str, max: u32) -> Self {
        let f = Field { max: Some(max), required: false, ..self.field("input", name) };
        self.fields.push(f);
        self
    }

    /// A number.
    #[must_use]
    pub fn number(mut self, name: &'static str) -> Self {
        let f = Field { mode: Some("numeric"), short: true, ..self.field("input", name) };
        self.fields.push(f);
        self
    }

    /// A day.
    #[must_use]
    pub fn day(mut self, name: &'static str) -> Self {
        let f = Field { r#type: Some("date"), short: true, ..self.field("input", name) };
        self.fields.push(f);
        self
    }

    /// A day that may stay empty.
    #[must_use]
    pub fn optional_day(mut self, name: &'static str) -> Self {
        let f = Field { r#type: Some("date"), short: true, required: false, ..self.field("input", name) };
        self.fields.push(f);
        self
    }

    /// A day with its hour.
    #[must_use]
    pub fn moment(mut self, name: &'static str) -> Self {
        let f = Field { r#type: Some("datetime-local"), short: true, ..self.field("input", name) };
        self.fields.push(f);
        self
    }

    /// A signature, drawn on the screen.
    #[must_use]
    pub fn signature(mut self, name: &'static str) -> Self {
        let f = Field { required: false, ..self.field("signature", name) };
        self.fields.push(f);
        self
    }

    /// One of a few.
    #[must_use]
    pub fn picks(mut self, name: &'static str, options: Vec<Choice>) -> Self {
        let f = Field { options, ..self.field("picks", name) };
        self.fields.push(f);
        self
    }

    /// One of a few, under a name and a label of its own: several alike on a page.
    #[must_use]
    pub fn picks_for(mut self, name: String, label: String, options: Vec<Choice>) -> Self {
        let value = self.form.values.get(&name).cloned().unwrap_or_default();
        let f = Field { name: name.into(), label, hint: None, value, error: None, options, ..self.field("picks", "") };
        self.fields.push(f);
        self
    }

    /// What is wrong with several fields together stands above the first of them.
    #[must_use]
    pub fn errors_of(mut self, all: &str) -> Self {
        let error = self.form.errors.get(all).cloned();
        if let Some(f) = self.fields.iter_mut().find(|f| f.kind == "picks") {
            f.error = error.or(f.error.take());
        }
        self
    }

    /// One of many.
    #[must_use]
    pub fn select(mut self, name: &'static str, options: Vec<Choice>) -> Self {
        let empty = self.known(&format!("{name}_none"));
        let f = Field { search: options.len() > 12, options, empty, ..self.field("select", name) };
        self.fields.push(f);
        self
    }

    /// A box to tick.
    #[must_use]
    pub fn tick(mut self, name: &'static str) -> Self {
        let f = Field { required: false, ..self.field("tick", name) };
        self.fields.push(f);
        self
    }

    /// Photographs; those that came with an earlier try are still there.
    #[must_use]
    pub fn photos(mut self, kept: Vec<sealed::Shown>) -> Self {
        self.photos = Some(kept);
        self
    }

    /// Canned answers that can be put in.
    #[must_use]
    pub fn canned(mut self, canned: Vec<Canned>) -> Self {
        self.canned = canned;
        self
    }

    /// A fact that stands above the form.
    #[must_use]
    pub fn fact(mut self, term: &str, value: impl Into<String>) -> Self {
        self.facts.push((self.t(term), value.into()));
        self
    }

    /// What follows, in the order of happening.
    #[must_use]
    pub fn then(mut self, part: &str, with: &[(&str, &str)]) -> Self {
        self.steps.push(self.room.caller.lang.say(&format!("{}.{part}", self.key), with));
        self
    }

    /// What somebody should know before.
    #[must_use]
    pub fn warned(mut self, words: Option<String>) -> Self {
        self.warning = words;
        self
    }

    /// It cannot be done now, and why: then that stands where the form would be.
    #[must_use]
    pub fn unless(mut self, refused: Option<String>) -> Self {
        self.refused = refused;
        self
    }

    /// For a form about a task: its own version.
    #[must_use]
    pub fn task(mut self, version: i32) -> Self {
        self.task = Some(version);
        self
    }

    /// The act takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// The page.
    pub async fn answer(self) -> Result<Answer> {
        let meanwhile = if self.form.conflict { Some(Meanwhile::since(self.room, &self.form, &self.fields).await?) } else { None };
        let reports = if self.room.sight.words { reported(self.room, BESIDE).await?.shown } else { vec![] };
        let (clock, clock_words) = self.room.own_clock();
        let heading = self.with_counts(&format!("{}.heading", self.key));
        let mut story = self.room.story();
        let rest = story.steps.len().saturating_sub(STEPS);
        story.steps.drain(..rest);
        let page = Page {
            lead: self.room.lead(Some(self.t("crumb"))),
            story,
            whole: (rest > 0).then(|| format!("{}/work#story", self.room.root())),
            intro: self.known("intro"),
            button: self.with_counts(&format!("{}.button", self.key)),
            who: self.known("who"),
            facts: self.facts.into_iter().map(|(term, value)| Fact { term, value }).collect(),
            action: self.action,
            version: self.room.seen.version,
            task: self.task,
            line: self.room.seen.line,
            form: self.form,
            fields: self.fields,
            steps: self.steps,
            danger: self.danger,
            photos: self.photos.is_some(),
            kept: self.photos.unwrap_or_default(),
            canned: self.canned,
            refused: self.refused,
            warning: self.warning,
            meanwhile,
            heading,
            reports,
            words: self.room.sight.words,
            clock,
            clock_words,
        };
        self.room.caller.page(self.room.frame(&page.heading), "work/act", &page)
    }
}

impl Field {
    /// What was typed, as the conflict page repeats it: the label and the words, or the answer's own words.
    pub(super) fn typed(&self) -> Option<(String, String)> {
        if self.value.trim().is_empty() {
            return None;
        }
        let words = self.options.iter().find(|o| o.value == self.value).map_or_else(|| self.value.clone(), |o| o.label.clone());
        Some((self.label.clone(), words))
    }
}
