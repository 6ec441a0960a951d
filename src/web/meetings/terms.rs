//! What a motion sets beside its words: read off its form, and in words for whoever may read it.

use crate::domain::councils;
use crate::domain::motions::{self, Motion, TASK_FIELDS, TaskToCome, Terms, Upon};
use crate::domain::organisations::{self, Organisation};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, DistrictId};
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::sent::Sent;

async fn named(act: &Act, district: DistrictId, field: &'static str, slug: &str) -> Result<Organisation> {
    match organisations::by_slug(act.tx(), district, slug).await {
        Err(Error::NotFound) => Err(Refusal::new("unknown_choice").at(field).into()),
        other => other,
    }
}

/// The terms that a form holds. A row of a task begins with its organisation; words without one are asked for whom they are.
pub(super) async fn read<'s>(act: &Act, sent: &'s Sent<'_>, council: CouncilId) -> Result<Terms<'s>> {
    let district = councils::by_id(act.tx(), council).await?.district_id;
    let mut tasks = vec![];
    for [organisation, words, due, measure] in TASK_FIELDS {
        let Some(slug) = sent.given(organisation) else {
            if sent.given(words).is_some() {
                return Err(Refusal::new("task_whose").at(organisation).into());
            }
            continue;
        };
        let of = named(act, district, organisation, slug).await?;
        let day = dates::parse(sent.text(due).trim()).and_then(dates::end_of_day).ok_or_else(|| Refusal::new("date").at(due))?;
        tasks.push(TaskToCome { organisation: of.id, words: sent.text(words), measure: sent.text(measure), due: day });
    }
    let measurer = match sent.given("measurer") {
        Some(slug) => Some(named(act, district, "measurer", slug).await?.id),
        None => None,
    };
    let upon: Option<Upon> = match sent.given("upon") {
        Some(_) => Some(sent.read("upon")?),
        None => None,
    };
    Ok(Terms {
        upon,
        from: sent.text("force_from"),
        until: sent.text("force_until"),
        review_on: sent.text("review_on"),
        no_action: sent.text("no_action"),
        closed_words: sent.text("closed_words"),
        closed_reason: sent.text("closed_reason"),
        measurer,
        tasks,
    })
}

/// One sentence each; what is not public is read by those inside alone.
pub(super) async fn in_words(caller: &Caller, here: &Here, m: &Motion) -> Result<Vec<String>> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let today = dates::local(now).date();
    let mut all = vec![];
    let set = motions::tasks_of(db, m.id).await?;
    let who = organisations::by_ids(db, set.iter().map(|t| t.organisation_id).chain(m.measurer_id)).await?;
    let name = |id| who.iter().find(|o| o.id == id).map(|o| o.short(lang)).unwrap_or_default();
    for t in &set {
        let due = dates::due(t.due_at, now, &caller.house.calendar(), lang).by;
        let with = [("who", name(t.organisation_id)), ("words", &t.words), ("due", &due), ("measure", &t.measure)];
        all.push(lang.say("motions.terms.set", &with));
    }
    if !m.no_action_because.is_empty() {
        all.push(lang.say("motions.terms.because", &[("words", &m.no_action_because)]));
    }
    for (key, day) in [("from", &m.force_from), ("until", &m.force_until), ("review", &m.review_on)] {
        let day = day.as_deref().and_then(dates::parse).map(|d| dates::day(d, today, lang));
        all.extend(day.map(|d| lang.say(&format!("resolutions.terms.{key}"), &[("day", &d)])));
    }
    all.extend(m.measurer_id.map(|id| lang.say("resolutions.terms.measurer", &[("who", name(id))])));
    if let Some(reason) = &m.closed_reason {
        all.push(lang.say("resolutions.closed_part", &[("reason", reason)]));
    }
    if let Some(words) = m.closed_words.as_deref().filter(|_| here.inside(caller)) {
        all.push(lang.say("motions.terms.closed_inside", &[("words", words)]));
    }
    Ok(all)
}
