//! Canned answers 常用语: what an organisation answers often, by kind of trouble, in both languages, with places that are filled
//! in when one is picked. It keeps its own; a first set comes with the house. Picking one sends nothing and changes no state.

use std::sync::LazyLock;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde::Deserialize;

use super::categories;
use super::journal::Entry;
use super::rights::{Right, Role};
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{CannedAnswerId, OrganisationId, PersonId};
use crate::kernel::journal::On;
use crate::kernel::text;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "canned_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CannedAnswerId,
    pub organisation_id: OrganisationId,
    /// Counts per organisation, never reused.
    pub number: i32,
    /// A category's code or a group of them; none fits everything.
    pub category: Option<String>,
    pub title: String,
    pub words: String,
    /// May be empty: then it is offered in Chinese only.
    pub words_en: String,
    pub made_by: PersonId,
    pub made_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
    /// No longer offered.
    pub retired_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as CannedAnswer;

/// One that comes with the house.
#[derive(Clone, Debug, Deserialize)]
pub struct BuiltIn {
    pub key: String,
    #[serde(default)]
    pub group: Option<String>,
    pub zh_title: String,
    pub en_title: String,
    pub zh: String,
    pub en: String,
}

#[derive(Deserialize)]
struct File {
    answer: Vec<BuiltIn>,
}

static BUILT_IN: LazyLock<Vec<BuiltIn>> =
    LazyLock::new(|| toml::from_str::<File>(include_str!("../../data/canned_answers.toml")).map(|f| f.answer).unwrap_or_default());

/// Those that come with the house.
pub fn built_in() -> &'static [BuiltIn] {
    &BUILT_IN
}

/// What can stand in braces.
pub const PLACES: [&str; 4] = ["place", "number", "due", "contact"];
/// Longest one, in characters.
pub const WORDS_MAX: usize = 1000;
/// Most that one organisation keeps in use.
pub const MOST: usize = 60;

/// What stands in the places for one matter.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub place: String,
    pub number: String,
    /// By when a result is owed; none where nothing is.
    pub due: Option<String>,
    pub contact: String,
}

/// The words with their places filled in; what is not known is left to be written.
pub fn filled(words: &str, facts: &Facts) -> String {
    let due = facts.due.as_deref().unwrap_or("……");
    let with = [("{place}", facts.place.as_str()), ("{number}", &facts.number), ("{due}", due), ("{contact}", &facts.contact)];
    with.iter().fold(words.to_owned(), |words, (place, value)| words.replace(place, value))
}

/// Whether a category or group fits a matter.
pub fn fits(of: Option<&str>, category: &str) -> bool {
    let group = categories::find(category).map(|c| c.group.as_str());
    of.is_none_or(|of| of == category || Some(of) == group)
}

/// What somebody writes.
#[derive(Clone, Copy, Debug)]
pub struct NewCanned<'a> {
    pub category: Option<&'a str>,
    pub title: &'a str,
    pub words: &'a str,
    pub words_en: &'a str,
}

struct Checked {
    category: Option<String>,
    title: String,
    words: String,
    words_en: String,
}

impl NewCanned<'_> {
    fn checked(self) -> Result<Checked, Refusal> {
        let known = |c: &str| categories::all().iter().any(|k| k.code == c || k.group == c);
        if self.category.is_some_and(|c| !known(c)) {
            return Err(Refusal::new("unknown_choice").at("category"));
        }
        let words = |field, typed: &str, least| {
            let words = text::words(field, typed, least, WORDS_MAX)?;
            match strange(&words) {
                Some(place) => Err(Refusal::new("canned_place").with("place", place).at(field)),
                None => Ok(words),
            }
        };
        Ok(Checked {
            category: self.category.map(str::to_owned),
            title: text::words("title", self.title, 1, 30)?,
            words: words("words", self.words, 2)?,
            words_en: words("words_en", self.words_en, 0)?,
        })
    }
}

/// What stands in braces and is no place that can be filled in.
fn strange(words: &str) -> Option<String> {
    let inside = words.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name));
    inside.into_iter().find(|name| !PLACES.contains(name)).map(|name| text::shorten(name, 20))
}

