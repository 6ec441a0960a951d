//! `/follow/{token}`: begin, tell me less often, stop. A mail program opens the address to look at it, so it begins nothing;
//! it may end the letters by one POST without a form (RFC 8058).

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::{Choice, Follower, paces};
use crate::domain::subscriptions::{self, CONFIRM_DAYS};
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, change, stop, unsubscribe]
}

#[derive(Serialize)]
struct Page {
    what: String,
    href: String,
    action: String,
    begun: bool,
    days: i64,
    paces: Vec<Choice>,
    form: FormState,
}

fn page(who: &Follower<'_>, form: FormState) -> Result<Answer> {
    let lang = who.lang;
    let page = Page {
        what: who.followed.words(lang),
        href: who.followed.page(),
        action: format!("/follow/{}", who.token),
        begun: who.subscription.confirmed_at.is_some(),
        days: CONFIRM_DAYS,
        paces: paces(lang),
        form,
    };
    who.page(Frame::titled(lang.t("subscriptions.title")).of(who, &who.followed.building).class("pg-form"), "subscriptions/keep", &page)
}

fn fresh(who: &Follower<'_>) -> FormState {
    FormState::filled(who, [("pace", who.subscription.pace.to_string())])
}

#[get("/follow/<_>")]
fn show(who: Follower<'_>) -> Result<Answer> {
    page(&who, fresh(&who))
}

#[post("/follow/<_>", data = "<sent>")]
async fn change(who: Follower<'_>, sent: Sent<'_>) -> Result<Answer> {
    let own = format!("/follow/{}", who.token);
    let done = async {
        let act = who.begin(&sent).await?;
        let s = subscriptions::by_id(act.tx(), who.subscription.id).await?;
        let answer = match sent.text("do") {
            "begin" => {
                s.confirm(&act).await?;
                Answer::go(own).saying("subscriptions.said.begun")
            }
            "pace" => {
                s.set_pace(&act, sent.read("pace")?).await?;
                Answer::go(own).saying("subscriptions.said.paced")
            }
            "end" => {
                s.end(&act).await?;
                Answer::go(who.followed.page()).saying("subscriptions.said.ended")
            }
            _ => return Err(Refusal::new("unknown_choice").into()),
        };
        act.commit().await?;
        Ok(answer)
    }
    .await;
    match done {
        Ok(answer) => Ok(answer),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form)?.status(status))
        }
    }
}

/// A mail program that shows the address as a link leads to the page with the button.
#[get("/follow/<_>/unsubscribe")]
fn stop(who: Follower<'_>) -> Answer {
    Answer::go(format!("/follow/{}", who.token))
}

#[post("/follow/<_>/unsubscribe", data = "<sent>")]
async fn unsubscribe(who: Follower<'_>, sent: Sent<'_>) -> Result<Answer> {
    if sent.text("List-Unsubscribe") != "One-Click" {
        return Ok(Answer::go(format!("/follow/{}", who.token)));
    }
    let act = who.begin_one_click().await?;
    subscriptions::by_id(act.tx(), who.subscription.id).await?.end(&act).await?;
    act.commit().await?;
    Ok(Answer::go(who.followed.page()).saying("subscriptions.said.ended"))
}
