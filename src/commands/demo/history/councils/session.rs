//! Before and in the session: draft, notice, undertakings asked for, votes.

use chrono::{DateTime, Duration, Utc};

use super::{Step, data};
use crate::commands::demo::history::History;
use crate::commands::demo::stage::Stage;
use crate::domain::councils::Seat;
use crate::domain::issues;
use crate::domain::meetings::items::{self, Competence, Item, NewItem, Source};
use crate::domain::meetings::presence::{Ground, How};
use crate::domain::meetings::{self, MeetingKind, NewMeeting};
use crate::domain::motions::{self, Method, NewMotion, Promise};
use crate::domain::resolutions;
use crate::domain::rights::Role;
use crate::domain::undertakings;
use crate::domain::votes::Choice;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PersonId;

impl History {
    /// Does one step of a meeting.
    pub async fn sit(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize, step: Step) -> Result<()> {
        match step {
            Step::Draft => self.draft(stage, t, s).await,
            Step::Call => {
                let act = stage.act(t, self.world.holder(self.sittings[s].home, Role::Secretary)?).await?;
                meetings::by_id(act.tx(), self.meeting(s)?).await?.call(act).await.map(drop)
            }
            Step::Ask => self.ask(stage, t, s).await,
            Step::ListLate(j) => {
                let act = stage.act(t, self.world.holder(self.sittings[s].home, Role::Secretary)?).await?;
                let item = self.propose(act, s, j).await?;
                let item = meetings::by_id(act.tx(), self.meeting(s)?).await?.list(act, item).await?;
                self.sittings[s].taken[j].item = Some(item.id);
                Ok(())
            }
            Step::Sign(j, u) => self.sign(stage, t, s, j, u).await,
            Step::Session => self.session(stage, t, s).await,
            other => self.after(stage, t, s, other).await,
        }
    }

    pub(super) fn meeting(&self, s: usize) -> Result<crate::kernel::ids::MeetingId> {
        self.sittings[s].meeting.ok_or_else(|| Error::broken("a meeting before it was drafted"))
    }

    async fn draft(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize) -> Result<()> {
        let home = self.sittings[s].home;
        let act = stage.act(t, self.world.holder(home, Role::Secretary)?).await?;
        let council = crate::domain::councils::by_id(act.tx(), self.world.council_of(home)?.id).await?;
        let new = NewMeeting { kind: MeetingKind::Regular, starts_at: self.sittings[s].starts, place: &self.sittings[s].place, online: None };
        let meeting = meetings::draft(act, &council, new).await?;
        let id = meeting.id;
        for j in 0..self.sittings[s].taken.len() {
            if self.sittings[s].plan.items[j].late {
                continue;
            }
            let item = self.propose(act, s, j).await?;
            let item = meetings::by_id(act.tx(), id).await?.list(act, item).await?;
            self.sittings[s].taken[j].item = Some(item.id);
        }
        self.sittings[s].meeting = Some(id);
        Ok(())
    }

    /// Puts an item on the council's list, if it is not there yet, with its question and papers.
    async fn propose(&self, act: &Act, s: usize, j: usize) -> Result<Item> {
        let (sitting, plan) = (&self.sittings[s], &self.sittings[s].plan.items[j]);
        let competence = plan.competence.unwrap_or(Competence::Council);
        let Some(m) = sitting.taken[j].matter else {
            let council = self.world.council_of(sitting.home)?;
            let title = plan.title.as_deref().unwrap_or(&plan.question);
            return items::raise(
                act,
                council,
                NewItem { source: Source::Department, competence, title, question: &plan.question, papers: &plan.papers },
            )
            .await;
        };
        let issue = self.issue(act, m).await?;
        let (id, title) = (issue.id, issue.title_for_public(crate::kernel::i18n::Lang::Zh));
        let item = match items::open_of_issue(act.tx(), id).await? {
            Some(open) => open,
            None => {
                issue.nominate(act, Source::Issue).await?;
                items::open_of_issue(act.tx(), id).await?.ok_or_else(|| Error::broken("nominated, and not on the list"))?
            }
        };
        item.prepare(act, &title, &plan.question, competence, &plan.papers).await
    }

