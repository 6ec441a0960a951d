//! `…/photos/{k}/…`: one photograph is shown to everybody, or parts of it are covered first; the picture as it was before is
//! there for whoever releases, and each look is noted.

use rocket::http::ContentType;
use rocket::{Route, get, post, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::attachments::{self, Attachment};
use crate::domain::buildings::Building;
use crate::domain::issues;
use crate::kernel::error::{Error, Result};
use crate::kernel::files;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Release};
use crate::web::issues::work::{Lead, Room};
use crate::web::photos::covering::{Covering, covered};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![release, show, cover, original]
}

/// The picture of a matter with this handle; of several alike the next that is not public yet.
async fn picture(db: &impl ConnectionTrait, building: &Building, number: i32, k: &str) -> Result<Attachment> {
    let issue = issues::by_number(db, building.id, number).await?;
    let mut same: Vec<Attachment> = attachments::of_issue(db, issue.id).await?.into_iter().filter(|a| handle(a) == k).collect();
    same.sort_by_key(|a| a.released_at.is_some());
    same.into_iter().next().ok_or(Error::NotFound)
}

/// The beginning of the picture's own name.
pub fn handle(a: &Attachment) -> &str {
    &a.hash[..12.min(a.hash.len())]
}

#[post("/<_>/issues/<number>/photos/<k>/release", data = "<sent>")]
async fn release(who: May<'_, Release>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let act = who.begin(&sent).await?;
    let picture = picture(act.tx(), building, number, k).await?;
    // Pressed twice, or by two at once: it is public, and once is enough in the journal.
    if picture.released_at.is_none() {
        picture.release(&act, building.id).await?;
    }
    act.commit().await?;
    let back = if sent.text("from") == "queue" { "/release".to_owned() } else { format!("/issues/{number}/release") };
    Ok(Answer::go(format!("{}{back}", who.at.root())).saying("release.said.photo"))
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    action: String,
    original: Option<String>,
    covering: Covering,
    form: FormState,
}

async fn again(who: &May<'_, Release>, number: i32, k: &str, form: FormState) -> Result<Answer> {
    let room = Room::open(who, number).await?;
    let picture = picture(who.house.read(), who.building()?, number, k).await?;
    let root = format!("{}/photos/{k}", room.root());
    let page = Page {
        lead: room.lead(Some(who.lang.t("photos.title"))),
        action: format!("{root}/cover"),
        original: picture.original_hash.as_ref().map(|_| format!("{root}/original")),
        covering: Covering::of(who, &picture, format!("/photos/{}.jpg", picture.hash), &form),
        form,
    };
    who.page(room.frame(&who.lang.t("photos.title")).here("release"), "release/cover", &page)
}

#[get("/<_>/issues/<number>/photos/<k>/cover")]
async fn show(who: May<'_, Release>, number: i32, k: &str) -> Result<Answer> {
    let form = FormState::filled(&who, [("keep", "yes".to_owned())]);
    again(&who, number, k, form).await
}

#[post("/<_>/issues/<number>/photos/<k>/cover", data = "<sent>")]
async fn cover(who: May<'_, Release>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let done = async {
        sent.trusted()?;
        let copy = covered(&who, &picture(who.house.read(), building, number, k).await?, &sent).await?;
        let act = who.begin(&sent).await?;
        let gone = picture(act.tx(), building, number, k).await?.cover(&act, building.id, copy, sent.ticked("keep")).await?;
        act.commit().await?;
        files::remove(&who.house, &gone).await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/issues/{number}/release", who.at.root())).saying("release.said.covered")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&who, number, k, form).await?.status(status))
        }
    }
}

#[post("/<_>/issues/<number>/photos/<k>/original", data = "<sent>")]
async fn original(who: May<'_, Release>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let building = who.building()?;
    let act = who.begin(&sent).await?;
    let hash = picture(act.tx(), building, number, k).await?.original(&act, building.id).await?;
    act.commit().await?;
    let bytes = files::fetch(&who.house, &hash).await?.ok_or(Error::NotFound)?;
    Ok(Answer::bytes(ContentType::JPEG, bytes).header("Cache-Control", "no-store"))
}
