//! A matter is handed over 移交: up, down, sideways, or back to whoever had it before. The giver stays responsible until the
//! receiver has agreed (首接负责); no clock restarts.

use sea_orm::ActiveValue::Set;

use super::agenda::Source;
use super::{ActiveModel, Issue, IssueState, Verb};
use crate::domain::buildings;
use crate::domain::categories::Limit;
use crate::domain::councils;
use crate::domain::hand_overs::{self, Asked, HandOver, HandOverState};
use crate::domain::journal::{Entry, Offer};
use crate::domain::levels::{Direction, Level};
use crate::domain::meetings::items;
use crate::domain::messages::{self, Voice};
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons;
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, ItemId, OrganisationId};
use crate::kernel::text;

/// Why a matter goes to another organisation, or is not taken.
pub const TRANSFER_REASONS: &[&str] = &["not_our_area", "needs_authority", "their_contract", "joint"];

/// Why it is given on, besides: what this level could do is done.
pub const OFFER_REASONS: &[&str] = &["not_our_area", "needs_authority", "their_contract", "joint", "carried_out"];

/// To whom a matter is handed over.
#[derive(Clone, Debug)]
pub enum Receiver {
    /// An organisation at any level.
    Organisation(OrganisationId),
    /// The council of the building's district; its secretary answers.
    Council,
    /// Whoever had it before.
    Before,
}

/// What a receiver says with its yes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report<'a> {
    /// By which day it reports back.
    pub on: &'a str,
    /// It has been said that this is later than what the reporters were promised.
    pub after_result: bool,
}

impl Issue {
    /// Offers the matter to another organisation, which has one working day to take or refuse it. Until then the giver
    /// stays responsible; no clock restarts.
    pub async fn offer(self, act: &Act, to: &Organisation, why: &str, words: &str) -> Result<Issue> {
        self.hand_to(act, Receiver::Organisation(to.id), why, words).await
    }

    /// The same to whomever a form names.
    pub async fn hand_to(self, act: &Act, to: Receiver, why: &str, words: &str) -> Result<Issue> {
        self.ask_holder(act)?;
        let why = super::triage::reason(OFFER_REASONS, why)?;
        self.ask_receiver(act, to, why, words, None).await
    }

    /// A council refers its item together with the matter: it is the council's act, whoever is responsible.
    pub(in crate::domain) async fn referred(self, act: &Act, to: Receiver, words: &str, item: ItemId) -> Result<Issue> {
        let why = if matches!(to, Receiver::Before) { "carried_out" } else { "needs_authority" };
        self.ask_receiver(act, to, why.into(), words, Some(item)).await
    }

    async fn ask_receiver(self, act: &Act, to: Receiver, reason: String, words: &str, item: Option<ItemId>) -> Result<Issue> {
        self.offerable()?;
        let had = hand_overs::before(&hand_overs::of_issue(act.tx(), self.id).await?);
        let (to, level, council) = match to {
            Receiver::Organisation(id) => {
                let to = organisations::by_id(act.tx(), id).await?;
                let level = to.acts_at();
                (to, level, None)
            }
            Receiver::Before => {
                let (id, level) = had.ok_or_else(|| Refusal::new("nobody_before").at("to"))?;
                (organisations::by_id(act.tx(), id).await?, level, None)
            }
            Receiver::Council => {
                let (office, council) = self.district_council(act).await?;
                (office, Level::District, Some(council))
            }
        };
        if Some(to.id) == self.holder_id {
            return Err(Refusal::new("transfer_self").at("to").into());
        }
        if !to.takes_over() || to.retired_at.is_some() {
            return Err(Refusal::new("transfer_not_theirs").at("to").into());
        }
        let back = council.is_none() && had.is_some_and(|(id, _)| id == to.id);
        let direction = if back { Direction::Back } else { self.level.way_to(level) };
        // Whoever gets it back reads what came of it.
        let words = text::words("words", words, if back { 4 } else { 2 }, 1000)?;
        let until = Limit::WorkingDays(1).from(act.at, &act.calendar()).at;
        let asked = Asked { to: to.id, to_level: level, council, item, direction, reason: reason.clone(), answer_due: until };
        hand_overs::ask(act, &self, asked).await?;
        let set = ActiveModel { offered_to_id: Set(Some(to.id)), offered_until: Set(Some(until)), ..Default::default() };
        let issue = self.change(act, set).await?;
        let entry = Entry::TransferOffered(Offer { to: to.id, until, reason, level: Some(level), direction: Some(direction), council });
        act.journal(issue.on_self(), &entry).await?;
        let issue = messages::say(act, issue, Voice::Parties, &words).await?;
        issue.tell_channels(act, "transfer_offered", Some(to.id), false, None, None).await?;
        let asked = match council {
            Some(id) => {
                let district = councils::by_id(act.tx(), id).await?.district_id;
                persons::holders_in_district(act.tx(), district, Role::Secretary).await?
            }
            None => persons::of_organisation(act.tx(), to.id).await?,
        };
        issue.tell(act, "transfer_offered", asked).await?;
        Ok(issue)
    }

