//! `…/messages`: something is said, in one of three voices. Each voice has a box and a button of its own, so that no
//! draft can end up with the wrong readers.

use rocket::{Route, post, routes};

use super::acting::{act_as, again, back, hold};
use super::show;
use crate::domain::issues::{self, Issue};
use crate::domain::messages::{self, Voice};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::guards::{Desk, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![create]
}

/// The organisation for which somebody speaks: the nearest to the matter of those whose roles they hold.
fn speaker(who: &May<'_, Desk>, issue: &Issue, parties: &[OrganisationId]) -> Result<Option<OrganisationId>> {
    Ok(issue.sight(parties, &who.signed.memberships, who.building()?).by.map(|m| m.organisation_id))
}

#[post("/<_>/issues/<number>/messages", data = "<sent>")]
async fn create(who: May<'_, Desk>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let mut said = "work.said.sent";
    let done = async {
        let voice: Voice = sent.text("voice").parse().map_err(|r: Refusal| r.at("words"))?;
        let building = who.building()?;
        let caller: &Caller = &who;
        let db = caller.house.read();
        let before = issues::by_number(db, building.id, number).await?;
        let mine = speaker(&who, &before, &before.parties(db).await?)?;
        let (act, issue) = match voice {
            // What reporters read, somebody else may just have written.
            Voice::Reporters => hold(&who, number, &sent, |_| mine).await?,
            Voice::Parties | Voice::Internal => {
                let act = caller.begin(act_as(&who, mine)?.actor(), &sent).await?;
                let issue = issues::hold(&act, building.id, number).await?;
                (act, issue)
            }
        };
        said = match voice {
            Voice::Reporters => "work.said.told",
            Voice::Parties => "work.said.sent",
            Voice::Internal => "work.said.noted",
        };
        messages::send(&act, issue, voice, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&who, number, said)),
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(show::page(&room, form).await?.status(status))
        }
    }
}
