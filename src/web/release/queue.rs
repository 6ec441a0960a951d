//! `/b/{building}/release`: visitors' words that wait, the longest waiting first, each with the time by which somebody
//! owes it a decision.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::words::{self, Words};
use crate::domain::attachments;
use crate::domain::buildings;
use crate::domain::categories;
use crate::domain::hidings;
use crate::domain::issues;
use crate::domain::reports;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{May, Release};
use crate::web::shown::states::{self, State};

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

/// Most on one page: who decides about more at once reads none of them.
const PAGE: u64 = 20;

#[derive(Serialize)]
struct Item {
    label: String,
    href: String,
    /// What the public reads now.
    title: String,
    place: String,
    category: String,
    state: State,
    reports: i32,
    untitled: bool,
    words: Words,
}

/// A matter in which something was hidden.
#[derive(Serialize)]
struct Hidden {
    label: String,
    href: String,
}

#[derive(Serialize)]
struct Page {
    items: Vec<Item>,
    waiting: i64,
    /// Of all that wait, not of this page.
    late: u64,
    more: bool,
    /// What was hidden and asks for a decision.
    hidden: Vec<Hidden>,
    /// What was found at work and has no public title yet.
    found: Vec<Hidden>,
    /// Where its forms come back to.
    from: &'static str,
    form: FormState,
}

/// The page, also after a decision was refused.
pub async fn page(who: &May<'_, Release>, form: FormState) -> Result<Answer> {
    let (building, lang, db) = (who.building()?, who.lang, who.house.read());
    let waiting = reports::waiting_for_release(db, building.id, PAGE).await?;
    let count = reports::waiting_in(db, vec![building.id]).await?.first().map_or(0, |w| w.n);
    let of = issues::by_ids(db, waiting.iter().map(|r| r.issue_id).collect()).await?;
    let places = buildings::places_by_ids(db, of.iter().map(|i| i.place_id).collect()).await?;
    let pictures = attachments::of_reports(db, waiting.iter().map(|r| r.id).collect()).await?;
    let mut items = vec![];
    for report in &waiting {
        let Some(issue) = of.iter().find(|i| i.id == report.issue_id) else { continue };
        let place = places.iter().find(|p| p.id == issue.place_id).map_or_else(String::new, |p| p.public(lang));
        items.push(Item {
            label: building.label(issue.number),
            href: format!("/b/{}/issues/{}/release", building.slug, issue.number),
            title: issue.title_for_public(lang),
            category: categories::name(&issue.category, lang),
            state: states::of(issue, None, lang),
            reports: issue.reports,
            untitled: issue.public_title.is_none(),
            words: words::shown(who, building, issue, report, &pictures, &form),
            place,
        });
    }
    let now = who.house.now();
    let hidings = hidings::to_decide(db, building.id).await?;
    let of_them = reports::by_ids(db, hidings.iter().map(|h| h.report_id).collect()).await?;
    let matters = issues::by_ids(db, of_them.iter().map(|r| r.issue_id).collect()).await?;
    let hidden =
        matters.iter().map(|i| Hidden { label: building.label(i.number), href: format!("/b/{}/issues/{}/hidings", building.slug, i.number) });
    let hidden = hidden.collect();
    let found = issues::found_waiting(db, building.id, PAGE).await?;
    let found = found.iter().map(|i| Hidden { label: building.label(i.number), href: format!("/b/{}/issues/{}/release", building.slug, i.number) });
    let found = found.collect();
    let late = reports::late_for_release(db, building.id, now).await?;
    let page = Page { more: count > items.len() as i64, waiting: count, items, late, hidden, found, from: "queue", form };
    let frame = Frame::titled(lang.t("release.title")).of(who, building).here("release").at_work().class("pg-desk");
    who.page(frame, "release/index", &page)
}

#[get("/<_>/release")]
async fn index(who: May<'_, Release>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}