    /// The council of the district, and the organisation that keeps its office: that of its secretary.
    async fn district_council(&self, act: &Act) -> Result<(Organisation, CouncilId)> {
        let none = || Refusal::new("no_district_council").at("to");
        let building = buildings::by_id(act.tx(), self.building_id).await?;
        let council = match councils::of_district(act.tx(), building.district_id).await {
            Err(Error::NotFound) => return Err(none().into()),
            other => other?,
        };
        let office = persons::office_of_district(act.tx(), building.district_id).await?.ok_or_else(none)?;
        Ok((organisations::by_id(act.tx(), office).await?, council.id))
    }

    /// What a council deliberates, or what is said to be done, changes hands no more.
    pub(super) fn offerable(&self) -> Result<(), Refusal> {
        if matches!(self.state, IssueState::Received | IssueState::Accepted | IssueState::InWork | IssueState::LongTerm) {
            return Ok(());
        }
        Err(Refusal::new("issue_state").with("verb", "@verbs.transfer").with("state", format!("@states.{}", self.state.as_str())))
    }

    /// The receiver alone answers; for a council, the secretary of its district.
    async fn ask_offered(&self, act: &Act) -> Result<HandOver> {
        let open = hand_overs::open_of(act.tx(), self.id).await?;
        let open = open.filter(|_| self.offered_to_id.is_some()).ok_or_else(|| Refusal::new("nothing_offered"))?;
        let Actor::Person { id, organisation, .. } = &act.actor else { return Err(Refusal::new("only_offered").into()) };
        match open.council_id {
            Some(council) => {
                let district = councils::by_id(act.tx(), council).await?.district_id;
                let secretaries = persons::holders_in_district(act.tx(), district, Role::Secretary).await?;
                if secretaries.contains(id) { Ok(open) } else { Err(Refusal::new("only_district_secretary").into()) }
            }
            None if *organisation == open.to_id => Ok(open),
            None => Err(Refusal::new("only_offered").into()),
        }
    }

