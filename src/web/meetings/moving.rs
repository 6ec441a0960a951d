//! Another time or place, and the order of the agenda with its minutes.

use rocket::post;

use super::{on_item, on_meeting};
use crate::domain::meetings::publicity::NotPublic;
use crate::domain::meetings::timing::Step;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::guards::{May, Secretariat};
use crate::web::sent::Sent;

/// `POST …/meetings/{n}/postponement`: a called meeting gets another time or place.
#[post("/<_>/meetings/<number>/postponement", data = "<sent>")]
pub(super) async fn postpone(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "meetings.said.moved", async |act, meeting| {
        let starts_at = dates::at(sent.text("starts_at").trim()).ok_or_else(|| Refusal::new("date_time").at("starts_at"))?;
        meeting.unchanged_since(sent.version()?)?.postpone(act, starts_at, sent.text("place"), sent.given("online")).await.map(drop)
    })
    .await
}

/// `POST …/meetings/{n}/agenda`: minutes of the items, and one of them a step up or down: `3 up`.
#[post("/<_>/meetings/<number>/agenda", data = "<sent>")]
pub(super) async fn arrange(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "meetings.said.arranged", async |act, meeting| {
        let mut minutes = vec![];
        for (name, typed) in sent.fields() {
            let Some(place) = name.strip_prefix("minutes-").and_then(|p| p.parse::<i32>().ok()) else { continue };
            let wanted = match typed.trim() {
                "" => None,
                // What is no number is out of every range.
                n => Some(n.parse::<i32>().unwrap_or(0)),
            };
            minutes.push((place, wanted));
        }
        let step = match sent.given("move").and_then(|m| m.split_once(' ')) {
            None => None,
            Some((place, way)) => {
                let unknown = || Refusal::new("unknown_choice");
                let way = match way {
                    "up" => Step::Up,
                    "down" => Step::Down,
                    _ => return Err(unknown().into()),
                };
                Some((place.parse::<i32>().map_err(|_| unknown())?, way))
            }
        };
        meeting.unchanged_since(sent.version()?)?.arrange(act, &minutes, step).await.map(drop)
    })
    .await
}

/// `POST …/items/{p}/publicity`: keeps an item from outsiders, with a reason, or lets everybody read it.
#[post("/<_>/meetings/<number>/items/<position>/publicity", data = "<sent>")]
pub(super) async fn publicity(staff: May<'_, Secretariat>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&staff, (number, position), &sent, "meetings.said.publicity", async |act, _, item| {
        let item = item.unchanged_since(sent.version()?)?;
        match sent.given("ground") {
            Some("public") => item.make_public(act).await.map(drop),
            _ => item.withhold(act, sent.read::<NotPublic>("ground")?, sent.text("words")).await.map(drop),
        }
    })
    .await
}
