//! Petitions 联名: when so many people have proven that they work in a building, the matter that they report goes before its council by the
//! rules, whoever would rather not.

use sea_orm::ConnectionTrait as _;

use super::councils;
use super::issues;
use super::meetings::items::{self, Source};
use super::proofs;
use crate::kernel::act::{Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::IssueId;

/// Puts each matter whose proven workers are as many as its council's rules ask on that council's list, once. What is counted is
/// what may be told (`proofs::standing`): as of the last midnight, and of enterprises with five or more, so that nobody's report
/// is the one that tips the scale at the minute in which it comes. Gives how many.
pub async fn raise_due(house: &House) -> Result<usize> {
    let db = house.read();
    let text = "select distinct x.issue_id from proofs x join issues i on i.id = x.issue_id join councils c on c.building_id = i.building_id \
                where i.state in ('received','accepted','in_work','long_term') \
                and not exists (select 1 from agenda_items a where a.issue_id = x.issue_id and a.source = 'petition')";
    let mut candidates = vec![];
    for row in db.query_all_raw(sql(db, text, [])).await? {
        candidates.push(IssueId(row.try_get_by_index(0)?));
    }
    let mut n = 0;
    for (id, standing) in proofs::standing(db, house.now(), &candidates).await? {
        let issue = issues::by_id(db, id).await?;
        let rules = councils::of_building(db, issue.building_id).await?.rules(db).await?;
        if standing.proven() < u64::from(rules.petition_workers.unsigned_abs()) {
            continue;
        }
        let act = house.act(Actor::System).await?;
        let issue = issues::hold_by_id(&act, id).await?;
        let done = match items::open_of_issue(act.tx(), id).await? {
            // It waits there already, for another reason: from now on it must be dealt with.
            Some(item) if item.source != Source::Petition => item.now_petition(&act).await.map(drop),
            Some(_) => Ok(()),
            None => issue.nominate(&act, Source::Petition).await.map(drop),
        };
        match done {
            Ok(()) => {
                act.commit().await?;
                n += 1;
            }
            // Another process was first, or its state has changed meanwhile.
            Err(Error::Conflict | Error::Refused(_)) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}
