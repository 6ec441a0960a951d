//! Letters as their readers get them.

use louyi::domain::letters::{self, Letter};
use louyi::kernel::outbox;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Town;

impl Town {
    /// The last owed letter of a kind, as it would go out now.
    pub async fn letter_of(&self, kind: &str) -> Letter {
        let owed = outbox::Entity::find().filter(outbox::Column::Kind.eq(kind)).order_by_desc(outbox::Column::Id);
        let owed = owed.one(self.house.read()).await.expect("letters").expect("a letter of the kind");
        letters::compose(&self.house, &owed).await.expect("composes").expect("somebody to send it to")
    }
}
