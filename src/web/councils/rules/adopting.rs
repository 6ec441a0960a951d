//! A new version: every number with what holds now, and the resolution that decided it.

use rocket::{get, post};
use serde::Serialize;

use crate::domain::councils::rules::{self, Share, Terms, WEIGHTS, Weighing};
use crate::domain::councils::{Basis, Weight};
use crate::domain::resolutions::{self, Resolution, ResolutionState};
use crate::domain::{councils, motions};
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::form::FormState;
use crate::web::guards::{May, Secretariat};
use crate::web::meetings::dossier::{Crumb, Opt};
use crate::web::sent::Sent;

/// Decisions to choose from, the latest.
const DECISIONS: u64 = 50;

/// Whole numbers of a version, in the order of the page.
const NUMBERS: [&str; 15] = [
    "notice_days",
    "urgent_notice_hours",
    "meeting_months",
    "speaking_minutes",
    "written_days",
    "minutes_days",
    "publish_days",
    "display_days",
    "display_days_major",
    "objection_answer_days",
    "petition_workers",
    "weight_small",
    "weight_middle",
    "weight_large",
    "weight_huge",
];

#[derive(Serialize)]
struct Number {
    name: &'static str,
    label: String,
    value: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    action: String,
    numbers: Vec<Number>,
    shares: Vec<Opt>,
    bases: Vec<Opt>,
    weighings: Vec<Opt>,
    proxies: Vec<Opt>,
    decisions: Vec<Opt>,
    form: FormState,
}

/// The resolutions in force of a council about one thing.
pub(in crate::web::councils) async fn decisions(caller: &Caller, here: &Here, weight: Weight) -> Result<Vec<Resolution>> {
    let db = caller.house.read();
    let mut all = vec![];
    for r in resolutions::of_council(db, here.council.id, DECISIONS).await? {
        if r.state == ResolutionState::InForce && motions::by_id(db, r.motion_id).await?.weight == weight {
            all.push(r);
        }
    }
    Ok(all)
}

/// The one of them that a form names.
pub(in crate::web::councils) fn chosen(all: Vec<Resolution>, sent: &Sent<'_>) -> Result<Option<Resolution>, Refusal> {
    let Some(address) = sent.given("resolution") else { return Ok(None) };
    all.into_iter().find(|r| r.address() == address).map(Some).ok_or_else(|| Refusal::new("unknown_choice").at("resolution"))
}

/// As choices of a form.
pub(in crate::web::councils) fn choices(all: &[Resolution], here: &Here) -> Vec<Opt> {
    all.iter().map(|r| Opt { value: r.address(), label: format!("{} {}", r.label(here.short()), r.title) }).collect()
}

fn share_of(share: Share) -> &'static str {
    Share::KNOWN.iter().find(|(_, s)| *s == share).map_or("more_than_half", |(name, _)| name)
}

fn number_of(t: &Terms, name: &str) -> i32 {
    match name {
        "notice_days" => t.notice_days,
        "urgent_notice_hours" => t.urgent_notice_hours,
        "meeting_months" => t.meeting_months,
        "speaking_minutes" => t.speaking_minutes,
        "written_days" => t.written_days,
        "minutes_days" => t.minutes_days,
        "publish_days" => t.publish_days,
        "display_days" => t.display_days,
        "display_days_major" => t.display_days_major,
        "objection_answer_days" => t.objection_answer_days,
        "petition_workers" => t.petition_workers,
        _ => WEIGHTS.iter().zip(t.weights).find(|(weight, _)| **weight == name).map_or(1, |(_, n)| n),
    }
}

