//! Many reports at once, as they are kept one by one.

use std::collections::HashSet;

use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel as _, QuerySelect as _, TryIntoModel as _};

use super::filing::{self, Kept};
use super::reporter::{self, Identity};
use super::{Channel, Column, Entity, MayKnow, Report, ReportKind, receipts};
use crate::domain::buildings::Place;
use crate::domain::categories::Category;
use crate::domain::issues::Issue;
use crate::kernel::act::Act;
use crate::kernel::calendar::Calendar;
use crate::kernel::db::{BLOCK, insert_all};
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
    let kept = Kept { kind, channel, poster: None, may_know, lang: Lang::Zh, words, form_key: None, form_digest: None, behalf: None };
    Ok(filing::row(id, at, calendar, (&receipt, code, 0), (issue, place, category), kept).try_into_model()?)
}

/// Keeps prepared reports, in blocks.
pub(in crate::domain) async fn insert(act: &Act, mut reports: Vec<Report>) -> Result<()> {
    unlike_others(act, &mut reports).await?;
    // Nobody said who they are; the row is there all the same, as for every report.
    let unknown = reports.iter().map(|r| (r.id, Identity::default(), None)).collect();
    insert_all::<Entity, _>(act.tx(), reports.into_iter().map(|r| r.into_active_model())).await?;
    reporter::keep_all(act, unknown).await
}

/// Of some millions of codes two may be alike: a later one then moves on to its next code.
async fn unlike_others(act: &Act, reports: &mut [Report]) -> Result<()> {
    let keys = act.house().keys();
    let mut taken: HashSet<Vec<u8>> = HashSet::new();
    for some in reports.chunks(BLOCK) {
        let hashes = some.iter().map(|r| r.code_hash.clone());
        let known = Entity::find().select_only().column(Column::CodeHash).filter(Column::CodeHash.is_in(hashes));
        taken.extend(known.into_tuple::<Vec<u8>>().all(act.tx()).await?);
    }
    for r in reports {
        while !taken.insert(r.code_hash.clone()) {
            r.code_round += 1;
            r.code_hash = receipts::code_hash(keys, &receipts::code_of(keys, r.id, r.code_round));
        }
    }
    Ok(())
}
