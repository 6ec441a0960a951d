//! Announcements in letters: which of them concern what is followed, and what is said of one.

use sea_orm::ConnectionTrait;

use super::Followed;
use crate::domain::announcements::{self, Placed};
use crate::domain::buildings::{self, Building};
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{AnnouncementId, IssueId};
use crate::kernel::journal::Model as Line;

/// What a paragraph of a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    Matter(IssueId),
    Announcement(AnnouncementId),
    Council,
}

impl About {
    pub(super) fn of(line: &Line) -> Self {
        match line.issue_id {
            Some(id) => About::Matter(id),
            None if is_one(line) => About::Announcement(AnnouncementId(line.object_id)),
            None => About::Council,
        }
    }
    pub(super) fn matter(&self) -> Option<IssueId> {
        if let About::Matter(id) = self { Some(*id) } else { None }
    }
    pub(super) fn announcement(&self) -> Option<AnnouncementId> {
        if let About::Announcement(id) = self { Some(*id) } else { None }
    }
}

/// Whether a line is about an announcement.
pub(super) fn is_one(line: &Line) -> bool {
    line.object == "announcement"
}

/// Leaves out announcements of other places, or of other kinds of trouble, than what is followed.
pub(super) async fn concerning(db: &impl ConnectionTrait, what: &Followed, mut lines: Vec<Line>) -> Result<Vec<Line>> {
    if what.is_all() || !lines.iter().any(is_one) {
        return Ok(lines);
    }
    let all = lines.iter().filter(|l| is_one(l)).map(|l| AnnouncementId(l.object_id)).collect();
    let mut concern = announcements::by_ids(db, all).await?;
    let places = buildings::places(db, what.building.id).await?;
    concern.retain(|a| a.touches(&places, what.place.as_ref(), what.category.as_deref()));
    lines.retain(|l| !is_one(l) || concern.iter().any(|a| a.announcement.id.0 == l.object_id));
    Ok(lines)
}

/// `公告：3号梯保养，停用`, when and where, what is new, where to read it.
pub(super) fn paragraph(house: &House, building: &Building, one: &Placed, said: &[String], lang: Lang) -> String {
    let a = &one.announcement;
    let mut lines = vec![lang.say("announcements.feed", &[("title", &a.title)])];
    lines.push(lang.say("announcements.letter", &[("when", &a.when(house.now(), lang)), ("place", &one.places_in_words(lang))]));
    lines.extend(a.words.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned));
    lines.extend(said.iter().map(|words| lang.say("subscriptions.news.line", &[("words", words)])));
    lines.push(house.settings().address(&format!("/b/{}/announcements/{}", building.slug, a.number)));
    lines.join("\n")
}