    async fn ask(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize) -> Result<()> {
        let sitting = &self.sittings[s];
        let act = stage.act(t, self.world.holder(sitting.home, Role::Secretary)?).await?;
        let day = act.calendar().date_of(sitting.starts);
        for (plan, taken) in sitting.plan.items.iter().zip(&sitting.taken) {
            let Some(item) = taken.item else { continue };
            let item = items::by_id(act.tx(), item).await?;
            for party in &plan.undertakings {
                let due = act.calendar().end_of(day + Duration::days(party.due));
                undertakings::ask(act, &item, self.world.organisation(&party.who)?, &party.words, &party.measure, due).await?;
            }
        }
        Ok(())
    }

    async fn sign(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize, j: usize, u: usize) -> Result<()> {
        let sitting = &self.sittings[s];
        let party = &sitting.plan.items[j].undertakings[u];
        let act = stage.act(t, self.world.worker(self.world.organisation(&party.who)?, 0)?).await?;
        let item = sitting.taken[j].item.ok_or_else(|| Error::broken("signed before it was listed"))?;
        let asked = undertakings::of_item(act.tx(), item).await?.into_iter().nth(u).ok_or_else(|| Error::broken("nobody was asked"))?;
        match &party.changes {
            Some(words) => asked.ask_changes(act, words).await.map(drop),
            None => asked.sign(act).await.map(drop),
        }
    }

    async fn session(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize) -> Result<()> {
        let home = self.sittings[s].home;
        let (convenor, secretary) = (self.world.holder(home, Role::Convenor)?, self.world.holder(home, Role::Secretary)?);
        let meeting = self.meeting(s)?;
        let act = stage.act(t + Duration::minutes(2), convenor.clone()).await?;
        meetings::by_id(act.tx(), meeting).await?.open(act).await?;
        let seats = self.world.council_of(home)?.seats(act.tx()).await?;
        let mut present: Vec<(Seat, PersonId)> = vec![];
        for seat in seats {
            let Some(person) = seat.person_id else { continue };
            if self.sittings[s].plan.absent.iter().any(|a| a == self.world.name_of(person)) {
                continue;
            }
            let act = stage.act(t + Duration::seconds(150 + 11 * i64::from(seat.number)), self.world.member(&seat, person)?).await?;
            let how = if seat.number == 12 { How::Online } else { How::Room };
            meetings::by_id(act.tx(), meeting).await?.seat_present(act, &seat, person, how).await?;
            present.push((seat, person));
        }
        for j in 0..self.sittings[s].taken.len() {
            let begins = t + Duration::minutes(8 + 24 * j as i64);
            self.treat(stage, begins, s, j, &present).await?;
        }
        let ends = t + Duration::minutes(12 + 24 * self.sittings[s].taken.len() as i64);
        let act = stage.act(ends, secretary).await?;
        meetings::by_id(act.tx(), meeting).await?.close(act).await.map(drop)
    }

