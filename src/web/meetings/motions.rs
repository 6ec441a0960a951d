//! Motions: put, opened to the vote, counted, closed. All of it by whoever presides, in the open session.

use rocket::post;
use serde::Serialize;

use super::dossier::{Opt, paragraphs};
use super::{on_item, terms};
use crate::domain::councils::Weight;
use crate::domain::effect_checks::Figure;
use crate::domain::meetings::items::Item;
use crate::domain::meetings::{Meeting, presence};
use crate::domain::motions::{self, By, Method, Motion, MotionState, NewMotion, Promise};
use crate::domain::resolutions::{self, ResolutionState};
use crate::domain::votes::Choice;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{CouncilId, ItemId, MotionId, ResolutionId};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::drawn::motion_mark;
use crate::web::councils::sum::Sum;
use crate::web::effect_checks::value;
use crate::web::guards::{May, Preside};
use crate::web::sent::Sent;
use crate::web::shown::decimal;

/// A motion in a list.
#[derive(Serialize)]
pub struct MotionLine {
    pub number: i32,
    pub href: String,
    pub title: String,
    pub state: String,
    pub mark: &'static str,
    pub class: &'static str,
    /// What a closed vote came to.
    pub sum: Option<Sum>,
    pub resolution: Option<String>,
    pub resolution_href: Option<String>,
}

impl MotionLine {
    /// Those of an item that the caller may read: everybody reads what is closed.
    pub async fn all(caller: &Caller, here: &Here, meeting: &Meeting, item: &Item, action: &str) -> Result<Vec<Self>> {
        let (db, lang) = (caller.house.read(), caller.lang);
        let rules = meeting.rules(db).await?;
        let mut out = vec![];
        for m in motions::of_item(db, item.id).await? {
            if m.state != MotionState::Closed && !here.inside(caller) {
                continue;
            }
            let (mark, class) = motion_mark(&m);
            let resolution = resolutions::of_motion(db, m.id).await?;
            out.push(Self {
                number: m.number,
                href: format!("{action}/motions/{}", m.number),
                state: lang.t(&format!("motions.state.{}", m.state.as_str())),
                mark,
                class,
                sum: m.counted().map(|c| Sum::of(&c, &rules, m.weight, lang)).transpose()?,
                resolution: resolution.as_ref().map(|r| r.label(here.short())),
                resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
                title: m.title,
            });
        }
        Ok(out)
    }
}

/// The promised effect in words: `候梯中位 13.9 → 5分钟，14、42天后核验`.
pub fn promise(m: &Motion, caller: &Caller) -> Option<String> {
    let lang = caller.lang;
    let decimals = m.figure_decimals.unwrap_or(0);
    let unit = value::unit(m.figure_unit.as_deref()?, lang);
    let with = [
        ("figure", lang.t(&format!("charts.figures.{}", m.figure?.as_str()))),
        ("before", m.figure_before.map_or_else(|| "—".into(), |v| decimal(v, decimals))),
        ("target", format!("{}{unit}", decimal(m.figure_target?, decimals))),
        ("days", m.check_days.replace(',', lang.pick("、", " and "))),
    ];
    let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
    Some(lang.say("motions.promise", &with))
}

/// What a motion says, for pages that show it whole.
#[derive(Serialize)]
pub struct Text {
    pub title: String,
    pub words: Vec<String>,
    pub reasons: Vec<String>,
    pub promise: Option<String>,
    /// What it does to which earlier one.
    pub supersedes: Option<String>,
    /// Which motion's words it changes.
    pub amends: Option<String>,
    /// What it sets beside its words.
    pub terms: Vec<String>,
}

