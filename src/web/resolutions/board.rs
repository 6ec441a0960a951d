//! `…/council/progress`: what a council decided, who owes what, what is late, what awaits its check, what helped. Everybody reads
//! who owes what by when; how far it is, in the words of whoever does it, those who work here.

use rocket::{FromForm, get};
use serde::Serialize;

use super::register::{Line, lines};
use crate::domain::effect_checks::{self, Check};
use crate::domain::motions;
use crate::domain::organisations;
use crate::domain::resolutions::{self, Narrowed, RegisterRow, Showing, Standing};
use crate::domain::tasks::{self, Progress, Task};
use crate::domain::undertakings::{self, UndertakingState};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganisationId, ResolutionId, TaskId};
use crate::web::answer::Answer;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::effect_checks::CheckLine;
use crate::web::guards::Anyone;
use crate::web::meetings::dossier::Crumb;
use crate::web::shown::states::{self, State};

/// Resolutions on a page.
const PAGE: u64 = 30;

#[derive(FromForm)]
pub(super) struct Query {
    show: Option<String>,
    after: Option<String>,
}

#[derive(Serialize)]
struct Tab {
    word: String,
    n: i64,
    href: String,
    here: bool,
}

#[derive(Serialize)]
struct Said {
    when: String,
    words: String,
    photos: i32,
}

#[derive(Serialize)]
struct Owed {
    who: String,
    words: String,
    due: String,
    late: bool,
    state: State,
    done: Option<String>,
    /// What whoever does it said last: that something was said, everybody reads.
    said_on: Option<String>,
    said: Option<Said>,
    href: Option<String>,
}

#[derive(Serialize)]
struct Decision {
    line: Line,
    owed: Vec<Owed>,
    /// Who has not signed yet.
    unsigned: Vec<String>,
    checks: Vec<CheckLine>,
    /// How those who reported find it.
    felt: Option<String>,
    hidden: bool,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    council: String,
    heading: String,
    tabs: Vec<Tab>,
    decisions: Vec<Decision>,
    inside: bool,
    next: Option<String>,
    register: String,
}

/// All that a page of the board rests on, one query each.
struct Around {
    tasks: Vec<Task>,
    stopped: Vec<TaskId>,
    to_come: Vec<(ResolutionId, motions::MotionTask)>,
    asked: Vec<undertakings::Undertaking>,
    checks: Vec<Check>,
    felt: Vec<(crate::kernel::ids::CheckId, effect_checks::Opinions)>,
    said: Vec<Progress>,
    names: Vec<organisations::Organisation>,
}

impl Around {
    async fn of(who: &Anyone<'_>, rows: &[RegisterRow]) -> Result<Self> {
        let db = who.house.read();
        let ids: Vec<ResolutionId> = rows.iter().map(|r| r.id).collect();
        let tasks = tasks::of_resolutions(db, ids.clone()).await?;
        let stopped = tasks::standing_clocks(db, tasks.iter().map(|t| t.id).collect()).await?.into_iter().map(|s| s.task_id).collect();
        let to_come = motions::tasks_to_come(db, &ids).await?;
        let asked = undertakings::of_resolutions(db, ids.clone()).await?;
        let checks = effect_checks::of_resolutions(db, ids).await?;
        let felt = effect_checks::opinions_of(db, checks.iter().map(|c| c.id).collect()).await?;
        let said = tasks::progress_of(db, tasks.iter().map(|t| t.id).collect()).await?;
        let of_tasks = tasks.iter().map(|t| t.organisation_id).chain(to_come.iter().map(|(_, t)| t.organisation_id));
        let named: Vec<OrganisationId> = of_tasks.chain(asked.iter().map(|u| u.organisation_id)).collect();
        let names = organisations::by_ids(db, named).await?;
        Ok(Self { tasks, stopped, to_come, asked, checks, felt, said, names })
    }
}

