//! Who is calling: language, looks, the signed-in person with their roles, and the cookie that forms are bound to.
//! Looked up once per request.

use std::sync::Arc;

use rocket::http::{Cookie, SameSite, Status};
use rocket::outcome::Outcome;
use rocket::request::{self, FromRequest, Request};

use super::answer::Answer;
use super::fairings::access;
use super::frame::Frame;
use super::views::Views;
use crate::domain::persons::{self, Membership, Person};
use crate::domain::sessions::{self, Session};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::keys;
use crate::kernel::limits::{self, Limit};

use super::sent::Sent;

/// The caller of one request.
pub struct Caller {
    /// The installation.
    pub house: House,
    /// The language of the answer.
    pub lang: Lang,
    /// The signed-in person, if there is one.
    pub signed: Option<Signed>,
    /// The path of this request, without query.
    pub path: String,
    /// The query of this request, without language and looks.
    pub query: String,
    /// `dark`, `light` or as the system has it.
    pub theme: Option<String>,
    /// `large` or ordinary.
    pub size: Option<String>,
    /// Ten signs that the log line shares.
    pub request: String,
    address: Option<Vec<u8>>,
    agent: String,
    visitor: String,
    fresh_visitor: bool,
    keep: Vec<(&'static str, String)>,
    notice: Option<String>,
    views: Arc<Views>,
}

/// A person with a session that holds.
pub struct Signed {
    /// Who.
    pub person: Person,
    /// The roles they hold now.
    pub memberships: Vec<Membership>,
    /// By which session.
    pub session: Session,
}

/// The session's cookie; with the prefix that browsers guard where the site is on https.
pub fn session_cookie(house: &House) -> &'static str {
    if https(house) { "__Host-sid" } else { "sid" }
}

/// Whether the site is reached by https.
pub fn https(house: &House) -> bool {
    house.settings().public_url.starts_with("https:")
}

/// A cookie as ours all are: HttpOnly, Lax (links from WeChat and mail must arrive signed in), Secure on https.
pub fn cookie(house: &House, name: &'static str, value: String, days: i64) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https(house))
        .max_age(rocket::time::Duration::days(days))
        .build()
}

const VISITOR: &str = "visitor";

/// The language chosen on this device: in the address, or earlier and kept in a cookie.
fn chosen(req: &Request<'_>) -> Option<Lang> {
    let asked = req.query_value::<&str>("lang").and_then(|r| r.ok().map(str::to_owned));
    let kept = || req.cookies().get("lang").map(|c| c.value().to_owned());
    asked.or_else(kept).map(|tag| Lang::from_tag(&tag))
}

/// The language that a request asks for, whoever is calling: chosen on this device, or else by `Accept-Language`.
pub fn language(req: &Request<'_>) -> Lang {
    chosen(req).unwrap_or_else(|| Lang::accepted(req.headers().get_one("Accept-Language")))
}

async fn signed(house: &House, req: &Request<'_>) -> Result<Option<Signed>> {
    let Some(token) = req.cookies().get(session_cookie(house)).map(|c| c.value().to_owned()) else { return Ok(None) };
    let Some(session) = sessions::by_token(house, &token).await? else { return Ok(None) };
    let person = persons::by_id(house.read(), session.person_id).await?;
    if person.disabled_at.is_some() {
        return Ok(None);
    }
    sessions::touch(house, &session).await?;
    let memberships = persons::memberships(house.read(), person.id).await?;
    Ok(Some(Signed { person, memberships, session }))
}

