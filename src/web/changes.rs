//! Server-sent events (HTML Living Standard, 9.2) for pages that stand open. An event says only that something happened; the
//! page then reads itself anew, with the rights of that moment.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use rocket::Shutdown;
use rocket::http::Status;
use rocket::request::{self, FromRequest, Request};
use rocket::response::stream::{Event, EventStream, stream};
use rocket::tokio::sync::broadcast::error::RecvError;
use rocket::tokio::{select, time};

use crate::kernel::act::House;
use crate::kernel::changes::Change;

/// After so long a browser asks again: whose session has ended meanwhile is told nothing more.
const LONGEST: Duration = Duration::from_secs(600);

/// How soon a page must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A desk: what happens within this time is one event.
    Calm,
    /// A screen in an open session.
    Close,
}

impl Pace {
    /// What happens within this time is one event.
    fn at_once(self) -> Duration {
        Duration::from_millis(if self == Pace::Close { 80 } else { 300 })
    }

    /// After so long a browser that has lost the line tries again.
    fn retry(self) -> Duration {
        Duration::from_secs(if self == Pace::Close { 1 } else { 3 })
    }
}

/// A browser that wants events says so; anybody else would wait for the end of an answer that has none.
pub struct Wanted;

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

/// The answer to a page that listens.
pub type Events = EventStream<BoxStream<'static, Event>>;

/// Counts somebody in an open session as long as they listen.
struct Listening(House, Pace);

impl Listening {
    fn to(house: &House, pace: Pace) -> Self {
        if pace == Pace::Close {
            house.changes().closely(true);
        }
        Self(house.clone(), pace)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if self.1 == Pace::Close {
            self.0.changes().closely(false);
        }
    }
}

/// Tells of each change that `mine` holds.
pub fn told(house: &House, pace: Pace, mine: impl Fn(&Change) -> bool + Send + Sync + 'static, mut end: Shutdown) -> Events {
    let (mine, mut changes, listening) = (Arc::new(mine), house.changes().listen(), Listening::to(house, pace));
    let stream: BoxStream<'static, Event> = Box::pin(stream! {
        let _listening = listening;
        let until = time::Instant::now() + LONGEST;
        yield Event::retry(pace.retry());
        loop {
            let here = select! {
                _ = &mut end => break,
                () = time::sleep_until(until) => break,
                change = changes.recv() => match change {
                    Ok(change) => mine(&change),
                    // Too much at once to tell one by one.
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => break,
                },
            };
            if here {
                time::sleep(pace.at_once()).await;
                while changes.try_recv().is_ok() {}
                yield Event::data("").event("changed");
            }
        }
    });
    EventStream::from(stream)
}
