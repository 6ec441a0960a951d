//! `/first/{token}`: the way in to an empty house. One form founds the district and its first administrator, and leads on to
//! the first building.

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::caller::{self, Caller};
use super::form::FormState;
use super::frame::Frame;
use super::guards::Anyone;
use super::issues::work::Choice;
use super::sent::Sent;
use super::sessions::device;
use crate::domain::buildings::NewDistrict;
use crate::domain::first_links::{self, Beginning};
use crate::domain::organisations::OrganisationKind;
use crate::domain::sessions;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::limits::Limit;
use crate::kernel::passwords;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

const BY_DEVICE: Limit = Limit { what: "first-device", minutes: 15, at_most: 30 };
const BY_ADDRESS: Limit = Limit { what: "first-address", minutes: 15, at_most: 120 };

#[derive(Serialize)]
struct Page {
    holds: bool,
    action: String,
    kinds: Vec<Choice>,
    /// No mail server is set: a password is the way back in.
    no_mail: bool,
    shortest: usize,
    form: FormState,
}

async fn page(who: &Caller, token: &str, form: FormState) -> Result<Answer> {
    use OrganisationKind::{Association, Department, Station};
    let kind = |k: OrganisationKind| Choice::new(k.as_str(), who.lang.t(&format!("organisations.kinds.{}", k.as_str())));
    let holds = first_links::holds(who.house.read(), &who.house, token).await?;
    let page = Page {
        holds,
        action: format!("/first/{token}"),
        kinds: [Station, Department, Association].map(kind).into(),
        no_mail: who.house.settings().mail_url.is_none(),
        shortest: passwords::SHORTEST,
        form,
    };
    let frame = Frame::titled(who.lang.t("first_links.title")).class("pg-found");
    let answer = who.page(frame, "first_links/show", &page)?.header("Cache-Control", "no-store").header("Referrer-Policy", "no-referrer");
    Ok(if holds { answer } else { answer.status(Status::Gone) })
}

#[get("/first/<token>")]
async fn show(who: Anyone<'_>, token: &str) -> Result<Answer> {
    page(&who, token, FormState::fresh(&who)).await
}

#[post("/first/<token>", data = "<sent>")]
async fn create(who: Anyone<'_>, token: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        who.counted(BY_DEVICE, BY_ADDRESS).await?;
        let kind: OrganisationKind = sent.text("kind").parse().map_err(|r: Refusal| r.at("kind"))?;
        let hash = match sent.given("new_password") {
            Some(_) => Some(passwords::hash("new_password", sent.text("new_password")).await?),
            None => None,
        };
        let act = who.begin(&sent).await?;
        let new = Beginning {
            name: sent.text("own_name"),
            name_en: sent.text("own_name_en"),
            email: sent.given("email").ok_or_else(|| Refusal::new("empty").at("email"))?,
            lang: who.lang,
            district: NewDistrict {
                slug: sent.text("slug").trim(),
                code: sent.text("code").trim(),
                short: sent.text("short"),
                name: sent.text("name"),
                name_en: sent.text("name_en"),
                street: sent.text("street"),
                street_en: sent.text("street_en"),
                jurisdiction: "CN-SH",
            },
            organisation: sent.text("organisation"),
            organisation_en: sent.text("organisation_en"),
            kind,
        };
        let (person, district) = first_links::begin(&act, token, new).await?;
        let person = match hash {
            Some(hash) => person.set_password(&act, hash).await?,
            None => person,
        };
        let session = sessions::open(&act, &person, &device(who.agent())).await?;
        act.commit().await?;
        Ok::<_, Error>((district, session))
    }
    .await;
    match done {
        Ok((district, session)) => Ok(Answer::go(format!("/d/{}/buildings/new", district.slug))
            .saying("first_links.said.begun")
            .cookie(caller::cookie(&who.house, caller::session_cookie(&who.house), session, sessions::SESSION_DAYS))),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let answer = page(&who, token, form).await?;
            let holds = first_links::holds(who.house.read(), &who.house, token).await?;
            Ok(if holds { answer.status(status) } else { answer })
        }
    }
}
