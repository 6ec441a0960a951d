//! Three voices, three boxes, three buttons that each name their readers: a draft can never end up in the wrong one.

use std::collections::HashMap;

use serde::Serialize;

use super::picking::{self, Canned, Pick};
use super::room::Room;
use super::said::Said;
use crate::domain::drafts::{self, Draft};
use crate::domain::issues::Standing;
use crate::domain::messages::mentions::{self, Call, Reading};
use crate::domain::messages::{self, Mention, Message, Version, Voice};
use crate::domain::organisations;
use crate::domain::persons::{self, Person};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganisationId, PersonId, ReportId};
use crate::kernel::keys::Keys;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::shown::listed;

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
    /// What is typed, or was kept before.
    value: String,
    /// Since when it is kept.
    draft: Option<String>,
    /// A name in it calls nobody: whether it is to stand as it is.
    as_it_is: bool,
    /// Who reads it, as the button says; sent along, so that nobody else reads it unannounced.
    to: Option<String>,
    /// Who can be named in it.
    names: Vec<Pick>,
    /// What is often answered, and where that is kept.
    canned: Vec<Canned>,
    canned_page: Option<String>,
    /// The caller may speak here; otherwise why not.
    speaks: bool,
    silent: Option<String>,
    here: bool,
}

/// Messages that stand unfolded.
const LATEST: usize = 6;
/// Colleagues whom a button names; more are a number.
const NAMED: usize = 3;
/// The field by which a name that calls nobody is left as it is.
pub(super) const AS_IT_IS: &str = "as_it_is";

/// What the messages of a matter are shown with.
pub(super) struct Talk<'a, 'r> {
    pub room: &'a Room<'r>,
    people: Vec<Person>,
    order: &'a HashMap<ReportId, usize>,
    pub mentions: Vec<Mention>,
    pub versions: Vec<Version>,
    /// What calls the reader and is not read yet.
    pub calls: &'a [Call],
}

/// A seal over those who read what is said between the parties.
pub(super) fn sealed(keys: &Keys, parties: &[OrganisationId]) -> String {
    let all: Vec<u8> = parties.iter().flat_map(|o| *o.0.as_bytes()).collect();
    hex::encode(&keys.derive("readers", &[&all])[..6])
}

/// The other readers of what is said between the parties: organisations, and the secretary, who always reads along.
pub(super) async fn others(room: &Room<'_>) -> Result<Vec<String>> {
    let named = organisations::by_ids(room.caller.house.read(), room.parties.iter().copied()).await?;
    let (lang, mine) = (room.caller.lang, room.organisation());
    let mut all: Vec<String> = named.iter().filter(|o| Some(o.id) != mine).map(|o| o.short(lang).to_owned()).collect();
    if room.sight.standing != Standing::Secretary {
        all.push(lang.t("roles.secretary"));
    }
    Ok(all)
}

impl Talk<'_, '_> {
    pub(super) fn author(&self, m: &Message) -> String {
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
}

/// What all columns share.
struct Around<'a> {
    own: String,
    others: Vec<String>,
    /// Who reads along, and of them the caller's colleagues.
    readers: Vec<Reading>,
    colleagues: Vec<String>,
    drafts: Vec<Draft>,
    form: &'a FormState,
}

