//! The list itself: its views, what it is narrowed to, its rows in spans of time.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::asked::{Asked, Extra, PAGES, Query};
use super::batches::{self, Last};
use super::known::Known;
use super::rows::Row;
use super::saved::{self, Saved};
use crate::domain::buildings;
use crate::domain::categories;
use crate::domain::desk::{Desk, Hands, Span, View};
use crate::domain::duty;
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::rights::{Right, Role};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::duty::Names;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::SignedIn;
use crate::web::helps::Help;
use crate::web::maintenance;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// Rows on a page.
const PAGE: usize = 50;

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

/// Rows that are due in the same span, under its heading.
#[derive(Serialize)]
struct Group {
    word: String,
    n: u64,
    late: bool,
    href: String,
    rows: Vec<Row>,
}

/// Something that the list is narrowed to, and the list without it.
#[derive(Serialize)]
struct Chip {
    word: String,
    without: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    here: bool,
}

/// The form that narrows.
#[derive(Serialize)]
struct Narrowing {
    view: Option<&'static str>,
    b: Option<String>,
    hands: Vec<Choice>,
    kinds: Vec<Choice>,
    floor: String,
    words: String,
    columns: Vec<Choice>,
    dense: bool,
}

/// The duty of one's own organisation in a building.
#[derive(Serialize)]
struct OnDesk {
    words: String,
    away: Option<String>,
    href: String,
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
    /// Who is on duty and who is away, of each building whose roster is one's own.
    duty: Vec<OnDesk>,
    /// Rounds of maintenance that wait past their day.
    maintenance: Vec<maintenance::Line>,
    /// Whether it gets better, for whoever answers for it.
    figures: Option<String>,
    /// They have tasks to walk to.
    round: bool,
    narrowing: Narrowing,
    chips: Vec<Chip>,
    all_href: String,
    saved: Vec<Saved>,
    /// What would be kept under a name.
    keep: Option<String>,
    groups: Vec<Group>,
    columns: Vec<String>,
    width: usize,
    dense: bool,
    /// Whether some rows can be picked for several acts at once.
    picks: bool,
    back: String,
    last: Option<Last>,
    prev: Option<String>,
    next: Option<String>,
    range: Option<String>,
    /// The list to take along: CSV and XLSX.
    files: [String; 2],
    empty: String,
    empty_small: String,
    empty_href: Option<String>,
    empty_act: Option<String>,
    roles: String,
    /// Three sentences for who is here for the first time.
    help: Option<Help>,
    /// Whose people the caller looks after, and what they found.
    people: Vec<House>,
    founding: Vec<House>,
    found_more: Vec<House>,
    form: FormState,
}

