//! Letters owed go out: claimed, composed, sent or kept. A letter that fails is tried again later, and shown to an
//! administrator when it has failed too often.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Job;
use crate::domain::letters::{self, Letter};
use crate::domain::telling::{self, When};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::limits::Limit;
use crate::kernel::mail::{Envelope, Post};
use crate::kernel::outbox::{self, CROWD, Held};
use crate::kernel::sms::{self, Failure, Gateway};

/// Sends letters, or keeps them where no mail server is set.
pub struct Outbox {
    house: House,
    post: Option<Post>,
    gateway: Option<Arc<dyn Gateway>>,
    /// Until when a way takes no more.
    full: Vec<(Lane, DateTime<Utc>)>,
}

/// A way with a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Mail,
    /// Letters to all who follow something, within those by mail.
    Crowd,
    Sms,
}

impl Outbox {
    /// Reads from the settings where letters go.
    pub fn new(house: House) -> Result<Self> {
        // In the furnished district everybody is invented: nothing may go out, whatever the environment says.
        let post = if house.settings().demonstration { None } else { Post::new(house.settings())? };
        let gateway = sms::gateway(house.settings())?;
        Ok(Self { house, post, gateway, full: vec![] })
    }

    /// What a way takes in a minute, all processes together; none where nothing leaves this machine.
    fn limit(&self, lane: Lane) -> Option<Limit> {
        let settings = self.house.settings();
        let (what, most) = match lane {
            Lane::Mail => ("mail-sent", settings.mail_per_minute),
            Lane::Crowd => ("mail-sent-crowd", (settings.mail_per_minute * 3 / 4).max(1)),
            Lane::Sms => ("sms-sent", settings.sms_per_minute),
        };
        let leaves = match lane {
            Lane::Mail | Lane::Crowd => self.post.is_some(),
            Lane::Sms => self.gateway.as_ref().is_some_and(|g| !g.kept_here()),
        };
        leaves.then_some(Limit { what, minutes: 1, at_most: i32::try_from(most).unwrap_or(i32::MAX) })
    }

    /// Counts one more on each of these ways; gives until when it has to wait where one of them takes no more.
    async fn full(&mut self, lanes: &[Lane]) -> Result<Option<DateTime<Utc>>> {
        let now = self.house.now();
        for lane in lanes {
            let Some(limit) = self.limit(*lane) else { continue };
            match limit.hit(&self.house, b"").await {
                Ok(()) => {}
                Err(Error::Refused(_)) => {
                    let until = limit.over_at(now);
                    self.full.push((*lane, until));
                    return Ok(Some(until));
                }
                Err(e) => return Err(e),
            }
        }
        Ok(None)
    }

    fn held(&mut self) -> Held {
        let now = self.house.now();
        // What a clock that has been put back since dated far ahead does not hold.
        self.full.retain(|(_, until)| *until > now && *until - now <= chrono::Duration::minutes(1));
        let holds = |lane| self.full.iter().any(|(l, _)| *l == lane);
        Held { mail: holds(Lane::Mail), crowd: holds(Lane::Crowd), sms: holds(Lane::Sms) }
    }

    /// A letter that was tried before is not put off again: its reader was asked then.
    async fn when(&self, owed: &outbox::Model) -> Result<When> {
        if owed.tries > 1 { Ok(When::Now) } else { telling::when(&self.house, owed).await }
    }

    /// One person's letter of the day, of all that waits for it; they go out together or not at all.
    async fn daily(&mut self) -> Result<bool> {
        let now = self.house.now();
        let owed = outbox::claim_day(self.house.db(), now).await?;
        let Some(first) = owed.first() else { return Ok(false) };
        if let Some(until) = self.full(&[Lane::Mail]).await? {
            for letter in &owed {
                outbox::put_off(self.house.db(), letter.id, until, true).await?;
            }
            return Ok(true);
        }
        let db = self.house.db();
        let ids: Vec<_> = owed.iter().map(|l| l.id).collect();
        // The same letters make the same name, so that a mailbox recognises what came twice.
        let parts: Vec<&[u8]> = ids.iter().map(|id| id.0.as_bytes().as_slice()).collect();
        let name = hex::encode(&self.house.keys().derive("daily-letter", &parts)[..16]);
        let done = match letters::compose_daily(&self.house, &owed).await {
            Ok(None) => Ok(()),
            Ok(Some(letter)) => match &self.post {
                Some(post) => self.send_as(post, &name, &letter).await,
                None => self.keep(first, &letter).await.map_err(|e| e.to_string()),
            },
            Err(e) => Err(e.to_string()),
        };
        match done {
            Ok(()) => outbox::sent_together(db, &ids, now).await?,
            Err(why) => {
                tracing::warn!(kind = "daily", n = ids.len(), %why, "a letter did not go out");
                for letter in &owed {
                    outbox::failed(db, letter, &why, false, now).await?;
                }
            }
        }
        Ok(true)
    }

