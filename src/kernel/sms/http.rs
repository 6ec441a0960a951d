//! An HTTP address as a gateway: one POST for each message.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url, redirect};
use serde_json::json;

use super::{Failure, Gateway, Message, parts};
use crate::kernel::error::{Error, Result};
use crate::kernel::settings::Secret;

/// How long a gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Posts messages.
pub struct Http {
    client: Client,
    url: Url,
    token: Option<Secret>,
}

impl Http {
    /// Over https, or to this very machine: a number is nothing to send in the clear.
    pub fn new(url: &str, token: Option<&Secret>) -> Result<Self> {
        let wrong = |why: &dyn std::fmt::Display| Error::broken(format!("LOUYI_SMS_URL is not the address of a gateway ({why}): https://host/path"));
        let url = Url::parse(url).map_err(|e| wrong(&e))?;
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(wrong(&"only https, or http to this machine"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(&"the secret belongs in LOUYI_SMS_TOKEN"));
        }
        // The second time it is there already, which is all that is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none()).no_proxy().user_agent("louyi").build();
        Ok(Self { client: client.map_err(|e| wrong(&told(&e)))?, url, token: token.cloned() })
    }

    fn with_token(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        }
    }
}

/// What went wrong on the way, without the address: a query could hold anything.
fn told(e: &reqwest::Error) -> String {
    let kind = match e {
        e if e.is_timeout() => "no answer in time",
        e if e.is_connect() => "no connection",
        _ => "the request failed",
    };
    match std::error::Error::source(e) {
        Some(cause) if e.is_connect() => format!("{kind}: {cause}"),
        _ => kind.to_owned(),
    }
}

/// What an answer means: some say "not now", the others "not this".
fn judged(status: StatusCode) -> Result<(), Failure> {
    let words = || format!("the gateway answered {}", status.as_u16());
    match status {
        s if s.is_success() => Ok(()),
        // What is wrong with the gateway's own settings is mended, and then the message goes.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Err(Failure::Later(words()))
        }
        s if s.is_server_error() => Err(Failure::Later(words())),
        _ => Err(Failure::Never(words())),
    }
}

#[rocket::async_trait]
impl Gateway for Http {
    async fn send(&self, message: &Message<'_>) -> Result<(), Failure> {
        let body = json!({ "id": message.id, "to": format!("+86{}", message.to), "text": message.text, "parts": parts(message.text) });
        let request = self.with_token(self.client.post(self.url.clone())).header("Idempotency-Key", message.id).json(&body);
        match request.send().await {
            // The answer's words are not read: they like to repeat the number.
            Ok(answer) => judged(answer.status()),
            Err(e) => Err(Failure::Later(told(&e))),
        }
    }

    async fn reachable(&self) -> Result<(), String> {
        match self.with_token(self.client.head(self.url.clone())).send().await {
            Ok(answer) if matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Err(format!("the gateway answered {}: LOUYI_SMS_TOKEN does not hold", answer.status().as_u16()))
            }
            Ok(answer) if answer.status().is_server_error() && answer.status() != StatusCode::NOT_IMPLEMENTED => {
                Err(format!("the gateway answered {}", answer.status().as_u16()))
            }
            Ok(_) => Ok(()),
            Err(e) => Err(told(&e)),
        }
    }

    fn kept_here(&self) -> bool {
        false
    }
}
