//! An item's dossier: what the meeting is to answer, whose decision it is, the figures, what was tried, what each party
//! says. Written by what happened; only the question and the papers are the secretary's.

use serde::Serialize;

use crate::domain::buildings::{self, Building};
use crate::domain::effect_checks;
use crate::domain::issues::{self, Issue};
use crate::domain::meetings::Meeting;
use crate::domain::meetings::items::{self, Competence, Item};
use crate::domain::meetings::publicity::NotPublic;
use crate::domain::rights::Right;
use crate::domain::{organisations, resolutions, topics, undertakings};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::drawn::item_mark;
use crate::web::dates;
use crate::web::deliberation::shown::Shown as Deliberation;
use crate::web::effect_checks::value;
use crate::web::lifts::shown::{self as lifts, Shown as Forecast};
use crate::web::owners_votes;
use crate::web::shown::chain::{self, Link, Stop};
use crate::web::shown::charts::{self, Figure};
use crate::web::shown::decimal;
use crate::web::shown::matter::Matter;
use crate::web::shown::proven::{self, Proven};
use crate::web::shown::states::{self, State};
use crate::web::themes::{Attempt, attempt};
use crate::web::undertakings::Sign;

/// One of a few.
#[derive(Clone, Debug, Serialize)]
pub struct Opt {
    pub value: String,
    pub label: String,
}

impl Opt {
    /// Words of a vocabulary, with their names below a key.
    pub fn all<'w>(words: impl IntoIterator<Item = &'w str>, key: &str, lang: Lang) -> Vec<Self> {
        words.into_iter().map(|w| Self { value: w.to_owned(), label: lang.t(&format!("{key}.{w}")) }).collect()
    }
}

/// A step of the way here.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    pub words: String,
    pub href: Option<String>,
}

impl Crumb {
    /// One that leads somewhere.
    pub fn to(words: String, href: String) -> Self {
        Self { words, href: Some(href) }
    }
    /// The page itself.
    pub fn here(words: String) -> Self {
        Self { words, href: None }
    }
}

#[derive(Serialize)]
struct Whose {
    word: String,
    class: &'static str,
}

#[derive(Serialize)]
struct Measured {
    name: String,
    value: String,
    phase: String,
    when: String,
    how: String,
}

#[derive(Serialize)]
struct Tried {
    label: String,
    title: String,
    href: String,
    when: String,
    verdict: Option<State>,
    words: Option<String>,
}

/// A resolution of another building, and whether it helped.
#[derive(Serialize)]
struct Elsewhere {
    building: String,
    attempt: Attempt,
}

/// What the dossier's partial reads.
#[derive(Serialize)]
pub struct Dossier {
    title: String,
    number: Option<i32>,
    issue_href: Option<String>,
    state: String,
    mark: &'static str,
    class: &'static str,
    reports: Option<String>,
    proven: Option<Proven>,
    /// For how many workers enterprises speak.
    represented: Option<String>,
    question: Option<String>,
    whose: Vec<Whose>,
    warning: String,
    red: bool,
    /// What the owners have said, where it is theirs to decide.
    owners: Option<owners_votes::Said>,
    measured: Vec<Measured>,
    charts: Vec<Figure>,
    chain: Option<Vec<Stop>>,
    tried: Vec<Tried>,
    /// What other buildings of the district decided about the same kind of trouble.
    elsewhere: Vec<Elsewhere>,
    /// Everything that was.
    theme: Option<String>,
    /// What each party that must act has said.
    signs: Vec<Sign>,
    papers: Vec<String>,
    /// What was said about it beforehand, for those inside.
    deliberation: Option<Deliberation>,
    deliberation_href: Option<String>,
    /// The forecast of a morning at the lifts.
    lifts: Option<Forecast>,
    /// Where the secretary makes one.
    lifts_make: Option<String>,
    /// Other matters that the topic answers.
    topic: Vec<Crumb>,
    source: String,
    proposed: String,
    late: bool,
    frozen: Option<String>,
    outcome: Option<String>,
    inside: bool,
    not_public: bool,
    not_public_reason: Option<String>,
}

/// The fields of the form that prepares an item.
pub fn prepared(item: &Item) -> Vec<(&'static str, String)> {
    vec![
        ("title", item.title.clone()),
        ("question", item.question.clone()),
        ("competence", item.competence.as_str().to_owned()),
        ("papers", item.papers.clone()),
    ]
}

