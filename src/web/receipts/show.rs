//! `/r/{receipt}`: what was said, what has become of it, whose turn it is, and what its holder may do.

use rocket::{Route, get, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::next::{self, Next};
use super::talk;
use super::{appeal, following, withdrawal};
use crate::domain::attachments;
use crate::domain::buildings;
use crate::domain::hidings::Hiding;
use crate::domain::issues::{self, IssueState};
use crate::domain::journal::Reader;
use crate::domain::messages::{self, Message};
use crate::domain::organisations;
use crate::domain::proofs;
use crate::domain::reports::{self, Release};
use crate::domain::times::History;
use crate::kernel::error::{Error, Result};
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Holder;
use crate::web::shown::chain::{self, Stop};
use crate::web::shown::hands::{self, Hands};
use crate::web::shown::matter::Matter;
use crate::web::shown::states::{self, State};
use crate::web::shown::story::{self, Story, Teller};

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Serialize)]
struct Page {
    address: String,
    receipt: String,
    saved: String,
    fresh: bool,
    state: State,
    place: String,
    heading: Vec<String>,
    code: String,
    qr: String,
    words: Option<String>,
    words_note: String,
    /// What was public of it was hidden, and what became of that.
    hidden: Option<String>,
    photos: Vec<Photo>,
    label: String,
    title: String,
    href: String,
    issue_note: String,
    /// The other trouble of which the same report speaks: its own receipt.
    also: Vec<Also>,
    /// The matter's public page and place, to be passed on: never the receipt's.
    public_url: String,
    public_place: String,
    next: Option<Next>,
    emergency: Option<String>,
    ask: bool,
    said: Option<String>,
    question: Option<String>,
    stops: Vec<Stop>,
    /// Through whose hands it went, where that is more than one.
    hands: Option<Hands>,
    talk: Vec<talk::Said>,
    story: Story,
    who: String,
    /// Where its writer has proven to work.
    proven: Option<String>,
    /// Where they can.
    prove: Option<String>,
    acts: Vec<Way>,
    not_now: Vec<String>,
    form: FormState,
}

#[derive(Serialize)]
struct Photo {
    src: String,
    href: String,
    alt: String,
    caption: Option<String>,
    /// Where faces in it can be covered.
    cover: String,
}

/// Another receipt of the same writer.
#[derive(Serialize)]
struct Also {
    href: String,
    words: String,
    title: String,
}

#[derive(Serialize)]
struct Way {
    href: String,
    word: String,
    main: bool,
}

