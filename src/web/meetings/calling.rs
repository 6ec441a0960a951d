//! A meeting's own acts: called, cancelled, opened, closed.

use chrono::{DateTime, Duration, Utc};
use rocket::post;

use super::on_meeting;
use crate::domain::meetings::Meeting;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::guards::{May, Preside, Secretariat};
use crate::web::sent::Sent;

/// `POST …/meetings/{n}/notice`: calls it; agenda and papers are frozen, every member is told.
#[post("/<_>/meetings/<number>/notice", data = "<sent>")]
pub(super) async fn call(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "meetings.said.called", async |act, m| m.unchanged_since(sent.version()?)?.call(act).await.map(drop)).await
}

/// `POST …/meetings/{n}/cancellation`: its items wait on the list again.
#[post("/<_>/meetings/<number>/cancellation", data = "<sent>")]
pub(super) async fn cancel(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "meetings.said.cancelled", async |act, m| m.unchanged_since(sent.version()?)?.cancel(act).await.map(drop)).await
}

/// Minutes before the announced time at which a session may open without being asked twice.
const AHEAD: i64 = 30;

/// Whether a session that opens now opens well before members were told to come.
pub(super) fn early(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    now + Duration::minutes(AHEAD) < meeting.starts_at
}

/// `POST …/meetings/{n}/session`: opens the session.
#[post("/<_>/meetings/<number>/session", data = "<sent>")]
pub(super) async fn open(chair: May<'_, Preside>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&chair, number, &sent, "meetings.said.opened", async |act, m| {
        if early(&m, act.at) && !sent.ticked("early") {
            return Err(Refusal::new("session_early").at("early").into());
        }
        m.unchanged_since(sent.version()?)?.open(act).await.map(drop)
    })
    .await
}

/// `POST …/meetings/{n}/closing`: closes the session.
#[post("/<_>/meetings/<number>/closing", data = "<sent>")]
pub(super) async fn close(chair: May<'_, Preside>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&chair, number, &sent, "meetings.said.closed", async |act, m| m.unchanged_since(sent.version()?)?.close(act).await.map(drop)).await
}

/// `POST …/meetings/{n}/result`: writes down what a written procedure came to, where nobody's vote is missing or its time is over.
#[post("/<_>/meetings/<number>/result", data = "<sent>")]
pub(super) async fn settle(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "meetings.said.settled", async |act, m| m.unchanged_since(sent.version()?)?.settle(act).await.map(drop)).await
}
