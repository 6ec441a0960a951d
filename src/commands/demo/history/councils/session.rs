//! Before and in the session: draft, notice, undertakings asked for, votes.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use super::{Step, data};
use crate::commands::demo::cue::{Cue, Player, Session};
use crate::commands::demo::history::History;
use crate::domain::councils::{Seat, Weight};
use crate::domain::issues::{self, Issue};
use crate::domain::meetings;
use crate::domain::meetings::dates::Availability;
use crate::domain::meetings::items::{self, Competence, Item, NewItem, Source};
use crate::domain::meetings::presence::How;
use crate::domain::motions::{self, Method, NewMotion, Promise, Terms};
use crate::domain::resolutions;
use crate::domain::rights::Role;
use crate::domain::undertakings::{self, Undertaking};
use crate::domain::votes::Choice;
use crate::domain::votes::tally::Standing;
use crate::kernel::act::Actor;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{ItemId, MeetingId, MotionId, PersonId};

impl History {
    /// Does one step of a meeting.
    pub async fn sit<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, step: Step) -> Result<()> {
        match step {
            Step::Draft => self.draft(p, t, s).await,
            Step::Call => Box::pin(self.call(p, t, s)).await,
            Step::Ask => self.ask(p, t, s).await,
            Step::ListLate(j) => self.list(p, t, s, j).await,
            Step::Sign(j, u) => self.sign(p, t, s, j, u).await,
            Step::Session => Box::pin(self.session(p, t, s)).await,
            other => Box::pin(self.after(p, t, s, other)).await,
        }
    }

    pub(super) fn meeting(&self, s: usize) -> Result<MeetingId> {
        self.sittings[s].meeting.ok_or_else(|| Error::broken("a meeting before it was drafted"))
    }

    /// The secretary of a meeting's council.
    pub(super) fn keeper(&self, s: usize) -> Result<Actor> {
        self.world.holder(self.sittings[s].home, Role::Secretary)
    }

    async fn draft<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let sitting = &self.sittings[s];
        let council = self.world.council_of(sitting.home)?;
        p.play(t, self.keeper(s)?, Cue::Council(Session::Draft { council, starts_at: sitting.starts, place: &sitting.place })).await?;
        let newest = meetings::of_council(p.reading().await?, council.id).await?.into_iter().next();
        self.sittings[s].meeting = newest.map(|m| m.id);
        for j in 0..self.sittings[s].taken.len() {
            if !self.sittings[s].plan.items[j].late {
                self.list(p, t, s, j).await?;
            }
        }
        if self.sittings[s].plan.day == "later" { Box::pin(self.offer(p, t, s)).await } else { Ok(()) }
    }

    /// Of a meeting that lies well ahead the members are asked when they can come; most have said.
    async fn offer<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let (meeting, starts) = (self.meeting(s)?, self.sittings[s].starts);
        let times = [starts, starts + Duration::hours(2), starts + Duration::days(1)];
        p.play(t + Duration::minutes(5), self.keeper(s)?, Cue::Council(Session::OfferDates { meeting, times: &times })).await?;
        let seats = self.world.council_of(self.sittings[s].home)?.seats(p.reading().await?).await?;
        for seat in seats.iter().filter(|q| q.number % 5 != 0) {
            let Some(person) = seat.person_id else { continue };
            let pick = |n: i32| match (seat.number + n) % 4 {
                0 => Availability::No,
                1 => Availability::IfNeedBe,
                _ => Availability::Yes,
            };
            let said: BTreeMap<_, _> = times.iter().zip(0..).map(|(time, n)| (*time, if n == 1 { Availability::Yes } else { pick(n) })).collect();
            let at = t + Duration::minutes(30 + 7 * i64::from(seat.number));
            p.play(at, self.world.member(seat, person)?, Cue::Council(Session::AnswerDates { meeting, seat, person, said: &said })).await?;
        }
        Ok(())
    }

    /// Of the next meeting one member has said that they cannot come.
    async fn call<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let meeting = self.meeting(s)?;
        p.play(t, self.keeper(s)?, Cue::Council(Session::Call(meeting))).await?;
        if self.sittings[s].plan.day != "next" {
            return Ok(());
        }
        let seats = self.world.council_of(self.sittings[s].home)?.seats(p.reading().await?).await?;
        // One whose deputy can come, where there is one.
        let Some(seat) = seats.iter().find(|q| q.deputy_id.is_some() && q.person_id.is_some()).or(seats.iter().rfind(|q| q.person_id.is_some()))
        else {
            return Ok(());
        };
        let Some(person) = seat.person_id else { return Ok(()) };
        let excuse = Session::Excuse { meeting, seat, person, words: "那天在外地，下午赶不回来。" };
        p.play(t + Duration::minutes(95), self.world.member(seat, person)?, Cue::Council(excuse)).await
    }

    /// Puts an item on the council's list, if it is not there yet, with its question and papers, and on the agenda.
    async fn list<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, j: usize) -> Result<()> {
        let (sitting, plan, keeper) = (&self.sittings[s], &self.sittings[s].plan.items[j], self.keeper(s)?);
        let competence = plan.competence.unwrap_or(Competence::Council);
        let item = match sitting.taken[j].matter {
            None => {
                let council = self.world.council_of(sitting.home)?;
                let title = plan.title.as_deref().unwrap_or(&plan.question);
                let item = NewItem { source: Source::Department, competence, title, question: &plan.question, papers: &plan.papers };
                p.play(t, keeper.clone(), Cue::Council(Session::Raise { council, item })).await?;
                items::of_council(p.reading().await?, council.id).await?.pop().ok_or_else(|| Error::broken("raised, and not on the list"))?.id
            }
            Some(m) => {
                let issue = self.issue(p, m).await?;
                if items::open_of_issue(p.reading().await?, issue.id).await?.is_none() {
                    p.play(t, keeper.clone(), Cue::Council(Session::Propose(issue.id))).await?;
                }
                let open = items::open_of_issue(p.reading().await?, issue.id).await?;
                let item = open.ok_or_else(|| Error::broken("nominated, and not on the list"))?.id;
                let (question, papers) = (plan.question.as_str(), plan.papers.as_str());
                let title = &issue.title_for_public(Lang::Zh);
                p.play(t, keeper.clone(), Cue::Council(Session::Prepare { item, title, question, competence, papers })).await?;
                item
            }
        };
        p.play(t, keeper, Cue::Council(Session::List { meeting: self.meeting(s)?, item })).await?;
        self.sittings[s].taken[j].item = Some(item);
        Ok(())
    }

    async fn ask<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let (sitting, keeper, calendar) = (&self.sittings[s], self.keeper(s)?, p.calendar());
        let day = calendar.date_of(sitting.starts);
        for (plan, taken) in sitting.plan.items.iter().zip(&sitting.taken) {
            let Some(item) = taken.item else { continue };
            for party in &plan.undertakings {
                let (of, due) = (self.world.organisation(&party.who)?, calendar.end_of(day + Duration::days(party.due)));
                let ask = Session::Ask { item, of, words: &party.words, measure: &party.measure, due };
                p.play(t, keeper.clone(), Cue::Council(ask)).await?;
            }
        }
        Ok(())
    }

    async fn sign<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, j: usize, u: usize) -> Result<()> {
        let sitting = &self.sittings[s];
        let party = &sitting.plan.items[j].undertakings[u];
        let actor = self.world.worker(self.world.organisation(&party.who)?, 0)?;
        let item = sitting.taken[j].item.ok_or_else(|| Error::broken("signed before it was listed"))?;
        let asked = asked(p, item, u).await?.id;
        let answer = match &party.changes {
            Some(words) => Session::AskChanges(asked, words),
            None => Session::Sign(asked),
        };
        p.play(t, actor, Cue::Council(answer)).await
    }

    async fn session<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize) -> Result<()> {
        let home = self.sittings[s].home;
        let meeting = self.meeting(s)?;
        p.play(t + Duration::minutes(2), self.world.holder(home, Role::Convenor)?, Cue::Council(Session::Open(meeting))).await?;
        let seats = self.world.council_of(home)?.seats(p.reading().await?).await?;
        let mut present: Vec<(Seat, PersonId)> = vec![];
        for seat in seats {
            let Some(person) = seat.person_id else { continue };
            if self.sittings[s].plan.absent.iter().any(|a| a == self.world.name_of(person)) {
                continue;
            }
            let at = t + Duration::seconds(150 + 11 * i64::from(seat.number));
            let how = if seat.number == 12 { How::Online } else { How::Room };
            p.play(at, self.world.member(&seat, person)?, Cue::Council(Session::Come { meeting, seat: &seat, person, how })).await?;
            present.push((seat, person));
        }
        for j in 0..self.sittings[s].taken.len() {
            let begins = t + Duration::minutes(8 + 24 * j as i64);
            Box::pin(self.treat(p, begins, s, j, &present)).await?;
        }
        let ends = t + Duration::minutes(12 + 24 * self.sittings[s].taken.len() as i64);
        p.play(ends, self.keeper(s)?, Cue::Council(Session::Close(meeting))).await
    }

    /// One item, to one of its ends.
    async fn treat<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, s: usize, j: usize, present: &[(Seat, PersonId)]) -> Result<()> {
        let sitting = &self.sittings[s];
        let (plan, taken) = (&sitting.plan.items[j], &sitting.taken[j]);
        let (convenor, keeper) = (self.world.holder(sitting.home, Role::Convenor)?, self.keeper(s)?);
        let item = taken.item.ok_or_else(|| Error::broken("treated before it was listed"))?;
        if let Some(words) = &plan.refer {
            return p.play(t, keeper, Cue::Council(Session::Refer { item, words })).await;
        }
        if let Some(days) = plan.defer {
            let to = (p.calendar().date_of(t) + Duration::days(days as i64)).to_string();
            return p.play(t, keeper, Cue::Council(Session::Defer { item, to: &to })).await;
        }
        let Some(motion) = &plan.motion else { return p.play(t, keeper, Cue::Council(Session::Drop(item))).await };
        if let Some(first) = &plan.withdrawn {
            let put = Box::pin(self.put(p, t, &keeper, item, first, None)).await?;
            p.play(t, keeper.clone(), Cue::Council(Session::TakeBack(put))).await?;
        }
        for (seat, person) in present.iter().filter(|(_, q)| motion.declared.iter().any(|d| d == self.world.name_of(*q))) {
            p.play(t + Duration::minutes(3), self.world.member(seat, *person)?, Cue::Council(Session::Declare { item, seat })).await?;
        }
        for (u, party) in plan.undertakings.iter().enumerate().filter(|(_, q)| q.signed == Some(0)) {
            let actor = self.world.worker(self.world.organisation(&party.who)?, 0)?;
            let asked = asked(p, item, u).await?.id;
            p.play(t + Duration::minutes(7), actor, Cue::Council(Session::Sign(asked))).await?;
        }
        let put = Box::pin(self.put(p, t + Duration::minutes(9), &keeper, item, motion, taken.matter)).await?;
        let method = motion.method.unwrap_or(Method::Named);
        p.play(t + Duration::minutes(15), convenor.clone(), Cue::Council(Session::OpenVote(put, method))).await?;
        if method != Method::Consensus {
            self.vote(p, t, put, motion, present).await?;
        }
        p.play(t + Duration::minutes(18), convenor, Cue::Council(Session::CloseVote(put))).await?;
        let resolution = resolutions::of_motion(p.reading().await?, put).await?;
        let resolution = resolution.ok_or_else(|| Error::broken(format!("{} was not carried", motion.title)))?;
        self.sittings[s].taken[j].resolution = Some(resolution.id);
        Ok(())
    }

    /// Everybody who is there and has a vote gives it.
    async fn vote<P: Player>(&self, p: &mut P, t: DateTime<Utc>, put: MotionId, motion: &data::Motion, present: &[(Seat, PersonId)]) -> Result<()> {
        let open = motions::by_id(p.reading().await?, put).await?;
        let roll = open.roll(p.reading().await?).await?;
        for (k, (seat, person)) in present.iter().enumerate() {
            let standing = roll.seats.iter().find(|(s, ..)| s.id == seat.id).map(|(_, standing, _)| *standing);
            if standing != Some(Standing::Present) {
                continue;
            }
            let choice = match self.world.name_of(*person) {
                n if motion.against.iter().any(|a| a == n) => Choice::No,
                n if motion.abstain.iter().any(|a| a == n) => Choice::Abstain,
                _ => Choice::Yes,
            };
            let cast = Session::Cast { motion: put, seat, person: *person, choice };
            p.play(t + Duration::seconds(920 + 9 * k as i64), self.world.member(seat, *person)?, Cue::Council(cast)).await?;
        }
        Ok(())
    }

    /// Puts a motion; gives which.
    async fn put<P: Player>(
        &self,
        p: &mut P,
        t: DateTime<Utc>,
        by: &Actor,
        item: ItemId,
        m: &data::Motion,
        matter: Option<usize>,
    ) -> Result<MotionId> {
        let supersedes = match (m.supersedes, matter.and_then(|m| self.matters[m].issue)) {
            (true, Some(issue)) => resolutions::of_issue(p.reading().await?, issue).await?.pop().map(|r| r.id),
            _ => match &m.earlier {
                Some(title) => {
                    let council = items::by_id(p.reading().await?, item).await?.council_id;
                    let all = resolutions::of_council(p.reading().await?, council, 100).await?;
                    all.into_iter().find(|r| r.title == *title).map(|r| r.id)
                }
                None => None,
            },
        };
        let promise = m.figure.as_ref().map(|f| Promise {
            figure: f.figure,
            unit: f.unit.clone(),
            before: Some(f.before),
            target: f.target,
            decimals: f.decimals,
        });
        let day = p.calendar().date_of(t);
        let ahead = |days: Option<i64>| days.map_or_else(String::new, |n| (day + Duration::days(n)).to_string());
        let (until, review_on) = (ahead(m.until), ahead(m.review));
        // A rehearsal of one case knows only its own resolutions: what it would amend may not be there.
        let upon = m.upon.filter(|_| supersedes.is_some());
        let terms = Terms { upon, until: &until, review_on: &review_on, no_action: &m.no_action, ..Terms::default() };
        let motion = NewMotion {
            title: &m.title,
            words: &m.words,
            reasons: &m.reasons,
            promise,
            check_days: &m.checks,
            supersedes,
            amends: None,
            weight: Weight::Ordinary,
            terms,
        };
        p.play(t, by.clone(), Cue::Council(Session::Put { item, motion: Box::new(motion) })).await?;
        let last = motions::of_item(p.reading().await?, item).await?.pop();
        Ok(last.ok_or_else(|| Error::broken("a motion was put and is not there"))?.id)
    }
}

/// What a party was asked to sign.
async fn asked<P: Player>(p: &mut P, item: ItemId, u: usize) -> Result<Undertaking> {
    let all = undertakings::of_item(p.reading().await?, item).await?;
    all.into_iter().nth(u).ok_or_else(|| Error::broken("nobody was asked"))
}

/// The matter behind an item, as it is now.
pub(super) async fn issue_of<P: Player>(p: &mut P, item: &Item) -> Result<Issue> {
    issues::by_id(p.reading().await?, item.issue_id.ok_or_else(|| Error::broken("an item without a matter"))?).await
}
