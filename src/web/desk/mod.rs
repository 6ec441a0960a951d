//! `/desk`: what the signed-in person must do next, over all their roles. Views are addresses; each row ends in its one
//! next act.

mod known;
mod rows;

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::frame::Frame;
use super::guards::SignedIn;
use crate::domain::desk::{Desk, View};
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use rows::Row;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// Rows on a page.
const PAGE: usize = 50;
/// Pages that can be turned: who has more to do than this needs another list.
const PAGES: usize = 40;

#[derive(Serialize)]
struct Tab {
    word: String,
    n: u64,
    href: String,
    here: bool,
}

#[derive(Serialize)]
struct House {
    name: String,
    href: String,
    here: bool,
}

#[derive(Serialize)]
struct Page {
    heading: String,
    summary: String,
    late: Option<String>,
    today: Option<String>,
    tabs: Vec<Tab>,
    houses: Vec<House>,
    /// Where what somebody tells on the telephone is written down.
    write_down: Vec<House>,
    /// Where it is said beforehand what will not work.
    announce: Vec<House>,
    rows: Vec<Row>,
    prev: Option<String>,
    next: Option<String>,
    range: Option<String>,
    empty: String,
    empty_small: String,
    empty_href: Option<String>,
    empty_act: Option<String>,
    roles: String,
}

fn address(view: View, b: Option<&str>, page: usize) -> String {
    let mut parts = vec![];
    if view != View::Next {
        parts.push(format!("view={}", view.as_str()));
    }
    if let Some(b) = b {
        parts.push(format!("b={b}"));
    }
    if page > 1 {
        parts.push(format!("page={page}"));
    }
    if parts.is_empty() { "/desk".into() } else { format!("/desk?{}", parts.join("&")) }
}

#[get("/desk?<view>&<b>&<page>")]
async fn show(me: SignedIn<'_>, view: Option<&str>, b: Option<&str>, page: Option<usize>) -> Result<Answer> {
    let (lang, db) = (me.lang, me.house.read());
    let view = view.and_then(View::named).unwrap_or(View::Next);
    let page = page.unwrap_or(1).clamp(1, PAGES);
    let desk = Desk::of(&me.house, me.person().id, &me.signed.memberships, b).await?;
    let only = desk.only().map(|b| b.slug.clone());
    let counts = desk.counts().await?;
    let count = counts.iter().find(|(v, _)| *v == view).map_or(0, |(_, n)| *n);
    let lines = desk.lines(view, (page * PAGE) as u64).await?;
    let lines: Vec<_> = lines.into_iter().skip((page - 1) * PAGE).collect();
    let known = known::Known::of(&me, &desk, &lines).await?;
    let rows: Vec<Row> = lines.iter().filter_map(|l| known.row(l)).collect();
    let say = |key: &str, n: u64| lang.say(&format!("desk.{key}"), &[("n", &n.to_string())]);
    let (late, today) = (rows.iter().filter(|r| r.late).count() as u64, rows.iter().filter(|r| r.today && !r.late).count() as u64);
    let more = count > (page * PAGE) as u64 && page < PAGES;
    let mine: Vec<_> = me.signed.memberships.iter().map(|m| m.organisation_id).collect();
    let named = organisations::by_ids(db, mine).await?;
    let roles = me.signed.memberships.iter().map(|m| {
        let of = named.iter().find(|o| o.id == m.organisation_id).map_or_else(String::new, |o| o.short(lang).to_owned());
        lang.say("desk.role", &[("of", &of), ("role", &lang.t(&format!("roles.{}", m.role.as_str())))])
    });
    let mut roles: Vec<String> = roles.collect();
    roles.dedup();
    let shown = desk.buildings.len() > 1;
    let houses = desk.buildings.iter().filter(|_| shown).map(|b| House {
        name: b.name(lang).to_owned(),
        href: address(view, Some(&b.slug), 1),
        here: only.as_ref() == Some(&b.slug),
    });
    let everywhere = House { name: lang.t("desk.everywhere"), href: address(view, None, 1), here: only.is_none() };
    let houses: Vec<House> = if shown { std::iter::once(everywhere).chain(houses).collect() } else { vec![] };
    let at_desk = desk.buildings.iter().filter(|b| only.as_ref().is_none_or(|o| *o == b.slug));
    let at_desk = at_desk.filter(|b| persons::entitled(&me.signed.memberships, Right::Desk, b).is_some());
    let write_down = at_desk.map(|b| House { name: b.name(lang).to_owned(), href: format!("/b/{}/report", b.slug), here: only.is_some() || !shown });
    let write_down = write_down.collect();
    let announcing = desk.buildings.iter().filter(|b| only.as_ref().is_none_or(|o| *o == b.slug));
    let announcing = announcing.filter(|b| persons::entitled(&me.signed.memberships, Right::Announce, b).is_some());
    let announce =
        announcing.map(|b| House { name: b.name(lang).to_owned(), href: format!("/b/{}/announcements", b.slug), here: only.is_some() || !shown });
    let announce = announce.collect();
    let empty_to = desk.only().or(desk.buildings.first()).map(|b| format!("/b/{}/issues", b.slug));
    let key = view.as_str();
    let context = Page {
        heading: lang.t(&format!("desk.views.{key}")),
        summary: say("summary", count),
        late: (late > 0).then(|| say("late", late)),
        today: (today > 0).then(|| say("today", today)),
        tabs: counts
            .iter()
            .map(|(v, n)| Tab { word: lang.t(&format!("desk.views.{}", v.as_str())), n: *n, href: address(*v, only.as_deref(), 1), here: *v == view })
            .collect(),
        houses,
        write_down,
        announce,
        prev: (page > 1).then(|| address(view, only.as_deref(), page - 1)),
        next: more.then(|| address(view, only.as_deref(), page + 1)),
        range: (more || page > 1).then(|| {
            let (from, to) = ((page - 1) * PAGE + 1, (page - 1) * PAGE + rows.len());
            lang.say("desk.range", &[("from", &from.to_string()), ("to", &to.to_string()), ("n", &count.to_string())])
        }),
        empty: lang.t(&format!("desk.empty.{key}")),
        empty_small: lang.t(&format!("desk.empty.{key}_small")),
        empty_act: empty_to.as_ref().map(|_| lang.t("desk.empty.act")),
        empty_href: empty_to,
        roles: roles.join(if lang == crate::kernel::i18n::Lang::En { "; " } else { "；" }),
        rows,
    };
    let mut frame = Frame::titled(context.heading.clone()).here("desk").at_work().class("pg-desk");
    if let Some(b) = desk.only().or(desk.buildings.first()) {
        frame = frame.of(&me, b);
    }
    me.page(frame, "desk/show", &context)
}
