//! Mentions @: a person, a role or an organisation named in a message between parties or within an organisation. Whom the
//! words name is found among those who read that voice on that matter; nobody is called to what they cannot read.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::{Message, Voice};
use crate::domain::buildings::{self, Building};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::domain::organisations;
use crate::domain::persons::{self, Membership, Person};
use crate::domain::rights::Role;
use crate::kernel::act::Act;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{IssueId, MentionId, MessageId, OrganisationId, PersonId};

vocabulary! {
    /// What is named.
    Named { Person = "person", Role = "role", Organisation = "organisation" }
}

/// Where a message names somebody.
pub mod mention {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mentions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MentionId,
        pub message_id: MessageId,
        pub kind: Named,
        pub person_id: Option<PersonId>,
        pub role: Option<Role>,
        pub organisation_id: Option<OrganisationId>,
        /// In characters, the sign itself included.
        pub starts: i32,
        pub length: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Who was called by a message.
pub mod call {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "calls")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub message_id: MessageId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: PersonId,
        pub issue_id: IssueId,
        pub called_at: DateTimeUtc,
        pub read_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub use call::Model as Call;
pub use mention::Model as Mention;

/// Who may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    Person(PersonId),
    Role(Role),
    Organisation(OrganisationId),
}

/// Somebody who reads a voice on a matter, in the role that lets them.
#[derive(Clone, Debug)]
pub struct Reading {
    pub person: Person,
    pub organisation: OrganisationId,
    pub role: Role,
}

/// A name in the words, and who is called by it.
#[derive(Clone, Debug)]
pub struct Found {
    starts: usize,
    length: usize,
    whom: Vec<Whom>,
    persons: Vec<PersonId>,
}

/// Most names in one message: more would be a mailing list.
pub const MOST: usize = 20;

/// Those who read a voice on a matter; of an internal one, in this organisation.
pub async fn readers(
    db: &impl ConnectionTrait,
    issue: &Issue,
    building: &Building,
    voice: Voice,
    own: Option<OrganisationId>,
) -> Result<Vec<Reading>> {
    let parties = issue.parties(db).await?;
    let here = persons::working_on(db, building, &parties).await?;
    let people = persons::by_ids(db, here.iter().map(|m| m.person_id)).await?;
    let reading = |person: &Person| {
        let held: Vec<Membership> = here.iter().filter(|m| m.person_id == person.id).cloned().collect();
        let sight = issue.sight(&parties, &held, building);
        let by = sight.by?;
        let inside = voice != Voice::Internal || Some(by.organisation_id) == own;
        (sight.reads(voice) && inside).then(|| Reading { person: person.clone(), organisation: by.organisation_id, role: by.role })
    };
    Ok(people.iter().filter(|p| p.disabled_at.is_none()).filter_map(reading).collect())
}

/// The short word for a role after the sign: `@秘书`.
pub fn role_word(role: Role, lang: Lang) -> Option<String> {
    let key = format!("work.mentions.roles.{role}");
    lang.has(&key).then(|| lang.t(&key))
}

/// What can be written after the sign, in either language, and whom it means. Organisations and roles of the building are no
/// secret; of persons only those are known here who read along.
async fn names(db: &impl ConnectionTrait, building: &Building, readers: &[Reading]) -> Result<Vec<(Vec<char>, Whom)>> {
    let mut names: Vec<(String, Whom)> = vec![];
    for o in organisations::around(db, building.district_id, building.id).await? {
        names.extend([&o.name, &o.name_en, &o.short, &o.short_en].map(|n| (n.clone(), Whom::Organisation(o.id))));
    }
    for lang in Lang::ALL {
        for role in Role::ALL {
            let words = [Some(lang.t(&format!("roles.{role}"))), role_word(*role, lang)];
            names.extend(words.into_iter().flatten().map(|w| (w, Whom::Role(*role))));
        }
    }
    names.extend(readers.iter().flat_map(|r| [&r.person.name, &r.person.name_en].map(|n| (n.clone(), Whom::Person(r.person.id)))));
    Ok(names.into_iter().filter(|(n, _)| !n.trim().is_empty()).map(|(n, w)| (folded(&n), w)).collect())
}

