//! What holds another matter up.

use sea_orm::ConnectionTrait;

use super::{How, Linked, of_issue};
use crate::domain::issues::{self, Issue};
use crate::kernel::act::Act;
use crate::kernel::error::Result;

/// The matter itself, or the one that took it in.
async fn surviving(db: &impl ConnectionTrait, mut issue: Issue) -> Result<Issue> {
    while let Some(into) = issue.merged_into_id {
        issue = issues::by_id(db, into).await?;
    }
    Ok(issue)
}

/// The open matters that this one waits for. A warning, no bar: what holds up is somebody's opinion, and may be wrong.
pub async fn holding_up(db: &impl ConnectionTrait, linked: &[Linked]) -> Result<Vec<Issue>> {
    let mut all = vec![];
    for l in linked.iter().filter(|l| l.how == How::WaitsFor) {
        let other = surviving(db, l.other.clone()).await?;
        if other.state.is_open() && all.iter().all(|i: &Issue| i.id != other.id) {
            all.push(other);
        }
    }
    Ok(all)
}

/// A matter is closed: those who handle what waited for it alone are told.
pub(in crate::domain) async fn let_go(act: &Act, issue: &Issue) -> Result<()> {
    for l in of_issue(act.tx(), issue.id).await?.into_iter().filter(|l| l.how == How::HoldsUp) {
        let waiting = surviving(act.tx(), l.other).await?;
        let holding = holding_up(act.tx(), &of_issue(act.tx(), waiting.id).await?).await?;
        if waiting.state.is_open() && holding.is_empty() {
            waiting.tell_holder(act, "held_up_no_more").await?;
        }
    }
    Ok(())
}
