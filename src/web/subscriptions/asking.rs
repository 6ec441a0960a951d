//! `/b/{building}/follow`: letters, a feed or a calendar about a building, a place, a category or one matter. Whether an
//! address follows already is said to nobody but the address.

use rocket::{FromForm, Route, get, post, routes};
use serde::Serialize;

use super::{Choice, paces};
use crate::domain::buildings;
use crate::domain::subscriptions::{self, Followed, Pace};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

const BY_DEVICE: Limit = Limit { what: "follow-device", minutes: 60, at_most: 12 };
const BY_ADDRESS: Limit = Limit { what: "follow-address", minutes: 60, at_most: 120 };
/// Letters that somebody else could have sent to one mailbox.
const LETTERS: Limit = Limit { what: "follow-mailbox", minutes: 24 * 60, at_most: 6 };

/// What is to be followed, as the address says it.
#[derive(FromForm)]
pub struct Asked {
    issue: Option<i32>,
    place: Option<String>,
    category: Option<String>,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    back: String,
    what: String,
    action: String,
    paces: Vec<Choice>,
    feed: String,
    calendar: String,
    one: bool,
    form: FormState,
}

async fn followed(caller: &Caller, building: &str, asked: &Asked) -> Result<Followed> {
    let given = |v: &Option<String>| v.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
    let db = caller.house.read();
    let building = buildings::by_slug(db, building).await?;
    Followed::named(db, building, asked.issue, given(&asked.place).as_deref(), given(&asked.category).as_deref()).await
}

/// A program that fetches it later sends no language of its own.
fn address(caller: &Caller, path: &str) -> String {
    let join = if path.contains('?') { '&' } else { '?' };
    let path = if caller.lang == Lang::En { format!("{path}{join}lang=en") } else { path.to_owned() };
    caller.house.settings().address(&path)
}

fn page(caller: &Caller, what: &Followed, form: FormState) -> Result<Answer> {
    let lang = caller.lang;
    let home = format!("/b/{}", what.building.slug);
    let page = Page {
        house: what.building.name(lang).to_owned(),
        back: what.page(),
        what: what.words(lang),
        action: format!("{home}/follow{}", what.query()),
        paces: paces(lang),
        feed: address(caller, &what.feed("atom")),
        calendar: address(caller, &what.feed("ics")),
        one: what.issue.is_some(),
        home,
        form,
    };
    let frame = Frame::titled(lang.t("subscriptions.title")).of(caller, &what.building).class("pg-form").feed(what.feed("atom"));
    caller.page(frame, "subscriptions/ask", &page)
}

#[get("/<building>/follow?<asked..>")]
async fn show(who: Anyone<'_>, building: &str, asked: Asked) -> Result<Answer> {
    let what = followed(&who, building, &asked).await?;
    let form = FormState::filled(&who, [("pace", Pace::Daily.to_string())]);
    page(&who, &what, form)
}

#[post("/<building>/follow?<asked..>", data = "<sent>")]
async fn create(who: Anyone<'_>, building: &str, asked: Asked, sent: Sent<'_>) -> Result<Answer> {
    let what = followed(&who, building, &asked).await?;
    let done = async {
        sent.trusted()?;
        let email = subscriptions::mailbox(sent.text("email"))?;
        let pace: Pace = sent.read("pace")?;
        who.counted(BY_DEVICE, BY_ADDRESS).await?;
        LETTERS.hit(&who.house, email.to_lowercase().as_bytes()).await?;
        let act = who.begin(&sent).await?;
        subscriptions::ask(&act, &what, &email, pace, who.lang).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(what.page()).saying("subscriptions.said.asked")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, &what, form)?.status(status))
        }
    }
}
