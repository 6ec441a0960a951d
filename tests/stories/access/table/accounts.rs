//! Signing in, and one's own settings.

use super::Who::{Open, SignedIn};
use super::{Row, row};

pub const ROWS: &[Row] = &[
    row("GET", "/calendars/of/<name>", Open),
    row("GET", "/first/<token>", Open),
    row("POST", "/first/<token>", Open),
    row("GET", "/me", SignedIn),
    row("POST", "/me/calendar", SignedIn),
    row("POST", "/me/language", SignedIn),
    row("POST", "/me/password", SignedIn),
    row("POST", "/me/sessions", SignedIn),
    row("GET", "/me/telling", SignedIn),
    row("POST", "/me/telling", SignedIn),
    row("POST", "/sign-in", Open),
    row("POST", "/sign-in/<token>", Open),
    row("GET", "/sign-in/<token>?<next>", Open),
    row("GET", "/sign-in/sent", Open),
    row("GET", "/sign-in?<next>", Open),
    row("POST", "/sign-out", SignedIn),
];
