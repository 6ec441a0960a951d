//! Many matters at once: each lives its life in memory, through the same states and verbs, and what has become of it is
//! written in blocks. For loading generated or foreign histories; nobody is told of anything by letter.

mod past;
mod writer;

pub use past::Past;
pub use writer::Writer;

use sea_orm::TryIntoModel as _;
use sea_orm::entity::prelude::*;

use super::{ClosedBy, Issue, IssueState, MergeReason, Opening, Tally, Verb, opened};
use crate::domain::buildings::Place;
use crate::domain::categories::{Category, Limit};
use crate::domain::journal::Entry;
use crate::domain::messages::{self, Message, Voice};
pub use crate::domain::reports::bulk::Spoken;
use crate::domain::reports::{self, Answer, Report, ReportKind};
use crate::domain::tasks::{self, Due, NewTask, Task, TaskState, TaskVerb};
use crate::domain::times::Owed;
use crate::kernel::act::{Act, Actor};
use crate::kernel::calendar::Calendar;
use crate::kernel::db::{SetAside, set_indexes_aside, sql};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, OrganisationId};
use crate::kernel::journal::{self, On};
use crate::kernel::keys::Keys;
use crate::kernel::text::{self, TextHash};

/// What lives need to know.
pub struct Ground<'g> {
    pub calendar: &'g Calendar,
    pub keys: &'g Keys,
    /// Working days in which reporters may confirm.
    pub confirm_days: u32,
}

/// Where and what, and who is responsible at first.
pub struct Begin<'a> {
    pub building: BuildingId,
    pub number: i32,
    pub place: &'a Place,
    pub category: &'a Category,
    pub holder: OrganisationId,
}

/// A matter's life in memory.
pub struct Life<'a> {
    issue: Issue,
    place: &'a Place,
    category: &'a Category,
    reports: Vec<Report>,
    tasks: Vec<Task>,
    messages: Vec<Message>,
    lines: Vec<journal::ActiveModel>,
    title: Option<String>,
}

/// Takes so many numbers of a building; gives the first.
pub async fn reserve(act: &Act, building: BuildingId, n: i32) -> Result<i32> {
    let text = "update buildings set last_issue_number = last_issue_number + ? where id = ? returning last_issue_number";
    let row = act.tx().query_one_raw(sql(act.tx(), text, [n.into(), building.0.into()])).await?.ok_or(Error::NotFound)?;
    Ok(row.try_get_by_index::<i32>(0)? - n + 1)
}

impl<'a> Life<'a> {
    /// Filed by a visitor.
    pub fn begin(ground: &Ground<'_>, at: DateTimeUtc, new: Begin<'a>, said: Spoken<'_>) -> Result<Self> {
        let Begin { building, number, place, category, holder } = new;
        let words = said.words.unwrap_or_default();
        let issue =
            opened(at, ground.calendar, Opening { building, number, place, category, owed: Owed::of_house(category), words, holder: Some(holder) })
                .try_into_model()?;
        let mut life = Self { issue, place, category, reports: vec![], tasks: vec![], messages: vec![], lines: vec![], title: None };
        life.note(at, &Actor::Visitor, &Entry::IssueReceived { number, category: category.code.clone(), place: place.id })?;
        life.report(ground, at, ReportKind::New, said)?;
        Ok(life)
    }

    /// Where it stands.
    pub fn state(&self) -> IssueState {
        self.issue.state
    }

    /// How many stand behind it.
    pub fn reports(&self) -> usize {
        self.reports.len()
    }

    fn note(&mut self, at: DateTimeUtc, actor: &Actor, entry: &Entry) -> Result<()> {
        self.note_on(at, actor, self.issue.on_self(), entry)
    }

    fn note_on(&mut self, at: DateTimeUtc, actor: &Actor, on: On, entry: &Entry) -> Result<()> {
        self.lines.push(journal::line(at, actor, on, entry)?);
        Ok(())
    }

