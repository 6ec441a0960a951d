//! One reporter's words, as whoever releases them sees them, and the act itself: `…/reports/{k}/release`.

use rocket::{Route, post, routes};
use serde::Serialize;

use super::{matter, queue, state};
use crate::domain::attachments::Attachment;
use crate::domain::buildings::Building;
use crate::domain::issues::{self, Issue};
use crate::domain::reports::personal::{Piece, pieces};
use crate::domain::reports::{self, Release, Report};
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates::{self, Due};
use crate::web::form::FormState;
use crate::web::guards::{May, Release as ReleaseRight};
use crate::web::issues::work::Room;
use crate::web::sent::Sent;
use crate::web::shown::states::State;

pub(super) fn routes() -> Vec<Route> {
    routes![decide]
}

/// A piece of the words; what looks like somebody's number or address is marked.
#[derive(Serialize)]
struct Shown {
    words: String,
    trace: Option<String>,
}

/// A picture with the button that shows it to everybody.
#[derive(Serialize)]
pub struct Picture {
    src: String,
    href: String,
    alt: String,
    released: bool,
    action: String,
    cover: String,
    covered: bool,
}

/// Words to be decided about. In templates: `{{> release/words this}}`.
#[derive(Serialize)]
pub struct Words {
    /// The name of its form.
    pub form: String,
    action: String,
    was: &'static str,
    at: String,
    due: Option<Due>,
    state: State,
    /// Still to be decided.
    waiting: bool,
    /// Read by the public now.
    public: Option<String>,
    pieces: Vec<Shown>,
    traces: usize,
    /// Why to look twice.
    doubts: Vec<String>,
    erased: bool,
    pub pictures: Vec<Picture>,
    /// What was typed, shown as the public would read it.
    preview: Option<String>,
}

/// Prepares a picture for the page.
pub fn picture(caller: &Caller, root: &str, a: &Attachment) -> Picture {
    Picture {
        src: format!("/photos/{}.jpg", a.thumb_hash),
        href: format!("/photos/{}.jpg", a.hash),
        alt: caller.lang.t("release.photo"),
        released: a.released_at.is_some(),
        action: format!("{root}/photos/{}/release", super::photos::handle(a)),
        cover: format!("{root}/photos/{}/cover", super::photos::handle(a)),
        covered: a.covered_at.is_some(),
    }
}

/// Prepares words for the page.
pub fn shown(caller: &Caller, building: &Building, issue: &Issue, report: &Report, pictures: &[Attachment], form: &FormState) -> Words {
    let (lang, now) = (caller.lang, caller.house.now());
    let k = reports::handle_of(caller.house.keys(), report.id);
    let root = format!("/b/{}/issues/{}", building.slug, issue.number);
    let name = format!("words-{k}");
    let words = report.words.as_deref().unwrap_or_default();
    let cut = pieces(words);
    let trace = |p: &Piece<'_>| p.trace.map(|t| lang.t(&format!("release.traces.{}", t.as_str())));
    let own = form.id.as_deref() == Some(&name);
    Words {
        action: format!("{root}/reports/{k}/release"),
        was: report.release.as_str(),
        at: dates::moment(report.created_at, now, lang),
        due: report.release_due.filter(|_| report.release == Release::Waiting).map(|d| dates::due(d, now, &caller.house.calendar(), lang)),
        state: state(report.release, lang),
        waiting: report.release == Release::Waiting,
        public: report.public_words.clone(),
        traces: cut.iter().filter(|p| p.trace.is_some()).count(),
        pieces: cut.iter().map(|p| Shown { words: p.words.to_owned(), trace: trace(p) }).collect(),
        doubts: report
            .words
            .as_deref()
            .map(reports::doubts)
            .unwrap_or_default()
            .iter()
            .map(|d| lang.t(&format!("release.doubts.{}", d.as_str())))
            .collect(),
        erased: report.erased_at.is_some(),
        pictures: pictures.iter().filter(|a| a.report_id == Some(report.id)).map(|a| picture(caller, &root, a)).collect(),
        preview: form.values.get("summary").filter(|s| own && !s.trim().is_empty()).cloned(),
        form: name,
    }
}

/// Where a decision was made: in the queue of the building, or on the page of the matter.
async fn page(who: &May<'_, ReleaseRight>, number: i32, sent: &Sent<'_>, form: FormState) -> Result<Answer> {
    if sent.text("from") == "queue" {
        return queue::page(who, form).await;
    }
    matter::page(&Room::open(who, number).await?, form).await
}

#[post("/<_>/issues/<number>/reports/<k>/release", data = "<sent>")]
async fn decide(who: May<'_, ReleaseRight>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    if sent.text("how") == "preview" {
        let mut form = FormState::fresh(&who);
        form.id = sent.given("form").map(str::to_owned);
        form.values.insert("summary".into(), sent.text("summary").to_owned());
        return page(&who, number, &sent, form).await;
    }
    let mut said = "release.said.released";
    let done = async {
        let act = who.begin(&sent).await?;
        let issue = issues::by_number(act.tx(), who.building()?.id, number).await?;
        let was: Release = sent.read("was")?;
        let report = reports::by_handle(act.tx(), who.house.keys(), issue.id, k).await?.still(was)?;
        match sent.text("how") {
            "as_written" if sent.ticked("looked") => report.release_all_the_same(&act).await?,
            "as_written" => report.release_as_written(&act).await?,
            "summary" => report.release_summary(&act, sent.text("summary")).await?,
            "withheld" => {
                said = "release.said.withheld";
                report.withhold(&act).await?
            }
            _ => return Err(Refusal::new("unknown_choice").at("summary").into()),
        };
        act.commit().await
    }
    .await;
    match done {
        Ok(()) if sent.text("from") == "queue" => Ok(Answer::go(format!("{}/release", who.at.root())).saying(said)),
        Ok(()) => Ok(Answer::go(format!("{}/issues/{number}/release", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, number, &sent, form).await?.status(status))
        }
    }
}