impl Text {
    /// Of a motion.
    pub async fn of(caller: &Caller, here: &Here, m: &Motion) -> Result<Self> {
        let supersedes = match m.supersedes_id {
            Some(id) => {
                let which = resolutions::by_id(caller.house.read(), id).await?.label(here.short());
                let word = caller.lang.t(&format!("resolutions.upon.{}", m.upon.unwrap_or(motions::Upon::Supersedes)));
                Some(caller.lang.say("resolutions.register.upon", &[("word", &word), ("which", &which)]))
            }
            None => None,
        };
        let amends = match m.amends_id {
            Some(id) => Some(caller.lang.say("motions.nth", &[("k", &motions::by_id(caller.house.read(), id).await?.number.to_string())])),
            None => None,
        };
        let (words, reasons) = (paragraphs(&m.words), paragraphs(&m.reasons));
        let terms = terms::in_words(caller, here, m).await?;
        Ok(Self { title: m.title.clone(), words, reasons, promise: promise(m, caller), supersedes, amends, terms })
    }
}

/// What a motion can promise to change.
pub fn figures(lang: Lang) -> Vec<Opt> {
    Opt::all(Figure::ALL.iter().map(|f| f.as_str()), "charts.figures", lang)
}

/// What a motion can be about.
pub fn weights(lang: Lang) -> Vec<Opt> {
    Opt::all(Weight::ALL.iter().map(|w| w.as_str()), "motions.weight", lang)
}

/// The resolutions that hold, so that a motion can take the place of one.
pub async fn supersedable(caller: &Caller, here: &Here) -> Result<Vec<Opt>> {
    let adopted = resolutions::of_council(caller.house.read(), here.council.id, 30).await?;
    let holds = adopted.iter().filter(|r| matches!(r.state, ResolutionState::Adopted | ResolutionState::InForce));
    Ok(holds.map(|r| Opt { value: r.address(), label: format!("{} {}", r.label(here.short()), r.title) }).collect())
}

/// The promise that a form holds: none where no figure was chosen.
fn promised(sent: &Sent<'_>) -> Result<Option<Promise>, Refusal> {
    if sent.given("figure").is_none() {
        return Ok(None);
    }
    let figure: Figure = sent.read("figure")?;
    let unit = sent.given("unit").ok_or_else(|| Refusal::new("empty").at("unit"))?;
    if unit.chars().count() > 20 {
        return Err(Refusal::new("too_long").with("max", 20).with("n", unit.chars().count()).at("unit"));
    }
    let decimals = value::decimals(sent.text("before")).max(value::decimals(sent.text("target")));
    let before = sent.given("before").map(|v| value::read(v, decimals, "before")).transpose()?;
    let target = value::read(sent.text("target"), decimals, "target")?;
    Ok(Some(Promise { figure, unit: unit.to_owned(), before, target, decimals }))
}

/// A resolution by what a form calls it: `2026-5`.
async fn superseded(act: &Act, council: CouncilId, typed: Option<&str>) -> Result<Option<ResolutionId>> {
    let Some(typed) = typed else { return Ok(None) };
    let unknown = || Refusal::new("unknown_choice").at("supersedes");
    let (year, serial) = typed.split_once('-').ok_or_else(unknown)?;
    let (year, serial) = (year.parse().map_err(|_| unknown())?, serial.parse().map_err(|_| unknown())?);
    match resolutions::by_number(act.tx(), council, year, serial).await {
        Err(Error::NotFound) => Err(unknown().into()),
        other => Ok(Some(other?.id)),
    }
}

/// The motion that an amendment changes, by its number on the item.
async fn amended(act: &Act, item: ItemId, typed: Option<&str>) -> Result<Option<MotionId>> {
    let Some(typed) = typed else { return Ok(None) };
    let unknown = || Refusal::new("unknown_choice").at("amends");
    match motions::by_number(act.tx(), item, typed.parse().map_err(|_| unknown())?).await {
        Err(Error::NotFound) => Err(unknown().into()),
        other => Ok(Some(other?.id)),
    }
}

/// `POST …/items/{p}/motions`: puts one.
#[post("/<_>/meetings/<number>/items/<position>/motions", data = "<sent>")]
pub(super) async fn put(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "motions.said.put", async |act, _, item| {
        let new = NewMotion {
            title: sent.text("title"),
            words: sent.text("words"),
            reasons: sent.text("reasons"),
            promise: promised(&sent)?,
            check_days: sent.text("check_days"),
            supersedes: superseded(act, item.council_id, sent.given("supersedes")).await?,
            amends: amended(act, item.id, sent.given("amends")).await?,
            weight: sent.given("weight").map(|_| sent.read("weight")).transpose()?.unwrap_or(Weight::Ordinary),
            terms: terms::read(act, &sent, item.council_id).await?,
        };
        motions::put(act, &item, new).await.map(drop)
    })
    .await
}

