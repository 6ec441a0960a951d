//! What happens to a matter: who makes a move, and by which cues.

use chrono::{DateTime, Days, Utc};

use super::History;
use super::reporters::Said;
use crate::commands::demo::cue::{Cue, Desk, Player, Reporters, Sending, Work};
use crate::commands::demo::photos::{Picture, Scene};
use crate::domain::attachments;
use crate::domain::buildings::Place;
use crate::domain::categories::Category;
use crate::domain::issues::{self, Issue};
use crate::domain::messages::Voice;
use crate::domain::reports::{self, Answer, Release};
use crate::domain::tasks::{self, StopReason, Task};
use crate::kernel::act::Actor;
use crate::kernel::calendar::BEIJING;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{IssueId, ReportId};

/// A matter of the history: where and what, and once it has been filed, which.
pub struct Matter {
    pub home: usize,
    pub place: Place,
    pub category: &'static Category,
    pub title: String,
    pub issue: Option<IssueId>,
    /// Its own reports, in the order in which they came.
    pub reports: Vec<ReportId>,
}

/// One thing that happens to a matter.
pub enum Move {
    File(Said),
    MeToo(Said),
    /// The secretary releases what waits: title, words, pictures.
    Release {
        summary: Option<String>,
    },
    Accept(String),
    Decline {
        reason: String,
        words: String,
    },
    Withdraw,
    Offer {
        to: String,
        reason: String,
        words: String,
    },
    TakeOver(String),
    Refuse {
        reason: String,
        words: String,
    },
    Shelve {
        plan: String,
        days: u64,
    },
    Resume,
    MergeInto {
        other: usize,
        reason: String,
        words: String,
    },
    Reopen,
    Ask(String),
    Reply(String),
    Say(Voice, String),
    Nominate,
    /// To an organisation by slug; none: to whoever is responsible.
    Dispatch {
        to: Option<String>,
        words: String,
        days: u32,
    },
    Acknowledge,
    Begin,
    StopClock(StopReason, String),
    RunClock,
    TaskDone {
        evidence: String,
        photos: usize,
    },
    SendBack(String),
    Verify {
        by_secretary: bool,
    },
    Done(String),
    Answer {
        report: usize,
        answer: Answer,
    },
}

impl History {
    /// Makes a move at an instant.
    pub async fn make<P: Player>(&mut self, p: &mut P, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        match mv {
            Move::File(said) => self.send(p, at, m, said, None).await,
            Move::MeToo(said) => {
                let joins = Some(self.id(m)?);
                self.send(p, at, m, said, joins).await
            }
            Move::Release { summary } => self.release(p, at, m, summary).await,
            Move::Withdraw => self.with_receipt(p, at, self.report(m, 0)?, Reporters::Withdraw).await,
            Move::Reply(words) => self.with_receipt(p, at, self.report(m, 0)?, Reporters::Reply(&words)).await,
            Move::Answer { report, answer } => self.with_receipt(p, at, self.report(m, report)?, Reporters::Answer(answer)).await,
            Move::TakeOver(_) | Move::Refuse { .. } => self.answer_offer(p, at, m, mv).await,
            Move::Acknowledge | Move::Begin | Move::StopClock(..) | Move::RunClock | Move::TaskDone { .. } => self.work(p, at, m, mv).await,
            other => self.desk(p, at, m, other).await,
        }
    }

    /// Which matter it has become.
    pub fn id(&self, m: usize) -> Result<IssueId> {
        self.matters[m].issue.ok_or_else(|| Error::broken("a matter moves before it was filed"))
    }

    /// The matter as it is now.
    pub async fn issue<P: Player>(&self, p: &mut P, m: usize) -> Result<Issue> {
        issues::by_id(p.reading().await?, self.id(m)?).await
    }

    fn report(&self, m: usize, k: usize) -> Result<ReportId> {
        self.matters[m].reports.get(k).copied().ok_or_else(|| Error::broken("a report answers before it was filed"))
    }

    async fn with_receipt<P: Player>(&self, p: &mut P, at: DateTime<Utc>, id: ReportId, what: Reporters<'_>) -> Result<()> {
        p.play(at, Actor::Reporter(id), Cue::Report(id, what)).await
    }

    async fn send<P: Player>(&mut self, p: &mut P, at: DateTime<Utc>, m: usize, said: Said, joins: Option<IssueId>) -> Result<()> {
        let (matter, home) = (&self.matters[m], &self.world.homes[self.matters[m].home]);
        // Whoever answers the telephone writes it down, else the visitor.
        let actor = if said.taken_down() { self.world.worker(&home.manager, m)? } else { Actor::Visitor };
        let sending = Sending {
            building: &home.building,
            place: &matter.place,
            poster: home.poster_at(matter.place.id),
            category: matter.category,
            joins,
            said: &said,
            photo: said.photo.map(|which| Picture { scene: Scene::of(&matter.category.code), which }),
        };
        let (issue, report) = p.report(at, actor, sending).await?;
        self.matters[m].issue.get_or_insert(issue);
        self.matters[m].reports.push(report);
        Ok(())
    }

