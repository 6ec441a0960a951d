//! The figures of a matter: measured before, after a remedy that failed, and after.

use rocket::{get, post};
use serde::Serialize;

use super::{CheckLine, value};
use crate::domain::buildings::{self, Building};
use crate::domain::effect_checks::{self, Figure, NewMeasurement, Phase};
use crate::domain::issues::{self, Issue};
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Anyone, May, Secretariat};
use crate::web::meetings::dossier::{Crumb, Opt};
use crate::web::sent::Sent;
use crate::web::shown::chain::{self, Link, Stop};
use crate::web::shown::matter::Matter;
use crate::web::shown::{charts, decimal};

#[derive(Serialize)]
struct Line {
    name: String,
    value: String,
    phase: String,
    sample: Option<i32>,
    source: String,
    when: String,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    label: String,
    title: String,
    action: String,
    lines: Vec<Line>,
    checks: Vec<CheckLine>,
    chain: Vec<Stop>,
    charts: Vec<charts::Figure>,
    secretariat: bool,
    figures: Vec<Opt>,
    phases: Vec<Opt>,
    form: FormState,
}

/// Whether the caller keeps the council's papers in this building.
pub(super) fn secretariat(caller: &Caller, building: &Building) -> bool {
    caller.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, Right::Secretariat, building).is_some())
}

/// `GET /b/{b}/issues/{n}/figures`.
#[get("/<building>/issues/<number>/figures")]
pub(super) async fn show(who: Anyone<'_>, building: &str, number: i32) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    page(&who, &building, number, FormState::filled(&who, [("phase", "before".to_owned())])).await
}

async fn page(caller: &Caller, building: &Building, number: i32, form: FormState) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let today = dates::local(caller.house.now()).date();
    let issue: Issue = issues::by_number(db, building.id, number).await?;
    let matter = Matter::load(db, issue.clone()).await?;
    let lines = effect_checks::measurements(db, issue.id).await?.into_iter().map(|m| Line {
        name: if m.label.is_empty() { lang.t(&format!("charts.figures.{}", m.figure.as_str())) } else { m.label },
        value: format!("{}{}", decimal(m.value, m.decimals), value::unit(&m.unit, lang)),
        phase: lang.t(&format!("checks.phase.{}", m.phase.as_str())),
        sample: m.sample,
        source: m.source,
        when: dates::parse(&m.measured_on).map(|d| dates::short(d, today, lang)).unwrap_or_default(),
    });
    let root = format!("/b/{}/issues/{number}", building.slug);
    let checks = effect_checks::of_issue(db, issue.id).await?;
    let page = Page {
        crumbs: vec![Crumb::to(building.label(number), root.clone()), Crumb::here(lang.t("checks.figures"))],
        label: building.label(number),
        title: issue.title_for_public(lang),
        lines: lines.collect(),
        checks: checks.iter().enumerate().map(|(i, c)| CheckLine::of(caller, c, Some((i + 1, format!("{root}/checks/{}", i + 1))))).collect(),
        secretariat: secretariat(caller, building),
        figures: Opt::all(Figure::ALL.iter().map(|f| f.as_str()), "charts.figures", lang),
        phases: Opt::all(Phase::ALL.iter().map(|p| p.as_str()), "checks.phase", lang),
        chain: chain::of(&matter, building, Link::Check, lang),
        charts: charts::effect::draw(&checks, &matter.measurements, lang).into_iter().collect(),
        action: format!("{root}/figures"),
        form,
    };
    let frame = Frame::titled(lang.t("checks.figures")).of(caller, building).here("issues").class("pg-figures");
    caller.page(frame, "checks/figures", &page)
}

/// `POST /b/{b}/issues/{n}/figures`: keeps a measured figure.
#[post("/<_>/issues/<number>/figures", data = "<sent>")]
pub(super) async fn record(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let building = staff.building()?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let issue = issues::hold(&act, building.id, number).await?;
        let sample = match sent.given("sample") {
            Some(_) => {
                Some(sent.read::<i32>("sample").ok().filter(|n| (1..=1_000_000).contains(n)).ok_or_else(|| Refusal::new("unreadable").at("sample"))?)
            }
            None => None,
        };
        let decimals = value::decimals(sent.text("value"));
        let new = NewMeasurement {
            figure: sent.read("figure")?,
            label: sent.text("label"),
            unit: sent.text("unit"),
            decimals,
            value: value::read(sent.text("value"), decimals, "value")?,
            phase: sent.read("phase")?,
            sample,
            source: sent.text("source"),
        };
        effect_checks::measure(&act, &issue, new).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/b/{}/issues/{number}/figures", building.slug)).saying("checks.said.measured")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&staff, building, number, form).await?.status(status))
        }
    }
}
