//! Help 帮助: three sentences for each role, in place at the first sign-in, until whoever reads them puts them away. That they
//! did is upkeep, not history.

use sea_orm::ConnectionTrait;

use super::persons::Membership;
use super::rights::Role;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::PersonId;

/// The roles of which somebody has put the help away.
async fn seen(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<String>> {
    let rows = db.query_all_raw(sql(db, "select role from helps_seen where person_id = ?", [person.0.into()])).await?;
    rows.iter().map(|r| Ok(r.try_get_by_index(0)?)).collect()
}

/// The role whose help comes next for somebody, if there is one that they have not put away.
pub async fn next(db: &impl ConnectionTrait, person: PersonId, memberships: &[Membership]) -> Result<Option<Role>> {
    if memberships.is_empty() {
        return Ok(None);
    }
    let seen = seen(db, person).await?;
    // Whoever founds needs that first.
    let held = |role: &&Role| memberships.iter().any(|m| m.role == **role);
    let order = [Role::Administrator].into_iter().chain(Role::ALL.iter().copied().filter(|r| *r != Role::Administrator));
    Ok(order.collect::<Vec<_>>().iter().filter(held).find(|r| !seen.iter().any(|s| s == r.as_str())).copied())
}

/// Puts the help for a role away, for good.
pub async fn put_away(act: &Act, person: PersonId, role: Role) -> Result<()> {
    let text = "insert into helps_seen (person_id, role, seen_at) values (?, ?, ?) on conflict (person_id, role) do nothing";
    act.tx().execute_raw(sql(act.tx(), text, [person.0.into(), role.as_str().into(), act.at.into()])).await?;
    Ok(())
}