    /// One item, to one of its ends.
    async fn treat(&mut self, stage: &mut Stage, t: DateTime<Utc>, s: usize, j: usize, present: &[(Seat, PersonId)]) -> Result<()> {
        let sitting = &self.sittings[s];
        let (plan, taken) = (&sitting.plan.items[j], &sitting.taken[j]);
        let (convenor, secretary) = (self.world.holder(sitting.home, Role::Convenor)?, self.world.holder(sitting.home, Role::Secretary)?);
        let act = stage.act(t, secretary.clone()).await?;
        let item = items::by_id(act.tx(), taken.item.ok_or_else(|| Error::broken("treated before it was listed"))?).await?;
        let id = item.id;
        if let Some(words) = &plan.refer {
            return item.refer(act, words).await.map(drop);
        }
        if let Some(days) = plan.defer {
            let to = act.calendar().date_of(t) + Duration::days(days as i64);
            return item.defer(act, &to.to_string()).await.map(drop);
        }
        let Some(motion) = &plan.motion else { return item.withdraw(act).await.map(drop) };
        if let Some(first) = &plan.withdrawn {
            motions::put(act, &item, self.new_motion(act, first, None, s, j).await?).await?.withdraw(act).await?;
        }
        for (seat, person) in present.iter().filter(|(_, p)| motion.declared.iter().any(|d| d == self.world.name_of(*p))) {
            let act = stage.act(t + Duration::minutes(3), self.world.member(seat, *person)?).await?;
            items::by_id(act.tx(), id).await?.recuse(act, seat, Ground::Declared).await?;
        }
        for (u, party) in plan.undertakings.iter().enumerate().filter(|(_, p)| p.signed == Some(0)) {
            let act = stage.act(t + Duration::minutes(7), self.world.worker(self.world.organisation(&party.who)?, 0)?).await?;
            let asked = undertakings::of_item(act.tx(), id).await?.into_iter().nth(u).ok_or_else(|| Error::broken("nobody was asked"))?;
            asked.sign(act).await?;
        }
        let act = stage.act(t + Duration::minutes(9), secretary).await?;
        let item = items::by_id(act.tx(), id).await?;
        let put = motions::put(act, &item, self.new_motion(act, motion, taken.matter, s, j).await?).await?;
        let method = motion.method.unwrap_or(Method::Named);
        let act = stage.act(t + Duration::minutes(15), convenor.clone()).await?;
        let open = motions::by_id(act.tx(), put.id).await?.open(act, method).await?;
        let roll = open.roll(act.tx()).await?;
        if method != Method::Consensus {
            for (k, (seat, person)) in present.iter().enumerate() {
                let standing = roll.seats.iter().find(|(s, ..)| s.id == seat.id).map(|(_, standing, _)| *standing);
                if standing != Some(crate::domain::votes::tally::Standing::Present) {
                    continue;
                }
                let name = self.world.name_of(*person);
                let choice = match name {
                    n if motion.against.iter().any(|a| a == n) => Choice::No,
                    n if motion.abstain.iter().any(|a| a == n) => Choice::Abstain,
                    _ => Choice::Yes,
                };
                let act = stage.act(t + Duration::seconds(920 + 9 * k as i64), self.world.member(seat, *person)?).await?;
                open.cast(act, seat, *person, choice, false).await?;
            }
        }
        let act = stage.act(t + Duration::minutes(18), convenor).await?;
        let (closed, resolution) = motions::by_id(act.tx(), open.id).await?.close(act, 0).await?;
        let resolution = resolution.ok_or_else(|| Error::broken(format!("{} was not carried: {:?}", motion.title, closed.outcome)))?;
        self.sittings[s].taken[j].resolution = Some(resolution.id);
        Ok(())
    }

    async fn new_motion<'m>(&self, act: &Act, m: &'m data::Motion, matter: Option<usize>, _s: usize, _j: usize) -> Result<NewMotion<'m>> {
        let supersedes = match (m.supersedes, matter.and_then(|m| self.matters[m].issue)) {
            (true, Some(issue)) => resolutions::of_issue(act.tx(), issue).await?.pop().map(|r| r.id),
            _ => None,
        };
        let promise = m.figure.as_ref().map(|f| Promise {
            figure: f.figure,
            unit: f.unit.clone(),
            before: Some(f.before),
            target: f.target,
            decimals: f.decimals,
        });
        Ok(NewMotion { title: &m.title, words: &m.words, reasons: &m.reasons, promise, check_days: &m.checks, supersedes })
    }
}

/// The matter behind an item, as it is now.
pub(super) async fn issue_of(act: &Act, item: &Item) -> Result<issues::Issue> {
    issues::hold_by_id(act, item.issue_id.ok_or_else(|| Error::broken("an item without a matter"))?).await
}
