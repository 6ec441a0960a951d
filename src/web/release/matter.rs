//! `…/issues/{n}/release`: a matter on its way to the public: its title and summary, its words, its pictures, and beside
//! them what the public reads.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::words::{self, Picture, Words};
use crate::domain::attachments;
use crate::domain::reports;
use crate::domain::tasks;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Release};
use crate::web::issues::work::{Lead, Meanwhile, Room, hold};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![show, create]
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    form: FormState,
    action: String,
    version: i32,
    line: i64,
    meanwhile: Option<Meanwhile>,
    /// As the public reads it now, or would with what was typed.
    public_title: String,
    public_text: Option<String>,
    public_place: String,
    titled: bool,
    preview: bool,
    quotes: Vec<String>,
    words: Vec<Words>,
    waiting: usize,
    silent: usize,
    pictures: Vec<Picture>,
    /// What was found at work, as it was written.
    found: Option<String>,
    /// Where its forms come back to.
    from: &'static str,
}

/// Most reports with words on one page.
const WORDS: usize = 60;

/// The page, also after something on it was refused.
pub async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    let (caller, lang, issue) = (room.caller, room.caller.lang, &room.m.issue);
    let db = caller.house.read();
    let all = reports::of_issue(db, issue.id).await?;
    let attached = attachments::of_issue(db, issue.id).await?;
    let mut spoken: Vec<_> = all.iter().filter(|r| r.words.is_some() || attached.iter().any(|a| a.report_id == Some(r.id))).collect();
    // What waits comes first, words or pictures.
    let pictures_wait = |id| attached.iter().any(|a| a.report_id == Some(id) && a.released_at.is_none());
    spoken.sort_by_key(|r| r.release != reports::Release::Waiting && !pictures_wait(r.id));
    let waiting = spoken.iter().filter(|r| r.release == reports::Release::Waiting).count();
    let silent = all.len() - spoken.len();
    let words = spoken.into_iter().take(WORDS).map(|r| words::shown(caller, room.building, issue, r, &attached, &form)).collect();
    let preview = form.id.as_deref() == Some("title") && form.values.contains_key("title");
    let meanwhile = if form.conflict && form.id.as_deref() == Some("title") {
        Some(Meanwhile::of(room, &form, &[("release.public_title", "title"), ("release.public_text", "summary")]).await?)
    } else {
        None
    };
    if !preview {
        form.values.insert("title".into(), issue.public_title.clone().unwrap_or_default());
        form.values.insert("summary".into(), issue.public_text.clone().unwrap_or_default());
    }
    let typed = |name: &str| form.values.get(name).filter(|v| !v.trim().is_empty()).cloned();
    let page = Page {
        lead: room.lead(Some(lang.t("release.crumb"))),
        action: format!("{}/release", room.root()),
        version: room.seen.version,
        line: room.seen.line,
        meanwhile,
        public_title: typed("title").unwrap_or_else(|| issue.title_for_public(lang)),
        public_text: typed("summary"),
        public_place: room.m.place.public(lang),
        titled: issue.public_title.is_some(),
        quotes: room.m.voices.iter().filter_map(|v| v.public_words.clone()).collect(),
        pictures: attached.iter().filter(|a| a.report_id.is_none()).map(|a| words::picture(caller, &room.root(), a)).collect(),
        found: tasks::finding(db, issue).await?,
        from: "matter",
        words,
        waiting,
        silent,
        preview,
        form,
    };
    caller.page(room.frame(&lang.t("release.crumb")).here("release"), "release/show", &page)
}

#[get("/<_>/issues/<number>/release")]
async fn show(who: May<'_, Release>, number: i32) -> Result<Answer> {
    page(&Room::open(&who, number).await?, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/release", data = "<sent>")]
async fn create(who: May<'_, Release>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    if sent.ticked("preview") {
        let mut form = FormState::fresh(&who);
        form.id = Some("title".into());
        for name in ["title", "summary"] {
            form.values.insert(name.into(), sent.text(name).to_owned());
        }
        return page(&Room::open(&who, number).await?, form).await;
    }
    let done = async {
        let (act, issue) = hold(&who, number, &sent, |_| None).await?;
        issue.release(&act, sent.text("title"), sent.text("summary")).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/issues/{number}/release", who.at.root())).saying("release.said.titled")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&Room::open(&who, number).await?, form).await?.status(status))
        }
    }
}
