//! Links between matters of one building: related, caused by, held up by; come back, split off. A matter that comes back to
//! the same place is linked to the one that was closed there, by itself.

mod returning;
mod waiting;

pub(in crate::domain) use returning::note_return;
pub use returning::{RETURNS_DAYS, former_of};
pub use waiting::holding_up;
pub(in crate::domain) use waiting::let_go;

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::issues::{self, Issue, IssueState};
use super::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{IssueId, PersonId};

vocabulary! {
    /// How two matters hang together, said from the first to the second.
    LinkKind { Related = "related", CausedBy = "caused_by", Blocks = "blocks", Returns = "returns", SplitFrom = "split_from" }
}

vocabulary! {
    /// The same as one of the two sees it.
    How {
        Related = "related", CausedBy = "caused_by", Causes = "causes", WaitsFor = "waits_for", HoldsUp = "holds_up",
        Returns = "returns", CameBack = "came_back", SplitFrom = "split_from", SplitInto = "split_into",
    }
}

impl How {
    /// Those that somebody may say; the others come about by an act.
    pub const SAID: [How; 6] = [How::Related, How::CausedBy, How::Causes, How::WaitsFor, How::HoldsUp, How::Returns];

    /// As the other matter sees it.
    #[must_use]
    pub fn turned(self) -> How {
        match self {
            How::Related => How::Related,
            How::CausedBy => How::Causes,
            How::Causes => How::CausedBy,
            How::WaitsFor => How::HoldsUp,
            How::HoldsUp => How::WaitsFor,
            How::Returns => How::CameBack,
            How::CameBack => How::Returns,
            How::SplitFrom => How::SplitInto,
            How::SplitInto => How::SplitFrom,
        }
    }

    /// The kind, and whether it is said from the other matter to this one.
    fn kind(self) -> (LinkKind, bool) {
        match self {
            How::Related => (LinkKind::Related, false),
            How::CausedBy => (LinkKind::CausedBy, false),
            How::Causes => (LinkKind::CausedBy, true),
            How::HoldsUp => (LinkKind::Blocks, false),
            How::WaitsFor => (LinkKind::Blocks, true),
            How::Returns => (LinkKind::Returns, false),
            How::CameBack => (LinkKind::Returns, true),
            How::SplitFrom => (LinkKind::SplitFrom, false),
            How::SplitInto => (LinkKind::SplitFrom, true),
        }
    }

    /// From which matter to which, and of which kind. What is merely related has no direction: it is kept from the lower number.
    fn between(self, one: &Issue, other: &Issue) -> (IssueId, IssueId, LinkKind) {
        let (kind, back) = self.kind();
        let back = if kind == LinkKind::Related { one.number > other.number } else { back };
        if back { (other.id, one.id, kind) } else { (one.id, other.id, kind) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "issue_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_id: IssueId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub to_id: IssueId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: LinkKind,
    pub made_at: DateTimeUtc,
    /// Who said so; none where it came about by itself.
    pub made_by: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Link;

impl Model {
    /// How one of the two sees it.
    fn seen_by(&self, issue: IssueId) -> How {
        let how = match self.kind {
            LinkKind::Related => How::Related,
            LinkKind::CausedBy => How::CausedBy,
            LinkKind::Blocks => How::HoldsUp,
            LinkKind::Returns => How::Returns,
            LinkKind::SplitFrom => How::SplitFrom,
        };
        if self.from_id == issue { how } else { how.turned() }
    }
}

/// A matter that another is linked to.
#[derive(Clone, Debug)]
pub struct Linked {
    pub how: How,
    pub other: Issue,
}

/// What a matter is linked to, in the order of linking.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Linked>> {
    let links = Entity::find().filter(Column::FromId.eq(issue).or(Column::ToId.eq(issue)));
    let links = links.order_by_asc(Column::MadeAt).order_by_asc(Column::FromId).all(db).await?;
    let other = |l: &Link| if l.from_id == issue { l.to_id } else { l.from_id };
    let known: HashMap<IssueId, Issue> = issues::by_ids(db, links.iter().map(other).collect()).await?.into_iter().map(|i| (i.id, i)).collect();
    Ok(links.iter().filter_map(|l| Some(Linked { how: l.seen_by(issue), other: known.get(&other(l))?.clone() })).collect())
}

/// Keeps a link; whether it is new.
pub(in crate::domain) async fn keep(act: &Act, one: &Issue, how: How, other: &Issue) -> Result<bool> {
    let (from, to, kind) = how.between(one, other);
    let row = ActiveModel { from_id: Set(from), to_id: Set(to), kind: Set(kind), made_at: Set(act.at), made_by: Set(act.actor.person()) };
    let once = OnConflict::columns([Column::FromId, Column::ToId, Column::Kind]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(once).exec_without_returning(act.tx()).await? == 1)
}

/// Says that a matter hangs together with another. Both stories tell it.
pub async fn join(act: &Act, one: &Issue, how: How, other: &Issue) -> Result<()> {
    one.ask_holder(act)?;
    if !How::SAID.contains(&how) {
        return Err(Refusal::new("choose_how").at("how").into());
    }
    if one.id == other.id {
        return Err(Refusal::new("link_self").at("into").into());
    }
    if one.building_id != other.building_id {
        return Err(Refusal::new("merge_elsewhere").at("into").into());
    }
    if how == How::Returns && (other.state != IssueState::Closed || other.closed_at.is_none_or(|at| at > one.received_at)) {
        return Err(Refusal::new("link_not_before").at("into").into());
    }
    let here = of_issue(act.tx(), one.id).await?;
    if how != How::Related && here.iter().any(|l| l.other.id == other.id && l.how == how.turned()) {
        return Err(Refusal::new("link_circle").at("how").into());
    }
    if !keep(act, one, how, other).await? {
        return Err(Refusal::new("link_twice").at("into").into());
    }
    act.journal(one.on_self(), &Entry::IssueLinked { how, other: other.id, number: other.number }).await?;
    act.journal(other.on_self(), &Entry::IssueLinked { how: how.turned(), other: one.id, number: one.number }).await?;
    Ok(())
}

/// Takes back what somebody said. That a matter was split off stays: it is what happened.
pub async fn part(act: &Act, one: &Issue, how: How, other: &Issue) -> Result<()> {
    one.ask_holder(act)?;
    let (from, to, kind) = how.between(one, other);
    if kind == LinkKind::SplitFrom {
        return Err(Refusal::new("link_kept").into());
    }
    if Entity::delete_by_id((from, to, kind)).exec(act.tx()).await?.rows_affected != 1 {
        return Err(Refusal::new("link_gone").into());
    }
    act.journal(one.on_self(), &Entry::IssueUnlinked { how, other: other.id, number: other.number }).await?;
    act.journal(other.on_self(), &Entry::IssueUnlinked { how: how.turned(), other: one.id, number: one.number }).await?;
    Ok(())
}
