//! Where a letter leads somebody with an account.

use sea_orm::ConnectionTrait;

use super::about::About;
use crate::domain::meetings::items;
use crate::domain::{announcements, buildings, councils, deliberation, issues, meetings, resolutions, tasks, undertakings};
use crate::kernel::error::{Error, Result};

/// The page on which what the letter asks is done.
pub(super) async fn for_person(db: &impl ConnectionTrait, kind: &str, about: &About) -> Result<String> {
    if let Some(link) = &about.link {
        return Ok(link.clone());
    }
    if let Some(id) = about.position {
        let item = items::by_id(db, deliberation::position_by_id(db, id).await?.item_id).await?;
        let root = councils::by_id(db, item.council_id).await?.root(db).await?;
        return Ok(format!("{root}/council/items/{}/deliberation", items::number(db, &item).await?));
    }
    if let Some(id) = about.undertaking {
        let u = undertakings::by_id(db, id).await?;
        let item = items::by_id(db, u.item_id).await?;
        let root = councils::by_id(db, item.council_id).await?.root(db).await?;
        let Some(meeting) = item.meeting_id else { return Ok(format!("{root}/council")) };
        let meeting = meetings::by_id(db, meeting).await?;
        return Ok(format!("{root}/meetings/{}/items/{}/undertakings/{}", meeting.number, item.position, u.number));
    }
    if let Some(id) = about.resolution {
        let r = resolutions::by_id(db, id).await?;
        return Ok(format!("{}/resolutions/{}#objections", councils::by_id(db, r.council_id).await?.root(db).await?, r.address()));
    }
    if let Some(id) = about.issue {
        let issue = issues::by_id(db, id).await?;
        let building = buildings::by_id(db, issue.building_id).await?;
        // A tenant who is asked for a time has nothing to do with the matter but this task.
        if let (Some(task), true) = (about.task, kind.starts_with("visit_")) {
            return Ok(format!("/b/{}/issues/{}/tasks/{}", building.slug, issue.number, tasks::by_id(db, task).await?.number));
        }
        return Ok(format!("/b/{}/issues/{}/work", building.slug, issue.number));
    }
    if let Some(id) = about.announcement {
        let one = announcements::by_ids(db, vec![id]).await?.pop().ok_or(Error::NotFound)?.announcement;
        return Ok(format!("/b/{}/announcements/{}", buildings::by_id(db, one.building_id).await?.slug, one.number));
    }
    if let Some(id) = about.meeting {
        let meeting = meetings::by_id(db, id).await?;
        let page = format!("{}/meetings/{}", councils::by_id(db, meeting.council_id).await?.root(db).await?, meeting.number);
        return Ok(match kind {
            "dates_asked" => format!("{page}/dates"),
            "minutes_to_sign" | "remark_answered" | "minutes_adopted" => format!("{page}/minutes"),
            _ => page,
        });
    }
    Err(Error::broken("a letter about nothing"))
}
