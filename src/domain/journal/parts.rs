//! Particulars that several lines of the journal have, or that have many members.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::levels::{Direction, Level};
use crate::domain::maintenance::Rhythm;
use crate::kernel::ids::*;
use crate::kernel::text::TextHash;

/// The numbers of a council's vote, as its sentence writes them out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arithmetic {
    pub seats: i32,
    pub recused: i32,
    pub present: i32,
    pub needed: i32,
    pub yes: i32,
    pub no: i32,
    pub abstain: i32,
    pub objections: i32,
    /// By enterprise; none where each seat counted one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Weights>,
}

/// Votes by enterprise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Of which the majority is a share.
    pub base: i32,
    pub yes: i32,
    pub no: i32,
    pub abstain: i32,
    /// Votes left out, since one enterprise alone would have had more than half.
    pub capped: i32,
}

/// What is announced, where, for which kind of trouble, from when to when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announced {
    pub number: i32,
    pub places: Vec<PlaceId>,
    pub category: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub words: TextHash,
}

/// What a maintenance plan says: what kind of work, where, by whom, how often, from which day on, within how many working days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    pub number: i32,
    pub category: String,
    pub place: Option<PlaceId>,
    pub organisation: OrganisationId,
    pub rhythm: Rhythm,
    pub every: i32,
    pub first: String,
    pub within: i32,
    pub words: TextHash,
}

/// To whom a matter is offered, until when and why; since there are levels, at which and which way, and for which council.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub to: OrganisationId,
    pub until: DateTime<Utc>,
    pub reason: String,
    pub level: Option<Level>,
    pub direction: Option<Direction>,
    pub council: Option<CouncilId>,
}
