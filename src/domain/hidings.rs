//! Hiding 收起: what is public of a report is taken out of sight at once, with a reason; its reporter is told and may
//! appeal. Somebody else than the one who hid it decides. Where a property manager hides, it holds for two working days
//! and returns by itself unless the secretary or an editor confirms it: nobody is gatekeeper of complaints about itself.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, Query};
use serde_json::json;

use super::categories::Limit;
use super::issues::{self, Issue};
use super::journal::Entry;
use super::persons;
use super::reports::{self, Release, Report};
use super::rights::{Right, Role};
use super::{attachments, buildings};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{BuildingId, HidingId, IssueId, OrganisationId, PersonId, ReportId};
use crate::kernel::outbox::Address;
use crate::kernel::text::{self, TextHash};

vocabulary! {
    /// Why something is hidden.
    HideReason {
        /// 涉及别人的隐私 (Civil Code art. 1032).
        Personal = "personal",
        /// 骂人、侮辱 (Civil Code art. 1024).
        Insult = "insult",
        /// 广告
        Offer = "offer",
        /// 跟这件事无关
        Elsewhere = "elsewhere",
        /// 法律不许传播的
        Unlawful = "unlawful",
    }
}

vocabulary! {
    /// What became of it.
    Ruling {
        /// It stays hidden.
        Upheld = "upheld",
        /// It was shown again.
        Lifted = "lifted",
        /// Nobody confirmed it in time: it was shown again.
        Lapsed = "lapsed",
    }
}

/// Working days within which what a property manager hid is looked at.
pub const REVIEW_DAYS: u32 = 2;
/// Longest appeal or answer, in characters.
pub const WORDS_MAX: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hidings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HidingId,
    pub building_id: BuildingId,
    pub report_id: ReportId,
    pub reason: HideReason,
    /// How its words were public before.
    pub was: Release,
    /// The summary that stood in place of its words.
    pub summary: Option<String>,
    pub hidden_at: DateTimeUtc,
    pub hidden_by: PersonId,
    pub hidden_for: Option<OrganisationId>,
    /// By when it is confirmed, or returns; none where who hid it also releases.
    pub review_due: Option<DateTimeUtc>,
    pub appeal: Option<String>,
    pub appeal_salt: Option<Vec<u8>>,
    pub appealed_at: Option<DateTimeUtc>,
    pub ruling: Option<Ruling>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<PersonId>,
    pub answer: Option<String>,
    pub answer_salt: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Hiding;

/// All of a matter, newest first.
pub async fn of_issue(db: &impl ConnectionTrait, id: IssueId) -> Result<Vec<Hiding>> {
    let of_it = Query::select().column(reports::Column::Id).from(reports::Entity).and_where(reports::Column::IssueId.eq(id)).to_owned();
    Ok(Entity::find().filter(Column::ReportId.in_subquery(of_it)).order_by_desc(Column::HiddenAt).all(db).await?)
}

/// All of a report, oldest first.
pub async fn all_of_report(db: &impl ConnectionTrait, id: ReportId) -> Result<Vec<Hiding>> {
    Ok(Entity::find().filter(Column::ReportId.eq(id)).order_by_asc(Column::HiddenAt).all(db).await?)
}

/// The last one of a report.
pub async fn of_report(db: &impl ConnectionTrait, id: ReportId) -> Result<Option<Hiding>> {
    Ok(Entity::find().filter(Column::ReportId.eq(id)).order_by_desc(Column::HiddenAt).one(db).await?)
}

/// Those of a building that ask for a decision: hidden by who doesn't release, or appealed against; the oldest first.
pub async fn to_decide(db: &impl ConnectionTrait, id: BuildingId) -> Result<Vec<Hiding>> {
    let open = Entity::find().filter(Column::BuildingId.eq(id)).filter(Column::Ruling.is_null()).order_by_asc(Column::HiddenAt).all(db).await?;
    Ok(open.into_iter().filter(Hiding::waits).collect())
}

