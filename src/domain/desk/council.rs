//! What the council's work puts on a desk: of its secretary, and of those who hold a seat.

use chrono::{Days, NaiveTime};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::{Desk, Line, What};
use crate::domain::councils::seat;
use crate::domain::effect_checks;
use crate::domain::issues::{self, IssueState};
use crate::domain::meetings::items::{self, Item, ItemState};
use crate::domain::meetings::{self, Meeting, MeetingState, overtaken};
use crate::domain::motions::{self, MotionState};
use crate::domain::resolutions::{self, ResolutionState};
use crate::domain::rights::Right;
use crate::domain::undertakings::{self, UndertakingState};
use crate::domain::votes;
use crate::kernel::calendar::BEIJING;
use crate::kernel::error::Result;
use crate::kernel::ids::{CouncilId, IssueId, ItemId, MeetingId, SeatId};

/// Checks are shown so many days before they are planned.
const CHECK_AHEAD: u64 = 7;

impl Desk<'_> {
    /// What waits for the secretary.
    pub(super) async fn secretariat(&self) -> Result<Vec<Line>> {
        let buildings = self.buildings_with(Right::Secretariat);
        let councils = self.councils_with(Right::Secretariat);
        let mut lines = vec![];
        if !buildings.is_empty() {
            lines.extend(self.unsettled(&buildings).await?);
            lines.extend(self.checks(&buildings).await?);
        }
        if councils.is_empty() {
            return Ok(lines);
        }
        let db = &self.db;
        let listed = items::Entity::find()
            .filter(items::Column::CouncilId.is_in(councils.clone()))
            .filter(items::Column::State.eq(ItemState::Proposed))
            .order_by_asc(items::Column::CreatedAt);
        // What was put off to a day is nobody's work before it.
        let today = self.house.calendar().date_of(self.parting.now).to_string();
        let due = |i: &Item| i.not_before.as_deref().is_none_or(|day| day <= today.as_str());
        let waiting: Vec<Item> = listed.all(db).await?.into_iter().filter(due).collect();
        for council in waiting.iter().map(|i| i.council_id).collect::<std::collections::BTreeSet<_>>() {
            // Its place on the council's list is its address.
            let all = items::of_council(db, council).await?;
            let numbered = all.into_iter().zip(1..).filter(|(i, _)| i.state == ItemState::Proposed && due(i));
            lines.extend(numbered.map(|(i, k)| Line::new(None, What::Item(Box::new(i), k))));
        }
        let held = meetings::Entity::find().filter(meetings::Column::CouncilId.is_in(councils.clone())).filter(
            meetings::Column::State
                .eq(MeetingState::Draft)
                .or(meetings::Column::State.eq(MeetingState::Closed).and(meetings::Column::MinutesAt.is_null())),
        );
        lines.extend(held.order_by_asc(meetings::Column::StartsAt).all(db).await?.into_iter().map(|m| match m.state {
            MeetingState::Draft => Line::new(Some(m.starts_at), What::Notice(Box::new(m))),
            _ => Line::new(None, What::Minutes(Box::new(m))),
        }));
        lines.extend(self.settled(&councils).await?);
        let objected = resolutions::waiting_objections(db, &councils).await?;
        lines.extend(objected.into_iter().map(|(o, r)| Line::new(Some(o.answer_due), What::Objection(Box::new(o), Box::new(r)))));
        let adopted = resolutions::Entity::find()
            .filter(resolutions::Column::CouncilId.is_in(councils))
            .filter(resolutions::Column::State.eq(ResolutionState::Adopted))
            .filter(resolutions::Column::PublishedAt.is_null())
            .order_by_asc(resolutions::Column::AdoptedAt);
        lines.extend(adopted.all(db).await?.into_iter().map(|r| Line::new(None, What::Resolution(Box::new(r)))));
        Ok(lines)
    }

    /// What stands on an agenda although its matter was settled meanwhile.
    async fn settled(&self, councils: &[CouncilId]) -> Result<Vec<Line>> {
        let db = &self.db;
        let ahead = meetings::Entity::find()
            .filter(meetings::Column::CouncilId.is_in(councils.iter().copied()))
            .filter(meetings::Column::State.is_in([MeetingState::Draft, MeetingState::Called]))
            .order_by_asc(meetings::Column::StartsAt);
        let mut lines = vec![];
        for meeting in ahead.all(db).await? {
            for (item, why) in overtaken::of_meeting(db, &meeting).await? {
                lines.push(Line::new(Some(meeting.starts_at), What::Settled(Box::new(item), Box::new(meeting.clone()), why)));
            }
        }
        Ok(lines)
    }

    /// Matters contested twice that nobody has brought before the council, and those for which nobody is responsible.
    async fn unsettled(&self, buildings: &[crate::kernel::ids::BuildingId]) -> Result<Vec<Line>> {
        use issues::Column as C;
        let db = &self.db;
        let twice = issues::Entity::find()
            .filter(C::BuildingId.is_in(buildings.iter().copied()))
            .filter(C::State.eq(IssueState::InWork))
            .filter(C::Contested.gte(2))
            .filter(C::Priority.eq(true))
            .filter(Expr::cust("not exists (select 1 from agenda_items a where a.issue_id = issues.id and a.state in ('proposed','listed'))"))
            .order_by_asc(C::NextDue);
        let lost = issues::Entity::find()
            .filter(C::BuildingId.is_in(buildings.iter().copied()))
            .filter(C::State.eq(IssueState::Received))
            .filter(C::HolderId.is_null())
            .order_by_asc(C::NextDue);
        let contested = twice.all(db).await?.into_iter().map(|i| Line { due: i.next_due, first: true, what: What::Contested(Box::new(i)) });
        let lost = lost.all(db).await?.into_iter().map(|i| Line { due: i.next_due, first: i.priority, what: What::Matter(Box::new(i)) });
        Ok(contested.chain(lost).collect())
    }

    async fn checks(&self, buildings: &[crate::kernel::ids::BuildingId]) -> Result<Vec<Line>> {
        use effect_checks::Column as C;
        let db = &self.db;
        let today = self.house.calendar().date_of(self.parting.now);
        let until = today.checked_add_days(Days::new(CHECK_AHEAD)).unwrap_or(today).to_string();
        let there = issues::Entity::find()
            .select_only()
            .column(issues::Column::Id)
            .filter(Expr::col((issues::Entity, issues::Column::Id)).equals((effect_checks::Entity, C::IssueId)))
            .filter(issues::Column::BuildingId.is_in(buildings.iter().copied()));
        let planned = effect_checks::Entity::find()
            .filter(C::Verdict.is_null())
            .filter(C::PlannedOn.lte(until))
            .filter(Expr::exists(there.into_query()))
            .order_by_asc(C::PlannedOn)
            .all(db)
            .await?;
        let about = issues::by_ids(db, planned.iter().map(|c| c.issue_id).collect::<Vec<IssueId>>()).await?;
        Ok(planned
            .into_iter()
            .filter_map(|c| {
                let issue = about.iter().find(|i| i.id == c.issue_id)?.clone();
                let day = c.planned_on.parse::<chrono::NaiveDate>().ok()?.succ_opt()?;
                let due = day.and_time(NaiveTime::MIN).and_local_timezone(BEIJING).single().map(|t| t.to_utc());
                Some(Line::new(due, What::Check(Box::new(c), Box::new(issue))))
            })
            .collect())
    }

    /// Meetings to come of the councils in which this person sits or presides, and votes that wait for their seat.
    pub(super) async fn sittings(&self) -> Result<Vec<Line>> {
        let (mine, presided) = (self.councils_with(Right::Vote), self.councils_with(Right::Preside));
        if mine.is_empty() && presided.is_empty() {
            return Ok(vec![]);
        }
        let db = &self.db;
        let seats = seat::Entity::find()
            .filter(seat::Column::CouncilId.is_in(mine))
            .filter(seat::Column::PersonId.eq(self.person).or(seat::Column::DeputyId.eq(self.person)))
            .filter(seat::Column::EndedAt.is_null())
            .all(db)
            .await?;
        let of_seats: Vec<CouncilId> = seats.iter().map(|s| s.council_id).chain(presided).collect();
        let held = meetings::Entity::find()
            .filter(meetings::Column::CouncilId.is_in(of_seats))
            .filter(meetings::Column::State.is_in([MeetingState::Called, MeetingState::Open]))
            .order_by_asc(meetings::Column::StartsAt)
            .all(db)
            .await?;
        let mut lines = self.votes(&held, seats.iter().map(|s| s.id).collect()).await?;
        lines.extend(held.into_iter().map(|m| Line::new(Some(m.starts_at), What::Meeting(Box::new(m)))));
        Ok(lines)
    }

    async fn votes(&self, held: &[Meeting], seats: Vec<SeatId>) -> Result<Vec<Line>> {
        let open: Vec<MeetingId> = held.iter().filter(|m| m.state == MeetingState::Open).map(|m| m.id).collect();
        if open.is_empty() || seats.is_empty() {
            return Ok(vec![]);
        }
        let db = &self.db;
        let agenda: Vec<Item> = items::Entity::find().filter(items::Column::MeetingId.is_in(open)).all(db).await?;
        let cast = votes::Entity::find()
            .select_only()
            .column(votes::Column::Id)
            .filter(Expr::col((votes::Entity, votes::Column::MotionId)).equals((motions::Entity, motions::Column::Id)))
            .filter(votes::Column::SeatId.is_in(seats));
        let open = motions::Entity::find()
            .filter(motions::Column::ItemId.is_in(agenda.iter().map(|i| i.id).collect::<Vec<ItemId>>()))
            .filter(motions::Column::State.eq(MotionState::Open))
            .filter(Expr::exists(cast.into_query()).not())
            .all(db)
            .await?;
        Ok(open
            .into_iter()
            .filter_map(|m| {
                let item = agenda.iter().find(|i| i.id == m.item_id)?.clone();
                let meeting = held.iter().find(|h| Some(h.id) == item.meeting_id)?.clone();
                // A vote under way goes before everything.
                Some(Line { due: m.opened_at, first: true, what: What::Vote(Box::new(m), Box::new(item), Box::new(meeting)) })
            })
            .collect())
    }

    /// What my organisations have been asked to sign: before the meeting that treats it.
    pub(super) async fn undertakings(&self) -> Result<Vec<Line>> {
        use undertakings::Column as C;
        let db = &self.db;
        let mut lines = vec![];
        for (organisation, building) in self.scopes(|r| r.may(Right::Work)) {
            let asked =
                undertakings::Entity::find().filter(C::OrganisationId.eq(organisation)).filter(C::State.eq(UndertakingState::Asked)).all(db).await?;
            if asked.is_empty() {
                continue;
            }
            let about = items::Entity::find().filter(items::Column::Id.is_in(asked.iter().map(|u| u.item_id))).all(db).await?;
            let held = meetings::Entity::find().filter(meetings::Column::Id.is_in(about.iter().filter_map(|i| i.meeting_id))).all(db).await?;
            for u in asked {
                let Some(item) = about.iter().find(|i| i.id == u.item_id) else { continue };
                let of = self.councils.iter().find(|c| c.id == item.council_id).and_then(|c| c.building_id);
                if building.is_some_and(|b| of.is_some_and(|of| of != b)) {
                    continue;
                }
                let starts = held.iter().find(|m| Some(m.id) == item.meeting_id && m.starts_at > self.parting.now).map(|m| m.starts_at);
                lines.push(Line::new(Some(starts.unwrap_or(u.due_at)), What::Undertaking(Box::new(u), Box::new(item.clone()))));
            }
        }
        Ok(lines)
    }
}
