//! What happened in a session, in sentences, from the journal: the notes beside the desk, and the minutes' first draft.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::journal::{self, Entry};
use crate::domain::meetings::Meeting;
use crate::domain::meetings::items::Item;
use crate::domain::meetings::minutes::parts;
use crate::domain::meetings::notes as session_notes;
use crate::domain::meetings::presence::{How, attended};
use crate::domain::motions::{self, Motion};
use crate::domain::undertakings;
use crate::kernel::error::Result;
use crate::kernel::journal::of_object;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::sum::Sum;
use crate::web::dates;

/// One sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    #[serde(skip)]
    seq: i64,
    #[serde(skip)]
    pub at: DateTime<Utc>,
    pub time: String,
    pub words: String,
    /// On which item of the agenda.
    pub position: Option<i32>,
    /// Somebody came or left.
    #[serde(skip)]
    moved: bool,
}

/// Turns lines into sentences.
pub struct Scribe<'c> {
    caller: &'c Caller,
    meeting: &'c Meeting,
    bench: Bench,
    rules: crate::domain::councils::Rules,
}

impl<'c> Scribe<'c> {
    /// Knows everybody who sits or was asked to sign.
    pub async fn of(caller: &'c Caller, here: &Here, meeting: &'c Meeting, items: &[Item]) -> Result<Scribe<'c>> {
        let db = caller.house.read();
        let mut parties = vec![];
        for item in items {
            parties.extend(undertakings::of_item(db, item.id).await?.into_iter().map(|u| u.organisation_id));
        }
        let people: Vec<_> = attended(db, meeting.id).await?.into_iter().map(|a| a.person_id).collect();
        let bench = Bench::of(db, &here.council).await?.and(db, parties).await?.and_people(db, people).await?;
        Ok(Self { caller, meeting, bench, rules: meeting.rules(db).await? })
    }

    fn say(&self, key: &str, with: &[(&str, String)]) -> String {
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.caller.lang.say(&format!("meetings.record.{key}"), &with)
    }

    fn sentence(&self, entry: &Entry, item: Option<&Item>, put: &[Motion]) -> Result<Option<String>> {
        let lang = self.caller.lang;
        let who = |seat: i32| ("who", self.bench.by_number(seat, lang));
        let of = |id: crate::kernel::ids::OrganisationId| ("who", self.bench.organisation(id, lang));
        let title = |number: i32| {
            let title = put.iter().find(|m| m.number == number).map(|m| m.title.clone()).unwrap_or_default();
            [("k", number.to_string()), ("title", title)]
        };
        Ok(Some(match entry {
            Entry::MeetingOpened { .. } => self.say("opened", &[]),
            Entry::MeetingClosed { .. } => self.say("closed", &[]),
            Entry::SeatPresent { seat, online } => self.say(if *online { "online" } else { "came" }, &[who(*seat)]),
            Entry::SeatLeft { seat } => self.say("left", &[who(*seat)]),
            Entry::SeatRecused { seat, ground } => self.say(&format!("recused_{ground}"), &[who(*seat)]),
            Entry::MotionPut { number, .. } => self.say("put", &title(*number)),
            Entry::MotionWithdrawn { number } => self.say("taken_back", &title(*number)),
            Entry::VoteOpened { number } => self.say("vote_opened", &title(*number)),
            Entry::ObjectionHeard { number, objections } => {
                let [k, title] = title(*number);
                self.say("objected", &[k, title, ("n", objections.to_string())])
            }
            Entry::VoteClosed { number, .. } => {
                let Some((motion, count)) = put.iter().find(|m| m.number == *number).and_then(|m| Some((m, m.counted()?))) else { return Ok(None) };
                let sum = Sum::of(&count, &self.rules, motion.weight, lang)?;
                let [k, title] = title(*number);
                self.say("vote_closed", &[k, title, ("outcome", sum.outcome_words), ("sum", sum.sentence)])
            }
            Entry::UndertakingAsked { organisation, .. } => self.say("asked", &[of(*organisation)]),
            Entry::UndertakingSigned { organisation, .. } => self.say("signed", &[of(*organisation)]),
            Entry::UndertakingChangesAsked { organisation, .. } => self.say("changes", &[of(*organisation)]),
            Entry::UndertakingRefused { organisation, .. } => self.say("refused", &[of(*organisation)]),
            Entry::UndertakingLapsed { organisation, .. } => self.say("lapsed", &[of(*organisation)]),
            Entry::ItemDeferred { .. } | Entry::ItemReferred { .. } => match item.and_then(|i| super::dossier::outcome(i, self.caller)) {
                Some(words) => words,
                None => return Ok(None),
            },
            Entry::ItemWithdrawn => self.say("withdrawn", &[]),
            Entry::ItemTakenUp { .. } => self.say("taken_up", &[]),
            Entry::FloorGiven { seat: Some(seat) } => self.say("spoke", &[who(*seat)]),
            Entry::MotionAmended { number, by, .. } => {
                let [k, title] = title(*number);
                self.say("amended", &[k, title, ("by", by.to_string())])
            }
            _ => return Ok(None),
        }))
    }

    async fn read(&self, id: uuid::Uuid, item: Option<&Item>, into: &mut Vec<Note>) -> Result<()> {
        let db = self.caller.house.read();
        let put = match item {
            Some(i) => motions::of_item(db, i.id).await?,
            None => vec![],
        };
        for line in of_object(db, id).await? {
            let entry = journal::read(&line)?;
            let Some(words) = self.sentence(&entry, item, &put)? else { continue };
            let moved = matches!(entry, Entry::SeatPresent { .. } | Entry::SeatLeft { .. });
            // What was entered afterwards happened at no time that is known here.
            let time = if self.meeting.on_paper() { String::new() } else { dates::local(line.at).format("%H:%M").to_string() };
            into.push(Note { seq: line.seq, at: line.at, time, words, position: item.map(|i| i.position), moved });
        }
        Ok(())
    }

    /// Everything since the session was opened, in the order in which it happened.
    pub async fn notes(&self, items: &[Item]) -> Result<Vec<Note>> {
        let Some(opened) = self.meeting.opened_at else { return Ok(vec![]) };
        let mut notes = vec![];
        self.read(self.meeting.id.0, None, &mut notes).await?;
        for item in items {
            self.read(item.id.0, Some(item), &mut notes).await?;
        }
        // What the secretary wrote down stands among what happened.
        for written in session_notes::of_meeting(self.caller.house.read(), self.meeting.id).await? {
            let time = dates::local(written.created_at).format("%H:%M").to_string();
            let position = items.iter().find(|i| Some(i.id) == written.item_id).map(|i| i.position);
            notes.push(Note { seq: i64::MAX, at: written.created_at, time, words: written.words, position, moved: false });
        }
        notes.retain(|n| n.at >= opened);
        notes.sort_by_key(|n| (n.at, n.seq));
        Ok(notes)
    }

    /// The first draft of the minutes: facts, then each item with what happened on it.
    pub async fn minutes(&self, council: &str, items: &[Item]) -> Result<String> {
        let (db, lang) = (self.caller.house.read(), self.caller.lang);
        let notes = self.notes(items).await?;
        let there = attended(db, self.meeting.id).await?;
        let comma = lang.pick("、", ", ");
        let names = |present: bool| -> Vec<String> {
            let seats = self.bench.seats.iter().filter(|s| !s.vacant() && there.iter().any(|a| a.seat_id == s.id) == present);
            let named = seats.map(|s| {
                let sat = there.iter().rev().find(|a| a.seat_id == s.id).map(|a| a.person_id);
                let name = self.bench.person(sat, lang).unwrap_or_else(|| self.bench.name(s, lang));
                let online = there.iter().rev().find(|a| a.seat_id == s.id).is_some_and(|a| a.how == How::Online);
                if online { self.say("online_name", &[("who", name)]) } else { name }
            });
            named.collect()
        };
        let (here, absent) = (names(true), names(false));
        let mut out = vec![
            self.say("heading", &[("council", council.to_owned()), ("n", self.meeting.number.to_string())]),
            self.say("when", &[("when", dates::full(self.meeting.opened_at.unwrap_or(self.meeting.starts_at), lang))]),
            self.say("where", &[("place", self.meeting.place.clone())]),
            self.say("present", &[("n", here.len().to_string()), ("names", here.join(comma))]),
        ];
        if !absent.is_empty() {
            out.push(self.say("absent", &[("names", absent.join(comma))]));
        }
        // Who came or left once something had been taken up.
        let begun = notes.iter().position(|n| n.position.is_some()).unwrap_or(notes.len());
        let moved = notes[begun..].iter().filter(|n| n.position.is_none() && n.moved).map(|n| format!("{} {}", n.time, n.words).trim().to_owned());
        let moved: Vec<String> = moved.collect();
        if !moved.is_empty() {
            out.push(self.say("moved", &[("lines", moved.join(lang.pick("", " ")))]));
        }
        for item in items {
            out.push(String::new());
            if !item.public {
                out.push(parts::begin(&item.withheld_because(lang), lang));
            }
            out.push(self.say("item", &[("p", item.position.to_string()), ("title", item.title.clone())]));
            if !item.question.is_empty() {
                out.push(self.say("question", &[("question", item.question.clone())]));
            }
            for m in motions::of_item(db, item.id).await?.iter().filter(|m| m.closed_at.is_some()) {
                out.push(self.say("motion", &[("k", m.number.to_string()), ("title", m.title.clone()), ("words", m.words.clone())]));
            }
            out.extend(notes.iter().filter(|n| n.position == Some(item.position)).map(|n| format!("{} {}", n.time, n.words).trim().to_owned()));
            if !item.public {
                out.push(parts::end(lang));
            }
        }
        if let Some(closed) = self.meeting.paper_until.or(self.meeting.closed_at) {
            out.push(String::new());
            out.push(self.say("end", &[("time", dates::local(closed).format("%H:%M").to_string())]));
        }
        Ok(out.join("\n"))
    }
}
