//! The agenda in lines, and whom a meeting can ask to sign.

use serde::Serialize;

use super::dossier::{self, Opt};
use crate::domain::issues;
use crate::domain::meetings::items::{Competence, Item};
use crate::domain::meetings::{Meeting, MeetingState, overtaken, timing};
use crate::domain::motions;
use crate::domain::organisations;
use crate::domain::resolutions;
use crate::domain::undertakings::{self, UndertakingState};
use crate::kernel::error::Result;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::drawn::item_mark;
use crate::web::dates;

/// A line of the agenda.
#[derive(Serialize)]
pub struct Line {
    pub position: i32,
    pub title: String,
    pub href: String,
    pub question: Option<String>,
    pub issue: Option<String>,
    pub competence: String,
    pub red: bool,
    pub late: bool,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    pub outcome: Option<String>,
    /// `4家要做，签了2家`.
    pub signed: Option<String>,
    /// What the votes came to: sum and, where it was carried, the resolution.
    pub votes: Vec<Voted>,
    pub now: bool,
    pub over: bool,
    pub hidden: Option<String>,
    /// Kept from outsiders, and why; for those inside.
    pub not_public: Option<String>,
    /// When it is to begin, and how long it is to take.
    pub time: Option<String>,
    pub minutes: i32,
    /// As planned by hand; empty where the rule of thumb holds.
    pub planned: String,
    /// Its matter was settled meanwhile.
    pub overtaken: Option<String>,
    pub version: i32,
}

/// A vote that is closed.
#[derive(Serialize)]
pub struct Voted {
    pub title: String,
    pub words: String,
    pub outcome: String,
    pub resolution: Option<String>,
    pub resolution_href: Option<String>,
}

async fn voted(caller: &Caller, here: &Here, meeting: &Meeting, item: &Item) -> Result<Vec<Voted>> {
    let db = caller.house.read();
    let rules = meeting.rules(db).await?;
    let mut out = vec![];
    for m in motions::of_item(db, item.id).await? {
        let Some(count) = m.counted() else { continue };
        let sum = crate::web::councils::sum::Sum::of(&count, &rules, m.weight, caller.lang)?;
        let resolution = resolutions::of_motion(db, m.id).await?;
        out.push(Voted {
            title: m.title,
            words: sum.sentence,
            outcome: sum.outcome_words,
            resolution: resolution.as_ref().map(|r| r.label(here.short())),
            resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
        });
    }
    Ok(out)
}

/// The agenda of a meeting. What is not public stands there with its reason, without its words, for those outside.
pub async fn lines(caller: &Caller, here: &Here, meeting: &Meeting, items: &[Item], current: Option<i32>) -> Result<Vec<Line>> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let inside = here.inside(caller);
    let clock =
        if meeting.closed_at.is_some() || meeting.state == MeetingState::Cancelled { vec![] } else { timing::clock(meeting.starts_at, items) };
    let mut out = vec![];
    for item in items {
        let issue = match item.issue_id {
            Some(id) => Some(issues::by_id(db, id).await?),
            None => None,
        };
        let home = here.home(db, issue.as_ref()).await?;
        let asked: Vec<_> = undertakings::of_item(db, item.id).await?.into_iter().filter(|u| u.state.counts()).collect();
        let signed = asked.iter().filter(|u| u.state == UndertakingState::Signed).count();
        let with = [("n", asked.len().to_string()), ("signed", signed.to_string())];
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let (mark, class) = item_mark(item);
        let hidden = !item.public && !inside;
        out.push(Line {
            position: item.position,
            title: if hidden { lang.t("meetings.not_public") } else { item.title.clone() },
            href: format!("{}/meetings/{}/items/{}", here.root, meeting.number, item.position),
            question: Some(item.question.clone()).filter(|q| !q.is_empty() && !hidden),
            issue: issue
                .zip(home)
                .filter(|_| !hidden)
                .map(|(issue, b)| lang.say("councils.issue_line", &[("label", &b.label(issue.number)), ("n", &issue.reports.to_string())])),
            competence: lang.t(&format!("meetings.competence.{}", item.competence.as_str())),
            red: item.competence != Competence::Council,
            late: item.late,
            state: lang.t(&format!("meetings.item_state.{}", item.state.as_str())),
            mark,
            class,
            outcome: dossier::outcome(item, caller).filter(|_| !hidden),
            signed: (!asked.is_empty() && inside).then(|| lang.say("undertakings.signed_of", &with)),
            votes: if hidden { vec![] } else { voted(caller, here, meeting, item).await? },
            now: current == Some(item.position),
            over: item.closed_at.is_some(),
            hidden: hidden.then(|| item.withheld_because(lang)),
            not_public: (!item.public && inside).then(|| item.withheld_because(lang)),
            time: clock.iter().find(|(p, _)| *p == item.position).map(|(_, at)| dates::local(*at).format("%H:%M").to_string()),
            minutes: item.planned(),
            planned: item.minutes.map(|m| m.to_string()).unwrap_or_default(),
            overtaken: match inside {
                true => overtaken::of_item(db, item).await?.map(|why| lang.t(&format!("meetings.overtaken.{}", why.as_str()))),
                false => None,
            },
            version: item.version,
        });
    }
    Ok(out)
}

/// The organisations that can be asked to sign.
pub async fn parties(caller: &Caller, here: &Here) -> Result<Vec<Opt>> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let all = match here.building() {
        Some(b) => organisations::around(db, b.district_id, b.id).await?,
        None => organisations::of_district(db, here.council.district_id).await?,
    };
    Ok(all.iter().map(|o| Opt { value: o.slug.clone(), label: o.name(lang).to_owned() }).collect())
}
