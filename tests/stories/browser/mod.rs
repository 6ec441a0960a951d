//! The same product as people meet it: a real Chromium by WebDriver against the real binary, on both databases.
//!
//! Where Chromium or its driver is missing the stories say aloud that they are skipped; with
//! `LOUYI_TEST_BROWSER=require` they fail instead. `LOUYI_BINARY` names another binary than the one of this build,
//! `LOUYI_SHOTS` a folder that keeps a picture of every page on the way.

mod chain;
mod driver;
mod filing;
mod lift;
mod line;
mod morning;
mod proving;
mod round;
mod server;
mod session;

pub use driver::Browser;
pub use server::Server;
