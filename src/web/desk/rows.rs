//! From a line of the desk to its row: number, what, state, clock, and the one next act.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::asked::Extra;
use super::known::Known;
use crate::domain::buildings::Building;
use crate::domain::categories;
use crate::domain::desk::{Line, What};
use crate::domain::hand_overs::HandOver;
use crate::domain::issues::{Around, Issue, Next, Standing};
use crate::domain::meetings::MeetingState;
use crate::domain::supervisions::{Missed, Supervision};
use crate::domain::tasks::{Extension, Task, TaskState, Visit};
use crate::web::dates;
use crate::web::issues::work::place_of;
use crate::web::shown::clock::{self, Tick};
use crate::web::shown::pressed;
use crate::web::shown::proven::beside;
use crate::web::shown::states::{self, State};

/// A row.
#[derive(Serialize)]
pub struct Row {
    /// `TQ-248`, or nothing where it is no matter.
    label: Option<String>,
    title: String,
    href: String,
    small: String,
    state: State,
    boxes: Vec<Tick>,
    due: String,
    pub late: bool,
    pub today: bool,
    /// Contested: before everything else.
    first: bool,
    act: String,
    act_href: String,
    /// Somebody else is at it: the act is only a look.
    waits: bool,
    /// The label under which it can be picked for several acts at once.
    pub pick: Option<String>,
    /// Where it is said to be done, for a key.
    done: Option<String>,
    /// The columns that were chosen.
    extra: Vec<String>,
}

impl Row {
    /// For a table to take along: number, what, where, state, when due, the next act, and where it is.
    pub fn cells(self) -> Vec<String> {
        let Self { label, title, small, state, due, act, href, .. } = self;
        vec![label.unwrap_or_default(), title, small, state.word.into_owned(), due, act, href]
    }
}

/// More boxes than fit into one line of a row say less than its sentence.
fn glance(boxes: Vec<Tick>) -> Vec<Tick> {
    if boxes.len() > 16 { vec![] } else { boxes }
}

fn plain(mark: &'static str, word: String, class: &'static str) -> State {
    State { mark, word: word.into(), class }
}

