//! One channel: what it is told, how that goes, and what can be done with it.

use rocket::{get, post};
use serde::Serialize;

use super::form::{self, Fields};
use super::index::{Shown, shown, told};
use super::{around, root, whose};
use crate::domain::channels::{self, Channel, ChannelState};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::outbox;
use crate::kernel::robots::Failure;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Channels, May};
use crate::web::sent::Sent;

/// Messages that the page lists.
const LISTED: u64 = 12;

/// What it was told, or is to be.
#[derive(Serialize)]
struct Line {
    what: String,
    when: String,
    state: String,
    why: Option<String>,
}

/// What the robot said to a message that somebody sent to try it out.
#[derive(Serialize)]
struct Tried {
    class: &'static str,
    words: String,
    hint: Option<String>,
}

#[derive(Serialize)]
struct Page {
    root: String,
    own: String,
    home: String,
    house: String,
    name: String,
    kind: String,
    whose: String,
    masked: String,
    state: Shown,
    since: String,
    told: String,
    why: Option<String>,
    hint: Option<String>,
    waiting: i64,
    given_up: i64,
    active: bool,
    broken: bool,
    secret: bool,
    demonstration: bool,
    lines: Vec<Line>,
    tried: Option<Tried>,
    fields: Fields,
    version: i32,
    form: FormState,
}

/// The channel of the address, for those who see to it; to everybody else there is none.
async fn of(who: &May<'_, Channels>, number: i32) -> Result<Channel> {
    let building = who.building()?;
    let channel = channels::by_number(who.house.read(), building.id, number).await?;
    if channel.is_managed_by(&who.signed.memberships, building) { Ok(channel) } else { Err(Error::NotFound) }
}

/// What to do about what a robot said, where its code is known.
fn hint(who: &May<'_, Channels>, why: &str) -> Option<String> {
    let code = why.split(' ').next().filter(|c| c.bytes().all(|b| b.is_ascii_digit()))?;
    let key = format!("channels.hints.{code}");
    who.lang.has(&key).then(|| who.lang.t(&key))
}

fn line(who: &May<'_, Channels>, l: &outbox::Model) -> Line {
    let (lang, now) = (who.lang, who.house.now());
    let at = |at| dates::moment(at, now, lang);
    let state = match (l.sent_at, l.given_up_at) {
        (Some(sent), _) => lang.say("channels.line.sent", &[("at", &at(sent))]),
        (None, Some(_)) => lang.t("channels.line.given_up"),
        (None, None) if l.due_at > now => lang.say("channels.line.later", &[("at", &at(l.due_at))]),
        (None, None) => lang.t("channels.line.waiting"),
    };
    Line {
        what: lang.t(&format!("channels.named.{}", l.kind)),
        when: at(l.created_at),
        state,
        why: l.last_error.clone().filter(|_| l.sent_at.is_none()),
    }
}

async fn page(who: &May<'_, Channels>, channel: &Channel, tried: Option<Tried>, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let (around, root) = (around(who).await?, root(building));
    let backlog = channels::backlog(db, channel.id).await?;
    let page = Page {
        own: format!("{root}/{}", channel.number),
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        name: channel.name.clone(),
        kind: lang.t(&format!("channels.kinds.{}.name", channel.kind)),
        whose: whose(channel, &around, lang),
        masked: channel.masked.clone(),
        state: shown(who, channel),
        since: dates::moment(channel.state_at, who.house.now(), lang),
        told: channel.sent_at.map_or_else(|| told(who, channel), |at| dates::moment(at, who.house.now(), lang)),
        hint: channel.last_error.as_deref().and_then(|why| hint(who, why)),
        why: channel.last_error.clone(),
        waiting: backlog.waiting,
        given_up: backlog.given_up,
        active: channel.state == ChannelState::Active,
        broken: channel.state == ChannelState::Broken,
        secret: channel.kind != channels::RobotKind::Wecom,
        demonstration: who.house.settings().demonstration,
        lines: channels::recent(db, channel.id, LISTED).await?.iter().map(|l| line(who, l)).collect(),
        fields: Fields::of(&form, lang),
        version: channel.version,
        root,
        tried,
        form,
    };
    let frame = Frame::titled(channel.name.clone()).of(who, building).at_work().class("pg-channels");
    Ok(who.page(frame, "channels/show", &page)?.header("Cache-Control", "no-store"))
}

async fn fresh(who: &May<'_, Channels>, channel: &Channel) -> Result<FormState> {
    let topics = channels::topics_of(who.house.read(), channel.id).await?;
    Ok(FormState::filled(who, form::values(&channel.name, &topics, channel.lang(), channel.quiet())))
}