fn ask_desk(act: &Act) -> Result<(PersonId, OrganisationId), Refusal> {
    match &act.actor {
        Actor::Person { id, organisation, role } if role.parse().is_ok_and(|r: Role| r.may(Right::Triage)) => Ok((*id, *organisation)),
        _ => Err(Refusal::new("no_right")),
    }
}

/// All of an organisation, in use and retired, in the order in which they were written.
pub async fn of_organisation(db: &impl ConnectionTrait, id: OrganisationId) -> Result<Vec<CannedAnswer>> {
    Ok(Entity::find().filter(Column::OrganisationId.eq(id)).order_by_asc(Column::Number).all(db).await?)
}

/// One of an organisation.
pub async fn by_number(db: &impl ConnectionTrait, id: OrganisationId, number: i32) -> Result<CannedAnswer> {
    Entity::find().filter(Column::OrganisationId.eq(id)).filter(Column::Number.eq(number)).one(db).await?.ok_or(Error::NotFound)
}

/// Writes one for the organisation that the actor speaks for.
pub async fn write(act: &Act, new: NewCanned<'_>) -> Result<CannedAnswer> {
    let (person, organisation) = ask_desk(act)?;
    let new = new.checked()?;
    let all = of_organisation(act.tx(), organisation).await?;
    if all.iter().filter(|a| a.retired_at.is_none()).count() >= MOST {
        return Err(Refusal::new("canned_most").with("n", MOST).into());
    }
    let row = ActiveModel {
        id: Set(CannedAnswerId(act.fresh())),
        organisation_id: Set(organisation),
        number: Set(all.last().map_or(1, |a| a.number + 1)),
        category: Set(new.category),
        title: Set(new.title),
        words: Set(new.words),
        words_en: Set(new.words_en),
        made_by: Set(person),
        made_at: Set(act.at),
        changed_at: Set(act.at),
        retired_at: Set(None),
        version: Set(1),
    };
    let answer = row.insert(act.tx()).await?;
    act.journal(answer.on_self(), &Entry::CannedAnswerWritten { number: answer.number }).await?;
    Ok(answer)
}

impl Model {
    fn on_self(&self) -> On {
        On::new("canned_answer", self.id)
    }

    /// Its words in a language; none where nobody has written them.
    pub fn words(&self, lang: Lang) -> Option<&str> {
        let words = match lang {
            Lang::Zh => &self.words,
            Lang::En => &self.words_en,
        };
        Some(words.as_str()).filter(|w| !w.is_empty())
    }

    async fn change(self, act: &Act, version: i32, set: ActiveModel) -> Result<CannedAnswer> {
        let (_, organisation) = ask_desk(act)?;
        if organisation != self.organisation_id {
            return Err(Error::NotFound);
        }
        let set = ActiveModel { changed_at: Set(act.at), version: Set(version + 1), ..set };
        let same = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(version));
        if same.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_number(act.tx(), organisation, self.number).await
    }

    /// Writes it anew; one that was retired is in use again.
    pub async fn rewrite(self, act: &Act, version: i32, new: NewCanned<'_>) -> Result<CannedAnswer> {
        let new = new.checked()?;
        let set = ActiveModel {
            category: Set(new.category),
            title: Set(new.title),
            words: Set(new.words),
            words_en: Set(new.words_en),
            retired_at: Set(None),
            ..Default::default()
        };
        let answer = self.change(act, version, set).await?;
        act.journal(answer.on_self(), &Entry::CannedAnswerWritten { number: answer.number }).await?;
        Ok(answer)
    }

    /// Takes it out of use; it stays to be read.
    pub async fn retire(self, act: &Act, version: i32) -> Result<()> {
        let answer = self.change(act, version, ActiveModel { retired_at: Set(Some(act.at)), ..Default::default() }).await?;
        act.journal(answer.on_self(), &Entry::CannedAnswerRetired { number: answer.number }).await?;
        Ok(())
    }
}
