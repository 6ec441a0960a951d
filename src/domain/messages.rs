//! Messages on an issue, in three voices that are never mixed up: to the reporters, between the parties, within
//! one organisation.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::issues::Issue;
use super::journal::Entry;
use super::reports::{self, Report};
use super::tasks::Task;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{self, IssueId, MessageId, OrganisationId, PersonId, ReportId};
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
    pub withheld_at: Option<DateTimeUtc>,
    pub erased_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Message;

async fn insert(act: &Act, issue: &Issue, voice: Voice, words: &str, question: bool, from: Option<ReportId>) -> Result<(Message, TextHash)> {
    let (row, hash) = row(act.at, &act.actor, issue, voice, words, question, from);
    Ok((row.insert(act.tx()).await?, hash))
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
        withheld_at: Set(None),
        erased_at: Set(None),
        created_at: Set(at),
    };
    (row, hash)
}

/// Says something on a matter, in a voice that one may use: to the reporters speaks the organisation responsible or the
/// secretary, to the parties whoever works on it.
pub async fn send(act: &Act, issue: Issue, voice: Voice, words: &str) -> Result<Issue> {
    match voice {
        Voice::Reporters => issue.ask_holder(act)?,
        Voice::Parties | Voice::Internal => issue.ask_party(act).await?,
    }
    say(act, issue, voice, words).await
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
    let issue = issue.first_answered(act).await?;
    issue.tell_reporters(act, "message").await?;
    Ok((issue, hash))
}

/// Keeps words with a matter without answering anybody by them.
pub(super) async fn note(act: &Act, issue: &Issue, voice: Voice, words: &str) -> Result<TextHash> {
    let words = text::words("words", words, 1, 2000)?;
    let (message, hash) = insert(act, issue, voice, &words, false, None).await?;
    act.journal(issue.on_self(), &Entry::MessageSent { message: message.id, voice, words: hash.clone() }).await?;
    Ok(hash)
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
        withheld_at: Set(None),
        erased_at: Set(None),
        created_at: Set(said_at),
    };
    row.insert(act.tx()).await?;
    Ok(())
}

/// Asks those who reported for more; their own clock runs on.
pub async fn ask(act: &Act, issue: Issue, words: &str) -> Result<Issue> {
    issue.ask_holder(act)?;
    let words = text::words("words", words, 1, 2000)?;
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
    let words = text::words("words", words, 1, 2000)?;
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
/// reporters'. A report that came along with a merge keeps what was said under its first number.
pub async fn for_report(db: &impl ConnectionTrait, issue: IssueId, report: ReportId) -> Result<Vec<Message>> {
    let filed = reports::by_id(db, report).await?.filed_issue_id;
    let own = Column::ReportId.eq(report).or(Column::IssueId.is_in([issue, filed]).and(Column::ReportId.is_null()));
    Ok(Entity::find()
        .filter(Column::Voice.eq(Voice::Reporters))
        .filter(Column::WithheldAt.is_null())
        .filter(own)
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
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