#[get("/<_>/channels/<number>")]
pub(super) async fn show(who: May<'_, Channels>, number: i32) -> Result<Answer> {
    let channel = of(&who, number).await?;
    let form = fresh(&who, &channel).await?;
    page(&who, &channel, None, form).await
}

#[post("/<_>/channels/<number>", data = "<sent>")]
pub(super) async fn change(who: May<'_, Channels>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let channel = of(&who, number).await?;
    let done = async {
        let topics = form::topics(&sent);
        let typed = form::typed(&sent, &topics)?;
        let robot = match (sent.given("address"), sent.given("secret")) {
            (None, None) => None,
            // Only the secret: the address stays as it was, and is nowhere else to be read.
            (None, Some(secret)) => Some(channel.robot(who.house.keys())?.with_secret(secret, who.house.settings())?),
            (Some(address), secret) => Some(Channel::read_robot(channel.kind, address, secret.unwrap_or_default(), who.house.settings())?),
        };
        let act = who.begin_for(channel.organisation_id, &sent).await?;
        channels::by_id(act.tx(), channel.id).await?.rewrite(&act, sent.version()?, robot.as_ref(), &typed).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/{number}", root(who.building()?))).saying("channels.said.changed")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, &of(&who, number).await?, None, form).await?.status(status))
        }
    }
}

/// A real message, now; the page says what the robot answered.
#[post("/<_>/channels/<number>/test", data = "<sent>")]
pub(super) async fn test(who: May<'_, Channels>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let channel = of(&who, number).await?;
    let done = async {
        sent.trusted()?;
        channels::try_out(&who.house, &channel).await
    }
    .await;
    let (tried, form, status) = match done {
        Ok(outcome) => (Some(answered(&who, &outcome)), fresh(&who, &channel).await?, rocket::http::Status::Ok),
        Err(e) => {
            let (again, status) = FormState::again(&sent, e)?;
            let mut form = fresh(&who, &channel).await?;
            form.summary = again.summary;
            (None, form, status)
        }
    };
    Ok(page(&who, &of(&who, number).await?, tried, form).await?.status(status))
}

fn answered(who: &May<'_, Channels>, outcome: &Result<(), Failure>) -> Tried {
    let failure = match outcome {
        Ok(()) if who.house.settings().demonstration => return Tried { class: "", words: who.lang.t("channels.tried.kept"), hint: None },
        Ok(()) => return Tried { class: "", words: who.lang.t("channels.tried.arrived"), hint: None },
        Err(failure) => failure,
    };
    let key = if matches!(failure, Failure::Later(..)) { "channels.tried.later" } else { "channels.tried.refused" };
    Tried { class: "zhu", words: who.lang.say(key, &[("why", failure.words())]), hint: hint(who, failure.words()) }
}

async fn does(
    who: &May<'_, Channels>,
    number: i32,
    sent: &Sent<'_>,
    said: &'static str,
    deed: impl AsyncFnOnce(&Act, Channel, i32) -> Result<()>,
) -> Result<Answer> {
    let channel = of(who, number).await?;
    let done = async {
        let act = who.begin_for(channel.organisation_id, sent).await?;
        let now = channels::by_id(act.tx(), channel.id).await?;
        deed(&act, now, sent.version()?).await?;
        act.commit().await
    }
    .await;
    let gone = said == "channels.said.removed";
    match done {
        Ok(()) if gone => Ok(Answer::go(root(who.building()?)).saying(said)),
        Ok(()) => Ok(Answer::go(format!("{}/{number}", root(who.building()?))).saying(said)),
        Err(e) => {
            let (again, status) = FormState::again(sent, e)?;
            let channel = of(who, number).await?;
            let mut form = fresh(who, &channel).await?;
            form.summary = again.summary;
            Ok(page(who, &channel, None, form).await?.status(status))
        }
    }
}

#[post("/<_>/channels/<number>/pause", data = "<sent>")]
pub(super) async fn pause(who: May<'_, Channels>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    does(&who, number, &sent, "channels.said.paused", async |act, channel, version| channel.pause(act, version).await.map(drop)).await
}

#[post("/<_>/channels/<number>/resumption", data = "<sent>")]
pub(super) async fn resume(who: May<'_, Channels>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    does(&who, number, &sent, "channels.said.resumed", async |act, channel, version| channel.resume(act, version).await.map(drop)).await
}

#[post("/<_>/channels/<number>/removal", data = "<sent>")]
pub(super) async fn remove(who: May<'_, Channels>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    does(&who, number, &sent, "channels.said.removed", async |act, channel, version| {
        if !sent.ticked("sure") {
            return Err(Refusal::new("channel_sure").into());
        }
        channel.remove(act, version).await
    })
    .await
}
