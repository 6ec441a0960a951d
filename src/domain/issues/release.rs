//! The public title and text of a matter, released by the secretary or an editor.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::{ActiveModel, Column, Entity, Issue};
use crate::domain::buildings::{self, Place};
use crate::domain::categories;
use crate::domain::journal::Entry;
use crate::domain::reports::personal;
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::IssueId;
use crate::kernel::search;
use crate::kernel::text::{self, TextHash};

impl Issue {
    /// Gives the matter a public title and, if wished, a summary; both become searchable.
    pub async fn release(self, act: &Act, title: &str, summary: &str) -> Result<Issue> {
        let title = text::words("title", title, 2, 60)?;
        let summary = text::words("summary", summary, 0, 1000)?;
        personal::ask_none(&title, "title")?;
        personal::ask_none(&summary, "summary")?;
        let place = buildings::place_by_id(act.tx(), self.place_id).await?;
        search::index(act, self.id, &self.public_words(&title, &summary, &place)).await?;
        let set = ActiveModel {
            public_title: Set(Some(title.clone())),
            public_text: Set((!summary.is_empty()).then_some(summary)),
            released_at: Set(Some(act.at)),
            released_by: Set(act.actor.person()),
            ..Default::default()
        };
        let issue = self.change(act, set).await?;
        act.journal(issue.on_self(), &Entry::TitleReleased { title: TextHash::of(&issue.title_salt, &title) }).await?;
        Ok(issue)
    }

    /// Of a matter that has been at another place the words of the new one are found.
    pub(super) async fn index_again(&self, act: &Act, place: &Place) -> Result<()> {
        let (title, summary) = (self.public_title.as_deref().unwrap_or_default(), self.public_text.as_deref().unwrap_or_default());
        search::index(act, self.id, &self.public_words(title, summary, place)).await
    }

    fn public_words(&self, title: &str, summary: &str, place: &Place) -> String {
        let category = categories::find(&self.category);
        let name = |lang| category.map_or("", |c| c.name(lang));
        format!("{title} {summary} {} {} {}", name(Lang::Zh), name(Lang::En), place.public(Lang::Zh))
    }

    /// What the public reads as its title: the released one, or the kind of trouble.
    pub fn title_for_public(&self, lang: Lang) -> String {
        title_for_public(self.public_title.as_deref(), &self.category, lang)
    }
}

/// The released title of a matter, or its kind of trouble.
pub fn title_for_public(released: Option<&str>, category: &str, lang: Lang) -> String {
    released.map_or_else(|| categories::name(category, lang), str::to_owned)
}

/// The working title is made of the first report's words, and goes with them; the kind of trouble stands in its place.
pub(in crate::domain) async fn erase_title(act: &Act, id: IssueId) -> Result<()> {
    let issue = super::by_id(act.tx(), id).await?;
    Entity::update_many()
        .col_expr(Column::Title, Expr::value(categories::name(&issue.category, Lang::Zh)))
        .filter(Column::Id.eq(id))
        .exec(act.tx())
        .await?;
    Ok(())
}
