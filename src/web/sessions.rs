//! Signing in, by a link that is mailed or by a password, and out. No answer tells whether an account exists.

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::caller::{self, Caller};
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Anyone, SignedIn};
use super::sent::Sent;
use crate::domain::persons;
use crate::domain::sessions;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::limits::Limit;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create, sent_page, link, use_link, sign_out]
}

const BY_DEVICE: Limit = Limit { what: "sign-in-device", minutes: 15, at_most: 30 };
const BY_ADDRESS: Limit = Limit { what: "sign-in-address", minutes: 15, at_most: 120 };
/// Letters to one mailbox.
const LINKS: Limit = Limit { what: "sign-in-link", minutes: 60, at_most: 5 };
/// Passwords tried on one account.
const PASSWORDS: Limit = Limit { what: "sign-in-password", minutes: 15, at_most: 10 };
/// Counted only so that an unknown mailbox costs as much as a known one.
const NOBODY: Limit = Limit { what: "sign-in-nobody", minutes: 60, at_most: i32::MAX };

#[derive(Serialize)]
struct Page {
    next: String,
    minutes: i64,
    form: FormState,
}

#[derive(Serialize)]
struct LinkPage {
    holds: bool,
    action: String,
    next: String,
    form: FormState,
}

/// Where to after signing in: a path of this site, never another site.
fn local(next: Option<&str>) -> Option<&str> {
    let path = next?;
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/sign-");
    (plain && path.len() <= 500 && !path.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace())).then_some(path)
}

fn page(caller: &Caller, next: Option<&str>, form: FormState) -> Result<Answer> {
    let page = Page { next: local(next).unwrap_or_default().to_owned(), minutes: sessions::LINK_MINUTES, form };
    caller.page(Frame::titled(caller.lang.t("sessions.title")).class("pg-form"), "sessions/new", &page)
}

#[get("/sign-in?<next>")]
fn show(who: Anyone<'_>, next: Option<&str>) -> Result<Answer> {
    if who.signed.is_some() {
        return Ok(Answer::go(local(next).unwrap_or("/desk")));
    }
    page(&who, next, FormState::fresh(&who))
}

#[post("/sign-in", data = "<sent>")]
async fn create(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = match sent.given("password") {
        Some(password) => by_password(&who, &sent, password).await.map(Some),
        None => by_link(&who, &sent).await.map(|()| None),
    };
    match done {
        Ok(Some(token)) => Ok(signed_in(&who, token, sent.given("next"))),
        Ok(None) => Ok(Answer::go("/sign-in/sent")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, sent.given("next"), form)?.status(status))
        }
    }
}

async fn mailbox<'s>(who: &Caller, sent: &'s Sent<'_>) -> Result<&'s str> {
    sent.trusted()?;
    let email = sent.given("email").ok_or_else(|| Refusal::new("empty").at("email"))?;
    persons::mail_address("email", email)?;
    who.counted(BY_DEVICE, BY_ADDRESS).await?;
    Ok(email)
}

async fn by_link(who: &Anyone<'_>, sent: &Sent<'_>) -> Result<()> {
    let email = mailbox(who, sent).await?;
    LINKS.hit(&who.house, email.to_lowercase().as_bytes()).await?;
    match persons::by_email(who.house.read(), email).await? {
        Some(person) => {
            let act = who.begin(sent).await?;
            sessions::mail_link(&act, &person, local(sent.given("next"))).await?;
            act.commit().await
        }
        None => NOBODY.hit(&who.house, email.as_bytes()).await,
    }
}

async fn by_password(who: &Anyone<'_>, sent: &Sent<'_>, password: &str) -> Result<String> {
    let email = mailbox(who, sent).await?;
    PASSWORDS.hit(&who.house, email.to_lowercase().as_bytes()).await?;
    let person = sessions::by_password(&who.house, email, password).await?.ok_or_else(|| Refusal::new("sign_in").at("password"))?;
    let act = who.begin(sent).await?;
    leave_the_last(who, &act).await?;
    let token = sessions::open(&act, &person, &device(who.agent())).await?;
    act.commit().await?;
    Ok(token)
}

