//! What of an agenda is not public, and why: outsiders read the reason in place of the title.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::items::{self, ActiveModel, Item};
use crate::domain::journal::Entry;
use crate::domain::motions;
use crate::domain::resolutions::Resolution;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::ItemId;
use crate::kernel::text;

vocabulary! {
    /// Why an item is not public.
    NotPublic {
        /// It is about somebody's person.
        Personal = "personal",
        /// An enterprise's secrets of trade.
        TradeSecret = "trade_secret",
        /// Who knew it could harm the building.
        Security = "security",
        /// In the secretary's words.
        Other = "other",
    }
}

impl Item {
    /// Keeps it from outsiders, with the reason that they read instead.
    pub async fn withhold(self, act: &Act, ground: NotPublic, words: &str) -> Result<Item> {
        let words = match ground {
            NotPublic::Other => Some(text::words("words", words, 2, 80)?),
            _ => None,
        };
        if self.not_public_ground == Some(ground) && self.not_public_reason == words {
            return Err(Refusal::new("not_public_already").into());
        }
        let set = ActiveModel { public: Set(false), not_public_ground: Set(Some(ground)), not_public_reason: Set(words), ..Default::default() };
        let item = self.change(act, set).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemWithheld { ground }).await?;
        Ok(item)
    }

    /// Lets everybody read it.
    pub async fn make_public(self, act: &Act) -> Result<Item> {
        if self.public {
            return Err(Refusal::new("public_already").into());
        }
        let set = ActiveModel { public: Set(true), not_public_ground: Set(None), not_public_reason: Set(None), ..Default::default() };
        let item = self.change(act, set).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemMadePublic).await?;
        Ok(item)
    }

    /// Why it is not public, in words.
    pub fn withheld_because(&self, lang: Lang) -> String {
        because(self.not_public_ground, self.not_public_reason.as_deref(), lang)
    }

    /// Its title for everybody; of what is not public, that it is not, and why.
    pub fn public_title(&self, lang: Lang) -> String {
        if self.public { self.title.clone() } else { lang.say("meetings.not_public_because", &[("why", &self.withheld_because(lang))]) }
    }
}

/// Why something is not public, in words.
pub fn because(ground: Option<NotPublic>, reason: Option<&str>, lang: Lang) -> String {
    match (ground, reason) {
        (Some(NotPublic::Other) | None, Some(words)) => words.to_owned(),
        (Some(ground), _) => lang.t(&format!("meetings.not_public_grounds.{ground}")),
        (None, None) => lang.t("meetings.not_public_grounds.other"),
    }
}

/// Resolutions as everybody may read them: of what was decided on an item that is not public, the reason, and no words.
pub async fn veil(db: &impl ConnectionTrait, mut all: Vec<Resolution>, lang: Lang) -> Result<Vec<Resolution>> {
    if all.is_empty() {
        return Ok(all);
    }
    let put = motions::Entity::find().filter(motions::Column::Id.is_in(all.iter().map(|r| r.motion_id))).all(db).await?;
    let on: Vec<ItemId> = put.iter().map(|m| m.item_id).collect();
    let hidden = items::Entity::find().filter(items::Column::Id.is_in(on)).filter(items::Column::Public.eq(false)).all(db).await?;
    for r in &mut all {
        let item = put.iter().find(|m| m.id == r.motion_id).and_then(|m| hidden.iter().find(|i| i.id == m.item_id));
        if let Some(item) = item {
            (r.title, r.words, r.reasons) = (item.public_title(lang), String::new(), String::new());
        }
    }
    Ok(all)
}
