//! What is done in a deliberation: options put, parties asked and answering, remarks, leanings, who may take part.

use rocket::{Route, post, routes};

use super::page;
use crate::domain::deliberation::{self, Leaning, NewClockIns, NewOption, OpenTo, Stance};
use crate::domain::meetings::items::{self, Item};
use crate::domain::organisations;
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::councils::Here;
use crate::web::form::FormState;
use crate::web::guards::{Desk, Holds, May, Needs, Secretariat, Vote, Work};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![put, ask, answer, give_clock_ins, withdraw_clock_ins, say, lean, open]
}

async fn on_item<R: Needs>(
    who: &May<'_, R>,
    number: i32,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, &Here, Item) -> Result<()>,
) -> Result<Answer> {
    let here = Here::of(who).await?;
    let done = async {
        let act = who.begin(sent).await?;
        let item = items::by_number(act.tx(), here.council.id, number).await?;
        verb(&act, &here, item).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council/items/{number}/deliberation", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, &here, number, form).await?.status(status))
        }
    }
}

/// `POST …/deliberation/options`: an option among the papers.
#[post("/<_>/council/items/<number>/deliberation/options", data = "<sent>")]
async fn put(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&staff, number, &sent, "deliberation.said.put", async |act, _, item| {
        let new = NewOption { title: sent.text("title"), words: sent.text("words"), costs: sent.text("costs"), doers: sent.text("doers") };
        deliberation::put(act, &item, new).await.map(drop)
    })
    .await
}

/// `POST …/deliberation/positions`: a party is asked, by a day.
#[post("/<_>/council/items/<number>/deliberation/positions", data = "<sent>")]
async fn ask(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&staff, number, &sent, "deliberation.said.asked", async |act, here, item| {
        let unknown = || Refusal::new("unknown_choice").at("organisation");
        let slug = sent.given("organisation").ok_or_else(unknown)?;
        let of = match organisations::by_slug(act.tx(), here.council.district_id, slug).await {
            Err(Error::NotFound) => return Err(unknown().into()),
            other => other?,
        };
        let due = dates::parse(sent.text("due").trim()).and_then(dates::end_of_day).ok_or_else(|| Refusal::new("date").at("due"))?;
        deliberation::ask(act, &item, &of, due).await.map(drop)
    })
    .await
}

/// `POST …/deliberation/positions/{k}`: the party says it.
#[post("/<_>/council/items/<number>/deliberation/positions/<position>", data = "<sent>")]
async fn answer(party: Holds<'_, Work>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&party).await?;
    let done = async {
        let item = items::by_number(party.house.read(), here.council.id, number).await?;
        let asked = deliberation::position_by_number(party.house.read(), item.id, position).await?;
        let act = party.begin_for(asked.organisation_id, &sent).await?;
        let asked = deliberation::position_by_id(act.tx(), asked.id).await?.unchanged_since(sent.version()?)?;
        asked.answer(&act, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council/items/{number}/deliberation", here.root)).saying("deliberation.said.answered")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&party, &here, number, form).await?.status(status))
        }
    }
}

/// `POST …/deliberation/clock-ins`: an enterprise says when its people clock in.
#[post("/<_>/council/items/<number>/deliberation/clock-ins", data = "<sent>")]
async fn give_clock_ins(party: May<'_, Work>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&party, number, &sent, "deliberation.said.counted", async |act, _, item| {
        let day = dates::parse(sent.text("day").trim()).ok_or_else(|| Refusal::new("date").at("day"))?;
        deliberation::give(act, &item, NewClockIns { day, lines: sent.text("lines") }).await.map(drop)
    })
    .await
}

/// `POST …/deliberation/clock-ins/{k}/withdrawal`.
#[post("/<_>/council/items/<number>/deliberation/clock-ins/<k>/withdrawal", data = "<sent>")]
async fn withdraw_clock_ins(party: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&party, number, &sent, "deliberation.said.uncounted", async |act, _, item| {
        let all = deliberation::clock_ins_of(act.tx(), item.id).await?;
        let given = all.into_iter().find(|c| c.number == k).ok_or(Error::NotFound)?;
        given.withdraw(act, &item).await
    })
    .await
}

/// `POST …/deliberation/remarks`.
#[post("/<_>/council/items/<number>/deliberation/remarks", data = "<sent>")]
async fn say(who: May<'_, Desk>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&who, number, &sent, "deliberation.said.remarked", async |act, here, item| {
        let stance: Stance = sent.read("stance")?;
        let secretary = here.may(&who, crate::domain::rights::Right::Secretariat);
        if stance == Stance::Summary && !secretary {
            return Err(Refusal::new("unknown_choice").at("stance").into());
        }
        let option = match sent.given("about") {
            Some(_) => Some(deliberation::option_by_number(act.tx(), item.id, sent.read("about")?).await?.id),
            None => None,
        };
        deliberation::say(act, &item, super::seated(&who, here), (stance, option), sent.text("words")).await.map(drop)
    })
    .await
}

/// `POST …/deliberation/leanings`: the caller's seat leans on an option; it binds nobody.
#[post("/<_>/council/items/<number>/deliberation/leanings", data = "<sent>")]
async fn lean(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&member, number, &sent, "deliberation.said.leaned", async |act, here, item| {
        let unknown = || Refusal::new("unknown_choice").at("lean");
        let (option, leaning) = sent.text("lean").split_once(' ').ok_or_else(unknown)?;
        let option = deliberation::option_by_number(act.tx(), item.id, option.parse().map_err(|_| unknown())?).await?;
        let leaning: Leaning = leaning.parse().map_err(|_| unknown())?;
        let me = member.signed.person.id;
        let seats = here.council.seats(act.tx()).await?;
        let own = seats.iter().find(|s| s.person_id == Some(me)).or(seats.iter().find(|s| s.of_person(me)));
        let seat = own.ok_or_else(|| Refusal::new("no_seat"))?;
        deliberation::lean(act, &item, &option, seat, leaning).await
    })
    .await
}

/// `POST …/deliberation/opening`: who may take part.
#[post("/<_>/council/items/<number>/deliberation/opening", data = "<sent>")]
async fn open(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&staff, number, &sent, "deliberation.said.opened", async |act, _, item| {
        let to: OpenTo = sent.read("open_to")?;
        item.open_deliberation(act, to).await.map(drop)
    })
    .await
}
