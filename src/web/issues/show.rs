//! One matter: the outcome first, then the chain, then how it came about.

use rocket::http::ContentType;
use rocket::{Route, get, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::single::{self, Named, Shape};
use crate::domain::attachments;
use crate::domain::buildings::Building;
use crate::domain::effect_checks::Verdict;
use crate::domain::issues::{self, IssueState, Origin};
use crate::domain::journal::Reader;
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::Anyone;
use crate::web::shown::chain::{self, Stop};
use crate::web::shown::charts;
use crate::web::shown::clock::{self, Clock};
use crate::web::shown::hands::{self, Hands};
use crate::web::shown::linked;
use crate::web::shown::matter::Matter;
use crate::web::shown::proven::{self, Proven};
use crate::web::shown::states::{self, State};
use crate::web::shown::story::{self, Story, Teller};
use crate::web::shown::{ledger_entry, listed};

pub(super) fn routes() -> Vec<Route> {
    routes![show, code]
}

/// A term and its value beside the story.
#[derive(Serialize)]
struct Fact {
    term: String,
    value: String,
    href: Option<String>,
    small: Option<String>,
}

/// Several of a kind that one stop of the chain stands for, oldest first.
#[derive(Serialize)]
struct Several {
    id: &'static str,
    term: String,
    ways: Vec<Taken>,
}

#[derive(Serialize)]
struct Taken {
    href: String,
    word: String,
    small: String,
}

#[derive(Serialize)]
struct Photo {
    src: String,
    href: String,
    alt: String,
    caption: Option<String>,
}

#[derive(Serialize)]
struct Seal {
    heading: String,
    words: String,
    href: String,
    act: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    href: String,
    label: String,
    number: i32,
    kind: String,
    title: String,
    title_lang: Option<&'static str>,
    /// What a Chinese title is about, for who doesn't read it.
    gist: Option<String>,
    states: Vec<State>,
    since: Option<String>,
    outcome: Vec<String>,
    chain: Vec<Stop>,
    /// Through whose hands it went, where that is more than one.
    hands: Option<Hands>,
    summary: Option<String>,
    waiting: bool,
    story: Story,
    facts: Vec<Fact>,
    /// Its meetings and its resolutions, where there is more than one.
    several: Vec<Several>,
    links: Vec<linked::Shown>,
    clock: Option<Clock>,
    clock_term: String,
    clock_href: String,
    follow: String,
    seal: Option<Seal>,
    quotes: Vec<String>,
    photos: Vec<Photo>,
    /// Those that stay folded: a page is not an album.
    more_photos: Vec<Photo>,
    open: bool,
    count: i32,
    form: FormState,
    report_href: String,
    work: Option<String>,
    /// Where what is public here is hidden, for those who may.
    hide: Option<String>,
    public_url: String,
    proven: Option<Proven>,
    /// For the picture that is passed on.
    place: String,
    state_word: String,
}

#[get("/<building>/issues/<number>")]
async fn show(who: Anyone<'_>, building: &str, number: Named) -> Result<Answer> {
    let Named { number, shape } = number;
    if shape != Shape::Page {
        let (building, issue, _) = issues::by_address(who.house.read(), building, number).await?;
        return single::file(&who, &building, &issue, shape).await;
    }
    let db = &who.house.reading().await?;
    let (building, issue, place) = issues::by_address(db, building, number).await?;
    let m = Matter::at(db, place, issue).await?;
    let lang = who.lang;
    let t = Teller { m: &m, building: &building, reader: Reader::Public, now: who.house.now(), lang };
    let mut told = story::tell(t);
    told.illustrate(charts::of(&who, db, &m).await?);
    let href = m.href(&building);
    let (clock_term, clock) = running_clock(&who, &m);
    let released = m.issue.public_title.is_some();
    let mut pictures = photos(db, lang, &m).await?;
    let kind = crate::domain::categories::name(&m.issue.category, lang);
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        label: building.label(number),
        number,
        kind: lang.say("issues.plate", &[("code", &building.code)]),
        title: m.issue.title_for_public(lang),
        title_lang: (released && lang == Lang::En).then_some("zh-CN"),
        gist: (released && lang == Lang::En).then(|| lang.say("issues.gist", &[("kind", &kind), ("place", &m.place.public(lang))])),
        states: shown_states(&who, db, &building, &m).await?,
        since: since(&who, &m),
        outcome: story::outcome(&t),
        chain: chain::of(&m, &building, None, lang),
        hands: hands::moved(&m, hands::View { reader: Reader::Public, now: who.house.now(), calendar: &who.house.calendar(), lang }),
        summary: m.issue.public_text.clone(),
        waiting: !released && m.voices.iter().all(|v| v.public_words.is_none()),
        story: told,
        facts: facts(&t, &who),
        several: several(&t),
        links: linked::of(&m.links, &building, false, lang),
        clock,
        clock_term,
        clock_href: format!("{href}/clock"),
        follow: format!("/b/{}/follow?issue={number}", building.slug),
        seal: seal(&who, &m),
        // The first ones stand in the story.
        quotes: m.voices.iter().filter_map(|v| v.public_words.clone()).skip(3).collect(),
        more_photos: pictures.split_off(PHOTOS.min(pictures.len())),
        photos: pictures,
        open: m.issue.state.is_open() && m.issue.origin != Origin::Plan,
        count: m.issue.reports,
        form: FormState::fresh(&who),
        proven: proven::of(&who, db, &m.issue).await?,
        report_href: format!("/b/{}/report", building.slug),
        work: may(&who, Right::Desk, &building).then(|| format!("{href}/work")),
        hide: (may(&who, Right::Hide, &building) && m.voices.iter().any(|v| v.public_words.is_some())).then(|| format!("{href}/hidings")),
        place: m.place.public(lang),
        state_word: states::of(&m.issue, None, lang).word.into_owned(),
        public_url: format!("{}{href}", who.house.settings().public_url.trim_end_matches('/')),
        href,
    };
    let frame = Frame::titled(format!("{} {}", page.label, page.title))
        .of(&who, &building)
        .here("issues")
        .class("pg-issue")
        .feed(format!("{}.atom", page.href));
    who.page(frame, "issues/show", &page)
}

