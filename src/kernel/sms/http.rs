//! An HTTP address as a gateway: one POST for each message.

use std::time::Duration;

use reqwest::{RequestBuilder, Url};
use serde_json::json;

use super::{Failure, Gateway, Message, parts};
use crate::kernel::error::{Error, Result};
use crate::kernel::outgoing::{Answer, Fault, Origin, Outgoing, Reach};
use crate::kernel::settings::Secret;

/// How long a gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Posts messages.
pub struct Http {
    out: Outgoing,
    url: Url,
    token: Option<Secret>,
}

impl Http {
    /// Over https, or to this very machine: a number is nothing to send in the clear.
    pub fn new(url: &str, token: Option<&Secret>) -> Result<Self> {
        let wrong = |why: &dyn std::fmt::Display| Error::broken(format!("LOUYI_SMS_URL is not the address of a gateway ({why}): https://host/path"));
        let url = Url::parse(url).map_err(|e| wrong(&e))?;
        let origin = Origin::of(&url).ok_or_else(|| wrong(&"it has no host"))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && origin.reach() == Reach::Here) {
            return Err(wrong(&"only https, or http to this machine"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong(&"the secret belongs in LOUYI_SMS_TOKEN"));
        }
        Ok(Self { out: Outgoing::new(vec![origin], PATIENCE)?, url, token: token.cloned() })
    }

    fn with_token(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        }
    }
}

/// What an answer means: some say "not now", the others "not this".
fn judged(answer: &Answer) -> Result<(), Failure> {
    let words = format!("the gateway answered {}", answer.status);
    match answer.status {
        200..=299 => Ok(()),
        // What is wrong with the gateway's own settings is mended, and then the message goes.
        401 | 403 | 408 | 429 | 500.. => Err(Failure::Later(words)),
        _ => Err(Failure::Never(words)),
    }
}

fn later(fault: &Fault) -> Failure {
    Failure::Later(fault.words().to_owned())
}

#[rocket::async_trait]
impl Gateway for Http {
    async fn send(&self, message: &Message<'_>) -> Result<(), Failure> {
        let body = json!({ "id": message.id, "to": format!("+86{}", message.to), "text": message.text, "parts": parts(message.text) });
        let more = |request: RequestBuilder| self.with_token(request).header("Idempotency-Key", message.id);
        // The answer's words are not looked at: they like to repeat the number.
        judged(&self.out.post(&self.url, body.to_string(), more).await.map_err(|f| later(&f))?)
    }

    async fn reachable(&self) -> Result<(), String> {
        match self.out.head(&self.url, |r| self.with_token(r)).await {
            Ok(answer) if matches!(answer.status, 401 | 403) => Err(format!("the gateway answered {}: LOUYI_SMS_TOKEN does not hold", answer.status)),
            Ok(answer) if answer.status >= 500 && answer.status != 501 => Err(format!("the gateway answered {}", answer.status)),
            Ok(_) => Ok(()),
            Err(fault) => Err(fault.words().to_owned()),
        }
    }

    fn kept_here(&self) -> bool {
        false
    }
}
