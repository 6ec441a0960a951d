//! What a task needs and costs: parts with their price, what it has cost in all, and what whoever carries it out should
//! know before. Money is in fen.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::Task;
use crate::domain::attachments::{self, Of, Phase};
use crate::domain::issues::Issue;
use crate::domain::journal::Entry;
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::TaskId;
use crate::kernel::photos::Prepared;
use crate::kernel::text::{self, TextHash};

/// Most parts of a task.
pub const PARTS_MAX: usize = 20;
/// Ten million yuan: more is a contract, not a task.
const DEAREST: i64 = 1_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_parts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: TaskId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub words: String,
    pub words_salt: Vec<u8>,
    pub quantity: i32,
    /// For all of them; none where it is not known.
    pub cost_fen: Option<i64>,
    /// When they were there.
    pub came_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Part;

/// The parts of a task, in their order.
pub async fn parts(db: &impl ConnectionTrait, task: TaskId) -> Result<Vec<Part>> {
    Ok(Entity::find().filter(Column::TaskId.eq(task)).order_by_asc(Column::Position).all(db).await?)
}

/// Yuan as people write them, in fen: `1280`, `1,280.5`, `1280.50元`. An empty field is not known.
pub fn fen(field: &'static str, typed: &str) -> Result<Option<i64>, Refusal> {
    let wrong = || Refusal::new("yuan").at(field);
    let plain: String = typed.trim().trim_start_matches('¥').trim_end_matches('元').chars().filter(|c| *c != ',' && *c != '，').collect();
    if plain.is_empty() {
        return Ok(None);
    }
    let (yuan, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    if rest.len() > 2 || yuan.is_empty() || !plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(wrong());
    }
    let yuan: i64 = yuan.parse().map_err(|_| wrong())?;
    let cents: i64 = format!("{rest:0<2}").parse().map_err(|_| wrong())?;
    let fen = yuan.checked_mul(100).and_then(|y| y.checked_add(cents)).ok_or_else(wrong)?;
    if fen > DEAREST { Err(wrong()) } else { Ok(Some(fen)) }
}

impl Task {
    /// Whoever has the task, or gave it, may say what belongs to it, while it is open.
    pub(super) fn ask_particular(&self, act: &Act, issue: &Issue) -> Result<(), Refusal> {
        let mine = match &act.actor {
            Actor::Person { role, .. } if *role == Role::Secretary.as_str() => true,
            Actor::Person { organisation, .. } => *organisation == self.organisation_id || Some(*organisation) == issue.holder_id,
            _ => false,
        };
        if !mine {
            return Err(Refusal::new("only_party"));
        }
        self.ask_running_for("@task_verbs.detail")
    }

    /// Says what whoever carries it out should know before.
    pub async fn note_safety(self, act: &Act, issue: &Issue, words: &str) -> Result<Task> {
        self.ask_particular(act, issue)?;
        let words = text::words("safety", words, 0, 300)?;
        if words == self.safety {
            return Ok(self);
        }
        let (number, hash) = (self.number, TextHash::of(&self.words_salt, &words));
        let task = self.change(act, super::ActiveModel { safety: Set(words), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::TaskSafetyNoted { number, words: hash }).await?;
        Ok(task)
    }

    /// Pictures of how it was, or of who signed that it is done.
    pub async fn picture(&self, act: &Act, issue: &Issue, phase: Phase, photos: Vec<Prepared>) -> Result<()> {
        self.ask_particular(act, issue)?;
        if photos.is_empty() {
            return Err(Refusal::new("photo_none").at("photos").into());
        }
        let photos = attachments::attach(act, issue.id, Of::Task(self.id, phase), photos).await?;
        act.journal(issue.on_self(), &Entry::TaskPictured { number: self.number, photos }).await?;
        Ok(())
    }

    /// Names a part that it needs.
    pub async fn need_part(&self, act: &Act, issue: &Issue, words: &str, quantity: i32, cost: &str) -> Result<Part> {
        self.ask_particular(act, issue)?;
        let words = text::words("part", words, 2, 100)?;
        if !(1..=9999).contains(&quantity) {
            return Err(Refusal::new("quantity").at("quantity").into());
        }
        let cost_fen = fen("cost", cost)?;
        let before = parts(act.tx(), self.id).await?;
        if before.len() >= PARTS_MAX {
            return Err(Refusal::new("parts_many").with("max", PARTS_MAX).at("part").into());
        }
        let position = before.last().map_or(1, |s| s.position + 1);
        let (salt, hash) = text::salted(&words);
        let row = ActiveModel {
            task_id: Set(self.id),
            position: Set(position),
            words: Set(words),
            words_salt: Set(salt),
            quantity: Set(quantity),
            cost_fen: Set(cost_fen),
            came_at: Set(None),
        };
        let part = row.insert(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::TaskPartNeeded { number: self.number, position, quantity, fen: cost_fen, words: hash }).await?;
        Ok(part)
    }

    /// A part is there.
    pub async fn part_came(&self, act: &Act, issue: &Issue, position: i32) -> Result<()> {
        self.ask_particular(act, issue)?;
        let part = Entity::find_by_id((self.id, position)).one(act.tx()).await?.ok_or(Error::NotFound)?;
        if part.came_at.is_some() {
            return Ok(());
        }
        let mut row: ActiveModel = part.into();
        row.came_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(issue.on_self(), &Entry::TaskPartCame { number: self.number, position }).await?;
        Ok(())
    }

    /// What it has cost in all, parts included; none takes it back.
    pub async fn costs(self, act: &Act, issue: &Issue, typed: &str) -> Result<Task> {
        self.ask_own(act)?;
        let cost = fen("cost", typed)?;
        if cost == self.cost_fen {
            return Ok(self);
        }
        let number = self.number;
        let task = self.change(act, super::ActiveModel { cost_fen: Set(cost), ..Default::default() }).await?;
        act.journal(issue.on_self(), &Entry::TaskCosted { number, fen: cost }).await?;
        Ok(task)
    }
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn yuan_as_people_write_them() {
        let read = |t| fen("cost", t).map_err(|_| ());
        assert_eq!(read(" "), Ok(None));
        for (typed, is) in [("0", 0), ("1280", 128_000), ("1,280.5", 128_050), ("¥12.05", 1205), ("12.05元", 1205), ("10000000", 1_000_000_000)] {
            assert_eq!(read(typed), Ok(Some(is)), "{typed}");
        }
        for typed in ["-1", "1.234", ".5", "一百", "1e5", "10000000.01", "99999999999999999999"] {
            assert_eq!(read(typed), Err(()), "{typed}");
        }
    }
}