    async fn release<P: Player>(&mut self, p: &mut P, at: DateTime<Utc>, m: usize, summary: Option<String>) -> Result<()> {
        let matter = &self.matters[m];
        let secretary = self.world.secretary(matter.home)?;
        let issue = self.issue(p, m).await?;
        let id = issue.id;
        if issue.released_at.is_none() {
            let title = Desk::ReleaseTitle { title: &matter.title, summary: summary.as_deref().unwrap_or_default() };
            p.play(at, secretary.clone(), Cue::Issue(id, title)).await?;
        }
        let waiting = reports::of_issue(p.reading().await?, id).await?.into_iter().filter(|r| r.release == Release::Waiting);
        for (i, report) in waiting.enumerate() {
            // Where somebody says who they are, a summary stands for their words.
            let words = Desk::ReleaseWords { report: report.id, summary: summary.as_deref().filter(|_| i == 0) };
            p.play(at, secretary.clone(), Cue::Issue(id, words)).await?;
        }
        for photo in attachments::of_issue(p.reading().await?, id).await?.into_iter().filter(|a| a.released_at.is_none()) {
            p.play(at, secretary.clone(), Cue::Issue(id, Desk::ReleasePhoto(photo.id))).await?;
        }
        Ok(())
    }

    async fn answer_offer<P: Player>(&mut self, p: &mut P, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        let issue = self.issue(p, m).await?;
        let to = issue.offered_to_id.ok_or_else(|| Error::broken("nothing was offered"))?;
        let worker = self.world.worker(self.world.organisation_of(to)?, m)?;
        match mv {
            Move::TakeOver(words) => {
                // A working week ahead.
                let day = (p.calendar().due(at, 5).at - chrono::Duration::minutes(1)).with_timezone(&BEIJING).date_naive().to_string();
                p.play(at, worker.clone(), Cue::Issue(issue.id, Desk::TakeOver(&day))).await?;
                p.play(at, worker, Cue::Issue(issue.id, Desk::Say(Voice::Reporters, &words))).await
            }
            Move::Refuse { reason, words } => p.play(at, worker, Cue::Issue(issue.id, Desk::Refuse { reason: &reason, words: &words })).await,
            _ => Ok(()),
        }
    }

    /// What whoever is responsible does at the desk.
    async fn desk<P: Player>(&mut self, p: &mut P, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        let home = self.matters[m].home;
        let issue = self.issue(p, m).await?;
        let id = issue.id;
        let holder = issue.holder_id.ok_or_else(|| Error::broken("nobody is responsible"))?;
        let holder = self.world.organisation_of(holder)?;
        let secretary = matches!(mv, Move::SendBack(_) | Move::Verify { by_secretary: true } | Move::Nominate);
        let actor = if secretary { self.world.secretary(home)? } else { self.world.worker(holder, m)? };
        let review_on;
        let what = match &mv {
            Move::Accept(answer) => Desk::Accept(answer),
            Move::Decline { reason, words } => Desk::Decline { reason, words },
            Move::Offer { to, reason, words } => Desk::Offer { to: self.world.organisation(to)?, reason, words },
            Move::Shelve { plan, days } => {
                review_on = p.calendar().date_of(at).checked_add_days(Days::new(*days)).unwrap_or_default().to_string();
                Desk::Shelve { plan, review_on: &review_on }
            }
            Move::Resume => Desk::Resume,
            Move::MergeInto { other, reason, words } => Desk::MergeInto { other: self.id(*other)?, reason, words },
            Move::Reopen => Desk::Reopen,
            Move::Ask(words) => Desk::Ask(words),
            Move::Say(voice, words) => Desk::Say(*voice, words),
            Move::Nominate => Desk::Nominate,
            Move::Dispatch { to, words, days } => {
                let to = to.as_deref().map(|slug| self.world.organisation(slug)).transpose()?.unwrap_or(holder);
                Desk::Dispatch { to, words, days: *days }
            }
            Move::Done(evidence) => Desk::Done { by: holder, evidence },
            Move::SendBack(_) | Move::Verify { .. } => {
                let work = if let Move::SendBack(words) = &mv { Work::SendBack(words) } else { Work::Verify };
                let task = last_task(p, &issue).await?.id;
                return p.play(at, actor, Cue::Task(task, work)).await;
            }
            _ => return Ok(()),
        };
        p.play(at, actor, Cue::Issue(id, what)).await
    }

    /// What the organisation of the last task does.
    async fn work<P: Player>(&mut self, p: &mut P, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        let issue = self.issue(p, m).await?;
        let task = last_task(p, &issue).await?;
        let worker = self.world.worker(self.world.organisation_of(task.organisation_id)?, m)?;
        let pictures: Vec<Picture>;
        let what = match &mv {
            Move::Acknowledge => Work::Acknowledge,
            Move::Begin => Work::Begin,
            Move::StopClock(reason, words) => Work::StopClock(*reason, words),
            Move::RunClock => Work::RunClock,
            Move::TaskDone { evidence, photos } => {
                pictures = (0..*photos).map(|i| Picture { scene: Scene::of(&issue.category), which: m + i }).collect();
                Work::Done { evidence, photos: &pictures }
            }
            _ => return Ok(()),
        };
        p.play(at, worker, Cue::Task(task.id, what)).await
    }
}

/// The task that was dispatched last.
async fn last_task<P: Player>(p: &mut P, issue: &Issue) -> Result<Task> {
    tasks::of_issue(p.reading().await?, issue.id).await?.pop().ok_or_else(|| Error::broken("a matter without a task"))
}
