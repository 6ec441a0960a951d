//! A picture, to those who may see it: everybody once it is released, until then its reporter (by the receipt) and
//! those who handle matters in that building.

use rocket::http::ContentType;
use rocket::{Route, get, routes};

use super::sealed::Kept;
use crate::domain::attachments::{self, Attachment};
use crate::domain::buildings;
use crate::domain::issues;
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::files;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::guards::{Anyone, Holder};

pub(super) fn routes() -> Vec<Route> {
    routes![show, of_receipt, kept]
}

/// A released picture never changes under its name: whoever has seen it keeps it. Nobody in between does, since it can be
/// erased, and then no server should go on handing it out.
const PUBLIC: &str = "private, max-age=31536000, immutable";
/// Everything else is for one reader, and asked for each time.
const PRIVATE: &str = "private, no-cache";

async fn file(caller: &Caller, hash: &str) -> Result<Answer> {
    let bytes = files::fetch(&caller.house, hash).await?.ok_or(Error::NotFound)?;
    Ok(Answer::bytes(ContentType::JPEG, bytes))
}

#[get("/photos/<name>")]
async fn show(who: Anyone<'_>, name: &str) -> Result<Answer> {
    let hash = name.strip_suffix(".jpg").ok_or(Error::NotFound)?;
    let pictures = attachments::by_hash(who.house.read(), hash).await?;
    if pictures.iter().any(|p| p.released_at.is_some()) {
        return Ok(file(&who, hash).await?.tagged(hash).header("Cache-Control", PUBLIC));
    }
    for picture in &pictures {
        if handles(&who, picture).await? {
            return Ok(file(&who, hash).await?.tagged(hash).header("Cache-Control", PRIVATE));
        }
    }
    Err(Error::NotFound)
}

/// Whether the caller handles the matter of this picture: reporters' pictures are for those who sort and release,
/// evidence of a task, and what was found at one, also for those who carry tasks out.
async fn handles(caller: &Caller, picture: &Attachment) -> Result<bool> {
    let (Some(signed), Some(issue)) = (&caller.signed, picture.issue_id) else { return Ok(false) };
    let db = caller.house.read();
    let building = buildings::by_id(db, issues::by_id(db, issue).await?.building_id).await?;
    let rights: &[Right] = if picture.report_id.is_none() { &[Right::Triage, Right::Release, Right::Work] } else { &[Right::Triage, Right::Release] };
    Ok(rights.iter().any(|r| persons::entitled(&signed.memberships, *r, &building).is_some()))
}

#[get("/r/<_>/photos/<n>?<small>")]
async fn of_receipt(holder: Holder<'_>, n: usize, small: Option<bool>) -> Result<Answer> {
    let pictures = attachments::of_report(holder.house.read(), holder.report.id).await?;
    let picture = n.checked_sub(1).and_then(|i| pictures.get(i)).ok_or(Error::NotFound)?;
    let hash = if small.unwrap_or_default() { &picture.thumb_hash } else { &picture.hash };
    Ok(file(&holder, hash).await?.tagged(hash).header("Cache-Control", PRIVATE))
}

/// The small picture of a form that failed, to the device that sent it.
#[get("/photos/kept/<sealed>")]
async fn kept(who: Anyone<'_>, sealed: &str) -> Result<Answer> {
    let kept = Kept::read(&who, sealed).ok_or(Error::NotFound)?;
    Ok(file(&who, &kept.thumb).await?.tagged(&kept.thumb).header("Cache-Control", PRIVATE))
}
