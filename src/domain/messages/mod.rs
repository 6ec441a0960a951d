//! Messages on an issue, in three voices that are never mixed up: to the reporters, between the parties, within
//! one organisation.

mod editing;
pub mod mentions;
mod withholding;

pub use editing::{EDIT_HOURS, Version, versions_of};
pub use mentions::{Mention, Named};
pub use withholding::WithholdReason;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::drafts;
use super::issues::{self, Issue};
use super::journal::Entry;
use super::reports::{self, Report};
use super::tasks::Task;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{self, IssueId, MessageId, OrganisationId, PersonId, ReportId, TaskId};
use crate::kernel::keys::Keys;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Who reads a message.
    Voice {
        /// Those who reported the matter.
        Reporters = "reporters",
        /// The organisations that work on it, and the secretary.
        Parties = "parties",
        /// The author's own organisation.
        Internal = "internal",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub issue_id: IssueId,
    /// Written by the holder of this receipt; none when staff wrote it.
    pub report_id: Option<ReportId>,
    pub voice: Voice,
    pub person_id: Option<PersonId>,
    pub organisation_id: Option<OrganisationId>,
    /// Staff wait for an answer.
    pub question: bool,
    pub answered_at: Option<DateTimeUtc>,
    pub words: Option<String>,
    pub words_salt: Option<Vec<u8>>,
    /// Out of sight for all but its author and the secretary.
    pub withheld_at: Option<DateTimeUtc>,
    pub erased_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    /// Last changed by its author; what it said before is kept.
    pub edited_at: Option<DateTimeUtc>,
    /// The evidence of this task, which did not hold.
    pub task_id: Option<TaskId>,
    pub withheld_reason: Option<WithholdReason>,
    pub withheld_by: Option<PersonId>,
    pub withheld_for: Option<OrganisationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Message;

/// Longest message, in characters.
pub const WORDS_MAX: usize = 2000;

/// Eight signs by which pages name a message.
pub fn handle_of(keys: &Keys, id: MessageId) -> String {
    hex::encode(&keys.derive("message-handle", &[id.0.as_bytes()])[..4])
}

/// The message of a matter with this handle.
pub async fn by_handle(db: &impl ConnectionTrait, keys: &Keys, issue: IssueId, handle: &str) -> Result<Message> {
    of_issue(db, issue).await?.into_iter().find(|m| handle_of(keys, m.id) == handle).ok_or(Error::NotFound)
}

/// A message; none where there is none any more.
pub(super) async fn by_id(db: &impl ConnectionTrait, id: MessageId) -> Result<Option<Message>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

async fn insert(act: &Act, issue: &Issue, voice: Voice, words: &str, question: bool, from: Option<ReportId>) -> Result<(Message, TextHash)> {
    let (row, hash) = row(act.at, &act.actor, issue, voice, words, question, from);
    Ok((row.insert(act.tx()).await?, hash))
}

/// What only happens to a message later.
fn blank() -> ActiveModel {
    ActiveModel {
        withheld_at: Set(None),
        erased_at: Set(None),
        edited_at: Set(None),
        task_id: Set(None),
        withheld_reason: Set(None),
        withheld_by: Set(None),
        withheld_for: Set(None),
        ..Default::default()
    }
}

/// A message's row, and the hash that the journal keeps of its words.
pub(super) fn row(
    at: DateTimeUtc,
    actor: &Actor,
    issue: &Issue,
    voice: Voice,
    words: &str,
    question: bool,
    from: Option<ReportId>,
) -> (ActiveModel, TextHash) {
    let salt = text::salt();
    let hash = TextHash::of(&salt, words);
    let row = ActiveModel {
        id: Set(MessageId(ids::fresh(at))),
        issue_id: Set(issue.id),
        report_id: Set(from),
        voice: Set(voice),
        person_id: Set(actor.person()),
        organisation_id: Set(actor.organisation()),
        question: Set(question),
        answered_at: Set(None),
        words: Set(Some(words.into())),
        words_salt: Set(Some(salt)),
        created_at: Set(at),
        ..blank()
    };
    (row, hash)
}

impl Issue {
    /// To the reporters speaks the organisation responsible or the secretary, to the parties whoever works on it.
    pub(in crate::domain) async fn ask_speaker(&self, act: &Act, voice: Voice) -> Result<()> {
        match voice {
            Voice::Reporters => Ok(self.ask_holder(act)?),
            Voice::Parties | Voice::Internal => self.ask_party(act).await,
        }
    }
}

/// Says something on a matter, in a voice that one may use. Whom the words name is called; a name that calls nobody is
/// refused, unless it is to stand as it is. What was kept as a draft has arrived with it.
pub async fn send(act: &Act, issue: Issue, voice: Voice, words: &str, as_it_is: bool) -> Result<Issue> {
    issue.ask_speaker(act, voice).await?;
    let words = text::words("words", words, 1, WORDS_MAX)?;
    let named = mentions::resolve(act.tx(), &issue, voice, act.actor.organisation(), &words, as_it_is).await?;
    let (message, _) = note_message(act, &issue, voice, &words).await?;
    mentions::call(act, &issue, &message, named).await?;
    mentions::read(act, issue.id).await?;
    drafts::erase(act, issue.id, voice).await?;
    if voice == Voice::Reporters { answered(act, issue).await } else { Ok(issue) }
}

/// Says something on a matter. A message to the reporters is a first answer to everyone who had none yet.
pub async fn say(act: &Act, issue: Issue, voice: Voice, words: &str) -> Result<Issue> {
    Ok(say_hashed(act, issue, voice, words).await?.0)
}

/// The same, with the hash of the words for the line of an act that consists in saying them.
pub(super) async fn say_hashed(act: &Act, issue: Issue, voice: Voice, words: &str) -> Result<(Issue, TextHash)> {
    let hash = note(act, &issue, voice, words).await?;
    if voice != Voice::Reporters {
        return Ok((issue, hash));
    }
    Ok((answered(act, issue).await?, hash))
}

async fn answered(act: &Act, issue: Issue) -> Result<Issue> {
    let issue = issue.first_answered(act).await?;
    issue.tell_reporters(act, "message").await?;
    Ok(issue)
}

/// Keeps words with a matter without answering anybody by them.
pub(super) async fn note(act: &Act, issue: &Issue, voice: Voice, words: &str) -> Result<TextHash> {
    let words = text::words("words", words, 1, WORDS_MAX)?;
    Ok(note_hashed(act, issue, voice, &words).await?.1)
}

/// The same for words that were looked at already, with the message in which they are kept.
pub(super) async fn note_hashed(act: &Act, issue: &Issue, voice: Voice, words: &str) -> Result<(MessageId, TextHash)> {
    let (message, hash) = note_message(act, issue, voice, words).await?;
    Ok((message.id, hash))
}

async fn note_message(act: &Act, issue: &Issue, voice: Voice, words: &str) -> Result<(Message, TextHash)> {
    let (message, hash) = insert(act, issue, voice, words, false, None).await?;
    act.journal(issue.on_self(), &Entry::MessageSent { message: message.id, voice, words: hash.clone() }).await?;
    Ok((message, hash))
}

/// Keeps the evidence that did not hold among the parties' messages, as the doer's words of that time, under its own salt.
pub(super) async fn keep_evidence(act: &Act, task: &Task) -> Result<()> {
    let (Some(words), Some(salt), Some(said_at)) = (&task.evidence, &task.evidence_salt, task.done_at) else { return Ok(()) };
    let row = ActiveModel {
        id: Set(MessageId(act.fresh())),
        issue_id: Set(task.issue_id),
        report_id: Set(None),
        voice: Set(Voice::Parties),
        person_id: Set(task.person_id),
        organisation_id: Set(Some(task.organisation_id)),
        question: Set(false),
        answered_at: Set(None),
        words: Set(Some(words.clone())),
        words_salt: Set(Some(salt.clone())),
        task_id: Set(Some(task.id)),
        created_at: Set(said_at),
        ..blank()
    };
    row.insert(act.tx()).await?;
    Ok(())
}

/// Asks those who reported for more; their own clock runs on.
pub async fn ask(act: &Act, issue: Issue, words: &str) -> Result<Issue> {
    issue.ask_holder(act)?;
    let words = text::words("words", words, 1, WORDS_MAX)?;
    let (message, hash) = insert(act, &issue, Voice::Reporters, &words, true, None).await?;
    act.journal(issue.on_self(), &Entry::QuestionAsked { message: message.id, words: hash }).await?;
    let issue = issue.first_answered(act).await?;
    issue.tell_reporters(act, "question").await?;
    Ok(issue)
}

/// A reporter adds something, or answers the open question.
pub async fn add(act: &Act, issue: &Issue, report: &Report, words: &str) -> Result<()> {
    if issue.id != report.issue_id {
        return Err(Error::NotFound);
    }
    let words = text::words("words", words, 1, WORDS_MAX)?;
    let last = Entity::find().filter(Column::ReportId.eq(report.id)).order_by_desc(Column::CreatedAt).one(act.tx()).await?;
    if last.is_some_and(|m| m.words.as_ref() == Some(&words) && act.at - m.created_at < chrono::Duration::minutes(10)) {
        // The same form sent twice, by an impatient thumb.
        return Ok(());
    }
    let (message, hash) = insert(act, issue, Voice::Reporters, &words, false, Some(report.id)).await?;
    let open = Entity::find()
        .filter(Column::IssueId.eq(issue.id))
        .filter(Column::Question.eq(true))
        .filter(Column::AnsweredAt.is_null())
        .all(act.tx())
        .await?;
    let entry = if open.is_empty() {
        Entry::MessageSent { message: message.id, voice: Voice::Reporters, words: hash }
    } else {
        Entry::QuestionAnswered { message: message.id, words: hash }
    };
    for question in open {
        let mut q: ActiveModel = question.into();
        q.answered_at = Set(Some(act.at));
        q.update(act.tx()).await?;
    }
    act.journal(issue.on_self(), &entry).await?;
    issue.tell_holder(act, "reporter_added").await
}

/// The messages of a matter, oldest first. The caller shows each reader only their voices.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Message>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

/// What the holder of one receipt reads: all that staff said to the reporters, and their own words; not other
/// reporters'. A report that came along with a merge keeps what was said under each number that it has had. What was withheld is
/// among it, for the page to say so.
pub async fn for_report(db: &impl ConnectionTrait, issue: IssueId, report: ReportId) -> Result<Vec<Message>> {
    let filed = reports::by_id(db, report).await?.filed_issue_id;
    let mut numbers = issues::up_from(db, filed).await?;
    numbers.push(issue);
    let own = Column::ReportId.eq(report).or(Column::IssueId.is_in(numbers).and(Column::ReportId.is_null()));
    Ok(Entity::find().filter(Column::Voice.eq(Voice::Reporters)).filter(own).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

/// Erases a reporter's own words with their salt: the journal's hash then says nothing any more.
pub(super) async fn erase_of(act: &Act, report: &reports::Report) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Words, Expr::value(Option::<String>::None))
        .col_expr(Column::WordsSalt, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::ErasedAt, Expr::value(Some(act.at)))
        .filter(Column::ReportId.eq(report.id))
        .exec(act.tx())
        .await?;
    Ok(())
}
