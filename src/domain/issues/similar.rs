//! Open matters that a new report may be the same as: by words, kind, place and time. Only what the public may read is
//! compared, so that nobody can find out by guessing what somebody else wrote.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, UnionType};
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::{Column, Entity, Issue, IssueState, Origin, open_at_place};
use crate::domain::buildings::{Building, Place, places_by_ids};
use crate::domain::categories::{self, Category};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::search;

/// What is known of a report that has not been sent yet.
pub struct Unsent<'a> {
    pub building: &'a Building,
    pub place: Option<&'a Place>,
    /// Chosen, or guessed from the words.
    pub category: Option<&'a Category>,
    pub words: &'a str,
}

/// Matters looked at of each kind and at each place: the first of an index, so that it costs the same at any size.
const LOOKED_AT: u64 = 40;
/// From here on two matters are worth a look. The same place and group of kinds reach it, neither alone does.
const WORTH_A_LOOK: f32 = 0.4;

/// The likeliest, best first. With nothing written yet: what is open at the place, those with most reports first.
pub async fn similar(db: &impl ConnectionTrait, now: DateTime<Utc>, unsent: &Unsent<'_>, limit: usize) -> Result<Vec<Issue>> {
    let mut near = match unsent.place {
        Some(place) => open_at_place(db, place.id, LOOKED_AT).await?,
        None => vec![],
    };
    if search::folded(unsent.words).is_empty() {
        near.truncate(limit);
        return Ok(near);
    }
    if let Some(category) = unsent.category {
        for issue in open_of_kind(db, unsent.building, category).await? {
            if near.iter().all(|n| n.id != issue.id) {
                near.push(issue);
            }
        }
    }
    let places = places_by_ids(db, near.iter().map(|i| i.place_id).collect()).await?;
    let place_of = |issue: &Issue| places.iter().find(|p| p.id == issue.place_id);
    let mut scored: Vec<(f32, Issue)> =
        near.into_iter().map(|i| (score(unsent, &i, place_of(&i), &public_text(&i), now).sum(), i)).filter(|(s, _)| *s >= WORTH_A_LOOK).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.reports.cmp(&a.1.reports)));
    Ok(scored.into_iter().take(limit).map(|(_, issue)| issue).collect())
}

/// Open matters of a kind in a building, those of each state that moved last.
async fn open_of_kind(db: &impl ConnectionTrait, building: &Building, category: &Category) -> Result<Vec<Issue>> {
    // State by state, each in the order of its index: over several states at once all open matters would be sorted.
    let newest = |state: &IssueState| {
        let some = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::BuildingId.eq(building.id))
            .filter(Column::State.eq(*state))
            .filter(Column::Origin.ne(Origin::Plan))
            .filter(Column::Category.eq(&category.code))
            .order_by_desc(Column::MovedAt)
            .order_by_desc(Column::Id)
            .limit(LOOKED_AT / 4);
        Query::select().column(Column::Id).from_subquery(some.into_query(), "newest").to_owned()
    };
    let open = IssueState::ALL.iter().filter(|s| s.is_open()).map(newest);
    let Some(ids) = open.reduce(|mut all, some| all.union(UnionType::All, some).to_owned()) else { return Ok(vec![]) };
    Ok(Entity::find().filter(Column::Id.in_subquery(ids)).all(db).await?)
}

/// What makes one matter look like another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    pub place: bool,
    pub kind: bool,
    pub words: bool,
}

/// An open matter that says the same as another, and why one thinks so.
#[derive(Clone, Debug)]
pub struct Alike {
    pub issue: Issue,
    pub why: Likeness,
}

/// From here on words are alike enough to be named as the reason.
const ALIKE_WORDS: f32 = 0.3;

/// Open matters that are probably the same as this one, the likeliest first, for those who handle both: they read what is not
/// public yet.
pub async fn alike(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    building: &Building,
    place: &Place,
    issue: &Issue,
    words: &str,
    limit: usize,
) -> Result<Vec<Alike>> {
    let category = categories::find(&issue.category);
    let unsent = Unsent { building, place: Some(place), category, words };
    let mut near = open_at_place(db, place.id, LOOKED_AT).await?;
    if let Some(category) = category {
        for other in open_of_kind(db, building, category).await? {
            if near.iter().all(|n| n.id != other.id) {
                near.push(other);
            }
        }
    }
    near.retain(|n| n.id != issue.id);
    let places = places_by_ids(db, near.iter().map(|i| i.place_id).collect()).await?;
    let scored = near.into_iter().filter_map(|i| {
        let read = format!("{} {}", i.title, public_text(&i));
        let score = score(&unsent, &i, places.iter().find(|p| p.id == i.place_id), &read, now);
        let likely = score.sum() >= WORTH_A_LOOK && (score.words >= ALIKE_WORDS || score.kind == 1.0);
        let why = Likeness { place: score.spot == 1.0, kind: score.kind == 1.0, words: score.words >= ALIKE_WORDS };
        likely.then_some((score.sum(), Alike { issue: i, why }))
    });
    let mut scored: Vec<(f32, Alike)> = scored.collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.issue.reports.cmp(&a.1.issue.reports)));
    Ok(scored.into_iter().take(limit).map(|(_, alike)| alike).collect())
}

/// What the public reads of a matter.
fn public_text(issue: &Issue) -> String {
    let name = categories::name(&issue.category, Lang::Zh);
    format!("{} {} {name}", issue.public_title.as_deref().unwrap_or_default(), issue.public_text.as_deref().unwrap_or_default())
}

/// How near a matter is to a report, part by part, each from 0 to 1.
struct Score {
    words: f32,
    kind: f32,
    spot: f32,
    recent: f32,
}

impl Score {
    fn sum(&self) -> f32 {
        0.45 * self.words + 0.2 * self.kind + 0.25 * self.spot + 0.1 * self.recent
    }
}

fn score(unsent: &Unsent<'_>, issue: &Issue, place: Option<&Place>, read: &str, now: DateTime<Utc>) -> Score {
    let words = search::likeness(unsent.words, read);
    // What one calls a queue another calls a lift that is out of service: the same group is half as near.
    let kind = match (unsent.category, categories::find(&issue.category)) {
        (Some(a), Some(b)) if a.code == b.code => 1.0,
        (Some(a), Some(b)) if a.group == b.group => 0.5,
        _ => 0.0,
    };
    let spot = match (unsent.place, place) {
        (Some(a), Some(b)) if a.id == b.id => 1.0,
        (Some(a), Some(b)) if a.tower == b.tower && (a.floor == b.floor || a.kind == b.kind) => 0.5,
        _ => 0.0,
    };
    // Half as near after ten days without a move.
    let days = (now - issue.moved_at).num_hours().max(0) as f32 / 24.0;
    Score { words, kind, spot, recent: 0.5_f32.powf(days / 10.0) }
}
