//! What a group is told: the number of a matter, what the public reads of it, its floor, a day and a link. Composed when it
//! goes out, like any letter, so that what is over meanwhile is not told.

use super::about::About;
use super::addresses;
use crate::domain::buildings;
use crate::domain::categories::Tier;
use crate::domain::channels::Channel;
use crate::domain::issues;
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::outbox;
use crate::kernel::robots::{Link, Message, Row};

/// One thing, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// `TQ-42 候梯拥堵`.
    pub head: String,
    /// `派来任务1`.
    pub what: String,
    /// Where, and until when.
    pub details: Vec<String>,
    pub link: Link,
    /// A process that was to tell it ended on the way: the group may know it already.
    pub perhaps_again: bool,
}

/// Danger and utilities do not wait for the morning.
pub async fn urgent(house: &House, owed: &outbox::Model) -> Result<bool> {
    let Some(id) = About::read(&owed.data)?.issue else { return Ok(false) };
    match issues::by_id(house.read(), id).await {
        Ok(issue) => Ok(matches!(issue.tier, Tier::T0 | Tier::T1)),
        Err(Error::NotFound) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Composes what is owed to a channel; none where there is nothing left to say.
pub async fn compose_news(house: &House, owed: &outbox::Model, channel: &Channel) -> Result<Option<News>> {
    let (db, lang, about) = (house.read(), channel.lang(), About::read(&owed.data)?);
    let Some(facts) = about.facts(house, &owed.kind, lang).await? else { return Ok(None) };
    let with: Vec<(&str, &str)> = facts.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let part = |name: &str| format!("channels.news.{}.{name}", owed.kind);
    let said = |name: &str| Some(part(name)).filter(|k| lang.has(k)).map(|k| lang.say(&k, &with)).filter(|w| !w.is_empty());
    let mut details = vec![];
    if let Some(id) = about.issue {
        details.extend(floor(house, id, lang).await?);
    }
    details.extend(said("line"));
    let url = house.settings().address(&addresses::for_person(db, &owed.kind, &about).await?);
    Ok(Some(News {
        head: said("head").unwrap_or_else(|| lang.say("channels.head", &with)),
        what: said("what").unwrap_or_default(),
        details,
        link: Link { words: lang.t(&format!("channels.link.{}", if about.issue.is_some() { "work" } else { "read" })), url },
        perhaps_again: owed.tries > 0 && owed.last_error.is_none(),
    }))
}

/// The floor of a matter as the public reads it, never a room.
async fn floor(house: &House, id: crate::kernel::ids::IssueId, lang: Lang) -> Result<Option<String>> {
    let issue = issues::by_id(house.read(), id).await?;
    let place = buildings::place_by_id(house.read(), issue.place_id).await?;
    let words = buildings::place::public_words(place.tower.as_deref(), place.floor.as_deref(), "", true, lang);
    Ok(Some(words).filter(|w| !w.is_empty()))
}

impl News {
    fn what(&self, lang: Lang) -> String {
        if self.perhaps_again { format!("{}{}", self.what, lang.t("channels.perhaps_again")) } else { self.what.clone() }
    }

    /// A message of this alone.
    pub fn message(&self, lang: Lang) -> Message {
        let title = lang.say("channels.one", &[("head", &self.head), ("what", &self.what(lang))]);
        let mut rows: Vec<Row> = self.details.iter().map(|d| Row { words: d.clone(), link: None }).collect();
        rows.push(Row { words: String::new(), link: Some(self.link.clone()) });
        Message { title, rows }
    }

    fn row(&self, lang: Lang) -> Row {
        let details = self.details.join(&lang.t("channels.join"));
        let what = self.what(lang);
        Row { words: lang.say("channels.row", &[("head", &self.head), ("what", &what), ("details", &details)]), link: Some(self.link.clone()) }
    }
}

/// One message of several things; gives how many of them it holds, at least one, within so many bytes.
pub fn together(all: &[News], bytes: usize, lang: Lang) -> (Message, usize) {
    let mut rows = vec![];
    // The heading and what a maker puts between.
    let mut length = 200;
    for news in all {
        let row = news.row(lang);
        // Marks that stand for others may be longer than they were.
        length += row.words.len() * 5 / 4 + news.link.url.len() + news.link.words.len() + 60;
        if length > bytes && !rows.is_empty() {
            break;
        }
        rows.push(row);
    }
    let n = rows.len();
    (Message { title: lang.say("channels.many", &[("n", &n.to_string())]), rows }, n)
}
