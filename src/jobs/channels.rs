//! What is owed to groups goes out by their robots: beside the letters, so that a robot that hangs holds up nobody's mail.
//! One thing is one message; many that wait are one message together.

use std::time::Duration;

use super::Job;
use crate::domain::channels::{self, Channel, Outcome};
use crate::domain::letters::{self, News};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OutboxId;
use crate::kernel::outbox;
use crate::kernel::outgoing::Outgoing;
use crate::kernel::robots::{self, Content, Failure, Message};

/// Most things that are looked at for one message.
const MOST: u64 = 40;
/// From so many on they are told in one message.
const TOGETHER: usize = 5;

/// Tells groups.
pub struct Channels {
    house: House,
    /// Made when it is first needed: most houses have no channel.
    out: Option<Outgoing>,
}

impl Channels {
    /// Nothing is read yet.
    pub fn new(house: House) -> Self {
        Self { house, out: None }
    }

    /// Everything that can be told of what is due, the oldest first; what is over, erased or put off is seen to at once.
    async fn composed(&self, channel: &Channel) -> Result<Vec<(outbox::Model, News)>> {
        let (db, now) = (self.house.db(), self.house.now());
        let asleep = channel.quiet().and_then(|q| q.until(now));
        let mut all = vec![];
        for owed in outbox::due_of_channel(db, channel.id, now, MOST).await? {
            match letters::compose_news(&self.house, &owed, channel).await {
                Ok(Some(news)) => match asleep {
                    Some(until) if !letters::urgent(&self.house, &owed).await? => {
                        outbox::claim_these(db, &[owed.id], now).await?;
                        outbox::put_off(db, owed.id, until, false).await?;
                    }
                    _ => all.push((owed, news)),
                },
                Ok(None) | Err(Error::NotFound) => outbox::sent(db, owed.id, now).await?,
                Err(e) => {
                    outbox::claim_these(db, &[owed.id], now).await?;
                    outbox::failed_together(db, &[owed.id], &e.to_string(), true, now).await?;
                }
            }
        }
        Ok(all)
    }

    async fn serve(&mut self, channel: &Channel) -> Result<()> {
        let (house, now) = (self.house.clone(), self.house.now());
        let due = self.composed(channel).await?;
        if due.is_empty() {
            return channels::parked(&house, channel, now).await;
        }
        if let Some(until) = channels::hold(&house, channel).await? {
            return channels::parked(&house, channel, until).await;
        }
        let lang = channel.lang();
        let (message, n) = if due.len() >= TOGETHER {
            let news: Vec<News> = due.iter().map(|(_, n)| n.clone()).collect();
            letters::together(&news, channel.kind.maker().limits().bytes, lang)
        } else {
            (due[0].1.message(lang), 1)
        };
        let ids: Vec<OutboxId> = due[..n].iter().map(|(o, _)| o.id).collect();
        outbox::claim_these(house.db(), &ids, now).await?;
        let outcome = match self.call(channel, &due[0].0, &message).await {
            Ok(()) => Outcome::Arrived,
            Err(failure) => Outcome::Failed(failure),
        };
        // A robot may have taken its time.
        let now = house.now();
        match &outcome {
            Outcome::Arrived => outbox::sent_together(house.db(), &ids, now).await?,
            Outcome::Failed(failure) => {
                tracing::warn!(channel = channel.number, kind = channel.kind.as_str(), why = failure.words(), "a group was not told");
                let in_vain = matches!(failure, Failure::Never(_));
                outbox::failed_together(house.db(), &ids, failure.words(), in_vain, now).await?;
            }
        }
        if channels::noted(&house, channel, &outcome).await? {
            tracing::warn!(channel = channel.number, kind = channel.kind.as_str(), "a channel is paused: its robot refuses");
        }
        Ok(())
    }

    async fn call(&mut self, channel: &Channel, owed: &outbox::Model, message: &Message) -> Result<(), Failure> {
        let fault = |e: Error| Failure::Later(e.to_string(), None);
        // In the furnished district every group is invented.
        if self.house.settings().demonstration {
            let subject = channel.lang().say("channels.kept", &[("title", &message.title)]);
            return outbox::keep(self.house.db(), owed, &channel.name, &subject, &message.text()).await.map_err(fault);
        }
        if self.out.is_none() {
            self.out = Some(robots::outgoing(self.house.settings()).map_err(fault)?);
        }
        let Some(out) = &self.out else { return Err(Failure::Later("no way out".into(), None)) };
        let robot = channel.robot(self.house.keys()).map_err(|e| Failure::Refused(e.to_string()))?;
        robot.send(out, Content::Rows(message), self.house.now()).await
    }
}

impl Job for Channels {
    const NAME: &'static str = "channels";
    const PAUSE: Duration = Duration::from_secs(3);

    async fn step(&mut self) -> Result<bool> {
        let Some(channel) = channels::claim(&self.house).await? else {
            channels::give_up_old(&self.house).await?;
            return Ok(false);
        };
        self.serve(&channel).await?;
        Ok(true)
    }
}
