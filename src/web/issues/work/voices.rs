//! Three voices, three boxes, three buttons that each name their readers: a draft can never end up in the wrong one.

use std::collections::HashMap;

use serde::Serialize;

use super::room::Room;
use crate::domain::issues::Standing;
use crate::domain::messages::{self, Message, Voice};
use crate::domain::organisations;
use crate::domain::persons::{self, Person};
use crate::kernel::error::Result;
use crate::kernel::ids::{PersonId, ReportId};
use crate::web::dates;
use crate::web::shown::listed;

/// One message.
#[derive(Clone, Debug, Serialize)]
struct Said {
    by: String,
    at: String,
    words: String,
    /// Not of the caller's own organisation.
    them: bool,
    /// An open question, or an answered one.
    note: Option<String>,
}

/// One voice. In templates: `{{> work/voice this}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// `out`, `mid`, `inn`: the class.
    class: &'static str,
    voice: &'static str,
    /// The id of its tab on a phone; the sheet knows these three.
    radio: &'static str,
    /// The name of its form on the page.
    form: String,
    mark: &'static str,
    heading: String,
    readers: String,
    /// Under the tab on a phone.
    tab: String,
    tab_small: String,
    /// What was said before the last few: folded, so that the box stays in sight.
    earlier: Vec<Said>,
    earlier_words: String,
    said: Vec<Said>,
    none: String,
    label: String,
    placeholder: String,
    button: String,
    /// The caller may speak here; otherwise why not.
    speaks: bool,
    silent: Option<String>,
    here: bool,
}

/// Messages that stand unfolded.
const LATEST: usize = 6;

struct Talk<'a, 'r> {
    room: &'a Room<'r>,
    people: Vec<Person>,
    order: &'a HashMap<ReportId, usize>,
}

impl Talk<'_, '_> {
    fn author(&self, m: &Message) -> String {
        let lang = self.room.caller.lang;
        if let Some(report) = m.report_id {
            return match self.order.get(&report) {
                Some(n) => lang.say("work.reporter", &[("n", &n.to_string())]),
                None => lang.t("roles.reporter"),
            };
        }
        let person = self.people.iter().find(|p| Some(p.id) == m.person_id).map_or_else(|| lang.t("roles.system"), |p| p.name(lang).to_owned());
        match m.organisation_id {
            Some(o) if Some(o) != self.room.organisation() => format!("{} {person}", self.room.m.name(Some(o), lang)),
            _ => person,
        }
    }

    fn said(&self, m: &Message) -> Said {
        let lang = self.room.caller.lang;
        let words = match (&m.words, m.erased_at) {
            (_, Some(_)) | (None, _) => lang.t("work.erased"),
            (Some(words), None) => words.clone(),
        };
        let note = m.question.then(|| lang.t(if m.answered_at.is_some() { "work.voices.answered" } else { "work.voices.open_question" }));
        let them = m.report_id.is_some() || m.organisation_id != self.room.organisation();
        Said { by: self.author(m), at: dates::moment(m.created_at, self.room.caller.house.now(), lang), words, them, note }
    }
}

/// The voices that the caller may read, in the order of the page; `open` is the one on top on a phone.
pub async fn columns(room: &Room<'_>, order: &HashMap<ReportId, usize>, open: Option<Voice>) -> Result<Vec<Column>> {
    let db = room.caller.house.read();
    let all = messages::of_issue(db, room.m.issue.id).await?;
    let ids: Vec<PersonId> = all.iter().filter_map(|m| m.person_id).collect();
    let talk = Talk { room, people: persons::by_ids(db, ids).await?, order };
    let colleagues = match room.organisation() {
        Some(o) => persons::of_organisation(db, o).await?.len(),
        None => 0,
    };
    let named = organisations::by_ids(db, room.parties.iter().copied()).await?;
    let lang = room.caller.lang;
    let mine = room.organisation();
    let others: Vec<String> = named.iter().filter(|o| Some(o.id) != mine).map(|o| o.short(lang).to_owned()).collect();
    let own = match mine {
        Some(id) => organisations::by_id(db, id).await?.short(lang).to_owned(),
        None => lang.t("work.somebody"),
    };
    let first = Voice::ALL.iter().copied().find(|v| room.sight.reads(*v));
    let shown = open.filter(|v| room.sight.reads(*v)).or(first);
    let mut columns = vec![];
    for voice in Voice::ALL.iter().copied().filter(|v| room.sight.reads(*v)) {
        let here = |m: &&Message| m.voice == voice && m.withheld_at.is_none() && (voice != Voice::Internal || m.organisation_id == mine);
        let said: Vec<Said> = all.iter().filter(here).map(|m| talk.said(m)).collect();
        columns.push(column(room, voice, said, &own, &others, colleagues, shown == Some(voice)));
    }
    Ok(columns)
}

fn column(room: &Room<'_>, voice: Voice, mut said: Vec<Said>, own: &str, others: &[String], colleagues: usize, here: bool) -> Column {
    let lang = room.caller.lang;
    let key = voice.as_str();
    let reporters = room.m.issue.reports.to_string();
    // To others beside the secretary, who always reads along.
    let secretary = room.sight.standing == Standing::Secretary;
    let mut readers = others.to_vec();
    if !secretary {
        readers.push(lang.t("roles.secretary"));
    }
    let (colleagues, count) = (colleagues.to_string(), said.len().to_string());
    let joined = listed(&readers, lang);
    let units = readers.len().to_string();
    let with = [
        ("n", reporters.as_str()),
        ("readers", joined.as_str()),
        ("own", own),
        ("colleagues", colleagues.as_str()),
        ("count", count.as_str()),
        ("units", units.as_str()),
    ];
    let say = |part: &str| lang.say(&format!("work.voices.{key}.{part}"), &with);
    let (class, mark, radio) = match voice {
        Voice::Reporters => ("out", "eye", "v1"),
        Voice::Parties => ("mid", "agenda", "v2"),
        Voice::Internal => ("inn", "lock", "v3"),
    };
    let speaks = room.sight.speaks(voice);
    let latest = said.split_off(said.len().saturating_sub(LATEST));
    let earlier = std::mem::replace(&mut said, latest);
    Column {
        class,
        voice: key,
        radio,
        form: format!("say-{key}"),
        mark,
        heading: say("heading"),
        readers: say("readers"),
        tab: say("tab"),
        tab_small: say("tab_small"),
        none: say("none"),
        label: say("label"),
        placeholder: say("placeholder"),
        button: say("button"),
        silent: (!speaks).then(|| lang.t("work.voices.silent")),
        speaks,
        earlier_words: lang.say("work.voices.earlier", &[("n", &earlier.len().to_string())]),
        earlier,
        said,
        here,
    }
}
