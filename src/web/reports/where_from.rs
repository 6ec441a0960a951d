//! Where a report comes from: the place that a poster or an address named, or that was picked.

use crate::domain::buildings::{self, Building, Place, Poster};
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::caller::Caller;
use crate::web::sent::Sent;

/// The place and the poster of a form, as far as they are known.
#[derive(Default)]
pub struct WhereFrom {
    /// The place.
    pub place: Option<Place>,
    /// The poster whose code was scanned.
    pub poster: Option<Poster>,
    /// What could not be found.
    pub fault: Option<Refusal>,
}

impl WhereFrom {
    /// What a form says: the place that was picked instead of the one it came with, or else that one.
    pub async fn sent(caller: &Caller, building: &Building, sent: &Sent<'_>) -> Result<Self> {
        Self::of(caller, building, sent.given("elsewhere").or(sent.given("place")), sent.given("poster")).await
    }

    /// Looks up what an address or a form names. A poster of another building counts for nothing.
    pub async fn of(caller: &Caller, building: &Building, place: Option<&str>, poster: Option<&str>) -> Result<Self> {
        let db = caller.house.read();
        let mut from = Self::default();
        if let Some(code) = poster.filter(|c| c.len() <= 40) {
            let found = known(buildings::poster_by_code(db, code).await)?;
            let at = match &found {
                Some(p) => known(buildings::place_by_id(db, p.place_id).await)?.filter(|p| p.building_id == building.id),
                None => None,
            };
            if at.is_none() {
                from.fault = Some(Refusal::new("unknown_poster").at("place"));
            }
            from.poster = found.filter(|_| at.is_some());
            from.place = at;
        }
        if let Some(code) = place {
            let found = known(buildings::place_by_code(db, building.id, code).await)?.filter(|p| p.retired_at.is_none());
            match found {
                Some(p) => {
                    // Corrected by hand: then it isn't the poster's place any more, but the poster was scanned all the same.
                    from.place = Some(p);
                    from.fault = from.fault.filter(|f| f.key != "unknown_poster");
                }
                None => {
                    from.place = None;
                    from.fault = Some(Refusal::new("unknown_place").at("place"));
                }
            }
        }
        Ok(from)
    }
}

fn known<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(x) => Ok(Some(x)),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}
