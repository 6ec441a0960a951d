//! The channels of a building that somebody may see to, and a form for a new one.

use rocket::{get, post};
use serde::Serialize;

use super::form::{self, Choice, Fields};
use super::{around, root, whose};
use crate::domain::channels::{self, Channel, ChannelState, RobotKind};
use crate::domain::councils;
use crate::domain::organisations;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::OrganisationId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Channels, May};
use crate::web::sent::Sent;

/// The value that stands for the council.
const COUNCIL: &str = "-council";

#[derive(Serialize)]
struct Line {
    name: String,
    href: String,
    kind: String,
    whose: String,
    topics: String,
    state: Shown,
    told: String,
    /// What was given up, where something was.
    given_up: Option<String>,
}

/// A state with its mark.
#[derive(Serialize)]
pub(super) struct Shown {
    class: &'static str,
    mark: &'static str,
    word: String,
}

#[derive(Serialize)]
struct Page {
    root: String,
    home: String,
    house: String,
    lines: Vec<Line>,
    owners: Vec<Choice>,
    /// The one of whom it can only be.
    owner: Option<Choice>,
    fields: Fields,
    form: FormState,
}

pub(super) fn shown(who: &May<'_, Channels>, channel: &Channel) -> Shown {
    let (class, mark) = match channel.state {
        ChannelState::Active if channel.failures > 0 => ("bad", "late"),
        ChannelState::Active => ("", "conf"),
        ChannelState::Paused | ChannelState::Removed => ("wait", "pause"),
        ChannelState::Broken => ("bad", "off"),
    };
    let key = if channel.state == ChannelState::Active && channel.failures > 0 { "failing" } else { channel.state.as_str() };
    Shown { class, mark, word: who.lang.t(&format!("channels.states.{key}")) }
}

/// When it was told last, in words.
pub(super) fn told(who: &May<'_, Channels>, channel: &Channel) -> String {
    match channel.sent_at {
        Some(at) => who.lang.say("channels.told", &[("at", &dates::moment(at, who.house.now(), who.lang))]),
        None => who.lang.t("channels.untold"),
    }
}

/// Those for whom a channel can be added here.
async fn owners(who: &May<'_, Channels>) -> Result<Vec<Choice>> {
    let (building, lang) = (who.building()?, who.lang);
    let may = |of: Option<OrganisationId>| channels::manages(&who.signed.memberships, building, of);
    let mut all: Vec<Choice> = around(who)
        .await?
        .iter()
        .filter(|o| may(Some(o.id)))
        .map(|o| Choice { value: o.slug.clone(), label: o.name(lang).to_owned(), hint: None })
        .collect();
    match councils::of_building(who.house.read(), building.id).await {
        Ok(_) if may(None) => all.insert(0, Choice { value: COUNCIL.into(), label: lang.t("channels.council"), hint: None }),
        Ok(_) | Err(Error::NotFound) => {}
        Err(e) => return Err(e),
    }
    Ok(all)
}

async fn page(who: &May<'_, Channels>, form: FormState) -> Result<Answer> {
    let (db, lang, building) = (who.house.read(), who.lang, who.building()?);
    let (around, root) = (around(who).await?, root(building));
    let mut lines = vec![];
    for c in channels::of_building(db, building.id).await?.iter().filter(|c| c.is_managed_by(&who.signed.memberships, building)) {
        let topics = channels::topics_of(db, c.id).await?;
        let words: Vec<String> = topics.iter().map(|t| lang.t(&format!("channels.topics.{t}.name"))).collect();
        let backlog = channels::backlog(db, c.id).await?;
        lines.push(Line {
            name: c.name.clone(),
            href: format!("{root}/{}", c.number),
            kind: lang.t(&format!("channels.kinds.{}.name", c.kind)),
            whose: whose(c, &around, lang),
            topics: words.join(&lang.t("channels.join")),
            state: shown(who, c),
            told: told(who, c),
            given_up: (backlog.given_up > 0).then(|| lang.say("channels.given_up", &[("n", &backlog.given_up.to_string())])),
        });
    }
    let mut owners = owners(who).await?;
    let page = Page {
        home: format!("/b/{}", building.slug),
        house: building.name(lang).to_owned(),
        owner: if owners.len() == 1 { owners.pop() } else { None },
        owners,
        fields: Fields::of(&form, lang),
        root,
        lines,
        form,
    };
    let frame = Frame::titled(lang.t("channels.heading")).of(who, building).at_work().class("pg-channels");
    Ok(who.page(frame, "channels/index", &page)?.header("Cache-Control", "no-store"))
}

#[get("/<_>/channels")]
pub(super) async fn index(who: May<'_, Channels>) -> Result<Answer> {
    let form = FormState::filled(&who, form::fresh(who.lang));
    page(&who, form).await
}

#[post("/<_>/channels", data = "<sent>")]
pub(super) async fn create(who: May<'_, Channels>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let building = who.building()?;
        let of = match sent.text("of") {
            COUNCIL => None,
            slug => Some(organisations::named(who.house.read(), building, "of", slug).await?.id),
        };
        if sent.given("kind").is_none() {
            return Err(Refusal::new("empty").at("kind").into());
        }
        let kind: RobotKind = sent.text("kind").parse().map_err(|_| Refusal::new("unknown_choice").at("kind"))?;
        let topics = form::topics(&sent);
        let typed = form::typed(&sent, &topics)?;
        let robot = Channel::read_robot(kind, sent.text("address"), sent.text("secret"), who.house.settings())?;
        let act = who.begin_for(of, &sent).await?;
        let made = channels::add(&act, building, of, kind, &robot, &typed).await?;
        act.commit().await?;
        Ok(made.number)
    }
    .await;
    match done {
        Ok(number) => Ok(Answer::go(format!("{}/{number}", root(who.building()?))).saying("channels.said.added")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form).await?.status(status))
        }
    }
}
