//! What a handler gives back.

use std::io::Cursor;

use rocket::http::{ContentType, Cookie, Header, Status};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};

/// A page, a file, or the way to the next page.
pub struct Answer {
    status: Status,
    kind: Option<ContentType>,
    body: Vec<u8>,
    headers: Vec<Header<'static>>,
    cookies: Vec<Cookie<'static>>,
    etag: Option<String>,
}

impl Answer {
    /// A page.
    pub fn html(body: String) -> Self {
        Self::bytes(ContentType::HTML, body.into_bytes())
    }

    /// A file of some kind.
    pub fn bytes(kind: ContentType, body: Vec<u8>) -> Self {
        Self { status: Status::Ok, kind: Some(kind), body, headers: vec![], cookies: vec![], etag: None }
    }

    /// On to another page (303), after something was done.
    pub fn go(to: impl Into<String>) -> Self {
        let to: String = to.into();
        let location = Header::new("Location", to);
        Self { status: Status::SeeOther, kind: None, body: vec![], headers: vec![location], cookies: vec![], etag: None }
    }

    /// With a sentence on the next page: a text's key in a noun's table `said`.
    #[must_use]
    pub fn saying(self, key: &'static str) -> Self {
        self.cookie(Cookie::build((NOTICE, key)).path("/").http_only(true).same_site(rocket::http::SameSite::Lax).build())
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// With a cookie.
    #[must_use]
    pub fn cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push(Header::new(name, value.into()));
        self
    }

    /// Saved under a name.
    #[must_use]
    pub fn named(self, file: &str) -> Self {
        self.header("Content-Disposition", format!("attachment; filename=\"{file}\""))
    }

    /// Named by its content: never asked for again.
    #[must_use]
    pub fn kept_for_ever(mut self, etag: &str) -> Self {
        self.etag = Some(etag.to_owned());
        self.header("Cache-Control", "public, max-age=31536000, immutable")
    }

    /// May be kept, but is asked for each time; answered by 304 while the tag is the same.
    #[must_use]
    pub fn tagged(mut self, etag: &str) -> Self {
        self.etag = Some(etag.to_owned());
        self.header("Cache-Control", "no-cache")
    }
}

/// The cookie that carries a sentence over a redirect.
pub const NOTICE: &str = "notice";

impl<'r> Responder<'r, 'static> for Answer {
    fn respond_to(self, req: &'r Request<'_>) -> response::Result<'static> {
        let mut r = Response::build();
        r.status(self.status);
        for h in self.headers {
            r.header(h);
        }
        for c in self.cookies {
            r.header_adjoin(Header::new("Set-Cookie", c.to_string()));
        }
        if let Some(tag) = self.etag {
            let tag = format!("\"{tag}\"");
            let known = req.headers().get("If-None-Match").any(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
            r.raw_header("ETag", tag);
            if known {
                return r.status(Status::NotModified).ok();
            }
        }
        if let Some(kind) = self.kind {
            r.header(kind);
        }
        if !self.body.is_empty() {
            r.sized_body(self.body.len(), Cursor::new(self.body));
        }
        r.ok()
    }
}
