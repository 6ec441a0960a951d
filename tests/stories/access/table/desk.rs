//! The desk: queues, several at once, the round, figures of handling.

use louyi::domain::rights::Right::{Triage, Work};

use super::Who::SignedIn;
use super::{Row, holds, row};

pub const ROWS: &[Row] = &[
    row("POST", "/desk/batches", holds(Work)),
    row("GET", "/desk/batches/<id>", holds(Work)),
    row("POST", "/desk/batches/<id>/undo", holds(Work)),
    row("GET", "/desk/batches/new?<verb>&<pick>&<back>", holds(Work)),
    row("GET", "/desk/changes", SignedIn),
    row("GET", "/desk/figures/cases.csv?<query..>", holds(Triage)),
    row("GET", "/desk/figures/cases.xlsx?<query..>", holds(Triage)),
    row("GET", "/desk/figures/cases?<query..>", holds(Triage)),
    row("GET", "/desk/figures?<query..>", holds(Triage)),
    row("POST", "/desk/list.csv?<query..>", SignedIn),
    row("POST", "/desk/list.xlsx?<query..>", SignedIn),
    row("GET", "/desk/round", holds(Work)),
    row("GET", "/desk/print?<pick>&<back>", holds(Work)),
    row("POST", "/desk/views", SignedIn),
    row("POST", "/desk/views/<id>/removal", SignedIn),
    row("GET", "/desk?<query..>", SignedIn),
];
