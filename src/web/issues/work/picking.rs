//! What can be put into a message with one choice: whom to name. Without script a button puts it in, and what was typed is
//! kept as a draft.

use serde::Serialize;

use super::room::Room;
use crate::domain::messages::mentions::{Reading, role_word};
use crate::domain::messages::{Message, Voice};
use crate::domain::organisations;
use crate::domain::rights::Role;
use crate::kernel::error::Result;

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
