//! Ballots, and calling a vote off.

use rocket::post;

use super::{Place, show};
use crate::domain::owners_votes::{self, Entering};
use crate::domain::rights::Right;
use crate::domain::votes::owners::Handed;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::guards::{Holds, May, Secretariat, Work};
use crate::web::sent::Sent;

async fn after(caller: &Caller, place: &Place, number: i32, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/{number}", place.all())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            let vote = owners_votes::by_number(caller.house.read(), place.building.id, number).await?;
            Ok(show::page(caller, place, &vote, form).await?.status(status))
        }
    }
}

/// `POST …/owners-votes/{n}/ballots`: enters a ballot that came on paper.
#[post("/<_>/council/owners-votes/<number>/ballots", data = "<sent>")]
pub(super) async fn enter(who: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let place = Place::of(&who).await?;
    let done = async {
        let voice: i32 = sent.read("voice")?;
        let (choice, handed) = (sent.read("choice")?, sent.read::<Handed>("handed")?);
        let act = who.begin(&sent).await?;
        let vote = owners_votes::hold(&act, place.building.id, number).await?;
        let holder = vote.holder_by_code(act.tx(), who.house.keys(), sent.text("code")).await?;
        vote.enter_paper(&act, &holder, Entering { voice, choice, handed }).await?;
        act.commit().await
    }
    .await;
    after(&who, &place, number, &sent, done, "owners_votes.said.entered").await
}

/// `POST …/owners-votes/{n}/ballot`: an owner that is an organisation votes.
#[post("/<_>/council/owners-votes/<number>/ballot", data = "<sent>")]
pub(super) async fn cast(who: Holds<'_, Work>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let place = Place::of(&who).await?;
    let done = async {
        let choice = sent.read("choice")?;
        let vote = owners_votes::by_number(who.house.read(), place.building.id, number).await?;
        let mine = who.signed.memberships.iter().filter(|m| m.role.may(Right::Work));
        let mut speaking = None;
        for m in mine {
            if vote.holder_of(who.house.read(), m.organisation_id).await?.is_some() {
                speaking = Some(m.organisation_id);
                break;
            }
        }
        let organisation = speaking.ok_or_else(|| Refusal::new("only_owner"))?;
        let act = who.begin_for(organisation, &sent).await?;
        owners_votes::hold(&act, place.building.id, number).await?.cast(&act, organisation, choice).await?;
        act.commit().await
    }
    .await;
    after(&who, &place, number, &sent, done, "owners_votes.said.voted").await
}

/// `POST …/owners-votes/{n}/calling-off`.
#[post("/<_>/council/owners-votes/<number>/calling-off", data = "<sent>")]
pub(super) async fn call_off(who: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let place = Place::of(&who).await?;
    let done = async {
        let act = who.begin(&sent).await?;
        owners_votes::hold(&act, place.building.id, number).await?.call_off(&act, sent.text("because")).await?;
        act.commit().await
    }
    .await;
    after(&who, &place, number, &sent, done, "owners_votes.said.called_off").await
}
