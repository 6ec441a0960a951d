//! One vote: the question, the roll that it rests on, and after its end what it came to. Who voted how, nobody reads.

use std::collections::HashMap;

use rocket::get;
use serde::Serialize;

use super::sum::Sum;
use super::{Place, matter, state};
use crate::domain::meetings::items;
use crate::domain::owners::Held;
use crate::domain::owners_votes::{self, Ballot, OwnersVote, Phase, void_of};
use crate::domain::rights::Right;
use crate::domain::votes::Choice;
use crate::domain::votes::owners::Handed;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OwnerHolderId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::Anyone;
use crate::web::meetings::dossier::{Crumb, Opt, paragraphs};
use crate::web::owners::square_metres;

#[derive(Serialize)]
struct Fact {
    term: String,
    value: String,
    href: Option<String>,
    small: Option<String>,
}

/// A holder as the secretary sees them: whether a ballot is in, never which way.
#[derive(Serialize)]
struct HolderLine {
    number: i32,
    name: String,
    units: usize,
    area: String,
    ballot: String,
}

/// What the secretary enters paper ballots with.
#[derive(Serialize)]
struct Desk {
    enter: Option<FormState>,
    call_off: Option<FormState>,
    holders: Vec<HolderLine>,
    choices: Vec<Opt>,
    handed: Vec<Opt>,
    paper: String,
}

/// What an owner's representative votes with.
#[derive(Serialize)]
struct Own {
    form: FormState,
    who: String,
    weight: String,
    choices: Vec<Opt>,
    /// Has voted; the last ballot counts.
    voted: Option<String>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    mark: &'static str,
    class: &'static str,
    state: String,
    facts: Vec<Fact>,
    question: Vec<String>,
    silence: Option<String>,
    called_off: Option<String>,
    /// How many have handed in, while it runs.
    so_far: Option<String>,
    sum: Option<Sum>,
    item: Option<String>,
    action: String,
    own: Option<Own>,
    desk: Option<Desk>,
    form: FormState,
}

/// Holders of a roll in their order, each with units and area.
fn by_holder(roll: &[Held]) -> Vec<(&Held, usize, u64)> {
    let mut at: HashMap<OwnerHolderId, usize> = HashMap::new();
    let mut out: Vec<(&Held, usize, u64)> = vec![];
    for h in roll {
        let i = *at.entry(h.holder.id).or_insert_with(|| {
            out.push((h, 0, 0));
            out.len() - 1
        });
        if let Some((_, n, area)) = out.get_mut(i) {
            *n += 1;
            *area += h.unit.area.unsigned_abs();
        }
    }
    out.sort_by_key(|(h, ..)| h.holder.number);
    out
}

fn facts(vote: &OwnersVote, roll: &[Held], caller: &Caller) -> Vec<Fact> {
    let (lang, now) = (caller.lang, caller.house.now());
    let fact = |key: &str, value: String, small: Option<String>| Fact { term: lang.t(&format!("owners_votes.fact.{key}")), value, href: None, small };
    let area: u64 = roll.iter().map(|h| h.unit.area.unsigned_abs()).sum();
    let of = [("holders", by_holder(roll).len().to_string()), ("units", roll.len().to_string()), ("area", square_metres(area))];
    let of: Vec<(&str, &str)> = of.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let share = if vote.matter.is_special() { "owners_votes.needs_special" } else { "owners_votes.needs_ordinary" };
    vec![
        fact("matter", matter(vote, lang), Some(lang.t(share))),
        fact("window", dates::span(vote.opens_at, vote.closes_at, now, lang), Some(lang.t("owners_votes.window_hint"))),
        fact(
            "roll",
            lang.say("owners_votes.roll_line", &of),
            Some(lang.say("owners_votes.roll_version", &[("version", &vote.roll_version.to_string())])),
        ),
        fact("how", lang.t(if vote.online { "owners_votes.how_both" } else { "owners_votes.how_paper" }), None),
        fact("parking", lang.t(if vote.parking_counts { "owners_votes.parking_counts" } else { "owners_votes.parking_not" }), None),
    ]
}

async fn desk(caller: &Caller, place: &Place, vote: &OwnersVote, roll: &[Held], ballots: &[Ballot], form: &FormState) -> Result<Desk> {
    let (lang, phase) = (caller.lang, vote.phase(caller.house.now()));
    let void = void_of(ballots);
    let mut lines = vec![];
    for (h, units, area) in by_holder(roll) {
        let in_hand: Vec<&Ballot> = ballots.iter().filter(|b| b.holder_id == h.holder.id).collect();
        let key = match (in_hand.first(), void.get(&h.holder.id)) {
            (None, _) => "owners_votes.ballot.none".to_owned(),
            (_, Some(why)) => format!("owners_votes.ballot.{}", why.as_str()),
            (Some(b), None) => format!("owners_votes.ballot.{}", if b.on_paper { "paper" } else { "online" }),
        };
        lines.push(HolderLine {
            number: h.holder.number,
            name: h.holder.called(caller.house.read(), lang).await?,
            units,
            area: square_metres(area),
            ballot: lang.t(&key),
        });
    }
    Ok(Desk {
        enter: (phase == Phase::Running).then(|| form.or("enter", [("voice", "0".to_owned())])),
        call_off: matches!(phase, Phase::Announced | Phase::Running).then(|| form.or("call_off", [])),
        holders: lines,
        choices: choices(lang),
        handed: Opt::all(Handed::ALL.iter().map(|h| h.as_str()), "owners_votes.handed", lang),
        paper: format!("{}/{}/paper", place.all(), vote.number),
    })
}

