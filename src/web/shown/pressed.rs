//! How far somebody has been pressed for what is late: `已催办两次，11月30日报了街道督办`.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::rights::Right;
use crate::domain::supervisions::{self, Missed, Pressed, Supervision};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::dates;
use crate::web::issues::work::Room;

/// In one line; none where nobody was pressed yet.
pub fn words(p: &Pressed, now: DateTime<Utc>, lang: Lang) -> Option<String> {
    let today = dates::local(now).date();
    let mut parts = vec![];
    if p.times > 0 {
        parts.push(lang.t(&format!("supervisions.times_{}", p.times.min(3))));
    }
    if let Some(s) = &p.supervised {
        let day = dates::short(dates::local(s.raised_at).date(), today, lang);
        parts.push(lang.say("supervisions.raised", &[("day", &day)]));
        if let Some(by) = s.by_day.as_deref().and_then(dates::parse) {
            parts.push(lang.say("supervisions.by_day_said", &[("day", &dates::short(by, today, lang))]));
        }
    }
    (!parts.is_empty()).then(|| parts.join(if lang == Lang::En { ", " } else { "，" }))
}

/// What was missed, in words.
pub fn of(s: &Supervision, room: &Room<'_>) -> String {
    let lang = room.caller.lang;
    match s.what {
        Missed::Task => room.m.tasks.iter().find(|t| t.id.0 == s.object_id).map_or_else(String::new, |t| {
            let with = [("by", room.m.name(Some(t.organisation_id), lang)), ("k", t.number.to_string())];
            lang.say("tasks.of", &with.each_ref().map(|(k, v)| (*k, v.as_str())))
        }),
        missed => lang.t(&format!("supervisions.missed.{missed}")),
    }
}

/// What the department wrote.
#[derive(Serialize)]
pub struct Note {
    head: String,
    words: String,
}

/// The part of a matter's working page about what is late.
#[derive(Serialize)]
pub struct Pressing {
    lines: Vec<String>,
    notes: Vec<Note>,
    /// Where an officer takes it up.
    take_up: Option<String>,
}

/// How far it has come in a matter; none where nobody was pressed.
pub async fn pressing(room: &Room<'_>) -> Result<Option<Pressing>> {
    let (lang, now, issue) = (room.caller.lang, room.caller.house.now(), &room.m.issue);
    let tasks = room.m.tasks.iter().filter(|t| t.state.is_open());
    let objects = tasks.clone().map(|t| t.id.0).chain([issue.id.0]).collect();
    let all = supervisions::pressed(room.caller.house.read(), objects).await?;
    let named = |name: String, p: &Pressed| words(p, now, lang).map(|w| lang.say("supervisions.of", &[("what", &name), ("words", &w)]));
    let missed = |what: Missed| lang.t(&format!("supervisions.missed.{what}"));
    let mut here: Vec<(String, &Pressed)> = vec![];
    for (what, due) in [(Missed::Answer, issue.first_answer_due), (Missed::Result, issue.result_due)] {
        let owed = issue.state.is_open() && (what == Missed::Answer || issue.due_next_is(due));
        here.extend(due.filter(|_| owed).and_then(|d| all.get(&(issue.id.0, d))).map(|p| (missed(what), p)));
    }
    for t in tasks {
        let with = [("by", room.m.name(Some(t.organisation_id), lang)), ("k", t.number.to_string())];
        let name = lang.say("tasks.of", &with.each_ref().map(|(k, v)| (*k, v.as_str())));
        here.extend(all.get(&(t.id.0, t.due_at)).map(|p| (name, p)));
    }
    if here.is_empty() {
        return Ok(None);
    }
    let supervises = room.memberships.iter().any(|m| m.covers(room.building) && m.role.may(Right::Supervise));
    let reads = room.sight.standing.is_party() || supervises;
    let mut notes: Vec<Note> = vec![];
    for s in here.iter().filter_map(|(_, p)| p.supervised.as_ref()).filter(|_| reads) {
        let (Some(words), Some(at)) = (&s.words, s.noted_at) else { continue };
        let by = crate::domain::organisations::by_ids(room.caller.house.read(), s.noted_for).await?;
        let by = by.first().map_or_else(String::new, |o| o.short(lang).to_owned());
        let head = lang.say("supervisions.note", &[("by", &by), ("at", &dates::moment(at, now, lang))]);
        // One note for all that is late in the matter.
        if !notes.iter().any(|n| n.head == head) {
            notes.push(Note { head, words: words.clone() });
        }
    }
    let open = here.iter().any(|(_, p)| p.supervised.is_some());
    let take_up = (open && supervises).then(|| format!("{}/supervision", room.root()));
    Ok(Some(Pressing { lines: here.into_iter().filter_map(|(name, p)| named(name, p)).collect(), notes, take_up }))
}