/// `GET …/council/progress`.
#[get("/<_>/council/progress?<query..>")]
pub(super) async fn show(who: Anyone<'_>, query: Query) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let inside = here.inside(&who);
    let showing = query.show.as_deref().and_then(Showing::named).unwrap_or_default();
    let below = query.after.as_deref().filter(|a| !a.is_empty()).map(super::show::number).transpose()?;
    let asked = |showing| Narrowed { standing: Standing::All, showing: Some(showing), ..Narrowed::at(now) };
    let action = format!("{}/council/progress", here.root);
    let mut tabs = vec![];
    for s in Showing::ALL {
        tabs.push(Tab {
            word: lang.t(&format!("resolutions.board.{}", s.as_str())),
            n: resolutions::count(db, here.council.id, &asked(*s)).await?,
            href: if *s == Showing::All { action.clone() } else { format!("{action}?show={}", s.as_str()) },
            here: *s == showing,
        });
    }
    let mut rows = resolutions::list(db, here.council.id, &Narrowed { below, ..asked(showing) }, PAGE).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let around = Around::of(&who, &rows).await?;
    let name = |id: OrganisationId| around.names.iter().find(|o| o.id == id).map(|o| o.short(lang).to_owned()).unwrap_or_default();
    let (today, calendar) = (dates::local(now).date(), who.house.calendar());
    let short = |at| dates::short(dates::local(at).date(), today, lang);
    let decisions = lines(&who, &here, &rows, now).into_iter().zip(&rows).map(|(line, r)| {
        // What is decided and not published yet, those outside know by its title.
        let open = (r.published_at.is_some() && r.public) || inside;
        let mut owed = vec![];
        for t in around.tasks.iter().filter(|t| open && t.resolution_id == Some(r.id)) {
            let due = dates::due(t.due_at, now, &calendar, lang);
            let stands = around.stopped.contains(&t.id);
            let said = around.said.iter().find(|s| s.task_id == t.id);
            owed.push(Owed {
                who: name(t.organisation_id),
                words: t.words.clone(),
                due: due.by,
                late: due.late && t.state.is_open() && !stands,
                state: states::task(t.state, stands, lang),
                done: t.done_at.map(short),
                said_on: said.map(|s| lang.say("resolutions.board.said", &[("when", &short(s.created_at))])),
                said: said.filter(|_| inside).map(|s| Said { when: short(s.created_at), words: s.words.clone(), photos: s.photos }),
                href: r.issue_number.filter(|_| inside).map(|n| format!("{}/issues/{n}/tasks/{}", here.root, t.number)),
            });
        }
        for (_, t) in around.to_come.iter().filter(|(id, _)| open && *id == r.id) {
            owed.push(Owed {
                who: name(t.organisation_id),
                words: t.words.clone(),
                due: dates::due(t.due_at, now, &calendar, lang).by,
                late: false,
                state: State { class: "dim", mark: "reg", word: lang.t("resolutions.task_to_come").into() },
                done: None,
                said_on: None,
                said: None,
                href: None,
            });
        }
        let waiting = |u: &&undertakings::Undertaking| {
            u.resolution_id == Some(r.id) && matches!(u.state, UndertakingState::Asked | UndertakingState::ChangesAsked)
        };
        let checks: Vec<&Check> = around.checks.iter().filter(|c| c.resolution_id == r.id).collect();
        let felt = checks.iter().rev().find_map(|c| around.felt.iter().find(|(id, _)| *id == c.id));
        Decision {
            line,
            owed,
            unsigned: around.asked.iter().filter(waiting).filter(|_| open).map(|u| name(u.organisation_id)).collect(),
            checks: checks.iter().map(|c| CheckLine::of(&who, c, None)).collect(),
            felt: felt.map(|(_, o)| crate::web::effect_checks::felt(*o, lang)),
            hidden: !open,
        }
    });
    let decisions = decisions.collect();
    let after = rows.last().filter(|_| more).map(RegisterRow::address);
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)), Crumb::here(lang.t("resolutions.board.title"))],
        council: here.council.name(lang).to_owned(),
        heading: lang.t("resolutions.board.title"),
        tabs,
        decisions,
        inside,
        next: after.map(|a| format!("{action}?show={}&after={a}", showing.as_str())),
        register: format!("{}/council/resolutions", here.root),
    };
    who.page(here.frame(&who, page.heading.clone()).class("pg-board"), "resolutions/board", &page)
}
