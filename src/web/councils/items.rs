//! What waits on the council's list: proposed, prepared, put on a meeting, or let go of.

use rocket::http::Status;
use rocket::{get, post};
use serde::Serialize;

use super::{Here, show as council};
use crate::domain::buildings;
use crate::domain::issues;
use crate::domain::meetings::items::{self, Competence, Item, ItemState, NewItem, Source};
use crate::domain::meetings::{self, MeetingState, overtaken, publicity::NotPublic};
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{May, Secretariat, SignedIn, Vote};
use crate::web::issues::work::{Choice, transfer};
use crate::web::meetings::dossier::{self, Opt};
use crate::web::sent::Sent;

/// A line of the list.
#[derive(Serialize)]
pub struct Waiting {
    pub href: String,
    pub title: String,
    pub since: String,
    pub source: String,
    pub must: bool,
    pub competence: String,
    /// What a council cannot do about it.
    pub warning: Option<String>,
    /// `TQ-214，498人说起`.
    pub issue: Option<String>,
    pub ready: bool,
    /// Its matter was settled meanwhile.
    pub overtaken: Option<String>,
    /// Deferred until a day, which has come or not.
    pub until: Option<String>,
    pub later: bool,
    pub version: i32,
}

/// The open part of a council's list, what must come up first, then the longest waiting.
pub async fn waiting(caller: &Caller, here: &Here, all: &[Item]) -> Result<Vec<Waiting>> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let mut out = vec![];
    for (i, item) in all.iter().enumerate().filter(|(_, i)| i.state == ItemState::Proposed) {
        let issue = match item.issue_id {
            Some(id) => Some(issues::by_id(db, id).await?),
            None => None,
        };
        let home = here.home(db, issue.as_ref()).await?;
        let today = dates::local(now).date();
        let day = item.not_before.as_deref().and_then(dates::parse);
        let later = day.is_some_and(|d| d > today);
        let words = |key: &str, word: &str| lang.t(&format!("meetings.{key}.{word}"));
        out.push(Waiting {
            href: format!("{}/council/items/{}", here.root, i + 1),
            title: item.title.clone(),
            since: dates::short(dates::local(item.created_at).date(), dates::local(now).date(), lang),
            source: words("source", item.source.as_str()),
            // What was put off to a day is due on it.
            must: must(item.source) || (day.is_some() && !later),
            competence: words("competence", item.competence.as_str()),
            warning: (item.competence != Competence::Council).then(|| words("warning", item.competence.as_str())),
            issue: issue
                .zip(home)
                .map(|(issue, b)| lang.say("councils.issue_line", &[("label", &b.label(issue.number)), ("n", &issue.reports.to_string())])),
            ready: !item.question.is_empty(),
            overtaken: overtaken::of_item(db, item).await?.map(|why| lang.t(&format!("meetings.overtaken.{}", why.as_str()))),
            until: day.map(|d| lang.say(if later { "meetings.not_before" } else { "meetings.come_back" }, &[("day", &dates::day(d, today, lang))])),
            later,
            version: item.version,
        });
    }
    out.sort_by_key(|w| (w.later, !w.must));
    Ok(out)
}

/// Whether the rules put a matter on the next agenda by themselves.
fn must(source: Source) -> bool {
    matches!(source, Source::FailedCheck | Source::LateTask | Source::Petition)
}

/// What the secretary proposes with.
#[derive(Serialize)]
pub struct Tools {
    pub propose: FormState,
    pub sources: Vec<Opt>,
    pub competences: Vec<Opt>,
}

impl Tools {
    pub fn of(lang: Lang, form: &FormState) -> Self {
        let proposable = [Source::Issue, Source::Petition, Source::Member, Source::Department, Source::LateTask];
        Self {
            propose: form.or("propose", [("source", "issue".into()), ("competence", "council".into())]),
            sources: Opt::all(proposable.iter().map(|s| s.as_str()), "meetings.source", lang),
            competences: Opt::all(Competence::ALL.iter().map(|c| c.as_str()), "meetings.competence", lang),
        }
    }
}

/// `POST …/council/items`: puts a matter, or something that no report stands behind, on the list.
#[post("/<_>/council/items", data = "<sent>")]
pub(super) async fn propose(staff: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let act = staff.begin(&sent).await?;
        put_on_list(&act, &here, &sent).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council#list", here.root)).saying("councils.said.proposed")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(council::page(&staff, &here, form).await?.status(status))
        }
    }
}

