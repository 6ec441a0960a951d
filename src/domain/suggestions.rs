//! Suggestions 建议: what somebody who takes a matter on would otherwise look up: another kind, another place, who usually
//! does this, what says the same. Each with why; nothing is done unless somebody takes it.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::buildings::{self, Building, Place};
use super::categories::{self, Guess};
use super::incoming;
use super::issues::{self, Alike, Around, Deed, Issue, IssueState, Sight};
use super::organisations::{self, Organisation};
use super::reports;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::OrganisationId;

/// Who usually does this, and why one thinks so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usual {
    pub organisation: Organisation,
    /// Of so many of the last ones of this kind here…
    pub of: i64,
    /// …it has done so many; none: it is the only one of the kind of organisation that usually answers for this.
    pub did: i64,
}

/// What is suggested for one matter.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    pub category: Option<Guess>,
    pub place: Option<Place>,
    pub usual: Option<Usual>,
    pub alike: Vec<Alike>,
}

impl Suggestions {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.category.is_none() && self.place.is_none() && self.usual.is_none() && self.alike.is_empty()
    }
}

/// Most matters that are said to be alike.
const ALIKE: usize = 3;

/// A matter for which something may be suggested.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub building: &'a Building,
    pub place: &'a Place,
    pub issue: &'a Issue,
    /// Where whoever reads stands towards it.
    pub sight: &'a Sight<'a>,
    /// What has come of it so far.
    pub around: Around<'a>,
}

impl About<'_> {
    /// While a matter has just come or been taken on and nothing is under way: later they would stand in the way of what is.
    fn fresh(&self) -> bool {
        matches!(self.issue.state, IssueState::Received | IssueState::Accepted) && self.around.tasks.is_empty()
    }

    fn may(&self, deed: Deed) -> bool {
        self.issue.may_now(deed, self.sight.standing, self.around).is_ok()
    }
}

/// For somebody who takes a matter on, from the words of its first report as those who handle it read them: nothing that they
/// may not do now, and nothing to those who may not read what was reported.
pub async fn of(db: &impl ConnectionTrait, now: DateTime<Utc>, about: About<'_>) -> Result<Suggestions> {
    if !about.fresh() || !about.sight.words || !about.may(Deed::Recategorise) {
        return Ok(Suggestions::default());
    }
    let About { building, place, issue, .. } = about;
    let words = reports::of_issue(db, issue.id).await?.into_iter().find_map(|r| r.words).unwrap_or_default();
    let category = categories::guess(&words, Some(place.kind)).filter(|g| g.category.code != issue.category);
    let places = buildings::places(db, building.id).await?;
    let named = incoming::place_named(&places, &words).filter(|p| p.id != place.id && about.may(Deed::Relocate)).cloned();
    let alike = if about.may(Deed::Merge) { issues::alike(db, now, building, place, issue, &words, ALIKE).await? } else { vec![] };
    let usual = if about.may(Deed::Dispatch) { usual(db, building, issue).await? } else { None };
    Ok(Suggestions { category, place: named, usual, alike })
}

/// As many of a kind are looked back at.
const LAST: i64 = 20;

/// Who did most of the last ones of this kind in the building; where nothing was done yet, the only one of the kind of
/// organisation that usually answers for it. None where that is who is responsible already.
async fn usual(db: &impl ConnectionTrait, building: &Building, issue: &Issue) -> Result<Option<Usual>> {
    // The last ones closed of a kind, off the index that lists them; then who did something for them.
    let text = "with last as (select id from issues where building_id = ? and origin <> 'plan' and state = 'closed' and category = ? order by moved_at desc, id desc limit ?), \
                did as (select t.issue_id, t.organisation_id from tasks t join last on last.id = t.issue_id where t.state in ('done','verified')) \
                select organisation_id, count(distinct issue_id), (select count(distinct issue_id) from did) from did group by organisation_id \
                order by 2 desc, 1 limit 1";
    let values = [building.id.0.into(), issue.category.clone().into(), LAST.into()];
    let around = organisations::around(db, building.district_id, building.id).await?;
    let found = match db.query_one_raw(sql(db, text, values)).await? {
        Some(row) => {
            let (id, did, of): (uuid::Uuid, i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let known = around.iter().find(|o| o.id == OrganisationId(id));
            known.map(|o| Usual { organisation: o.clone(), of, did })
        }
        None => {
            let unit = categories::find(&issue.category).map(|c| c.unit.as_str());
            let mut fitting = around.iter().filter(|o| Some(o.kind.as_str()) == unit);
            let first = fitting.next().filter(|_| fitting.next().is_none());
            first.map(|o| Usual { organisation: o.clone(), of: 0, did: 0 })
        }
    };
    Ok(found.filter(|u| Some(u.organisation.id) != issue.holder_id))
}
