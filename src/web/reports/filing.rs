//! `GET` and `POST /b/{building}/report`.

use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::form::{self, Shown};
use super::where_from::WhereFrom;
use super::{FILED, building, form_key};
use crate::domain::buildings::Building;
use crate::domain::categories;
use crate::domain::organisations;
use crate::domain::reports::{self, Channel, Filed, Identity, NewReport};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::guards::Anyone;
use crate::web::photos::receiving::Received;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[get("/<_>/report?<place>&<poster>&<category>")]
async fn show(who: Anyone<'_>, place: Option<&str>, poster: Option<&str>, category: Option<&str>) -> Result<Answer> {
    let building = building(&who).await?;
    let some = |v: Option<&str>| v.filter(|v| !v.is_empty()).map(str::to_owned);
    let from = WhereFrom::of(&who, &building, some(place).as_deref(), some(poster).as_deref()).await?;
    let mut form = FormState::fresh(&who);
    if let Some(code) = category.filter(|c| categories::find(c).is_some()) {
        form.values.insert("category".into(), code.into());
    }
    let status = match &from.fault {
        Some(fault) => {
            form.fault(who.lang, fault);
            Status::NotFound
        }
        None => Status::Ok,
    };
    Ok(form::page(&who, Shown { building: &building, from, form, kept: vec![] }).await?.status(status))
}

#[post("/<_>/report", data = "<sent>")]
async fn create(who: Anyone<'_>, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let from = WhereFrom::of(&who, &building, sent.given("place"), sent.given("poster")).await?;
    let mut received = Received::default();
    let done = async {
        // A form from another site stores nothing, not even a picture.
        if let Err(Error::Refused(r)) = sent.trusted()
            && r.key == "form_foreign"
        {
            return Err(Tried::Not(r.into()));
        }
        who.counted(FILED.0, FILED.1).await.map_err(Tried::Not)?;
        received = Received::of(&who, &sent).await.map_err(Tried::Not)?;
        sent.trusted().map_err(Tried::Not)?;
        file(&who, &building, &from, &sent, &received).await
    }
    .await;
    let (first, others) = match done {
        Ok(filed) => return Ok(Answer::go(format!("/r/{}", filed.receipt))),
        Err(Tried::Not(e)) => (e, vec![]),
        Err(Tried::Faulty(first, others)) => (first.into(), others),
    };
    let used = matches!(&first, Error::Refused(r) if r.key == "form_used");
    let (mut form, status) = FormState::again(&sent, first)?;
    if used {
        // Pressed once more, it is meant as something new.
        form.key = crate::kernel::keys::token();
    }
    for fault in &others {
        form.fault(who.lang, fault);
    }
    let kept = received.keep(&who).await?;
    Ok(form::page(&who, Shown { building: &building, from, form, kept }).await?.status(status))
}

/// Why nothing was filed.
enum Tried {
    /// One reason.
    Not(Error),
    /// Faults in the form: the first, and all others.
    Faulty(Refusal, Vec<Refusal>),
}

async fn file(who: &Anyone<'_>, building: &Building, from: &WhereFrom, sent: &Sent<'_>, received: &Received) -> Result<Filed, Tried> {
    let mut faults = vec![];
    let mut note = |fault| faults.push(fault);
    let place = from.place.as_ref();
    match &from.fault {
        Some(fault) => note(fault.clone()),
        None if place.is_none() => note(Refusal::new("empty").at("place")),
        None => {}
    }
    let category = match sent.given("category") {
        None => {
            note(Refusal::new("empty").at("category"));
            None
        }
        Some(code) => categories::named(code).map_err(&mut note).ok(),
    };
    let words = reports::words_of(sent.text("words")).map_err(&mut note).ok();
    received.faults.iter().cloned().for_each(&mut note);
    let may_know = sent.read("may_know").map_err(|_| note(Refusal::new("unknown_choice").at("may_know"))).ok();
    let tenant = tenant(who, building, sent.given("organisation")).await.map_err(Tried::Not)?;
    if tenant.is_none() && sent.given("organisation").is_some() {
        note(Refusal::new("unknown_choice").at("organisation"));
    }
    let identity = Identity::read(sent.text("name"), sent.text("phone"), sent.text("email"), sent.text("floor"), tenant).map_err(&mut note).ok();
    let mut faults = faults.into_iter();
    let whole = place.zip(category).zip(words.zip(may_know)).zip(identity);
    let (((place, category), (words, may_know)), identity) = match (faults.next(), whole) {
        (Some(first), _) => return Err(Tried::Faulty(first, faults.collect())),
        (None, Some(whole)) => whole,
        (None, None) => return Err(Tried::Not(Refusal::new("unreadable").into())),
    };
    let new = NewReport {
        words: &words,
        channel: if from.poster.is_some() { Channel::Poster } else { Channel::Web },
        poster: from.poster.as_ref().map(|p| p.id),
        may_know,
        who: identity,
        device: Some(who.device()),
        photos: received.good(),
        lang: who.lang,
        form_key: form_key(who, sent.given("key"), "report"),
    };
    let done = async {
        let act = who.begin(sent).await?;
        let filed = reports::file(&act, building, place, category, new).await?;
        act.commit().await?;
        Ok(filed)
    };
    done.await.map_err(Tried::Not)
}

/// The enterprise that somebody says they work at; none where it isn't one of this building.
async fn tenant(caller: &Caller, building: &Building, slug: Option<&str>) -> Result<Option<OrganisationId>> {
    let Some(slug) = slug else { return Ok(None) };
    let all = organisations::tenants(caller.house.read(), building.id).await?;
    Ok(all.into_iter().find(|o| o.slug == slug).map(|o| o.id))
}
