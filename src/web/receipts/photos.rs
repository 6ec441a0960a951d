//! `/r/{receipt}/photos/{n}/cover`: the reporter covers faces and plates in a picture of theirs.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::page;
use crate::domain::attachments::{self, Attachment};
use crate::kernel::error::{Error, Result};
use crate::kernel::files;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::Holder;
use crate::web::photos::covering::{Covering, covered};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct More {
    covering: Covering,
}

async fn picture(holder: &Holder<'_>, n: usize) -> Result<Attachment> {
    let all = attachments::of_report(holder.house.read(), holder.report.id).await?;
    n.checked_sub(1).and_then(|i| all.into_iter().nth(i)).ok_or(Error::NotFound)
}

async fn again(holder: &Holder<'_>, n: usize, form: FormState) -> Result<Answer> {
    let picture = picture(holder, n).await?;
    let covering = Covering::of(holder, &picture, format!("/r/{}/photos/{n}", holder.receipt), &form);
    page(holder, "cover", None, form, More { covering })
}

#[get("/r/<_>/photos/<n>/cover")]
async fn show(holder: Holder<'_>, n: usize) -> Result<Answer> {
    let form = FormState::fresh(&holder);
    again(&holder, n, form).await
}

#[post("/r/<_>/photos/<n>/cover", data = "<sent>")]
async fn create(holder: Holder<'_>, n: usize, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        let copy = covered(&holder, &picture(&holder, n).await?, &sent).await?;
        let act = holder.begin(&sent).await?;
        // Looked up again within the act: somebody may have covered it meanwhile.
        let picture = attachments::by_id(act.tx(), picture(&holder, n).await?.id).await?;
        let gone = picture.cover(&act, holder.building.id, copy, sent.ticked("keep")).await?;
        act.commit().await?;
        files::remove(&holder.house, &gone).await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/r/{}", holder.receipt)).saying("receipts.said.covered")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(again(&holder, n, form).await?.status(status))
        }
    }
}
