//! Bulletins as everybody reads them.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::super::answer::Answer;
use super::super::caller::Caller;
use super::super::dates;
use super::super::form::FormState;
use super::super::frame::Frame;
use super::super::guards::{Anyone, At};
use super::super::shown::chain::{self, Stop};
use super::super::shown::charts::{self, Figure};
use super::super::shown::matter::Matter;
use super::super::shown::phrases;
use super::{by_number, frame, whose};
use crate::domain::editions::{self, Edition, EditionState, Story, StoryKind};
use crate::domain::rights::Right;
use crate::domain::{buildings, issues, persons, resolutions};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::qr;

pub(super) fn everywhere() -> Vec<Route> {
    routes![newest]
}

pub(super) fn routes() -> Vec<Route> {
    routes![index, show]
}

/// Editions on one page.
const PAGE: u64 = 60;
/// Signs from which on a text stands in columns.
const LONG: usize = 240;

#[derive(Serialize)]
struct Line {
    title: String,
    number: i32,
    when: Option<String>,
    lead: Option<String>,
    sub: Option<String>,
    href: String,
    draft: bool,
}

#[derive(Serialize)]
struct Index {
    heading: String,
    lines: Vec<Line>,
    begin: Option<String>,
}

async fn line(caller: &Caller, root: &str, e: Edition) -> Result<Line> {
    let lead = e.stories(caller.house.read()).await?.into_iter().next();
    let draft = e.state == EditionState::Draft;
    Ok(Line {
        when: e.published_at.map(|at| dates::moment(at, caller.house.now(), caller.lang)),
        lead: lead.as_ref().map(|s| s.headline.clone()),
        sub: lead.map(|s| s.summary).filter(|s| !s.is_empty()),
        href: if draft { format!("{root}/bulletin/{}/edit", e.number) } else { format!("{root}/bulletin/{}", e.number) },
        number: e.number,
        title: e.title,
        draft,
    })
}

#[get("/bulletin")]
async fn newest(who: Anyone<'_>) -> Result<Answer> {
    let db = who.house.read();
    let mut lines = vec![];
    for e in editions::newest(db, 30).await? {
        let root = match e.building_id {
            Some(b) => format!("/b/{}", buildings::by_id(db, b).await?.slug),
            None => format!("/d/{}", buildings::district_by_id(db, e.district_id).await?.slug),
        };
        lines.push(line(&who, &root, e).await?);
    }
    let page = Index { heading: who.lang.t("editions.all"), lines, begin: None };
    who.page(Frame::titled(who.lang.t("editions.all")).here("bulletin").class("pg-bulletin"), "editions/index", &page)
}

/// Whether the caller makes this bulletin.
pub(super) fn edits(caller: &Caller, at: &At) -> bool {
    let Some(signed) = &caller.signed else { return false };
    match at {
        At::Building(b) => persons::entitled(&signed.memberships, Right::Edit, b).is_some(),
        At::District(d) => persons::entitled_in_district(&signed.memberships, Right::Edit, d.id).is_some(),
    }
}

#[get("/<_>/bulletin")]
async fn index(who: Anyone<'_>) -> Result<Answer> {
    let at = At::of(&who, &who.path).await?;
    list(&who, &at, None).await
}

/// What a bulletin has been called so far, or would be called by itself.
pub(super) async fn name(caller: &Caller, at: &At) -> Result<String> {
    let (district, building) = whose(at);
    Ok(match editions::of(caller.house.read(), district, building, 1).await?.pop() {
        // The bulletin keeps its name from edition to edition.
        Some(last) => last.title,
        None => Lang::Zh.say("editions.name_of", &[("name", at.short())]),
    })
}

/// The editions of a building or district, for those who make them with the form that begins the next; `form` is the one
/// that was refused.
pub(super) async fn list(who: &Caller, at: &At, form: Option<FormState>) -> Result<Answer> {
    let (district, building) = whose(at);
    let edits = edits(who, at);
    let root = at.root();
    let mut lines = vec![];
    for e in editions::of(who.house.read(), district, building, PAGE).await? {
        if e.state == EditionState::Published || (edits && e.state == EditionState::Draft) {
            lines.push(line(who, &root, e).await?);
        }
    }
    let form = match form {
        Some(form) => form,
        None => FormState::filled(who, [("title", name(who, at).await?)]),
    };
    let heading = who.lang.say("editions.of", &[("name", at.name(who.lang))]);
    let page = Index { heading: heading.clone(), lines, begin: edits.then(|| format!("{root}/bulletin")) };
    who.page(frame(who, at, heading).class("pg-bulletin"), "editions/index", &Begin { form, page })
}

/// The list, with the form that begins an edition.
#[derive(Serialize)]
pub(super) struct Begin {
    form: FormState,
    #[serde(flatten)]
    page: Index,
}

