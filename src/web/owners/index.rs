//! The roll as it stands.

use std::collections::HashMap;

use rocket::get;
use rocket::http::ContentType;
use serde::Serialize;

use super::square_metres;
use crate::domain::owners::{self, Held, HolderKind, Planned, Roll, RowFault, Whom};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OwnerHolderId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::{FormState, sentence};
use crate::web::frame::Frame;
use crate::web::guards::{May, Secretariat};
use crate::web::meetings::dossier::{Crumb, Opt};

/// Units and faults that the page spells out; the rest is counted.
const MOST: usize = 1_000;

/// A unit as the page lists it.
#[derive(Serialize)]
struct Line {
    unit: String,
    area: String,
    holder: String,
    /// `3人共有`, `车位`.
    small: String,
    names: Option<String>,
    /// Where its holder's names are erased.
    erase: Option<String>,
}

#[derive(Serialize)]
struct Seen {
    line: usize,
    unit: String,
    area: String,
    holder: String,
}

#[derive(Serialize)]
struct Looked {
    words: String,
    rows: Vec<Seen>,
    list: String,
    more: Option<String>,
}

/// What a request brought to the page.
#[derive(Default)]
pub(super) struct Came {
    pub looked: Option<(Vec<Planned>, String)>,
    pub faults: Vec<RowFault>,
    /// Names that were asked for.
    pub names: Option<HashMap<OwnerHolderId, String>>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    root: String,
    votes: String,
    version: i32,
    summary: Option<String>,
    lines: Vec<Line>,
    more: Option<String>,
    named: bool,
    checked: Option<Looked>,
    faults: Vec<String>,
    more_faults: Option<String>,
    parkings: Vec<Opt>,
    one: FormState,
    many: FormState,
    form: FormState,
}

fn small(h: &Held, lang: Lang) -> String {
    let mut parts = vec![];
    if h.unit.parking {
        parts.push(lang.t("owners.column.parking"));
    }
    if h.unit.co_owners > 1 {
        parts.push(lang.say("owners.together", &[("n", &h.unit.co_owners.to_string())]));
    }
    parts.join(&lang.t("parts.comma"))
}

fn whom(w: &Whom, lang: Lang) -> String {
    match w {
        Whom::Developer => lang.t("owners.developer"),
        Whom::Organisation(o) => o.name(lang).to_owned(),
        Whom::Household(label) => label.clone(),
    }
}

fn looked(planned: &[Planned], list: String, lang: Lang) -> Looked {
    let holders: std::collections::HashSet<String> = planned.iter().map(|p| whom(&p.whom, Lang::Zh)).collect();
    let area: i64 = planned.iter().map(|p| p.area).sum();
    let with = [("units", planned.len().to_string()), ("holders", holders.len().to_string()), ("area", square_metres(area.unsigned_abs()))];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let seen = |p: &Planned| Seen { line: p.line, unit: p.unit.clone(), area: square_metres(p.area.unsigned_abs()), holder: whom(&p.whom, lang) };
    Looked {
        words: lang.say("owners.would", &with),
        rows: planned.iter().take(MOST).map(seen).collect(),
        list,
        more: (planned.len() > MOST).then(|| lang.say("owners.more", &[("n", &(planned.len() - MOST).to_string())])),
    }
}

async fn lines(who: &May<'_, Secretariat>, root: &str, held: &[Held], names: Option<&HashMap<OwnerHolderId, String>>) -> Result<Vec<Line>> {
    let mut called: HashMap<OwnerHolderId, String> = HashMap::new();
    let mut out = vec![];
    for h in held.iter().take(MOST) {
        let holder = match called.get(&h.holder.id) {
            Some(known) => known.clone(),
            None => {
                let fresh = h.holder.called(who.house.read(), who.lang).await?;
                called.insert(h.holder.id, fresh.clone());
                fresh
            }
        };
        let kept = names.and_then(|n| n.get(&h.holder.id)).cloned();
        out.push(Line {
            unit: h.unit.unit.clone(),
            area: square_metres(h.unit.area.unsigned_abs()),
            holder: if h.holder.kind == HolderKind::Household { who.lang.say("owners.household", &[("label", &holder)]) } else { holder },
            small: small(h, who.lang),
            erase: kept.as_ref().map(|_| format!("{root}/{}/erasure", h.holder.number)),
            names: kept,
        });
    }
    Ok(out)
}

fn summary(roll: &Roll, who: &May<'_, Secretariat>) -> String {
    let when = dates::moment(roll.created_at, who.house.now(), who.lang);
    let with = [
        ("version", roll.version.to_string()),
        ("when", when),
        ("units", roll.units.to_string()),
        ("holders", roll.holders.to_string()),
        ("area", square_metres(roll.area.unsigned_abs())),
    ];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    who.lang.say("owners.summary", &with)
}

/// The page, with what a request brought.
pub(super) async fn page(who: &May<'_, Secretariat>, came: Came, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let root = format!("{}/owners", who.at.root());
    let roll = owners::latest(db, building.id).await?;
    let held = match &roll {
        Some(r) => owners::of_version(db, building.id, r.version).await?,
        None => vec![],
    };
    let version = roll.as_ref().map_or(0, |r| r.version);
    let fault = |f: &RowFault| lang.say("tenancies.fault", &[("line", &f.line.to_string()), ("words", &sentence(lang, &f.refusal))]);
    let more = |n: usize| (n > MOST).then(|| lang.say("owners.more", &[("n", &(n - MOST).to_string())]));
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", who.at.root())), Crumb::here(lang.t("owners.title"))],
        votes: format!("{}/council/owners-votes", who.at.root()),
        version,
        summary: roll.as_ref().map(|r| summary(r, who)),
        lines: lines(who, &root, &held, came.names.as_ref()).await?,
        more: more(held.len()),
        named: came.names.is_some(),
        checked: came.looked.map(|(planned, list)| looked(&planned, list, lang)),
        faults: came.faults.iter().take(MOST).map(fault).collect(),
        more_faults: more(came.faults.len()),
        parkings: Opt::all(["no", "yes"], "owners.parking", lang),
        one: form.or("one", []),
        many: form.or("many", []),
        root,
        form,
    };
    who.page(Frame::titled(lang.t("owners.title")).of(who, building).here("council").at_work().class("pg-council"), "owners/index", &page)
}

/// `GET …/owners`.
#[get("/<_>/owners")]
pub(super) async fn index(who: May<'_, Secretariat>) -> Result<Answer> {
    page(&who, Came::default(), FormState::fresh(&who)).await
}

/// `GET …/owners/template.csv`: the headings, to be filled in.
#[get("/<_>/owners/template.csv")]
pub(super) async fn template(who: May<'_, Secretariat>) -> Result<Answer> {
    let lang = who.lang;
    let heading = ["unit", "area", "holder", "names", "parking", "co_owners"].map(|c| lang.t(&format!("owners.column.{c}"))).join(",");
    let body = format!("\u{feff}{heading}\r\n");
    Ok(Answer::bytes(ContentType::CSV, body.into_bytes()).named(&format!("{}-owners.csv", who.building()?.slug)))
}