#[get("/desk?<query..>")]
async fn show(me: SignedIn<'_>, query: Query) -> Result<Answer> {
    let lang = me.lang;
    let (roles, last_batch) = (roles(&me, me.house.read()).await?, batches::last(&me).await?);
    let views = saved::of(&me).await?;
    let memberships = &me.signed.memberships;
    let first = views.iter().find(|v| v.first && query.is_empty());
    let asked = Asked::of(&first.map_or(query, |v| Query::parse(&v.query)));
    let desk = Desk::of(&me.house, me.person().id, &me.signed.memberships, asked.building.as_deref(), asked.narrow.clone()).await?;
    let home = desk.only().or(desk.buildings.first()).map(|b| format!("/b/{}", b.slug));
    let help = Help::next(desk.db(), me.person().id, memberships, home.as_deref(), lang).await?;
    let asked = Asked { building: desk.only().map(|b| b.slug.clone()), by_name: views.iter().any(|v| v.first), ..asked };
    let view = asked.view;
    let counts = desk.counts().await?;
    let spans = desk.spans(view).await?;
    let count = counts.iter().find(|(v, _)| *v == view).map_or(0, |(_, n)| *n);
    // A page beyond the last is the last: what waits is never said not to be there.
    let page = asked.page.min((count as usize).div_ceil(PAGE).max(1));
    let lines = desk.lines(view, (page * PAGE) as u64).await?;
    let lines: Vec<_> = lines.into_iter().skip((page - 1) * PAGE).collect();
    let known = Known::of(&me, &desk, &lines).await?;
    let mut groups: Vec<Group> = vec![];
    let mut last = None;
    let mut shown = 0;
    for line in &lines {
        let Some(row) = known.row(line, &asked.columns) else { continue };
        shown += 1;
        let span = desk.span(line);
        if last != Some(span) {
            let n = spans.iter().find(|(s, _)| *s == span).map_or(0, |(_, n)| *n);
            let href = asked.with(|a| a.narrow.span = Some(span)).address();
            let word = lang.t(&format!("desk.spans.{}", span.as_str()));
            groups.push(Group { word, n, late: matches!(span, Span::First | Span::Late), href, rows: vec![] });
            last = Some(span);
        }
        if let Some(group) = groups.last_mut() {
            group.rows.push(row);
        }
    }
    let say = |key: &str, n: u64| lang.say(&format!("desk.{key}"), &[("n", &n.to_string())]);
    let of_span = |span: Span| spans.iter().find(|(s, _)| *s == span).map_or(0, |(_, n)| *n);
    let narrowed = asked.narrow.span.is_some();
    let (late, today) = if narrowed { (0, 0) } else { (of_span(Span::Late), of_span(Span::Today)) };
    let more = count > (page * PAGE) as u64 && page < PAGES;
    let write_down = doors(&me, &asked, &desk, Right::Desk, "report");
    let announce = doors(&me, &asked, &desk, Right::Announce, "announcements");
    let empty_to = desk.only().or(desk.buildings.first()).map(|b| format!("/b/{}/issues", b.slug));
    let key = view.as_str();
    let duty = on_duty(&me, &asked, &desk).await?;
    let chips = chips(&asked, lang);
    let all_href = asked.with(|a| a.narrow = Default::default()).address();
    let empty = if chips.is_empty() {
        (key, empty_to.as_ref().map(|_| lang.t("desk.empty.act")), empty_to)
    } else {
        ("narrowed", Some(lang.t("desk.chip_all")), Some(all_href.clone()))
    };
    let context = Page {
        heading: lang.t(&format!("desk.views.{key}")),
        summary: say("summary", count),
        late: (late > 0).then(|| say("late", late)),
        today: (today > 0).then(|| say("today", today)),
        tabs: counts
            .iter()
            .map(|(v, n)| Tab {
                word: lang.t(&format!("desk.views.{}", v.as_str())),
                n: *n,
                href: asked.with(|a| a.view = *v).address(),
                here: *v == view,
            })
            .collect(),
        houses: houses(&asked, &desk, lang),
        write_down,
        announce,
        round: me.signed.memberships.iter().any(|m| m.role.may(Right::Work) && m.role != Role::Representative),
        duty,
        maintenance: maintenance::on_desk(desk.db(), &me, &desk.buildings).await?,
        figures: me.signed.memberships.iter().any(|m| m.role.may(Right::Triage)).then(|| match &asked.building {
            Some(b) => format!("/desk/figures?b={b}"),
            None => "/desk/figures".into(),
        }),
        narrowing: narrowing(&asked, lang),
        chips,
        all_href,
        saved: saved::shown(&views, &asked, &me),
        keep: (!asked.query().is_empty()).then(|| asked.query()),
        columns: asked.columns.iter().map(|c| lang.t(&format!("desk.extra.{}", c.as_str()))).collect(),
        width: 6 + asked.columns.len(),
        dense: asked.dense,
        picks: groups.iter().any(|g| g.rows.iter().any(|r| r.pick.is_some())),
        groups,
        back: asked.with(|a| a.page = page).address(),
        last: last_batch,
        prev: (page > 1).then(|| asked.with(|a| a.page = page - 1).address()),
        next: more.then(|| asked.with(|a| a.page = page + 1).address()),
        range: (more || page > 1).then(|| {
            let (from, to) = ((page - 1) * PAGE + 1, (page - 1) * PAGE + shown);
            lang.say("desk.range", &[("from", &from.to_string()), ("to", &to.to_string()), ("n", &count.to_string())])
        }),
        files: ["csv", "xlsx"].map(|kind| asked.with(|a| a.page = 1).address().replacen("/desk", &format!("/desk/list.{kind}"), 1)),
        empty: lang.t(&format!("desk.empty.{}", empty.0)),
        empty_small: lang.t(&format!("desk.empty.{}_small", empty.0)),
        empty_act: empty.1,
        empty_href: empty.2,
        roles,
        help,
        people: doors(&me, &asked, &desk, Right::People, "people"),
        founding: doors(&me, &asked, &desk, Right::Administer, "founding"),
        found_more: found_more(&me, &desk).await?,
        form: FormState::fresh(&me),
    };
    let mut frame = Frame::titled(context.heading.clone()).here("desk").at_work().class("pg-desk");
    if let Some(b) = desk.only().or(desk.buildings.first()) {
        frame = frame.of(&me, b);
    }
    me.page(frame, "desk/show", &context)
}

