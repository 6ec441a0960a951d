//! `…/confirmation`: the council confirms what its effect check has shown.

use rocket::{Route, get, post, routes};

use super::acting::{again, back, hold};
use super::room::Room;
use super::sheet::Sheet;
use crate::domain::issues::Deed;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Preside};
use crate::web::sent::Sent;
use crate::web::shown::{decimal, states};

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

async fn page(room: &Room<'_>, form: FormState) -> Result<Answer> {
    let (lang, today) = (room.caller.lang, dates::local(room.caller.house.now()).date());
    let mut sheet = Sheet::new(room, "work.confirmation", "confirmation", form).unless(room.refusal(Deed::Confirm));
    for check in &room.m.checks {
        let day = dates::parse(&check.planned_on).map_or_else(|| check.planned_on.clone(), |d| dates::short(d, today, lang));
        let found = match (check.verdict, check.after_value) {
            (Some(v), Some(after)) => {
                let before = check.before_value.map_or_else(|| lang.t("story.unknown"), |b| decimal(b, check.decimals));
                let after = decimal(after, check.decimals);
                let word = states::verdict(v, lang).word;
                lang.say(
                    "work.confirmation.found",
                    &[("day", &day), ("verdict", &word), ("before", &before), ("after", &after), ("unit", &check.unit)],
                )
            }
            _ => lang.say("work.confirmation.planned", &[("day", &day)]),
        };
        sheet = sheet.fact("check", found);
    }
    let tally = room.m.issue.tally(room.caller.house.read()).await?;
    let n = [("yes", tally.yes), ("half", tally.half), ("no", tally.no), ("silent", tally.silent)].map(|(k, n)| (k, n.to_string()));
    let with: Vec<(&str, &str)> = n.iter().map(|(k, n)| (*k, n.as_str())).collect();
    sheet.fact("answers", lang.say("work.tally", &with)).then("then_closed", &[]).then("then_told", &[]).answer().await
}

#[get("/<_>/issues/<number>/confirmation")]
async fn new(council: May<'_, Preside>, number: i32) -> Result<Answer> {
    page(&Room::open(&council, number).await?, FormState::fresh(&council)).await
}

#[post("/<_>/issues/<number>/confirmation", data = "<sent>")]
async fn create(council: May<'_, Preside>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&council, number, &sent, |_| None).await?;
        issue.confirm_by_council(&act).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(back(&council, number, "work.said.confirmed")),
        Err(e) => {
            let (room, form, status) = again(&council, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
