//! Filters under a name: kept from the list that is shown, passed round in one's organisation, let go.

use rocket::{Route, post, routes};
use serde::Serialize;

use super::asked::{Asked, Query};
use crate::domain::saved_views::{self, SavedView};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::SavedViewId;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::SignedIn;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![keep, remove]
}

/// One in the list.
#[derive(Serialize)]
pub struct Saved {
    name: String,
    href: String,
    here: bool,
    first: bool,
    shared: bool,
    /// Where its owner lets it go.
    remove: Option<String>,
}

/// Those that somebody sees.
pub async fn of(me: &SignedIn<'_>) -> Result<Vec<SavedView>> {
    let mut all = saved_views::seen_by(me.house.read(), me.person().id, &me.signed.memberships).await?;
    // A colleague's first list is not one's own.
    all.iter_mut().filter(|v| v.person_id != me.person().id).for_each(|v| v.first = false);
    Ok(all)
}

/// As the list shows them.
pub fn shown(views: &[SavedView], asked: &Asked, me: &SignedIn<'_>) -> Vec<Saved> {
    let one = |v: &SavedView| {
        let kept = Asked::of(&Query::parse(&v.query));
        let address = kept.address();
        Saved {
            name: v.name.clone(),
            here: kept.query() == asked.with(|_| ()).query(),
            href: if address == "/desk" { "/desk?view=next".into() } else { address },
            first: v.first,
            shared: v.organisation_id.is_some(),
            remove: (v.person_id == me.person().id).then(|| format!("/desk/views/{}/removal", v.id.0)),
        }
    };
    views.iter().map(one).collect()
}

#[post("/desk/views", data = "<sent>")]
async fn keep(me: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let asked = Asked::of(&Query::parse(sent.text("query"))).with(|_| ());
    let shared = me.signed.memberships.first().map(|m| m.organisation_id).filter(|_| sent.ticked("shared"));
    let done = async {
        let act = me.begin(&sent).await?;
        let (_, replaced) = saved_views::keep(&act, sent.text("name"), &asked.query(), shared, sent.ticked("first")).await?;
        act.commit().await?;
        Ok(replaced)
    }
    .await;
    match done {
        Ok(replaced) => Ok(Answer::go(asked.address()).saying(if replaced { "desk.said.kept_anew" } else { "desk.said.kept" })),
        Err(e) => again(&me, &sent, &asked, e),
    }
}

/// The name was missing or too long: the same small form alone.
fn again(me: &SignedIn<'_>, sent: &Sent<'_>, asked: &Asked, error: Error) -> Result<Answer> {
    #[derive(Serialize)]
    struct Page {
        query: String,
        back: String,
        form: FormState,
    }
    let (form, status) = FormState::again(sent, error)?;
    let page = Page { query: asked.query(), back: asked.address(), form };
    let frame = crate::web::frame::Frame::titled(me.lang.t("desk.keep")).here("desk").at_work().class("pg-form");
    Ok(me.page(frame, "desk/keep", &page)?.status(status))
}

#[post("/desk/views/<id>/removal", data = "<sent>")]
async fn remove(me: SignedIn<'_>, id: &str, sent: Sent<'_>) -> Result<Answer> {
    let id = id.parse().map(SavedViewId).map_err(|_| Error::NotFound)?;
    let act = me.begin(&sent).await?;
    saved_views::own(act.tx(), me.person().id, id).await?.remove(&act).await?;
    act.commit().await?;
    Ok(Answer::go("/desk?view=next").saying("desk.said.removed"))
}
