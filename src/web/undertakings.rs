//! An undertaking: what a party is asked to sign. Its representative reads what, by when and how it will be seen, and
//! signs, asks for other words, or refuses.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::caller::Caller;
use super::councils::Here;
use super::councils::drawn::undertaking_mark;
use super::dates;
use super::form::FormState;
use super::guards::{Anyone, Holds, May, Preside, Secretariat, Work};
use super::meetings::dossier::Crumb;
use super::meetings::on_item;
use super::sent::Sent;
use crate::domain::meetings::items as agenda_items;
use crate::domain::meetings::items::ItemState;
use crate::domain::meetings::paper;
use crate::domain::rights::Right;
use crate::domain::undertakings::{self, Undertaking, UndertakingState};
use crate::domain::{issues, meetings, organisations, persons, resolutions};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    routes![ask, show, answer, enter, take_back]
}

/// What one party has said, for lists.
#[derive(Serialize)]
pub struct Sign {
    pub number: i32,
    pub organisation: String,
    pub words: String,
    pub measure: String,
    pub due: String,
    pub late: bool,
    pub state_key: &'static str,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    /// `许望舒，11月20日 11:40`.
    pub by: Option<String>,
    pub reply: Option<String>,
    pub href: Option<String>,
    /// Can still be taken back.
    pub revocable: bool,
    pub version: i32,
}

impl Sign {
    /// Those of an item or of a resolution. `place` is the item's address, where it is on an agenda.
    pub async fn all(caller: &Caller, place: Option<&str>, asked: &[Undertaking]) -> Result<Vec<Self>> {
        let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
        let parties = organisations::by_ids(db, asked.iter().map(|u| u.organisation_id)).await?;
        let named: Vec<_> = asked.iter().filter_map(|u| u.signed_by.or(u.paper_by)).collect();
        let people = persons::by_ids(db, named).await?;
        let lines = asked.iter().map(|u| {
            let (mark, class) = undertaking_mark(u.state);
            let due = dates::due(u.due_at, now, &caller.house.calendar(), lang);
            let who = people.iter().find(|p| Some(p.id) == u.signed_by).map(|p| p.name(lang).to_owned());
            let by = who.zip(u.answered_at).map(|(who, at)| lang.say("undertakings.by", &[("who", &who), ("when", &dates::moment(at, now, lang))]));
            let entered = people.iter().find(|p| Some(p.id) == u.paper_by).zip(u.answered_at).map(|(p, at)| {
                let with =
                    [("name", u.paper_name.clone().unwrap_or_default()), ("who", p.name(lang).to_owned()), ("when", dates::moment(at, now, lang))];
                let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
                lang.say("undertakings.on_paper", &with)
            });
            Self {
                number: u.number,
                organisation: parties.iter().find(|o| o.id == u.organisation_id).map(|o| o.short(lang).to_owned()).unwrap_or_default(),
                words: u.words.clone(),
                measure: u.measure.clone(),
                due: due.by,
                late: due.late && u.state == UndertakingState::Asked,
                state_key: u.state.as_str(),
                state: lang.t(&format!("undertakings.state.{}", u.state.as_str())),
                mark,
                class,
                by: entered.or(by),
                reply: u.reply.clone(),
                href: place.map(|p| format!("{p}/undertakings/{}", u.number)),
                revocable: u.resolution_id.is_none() && u.state != UndertakingState::Lapsed,
                version: u.version,
            }
        });
        Ok(lines.collect())
    }
}

/// `4家要做，签了2家，还不成立。`
pub fn signed_of(asked: &[Undertaking], lang: Lang) -> String {
    let counted: Vec<_> = asked.iter().filter(|u| u.state.counts()).collect();
    let signed = counted.iter().filter(|u| u.state == UndertakingState::Signed).count();
    let key = match (counted.len(), signed) {
        (0, _) => return String::new(),
        (n, s) if n == s => "undertakings.all_signed",
        _ => "undertakings.not_yet",
    };
    lang.say(key, &[("n", &counted.len().to_string()), ("signed", &signed.to_string())])
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    top: String,
    action: String,
    item_href: String,
    item_title: String,
    issue: Option<String>,
    issue_href: Option<String>,
    resolution: Option<String>,
    resolution_href: Option<String>,
    heading: String,
    sign: Sign,
    due_full: String,
    others: Vec<Sign>,
    signed: String,
    /// The caller speaks for this party, which has not answered yet.
    may_answer: bool,
    you: String,
    vouch: String,
    submit: String,
    /// The secretary may enter what was signed on paper.
    may_enter: bool,
    /// The sheet's scan, for those who may read it.
    scan: Option<String>,
    enter: FormState,
    may_take_back: bool,
    pick_sign: bool,
    pick_change: bool,
    pick_refuse: bool,
    form: FormState,
    take_back: FormState,
}