async fn page(who: &May<'_, Secretariat>, form: FormState) -> Result<Answer> {
    let (lang, here) = (who.lang, Here::of(who).await?);
    let now = Terms::of(&here.council.rules(who.house.read()).await?);
    let decided = decisions(who, &here, Weight::Rules).await?;
    let proxy = if now.allow_proxy { "yes" } else { "no" };
    let held = [
        ("majority", share_of(now.majority).to_owned()),
        ("major", share_of(now.major).to_owned()),
        ("basis", now.basis.to_string()),
        ("weighing", now.weighing.to_string()),
        ("weighing_major", now.weighing_major.to_string()),
        ("allow_proxy", proxy.to_owned()),
        ("follow_up_days", now.follow_up_days.clone()),
    ];
    let state = form.or("rules", held);
    let numbers = NUMBERS.iter().map(|name| Number {
        name,
        label: lang.t(&format!("councils.rules.field.{name}")),
        value: state.values.get(*name).cloned().unwrap_or_else(|| number_of(&now, name).to_string()),
        error: form.errors.get(*name).cloned(),
    });
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.t("councils.rules.title"), format!("{}/council/rules", here.root)),
            Crumb::here(lang.t("councils.rules.new")),
        ],
        action: format!("{}/council/rules", here.root),
        numbers: numbers.collect(),
        shares: Opt::all(Share::KNOWN.iter().map(|(name, _)| *name), "councils.rules.share", lang),
        weighings: Opt::all(Weighing::ALL.iter().map(|w| w.as_str()), "councils.rules.weighing", lang),
        bases: Opt::all(Basis::ALL.iter().map(|b| b.as_str()), "councils.rules.basis", lang),
        proxies: Opt::all(["no", "yes"], "councils.rules.proxy", lang),
        decisions: choices(&decided, &here),
        form: state,
    };
    who.page(here.frame(who, lang.t("councils.rules.new")).class("pg-council").at_work(), "councils/rules_new", &page)
}

/// `GET …/council/rules/new`.
#[get("/<_>/council/rules/new")]
pub(in crate::web::councils) async fn new(who: May<'_, Secretariat>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

fn share(sent: &Sent<'_>, name: &'static str) -> Result<Share, Refusal> {
    Share::KNOWN.iter().find(|(known, _)| *known == sent.text(name)).map(|(_, s)| *s).ok_or_else(|| Refusal::new("unknown_choice").at(name))
}

fn terms(sent: &Sent<'_>, now: &Terms) -> Result<Terms, Refusal> {
    Ok(Terms {
        basis: sent.read("basis")?,
        majority: share(sent, "majority")?,
        major: share(sent, "major")?,
        quorum: now.quorum,
        allow_proxy: sent.text("allow_proxy") == "yes",
        notice_days: sent.read("notice_days")?,
        urgent_notice_hours: sent.read("urgent_notice_hours")?,
        meeting_months: sent.read("meeting_months")?,
        minutes_days: sent.read("minutes_days")?,
        publish_days: sent.read("publish_days")?,
        display_days: sent.read("display_days")?,
        display_days_major: sent.read("display_days_major")?,
        objection_answer_days: sent.read("objection_answer_days")?,
        confirm_days: now.confirm_days,
        follow_up_days: sent.text("follow_up_days").replace(['，', '、'], ",").split(',').map(str::trim).collect::<Vec<_>>().join(","),
        petition_workers: sent.read("petition_workers")?,
        speaking_minutes: sent.read("speaking_minutes")?,
        written_days: sent.read("written_days")?,
        weighing: sent.read("weighing")?,
        weighing_major: sent.read("weighing_major")?,
        weights: [sent.read("weight_small")?, sent.read("weight_middle")?, sent.read("weight_large")?, sent.read("weight_huge")?],
    })
}

/// `POST …/council/rules`: enters what was decided.
#[post("/<_>/council/rules", data = "<sent>")]
pub(in crate::web::councils) async fn create(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let decided = decisions(&who, &here, Weight::Rules).await?;
    let done = async {
        let resolution = chosen(decided, &sent)?.ok_or_else(|| Refusal::new("rules_undecided").at("resolution"))?;
        let act = who.begin(&sent).await?;
        let council = councils::by_id(act.tx(), here.council.id).await?;
        let now = Terms::of(&council.rules(act.tx()).await?);
        rules::adopt(&act, &council, terms(&sent, &now)?, &resolution, sent.text("words")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council/rules", here.root)).saying("councils.rules.said")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form).await?.status(status))
        }
    }
}
