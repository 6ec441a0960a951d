//! What those who follow are told: lines of the journal that the public may read, each in a sentence, by matter. Words come
//! from what is public when the letter goes out, so that what was erased meanwhile is not in it.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult as _, Value};

use super::announced::{self, About};
use super::{Followed, Subscription};
use crate::domain::buildings::{self, Building};
use crate::domain::issues::{self, Issue};
use crate::domain::journal::{Entry, Reader, may_read};
use crate::domain::{announcements, meetings, organisations, resolutions};
use crate::kernel::act::House;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{IssueId, MeetingId, OrganisationId};
use crate::kernel::journal::{self, Model as Line};

/// Most matters that one letter spells out; the rest is on the page.
const MOST: usize = 20;

/// One thing that happened, in words for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub at: DateTime<Utc>,
    pub words: String,
}

/// What is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Matters and meetings with something new.
    pub n: usize,
    /// The first of them, with the last thing that happened to it.
    pub head: String,
    /// All of it, a paragraph each.
    pub text: String,
}

/// The newest line of the building after what was told, of those that stand since an instant.
pub(super) async fn newest(db: &impl ConnectionTrait, s: &Subscription, settled: DateTime<Utc>) -> Result<Option<i64>> {
    let text = "select max(seq) from journal where building_id = ? and seq > ? and at <= ?";
    let row = db.query_one_raw(sql(db, text, [s.building_id.0.into(), s.told_seq.into(), settled.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.flatten())
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(",")
}

/// The lines about what is followed after one and up to another, oldest first.
pub(super) async fn lines(db: &impl ConnectionTrait, what: &Followed, after: i64, to: i64) -> Result<Vec<Line>> {
    let mut text = String::from("select j.* from journal j left join issues i on i.id = j.issue_id where j.seq > ? and j.seq <= ?");
    let mut values: Vec<Value> = vec![after.into(), to.into()];
    let matters = what.matters(db).await?;
    let whole = matters.is_none();
    if let Some(matters) = matters {
        text.push_str(&format!(" and j.issue_id in ({})", marks(matters.len())));
        values.extend(matters.iter().map(|id| Value::from(id.0)));
    } else {
        text.push_str(" and j.building_id = ?");
        values.push(what.building.id.0.into());
        // Which announcements concern them is asked of each below.
        // A round of a plan is no news: its plan says when it was and when it will be.
        text.push_str(" and (i.id is null or i.origin <> 'plan')");
        text.push_str(" and (j.object = 'announcement' or (");
        text.push_str(if what.is_all() { "(j.issue_id is not null or j.object = 'meeting')" } else { "j.issue_id is not null" });
    }
    if let Some(code) = &what.category {
        text.push_str(" and i.category = ?");
        values.push(code.as_str().into());
    }
    if let Some(places) = what.places(db).await? {
        text.push_str(&format!(" and i.place_id in ({})", marks(places.len())));
        values.extend(places.iter().map(|p| Value::from(p.0)));
    }
    text.push_str(if whole { ")) order by j.seq" } else { " order by j.seq" });
    let rows = db.query_all_raw(sql(db, &text, values)).await?;
    let all = rows.iter().map(|r| Line::from_query_result(r, "")).collect::<std::result::Result<_, _>>()?;
    announced::concerning(db, what, all).await
}

/// Whether a line is told at all: the public may read it, and there is a sentence for it.
pub(super) fn told(line: &Line) -> bool {
    line.entry::<Entry>()
        .is_ok_and(|e| may_read(&e, Reader::Public) && (line.issue_id.is_some() || announced::is_one(line) || of_meeting(&e)) && key(&e).is_some())
}

fn of_meeting(entry: &Entry) -> bool {
    matches!(entry, Entry::MeetingCalled { .. } | Entry::MeetingCancelled { .. } | Entry::MeetingMoved { .. })
}

/// The sentence's key below `subscriptions.news`. Single reports are no news: a matter with hundreds would send hundreds.
fn key(entry: &Entry) -> Option<&'static str> {
    use crate::domain::issues::ClosedBy;
    Some(match entry {
        Entry::IssueReceived { .. } => "received",
        Entry::IssueFound { .. } => "found",
        Entry::RoundMade { .. } => "round_made",
        Entry::RoundGivenUp => "round_given_up",
        Entry::IssueAccepted { due: Some(_), .. } => "accepted_due",
        Entry::IssueAccepted { .. } => "accepted",
        Entry::TransferTaken { .. } => "taken",
        Entry::IssueDeclined { .. } => "declined",
        Entry::IssueWithdrawn => "withdrawn",
        Entry::IssueLongTerm { .. } => "long_term",
        Entry::IssueResumed => "resumed",
        Entry::IssueMerged { .. } => "merged",
        Entry::IssueTookIn { .. } => "took_in",
        Entry::IssueParted { .. } => "parted",
        Entry::IssueUnmerged { .. } => "unmerged",
        Entry::IssueSplit { .. } => "split",
        Entry::IssueSplitOff { .. } => "split_off",
        Entry::IssueReturned { .. } => "returned",
        Entry::IssueCameBack { .. } => "came_back",
        Entry::IssueDone { .. } => "done",
        Entry::IssueContested { .. } => "contested",
        Entry::IssueClosed { by: ClosedBy::Reporter, .. } => "closed_reporter",
        Entry::IssueClosed { by: ClosedBy::Council, .. } => "closed_council",
        Entry::IssueClosed { by: ClosedBy::Silence, .. } => "closed_silence",
        Entry::IssueReopened => "reopened",
        Entry::TaskDispatched { .. } => "dispatched",
        Entry::ExtensionGranted { .. } => "extended",
        Entry::DateMoved { .. } => "date_moved",
        Entry::TaskDone { .. } => "task_done",
        Entry::TaskVerified { .. } => "task_verified",
        Entry::ItemListed { .. } => "listed",
        Entry::ItemDeferred { .. } => "deferred",
        Entry::ItemReferred { .. } => "referred",
        Entry::ItemWithdrawn => "item_withdrawn",
        Entry::VoteClosed { outcome, .. } if !outcome.carried() => "not_carried",
        Entry::ResolutionAdopted { .. } => "adopted",
        Entry::ResolutionInForce { .. } => "in_force",
        Entry::ResolutionLapsed { .. } => "lapsed",
        Entry::ResolutionPublished { .. } => "published",
        Entry::UndertakingSigned { .. } => "signed",
        Entry::CheckPlanned { .. } => "check_planned",
        Entry::CheckMade { .. } => "checked",
        Entry::EditionPublished { .. } => "edition",
        Entry::MeetingCalled { .. } => "meeting_called",
        Entry::MeetingCancelled { .. } => "meeting_cancelled",
        Entry::MeetingMoved { .. } => "meeting_moved",
        Entry::ItemMoved { .. } => "item_moved",
        Entry::AnnouncementMade(_) => "announced",
        Entry::AnnouncementCorrected(_) => "announcement_corrected",
        Entry::AnnouncementEnded { called_off: true, .. } => "announcement_called_off",
        Entry::AnnouncementEnded { .. } => "announcement_ended",
        _ => return None,
    })
}

/// Tells lines; remembers whom it has named.
struct Teller<'h> {
    house: &'h House,
    building: &'h Building,
    lang: Lang,
    names: HashMap<OrganisationId, String>,
}

