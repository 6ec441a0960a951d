//! The page: what everybody reads once the notice is out, and the secretary's two forms.

use rocket::{get, post};
use serde::Serialize;

use super::form as fields;
use super::shown::{self, Shown};
use crate::domain::deliberation::{self, ClockIns};
use crate::domain::lifts::{self, NewStudy, Remedy};
use crate::domain::meetings::items::{self, Item, ItemState};
use crate::domain::meetings::{self, MeetingState};
use crate::domain::organisations;
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Secretariat};
use crate::web::meetings::dossier::{Crumb, Opt};
use crate::web::sent::Sent;

/// A box of the form.
#[derive(Serialize)]
struct Box_ {
    name: String,
    label: String,
    hint: String,
    checked: bool,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    action: String,
    title: String,
    item_href: String,
    shown: Option<Shown>,
    /// May still be changed.
    open: bool,
    /// The notice is out.
    frozen: bool,
    version: i32,
    boxes: Vec<Box_>,
    /// Clock-ins that can be taken as who comes when.
    clock_ins: Vec<Opt>,
    remedies: Vec<Opt>,
    study: FormState,
    choice: FormState,
    form: FormState,
}

/// Where the item itself is read.
async fn place(caller: &Caller, here: &Here, item: &Item, number: i32) -> Result<(String, bool)> {
    let waiting = format!("{}/council/items/{number}", here.root);
    let Some(id) = item.meeting_id else {
        here.ask_inside(caller)?;
        return Ok((waiting, false));
    };
    // As with the meeting: a draft is there only for those who prepare it.
    let meeting = here.meeting(caller, meetings::by_id(caller.house.read(), id).await?.number).await?;
    if !item.public {
        here.ask_inside(caller)?;
    }
    Ok((format!("{}/meetings/{}/items/{}", here.root, meeting.number, item.position), meeting.state != MeetingState::Draft))
}

/// What enterprises gave for the item, each with its name and day.
async fn counted(caller: &Caller, item: &Item) -> Result<Vec<(ClockIns, String)>> {
    let (db, lang, today) = (caller.house.read(), caller.lang, dates::local(caller.house.now()).date());
    let all = deliberation::clock_ins_of(db, item.id).await?;
    let of = organisations::by_ids(db, all.iter().map(|c| c.organisation_id)).await?;
    let named = all.into_iter().map(|c| {
        let name = of.iter().find(|o| o.id == c.organisation_id).map_or("", |o| o.short(lang));
        let day = dates::parse(&c.day).map_or_else(|| c.day.clone(), |d| dates::day(d, today, lang));
        let label = lang.say("lifts.of_clock_ins", &[("who", name), ("day", &day)]);
        (c, label)
    });
    Ok(named.collect())
}

async fn page(caller: &Caller, number: i32, taken: Option<i32>, form: FormState) -> Result<Answer> {
    let (db, lang, here) = (caller.house.read(), caller.lang, Here::of(caller).await?);
    let item = items::by_number(db, here.council.id, number).await?;
    let (item_href, frozen) = place(caller, &here, &item, number).await?;
    let study = lifts::of_item(db, item.id).await?;
    let secretariat = here.may(caller, Right::Secretariat);
    let action = format!("{}/council/items/{number}/lifts", here.root);
    let mut prefilled = fields::fields(study.as_ref())?;
    let counted = if secretariat && !frozen { counted(caller, &item).await? } else { vec![] };
    if let Some((c, name)) = counted.iter().find(|(c, _)| Some(c.number) == taken) {
        fields::take(&mut prefilled, c, name, lang)?;
    }
    let state = form.or("study", prefilled.iter().map(|(k, v)| (k.as_str(), v.clone())));
    let boxes = Remedy::ALL.iter().filter(|r| **r != Remedy::AsIs).map(|r| Box_ {
        name: format!("r-{r}"),
        label: lang.t(&format!("lifts.remedies.{r}")),
        hint: lang.t(&format!("lifts.needs.{r}")),
        checked: state.values.contains_key(&format!("r-{r}")),
    });
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(item.title.clone(), item_href.clone()),
            Crumb::here(lang.t("lifts.title")),
        ],
        title: item.title.clone(),
        item_href,
        shown: shown::of(caller, &item, action.clone()).await?,
        open: secretariat && !frozen && matches!(item.state, ItemState::Proposed | ItemState::Listed),
        frozen: secretariat && frozen,
        version: study.as_ref().map_or(0, |s| s.version),
        boxes: boxes.collect(),
        clock_ins: counted.into_iter().map(|(c, label)| Opt { value: c.number.to_string(), label }).collect(),
        remedies: match &study {
            Some(s) if secretariat => Opt::all(s.remedies().iter().map(|r| r.as_str()), "lifts.remedies", lang),
            _ => vec![],
        },
        choice: form.or("choice", study.as_ref().and_then(|s| s.chosen).map(|r| ("remedy", r.to_string()))),
        study: state,
        action,
        form,
    };
    caller.page(here.frame(caller, lang.t("lifts.title")).class("pg-dos").at_work(), "lifts/show", &page)
}

/// `GET …/council/items/{k}/lifts`.
#[get("/<_>/council/items/<number>/lifts?<clock_ins>")]
pub(super) async fn show(who: Anyone<'_>, number: i32, clock_ins: Option<i32>) -> Result<Answer> {
    page(&who, number, clock_ins, FormState::fresh(&who)).await
}

async fn change(
    staff: &May<'_, Secretariat>,
    number: i32,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Item) -> Result<()>,
) -> Result<Answer> {
    let here = Here::of(staff).await?;
    let done = async {
        let act = staff.begin(sent).await?;
        verb(&act, items::by_number(act.tx(), here.council.id, number).await?).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council/items/{number}/lifts", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(staff, number, None, form).await?.status(status))
        }
    }
}

/// `POST …/council/items/{k}/lifts`: what was counted, and what is compared.
#[post("/<_>/council/items/<number>/lifts", data = "<sent>")]
pub(super) async fn keep(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    change(&staff, number, &sent, "lifts.said.kept", async |act, item| {
        let (morning, remedies) = fields::read(&sent)?;
        lifts::keep(act, &item, NewStudy { morning, remedies, source: sent.text("source") }, sent.version()?).await.map(drop)
    })
    .await
}

/// `POST …/council/items/{k}/lifts/choice`: which remedy was decided.
#[post("/<_>/council/items/<number>/lifts/choice", data = "<sent>")]
pub(super) async fn choose(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    change(&staff, number, &sent, "lifts.said.chosen", async |act, item| {
        lifts::choose(act, &item, sent.read("remedy")?, sent.version()?).await.map(drop)
    })
    .await
}