/// `GET …/items/{p}/undertakings/{k}`.
#[get("/<_>/meetings/<number>/items/<position>/undertakings/<undertaking>")]
async fn show(who: Anyone<'_>, number: i32, position: i32, undertaking: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, (number, position, undertaking), FormState::fresh(&who)).await
}

/// Whether the caller speaks for an organisation, wherever its pages are.
fn speaks_for(caller: &Caller, u: &Undertaking) -> bool {
    caller.signed.as_ref().is_some_and(|s| s.memberships.iter().any(|m| m.organisation_id == u.organisation_id && m.role.may(Right::Work)))
}

async fn page(caller: &Caller, here: &Here, (number, position, k): (i32, i32, i32), form: FormState) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let meeting = meetings::by_number(db, here.council.id, number).await?;
    let item = agenda_items::by_position(db, meeting.id, position).await?;
    let all = undertakings::of_item(db, item.id).await?;
    let u = all.iter().find(|u| u.number == k).ok_or(Error::NotFound)?;
    let own = speaks_for(caller, u);
    let resolution = match u.resolution_id {
        Some(id) => Some(resolutions::by_id(db, id).await?),
        None => None,
    };
    let published = item.public && resolution.as_ref().is_some_and(|r| r.published_at.is_some());
    if !own && !published && !here.inside(caller) {
        return Err(Error::NotFound);
    }
    let base = format!("{}/meetings/{number}", here.root);
    let item_href = format!("{base}/items/{position}");
    let mut signs = Sign::all(caller, Some(&item_href), &all).await?;
    let at = signs.iter().position(|s| s.number == k).ok_or(Error::NotFound)?;
    let sign = signs.remove(at);
    let organisation = sign.organisation.clone();
    let me = caller.signed.as_ref().map(|s| s.person.name(lang).to_owned()).unwrap_or_default();
    let waits = matches!(u.state, UndertakingState::Asked | UndertakingState::ChangesAsked);
    // Once it is answered, the days that are left say nothing: its tasks have clocks of their own.
    let due = dates::due(u.due_at, caller.house.now(), &caller.house.calendar(), lang);
    let typed = form.values.get("answer").map_or("", String::as_str);
    let scan = match u.scan_id {
        Some(id) => paper::scans(db, meeting.id).await?.into_iter().find(|s| s.id == id && (s.public || own || here.inside(caller))),
        None => None,
    };
    let (n, p) = (number.to_string(), position.to_string());
    let issue = match item.issue_id {
        Some(id) => Some(issues::by_id(db, id).await?),
        None => None,
    };
    let home = here.home(db, issue.as_ref()).await?;
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &n)]), base),
            Crumb::to(lang.say("meetings.nth_item", &[("p", &p)]), item_href.clone()),
            Crumb::here(lang.t("undertakings.title")),
        ],
        may_enter: waits && here.may(caller, Right::Secretariat),
        scan: scan.map(|s| format!("{}/meetings/{number}/scans/{}", here.root, s.number)),
        enter: form.or("enter", []),
        top: lang.say("undertakings.top", &[("n", &n), ("p", &p)]),
        action: format!("{item_href}/undertakings/{k}"),
        item_title: item.title.clone(),
        issue_href: issue.as_ref().zip(home.as_ref()).map(|(i, b)| format!("/b/{}/issues/{}", b.slug, i.number)),
        issue: issue.as_ref().zip(home.as_ref()).map(|(i, b)| format!("{} {}", b.label(i.number), i.title_for_public(lang))),
        resolution: resolution.as_ref().map(|r| r.label(here.short())),
        resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
        heading: lang.say("undertakings.of", &[("who", &organisation)]),
        due_full: if waits { due.words } else { due.by },
        signed: signed_of(&all, lang),
        may_answer: own && waits,
        you: lang.say("undertakings.you", &[("of", &organisation), ("who", &me)]),
        vouch: lang.say("undertakings.vouch", &[("of", &organisation)]),
        submit: lang.say("undertakings.submit", &[("of", &organisation)]),
        may_take_back: here.may(caller, Right::Preside) && sign.revocable && matches!(item.state, ItemState::Proposed | ItemState::Listed),
        pick_sign: typed == "sign",
        pick_change: typed == "change",
        pick_refuse: typed == "refuse",
        others: signs,
        sign,
        item_href,
        take_back: form.or("take_back", []),
        form: form.or("answer", []),
    };
    caller.page(here.frame(caller, page.heading.clone()).class("pg-vote"), "undertakings/show", &page)
}