    /// Takes an offered matter: from now on this organisation is responsible, and reports back by the day that it names. What
    /// comes back, or had nobody, is reported to nobody.
    pub async fn take_over(self, act: &Act, report: Report<'_>) -> Result<Issue> {
        let asked = self.ask_offered(act).await?;
        self.offerable()?;
        let from = self.holder_id;
        let report_on = match (asked.direction, from) {
            (Direction::Back, _) | (_, None) => None,
            _ => Some(hand_overs::report_day(act, &self, report.on, report.after_result)?),
        };
        let giver = match from {
            Some(id) => persons::of_organisation(act.tx(), id).await?,
            None => vec![],
        };
        let next = if self.state == IssueState::Received { self.state.after(Verb::Accept)? } else { self.state };
        let set = ActiveModel {
            holder_id: Set(Some(asked.to_id)),
            person_id: Set(None),
            level: Set(asked.to_level),
            offered_to_id: Set(None),
            offered_until: Set(None),
            state: Set(next),
            accepted_at: Set(self.accepted_at.or(Some(act.at))),
            ..Default::default()
        };
        hand_overs::agree(act, self.id, report_on.clone()).await?;
        let issue = self.change(act, set).await?;
        let entry = match from {
            Some(from) => Entry::TransferTaken { from, level: Some(asked.to_level), report_on, council: asked.council_id },
            // Nobody was responsible before: it is accepted, not handed over.
            None => Entry::IssueAccepted { holder: asked.to_id, due: issue.result_due },
        };
        act.journal(issue.on_self(), &entry).await?;
        issue.tell(act, "transfer_taken", giver).await?;
        if let Some(council) = asked.council_id {
            let council = councils::by_id(act.tx(), council).await?;
            items::hand_on(act, &council, &issue, asked.item_id).await?;
        }
        issue.route(act).await
    }

    /// Refuses an offered matter with a reason; a second refusal puts it on the council's list by itself, and what a council
    /// referred is back on its own.
    pub async fn refuse_transfer(self, act: &Act, why: &str, words: &str) -> Result<Issue> {
        let asked = self.ask_offered(act).await?;
        let why = super::triage::reason(TRANSFER_REASONS, why)?;
        let words = text::words("words", words, 4, 1000)?;
        let times = self.transfers_refused + 1;
        hand_overs::end_open(act, self.id, HandOverState::Refused).await?;
        let set = ActiveModel { offered_to_id: Set(None), offered_until: Set(None), transfers_refused: Set(times), ..Default::default() };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::TransferRefused { by: asked.to_id, reason: why, times }).await?;
        let issue = messages::say(act, issue, Voice::Parties, &words).await?;
        issue.tell_holder(act, "transfer_refused").await?;
        issue.tell_secretary(act, "transfer_refused").await?;
        issue.item_comes_back(act, &asked).await?;
        // Where no council sits, the secretary who was told above decides.
        let council = councils::of_building(act.tx(), issue.building_id).await;
        if times >= 2 && council.is_ok() { issue.put_forward(act, Source::HandedOver).await } else { Ok(issue) }
    }

    /// What a council referred and nobody took is on its list again.
    pub(super) async fn item_comes_back(&self, act: &Act, asked: &HandOver) -> Result<()> {
        let Some(item) = asked.item_id else { return Ok(()) };
        let item = items::by_id(act.tx(), item).await?;
        if items::open_of_issue(act.tx(), self.id).await?.is_none() {
            item.again(act, self, None).await?;
        }
        Ok(())
    }

    /// Says how far it has come, as promised with the yes; where it goes on, with the next day.
    pub async fn report_back(self, act: &Act, words: &str, next: Option<&str>, after_result: bool) -> Result<Issue> {
        self.ask_holder(act)?;
        let all = hand_overs::of_issue(act.tx(), self.id).await?;
        let owed = hand_overs::owed(&all, &self).cloned().ok_or_else(|| Refusal::new("no_report_owed"))?;
        let words = text::words("words", words, 4, 1000)?;
        let next = next.map(|day| hand_overs::report_day(act, &self, day, after_result)).transpose()?;
        hand_overs::reported(act, self.id).await?;
        if let Some(day) = &next {
            hand_overs::report_again(act, &owed, day.clone()).await?;
        }
        act.journal(self.on_self(), &Entry::HandOverReported { next }).await?;
        let issue = messages::say(act, self, Voice::Parties, &words).await?;
        if let Some(giver) = owed.from_id {
            issue.tell(act, "transfer_reported", persons::of_organisation(act.tx(), giver).await?).await?;
        }
        Ok(issue)
    }
}