/// Does something with a motion of an item.
async fn on_motion(
    chair: &May<'_, Preside>,
    (number, position, motion): (i32, i32, i32),
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, &Meeting, Motion) -> Result<()>,
) -> Result<Answer> {
    on_item(chair, (number, position), sent, saying, async |act, meeting, item| {
        let motion = motions::by_number(act.tx(), item.id, motion).await?.unchanged_since(sent.version()?)?;
        verb(act, meeting, motion).await
    })
    .await
}

/// `POST …/motions/{k}/opening`: opens the vote.
#[post("/<_>/meetings/<number>/items/<position>/motions/<motion>/opening", data = "<sent>")]
pub(super) async fn open(chair: May<'_, Preside>, number: i32, position: i32, motion: i32, sent: Sent<'_>) -> Result<Answer> {
    on_motion(&chair, (number, position, motion), &sent, "motions.said.opened", async |act, _, motion| {
        let method: Method = sent.read("method")?;
        motion.open(act, method).await.map(drop)
    })
    .await
}

/// `POST …/motions/{k}/objections`: consensus was asked for, and there are objections; the seats vote.
#[post("/<_>/meetings/<number>/items/<position>/motions/<motion>/objections", data = "<sent>")]
pub(super) async fn object(chair: May<'_, Preside>, number: i32, position: i32, motion: i32, sent: Sent<'_>) -> Result<Answer> {
    on_motion(&chair, (number, position, motion), &sent, "motions.said.objected", async |act, _, motion| {
        motion.object(act, sent.read("objections")?).await.map(drop)
    })
    .await
}

/// `POST …/motions/{k}/hands`: records hands as they were shown, one field `seat-5` for each.
#[post("/<_>/meetings/<number>/items/<position>/motions/<motion>/hands", data = "<sent>")]
pub(super) async fn hands(chair: May<'_, Preside>, number: i32, position: i32, motion: i32, sent: Sent<'_>) -> Result<Answer> {
    on_motion(&chair, (number, position, motion), &sent, "motions.said.hands", async |act, meeting, motion| {
        let seats = meeting.council(act.tx()).await?.seats(act.tx()).await?;
        let present = presence::present(act.tx(), meeting.id).await?;
        let mut recorded = 0;
        for seat in &seats {
            let Some(choice) = sent.given(&format!("seat-{}", seat.number)) else { continue };
            let choice: Choice = choice.parse()?;
            let sitting = present.iter().find(|a| a.seat_id == seat.id).ok_or_else(|| Refusal::new("not_present"))?;
            motion.cast(act, seat, sitting.person_id, choice, By::Secretary).await?;
            recorded += 1;
        }
        if recorded == 0 { Err(Refusal::new("no_hands").into()) } else { Ok(()) }
    })
    .await
}

/// `POST …/motions/{k}/closing`: closes the vote and says what it came to.
#[post("/<_>/meetings/<number>/items/<position>/motions/<motion>/closing", data = "<sent>")]
pub(super) async fn close(chair: May<'_, Preside>, number: i32, position: i32, motion: i32, sent: Sent<'_>) -> Result<Answer> {
    on_motion(&chair, (number, position, motion), &sent, "motions.said.closed", async |act, _, motion| motion.close(act, 0).await.map(drop)).await
}

/// `POST …/motions/{k}/withdrawal`: takes it back before the vote.
#[post("/<_>/meetings/<number>/items/<position>/motions/<motion>/withdrawal", data = "<sent>")]
pub(super) async fn withdraw(chair: May<'_, Preside>, number: i32, position: i32, motion: i32, sent: Sent<'_>) -> Result<Answer> {
    on_motion(&chair, (number, position, motion), &sent, "motions.said.withdrawn", async |act, _, motion| motion.withdraw(act).await.map(drop)).await
}
