//! `/desk/batches`: several acts at once. What was picked is shown with what would come of each; then it is done, and can
//! be taken back.

mod last;
mod picked;
mod print;

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

pub use last::{Last, last};
use picked::{Picked, Picks};

use crate::domain::batches::{self, BatchVerb, Order};
use crate::domain::issues::TRANSFER_REASONS;
use crate::domain::organisations;
use crate::domain::persons;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BatchId, PersonId};
use crate::web::answer::Answer;
use crate::web::form::{FormState, sentence};
use crate::web::frame::Frame;
use crate::web::guards::{Holds, Work};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    [routes![new, create, show, undo], print::routes()].concat()
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// One of what was picked.
#[derive(Serialize)]
struct Row {
    label: String,
    title: String,
    small: String,
    href: String,
    /// As it is sent: the label and the version that was shown.
    value: String,
    refused: Option<String>,
    /// Somebody has acted on it since it was shown.
    moved: bool,
}

#[derive(Serialize)]
struct Page {
    verb: &'static str,
    heading: String,
    intro: String,
    rows: Vec<Row>,
    /// So many that were picked are not this person's to do something with.
    left_out: Option<String>,
    /// How many of them can be done.
    n: usize,
    button: String,
    back: String,
    persons: Vec<Choice>,
    organisations: Vec<Choice>,
    reasons: Vec<Choice>,
    form: FormState,
}

/// Where somebody came from, if it is a page of ours.
fn back(asked: Option<&str>) -> String {
    let ours = |b: &&str| b.starts_with("/desk") || b.starts_with("/b/");
    asked.filter(ours).filter(|b| !b.contains(['\\', '\n', '\r']) && !b.contains("//")).unwrap_or("/desk").to_owned()
}

fn verb(word: &str) -> Result<BatchVerb, Refusal> {
    word.parse().map_err(|_: Refusal| Refusal::new("unknown_choice").at("verb"))
}

/// What the form says is to be done; for the page that shows what would come of it, what was typed so far.
async fn order(who: &Holds<'_, Work>, picks: &Picks, verb: BatchVerb, sent: Option<&Sent<'_>>) -> Result<Order> {
    let text = |name: &str| sent.map_or("", |s| s.text(name)).to_owned();
    Ok(match verb {
        BatchVerb::Accept => Order::Accept { answer: text("answer") },
        BatchVerb::Answer => Order::Answer { words: text("answer") },
        BatchVerb::Assign => Order::Assign {
            to: match sent.and_then(|s| s.given("person")) {
                // A choice of its own: nobody is assigned by pressing on.
                Some("nobody") => None,
                Some(id) => Some(PersonId(id.parse().map_err(|_| Refusal::new("unknown_choice").at("person"))?)),
                None => return Err(Refusal::new("choose_person").at("person").into()),
            },
        },
        BatchVerb::Transfer => {
            let building = picks.building().ok_or_else(|| Refusal::new("batch_buildings"))?;
            let to = organisations::named(who.house.read(), building, "to", &text("to")).await?;
            Order::Transfer { to: Box::new(to), reason: text("reason"), words: text("words") }
        }
    })
}

/// What is tried for the page: fields that are still empty stand against nobody.
async fn trial(who: &Holds<'_, Work>, picks: &Picks, verb: BatchVerb) -> Result<Option<Order>> {
    Ok(match verb {
        BatchVerb::Accept => Some(Order::Accept { answer: String::new() }),
        BatchVerb::Answer => Some(Order::Answer { words: "……".into() }),
        BatchVerb::Assign => Some(Order::Assign { to: picks.hands(who).await?.first().map(|p| p.id) }),
        BatchVerb::Transfer => {
            let to = picks.takers(who).await?.into_iter().next();
            to.map(|to| Order::Transfer { to: Box::new(to), reason: TRANSFER_REASONS[0].into(), words: "……".into() })
        }
    })
}

async fn page(who: &Holds<'_, Work>, picks: Picks, verb: BatchVerb, form: FormState, seen: &[&str]) -> Result<Answer> {
    let lang = who.lang;
    let word = verb.as_str();
    let refusals = match trial(who, &picks, verb).await? {
        Some(order) => picks.refusals(who, &order).await?,
        None => picks.all.iter().map(|_| Some(Refusal::new(if picks.building().is_some() { "batch_nobody" } else { "batch_buildings" }))).collect(),
    };
    let rows = picks.all.iter().zip(refusals);
    let rows: Vec<Row> = rows.map(|(p, refused)| row(who, p, refused, seen)).collect();
    let gone = seen.len().saturating_sub(rows.len());
    let n = rows.iter().filter(|r| r.refused.is_none()).count();
    let say = |part: &str, n: usize| lang.say(&format!("batches.{word}.{part}"), &[("n", &n.to_string())]);
    let choice = |value: String, label: String| Choice { value, label };
    let persons = if verb == BatchVerb::Assign { picks.hands(who).await? } else { vec![] };
    let takers = if verb == BatchVerb::Transfer { picks.takers(who).await? } else { vec![] };
    let me = who.signed.person.id;
    let named = |p: &persons::Person| {
        if p.id == me { lang.say("batches.assign.me", &[("name", p.name(lang))]) } else { p.name(lang).to_owned() }
    };
    let page = Page {
        verb: word,
        heading: say("heading", n),
        left_out: (gone > 0 && !rows.is_empty()).then(|| lang.say("batches.left_out", &[("n", &gone.to_string())])),
        intro: say("intro", n),
        button: say("button", n),
        n,
        rows,
        back: back(form.values.get("back").map(String::as_str)),
        persons: persons
            .iter()
            .map(|p| choice(p.id.0.to_string(), named(p)))
            .chain([choice("nobody".into(), lang.t("batches.assign.nobody"))])
            .collect(),
        organisations: takers.iter().map(|o| choice(o.slug.clone(), o.name(lang).to_owned())).collect(),
        reasons: TRANSFER_REASONS.iter().map(|r| choice((*r).to_owned(), lang.t(&format!("work.transfer_reasons.{r}")))).collect(),
        form,
    };
    let mut frame = Frame::titled(page.heading.clone()).here("desk").at_work().class("pg-batch");
    if let Some(building) = picks.building() {
        frame = frame.of(who, building);
    }
    who.page(frame, "desk/batch", &page)
}