impl Teller<'_> {
    async fn name(&mut self, id: Option<OrganisationId>) -> Result<String> {
        let Some(id) = id else { return Ok(self.lang.t("subscriptions.news.somebody")) };
        if !self.names.contains_key(&id) {
            let name = organisations::by_id(self.house.read(), id).await?.short(self.lang).to_owned();
            self.names.insert(id, name);
        }
        Ok(self.names.get(&id).cloned().unwrap_or_default())
    }

    fn date(&self, day: NaiveDate) -> String {
        dates::day(day, dates::local(self.house.now()).date(), self.lang)
    }

    /// The day that an end belongs to, and no hour: it could be the hour of a report.
    fn day(&self, end: DateTime<Utc>) -> String {
        self.date(dates::local(end - Duration::minutes(1)).date())
    }

    fn kept_day(&self, day: &str) -> String {
        dates::parse(day).map_or_else(|| day.to_owned(), |d| self.date(d))
    }

    /// When a meeting is, once it has been called.
    async fn meeting(&self, id: MeetingId) -> Result<String> {
        let meeting = meetings::by_id(self.house.read(), id).await?;
        let called = meeting.called_at.is_some();
        let at = dates::appointment(meeting.starts_at, self.house.now(), self.lang);
        Ok(if called { self.lang.say("subscriptions.news.at", &[("at", &at)]) } else { String::new() })
    }

    fn resolution(&self, year: i32, serial: i32) -> String {
        resolutions::number(&self.building.short, year, serial)
    }

    /// The sentence of a line that is told.
    async fn sentence(&mut self, line: &Line) -> Result<Option<String>> {
        let entry: Entry = line.entry()?;
        let Some(key) = key(&entry).filter(|_| told(line)) else { return Ok(None) };
        let by = self.name(line.organisation_id).await?;
        let mut with: Vec<(&str, String)> = vec![];
        match &entry {
            Entry::IssueAccepted { holder, due } => {
                with.push(("by", self.name(Some(*holder)).await?));
                with.extend(due.map(|d| ("day", self.day(d))));
            }
            Entry::IssueLongTerm { review_on, .. } => with.extend([("by", by), ("day", self.kept_day(review_on))]),
            Entry::IssueMerged { into_number: n, .. }
            | Entry::IssueUnmerged { into_number: n, .. }
            | Entry::IssueSplit { number: n, .. }
            | Entry::IssueSplitOff { number: n, .. }
            | Entry::IssueReturned { number: n, .. }
            | Entry::IssueCameBack { number: n, .. } => with.push(("label", self.building.label(*n))),
            Entry::IssueTookIn { from_number: n, .. } | Entry::IssueParted { from_number: n, .. } => with.push(("label", self.building.label(*n))),
            Entry::IssueDone { by, confirm_due, .. } => with.extend([("by", self.name(Some(*by)).await?), ("day", self.day(*confirm_due))]),
            Entry::TaskDispatched { to, due, .. } => with.extend([("by", self.name(Some(*to)).await?), ("day", self.day(*due))]),
            Entry::DateMoved { due, .. } => with.push(("day", self.day(*due))),
            Entry::ExtensionGranted { number, due, .. } => with.extend([("n", number.to_string()), ("day", self.day(*due))]),
            Entry::ItemListed { meeting, meeting_number, .. } => {
                with.extend([("n", meeting_number.to_string()), ("at", self.meeting(*meeting).await?)]);
            }
            Entry::ItemDeferred { to } => with.push(("day", self.kept_day(to))),
            Entry::VoteClosed { outcome, .. } => with.push(("how", self.lang.t(&format!("story.voted.{}", outcome.as_str())))),
            Entry::ResolutionAdopted { year, serial, .. }
            | Entry::ResolutionInForce { year, serial }
            | Entry::ResolutionLapsed { year, serial }
            | Entry::ResolutionPublished { year, serial, .. } => with.push(("label", self.resolution(*year, *serial))),
            Entry::UndertakingSigned { organisation, .. } => with.push(("by", self.name(Some(*organisation)).await?)),
            Entry::CheckPlanned { on, .. } => with.push(("day", self.kept_day(on))),
            Entry::CheckMade { verdict, .. } => with.push(("how", self.lang.t(&format!("verdicts.{}", verdict.as_str())))),
            Entry::EditionPublished { number, .. } => with.push(("n", number.to_string())),
            Entry::MeetingCalled { number, .. } | Entry::MeetingCancelled { number } => {
                with.extend([("n", number.to_string()), ("at", self.meeting(MeetingId(line.object_id)).await?)]);
            }
            Entry::MeetingMoved { number, to, .. } | Entry::ItemMoved { meeting_number: number, to, .. } => {
                with.extend([("n", number.to_string()), ("at", dates::moment(*to, self.house.now(), self.lang))]);
            }
            _ => with.push(("by", by)),
        }
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        Ok(Some(self.lang.say(&format!("subscriptions.news.{key}"), &with)))
    }

    /// `TQ-214 候梯太久`, the place and state, then what is new, then where to read on.
    fn matter(&self, issue: &Issue, place: &str, new: &[String]) -> String {
        let lang = self.lang;
        let state = match issue.closed_by {
            Some(by) => lang.t(&format!("states.closed_{by}")),
            None => lang.t(&format!("states.{}", issue.state)),
        };
        let mut lines = vec![format!("{} {}", self.building.label(issue.number), issue.title_for_public(lang))];
        lines.push(match issue.next_day() {
            Some((what, day)) => {
                let (what, day) = (lang.t(what.key()), self.date(day));
                lang.say("subscriptions.news.stands_due", &[("place", place), ("state", &state), ("what", &what), ("day", &day)])
            }
            None => lang.say("subscriptions.news.stands", &[("place", place), ("state", &state)]),
        });
        lines.push(listed(new, lang));
        lines.push(self.house.settings().address(&format!("/b/{}/issues/{}", self.building.slug, issue.number)));
        lines.join("\n")
    }
}

