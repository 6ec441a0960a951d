//! Bulletins 楼报: editions of a building or a district, and the stories in them. A second person checks each story
//! before the edition goes out.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;

use super::buildings::{self, Building, District};
use super::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, DistrictId, EditionId, IssueId, PersonId, ResolutionId, StoryId};
use crate::kernel::journal::On;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Where an edition stands.
    EditionState { Draft = "draft", Published = "published", Withdrawn = "withdrawn" }
}

vocabulary! {
    /// What place a story has on the page.
    StoryKind { Lead = "lead", Story = "story", Brief = "brief" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "editions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EditionId,
    pub district_id: DistrictId,
    /// None for the district's own bulletin.
    pub building_id: Option<BuildingId>,
    pub number: i32,
    pub title: String,
    pub state: EditionState,
    pub published_at: Option<DateTimeUtc>,
    pub ledger_index: Option<i64>,
    pub version: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A story 稿件.
pub mod story {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "stories")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: StoryId,
        pub edition_id: EditionId,
        pub position: i32,
        pub kind: StoryKind,
        pub issue_id: Option<IssueId>,
        pub resolution_id: Option<ResolutionId>,
        pub headline: String,
        pub summary: String,
        /// Markdown as written.
        pub words: String,
        pub words_salt: Vec<u8>,
        /// Rendered and cleaned when written.
        pub html: String,
        pub written_by: Option<PersonId>,
        pub checked_by: Option<PersonId>,
        pub checked_at: Option<DateTimeUtc>,
        pub ledger_index: Option<i64>,
        pub version: i32,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use Model as Edition;
pub use story::Model as Story;

impl Story {
    /// What the ledger keeps of it: SHA-256 over headline, summary and words, a line end between them.
    pub fn hash(&self) -> String {
        TextHash::of(&[], &format!("{}\n{}\n{}", self.headline, self.summary, self.words)).0
    }
}

/// Begins the next edition of a building's bulletin (or, without building, of the district's).
pub async fn begin(act: &Act, district: &District, building: Option<&Building>, title: &str) -> Result<Edition> {
    let title = text::words("title", title, 2, 40)?;
    let number = of(act.tx(), district.id, building.map(|b| b.id), 1).await?.first().map_or(0, |e| e.number) + 1;
    let row = ActiveModel {
        id: Set(EditionId(act.fresh())),
        district_id: Set(district.id),
        building_id: Set(building.map(|b| b.id)),
        number: Set(number),
        title: Set(title),
        state: Set(EditionState::Draft),
        published_at: Set(None),
        ledger_index: Set(None),
        version: Set(1),
        created_at: Set(act.at),
    };
    let edition = row.insert(act.tx()).await?;
    act.journal(edition.on_self(), &Entry::EditionMade { number }).await?;
    Ok(edition)
}

/// Editions, the newest first, drafts included.
pub async fn of(db: &impl ConnectionTrait, district: DistrictId, building: Option<BuildingId>, limit: u64) -> Result<Vec<Edition>> {
    let mut q = Entity::find().filter(Column::DistrictId.eq(district)).order_by_desc(Column::Number).limit(limit);
    q = match building {
        Some(b) => q.filter(Column::BuildingId.eq(b)),
        None => q.filter(Column::BuildingId.is_null()),
    };
    Ok(q.all(db).await?)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: EditionId) -> Result<Edition> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The same for an act; of two who publish at once the second waits, and then sees what the first did.
pub async fn hold(act: &Act, id: EditionId) -> Result<Edition> {
    let mut q = Entity::find_by_id(id);
    if act.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        q = q.lock_exclusive();
    }
    q.one(act.tx()).await?.ok_or(Error::NotFound)
}

/// By its number.
pub async fn by_number(db: &impl ConnectionTrait, district: DistrictId, building: Option<BuildingId>, number: i32) -> Result<Edition> {
    let mut q = Entity::find().filter(Column::DistrictId.eq(district)).filter(Column::Number.eq(number));
    q = match building {
        Some(b) => q.filter(Column::BuildingId.eq(b)),
        None => q.filter(Column::BuildingId.is_null()),
    };
    q.one(db).await?.ok_or(Error::NotFound)
}

/// The newest published editions of all.
pub async fn newest(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Edition>> {
    Ok(Entity::find()
        .filter(Column::State.eq(EditionState::Published))
        .order_by_desc(Column::PublishedAt)
        .order_by_desc(Column::Number)
        .limit(limit)
        .all(db)
        .await?)
}

/// Published stories about a matter, with their editions.
pub async fn about(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<(Story, Edition)>> {
    let stories = story::Entity::find().filter(story::Column::IssueId.eq(issue)).order_by_asc(story::Column::CreatedAt).all(db).await?;
    if stories.is_empty() {
        return Ok(vec![]);
    }
    let published = Entity::find()
        .filter(Column::Id.is_in(stories.iter().map(|s| s.edition_id)))
        .filter(Column::State.eq(EditionState::Published))
        .all(db)
        .await?;
    Ok(stories.into_iter().filter_map(|s| published.iter().find(|e| e.id == s.edition_id).map(|e| (s, e.clone()))).collect())
}

/// What a story says.
pub struct NewStory<'a> {
    pub kind: StoryKind,
    pub issue: Option<IssueId>,
    pub resolution: Option<ResolutionId>,
    pub headline: &'a str,
    pub summary: &'a str,
    /// Markdown: paragraphs, emphasis, lists, quotations. HTML is shown as text.
    pub words: &'a str,
}

impl Model {
    fn on_self(&self) -> On {
        let on = On::new("edition", self.id).in_district(self.district_id);
        match self.building_id {
            Some(b) => on.in_building(b),
            None => on,
        }
    }

    /// Its stories, in order.
    pub async fn stories(&self, db: &impl ConnectionTrait) -> Result<Vec<Story>> {
        Ok(story::Entity::find().filter(story::Column::EditionId.eq(self.id)).order_by_asc(story::Column::Position).all(db).await?)
    }

    fn ask_draft(&self) -> Result<(), Refusal> {
        if self.state == EditionState::Draft { Ok(()) } else { Err(Refusal::new("edition_out")) }
    }

    /// Writes a story, or writes over the one at this position. Written anew, it has to be checked anew.
    pub async fn write(&self, act: &Act, position: Option<i32>, new: NewStory<'_>) -> Result<Story> {
        self.ask_draft()?;
        let words = text::words("story", new.words, 1, 20_000)?;
        let headline = text::words("headline", new.headline, 2, 60)?;
        let summary = text::words("summary", new.summary, 0, 300)?;
        let existing = self.stories(act.tx()).await?;
        let old = position.and_then(|p| existing.iter().find(|s| s.position == p));
        let salt = text::salt();
        let hash = TextHash::of(&salt, &words);
        let at = old.map_or(existing.len() as i32 + 1, |s| s.position);
        let mut row = story::ActiveModel {
            kind: Set(new.kind),
            issue_id: Set(new.issue),
            resolution_id: Set(new.resolution),
            headline: Set(headline),
            summary: Set(summary),
            html: Set(rendered(&words)),
            words: Set(words),
            words_salt: Set(salt),
            written_by: Set(act.actor.person()),
            checked_by: Set(None),
            checked_at: Set(None),
            ..Default::default()
        };
        let story = match old {
            Some(s) => {
                row.id = Set(s.id);
                row.version = Set(s.version + 1);
                row.update(act.tx()).await?
            }
            None => {
                row.id = Set(StoryId(act.fresh()));
                row.edition_id = Set(self.id);
                row.position = Set(at);
                row.ledger_index = Set(None);
                row.version = Set(1);
                row.created_at = Set(act.at);
                row.insert(act.tx()).await?
            }
        };
        act.journal(self.on_self(), &Entry::StoryWritten { edition: self.number, position: at, words: hash }).await?;
        Ok(story)
    }

    /// A second person has read it. Whoever wrote it cannot.
    pub async fn check(&self, act: &Act, position: i32) -> Result<()> {
        self.ask_draft()?;
        let story = self.stories(act.tx()).await?.into_iter().find(|s| s.position == position).ok_or(Error::NotFound)?;
        if story.written_by == act.actor.person() {
            return Err(Refusal::new("second_person").into());
        }
        let mut row: story::ActiveModel = story.into();
        row.checked_by = Set(act.actor.person());
        row.checked_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(self.on_self(), &Entry::StoryChecked { edition: self.number, position }).await?;
        Ok(())
    }

    /// Publishes the edition: one entry in the ledger with the hash of every story.
    pub async fn publish(self, act: &Act) -> Result<Edition> {
        self.ask_draft()?;
        let stories = self.stories(act.tx()).await?;
        if stories.is_empty() {
            return Err(Refusal::new("edition_empty").into());
        }
        if let Some(s) = stories.iter().find(|s| s.checked_at.is_none()) {
            return Err(Refusal::new("story_unchecked").with("n", s.position).into());
        }
        let on = self.on_self();
        let (id, number, building) = (self.id, self.number, self.building_id);
        // A printed edition cannot be called back: its stories go in as plain hashes that anybody can recompute.
        let hashes: Vec<String> = stories.iter().map(Story::hash).collect();
        let place = match building {
            Some(b) => buildings::by_id(act.tx(), b).await?.code,
            None => buildings::district_by_id(act.tx(), self.district_id).await?.code,
        };
        let facts = json!({ "place": place, "title": self.title, "edition": number, "stories_sha256": hashes });
        let position = act.publish("edition", "edition", id, building, facts).await?;
        let set = ActiveModel {
            state: Set(EditionState::Published),
            published_at: Set(Some(act.at)),
            ledger_index: Set(Some(position as i64)),
            version: Set(self.version + 1),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        for s in &stories {
            let mut row: story::ActiveModel = s.clone().into();
            row.ledger_index = Set(Some(position as i64));
            row.update(act.tx()).await?;
            if let Some(issue) = s.issue_id {
                act.journal(on.of_issue(issue), &Entry::EditionPublished { edition: id, number, position }).await?;
            }
        }
        if stories.iter().all(|s| s.issue_id.is_none()) {
            act.journal(on, &Entry::EditionPublished { edition: id, number, position }).await?;
        }
        Entity::find_by_id(id).one(act.tx()).await?.ok_or(Error::NotFound)
    }
}

/// Markdown to HTML that is safe to show: raw HTML is shown as text, script addresses are dropped, no pictures from
/// elsewhere.
pub fn rendered(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.cjk_friendly_emphasis = true;
    options.extension.strikethrough = true;
    // What looks like HTML is shown as it was typed: nothing that somebody wrote disappears.
    options.render.escape = true;
    // Pictures are attachments with caption and credit, never addresses in the text.
    comrak::markdown_to_html(&markdown.replace("![", "\\!["), &options)
}
