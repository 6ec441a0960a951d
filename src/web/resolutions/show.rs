//! A resolution's page: number, text, the vote's sum, who undertakes what, whether it helped, and where it can be checked.

use rocket::get;
use serde::Serialize;

use super::parts::{Objecting, Other, Related, Said, TaskLine, relations, terms, to_come};
use crate::domain::resolutions::{self, Resolution, ResolutionState};
use crate::domain::rights::Right;
use crate::domain::undertakings::UndertakingState;
use crate::domain::{editions, effect_checks, figures, issues, motions, organisations, tasks, undertakings};
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::drawn::resolution_mark;
use crate::web::councils::sum::{SeatMark, Sum, marks, strip};
use crate::web::dates;
use crate::web::effect_checks::CheckLine;
use crate::web::form::FormState;
use crate::web::guards::Anyone;
use crate::web::meetings::dossier::{Crumb, paragraphs};
use crate::web::meetings::motions::promise;
use crate::web::shown::chain::{self, Link, Stop};
use crate::web::shown::charts::{self, Figure};
use crate::web::shown::clock;
use crate::web::shown::matter::Matter;
use crate::web::shown::states;
use crate::web::undertakings::{Sign, signed_of};

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    label: String,
    council: String,
    title: String,
    action: String,
    version: i32,
    state: String,
    state_key: &'static str,
    mark: &'static str,
    class: &'static str,
    adopted: String,
    in_force: Option<String>,
    /// On display until then.
    display: Option<String>,
    published: Option<String>,
    entry: Option<i64>,
    /// None before it is published, for those outside.
    words: Option<Vec<String>>,
    reasons: Vec<String>,
    promise: Option<String>,
    sum: Sum,
    marks: Vec<SeatMark>,
    method: String,
    signs: Vec<Sign>,
    signed: String,
    all_signed: bool,
    no_action: Option<Vec<String>>,
    tasks: Vec<TaskLine>,
    tasks_done: usize,
    checks: Vec<CheckLine>,
    charts: Vec<Figure>,
    chain: Option<Vec<Stop>>,
    verdict: Option<CheckLine>,
    /// What it does to an earlier one, and what later ones do to it.
    earlier: Option<Related>,
    later: Vec<Related>,
    /// From when until when it holds, when it is looked at again, who measures.
    terms: Vec<String>,
    /// Why a part of it is not public; and that part, for those inside.
    closed_reason: Option<String>,
    closed_words: Option<Vec<String>>,
    said: Said,
    objecting: Objecting,
    issue: Option<Other>,
    meeting: Option<Other>,
    editions: Vec<Other>,
    may_publish: bool,
    may_lapse: bool,
    form: FormState,
    publish: FormState,
    lapse: FormState,
}

pub(super) fn number(typed: &str) -> Result<(i32, i32)> {
    let (year, serial) = typed.split_once('-').ok_or(Error::NotFound)?;
    Ok((year.parse().map_err(|_| Error::NotFound)?, serial.parse().map_err(|_| Error::NotFound)?))
}

/// `GET …/resolutions/2026-9`.
#[get("/<_>/resolutions/<resolution>")]
pub(super) async fn show(who: Anyone<'_>, resolution: &str) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, resolution, FormState::fresh(&who)).await
}

async fn task_lines(caller: &Caller, r: &Resolution) -> Result<Vec<TaskLine>> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let all = tasks::of_resolution(db, r.id).await?;
    let who = organisations::by_ids(db, all.iter().map(|t| t.organisation_id)).await?;
    let lines = all.iter().map(|t| {
        let due = dates::due(t.due_at, now, &caller.house.calendar(), lang);
        TaskLine {
            organisation: who.iter().find(|o| o.id == t.organisation_id).map(|o| o.short(lang).to_owned()).unwrap_or_default(),
            words: t.words.clone(),
            measure: t.measure.clone(),
            due: due.by,
            late: due.late && t.state.is_open(),
            state: states::task(t.state, false, lang),
            done: t.done_at.map(|at| dates::short(dates::local(at).date(), dates::local(now).date(), lang)),
        }
    });
    Ok(lines.collect())
}

/// Whether it helped, drawn: each figure before, after and against its target, and the reports week by week.
async fn charts(caller: &Caller, matter: Option<&Matter>) -> Result<Vec<Figure>> {
    let Some(m) = matter else { return Ok(vec![]) };
    let lang = caller.lang;
    let days = figures::report_days(caller.house.read(), m.issue.id).await?;
    let decisions = m
        .resolutions
        .iter()
        .map(|r| charts::weeks::Decision { at: r.adopted_at, word: lang.say("charts.weeks.decision", &[("n", &r.serial.to_string())]) });
    let weeks = charts::weeks::Weeks {
        reports: &days,
        decisions: decisions.collect(),
        effective_from: m.last_check().filter(|_| m.effective()).and(m.issue.done_at),
        until: m.issue.closed_at.unwrap_or(caller.house.now()),
    };
    let effect = charts::effect::draw(&m.checks, &m.measurements, lang);
    Ok(effect.into_iter().chain(charts::weeks::draw(&weeks, &caller.house.calendar(), lang)).collect())
}

