//! From the one error to a status and a page. Both doors lead here: a handler's error, and what a guard or a path
//! refused. A page never shows more of a fault than its request id.

use std::sync::Arc;

use rocket::http::{Method, Status};
use rocket::request::Request;
use rocket::response::{self, Responder};
use rocket::{Catcher, catch, catchers};
use serde::Serialize;

use super::answer::Answer;
use super::caller::{self, Caller};
use super::fairings::access;
use super::form;
use super::frame::Frame;
use super::views::Views;
use crate::domain::rights::Right;
use crate::kernel::act::House;
use crate::kernel::error::Error;
use crate::kernel::i18n::Lang;

/// The right that a guard missed, for the page that says who has it.
#[derive(Clone, Copy)]
pub struct Missing(pub Right);

#[derive(Serialize)]
struct Page {
    status: u16,
    heading: String,
    words: String,
    request: String,
    home: String,
    kept: bool,
}

/// The statuses that have words of their own; every other is told as the last.
pub const TOLD: [u16; 11] = [401, 403, 404, 409, 410, 413, 415, 422, 429, 503, 500];

fn words(lang: Lang, status: Status, req: &Request<'_>) -> (String, String) {
    let code = if TOLD.contains(&status.code) { status.code } else { 500 };
    let heading = lang.t(&format!("errors.{code}.heading"));
    let missing = req.local_cache(|| Option::<Missing>::None);
    if let (403, Some(Missing(right))) = (code, missing) {
        let roles: Vec<String> = right.roles().iter().map(|r| lang.t(&format!("roles.{}", r.as_str()))).collect();
        let joined = roles.join(if lang == Lang::En { ", " } else { "、" });
        return (heading, lang.say("errors.403.roles", &[("roles", &joined)]));
    }
    (heading, lang.t(&format!("errors.{code}.words")))
}

fn page(req: &Request<'_>, status: Status, said: Option<String>) -> Answer {
    let lang = language(req);
    let (heading, general) = words(lang, status, req);
    let page = Page {
        status: status.code,
        heading,
        words: said.unwrap_or(general),
        request: access::began(req).id.clone(),
        home: home(req),
        kept: req.method() != Method::Get && status != Status::Gone,
    };
    let answer = match req.local_cache(|| Option::<Caller>::None) {
        Some(caller) => caller.page(Frame::titled(page.heading.clone()).class("pg-err"), "errors/show", &page),
        None => plain(req, lang, &page),
    };
    match answer {
        Ok(a) => a.status(status),
        Err(e) => {
            tracing::error!(%e, "the error page itself failed");
            Answer::bytes(rocket::http::ContentType::Plain, b"500".to_vec()).status(Status::InternalServerError)
        }
    }
}

/// The page of a status as whoever meets it sees it, to be looked at; none where the status has no words.
pub fn specimen(caller: &Caller, code: u16) -> crate::kernel::error::Result<Answer> {
    if !TOLD.contains(&code) {
        return Err(Error::NotFound);
    }
    let part = |name: &str| caller.lang.t(&format!("errors.{code}.{name}"));
    let page = Page {
        status: code,
        heading: part("heading"),
        words: part("words"),
        request: caller.request.clone(),
        home: "/".into(),
        kept: [409, 413, 422].contains(&code),
    };
    caller.page(Frame::titled(page.heading.clone()).class("pg-err"), "errors/show", &page)
}

fn language(req: &Request<'_>) -> Lang {
    req.local_cache(|| Option::<Caller>::None).as_ref().map_or_else(|| caller::language(req), |c| c.lang)
}

/// Where no caller could be looked up: the database is gone, or the path was never one of ours.
fn plain(req: &Request<'_>, lang: Lang, page: &Page) -> crate::kernel::error::Result<Answer> {
    let views = req.rocket().state::<Arc<Views>>().ok_or_else(|| Error::broken("no views"))?;
    let house = req.rocket().state::<House>().ok_or_else(|| Error::broken("no house"))?;
    let body = views.render(lang, "errors/show", page)?;
    let around = Frame::titled(page.heading.clone()).class("pg-err").alone(lang, house, req.uri().path().as_str(), &body);
    Ok(Answer::html(views.render(lang, "layouts/page", &around)?))
}

/// The building or district of the address, as a way on.
fn home(req: &Request<'_>) -> String {
    let mut parts = req.uri().path().as_str().trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some(kind @ ("b" | "d")), Some(slug)) if slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => format!("/{kind}/{slug}"),
        _ => "/".into(),
    }
}

impl<'r> Responder<'r, 'static> for Error {
    fn respond_to(self, req: &'r Request<'_>) -> response::Result<'static> {
        let answer = match self {
            Error::NotFound => page(req, Status::NotFound, None),
            Error::Conflict => page(req, Status::Conflict, None),
            Error::Refused(refusal) => {
                let said = form::sentence(language(req), &refusal);
                page(req, form::status_of(&refusal), Some(said))
            }
            Error::Broken(e) => {
                tracing::error!(error = %e, request = %access::began(req).id, "a request failed");
                page(req, Status::InternalServerError, None)
            }
        };
        answer.respond_to(req)
    }
}

/// Every other way to an error page.
pub fn catchers() -> Vec<Catcher> {
    catchers![unauthorized, any]
}

#[catch(401)]
fn unauthorized(req: &Request<'_>) -> Answer {
    if req.method() != Method::Get {
        return page(req, Status::Unauthorized, None);
    }
    let next = req.uri().to_string();
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    Answer::go(format!("/sign-in?next={next}"))
}

#[catch(default)]
fn any(status: Status, req: &Request<'_>) -> Answer {
    // A malformed part of a path arrives as 422; on a GET it is simply an address that isn't there.
    let status = if status == Status::UnprocessableEntity && req.method() == Method::Get { Status::NotFound } else { status };
    page(req, status, None)
}
