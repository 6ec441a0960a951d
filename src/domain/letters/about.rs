//! What a letter is about: the ids that were noted when it was owed, and what is true of them when it goes out.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::issues::{Issue, IssueState};
use crate::domain::meetings::{Meeting, MeetingState, items};
use crate::domain::rights::Role;
use crate::domain::tasks::Task;
use crate::domain::{
    announcements, buildings, deliberation, issues, meetings, messages, organisations, resolutions, slips, subscriptions, tasks, undertakings,
};
use crate::kernel::act::House;
use crate::kernel::dates;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{
    AnnouncementId, BuildingId, ExtensionId, IssueId, MeetingId, MessageId, OrganisationId, PositionId, ResolutionId, SlipBatchId, SubscriptionId,
    TaskId, UndertakingId,
};
use crate::kernel::mail::Thread;

/// Parameters of a letter's text.
pub(super) type Facts = Vec<(&'static str, String)>;

#[derive(Deserialize, Default)]
pub(super) struct About {
    pub issue: Option<IssueId>,
    pub task: Option<TaskId>,
    pub extension: Option<ExtensionId>,
    pub meeting: Option<MeetingId>,
    pub undertaking: Option<UndertakingId>,
    pub position: Option<PositionId>,
    pub resolution: Option<ResolutionId>,
    /// The matter by which the topic was decided.
    pub lead: Option<IssueId>,
    pub announcement: Option<AnnouncementId>,
    pub link: Option<String>,
    pub until: Option<DateTime<Utc>>,
    pub subscription: Option<SubscriptionId>,
    /// Where, for whom and as what somebody has been let in.
    pub building: Option<BuildingId>,
    pub organisation: Option<OrganisationId>,
    pub role: Option<Role>,
    /// How many were handed over.
    pub n: Option<u32>,
    /// Slips that somebody asked for, and in which language.
    pub batch: Option<SlipBatchId>,
    /// The language of somebody of whom nothing else is known.
    pub lang: Option<String>,
    /// News after this line of the journal…
    pub after: Option<i64>,
    /// …and up to this one.
    pub to: Option<i64>,
    /// The mail that the letter answers.
    #[serde(default)]
    pub thread: Thread,
    /// Why it could not be taken, or why it was joined to another matter or split off.
    pub reason: Option<String>,
    /// The message in which staff said why, in their words.
    pub message: Option<MessageId>,
    /// What was attached to it and is not kept, by name.
    #[serde(default)]
    pub others: Vec<String>,
    /// It was longer than what is kept.
    #[serde(default)]
    pub cut: bool,
}

impl About {
    pub fn read(data: &str) -> Result<Self> {
        Ok(serde_json::from_str(data)?)
    }

    /// What the text of this kind may name; none where it is no longer true, and so need not be sent.
    pub async fn facts(&self, house: &House, kind: &str, lang: Lang) -> Result<Option<Facts>> {
        let db = house.read();
        let mut with: Facts = vec![];
        if let Some(id) = self.issue {
            let issue = issues::by_id(db, id).await?;
            if over(kind, &issue) {
                return Ok(None);
            }
            self.of_issue(house, &issue, lang, &mut with).await?;
        }
        if let Some(id) = self.task {
            let task = tasks::by_id(db, id).await?;
            let lasts = kind.starts_with("task_") && !matches!(kind, "task_done" | "task_returned") || kind == "visit_asked";
            if lasts && !task.state.is_open() {
                return Ok(None);
            }
            of_task(house, &task, lang, &mut with).await?;
        }
        if let Some(id) = self.extension {
            let e = tasks::extension_by_id(db, id).await?;
            if kind == "extension_asked" && e.decision.is_some() {
                return Ok(None);
            }
            with.push(("reason", lang.t(&format!("tasks.extension_reasons.{}", e.reason))));
            with.push(("days", e.days.to_string()));
            with.push(("new_due", by(house, e.due_after.unwrap_or_else(|| house.calendar().moved(e.due_before, e.days.unsigned_abs())), lang)));
        }
        if let Some(id) = self.undertaking {
            let u = undertakings::by_id(db, id).await?;
            if self.issue.is_none() {
                with.push(("title", items::by_id(db, u.item_id).await?.title));
            }
            with.push(("organisation", short(house, Some(u.organisation_id), lang).await?));
            with.push(("due", by(house, u.due_at, lang)));
        }
        if let Some(id) = self.position {
            let p = deliberation::position_by_id(db, id).await?;
            if p.answered_at.is_some() {
                return Ok(None);
            }
            if self.issue.is_none() {
                with.push(("title", items::by_id(db, p.item_id).await?.title));
            }
            with.push(("organisation", short(house, Some(p.organisation_id), lang).await?));
            with.push(("due", by(house, p.due_at, lang)));
        }
        if let Some(id) = self.lead {
            let lead = issues::by_id(db, id).await?;
            let building = buildings::by_id(db, lead.building_id).await?;
            with.push(("lead", building.label(lead.number)));
        }
        if let Some(id) = self.resolution {
            let r = resolutions::by_id(db, id).await?;
            with.push(("resolution", r.full_label(db).await?));
            with.push(("decided", r.title));
        }
        if let Some(id) = self.meeting {
            let meeting = meetings::by_id(db, id).await?;
            if past(kind, &meeting, house.now()) {
                return Ok(None);
            }
            with.push(("number", meeting.number.to_string()));
            with.push(("council", meeting.council(db).await?.name(lang).to_owned()));
            // A written procedure ends rather than begins.
            with.push(("at", dates::moment(meeting.votes_until.unwrap_or(meeting.starts_at), house.now(), lang)));
            if matches!(kind, "meeting_called" | "meeting_moved") {
                with.push(("agenda", meetings::calendar::agenda(db, &meeting, lang).await?));
            }
            if kind == "quorum_at_risk" {
                let expected = meetings::apologies::expected(db, &meeting).await?;
                if !expected.at_risk() {
                    return Ok(None);
                }
                with.extend([("n", expected.coming.len().to_string()), ("needed", expected.quorum.to_string())]);
            }
            with.push(("from", meeting.moved_from.map(|at| dates::moment(at, house.now(), lang)).unwrap_or_default()));
            with.push(("place", meeting.place));
        }
        if let Some(id) = self.announcement {
            let Some(one) = announcements::by_ids(db, vec![id]).await?.pop() else { return Ok(None) };
            let stage = one.announcement.stage(house.now());
            // What ended meanwhile is told by the message that says so.
            if stage.holds() == (kind == "announcement_ended") {
                return Ok(None);
            }
            with.push(("title", one.announcement.title.clone()));
            with.push(("when", one.announcement.when(house.now(), lang)));
            with.push(("where", one.places_in_words(lang)));
        }
        if let Some(id) = self.subscription {
            let s = subscriptions::by_id(db, id).await?;
            with.push(("what", s.followed(db).await?.words(lang)));
            with.push(("days", subscriptions::CONFIRM_DAYS.to_string()));
            if let (Some(after), Some(to)) = (self.after, self.to) {
                let Some(news) = subscriptions::news(house, &s, after, to).await? else { return Ok(None) };
                with.extend([("n", news.n.to_string()), ("head", news.head), ("news", news.text)]);
            }
        }
        if let Some(id) = self.building {
            with.push(("building", buildings::by_id(db, id).await?.name(lang).to_owned()));
        }
        if let Some(id) = self.organisation {
            with.push(("organisation", short(house, Some(id), lang).await?));
        }
        if let Some(role) = self.role {
            with.push(("role", lang.t(&format!("roles.{}", role.as_str()))));
        }
        if let Some(n) = self.n {
            with.push(("n", n.to_string()));
        }
        if let Some(id) = self.batch {
            let batch = slips::by_id(db, id).await?;
            with.push(("organisation", short(house, Some(batch.organisation_id), lang).await?));
            with.push(("building", buildings::by_id(db, batch.building_id).await?.name(lang).to_owned()));
        }
        if kind.starts_with("mail_") {
            with.extend(self.of_mail(lang));
        }
        if matches!(kind, "merged" | "split") {
            with.push(("because", self.because(house, kind, lang).await?));
        }
        if let Some(until) = self.until {
            // A link that no longer opens anything would only puzzle its reader.
            if until <= house.now() {
                return Ok(None);
            }
            with.push(("until", dates::moment(until, house.now(), lang)));
        }
        Ok(Some(with))
    }

    /// The calendar file that goes with a letter about a meeting: with the notice, with every change, and with the cancellation,
    /// which takes it out of a calendar again.
    pub async fn calendar(&self, house: &House, kind: &str, lang: Lang) -> Result<Option<String>> {
        let Some(id) = self.meeting.filter(|_| matches!(kind, "meeting_called" | "meeting_moved" | "meeting_cancelled")) else { return Ok(None) };
        let meeting = meetings::by_id(house.read(), id).await?;
        meetings::calendar::file(house, &meeting, lang).await
    }

    /// Why a report has changed its number: the reason, and what was said to its writer unless it was withheld since.
    async fn because(&self, house: &House, kind: &str, lang: Lang) -> Result<String> {
        let Some(reason) = &self.reason else { return Ok(String::new()) };
        let why = lang.t(&format!("story.{kind}_because.{reason}"));
        let said = match self.message {
            Some(id) => messages::by_id(house.read(), id).await?.filter(|m| m.withheld_at.is_none()),
            None => None,
        };
        let Some((by, words)) = said.and_then(|m| m.words.map(|words| (m.organisation_id, words))) else {
            return Ok(lang.say("letters.because", &[("why", &why)]));
        };
        let by = short(house, by, lang).await?;
        Ok(lang.say("letters.because_said", &[("why", &why), ("by", &by), ("words", &words)]))
    }

    /// What of a mail was not kept, and why; each in a paragraph of its own.
    fn of_mail(&self, lang: Lang) -> Facts {
        let name = |n: &String| if n.is_empty() { lang.t("incoming.nameless") } else { n.clone() };
        let others: Vec<String> = self.others.iter().map(name).collect();
        let mut left_out = String::new();
        if !others.is_empty() {
            let names = others.join(&lang.t("incoming.and"));
            left_out.push_str(&format!("\n{}\n", lang.say("incoming.others", &[("names", &names)])));
        }
        if self.cut {
            left_out.push_str(&format!("\n{}\n", lang.t("incoming.cut")));
        }
        let reason = self.reason.as_deref().map(|r| lang.t(&format!("incoming.answers.{r}"))).unwrap_or_default();
        vec![("left_out", left_out), ("reason", reason)]
    }

    async fn of_issue(&self, house: &House, issue: &Issue, lang: Lang, with: &mut Facts) -> Result<()> {
        let building = buildings::by_id(house.read(), issue.building_id).await?;
        with.push(("label", building.label(issue.number)));
        with.push(("building", building.name(lang).to_owned()));
        with.push(("title", issue.title_for_public(lang)));
        with.push(("holder", short(house, issue.holder_id, lang).await?));
        with.push(("doer", short(house, issue.done_by_id.or(issue.holder_id), lang).await?));
        with.push(("how", issue.closed_by.map(|c| lang.t(&format!("letters.closed_by.{c}"))).unwrap_or_default()));
        for (name, at) in [
            ("answer_by", issue.first_answer_due),
            ("result_by", issue.result_due),
            ("confirm_by", issue.confirm_due),
            ("offer_by", issue.offered_until),
        ] {
            with.push((name, at.map(|at| by(house, at, lang)).unwrap_or_default()));
        }
        Ok(())
    }
}

async fn of_task(house: &House, task: &Task, lang: Lang, with: &mut Facts) -> Result<()> {
    with.push(("task", task.number.to_string()));
    with.push(("organisation", short(house, Some(task.organisation_id), lang).await?));
    with.push(("due", by(house, task.due_at, lang)));
    Ok(())
}

async fn short(house: &House, id: Option<OrganisationId>, lang: Lang) -> Result<String> {
    match id {
        Some(id) => Ok(organisations::by_id(house.read(), id).await?.short(lang).to_owned()),
        None => Ok(lang.t("letters.nobody")),
    }
}

fn by(house: &House, at: DateTime<Utc>, lang: Lang) -> String {
    dates::due(at, house.now(), &house.calendar(), lang).by
}

/// Whether what the letter asks or tells of a matter has been overtaken.
fn over(kind: &str, issue: &Issue) -> bool {
    match kind {
        "ask_to_confirm" | "confirm_last_day" => issue.state != IssueState::Done,
        "closed" => issue.state != IssueState::Closed,
        "transfer_offered" => issue.offered_to_id.is_none(),
        "answer_last_day" | "answer_late" => issue.first_answer_due.is_none(),
        "result_half" | "result_last_day" | "result_late" => !matches!(issue.state, IssueState::Accepted | IssueState::InWork),
        "review_due" => issue.state != IssueState::LongTerm,
        _ => false,
    }
}

fn past(kind: &str, meeting: &Meeting, now: DateTime<Utc>) -> bool {
    match kind {
        "meeting_called" | "meeting_soon" | "meeting_moved" | "agenda_moved" | "deputy_asked" | "deputy_free" | "deputy_comes" | "deputy_refused"
        | "quorum_at_risk" => meeting.state != MeetingState::Called || meeting.starts_at <= now,
        "minutes_to_sign" => meeting.minutes_at.is_some() || meeting.minutes_sent_at.is_none(),
        "dates_asked" => meeting.state != MeetingState::Draft,
        "meeting_written" | "meeting_written_ends" => meeting.votes_until.is_none_or(|until| until <= now),
        "vote_open" => meeting.state != MeetingState::Open,
        _ => false,
    }
}
