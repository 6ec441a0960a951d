//! `GET` and `POST /b/{building}/issues/{number}/me-too`: one tap, or with a sentence, a photo
//! and who one is; counted once per device.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::crush;
use super::where_from::WhereFrom;
use super::who::{Asked, behalf, counted_sms, taken_down, told};
use super::{JOINED, building, form_key, receipt};
use crate::domain::buildings::{self, Building};
use crate::domain::categories;
use crate::domain::issues::{self, Issue};
use crate::domain::persons::Membership;
use crate::domain::reports::{self, Behalf, Channel, Filed, NewReport};
use crate::kernel::act::Actor;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::photos::receiving::Received;
use crate::web::photos::sealed;
use crate::web::sent::Sent;
use crate::web::shown::states::{self, State};

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct Page {
    action: String,
    href: String,
    label: String,
    title: String,
    place: String,
    state: State,
    count: i32,
    open: bool,
    poster: String,
    kept: Vec<sealed::Shown>,
    #[serde(flatten)]
    asked: Asked,
    who_open: bool,
    form: FormState,
}

async fn page(
    caller: &Caller,
    building: &Building,
    issue: &Issue,
    poster: Option<&str>,
    form: FormState,
    kept: Vec<sealed::Shown>,
) -> Result<Answer> {
    let lang = caller.lang;
    let place = buildings::place_by_id(caller.house.read(), issue.place_id).await?;
    let href = format!("/b/{}/issues/{}", building.slug, issue.number);
    let asked = Asked::of(caller, building, &form).await?;
    let page = Page {
        action: format!("{href}/me-too"),
        href,
        label: building.label(issue.number),
        title: issue.title_for_public(lang),
        place: place.public(lang),
        state: states::of(issue, None, lang),
        count: issue.reports,
        open: issue.state.is_open(),
        poster: poster.filter(|c| c.len() <= 40).unwrap_or_default().to_owned(),
        kept,
        who_open: asked.touched(),
        asked,
        form,
    };
    let frame = Frame::titled(lang.say("reports.me_too.title", &[("label", &page.label)])).of(caller, building).here("issues").class("pg-form");
    caller.page(frame, "reports/me_too", &page)
}

/// The matter itself, or the one that it was merged into.
async fn surviving(caller: &Caller, building: &Building, number: i32) -> Result<Issue> {
    let db = caller.house.read();
    let mut issue = issues::by_number(db, building.id, number).await?;
    while let Some(into) = issue.merged_into_id {
        issue = issues::by_id(db, into).await?;
    }
    Ok(issue)
}

#[get("/<_>/issues/<number>/me-too?<poster>")]
async fn show(who: Anyone<'_>, number: i32, poster: Option<&str>) -> Result<Answer> {
    let building = building(&who).await?;
    let issue = surviving(&who, &building, number).await?;
    page(&who, &building, &issue, poster, FormState::fresh(&who), vec![]).await
}

#[post("/<_>/issues/<number>/me-too", data = "<sent>")]
async fn create(who: Anyone<'_>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let building = building(&who).await?;
    let issue = surviving(&who, &building, number).await?;
    let mut received = Received::default();
    let mut for_another = false;
    let done = async {
        sent.trusted()?;
        let taken = taken_down(&who, &building, &sent)?;
        for_another = taken.is_some();
        if taken.is_none() {
            who.counted(JOINED.0, JOINED.1).await?;
            crush::ask(&who, &building, &sent).await?;
        }
        received = Received::of(&who, &sent).await?;
        match received.faults.first() {
            Some(fault) => Err(Error::from(fault.clone())),
            None => join(&who, &building, &issue, taken, (&sent, &received)).await,
        }
    }
    .await;
    match done {
        Ok(filed) => {
            let to = Answer::go(receipt(&who, &building, for_another, &filed));
            Ok(match (for_another, filed.again) {
                (true, _) => to,
                (_, true) if received.is_empty() && sent.text("words").trim().is_empty() => to.saying("reports.said.counted_once"),
                (_, true) => to.saying("reports.said.counted_already"),
                (_, false) => to.saying("reports.said.counted"),
            })
        }
        Err(e) => {
            let (mut form, status) = FormState::again(&sent, e)?;
            crush::mark(&who, &mut form);
            received.faults.iter().skip(1).for_each(|f| form.fault(who.lang, f));
            let kept = received.keep(&who).await?;
            Ok(page(&who, &building, &issue, sent.given("poster"), form, kept).await?.status(status))
        }
    }
}

async fn join(
    who: &Anyone<'_>,
    building: &Building,
    issue: &Issue,
    taken: Option<(&Membership, Channel)>,
    (sent, received): (&Sent<'_>, &Received),
) -> Result<Filed> {
    let db = who.house.read();
    let from = WhereFrom::of(who, building, None, sent.given("poster")).await?;
    let place = buildings::place_by_id(db, issue.place_id).await?;
    let category = categories::named(&issue.category)?;
    let (may_know, identity) = match told(who, building, sent).await? {
        Ok(told) => told,
        Err(wrong) => return Err(wrong.into_iter().next().unwrap_or_else(|| Refusal::new("unreadable")).into()),
    };
    counted_sms(who, &identity).await?;
    let spoken = behalf(who, building, sent).await?.filter(|_| taken.is_none());
    let new = NewReport {
        words: sent.text("words"),
        channel: match taken {
            Some((_, channel)) => channel,
            None if spoken.is_some() => Behalf::CHANNEL,
            None if from.poster.is_some() => Channel::Poster,
            None => Channel::Web,
        },
        poster: from.poster.filter(|_| taken.is_none()).map(|p| p.id),
        may_know,
        who: identity,
        device: (taken.is_none() && spoken.is_none()).then(|| who.device()),
        photos: received.good(),
        lang: who.lang,
        form_key: form_key(who, sent.given("key"), &format!("me too {}", issue.number)),
        behalf: spoken.map(|(_, behalf)| behalf),
    };
    let caller: &Caller = who;
    let role = taken.map(|(desk, _)| desk).or(spoken.map(|(speaker, _)| speaker));
    let act = caller.begin(role.map_or(Actor::Visitor, Membership::actor), sent).await?;
    let filed = reports::me_too(&act, issue.clone(), &place, category, new).await?;
    act.commit().await?;
    Ok(filed)
}
