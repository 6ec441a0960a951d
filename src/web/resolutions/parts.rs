//! Parts of a resolution's page: what it has to do with others, its terms, what is said to it, who objects.

use serde::Serialize;

use crate::domain::motions::{self, Motion, Upon};
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons;
use crate::domain::resolutions::{self, Objection, Resolution, StatementKind};
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::OrganisationId;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::meetings::dossier::{Opt, paragraphs};
use crate::web::shown::states::State;

#[derive(Serialize)]
pub(super) struct TaskLine {
    pub organisation: String,
    pub words: String,
    pub measure: String,
    pub due: String,
    pub late: bool,
    pub state: State,
    /// When it was done.
    pub done: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Other {
    pub label: String,
    pub title: String,
    pub href: String,
}

/// Another resolution, and what one does to the other.
#[derive(Serialize)]
pub(super) struct Related {
    /// `修改`, `被它修改`.
    word: String,
    label: String,
    title: String,
    href: String,
    /// The later one is not in force yet.
    pending: bool,
}

fn related(here: &Here, r: &Resolution, word: String, pending: bool) -> Related {
    let href = format!("{}/resolutions/{}", here.root, r.address());
    Related { word, label: r.label(here.short()), title: r.title.clone(), href, pending }
}

/// The earlier one that a resolution is about, and the later ones that are about it.
pub(super) async fn relations(caller: &Caller, here: &Here, r: &Resolution) -> Result<(Option<Related>, Vec<Related>)> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let word = |key: &str, upon: Option<Upon>| lang.t(&format!("resolutions.{key}.{}", upon.unwrap_or(Upon::Supersedes)));
    let earlier = match r.supersedes_id {
        Some(id) => {
            let old = here.shown(caller, vec![resolutions::by_id(db, id).await?]).await?;
            old.first().map(|old| related(here, old, word("upon", r.upon), false))
        }
        None => None,
    };
    let later = here.shown(caller, resolutions::later(db, r.id).await?).await?;
    // What confirms does so at once; everything else does it when it comes into force.
    let pending = |l: &Resolution| l.in_force_at.is_none() && l.upon != Some(Upon::Confirms);
    let held = later.iter().filter(|l| l.state != resolutions::ResolutionState::Lapsed);
    let later = held.map(|l| related(here, l, word(if pending(l) { "upon_to_come" } else { "upon_by" }, l.upon), pending(l)));
    Ok((earlier, later.collect()))
}

/// From when until when it holds, when it is looked at again, who measures, one sentence each.
pub(super) async fn terms(caller: &Caller, r: &Resolution, motion: &Motion) -> Result<Vec<String>> {
    let (lang, today) = (caller.lang, dates::local(caller.house.now()).date());
    let day = |typed: &Option<String>| typed.as_deref().and_then(dates::parse).map(|d| dates::day(d, today, lang));
    let mut all = vec![];
    all.extend(day(&r.force_from).filter(|_| r.in_force_at.is_none()).map(|d| lang.say("resolutions.terms.from", &[("day", &d)])));
    all.extend(day(&r.force_until).map(|d| lang.say("resolutions.terms.until", &[("day", &d)])));
    let review = if r.reviewed_at.is_some() { "resolutions.terms.reviewed" } else { "resolutions.terms.review" };
    all.extend(day(&r.review_on).map(|d| lang.say(review, &[("day", &d)])));
    if let Some(id) = motion.measurer_id {
        let of = organisations::by_id(caller.house.read(), id).await?;
        all.push(lang.say("resolutions.terms.measurer", &[("who", of.short(lang))]));
    }
    Ok(all)
}

/// Tasks that begin with its force.
pub(super) async fn to_come(caller: &Caller, r: &Resolution) -> Result<Vec<TaskLine>> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let all = motions::tasks_of(db, r.motion_id).await?;
    let who = organisations::by_ids(db, all.iter().map(|t| t.organisation_id)).await?;
    let state = || State { class: "dim", mark: "reg", word: lang.t("resolutions.task_to_come").into() };
    let open = all.into_iter().filter(|t| t.task_id.is_none());
    let lines = open.map(|t| TaskLine {
        organisation: who.iter().find(|o| o.id == t.organisation_id).map(|o| o.short(lang).to_owned()).unwrap_or_default(),
        words: t.words,
        measure: t.measure,
        due: dates::due(t.due_at, now, &caller.house.calendar(), lang).by,
        late: false,
        state: state(),
        done: None,
    });
    Ok(lines.collect())
}

/// The organisations around a council, as choices.
async fn parties(caller: &Caller, here: &Here) -> Result<Vec<Opt>> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let all = match here.building() {
        Some(b) => organisations::around(db, b.district_id, b.id).await?,
        None => organisations::of_district(db, here.council.district_id).await?,
    };
    Ok(all.iter().map(|o| Opt { value: o.slug.clone(), label: o.name(lang).to_owned() }).collect())
}

/// Something said to it for good.
#[derive(Serialize)]
pub(super) struct SaidLine {
    kind: String,
    organisation: String,
    who: String,
    when: String,
    words: Vec<String>,
}

/// Who may say something, and the form for it.
#[derive(Serialize)]
pub(super) struct Speaking {
    /// For which organisation, by slug and by name; a member speaks for the seat.
    slug: String,
    name: String,
    form: FormState,
}

/// What was said to a resolution, and who may say something now.
#[derive(Default, Serialize)]
pub(super) struct Said {
    lines: Vec<SaidLine>,
    dissent: Option<Speaking>,
    reply: Option<Speaking>,
    /// The secretary notes who is named in it.
    name: Option<FormState>,
    organisations: Vec<Opt>,
    named: Vec<String>,
}

