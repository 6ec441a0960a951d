//! `…/mentions/reading`: whoever was called says that they have read it.

use rocket::{Route, post, routes};

use super::acting::back;
use crate::domain::issues;
use crate::domain::messages::mentions;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::guards::{Desk, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![create]
}

#[post("/<_>/issues/<number>/mentions/reading", data = "<sent>")]
async fn create(who: May<'_, Desk>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let act = who.begin(&sent).await?;
    let issue = issues::by_number(act.tx(), who.building()?.id, number).await?;
    mentions::read(&act, issue.id).await?;
    act.commit().await?;
    Ok(back(&who, number, "work.said.read"))
}
