//! Many reports at once, as they are kept one by one.

use std::collections::HashSet;

use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseBackend, IntoActiveModel as _, QuerySelect as _, Statement, TryIntoModel as _};

use super::filing::{self, Kept};
use super::reporter::{self, Identity};
use super::{Channel, Column, Entity, MayKnow, Report, ReportKind, receipts};
use crate::domain::buildings::Place;
use crate::domain::categories::Category;
use crate::domain::issues::Issue;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::inserts;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{self, ReportId};
use crate::kernel::keys::Keys;

/// What one person sends, in words only.
pub struct Spoken<'a> {
    pub words: Option<&'a str>,
    pub channel: Channel,
    pub may_know: MayKnow,
}

/// A report as it will be kept.
pub(in crate::domain) fn prepare(
    at: DateTimeUtc,
    calendar: &Calendar,
    keys: &Keys,
    (issue, place, category): (&Issue, &Place, &Category),
    kind: ReportKind,
    said: Spoken<'_>,
) -> Result<Report> {
    let id = ReportId(ids::fresh(at));
    let receipt = receipts::receipt_of(keys, id);
    let code = receipts::code_hash(keys, &receipts::code_of(keys, id, 0));
    let Spoken { words, channel, may_know } = said;
    let kept =
        Kept { first: category.first, kind, channel, poster: None, may_know, lang: Lang::Zh, words, form_key: None, form_digest: None, behalf: None };
    Ok(filing::row(id, at, calendar, (&receipt, code, 0), (issue, place, category), kept).try_into_model()?)
}

/// The codes of every report that is kept.
pub(in crate::domain) async fn codes(db: &impl ConnectionTrait) -> Result<HashSet<Vec<u8>>> {
    let known = Entity::find().select_only().column(Column::CodeHash).into_tuple::<Vec<u8>>();
    Ok(known.all(db).await?.into_iter().collect())
}

/// Of the codes of these reports, those that others have.
pub(in crate::domain) async fn taken<'r>(db: &impl ConnectionTrait, reports: impl Iterator<Item = &'r Report>) -> Result<HashSet<Vec<u8>>> {
    let mine: Vec<Vec<u8>> = reports.map(|r| r.code_hash.clone()).collect();
    let known = Entity::find().select_only().column(Column::CodeHash).filter(Column::CodeHash.is_in(mine)).into_tuple::<Vec<u8>>();
    Ok(known.all(db).await?.into_iter().collect())
}

/// The statements that keep prepared reports. Of some millions of codes two may be alike: a later one moves on to its next.
pub(in crate::domain) fn statements(backend: DatabaseBackend, keys: &Keys, codes: &mut HashSet<Vec<u8>>, mut reports: Vec<Report>) -> Vec<Statement> {
    for r in &mut reports {
        while !codes.insert(r.code_hash.clone()) {
            r.code_round += 1;
            r.code_hash = receipts::code_hash(keys, &receipts::code_of(keys, r.id, r.code_round));
        }
    }
    // Nobody said who they are; the row is there all the same, as for every report.
    let unknown = reports.iter().map(|r| (r.id, Identity::default(), None)).collect();
    let mut all = inserts::<Entity, _>(backend, reports.into_iter().map(|r| r.into_active_model()));
    all.extend(reporter::kept(backend, unknown));
    all
}
