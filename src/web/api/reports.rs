//! `POST /api/v1/buildings/{slug}/reports`: a device reports something.

use rocket::http::{ContentType, Status};
use rocket::serde::json::Json;
use rocket::{Route, post, routes};
use serde::{Deserialize, Serialize};

use super::{Device, Once};
use crate::domain::buildings;
use crate::domain::categories;
use crate::domain::reports::{self, Channel, Identity, MayKnow, NewReport};
use crate::kernel::error::{Error, Refusal};
use crate::kernel::i18n::Lang;
use crate::kernel::limits::Limit;
use crate::web::answer::Answer;
use crate::web::problem::Problem;

pub(super) fn routes() -> Vec<Route> {
    routes![create]
}

/// How often one key may report in an hour.
const FILED: Limit = Limit { what: "report-key", minutes: 60, at_most: 120 };

/// What a device sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    words: String,
    /// Code of a place.
    place: String,
    /// Code of a kind; guessed from the words where it is missing.
    category: Option<String>,
    /// `zh-CN` or `en`.
    language: Option<String>,
}

/// What it gets.
#[derive(Serialize)]
struct Made {
    /// `TQ-214`.
    issue: String,
    /// The public page.
    url: String,
    /// The reporter's own page: a secret.
    receipt: String,
    code: String,
    /// It had been sent before under this key.
    again: bool,
}

#[post("/buildings/<slug>/reports", data = "<new>")]
async fn create(device: Device, slug: &str, once: Once<'_>, new: Json<New>) -> Result<Answer, Problem> {
    let db = device.house.read();
    let building = match buildings::by_slug(db, slug).await {
        // That a building exists is public; that a key isn't for it needs no hint more than that.
        Ok(b) if b.id == device.key.building_id => b,
        Ok(_) | Err(Error::NotFound) => return Err(Problem::new(Status::NotFound, "not_found")),
        Err(e) => return Err(e.into()),
    };
    let Once(Some(once)) = once else { return Err(Problem::new(Status::BadRequest, "no_idempotency_key")) };
    FILED.hit(&device.house, device.key.id.0.as_bytes()).await?;
    let mut faults: Vec<Refusal> = vec![];
    let words = reports::words_of(&new.words).map_err(|r| faults.push(r)).ok();
    let place = match buildings::place_by_code(db, building.id, &new.place).await {
        Ok(p) if p.retired_at.is_none() => Some(p),
        Ok(_) | Err(Error::NotFound) => {
            faults.push(Refusal::new("unknown_place").at("place"));
            None
        }
        Err(e) => return Err(e.into()),
    };
    let category = match new.category.as_deref() {
        None => categories::guess_or_other(&new.words, place.as_ref().map(|p| p.kind)),
        Some(code) => categories::named(code).map_err(|r| faults.push(r)).ok(),
    };
    let (Some(words), Some(place), Some(category), true) = (words, place, category, faults.is_empty()) else {
        return Err(Problem::refused(faults));
    };
    let form_key = device.house.keys().derive("api-key", &[device.key.id.0.as_bytes(), once.as_bytes()]);
    let report = NewReport {
        words: &words,
        channel: Channel::Device,
        poster: None,
        may_know: MayKnow::Nobody,
        who: Identity::default(),
        device: None,
        photos: vec![],
        lang: Lang::from_tag(new.language.as_deref().unwrap_or_default()),
        form_key: Some(form_key.to_vec()),
        behalf: None,
    };
    let act = device.house.act(device.key.actor()).await?;
    let filed = reports::file(&act, &building, &place, category, report).await?;
    act.commit().await?;
    device.key.used(&device.house).await?;
    let settings = device.house.settings();
    let url = settings.address(&format!("/b/{}/issues/{}", building.slug, filed.issue.number));
    let made = Made {
        issue: building.label(filed.issue.number),
        receipt: settings.address(&format!("/r/{}", filed.receipt)),
        code: filed.code,
        again: filed.again,
        url: url.clone(),
    };
    let status = if filed.again { Status::Ok } else { Status::Created };
    let body = serde_json::to_vec(&made).map_err(Error::from)?;
    Ok(Answer::bytes(ContentType::JSON, body).status(status).header("Location", url).header("Cache-Control", "no-store"))
}