/// The fields of the form that keeps an item from outsiders.
pub fn publicity(item: &Item) -> Vec<(&'static str, String)> {
    let ground = item.not_public_ground.filter(|_| !item.public).map_or("public", NotPublic::as_str);
    vec![("ground", ground.to_owned()), ("words", item.not_public_reason.clone().unwrap_or_default())]
}

/// Public, or why not.
pub fn grounds(lang: Lang) -> Vec<Opt> {
    Opt::all(std::iter::once("public").chain(NotPublic::ALL.iter().map(|g| g.as_str())), "meetings.publicity", lang)
}

/// How an item ended, in words: `延到12月3日`, `转给业主：…`.
pub fn outcome(item: &Item, caller: &Caller) -> Option<String> {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    match (&item.deferred_to, &item.outcome_words) {
        (Some(day), _) => dates::parse(day).map(|d| lang.say("meetings.outcome.deferred", &[("date", &dates::day(d, today, lang))])),
        (None, Some(words)) => Some(lang.say("meetings.outcome.referred", &[("words", words)])),
        _ => None,
    }
}

async fn measured(caller: &Caller, issue: &Issue) -> Result<Vec<Measured>> {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    let all = effect_checks::measurements(caller.house.read(), issue.id).await?;
    let lines = all.iter().map(|m| Measured {
        name: if m.label.is_empty() { lang.t(&format!("charts.figures.{}", m.figure.as_str())) } else { m.label.clone() },
        value: format!("{}{}", decimal(m.value, m.decimals), value::unit(&m.unit, lang)),
        phase: lang.t(&format!("checks.phase.{}", m.phase.as_str())),
        when: dates::parse(&m.measured_on).map(|d| dates::short(d, today, lang)).unwrap_or_default(),
        how: match m.sample {
            Some(n) => lang.say("checks.sample", &[("source", &m.source), ("n", &n.to_string())]),
            None => m.source.clone(),
        },
    });
    Ok(lines.collect())
}

/// What was measured, when the reports came, at which hours.
async fn drawn(caller: &Caller, m: &Matter) -> Result<Vec<Figure>> {
    let db = caller.house.read();
    let mut all = charts::of(caller, db, m).await?;
    all.extend(charts::hours(caller, db, m).await?);
    Ok(all)
}

async fn tried(caller: &Caller, here: &Here, issue: &Issue) -> Result<Vec<Tried>> {
    let (db, lang, today) = (caller.house.read(), caller.lang, dates::local(caller.house.now()).date());
    let mut out = vec![];
    for r in here.shown(caller, resolutions::of_issue(db, issue.id).await?).await? {
        let checks = effect_checks::of_resolution(db, r.id).await?;
        let made = checks.iter().rev().find(|c| c.verdict.is_some());
        out.push(Tried {
            label: r.full_label(db).await?,
            title: r.title.clone(),
            href: format!("{}/resolutions/{}", r.council(db).await?.root(db).await?, r.address()),
            when: dates::short(dates::local(r.adopted_at).date(), today, lang),
            verdict: made.and_then(|c| c.verdict).map(|v| states::verdict(v, lang)),
            words: made.and_then(|c| c.words.clone()),
        });
    }
    Ok(out)
}

/// The latest of other buildings, what was checked first.
async fn elsewhere(caller: &Caller, building: &Building, issue: &Issue) -> Result<Vec<Elsewhere>> {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    let all = resolutions::elsewhere(caller.house.read(), building.district_id, building.id, &issue.category, 5).await?;
    Ok(all.iter().map(|d| Elsewhere { building: lang.pick(&d.building, &d.building_en).to_owned(), attempt: attempt(d, today, lang) }).collect())
}

