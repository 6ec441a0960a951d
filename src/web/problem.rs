//! How machines are told that something went wrong: `application/problem+json` (RFC 9457), in the words that people read.

use rocket::http::{ContentType, Status};
use rocket::request::Request;
use rocket::response::{self, Responder};
use rocket::{Catcher, catch, catchers};
use serde::Serialize;

use super::answer::Answer;
use super::{caller, form};
use crate::kernel::error::{Error, Refusal};

/// One fault of one member.
#[derive(Debug, Serialize)]
struct Member {
    /// JSON pointer to it (RFC 6901).
    pointer: String,
    detail: String,
}

#[derive(Debug, Serialize)]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Member>,
}

/// Why a machine's request was not done.
#[derive(Debug)]
pub struct Problem {
    status: Status,
    /// Names it: a refusal's key, or the status in words.
    name: String,
    refusals: Vec<Refusal>,
}

impl Problem {
    /// By its name and status; the words stand in `locales/*/api.toml` below `problems.{name}`, of a mail
    /// (`mail.…`) in `incoming.toml` below `answers`.
    pub fn new(status: Status, name: &str) -> Self {
        Self { status, name: name.into(), refusals: vec![] }
    }

    /// All that the rules refuse.
    pub fn refused(all: Vec<Refusal>) -> Self {
        let first = all.first();
        let status = first.map_or(Status::UnprocessableEntity, form::status_of);
        Self { status, name: first.map_or_else(|| "unreadable".into(), |r| r.key.to_string()), refusals: all }
    }
}

impl From<Error> for Problem {
    fn from(e: Error) -> Self {
        match e {
            Error::NotFound => Self::new(Status::NotFound, "not_found"),
            Error::Conflict => Self::new(Status::Conflict, "conflict"),
            Error::Refused(r) => Self::refused(vec![r]),
            Error::Broken(e) => {
                tracing::error!(error = %e, "a request failed");
                Self::new(Status::InternalServerError, "broken")
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(r: Refusal) -> Self {
        Self::refused(vec![r])
    }
}

impl<'r> Responder<'r, 'static> for Problem {
    fn respond_to(self, req: &'r Request<'_>) -> response::Result<'static> {
        let lang = caller::language(req);
        let title = lang.t(&format!("api.problems.status.{}", title_of(self.status)));
        let words = |r: &Refusal| form::sentence(lang, r);
        let key = match self.name.strip_prefix("mail.") {
            Some(reason) => format!("incoming.answers.{reason}"),
            None => format!("api.problems.{}", self.name),
        };
        let detail = self.refusals.first().map_or_else(|| lang.t(&key), words);
        let errors = self.refusals.iter().filter_map(|r| Some(Member { pointer: format!("/{}", r.field?), detail: words(r) })).collect();
        let body = Body { kind: format!("tag:louyi,2026:{}", self.name), title, status: self.status.code, detail, errors };
        let bytes = serde_json::to_vec(&body).map_err(|_| Status::InternalServerError)?;
        let mut answer =
            Answer::bytes(ContentType::new("application", "problem+json"), bytes).status(self.status).header("Cache-Control", "no-store");
        if self.status == Status::Unauthorized {
            answer = answer.header("WWW-Authenticate", "Bearer");
        }
        answer.respond_to(req)
    }
}

fn title_of(status: Status) -> &'static str {
    match status.code {
        400 => "400",
        401 => "401",
        403 => "403",
        404 => "404",
        409 => "409",
        413 => "413",
        415 => "415",
        422 => "422",
        429 => "429",
        _ => "500",
    }
}

/// What guards and paths refuse, below the addresses that machines call.
pub fn catchers() -> Vec<Catcher> {
    catchers![any]
}

#[catch(default)]
fn any(status: Status, req: &Request<'_>) -> Problem {
    let named = req.local_cache(|| Option::<&'static str>::None);
    let name = named.unwrap_or(match status.code {
        401 => "unauthorized",
        404 => "not_found",
        413 => "too_large",
        415 => "media_type",
        422 | 400 => "unreadable",
        _ => "broken",
    });
    Problem::new(status, name)
}