async fn put_on_list(act: &Act, here: &Here, sent: &Sent<'_>) -> Result<()> {
    let source: Source = sent.read("source")?;
    if let Some(typed) = sent.given("issue") {
        let unknown = || Refusal::new("no_such_issue").at("issue");
        let building = here.building().ok_or_else(unknown)?;
        let digits = typed.rsplit('-').next().unwrap_or(typed);
        let number: i32 = digits.trim_end_matches('号').parse().map_err(|_| unknown())?;
        let issue = match issues::hold(act, building.id, number).await {
            Err(Error::NotFound) => return Err(unknown().into()),
            other => other?,
        };
        issue.nominate(act, source).await?;
        return Ok(());
    }
    let competence: Competence = sent.read("competence")?;
    let new = NewItem { source, competence, title: sent.text("title"), question: sent.text("question"), papers: sent.text("papers") };
    items::raise(act, &here.council, new).await?;
    Ok(())
}

/// `POST …/council/nominations`: a member brings something up; the secretary prepares it.
#[post("/<_>/council/nominations", data = "<sent>")]
pub(super) async fn nominate(member: May<'_, Vote>, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&member).await?;
    let done = async {
        let act = member.begin(&sent).await?;
        let (source, competence) = (Source::Member, Competence::Council);
        let new = NewItem { source, competence, title: sent.text("title"), question: sent.text("question"), papers: "" };
        items::raise(&act, &here.council, new).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/council#list", here.root)).saying("councils.said.nominated")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(council::page(&member, &here, form).await?.status(status))
        }
    }
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<dossier::Crumb>,
    action: String,
    version: i32,
    dossier: dossier::Dossier,
    secretariat: bool,
    open: bool,
    meetings: Vec<Opt>,
    /// One of them has been announced: what is added now cannot be voted on there.
    noticed: bool,
    /// What is to be decided is not written yet.
    unready: bool,
    competences: Vec<Opt>,
    form: FormState,
    prepare: FormState,
    list: FormState,
    defer: FormState,
    refer: FormState,
    referable: Vec<Choice>,
    withdraw: FormState,
    publicity: FormState,
    grounds: Vec<Opt>,
    overtaken: Option<String>,
}

/// `GET …/council/items/{k}`: the dossier of what waits; once it is on an agenda, its page there.
#[get("/<_>/council/items/<number>")]
pub(super) async fn show(who: SignedIn<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    here.ask_inside(&who)?;
    page(&who, &here, number, FormState::fresh(&who)).await
}

async fn page(caller: &Caller, here: &Here, number: i32, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let item = items::by_number(db, here.council.id, number).await?;
    if let Some(id) = item.meeting_id {
        let meeting = meetings::by_id(db, id).await?;
        return Ok(Answer::go(format!("{}/meetings/{}/items/{}", here.root, meeting.number, item.position)));
    }
    let (mut open_to, mut noticed) = (vec![], false);
    for m in meetings::of_council(db, here.council.id).await? {
        if matches!(m.state, MeetingState::Draft | MeetingState::Called) {
            let (n, when) = (m.number.to_string(), dates::moment(m.starts_at, now, lang));
            let state = match m.state {
                MeetingState::Called => lang.t("councils.meeting_choice_late"),
                _ => lang.t(&format!("meeting_states.{}", m.state.as_str())),
            };
            noticed |= m.state == MeetingState::Called;
            open_to.push(Opt { value: n.clone(), label: lang.say("councils.meeting_choice", &[("n", &n), ("when", &when), ("state", &state)]) });
        }
    }
    open_to.reverse();
    let page = Page {
        crumbs: vec![
            dossier::Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            dossier::Crumb::here(lang.say("councils.waiting_item", &[("n", &number.to_string())])),
        ],
        action: format!("{}/council/items/{number}", here.root),
        version: item.version,
        dossier: dossier::of(caller, here, &item, None).await?,
        secretariat: here.may(caller, Right::Secretariat),
        open: item.state == ItemState::Proposed,
        meetings: open_to,
        noticed,
        unready: item.question.is_empty(),
        competences: Opt::all(Competence::ALL.iter().map(|c| c.as_str()), "meetings.competence", lang),
        prepare: form.or("prepare", dossier::prepared(&item)),
        list: form.or("list", []),
        defer: form.or("defer", []),
        refer: form.or("refer", []),
        referable: referable(caller, here, &item).await?,
        withdraw: form.or("withdraw", []),
        publicity: form.or("publicity", dossier::publicity(&item)),
        grounds: dossier::grounds(lang),
        overtaken: overtaken::of_item(db, &item).await?.map(|why| lang.t(&format!("meetings.overtaken.{}", why.as_str()))),
        form,
    };
    caller.page(here.frame(caller, item.title.clone()).class("pg-dos").at_work(), "councils/item", &page)
}