    fn moved(&mut self, at: DateTimeUtc) {
        self.issue.next_due = self.issue.due_next();
        self.issue.moved_at = at;
        self.issue.version += 1;
    }

    fn turn(&mut self, at: DateTimeUtc, verb: Verb) -> Result<(), Refusal> {
        self.issue.state = self.issue.state.after(verb)?;
        self.moved(at);
        Ok(())
    }

    /// Somebody reports it, or joins.
    pub fn report(&mut self, ground: &Ground<'_>, at: DateTimeUtc, kind: ReportKind, said: Spoken<'_>) -> Result<()> {
        let about = (&self.issue, self.place, self.category);
        let report = reports::bulk::prepare(at, ground.calendar, ground.keys, about, kind, said)?;
        let entry = Entry::ReportReceived { report: report.id, kind, channel: report.channel, photos: 0, words: report.words_hash() };
        self.note_on(at, &Actor::Visitor, report.on_self(), &entry)?;
        let due = report.first_answer_due;
        self.issue.reports += 1;
        self.issue.me_too += i32::from(kind == ReportKind::MeToo);
        self.issue.first_answer_due = Some(self.issue.first_answer_due.map_or(due, |d| d.min(due)));
        self.reports.push(report);
        self.moved(at);
        Ok(())
    }

    /// Says something to those who reported; a first answer to everyone who had none yet.
    pub fn say(&mut self, at: DateTimeUtc, actor: &Actor, words: &str) -> Result<TextHash> {
        let words = text::words("words", words, 1, 2000)?;
        let (row, hash) = messages::row(at, actor, &self.issue, Voice::Reporters, &words, false, None);
        let message: Message = row.try_into_model()?;
        self.note(at, actor, &Entry::MessageSent { message: message.id, voice: Voice::Reporters, words: hash.clone() })?;
        self.messages.push(message);
        let waiting = self.reports.iter_mut().filter(|r| r.first_answered_at.is_none());
        let answered = waiting.map(|r| r.first_answered_at = Some(at)).count() as u64;
        if answered > 0 {
            self.note(at, actor, &Entry::FirstAnswered { reports: answered })?;
            self.issue.first_answer_due = None;
            self.moved(at);
        }
        Ok(hash)
    }

    /// Gives it a public title.
    pub fn release(&mut self, at: DateTimeUtc, actor: &Actor, title: &str) -> Result<()> {
        let title = text::words("title", title, 2, 60)?;
        self.issue.public_title = Some(title.clone());
        self.issue.released_at = Some(at);
        self.issue.released_by = actor.person();
        self.moved(at);
        self.note(at, actor, &Entry::TitleReleased { title: TextHash::of(&self.issue.title_salt, &title) })?;
        for i in 0..self.reports.len() {
            let r = &mut self.reports[i];
            if r.release != reports::Release::Waiting {
                continue;
            }
            (r.release, r.public_words) = (reports::Release::AsWritten, r.words.clone());
            (r.released_at, r.released_by) = (Some(at), actor.person());
            let (on, entry) = (r.on_self(), Entry::WordsReleased { report: r.id, how: reports::Release::AsWritten });
            self.note_on(at, actor, on, &entry)?;
        }
        self.title = Some(title);
        Ok(())
    }

    /// Taken on, with a first answer.
    pub fn accept(&mut self, at: DateTimeUtc, actor: &Actor, answer: &str) -> Result<()> {
        self.turn(at, Verb::Accept)?;
        self.issue.accepted_at = Some(at);
        let holder = self.issue.holder_id.ok_or_else(|| Refusal::new("no_holder"))?;
        self.issue.person_id = actor.person().filter(|_| actor.organisation() == Some(holder));
        self.note(at, actor, &Entry::IssueAccepted { holder, due: self.issue.result_due })?;
        self.say(at, actor, answer).map(drop)
    }

