//! `/me`: one's own account: roles, language, password, where one is signed in.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::caller;
use super::dates;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{Anyone, SignedIn};
use super::ical;
use super::sent::Sent;
use crate::domain::buildings;
use crate::domain::meetings::feeds;
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::sessions::{self, Session};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::SessionId;
use crate::kernel::limits::Limit;
use crate::kernel::passwords;

pub(super) fn routes() -> Vec<Route> {
    routes![show, language, password, calendar, calendar_file, end_sessions]
}

/// Passwords tried by somebody who is signed in already.
const TRIES: Limit = Limit { what: "password-change", minutes: 15, at_most: 10 };

#[derive(Serialize)]
struct Page {
    name: String,
    email: Option<String>,
    roles: Vec<Held>,
    languages: Vec<Language>,
    language: &'static str,
    has_password: bool,
    shortest: usize,
    sessions: Vec<Device>,
    /// The calendar's address, once: after this answer nobody can read it any more.
    calendar: Option<String>,
    /// Since when there is one.
    calendar_since: Option<String>,
    form: FormState,
}

#[derive(Serialize)]
struct Held {
    role: String,
    organisation: String,
    place: String,
    href: String,
}

#[derive(Serialize)]
struct Language {
    value: &'static str,
    label: String,
    hint: Option<String>,
}

#[derive(Serialize)]
struct Device {
    id: String,
    name: String,
    seen: String,
    here: bool,
}

async fn page(who: &SignedIn<'_>, form: FormState, calendar: Option<String>) -> Result<Answer> {
    let (db, lang, person) = (who.house.read(), who.lang, who.person());
    let all = organisations::by_ids(db, who.signed.memberships.iter().map(|m| m.organisation_id)).await?;
    let mut roles = vec![];
    for m in &who.signed.memberships {
        let (place, href) = match (m.building_id, m.district_id) {
            (Some(id), _) => buildings::by_id(db, id).await.map(|b| (b.name(lang).to_owned(), format!("/b/{}", b.slug)))?,
            (None, Some(id)) => buildings::district_by_id(db, id).await.map(|d| (d.name(lang).to_owned(), format!("/d/{}", d.slug)))?,
            (None, None) => continue,
        };
        let organisation = all.iter().find(|o| o.id == m.organisation_id).map(|o| o.name(lang).to_owned()).unwrap_or_default();
        roles.push(Held { role: lang.t(&format!("roles.{}", m.role.as_str())), organisation, place, href });
    }
    let sessions = sessions::of_person(db, person.id).await?;
    let page = Page {
        name: person.name(lang).to_owned(),
        email: person.email.clone(),
        roles,
        languages: [Lang::Zh, Lang::En].map(|l| Language { value: l.tag(), label: l.t("me.own_language"), hint: None }).into(),
        language: person.lang().tag(),
        has_password: person.password_hash.is_some(),
        shortest: passwords::SHORTEST,
        sessions: sessions.iter().filter(|s| s.expires_at > who.house.now()).map(|s| device(who, s)).collect(),
        calendar,
        calendar_since: feeds::of_person(db, person.id).await?.map(|f| dates::moment(f.made_at, who.house.now(), lang)),
        form,
    };
    who.page(Frame::titled(lang.t("me.title")).at_work().here("me").class("pg-form"), "me/show", &page)
}

fn device(who: &SignedIn<'_>, session: &Session) -> Device {
    let (lang, now) = (who.lang, who.house.now());
    let mut parts = session.device.split(' ');
    let mut word = |kind: &str| {
        let key = format!("me.{kind}.{}", parts.next().unwrap_or("other"));
        if lang.has(&key) { lang.t(&key) } else { lang.t(&format!("me.{kind}.other")) }
    };
    let (browser, system) = (word("browser"), word("system"));
    Device {
        id: session.id.0.to_string(),
        name: lang.say("me.device", &[("browser", &browser), ("system", &system)]),
        seen: lang.say("me.seen", &[("at", &dates::moment(session.seen_at, now, lang))]),
        here: session.id == who.signed.session.id,
    }
}

#[get("/me")]
async fn show(who: SignedIn<'_>) -> Result<Answer> {
    let form = FormState::fresh(&who);
    page(&who, form, None).await
}