pub(super) async fn page(caller: &Caller, here: &Here, typed: &str, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let (year, serial) = number(typed)?;
    let r = resolutions::by_number(db, here.council.id, year, serial).await?;
    let motion = motions::by_id(db, r.motion_id).await?;
    let (item, meeting) = motion.meeting(db).await?;
    let r = here.shown(caller, vec![r]).await?.pop().ok_or(Error::NotFound)?;
    let roll = motion.roll(db).await?;
    let bench = Bench::of(db, &here.council).await?;
    let open = (r.published_at.is_some() && item.public) || here.inside(caller);
    let asked = undertakings::of_resolution(db, r.id).await?;
    let place = format!("{}/meetings/{}/items/{}", here.root, meeting.number, item.position);
    let issue = match r.issue_id {
        Some(id) => Some(issues::by_id(db, id).await?),
        None => None,
    };
    let home = here.home(db, issue.as_ref()).await?;
    let matter = match &issue {
        Some(i) => Some(Matter::load(db, i.clone()).await?),
        None => None,
    };
    let checks = effect_checks::of_resolution(db, r.id).await?;
    let mut lines = vec![];
    for c in &checks {
        lines.push(CheckLine::of(caller, c, None));
    }
    let mut printed = vec![];
    if let Some(i) = &issue {
        for (story, edition) in editions::about(db, i.id).await? {
            let href = format!("{}/bulletin/{}", here.root, edition.number);
            printed.push(Other { label: edition.title, title: story.headline, href });
        }
    }
    let mut task_lines = if open { task_lines(caller, &r).await? } else { vec![] };
    if open {
        task_lines.extend(to_come(caller, &r).await?);
    }
    let related = relations(caller, here, &r).await?;
    let short = |at| dates::short(dates::local(at).date(), dates::local(now).date(), lang);
    let (mark, class) = resolution_mark(r.state);
    let secretariat = here.may(caller, Right::Secretariat);
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &meeting.number.to_string())]), format!("{}/meetings/{}", here.root, meeting.number)),
            Crumb::here(lang.t("resolutions.title")),
        ],
        label: r.label(here.short()),
        council: here.council.name(lang).to_owned(),
        title: r.title.clone(),
        action: format!("{}/resolutions/{}", here.root, r.address()),
        version: r.version,
        state: lang.t(&format!("resolutions.state.{}", r.state.as_str())),
        state_key: r.state.as_str(),
        mark,
        class,
        adopted: lang.say("resolutions.adopted_on", &[("when", &short(r.adopted_at))]),
        in_force: r.in_force_at.map(|at| lang.say("resolutions.in_force_on", &[("when", &short(at))])),
        display: r.display_until.filter(|_| r.in_force_at.is_none()).map(|d| {
            let last = clock::last_day(d, &caller.house.calendar());
            dates::day(last, dates::local(now).date(), lang)
        }),
        published: r.published_at.map(|at| dates::full(at, lang)),
        entry: r.ledger_index,
        words: open.then(|| paragraphs(&r.words)),
        reasons: if open { paragraphs(&r.reasons) } else { vec![] },
        promise: promise(&motion, caller),
        sum: Sum::of_motion(&motion, &roll, &meeting.rules(db).await?, lang)?,
        marks: strip(marks(&roll, &bench, lang)),
        method: lang.t(&format!("motions.method.{}", motion.method.as_str())),
        signs: if open { Sign::all(caller, Some(&place), &asked).await? } else { vec![] },
        signed: signed_of(&asked, lang),
        all_signed: r.all_signed(db).await?,
        no_action: r.no_action_because.as_deref().filter(|_| open).map(paragraphs),
        tasks_done: task_lines.iter().filter(|t| t.done.is_some()).count(),
        tasks: task_lines,
        verdict: checks.iter().rev().find(|c| c.verdict.is_some()).map(|c| CheckLine::of(caller, c, None)),
        checks: lines,
        charts: if open { charts(caller, matter.as_ref()).await? } else { vec![] },
        chain: matter.as_ref().zip(home.as_ref()).map(|(m, b)| chain::of(m, b, Link::Resolution, lang)),
        earlier: related.0,
        later: related.1,
        terms: terms(caller, &r, &motion).await?,
        closed_reason: r.closed_reason.clone(),
        closed_words: r.closed_words.as_deref().filter(|_| here.inside(caller)).map(paragraphs),
        said: if open { Said::of(caller, here, &r, &form).await? } else { Said::default() },
        objecting: Objecting::of(caller, here, &r, &form, open).await?,
        issue: issue.zip(home).map(|(i, b)| Other {
            label: b.label(i.number),
            title: i.title_for_public(lang),
            href: format!("/b/{}/issues/{}", b.slug, i.number),
        }),
        meeting: Some(Other {
            label: lang.say("meetings.nth", &[("n", &meeting.number.to_string())]),
            title: if here.inside(caller) { item.title.clone() } else { item.public_title(lang) },
            href: place.clone(),
        }),
        editions: printed,
        may_publish: secretariat && r.published_at.is_none() && r.state == ResolutionState::Adopted,
        may_lapse: secretariat && r.state == ResolutionState::Adopted && asked.iter().any(|u| u.state == UndertakingState::Refused),
        publish: form.or("publish", []),
        lapse: form.or("lapse", []),
        form,
    };
    caller.page(here.frame(caller, format!("{} {}", page.label, page.title)).class("pg-reso"), "resolutions/show", &page)
}
