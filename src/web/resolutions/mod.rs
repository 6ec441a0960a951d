//! Resolutions in the browser: the page of one, what is said to it and objected, and the register of them all.

mod acts;
mod board;
mod machines;
mod parts;
mod register;
mod show;

pub(super) use register::{Line, lines};

use rocket::{Route, routes};

/// Mounted at `/b` and at `/d`.
pub(super) fn routes() -> Vec<Route> {
    routes![
        show::show,
        acts::publish,
        acts::lapse,
        acts::dissent,
        acts::reply,
        acts::name,
        acts::object,
        acts::answer,
        register::show,
        board::show,
        machines::csv,
        machines::json,
    ]
}
