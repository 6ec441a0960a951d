//! A resolution's page: number, text, the vote's sum, who undertakes what, whether it helped, and where it can be checked.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::caller::Caller;
use super::councils::Here;
use super::councils::bench::Bench;
use super::councils::drawn::resolution_mark;
use super::councils::sum::{SeatMark, Sum, marks, strip};
use super::dates;
use super::effect_checks::CheckLine;
use super::form::FormState;
use super::guards::{Anyone, May, Secretariat};
use super::meetings::dossier::{Crumb, paragraphs};
use super::meetings::motions::promise;
use super::sent::Sent;
use super::shown::chain::{self, Link, Stop};
use super::shown::charts::{self, Figure};
use super::shown::clock;
use super::shown::matter::Matter;
use super::shown::states::{self, State};
use super::undertakings::{Sign, signed_of};
use crate::domain::resolutions::{self, Resolution, ResolutionState};
use crate::domain::rights::Right;
use crate::domain::undertakings::UndertakingState;
use crate::domain::{editions, effect_checks, figures, issues, motions, organisations, tasks, undertakings};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    routes![show, publish, lapse]
}

#[derive(Serialize)]
struct TaskLine {
    organisation: String,
    words: String,
    measure: String,
    due: String,
    late: bool,
    state: State,
    /// When it was done.
    done: Option<String>,
}

#[derive(Serialize)]
struct Other {
    label: String,
    title: String,
    href: String,
}

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
    no_action: bool,
    tasks: Vec<TaskLine>,
    tasks_done: usize,
    checks: Vec<CheckLine>,
    charts: Vec<Figure>,
    chain: Option<Vec<Stop>>,
    verdict: Option<CheckLine>,
    supersedes: Option<Other>,
    superseded_by: Option<Other>,
    issue: Option<Other>,
    meeting: Option<Other>,
    editions: Vec<Other>,
    may_publish: bool,
    may_lapse: bool,
    form: FormState,
    publish: FormState,
    lapse: FormState,
}

fn number(typed: &str) -> Result<(i32, i32)> {
    let (year, serial) = typed.split_once('-').ok_or(Error::NotFound)?;
    Ok((year.parse().map_err(|_| Error::NotFound)?, serial.parse().map_err(|_| Error::NotFound)?))
}

/// `GET …/resolutions/2026-9`.
#[get("/<_>/resolutions/<resolution>")]
async fn show(who: Anyone<'_>, resolution: &str) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, resolution, FormState::fresh(&who)).await
}

fn other(here: &Here, r: &Resolution) -> Other {
    Other { label: r.label(here.short()), title: r.title.clone(), href: format!("{}/resolutions/{}", here.root, r.address()) }
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

async fn page(caller: &Caller, here: &Here, typed: &str, form: FormState) -> Result<Answer> {
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
    let matter = match &issue {
        Some(i) => Some(Matter::load(db, i.clone()).await?),
        None => None,
    };
    let checks = effect_checks::of_resolution(db, r.id).await?;
    let mut lines = vec![];
    for c in &checks {
        lines.push(CheckLine::of(caller, c, None));
    }
    let by = here.shown(caller, resolutions::of_council(db, here.council.id, 500).await?).await?;
    let by = by.iter().find(|o| o.supersedes_id == Some(r.id) && r.state == ResolutionState::Superseded).map(|o| other(here, o));
    let mut printed = vec![];
    if let Some(i) = &issue {
        for (story, edition) in editions::about(db, i.id).await? {
            let href = format!("{}/bulletin/{}", here.root, edition.number);
            printed.push(Other { label: edition.title, title: story.headline, href });
        }
    }
    let task_lines = if open { task_lines(caller, &r).await? } else { vec![] };
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
        no_action: r.no_action_because.is_some(),
        tasks_done: task_lines.iter().filter(|t| t.done.is_some()).count(),
        tasks: task_lines,
        verdict: checks.iter().rev().find(|c| c.verdict.is_some()).map(|c| CheckLine::of(caller, c, None)),
        checks: lines,
        charts: if open { charts(caller, matter.as_ref()).await? } else { vec![] },
        chain: matter.as_ref().zip(here.building()).map(|(m, b)| chain::of(m, b, Link::Resolution, lang)),
        supersedes: match r.supersedes_id {
            Some(id) => here.shown(caller, vec![resolutions::by_id(db, id).await?]).await?.first().map(|r| other(here, r)),
            None => None,
        },
        superseded_by: by,
        issue: issue.zip(here.building()).map(|(i, b)| Other {
            label: b.label(i.number),
            title: i.title_for_public(lang),
            href: format!("{}/issues/{}", here.root, i.number),
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

async fn change(
    staff: &May<'_, Secretariat>,
    typed: &str,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Resolution) -> Result<Resolution>,
) -> Result<Answer> {
    let here = Here::of(staff).await?;
    let (year, serial) = number(typed)?;
    let done = async {
        let act = staff.begin(sent).await?;
        let r = resolutions::by_number(act.tx(), here.council.id, year, serial).await?.unchanged_since(sent.version()?)?;
        verb(&act, r).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/resolutions/{year}-{serial}", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(staff, &here, typed, form).await?.status(status))
        }
    }
}

/// `POST …/resolutions/2026-9/publication`: into the public ledger; the days of display begin.
#[post("/<_>/resolutions/<resolution>/publication", data = "<sent>")]
async fn publish(staff: May<'_, Secretariat>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    change(&staff, resolution, &sent, "resolutions.said.published", async |act, r| r.publish(act).await).await
}

/// `POST …/resolutions/2026-9/lapse`: a party refused; the agreement never held, and the matter waits on the list again.
#[post("/<_>/resolutions/<resolution>/lapse", data = "<sent>")]
async fn lapse(staff: May<'_, Secretariat>, resolution: &str, sent: Sent<'_>) -> Result<Answer> {
    change(&staff, resolution, &sent, "resolutions.said.lapsed", async |act, r| r.lapse(act).await).await
}