fn folded(words: &str) -> Vec<char> {
    words.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

fn is_latin(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Where the signs stand that begin a name: not those within a mail address, nor one that stands alone.
fn signs(words: &[char]) -> Vec<usize> {
    let begins = |i: usize| {
        let before = i.checked_sub(1).and_then(|j| words.get(j));
        let after = words.get(i + 1);
        let name = after.is_some_and(|c| !c.is_whitespace() && !matches!(c, '@' | '＠'));
        name && !is_latin(before) && !matches!(before, Some('.' | '_' | '-' | '+'))
    };
    (0..words.len()).filter(|i| matches!(words.get(*i), Some('@' | '＠')) && begins(*i)).collect()
}

/// Finds whom the words name. A name that nobody here has, or of somebody who cannot read along, is refused; with `as_it_is`
/// it stays plain words.
pub(super) async fn resolve(
    db: &impl ConnectionTrait,
    issue: &Issue,
    voice: Voice,
    own: Option<OrganisationId>,
    words: &str,
    as_it_is: bool,
) -> Result<Vec<Found>> {
    let shown: Vec<char> = words.chars().collect();
    let signs = signs(&shown);
    if voice == Voice::Reporters || signs.is_empty() {
        return Ok(vec![]);
    }
    let building = buildings::by_id(db, issue.building_id).await?;
    let readers = readers(db, issue, &building, voice, own).await?;
    let names = names(db, &building, &readers).await?;
    let text = folded(words);
    let mut found: Vec<Found> = vec![];
    for starts in signs {
        let rest = text.get(starts + 1..).unwrap_or_default();
        let fits = |name: &[char]| rest.starts_with(name) && !(is_latin(name.last()) && is_latin(rest.get(name.len())));
        let longest = names.iter().filter(|(n, _)| fits(n)).map(|(n, _)| n.len()).max();
        let Some(longest) = longest else {
            if as_it_is {
                continue;
            }
            let end = |c: &&char| !(c.is_whitespace() || "，。、；：！？,.;:!?@＠（）()".contains(**c));
            let name: String = shown.iter().skip(starts + 1).take_while(end).take(12).collect();
            return Err(Refusal::new("mention_unknown").with("name", name).at("words").into());
        };
        let mut whom: Vec<Whom> = vec![];
        for (_, w) in names.iter().filter(|(n, _)| n.len() == longest && fits(n)) {
            if !whom.contains(w) {
                whom.push(*w);
            }
        }
        let persons: Vec<PersonId> = readers.iter().filter(|r| whom.iter().any(|w| r.is(*w))).map(|r| r.person.id).collect();
        if persons.is_empty() {
            if as_it_is {
                continue;
            }
            let name: String = shown.iter().skip(starts + 1).take(longest).collect();
            return Err(Refusal::new("mention_no_access").with("name", name).at("words").into());
        }
        found.push(Found { starts, length: longest + 1, whom, persons });
    }
    if found.len() > MOST {
        return Err(Refusal::new("mentions_most").with("n", MOST).at("words").into());
    }
    Ok(found)
}

impl Reading {
    fn is(&self, whom: Whom) -> bool {
        match whom {
            Whom::Person(id) => self.person.id == id,
            Whom::Role(role) => self.role == role,
            Whom::Organisation(id) => self.organisation == id,
        }
    }
}

/// Keeps whom a message names, and calls them: a letter and a line on the desk each.
pub(super) async fn call(act: &Act, issue: &Issue, message: &Message, found: Vec<Found>) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let mut whom: Vec<Whom> = vec![];
    for f in &found {
        for w in &f.whom {
            mention_row(act, message.id, f, *w).insert(act.tx()).await?;
            if !whom.contains(w) {
                whom.push(*w);
            }
        }
    }
    let mut entry = (vec![], vec![], vec![]);
    for w in &whom {
        match w {
            Whom::Person(p) => entry.0.push(*p),
            Whom::Organisation(o) => entry.1.push(*o),
            Whom::Role(r) => entry.2.push(*r),
        }
    }
    let (called, organisations, roles) = entry;
    let entry = Entry::Mentioned { message: message.id, voice: message.voice, persons: called, organisations, roles };
    act.journal(issue.on_self(), &entry).await?;
    let mut persons: Vec<PersonId> = found.into_iter().flat_map(|f| f.persons).filter(|p| act.actor.person() != Some(*p)).collect();
    persons.sort();
    persons.dedup();
    for person in &persons {
        let row = call::ActiveModel {
            message_id: Set(message.id),
            person_id: Set(*person),
            issue_id: Set(issue.id),
            called_at: Set(act.at),
            read_at: Set(None),
        };
        let once = OnConflict::columns([call::Column::MessageId, call::Column::PersonId]).do_nothing().to_owned();
        call::Entity::insert(row).on_conflict(once).exec_without_returning(act.tx()).await?;
    }
    issue.tell_once(act, "mentioned", persons, None, &format!("mentioned/{}", message.id.0.simple())).await
}

fn mention_row(act: &Act, message: MessageId, f: &Found, whom: Whom) -> mention::ActiveModel {
    let (kind, person, role, organisation) = match whom {
        Whom::Person(p) => (Named::Person, Some(p), None, None),
        Whom::Role(r) => (Named::Role, None, Some(r), None),
        Whom::Organisation(o) => (Named::Organisation, None, None, Some(o)),
    };
    mention::ActiveModel {
        id: Set(MentionId(act.fresh())),
        message_id: Set(message),
        kind: Set(kind),
        person_id: Set(person),
        role: Set(role),
        organisation_id: Set(organisation),
        starts: Set(f.starts as i32),
        length: Set(f.length as i32),
    }
}

/// After a message was changed: its marks are made anew, and who was called already is not called again.
pub(super) async fn call_anew(act: &Act, issue: &Issue, message: &Message, found: Vec<Found>) -> Result<()> {
    mention::Entity::delete_many().filter(mention::Column::MessageId.eq(message.id)).exec(act.tx()).await?;
    call(act, issue, message, found).await
}

/// Whoever has read what called them has nothing waiting there any more.
pub async fn read(act: &Act, issue: IssueId) -> Result<()> {
    let Some(person) = act.actor.person() else { return Ok(()) };
    let set = call::ActiveModel { read_at: Set(Some(act.at)), ..Default::default() };
    let mine = call::Entity::update_many().set(set).filter(call::Column::PersonId.eq(person)).filter(call::Column::IssueId.eq(issue));
    mine.filter(call::Column::ReadAt.is_null()).exec(act.tx()).await?;
    Ok(())
}

/// What the messages of a matter name, in the order of the words.
pub async fn of_messages(db: &impl ConnectionTrait, messages: &[Message]) -> Result<Vec<Mention>> {
    let spoken: Vec<MessageId> = messages.iter().filter(|m| m.words.as_ref().is_some_and(|w| w.contains(['@', '＠']))).map(|m| m.id).collect();
    if spoken.is_empty() {
        return Ok(vec![]);
    }
    Ok(mention::Entity::find().filter(mention::Column::MessageId.is_in(spoken)).order_by_asc(mention::Column::Starts).all(db).await?)
}

/// What calls somebody and is not read yet, oldest first; of one matter, or of all.
pub async fn waiting(db: &impl ConnectionTrait, person: PersonId, issue: Option<IssueId>) -> Result<Vec<Call>> {
    let mut mine = call::Entity::find().filter(call::Column::PersonId.eq(person)).filter(call::Column::ReadAt.is_null());
    if let Some(issue) = issue {
        mine = mine.filter(call::Column::IssueId.eq(issue));
    }
    Ok(mine.order_by_asc(call::Column::CalledAt).limit(200).all(db).await?)
}
