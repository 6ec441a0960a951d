//! The day's letter: what waited for one reader, a line and an address each, in the order in which it happened.

use super::{Letter, compose};
use crate::domain::telling::{self, Matter, Wish};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::mail::Thread;
use crate::kernel::outbox;

/// Most things that one letter spells out; the rest is on the desk.
const MOST: usize = 50;

/// Composes one letter of what one person is owed; none where nothing of it is left to say.
pub async fn compose_daily(house: &House, owed: &[outbox::Model]) -> Result<Option<Letter>> {
    let Some(person) = owed.first().and_then(|l| l.person_id) else { return Ok(None) };
    let wishes = telling::of(house.read(), person).await?;
    let mut all: Vec<Letter> = vec![];
    for letter in owed {
        // A wish that was changed meanwhile holds.
        if Matter::of(&letter.kind).is_some_and(|m| wishes.wish(m) == Wish::Never) {
            continue;
        }
        match compose(house, letter).await {
            Ok(Some(letter)) => all.push(letter),
            Ok(None) | Err(Error::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    let Some(first) = all.first() else { return Ok(None) };
    let lang = first.lang;
    let line = |l: &Letter| format!("{}\n{}", l.subject, l.address);
    let mut lines: Vec<String> = all.iter().take(MOST).map(line).collect();
    if all.len() > MOST {
        let (n, desk) = ((all.len() - MOST).to_string(), house.settings().address("/desk"));
        lines.push(lang.say("letters.daily.more", &[("n", &n), ("address", &desk)]));
    }
    let n = all.len().to_string();
    let (settings, news) = (house.settings().address("/me/telling"), lines.join("\n\n"));
    let with = [("n", n.as_str()), ("news", &news), ("head", &first.subject)];
    let foot = lang.say("letters.foot_daily", &[("unsubscribe", &settings)]);
    Ok(Some(Letter {
        to: first.to.clone(),
        subject: lang.say("letters.daily.subject", &with),
        body: format!("{}\n\n-- \n{}\n", lang.say("letters.daily.body", &with).trim(), foot.trim()),
        address: house.settings().address("/desk"),
        unsubscribe: settings,
        one_click: false,
        reply_to: None,
        thread: Thread::default(),
        lang,
        calendar: None,
        secret: None,
    }))
}
