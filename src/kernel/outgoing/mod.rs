//! The one way out over HTTP, for robots and for the gateway of short messages. Only https, or what the operator has named;
//! a host is looked up once, every address is checked, and the connection goes to an address that was checked; no redirect
//! is followed, an answer is waited for briefly and read to a limit.

mod addresses;
mod origin;

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, RequestBuilder, redirect};
use url::{Host, Url};

pub use addresses::{Reach, forbidden};
pub use origin::{Origin, origins};

use super::error::{Error, Result};

/// How long an answer may take, all of it.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of an answer that are read; what comes after them is left unread.
pub const MOST: usize = 16 * 1024;
/// Longest wait that an answer may ask for.
const LONGEST_WAIT: i64 = 24 * 3600;

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody may be asked there.
    Forbidden(String),
    /// It may answer another time.
    Unreachable(String),
}

impl Fault {
    /// Its words, which name no address.
    pub fn words(&self) -> &str {
        match self {
            Fault::Forbidden(w) | Fault::Unreachable(w) => w,
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// There was more than is read, or it broke off.
    pub cut: bool,
    retry_after: Option<String>,
}

impl Answer {
    /// How long it asks to be left alone (RFC 9110 section 10.2.3), a day at most.
    pub fn wait(&self, now: DateTime<Utc>) -> Option<chrono::Duration> {
        let given = self.retry_after.as_deref()?.trim();
        let seconds = match given.parse::<i64>() {
            Ok(n) => n,
            Err(_) => (DateTime::parse_from_rfc2822(given).ok()?.to_utc() - now).num_seconds(),
        };
        Some(chrono::Duration::seconds(seconds.clamp(0, LONGEST_WAIT)))
    }
}

/// An address that must not be called, found while a name was looked up.
#[derive(Debug)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the host leads to {}, where nothing may be sent", self.0)
    }
}

impl std::error::Error for Refused {}

/// The client.
#[derive(Clone)]
pub struct Outgoing {
    client: Client,
    named: Arc<Vec<Origin>>,
}

struct Checked(Arc<Vec<Origin>>);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let reach = reach_of(&self.0, &host);
        Box::pin(async move {
            let found: Vec<SocketAddr> = rocket::tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            // One wrong address among several is enough: which of them is taken is not ours to choose.
            match found.iter().find_map(|a| forbidden(a.ip(), reach)) {
                Some(why) => Err(Box::new(Refused(why)) as Box<dyn std::error::Error + Send + Sync>),
                None => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

fn reach_of(named: &[Origin], host: &str) -> Reach {
    named.iter().find(|o| o.host.eq_ignore_ascii_case(host)).map_or(Reach::Public, Origin::reach)
}

impl Outgoing {
    /// A client that may also call what the operator has named.
    pub fn new(named: Vec<Origin>, patience: Duration) -> Result<Self> {
        // The second time it is there already, which is all that is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let named = Arc::new(named);
        let builder = Client::builder().timeout(patience).redirect(redirect::Policy::none()).no_proxy().user_agent("louyi");
        let client = builder.dns_resolver(Arc::new(Checked(named.clone()))).build();
        Ok(Self { client: client.map_err(|e| Error::broken(format!("no requests can be sent: {e}")))?, named })
    }

    /// Whether this address may be called at all, before anything is looked up.
    pub fn ask(&self, url: &Url) -> Result<(), Fault> {
        let no = |why: &str| Err(Fault::Forbidden(why.to_owned()));
        if !url.username().is_empty() || url.password().is_some() {
            return no("an address with a password in it");
        }
        let named = self.named.iter().any(|o| o.is_of(url));
        if !named && (url.scheme() != "https" || url.port().is_some()) {
            return no("only https on its own port");
        }
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => ip.into(),
            Some(Host::Ipv6(ip)) => ip.into(),
            Some(Host::Domain(_)) => return Ok(()),
            None => return no("an address without a host"),
        };
        // An address written as numbers is never looked up.
        match forbidden(ip, reach_of(&self.named, url.host_str().unwrap_or_default())) {
            Some(why) => Err(Fault::Forbidden(Refused(why).to_string())),
            None => Ok(()),
        }
    }

    /// Posts a body; gives what came back, whatever its status.
    pub async fn post(&self, url: &Url, body: String, more: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Result<Answer, Fault> {
        self.ask(url)?;
        let request = self.client.post(url.clone()).header("Content-Type", "application/json; charset=utf-8").body(body);
        self.answer(more(request)).await
    }

    /// Asks for the head of a page.
    pub async fn head(&self, url: &Url, more: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Result<Answer, Fault> {
        self.ask(url)?;
        self.answer(more(self.client.head(url.clone()))).await
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Answer, Fault> {
        let mut response = request.send().await.map_err(|e| fault(&e))?;
        let retry_after = response.headers().get("Retry-After").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let mut answer = Answer { status: response.status().as_u16(), body: vec![], cut: false, retry_after };
        // An answer that breaks off has still said its status.
        while let Some(chunk) = response.chunk().await.unwrap_or_else(|_| {
            answer.cut = true;
            None
        }) {
            let room = MOST - answer.body.len();
            answer.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                answer.cut = true;
                break;
            }
        }
        Ok(answer)
    }
}

/// What went wrong on the way, without the address: a query could hold anything.
fn fault(e: &reqwest::Error) -> Fault {
    let mut cause = e.source();
    while let Some(c) = cause {
        if let Some(refused) = c.downcast_ref::<Refused>() {
            return Fault::Forbidden(refused.to_string());
        }
        cause = c.source();
    }
    Fault::Unreachable(match e {
        e if e.is_timeout() => "no answer in time".into(),
        e if e.is_connect() => e.source().map_or_else(|| "no connection".into(), |c| format!("no connection: {c}")),
        _ => "the request failed".into(),
    })
}