    /// Not to be taken, with a reason.
    pub fn decline(&mut self, at: DateTimeUtc, actor: &Actor, reason: &str, words: &str) -> Result<()> {
        let hash = self.say(at, actor, words)?;
        self.turn(at, Verb::Decline)?;
        self.issue.closed_at = Some(at);
        self.note(at, actor, &Entry::IssueDeclined { reason: reason.into(), words: hash })
    }

    /// The same trouble under another number: its reports go over to that one.
    pub fn merge_into(&mut self, at: DateTimeUtc, actor: &Actor, into: &mut Life<'_>) -> Result<()> {
        if !into.issue.state.is_open() {
            return Err(Refusal::new("merge_closed").into());
        }
        self.issue.state_before = Some(self.issue.state.as_str().into());
        self.issue.merged_into_id = Some(into.issue.id);
        let moved = std::mem::take(&mut self.issue.reports);
        (self.issue.me_too, self.issue.first_answer_due) = (0, None);
        self.turn(at, Verb::Merge)?;
        into.issue.reports += moved;
        into.issue.result_due = [self.issue.result_due, into.issue.result_due].into_iter().flatten().min();
        for mut report in self.reports.drain(..) {
            report.issue_id = into.issue.id;
            into.issue.me_too += i32::from(report.kind == ReportKind::MeToo);
            if report.first_answered_at.is_none() {
                let due = report.first_answer_due;
                into.issue.first_answer_due = Some(into.issue.first_answer_due.map_or(due, |d| d.min(due)));
            }
            into.reports.push(report);
        }
        into.moved(at);
        let (reason, words) = (Some(MergeReason::Same), None);
        self.note(at, actor, &Entry::IssueMerged { into: into.issue.id, into_number: into.issue.number, reports: moved, reason, words })?;
        into.note(at, actor, &Entry::IssueTookIn { from: self.issue.id, from_number: self.issue.number, reports: moved, reason })
    }

    /// Taken back by its only reporter.
    pub fn withdraw(&mut self, at: DateTimeUtc) -> Result<()> {
        let report = self.reports.first_mut().filter(|_| self.issue.reports == 1).ok_or_else(|| Refusal::new("report_withdrawn"))?;
        (report.withdrawn_at, report.following) = (Some(at), false);
        let (id, on) = (report.id, report.on_self());
        self.issue.reports = 0;
        self.issue.first_answer_due = None;
        self.turn(at, Verb::Withdraw)?;
        self.issue.closed_at = Some(at);
        self.note_on(at, &Actor::Reporter(id), on, &Entry::ReportWithdrawn { report: id })?;
        self.note(at, &Actor::Reporter(id), &Entry::IssueWithdrawn)
    }

    /// On the long-term list, with a plan and a day.
    pub fn shelve(&mut self, at: DateTimeUtc, actor: &Actor, plan: &str, review_on: &str) -> Result<()> {
        let hash = self.say(at, actor, plan)?;
        (self.issue.plan, self.issue.review_on) = (Some(plan.into()), Some(review_on.into()));
        self.turn(at, Verb::Shelve)?;
        self.note(at, actor, &Entry::IssueLongTerm { review_on: review_on.into(), plan: hash })
    }

    /// A task for an organisation.
    pub fn dispatch(&mut self, ground: &Ground<'_>, at: DateTimeUtc, actor: &Actor, to: OrganisationId, words: &str, days: u32) -> Result<()> {
        self.turn(at, Verb::Start)?;
        let number = self.tasks.len() as i32 + 1;
        let new = NewTask { words, measure: "", due: Due::Days(days), resolution: None, undertaking: None };
        let (row, hash) = tasks::row(at, ground.calendar, self.issue.id, number, to, new)?;
        let task: Task = row.try_into_model()?;
        self.note(at, actor, &Entry::TaskDispatched { task: task.id, number, to, due: task.due_at, words: hash })?;
        self.tasks.push(task);
        Ok(())
    }

