//! One message as its reader sees it: who said it, the names in it marked, what it said before, why it is out of sight.

use serde::Serialize;

use super::room::Room;
use super::voices::Talk;
use crate::domain::issues::Standing;
use crate::domain::messages::{self, Mention, Message, Named};
use crate::web::dates;

/// A piece of the words: a name that is marked, or what is between names.
#[derive(Clone, Debug, Serialize)]
struct Piece {
    words: String,
    named: bool,
    /// The reader is called by it.
    me: bool,
}

/// What it said until then.
#[derive(Clone, Debug, Serialize)]
struct Former {
    at: String,
    words: String,
}

/// One message. In templates: `{{> work/message this}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    id: String,
    by: String,
    at: String,
    words: Vec<Piece>,
    /// In place of the words, or below them: erased, withheld and why.
    gone: Option<String>,
    /// Not of the caller's own organisation.
    them: bool,
    /// An open question, or an answered one.
    note: Option<String>,
    former: Vec<Former>,
    /// Where it is changed, withheld, shown again, by whoever may.
    edit: Option<String>,
    withhold: Option<String>,
    show: Option<String>,
}

/// The words in pieces, with the names that they mark.
fn pieces(words: &str, marks: &[&Mention], is_me: impl Fn(&Mention) -> bool) -> Vec<Piece> {
    let all: Vec<char> = words.chars().collect();
    let mut pieces = vec![];
    let mut at = 0;
    let mut piece = |from: usize, to: usize, named: bool, me: bool| {
        let words: String = all.get(from..to).unwrap_or_default().iter().collect();
        if !words.is_empty() {
            pieces.push(Piece { words, named, me });
        }
    };
    for m in marks {
        let (from, to) = (m.starts.unsigned_abs() as usize, (m.starts + m.length).unsigned_abs() as usize);
        // Two of the same name are one mark.
        if from >= at {
            piece(at, from, false, false);
            piece(from, to, true, is_me(m));
            at = to;
        }
    }
    piece(at, all.len(), false, false);
    pieces
}

impl Talk<'_, '_> {
    pub(super) fn said(&self, m: &Message) -> Said {
        let room: &Room<'_> = self.room;
        let (lang, now) = (room.caller.lang, room.caller.house.now());
        let me = room.caller.signed.as_ref().map(|s| s.person.id);
        let secretary = room.sight.standing == Standing::Secretary;
        let read = m.is_read_by(secretary, me);
        let marks: Vec<&Mention> = self.mentions.iter().filter(|x| x.message_id == m.id).collect();
        // What calls the reader and is not read yet stands out.
        let called = self.calls.iter().any(|c| c.message_id == m.id);
        let (own, role) = (room.organisation(), room.sight.by.map(|by| by.role));
        let mine = |x: &Mention| match x.kind {
            Named::Person => x.person_id == me,
            Named::Role => x.role == role,
            Named::Organisation => x.organisation_id == own,
        };
        let withheld = m.withheld_reason.map(|reason| {
            let why = lang.t(&format!("work.withholding.reasons.{reason}"));
            let by = room.m.name(m.withheld_for, lang);
            let key = if read { "work.withholding.still_read" } else { "work.withholding.gone" };
            lang.say(key, &[("by", &by), ("why", &why)])
        });
        let gone = if m.erased_at.is_some() || m.words.is_none() { Some(lang.t("work.erased")) } else { withheld };
        let words = m.words.as_deref().filter(|_| read && m.erased_at.is_none());
        let former = self.versions.iter().filter(|v| read && v.message_id == m.id);
        let note = m.question.then(|| lang.t(if m.answered_at.is_some() { "work.voices.answered" } else { "work.voices.open_question" }));
        let handle = messages::handle_of(room.caller.house.keys(), m.id);
        let way = |to: &str| format!("{}/messages/{handle}/{to}", room.root());
        let may = room.sight.speaks(m.voice);
        Said {
            by: self.author(m),
            at: dates::moment(m.created_at, now, lang),
            words: words.map(|w| pieces(w, &marks, |x| called && mine(x))).unwrap_or_default(),
            gone,
            them: m.report_id.is_some() || m.organisation_id != room.organisation(),
            note,
            former: former.map(|v| Former { at: dates::moment(v.said_at, now, lang), words: v.words.clone() }).collect(),
            edit: (may && m.ask_editable(me, now).is_ok()).then(|| way("edit")),
            withhold: (may && m.ask_withholdable(secretary, room.organisation()).is_ok()).then(|| way("withholding")),
            show: (may && m.ask_showable(secretary, me).is_ok()).then(|| way("withholding/lifting")),
            id: handle,
        }
    }
}
