//! `/desk/print`: what was picked, on paper for a round through the house.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::picked::Picks;
use crate::domain::categories;
use crate::kernel::error::{Error, Result};
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::guards::{Holds, Work};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Card {
    label: String,
    title: String,
    place: String,
    kind: String,
    due: Option<String>,
    reports: String,
    qr: String,
}

#[derive(Serialize)]
struct Page {
    heading: String,
    at: String,
    cards: Vec<Card>,
    back: String,
}

#[get("/desk/print?<pick>&<back>")]
async fn show(who: Holds<'_, Work>, pick: Vec<&str>, back: Option<&str>) -> Result<Answer> {
    let (lang, now) = (who.lang, who.house.now());
    let mut picks = Picks::of(&who, &pick).await?;
    // Floor by floor, from the top: as one walks.
    picks.all.sort_by_key(|p| (p.building.id, std::cmp::Reverse(p.place.as_ref().and_then(|x| x.floor_order)), p.label.clone()));
    let mut cards = vec![];
    for p in &picks.all {
        let issue = &p.pick.issue;
        let due = p.pick.task.as_ref().map(|t| t.due_at).or(issue.next_due);
        cards.push(Card {
            label: p.label.clone(),
            title: p.title(),
            place: p.small(lang),
            kind: categories::name(&issue.category, lang),
            due: due.map(|d| dates::due(d, now, &who.house.calendar(), lang).words),
            reports: lang.say("batches.print.reports", &[("n", &issue.reports.to_string())]),
            qr: qr::svg(&who.house.settings().address(&p.href())).map_err(|e| Error::broken(e.to_string()))?,
        });
    }
    let page = Page {
        heading: lang.say("batches.print.heading", &[("n", &cards.len().to_string())]),
        at: lang.say("batches.print.at", &[("at", &dates::moment(now, now, lang)), ("by", who.signed.person.name(lang))]),
        cards,
        back: super::back(back),
    };
    who.page(Frame::titled(page.heading.clone()).here("desk").at_work().class("pg-round"), "desk/print", &page)
}
