//! Who reported: a table of its own, read through one function that asks for the reporter's choice and notes each
//! reading in the journal.

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, DatabaseBackend, QueryOrder as _, QuerySelect as _, QueryTrait as _, Statement};

use super::{MayKnow, Report};
use crate::domain::journal::Entry;
use crate::domain::organisations;
use crate::domain::persons;
use crate::domain::rights::Role;
use crate::kernel::act::{Act, Actor};
use crate::kernel::db::{execute_all, inserts};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::ids::{IssueId, OrganisationId, ReportId};
use crate::kernel::text;
use crate::kernel::{outbox, sms};

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
        /// A mobile number for short messages, and for nothing else.
        pub sms: Option<String>,
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
    /// A mobile number to which the receipt goes.
    pub sms: Option<String>,
}

impl Identity {
    /// What a form says of its sender. Empty fields are nothing; every part may be absent.
    pub fn read(name: &str, phone: &str, email: &str, floor: &str, organisation: Option<OrganisationId>) -> Result<Self, Refusal> {
        let some = |field, raw: &str, max| text::words(field, raw, 0, max).map(|t| Some(t.replace('\n', " ")).filter(|t| !t.is_empty()));
        let phone = some("phone", phone, 30)?;
        let digits = |t: &String| t.chars().filter(char::is_ascii_digit).count();
        let of_a_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '（' | '）' | '转');
        if phone.as_ref().is_some_and(|t| digits(t) < 5 || !t.chars().all(of_a_number)) {
            return Err(Refusal::new("phone_number").at("phone"));
        }
        let email = some("email", email, 254)?;
        if let Some(email) = &email {
            persons::mail_address("email", email)?;
        }
        Ok(Self { name: some("name", name, 40)?, phone, email, organisation, floor: some("floor", floor, 10)?, sms: None })
    }

    /// With a mobile number for the receipt; an empty one is none.
    pub fn by_sms(self, typed: &str) -> Result<Self, Refusal> {
        let sms = if text::clean(typed).is_empty() { None } else { Some(sms::mobile(typed)?) };
        Ok(Self { sms, ..self })
    }

    /// Only what the choice needs: who is to be known to nobody leaves no name and no telephone behind.
    pub(super) fn within(self, choice: MayKnow) -> Self {
        match choice {
            MayKnow::Nobody => Self { name: None, phone: None, ..self },
            _ => self,
        }
    }
}

/// Keeps who reported.
pub(super) async fn keep(act: &Act, report: ReportId, who: Identity, device: Option<Vec<u8>>) -> Result<()> {
    execute_all(act.tx(), kept(act.tx().get_database_backend(), vec![(report, who, device)])).await
}

/// Who reported stands behind the copy of a report too.
pub(super) async fn copy_row(act: &Act, report: ReportId, copy: ReportId) -> Result<()> {
    let text = "insert into reporters (report_id, name, phone, email, organisation_id, floor, device_hash, erased_at, sms) \
                select ?, name, phone, email, organisation_id, floor, device_hash, erased_at, sms from reporters where report_id = ?";
    act.tx().execute_raw(crate::kernel::db::sql(act.tx(), text, [copy.0.into(), report.0.into()])).await?;
    Ok(())
}

/// The statements that keep who reported, of several reports at once.
pub(super) fn kept(backend: DatabaseBackend, all: Vec<(ReportId, Identity, Option<Vec<u8>>)>) -> Vec<Statement> {
    let rows = all.into_iter().map(|(report, who, device)| row::ActiveModel {
        report_id: Set(report),
        name: Set(who.name),
        phone: Set(who.phone),
        email: Set(who.email),
        organisation_id: Set(who.organisation),
        floor: Set(who.floor),
        device_hash: Set(device),
        erased_at: Set(None),
        sms: Set(who.sms),
    });
    inserts::<row::Entity, _>(backend, rows)
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
        MayKnow::SecretaryAndManager if role == Role::Secretary.as_str() => true,
        // Staff of a contractor is not the property manager whom the reporter meant.
        MayKnow::SecretaryAndManager => {
            let manager = organisations::manager_of(act.tx(), report.building_id).await?;
            role == Role::Staff.as_str() && manager.map(|o| o.id) == act.actor.organisation()
        }
    };
    if !chosen {
        return Err(Refusal::new("reporter_unknown").into());
    }
    act.journal(report.on_self(), &Entry::ReporterRead { report: report.id }).await?;
    let row = row::Entity::find_by_id(report.id).one(act.tx()).await?;
    Ok(row.map_or_else(Identity::default, |r| Identity { name: r.name, phone: r.phone, email: r.email, ..Identity::default() }))
}

