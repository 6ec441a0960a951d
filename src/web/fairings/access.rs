//! One log line per request: method, route, status, milliseconds, request id. Never an address, a name or a token: an
//! address may hold a receipt.

use std::time::Instant;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::Header;
use rocket::{Data, Request, Response};

use super::metrics::Metrics;

/// Logs and counts.
pub struct Access;

/// When a request began, and the id that its log line and its error page share.
#[derive(Clone)]
pub struct Began {
    at: Instant,
    /// Ten letters and digits.
    pub id: String,
}

/// This request's beginning.
pub fn began<'r>(req: &'r Request<'_>) -> &'r Began {
    req.local_cache(|| {
        let id = uuid::Uuid::new_v4().simple().to_string()[..10].to_owned();
        Began { at: Instant::now(), id }
    })
}

#[rocket::async_trait]
impl Fairing for Access {
    fn info(&self) -> Info {
        Info { name: "access", kind: Kind::Request | Kind::Response }
    }

    async fn on_request(&self, req: &mut Request<'_>, _: &mut Data<'_>) {
        began(req);
        // PostgreSQL takes no text with a zero in it: what nobody means to type becomes a sign that nothing is called by.
        let uri = req.uri().to_string();
        if uri.contains("%00")
            && let Ok(whole) = rocket::http::uri::Origin::parse_owned(uri.replace("%00", "%EF%BF%BD"))
        {
            req.set_uri(whole);
        }
    }

    async fn on_response<'r>(&self, req: &'r Request<'_>, res: &mut Response<'r>) {
        let began = began(req);
        let elapsed = began.at.elapsed();
        let route = req.route().map_or_else(|| "none".to_owned(), |r| r.uri.to_string());
        let (method, status) = (req.method().as_str(), res.status().code);
        tracing::info!(target: "louyi::access", method, route, status, ms = elapsed.as_millis() as u64, request = %began.id);
        if let Some(m) = req.rocket().state::<Metrics>() {
            m.count(method, &route, status, elapsed.as_secs_f64());
        }
        res.set_header(Header::new("X-Request-Id", began.id.clone()));
    }
}
