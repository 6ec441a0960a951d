//! Whom an item concerns, so that the chair can ask: seats whose organisation is a party to it. A proposal only; recusal is declared,
//! decided by the others, or follows from having to sign.

use sea_orm::ConnectionTrait;

use super::items::Item;
use super::presence;
use crate::domain::councils::{self, Seat, SeatClass};
use crate::domain::{issues, tasks, undertakings};
use crate::kernel::error::Result;

/// Why a seat is a party to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An enterprise that is asked to sign: it leaves the count when the vote opens, whether it says so or not.
    MustSign,
    /// Any other organisation that is asked to sign.
    Signs,
    /// It answers for the matter, or has had a task of it.
    Handles,
}

impl Why {
    /// The word in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::MustSign => "must_sign",
            Why::Signs => "signs",
            Why::Handles => "handles",
        }
    }
}

/// Seats that are a party to an item and still in its count.
pub async fn of_item(db: &impl ConnectionTrait, item: &Item) -> Result<Vec<(Seat, Why)>> {
    let council = councils::by_id(db, item.council_id).await?;
    let recused = presence::recusals(db, item.id).await?;
    let asked = undertakings::of_item(db, item.id).await?;
    let mut handles = vec![];
    if let Some(id) = item.issue_id {
        handles.extend(issues::by_id(db, id).await?.holder_id);
        handles.extend(tasks::of_issue(db, id).await?.iter().map(|t| t.organisation_id));
    }
    let seats = council.seats(db).await?.into_iter().filter(|s| !s.vacant() && recused.iter().all(|r| r.seat_id != s.id));
    let party = |s: &Seat| {
        if asked.iter().any(|u| u.state.counts() && u.organisation_id == s.organisation_id) {
            Some(if s.class == SeatClass::Enterprise { Why::MustSign } else { Why::Signs })
        } else {
            handles.contains(&s.organisation_id).then_some(Why::Handles)
        }
    };
    Ok(seats.filter_map(|s| party(&s).map(|why| (s, why))).collect())
}
