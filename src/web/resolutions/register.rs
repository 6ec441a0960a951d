//! `…/council/resolutions`: the register of what a council has decided, as of today or of any past day.

use rocket::{FromForm, get};
use serde::Serialize;
use url::form_urlencoded::Serializer;

use crate::domain::buildings;
use crate::domain::categories;
use crate::domain::organisations;
use crate::domain::resolutions::{self, Narrowed, RegisterRow, ResolutionState, Standing};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::drawn::resolution_mark;
use crate::web::dates;
use crate::web::guards::Anyone;
use crate::web::meetings::dossier::{Crumb, Opt};
use crate::web::shown::states::{self, State};

/// Lines on a page.
const PAGE: u64 = 50;

/// The address as it was asked for.
#[derive(Clone, Debug, Default, FromForm)]
pub(super) struct Query {
    /// `in_force`, `adopted`, `ended`, `all`.
    pub state: Option<String>,
    pub year: Option<String>,
    /// A category's code.
    pub category: Option<String>,
    /// An organisation's slug.
    pub organisation: Option<String>,
    /// As of this day.
    pub on: Option<String>,
    /// Words.
    pub q: Option<String>,
    /// The last one of the page before, `2026-9`.
    pub after: Option<String>,
}

fn given(typed: &Option<String>) -> Option<&str> {
    typed.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

impl Query {
    /// What it comes to. What cannot be read narrows nothing; an organisation that is not there is not found.
    pub async fn narrowed(&self, caller: &Caller, here: &Here) -> Result<Narrowed> {
        let now = caller.house.now();
        let day = given(&self.on).and_then(dates::parse);
        let organisation = match given(&self.organisation) {
            Some(slug) => Some(organisations::by_slug(caller.house.read(), here.council.district_id, slug).await?.id),
            None => None,
        };
        let below = match given(&self.after) {
            Some(typed) => Some(super::show::number(typed)?),
            None => None,
        };
        Ok(Narrowed {
            standing: given(&self.state).and_then(Standing::named).unwrap_or_default(),
            at: Narrowed::as_of(day, now, &caller.house.calendar()),
            year: given(&self.year).and_then(|y| y.parse().ok()),
            category: given(&self.category).map(str::to_owned),
            organisation,
            words: given(&self.q).map(str::to_owned),
            showing: None,
            inside: here.inside(caller),
            below,
        })
    }

    /// The same with another page.
    pub fn address(&self, after: Option<&str>) -> String {
        let mut out = Serializer::new(String::new());
        let fields = [
            ("state", &self.state),
            ("year", &self.year),
            ("category", &self.category),
            ("organisation", &self.organisation),
            ("on", &self.on),
            ("q", &self.q),
        ];
        for (name, value) in fields {
            if let Some(value) = given(value) {
                out.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            out.append_pair("after", after);
        }
        match out.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        }
    }
}

/// A resolution in a list.
#[derive(Serialize)]
pub struct Line {
    pub label: String,
    pub href: String,
    pub title: String,
    pub when: String,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    /// The last check's verdict, where one was made.
    pub effect: Option<State>,
    /// `3项任务，做完2项`.
    pub tasks: Option<String>,
    /// What it does to an earlier one; from when, until when; amended, objected to.
    pub notes: Vec<String>,
}

/// Rows as lines, in their state as of an instant.
pub fn lines(caller: &Caller, here: &Here, rows: &[RegisterRow], at: chrono::DateTime<chrono::Utc>) -> Vec<Line> {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    let day = |at: chrono::DateTime<chrono::Utc>| dates::short(dates::local(at).date(), today, lang);
    let line = |r: &RegisterRow| {
        let state = r.state_at(at);
        let (mark, class) = resolution_mark(state);
        let mut notes = vec![];
        if let Some((year, serial)) = r.earlier_year.zip(r.earlier_serial) {
            let upon = r.upon.map_or("supersedes", |u| u.as_str());
            let which = resolutions::number(here.short(), year, serial);
            notes.push(lang.say("resolutions.register.upon", &[("word", &lang.t(&format!("resolutions.upon.{upon}"))), ("which", &which)]));
        }
        let held = r.in_force_at.filter(|t| *t <= at).map(|t| lang.say("resolutions.in_force_on", &[("when", &day(t))]));
        notes.extend(held);
        notes.extend(r.ended_at.filter(|t| *t <= at).map(|t| lang.say("resolutions.register.ended", &[("when", &day(t))])));
        if state == ResolutionState::InForce {
            let until = r.force_until.as_deref().and_then(dates::parse);
            notes.extend(until.map(|d| lang.say("resolutions.terms.until", &[("day", &dates::day(d, today, lang))])));
            if r.amended > 0 {
                notes.push(lang.t("resolutions.register.amended"));
            }
        }
        if state == ResolutionState::Adopted && r.objections > 0 {
            notes.push(lang.t("resolutions.register.objected"));
        }
        let counted = [("n", r.tasks.to_string()), ("done", r.tasks_done.to_string())];
        Line {
            label: resolutions::number(here.short(), r.year, r.serial),
            href: format!("{}/resolutions/{}", here.root, r.address()),
            title: if here.inside(caller) { r.title.clone() } else { r.public_title(lang) },
            when: day(r.adopted_at),
            state: lang.t(&format!("resolutions.state.{state}")),
            mark,
            class,
            effect: r.verdict.map(|v| states::verdict(v, lang)),
            tasks: (r.tasks > 0).then(|| lang.say("resolutions.register.tasks", &[("n", &counted[0].1), ("done", &counted[1].1)])),
            notes,
        }
    };
    rows.iter().map(line).collect()
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    heading: String,
    council: String,
    /// `到2026年3月1日止施行的，共3份`.
    summary: String,
    action: String,
    lines: Vec<Line>,
    states: Vec<Opt>,
    years: Vec<Opt>,
    categories: Vec<Opt>,
    organisations: Vec<Opt>,
    state: String,
    year: String,
    category: String,
    organisation: String,
    on: String,
    q: String,
    narrowed: bool,
    next: Option<String>,
    csv: String,
    json: String,
    progress: String,
    themes: Option<String>,
}

/// `GET …/council/resolutions`.
#[get("/<_>/council/resolutions?<query..>")]
pub(super) async fn show(who: Anyone<'_>, query: Query) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let asked = query.narrowed(&who, &here).await?;
    let mut rows = resolutions::list(db, here.council.id, &asked, PAGE).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let n = resolutions::count(db, here.council.id, &asked).await?.to_string();
    let choices = resolutions::choices(db, here.council.id).await?;
    let parties = organisations::by_ids(db, choices.organisations.iter().copied()).await?;
    let action = format!("{}/council/resolutions", here.root);
    let after = rows.last().filter(|_| more).map(RegisterRow::address);
    let key = format!("resolutions.register.summary.{}", asked.standing.as_str());
    let summary = match asked.at < now {
        true => lang.say(
            "resolutions.register.as_of",
            &[("day", &dates::full_day(asked.at - chrono::Duration::seconds(1), lang)), ("what", &lang.say(&key, &[("n", &n)]))],
        ),
        false => lang.say(&key, &[("n", &n)]),
    };
    let plain = |typed: &Option<String>| given(typed).unwrap_or_default().to_owned();
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)), Crumb::here(lang.t("resolutions.register.title"))],
        heading: lang.t("resolutions.register.title"),
        council: here.council.name(lang).to_owned(),
        summary,
        lines: lines(&who, &here, &rows, asked.at),
        states: Opt::all(Standing::ALL.iter().map(|s| s.as_str()), "resolutions.register.standing", lang),
        years: choices.years.iter().map(|y| Opt { value: y.to_string(), label: y.to_string() }).collect(),
        categories: choices.categories.iter().map(|c| Opt { value: c.clone(), label: categories::name(c, lang) }).collect(),
        organisations: parties.iter().map(|o| Opt { value: o.slug.clone(), label: o.name(lang).to_owned() }).collect(),
        state: asked.standing.as_str().to_owned(),
        year: asked.year.map(|y| y.to_string()).unwrap_or_default(),
        category: plain(&query.category),
        organisation: plain(&query.organisation),
        on: plain(&query.on),
        q: plain(&query.q),
        narrowed: !query.address(None).is_empty(),
        next: after.as_deref().map(|a| format!("{action}{}", query.address(Some(a)))),
        csv: format!("{action}.csv{}", query.address(None)),
        json: format!("{action}.json{}", query.address(None)),
        progress: format!("{}/council/progress", here.root),
        themes: Some(format!("/d/{}/themes", buildings::district_by_id(db, here.council.district_id).await?.slug)),
        action,
    };
    who.page(here.frame(&who, page.heading.clone()).class("pg-register"), "resolutions/register", &page)
}

/// Whose names a register's lines need: for machines.
pub(super) async fn organisation_names(caller: &Caller, ids: Vec<OrganisationId>) -> Result<Vec<(OrganisationId, String)>, Error> {
    let all = organisations::by_ids(caller.house.read(), ids).await?;
    Ok(all.into_iter().map(|o| (o.id, o.short(caller.lang).to_owned())).collect())
}