/// Where whoever administers a whole district founds another building.
async fn found_more(me: &SignedIn<'_>, desk: &Desk<'_>) -> Result<Vec<House>> {
    let mut all = vec![];
    for m in me.signed.memberships.iter().filter(|m| m.role.may(Right::Administer)) {
        if let Some(id) = m.district_id {
            let d = buildings::district_by_id(desk.db(), id).await?;
            all.push(House { name: d.name(me.lang).to_owned(), href: format!("/d/{}/buildings/new", d.slug), here: true });
        }
    }
    Ok(all)
}

/// A page of each building that is shown, for those who have a right there.
fn doors(me: &SignedIn<'_>, asked: &Asked, desk: &Desk<'_>, right: Right, page: &str) -> Vec<House> {
    let here = asked.building.is_some() || desk.buildings.len() < 2;
    let shown = desk.buildings.iter().filter(|b| asked.building.as_ref().is_none_or(|o| *o == b.slug));
    let mine = shown.filter(|b| persons::entitled(&me.signed.memberships, right, b).is_some());
    mine.map(|b| House { name: b.name(me.lang).to_owned(), href: format!("/b/{}/{page}", b.slug), here }).collect()
}

/// Who is on duty now for the organisation whose roster somebody keeps, and who of it is away.
async fn on_duty(me: &SignedIn<'_>, asked: &Asked, desk: &Desk<'_>) -> Result<Vec<OnDesk>> {
    let (lang, now, calendar) = (me.lang, me.house.now(), me.house.calendar());
    let today = calendar.date_of(now);
    let mut all = vec![];
    // An officer of a whole district keeps too many to list them beside the desk.
    for building in &desk.buildings {
        let narrowed = asked.building.as_ref().is_some_and(|only| *only != building.slug);
        if narrowed || me.signed.memberships.iter().all(|m| !m.role.may(Right::Roster) || m.building_id != Some(building.id)) {
            continue;
        }
        let Some(m) = duty::keeps(&me.signed.memberships, building) else { continue };
        let roster = duty::Roster::of(desk.db(), building, m.organisation_id, today).await?;
        let names = Names::of(desk.db(), &roster, lang).await?;
        let join = |all: Vec<String>| all.join(&lang.t("duty.join"));
        let on: Vec<String> = roster.at(now, &calendar).iter().map(|d| names.on_duty(d, lang)).collect();
        let away: Vec<String> = roster.absences.iter().filter(|a| a.covers(today)).map(|a| names.name(a.person_id)).collect();
        let words = match (roster.shifts.is_empty(), on.is_empty()) {
            (true, _) => lang.t("duty.desk_off"),
            (_, true) => lang.t("duty.desk_nobody"),
            _ => lang.say("duty.desk", &[("names", &join(on))]),
        };
        let away = (!away.is_empty()).then(|| lang.say("duty.desk_away", &[("names", &join(away))]));
        all.push(OnDesk { words, away, href: format!("/b/{}/duty", building.slug) });
    }
    Ok(all)
}