impl Report {
    /// Takes what is public of it, words and photos, out of sight.
    pub async fn hide(self, act: &Act, issue: &Issue, reason: HideReason) -> Result<Hiding> {
        let (Some(by), on) = (act.actor.person(), self.on_self()) else { return Err(Error::broken("nobody hides nothing")) };
        let photos = attachments::hide_of(act, self.id).await?;
        if self.public_words.is_none() && photos == 0 {
            return Err(Refusal::new("nothing_to_hide").into());
        }
        let building = buildings::by_id(act.tx(), self.building_id).await?;
        let releases = persons::entitled(&persons::memberships(act.tx(), by).await?, Right::Release, &building).is_some();
        let hiding = ActiveModel {
            id: Set(HidingId(act.fresh())),
            building_id: Set(self.building_id),
            report_id: Set(self.id),
            reason: Set(reason),
            was: Set(self.release),
            summary: Set(self.public_words.clone().filter(|_| self.release == Release::Summary)),
            hidden_at: Set(act.at),
            hidden_by: Set(by),
            hidden_for: Set(act.actor.organisation()),
            review_due: Set((!releases).then(|| Limit::WorkingDays(REVIEW_DAYS).from(act.at, &act.calendar()).at)),
            appeal: Set(None),
            appeal_salt: Set(None),
            appealed_at: Set(None),
            ruling: Set(None),
            decided_at: Set(None),
            decided_by: Set(None),
            answer: Set(None),
            answer_salt: Set(None),
        }
        .insert(act.tx())
        .await?;
        let id = self.id;
        if self.public_words.is_some() {
            self.show(act, Release::Withheld, None).await?;
        }
        act.journal(on, &Entry::ReportHidden { report: id, reason, photos, review_due: hiding.review_due }).await?;
        let report = reports::by_id(act.tx(), id).await?;
        issue.tell_report_once(act, "hidden", &report, &format!("hidden/{}", hiding.id.0.simple())).await?;
        if hiding.review_due.is_some() {
            tell_releasers(act, issue, "hiding_review").await?;
        }
        Ok(hiding)
    }
}

impl Model {
    /// Whether somebody who releases owes a decision.
    pub fn waits(&self) -> bool {
        self.ruling.is_none() && (self.review_due.is_some() || self.appealed_at.is_some())
    }

    /// Why its reporter cannot appeal now.
    pub fn ask_appealable(&self) -> Result<(), Refusal> {
        match self.ruling {
            Some(Ruling::Lifted | Ruling::Lapsed) => Err(Refusal::new("hiding_over")),
            Some(Ruling::Upheld) if self.appealed_at.is_some() => Err(Refusal::new("appeal_decided")),
            None if self.appealed_at.is_some() => Err(Refusal::new("appeal_waits")),
            _ => Ok(()),
        }
    }

    /// Its reporter asks that it be shown again; once.
    pub async fn appeal(self, act: &Act, report: &Report, issue: &Issue, words: &str) -> Result<Hiding> {
        self.ask_appealable()?;
        let words = text::words("words", words, 1, WORDS_MAX)?;
        let salt = text::salt();
        let entry = Entry::HidingAppealed { report: report.id, words: TextHash::of(&salt, &words) };
        let set = ActiveModel {
            appeal: Set(Some(words)),
            appeal_salt: Set(Some(salt)),
            appealed_at: Set(Some(act.at)),
            // What was confirmed before its reporter spoke is open again.
            ruling: Set(None),
            decided_at: Set(None),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::AppealedAt.is_null());
        if changed.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        act.journal(report.on_self(), &entry).await?;
        tell_releasers(act, issue, "hiding_appealed").await?;
        by_id(act.tx(), self.id).await
    }

    /// Why this person cannot decide about it.
    pub fn ask_decidable(&self, by: Option<PersonId>) -> Result<(), Refusal> {
        match self.ruling {
            Some(_) => Err(Refusal::new("hiding_over")),
            // Who hid it does not judge it: the secretary's is looked at by an editor, and the other way round.
            None if by == Some(self.hidden_by) => Err(Refusal::new("hiding_own")),
            None => Ok(()),
        }
    }

    /// Keeps it hidden, with a reason in words for its reporter.
    pub async fn uphold(self, act: &Act, issue: &Issue, answer: &str) -> Result<()> {
        self.decided(act, issue, Ruling::Upheld, Some(answer)).await
    }

    /// Shows it again, as it was.
    pub async fn lift(self, act: &Act, issue: &Issue, answer: &str) -> Result<()> {
        self.decided(act, issue, Ruling::Lifted, Some(answer)).await
    }

