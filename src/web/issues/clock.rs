//! 钟怎么算: why a matter's dates are what they are, day by day.

use rocket::{Route, get, routes};
use serde::Serialize;

use crate::domain::categories::{self, Limit};
use crate::domain::issues::{self, ClosedBy};
use crate::domain::tasks::{Extension, granted};
use crate::domain::times::History;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::shown::chain::{self, Link, Stop};
use crate::web::shown::clock::{self, Count};
use crate::web::shown::matter::Matter;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Owed {
    id: &'static str,
    heading: String,
    /// What the sum is about, where no days are counted.
    words: String,
    count: Option<Count>,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    href: String,
    label: String,
    title: String,
    chain: Vec<Stop>,
    owed: Vec<Owed>,
    provisional: bool,
}

#[get("/<building>/issues/<number>/clock")]
async fn show(who: Anyone<'_>, building: &str, number: i32) -> Result<Answer> {
    let db = &who.house.reading().await?;
    let (building, issue, place) = issues::by_address(db, building, number).await?;
    let m = Matter::at(db, place, issue).await?;
    let owed = owed(&who, &m, &History::of(db, building.id).await?);
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(who.lang).to_owned(),
        href: m.href(&building),
        label: building.label(number),
        title: m.issue.title_for_public(who.lang),
        chain: chain::of(&m, &building, Link::Acceptance, who.lang),
        provisional: owed.iter().filter_map(|o| o.count.as_ref()).any(|c| c.provisional),
        owed,
    };
    let title = who.lang.say("issues.clock.title", &[("label", &page.label)]);
    let frame = Frame::titled(title).of(&who, &building).here("issues").class("pg-clock");
    who.page(frame, "issues/clock", &page)
}

/// What is or was owed: the first answer, the result, the confirmation.
fn owed(caller: &Caller, m: &Matter, times: &History) -> Vec<Owed> {
    let i = &m.issue;
    let mut all = vec![];
    if i.import_id.is_some() {
        let key = if i.closed_by == Some(ClosedBy::Import) { "over" } else { "open" };
        let words = caller.lang.t(&format!("issues.clock.imported_{key}"));
        all.push(Owed { id: "import", heading: caller.lang.t("issues.clock.imported"), words, count: None });
        if key == "over" {
            return all;
        }
    }
    let category = categories::find(&i.category);
    if let Some(c) = category {
        all.push(first(caller, m, times.owed(i.clocks_from(), c).first));
    }
    if let Some(due) = i.result_due {
        all.push(counted(caller, "result", i.clocks_from(), due, i.done_at.or(i.closed_at)));
    }
    if let (Some(done), Some(due)) = (i.done_at, i.confirm_due) {
        all.push(counted(caller, "confirm", done, due, i.closed_at));
    }
    all.extend(extended(caller, m));
    all
}

/// Tasks that were given more time: from which day to which, and why. No date above has moved with them.
fn extended(caller: &Caller, m: &Matter) -> Option<Owed> {
    let (lang, calendar) = (caller.lang, caller.house.calendar());
    let day = |end| dates::day(clock::last_day(end, &calendar), dates::local(caller.house.now()).date(), lang);
    let one = |e: &Extension| {
        let task = m.tasks.iter().find(|t| t.id == e.task_id)?;
        let with = [
            ("by", m.name(Some(task.organisation_id), lang)),
            ("k", task.number.to_string()),
            ("from", day(e.due_before)),
            ("n", e.days.to_string()),
            ("to", day(e.due_after?)),
            ("reason", lang.t(&format!("tasks.extension_reasons.{}", e.reason))),
        ];
        Some(lang.say("issues.clock.extended", &with.each_ref().map(|(k, v)| (*k, v.as_str()))))
    };
    let words: String = granted(&m.extensions).filter_map(one).collect();
    (!words.is_empty()).then(|| Owed {
        id: "tasks",
        heading: lang.t("issues.clock.tasks"),
        words: format!("{words}{}", lang.t("issues.clock.extended_only")),
        count: None,
    })
}

/// The first answer is owed to each report; here the oldest that waits, or the rule.
fn first(caller: &Caller, m: &Matter, limit: Limit) -> Owed {
    let (lang, i) = (caller.lang, &m.issue);
    let heading = lang.t("issues.clock.first");
    let n = match limit {
        Limit::Hours(n) | Limit::WorkingDays(n) | Limit::Days(n) => n.to_string(),
    };
    let key = match limit {
        Limit::Hours(0) => "at_once",
        Limit::Hours(_) => "hours",
        Limit::WorkingDays(_) => "working",
        Limit::Days(_) => "natural",
    };
    let rule = lang.say(&format!("issues.clock.first_rule.{key}"), &[("n", &n)]);
    let state = match i.first_answer_due {
        Some(due) => lang.say("issues.clock.first_owed", &[("due", &dates::due(due, caller.house.now(), &caller.house.calendar(), lang).words)]),
        None => lang.t("issues.clock.first_given"),
    };
    Owed { id: "first", heading, words: format!("{rule}{state}"), count: None }
}

/// Day by day where it is counted in working days; otherwise the sentence.
fn counted(
    caller: &Caller,
    id: &'static str,
    start: chrono::DateTime<chrono::Utc>,
    due: chrono::DateTime<chrono::Utc>,
    over: Option<chrono::DateTime<chrono::Utc>>,
) -> Owed {
    let (lang, calendar) = (caller.lang, caller.house.calendar());
    let now = over.unwrap_or_else(|| caller.house.now());
    let heading = lang.t(&format!("issues.clock.{id}"));
    let n = calendar.working_days_between(calendar.date_of(start), clock::last_day(due, &calendar));
    let by_days = (1..=30).contains(&n) && calendar.due(start, n).at == due;
    let until = dates::until(due, caller.house.now(), lang);
    let words = match over {
        Some(at) => lang.say(
            "issues.clock.over",
            &[("until", &until), ("at", &dates::short(dates::local(at).date(), dates::local(caller.house.now()).date(), lang))],
        ),
        None => lang.say("issues.clock.until", &[("until", &until)]),
    };
    Owed { id, heading, words, count: by_days.then(|| clock::explain(start, n, &[], now, &calendar, lang)) }
}