/// Who signs in anew on this browser leaves the session before.
async fn leave_the_last(who: &Caller, act: &Act) -> Result<()> {
    match &who.signed {
        Some(signed) => sessions::revoke(act, signed.person.id, signed.session.id).await,
        None => Ok(()),
    }
}

fn signed_in(who: &Caller, token: String, next: Option<&str>) -> Answer {
    Answer::go(local(next).unwrap_or("/desk")).cookie(caller::cookie(&who.house, caller::session_cookie(&who.house), token, sessions::SESSION_DAYS))
}

#[get("/sign-in/sent")]
fn sent_page(who: Anyone<'_>) -> Result<Answer> {
    let page = Page { next: String::new(), minutes: sessions::LINK_MINUTES, form: FormState::fresh(&who) };
    who.page(Frame::titled(who.lang.t("sessions.sent.title")).class("pg-form"), "sessions/sent", &page)
}

fn link_page(caller: &Caller, token: &str, next: Option<&str>, holds: bool, form: FormState) -> Result<Answer> {
    let page = LinkPage { holds, action: format!("/sign-in/{token}"), next: local(next).unwrap_or_default().to_owned(), form };
    let answer = caller.page(Frame::titled(caller.lang.t("sessions.title")).class("pg-form"), "sessions/link", &page)?;
    Ok(if holds { answer } else { answer.status(Status::Gone) })
}

/// One button: mail programs open links to look at them, and must not use them up.
#[get("/sign-in/<token>?<next>", rank = 2)]
async fn link(who: Anyone<'_>, token: &str, next: Option<&str>) -> Result<Answer> {
    let holds = sessions::link_holds(&who.house, token).await?;
    link_page(&who, token, next, holds, FormState::fresh(&who))
}

#[post("/sign-in/<token>", data = "<sent>")]
async fn use_link(who: Anyone<'_>, token: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        leave_the_last(&who, &act).await?;
        let (_, session) = sessions::use_link(&act, token, &device(who.agent())).await?;
        act.commit().await?;
        Ok(session)
    }
    .await;
    match done {
        Ok(session) => Ok(signed_in(&who, session, sent.given("next"))),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let holds = sessions::link_holds(&who.house, token).await?;
            let page = link_page(&who, token, sent.given("next"), holds, form)?;
            Ok(if holds { page.status(status) } else { page })
        }
    }
}

#[post("/sign-out", data = "<sent>")]
async fn sign_out(who: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let act = who.begin(&sent).await?;
    sessions::revoke(&act, who.person().id, who.signed.session.id).await?;
    act.commit().await?;
    let gone = caller::cookie(&who.house, caller::session_cookie(&who.house), String::new(), 0);
    Ok(Answer::go("/").saying("sessions.said.out").cookie(gone))
}

/// Browser and device as two words that the list in `/me` knows: `wechat iphone`.
pub(super) fn device(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map_or("other", |(_, word)| word);
    let browser = first(&[
        ("wxwork/", "wecom"),
        ("MicroMessenger/", "wechat"),
        ("DingTalk/", "dingtalk"),
        ("Lark/", "feishu"),
        ("Feishu/", "feishu"),
        ("Edg/", "edge"),
        ("Firefox/", "firefox"),
        ("Chrome/", "chrome"),
        ("Safari/", "safari"),
    ]);
    let system = first(&[
        ("HarmonyOS", "harmony"),
        ("Android", "android"),
        ("iPhone", "iphone"),
        ("iPad", "ipad"),
        ("Windows", "windows"),
        ("Macintosh", "mac"),
        ("Linux", "linux"),
    ]);
    format!("{browser} {system}")
}