impl Caller {
    async fn of(req: &Request<'_>) -> Result<Self> {
        let house = req.rocket().state::<House>().ok_or_else(|| Error::broken("no house"))?.clone();
        let views = req.rocket().state::<Arc<Views>>().ok_or_else(|| Error::broken("no views"))?.clone();
        let signed = signed(&house, req).await?;
        let kept = req.cookies().get(VISITOR).map(|c| c.value().to_owned()).filter(|v| v.len() == 43);
        let looks = |name: &'static str, allowed: &[&str]| {
            let asked = req.query_value::<&str>(name).and_then(|r| r.ok()).map(str::to_owned);
            let value = asked.clone().or_else(|| req.cookies().get(name).map(|c| c.value().to_owned()));
            (value.filter(|v| allowed.contains(&v.as_str())), asked)
        };
        let (theme, asked_theme) = looks("theme", &["dark", "light"]);
        let (size, asked_size) = looks("size", &["large"]);
        // A person's own choice stands before what the browser would like.
        let lang = chosen(req).or_else(|| signed.as_ref().map(|s| s.person.lang())).unwrap_or_else(|| language(req));
        let asked_lang = req.query_value::<&str>("lang").map(|_| lang.tag().to_owned());
        let keep = [("lang", asked_lang), ("theme", asked_theme), ("size", asked_size)].into_iter().filter_map(|(n, v)| Some((n, v?))).collect();
        let query = req.uri().query().map(|q| q.as_str()).unwrap_or_default();
        let query = query
            .split('&')
            .filter(|p| !["lang=", "theme=", "size="].iter().any(|l| p.starts_with(l)) && !p.is_empty())
            .collect::<Vec<_>>()
            .join("&");
        Ok(Self {
            lang,
            signed,
            path: req.uri().path().to_string(),
            query,
            theme,
            size,
            request: access::began(req).id.clone(),
            address: limits::address(req.client_ip()),
            agent: req.headers().get_one("User-Agent").unwrap_or_default().to_owned(),
            fresh_visitor: kept.is_none(),
            visitor: kept.unwrap_or_else(keys::token),
            keep,
            notice: req.cookies().get(super::answer::NOTICE).map(|c| c.value().to_owned()),
            house,
            views,
        })
    }

    /// A page in its frame.
    pub fn page(&self, frame: Frame, template: &str, context: &impl serde::Serialize) -> Result<Answer> {
        let body = self.views.render(self.lang, template, context)?;
        let html = self.views.render(self.lang, "layouts/page", &frame.around(self, &body))?;
        let mut answer = Answer::html(html);
        if self.fresh_visitor {
            answer = answer.cookie(cookie(&self.house, VISITOR, self.visitor.clone(), 180));
        }
        for (name, value) in &self.keep {
            answer = answer.cookie(cookie(&self.house, name, value.clone(), 365));
        }
        if self.notice.is_some() {
            answer = answer.cookie(cookie(&self.house, super::answer::NOTICE, String::new(), 0));
        }
        Ok(answer)
    }

    /// A page that stands alone, without frame: a poster, a wall, a printed paper.
    pub fn bare(&self, template: &str, context: &impl serde::Serialize) -> Result<Answer> {
        Ok(Answer::html(self.views.render(self.lang, template, context)?))
    }

    /// A piece of a page, for script to put in its place.
    pub fn part(&self, template: &str, context: &impl serde::Serialize) -> Result<String> {
        self.views.render(self.lang, template, context)
    }

    /// The sentence that the last act left for this page.
    pub fn notice(&self) -> Option<String> {
        let key = self.notice.as_deref().filter(|k| k.contains(".said."))?;
        self.lang.has(key).then(|| self.lang.t(key))
    }

    /// What forms are bound to: the session, or else the visitor's cookie.
    fn bond(&self) -> &[u8] {
        self.signed.as_ref().map_or(self.visitor.as_bytes(), |s| &s.session.token_hash)
    }

    /// A form's token: dated, bound to this browser.
    pub fn form_token(&self) -> String {
        let at = self.house.now().timestamp();
        format!("{at:x}.{}", self.seal(at))
    }

    fn seal(&self, at: i64) -> String {
        hex::encode(&self.house.keys().derive("form", &[self.bond(), &at.to_be_bytes()])[..16])
    }

    /// Whether a token is this browser's and of the last three days.
    pub(super) fn accepts(&self, token: &str) -> bool {
        let Some((at, seal)) = token.split_once('.') else { return false };
        let Ok(at) = i64::from_str_radix(at, 16) else { return false };
        let age = self.house.now().timestamp() - at;
        (-300..3 * 86_400).contains(&age) && subtle::ConstantTimeEq::ct_eq(self.seal(at).as_bytes(), seal.as_bytes()).into()
    }

    /// What the database keeps of this device: enough to count it once, nothing to find it by.
    pub fn device(&self) -> Vec<u8> {
        self.house.keys().derive("device", &[self.visitor.as_bytes()]).to_vec()
    }

    /// With another cookie for this device: what it did before can no longer be told from it.
    pub fn forgotten(&self, answer: Answer) -> Answer {
        answer.cookie(cookie(&self.house, VISITOR, keys::token(), 180))
    }

    /// Counts one more of something by this device and by its address; refused where either is one too many.
    pub async fn counted(&self, by_device: Limit, by_address: Limit) -> Result<()> {
        by_device.hit(&self.house, self.visitor.as_bytes()).await?;
        by_address.hit_if(&self.house, self.address.clone()).await
    }

    /// Counts one more of something by this address alone, where no cookie says which device it is.
    pub async fn counted_by_address(&self, limit: Limit) -> Result<()> {
        limit.hit_if(&self.house, self.address.clone()).await
    }

    /// What kind of browser and device this is.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// Begins an act, if what was sent came from a form of ours in this browser.
    pub(super) async fn begin(&self, actor: Actor, sent: &Sent<'_>) -> Result<Act> {
        sent.trusted()?;
        self.house.act(actor).await
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for &'r Caller {
    type Error = Error;
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, Error> {
        let caller =
            req.local_cache_async(async { Caller::of(req).await.inspect_err(|e| tracing::error!(%e, "a caller could not be looked up")).ok() }).await;
        match caller {
            Some(c) => Outcome::Success(c),
            None => Outcome::Error((Status::InternalServerError, Error::broken("a caller could not be looked up"))),
        }
    }
}
