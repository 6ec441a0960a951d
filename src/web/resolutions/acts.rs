//! What is done with a resolution: published, given up, said something to, objected to.

use rocket::post;

use super::show::{number, page};
use crate::domain::organisations;
use crate::domain::persons::Membership;
use crate::domain::resolutions::{self, Resolution};
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::form::FormState;
use crate::web::guards::{Holds, May, Secretariat, Vote, Work};
use crate::web::sent::Sent;

pub(super) async fn change(
    staff: &May<'_, Secretariat>,
    typed: &str,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Resolution) -> Result<Resolution>,
) -> Result<Answer> {
    let here = Here::of(staff).await?;
    let (year, serial) = number(typed)?;
    let done = async {
        let act = staff.begin(sent).await?;
        let r = resolutions::by_number(act.tx(), here.council.id, year, serial).await?.unchanged_since(sent.version()?)?;
        verb(&act, r).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/resolutions/{year}-{serial}", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(staff, &here, typed, form).await?.status(status))
        }
    }
}

/// `POST …/resolutions/2026-9/publication`: into the public ledger; the days of display begin.
#[post("/<_>/resolutions/<resolution>/publication", data = "<sent>")]
pub(super) async fn publish(staff: May<'_, Secretariat>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    change(&staff, resolution, &sent, "resolutions.said.published", async |act, r| r.publish(act).await).await
}

/// `POST …/resolutions/2026-9/lapse`: a party refused; the agreement never held, and the matter waits on the list again.
#[post("/<_>/resolutions/<resolution>/lapse", data = "<sent>")]
pub(super) async fn lapse(staff: May<'_, Secretariat>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    change(&staff, resolution, &sent, "resolutions.said.lapsed", async |act, r| r.lapse(act).await).await
}

/// Where it leads after something was said to it, or its page again.
async fn back(caller: &Caller, here: &Here, typed: &str, sent: &Sent<'_>, done: Result<()>, saying: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/resolutions/{typed}", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(caller, here, typed, form).await?.status(status))
        }
    }
}

async fn find(act: &Act, here: &Here, typed: &str) -> Result<Resolution> {
    let (year, serial) = number(typed)?;
    resolutions::by_number(act.tx(), here.council.id, year, serial).await
}

/// The organisation for which somebody speaks, by the slug that the form holds.
async fn spoken_for(party: &Holds<'_, Work>, here: &Here, sent: &Sent<'_>) -> Result<OrganisationId> {
    let slug = sent.given("organisation").ok_or_else(|| Refusal::new("unknown_choice").at("organisation"))?;
    let of = match organisations::by_slug(party.house.read(), here.council.district_id, slug).await {
        Err(Error::NotFound) => return Err(Refusal::new("unknown_choice").at("organisation").into()),
        other => other?,
    };
    let mine = |m: &Membership| m.role.may(Right::Work) && m.organisation_id == of.id;
    if party.signed.memberships.iter().any(mine) { Ok(of.id) } else { Err(Refusal::new("no_right").into()) }
}

/// `POST …/resolutions/2026-9/dissent`: a member who did not vote for it says why.
#[post("/<_>/resolutions/<resolution>/dissent", data = "<sent>")]
pub(super) async fn dissent(member: May<'_, Vote>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&member).await?;
    let done = async {
        let act = member.begin(&sent).await?;
        resolutions::dissent(&act, &find(&act, &here, resolution).await?, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    back(&member, &here, resolution, &sent, done, "resolutions.said.dissent").await
}

/// `POST …/resolutions/2026-9/reply`: a party named in it replies.
#[post("/<_>/resolutions/<resolution>/reply", data = "<sent>")]
pub(super) async fn reply(party: Holds<'_, Work>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&party).await?;
    let done = async {
        let act = party.begin_for(spoken_for(&party, &here, &sent).await?, &sent).await?;
        resolutions::reply(&act, &find(&act, &here, resolution).await?, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    back(&party, &here, resolution, &sent, done, "resolutions.said.reply").await
}

/// `POST …/resolutions/2026-9/parties`: the secretary notes an organisation that it names.
#[post("/<_>/resolutions/<resolution>/parties", data = "<sent>")]
pub(super) async fn name(staff: May<'_, Secretariat>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let of = match organisations::by_slug(act.tx(), here.council.district_id, sent.text("organisation").trim()).await {
            Err(Error::NotFound) => return Err(Refusal::new("unknown_choice").at("organisation").into()),
            other => other?,
        };
        resolutions::name_party(&act, &find(&act, &here, resolution).await?, &of).await?;
        act.commit().await
    }
    .await;
    back(&staff, &here, resolution, &sent, done, "resolutions.said.named").await
}

/// `POST …/resolutions/2026-9/objections`: a party objects while it is on display.
#[post("/<_>/resolutions/<resolution>/objections", data = "<sent>")]
pub(super) async fn object(party: Holds<'_, Work>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&party).await?;
    let done = async {
        let act = party.begin_for(spoken_for(&party, &here, &sent).await?, &sent).await?;
        resolutions::object(&act, &find(&act, &here, resolution).await?, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    back(&party, &here, resolution, &sent, done, "resolutions.said.objected").await
}

/// `POST …/resolutions/2026-9/objections/{k}/answer`: the secretary answers.
#[post("/<_>/resolutions/<resolution>/objections/<objection>/answer", data = "<sent>")]
pub(super) async fn answer(staff: May<'_, Secretariat>, resolution: &str, objection: usize, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let r = find(&act, &here, resolution).await?;
        let all = resolutions::objections_of(act.tx(), r.id).await?;
        let one = objection.checked_sub(1).and_then(|i| all.into_iter().nth(i)).ok_or(Error::NotFound)?;
        one.unchanged_since(sent.version()?)?.answer(&act, sent.text("answer")).await?;
        act.commit().await
    }
    .await;
    back(&staff, &here, resolution, &sent, done, "resolutions.said.answered").await
}
