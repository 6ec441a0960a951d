//! Letters owed go out: claimed, composed, sent or kept. A letter that fails is tried again later, and shown to an
//! administrator when it has failed too often.

use std::time::Duration;

use super::Job;
use crate::domain::letters::{self, Letter};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::mail::{Envelope, Post};
use crate::kernel::outbox;

/// Sends letters, or keeps them where no mail server is set.
pub struct Outbox {
    house: House,
    post: Option<Post>,
}

impl Outbox {
    /// Reads from the settings where letters go.
    pub fn new(house: House) -> Result<Self> {
        // In the furnished district everybody is invented: nothing may go out, whatever the environment says.
        let post = if house.settings().demonstration { None } else { Post::new(house.settings())? };
        Ok(Self { house, post })
    }

    async fn deliver(&self, owed: &outbox::Model) -> Result<(), String> {
        let composed = match letters::compose(&self.house, owed).await {
            Ok(letter) => letter,
            // What it was about is gone: there is nothing left to say.
            Err(Error::NotFound) => None,
            Err(e) => return Err(e.to_string()),
        };
        let Some(letter) = composed else { return Ok(()) };
        match &self.post {
            Some(post) => self.send(post, owed, &letter).await,
            None => self.keep(owed, &letter).await.map_err(|e| e.to_string()),
        }
    }

    async fn send(&self, post: &Post, owed: &outbox::Model, letter: &Letter) -> Result<(), String> {
        // Derived, since the id itself tells when the letter was owed.
        let id = hex::encode(&self.house.keys().derive("letter", &[owed.id.0.as_bytes()])[..16]);
        let envelope = Envelope {
            to: &letter.to,
            subject: &letter.subject,
            body: &letter.body,
            language: letter.lang.tag(),
            id: &id,
            at: self.house.now(),
            unsubscribe: &letter.unsubscribe,
            one_click: letter.one_click,
        };
        post.send(&envelope).await
    }

    /// Without a mail server a letter is kept for the operator's page. Outside the furnished district that page must
    /// not open a reporter's receipt or another person's session, nor name who reported.
    async fn keep(&self, owed: &outbox::Model, letter: &Letter) -> Result<()> {
        let shown = if self.house.settings().demonstration { letter.clone() } else { letter.veiled() };
        outbox::keep(self.house.db(), owed, &shown.to, &shown.subject, &shown.body).await
    }
}

impl Job for Outbox {
    const NAME: &'static str = "outbox";
    const PAUSE: Duration = Duration::from_secs(3);

    async fn step(&mut self) -> Result<bool> {
        // Looked for by reading first: a claim takes the write lock, even where there is nothing.
        if !outbox::any_due(self.house.db(), self.house.now()).await? {
            return Ok(false);
        }
        let Some(owed) = outbox::claim(self.house.db(), self.house.now()).await? else { return Ok(false) };
        match self.deliver(&owed).await {
            Ok(()) => outbox::sent(self.house.db(), owed.id, self.house.now()).await?,
            Err(why) => {
                tracing::warn!(kind = owed.kind, tries = owed.tries, %why, "a letter did not go out");
                outbox::failed(self.house.db(), &owed, &why, self.house.now()).await?;
            }
        }
        Ok(true)
    }
}
