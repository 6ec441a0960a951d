//! The projector: one sentence, one count, whoever speaks. Nothing private; it follows the session by itself.

use rocket::get;
use serde::Serialize;

use super::floor::{self, Elapsed, Floor, Line};
use crate::domain::meetings::items::{self, Item, ItemState};
use crate::domain::meetings::{Meeting, MeetingKind, MeetingState, presence};
use crate::domain::motions::{self, Motion, MotionState};
use crate::domain::rights::Right;
use crate::domain::votes::tally::Standing;
use crate::kernel::error::{Error, Result};
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::sum::{Sum, drawn};
use crate::web::dates;
use crate::web::guards::Anyone;

#[derive(Serialize)]
struct Block {
    class: &'static str,
    need: bool,
}

/// The way into the session for those who see the wall.
#[derive(Serialize)]
struct Room {
    code: String,
    qr: String,
    address: String,
}

#[derive(Serialize)]
struct Page {
    lang: &'static str,
    styles: Vec<String>,
    script: Option<String>,
    changes: Option<String>,
    council: String,
    top: String,
    above: String,
    heading: String,
    voting: bool,
    closed: bool,
    cast: String,
    sum: Option<Sum>,
    blocks: Vec<Block>,
    label: String,
    foot: String,
    verdict: Option<String>,
    /// Who has the floor.
    speaking: Option<Line>,
    next: Option<String>,
    item_time: Option<Elapsed>,
    room: Option<Room>,
    /// `到会9席，过半要7席`.
    there: Option<String>,
}

/// What is being voted on in an item, else what was voted on last since it was taken up.
async fn shown(caller: &Caller, meeting: &Meeting, all: &[Item]) -> Result<Option<(Item, Motion)>> {
    let db = caller.house.read();
    let at_hand = floor::at_hand(caller, meeting).await?;
    let chosen: Vec<&Item> = match &at_hand {
        Some(item) => all.iter().filter(|i| i.id == item.id).collect(),
        None => all.iter().collect(),
    };
    let mut shown: Option<(Item, Motion)> = None;
    for item in chosen {
        for m in motions::of_item(db, item.id).await? {
            match m.state {
                MotionState::Open => shown = Some((item.clone(), m)),
                MotionState::Closed if shown.as_ref().is_none_or(|(_, s)| s.state == MotionState::Closed && s.closed_at < m.closed_at) => {
                    shown = Some((item.clone(), m));
                }
                _ => {}
            }
        }
    }
    // A result stays until the room goes on: to speaking, or to the next motion.
    let spoken_since = |m: &Motion| m.closed_at.is_some_and(|at| meeting.item_since.is_some_and(|since| at < since));
    Ok(shown.filter(|(_, m)| m.state == MotionState::Open || !spoken_since(m)))
}