/// The code of the matter's public address: on the picture that is passed on in a group.
#[get("/<building>/issues/<number>/code.svg")]
async fn code(who: Anyone<'_>, building: &str, number: i32) -> Result<Answer> {
    let (building, issue, _) = issues::by_address(who.house.read(), building, number).await?;
    let address = who.house.settings().address(&format!("/b/{}/issues/{}", building.slug, issue.number));
    let drawn = qr::svg(&address).map_err(|e| Error::broken(e.to_string()))?;
    Ok(Answer::bytes(ContentType::SVG, drawn.into_bytes()).header("Cache-Control", "public, max-age=86400"))
}

/// Whether whoever reads this has a right here: then the working side of the matter is one step away.
fn may(caller: &Caller, right: Right, building: &Building) -> bool {
    caller.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, right, building).is_some())
}

/// The state, the verdict of the last check, and that it is late.
async fn shown_states(caller: &Caller, db: &impl ConnectionTrait, building: &Building, m: &Matter) -> Result<Vec<State>> {
    let lang = caller.lang;
    let into = match m.issue.merged_into_id {
        Some(id) => Some(building.label(issues::by_id(db, id).await?.number)),
        None => None,
    };
    let mut all = vec![];
    if let Some(v) = m.last_check().and_then(|c| c.verdict).filter(|v| *v != Verdict::Ineffective || m.issue.state == IssueState::OnAgenda) {
        all.push(states::verdict(v, lang));
    }
    all.push(states::of(&m.issue, into.as_deref(), lang));
    if m.issue.late(caller.house.now())
        && let Some(due) = m.issue.next_due
    {
        all.push(states::late(dates::due(due, caller.house.now(), &caller.house.calendar(), lang).left));
    }
    Ok(all)
}

fn since(caller: &Caller, m: &Matter) -> Option<String> {
    let at = m.issue.closed_at.or(m.issue.done_at.filter(|_| m.issue.state == IssueState::Done))?;
    Some(dates::short(dates::local(at).date(), dates::local(caller.house.now()).date(), caller.lang))
}

/// The clock that runs now, with what it is for: the first answer, the result, the confirmation.
fn running_clock(caller: &Caller, m: &Matter) -> (String, Option<Clock>) {
    let (now, calendar, i) = (caller.house.now(), caller.house.calendar(), &m.issue);
    let of = |key: &str, start, end| {
        let clock = clock::of(start, end, &[], now, &calendar, caller.lang);
        (caller.lang.t(&format!("issues.clocks.{key}")), Some(clock))
    };
    match (i.state, i.first_answer_due, i.result_due, i.confirm_due) {
        (IssueState::Done, _, _, Some(due)) => of("confirm", i.done_at.unwrap_or(i.moved_at), due),
        (IssueState::Received, Some(due), ..) => of("first", i.clocks_from(), due),
        (IssueState::Received | IssueState::Accepted | IssueState::InWork, _, Some(due), _) => of("result", i.clocks_from(), due),
        _ => (String::new(), None),
    }
}