#[get("/r/<_>")]
async fn show(holder: Holder<'_>) -> Result<Answer> {
    let (db, lang, now) = (&holder.house.reading().await?, holder.lang, holder.house.now());
    let (report, issue, building) = (&holder.report, &holder.issue, &holder.building);
    if let (Some(original), Some(_)) = (report.copy_of_id, report.folded_into_id) {
        return Ok(Answer::go(format!("/r/{}", reports::receipt_of(holder.house.keys(), original))));
    }
    let m = Matter::load(db, issue.clone()).await?;
    let teller = Teller { m: &m, building, reader: Reader::Reporter, now, lang };
    let place = buildings::place_by_id(db, report.place_id).await?;
    let code = reports::code_of(holder.house.keys(), report.id, report.code_round);
    let own = format!("/r/{}", holder.receipt);
    let address = holder.house.settings().address(&own);
    let said = messages::for_report(db, issue.id, report.id).await?;
    let open = |x: &&Message| x.question && x.answered_at.is_none() && x.withheld_at.is_none();
    let question = said.iter().rev().find(open).and_then(|x| x.words.clone());
    let ask = report.ask_answerable(issue, now).is_ok();
    let n = reports::place_in_line(db, report).await?.to_string();
    let filed = if report.filed_issue_id == issue.id { None } else { Some(issues::by_id(db, report.filed_issue_id).await?) };
    let issue_note = match filed {
        Some(filed) => lang.say("receipts.merged", &[("from", &building.label(filed.number)), ("n", &n)]),
        None if issue.reports > 1 => lang.say("receipts.nth", &[("n", &n), ("of", &issue.reports.to_string())]),
        None => lang.t("receipts.first"),
    };
    let photos = attachments::of_report(db, report.id).await?.into_iter().enumerate().map(|(i, p)| Photo {
        src: format!("{own}/photos/{}?small=true", i + 1),
        href: format!("{own}/photos/{}", i + 1),
        alt: lang.say("receipts.photo", &[("n", &(i + 1).to_string())]),
        caption: p.released_at.map(|_| lang.t("receipts.photo_public")),
        cover: format!("{own}/photos/{}/cover", i + 1),
    });
    let urgent = issue.state == IssueState::Received && crate::domain::categories::find(&report.category).is_some_and(|c| c.emergency);
    let hiding = appeal::of(&holder, db).await?;
    let (acts, not_now) = acts(&holder, db, ask, hiding.as_ref()).await?;
    let proven = match proofs::own(db, holder.house.keys(), report.id).await? {
        Some(id) => Some(lang.say("proofs.proven", &[("of", organisations::by_id(db, id).await?.name(lang))])),
        None => None,
    };
    let provable = proofs::ask_provable(db, holder.house.keys(), report, issue).await.is_ok();
    let page = Page {
        saved: lang.say("receipts.saved", &[("at", &dates::moment(report.created_at, now, lang))]),
        fresh: now - report.created_at < chrono::Duration::minutes(10),
        state: states::of(issue, None, lang),
        place: lang.say("receipts.place", &[("building", building.name(lang)), ("place", &place.full(lang))]),
        heading: heading(&holder, &teller, ask),
        qr: qr::svg(&address).map_err(|e| Error::broken(e.to_string()))?,
        code,
        address,
        words: report.words.clone(),
        words_note: words_note(&holder),
        hidden: hiding.as_ref().map(|h| appeal::note(&holder, h)),
        photos: photos.collect(),
        label: building.label(issue.number),
        title: issue.title_for_public(lang),
        href: m.href(building),
        issue_note,
        also: also(&holder, db).await?,
        public_url: holder.house.settings().address(&m.href(building)),
        public_place: m.place.public(lang),
        next: next::of(&holder, &m, question.is_some(), &History::of(db, building.id).await?),
        emergency: urgent.then(|| building.duty_phone.clone()),
        ask,
        said: report.answer.map(|a| lang.t(&format!("receipts.answer.{}", a.as_str()))),
        question,
        stops: chain::of(&m, building, None, lang),
        hands: hands::moved(&m, hands::View { reader: Reader::Reporter, now, calendar: &holder.house.calendar(), lang }),
        talk: talk::of(&holder, db, said).await?,
        story: story::tell(teller),
        who: lang.t(&format!("receipts.who.{}", if report.erased_at.is_some() { "erased" } else { report.may_know.as_str() })),
        prove: provable.then(|| format!("{own}/proof")),
        proven,
        acts,
        not_now,
        form: FormState::fresh(&holder),
        receipt: holder.receipt.clone(),
    };
    let frame = Frame::titled(lang.say("receipts.title", &[("code", &page.code)])).of(&holder, building).class("pg-receipt");
    holder.page(frame, "receipts/show", &page)
}

/// The receipts of the other troubles of which the same report speaks.
async fn also(holder: &Holder<'_>, db: &impl ConnectionTrait) -> Result<Vec<Also>> {
    let (report, lang) = (&holder.report, holder.lang);
    let mut others = reports::copies(db, report.id).await?;
    if let Some(original) = report.copy_of_id {
        others.push(reports::by_id(db, original).await?);
    }
    let mut all = vec![];
    for other in others.into_iter().filter(|r| r.folded_into_id.is_none() && r.erased_at.is_none()) {
        let issue = issues::by_id(db, other.issue_id).await?;
        all.push(Also {
            href: format!("/r/{}", reports::receipt_of(holder.house.keys(), other.id)),
            words: lang.say("receipts.also", &[("label", &holder.building.label(issue.number))]),
            title: issue.title_for_public(lang),
        });
    }
    Ok(all)
}

