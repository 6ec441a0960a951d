//! One effect check: planned by the resolution, made by the secretary, judged by the rule.

use rocket::{get, post};
use serde::Serialize;

use super::counts::{Counts, felt_or_few};
use super::figures::secretariat;
use super::{CheckLine, value};
use crate::domain::buildings::{self, Building};
use crate::domain::effect_checks::{self, Check, Verdict};
use crate::domain::issues::{self, Issue};
use crate::domain::resolutions;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Anyone, May, Secretariat};
use crate::web::meetings::dossier::Crumb;
use crate::web::sent::Sent;
use crate::web::shown::chain::{self, Link, Stop};
use crate::web::shown::charts;
use crate::web::shown::matter::Matter;

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    issue_href: String,
    figures_href: String,
    action: String,
    version: i32,
    check: CheckLine,
    chain: Vec<Stop>,
    decimals: String,
    unit: String,
    resolution: String,
    resolution_href: String,
    may_make: bool,
    made: bool,
    failed: bool,
    /// What Louyi itself counted.
    counts: Option<Counts>,
    /// How those who reported find it.
    felt: Option<String>,
    charts: Vec<charts::Figure>,
    form: FormState,
}

/// A check by its number on a matter.
async fn find(caller: &Caller, issue: &Issue, number: usize) -> Result<Check> {
    let all = effect_checks::of_issue(caller.house.read(), issue.id).await?;
    number.checked_sub(1).and_then(|i| all.into_iter().nth(i)).ok_or(Error::NotFound)
}

/// `GET /b/{b}/issues/{n}/checks/{k}`.
#[get("/<building>/issues/<number>/checks/<check>")]
pub(super) async fn show(who: Anyone<'_>, building: &str, number: i32, check: usize) -> Result<Answer> {
    let building = buildings::by_slug(who.house.read(), building).await?;
    page(&who, &building, number, check, FormState::fresh(&who)).await
}

async fn page(caller: &Caller, building: &Building, number: i32, k: usize, form: FormState) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let issue = issues::by_number(db, building.id, number).await?;
    let check = find(caller, &issue, k).await?;
    let resolution = resolutions::by_id(db, check.resolution_id).await?;
    let root = format!("/b/{}/issues/{number}", building.slug);
    let figures_href = format!("{root}/figures");
    let action = format!("{root}/checks/{k}");
    let matter = Matter::load(db, issue.clone()).await?;
    let counted = effect_checks::counted(db, &check, &issue, caller.house.now(), &caller.house.calendar()).await?;
    let counts = counted.map(|c| Counts::of(&check, &c, lang));
    let felt = match check.asked_at {
        Some(_) => Some(felt_or_few(effect_checks::opinions(db, check.id).await?, lang)),
        None => None,
    };
    let all = effect_checks::of_resolution(db, resolution.id).await?;
    let offered = counts.as_ref().and_then(|c| c.offered.clone()).filter(|_| check.verdict.is_none() && form.id.is_none());
    let mut form = form;
    if let Some(offered) = offered {
        form.values.entry("after".into()).or_insert(offered);
    }
    let page = Page {
        charts: charts::effect::draw(&all, &matter.measurements, lang).into_iter().collect(),
        counts,
        felt,
        crumbs: vec![
            Crumb::to(building.label(number), root.clone()),
            Crumb::to(lang.t("checks.figures"), figures_href.clone()),
            Crumb::here(lang.say("checks.nth", &[("k", &k.to_string())])),
        ],
        title: issue.title_for_public(lang),
        version: check.version,
        chain: chain::of(&matter, building, Link::Check, lang),
        decimals: check.decimals.to_string(),
        unit: check.unit.clone(),
        resolution: matter.label_of(&resolution, building),
        resolution_href: format!("{}/resolutions/{}", matter.root_of(resolution.council_id, building), resolution.address()),
        made: check.verdict.is_some(),
        failed: matches!(check.verdict, Some(Verdict::Ineffective)) || (check.verdict == Some(Verdict::Partly) && check.last),
        may_make: check.verdict.is_none() && secretariat(caller, building),
        check: CheckLine::of(caller, &check, Some((k, action.clone()))),
        issue_href: root,
        figures_href,
        action,
        form,
    };
    let frame = Frame::titled(lang.say("checks.nth", &[("k", &k.to_string())])).of(caller, building).here("issues").class("pg-check");
    caller.page(frame, "checks/show", &page)
}

/// `POST /b/{b}/issues/{n}/checks/{k}`: makes it.
#[post("/<_>/issues/<number>/checks/<check>", data = "<sent>")]
pub(super) async fn make(staff: May<'_, Secretariat>, number: i32, check: usize, sent: Sent<'_>) -> Result<Answer> {
    let building = staff.building()?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let issue = issues::hold(&act, building.id, number).await?;
        let planned = find(&staff, &issue, check).await?;
        let planned = effect_checks::by_id(act.tx(), planned.id).await?.unchanged_since(sent.version()?)?;
        let after = value::read(sent.text("after"), planned.decimals, "after")?;
        planned.make(&act, issue, after, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("/b/{}/issues/{number}/checks/{check}", building.slug)).saying("checks.said.made")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&staff, building, number, check, form).await?.status(status))
        }
    }
}
