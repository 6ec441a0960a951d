//! The projector: one sentence, one count. Nothing private; it loads itself anew.

use rocket::get;
use serde::Serialize;

use crate::domain::meetings::items::{self, ItemState};
use crate::domain::motions::{self, MotionState};
use crate::domain::votes::tally::Standing;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::councils::Here;
use crate::web::councils::sum::{Sum, drawn};
use crate::web::dates;
use crate::web::guards::Anyone;

#[derive(Serialize)]
struct Block {
    class: &'static str,
    need: bool,
}

#[derive(Serialize)]
struct Page {
    lang: &'static str,
    styles: Vec<String>,
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
}

/// `GET …/meetings/{n}/wall`.
#[get("/<_>/meetings/<number>/wall")]
pub(super) async fn show(who: Anyone<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let meeting = here.meeting(&who, number).await?;
    let all = items::of_meeting(db, meeting.id).await?;
    // What is being voted on, else what was voted on last in an item that still waits, else the next item.
    let mut shown = None;
    for item in &all {
        for m in motions::of_item(db, item.id).await? {
            match m.state {
                MotionState::Open => shown = Some((item, m)),
                MotionState::Closed if shown.as_ref().is_none_or(|(_, s)| s.state == MotionState::Closed && s.closed_at < m.closed_at) => {
                    shown = Some((item, m));
                }
                _ => {}
            }
        }
    }
    let next = all.iter().find(|i| i.state == ItemState::Listed);
    let rules = meeting.rules(db).await?;
    let mut page = Page {
        lang: lang.tag(),
        styles: crate::web::assets::styles("pg-wall"),
        council: here.council.name(lang).to_owned(),
        top: lang.say("meetings.nth", &[("n", &number.to_string())]),
        above: dates::appointment(meeting.starts_at, now, lang),
        heading: next.map_or_else(|| lang.t(&format!("meeting_states.{}", meeting.state.as_str())), |i| i.public_title(lang)),
        voting: false,
        closed: false,
        cast: String::new(),
        sum: None,
        blocks: vec![],
        label: String::new(),
        foot: meeting.place.clone(),
        verdict: None,
    };
    if let Some((item, m)) = shown.filter(|(i, _)| i.public) {
        let roll = m.roll(db).await?;
        let sum = Sum::of_motion(&m, &roll, &rules, lang)?;
        let closed = m.state == MotionState::Closed;
        let (p, k) = (item.position.to_string(), m.number.to_string());
        page.top = lang.say("motions.top", &[("n", &number.to_string()), ("p", &p), ("k", &k)]);
        page.above = item.title.clone();
        page.heading = m.title.clone();
        page.closed = closed;
        page.voting = !closed;
        let cast = roll.seats.iter().filter(|(_, s, c)| *s == Standing::Present && c.is_some()).count();
        page.cast = lang.say("motions.cast_of", &[("cast", &cast.to_string()), ("present", &sum.present.to_string())]);
        let mut order: Vec<&'static str> = roll
            .seats
            .iter()
            .filter(|(_, s, _)| *s != Standing::Recused)
            .map(|(_, s, c)| match (closed, drawn(*s, *c).0) {
                (true, kind) => kind,
                // While it is open the wall shows how many have voted, not how.
                (false, "y" | "no" | "a") => "v",
                (false, kind) => kind,
            })
            .collect();
        order.sort_by_key(|k| ["v", "y", "no", "a", "", "o"].iter().position(|x| x == k));
        let need = usize::try_from(sum.needed).unwrap_or(0);
        page.blocks = order.into_iter().enumerate().map(|(i, class)| Block { class, need: i + 1 == need }).collect();
        let n = |x: u32| x.to_string();
        page.foot = lang.say("motions.wall_foot", &[("eligible", &n(sum.eligible)), ("recused", &n(sum.recused)), ("absent", &n(sum.absent))]);
        page.label = sum.sentence.clone();
        page.verdict = closed.then(|| sum.outcome_words.clone());
        page.sum = Some(sum);
    }
    Ok(who.bare("meetings/wall", &page)?.header("Cache-Control", "no-store"))
}
