//! What is open already, with enough to judge whether it is the same, and "me too" in one tap.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::buildings::Building;
use crate::domain::issues::{Issue, IssueState};
use crate::domain::meetings::{self, items};
use crate::kernel::error::Result;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::shown::states::{self, State};

/// One open matter.
#[derive(Serialize)]
pub struct Known {
    title: String,
    href: String,
    action: String,
    state: State,
    words: String,
}

/// Each of these.
pub async fn of(caller: &Caller, db: &impl ConnectionTrait, building: &Building, issues: &[Issue]) -> Result<Vec<Known>> {
    let mut all = vec![];
    for issue in issues {
        all.push(known(caller, db, building, issue).await?);
    }
    Ok(all)
}

async fn known(caller: &Caller, db: &impl ConnectionTrait, building: &Building, issue: &Issue) -> Result<Known> {
    let (lang, now) = (caller.lang, caller.house.now());
    let href = format!("/b/{}/issues/{}", building.slug, issue.number);
    let n = issue.reports.to_string();
    let words = match (deliberated_on(caller, db, issue).await?, issue.next_due) {
        (Some(day), _) => lang.say("reports.known_meeting", &[("n", &n), ("day", &day)]),
        (None, Some(due)) if issue.state != IssueState::Done && !issue.late(now) => {
            let due = dates::due(due, now, &caller.house.calendar(), lang);
            lang.say("reports.known_due", &[("n", &n), ("left", &due.left)])
        }
        _ => lang.say("reports.known", &[("n", &n)]),
    };
    Ok(Known { title: issue.title_for_public(lang), action: format!("{href}/me-too"), href, state: states::of(issue, None, lang), words })
}

/// The day on which a council deliberates on it, where that is set.
async fn deliberated_on(caller: &Caller, db: &impl ConnectionTrait, issue: &Issue) -> Result<Option<String>> {
    if issue.state != IssueState::OnAgenda {
        return Ok(None);
    }
    let Some(meeting) = items::open_of_issue(db, issue.id).await?.and_then(|item| item.meeting_id) else { return Ok(None) };
    let meeting = meetings::by_id(db, meeting).await?;
    Ok(Some(dates::short(dates::local(meeting.starts_at).date(), dates::local(caller.house.now()).date(), caller.lang)))
}
