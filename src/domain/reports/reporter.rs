//! Who reported: a table of its own, read through one function that asks for the reporter's choice and notes each
//! reading in the journal.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _, QueryTrait as _};

use super::{MayKnow, Release, Report, ReportKind};
use crate::domain::attachments;
use crate::domain::issues;
use crate::domain::journal::Entry;
use crate::domain::messages;
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{IssueId, OrganisationId, ReportId};

/// Private to this file on purpose: there is no other way to these rows.
mod row {
    use super::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reporters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub report_id: ReportId,
        pub name: Option<String>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub organisation_id: Option<OrganisationId>,
        pub floor: Option<String>,
        pub device_hash: Option<Vec<u8>>,
        pub erased_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a reporter said of themselves; every part may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub organisation: Option<OrganisationId>,
    pub floor: Option<String>,
}

/// Keeps who reported.
pub(super) async fn keep(act: &Act, report: ReportId, who: Identity, device: Option<Vec<u8>>) -> Result<()> {
    let row = row::ActiveModel {
        report_id: Set(report),
        name: Set(who.name),
        phone: Set(who.phone),
        email: Set(who.email),
        organisation_id: Set(who.organisation),
        floor: Set(who.floor),
        device_hash: Set(device),
        erased_at: Set(None),
    };
    row::Entity::insert(row).exec_without_returning(act.tx()).await?;
    Ok(())
}

/// Name, telephone and mail of a reporter, for a secretary or property staff whom the reporter chose. Anyone else is
/// refused; each reading is in the journal. The unit and floor are never given out.
pub async fn read_identity(act: &Act, report: &Report) -> Result<Identity> {
    let role = match &act.actor {
        Actor::Person { role, .. } => *role,
        _ => return Err(Refusal::new("reporter_unknown").into()),
    };
    let chosen = match report.may_know {
        MayKnow::Nobody => false,
        MayKnow::Secretary => role == Role::Secretary.as_str(),
        MayKnow::SecretaryAndManager => role == Role::Secretary.as_str() || role == Role::Staff.as_str(),
    };
    if !chosen {
        return Err(Refusal::new("reporter_unknown").into());
    }
    act.journal(report.on_self(), &Entry::ReporterRead { report: report.id }).await?;
    let row = row::Entity::find_by_id(report.id).one(act.tx()).await?;
    Ok(row.map_or_else(Identity::default, |r| Identity { name: r.name, phone: r.phone, email: r.email, organisation: None, floor: None }))
}

/// The address a letter to a reporter goes to. Only the outbox asks; nobody reads it.
pub async fn mail_of(db: &impl ConnectionTrait, report: ReportId) -> Result<Option<String>> {
    Ok(row::Entity::find_by_id(report).one(db).await?.and_then(|r| r.email))
}

/// The reports behind a matter whose writers left an address and still follow. Only the outbox asks.
pub(in crate::domain) async fn followers_by_mail(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<ReportId>> {
    use super::Column;
    let with_mail = row::Entity::find().select_only().column(row::Column::ReportId).filter(row::Column::Email.is_not_null()).into_query();
    Ok(super::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::IssueId.eq(issue))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::Following.eq(true))
        .filter(Column::Id.in_subquery(with_mail))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// Whether this device has already reported or joined this matter.
pub(super) async fn device_known(act: &Act, issue: IssueId, device: &[u8]) -> Result<Option<ReportId>> {
    use super::Column;
    let ids: Vec<ReportId> = super::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::IssueId.eq(issue))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::Id.in_subquery(
            row::Entity::find().select_only().column(row::Column::ReportId).filter(row::Column::DeviceHash.eq(device.to_vec())).into_query(),
        ))
        .into_tuple()
        .all(act.tx())
        .await?;
    Ok(ids.first().copied())
}

/// How many organisations stand behind a matter's reports, each counted only with five or more reporters: a smaller
/// number would point at people.
pub async fn known_units(db: &impl ConnectionTrait, issue: IssueId) -> Result<u64> {
    let text = "select count(*) from (select w.organisation_id from reporters w join reports r on r.id = w.report_id \
                where r.issue_id = ? and r.withdrawn_at is null and w.organisation_id is not null group by w.organisation_id having count(*) >= 5) as units";
    let row = db.query_one_raw(crate::kernel::db::sql(db, text, [issue.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() as u64)
}

/// Erases who reported and the words written, wherever they stand, at the reporter's wish; the report still counts.
/// What a secretary or editor wrote in summary is theirs, and stays.
pub async fn erase(act: &Act, report: Report) -> Result<()> {
    let on = report.on_self();
    let (id, filed, kind, release) = (report.id, report.filed_issue_id, report.kind, report.release);
    row::Entity::update_many()
        .col_expr(row::Column::Name, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Phone, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Email, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Floor, Expr::value(Option::<String>::None))
        .col_expr(row::Column::OrganisationId, Expr::value(Option::<Uuid>::None))
        .col_expr(row::Column::DeviceHash, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(row::Column::ErasedAt, Expr::value(Some(act.at)))
        .filter(row::Column::ReportId.eq(id))
        .exec(act.tx())
        .await?;
    messages::erase_of(act, &report).await?;
    let mut r: super::ActiveModel = report.into();
    r.words = Set(None);
    r.words_salt = Set(None);
    if release != Release::Summary {
        r.public_words = Set(None);
        r.release = Set(Release::Nothing);
    }
    r.erased_at = Set(Some(act.at));
    r.following = Set(false);
    r.may_know = Set(MayKnow::Nobody);
    r.update(act.tx()).await?;
    if kind == ReportKind::New {
        issues::erase_title(act, filed).await?;
    }
    attachments::Entity::update_many()
        .col_expr(attachments::Column::ErasedAt, Expr::value(Some(act.at)))
        .filter(attachments::Column::ReportId.eq(id))
        .filter(attachments::Column::ErasedAt.is_null())
        .exec(act.tx())
        .await?;
    act.journal(on, &Entry::ReporterErased { report: id }).await?;
    Ok(())
}
