//! `GET` and `POST /b/{building}/report`.

use rocket::http::Status;
use rocket::{Route, get, post, routes};

use super::crush;
use super::form::{self, Shown};
use super::where_from::WhereFrom;
use super::who::{behalf, counted_sms, taken_down, told};
use super::{FILED, building, form_key, receipt};
use crate::domain::buildings::Building;
use crate::domain::categories;
use crate::domain::persons::Membership;
use crate::domain::reports::{self, Behalf, Channel, Filed, NewReport};
use crate::kernel::act::Actor;
use crate::kernel::error::{Error, Refusal, Result};
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
    let from = WhereFrom::sent(&who, &building, &sent).await?;
    let mut received = Received::default();
    let taken = taken_down(&who, &building, &sent);
    let spoken = behalf(&who, &building, &sent).await;
    let for_another = matches!(taken, Ok(Some(_)));
    let done = async {
        // A form from another site stores nothing, not even a picture.
        if let Err(Error::Refused(r)) = sent.trusted()
            && r.key == "form_foreign"
        {
            return Err(Tried::Not(r.into()));
        }
        // The telephone rings as often as it rings.
        if !for_another {
            who.counted(FILED.0, FILED.1).await.map_err(Tried::Not)?;
            crush::ask(&who, &building, &sent).await.map_err(Tried::Not)?;
        }
        received = Received::of(&who, &sent).await.map_err(Tried::Not)?;
        sent.trusted().map_err(Tried::Not)?;
        let spoken = match spoken {
            Ok(spoken) => Ok(spoken),
            Err(Error::Refused(r)) => Err(r),
            Err(e) => return Err(Tried::Not(e)),
        };
        file(&who, &building, (&from, taken, spoken), &sent, &received).await
    }
    .await;
    let (first, others) = match done {
        Ok(filed) => return Ok(Answer::go(receipt(&who, &building, for_another, &filed))),
        Err(Tried::Not(e)) => (e, vec![]),
        Err(Tried::Faulty(first, others)) => (first.into(), others),
    };
    let used = matches!(&first, Error::Refused(r) if r.key == "form_used");
    let (mut form, status) = FormState::again(&sent, first)?;
    if used {
        // Pressed once more, it is meant as something new.
        form.key = crate::kernel::keys::token();
    }
    crush::mark(&who, &mut form);
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

/// Who writes something down for somebody, and how it came; or what is wrong with saying so.
type Taken<'c> = Result<Option<(&'c Membership, Channel)>, Refusal>;

/// For how many somebody speaks; or what is wrong with saying so.
type Spoken<'c> = Result<Option<(&'c Membership, Behalf)>, Refusal>;

async fn file(
    who: &Anyone<'_>,
    building: &Building,
    (from, taken, spoken): (&WhereFrom, Taken<'_>, Spoken<'_>),
    sent: &Sent<'_>,
    received: &Received,
) -> Result<Filed, Tried> {
    let mut faults = vec![];
    let mut note = |fault| faults.push(fault);
    let place = from.place.as_ref();
    match &from.fault {
        Some(fault) => note(fault.clone()),
        None if place.is_none() => note(Refusal::new("empty").at("place")),
        None => {}
    }
    let category = match sent.given("category") {
        // Left to us: what the words are probably about. Whoever handles it can say better.
        None => categories::guess_or_other(sent.text("words"), place.map(|p| p.kind)),
        Some(code) => categories::named(code).map_err(&mut note).ok(),
    };
    let words = reports::words_of(sent.text("words")).map_err(&mut note).ok();
    received.faults.iter().cloned().for_each(&mut note);
    let taken = taken.map_err(&mut note).ok();
    let spoken = spoken.map_err(&mut note).ok().flatten().filter(|_| !matches!(taken, Some(Some(_))));
    let told = match told(who, building, sent).await.map_err(Tried::Not)? {
        // Here it is asked.
        Ok(_) if sent.given("may_know").is_none() => {
            note(Refusal::new("unknown_choice").at("may_know"));
            None
        }
        Ok(told) => Some(told),
        Err(wrong) => {
            wrong.into_iter().for_each(&mut note);
            None
        }
    };
    let mut faults = faults.into_iter();
    let whole = place.zip(category).zip(words.zip(taken)).zip(told);
    let (((place, category), (words, taken)), (may_know, identity)) = match (faults.next(), whole) {
        (Some(first), _) => return Err(Tried::Faulty(first, faults.collect())),
        (None, Some(whole)) => whole,
        (None, None) => return Err(Tried::Not(Refusal::new("unreadable").into())),
    };
    counted_sms(who, &identity).await.map_err(Tried::Not)?;
    let new = NewReport {
        words: &words,
        channel: match taken {
            Some((_, channel)) => channel,
            None if spoken.is_some() => Behalf::CHANNEL,
            None if from.poster.is_some() => Channel::Poster,
            None => Channel::Web,
        },
        poster: from.poster.as_ref().filter(|_| taken.is_none()).map(|p| p.id),
        may_know,
        who: identity,
        // An enterprise is no device: whoever speaks for it can still report what they met themselves.
        device: (taken.is_none() && spoken.is_none()).then(|| who.device()),
        photos: received.good(),
        lang: who.lang,
        form_key: form_key(who, sent.given("key"), "report"),
        behalf: spoken.map(|(_, behalf)| behalf),
    };
    let done = async {
        let caller: &Caller = who;
        let role = taken.map(|(desk, _)| desk).or(spoken.map(|(speaker, _)| speaker));
        let act = caller.begin(role.map_or(Actor::Visitor, Membership::actor), sent).await?;
        let filed = reports::file(&act, building, place, category, new).await?;
        act.commit().await?;
        Ok(filed)
    };
    done.await.map_err(Tried::Not)
}
