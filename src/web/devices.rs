//! `/b/{building}/devices`: keys by which devices report here: named, listed, revoked. A key is shown once.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use crate::domain::devices::{self, DeviceKey};
use crate::domain::organisations;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Administer, May};
use crate::web::sent::Sent;

/// Mounted at `/b`.
pub(super) fn routes_below() -> Vec<Route> {
    routes![index, create, revoke]
}

#[derive(Serialize)]
struct Line {
    name: String,
    handle: String,
    organisation: Option<String>,
    made: String,
    used: String,
    /// Since when it opens nothing.
    revoked: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// A key that was just made.
#[derive(Serialize)]
struct Fresh {
    name: String,
    key: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    address: String,
    lines: Vec<Line>,
    organisations: Vec<Choice>,
    fresh: Option<Fresh>,
    form: FormState,
}

async fn page(admin: &May<'_, Administer>, fresh: Option<Fresh>, form: FormState) -> Result<Answer> {
    let (db, lang, now, building) = (admin.house.read(), admin.lang, admin.house.now(), admin.building()?);
    let around = organisations::around(db, building.district_id, building.id).await?;
    let all = devices::of_building(db, building.id).await?;
    let today = dates::local(now).date();
    let line = |k: &DeviceKey| Line {
        name: k.name.clone(),
        handle: k.handle(admin.house.keys()),
        organisation: k.organisation_id.and_then(|id| around.iter().find(|o| o.id == id)).map(|o| o.short(lang).to_owned()),
        made: lang.say("devices.made", &[("day", &dates::short(dates::local(k.created_at).date(), today, lang))]),
        used: match k.used_on.as_deref().and_then(dates::parse) {
            Some(day) => lang.say("devices.used", &[("day", &dates::short(day, today, lang))]),
            None => lang.t("devices.unused"),
        },
        revoked: k.revoked_at.map(|at| lang.say("devices.revoked", &[("day", &dates::short(dates::local(at).date(), today, lang))])),
    };
    let page = Page {
        root: format!("/b/{}/devices", building.slug),
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        address: admin.house.settings().address(&format!("/api/v1/buildings/{}/reports", building.slug)),
        lines: all.iter().map(line).collect(),
        organisations: around.iter().map(|o| Choice { value: o.slug.clone(), label: o.name(lang).to_owned() }).collect(),
        fresh,
        form,
    };
    let frame = Frame::titled(lang.t("devices.heading")).of(admin, building).at_work().class("pg-desk");
    Ok(admin.page(frame, "devices/index", &page)?.header("Cache-Control", "no-store"))
}

#[get("/<_>/devices")]
async fn index(admin: May<'_, Administer>) -> Result<Answer> {
    let form = FormState::fresh(&admin);
    page(&admin, None, form).await
}

#[post("/<_>/devices", data = "<sent>")]
async fn create(admin: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = admin.begin(&sent).await?;
        let building = admin.building()?;
        let organisation = match sent.given("organisation") {
            Some(slug) => Some(organisations::named(act.tx(), building, "organisation", slug).await?.id),
            None => None,
        };
        let (made, key) = devices::issue(&act, building, sent.text("name"), organisation).await?;
        act.commit().await?;
        Ok(Fresh { name: made.name, key })
    }
    .await;
    match done {
        // Shown in the answer itself: nowhere else does it stand, not even for the length of a redirect.
        Ok(fresh) => page(&admin, Some(fresh), FormState::fresh(&admin)).await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&admin, None, form).await?.status(status))
        }
    }
}

#[post("/<_>/devices/<handle>/revocation", data = "<sent>")]
async fn revoke(admin: May<'_, Administer>, handle: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = admin.begin(&sent).await?;
        let building = admin.building()?;
        let key = devices::by_handle(act.tx(), admin.house.keys(), building.id, handle).await?;
        if !sent.ticked("sure") {
            return Err(Refusal::new("key_sure").into());
        }
        key.revoke(&act).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/b/{}/devices", admin.building()?.slug)).saying("devices.said.revoked")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&admin, None, form).await?.status(status))
        }
    }
}