/// The voices that the caller may read, in the order of the page; `open` is the one on top on a phone.
pub async fn columns(
    room: &Room<'_>,
    order: &HashMap<ReportId, usize>,
    calls: &[Call],
    form: &FormState,
    open: Option<Voice>,
) -> Result<Vec<Column>> {
    let (db, lang, mine) = (room.caller.house.read(), room.caller.lang, room.organisation());
    let me = room.caller.signed.as_ref().map(|s| s.person.id);
    let all = messages::of_issue(db, room.m.issue.id).await?;
    let ids: Vec<PersonId> = all.iter().filter_map(|m| m.person_id).collect();
    let readers = match room.sight.standing.is_party() {
        true => mentions::readers(db, &room.m.issue, room.building, Voice::Parties, None).await?,
        false => vec![],
    };
    let inside = |r: &&Reading| Some(r.organisation) == mine && Some(r.person.id) != me;
    let around = Around {
        own: match mine {
            Some(id) => organisations::by_id(db, id).await?.short(lang).to_owned(),
            None => lang.t("work.somebody"),
        },
        others: others(room).await?,
        colleagues: readers.iter().filter(inside).map(|r| r.person.name(lang).to_owned()).collect(),
        readers,
        drafts: match me {
            Some(me) => drafts::of(db, me, room.m.issue.id).await?,
            None => vec![],
        },
        form,
    };
    let talk = Talk {
        room,
        people: persons::by_ids(db, ids).await?,
        order,
        mentions: mentions::of_messages(db, &all).await?,
        versions: messages::versions_of(db, &all).await?,
        calls,
    };
    let first = Voice::ALL.iter().copied().find(|v| room.sight.reads(*v));
    let shown = open.filter(|v| room.sight.reads(*v)).or(first);
    let mut columns = vec![];
    for voice in Voice::ALL.iter().copied().filter(|v| room.sight.reads(*v)) {
        let here = |m: &&Message| m.voice == voice && (voice != Voice::Internal || m.organisation_id == mine);
        let said: Vec<Said> = all.iter().filter(here).map(|m| talk.said(m)).collect();
        let mut column = column(room, voice, said, &around, shown == Some(voice));
        column.names = picking::names(room, voice, &around.readers, &all).await?;
        if voice == Voice::Reporters && column.speaks {
            column.canned = picking::canned(room).await?;
            column.canned_page = Some(format!("/b/{}/canned-answers", room.building.slug));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn column(room: &Room<'_>, voice: Voice, mut said: Vec<Said>, around: &Around<'_>, here: bool) -> Column {
    let (lang, now) = (room.caller.lang, room.caller.house.now());
    let key = voice.as_str();
    let reporters = room.m.issue.reports.to_string();
    // With oneself, who reads it too.
    let (colleagues, count) = ((around.colleagues.len() + 1).to_string(), said.len().to_string());
    let joined = listed(&around.others, lang);
    let names_of = listed(&around.colleagues, lang);
    let units = around.others.len().to_string();
    let with = [
        ("n", reporters.as_str()),
        ("readers", joined.as_str()),
        ("own", around.own.as_str()),
        ("colleagues", colleagues.as_str()),
        ("names", names_of.as_str()),
        ("count", count.as_str()),
        ("units", units.as_str()),
    ];
    let say = |part: &str| lang.say(&format!("work.voices.{key}.{part}"), &with);
    let (class, mark, radio) = match voice {
        Voice::Reporters => ("out", "eye", "v1"),
        Voice::Parties => ("mid", "agenda", "v2"),
        Voice::Internal => ("inn", "lock", "v3"),
    };
    let button = match (voice, around.colleagues.len()) {
        (Voice::Internal, 0) => "button_alone",
        (Voice::Internal, 1..=NAMED) => "button_names",
        (Voice::Parties, _) if around.others.is_empty() => "button_alone",
        _ => "button",
    };
    let speaks = room.sight.speaks(voice);
    let latest = said.split_off(said.len().saturating_sub(LATEST));
    let earlier = std::mem::replace(&mut said, latest);
    let form = format!("say-{key}");
    let sent = around.form.id.as_deref() == Some(form.as_str());
    let draft = around.drafts.iter().find(|d| d.voice == voice);
    let typed = around.form.values.get("words").filter(|_| sent).cloned();
    Column {
        class,
        voice: key,
        radio,
        mark,
        heading: say("heading"),
        readers: say("readers"),
        tab: say("tab"),
        tab_small: say("tab_small"),
        none: say("none"),
        label: say("label"),
        placeholder: say("placeholder"),
        button: say(button),
        value: typed.or_else(|| draft.map(|d| d.words.clone())).unwrap_or_default(),
        draft: draft.map(|d| lang.say("work.drafts.kept", &[("at", &dates::moment(d.kept_at, now, lang))])),
        as_it_is: sent && around.form.values.contains_key(AS_IT_IS),
        to: (voice == Voice::Parties).then(|| sealed(room.caller.house.keys(), &room.parties)),
        names: vec![],
        canned: vec![],
        canned_page: None,
        silent: (!speaks).then(|| lang.t("work.voices.silent")),
        speaks,
        earlier_words: lang.say("work.voices.earlier", &[("n", &earlier.len().to_string())]),
        earlier,
        said,
        here,
        form,
    }
}