fn houses(asked: &Asked, desk: &Desk<'_>, lang: Lang) -> Vec<House> {
    if desk.buildings.len() < 2 {
        return vec![];
    }
    let to = |b: Option<&str>| asked.with(|a| a.building = b.map(str::to_owned)).address();
    let everywhere = House { name: lang.t("desk.everywhere"), href: to(None), here: asked.building.is_none() };
    let all = desk.buildings.iter().map(|b| House {
        name: b.name(lang).to_owned(),
        href: to(Some(&b.slug)),
        here: asked.building.as_ref() == Some(&b.slug),
    });
    std::iter::once(everywhere).chain(all).collect()
}

fn narrowing(asked: &Asked, lang: Lang) -> Narrowing {
    let n = &asked.narrow;
    let choice = |value: &str, label: String, here: bool| Choice { value: value.into(), label, here };
    let hands = [Hands::Mine, Hands::Nobodys].map(|h| choice(h.as_str(), lang.t(&format!("desk.hands.{}", h.as_str())), n.hands == Some(h)));
    let kinds = categories::all().iter().map(|c| choice(&c.code, c.name(lang).to_owned(), n.category.as_ref() == Some(&c.code)));
    let columns = Extra::ALL.iter().map(|c| choice(c.as_str(), lang.t(&format!("desk.extra.{}", c.as_str())), asked.columns.contains(c)));
    Narrowing {
        view: (asked.view != View::Next).then(|| asked.view.as_str()),
        b: asked.building.clone(),
        hands: hands.into(),
        kinds: kinds.collect(),
        floor: n.floor.clone().unwrap_or_default(),
        words: n.words.clone().unwrap_or_default(),
        columns: columns.collect(),
        dense: asked.dense,
    }
}

fn chips(asked: &Asked, lang: Lang) -> Vec<Chip> {
    let n = &asked.narrow;
    let mut all = vec![];
    let mut chip = |word: Option<String>, change: fn(&mut Asked)| {
        all.extend(word.map(|word| Chip { word, without: asked.with(change).address() }));
    };
    chip(n.span.map(|s| lang.t(&format!("desk.spans.{}", s.as_str()))), |a| a.narrow.span = None);
    chip(n.hands.map(|h| lang.t(&format!("desk.hands.{}", h.as_str()))), |a| a.narrow.hands = None);
    chip(n.category.as_ref().map(|c| categories::name(c, lang)), |a| a.narrow.category = None);
    chip(n.floor.as_ref().map(|f| lang.say("desk.chip_floor", &[("floor", f)])), |a| a.narrow.floor = None);
    chip(n.words.as_ref().map(|w| lang.say("desk.chip_words", &[("words", w)])), |a| a.narrow.words = None);
    all
}

async fn roles(me: &SignedIn<'_>, db: &impl sea_orm::ConnectionTrait) -> Result<String> {
    let lang = me.lang;
    let named = organisations::by_ids(db, me.signed.memberships.iter().map(|m| m.organisation_id)).await?;
    let roles = me.signed.memberships.iter().map(|m| {
        let of = named.iter().find(|o| o.id == m.organisation_id).map_or_else(String::new, |o| o.short(lang).to_owned());
        lang.say("desk.role", &[("of", &of), ("role", &lang.t(&format!("roles.{}", m.role.as_str())))])
    });
    let mut roles: Vec<String> = roles.collect();
    roles.dedup();
    Ok(roles.join(if lang == Lang::En { "; " } else { "；" }))
}