/// `GET …/meetings/{n}/wall`.
#[get("/<_>/meetings/<number>/wall")]
pub(super) async fn show(who: Anyone<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let meeting = here.meeting(&who, number).await?;
    let all = items::of_meeting(db, meeting.id).await?;
    let (rules, bench) = (meeting.rules(db).await?, Bench::of(db, &here.council).await?);
    let open = meeting.state == MeetingState::Open;
    let floor = if open { Some(Floor::of(&who, &meeting, &rules, &bench).await?) } else { None };
    let at_hand = floor::at_hand(&who, &meeting).await?;
    let next = at_hand.as_ref().or(all.iter().find(|i| i.state == ItemState::Listed)).filter(|i| i.public);
    let base = format!("{}/meetings/{number}", here.root);
    // Only on a screen that whoever presides has put up: the code says that somebody is in the room.
    let room = if here.may(&who, Right::Preside) && meeting.kind != MeetingKind::Written && meeting.signing_in(now, &who.house.calendar()) {
        let code = meeting.room_code(who.house.keys(), now);
        let address = who.house.settings().address(&format!("{base}/presence?code={code}"));
        Some(Room {
            qr: qr::svg(&address).map_err(|e| Error::broken(e.to_string()))?,
            address: who.house.settings().address(&format!("{base}/presence")),
            code,
        })
    } else {
        None
    };
    let there = presence::present(db, meeting.id).await?.len();
    let mut page = Page {
        lang: lang.tag(),
        styles: crate::web::assets::styles("pg-wall"),
        script: crate::web::assets::address("js/live.js"),
        changes: matches!(meeting.state, MeetingState::Called | MeetingState::Open).then(|| format!("{base}/changes")),
        council: here.council.name(lang).to_owned(),
        top: lang.say("meetings.nth", &[("n", &number.to_string())]),
        above: match &at_hand {
            Some(i) => lang.say("meetings.nth_item", &[("p", &i.position.to_string())]),
            None => dates::appointment(meeting.starts_at, now, lang),
        },
        heading: next.map_or_else(|| lang.t(&format!("meeting_states.{}", meeting.state.as_str())), |i| i.public_title(lang)),
        voting: false,
        closed: false,
        cast: String::new(),
        sum: None,
        blocks: vec![],
        label: String::new(),
        foot: meeting.place.clone(),
        verdict: None,
        next: floor.as_ref().and_then(|f| f.waiting.first()).map(|l| l.name.clone()),
        item_time: floor.as_ref().and_then(|f| f.item.clone()),
        speaking: floor.and_then(|f| f.speaking),
        room,
        there: (open || there > 0).then(|| {
            let (n, needed) = (there.to_string(), (bench.occupied() / 2 + 1).to_string());
            lang.say("live.there", &[("n", &n), ("needed", &needed)])
        }),
    };
    if let Some((item, m)) = shown(&who, &meeting, &all).await?.filter(|(i, _)| i.public) {
        let roll = m.roll(db).await?;
        let sum = Sum::of_motion(&m, &roll, &rules, lang)?;
        let closed = m.state == MotionState::Closed;
        let (p, k) = (item.position.to_string(), m.number.to_string());
        page.top = lang.say("motions.top", &[("n", &number.to_string()), ("p", &p), ("k", &k)]);
        page.above = item.title.clone();
        page.heading = m.title.clone();
        page.closed = closed;
        page.voting = !closed;
        page.cast = lang.say("motions.cast_of", &[("cast", &roll.cast().to_string()), ("present", &sum.present.to_string())]);
        let mut order: Vec<&'static str> = roll
            .seats
            .iter()
            .filter(|(_, s, _)| *s != Standing::Recused)
            .map(|(seat, s, c)| match (closed, drawn(*s, *c, roll.has_voted(seat.id)).0) {
                (true, kind) => kind,
                // While it is open the wall shows how many have voted, not how.
                (false, "y" | "no" | "a" | "v") => "v",
                (false, kind) => kind,
            })
            .collect();
        // Nobody knows which seat said what: the blocks are counted, not looked up.
        if closed && roll.is_secret() {
            let said = [("y", sum.yes), ("no", sum.no), ("a", sum.abstain)].into_iter().flat_map(|(kind, n)| (0..n).map(move |_| kind));
            order = said.chain(order.into_iter().filter(|k| *k != "v")).collect();
        }
        order.sort_by_key(|k| ["v", "y", "no", "a", "", "o"].iter().position(|x| x == k));
        // Blocks are seats: where votes are weighed no block is the one that is needed.
        let need = if sum.weighed { 0 } else { usize::try_from(sum.needed).unwrap_or(0) };
        page.blocks = order.into_iter().enumerate().map(|(i, class)| Block { class, need: i + 1 == need }).collect();
        let n = |x: u32| x.to_string();
        page.foot = lang.say("motions.wall_foot", &[("eligible", &n(sum.eligible)), ("recused", &n(sum.recused)), ("absent", &n(sum.absent))]);
        page.label = sum.sentence.clone();
        page.verdict = closed.then(|| sum.outcome_words.clone());
        page.sum = Some(sum);
    }
    Ok(who.bare("meetings/wall", &page)?.header("Cache-Control", "no-store"))
}