fn name_of(all: &[Organisation], id: OrganisationId, lang: Lang) -> String {
    all.iter().find(|o| o.id == id).map(|o| o.short(lang).to_owned()).unwrap_or_default()
}

/// The organisations for which the caller takes on tasks and signs.
fn spoken_for(caller: &Caller) -> Vec<OrganisationId> {
    let Some(s) = &caller.signed else { return vec![] };
    let mut all: Vec<OrganisationId> = s.memberships.iter().filter(|m| m.role.may(Right::Work)).map(|m| m.organisation_id).collect();
    all.sort();
    all.dedup();
    all
}

impl Said {
    pub async fn of(caller: &Caller, here: &Here, r: &Resolution, form: &FormState) -> Result<Self> {
        let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
        let all = resolutions::statements_of(db, r.id).await?;
        let named = resolutions::named(db, r).await?;
        let mine = spoken_for(caller);
        let ids = all.iter().map(|s| s.organisation_id).chain(named.iter().copied()).chain(mine.iter().copied());
        let parties_known = organisations::by_ids(db, ids).await?;
        let people = persons::by_ids(db, all.iter().map(|s| s.person_id)).await?;
        let lines = all.iter().map(|s| SaidLine {
            kind: lang.t(&format!("resolutions.statement.{}", s.kind)),
            organisation: name_of(&parties_known, s.organisation_id, lang),
            who: people.iter().find(|p| p.id == s.person_id).map(|p| p.name(lang).to_owned()).unwrap_or_default(),
            when: dates::short(dates::local(s.created_at).date(), dates::local(now).date(), lang),
            words: paragraphs(&s.words),
        });
        let mut said = Self { lines: lines.collect(), ..Self::default() };
        let shown = r.is_displayed(now);
        if here.inside(caller) {
            said.named = named.iter().map(|id| name_of(&parties_known, *id, lang)).collect();
        }
        let stated = |kind: StatementKind, of: OrganisationId| all.iter().any(|s| s.kind == kind && s.organisation_id == of);
        if let Some(signed) = caller.signed.as_ref().filter(|_| shown) {
            if here.may(caller, Right::Vote)
                && let Some(seat) = resolutions::dissenting_seat(db, r, signed.person.id).await?
                && !all.iter().any(|s| s.seat_id == Some(seat))
            {
                said.dissent = Some(Speaking { slug: String::new(), name: String::new(), form: form.or("dissent", []) });
            }
            let replying = mine.iter().find(|of| named.contains(of) && !stated(StatementKind::Reply, **of));
            said.reply = replying.and_then(|of| parties_known.iter().find(|o| o.id == *of)).map(|o| Speaking {
                slug: o.slug.clone(),
                name: o.short(lang).to_owned(),
                form: form.or("reply", []),
            });
            if here.may(caller, Right::Secretariat) {
                said.name = Some(form.or("name", []));
                said.organisations = parties(caller, here).await?;
            }
        }
        Ok(said)
    }
}

/// One objection.
#[derive(Serialize)]
pub(super) struct ObjectionLine {
    id: String,
    organisation: String,
    when: String,
    words: Vec<String>,
    /// Until when it is answered.
    due: Option<String>,
    late: bool,
    answer: Option<Vec<String>>,
    outcome: Option<String>,
    action: String,
    version: i32,
    /// For the secretary.
    form: Option<FormState>,
}

/// Who objects to it, and who may.
#[derive(Serialize)]
pub(super) struct Objecting {
    lines: Vec<ObjectionLine>,
    /// It does not come into force before the council has looked at it again.
    suspended: bool,
    object: Option<Speaking>,
}

impl Objecting {
    /// What is not public is read by those inside alone.
    pub async fn of(caller: &Caller, here: &Here, r: &Resolution, form: &FormState, open: bool) -> Result<Self> {
        let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
        let all = resolutions::objections_of(db, r.id).await?;
        let mine = spoken_for(caller);
        let known = organisations::by_ids(db, all.iter().map(|o| o.organisation_id).chain(mine.iter().copied())).await?;
        let answering = here.may(caller, Right::Secretariat);
        let line = |(o, k): (&Objection, usize)| {
            let due = dates::due(o.answer_due, now, &caller.house.calendar(), lang);
            let unanswered = o.answered_at.is_none() && o.settled_at.is_none();
            let id = format!("answer-{k}");
            ObjectionLine {
                organisation: name_of(&known, o.organisation_id, lang),
                when: dates::short(dates::local(o.created_at).date(), dates::local(now).date(), lang),
                words: if open { paragraphs(&o.words) } else { vec![] },
                late: unanswered && due.late,
                due: unanswered.then_some(due.by),
                answer: o.answer.as_deref().filter(|_| open).map(paragraphs),
                outcome: o.outcome.map(|x| lang.t(&format!("resolutions.objection.{x}"))),
                action: format!("{}/resolutions/{}/objections/{k}/answer", here.root, r.address()),
                version: o.version,
                form: (answering && unanswered).then(|| form.or(&id, [])),
                id,
            }
        };
        let open_to = r.published_at.is_some() && r.is_displayed(now) && r.upon != Some(Upon::Confirms) && all.iter().all(|o| o.settled_at.is_none());
        let mut object = None;
        if open_to {
            for of in mine.iter().filter(|of| !all.iter().any(|o| o.organisation_id == **of)) {
                if resolutions::is_party(db, r, *of).await? {
                    object = known.iter().find(|o| o.id == *of);
                    break;
                }
            }
        }
        Ok(Self {
            suspended: all.iter().any(|o| o.settled_at.is_none()),
            lines: all.iter().zip(1..).map(line).collect(),
            object: object.map(|o| Speaking { slug: o.slug.clone(), name: o.short(lang).to_owned(), form: form.or("object", []) }),
        })
    }
}
