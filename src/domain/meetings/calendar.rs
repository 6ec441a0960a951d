//! A meeting for people's calendars. What it says everybody may read.

use sea_orm::ConnectionTrait;

use super::items::{self, ItemState};
use super::{Meeting, MeetingState, timing};
use crate::kernel::act::House;
use crate::kernel::dates;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ical::{self, Event, When};

/// The agenda in lines, with the time at which each item is to begin; of what is not public, why.
pub async fn agenda(db: &impl ConnectionTrait, meeting: &Meeting, lang: Lang) -> Result<String> {
    let items = items::of_meeting(db, meeting.id).await?;
    let clock = timing::clock(meeting.starts_at, &items);
    let lines = items.iter().filter(|i| i.state == ItemState::Listed).map(|item| {
        let time = clock.iter().find(|(p, _)| *p == item.position).map(|(_, at)| dates::local(*at).format("%H:%M").to_string()).unwrap_or_default();
        let with = [("time", time), ("p", item.position.to_string()), ("title", item.public_title(lang))];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        lang.say(if item.late { "meetings.agenda_line_late" } else { "meetings.agenda_line" }, &with)
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// The event; none before the notice: a draft is not public. One that was called off says so.
pub async fn event(house: &House, meeting: &Meeting, lang: Lang) -> Result<Option<Event>> {
    let Some(called) = meeting.called_at else { return Ok(None) };
    let db = house.read();
    let council = meeting.council(db).await?;
    let (root, n) = (council.root(db).await?, meeting.number.to_string());
    let slug = root.rsplit('/').next().unwrap_or_default();
    let items = items::of_meeting(db, meeting.id).await?;
    let from = &house.settings().mail_from;
    let sender = from.rsplit_once('<').map_or(from.as_str(), |(_, address)| address.trim_end_matches('>'));
    Ok(Some(Event {
        uid: format!("{slug}-meeting-{n}@{}", house.settings().public()?.host_str().unwrap_or("localhost")),
        when: When::Meeting(meeting.starts_at, timing::ends_at(meeting.starts_at, &items)),
        summary: lang.say("subscriptions.meeting", &[("council", council.name(lang)), ("n", &n)]),
        words: agenda(db, meeting, lang).await?,
        place: Some(meeting.place.clone()),
        address: house.settings().address(&format!("{root}/meetings/{n}")),
        changed: meeting.told_at.unwrap_or(called),
        version: meeting.sequence,
        cancelled: meeting.state == MeetingState::Cancelled,
        organizer: Some((council.name(lang).to_owned(), sender.to_owned())),
    }))
}

/// The file of one meeting.
pub async fn file(house: &House, meeting: &Meeting, lang: Lang) -> Result<Option<String>> {
    Ok(event(house, meeting, lang).await?.map(|e| ical::published(&e.summary, &e)))
}
