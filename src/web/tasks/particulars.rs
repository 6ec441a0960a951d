//! What belongs to a task beside its words: steps, parts, cost, what to mind, pictures from before. Small forms on the task's own
//! page, each an act of its own.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::room::{At, hold_task};
use super::steps::settle;
use crate::domain::attachments::{Attachment, Phase};
use crate::domain::issues::{self, Issue, Standing};
use crate::domain::tasks::{self, Part, Step, Task};
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Desk, May};
use crate::web::issues::work::{self, Photo, Room, Sheet};
use crate::web::photos::receiving::Received;
use crate::web::photos::sealed;
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![add_step, tick, drop_step, need, came, cost, safety, new_pictures, pictures]
}

#[derive(Serialize)]
struct ShownStep {
    words: String,
    done: Option<String>,
    tick: String,
    removal: String,
}

#[derive(Serialize)]
struct ShownPart {
    words: String,
    came: Option<String>,
    arrival: String,
}

/// In templates: `{{> tasks/particulars particulars}}`.
#[derive(Serialize)]
pub struct Particulars {
    root: String,
    safety: String,
    steps: Vec<ShownStep>,
    count: String,
    parts: Vec<ShownPart>,
    cost: Option<String>,
    before: Vec<Photo>,
    signature: Vec<Photo>,
    /// Whose task it is ticks its steps and says what it cost.
    ticks: bool,
    /// They, and whoever gave it, say what belongs to it.
    adds: bool,
    step: FormState,
    part: FormState,
    price: FormState,
    mind: FormState,
}

/// `1,280.50元`; whole yuan without the rest.
pub fn yuan(fen: i64, lang: Lang) -> String {
    let whole = (fen / 100).to_string();
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    let n = match fen % 100 {
        0 => grouped,
        rest => format!("{grouped}.{rest:02}"),
    };
    lang.say("tasks.yuan", &[("n", &n)])
}

/// What one task's page shows of them; nothing to those who do not work on the matter.
pub async fn of(at: &At<'_, '_>, form: &FormState, pictures: &[Attachment]) -> Result<Option<Particulars>> {
    let (room, task) = (at.room, at.task);
    if !room.sight.standing.is_party() {
        return Ok(None);
    }
    let (lang, db, now) = (room.caller.lang, room.caller.house.read(), room.caller.house.now());
    let mine = room.memberships.iter().any(|m| m.covers(room.building) && m.organisation_id == task.organisation_id);
    let open = task.state.is_open();
    let root = format!("{}/{}", room.root(), at.path("")).trim_end_matches('/').to_owned();
    let moment = |at| dates::moment(at, now, lang);
    let all = tasks::steps(db, task.id).await?;
    let done = all.iter().filter(|s| s.done_at.is_some()).count();
    let step = |s: &Step| ShownStep {
        words: s.words.clone(),
        done: s.done_at.map(moment),
        tick: format!("{root}/steps/{}/tick", s.position),
        removal: format!("{root}/steps/{}/removal", s.position),
    };
    let needed = tasks::parts(db, task.id).await?;
    let part = |p: &Part| ShownPart {
        words: match p.cost_fen {
            Some(fen) => lang.say("tasks.part_cost", &[("words", &p.words), ("n", &p.quantity.to_string()), ("cost", &yuan(fen, lang))]),
            None => lang.say("tasks.part", &[("words", &p.words), ("n", &p.quantity.to_string())]),
        },
        came: p.came_at.map(moment),
        arrival: format!("{root}/parts/{}/arrival", p.position),
    };
    let sum: i64 = needed.iter().filter_map(|p| p.cost_fen).sum();
    let cost = match (task.cost_fen, sum) {
        (Some(fen), _) => Some(lang.say("tasks.cost_all", &[("cost", &yuan(fen, lang))])),
        (None, 0) => None,
        (None, sum) => Some(lang.say("tasks.cost_parts", &[("cost", &yuan(sum, lang))])),
    };
    let of = |phase| pictures.iter().filter(move |a| a.task_id == Some(task.id) && a.phase == Some(phase));
    Ok(Some(Particulars {
        safety: task.safety.clone(),
        count: format!("{done}/{}", all.len()),
        steps: all.iter().map(step).collect(),
        parts: needed.iter().map(part).collect(),
        cost,
        before: of(Phase::Before).map(|a| Photo::of(a, lang.t("tasks.photo_before"))).collect(),
        signature: of(Phase::Signature).map(|a| Photo::of(a, lang.t("tasks.signature"))).collect(),
        ticks: mine && open,
        adds: (mine || room.sight.standing <= Standing::Holder) && open,
        step: form.or("step", []),
        part: form.or("part", [("quantity", "1".to_owned())]),
        price: form.or("price", []),
        mind: form.or("mind", [("safety", task.safety.clone())]),
        root,
    }))
}

