//! What happens to a matter: one move, one verb of the domain.

use chrono::{DateTime, Days, Utc};

use super::History;
use super::reporters::{self, Said};
use crate::commands::demo::photos::Scene;
use crate::commands::demo::stage::Stage;
use crate::domain::attachments;
use crate::domain::buildings::Place;
use crate::domain::categories::Category;
use crate::domain::issues::{self, Issue};
use crate::domain::messages::{self, Voice};
use crate::domain::reports::{self, Answer, Release};
use crate::domain::tasks::{self, Due, NewTask, StopReason, Task};
use crate::kernel::act::{Act, Actor};
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
    MergeInto(usize),
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
    pub async fn make(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        match mv {
            Move::File(said) => self.file(stage, at, m, said).await,
            Move::MeToo(said) => self.me_too(stage, at, m, said).await,
            Move::Release { summary } => self.release(stage, at, m, summary).await,
            Move::Withdraw => {
                let id = self.report(m, 0)?;
                let act = stage.act(at, Actor::Reporter(id)).await?;
                let issue = self.issue(act, m).await?;
                reports::by_id(act.tx(), id).await?.withdraw(act, issue).await.map(drop)
            }
            Move::Reply(words) => {
                let id = self.report(m, 0)?;
                let act = stage.act(at, Actor::Reporter(id)).await?;
                let issue = self.issue(act, m).await?;
                let report = reports::by_id(act.tx(), id).await?;
                messages::add(act, &issue, &report, &words).await
            }
            Move::Answer { report, answer } => {
                let id = self.report(m, report)?;
                let act = stage.act(at, Actor::Reporter(id)).await?;
                let report = reports::by_id(act.tx(), id).await?;
                let issue = issues::hold_by_id(act, report.issue_id).await?;
                report.answer(act, issue, answer).await.map(drop)
            }
            Move::TakeOver(_) | Move::Refuse { .. } => self.answer_offer(stage, at, m, mv).await,
            Move::Acknowledge | Move::Begin | Move::StopClock(..) | Move::RunClock | Move::TaskDone { .. } => self.work(stage, at, m, mv).await,
            other => self.desk(stage, at, m, other).await,
        }
    }

    /// The matter as it is now, held for an act.
    pub async fn issue(&self, act: &Act, m: usize) -> Result<Issue> {
        let id = self.matters[m].issue.ok_or_else(|| Error::broken("a matter moves before it was filed"))?;
        issues::hold_by_id(act, id).await
    }

    fn report(&self, m: usize, k: usize) -> Result<ReportId> {
        self.matters[m].reports.get(k).copied().ok_or_else(|| Error::broken("a report answers before it was filed"))
    }

    async fn file(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, said: Said) -> Result<()> {
        let (matter, home) = (&self.matters[m], &self.world.homes[self.matters[m].home]);
        let actor = self.scribe(m, &said)?;
        let new = reporters::report(&mut self.album, home, matter, &said)?;
        let act = stage.act(at, actor).await?;
        let filed = reports::file(act, &home.building, &matter.place, matter.category, new).await?;
        self.matters[m].issue = Some(filed.issue.id);
        self.matters[m].reports.push(filed.report.id);
        Ok(())
    }

    async fn me_too(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, said: Said) -> Result<()> {
        let (matter, home) = (&self.matters[m], &self.world.homes[self.matters[m].home]);
        let actor = self.scribe(m, &said)?;
        let new = reporters::report(&mut self.album, home, matter, &said)?;
        let act = stage.act(at, actor).await?;
        let issue = self.issue(act, m).await?;
        let filed = reports::me_too(act, issue, &matter.place, matter.category, new).await?;
        self.matters[m].reports.push(filed.report.id);
        Ok(())
    }

    /// Who writes a report down: whoever answers the telephone, else the visitor.
    fn scribe(&self, m: usize, said: &Said) -> Result<Actor> {
        let matter = &self.matters[m];
        if said.written_by_staff() { self.world.worker(&self.world.homes[matter.home].manager, m) } else { Ok(Actor::Visitor) }
    }

    async fn release(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, summary: Option<String>) -> Result<()> {
        let matter = &self.matters[m];
        let building = self.world.homes[matter.home].building.id;
        let act = stage.act(at, self.world.secretary(matter.home)?).await?;
        let issue = self.issue(act, m).await?;
        let id = issue.id;
        if issue.released_at.is_none() {
            issue.release(act, &matter.title, summary.as_deref().unwrap_or_default()).await?;
        }
        for (i, report) in reports::of_issue(act.tx(), id).await?.into_iter().filter(|r| r.release == Release::Waiting).enumerate() {
            match &summary {
                // Where somebody says who they are, a summary stands for their words.
                Some(s) if i == 0 => report.release_summary(act, s).await?,
                _ => report.release_as_written(act).await?,
            };
        }
        for photo in attachments::of_issue(act.tx(), id).await?.into_iter().filter(|a| a.released_at.is_none()) {
            photo.release(act, building).await?;
        }
        Ok(())
    }

    async fn answer_offer(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        let act = stage.act(at, Actor::System).await?;
        let issue = self.issue(act, m).await?;
        let to = issue.offered_to_id.ok_or_else(|| Error::broken("nothing was offered"))?;
        let to = self.world.organisation_of(to)?.clone();
        let act = stage.act(at, self.world.worker(&to, m)?).await?;
        match mv {
            Move::TakeOver(words) => {
                let issue = issue.take_over(act).await?;
                messages::say(act, issue, Voice::Reporters, &words).await.map(drop)
            }
            Move::Refuse { reason, words } => issue.refuse_transfer(act, &reason, &words).await.map(drop),
            _ => Ok(()),
        }
    }

    /// What whoever is responsible does at the desk.
    async fn desk(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        let home = self.matters[m].home;
        let act = stage.act(at, Actor::System).await?;
        let issue = self.issue(act, m).await?;
        let holder = issue.holder_id.ok_or_else(|| Error::broken("nobody is responsible"))?;
        let holder = self.world.organisation_of(holder)?.clone();
        let secretary = matches!(mv, Move::SendBack(_) | Move::Verify { by_secretary: true } | Move::Nominate);
        let actor = if secretary { self.world.secretary(home)? } else { self.world.worker(&holder, m)? };
        let act = stage.act(at, actor).await?;
        match mv {
            Move::Accept(answer) => issue.accept(act, &answer).await.map(drop),
            Move::Decline { reason, words } => issue.decline(act, &reason, &words).await.map(drop),
            Move::Offer { to, reason, words } => issue.offer(act, self.world.organisation(&to)?, &reason, &words).await.map(drop),
            Move::Shelve { plan, days } => {
                let day = act.calendar().date_of(at).checked_add_days(Days::new(days)).unwrap_or_default();
                issue.shelve(act, &plan, &day.to_string()).await.map(drop)
            }
            Move::Resume => issue.resume(act).await.map(drop),
            Move::MergeInto(other) => {
                let into = self.issue(act, other).await?;
                issues::merge(act, issue, into).await.map(drop)
            }
            Move::Reopen => issue.reopen(act).await.map(drop),
            Move::Ask(words) => messages::ask(act, issue, &words).await.map(drop),
            Move::Say(voice, words) => messages::say(act, issue, voice, &words).await.map(drop),
            Move::Nominate => issue.nominate(act, crate::domain::meetings::items::Source::Issue).await.map(drop),
            Move::Dispatch { to, words, days } => {
                let to = to.as_deref().map(|slug| self.world.organisation(slug)).transpose()?.unwrap_or(&holder);
                let new = NewTask { words: &words, measure: "", due: Due::Days(days), resolution: None, undertaking: None };
                tasks::dispatch(act, issue, to, new).await.map(drop)
            }
            Move::SendBack(words) => last_task(act, &issue).await?.send_back(act, &issue, &words).await.map(drop),
            Move::Verify { .. } => last_task(act, &issue).await?.verify(act, &issue).await.map(drop),
            Move::Done(evidence) => issue.done(act, holder.id, &evidence).await.map(drop),
            _ => Ok(()),
        }
    }

    /// What the organisation of the last task does.
    async fn work(&mut self, stage: &mut Stage, at: DateTime<Utc>, m: usize, mv: Move) -> Result<()> {
        let act = stage.act(at, Actor::System).await?;
        let issue = self.issue(act, m).await?;
        let task = last_task(act, &issue).await?;
        let of = self.world.organisation_of(task.organisation_id)?.clone();
        let act = stage.act(at, self.world.worker(&of, m)?).await?;
        match mv {
            Move::Acknowledge => task.acknowledge(act, &issue).await.map(drop),
            Move::Begin => task.begin(act, &issue).await.map(drop),
            Move::StopClock(reason, words) => task.stop_clock(act, &issue, reason, &words).await.map(drop),
            Move::RunClock => task.run_clock(act, &issue).await.map(drop),
            Move::TaskDone { evidence, photos } => {
                let scene = Scene::of(&issue.category);
                let photos = (0..photos).map(|i| self.album.take(scene, m + i)).collect::<Result<_>>()?;
                task.done(act, &issue, &evidence, photos).await.map(drop)
            }
            _ => Ok(()),
        }
    }
}

/// The task that was dispatched last.
async fn last_task(act: &Act, issue: &Issue) -> Result<Task> {
    tasks::of_issue(act.tx(), issue.id).await?.pop().ok_or_else(|| Error::broken("a matter without a task"))
}
