//! `POST /hooks/sms`: what somebody replied to a short message. Only the wish to have no more of them is understood.

use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{Route, post, routes};
use serde::Deserialize;

use super::Hook;
use crate::domain::reports;
use crate::kernel::act::Actor;
use crate::kernel::sms;
use crate::web::problem::Problem;

pub(super) fn routes() -> Vec<Route> {
    routes![replied]
}

/// A reply as the gateway passes it on.
#[derive(Deserialize)]
struct Reply<'r> {
    from: &'r str,
    text: &'r str,
}

/// What ends the messages: the letters that the regulations know, in the ways that people type them.
const STOPS: [&str; 7] = ["T", "TD", "退订", "退", "STOP", "取消", "不要了"];

#[post("/sms", data = "<reply>")]
async fn replied(hook: Hook, reply: Json<Reply<'_>>) -> Result<Status, Problem> {
    let said = reply.text.trim().trim_end_matches(['。', '.', '！', '!']).replace('Ｔ', "T").to_uppercase();
    let number = sms::mobile(reply.from)?;
    if STOPS.contains(&said.as_str()) {
        let act = hook.house.act(Actor::Visitor).await?;
        reports::stop_number(&act, &number).await?;
        act.commit().await?;
    }
    Ok(Status::NoContent)
}
