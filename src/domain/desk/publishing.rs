//! What waits for those who release words and edit the bulletin.

use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;

use super::{Desk, Line, What};
use crate::domain::editions::{self, EditionState, story};
use crate::domain::reports;
use crate::domain::rights::Right;
use crate::kernel::error::Result;

impl Desk<'_> {
    pub(super) async fn publishing(&self) -> Result<Vec<Line>> {
        let mut lines = vec![];
        let releases = self.buildings_with(Right::Release);
        if !releases.is_empty() {
            let waiting = reports::waiting_in(&self.db, releases).await?;
            lines.extend(waiting.into_iter().map(|w| Line::new(w.due, What::Words(w.building_id, w.n))));
        }
        lines.extend(self.drafts().await?);
        Ok(lines)
    }

    async fn drafts(&self) -> Result<Vec<Line>> {
        let (buildings, districts) = (self.buildings_with(Right::Edit), self.districts_with(Right::Edit));
        if buildings.is_empty() && districts.is_empty() {
            return Ok(vec![]);
        }
        use editions::Column as C;
        let db = &self.db;
        let of_district = C::BuildingId.is_null().and(C::DistrictId.is_in(districts));
        let drafts = editions::Entity::find()
            .filter(C::State.eq(EditionState::Draft))
            .filter(C::BuildingId.is_in(buildings).or(of_district))
            .order_by_asc(C::CreatedAt)
            .all(db)
            .await?;
        let unchecked = story::Entity::find()
            .filter(story::Column::EditionId.is_in(drafts.iter().map(|e| e.id)))
            .filter(story::Column::CheckedAt.is_null())
            .filter(story::Column::WrittenBy.is_null().or(story::Column::WrittenBy.ne(self.person)))
            .order_by_asc(story::Column::EditionId)
            .order_by_asc(story::Column::Position)
            .all(db)
            .await?;
        let mut lines = vec![];
        for s in unchecked {
            if let Some(e) = drafts.iter().find(|e| e.id == s.edition_id) {
                lines.push(Line::new(None, What::Story(Box::new(s), Box::new(e.clone()))));
            }
        }
        lines.extend(drafts.into_iter().map(|e| Line::new(None, What::Edition(Box::new(e)))));
        Ok(lines)
    }
}
