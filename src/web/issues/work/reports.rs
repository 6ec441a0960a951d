//! What reporters wrote, for those who work on the matter; and `…/work/reports`, all of it.

use std::collections::HashMap;

use rocket::{Route, get, routes};
use serde::Serialize;

use super::lead::Lead;
use super::room::Room;
use crate::domain::attachments;
use crate::domain::imports;
use crate::domain::organisations;
use crate::domain::reports::{self, Channel, MayKnow, Report, ReportKind};
use crate::domain::rights::Role;
use crate::kernel::error::Result;
use crate::kernel::ids::ReportId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Desk, May};
use crate::web::shown::states::State;

pub(super) fn routes() -> Vec<Route> {
    routes![index]
}

/// One report as those who work on the matter read it. In templates: `{{> work/report this}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// `第4位报事人`, in the order of coming.
    by: String,
    at: String,
    channel: String,
    words: Option<String>,
    /// How satisfied they are, and why.
    rating: Option<String>,
    why: Option<String>,
    erased: bool,
    /// Waiting, released or withheld; nothing where there are no words.
    release: Option<State>,
    photos: Vec<Photo>,
    may_know: String,
    /// Where the caller may read who it was.
    identity: Option<String>,
    /// Where it can be moved to another matter.
    moving: Option<String>,
}

/// A picture, small, with the way to the large one.
#[derive(Clone, Debug, Serialize)]
pub struct Photo {
    pub src: String,
    pub href: Option<String>,
    pub alt: String,
    pub caption: Option<String>,
}

impl Photo {
    /// Of an attachment.
    pub fn of(a: &attachments::Attachment, alt: String) -> Self {
        Self { src: format!("/photos/{}.jpg", a.thumb_hash), href: Some(format!("/photos/{}.jpg", a.hash)), alt, caption: None }
    }
}

/// Everything that was reported on a matter and has words or pictures, with the numbers of those who have not.
pub struct Reported {
    pub shown: Vec<Shown>,
    /// All that have something to read.
    pub readable: usize,
    pub order: HashMap<ReportId, usize>,
}

/// Whether the caller may ask who wrote a report.
async fn asks(room: &Room<'_>) -> Result<(bool, bool)> {
    let here = || room.memberships.iter().filter(|m| m.covers(room.building));
    let manager = organisations::manager_of(room.caller.house.read(), room.building.id).await?.map(|o| o.id);
    let secretary = here().any(|m| m.role == Role::Secretary);
    Ok((secretary, here().any(|m| m.role == Role::Staff && Some(m.organisation_id) == manager)))
}

/// The latest `limit` reports with something to read.
pub async fn reported(room: &Room<'_>, limit: usize) -> Result<Reported> {
    let (caller, lang) = (room.caller, room.caller.lang);
    let db = caller.house.read();
    let all = reports::of_issue(db, room.m.issue.id).await?;
    let order: HashMap<ReportId, usize> = all.iter().enumerate().map(|(i, r)| (r.id, i + 1)).collect();
    let pictures = if room.sight.words { attachments::of_issue(db, room.m.issue.id).await? } else { vec![] };
    let (secretary, manager) = asks(room).await?;
    let has_photo = |r: &Report| pictures.iter().any(|a| a.report_id == Some(r.id));
    let readable: Vec<&Report> = all
        .iter()
        .filter(|r| r.words.is_some() || r.rating.is_some() || r.erased_at.is_some() || r.kind == ReportKind::New || has_photo(r))
        .collect();
    let root = room.root();
    let former = if room.m.issue.import_id.is_some() { imports::former(db, room.m.issue.id).await? } else { None };
    let shown = |r: &Report| {
        let k = reports::handle_of(caller.house.keys(), r.id);
        let known = match r.may_know {
            MayKnow::Nobody => false,
            MayKnow::Secretary => secretary,
            MayKnow::SecretaryAndManager => secretary || manager,
        };
        let n = order.get(&r.id).copied().unwrap_or(0).to_string();
        let photos = pictures.iter().filter(|a| a.report_id == Some(r.id)).map(|a| Photo::of(a, lang.say("work.reports.photo", &[("n", &n)])));
        Shown {
            by: match r.on_behalf_of {
                Some(workers) => lang.say("work.represents", &[("n", &n), ("workers", &workers.to_string())]),
                None => lang.say("work.reporter", &[("n", &n)]),
            },
            at: dates::moment(r.created_at, caller.house.now(), lang),
            channel: match (r.channel, &former) {
                (Channel::Import, Some(number)) => lang.say("work.former", &[("number", number)]),
                (channel, _) => lang.t(&format!("work.channels.{}", channel.as_str())),
            },
            words: r.words.clone().filter(|_| room.sight.words),
            rating: r.rating.map(|x| lang.t(&format!("receipts.rating.{x}"))),
            why: r.rating_words.clone().filter(|_| room.sight.words),
            erased: r.erased_at.is_some(),
            release: r.words.as_ref().map(|_| crate::web::release::state(r.release, lang)),
            photos: photos.collect(),
            may_know: lang.t(&format!("work.may_know.{}", r.may_know.as_str())),
            identity: known.then(|| format!("{root}/reports/{k}/identity")),
            moving: room.sight.speaks(crate::domain::messages::Voice::Reporters).then(|| format!("{root}/reports/{k}/move")),
        }
    };
    let n = readable.len();
    Ok(Reported { shown: readable.into_iter().rev().take(limit).map(shown).collect(), readable: n, order })
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    reports: Vec<Shown>,
    readable: usize,
    /// Reports that say no more than "me too".
    silent: i64,
    words: bool,
    form: FormState,
}

/// Most reports on the page of all.
const ALL: usize = 500;

#[get("/<_>/issues/<number>/work/reports")]
async fn index(who: May<'_, Desk>, number: i32) -> Result<Answer> {
    let room = Room::open(&who, number).await?;
    let Reported { shown, readable, .. } = reported(&room, ALL).await?;
    let heading = who.lang.t("work.reports.heading");
    let silent = i64::from(room.m.issue.reports) - readable as i64;
    let lead = room.lead(Some(heading.clone()));
    let page = Page { lead, reports: shown, readable, silent, words: room.sight.words, form: FormState::fresh(&who) };
    who.page(room.frame(&heading), "work/reports", &page)
}
