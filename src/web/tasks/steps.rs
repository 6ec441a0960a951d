//! The steps of a task that need no words: `…/acknowledgement`, `…/start`, `…/verification`.

use rocket::{Route, post, routes};

use super::room::{hold_given, hold_own};
use super::show;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Needs, Triage, Work};
use crate::web::issues::work::Room;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![acknowledge, start, verify]
}

/// On to the task's page, or that page with what stands against the act.
pub async fn settle<R: Needs>(who: &May<'_, R>, number: i32, k: i32, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/issues/{number}/tasks/{k}", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            let room = Room::open(who, number).await?;
            Ok(show::page(&room, k, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/tasks/<k>/acknowledgement", data = "<sent>")]
async fn acknowledge(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        task.acknowledge(&act, &issue).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.acknowledged").await
}

#[post("/<_>/issues/<number>/tasks/<k>/start", data = "<sent>")]
async fn start(who: May<'_, Work>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_own(&who, number, k, &sent).await?;
        task.begin(&act, &issue).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.started").await
}

#[post("/<_>/issues/<number>/tasks/<k>/verification", data = "<sent>")]
async fn verify(who: May<'_, Triage>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold_given(&who, number, k, &sent).await?;
        task.verify(&act, &issue).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.verified").await
}
