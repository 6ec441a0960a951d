//! Reports 报事: what one person sent. An issue has one or many behind it.

pub(in crate::domain) mod bulk;
mod choices;
mod copying;
mod doubts;
mod erasing;
mod expiry;
pub mod export;
mod filing;
pub mod personal;
mod rating;
mod receipts;
mod release;
mod reporter;
mod representing;
mod taken_down;

pub use crate::kernel::codes::{normal as normal_code, signs as signs_of_code};
pub use choices::{Choices, by_handle, choices, handle_of, waiting_in};
pub use copying::copies;
pub(in crate::domain) use copying::{copy, fold, unfold};
pub use doubts::{Doubt, doubts};
pub use erasing::erase;
pub(in crate::domain) use expiry::forget_contact;
pub use filing::{Filed, NewReport, WORDS_MAX, file, me_too, words_of};
pub use receipts::{by_code, by_receipt, code_of, made_under, place_in_line, receipt_of};
pub use reporter::{Identity, Ways, known_units, mail_of, number_of, of_device, read_identity, stop_number};
pub(in crate::domain) use reporter::{followers, ways_of};
pub(in crate::domain) use representing::represented_of;
pub use representing::{Behalf, represent, represented};

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::attachments::{self, Of};
use super::issues::{self, Issue};
use super::journal::Entry;
use super::messages;
use super::proofs;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, IssueId, OrganisationId, PersonId, PlaceId, PosterId, ReportId};
use crate::kernel::journal::On;
use crate::kernel::photos::Prepared;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Whether it opened a matter or joined one.
    ReportKind { New = "new", MeToo = "me_too" }
}

vocabulary! {
    /// By which door it came; never a second kind of thing.
    Channel {
        Poster = "poster", Web = "web", Phone = "phone", Desk = "desk", Chat = "chat", Mail = "mail",
        Representative = "representative", Device = "device",
        /// From a former system, as a row of a spreadsheet.
        Import = "import",
    }
}

impl Channel {
    /// What comes by these is written down by somebody at the desk, for the one who said it.
    pub const TAKEN_DOWN: [Channel; 4] = [Channel::Phone, Channel::Desk, Channel::Chat, Channel::Mail];

    /// Whether somebody at the desk writes it down.
    pub fn taken_down(self) -> bool {
        Self::TAKEN_DOWN.contains(&self)
    }
}

vocabulary! {
    /// Who may know the reporter; an enterprise never. Can be withdrawn.
    MayKnow {
        /// 谁也不知道
        Nobody = "nobody",
        /// 只有议事会秘书
        Secretary = "secretary",
        /// 秘书和物业
        SecretaryAndManager = "secretary_and_manager",
    }
}

vocabulary! {
    /// What became of a visitor's words on the way to the public.
    Release { Waiting = "waiting", AsWritten = "as_written", Summary = "summary", Withheld = "withheld", Nothing = "nothing" }
}

vocabulary! {
    /// The reporter's answer to "is it fixed?"
    Answer { Yes = "yes", Half = "half", No = "no" }
}