    async fn decided(self, act: &Act, issue: &Issue, ruling: Ruling, answer: Option<&str>) -> Result<()> {
        if act.actor.person().is_some() {
            self.ask_decidable(act.actor.person())?;
        }
        let least = usize::from(ruling == Ruling::Upheld);
        let answer = answer.map(|a| text::words("answer", a, least, WORDS_MAX)).transpose()?.filter(|a| !a.is_empty());
        let salt = answer.as_ref().map(|_| text::salt());
        let hash = answer.as_ref().zip(salt.as_ref()).map(|(a, s)| TextHash::of(s, a));
        let set = ActiveModel {
            ruling: Set(Some(ruling)),
            decided_at: Set(Some(act.at)),
            decided_by: Set(act.actor.person()),
            answer: Set(answer),
            answer_salt: Set(salt),
            ..Default::default()
        };
        let changed = Entity::update_many().set(set).filter(Column::Id.eq(self.id)).filter(Column::Ruling.is_null());
        if changed.exec(act.tx()).await?.rows_affected != 1 {
            return Err(Error::Conflict);
        }
        let report = reports::by_id(act.tx(), self.report_id).await?;
        if ruling != Ruling::Upheld && report.erased_at.is_none() {
            let public = match self.was {
                Release::AsWritten => report.words.clone(),
                Release::Summary => self.summary.clone(),
                _ => None,
            };
            if public.is_some() && report.release == Release::Withheld {
                report.clone().show(act, self.was, public).await?;
            }
            attachments::show_again(act, report.id).await?;
        }
        act.journal(report.on_self(), &Entry::HidingDecided { report: report.id, ruling, words: hash }).await?;
        issue.tell_report_once(act, "hiding_decided", &report, &format!("hiding_decided/{}", act.fresh().simple())).await
    }
}

/// By its id.
pub async fn by_id(db: &impl ConnectionTrait, id: HidingId) -> Result<Hiding> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// Whoever releases a report's words by hand has decided about a hiding of them, too.
pub(in crate::domain) async fn settle(act: &Act, id: ReportId, how: Release) -> Result<()> {
    if how == Release::Withheld {
        return Ok(());
    }
    let set =
        ActiveModel { ruling: Set(Some(Ruling::Lifted)), decided_at: Set(Some(act.at)), decided_by: Set(act.actor.person()), ..Default::default() };
    let standing = Entity::update_many().set(set).filter(Column::ReportId.eq(id));
    standing.filter(Column::Ruling.is_null().or(Column::Ruling.eq(Ruling::Upheld))).exec(act.tx()).await?;
    Ok(())
}

/// With a report's words goes what was said about hiding them.
pub(in crate::domain) async fn erase_of(act: &Act, id: ReportId) -> Result<()> {
    let set = ActiveModel { summary: Set(None), appeal: Set(None), appeal_salt: Set(None), ..Default::default() };
    Entity::update_many().set(set).filter(Column::ReportId.eq(id)).exec(act.tx()).await?;
    Ok(())
}

/// Shows again what a property manager hid and nobody confirmed in time; gives how many.
pub async fn lapse_due(house: &House) -> Result<usize> {
    let due = Entity::find().filter(Column::Ruling.is_null()).filter(Column::ReviewDue.lte(house.now())).filter(Column::AppealedAt.is_null());
    let mut n = 0;
    for hiding in due.all(house.read()).await? {
        let act = house.act(Actor::System).await?;
        let report = reports::by_id(act.tx(), hiding.report_id).await?;
        let issue = issues::by_id(act.tx(), report.issue_id).await?;
        match hiding.decided(&act, &issue, Ruling::Lapsed, None).await {
            Ok(()) => {
                act.commit().await?;
                n += 1;
            }
            Err(Error::Conflict) => act.undo().await?,
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

async fn tell_releasers(act: &Act, issue: &Issue, kind: &'static str) -> Result<()> {
    let building = buildings::by_id(act.tx(), issue.building_id).await?;
    let mut all = vec![];
    for role in Role::ALL.iter().filter(|r| r.may(Right::Release)) {
        all.extend(persons::holders(act.tx(), &building, *role).await?);
    }
    all.sort();
    all.dedup();
    let link = format!("/b/{}/issues/{}/hidings", building.slug, issue.number);
    for person in all.into_iter().filter(|p| act.actor.person() != Some(*p)) {
        act.owe(kind, Address::Person(person), &json!({ "issue": issue.id, "link": link }), None).await?;
    }
    Ok(())
}
