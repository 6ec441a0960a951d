//! Hiding: `…/issues/{n}/hidings` shows what is public of each report, hidden with one tap on its reason; what is hidden, and
//! who decides about it.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::form::FormState;
use super::guards::{Hide, May, Needs, Release};
use super::issues::work::{Lead, Room};
use super::sent::Sent;
use crate::domain::attachments::{self, Attachment};
use crate::domain::hidings::{self, HideReason, Hiding};
use crate::domain::issues;
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::reports::{self, Report};
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![index, create, rule]
}

/// A reason, as a button.
#[derive(Serialize)]
struct Reason {
    value: &'static str,
    word: String,
}

/// What is public of one report.
#[derive(Serialize)]
struct Shown {
    form: String,
    action: String,
    words: Option<String>,
    photos: Vec<String>,
}

/// What was hidden of one.
#[derive(Serialize)]
struct Hidden {
    form: String,
    action: String,
    /// Who, when, why.
    head: String,
    /// What was public; its words only for those who release.
    words: Option<String>,
    appeal: Option<String>,
    due: Option<dates::Due>,
    /// What became of it.
    ruling: Option<String>,
    answer: Option<String>,
    /// Asks for a decision of this reader.
    decide: bool,
    /// Why this reader may not decide.
    not: Option<String>,
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    reasons: Vec<Reason>,
    shown: Vec<Shown>,
    hidden: Vec<Hidden>,
    /// What they hide returns unless it is confirmed.
    reviewed: bool,
    form: FormState,
}

async fn page<R: Needs>(who: &May<'_, R>, number: i32, form: FormState) -> Result<Answer> {
    let room = Room::open(who, number).await?;
    let (db, lang, building) = (who.house.read(), who.lang, room.building);
    let releases = persons::entitled(&who.signed.memberships, Right::Release, building).is_some();
    let all = reports::of_issue(db, room.m.issue.id).await?;
    let pictures = attachments::of_issue(db, room.m.issue.id).await?;
    let handle = |r: &Report| reports::handle_of(who.house.keys(), r.id);
    let public = |a: &&Attachment| a.released_at.is_some();
    let thumb = |a: &Attachment| format!("/photos/{}.jpg", a.thumb_hash);
    let shown = all.iter().filter_map(|r| {
        let photos: Vec<String> = pictures.iter().filter(|a| a.report_id == Some(r.id)).filter(public).map(thumb).collect();
        let some = r.public_words.is_some() || !photos.is_empty();
        let action = format!("{}/reports/{}/hiding", room.root(), handle(r));
        some.then(|| Shown { form: format!("hide-{}", handle(r)), action, words: r.public_words.clone(), photos })
    });
    let shown = shown.collect();
    let hidings = hidings::of_issue(db, room.m.issue.id).await?;
    let by = organisations::by_ids(db, hidings.iter().filter_map(|h| h.hidden_for).collect::<Vec<_>>()).await?;
    let now = who.house.now();
    let hidden = hidings.iter().filter_map(|h| {
        let report = all.iter().find(|r| r.id == h.report_id)?;
        let name = h.hidden_for.and_then(|id| by.iter().find(|o| o.id == id)).map_or_else(|| lang.t("roles.system"), |o| o.short(lang).to_owned());
        let with = [("by", name), ("at", dates::moment(h.hidden_at, now, lang)), ("why", reason(h.reason, lang))];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = h.ask_decidable(Some(who.signed.person.id)).err();
        Some(Hidden {
            form: format!("rule-{}", handle(report)),
            action: format!("{}/reports/{}/hiding/ruling", room.root(), handle(report)),
            head: lang.say("hidings.by", &with),
            words: before(h, report).filter(|_| releases),
            appeal: h.appeal.clone().filter(|_| releases),
            due: h.review_due.filter(|_| h.ruling.is_none()).map(|d| dates::due(d, now, &who.house.calendar(), lang)),
            ruling: h.ruling.map(|r| lang.t(&format!("hidings.ruling.{r}"))),
            answer: h.answer.clone(),
            decide: releases && h.waits() && refused.is_none(),
            not: refused.filter(|_| releases && h.waits()).map(|r| super::form::sentence(lang, &r)),
        })
    });
    let hidden = hidden.collect();
    let reasons = HideReason::ALL.iter().map(|r| Reason { value: r.as_str(), word: reason(*r, lang) }).collect();
    let page = Page { lead: room.lead(Some(lang.t("hidings.title"))), reasons, shown, hidden, reviewed: !releases, form };
    who.page(room.frame(&lang.t("hidings.title")), "hidings/index", &page)
}

/// A reason in words.
pub(super) fn reason(reason: HideReason, lang: Lang) -> String {
    lang.t(&format!("hidings.reason.{reason}"))
}

/// What the public read before.
pub(super) fn before(h: &Hiding, report: &Report) -> Option<String> {
    h.summary.clone().or_else(|| report.words.clone().filter(|_| h.was == reports::Release::AsWritten))
}

#[get("/<_>/issues/<number>/hidings")]
async fn index(who: May<'_, Hide>, number: i32) -> Result<Answer> {
    page(&who, number, FormState::fresh(&who)).await
}

#[post("/<_>/issues/<number>/reports/<k>/hiding", data = "<sent>")]
async fn create(who: May<'_, Hide>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let issue = issues::hold(&act, who.building()?.id, number).await?;
        let report = reports::by_handle(act.tx(), who.house.keys(), issue.id, k).await?;
        let reason: HideReason = sent.read("reason").map_err(|_| Refusal::new("unknown_choice").at("reason"))?;
        report.hide(&act, &issue, reason).await?;
        act.commit().await
    }
    .await;
    after(&who, number, &sent, done, "hidings.said.hidden").await
}

#[post("/<_>/issues/<number>/reports/<k>/hiding/ruling", data = "<sent>")]
async fn rule(who: May<'_, Release>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let mut said = "hidings.said.upheld";
    let done = async {
        let act = who.begin(&sent).await?;
        let issue = issues::hold(&act, who.building()?.id, number).await?;
        let report = reports::by_handle(act.tx(), who.house.keys(), issue.id, k).await?;
        let hiding = hidings::of_report(act.tx(), report.id).await?.ok_or(Error::NotFound)?;
        match sent.text("ruling") {
            "upheld" => hiding.uphold(&act, &issue, sent.text("answer")).await?,
            "lifted" => {
                said = "hidings.said.lifted";
                hiding.lift(&act, &issue, sent.text("answer")).await?;
            }
            _ => return Err(Refusal::new("unknown_choice").at("ruling").into()),
        }
        act.commit().await
    }
    .await;
    after(&who, number, &sent, done, said).await
}

async fn after<R: Needs>(who: &May<'_, R>, number: i32, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/issues/{number}/hidings", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, number, form).await?.status(status))
        }
    }
}
