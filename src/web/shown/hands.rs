//! The line of a matter's hand-overs: at which levels it has been, who was responsible from when to when, who is now, who is
//! asked and until when. Read from the journal; words of the parties are no part of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::matter::Matter;
use crate::domain::issues::IssueState;
use crate::domain::journal::{Entry, Offer, Reader};
use crate::domain::levels::Level;
use crate::kernel::calendar::Calendar;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;
use crate::web::dates;

/// A stop. In templates: `{{> parts/hands hands}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Hand {
    /// `now`, `now offer`, `was`, `no`, or nothing for who is asked.
    pub class: &'static str,
    /// `街道`
    pub level: String,
    /// Who.
    pub name: String,
    /// From when to when, or what is asked of them.
    pub words: String,
    /// By which day they report back, and whether that is late.
    pub report: Option<String>,
    pub late: bool,
}

/// The whole line.
#[derive(Clone, Debug, Serialize)]
pub struct Hands {
    pub stops: Vec<Hand>,
    /// The same in one sentence: who has it, what is asked, until when.
    pub sum: String,
    /// It has been in more hands than the first, or somebody is asked.
    pub moved: bool,
}

/// For whom it is drawn, and when.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub reader: Reader,
    pub now: DateTime<Utc>,
    pub calendar: &'a Calendar,
    pub lang: Lang,
}

/// The same where there is something to be seen: it went through more hands than the first.
pub fn moved(m: &Matter, v: View<'_>) -> Option<Hands> {
    Some(of(m, v)).filter(|h| h.moved)
}

struct Spell {
    level: Level,
    who: Option<OrganisationId>,
    council: bool,
    since: DateTime<Utc>,
    report_on: Option<String>,
}

/// Draws it.
pub fn of(m: &Matter, v: View<'_>) -> Hands {
    let (issue, lang) = (&m.issue, v.lang);
    let party = matches!(v.reader, Reader::Party | Reader::Secretary);
    let name = |id: Option<OrganisationId>| m.responsible_name(id, v.reader, lang);
    let level = |l: Level| lang.t(&format!("hands.levels.{l}"));
    let day = |at| dates::short(dates::local(at).date(), dates::local(v.now).date(), lang);
    let spell = |from, to| match (day(from), day(to)) {
        (from, to) if from == to => lang.say("hands.was_a_day", &[("day", &from)]),
        (from, to) => lang.say("hands.was", &[("from", &from), ("to", &to)]),
    };
    let stop = |class, l: Level, council: bool, who, words| {
        let name = if council { lang.say("hands.council", &[("by", &name(who))]) } else { name(who) };
        Hand { class, level: level(l), name, words, report: None, late: false }
    };
    let mut stops: Vec<Hand> = vec![];
    let mut here = Spell { level: Level::Building, who: None, council: false, since: issue.clocks_from(), report_on: None };
    let mut asked = (Level::Building, false);
    let mut moved = false;
    for line in &m.lines {
        match &line.entry {
            Entry::TransferOffered(Offer { to, level, council, .. }) => {
                asked = (level.unwrap_or_else(|| m.level_of(*to)), council.is_some());
            }
            Entry::TransferTaken { from, level, report_on, council } => {
                stops.push(stop("was", here.level, here.council, Some(*from), spell(here.since, line.at)));
                let level = level.or(line.by.map(|by| m.level_of(by))).unwrap_or(Level::Building);
                here = Spell { level, who: line.by, council: council.is_some(), since: line.at, report_on: report_on.clone() };
                moved = true;
            }
            Entry::TransferRefused { by, .. } if party => {
                stops.push(stop("no", asked.0, asked.1, Some(*by), lang.say("hands.refused", &[("day", &day(line.at))])));
            }
            Entry::TransferLapsed { by } if party => {
                stops.push(stop("no", asked.0, asked.1, Some(*by), lang.say("hands.lapsed", &[("day", &day(line.at))])));
            }
            Entry::HandOverReported { next } => here.report_on.clone_from(next),
            _ => {}
        }
    }
    here.who = issue.holder_id.or(here.who);
    let open = issue.state.is_open();
    let offered = issue.offered_to_id.zip(issue.offered_until).filter(|_| open);
    let mut sum = lang.t("hands.over");
    match here.who {
        Some(who) if open => {
            let class = if offered.is_some() { "now offer" } else { "now" };
            let mut now = stop(class, here.level, here.council, Some(who), lang.say("hands.now", &[("day", &day(here.since))]));
            sum = lang.say("hands.sum", &[("level", &now.level), ("name", &now.name), ("day", &day(here.since))]);
            if let Some((words, late)) = report(&here, issue.result_due, issue.state, v) {
                sum = format!("{sum}{words}");
                (now.report, now.late) = (Some(words), late);
            }
            stops.push(now);
        }
        Some(who) => {
            let end = issue.closed_at.unwrap_or(issue.moved_at);
            stops.push(stop("was", here.level, here.council, Some(who), spell(here.since, end)));
        }
        None => stops.push(Hand {
            class: "now",
            level: level(here.level),
            name: lang.t("hands.nobody"),
            words: lang.t("hands.nobody_words"),
            report: None,
            late: false,
        }),
    }
    if let Some((to, until)) = offered {
        let by = dates::due(until, v.now, v.calendar, lang).words;
        let next = stop("", asked.0, asked.1, Some(to), lang.say("hands.asked", &[("by", &by)]));
        sum = format!("{sum}{}", lang.say("hands.sum_asked", &[("level", &next.level), ("name", &next.name), ("by", &by)]));
        stops.push(next);
        moved |= asked.0 != Level::Building || asked.1;
    }
    Hands { stops, sum, moved }
}

/// The report that is owed: by which day, and that it lies after what the reporters were promised, where it does.
fn report(here: &Spell, result_due: Option<DateTime<Utc>>, state: IssueState, v: View<'_>) -> Option<(String, bool)> {
    if state == IssueState::Done {
        return None;
    }
    let end = here.report_on.as_deref().and_then(dates::parse).and_then(dates::end_of_day)?;
    let due = dates::due(end, v.now, v.calendar, v.lang);
    let words = v.lang.say("hands.report", &[("by", &due.words)]);
    let promised = result_due.filter(|promised| end > *promised).map(|promised| {
        let promised = dates::due(promised, v.now, v.calendar, v.lang).by;
        v.lang.say("hands.after_result", &[("promised", &promised)])
    });
    Some((format!("{words}{}", promised.unwrap_or_default()), due.late))
}
