//! What is likely to be wrong where: the few kinds that a form offers first at a place. All others stay reachable.

use super::{Category, find};
use crate::domain::buildings::PlaceKind;

/// The kind for whatever fits nowhere else.
pub const OTHER: &str = "biz.other";

fn codes(kind: PlaceKind) -> [&'static str; 7] {
    match kind {
        PlaceKind::Lobby | PlaceKind::LiftBank => {
            ["lift.queue", "lift.fault", "lift.comfort", "hvac.temp", "access.gate", "access.delivery", "env.noise"]
        }
        PlaceKind::Lift => ["lift.queue", "lift.fault", "lift.comfort", "lift.trapped", "hvac.temp", "air.smoking", "env.waste"],
        PlaceKind::Gate => ["access.gate", "access.clock", "lift.queue", "access.delivery", "access.barrier", "hvac.temp", "safe.security"],
        PlaceKind::Tower | PlaceKind::Floor | PlaceKind::Zone | PlaceKind::Room => {
            ["hvac.temp", "hvac.hours", "air.quality", "env.noise", "env.toilet", "util.network", "util.power"]
        }
        PlaceKind::Corridor => ["air.smoking", "env.noise", "hvac.temp", "env.waste", "fire.exit", "util.water", "air.quality"],
        PlaceKind::Stair => ["fire.exit", "air.smoking", "env.waste", "fire.facility", "env.noise", "util.power", "safe.security"],
        PlaceKind::Parking => ["park.car", "park.ev", "park.fee", "park.bike", "access.gate", "util.water", "safe.security"],
        PlaceKind::Outdoor => ["park.bike", "access.delivery", "env.waste", "access.barrier", "park.car", "air.smoking", "safe.falling"],
        PlaceKind::Toilet => ["env.toilet", "util.water", "env.waste", "air.quality", "access.barrier", "env.pest", "air.smoking"],
        PlaceKind::Pantry => ["util.water", "env.waste", "env.pest", "util.power", "air.quality", "env.noise", "hvac.temp"],
    }
}

/// Seven kinds that are likely at a place (or where it isn't known, in a tower's lobby), and the one for all else.
pub fn likely(kind: Option<PlaceKind>) -> Vec<&'static Category> {
    codes(kind.unwrap_or(PlaceKind::Lobby)).into_iter().chain([OTHER]).filter_map(find).collect()
}