/// All that a reporter said of themselves, for that reporter, and whether their device is remembered.
pub(super) async fn own(db: &impl ConnectionTrait, report: ReportId) -> Result<Option<(Identity, bool)>> {
    let row = row::Entity::find_by_id(report).one(db).await?;
    let who = |r: row::Model| Identity { name: r.name, phone: r.phone, email: r.email, organisation: r.organisation_id, floor: r.floor, sms: r.sms };
    Ok(row.map(|r| (r.device_hash.is_some(), r)).map(|(device, r)| (who(r), device)))
}

/// The address a letter to a reporter goes to. Only the outbox asks; nobody reads it.
pub async fn mail_of(db: &impl ConnectionTrait, report: ReportId) -> Result<Option<String>> {
    Ok(row::Entity::find_by_id(report).one(db).await?.and_then(|r| r.email))
}

/// The number a short message to a reporter goes to. Only the outbox asks; nobody reads it.
pub async fn number_of(db: &impl ConnectionTrait, report: ReportId) -> Result<Option<String>> {
    Ok(row::Entity::find_by_id(report).one(db).await?.and_then(|r| r.sms))
}

/// The reports behind a matter whose writers left an address and still follow, with the ways they left. Only the outbox asks.
pub(in crate::domain) async fn followers(db: &impl ConnectionTrait, issue: IssueId) -> Result<Vec<(ReportId, Ways)>> {
    let text = "select w.report_id, w.email is not null, w.sms is not null from reporters w join reports r on r.id = w.report_id \
                where r.issue_id = ? and r.withdrawn_at is null and r.following and (w.email is not null or w.sms is not null) order by r.id";
    let rows = db.query_all_raw(crate::kernel::db::sql(db, text, [issue.0.into()])).await?;
    let read = |r: sea_orm::QueryResult| -> Result<_, sea_orm::DbErr> {
        Ok((ReportId(r.try_get_by_index(0)?), Ways { mail: r.try_get_by_index(1)?, sms: r.try_get_by_index(2)? }))
    };
    Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
}

/// The ways that one reporter left.
pub(in crate::domain) async fn ways_of(db: &impl ConnectionTrait, report: ReportId) -> Result<Ways> {
    let row = row::Entity::find_by_id(report).one(db).await?;
    Ok(row.map_or_else(Ways::default, |r| Ways { mail: r.email.is_some(), sms: r.sms.is_some() }))
}

/// By which ways somebody is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub mail: bool,
    pub sms: bool,
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

/// The reports that this device sent, newest first: its own list, without an account.
pub async fn of_device(db: &impl ConnectionTrait, device: &[u8], limit: u64) -> Result<Vec<Report>> {
    use super::Column;
    let own = row::Entity::find().select_only().column(row::Column::ReportId).filter(row::Column::DeviceHash.eq(device.to_vec())).into_query();
    Ok(super::Entity::find().filter(Column::Id.in_subquery(own)).order_by_desc(Column::CreatedAt).limit(limit).all(db).await?)
}

