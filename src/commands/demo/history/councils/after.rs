//! After the session: publication, minutes, the tasks of those who signed, checks, and the council's word.

use chrono::{DateTime, Duration, Utc};

use super::Step;
use super::session::issue_of;
use crate::commands::demo::history::History;
use crate::commands::demo::photos::Scene;
use crate::commands::demo::stage::Stage;
use crate::domain::effect_checks;
use crate::domain::issues::IssueState;
use crate::domain::meetings;
use crate::domain::meetings::items::{self, Item, ItemState};
use crate::domain::motions;
use crate::domain::resolutions;
use crate::domain::rights::Role;
use crate::domain::tasks::{self, Task};
use crate::domain::undertakings;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};

impl History {
    pub(super) async fn after(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize, step: Step) -> Result<()> {
        let home = self.sittings[s].home;
        let secretary = self.world.holder(home, Role::Secretary)?;
        match step {
            Step::Publish => {
                for (k, taken) in self.sittings[s].taken.iter().enumerate() {
                    let Some(id) = taken.resolution else { continue };
                    let act = stage.act(t + Duration::minutes(3 * k as i64), secretary.clone()).await?;
                    resolutions::by_id(act.tx(), id).await?.publish(act).await?;
                }
                Ok(())
            }
            Step::Minutes => {
                let act = stage.act(t, secretary).await?;
                let words = self.minutes(act, s).await?;
                meetings::by_id(act.tx(), self.meeting(s)?).await?.adopt_minutes(act, &words).await.map(drop)
            }
            Step::TakeOn(j, u) | Step::Do(j, u) | Step::Look(j, u) => self.undertaken(stage, t, s, (j, u), step).await,
            Step::Finish(j) => {
                let act = stage.act(t, secretary).await?;
                let issue = issue_of(act, &self.item(act, s, j).await?).await?;
                let words = self.sittings[s].plan.items[j].finish.clone().unwrap_or_default();
                let by = issue.holder_id.ok_or_else(|| Error::broken("nobody is responsible"))?;
                issue.done(act, by, &words).await.map(drop)
            }
            Step::Measure(j) => {
                let act = stage.act(t, secretary).await?;
                let issue = issue_of(act, &self.item(act, s, j).await?).await?;
                let resolution = self.sittings[s].taken[j].resolution.ok_or_else(|| Error::broken("a check without a resolution"))?;
                let checks = effect_checks::of_resolution(act.tx(), resolution).await?;
                let made = checks.iter().filter(|c| c.verdict.is_some()).count();
                let (Some(check), Some(plan)) = (checks.into_iter().nth(made), self.sittings[s].plan.items[j].check.get(made)) else {
                    return Err(Error::broken("a check that was not planned"));
                };
                check.make(act, issue, plan.after, &plan.words).await.map(drop)
            }
            Step::Confirm(j) => {
                let act = stage.act(t, secretary).await?;
                let issue = issue_of(act, &self.item(act, s, j).await?).await?;
                // The reporters may all have answered meanwhile.
                if issue.state == IssueState::Done { issue.confirm_by_council(act).await.map(drop) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    async fn item(&self, act: &Act, s: usize, j: usize) -> Result<Item> {
        items::by_id(act.tx(), self.sittings[s].taken[j].item.ok_or_else(|| Error::broken("no such item yet"))?).await
    }

    /// A party's task: taken on and begun, done with evidence, seen by the secretary.
    async fn undertaken(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize, (j, u): (usize, usize), step: Step) -> Result<()> {
        let secretary = self.world.holder(self.sittings[s].home, Role::Secretary)?;
        let act = stage.act(t, secretary.clone()).await?;
        let item = self.item(act, s, j).await?;
        let issue = issue_of(act, &item).await?;
        let party = &self.sittings[s].plan.items[j].undertakings[u];
        let task = task_of(act, &item, u).await?;
        if let Step::Look(..) = step {
            return task.verify(act, &issue).await.map(drop);
        }
        let worker = self.world.worker(self.world.organisation(&party.who)?, 0)?;
        let act = stage.act(t, worker).await?;
        if let Step::TakeOn(..) = step {
            let task = task.acknowledge(act, &issue).await?;
            return task.begin(act, &issue).await.map(drop);
        }
        let scene = if issue.category == "lift.queue" { Scene::Clocks } else { Scene::of(&issue.category) };
        let photos = (0..party.photos).map(|i| self.album.take(scene, i)).collect::<Result<_>>()?;
        task.done(act, &issue, party.evidence.as_deref().unwrap_or("照着做了。"), photos).await.map(drop)
    }

    /// The minutes: who was there, what was said to each item, and the sums.
    async fn minutes(&self, act: &Act, s: usize) -> Result<String> {
        let sitting = &self.sittings[s];
        let seats = self.world.council_of(sitting.home)?.seats(act.tx()).await?.len();
        let absent = &sitting.plan.absent;
        let mut out = format!("应到{seats}席，实到{}席", seats - absent.len());
        if !absent.is_empty() {
            out.push_str(&format!("，{}请假", absent.join("、")));
        }
        out.push_str("。\n");
        for (k, taken) in sitting.taken.iter().enumerate() {
            let Some(id) = taken.item else { continue };
            let item = items::by_id(act.tx(), id).await?;
            out.push_str(&format!("\n{}. {}。问：{}", k + 1, item.title, item.question));
            let end = match item.state {
                ItemState::Decided => self.vote_in_words(act, &item).await?,
                ItemState::Referred => item.outcome_words.clone().unwrap_or_default(),
                ItemState::Deferred => format!("没有结果，延到{}再议。", item.deferred_to.clone().unwrap_or_default()),
                _ => "撤下。".into(),
            };
            out.push_str(&format!("\n{end}\n"));
        }
        Ok(out)
    }

    async fn vote_in_words(&self, act: &Act, item: &Item) -> Result<String> {
        let Some(m) = motions::of_item(act.tx(), item.id).await?.pop() else { return Ok(String::new()) };
        let n = |x: Option<i32>| x.unwrap_or_default();
        Ok(match m.outcome {
            Some(motions::Outcome::Consensus) => format!("问有没有异议，没有，通过：{}", m.title),
            _ => format!("{}赞成、{}反对、{}弃权，{}席回避，通过：{}", n(m.yes), n(m.no), n(m.abstain), n(m.recused), m.title),
        })
    }
}

async fn task_of(act: &Act, item: &Item, u: usize) -> Result<Task> {
    let asked = undertakings::of_item(act.tx(), item.id).await?.into_iter().nth(u);
    let id = asked.and_then(|u| u.task_id).ok_or_else(|| Error::broken("an undertaking that has not become a task"))?;
    tasks::by_id(act.tx(), id).await
}