    /// The last task is acknowledged, begun, or done with these words.
    pub fn work(&mut self, at: DateTimeUtc, actor: &Actor, verb: TaskVerb, evidence: &str) -> Result<()> {
        let task = self.tasks.last_mut().ok_or(Error::NotFound)?;
        task.state = task.state.after(verb)?;
        (task.moved_at, task.version) = (at, task.version + 1);
        let number = task.number;
        let entry = match task.state {
            TaskState::Acknowledged => {
                (task.acknowledged_at, task.person_id) = (Some(at), actor.person());
                Entry::TaskAcknowledged { number }
            }
            TaskState::InWork => {
                (task.started_at, task.person_id) = (Some(at), actor.person());
                Entry::TaskStarted { number }
            }
            TaskState::Done => {
                let salt = text::salt();
                let hash = TextHash::of(&salt, evidence);
                task.done_at = Some(at);
                (task.evidence, task.evidence_salt) = (Some(evidence.into()), Some(salt));
                Entry::TaskDone { number, evidence: hash, photos: 0 }
            }
            _ => return Err(Refusal::new("task_state").into()),
        };
        self.note(at, actor, &entry)
    }

    /// Said to be done: the reporters are asked.
    pub fn done(&mut self, ground: &Ground<'_>, at: DateTimeUtc, actor: &Actor, evidence: &str) -> Result<()> {
        if self.tasks.iter().any(|t| t.state.is_open()) {
            return Err(Refusal::new("tasks_open").into());
        }
        let hash = self.say(at, actor, evidence)?;
        let due = Limit::WorkingDays(ground.confirm_days).from(at, ground.calendar).at;
        let by = self.issue.holder_id.ok_or_else(|| Refusal::new("no_holder"))?;
        (self.issue.done_at, self.issue.done_by_id, self.issue.confirm_due) = (Some(at), Some(by), Some(due));
        self.issue.priority = false;
        self.turn(at, Verb::Finish)?;
        self.note(at, actor, &Entry::IssueDone { by, confirm_due: due, evidence: hash })
    }

    /// Until when the reporters may answer.
    pub fn confirm_due(&self) -> Option<DateTimeUtc> {
        self.issue.confirm_due
    }

    /// A reporter answers.
    pub fn answer(&mut self, at: DateTimeUtc, report: usize, answer: Answer) -> Result<()> {
        let r = self.reports.get_mut(report).ok_or(Error::NotFound)?;
        (r.answer, r.answered_at) = (Some(answer), Some(at));
        let (id, on) = (r.id, r.on_self());
        self.note_on(at, &Actor::Reporter(id), on, &Entry::ConfirmationGiven { report: id, answer })
    }

    /// What follows from the answers: closed, or back to work.
    pub fn settle(&mut self, at: DateTimeUtc) -> Result<()> {
        let mut tally = Tally::default();
        for r in &self.reports {
            match r.answer {
                Some(Answer::Yes) => tally.yes += 1,
                Some(Answer::Half) => tally.half += 1,
                Some(Answer::No) => tally.no += 1,
                None => tally.silent += 1,
            }
        }
        let Tally { yes, half, no, silent } = tally;
        let by = match tally.verdict() {
            super::closing::Verdict::Contested => {
                self.issue.contested += 1;
                (self.issue.priority, self.issue.confirm_due) = (true, None);
                self.turn(at, Verb::Contest)?;
                let times = self.issue.contested;
                return self.note(at, &Actor::System, &Entry::IssueContested { yes, half, no, times });
            }
            super::closing::Verdict::Confirmed => ClosedBy::Reporter,
            super::closing::Verdict::Silence => ClosedBy::Silence,
        };
        (self.issue.closed_by, self.issue.closed_at, self.issue.confirm_due) = (Some(by), Some(at), None);
        self.turn(at, Verb::Close)?;
        self.note(at, &Actor::System, &Entry::IssueClosed { by, yes, half, no, silent })
    }
}

/// For many thousands of lives in one transaction: the indexes of what they consist of are set aside until all are written.
pub async fn make_way(act: &Act) -> Result<SetAside> {
    set_indexes_aside(act.tx(), &["issues", "reports", "reporters", "tasks", "messages", "journal"]).await
}