/// Empties the row.
pub(super) async fn erase_row(act: &Act, report: ReportId) -> Result<()> {
    row::Entity::update_many()
        .col_expr(row::Column::Name, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Phone, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Email, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Sms, Expr::value(Option::<String>::None))
        .col_expr(row::Column::Floor, Expr::value(Option::<String>::None))
        .col_expr(row::Column::OrganisationId, Expr::value(Option::<Uuid>::None))
        .col_expr(row::Column::DeviceHash, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(row::Column::ErasedAt, Expr::value(Some(act.at)))
        .filter(row::Column::ReportId.eq(report))
        .exec(act.tx())
        .await?;
    Ok(())
}

/// How many organisations stand behind a matter's reports, each counted only with five or more reporters: a smaller
/// number would point at people.
pub async fn known_units(db: &impl ConnectionTrait, issue: IssueId) -> Result<u64> {
    let text = "select count(*) from (select w.organisation_id from reporters w join reports r on r.id = w.report_id \
                where r.issue_id = ? and r.withdrawn_at is null and w.organisation_id is not null group by w.organisation_id having count(*) >= 5) as units";
    let row = db.query_one_raw(crate::kernel::db::sql(db, text, [issue.0.into()])).await?;
    Ok(row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() as u64)
}

impl Report {
    /// Chooses anew who may know. Fewer is done at once, and takes name and telephone with it where nobody may know any
    /// more; more must be agreed to in so many words.
    pub async fn choose_who_may_know(self, act: &Act, choice: MayKnow, agreed: bool, who: Identity) -> Result<()> {
        let report = self.kept_by_its_holder()?;
        let wider = choice > report.may_know;
        if wider && !agreed {
            return Err(Refusal::new("agree_wider").at("agreed").into());
        }
        let who = who.within(choice);
        // What is chosen for a report holds for its copies.
        for copy in super::copies(act.tx(), report.id).await?.into_iter().filter(|c| c.erased_at.is_none()) {
            Box::pin(copy.choose_who_may_know(act, choice, true, who.clone())).await?;
        }
        let mut rows = row::Entity::update_many().filter(row::Column::ReportId.eq(report.id));
        if choice == MayKnow::Nobody {
            rows = rows.col_expr(row::Column::Name, Expr::value(who.name)).col_expr(row::Column::Phone, Expr::value(who.phone));
            rows.exec(act.tx()).await?;
        } else if who.name.is_some() || who.phone.is_some() {
            for (column, value) in [(row::Column::Name, who.name), (row::Column::Phone, who.phone)] {
                if value.is_some() {
                    rows = rows.col_expr(column, Expr::value(value));
                }
            }
            rows.exec(act.tx()).await?;
        }
        let (on, id) = (report.on_self(), report.id);
        let mut row: super::ActiveModel = report.into();
        row.may_know = Set(choice);
        row.update(act.tx()).await?;
        act.journal(on, &Entry::ReporterChose { report: id, may_know: choice }).await?;
        Ok(())
    }

    /// Follows by mail, at the address that is kept or a new one.
    pub async fn follow(self, act: &Act, email: &str) -> Result<()> {
        let report = self.kept_by_its_holder()?;
        let who = Identity::read("", "", email, "", None)?;
        match who.email {
            Some(email) => {
                let rows = row::Entity::update_many().col_expr(row::Column::Email, Expr::value(Some(email)));
                rows.filter(row::Column::ReportId.eq(report.id)).exec(act.tx()).await?;
            }
            None if mail_of(act.tx(), report.id).await?.is_none() => return Err(Refusal::new("empty").at("email").into()),
            None => {}
        }
        report.following(act, true).await
    }

    /// Has the receipt and what needs an answer sent by SMS.
    pub async fn follow_by_sms(self, act: &Act, number: &str) -> Result<()> {
        let report = self.kept_by_its_holder()?;
        let who = Identity::default().by_sms(number)?;
        if who.sms.is_none() {
            return Err(Refusal::new("empty").at("sms").into());
        }
        let rows = row::Entity::update_many().col_expr(row::Column::Sms, Expr::value(who.sms));
        rows.filter(row::Column::ReportId.eq(report.id)).exec(act.tx()).await?;
        let (id, issue) = (report.id, report.issue_id);
        report.following(act, true).await?;
        act.owe("receipt", outbox::Address::Sms(id), &serde_json::json!({ "issue": issue }), None).await
    }

    /// Stops the letters; the address goes with it.
    pub async fn unfollow(self, act: &Act) -> Result<()> {
        self.forget_way(act, row::Column::Email).await
    }

    /// Stops the short messages; the number goes with it.
    pub async fn unfollow_by_sms(self, act: &Act) -> Result<()> {
        self.forget_way(act, row::Column::Sms).await
    }

    async fn forget_way(self, act: &Act, way: row::Column) -> Result<()> {
        let rows = row::Entity::update_many().col_expr(way, Expr::value(Option::<String>::None));
        rows.filter(row::Column::ReportId.eq(self.id)).exec(act.tx()).await?;
        let left = ways_of(act.tx(), self.id).await?;
        self.following(act, left.mail || left.sms).await
    }

    async fn following(self, act: &Act, following: bool) -> Result<()> {
        let mut row: super::ActiveModel = self.into();
        row.following = Set(following);
        row.update(act.tx()).await?;
        Ok(())
    }
}

/// Takes a number away from every report that has it: whoever holds the telephone wants no more messages. Gives how many.
pub async fn stop_number(act: &Act, number: &str) -> Result<u64> {
    let text = "update reporters set sms = null where sms = ?";
    Ok(act.tx().execute_raw(crate::kernel::db::sql(act.tx(), text, [number.into()])).await?.rows_affected())
}