impl Known<'_> {
    fn t(&self, key: &str) -> String {
        self.caller.lang.t(&format!("desk.{key}"))
    }

    fn say(&self, key: &str, with: &[(&str, &str)]) -> String {
        self.caller.lang.say(&format!("desk.{key}"), with)
    }

    fn bare(&self, title: String, href: String, small: String, state: State, act: &str) -> Row {
        Row {
            label: None,
            title,
            act_href: href.clone(),
            href,
            small,
            state,
            boxes: vec![],
            due: String::new(),
            late: false,
            today: false,
            first: false,
            act: self.t(&format!("acts.{act}")),
            waits: false,
            pick: None,
            done: None,
            extra: vec![],
        }
    }

    fn by(&self, mut row: Row, due: Option<DateTime<Utc>>, first: bool) -> Row {
        let calendar = self.caller.house.calendar();
        if let Some(due) = due.map(|d| dates::due(d, self.caller.house.now(), &calendar, self.caller.lang)) {
            (row.late, row.today, row.due) = (due.late, due.today, due.words);
        }
        row.first = first;
        row
    }

    /// The row of a line; none where what it names is gone.
    pub fn row(&self, line: &Line, columns: &[Extra]) -> Option<Row> {
        let mut row = match &line.what {
            What::Matter(i) => self.matter(i, line, Standing::Holder)?,
            What::Contested(i) => self.matter(i, line, Standing::Secretary)?,
            What::Offer(i) => self.offer(i, line)?,
            What::Task(t, i) => self.task(t, i)?,
            What::Extension(e, t, i) => self.extension(e, t, i)?,
            What::Visit(v, t, i) => self.visit(v, t, i)?,
            What::Supervision(s, i) => self.supervision(s, i)?,
            What::Report(h, i) => self.report(h, i)?,
            What::Check(c, i) => {
                let b = self.building(i.building_id)?;
                let k = self.checks.iter().filter(|x| x.issue_id == i.id).position(|x| x.id == c.id)? + 1;
                let href = format!("/b/{}/issues/{}/checks/{k}", b.slug, i.number);
                let state = plain("task", self.t("kinds.check"), "");
                let row =
                    self.bare(self.say("check", &[("title", &i.title_for_public(self.caller.lang))]), href, self.where_of(i, b), state, "check");
                self.by(Row { label: Some(b.label(i.number)), ..row }, line.due, line.first)
            }
            What::Words(b, n) => {
                let b = self.building(*b)?;
                let title = self.say("words", &[("n", &n.to_string())]);
                let state = plain("eye", self.t("kinds.words"), "");
                self.by(self.bare(title, format!("/b/{}/release", b.slug), b.name(self.caller.lang).to_owned(), state, "words"), line.due, line.first)
            }
            What::Mention(i, n) => self.mention(i, *n)?,
            What::CallBack(i) => self.call_back(i, line)?,
            _ => self.of_council(line)?,
        };
        row.extra = columns.iter().map(|c| self.extra(line, *c)).collect();
        Some(row)
    }

    /// What a chosen column says of a line; nothing where it is not about a matter.
    fn extra(&self, line: &Line, column: Extra) -> String {
        let (issue, person) = match &line.what {
            What::Matter(i) | What::Contested(i) | What::Offer(i) | What::Check(_, i) | What::Supervision(_, i) | What::Report(_, i) => {
                (i, i.person_id)
            }
            What::Task(t, i) | What::Extension(_, t, i) => (i, t.person_id),
            _ => return String::new(),
        };
        let (lang, now) = (self.caller.lang, self.caller.house.now());
        match column {
            Extra::Hands => self.persons.iter().find(|p| Some(p.id) == person).map_or_else(String::new, |p| p.name(lang).to_owned()),
            Extra::Kind => categories::name(&issue.category, lang),
            Extra::Reports => issue.reports.to_string(),
            Extra::Since => dates::short(dates::local(issue.received_at).date(), dates::local(now).date(), lang),
        }
    }

    fn of_council(&self, line: &Line) -> Option<Row> {
        let lang = self.caller.lang;
        let row = match &line.what {
            What::Undertaking(u, item) => {
                let (root, council) = self.council(item.council_id)?;
                let meeting = self.meetings.iter().find(|m| Some(m.id) == item.meeting_id);
                let href = match meeting {
                    Some(m) => format!("{root}/meetings/{}/items/{}/undertakings/{}", m.number, item.position, u.number),
                    None => format!("{root}/council"),
                };
                let small = self.say("undertaking_small", &[("council", &council), ("title", &item.title)]);
                self.bare(u.words.clone(), href, small, plain("reg", self.t("kinds.undertaking"), "now"), "sign")
            }
            What::Item(item, k) => {
                let (root, council) = self.council(item.council_id)?;
                let small = self.say("item_small", &[("council", &council), ("source", &self.t(&format!("sources.{}", item.source.as_str())))]);
                self.bare(item.title.clone(), format!("{root}/council/items/{k}"), small, plain("agenda", self.t("kinds.item"), ""), "list")
            }
            What::Settled(item, m, why) => {
                let (root, _) = self.council(m.council_id)?;
                let small = lang.t(&format!("meetings.overtaken.{}", why.as_str()));
                self.bare(item.title.clone(), format!("{root}/meetings/{}", m.number), small, plain("wd", self.t("kinds.settled"), ""), "take_off")
            }
            What::Minutes(m) | What::Notice(m) | What::Meeting(m) => {
                let (root, council) = self.council(m.council_id)?;
                let n = m.number.to_string();
                let title = self.say("meeting", &[("council", &council), ("n", &n)]);
                let at = dates::moment(m.starts_at, self.caller.house.now(), lang);
                let href = format!("{root}/meetings/{n}");
                match &line.what {
                    What::Minutes(_) => self.bare(title, format!("{href}/minutes"), at, plain("acc", self.t("kinds.minutes"), ""), "minutes"),
                    What::Notice(_) => self.bare(title, href, at, plain("reg", self.t("kinds.notice"), ""), "notice"),
                    _ if m.state == MeetingState::Open => self.bare(title, href, at, plain("agenda", self.t("kinds.open"), "now"), "enter"),
                    _ => self.bare(title, href, at, plain("agenda", self.t("kinds.called"), ""), "papers"),
                }
            }
            What::Vote(motion, item, m) => {
                let (root, council) = self.council(m.council_id)?;
                let href = format!("{root}/meetings/{}/items/{}/motions/{}", m.number, item.position, motion.number);
                self.bare(motion.title.clone(), href, council, plain("agenda", self.t("kinds.vote"), "now"), "vote")
            }
            What::Resolution(r) => {
                let (root, council) = self.council(r.council_id)?;
                self.bare(
                    r.title.clone(),
                    format!("{root}/resolutions/{}", r.address()),
                    council,
                    plain("reso", self.t("kinds.resolution"), ""),
                    "publish",
                )
            }
            What::Objection(_, r) => {
                let (root, council) = self.council(r.council_id)?;
                self.bare(
                    r.title.clone(),
                    format!("{root}/resolutions/{}#objections", r.address()),
                    council,
                    plain("bad", self.t("kinds.objection"), "bad"),
                    "answer_objection",
                )
            }
            What::Edition(e) | What::Story(_, e) => {
                let root = match e.building_id {
                    Some(b) => format!("/b/{}", self.building(b)?.slug),
                    None => format!("/d/{}", self.districts.iter().find(|d| d.id == e.district_id)?.slug),
                };
                let edition = self.say("edition", &[("title", &e.title), ("n", &e.number.to_string())]);
                let href = format!("{root}/bulletin/{}/edit", e.number);
                match &line.what {
                    What::Story(s, _) => self.bare(s.headline.clone(), href, edition, plain("reg", self.t("kinds.story"), ""), "check_story"),
                    _ => self.bare(edition, href, self.t("edition_small"), plain("pub", self.t("kinds.edition"), ""), "edit"),
                }
            }
            _ => return None,
        };
        let mut row = self.by(row, line.due, line.first);
        // A meeting begins, a vote runs: nobody is late for it here.
        if matches!(&line.what, What::Meeting(_) | What::Vote(..)) {
            (row.late, row.due) = (false, String::new());
        }
        Some(row)
    }

    fn where_of(&self, i: &Issue, b: &Building) -> String {
        let place = self.place(i.place_id);
        let with = [("place", place.as_str()), ("n", &i.reports.to_string()), ("building", b.name(self.caller.lang))];
        let words = self.say(if self.buildings.len() > 1 { "where_in" } else { "where" }, &with);
        beside(words, self.behind.get(&i.id).copied().unwrap_or_default(), self.caller.lang)
    }

    fn next(&self, i: &Issue, standing: Standing) -> Next {
        let tasks: Vec<Task> = self.tasks.iter().filter(|t| t.issue_id == i.id).cloned().collect();
        let checks: Vec<_> = self.checks.iter().filter(|c| c.issue_id == i.id).cloned().collect();
        let around = Around { tasks: &tasks, checks: &checks, nominated: self.nominated.contains(&i.id), answers: None };
        i.next(standing, i.holder_id, around)
    }

    fn matter(&self, i: &Issue, line: &Line, standing: Standing) -> Option<Row> {
        let (b, now, lang) = (self.building(i.building_id)?, self.caller.house.now(), self.caller.lang);
        let standing = if i.holder_id.is_none() { Standing::Secretary } else { standing };
        let next = self.next(i, standing);
        let root = format!("/b/{}/issues/{}", b.slug, i.number);
        let state = states::of(i, None, lang);
        let small = self.pressed(self.where_of(i, b), i.id.0, line.due);
        let row = self.bare(i.title.clone(), format!("{root}/work"), small, state, next.as_str());
        let start = if i.confirm_due.is_some() { i.done_at.unwrap_or(i.clocks_from()) } else { i.clocks_from() };
        let boxes = line.due.map_or_else(Vec::new, |due| glance(clock::of(start, due, &[], now, &self.caller.house.calendar(), lang).boxes));
        // The secretary looks at what was contested; whoever holds it picks it.
        let pick = (standing == Standing::Holder).then(|| b.label(i.number));
        let done = Some(format!("{root}/completion"));
        let row =
            Row { pick, done, label: Some(b.label(i.number)), act_href: format!("{root}/{}", place_of(next)), waits: next.waits(), boxes, ..row };
        let mut row = self.by(row, line.due, line.first);
        // Reporters answer or don't: nobody is late.
        if next == Next::AwaitReporters {
            row.late = false;
        }
        Some(row)
    }

    fn offer(&self, i: &Issue, line: &Line) -> Option<Row> {
        let b = self.building(i.building_id)?;
        let small = self.say("offer_small", &[("by", &self.name(i.holder_id)), ("where", &self.where_of(i, b))]);
        let state = plain("arrow", self.t("kinds.offer"), "now");
        let row = self.bare(i.title.clone(), format!("/b/{}/issues/{}/work", b.slug, i.number), small, state, "take");
        Some(self.by(Row { label: Some(b.label(i.number)), ..row }, line.due, line.first))
    }

    fn report(&self, h: &HandOver, i: &Issue) -> Option<Row> {
        let b = self.building(i.building_id)?;
        let small = self.say("report_small", &[("where", &self.where_of(i, b))]);
        let href = format!("/b/{}/issues/{}/transfer/report", b.slug, i.number);
        let row = self.bare(i.title.clone(), href, small, plain("acc", self.t("kinds.report"), ""), "report");
        Some(self.by(Row { label: Some(b.label(i.number)), ..row }, h.report_due(), false))
    }

    fn call_back(&self, i: &Issue, line: &Line) -> Option<Row> {
        let b = self.building(i.building_id)?;
        let href = format!("/b/{}/issues/{}/call-back", b.slug, i.number);
        let row =
            self.bare(i.title_for_public(self.caller.lang), href, self.where_of(i, b), plain("ask", self.t("kinds.call_back"), ""), "call_back");
        Some(self.by(Row { label: Some(b.label(i.number)), ..row }, line.due, line.first))
    }

    fn mention(&self, i: &Issue, n: u64) -> Option<Row> {
        let b = self.building(i.building_id)?;
        let small = self.say("mention_small", &[("n", &n.to_string()), ("building", b.name(self.caller.lang))]);
        let href = format!("/b/{}/issues/{}/work", b.slug, i.number);
        let row = self.bare(i.title_for_public(self.caller.lang), href, small, plain("reg", self.t("kinds.mention"), "now"), "mention");
        Some(Row { label: Some(b.label(i.number)), ..row })
    }

    /// How far somebody was pressed for it, behind what a row says anyway.
    fn pressed(&self, small: String, object: uuid::Uuid, due: Option<DateTime<Utc>>) -> String {
        let p = due.and_then(|d| self.pressed.get(&(object, d)));
        match p.and_then(|p| pressed::words(p, self.caller.house.now(), self.caller.lang)) {
            Some(words) => self.say("pressed_small", &[("small", &small), ("words", &words)]),
            None => small,
        }
    }

    fn supervision(&self, s: &Supervision, i: &Issue) -> Option<Row> {
        let (b, lang) = (self.building(i.building_id)?, self.caller.lang);
        let task = self.tasks.iter().find(|t| s.what == Missed::Task && t.id.0 == s.object_id);
        let what = match task {
            Some(t) => lang.say("tasks.of", &[("by", &self.name(Some(t.organisation_id))), ("k", &t.number.to_string())]),
            None => self.say("missed_by", &[("by", &self.name(i.holder_id)), ("what", &lang.t(&format!("supervisions.missed.{}", s.what)))]),
        };
        let small = self.pressed(format!("{what}{}{}", lang.t("parts.colon"), self.where_of(i, b)), s.object_id, Some(s.due_at));
        let state = plain("late", self.t("kinds.supervision"), "bad");
        let href = format!("/b/{}/issues/{}/supervision", b.slug, i.number);
        let row = self.bare(i.title_for_public(lang), href, small, state, if s.noted_at.is_some() { "supervise_again" } else { "supervise" });
        Some(self.by(Row { label: Some(b.label(i.number)), ..row }, Some(s.due()), false))
    }

    fn extension(&self, e: &Extension, t: &Task, i: &Issue) -> Option<Row> {
        let (b, lang) = (self.building(i.building_id)?, self.caller.lang);
        let href = format!("/b/{}/issues/{}/tasks/{}/extension/ruling", b.slug, i.number, t.number);
        let with =
            [("by", self.name(Some(e.asked_for))), ("n", e.days.to_string()), ("reason", lang.t(&format!("tasks.extension_reasons.{}", e.reason)))];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let state = plain("pause", self.t("kinds.extension"), "now");
        let row = self.bare(t.words.clone(), href, self.say("extension_small", &with), state, "decide_extension");
        let label = self.say("task_label", &[("label", &b.label(i.number)), ("k", &t.number.to_string())]);
        Some(self.by(Row { label: Some(label), ..row }, Some(t.due_at), false))
    }

    /// A tenant reads when and why somebody wants to come in, and nothing else of the matter.
    fn visit(&self, v: &Visit, t: &Task, i: &Issue) -> Option<Row> {
        let (b, now, lang) = (self.building(i.building_id)?, self.caller.house.now(), self.caller.lang);
        let href = format!("/b/{}/issues/{}/tasks/{}/visits/{}/answer", b.slug, i.number, t.number, v.position);
        let span = dates::span(v.from_at, v.until_at, now, lang);
        let with = [("by", self.name(Some(t.organisation_id))), ("span", span), ("building", b.name(lang).to_owned())];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let row = self.bare(v.words.clone(), href, self.say("visit_small", &with), plain("ask", self.t("kinds.visit"), "now"), "answer_visit");
        let label = self.say("task_label", &[("label", &b.label(i.number)), ("k", &t.number.to_string())]);
        Some(self.by(Row { label: Some(label), ..row }, Some(v.from_at), false))
    }

    fn task(&self, t: &Task, i: &Issue) -> Option<Row> {
        let (b, now, lang) = (self.building(i.building_id)?, self.caller.house.now(), self.caller.lang);
        let stop = self.stops.iter().find(|s| s.task_id == t.id && s.until_at_most > now);
        let href = format!("/b/{}/issues/{}/tasks/{}", b.slug, i.number, t.number);
        let small = self.say("task_small", &[("title", &i.title_for_public(lang)), ("building", b.name(lang))]);
        let small = self.pressed(small, t.id.0, Some(t.due_at));
        let state = states::task(t.state, stop.is_some(), lang);
        let row = self.bare(t.words.clone(), href.clone(), small, state, &format!("task_{}", t.state.as_str()));
        let stood: Vec<clock::Stop> = stop.map(|s| (s.since, s.until_at_most)).into_iter().collect();
        let boxes = glance(clock::of(t.dispatched_at, t.due_at, &stood, now, &self.caller.house.calendar(), lang).boxes);
        let (pick, done) = (Some(format!("{}/{}", b.label(i.number), t.number)), Some(format!("{href}/completion")));
        let label = self.say("task_label", &[("label", &b.label(i.number)), ("k", &t.number.to_string())]);
        let mut row = self.by(Row { label: Some(label), boxes, pick, done, ..row }, Some(t.due_at), false);
        // Whoever says that it is done is led to where one says so: the task's own page is behind its title.
        if t.state == TaskState::InWork && stop.is_none() {
            row.act_href = format!("{href}/completion");
        }
        if let Some(s) = stop {
            row.late = false;
            row.due = self.say("stopped", &[("reason", &lang.t(&format!("tasks.stops.{}", s.reason.as_str())))]);
        }
        Some(row)
    }
}
