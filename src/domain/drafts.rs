//! Drafts 写到一半的: what somebody has begun to write on a matter and not sent. Their own on every device of theirs, shown to
//! nobody else; it goes when the message is sent, when they throw it away, or after a month.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::issues::Issue;
use super::messages::Voice;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{IssueId, PersonId};
use crate::kernel::text;

/// Longest draft: more than a message may have, so that what has to be shortened is not lost meanwhile.
pub const WORDS_MAX: usize = 4000;
/// Days for which one is kept that nobody touches.
pub const KEPT_DAYS: i64 = 30;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub issue_id: IssueId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub voice: Voice,
    pub words: String,
    pub kept_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Draft;

/// Somebody's own drafts on a matter.
pub async fn of(db: &impl ConnectionTrait, person: PersonId, issue: IssueId) -> Result<Vec<Draft>> {
    Ok(Entity::find().filter(Column::PersonId.eq(person)).filter(Column::IssueId.eq(issue)).all(db).await?)
}

/// Keeps what is typed, in place of what was kept before; nothing typed keeps nothing.
pub async fn keep(act: &Act, issue: &Issue, voice: Voice, words: &str) -> Result<()> {
    let person = act.actor.person().ok_or_else(|| Refusal::new("no_right"))?;
    issue.ask_speaker(act, voice).await?;
    let words = text::words("words", words, 0, WORDS_MAX)?;
    if words.is_empty() {
        return erase(act, issue.id, voice).await;
    }
    let row = ActiveModel { person_id: Set(person), issue_id: Set(issue.id), voice: Set(voice), words: Set(words), kept_at: Set(act.at) };
    let mut again = OnConflict::columns([Column::PersonId, Column::IssueId, Column::Voice]);
    again.update_columns([Column::Words, Column::KeptAt]);
    Entity::insert(row).on_conflict(again).exec_without_returning(act.tx()).await?;
    Ok(())
}

/// What was kept has arrived, or is thrown away.
pub async fn erase(act: &Act, issue: IssueId, voice: Voice) -> Result<()> {
    let Some(person) = act.actor.person() else { return Ok(()) };
    let own = Entity::delete_many().filter(Column::PersonId.eq(person)).filter(Column::IssueId.eq(issue));
    own.filter(Column::Voice.eq(voice)).exec(act.tx()).await?;
    Ok(())
}

/// Takes away those that nobody has touched since; gives how many.
pub(in crate::domain) async fn forget(act: &Act, before: DateTimeUtc) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::KeptAt.lt(before)).exec(act.tx()).await?.rows_affected)
}
