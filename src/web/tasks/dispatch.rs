//! `…/tasks`: one organisation is told what to do by when, and how it will be seen that it is done.

use rocket::{Route, get, post, routes};

use crate::domain::issues::{Deed, IssueState, Next, Standing};
use crate::domain::organisations::{self, Organisation};
use crate::domain::tasks::{self, Due, NewTask};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::issues::work::{Choice, Room, Sheet, again, back, hold};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

/// Working days that the form begins with, at most.
const DAYS: u32 = 5;

/// As many of them as end before the matter's own result is due; none is today. What is late already gets one.
fn days(room: &Room<'_>) -> u32 {
    let (now, calendar) = (room.caller.house.now(), room.calendar());
    // Under a resolution the matter's own clock counts no days.
    let counted = !matches!(room.m.issue.state, IssueState::Decided | IssueState::LongTerm);
    match room.m.issue.result_due.filter(|_| counted) {
        Some(due) if due <= now => 1,
        Some(due) => (1..=DAYS).rev().find(|n| calendar.due(now, *n).at <= due).unwrap_or(0),
        None => DAYS,
    }
}

/// Whether the caller speaks for the organisation responsible: then it may give itself the work.
fn ours(room: &Room<'_>) -> bool {
    room.sight.standing == Standing::Holder && room.organisation() == room.m.issue.holder_id
}

async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    let (lang, db) = (room.caller.lang, room.caller.house.read());
    let around = organisations::around(db, room.building.district_id, room.building.id).await?;
    let kind = |k: &str| lang.t(&format!("work.kinds.{k}"));
    // One's own first: most work is done by whoever is responsible.
    let (own, others): (Vec<_>, Vec<_>) = around.iter().partition(|o| Some(o.id) == room.m.issue.holder_id);
    let ours = ours(room);
    let label = |o: &Organisation| match ours && Some(o.id) == room.m.issue.holder_id {
        true => lang.say("tasks.new.ourselves", &[("by", o.name(lang))]),
        false => format!("{} · {}", o.name(lang), kind(o.kind.as_str())),
    };
    if let Some(own) = own.first().filter(|_| ours) {
        form.values.entry("to".into()).or_insert_with(|| own.slug.clone());
    }
    let choices = own.into_iter().chain(others).map(|o| Choice::new(&o.slug, label(o))).collect();
    form.values.entry("days".into()).or_insert_with(|| days(room).to_string());
    let back = match room.next() {
        Next::Redispatch(k) => Some(lang.say("tasks.new.given_back", &[("k", &k.to_string())])),
        _ => None,
    };
    let sheet = Sheet::new(room, "tasks.new", "tasks", form).select("to", choices).words("words", 1000).number("days").line("measure", 300);
    let sheet = sheet.warned(back).unless(room.refusal(Deed::Dispatch));
    let sheet = if ours { sheet.then("then_ourselves", &[]) } else { sheet };
    sheet.then("then_told", &[]).then("then_return", &[]).answer().await
}

/// `to`: the organisation that somebody has in mind already.
#[get("/<_>/issues/<number>/tasks?<to>")]
async fn new(staff: May<'_, Triage>, number: i32, to: Option<&str>) -> Result<Answer> {
    let form = FormState::filled(&staff, to.map(|to| ("to", to.to_owned())));
    page(&Room::open(&staff, number).await?, form).await
}

#[post("/<_>/issues/<number>/tasks", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, |i| i.holder_id).await?;
        let to = organisations::named(act.tx(), staff.building()?, "to", sent.text("to")).await?;
        let new = NewTask {
            words: sent.text("words"),
            measure: sent.text("measure"),
            due: Due::Days(sent.read("days")?),
            resolution: None,
            undertaking: None,
        };
        let (_, task) = tasks::dispatch(&act, issue, &to, new).await?;
        // What one gives oneself is begun where it stands; nobody gets a letter.
        let own = act.actor.organisation() == Some(to.id);
        act.commit().await?;
        Ok(own.then_some(task.number))
    }
    .await;
    match done {
        Ok(Some(k)) => Ok(Answer::go(format!("{}/issues/{number}/tasks/{k}", staff.at.root())).saying("tasks.said.ourselves")),
        Ok(None) => Ok(back(&staff, number, "tasks.said.dispatched")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
