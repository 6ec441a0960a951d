//! `…/photos/{k}/release`: one photograph is shown to everybody.

use rocket::{Route, post, routes};

use crate::domain::attachments::{self, Attachment};
use crate::domain::issues;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::guards::{May, Release};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![release]
}

/// The beginning of the picture's own name.
pub fn handle(a: &Attachment) -> &str {
    &a.hash[..12.min(a.hash.len())]
}

#[post("/<_>/issues/<number>/photos/<k>/release", data = "<sent>")]
async fn release(who: May<'_, Release>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let act = who.begin(&sent).await?;
    let issue = issues::by_number(act.tx(), building.id, number).await?;
    let all = attachments::of_issue(act.tx(), issue.id).await?;
    // The same picture may have come from several people: the next that is not public yet.
    let mut same: Vec<Attachment> = all.into_iter().filter(|a| handle(a) == k).collect();
    same.sort_by_key(|a| a.released_at.is_some());
    let picture = same.into_iter().next().ok_or(Error::NotFound)?;
    // Pressed twice, or by two at once: it is public, and once is enough in the journal.
    if picture.released_at.is_none() {
        picture.release(&act, building.id).await?;
    }
    act.commit().await?;
    let back = if sent.text("from") == "queue" { "/release".to_owned() } else { format!("/issues/{number}/release") };
    Ok(Answer::go(format!("{}{back}", who.at.root())).saying("release.said.photo"))
}
