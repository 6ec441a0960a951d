//! Announcements and bulletins, of a building and of a district.

use louyi::domain::rights::Right::{Announce, Edit};

use super::Who::Open;
use super::{Row, may, row};

pub const ROWS: &[Row] = &[
    row("GET", "/b/<building>/announcements", Open),
    row("POST", "/b/<_>/announcements", may(Announce)),
    row("GET", "/b/<building>/announcements/<number>", Open),
    row("POST", "/b/<_>/announcements/<number>", may(Announce)),
    row("GET", "/b/<_>/announcements/<number>/edit", may(Announce)),
    row("POST", "/b/<_>/announcements/<number>/ending", may(Announce)),
    row("GET", "/b/<building>/announcements/<number>/print", Open),
    row("GET", "/b/<_>/announcements/new", may(Announce)),
    row("GET", "/b/<_>/bulletin", Open),
    row("POST", "/b/<_>/bulletin", may(Edit)),
    row("GET", "/b/<_>/bulletin/<number>?<paper>", Open),
    row("GET", "/b/<_>/bulletin/<number>/edit", may(Edit)),
    row("POST", "/b/<_>/bulletin/<number>/publication", may(Edit)),
    row("POST", "/b/<_>/bulletin/<number>/stories/<position>", may(Edit)),
    row("POST", "/b/<_>/bulletin/<number>/stories/<position>/check", may(Edit)),
    row("GET", "/b/<_>/bulletin/<number>/stories/<position>?<issue>", may(Edit)),
    row("GET", "/bulletin", Open),
    row("GET", "/d/<_>/bulletin", Open),
    row("POST", "/d/<_>/bulletin", may(Edit)),
    row("GET", "/d/<_>/bulletin/<number>?<paper>", Open),
    row("GET", "/d/<_>/bulletin/<number>/edit", may(Edit)),
    row("POST", "/d/<_>/bulletin/<number>/publication", may(Edit)),
    row("POST", "/d/<_>/bulletin/<number>/stories/<position>", may(Edit)),
    row("POST", "/d/<_>/bulletin/<number>/stories/<position>/check", may(Edit)),
    row("GET", "/d/<_>/bulletin/<number>/stories/<position>?<issue>", may(Edit)),
];
