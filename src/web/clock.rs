//! The demonstration's clock: moved on, so that notice periods, display days and effect checks can be walked through in
//! an afternoon. There is no such page anywhere else.

use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::form::FormState;
use super::frame::Frame;
use super::guards::Anyone;
use super::sent::Sent;
use crate::jobs;
use crate::kernel::act::House;
use crate::kernel::calendar::BEIJING;
use crate::kernel::error::{Error, Refusal, Result};

pub(super) fn routes() -> Vec<Route> {
    routes![show, move_on]
}

/// How far the clock may be moved at once, and what that is called.
const STEPS: [(&str, u64); 6] = [("tomorrow", 1), ("two_days", 2), ("three_days", 3), ("six_days", 6), ("two_weeks", 14), ("six_weeks", 42)];

/// Where the demonstration keeps the distance between its clock and the machine's, in microseconds.
pub const FILE: &str = "demo-clock";

#[derive(Serialize)]
struct Step {
    value: &'static str,
    name: String,
    day: String,
}

#[derive(Serialize)]
struct Page {
    now: String,
    steps: Vec<Step>,
    form: FormState,
}

fn ask_demonstration(house: &House) -> Result<()> {
    if house.clock().can_move_on() { Ok(()) } else { Err(Error::NotFound) }
}

/// Nine in the morning of a later day: when those who work come in.
fn morning(now: DateTime<Utc>, days: u64) -> DateTime<Utc> {
    let day = dates::local(now).date().checked_add_days(Days::new(days)).unwrap_or_default();
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    day.and_time(nine).and_local_timezone(BEIJING).single().map_or(now, |t| t.to_utc())
}

fn page(who: &Anyone<'_>, form: FormState) -> Result<Answer> {
    let (now, lang) = (who.house.now(), who.lang);
    let step = |(value, days): &(&'static str, u64)| Step {
        value,
        name: lang.t(&format!("clock.steps.{value}")),
        day: dates::day(dates::local(morning(now, *days)).date(), dates::local(now).date(), lang),
    };
    let page = Page { now: dates::full(now, lang), steps: STEPS.iter().map(step).collect(), form };
    who.page(Frame::titled(lang.t("clock.title")), "clock/show", &page)
}

#[get("/clock")]
fn show(who: Anyone<'_>) -> Result<Answer> {
    ask_demonstration(&who.house)?;
    page(&who, FormState::fresh(&who))
}

#[post("/clock", data = "<sent>")]
async fn move_on(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    ask_demonstration(&who.house)?;
    // No act: the clock is not part of any history. The form's token is asked for all the same.
    let asked = who.begin(&sent).await.and_then(|_| {
        let chosen = STEPS.iter().find(|(value, _)| *value == sent.text("step"));
        Ok(chosen.ok_or_else(|| Refusal::new("unknown_choice").at("step"))?.1)
    });
    let days = match asked {
        Ok(days) => days,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            return Ok(page(&who, form)?.status(status));
        }
    };
    let by: Duration = morning(who.house.now(), days) - who.house.now();
    if let Some(distance) = who.house.clock().move_on(by) {
        std::fs::write(who.house.settings().data.join(FILE), distance.num_microseconds().unwrap_or_default().to_string())?;
    }
    // What the days in between have brought about is there when the next page opens.
    jobs::round(&who.house).await?;
    Ok(Answer::go("/clock").saying("clock.said.moved"))
}
