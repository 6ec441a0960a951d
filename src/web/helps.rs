//! `/help`: what each role does here, in three sentences; the same stand in place at the first sign-in until they are put away.

use rocket::{Route, get, post, routes};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::answer::Answer;
use super::frame::Frame;
use super::guards::{Anyone, SignedIn};
use super::sent::Sent;
use crate::domain::helps;
use crate::domain::persons::Membership;
use crate::domain::rights::Role;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::PersonId;

pub(super) fn routes() -> Vec<Route> {
    routes![show, put_away]
}

/// Three sentences for a role, and where it begins.
#[derive(Serialize)]
pub(super) struct Help {
    role: &'static str,
    heading: String,
    sentences: Vec<String>,
    href: String,
    act: String,
}

impl Help {
    fn of(role: Role, own: bool, root: Option<&str>, lang: Lang) -> Self {
        let key = |part: &str| format!("helps.{}.{part}", role.as_str());
        let below = |page: &str| root.map_or_else(|| "/desk".to_owned(), |r| format!("{r}/{page}"));
        let href = match role {
            Role::Administrator => below("founding"),
            Role::Secretary => below("release"),
            Role::Member | Role::Convenor => below("council"),
            Role::Editor => below("bulletin"),
            _ => "/desk".into(),
        };
        let called = lang.t(&format!("roles.{}", role.as_str()));
        let sentences = lang.t(&key("words")).split('|').map(str::to_owned).collect();
        Self {
            role: role.as_str(),
            heading: if own { lang.say("helps.as", &[("role", &called)]) } else { called },
            sentences,
            href,
            act: lang.t(&key("act")),
        }
    }

    /// The help that stands on the page where somebody lands.
    pub async fn next(
        db: &impl ConnectionTrait,
        person: PersonId,
        memberships: &[Membership],
        root: Option<&str>,
        lang: Lang,
    ) -> Result<Option<Self>> {
        Ok(helps::next(db, person, memberships).await?.map(|role| Self::of(role, true, root, lang)))
    }
}

#[derive(Serialize)]
struct Page {
    own: Vec<Help>,
    others: Vec<Help>,
}

#[get("/help")]
async fn show(who: Anyone<'_>) -> Result<Answer> {
    let lang = who.lang;
    let held = |r: &Role| who.signed.as_ref().is_some_and(|s| s.memberships.iter().any(|m| m.role == *r));
    let root = match who.signed.as_ref().and_then(|s| s.memberships.iter().find_map(|m| m.building_id)) {
        Some(id) => Some(format!("/b/{}", crate::domain::buildings::by_id(who.house.read(), id).await?.slug)),
        None => None,
    };
    let help = |r: &Role| Help::of(*r, held(r), root.as_deref(), lang);
    let page =
        Page { own: Role::ALL.iter().filter(|r| held(r)).map(help).collect(), others: Role::ALL.iter().filter(|r| !held(r)).map(help).collect() };
    who.page(Frame::titled(lang.t("helps.title")).class("pg-text"), "helps/show", &page)
}

#[post("/help/<role>/put-away", data = "<sent>")]
async fn put_away(who: SignedIn<'_>, role: &str, sent: Sent<'_>) -> Result<Answer> {
    let role: Role = role.parse().map_err(|_| Error::NotFound)?;
    let act = who.begin(&sent).await?;
    helps::put_away(&act, who.person().id, role).await?;
    act.commit().await?;
    Ok(Answer::go("/desk").saying("helps.said.away"))
}