/// The organisation for which somebody acts on a task: the one that has it where they are of it, or else the one that gave it.
async fn whose(who: &May<'_, Desk>, number: i32, k: i32) -> Result<impl Fn(&Issue) -> Option<OrganisationId> + use<>> {
    let building = who.building()?;
    let db = who.house.read();
    let issue = issues::by_number(db, building.id, number).await?;
    let doer = tasks::by_number(db, issue.id, k).await?.organisation_id;
    let mine = who.signed.memberships.iter().any(|m| m.covers(building) && m.organisation_id == doer);
    Ok(move |i: &Issue| if mine { Some(doer) } else { i.holder_id })
}

/// Begins an act on a task; a conflict where the task has moved since the page was made.
pub(super) async fn hold(who: &May<'_, Desk>, number: i32, k: i32, sent: &Sent<'_>) -> Result<(Act, Issue, Task)> {
    hold_task(who, number, k, sent, whose(who, number, k).await?).await
}

#[post("/<_>/issues/<number>/tasks/<k>/steps", data = "<sent>")]
async fn add_step(who: May<'_, Desk>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.add_step(&act, &issue, sent.text("step")).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.step_added").await
}

#[post("/<_>/issues/<number>/tasks/<k>/steps/<position>/tick", data = "<sent>")]
async fn tick(who: May<'_, Desk>, number: i32, k: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        // Each step for itself: one may have begun, and ticked others, since the page was made, on a round without a network for instance.
        let (act, issue) = work::hold(&who, number, &sent, whose(&who, number, k).await?).await?;
        let (task, done) = (tasks::by_number(act.tx(), issue.id, k).await?, sent.ticked("done"));
        task.step_as_seen(&act, &issue, position, done, sent.read("line")?).await?;
        task.tick_step(&act, &issue, position, done).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.step_ticked").await
}

#[post("/<_>/issues/<number>/tasks/<k>/steps/<position>/removal", data = "<sent>")]
async fn drop_step(who: May<'_, Desk>, number: i32, k: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.drop_step(&act, &issue, position).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.step_dropped").await
}

#[post("/<_>/issues/<number>/tasks/<k>/parts", data = "<sent>")]
async fn need(who: May<'_, Desk>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.need_part(&act, &issue, sent.text("part"), sent.read("quantity")?, sent.text("cost")).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.part_needed").await
}

#[post("/<_>/issues/<number>/tasks/<k>/parts/<position>/arrival", data = "<sent>")]
async fn came(who: May<'_, Desk>, number: i32, k: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.part_came(&act, &issue, position).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.part_came").await
}

#[post("/<_>/issues/<number>/tasks/<k>/cost", data = "<sent>")]
async fn cost(who: May<'_, Desk>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.costs(&act, &issue, sent.text("cost")).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.costed").await
}

#[post("/<_>/issues/<number>/tasks/<k>/safety", data = "<sent>")]
async fn safety(who: May<'_, Desk>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.note_safety(&act, &issue, sent.text("safety")).await?;
        act.commit().await
    }
    .await;
    settle(&who, number, k, &sent, done, "tasks.said.safety_noted").await
}

async fn pictures_page(room: &Room<'_>, k: i32, form: FormState, kept: Vec<sealed::Shown>) -> Result<Answer> {
    let at = At::of(room, k).await?;
    let sheet = Sheet::new(room, "tasks.pictures", &at.path("pictures"), form).task(at.task.version).fact("task", &at.task.words);
    sheet.photos(kept).then("then_inside", &[]).answer().await
}

#[get("/<_>/issues/<number>/tasks/<k>/pictures")]
async fn new_pictures(who: May<'_, Desk>, number: i32, k: i32) -> Result<Answer> {
    pictures_page(&Room::open(&who, number).await?, k, FormState::fresh(&who), vec![]).await
}

#[post("/<_>/issues/<number>/tasks/<k>/pictures", data = "<sent>")]
async fn pictures(who: May<'_, Desk>, number: i32, k: i32, sent: Sent<'_>) -> Result<Answer> {
    let received = Received::of(&who, &sent).await?;
    let done = async {
        if let Some(fault) = received.faults.first() {
            return Err(fault.clone().into());
        }
        let (act, issue, task) = hold(&who, number, k, &sent).await?;
        task.picture(&act, &issue, Phase::Before, received.good()).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => settle(&who, number, k, &sent, Ok(()), "tasks.said.pictured").await,
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            let kept = received.keep(&who).await?;
            Ok(pictures_page(&Room::open(&who, number).await?, k, form, kept).await?.status(status))
        }
    }
}
