//! `/b/{building}/tenants`: who sits where; one by a form, many by a list that is looked at first.

use rocket::http::{ContentType, Status};
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::form::{FormState, sentence};
use super::frame::Frame;
use super::guards::{Administer, May};
use super::issues::work::Choice;
use super::sent::Sent;
use super::tables;
use crate::domain::buildings::{self, Place, PlaceKind};
use crate::domain::organisations::{self, Organisation, OrganisationKind};
use crate::domain::tenancies::{self, Planned, ROWS_MAX, Row, RowFault};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![index, create, check, template, move_in, end]
}

/// Rows and faults that the page spells out; the rest is counted.
const MOST: usize = 200;

#[derive(Serialize)]
struct Line {
    tenant: String,
    size: Option<String>,
    units: Vec<Unit>,
}

#[derive(Serialize)]
struct Unit {
    name: String,
    ending: String,
}

#[derive(Serialize)]
struct Looked {
    rows: Vec<Seen>,
    words: String,
    list: String,
    more: Option<String>,
    nothing: bool,
}

#[derive(Serialize)]
struct Seen {
    line: usize,
    place: String,
    tenant: String,
    size: String,
    note: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    lines: Vec<Line>,
    towers: Vec<Choice>,
    floors: bool,
    places: String,
    checked: Option<Looked>,
    faults: Vec<String>,
    more_faults: Option<String>,
    one: FormState,
    many: FormState,
    form: FormState,
}

/// How large an organisation is, in words.
fn size(o: &Organisation, lang: Lang) -> Option<String> {
    match (o.workers, o.size) {
        (Some(n), _) => Some(lang.say("organisations.workers", &[("n", &n.to_string())])),
        (None, Some(size)) => Some(lang.t(&format!("organisations.sizes.{}", size.as_str()))),
        (None, None) => None,
    }
}

enum Came {
    Nothing,
    Good(Vec<Planned>, String),
    Faults(Vec<RowFault>),
}

async fn page(who: &May<'_, Administer>, came: Came, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let root = format!("{}/tenants", who.at.root());
    let places = buildings::places(db, building.id).await?;
    let seated = tenancies::of_building(db, building.id).await?;
    let tenants: Vec<Organisation> = organisations::around(db, building.district_id, building.id).await?;
    let tenants = tenants.into_iter().filter(|o| o.kind == OrganisationKind::Enterprise && o.building_id == Some(building.id));
    let escape = |s: &str| url::form_urlencoded::byte_serialize(s.as_bytes()).collect::<String>();
    let line = |o: &Organisation| Line {
        tenant: o.name(lang).to_owned(),
        size: size(o, lang),
        units: seated
            .iter()
            .filter(|t| t.organisation_id == o.id)
            .filter_map(|t| places.iter().find(|p| p.id == t.place_id))
            .map(|p: &Place| Unit { name: p.full(lang), ending: format!("{root}/{}/{}/ending", o.slug, escape(&p.code)) })
            .collect(),
    };
    let (mut checked, mut faults, mut more_faults) = (None, vec![], None);
    match came {
        Came::Nothing => {}
        Came::Good(rows, list) => checked = Some(looked(&rows, list, lang)),
        Came::Faults(all) => {
            let say = |f: &RowFault| lang.say("tenancies.fault", &[("line", &f.line.to_string()), ("words", &sentence(lang, &f.refusal))]);
            faults = all.iter().take(MOST).map(say).collect();
            more_faults = (all.len() > MOST).then(|| lang.say("tenancies.more", &[("n", &(all.len() - MOST).to_string())]));
        }
    }
    let page = Page {
        home: who.at.root(),
        house: building.name(lang).to_owned(),
        lines: tenants.map(|o| line(&o)).collect(),
        towers: places
            .iter()
            .filter(|p| p.kind == PlaceKind::Tower)
            .filter_map(|p| p.tower.clone().map(|t| Choice::new(t.clone(), buildings::place::tower_name(&t, lang))))
            .collect(),
        floors: places.iter().any(|p| p.kind == PlaceKind::Floor),
        places: format!("{}/places", who.at.root()),
        checked,
        faults,
        more_faults,
        one: form.or("one", []),
        many: form.or("many", []),
        root,
        form,
    };
    let frame = Frame::titled(lang.t("tenancies.title")).of(who, building).at_work().class("pg-found");
    who.page(frame, "tenancies/index", &page)
}

fn looked(rows: &[Planned], list: String, lang: Lang) -> Looked {
    let fresh = rows.iter().filter(|p| !p.known).map(|p| &p.row.tenant).collect::<std::collections::HashSet<_>>().len();
    let to_do = rows.iter().filter(|p| !p.here).count();
    let seen = |p: &Planned| {
        let key = if p.here {
            "here"
        } else if p.known {
            "known"
        } else {
            "fresh"
        };
        let place = [&p.row.tower, &p.row.floor, &p.row.zone, &p.row.unit].into_iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>();
        Seen {
            line: p.row.line,
            place: place.join(" "),
            tenant: p.row.tenant.clone(),
            size: p.row.size.clone(),
            note: lang.t(&format!("tenancies.note.{key}")),
        }
    };
    Looked {
        rows: rows.iter().take(MOST).map(seen).collect(),
        words: lang
            .say("tenancies.would", &[("rows", &to_do.to_string()), ("fresh", &fresh.to_string()), ("here", &(rows.len() - to_do).to_string())]),
        list,
        more: (rows.len() > MOST).then(|| lang.say("tenancies.more", &[("n", &(rows.len() - MOST).to_string())])),
        nothing: false,
    }
}