fn listed(said: &[String], lang: Lang) -> String {
    said.iter().map(|words| lang.say("subscriptions.news.line", &[("words", words)])).collect::<Vec<_>>().join("\n")
}

/// What is new after one line and up to another; none where nothing is left to tell.
pub async fn since(house: &House, s: &Subscription, after: i64, to: i64) -> Result<Option<News>> {
    let (db, lang) = (house.read(), s.lang());
    let what = s.followed(db).await?;
    let mut t = Teller { house, building: &what.building, lang, names: HashMap::new() };
    let mut order: Vec<About> = vec![];
    let mut new: HashMap<About, Vec<String>> = HashMap::new();
    for line in lines(db, &what, after, to).await? {
        let Some(words) = t.sentence(&line).await? else { continue };
        let day = dates::short(dates::local(line.at).date(), dates::local(house.now()).date(), lang);
        let words = lang.say("subscriptions.news.dated", &[("day", &day), ("words", &words)]);
        let about = About::of(&line);
        if !new.contains_key(&about) {
            order.push(about);
        }
        let said = new.entry(about).or_default();
        // Four tasks of one resolution are four lines; the same sentence twice is one.
        if !said.contains(&words) {
            said.push(words);
        }
    }
    let n = order.len();
    if n == 0 {
        return Ok(None);
    }
    // What will not work tomorrow comes before what goes on.
    order.sort_by_key(|about| !matches!(about, About::Announcement(_)));
    let matters = order.iter().take(MOST).filter_map(About::matter).collect();
    let matters: HashMap<IssueId, Issue> = issues::by_ids(db, matters).await?.into_iter().map(|i| (i.id, i)).collect();
    let announced = order.iter().take(MOST).filter_map(About::announcement).collect();
    let announced = announcements::by_ids(db, announced).await?;
    let places = buildings::places_by_ids(db, matters.values().map(|i| i.place_id).collect()).await?;
    let (mut head, mut paragraphs) = (String::new(), vec![]);
    for about in order.iter().take(MOST) {
        let said = new.get(about).map(Vec::as_slice).unwrap_or_default();
        let paragraph = match about {
            About::Matter(id) => {
                let Some(issue) = matters.get(id) else { continue };
                let place = places.iter().find(|p| p.id == issue.place_id).map(|p| p.public(lang)).unwrap_or_default();
                t.matter(issue, &place, said)
            }
            About::Announcement(id) => {
                let Some(one) = announced.iter().find(|a| a.announcement.id == *id) else { continue };
                announced::paragraph(house, &what.building, one, said, lang)
            }
            About::Council => {
                let address = house.settings().address(&format!("/b/{}/council", what.building.slug));
                format!("{}\n{}\n{address}", lang.t("subscriptions.news.council"), listed(said, lang))
            }
        };
        if head.is_empty() {
            head = paragraph.lines().next().unwrap_or_default().to_owned();
        }
        paragraphs.push(paragraph);
    }
    if n > MOST {
        let rest = (n - MOST).to_string();
        paragraphs.push(lang.say("subscriptions.news.more", &[("n", &rest), ("address", &house.settings().address(&what.page()))]));
    }
    Ok(Some(News { n, head, text: paragraphs.join("\n\n") }))
}

/// All that is told of a matter, oldest first, for its feed.
pub async fn of_issue(house: &House, building: &Building, issue: &Issue, lang: Lang) -> Result<Vec<Told>> {
    let mut t = Teller { house, building, lang, names: HashMap::new() };
    let mut all = vec![];
    for line in journal::of_issue(house.read(), issue.id).await? {
        if let Some(words) = t.sentence(&line).await? {
            all.push(Told { at: line.at, words });
        }
    }
    Ok(all)
}
