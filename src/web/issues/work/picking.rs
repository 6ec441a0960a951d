//! What can be put into a message with one choice: whom to name, a canned answer. Without script a button puts it in, and
//! what was typed is kept as a draft.

use serde::Serialize;

use super::room::Room;
use crate::domain::canned_answers::{self, Facts};
use crate::domain::messages::mentions::{Reading, role_word};
use crate::domain::messages::{Message, Voice};
use crate::domain::organisations;
use crate::domain::rights::Role;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::canned_answers::title;
use crate::web::dates;

/// One choice: what it is called in the list, and what is put into the words.
#[derive(Clone, Debug, Serialize)]
pub struct Pick {
    pub value: String,
    pub label: String,
    pub text: String,
}

fn name(word: String, small: Option<&str>) -> Pick {
    let label = small.map_or_else(|| word.clone(), |s| format!("{word} · {s}"));
    Pick { text: format!("@{word} "), label, value: word }
}

/// Who can be named in a voice: the organisations that read along, the secretary, one's colleagues, and whoever has spoken
/// here already. Other organisations' people are named by whoever knows their name; no list gives them away.
pub(super) async fn names(room: &Room<'_>, voice: Voice, readers: &[Reading], said: &[Message]) -> Result<Vec<Pick>> {
    let (lang, mine) = (room.caller.lang, room.organisation());
    let me = room.caller.signed.as_ref().map(|s| s.person.id);
    if voice == Voice::Reporters || !room.sight.speaks(voice) {
        return Ok(vec![]);
    }
    let mut picks = vec![];
    if voice == Voice::Parties {
        let others = readers.iter().map(|r| r.organisation).filter(|o| room.parties.contains(o) && Some(*o) != mine);
        let named = organisations::by_ids(room.caller.house.read(), others).await?;
        picks.extend(named.iter().map(|o| name(o.short(lang).to_owned(), None)));
        let secretary = readers.iter().any(|r| r.role == Role::Secretary && Some(r.person.id) != me);
        picks.extend(role_word(Role::Secretary, lang).filter(|_| secretary).map(|w| name(w, None)));
    }
    let spoke = |r: &Reading| said.iter().any(|m| m.voice == Voice::Parties && m.person_id == Some(r.person.id));
    let known = |r: &&Reading| Some(r.person.id) != me && (Some(r.organisation) == mine || (voice == Voice::Parties && spoke(r)));
    picks.extend(readers.iter().filter(known).map(|r| {
        let of = room.m.name(Some(r.organisation), lang);
        name(r.person.name(lang).to_owned(), Some(of.as_str()).filter(|_| Some(r.organisation) != mine))
    }));
    Ok(picks)
}

/// Canned answers of one language.
#[derive(Clone, Debug, Serialize)]
pub struct Canned {
    pub label: String,
    pub picks: Vec<Pick>,
}

/// What stands in the places of canned answers for this matter.
fn facts(room: &Room<'_>, lang: Lang) -> Facts {
    let (issue, now) = (&room.m.issue, room.caller.house.now());
    Facts {
        place: room.m.place.public(lang),
        number: room.building.label(issue.number),
        due: issue.result_due.filter(|due| *due > now).map(|due| dates::due(due, now, &room.calendar(), lang).by),
        contact: room.building.duty_phone.clone(),
    }
}

/// The canned answers that fit this matter, with their places filled in: the organisation's own, then those that come with
/// the house; the language of the page first.
pub(in crate::web) async fn canned(room: &Room<'_>) -> Result<Vec<Canned>> {
    let lang = room.caller.lang;
    let own = match room.organisation() {
        Some(o) => canned_answers::of_organisation(room.caller.house.read(), o).await?,
        None => vec![],
    };
    let category = room.m.issue.category.as_str();
    let in_language = |of: Lang| {
        let facts = facts(room, of);
        let own = own.iter().filter(|a| a.retired_at.is_none() && canned_answers::fits(a.category.as_deref(), category));
        let own = own.filter_map(|a| {
            let text = canned_answers::filled(a.words(of)?, &facts);
            Some(Pick { value: format!("{}-{}", a.number, of.tag()), label: a.title.clone(), text })
        });
        // What is about this kind of trouble before what fits everything.
        let mut first: Vec<_> = canned_answers::built_in().iter().filter(|b| canned_answers::fits(b.group.as_deref(), category)).collect();
        first.sort_by_key(|b| b.group.is_none());
        let first = first.into_iter().map(|b| Pick {
            value: format!("{}-{}", b.key, of.tag()),
            label: title(b, lang).to_owned(),
            text: canned_answers::filled(of.pick(&b.zh, &b.en), &facts),
        });
        Canned { label: lang.t(&format!("work.canned.in.{}", of.tag())), picks: own.chain(first).collect() }
    };
    let both = match lang {
        Lang::Zh => [Lang::Zh, Lang::En],
        Lang::En => [Lang::En, Lang::Zh],
    };
    Ok(both.into_iter().map(in_language).filter(|c| !c.picks.is_empty()).collect())
}

/// The words of one that was picked.
pub(in crate::web) async fn picked(room: &Room<'_>, value: &str) -> Result<Option<String>> {
    Ok(canned(room).await?.into_iter().flat_map(|c| c.picks).find(|p| p.value == value).map(|p| p.text))
}
