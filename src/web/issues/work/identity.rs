//! `…/reports/{k}/identity`: who reported, for whoever the reporter chose. Asked for by a button, since each reading is
//! noted in the journal; the answer is shown once and kept nowhere.

use rocket::{Route, post, routes};
use serde::Serialize;

use super::acting::{act_as, again};
use super::lead::Lead;
use super::room::Room;
use super::show;
use crate::domain::reports::{self, Identity};
use crate::domain::rights::Role;
use crate::domain::{issues, organisations};
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::guards::{Desk, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![read]
}

#[derive(Serialize)]
struct Page {
    lead: Lead,
    name: Option<String>,
    phone: Option<String>,
    mail: Option<String>,
    nothing: bool,
    choice: String,
}

#[post("/<_>/issues/<number>/reports/<k>/identity", data = "<sent>")]
async fn read(who: May<'_, Desk>, number: i32, k: &str, sent: Sent<'_>) -> Result<Answer> {
    let found = async {
        let building = who.building()?;
        let caller: &Caller = &who;
        let db = caller.house.read();
        // The secretary asks as such; property staff as the property manager, also where another organisation is
        // responsible by now.
        let secretary = who.signed.memberships.iter().any(|m| m.role == Role::Secretary && m.covers(building));
        let manager = if secretary { None } else { organisations::manager_of(db, building.id).await?.map(|o| o.id) };
        let act = caller.begin(act_as(&who, manager)?.actor(), &sent).await?;
        let issue = issues::by_number(act.tx(), building.id, number).await?;
        let report = reports::by_handle(act.tx(), caller.house.keys(), issue.id, k).await?;
        let identity = reports::read_identity(&act, &report).await?;
        act.commit().await?;
        Ok((report.may_know, identity))
    }
    .await;
    match found {
        Ok((choice, Identity { name, phone, email, .. })) => {
            let room = Room::open(&who, number).await?;
            let heading = who.lang.t("work.identity.heading");
            let page = Page {
                lead: room.lead(Some(heading.clone())),
                nothing: name.is_none() && phone.is_none() && email.is_none(),
                choice: who.lang.t(&format!("work.may_know.{}", choice.as_str())),
                name,
                phone,
                mail: email,
            };
            Ok(who.page(room.frame(&heading), "work/identity", &page)?.header("Cache-Control", "no-store"))
        }
        Err(e) => {
            let (room, form, status) = again(&who, number, &sent, e).await?;
            Ok(show::page(&room, form, None).await?.status(status))
        }
    }
}
