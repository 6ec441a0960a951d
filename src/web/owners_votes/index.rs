//! Every vote, and the form that announces one.

use rocket::{get, post};
use serde::Serialize;

use super::{Place, matter, state};
use crate::domain::councils;
use crate::domain::meetings::items::{self, Competence, Item, ItemState};
use crate::domain::owners;
use crate::domain::owners_votes::{self, NOTICE_DAYS, NewOwnersVote};
use crate::domain::rights::Right;
use crate::domain::votes::owners::Matter;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Secretariat};
use crate::web::meetings::dossier::{Crumb, Opt};
use crate::web::sent::Sent;

/// A line as `parts/rows` reads it.
#[derive(Serialize)]
struct Line {
    number: Option<String>,
    place: Option<String>,
    count: Option<String>,
    title: String,
    href: String,
    mark: &'static str,
    word: String,
    class: &'static str,
    small: String,
}

/// What the secretary announces a vote with.
#[derive(Serialize)]
struct Tools {
    form: FormState,
    items: Vec<Opt>,
    matters: Vec<Opt>,
    roll: String,
    /// Nobody has entered who the owners are.
    no_roll: bool,
    notice: String,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    action: String,
    lines: Vec<Line>,
    tools: Option<Tools>,
    form: FormState,
}

/// The items that wait for the owners, by their numbers on the council's list.
async fn waiting(caller: &Caller, place: &Place) -> Result<Vec<(usize, Item)>> {
    let db = caller.house.read();
    let council = match councils::of_building(db, place.building.id).await {
        Ok(council) => council,
        Err(Error::NotFound) => return Ok(vec![]),
        Err(e) => return Err(e),
    };
    let open = |i: &Item| i.competence == Competence::OwnersVote && matches!(i.state, ItemState::Proposed | ItemState::Listed);
    Ok((1..).zip(items::of_council(db, council.id).await?).filter(|(_, i)| open(i)).collect())
}

async fn tools(caller: &Caller, place: &Place, form: &FormState) -> Result<Tools> {
    let lang = caller.lang;
    let label = |m: Matter| {
        let share = lang.t(if m.is_special() { "owners_votes.three_quarters" } else { "owners_votes.more_than_half" });
        let words = lang.t(&format!("owners_votes.matter.{m}"));
        lang.say("owners_votes.matter_choice", &[("n", &m.number().to_string()), ("words", &words), ("share", &share)])
    };
    let opt = |(n, i): (usize, Item)| Opt { value: n.to_string(), label: i.title };
    let roll = owners::latest(caller.house.read(), place.building.id).await?.filter(|r| r.units > 0);
    Ok(Tools {
        form: form.or("announce", [("online", "1".to_owned())]),
        items: waiting(caller, place).await?.into_iter().map(opt).collect(),
        matters: Matter::ALL.iter().map(|m| Opt { value: m.as_str().to_owned(), label: label(*m) }).collect(),
        roll: format!("{}/owners", place.root),
        no_roll: roll.is_none(),
        notice: lang.say("owners_votes.notice_hint", &[("days", &NOTICE_DAYS.to_string())]),
    })
}

async fn page(caller: &Caller, form: FormState) -> Result<Answer> {
    let (place, lang, now) = (Place::of(caller).await?, caller.lang, caller.house.now());
    let secretariat = place.may(caller, Right::Secretariat);
    let votes = owners_votes::of_building(caller.house.read(), place.building.id).await?;
    let lines = votes.iter().map(|v| {
        let (mark, class, word) = state(v, caller);
        Line {
            number: Some(lang.say("owners_votes.nth", &[("n", &v.number.to_string())])),
            place: Some(matter(v, lang)),
            count: None,
            title: v.title.clone(),
            href: format!("{}/{}", place.all(), v.number),
            mark,
            word: v.decision.map_or(word, |d| lang.t(&format!("owners_votes.decision.{d}"))),
            class,
            small: dates::span(v.opens_at, v.closes_at, now, lang),
        }
    });
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", place.root)), Crumb::here(lang.t("owners_votes.title"))],
        action: place.all(),
        lines: lines.collect(),
        tools: if secretariat { Some(tools(caller, &place, &form).await?) } else { None },
        form,
    };
    let frame = place.frame(caller, lang.t("owners_votes.title"));
    caller.page(if secretariat { frame.at_work() } else { frame }, "owners_votes/index", &page)
}

/// `GET …/council/owners-votes`.
#[get("/<_>/council/owners-votes")]
pub(super) async fn index(who: Anyone<'_>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

/// `POST …/council/owners-votes`: announces one.
#[post("/<_>/council/owners-votes", data = "<sent>")]
pub(super) async fn announce(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let place = Place::of(&who).await?;
    let done = async {
        sent.trusted()?;
        let time = |field: &'static str| dates::at(sent.text(field).trim()).ok_or_else(|| Refusal::new("date_time").at(field));
        let item = match sent.given("item") {
            None => None,
            Some(n) => {
                let unknown = || Refusal::new("owners_item").at("item");
                let n: usize = n.parse().map_err(|_| unknown())?;
                Some(waiting(&who, &place).await?.into_iter().find(|(k, _)| *k == n).map(|(_, i)| i).ok_or_else(unknown)?)
            }
        };
        let new = NewOwnersVote {
            item: item.as_ref(),
            matter: sent.read("matter")?,
            title: sent.text("title"),
            question: sent.text("question"),
            parking_counts: sent.ticked("parking_counts"),
            silent_ground: sent.text("silent_ground"),
            online: sent.ticked("online"),
            opens_at: time("opens_at")?,
            closes_at: time("closes_at")?,
        };
        let act = who.begin(&sent).await?;
        let vote = owners_votes::announce(&act, &place.building, new).await?;
        act.commit().await?;
        Ok(vote.number)
    }
    .await;
    match done {
        Ok(number) => Ok(Answer::go(format!("{}/{number}", place.all())).saying("owners_votes.said.announced")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form).await?.status(status))
        }
    }
}
