//! The house as a whole: its ledger, calendars, letters, help and signs of life.

use louyi::domain::rights::Right::Administer;

use super::Who::{Open, SignedIn};
use super::{Row, holds, row};

pub const ROWS: &[Row] = &[
    row("GET", "/?<q>", Open),
    row("GET", "/accessibility", Open),
    row("GET", "/sw.js", Open),
    row("GET", "/clock", Open),
    row("POST", "/clock", Open),
    row("GET", "/help", Open),
    row("POST", "/help/<role>/put-away", SignedIn),
    row("GET", "/healthz", Open),
    row("GET", "/ledger/checkpoint", Open),
    row("GET", "/ledger/entries/<n>", Open),
    row("GET", "/ledger/entries/<n>/entry.json", Open),
    row("GET", "/ledger/entries/<n>/proof", Open),
    row("GET", "/ledger/key", Open),
    row("GET", "/ledger/schema.json", Open),
    row("GET", "/ledger/tile/<path..>", Open),
    row("GET", "/ledger?<before>", Open),
    row("GET", "/calendars", holds(Administer)),
    row("POST", "/calendars", holds(Administer)),
    row("POST", "/calendars/check", holds(Administer)),
    row("POST", "/calendars/moves", holds(Administer)),
    row("POST", "/letters/given-up", holds(Administer)),
    row("POST", "/letters/given-up/all", holds(Administer)),
    row("GET", "/letters?<before>", holds(Administer)),
    row("GET", "/metrics", Open),
    row("GET", "/privacy", Open),
    row("GET", "/readyz", Open),
    row("GET", "/static/<_hash>/<path..>", Open),
    row("GET", "/styleguide", Open),
    row("GET", "/styleguide/errors/<status>", Open),
    row("GET", "/styleguide/list", Open),
];