fn facts(t: &Teller<'_>, caller: &Caller) -> Vec<Fact> {
    let (m, lang, now) = (t.m, t.lang, t.now);
    let mut facts = vec![];
    let mut fact = |key: &str, value: String, small: Option<String>| {
        facts.push(Fact { term: lang.t(&format!("issues.facts.{key}")), value, href: None, small });
    };
    let holder = m.name(m.issue.holder_id, lang);
    if m.issue.state.is_open() {
        let offered = m.issue.offered_to_id.map(|id| lang.say("issues.facts.offered", &[("to", &m.name(Some(id), lang))]));
        fact("holder", holder, offered);
    } else {
        fact("holder", lang.t("issues.facts.nobody"), None);
    }
    fact("place", m.place.public(lang), None);
    fact("category", crate::domain::categories::name(&m.issue.category, lang), None);
    if let Some(end) = m.issue.closed_at.or(m.issue.done_at) {
        let calendar = caller.house.calendar();
        let days = calendar.working_days_between(calendar.date_of(m.issue.received_at), calendar.date_of(end));
        let same_day = calendar.date_of(m.issue.received_at) == calendar.date_of(end);
        let words = match days {
            0 if same_day => lang.t("issues.facts.took_same_day"),
            0 => lang.t("issues.facts.took_off"),
            n => lang.say("issues.facts.took_days", &[("n", &n.to_string())]),
        };
        fact("took", words, None);
    }
    let mut workers: Vec<String> = m.tasks.iter().map(|x| m.name(Some(x.organisation_id), lang)).collect();
    workers.extend(m.issue.done_by_id.map(|id| m.name(Some(id), lang)));
    workers.sort();
    workers.dedup();
    if !workers.is_empty() {
        fact("workers", listed(&workers, lang), None);
    }
    if let Some(next) = m.checks.iter().find(|c| c.verdict.is_none()) {
        let day = dates::parse(&next.planned_on).map_or_else(|| next.planned_on.clone(), |d| dates::day(d, dates::local(now).date(), lang));
        fact("check", day, None);
    }
    facts
}

/// What the stops of the chain count more than one of.
fn several(t: &Teller<'_>) -> Vec<Several> {
    let (m, lang) = (t.m, t.lang);
    let day = |at| dates::short(dates::local(at).date(), dates::local(t.now).date(), lang);
    let meeting = |x: &crate::domain::meetings::Meeting| Taken {
        href: format!("{}/meetings/{}", m.root_of(x.council_id, t.building), x.number),
        word: lang.say("meetings.nth", &[("n", &x.number.to_string())]),
        small: day(x.starts_at),
    };
    let resolution = |r: &crate::domain::resolutions::Resolution| Taken {
        href: format!("{}/resolutions/{}", m.root_of(r.council_id, t.building), r.address()),
        word: m.label_of(r, t.building),
        small: r.title.clone(),
    };
    let of = |id, ways: Vec<Taken>| Several { id, term: lang.t(&format!("issues.facts.{id}")), ways };
    let both = [of("meetings", m.meetings.iter().map(meeting).collect()), of("resolutions", m.resolutions.iter().map(resolution).collect())];
    both.into_iter().filter(|s| s.ways.len() > 1).collect()
}

/// Where anybody can check what came of it.
fn seal(caller: &Caller, m: &Matter) -> Option<Seal> {
    let (position, at) = m.ledger()?;
    let lang = caller.lang;
    let (n, at) = (position.to_string(), dates::moment(at, caller.house.now(), lang));
    Some(Seal {
        heading: lang.t("issues.seal.heading"),
        words: lang.say("issues.seal.words", &[("at", &at), ("n", &n)]),
        href: ledger_entry(position),
        act: lang.t("issues.seal.check"),
    })
}

/// Photos that stand on the page unfolded.
const PHOTOS: usize = 8;

/// Pictures that were released, in the order in which they came; one that was sent several times is shown once.
async fn photos(db: &impl ConnectionTrait, lang: Lang, m: &Matter) -> Result<Vec<Photo>> {
    let shown = attachments::public_of_issue(db, m.issue.id).await?;
    let photo = |(i, p): (usize, attachments::Public)| Photo {
        src: format!("/photos/{}.jpg", p.thumb_hash),
        href: format!("/photos/{}.jpg", p.hash),
        alt: lang.say("issues.photo", &[("n", &(i + 1).to_string())]),
        caption: match p.times {
            1 => p.evidence.then(|| lang.t("issues.evidence")),
            n => Some(lang.say("issues.photo_same", &[("n", &n.to_string())])),
        },
    };
    Ok(shown.into_iter().enumerate().map(photo).collect())
}