    async fn deliver(&self, owed: &outbox::Model) -> Result<(), Failure> {
        if owed.way == "sms" { self.text(owed).await } else { self.write(owed).await.map_err(Failure::Later) }
    }

    /// A short message: at most so many to one number in a day.
    async fn text(&self, owed: &outbox::Model) -> Result<(), Failure> {
        let later = |e: Error| Failure::Later(e.to_string());
        let Some(gateway) = &self.gateway else { return Err(Failure::Later("no gateway is set".into())) };
        let short = match letters::compose_short(&self.house, owed).await {
            Ok(Some(short)) => short,
            Ok(None) | Err(Error::NotFound) => return Ok(()),
            Err(e) => return Err(later(e)),
        };
        sms::SENT.hit(&self.house, short.to.as_bytes()).await.map_err(later)?;
        let id = self.derived(owed);
        let outcome = gateway.send(&sms::Message { id: &id, to: &short.to, text: &short.text }).await;
        self.house.sms().count(&short.text, &outcome);
        outcome?;
        if gateway.kept_here() {
            let shown = if self.house.settings().demonstration { short } else { short.veiled() };
            let subject = shown.lang.say("letters.sms.subject", &[("n", sms::parts(&shown.text).to_string().as_str())]);
            outbox::keep(self.house.db(), owed, &shown.to, &subject, &shown.text).await.map_err(later)?;
        }
        Ok(())
    }

    /// A name for a letter that stays the same on every try: derived, since the id itself tells when the letter was owed.
    fn derived(&self, owed: &outbox::Model) -> String {
        hex::encode(&self.house.keys().derive("letter", &[owed.id.0.as_bytes()])[..16])
    }

    async fn write(&self, owed: &outbox::Model) -> Result<(), String> {
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
        self.send_as(post, &self.derived(owed), letter).await
    }

    async fn send_as(&self, post: &Post, id: &str, letter: &Letter) -> Result<(), String> {
        let envelope = Envelope {
            to: &letter.to,
            subject: &letter.subject,
            body: &letter.body,
            language: letter.lang.tag(),
            id,
            at: self.house.now(),
            unsubscribe: &letter.unsubscribe,
            one_click: letter.one_click,
            reply_to: letter.reply_to.as_deref(),
            thread: &letter.thread,
            calendar: letter.calendar.as_deref(),
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
        let held = self.held();
        if !outbox::any_due(self.house.db(), self.house.now(), held).await? {
            return Ok(false);
        }
        let Some(owed) = outbox::claim(self.house.db(), self.house.now(), held).await? else {
            return if held.mail { Ok(false) } else { self.daily().await };
        };
        match self.when(&owed).await {
            Ok(When::Now) => {}
            Ok(When::Never) => {
                outbox::sent(self.house.db(), owed.id, self.house.now()).await?;
                return Ok(true);
            }
            Ok(When::After(until)) => {
                outbox::put_off(self.house.db(), owed.id, until, false).await?;
                return Ok(true);
            }
            Ok(When::Daily(until)) => {
                outbox::put_off(self.house.db(), owed.id, until, true).await?;
                return Ok(true);
            }
            // A letter that cannot be read fails like any other.
            Err(e) => {
                outbox::failed(self.house.db(), &owed, &e.to_string(), false, self.house.now()).await?;
                return Ok(true);
            }
        }
        let lanes: &[Lane] = match (owed.way.as_str(), CROWD.contains(&owed.kind.as_str())) {
            ("sms", _) => &[Lane::Sms],
            (_, true) => &[Lane::Crowd, Lane::Mail],
            (_, false) => &[Lane::Mail],
        };
        if let Some(until) = self.full(lanes).await? {
            outbox::put_off(self.house.db(), owed.id, until, false).await?;
            return Ok(true);
        }
        match self.deliver(&owed).await {
            Ok(()) => outbox::sent(self.house.db(), owed.id, self.house.now()).await?,
            Err(failure) => {
                let (why, in_vain) = match failure {
                    Failure::Later(why) => (why, false),
                    Failure::Never(why) => (why, true),
                };
                tracing::warn!(kind = owed.kind, tries = owed.tries, %why, "a letter did not go out");
                outbox::failed(self.house.db(), &owed, &why, in_vain, self.house.now()).await?;
            }
        }
        Ok(true)
    }
}