#[derive(Serialize)]
struct Article {
    headline: String,
    summary: String,
    html: String,
    issue: Option<Link>,
    resolution: Option<Link>,
    brief: bool,
    /// Long enough for columns.
    long: bool,
    figures: Vec<Figure>,
    chain: Vec<Stop>,
}

#[derive(Serialize)]
struct Link {
    word: String,
    href: String,
    address: String,
    qr: String,
}

#[derive(Serialize)]
pub(super) struct Paper {
    title: String,
    /// A name that needs smaller letters.
    long_name: bool,
    number: i32,
    day: String,
    publisher: String,
    lead: Option<Article>,
    rest: Vec<Article>,
    briefs: Vec<String>,
    draft: bool,
    address: String,
    qr: String,
    ledger: Option<Ledger>,
}

#[derive(Serialize)]
struct Ledger {
    n: i64,
    href: String,
    address: String,
    qr: String,
}

fn code(address: &str) -> Result<String> {
    qr::svg(address).map_err(|e| Error::broken(e.to_string()))
}

/// An address as people type it.
fn typed(address: &str) -> String {
    address.split_once("://").map_or(address, |(_, rest)| rest).to_owned()
}

/// A story; the one on top with what was measured and the way that its matter went.
async fn article(caller: &Caller, s: Story, top: bool) -> Result<Article> {
    let db = caller.house.read();
    let settings = caller.house.settings();
    let link = |word: String, href: String| -> Result<Link> {
        let address = settings.address(&href);
        Ok(Link { word, qr: code(&address)?, address: typed(&address), href })
    };
    let (mut figures, mut chain) = (vec![], vec![]);
    let issue = match s.issue_id {
        Some(id) => {
            let issue = issues::by_id(db, id).await?;
            let building = buildings::by_id(db, issue.building_id).await?;
            let to = link(building.label(issue.number), format!("/b/{}/issues/{}", building.slug, issue.number))?;
            if top {
                let m = Matter::load(db, issue).await?;
                figures = charts::of(caller, db, &m).await?;
                chain = chain::of(&m, &building, chain::Link::Publication, caller.lang);
            }
            Some(to)
        }
        None => None,
    };
    let resolution = match s.resolution_id {
        Some(id) => {
            let r = resolutions::by_id(db, id).await?;
            let council = r.council(db).await?;
            let root = crate::domain::recorded::root(db, &council).await?;
            let short = match council.building_id {
                Some(b) => buildings::by_id(db, b).await?.short,
                None => buildings::district_by_id(db, council.district_id).await?.short,
            };
            Some(link(r.label(&short), format!("{root}/resolutions/{}", r.address()))?)
        }
        None => None,
    };
    let long = s.html.chars().count() > LONG;
    Ok(Article { headline: s.headline, summary: s.summary, html: s.html, issue, resolution, brief: s.kind == StoryKind::Brief, long, figures, chain })
}

/// The paper of an edition, drafts included: the caller has asked who may see it.
pub(super) async fn paper(caller: &Caller, at: &At, e: &Edition) -> Result<Paper> {
    let settings = caller.house.settings();
    let mut lead = None;
    let (mut rest, mut briefs) = (vec![], vec![]);
    for s in e.stories(caller.house.read()).await? {
        briefs.push(phrases::first(&s.headline).to_owned());
        if lead.is_none() && s.kind != StoryKind::Brief {
            lead = Some(article(caller, s, true).await?);
        } else {
            rest.push(article(caller, s, false).await?);
        }
    }
    briefs.truncate(3);
    let address = settings.address(&format!("{}/bulletin/{}", at.root(), e.number));
    let ledger = match e.ledger_index {
        Some(n) => {
            let href = format!("/ledger/entries/{n}");
            let address = settings.address(&href);
            Some(Ledger { n, qr: code(&address)?, address: typed(&address), href })
        }
        None => None,
    };
    Ok(Paper {
        title: e.title.clone(),
        long_name: e.title.chars().count() > 4,
        number: e.number,
        day: dates::full_day(e.published_at.unwrap_or(caller.house.now()), caller.lang),
        publisher: at.name(caller.lang).to_owned(),
        lead,
        rest,
        briefs,
        draft: e.state == EditionState::Draft,
        qr: code(&address)?,
        address,
        ledger,
    })
}

#[get("/<_>/bulletin/<number>?<paper>")]
async fn show(who: Anyone<'_>, number: i32, paper: Option<&str>) -> Result<Answer> {
    let at = At::of(&who, &who.path).await?;
    let edition = by_number(&who, &at, number).await?;
    if edition.state != EditionState::Published && !edits(&who, &at) {
        return Err(Error::NotFound);
    }
    let small = paper == Some("a4");
    let page = self::paper(&who, &at, &edition).await?;
    let title = who.lang.say("editions.title", &[("title", &edition.title), ("n", &number.to_string())]);
    who.page(frame(&who, &at, title).class(if small { "pg-np a4" } else { "pg-np" }), "editions/show", &page)
}
