//! Lists of matters: filtered, in a stable order, one query a page, no offset.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{FromQueryResult, QueryOrder as _, QuerySelect as _};

use super::{ClosedBy, Column, Entity, Issue, IssueState, Origin};
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, IssueId, OrganisationId, PlaceId};
use crate::kernel::search;

/// What a list is narrowed to; the address holds the same words.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Several states; none means all.
    pub states: Vec<IssueState>,
    /// A category's code, or a group's first letters ending in a dot.
    pub category: Option<String>,
    pub place: Option<PlaceId>,
    /// Words in what is public.
    pub text: Option<String>,
    /// Continue below this row.
    pub after: Option<(DateTime<Utc>, IssueId)>,
}

/// A row of a list: only the columns that it shows.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: IssueId,
    pub number: i32,
    pub place_id: PlaceId,
    pub category: String,
    pub state: IssueState,
    pub closed_by: Option<ClosedBy>,
    pub public_title: Option<String>,
    pub title: String,
    pub reports: i32,
    pub holder_id: Option<OrganisationId>,
    pub merged_into_id: Option<IssueId>,
    pub result_due: Option<DateTime<Utc>>,
    pub confirm_due: Option<DateTime<Utc>>,
    pub next_due: Option<DateTime<Utc>>,
    pub received_at: DateTime<Utc>,
    pub moved_at: DateTime<Utc>,
    pub priority: bool,
}

/// One page of a list.
pub struct Page {
    pub rows: Vec<Row>,
    /// Where the next page continues.
    pub next: Option<(DateTime<Utc>, IssueId)>,
}

const COLUMNS: [Column; 17] = [
    Column::Id,
    Column::Number,
    Column::PlaceId,
    Column::Category,
    Column::State,
    Column::ClosedBy,
    Column::PublicTitle,
    Column::Title,
    Column::Reports,
    Column::HolderId,
    Column::MergedIntoId,
    Column::ResultDue,
    Column::ConfirmDue,
    Column::NextDue,
    Column::ReceivedAt,
    Column::MovedAt,
    Column::Priority,
];

/// Matters of a building, the last moved first.
pub async fn list(db: &impl ConnectionTrait, building: BuildingId, filter: &Filter, limit: u64) -> Result<Page> {
    let mut q = Entity::find().select_only().columns(COLUMNS).filter(Column::BuildingId.eq(building));
    // A round of a plan is nothing that anybody said.
    q = q.filter(Column::Origin.ne(Origin::Plan));
    if !filter.states.is_empty() {
        q = q.filter(Column::State.is_in(filter.states.iter().copied()));
    }
    if let Some(code) = &filter.category {
        q = q.filter(Column::Category.eq(code));
    }
    if let Some(place) = filter.place {
        q = q.filter(Column::PlaceId.eq(place));
    }
    if let Some(asked) = filter.text.as_deref()
        && let Some(found) = search::condition(db, asked).await?
    {
        let text = found.of("issues");
        let text = if db.get_database_backend() == sea_orm::DatabaseBackend::Postgres { numbered(&text) } else { text };
        q = q.filter(Expr::cust_with_values(text, found.values));
    }
    if let Some((at, id)) = filter.after {
        q = q.filter(Expr::tuple([Expr::col(Column::MovedAt), Expr::col(Column::Id)]).lt(Expr::tuple([Expr::val(at), Expr::val(id.0)])));
    }
    let mut rows: Vec<Row> = q.order_by_desc(Column::MovedAt).order_by_desc(Column::Id).limit(limit + 1).into_model().all(db).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    let next = more.then(|| rows.last().map(|r| (r.moved_at, r.id))).flatten();
    Ok(Page { rows, next })
}

fn numbered(text: &str) -> String {
    let mut n = 0;
    text.chars()
        .map(|c| {
            if c == '?' {
                n += 1;
                format!("${n}")
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// Open matters at a place, those with most reports first: what somebody about to report may have met too.
pub async fn open_at_place(db: &impl ConnectionTrait, place: PlaceId, limit: u64) -> Result<Vec<Issue>> {
    let open: Vec<IssueState> = IssueState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    Ok(Entity::find()
        .filter(Column::PlaceId.eq(place))
        .filter(Column::State.is_in(open))
        .filter(Column::Origin.ne(Origin::Plan))
        .order_by_desc(Column::Reports)
        .order_by_desc(Column::MovedAt)
        .limit(limit)
        .all(db)
        .await?)
}

/// Open matters of the same kind in the building: what this one may be merged into.
pub async fn near(db: &impl ConnectionTrait, issue: &Issue, limit: u64) -> Result<Vec<Issue>> {
    let open: Vec<IssueState> = IssueState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    Ok(Entity::find()
        .filter(Column::BuildingId.eq(issue.building_id))
        .filter(Column::Category.eq(&issue.category).or(Column::PlaceId.eq(issue.place_id)))
        .filter(Column::State.is_in(open))
        .filter(Column::Origin.ne(Origin::Plan))
        .filter(Column::Id.ne(issue.id))
        .order_by_desc(Column::Reports)
        .limit(limit)
        .all(db)
        .await?)
}