#[get("/<_>/tenants")]
async fn index(who: May<'_, Administer>) -> Result<Answer> {
    page(&who, Came::Nothing, FormState::fresh(&who)).await
}

/// The rows of a list under its headings, and the list as text.
async fn list(sent: &Sent<'_>) -> Result<(Vec<Row>, String)> {
    let mut rows = tables::rows(sent).await?;
    let field = tables::field(sent);
    let (at, columns) = tenancies::headings(&rows).ok_or_else(|| Refusal::new("tenants_headings").at(field))?;
    let read: Vec<Row> = rows.iter().skip(at + 1).map(|(line, cells)| Row::of(*line, cells, &columns)).filter(|r| !r.is_empty()).collect();
    if read.is_empty() {
        return Err(Refusal::new("table_empty").at(field).into());
    }
    tables::ask_few(read.len(), ROWS_MAX, field)?;
    tables::keep_named(&mut rows[at + 1..], &columns);
    Ok((read, tables::text(&rows)))
}

/// Looks at a list: what would come of it, or what is wrong in which row. Nothing is done yet.
#[post("/<_>/tenants/check", data = "<sent>")]
async fn check(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let looked = async {
        sent.trusted()?;
        let (rows, text) = list(&sent).await?;
        Ok::<_, Error>((tenancies::plan(who.house.read(), who.building()?, &rows).await?, text))
    }
    .await;
    match looked {
        Ok((Ok(planned), text)) => page(&who, Came::Good(planned, text), FormState::fresh(&who)).await,
        Ok((Err(faults), text)) => {
            let (mut form, _) = FormState::again(&sent, Refusal::new("table_faults").with("n", faults.len()).at(tables::field(&sent)).into())?;
            form.values.insert("list".into(), text);
            Ok(page(&who, Came::Faults(faults), form).await?.status(Status::UnprocessableEntity))
        }
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, Came::Nothing, form).await?.status(status))
        }
    }
}

async fn after(who: &May<'_, Administer>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/tenants", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, Came::Nothing, form).await?.status(status))
        }
    }
}

/// Somebody else may have added the same meanwhile: then it is said that nothing was left to do.
async fn moved_in(who: &May<'_, Administer>, sent: &Sent<'_>, done: Result<usize>) -> Result<Answer> {
    let said = if matches!(done, Ok(0)) { "tenancies.said.all_here" } else { "tenancies.said.moved_in" };
    after(who, sent, done.map(drop), said).await
}

#[post("/<_>/tenants/list", data = "<sent>")]
async fn move_in(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        let (rows, _) = list(&sent).await?;
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let district = buildings::district_by_id(act.tx(), building.district_id).await?;
        let n = tenancies::move_in(&act, &district, building, &rows).await?;
        act.commit().await?;
        Ok(n)
    }
    .await;
    moved_in(&who, &sent, done).await
}

#[post("/<_>/tenants", data = "<sent>")]
async fn create(who: May<'_, Administer>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let building = who.building()?;
        let district = buildings::district_by_id(act.tx(), building.district_id).await?;
        let cell = |name: &str| crate::kernel::text::clean(sent.text(name));
        let row = Row {
            line: 1,
            tower: cell("tower"),
            floor: cell("floor"),
            zone: cell("zone"),
            unit: cell("unit"),
            tenant: cell("tenant"),
            tenant_en: cell("tenant_en"),
            size: cell("size"),
        };
        let n = tenancies::move_in(&act, &district, building, &[row]).await?;
        act.commit().await?;
        Ok(n)
    }
    .await;
    moved_in(&who, &sent, done).await
}

#[post("/<_>/tenants/<tenant>/<place>/ending", data = "<sent>")]
async fn end(who: May<'_, Administer>, tenant: &str, place: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        tenancies::named(act.tx(), who.building()?, place, tenant).await?.end(&act).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "tenancies.said.moved_out").await
}

/// The headings, to be filled in.
#[get("/<_>/tenants/template.csv")]
async fn template(who: May<'_, Administer>) -> Result<Answer> {
    let lang = who.lang;
    let heading = ["tower", "floor", "zone", "unit", "tenant", "tenant_en", "size"].map(|c| lang.t(&format!("tenancies.column.{c}"))).join(",");
    let body = format!("\u{feff}{heading}\r\n");
    Ok(Answer::bytes(ContentType::CSV, body.into_bytes()).named(&format!("{}-tenants.csv", who.building()?.slug)))
}
