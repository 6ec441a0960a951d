//! `/me/telling`: how somebody wants to be told: at once, in the day's letter or not at all; and quiet hours.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::channels::hours;
use super::form::FormState;
use super::frame::Frame;
use super::guards::SignedIn;
use super::sent::Sent;
use crate::domain::telling::{self, HOURS, Matter, Telling, Wish};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::quiet::Quiet;

pub(super) fn routes() -> Vec<Route> {
    routes![show, choose]
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// One kind of letter.
#[derive(Serialize)]
struct Row {
    field: &'static str,
    name: String,
    what: String,
    /// Why it cannot be chosen freely.
    why: Option<String>,
    /// Of one choice there is none.
    only: Option<String>,
    options: Vec<Choice>,
    value: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Page {
    email: Option<String>,
    rows: Vec<Row>,
    digest_hours: Vec<Choice>,
    hours: Vec<Choice>,
    form: FormState,
}

fn field(matter: Matter) -> &'static str {
    match matter {
        Matter::New => "about_new",
        Matter::Given => "about_given",
        Matter::Mentioned => "about_mentioned",
        Matter::Due => "about_due",
        Matter::Late => "about_late",
        Matter::Progress => "about_progress",
        Matter::Meeting => "about_meeting",
    }
}

fn values(t: &Telling) -> Vec<(&'static str, String)> {
    let hour = |h: Option<u32>| h.map(|h| h.to_string()).unwrap_or_default();
    let wishes = Matter::ALL.iter().map(|m| (field(*m), t.wish(*m).to_string()));
    let hours =
        [("digest_hour", t.digest_hour.to_string()), ("quiet_from", hour(t.quiet.map(|q| q.from))), ("quiet_to", hour(t.quiet.map(|q| q.to)))];
    wishes.chain(hours).collect()
}

fn page(who: &SignedIn<'_>, form: FormState) -> Result<Answer> {
    let lang = who.lang;
    let plain = |(value, label)| Choice { value, label };
    let wish = |w: Wish| lang.t(&format!("telling.wishes.{w}"));
    let row = |m: &Matter| {
        let (wishes, name) = (m.wishes(), |part: &str| format!("telling.matters.{m}.{part}"));
        Row {
            field: field(*m),
            name: lang.t(&name("name")),
            what: lang.t(&name("what")),
            why: (wishes.len() < Wish::ALL.len()).then(|| lang.t(&name("why"))),
            only: (wishes.len() == 1).then(|| wish(wishes[0])),
            options: wishes.iter().map(|w| plain((w.to_string(), wish(*w)))).collect(),
            value: form.values.get(field(*m)).cloned().unwrap_or_default(),
            error: form.errors.get(field(*m)).cloned(),
        }
    };
    let page = Page {
        email: who.person().email.clone(),
        rows: Matter::ALL.iter().map(row).collect(),
        digest_hours: hours().filter(|(v, _)| v.parse().is_ok_and(|h: u32| HOURS.contains(&h))).map(plain).collect(),
        hours: hours().map(plain).collect(),
        form,
    };
    who.page(Frame::titled(lang.t("telling.title")).at_work().here("me").class("pg-telling"), "telling/show", &page)
}

#[get("/me/telling")]
async fn show(who: SignedIn<'_>) -> Result<Answer> {
    let telling = telling::of(who.house.read(), who.person().id).await?;
    page(&who, FormState::filled(&who, values(&telling)))
}

#[post("/me/telling", data = "<sent>")]
async fn choose(who: SignedIn<'_>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let mut wishes = vec![];
        for m in Matter::ALL.iter().filter(|m| m.wishes().len() > 1) {
            let wish: Wish = sent.text(field(*m)).parse().map_err(|_| Refusal::new("unknown_choice").at(field(*m)))?;
            if !m.wishes().contains(&wish) {
                return Err(Error::from(Refusal::new("unknown_choice").at(field(*m))));
            }
            wishes.push((*m, wish));
        }
        let quiet = Quiet::read(sent.text("quiet_from"), sent.text("quiet_to"))?;
        let hour: u32 = sent.read("digest_hour")?;
        let act = who.begin(&sent).await?;
        telling::choose(&act, who.person().id, &wishes, hour, quiet).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go("/me/telling").saying("telling.said.kept")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form)?.status(status))
        }
    }
}