vocabulary! {
    /// How satisfied a reporter is with how it went, apart from whether it is fixed.
    Rating { Satisfied = "satisfied", Basically = "basically", Dissatisfied = "dissatisfied" }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    pub building_id: BuildingId,
    /// The matter that it now stands behind.
    pub issue_id: IssueId,
    /// The matter that it was filed under; differs after a merge, which can be undone.
    pub filed_issue_id: IssueId,
    pub place_id: PlaceId,
    pub poster_id: Option<PosterId>,
    pub kind: ReportKind,
    pub channel: Channel,
    pub category: String,
    pub may_know: MayKnow,
    pub words: Option<String>,
    pub words_salt: Option<Vec<u8>>,
    /// What the public reads, once released.
    pub public_words: Option<String>,
    pub release: Release,
    pub released_at: Option<DateTimeUtc>,
    pub released_by: Option<PersonId>,
    /// Two working days after filing.
    pub release_due: Option<DateTimeUtc>,
    pub locale: String,
    pub receipt_hash: Vec<u8>,
    pub code_hash: Vec<u8>,
    pub code_round: i32,
    /// The form's own key: the same form sent twice makes one report.
    pub form_key: Option<Vec<u8>>,
    pub form_digest: Option<Vec<u8>>,
    pub first_answer_due: DateTimeUtc,
    pub first_answered_at: Option<DateTimeUtc>,
    pub answer: Option<Answer>,
    pub answered_at: Option<DateTimeUtc>,
    pub following: bool,
    pub created_at: DateTimeUtc,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub erased_at: Option<DateTimeUtc>,
    pub rating: Option<Rating>,
    /// Why, in the reporter's own words: for those who handle it, never public.
    pub rating_words: Option<String>,
    pub rating_salt: Option<Vec<u8>>,
    pub rated_at: Option<DateTimeUtc>,
    /// For how many workers an enterprise's representative speaks.
    pub on_behalf_of: Option<i32>,
    pub represented_id: Option<OrganisationId>,
    /// The report whose second trouble this one is.
    pub copy_of_id: Option<ReportId>,
    /// The matter in which copy and original met again: then it counts no more.
    pub folded_into_id: Option<IssueId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Report;

impl Model {
    /// What the journal notes about a report.
    pub fn on_self(&self) -> On {
        On::new("report", self.id).in_building(self.building_id).of_issue(self.issue_id)
    }

    /// What the journal keeps of its words.
    pub(in crate::domain) fn words_hash(&self) -> Option<TextHash> {
        self.words.as_ref().zip(self.words_salt.as_ref()).map(|(words, salt)| TextHash::of(salt, words))
    }

    /// Whether its holder may say now whether it is fixed.
    pub fn ask_answerable(&self, issue: &Issue, now: DateTimeUtc) -> Result<(), Refusal> {
        if self.withdrawn_at.is_some() {
            return Err(Refusal::new("report_withdrawn"));
        }
        issue.ask_confirmable(now)
    }

    /// Answers "is it fixed?". May be changed until the time for confirming ends.
    pub async fn answer(self, act: &Act, issue: Issue, answer: Answer) -> Result<Issue> {
        let issue = self.held(act, issue).await?;
        self.ask_answerable(&issue, act.at)?;
        let on = self.on_self();
        let id = self.id;
        let mut row: ActiveModel = self.into();
        row.answer = Set(Some(answer));
        row.answered_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::ConfirmationGiven { report: id, answer }).await?;
        issue.settle_if_all_answered(act).await
    }

    /// Takes the report back. The matter goes with its only reporter, and stays with others.
    pub async fn withdraw(self, act: &Act, issue: Issue) -> Result<Issue> {
        let issue = self.held(act, issue).await?;
        if self.withdrawn_at.is_some() {
            return Err(Refusal::new("report_withdrawn").into());
        }
        if !issue.state.is_open() {
            return Err(Refusal::new("withdraw_closed").into());
        }
        let on = self.on_self();
        let id = self.id;
        let mut row: ActiveModel = self.into();
        row.withdrawn_at = Set(Some(act.at));
        row.following = Set(false);
        row.update(act.tx()).await?;
        proofs::take_back(act, id).await?;
        act.journal(on, &Entry::ReportWithdrawn { report: id }).await?;
        issue.lost_a_report(act).await
    }

    /// The matter behind which this report stands, as it is now and locked: two reporters who answer at once must each
    /// see the other.
    async fn held(&self, act: &Act, issue: Issue) -> Result<Issue> {
        if issue.id != self.issue_id {
            return Err(Error::NotFound);
        }
        issues::hold_by_id(act, issue.id).await
    }

    /// Fails once its holder has had everything erased: there is nobody left to ask.
    fn kept_by_its_holder(self) -> Result<Self, Refusal> {
        if self.erased_at.is_some() { Err(Refusal::new("report_erased")) } else { Ok(self) }
    }

    /// Whether its holder may still add to it. A closed matter is no obstacle: what somebody answers is never lost.
    pub fn ask_talkative(&self) -> Result<(), Refusal> {
        match (self.erased_at, self.withdrawn_at) {
            (Some(_), _) => Err(Refusal::new("report_erased")),
            (_, Some(_)) => Err(Refusal::new("report_withdrawn")),
            _ => Ok(()),
        }
    }

    /// Adds words, pictures or both.
    pub async fn add(&self, act: &Act, issue: &Issue, words: &str, photos: Vec<Prepared>) -> Result<()> {
        self.ask_talkative()?;
        if photos.is_empty() || !text::clean(words).is_empty() {
            messages::add(act, issue, self, words).await?;
        } else {
            issue.tell_holder(act, "reporter_added").await?;
        }
        attachments::attach(act, issue.id, Of::Report(self.id), photos).await.map(drop)
    }
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: ReportId) -> Result<Report> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The reports behind a matter that were not withdrawn, oldest first.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Report>> {
    Ok(Entity::find()
        .filter(Column::IssueId.eq(issue))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

/// The same of several matters at once.
pub async fn of_issues(db: &impl ConnectionTrait, issues: Vec<IssueId>) -> Result<Vec<Report>> {
    if issues.is_empty() {
        return Ok(vec![]);
    }
    let all = Entity::find().filter(Column::IssueId.is_in(issues)).filter(Column::WithdrawnAt.is_null());
    Ok(all.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

/// What may be read of one report: its released words, or that they were erased.
#[derive(Clone, Debug, sea_orm::FromQueryResult)]
pub struct Voice {
    pub public_words: Option<String>,
    pub release: Release,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub erased_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// The reports behind a matter of which the public reads something, oldest first.
pub async fn voices(db: &impl ConnectionTrait, issue: IssueId, limit: u64) -> Result<Vec<Voice>> {
    use sea_orm::QuerySelect as _;
    use sea_orm::sea_query::ExprTrait as _;
    Ok(Entity::find()
        .select_only()
        .columns([Column::PublicWords, Column::Release, Column::CreatedAt, Column::ErasedAt])
        .filter(Column::IssueId.eq(issue))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::PublicWords.is_not_null().or(Column::ErasedAt.is_not_null()))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .into_model()
        .all(db)
        .await?)
}

/// By their ids.
pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<ReportId>) -> Result<Vec<Report>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
}

/// Reports of a building whose words wait for release, the longest waiting first.
pub async fn waiting_for_release(db: &impl ConnectionTrait, building: BuildingId, limit: u64) -> Result<Vec<Report>> {
    use sea_orm::QuerySelect as _;
    Ok(Entity::find()
        .filter(Column::BuildingId.eq(building))
        .filter(Column::Release.eq(Release::Waiting))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await?)
}

/// How many of a building's wait longer than they may.
pub async fn late_for_release(db: &impl ConnectionTrait, building: BuildingId, now: DateTimeUtc) -> Result<u64> {
    use sea_orm::PaginatorTrait as _;
    let waiting = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::Release.eq(Release::Waiting));
    Ok(waiting.filter(Column::WithdrawnAt.is_null()).filter(Column::ReleaseDue.lte(now)).count(db).await?)
}

/// A new "is it fixed?" begins without the answers to the last one.
pub(super) async fn forget_answers(act: &Act, issue: IssueId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Answer, Expr::value(Option::<String>::None))
        .col_expr(Column::AnsweredAt, Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None))
        .filter(Column::IssueId.eq(issue))
        .exec(act.tx())
        .await?;
    Ok(())
}
