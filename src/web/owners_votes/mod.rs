//! `…/council/owners-votes`: what the owners decide together, by persons and by area; for everybody, in sums only. The secretary
//! announces a vote and enters paper ballots; an owner that is an organisation votes by its representative.

mod acting;
mod index;
mod paper;
mod show;
mod sum;

use rocket::{Route, routes};
use serde::Serialize;

use super::caller::Caller;
use super::frame::Frame;
use super::guards::At;
use crate::domain::buildings::Building;
use crate::domain::meetings::items::{Competence, Item};
use crate::domain::owners_votes::{self, OwnersVote, Phase};
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::domain::votes::owners::Decision;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![index::index, index::announce, show::show, paper::paper, acting::enter, acting::cast, acting::call_off]
}

/// The building of an address.
pub(super) struct Place {
    pub building: Box<Building>,
    /// `/b/tingqiao`.
    pub root: String,
}

impl Place {
    async fn of(caller: &Caller) -> Result<Self> {
        match At::of(caller, &caller.path).await? {
            At::Building(building) => Ok(Self { root: format!("/b/{}", building.slug), building }),
            At::District(_) => Err(Error::NotFound),
        }
    }

    fn may(&self, caller: &Caller, right: Right) -> bool {
        caller.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, right, &self.building).is_some())
    }

    fn all(&self) -> String {
        format!("{}/council/owners-votes", self.root)
    }

    fn frame(&self, caller: &Caller, title: impl Into<String>) -> Frame {
        Frame::titled(title).of(caller, &self.building).here("council").class("pg-council")
    }
}

/// How a vote's state is drawn: mark, class, word.
fn state(vote: &OwnersVote, caller: &Caller) -> (&'static str, &'static str, String) {
    use crate::domain::owners_votes::Phase::{Announced, CalledOff, Ended, Running};
    let phase = vote.phase(caller.house.now());
    let (mark, class) = match phase {
        Announced => ("agenda", ""),
        Running => ("work", "now"),
        Ended => ("conf", ""),
        CalledOff => ("wd", "gone"),
    };
    (mark, class, caller.lang.t(&format!("owners_votes.phase.{}", phase.as_str())))
}

/// `第4项 选聘、解聘物业`.
fn matter(vote: &OwnersVote, lang: Lang) -> String {
    let words = lang.t(&format!("owners_votes.matter.{}", vote.matter));
    lang.say("owners_votes.matter_line", &[("n", &vote.matter.number().to_string()), ("words", &words)])
}

/// What the owners have said about an agenda item, as its page shows it.
#[derive(Serialize)]
pub(super) struct Said {
    words: String,
    href: String,
    /// They agreed: the council can go on from there.
    pub settled: bool,
}

/// The latest vote about an item that is the owners' to decide; for the secretary also the way to announce one.
pub(super) async fn about(caller: &Caller, root: &str, item: &Item, secretariat: bool) -> Result<Option<Said>> {
    if item.competence != Competence::OwnersVote {
        return Ok(None);
    }
    let (db, lang) = (caller.house.read(), caller.lang);
    let Some(vote) = owners_votes::of_item(db, item.id).await?.into_iter().find(|v| v.called_off_at.is_none()) else {
        let href = format!("{root}/council/owners-votes");
        return Ok(secretariat.then(|| Said { words: lang.t("owners_votes.about.nothing"), href, settled: false }));
    };
    let decision = if vote.phase(caller.house.now()) == Phase::Ended { Some(vote.count(db).await?.decision) } else { None };
    let settled = decision == Some(Decision::Passed);
    let (_, _, phase) = state(&vote, caller);
    let came_to = decision.map_or(phase, |d| lang.t(&format!("owners_votes.decision.{d}")));
    let key = if settled { "owners_votes.about.settled" } else { "owners_votes.about.vote" };
    let words = lang.say(key, &[("n", &vote.number.to_string()), ("came_to", &came_to)]);
    Ok(Some(Said { words, href: format!("{root}/council/owners-votes/{}", vote.number), settled }))
}