/// The outcome before the path, said to the one who asked.
fn heading(holder: &Holder<'_>, teller: &Teller<'_>, ask: bool) -> Vec<String> {
    let own = |key: &str, by: &str| holder.lang.say(&format!("receipts.heading.{key}"), &[("by", by)]).split('|').map(str::to_owned).collect();
    let by = teller.m.name(holder.issue.done_by_id.or(holder.issue.holder_id), holder.lang);
    match holder.issue.state {
        _ if holder.report.withdrawn_at.is_some() => own("withdrawn", &by),
        IssueState::Received => own("received", &by),
        IssueState::Done if ask => own("done", &by),
        _ => story::outcome(teller),
    }
}

/// Who reads the words, now and later.
fn words_note(holder: &Holder<'_>) -> String {
    let (lang, report) = (holder.lang, &holder.report);
    let key = match (report.erased_at, report.release) {
        (Some(_), _) => "erased",
        (_, Release::Waiting) if report.words.as_deref().is_some_and(|w| !reports::doubts(w).is_empty()) => "doubtful",
        (_, Release::Waiting) => "waiting",
        (_, Release::AsWritten) => "as_written",
        (_, Release::Summary) => "summary",
        (_, Release::Withheld) => "withheld",
        (_, Release::Nothing) => "nothing",
    };
    let today = dates::local(holder.house.now()).date();
    let until = report.release_due.map(|due| dates::day(dates::local(due - chrono::Duration::minutes(1)).date(), today, lang)).unwrap_or_default();
    lang.say(&format!("receipts.release.{key}"), &[("until", &until), ("words", report.public_words.as_deref().unwrap_or_default())])
}

/// What may be done now; and why the rest may not.
async fn acts(holder: &Holder<'_>, db: &impl ConnectionTrait, ask: bool, hiding: Option<&Hiding>) -> Result<(Vec<Way>, Vec<String>)> {
    let lang = holder.lang;
    let mut ways = vec![];
    let mut not_now = vec![];
    let mut way = |act: &str, key: &str, main: bool| {
        ways.push(Way { href: format!("/r/{}/{act}", holder.receipt), word: lang.t(&format!("receipts.act.{key}")), main })
    };
    if holder.report.ask_talkative().is_ok() {
        way("messages", "messages", !ask);
        way("following", if following::told(holder, db).await? { "told" } else { "follow" }, false);
    }
    if holder.report.erased_at.is_none()
        && holder.report.withdrawn_at.is_none()
        && crate::domain::effect_checks::asked(db, holder.issue.id).await?.is_some()
    {
        way("effect", "effect", !ask);
    }
    if hiding.is_some_and(|h| h.ask_appealable().is_ok()) && holder.report.erased_at.is_none() {
        way("appeal", "appeal", false);
    }
    if holder.report.ask_ratable(&holder.issue).is_ok() {
        way("rating", if holder.report.rating.is_some() { "rated" } else { "rate" }, false);
    }
    if holder.report.erased_at.is_none() {
        way("may-know", "may_know", false);
    }
    way("export", "export", false);
    match withdrawal::reason(holder) {
        None => way("withdrawal", "withdraw", false),
        Some(key) => not_now.push(lang.t(&format!("refusals.{key}"))),
    }
    match holder.report.erased_at {
        None => way("erasure", "erase", false),
        Some(_) => not_now.push(lang.t("refusals.report_erased")),
    }
    if holder.issue.state.is_open() && holder.issue.state != IssueState::Done && holder.report.withdrawn_at.is_none() {
        not_now.push(lang.t("receipts.later"));
    }
    Ok((ways, not_now))
}