fn choices(lang: Lang) -> Vec<Opt> {
    Opt::all(Choice::ALL.iter().map(|c| c.as_str()), "owners_votes.choice", lang)
}

/// The ballot of whoever speaks for an owner that is on the roll.
async fn own(caller: &Caller, vote: &OwnersVote, roll: &[Held], ballots: &[Ballot], form: &FormState) -> Result<Option<Own>> {
    let Some(signed) = &caller.signed else { return Ok(None) };
    if !vote.online || vote.phase(caller.house.now()) != Phase::Running {
        return Ok(None);
    }
    let speaks = |h: &&Held| signed.memberships.iter().any(|m| m.role.may(Right::Work) && Some(m.organisation_id) == h.holder.organisation_id);
    let Some(held) = roll.iter().find(speaks) else { return Ok(None) };
    let lang = caller.lang;
    let area: u64 = roll.iter().filter(|h| h.holder.id == held.holder.id).map(|h| h.unit.area.unsigned_abs()).sum();
    let ballot = ballots.iter().find(|b| b.holder_id == held.holder.id);
    let voted = ballot.map(|b| dates::moment(b.changed_at.unwrap_or(b.cast_at), caller.house.now(), lang));
    Ok(Some(Own {
        form: form.or("ballot", []),
        who: held.holder.called(caller.house.read(), lang).await?,
        weight: square_metres(area),
        choices: choices(lang),
        voted: voted.map(|when| lang.say("owners_votes.voted", &[("when", &when)])),
    }))
}

/// The page, also with a form that was refused.
pub(super) async fn page(caller: &Caller, place: &Place, vote: &OwnersVote, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let roll = vote.roll(db).await?;
    let ballots = owners_votes::of_vote(db, vote.id).await?;
    let (mark, class, word) = state(vote, caller);
    let phase = vote.phase(now);
    let secretariat = place.may(caller, Right::Secretariat);
    let in_hand = ballots.iter().map(|b| b.holder_id).collect::<std::collections::HashSet<_>>().len();
    let so_far = [("n", in_hand.to_string()), ("all", by_holder(&roll).len().to_string())];
    let so_far: Vec<(&str, &str)> = so_far.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let item = match vote.item_id {
        Some(id) if place.may(caller, Right::Desk) => {
            let number = items::number(db, &items::by_id(db, id).await?).await?;
            Some(format!("{}/council/items/{number}", place.root))
        }
        _ => None,
    };
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", place.root)),
            Crumb::to(lang.t("owners_votes.title"), place.all()),
            Crumb::here(lang.say("owners_votes.nth", &[("n", &vote.number.to_string())])),
        ],
        title: vote.title.clone(),
        mark,
        class,
        state: word,
        facts: facts(vote, &roll, caller),
        question: paragraphs(&vote.question),
        silence: vote.silent_ground.as_ref().map(|ground| lang.say("owners_votes.silence", &[("ground", ground)])),
        called_off: vote.called_off_because.as_ref().map(|why| lang.say("owners_votes.called_off", &[("why", why)])),
        so_far: (phase == Phase::Running).then(|| lang.say("owners_votes.so_far", &so_far)),
        sum: if phase == Phase::Ended { Some(Sum::of(&vote.count(db).await?, vote.matter.is_special(), lang)) } else { None },
        item,
        action: format!("{}/{}", place.all(), vote.number),
        own: own(caller, vote, &roll, &ballots, &form).await?,
        desk: if secretariat { Some(desk(caller, place, vote, &roll, &ballots, &form).await?) } else { None },
        form,
    };
    let frame = place.frame(caller, vote.title.clone());
    caller.page(if secretariat { frame.at_work() } else { frame }, "owners_votes/show", &page)
}

/// `GET …/council/owners-votes/{n}`.
#[get("/<_>/council/owners-votes/<number>")]
pub(super) async fn show(who: Anyone<'_>, number: i32) -> Result<Answer> {
    let place = Place::of(&who).await?;
    let vote = owners_votes::by_number(who.house.read(), place.building.id, number).await?;
    page(&who, &place, &vote, FormState::fresh(&who)).await
}
