//! `/desk/changes`: server-sent events (HTML Living Standard, 9.2) for a desk that stands open. An event says only that
//! something happened in one of the person's buildings; the page then reads itself anew, with the rights of that moment.

use std::time::Duration;

use futures::stream::BoxStream;
use rocket::http::Status;
use rocket::request::{self, FromRequest, Request};
use rocket::response::stream::{Event, EventStream, stream};
use rocket::tokio::sync::broadcast::{Receiver, error::RecvError};
use rocket::tokio::{select, time};
use rocket::{Route, Shutdown, get, routes};

use crate::domain::buildings;
use crate::kernel::error::Result;
use crate::kernel::ids::BuildingId;
use crate::web::guards::SignedIn;

pub(super) fn routes() -> Vec<Route> {
    routes![show]
}

/// After so long a browser asks again: whose session has ended meanwhile is told nothing more.
const LONGEST: Duration = Duration::from_secs(600);
/// What happens within this time is one event.
const AT_ONCE: Duration = Duration::from_millis(300);

/// A browser that wants events says so; anybody else would wait for the end of an answer that has none.
struct Wanted;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Wanted {
    type Error = ();
    async fn from_request(req: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match req.headers().get_one("Accept") {
            Some("text/event-stream") => request::Outcome::Success(Wanted),
            _ => request::Outcome::Forward(Status::NotAcceptable),
        }
    }
}

type Events = EventStream<BoxStream<'static, Event>>;

#[get("/desk/changes")]
async fn show(me: SignedIn<'_>, wanted: Option<Wanted>, end: Shutdown) -> Result<std::result::Result<Events, Status>> {
    if wanted.is_none() {
        return Ok(Err(Status::NoContent));
    }
    let mut mine = buildings::all(me.house.read(), None).await?;
    mine.retain(|b| me.signed.memberships.iter().any(|m| m.covers(b)));
    let mine: Vec<BuildingId> = mine.into_iter().map(|b| b.id).collect();
    let events = told(me.house.changes().listen(), mine, end);
    Ok(Ok(EventStream::from(events)))
}

fn told(mut changes: Receiver<BuildingId>, mine: Vec<BuildingId>, mut end: Shutdown) -> BoxStream<'static, Event> {
    let stream = stream! {
        let until = time::Instant::now() + LONGEST;
        yield Event::retry(Duration::from_secs(3));
        loop {
            let here = select! {
                _ = &mut end => break,
                () = time::sleep_until(until) => break,
                building = changes.recv() => match building {
                    Ok(building) => mine.contains(&building),
                    // Too much at once to tell one by one.
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => break,
                },
            };
            if here {
                time::sleep(AT_ONCE).await;
                while changes.try_recv().is_ok() {}
                yield Event::data("").event("changed");
            }
        }
    };
    Box::pin(stream)
}