/// Gathers it.
pub async fn of(caller: &Caller, here: &Here, item: &Item, meeting: Option<&Meeting>) -> Result<Dossier> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let issue = match item.issue_id {
        Some(id) => Some(issues::by_id(db, id).await?),
        None => None,
    };
    let inside = here.inside(caller);
    let proposer = match item.proposed_by_id {
        Some(id) => organisations::by_id(db, id).await?.short(lang).to_owned(),
        None => String::new(),
    };
    let since = dates::short(dates::local(item.created_at).date(), dates::local(now).date(), lang);
    let (mark, class) = item_mark(item);
    let place = meeting.map(|m| format!("{}/meetings/{}/items/{}", here.root, m.number, item.position));
    let signs = if inside {
        let asked = undertakings::of_item(db, item.id).await?;
        Sign::all(caller, place.as_deref(), &asked).await?
    } else {
        vec![]
    };
    let home = here.home(db, issue.as_ref()).await?;
    let matter = match &issue {
        Some(i) => Some(Matter::load(db, i.clone()).await?),
        None => None,
    };
    let number = items::number(db, item).await?;
    let lifts_href = format!("{}/council/items/{number}/lifts", here.root);
    let lifts = lifts::of(caller, item, lifts_href.clone()).await?;
    let preparing = here.may(caller, Right::Secretariat) && meeting.is_none_or(|m| m.called_at.is_none());
    let owners = match here.building() {
        Some(_) => owners_votes::about(caller, &here.root, item, here.may(caller, Right::Secretariat)).await?,
        None => None,
    };
    let whose = Competence::ALL.iter().map(|c| Whose {
        word: lang.t(&format!("meetings.competence.{}", c.as_str())),
        class: match (*c == item.competence, *c) {
            (false, _) => "",
            (true, Competence::Council) => "on",
            (true, _) => "warn",
        },
    });
    Ok(Dossier {
        title: item.title.clone(),
        number: issue.as_ref().map(|i| i.number),
        issue_href: issue.as_ref().zip(home.as_ref()).map(|(i, b)| format!("/b/{}/issues/{}", b.slug, i.number)),
        state: lang.t(&format!("meetings.item_state.{}", item.state.as_str())),
        mark,
        class,
        reports: issue.as_ref().map(|i| lang.say("meetings.reports", &[("n", &i.reports.to_string())])),
        proven: match &issue {
            Some(i) => proven::of(caller, caller.house.read(), i).await?,
            None => None,
        },
        represented: matter.as_ref().filter(|m| m.represented > 0).map(|m| lang.say("meetings.represented", &[("n", &m.represented.to_string())])),
        question: Some(item.question.clone()).filter(|q| !q.is_empty()),
        whose: whose.collect(),
        warning: lang.t(&format!("meetings.warning.{}", item.competence.as_str())),
        red: item.competence != Competence::Council && !owners.as_ref().is_some_and(|o| o.settled),
        owners,
        measured: match &issue {
            Some(i) => measured(caller, i).await?,
            None => vec![],
        },
        charts: match &matter {
            Some(m) => drawn(caller, m).await?,
            None => vec![],
        },
        chain: matter.as_ref().zip(home.as_ref()).map(|(m, b)| chain::of(m, b, Link::Meeting, lang)),
        tried: match &issue {
            Some(i) => tried(caller, here, i).await?,
            None => vec![],
        },
        elsewhere: match (&issue, home.as_ref()) {
            (Some(i), Some(b)) if inside => elsewhere(caller, b, i).await?,
            _ => vec![],
        },
        theme: match (&issue, home.as_ref()) {
            (Some(i), Some(b)) => Some(format!("/d/{}/themes/{}", buildings::district_by_id(db, b.district_id).await?.slug, i.category)),
            _ => None,
        },
        signs,
        lifts_make: (lifts.is_none() && preparing).then_some(lifts_href),
        lifts,
        deliberation: if inside { Some(Deliberation::of(caller, here, item).await?).filter(|d| !d.is_empty()) } else { None },
        deliberation_href: inside.then(|| format!("{}/council/items/{number}/deliberation", here.root)),
        papers: if inside { paragraphs(&item.papers) } else { vec![] },
        topic: match here.building() {
            Some(b) => topics::of_item(db, item.id)
                .await?
                .iter()
                .map(|i| Crumb::to(b.label(i.number), format!("{}/issues/{}", here.root, i.number)))
                .collect(),
            None => vec![],
        },
        source: lang.t(&format!("meetings.source.{}", item.source.as_str())),
        proposed: if proposer.is_empty() { since } else { lang.say("meetings.proposed_by", &[("who", &proposer), ("when", &since)]) },
        late: item.late,
        frozen: meeting.and_then(|m| m.called_at).map(|at| dates::moment(at, now, lang)),
        outcome: outcome(item, caller),
        inside,
        not_public: !item.public,
        not_public_reason: (!item.public).then(|| item.withheld_because(lang)),
    })
}

/// A text as it was written, by paragraphs.
pub fn paragraphs(words: &str) -> Vec<String> {
    words.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}
