//! Agenda items 议题: from the council's list onto a meeting, to one of four ends: decided, referred, deferred,
//! withdrawn.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, QuerySelect as _};

use super::publicity::NotPublic;
use crate::domain::councils::{self, Council};
use crate::domain::deliberation::OpenTo;
use crate::domain::hand_overs;
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::domain::levels::Level;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{CouncilId, IssueId, ItemId, MeetingId, OrganisationId};
use crate::kernel::journal::On;
use crate::kernel::text;

vocabulary! {
    /// Where a matter for the agenda comes from.
    Source {
        Issue = "issue", Petition = "petition", Member = "member", Department = "department", FailedCheck = "failed_check",
        HandedOver = "handed_over", LateTask = "late_task",
        /// A party objects to a resolution that is on display.
        Objection = "objection",
        /// A resolution said that it is to be looked at again.
        Review = "review",
    }
}

vocabulary! {
    /// Whose decision it is. A council decides by consent; it has no power over owners' common parts (Civil Code art.
    /// 278), public powers, or an employer's own working hours (Labour Contract Law art. 4).
    Competence {
        Council = "council", OwnersVote = "owners_vote", OwnerSole = "owner_sole", PublicPower = "public_power",
        EnterpriseInternal = "enterprise_internal",
    }
}

vocabulary! {
    /// Where an item stands.
    ItemState {
        Proposed = "proposed", Listed = "listed", Discussed = "discussed", Decided = "decided", Referred = "referred",
        Deferred = "deferred", Withdrawn = "withdrawn",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ItemId,
    pub council_id: CouncilId,
    pub meeting_id: Option<MeetingId>,
    pub position: i32,
    pub issue_id: Option<IssueId>,
    pub proposed_by_id: Option<OrganisationId>,
    pub source: Source,
    pub competence: Competence,
    pub title: String,
    /// The one question that the meeting is to answer.
    pub question: String,
    /// Papers beside the dossier that the journal writes.
    pub papers: String,
    pub public: bool,
    pub not_public_ground: Option<NotPublic>,
    pub not_public_reason: Option<String>,
    /// Listed after the notice: discussed, never voted on.
    pub late: bool,
    /// Planned for it; none is the rule of thumb.
    pub minutes: Option<i32>,
    /// Deferred until this day: before it, it need not be listed.
    pub not_before: Option<String>,
    pub state: ItemState,
    pub outcome_words: Option<String>,
    pub outcome_salt: Option<Vec<u8>>,
    pub deferred_to: Option<String>,
    /// Who may take part in what is said about it between meetings.
    pub open_to: OpenTo,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Item;

/// Puts a matter on the list of the council that deals with it: its building's, or its district's where that has taken it; one
/// open item per matter.
pub async fn propose(act: &Act, issue: &Issue, source: Source) -> Result<Item> {
    let council = of_matter(act.tx(), issue).await?;
    propose_to(act, &council, issue, source).await
}

/// The council that deals with a matter.
pub async fn of_matter(db: &impl ConnectionTrait, issue: &Issue) -> Result<Council> {
    let handed = if issue.level == Level::District { hand_overs::of_issue(db, issue.id).await? } else { vec![] };
    match hand_overs::last_agreed(&handed).and_then(|h| h.council_id) {
        Some(council) => councils::by_id(db, council).await,
        None => councils::of_building(db, issue.building_id).await,
    }
}

/// A district's council has agreed: the matter is on its list, with the question and papers of the item that was referred.
pub(in crate::domain) async fn hand_on(act: &Act, council: &Council, issue: &Issue, item: Option<ItemId>) -> Result<Item> {
    // Brought up again at its building meanwhile: it is dealt with in one place.
    if let Some(open) = open_of_issue(act.tx(), issue.id).await? {
        open.withdraw(act).await?;
    }
    let new = propose_to(act, council, issue, Source::HandedOver).await?;
    match item {
        Some(before) => new.like(act, &by_id(act.tx(), before).await?, None).await,
        None => Ok(new),
    }
}

/// Puts a matter on a council's list.
pub(in crate::domain) async fn propose_to(act: &Act, council: &Council, issue: &Issue, source: Source) -> Result<Item> {
    if let Some(open) = open_of_issue(act.tx(), issue.id).await? {
        return Ok(open);
    }
    let competence = if issue.category == "access.clock" { Competence::EnterpriseInternal } else { Competence::Council };
    let title = issue.title_for_public(crate::kernel::i18n::Lang::Zh);
    let row = ActiveModel {
        id: Set(ItemId(act.fresh())),
        council_id: Set(council.id),
        meeting_id: Set(None),
        position: Set(0),
        issue_id: Set(Some(issue.id)),
        proposed_by_id: Set(act.actor.organisation()),
        source: Set(source),
        competence: Set(competence),
        title: Set(title),
        question: Set(String::new()),
        papers: Set(String::new()),
        public: Set(true),
        not_public_ground: Set(None),
        not_public_reason: Set(None),
        late: Set(false),
        minutes: Set(None),
        not_before: Set(None),
        state: Set(ItemState::Proposed),
        outcome_words: Set(None),
        outcome_salt: Set(None),
        deferred_to: Set(None),
        open_to: Set(OpenTo::Members),
        version: Set(1),
        created_at: Set(act.at),
        closed_at: Set(None),
    };
    let item = row.insert(act.tx()).await?;
    act.journal(issue.on_self(), &Entry::ItemProposed { item: item.id, source: source.as_str().into() }).await?;
    Ok(item)
}

/// What a member, a petition or a department brings before a council without a matter behind it.
pub struct NewItem<'a> {
    pub source: Source,
    pub competence: Competence,
    pub title: &'a str,
    pub question: &'a str,
    pub papers: &'a str,
}

/// Puts something on a council's list that no report stands behind: a district's council knows only such items.
pub async fn raise(act: &Act, council: &Council, new: NewItem<'_>) -> Result<Item> {
    let row = ActiveModel {
        id: Set(ItemId(act.fresh())),
        council_id: Set(council.id),
        meeting_id: Set(None),
        position: Set(0),
        issue_id: Set(None),
        proposed_by_id: Set(act.actor.organisation()),
        source: Set(new.source),
        competence: Set(new.competence),
        title: Set(text::words("title", new.title, 2, 80)?),
        question: Set(text::words("question", new.question, 0, 300)?),
        papers: Set(text::words("papers", new.papers, 0, 5000)?),
        public: Set(true),
        not_public_ground: Set(None),
        not_public_reason: Set(None),
        late: Set(false),
        minutes: Set(None),
        not_before: Set(None),
        state: Set(ItemState::Proposed),
        outcome_words: Set(None),
        outcome_salt: Set(None),
        deferred_to: Set(None),
        open_to: Set(OpenTo::Members),
        version: Set(1),
        created_at: Set(act.at),
        closed_at: Set(None),
    };
    let item = row.insert(act.tx()).await?;
    act.journal(item.on_self(act).await?, &Entry::ItemProposed { item: item.id, source: new.source.as_str().into() }).await?;
    Ok(item)
}

/// The item under which a matter is now before the council.
pub async fn open_of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Option<Item>> {
    Ok(Entity::find()
        .filter(Column::IssueId.eq(issue))
        .filter(Column::State.is_in([ItemState::Proposed, ItemState::Listed]))
        .order_by_desc(Column::CreatedAt)
        .one(db)
        .await?)
}

/// Which of several matters are before the council now.
pub async fn nominated(db: &impl ConnectionTrait, ids: Vec<IssueId>) -> Result<Vec<IssueId>> {
    use sea_orm::QuerySelect as _;
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let open = Entity::find().select_only().column(Column::IssueId).filter(Column::State.is_in([ItemState::Proposed, ItemState::Listed]));
    let found: Vec<Option<IssueId>> = open.filter(Column::IssueId.is_in(ids)).into_tuple().all(db).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Every item of a matter, oldest first.
pub async fn of_issue(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<Item>> {
    Ok(Entity::find().filter(Column::IssueId.eq(issue)).order_by_asc(Column::CreatedAt).all(db).await?)
}

/// What waits on the council's list, the longest waiting first.
pub async fn backlog(db: &impl ConnectionTrait, council: CouncilId) -> Result<Vec<Item>> {
    Ok(Entity::find()
        .filter(Column::CouncilId.eq(council))
        .filter(Column::State.eq(ItemState::Proposed))
        .order_by_asc(Column::CreatedAt)
        .all(db)
        .await?)
}

/// The agenda, in order.
pub async fn of_meeting(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Item>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::Position).all(db).await?)
}

/// A council's items in the order in which they came to it: the first is number 1 for ever, since none is deleted.
pub async fn of_council(db: &impl ConnectionTrait, council: CouncilId) -> Result<Vec<Item>> {
    Ok(Entity::find().filter(Column::CouncilId.eq(council)).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

/// An item's number on its council's list.
pub async fn number(db: &impl ConnectionTrait, item: &Item) -> Result<i32> {
    use sea_orm::Condition;
    let same = Condition::all().add(Column::CreatedAt.eq(item.created_at)).add(Column::Id.lte(item.id));
    let up_to = Condition::any().add(Column::CreatedAt.lt(item.created_at)).add(same);
    Ok(Entity::find().filter(Column::CouncilId.eq(item.council_id)).filter(up_to).count(db).await? as i32)
}

/// By its number on the council's list.
pub async fn by_number(db: &impl ConnectionTrait, council: CouncilId, number: i32) -> Result<Item> {
    let Some(before) = number.checked_sub(1).and_then(|n| u64::try_from(n).ok()) else { return Err(Error::NotFound) };
    Entity::find()
        .filter(Column::CouncilId.eq(council))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .offset(before)
        .limit(1)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// By id.
pub async fn by_id(db: &impl ConnectionTrait, id: ItemId) -> Result<Item> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// By its place on an agenda.
pub async fn by_position(db: &impl ConnectionTrait, meeting: MeetingId, position: i32) -> Result<Item> {
    Entity::find().filter(Column::MeetingId.eq(meeting)).filter(Column::Position.eq(position)).one(db).await?.ok_or(Error::NotFound)
}

impl Model {
    pub(in crate::domain) async fn on_self(&self, act: &Act) -> Result<On> {
        let on = councils::by_id(act.tx(), self.council_id).await?.on("agenda_item", self.id);
        Ok(match self.issue_id {
            Some(i) => on.of_issue(i),
            None => on,
        })
    }

    pub(in crate::domain) async fn change(self, act: &Act, mut set: ActiveModel) -> Result<Item> {
        set.version = Set(self.version + 1);
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Version.eq(self.version)).exec(act.tx()).await?;
        if changed.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        by_id(act.tx(), self.id).await
    }

    /// Fails with a conflict unless this is the version that the form was made from.
    pub fn unchanged_since(self, version: i32) -> Result<Item> {
        if self.version == version { Ok(self) } else { Err(Error::Conflict) }
    }

    /// Title, question, competence and papers; frozen once the meeting has been called.
    pub async fn prepare(self, act: &Act, title: &str, question: &str, competence: Competence, papers: &str) -> Result<Item> {
        if !matches!(self.state, ItemState::Proposed | ItemState::Listed) {
            return Err(Refusal::new("item_over").into());
        }
        if let Some(id) = self.meeting_id
            && super::by_id(act.tx(), id).await?.state != super::MeetingState::Draft
        {
            return Err(Refusal::new("papers_frozen").into());
        }
        let set = ActiveModel {
            title: Set(text::words("title", title, 2, 80)?),
            question: Set(text::words("question", question, 0, 300)?),
            competence: Set(competence),
            papers: Set(text::words("papers", papers, 0, 5000)?),
            ..Default::default()
        };
        self.change(act, set).await
    }

    /// So many workers have proven themselves that the rules ask for it to be dealt with.
    pub(in crate::domain) async fn now_petition(self, act: &Act) -> Result<Item> {
        let item = self.change(act, ActiveModel { source: Set(Source::Petition), ..Default::default() }).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemProposed { item: item.id, source: Source::Petition.as_str().into() }).await?;
        Ok(item)
    }

    pub(super) async fn listed(self, act: &Act, meeting: MeetingId, position: i32, late: bool) -> Result<Item> {
        if self.state != ItemState::Proposed {
            return Err(Refusal::new("item_over").into());
        }
        let set = ActiveModel {
            state: Set(ItemState::Listed),
            meeting_id: Set(Some(meeting)),
            position: Set(position),
            late: Set(late),
            ..Default::default()
        };
        self.change(act, set).await
    }

    /// Back onto the council's list, when its meeting is cancelled.
    pub(super) async fn unlist(self, act: &Act, meeting_number: i32) -> Result<Item> {
        let set = ActiveModel { state: Set(ItemState::Proposed), meeting_id: Set(None), position: Set(0), late: Set(false), ..Default::default() };
        let item = self.change(act, set).await?;
        act.journal(item.on_self(act).await?, &Entry::ItemUnlisted { meeting_number }).await?;
        // After a failed check the matter was before the council already, meeting or not.
        if let Some(id) = item.issue_id.filter(|_| item.source != Source::FailedCheck) {
            issues::hold_by_id(act, id).await?.untable(act).await?;
        }
        Ok(item)
    }
}