async fn again(who: &SignedIn<'_>, sent: &Sent<'_>, e: Error) -> Result<Answer> {
    let (form, status) = FormState::again(sent, e)?;
    Ok(page(who, form, None).await?.status(status))
}

#[post("/me/language", data = "<sent>")]
async fn language(who: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let lang = match sent.text("language") {
            "zh-CN" => Lang::Zh,
            "en" => Lang::En,
            _ => return Err(Refusal::new("unknown_choice").at("language").into()),
        };
        let act = who.begin(&sent).await?;
        persons::by_id(act.tx(), who.person().id).await?.choose_language(&act, lang).await?;
        act.commit().await?;
        Ok(lang)
    }
    .await;
    match done {
        // Also on this device, where another choice may have been kept.
        Ok(lang) => Ok(Answer::go("/me").saying("me.said.language").cookie(caller::cookie(&who.house, "lang", lang.tag().into(), 365))),
        Err(e) => again(&who, &sent, e).await,
    }
}

#[post("/me/password", data = "<sent>")]
async fn password(who: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        if let Some(kept) = &who.person().password_hash {
            TRIES.hit(&who.house, who.person().id.0.as_bytes()).await?;
            if !passwords::holds(sent.text("password"), Some(kept.clone())).await? {
                return Err(Refusal::new("password_wrong").at("password").into());
            }
        }
        let hash = passwords::hash("new_password", sent.text("new_password")).await?;
        let act = who.begin(&sent).await?;
        persons::by_id(act.tx(), who.person().id).await?.set_password(&act, hash).await?;
        // Whoever came in by the old one is out.
        sessions::revoke_all(&act, who.person().id, Some(who.signed.session.id)).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go("/me").saying("me.said.password")),
        Err(e) => again(&who, &sent, e).await,
    }
}

/// `POST /me/calendar`: makes the address of one's own meetings (`do` is `make`), or ends it.
#[post("/me/calendar", data = "<sent>")]
async fn calendar(who: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let ends = sent.text("do") == "end";
    let done = async {
        let act = who.begin(&sent).await?;
        let token = match ends {
            true => feeds::end(&act, who.person().id).await.map(|()| None)?,
            false => Some(feeds::renew(&act, who.person().id).await?),
        };
        act.commit().await?;
        Ok(token)
    }
    .await;
    match done {
        Ok(None) => Ok(Answer::go("/me").saying("me.said.calendar_ended")),
        Ok(Some(token)) => {
            let address = who.house.settings().address(&format!("/calendars/of/{token}.ics"));
            page(&who, FormState::fresh(&who), Some(address)).await
        }
        Err(e) => again(&who, &sent, e).await,
    }
}

/// `GET /calendars/of/{token}.ics`: for whichever calendar has the address.
#[get("/calendars/of/<name>")]
async fn calendar_file(who: Anyone<'_>, name: &str) -> Result<Answer> {
    let person = feeds::owner(who.house.read(), name.strip_suffix(".ics").ok_or(Error::NotFound)?).await?;
    let lang = persons::by_id(who.house.read(), person).await?.lang();
    let file = feeds::file(&who.house, person, lang).await?;
    Ok(Answer::bytes(ical::kind(), file.into_bytes()).header("Cache-Control", "private, no-cache"))
}

/// Ends one session (`end` is its id) or all of them.
#[post("/me/sessions", data = "<sent>")]
async fn end_sessions(who: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let everywhere = sent.text("end") == "all";
    let done = async {
        let act = who.begin(&sent).await?;
        if everywhere {
            sessions::revoke_all(&act, who.person().id, None).await?;
        } else {
            let id = sent.read("end").map(SessionId::from_uuid).map_err(|_| Error::NotFound)?;
            sessions::revoke(&act, who.person().id, id).await?;
        }
        act.commit().await
    }
    .await;
    match done {
        Ok(()) if everywhere => {
            let gone = caller::cookie(&who.house, caller::session_cookie(&who.house), String::new(), 0);
            Ok(Answer::go("/").saying("me.said.everywhere").cookie(gone))
        }
        Ok(()) => Ok(Answer::go("/me").saying("me.said.ended")),
        Err(e) => again(&who, &sent, e).await,
    }
}
