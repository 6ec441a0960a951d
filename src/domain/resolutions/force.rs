//! How a resolution comes into force and how it ends: signed, published, displayed, not objected to; superseded, repealed, over.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use serde_json::json;

use super::objections::{self, has_standing_objection};
use super::{ActiveModel, Column, Entity, Model, Resolution, ResolutionState, by_id};
use crate::domain::issues;
use crate::domain::journal::Entry;
use crate::domain::meetings::items;
use crate::domain::motions::{self, Upon};
use crate::domain::organisations;
use crate::domain::tasks::{self, Due, NewTask};
use crate::domain::undertakings::{self, UndertakingState};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::dates;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::text::TextHash;

/// What can no longer change, because it is on display long enough and published: puts it in force. Gives how many.
pub async fn take_effect_due(house: &House) -> Result<usize> {
    let today = house.calendar().date_of(house.now()).to_string();
    let begun = Column::ForceFrom.is_null().or(Column::ForceFrom.lte(today));
    let shown = Entity::find().filter(Column::State.eq(ResolutionState::Adopted)).filter(Column::DisplayUntil.lte(house.now())).filter(begun);
    let mut n = 0;
    for r in shown.order_by_asc(Column::DisplayUntil).all(house.read()).await? {
        // One that a party has not signed, or objects to, waits, and keeps no other waiting.
        if !r.all_signed(house.read()).await? || has_standing_objection(house.read(), r.id).await? {
            continue;
        }
        let act = house.act(Actor::System).await?;
        let r = by_id(act.tx(), r.id).await?;
        match r.take_effect(&act).await {
            Ok(true) => {
                act.commit().await?;
                n += 1;
            }
            Ok(false) | Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

/// What has had its last day is over by itself. Gives how many.
pub async fn expire_due(house: &House) -> Result<usize> {
    let today = house.calendar().date_of(house.now()).to_string();
    let over = Entity::find().filter(Column::State.eq(ResolutionState::InForce)).filter(Column::ForceUntil.lt(today));
    let mut n = 0;
    for r in over.order_by_asc(Column::ForceUntil).all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        let r = by_id(act.tx(), r.id).await?;
        let last = r.force_until.as_deref().and_then(dates::parse).map(|d| act.calendar().end_of(d));
        let ended = last.filter(|at| r.in_force_at.is_some_and(|from| from <= *at)).unwrap_or(act.at);
        let set = ActiveModel { state: Set(ResolutionState::Expired), ended_at: Set(Some(ended)), ..Default::default() };
        if r.state != ResolutionState::InForce {
            act.undo().await?;
            continue;
        }
        match r.change(&act, set).await {
            Ok(r) => {
                act.journal(r.on_self(&act).await?, &Entry::ResolutionExpired { year: r.year, serial: r.serial }).await?;
                act.commit().await?;
                n += 1;
            }
            Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

impl Model {
    /// Whether every party that must act has signed.
    pub async fn all_signed(&self, db: &impl ConnectionTrait) -> Result<bool> {
        let all = undertakings::of_resolution(db, self.id).await?;
        Ok(all.iter().filter(|u| u.state.counts()).all(|u| u.state == UndertakingState::Signed))
    }

    /// When every party has signed, the agreement holds: the matter is decided, and each undertaking becomes a task.
    pub(in crate::domain) async fn settle(self, act: &Act) -> Result<Resolution> {
        if !self.all_signed(act.tx()).await? {
            return Ok(self);
        }
        let Some(issue_id) = self.issue_id else { return Ok(self) };
        let mut issue = issues::hold_by_id(act, issue_id).await?;
        if issue.state == issues::IssueState::OnAgenda {
            issue = issue.decide(act, self.id).await?;
        }
        for u in undertakings::of_resolution(act.tx(), self.id).await? {
            if u.task_id.is_some() || !u.state.counts() {
                continue;
            }
            let to = organisations::by_id(act.tx(), u.organisation_id).await?;
            let new = NewTask { words: &u.words, measure: &u.measure, due: Due::At(u.due_at), resolution: Some(self.id), undertaking: Some(u.id) };
            let (after, task) = tasks::dispatch(act, issue, &to, new).await?;
            issue = after;
            u.change(act, undertakings::ActiveModel { task_id: Set(Some(task.id)), ..Default::default() }).await?;
        }
        let id = self.id;
        Box::pin(self.take_effect(act)).await?;
        by_id(act.tx(), id).await
    }

    /// Gives an agreement up that a party has refused to sign: it never held. The matter stays with the council, on its list.
    pub async fn lapse(self, act: &Act) -> Result<Resolution> {
        let refused = undertakings::of_resolution(act.tx(), self.id).await?.iter().any(|u| u.state == UndertakingState::Refused);
        if self.state != ResolutionState::Adopted || !refused {
            return Err(Refusal::new("agreement_stands").into());
        }
        let r = self.change(act, ActiveModel { state: Set(ResolutionState::Lapsed), ended_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(r.on_self(act).await?, &Entry::ResolutionLapsed { year: r.year, serial: r.serial }).await?;
        if let Some(id) = r.issue_id {
            let issue = issues::by_id(act.tx(), id).await?;
            items::propose(act, &issue, items::Source::Issue).await?;
        }
        Ok(r)
    }

    /// Publishes: an entry in the public ledger, and the days of display begin.
    pub async fn publish(self, act: &Act) -> Result<Resolution> {
        if self.published_at.is_some() {
            return Err(Refusal::new("published").into());
        }
        let motion = motions::by_id(act.tx(), self.motion_id).await?;
        let council = self.council(act.tx()).await?;
        let TextHash(words) = TextHash::of(&self.words_salt, &self.words);
        let mut facts = json!({
            "council": council.name, "year": self.year, "serial": self.serial, "words_sha256": words,
            "vote": { "seats": motion.seats, "recused": motion.recused, "present": motion.present, "yes": motion.yes, "no": motion.no,
                      "abstain": motion.abstain, "outcome": motion.outcome.map(|o| o.as_str()) },
        });
        // The hash covers the part that is not public too; where it stands nobody can read from it.
        if let Some(closed) = &self.closed_words {
            facts["closed_words_sha256"] = TextHash::of(&self.words_salt, closed).0.into();
            facts["closed_reason"] = self.closed_reason.clone().into();
        }
        let position = act.publish("resolution", "resolution", self.id, council.building_id, facts).await?;
        let today = act.calendar().date_of(act.at);
        let until = act.calendar().natural_due(today, motion.display_days.unsigned_abs());
        let set = ActiveModel {
            published_at: Set(Some(act.at)),
            ledger_index: Set(Some(position as i64)),
            display_until: Set(Some(until.at)),
            ..Default::default()
        };
        let resolution = self.change(act, set).await?;
        let (year, serial) = (resolution.year, resolution.serial);
        act.journal(resolution.on_self(act).await?, &Entry::ResolutionPublished { year, serial, position }).await?;
        Ok(resolution)
    }

    /// In force once published, displayed long enough, signed by everybody and objected to by nobody; what it does to an earlier one
    /// it does now, and its tasks begin.
    pub(super) async fn take_effect(self, act: &Act) -> Result<bool> {
        let displayed = self.display_until.is_some_and(|d| d <= act.at);
        let begun = self.force_from.as_deref().and_then(dates::parse).is_none_or(|d| d <= act.calendar().date_of(act.at));
        let ready = self.state == ResolutionState::Adopted && self.ledger_index.is_some() && displayed && begun;
        if !ready || !self.all_signed(act.tx()).await? || has_standing_objection(act.tx(), self.id).await? {
            return Ok(false);
        }
        let r = self.change(act, ActiveModel { state: Set(ResolutionState::InForce), in_force_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(r.on_self(act).await?, &Entry::ResolutionInForce { year: r.year, serial: r.serial }).await?;
        if let Some((old, upon)) = r.supersedes_id.zip(r.upon) {
            Box::pin(r.acts_upon(act, by_id(act.tx(), old).await?, upon)).await?;
        }
        Box::pin(r.dispatch_tasks(act)).await?;
        Ok(true)
    }

    /// What a resolution that has come into force does to an earlier one, unless that has ended meanwhile.
    async fn acts_upon(&self, act: &Act, old: Resolution, upon: Upon) -> Result<()> {
        if !matches!(old.state, ResolutionState::Adopted | ResolutionState::InForce) {
            return Ok(());
        }
        let (year, serial, by_year, by_serial) = (old.year, old.serial, self.year, self.serial);
        let on = old.on_self(act).await?;
        let (state, entry) = match upon {
            Upon::Confirms => return Ok(()),
            Upon::Amends => return act.journal(on, &Entry::ResolutionAmended { year, serial, by_year, by_serial }).await.map(drop),
            Upon::Supersedes => (ResolutionState::Superseded, Entry::ResolutionSuperseded { year, serial, by_year, by_serial }),
            Upon::Repeals => (ResolutionState::Repealed, Entry::ResolutionRepealed { year, serial, by_year, by_serial }),
        };
        let id = old.id;
        let set = ActiveModel { state: Set(state), ended_at: Set(Some(act.at)), ..Default::default() };
        let old = old.change(act, set).await?;
        act.journal(on, &entry).await?;
        objections::upheld(act, &old).await?;
        tasks::fall_away(act, id).await
    }

    /// The tasks that the motion set begin with its force.
    async fn dispatch_tasks(&self, act: &Act) -> Result<()> {
        let Some(issue) = self.issue_id else { return Ok(()) };
        for t in motions::tasks_of(act.tx(), self.motion_id).await?.into_iter().filter(|t| t.task_id.is_none()) {
            let issue = issues::hold_by_id(act, issue).await?;
            let to = organisations::by_id(act.tx(), t.organisation_id).await?;
            let new = NewTask { words: &t.words, measure: &t.measure, due: Due::At(t.due_at), resolution: Some(self.id), undertaking: None };
            let (_, task) = tasks::dispatch(act, issue, &to, new).await?;
            t.became(act, task.id).await?;
        }
        Ok(())
    }
}

/// Tasks of a matter's resolutions that have not begun, because the resolution is not in force yet.
pub(in crate::domain) async fn tasks_to_come(db: &impl ConnectionTrait, issue: crate::kernel::ids::IssueId) -> Result<usize> {
    let mut n = 0;
    for r in super::of_issue(db, issue).await?.into_iter().filter(|r| r.state == ResolutionState::Adopted) {
        n += motions::tasks_of(db, r.motion_id).await?.iter().filter(|t| t.task_id.is_none()).count();
    }
    Ok(n)
}
