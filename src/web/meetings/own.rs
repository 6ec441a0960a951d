//! What the caller's own seat may do with a motion: vote, or why not.

use serde::Serialize;

use crate::domain::meetings::{Meeting, MeetingKind, presence};
use crate::domain::motions::{Method, Motion, MotionState, Roll};
use crate::domain::rights::Right;
use crate::domain::votes::secret;
use crate::domain::votes::tally::Standing;
use crate::kernel::error::Result;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::dates;
use crate::web::form::FormState;

/// What the partial `motions/ballot` reads.
#[derive(Serialize)]
pub struct Ballot {
    seat: String,
    /// The ballot is there to be filled in.
    may: bool,
    /// Why it isn't.
    why: Option<String>,
    /// What this seat has voted; that it has, where the vote is secret.
    voted: Option<String>,
    voted_mark: &'static str,
    voted_class: &'static str,
    may_recuse: bool,
    secret: bool,
    /// Drawn for this ballot; its holder writes it down.
    receipt: Option<String>,
    /// Until when a written procedure takes votes.
    until: Option<String>,
    action: String,
    item_href: String,
    /// Changes when the ballot does: what is being filled in is not replaced by the same anew.
    keep: String,
    form: FormState,
    interest: FormState,
}

impl Ballot {
    /// None for those without a seat here.
    pub async fn of(
        caller: &Caller,
        here: &Here,
        meeting: &Meeting,
        bench: &Bench,
        (position, m, roll): (i32, &Motion, &Roll),
        form: &FormState,
    ) -> Result<Option<Self>> {
        let (lang, now) = (caller.lang, caller.house.now());
        let Some(me) = caller.signed.as_ref().filter(|_| here.may(caller, Right::Vote)).map(|s| s.person.id) else { return Ok(None) };
        let Some(seat) = super::presence::seat_of(caller, meeting, me).await? else { return Ok(None) };
        let Some((_, standing, said)) = roll.seats.iter().find(|(s, ..)| s.id == seat.id) else { return Ok(None) };
        let written = meeting.kind == MeetingKind::Written;
        let sitting = presence::present(caller.house.read(), meeting.id).await?.into_iter().find(|a| a.seat_id == seat.id);
        let asked = m.method == Method::Consensus && m.objections == 0;
        let voted = roll.has_voted(seat.id);
        let why = match (m.state, standing) {
            (MotionState::Draft, _) => Some("not_open"),
            (MotionState::Open, Standing::Recused) => Some("recused"),
            (MotionState::Open, _) if voted => None,
            (MotionState::Open, _) if written && now < meeting.starts_at => Some("not_yet"),
            (MotionState::Open, _) if written && !meeting.takes_votes(now) => Some("over"),
            (MotionState::Open, _) if written => None,
            (MotionState::Open, Standing::Absent) => Some("not_signed_in"),
            (MotionState::Open, _) if sitting.is_some_and(|a| a.person_id != me) => Some("holder_sits"),
            (MotionState::Open, _) if asked => Some("consensus"),
            _ => None,
        };
        let secret = m.method == Method::Secret;
        let (voted_class, voted_mark, voted_word) = crate::web::councils::sum::drawn(*standing, *said, voted);
        let may = m.state == MotionState::Open && why.is_none() && !voted;
        let action = format!("{}/meetings/{}/items/{position}/motions/{}", here.root, meeting.number, m.number);
        let form = form.or("ballot", []);
        let drawn = || form.values.get("receipt").filter(|r| !r.is_empty()).cloned().unwrap_or_else(secret::receipt);
        Ok(Some(Self {
            seat: lang.say(
                "motions.your_seat",
                &[("of", &bench.organisation(seat.organisation_id, lang)), ("class", &class(&seat, lang)), ("name", &bench.name(&seat, lang))],
            ),
            may,
            why: why.map(|w| lang.t(&format!("motions.why.{w}"))),
            voted: voted.then(|| lang.t(voted_word)),
            voted_mark,
            voted_class,
            may_recuse: matches!(m.state, MotionState::Draft | MotionState::Open) && *standing != Standing::Recused && !voted,
            secret,
            receipt: (may && secret).then(drawn),
            until: meeting.votes_until.map(|until| dates::full(until, lang)),
            item_href: format!("{}/meetings/{}/items/{position}", here.root, meeting.number),
            keep: format!("{position}-{}-{}-{may}-{voted}-{}", m.number, m.state.as_str(), why.unwrap_or_default()),
            action,
            interest: form.or("interest", []),
            form,
        }))
    }
}