/// `POST …/undertakings`: asks a party to sign.
#[post("/<_>/meetings/<number>/items/<position>/undertakings", data = "<sent>")]
async fn ask(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let district = Here::of(&chair).await?.council.district_id;
    on_item(&chair, (number, position), &sent, "undertakings.said.asked", async |act, _, item| {
        let slug = sent.given("organisation").ok_or_else(|| Refusal::new("unknown_choice").at("organisation"))?;
        let of = match organisations::by_slug(act.tx(), district, slug).await {
            Err(Error::NotFound) => return Err(Refusal::new("unknown_choice").at("organisation").into()),
            other => other?,
        };
        let due = dates::parse(sent.text("due").trim()).and_then(dates::end_of_day).ok_or_else(|| Refusal::new("date").at("due"))?;
        undertakings::ask(act, &item, &of, sent.text("words"), sent.text("measure"), due).await.map(drop)
    })
    .await
}

/// `POST …/undertakings/{k}`: the party's answer.
#[post("/<_>/meetings/<number>/items/<position>/undertakings/<undertaking>", data = "<sent>")]
async fn answer(party: Holds<'_, Work>, number: i32, position: i32, undertaking: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&party).await?;
    let at = (number, position, undertaking);
    let done = async {
        let db = party.house.read();
        let meeting = meetings::by_number(db, here.council.id, number).await?;
        let item = agenda_items::by_position(db, meeting.id, position).await?;
        let asked = undertakings::by_number(db, item.id, undertaking).await?;
        let act = party.begin_for(asked.organisation_id, &sent).await?;
        let u = undertakings::by_id(act.tx(), asked.id).await?.unchanged_since(sent.version()?)?;
        let saying = match sent.text("answer") {
            "sign" if !sent.ticked("vouch") => return Err(Refusal::new("vouch").at("vouch").into()),
            "sign" => u.sign(&act).await.map(|_| "undertakings.said.signed")?,
            "change" => u.ask_changes(&act, sent.text("reply")).await.map(|_| "undertakings.said.changes")?,
            "refuse" => u.refuse(&act, sent.text("reply")).await.map(|_| "undertakings.said.refused")?,
            _ => return Err(Refusal::new("unknown_choice").at("answer").into()),
        };
        act.commit().await?;
        Ok(saying)
    }
    .await;
    match done {
        Ok(saying) => {
            let to = format!("{}/meetings/{number}/items/{position}/undertakings/{undertaking}", here.root);
            Ok(Answer::go(to).saying(saying))
        }
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&party, &here, at, form).await?.status(status))
        }
    }
}

/// `POST …/undertakings/{k}/paper`: the secretary enters what the party signed on paper, with the sheet's scan.
#[post("/<_>/meetings/<number>/items/<position>/undertakings/<undertaking>/paper", data = "<sent>")]
async fn enter(staff: May<'_, Secretariat>, number: i32, position: i32, undertaking: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let file = sent.files("scan").next().ok_or_else(|| Refusal::new("scan_none").at("scan"))?;
        let sheet = file.bytes.clone().ok_or_else(|| Refusal::new("scan_large").at("scan"))?;
        if sheet.is_empty() {
            return Err(Refusal::new("scan_none").at("scan").into());
        }
        let act = staff.begin(&sent).await?;
        let meeting = meetings::by_number(act.tx(), here.council.id, number).await?;
        let item = agenda_items::by_position(act.tx(), meeting.id, position).await?;
        let u = undertakings::by_number(act.tx(), item.id, undertaking).await?.unchanged_since(sent.version()?)?;
        u.sign_on_paper(&act, &meeting, sent.text("name"), sheet).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => {
            let to = format!("{}/meetings/{number}/items/{position}/undertakings/{undertaking}", here.root);
            Ok(Answer::go(to).saying("undertakings.said.entered"))
        }
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&staff, &here, (number, position, undertaking), form).await?.status(status))
        }
    }
}

/// `POST …/undertakings/{k}/withdrawal`: the question is taken back.
#[post("/<_>/meetings/<number>/items/<position>/undertakings/<undertaking>/withdrawal", data = "<sent>")]
async fn take_back(chair: May<'_, Preside>, number: i32, position: i32, undertaking: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "undertakings.said.taken_back", async |act, _, item| {
        undertakings::by_number(act.tx(), item.id, undertaking).await?.unchanged_since(sent.version()?)?.take_back(act).await.map(drop)
    })
    .await
}
