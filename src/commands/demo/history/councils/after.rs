//! After the session: publication, minutes, the tasks of those who signed, checks, and the council's word.

use chrono::{DateTime, Duration, Utc};

use super::Step;
use super::session::issue_of;
use crate::commands::demo::cue::{Cue, Desk, Due, Player, Reporters, Session, Work};
use crate::commands::demo::history::History;
use crate::commands::demo::photos::{Picture, Scene};
use crate::domain::effect_checks::{self, Feeling};
use crate::domain::issues::IssueState;
use crate::domain::meetings::items::{self, Item, ItemState};
use crate::domain::meetings::presence::attended;
use crate::domain::motions;
use crate::domain::reports;
use crate::domain::tasks::{self, Task};
use crate::domain::undertakings;
use crate::kernel::act::Actor;
use crate::kernel::error::{Error, Result};

impl History {
    pub(super) async fn after<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, step: Step) -> Result<()> {
        let keeper = self.keeper(s)?;
        match step {
            Step::Publish => {
                for (k, taken) in self.sittings[s].taken.iter().enumerate() {
                    let Some(id) = taken.resolution else { continue };
                    p.play(t + Duration::minutes(3 * k as i64), keeper.clone(), Cue::Council(Session::Publish(id))).await?;
                }
                Box::pin(self.dissents(p, t + Duration::minutes(40), s)).await
            }
            Step::Minutes => Box::pin(self.minuted(p, t, s)).await,
            Step::TakeOn(j, u) | Step::Do(j, u) | Step::Look(j, u) => self.undertaken(p, t, s, (j, u), step).await,
            Step::Finish(j) => {
                let item = self.item(p, s, j).await?;
                let issue = issue_of(p, &item).await?;
                let evidence = self.sittings[s].plan.items[j].finish.as_deref().unwrap_or_default();
                let by = self.world.organisation_of(issue.holder_id.ok_or_else(|| Error::broken("nobody is responsible"))?)?;
                p.play(t, keeper, Cue::Issue(issue.id, Desk::Done { by, evidence })).await
            }
            Step::Feel(j, c) => Box::pin(self.feel(p, t, s, (j, c))).await,
            Step::Measure(j) => {
                let item = self.item(p, s, j).await?;
                let issue = issue_of(p, &item).await?;
                let resolution = self.sittings[s].taken[j].resolution.ok_or_else(|| Error::broken("a check without a resolution"))?;
                let checks = effect_checks::of_resolution(p.reading().await?, resolution).await?;
                let made = checks.iter().filter(|c| c.verdict.is_some()).count();
                let (Some(check), Some(plan)) = (checks.into_iter().nth(made), self.sittings[s].plan.items[j].check.get(made)) else {
                    return Err(Error::broken("a check that was not planned"));
                };
                p.play(t, keeper, Cue::Issue(issue.id, Desk::Check { check: check.id, after: plan.after, words: &plan.words })).await
            }
            Step::Confirm(j) => {
                let item = self.item(p, s, j).await?;
                let issue = issue_of(p, &item).await?;
                // The reporters may all have answered meanwhile.
                if issue.state != IssueState::Done {
                    return Ok(());
                }
                p.play(t, keeper, Cue::Issue(issue.id, Desk::Confirm)).await
            }
            _ => Ok(()),
        }
    }

    /// Those who reported are asked on the day of a check, and some of them answer.
    async fn feel<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, (j, c): (usize, usize)) -> Result<()> {
        Box::pin(p.by_itself(t, Due::Ask)).await?;
        let sitting = &self.sittings[s];
        let (Some(m), Some(plan)) = (sitting.taken[j].matter, sitting.plan.items[j].check.get(c)) else { return Ok(()) };
        if effect_checks::asked(p.reading().await?, self.id(m)?).await?.is_none() {
            return Ok(());
        }
        let [better, same, worse] = plan.felt;
        let felt = std::iter::repeat_n(Feeling::Better, better)
            .chain(std::iter::repeat_n(Feeling::Same, same))
            .chain(std::iter::repeat_n(Feeling::Worse, worse));
        let all = reports::of_issue(p.reading().await?, self.id(m)?).await?;
        let mine = all.iter().filter(|r| r.withdrawn_at.is_none() && r.erased_at.is_none() && self.matters[m].reports.contains(&r.id));
        let asked: Vec<_> = mine.map(|r| r.id).zip(felt).collect();
        for (k, (report, feeling)) in asked.into_iter().enumerate() {
            let at = t + Duration::minutes(2 * k as i64 + 3);
            Box::pin(p.play(at, Actor::Reporter(report), Cue::Report(report, Reporters::Feel(feeling)))).await?;
        }
        Ok(())
    }

    /// A member who did not vote for something says why, while it is on display.
    async fn dissents<P: Player>(&self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let sitting = &self.sittings[s];
        let seats = self.world.council_of(sitting.home)?.seats(p.reading().await?).await?;
        for (plan, taken) in sitting.plan.items.iter().zip(&sitting.taken) {
            let (Some(said), Some(resolution)) = (plan.motion.as_ref().and_then(|m| m.dissent.as_ref()), taken.resolution) else { continue };
            let seat = seats.iter().find(|s| s.person_id.is_some_and(|q| self.world.name_of(q) == said.who));
            let Some((seat, person)) = seat.and_then(|s| s.person_id.map(|q| (s, q))) else { continue };
            let dissent = Session::Dissent { resolution, words: &said.words };
            p.play(t, self.world.member(seat, person)?, Cue::Council(dissent)).await?;
        }
        Ok(())
    }

    async fn item<P: Player>(&self, p: &mut P, s: usize, j: usize) -> Result<Item> {
        let id = self.sittings[s].taken[j].item.ok_or_else(|| Error::broken("no such item yet"))?;
        items::by_id(p.reading().await?, id).await
    }

    /// A party's task: taken on and begun, done with evidence, seen by the secretary.
    async fn undertaken<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, (j, u): (usize, usize), step: Step) -> Result<()> {
        let item = self.item(p, s, j).await?;
        let issue = issue_of(p, &item).await?;
        let party = &self.sittings[s].plan.items[j].undertakings[u];
        let task = task_of(p, &item, u).await?.id;
        let worker = self.world.worker(self.world.organisation(&party.who)?, 0)?;
        match step {
            Step::Look(..) => p.play(t, self.keeper(s)?, Cue::Task(task, Work::Verify)).await,
            Step::TakeOn(..) => {
                p.play(t, worker.clone(), Cue::Task(task, Work::Acknowledge)).await?;
                p.play(t, worker, Cue::Task(task, Work::Begin)).await
            }
            _ => {
                let scene = if issue.category == "lift.queue" { Scene::Clocks } else { Scene::of(&issue.category) };
                let photos: Vec<Picture> = (0..party.photos).map(|which| Picture { scene, which }).collect();
                let evidence = party.evidence.as_deref().unwrap_or("照着做了。");
                p.play(t, worker, Cue::Task(task, Work::Done { evidence, photos: &photos })).await
            }
        }
    }

    /// The minutes, from draft to adoption: more than half of those who were there sign.
    async fn minuted<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let (keeper, meeting, words) = (self.keeper(s)?, self.meeting(s)?, self.minutes(p, s).await?);
        p.play(t, keeper.clone(), Cue::Council(Session::SaveMinutes { meeting, words: &words })).await?;
        p.play(t + Duration::minutes(2), keeper.clone(), Cue::Council(Session::SendMinutes(meeting))).await?;
        let seats = self.world.council_of(self.sittings[s].home)?.seats(p.reading().await?).await?;
        let there = attended(p.reading().await?, meeting).await?;
        for (k, a) in there.iter().take(there.len() / 2 + 1).enumerate() {
            let Some(seat) = seats.iter().find(|q| q.id == a.seat_id) else { continue };
            let (at, person) = (t + Duration::minutes(6 + 3 * k as i64), a.person_id);
            p.play(at, self.world.member(seat, person)?, Cue::Council(Session::SignMinutes { meeting, person })).await?;
        }
        p.play(t + Duration::minutes(50), keeper, Cue::Council(Session::AdoptMinutes(meeting))).await
    }

    /// The minutes: who was there, what was said to each item, and the sums.
    async fn minutes<P: Player>(&self, p: &mut P, s: usize) -> Result<String> {
        let sitting = &self.sittings[s];
        let seats = self.world.council_of(sitting.home)?.seats(p.reading().await?).await?.len();
        let absent = &sitting.plan.absent;
        let mut out = format!("应到{seats}席，实到{}席", seats - absent.len());
        if !absent.is_empty() {
            out.push_str(&format!("，{}请假", absent.join("、")));
        }
        out.push_str("。\n");
        for (k, taken) in sitting.taken.iter().enumerate() {
            let Some(id) = taken.item else { continue };
            let item = items::by_id(p.reading().await?, id).await?;
            out.push_str(&format!("\n{}. {}。问：{}", k + 1, item.title, item.question));
            let end = match item.state {
                ItemState::Decided => self.vote_in_words(p, &item).await?,
                ItemState::Referred => item.outcome_words.clone().unwrap_or_default(),
                ItemState::Deferred => format!("没有结果，延到{}再议。", item.deferred_to.clone().unwrap_or_default()),
                _ => "撤下。".into(),
            };
            out.push_str(&format!("\n{end}\n"));
        }
        Ok(out)
    }

    async fn vote_in_words<P: Player>(&self, p: &mut P, item: &Item) -> Result<String> {
        let Some(m) = motions::of_item(p.reading().await?, item.id).await?.pop() else { return Ok(String::new()) };
        let n = |x: Option<i32>| x.unwrap_or_default();
        Ok(match m.outcome {
            Some(motions::Outcome::Consensus) => format!("问有没有异议，没有，通过：{}", m.title),
            _ => format!("{}赞成、{}反对、{}弃权，{}席回避，通过：{}", n(m.yes), n(m.no), n(m.abstain), n(m.recused), m.title),
        })
    }
}

async fn task_of<P: Player>(p: &mut P, item: &Item, u: usize) -> Result<Task> {
    let asked = undertakings::of_item(p.reading().await?, item.id).await?.into_iter().nth(u);
    let id = asked.and_then(|u| u.task_id).ok_or_else(|| Error::broken("an undertaking that has not become a task"))?;
    tasks::by_id(p.reading().await?, id).await
}
