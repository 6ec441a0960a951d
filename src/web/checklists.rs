//! `/b/{building}/founding`: what a building needs before its first poster is hung, what of it is there, and the way to each.

use rocket::{Route, get, routes};
use serde::Serialize;

use super::answer::Answer;
use super::frame::Frame;
use super::guards::{Administer, May};
use crate::domain::checklists::{self, Item, Line, Standing};
use crate::domain::organisations;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Row {
    id: &'static str,
    name: String,
    why: String,
    /// What there is of it.
    has: Option<String>,
    mark: &'static str,
    word: String,
    class: &'static str,
    href: Option<String>,
    act: String,
    /// Where nothing can be done in the browser: what the operator sets.
    operator: Option<String>,
    /// It is what comes next.
    now: bool,
}

#[derive(Serialize)]
struct Page {
    root: String,
    house: String,
    /// What a poster must wait for, in words; empty where it need not wait.
    missing: Vec<String>,
    ready: bool,
    done: usize,
    all: usize,
    needed: Vec<Row>,
    later: Vec<Row>,
    posters: Row,
}

/// The page on which a thing is done.
fn way(item: Item, root: &str, manager: Option<&str>) -> Option<String> {
    Some(match item {
        Item::Basics => format!("{root}/founding/basics"),
        Item::Floors | Item::Zones => format!("{root}/places"),
        Item::Manager => format!("{root}/organisations?kind=property_manager#add"),
        Item::Desk => match manager {
            Some(slug) => format!("{root}/people?organisation={slug}&role=staff#invite"),
            None => return None,
        },
        Item::Lead => format!("{root}/people"),
        Item::Secretary => format!("{root}/people?role=secretary#invite"),
        Item::Representatives => format!("{root}/people?role=representative#invite"),
        Item::Tenants => format!("{root}/tenants"),
        Item::Council => format!("{root}/council/seats"),
        Item::Calendar => "/calendars".into(),
        Item::Times => format!("{root}/times"),
        Item::Posters => format!("{root}/posters"),
        Item::Address | Item::Letters | Item::Incoming => return None,
    })
}

fn row(line: &Line, root: &str, manager: Option<&str>, now: bool, lang: Lang) -> Row {
    let of = |part: &str| format!("checklists.item.{}.{part}", line.item.as_str());
    let (mark, class) = match line.standing {
        Standing::Done => ("yes", ""),
        Standing::Missing => ("late", "bad"),
        Standing::Later => ("pause", "dim"),
    };
    let key = match line.standing {
        Standing::Done => "done",
        Standing::Missing => "missing",
        Standing::Later => "later",
    };
    let has = (line.standing == Standing::Done || line.item == Item::Address).then(|| lang.say(&of("has"), &[("n", &line.has)]));
    Row {
        id: line.item.as_str(),
        name: lang.t(&of("name")),
        why: lang.t(&of("why")),
        has: has.filter(|h| !h.is_empty()),
        mark,
        word: lang.t(&format!("checklists.{}", if line.item == Item::Posters && line.standing != Standing::Done { "not_hung" } else { key })),
        class,
        href: way(line.item, root, manager),
        act: lang.t(&format!("checklists.act.{}", if line.standing == Standing::Done { "again" } else { "go" })),
        operator: (line.standing != Standing::Done && matches!(line.item, Item::Address | Item::Letters | Item::Incoming))
            .then(|| lang.t(&of("operator"))),
        now,
    }
}

#[get("/<_>/founding")]
async fn show(who: May<'_, Administer>) -> Result<Answer> {
    let (db, lang, building) = (&who.house.reading().await?, who.lang, who.building()?);
    let root = who.at.root();
    let manager = organisations::manager_of(db, building.id).await?.map(|o| o.slug);
    let lines = checklists::of(&who.house, db, building).await?;
    let missing: Vec<&Line> = lines.iter().filter(|l| l.standing == Standing::Missing).collect();
    // What somebody here can do comes first; what only the operator can, does not hold them up.
    let doable = |l: &&&Line| way(l.item, &root, manager.as_deref()).is_some();
    let next = missing.iter().find(doable).map(|l| l.item);
    let rows =
        |keep: fn(&Line) -> bool| lines.iter().filter(|l| keep(l)).map(|l| row(l, &root, manager.as_deref(), next == Some(l.item), lang)).collect();
    let posters =
        lines.iter().find(|l| l.item == Item::Posters).map(|l| row(l, &root, None, missing.is_empty() && l.standing != Standing::Done, lang));
    let page = Page {
        house: building.name(lang).to_owned(),
        missing: missing.iter().map(|l| lang.t(&format!("checklists.item.{}.name", l.item.as_str()))).collect(),
        ready: missing.is_empty(),
        done: lines.iter().filter(|l| l.standing == Standing::Done).count(),
        all: lines.len(),
        needed: rows(|l| l.item.needed()),
        later: rows(|l| !l.item.needed() && l.item != Item::Posters),
        posters: posters.ok_or(crate::kernel::error::Error::NotFound)?,
        root,
    };
    let frame = Frame::titled(lang.t("checklists.title")).of(&who, building).at_work().class("pg-found");
    who.page(frame, "checklists/show", &page)
}
