//! Into whose hands something comes, in the act by which it comes: by the first rule that fits and whose person is there, or
//! else whoever is on duty and has the least in hand.

use std::collections::HashMap;

use super::{Roster, rules, shifts};
use crate::domain::buildings::{self, Building, Place};
use crate::domain::issues::Issue;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganisationId, PersonId};
use sea_orm::ConnectionTrait as _;

/// Into whose hands, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hands {
    pub person: PersonId,
    /// By which rule; none where they are on duty.
    pub rule: Option<i32>,
    /// Who it would have been, were they not away.
    pub instead_of: Option<PersonId>,
}

/// Where a matter that came to an organisation belongs, if its roster says so.
pub(in crate::domain) async fn hands_for(act: &Act, organisation: OrganisationId, issue: &Issue) -> Result<Option<Hands>> {
    // Most organisations have no roster: that is seen from two short lists.
    let off = rules::of(act.tx(), issue.building_id, organisation).await?.is_empty()
        && shifts::of(act.tx(), issue.building_id, organisation).await?.is_empty();
    if off {
        return Ok(None);
    }
    let building: Building = buildings::by_id(act.tx(), issue.building_id).await?;
    let place: Place = buildings::place_by_id(act.tx(), issue.place_id).await?;
    let calendar = act.calendar();
    let today = calendar.date_of(act.at);
    let roster = Roster::of(act.tx(), &building, organisation, today).await?;
    for rule in roster.rules.iter().filter(|r| r.fits(&place, &issue.category)) {
        if let Some((person, instead_of)) = roster.there(rule.person_id, today) {
            return Ok(Some(Hands { person, rule: Some(rule.number), instead_of }));
        }
    }
    let on = roster.at(act.at, &calendar);
    let load = load(act, on.iter().map(|d| d.person).collect()).await?;
    let least = on.iter().min_by_key(|d| load.get(&d.person).copied().unwrap_or(0));
    Ok(least.map(|d| Hands { person: d.person, rule: None, instead_of: d.instead_of }))
}

/// How much each of them has in hand: open matters and tasks. It orders who is next, and stands on no page.
async fn load(act: &Act, persons: Vec<PersonId>) -> Result<HashMap<PersonId, i64>> {
    if persons.len() < 2 {
        return Ok(HashMap::new());
    }
    let some = vec!["?"; persons.len()].join(",");
    let text = format!(
        "select x.p, count(*) from (select person_id as p from issues where person_id in ({some}) and state in ('received','accepted','in_work','on_agenda','decided') \
         union all select person_id from tasks where person_id in ({some}) and state in ('dispatched','acknowledged','in_work')) x group by x.p"
    );
    let values = persons.iter().chain(&persons).map(|p| p.0.into()).collect::<Vec<sea_orm::Value>>();
    let mut all = HashMap::new();
    for row in act.tx().query_all_raw(sql(act.tx(), &text, values)).await? {
        all.insert(PersonId(row.try_get_by_index(0)?), row.try_get_by_index(1)?);
    }
    Ok(all)
}