/// Does something with an item of the list and leads on, or shows its page again.
async fn change(
    staff: &May<'_, Secretariat>,
    number: i32,
    sent: &Sent<'_>,
    to: impl Fn(&Here) -> String,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, &Here, Item) -> Result<()>,
) -> Result<Answer> {
    let here = Here::of(staff).await?;
    let done = async {
        let act = staff.begin(sent).await?;
        let item = items::by_number(act.tx(), here.council.id, number).await?.unchanged_since(sent.version()?)?;
        verb(&act, &here, item).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(to(&here)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            let answer = page(staff, &here, number, form).await?;
            Ok(if status == Status::SeeOther { answer } else { answer.status(status) })
        }
    }
}

/// `POST …/council/items/{k}`: title, question, competence, papers.
#[post("/<_>/council/items/<number>", data = "<sent>")]
pub(super) async fn prepare(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let to = |here: &Here| format!("{}/council/items/{number}", here.root);
    change(&staff, number, &sent, to, "meetings.said.prepared", async |act, _, item| {
        item.prepare(act, sent.text("title"), sent.text("question"), sent.read("competence")?, sent.text("papers")).await.map(drop)
    })
    .await
}

/// `POST …/council/items/{k}/listing`: onto the agenda of a meeting.
#[post("/<_>/council/items/<number>/listing", data = "<sent>")]
pub(super) async fn list(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let to = |here: &Here| format!("{}/meetings/{}", here.root, sent.read::<i32>("meeting").unwrap_or_default());
    change(&staff, number, &sent, to, "meetings.said.listed", async |act, here, item| {
        let meeting = sent.read("meeting")?;
        let meeting = match meetings::by_number(act.tx(), here.council.id, meeting).await {
            Err(Error::NotFound) => return Err(Refusal::new("unknown_choice").at("meeting").into()),
            other => other?,
        };
        meeting.list(act, item).await.map(drop)
    })
    .await
}

/// `POST …/council/items/{k}/deferral`: not now; it waits again from that day.
#[post("/<_>/council/items/<number>/deferral", data = "<sent>")]
pub(super) async fn defer(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    change(
        &staff,
        number,
        &sent,
        |here| format!("{}/council#list", here.root),
        "meetings.said.deferred",
        async |act, _, item| item.defer(act, sent.text("to").trim()).await.map(drop),
    )
    .await
}

/// `POST …/council/items/{k}/referral`: to whoever must decide it.
#[post("/<_>/council/items/<number>/referral", data = "<sent>")]
pub(super) async fn refer(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    change(
        &staff,
        number,
        &sent,
        |here| format!("{}/council#list", here.root),
        "meetings.said.referred",
        async |act, _, item| refer_as_sent(act, item, &sent).await,
    )
    .await
}

/// In words alone, or with the matter behind it to whomever the form names.
pub async fn refer_as_sent(act: &Act, item: Item, sent: &Sent<'_>) -> Result<()> {
    let words = sent.text("words");
    let (Some(to), Some(issue)) = (sent.given("to"), item.issue_id) else { return item.refer(act, words).await.map(drop) };
    let building = buildings::by_id(act.tx(), issues::by_id(act.tx(), issue).await?.building_id).await?;
    let to = transfer::receiver(act.tx(), &building, to).await?;
    item.refer_to(act, to, words).await.map(drop)
}

/// To whom the matter of an item can be handed over with it.
pub async fn referable(caller: &Caller, here: &Here, item: &Item) -> Result<Vec<Choice>> {
    let Some(id) = item.issue_id else { return Ok(vec![]) };
    let db = caller.house.read();
    let issue = issues::by_id(db, id).await?;
    let Some(home) = here.home(db, Some(&issue)).await? else { return Ok(vec![]) };
    transfer::receivers(db, &home, &issue, here.building().is_some(), caller.lang).await
}

/// `POST …/council/items/{k}/withdrawal`: solved meanwhile, or no longer wanted.
#[post("/<_>/council/items/<number>/withdrawal", data = "<sent>")]
pub(super) async fn withdraw(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    change(
        &staff,
        number,
        &sent,
        |here| format!("{}/council#list", here.root),
        "meetings.said.withdrawn",
        async |act, _, item| item.withdraw(act).await.map(drop),
    )
    .await
}

/// `POST …/council/items/{k}/publicity`: keeps an item from outsiders, with a reason, or lets everybody read it.
#[post("/<_>/council/items/<number>/publicity", data = "<sent>")]
pub(super) async fn publicity(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let to = |here: &Here| format!("{}/council/items/{number}", here.root);
    change(&staff, number, &sent, to, "meetings.said.publicity", async |act, _, item| match sent.given("ground") {
        Some("public") => item.make_public(act).await.map(drop),
        _ => item.withhold(act, sent.read::<NotPublic>("ground")?, sent.text("words")).await.map(drop),
    })
    .await
}