fn row(who: &Holds<'_, Work>, p: &Picked, refused: Option<Refusal>, seen: &[&str]) -> Row {
    let now = format!("{}@{}", p.label, p.pick.version());
    Row {
        moved: seen.iter().any(|s| s.split_once('@').is_some_and(|(label, _)| label == p.label) && **s != now),
        label: p.label.clone(),
        title: p.title(),
        small: p.small(who.lang),
        href: p.href(),
        value: now,
        refused: refused.map(|r| sentence(who.lang, &r)),
    }
}

#[get("/desk/batches/new?<verb>&<pick>&<back>")]
async fn new(who: Holds<'_, Work>, verb: &str, pick: Vec<&str>, back: Option<&str>) -> Result<Answer> {
    let verb = self::verb(verb)?;
    let mut form = FormState::fresh(&who);
    form.values.extend(back.map(|b| ("back".to_owned(), b.to_owned())));
    let picks = Picks::of(&who, &pick).await?;
    page(&who, picks, verb, form, &pick).await
}

#[post("/desk/batches", data = "<sent>")]
async fn create(who: Holds<'_, Work>, sent: Sent<'_>) -> Result<Answer> {
    let verb = verb(sent.text("verb"))?;
    let sent_picks: Vec<&str> = sent.all("pick").collect();
    let labels: Vec<&str> = sent_picks.iter().map(|p| p.split('@').next().unwrap_or_default()).collect();
    let picks = Picks::of(&who, &labels).await?;
    let done = async {
        let order = order(&who, &picks, verb, Some(&sent)).await?;
        let actor = picks.actor().ok_or_else(|| Refusal::new("batch_empty"))?;
        let version = |label: &str| {
            let shown = sent_picks.iter().filter_map(|p| p.split_once('@')).find(|(l, _)| *l == label);
            shown.and_then(|(_, v)| v.parse::<i32>().ok()).ok_or(Error::Conflict)
        };
        let mut chosen = vec![];
        for p in &picks.all {
            chosen.push((p.pick.clone(), version(&p.label)?));
        }
        if chosen.len() != labels.len() {
            return Err(Error::Conflict);
        }
        let act = who.begin_as(actor, &sent).await?;
        batches::perform(&act, &order, &chosen).await?;
        act.commit().await?;
        Ok(order.undoable())
    }
    .await;
    match done {
        Ok(undoable) => {
            let said = match (verb, undoable) {
                (BatchVerb::Accept, false) => "batches.said.answered",
                (BatchVerb::Accept, true) => "batches.said.accepted",
                (BatchVerb::Answer, _) => "batches.said.replied",
                (BatchVerb::Assign, _) => "batches.said.assigned",
                (BatchVerb::Transfer, _) => "batches.said.offered",
            };
            Ok(Answer::go(back(sent.given("back"))).saying(said))
        }
        Err(e) => {
            // What has moved meanwhile stands at its row; what was typed is still there.
            let moved = matches!(e, Error::Conflict);
            let e = if moved { Refusal::new("batch_moved_some").into() } else { e };
            let (form, status) = FormState::again(&sent, e)?;
            let status = if moved { Status::Conflict } else { status };
            let picks = Picks::of(&who, &labels).await?;
            Ok(page(&who, picks, verb, form, &sent_picks).await?.status(status))
        }
    }
}

/// What became of one that was done: what stands, what was taken back, on what somebody has acted since.
#[get("/desk/batches/<id>")]
async fn show(who: Holds<'_, Work>, id: &str) -> Result<Answer> {
    let id = id.parse().map(BatchId).map_err(|_| Error::NotFound)?;
    last::page(&who, id, FormState::fresh(&who)).await
}

#[post("/desk/batches/<id>/undo", data = "<sent>")]
async fn undo(who: Holds<'_, Work>, id: &str, sent: Sent<'_>) -> Result<Answer> {
    let id: BatchId = id.parse().map(BatchId).map_err(|_| Error::NotFound)?;
    let batch = batches::own(who.house.read(), who.signed.person.id, id).await?;
    let done = async {
        let actor = picked::actor_of(&who, &batch).await?;
        let act = who.begin_as(actor, &sent).await?;
        let undone = batches::undo(&act, &batch).await?;
        act.commit().await?;
        Ok(undone)
    }
    .await;
    match done {
        Ok(undone) if undone.left.is_empty() => Ok(Answer::go(back(sent.given("back"))).saying("batches.said.undone")),
        Ok(_) => Ok(Answer::go(format!("/desk/batches/{}", id.0)).saying("batches.said.undone_some")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(last::page(&who, id, form).await?.status(status))
        }
    }
}
