//! The five levels: 街道领导 · 商圈协调 · 商会协同 · 楼宇自治 · 部门落实. Which of them an organisation acts at follows from its kind
//! unless an administrator says otherwise: a street's own office is a department by its kind and leads all the same.

use super::organisations::{Organisation, OrganisationKind};

vocabulary! {
    /// The level of the five that a matter rests at.
    Level { Building = "building", Department = "department", Association = "association", District = "district", Street = "street" }
}

vocabulary! {
    /// Which way a matter goes when it is handed over.
    Direction {
        /// To a level that leads or coordinates the one that gives.
        Up = "up",
        /// To a level that is led or coordinated by the one that gives.
        Down = "down",
        /// To another of the same height.
        Sideways = "sideways",
        /// To whoever had it before, with what came of it.
        Back = "back",
    }
}

impl Level {
    /// Every level as a matter usually meets them.
    pub const WAY: &'static [Level] = &[Level::Building, Level::District, Level::Association, Level::Street, Level::Department];

    /// At which level a kind of organisation acts unless somebody says otherwise.
    pub fn of_kind(kind: OrganisationKind) -> Level {
        match kind {
            OrganisationKind::Department => Level::Department,
            OrganisationKind::Association => Level::Association,
            _ => Level::Building,
        }
    }

    /// The street leads; district and chambers bring parties together; buildings and departments do the work.
    fn height(self) -> u8 {
        match self {
            Level::Street => 2,
            Level::District | Level::Association => 1,
            Level::Building | Level::Department => 0,
        }
    }

    /// The way from this level to another; `back` is no question of levels.
    pub fn way_to(self, to: Level) -> Direction {
        match self.height().cmp(&to.height()) {
            std::cmp::Ordering::Less => Direction::Up,
            std::cmp::Ordering::Greater => Direction::Down,
            std::cmp::Ordering::Equal => Direction::Sideways,
        }
    }
}

impl Organisation {
    /// The level at which it acts.
    pub fn acts_at(&self) -> Level {
        self.level.unwrap_or_else(|| Level::of_kind(self.kind))
    }
}
