//! Posters 海报: a code that is printed, and tells the place, never the person.

use std::collections::HashMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{Building, Place, PlaceKind, places};
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, PlaceId, PosterId};
use crate::kernel::journal::On;

/// A poster 海报: its code is printed, and tells the place, never the person.
pub mod poster {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PosterId,
        pub place_id: PlaceId,
        pub code: String,
        pub scans: i64,
        pub retired_at: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use poster::Model as Poster;

/// A poster by its printed code, also a retired one.
pub async fn poster_by_code(db: &impl ConnectionTrait, code: &str) -> Result<Poster> {
    poster::Entity::find().filter(poster::Column::Code.eq(code)).one(db).await?.ok_or(Error::NotFound)
}

/// The posters in use of a building, with their places.
pub async fn posters(db: &impl ConnectionTrait, id: BuildingId) -> Result<Vec<(Poster, Place)>> {
    let places = places(db, id).await?;
    let ids: Vec<PlaceId> = places.iter().map(|p| p.id).collect();
    let posters = poster::Entity::find().filter(poster::Column::PlaceId.is_in(ids)).filter(poster::Column::RetiredAt.is_null()).all(db).await?;
    let mut out: Vec<(Poster, Place)> =
        posters.into_iter().filter_map(|x| places.iter().find(|p| p.id == x.place_id).map(|p| (x, p.clone()))).collect();
    out.sort_by_key(|(_, p)| (p.position, p.code.clone()));
    Ok(out)
}

/// How many reports each poster of a building brought, retired ones too.
pub async fn brought(db: &impl ConnectionTrait, id: BuildingId) -> Result<HashMap<PosterId, i64>> {
    let text = "select poster_id, count(*) from reports where building_id = ? and poster_id is not null group by poster_id";
    let rows = db.query_all_raw(sql(db, text, [id.0.into()])).await?;
    rows.into_iter().map(|r| Ok((PosterId(r.try_get_by_index(0)?), r.try_get_by_index(1)?))).collect()
}

/// Counts a scan. Upkeep, not history.
pub async fn scanned(db: &impl ConnectionTrait, id: PosterId) -> Result<()> {
    db.execute_raw(sql(db, "update posters set scans = scans + 1 where id = ?", [id.0.into()])).await?;
    Ok(())
}

impl Building {
    /// Hangs a new poster at a place; earlier codes stay valid until they are retired.
    pub async fn hang_poster(&self, act: &Act, place: &Place, code: Option<&str>) -> Result<Poster> {
        let code = code.map_or_else(|| poster_code(act), str::to_owned);
        let row = poster::ActiveModel {
            id: Set(PosterId(act.fresh())),
            place_id: Set(place.id),
            code: Set(code),
            scans: Set(0),
            retired_at: Set(None),
            created_at: Set(act.at),
        };
        let poster = row.insert(act.tx()).await?;
        act.journal(On::new("poster", poster.id).in_building(self.id), &Entry::PosterHung { place: place.id }).await?;
        Ok(poster)
    }
}

impl Building {
    /// Hangs one at each place of a kind that has none; gives how many.
    pub async fn hang_at_each(&self, act: &Act, kind: PlaceKind) -> Result<usize> {
        super::hold(act, self.id).await?;
        let hung = posters(act.tx(), self.id).await?;
        let bare = places(act.tx(), self.id).await?.into_iter().filter(|p| p.kind == kind && !hung.iter().any(|(_, at)| at.id == p.id));
        let mut n = 0;
        for place in bare {
            self.hang_poster(act, &place, None).await?;
            n += 1;
        }
        if n == 0 { Err(Refusal::new("posters_all_hung").at("kind").into()) } else { Ok(n) }
    }
}

impl Poster {
    /// Hangs a fresh one in its place and takes this one out of use: torn, pasted over, or with a code that somebody copied.
    pub async fn replace(self, act: &Act, building: &Building, place: &Place) -> Result<Poster> {
        let fresh = building.hang_poster(act, place, None).await?;
        self.retire(act, building).await?;
        Ok(fresh)
    }

    /// Takes a poster out of use. Its code leads to the building from now on: somebody may still scan the old paper.
    pub async fn retire(self, act: &Act, building: &Building) -> Result<()> {
        if self.retired_at.is_some() {
            return Ok(());
        }
        let id = self.id;
        let mut row: poster::ActiveModel = self.into();
        row.retired_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(On::new("poster", id).in_building(building.id), &Entry::PosterRetired).await?;
        Ok(())
    }
}

/// Six letters and digits that are hard to confuse.
fn poster_code(act: &Act) -> String {
    const SIGNS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    act.fresh().as_bytes()[10..].iter().map(|b| SIGNS[usize::from(*b) % SIGNS.len()] as char).collect()
}
