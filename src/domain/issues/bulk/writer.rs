//! Writing lives out: one statement for many rows, and the index of texts with them.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait as _, DatabaseBackend, IntoActiveModel as _, Statement};

use super::Life;
use crate::domain::issues::{Entity, public_words};
use crate::domain::reports;
use crate::domain::{messages, tasks};
use crate::kernel::act::Act;
use crate::kernel::db::inserts;
use crate::kernel::error::Result;
use crate::kernel::keys::Keys;
use crate::kernel::{journal, search};

/// Writes lives out as statements; knows which codes are taken and where the index of texts ends.
pub struct Writer {
    backend: DatabaseBackend,
    keys: Keys,
    codes: HashSet<Vec<u8>>,
    doc: i64,
}

impl Writer {
    /// For the transaction of an act, in which nobody else writes meanwhile.
    pub async fn of(act: &Act) -> Result<Self> {
        let codes = reports::bulk::codes(act.tx()).await?;
        Self::knowing(act, codes).await
    }

    /// For these lives beside many others that are kept already: only the codes of these are asked for.
    pub async fn beside(act: &Act, lives: &[Life<'_>]) -> Result<Self> {
        let codes = reports::bulk::taken(act.tx(), lives.iter().flat_map(|l| &l.reports)).await?;
        Self::knowing(act, codes).await
    }

    async fn knowing(act: &Act, codes: HashSet<Vec<u8>>) -> Result<Self> {
        let doc = search::last_doc(act.tx()).await?;
        Ok(Self { backend: act.tx().get_database_backend(), keys: act.house().keys().clone(), codes, doc })
    }

    /// Lives that have been lived, with their lines in the order of time and their texts in the index.
    pub fn statements(&mut self, lives: Vec<Life<'_>>) -> Vec<Statement> {
        let (mut rows, mut reports, mut tasks, mut messages) = (vec![], vec![], vec![], vec![]);
        let (mut lines, mut texts) = (vec![], vec![]);
        for life in lives {
            let mut words = public_words(life.category, life.place);
            if let Some(title) = &life.title {
                words = format!("{title} {words}");
            }
            texts.push((life.issue.id, words));
            rows.push(life.issue.into_active_model());
            reports.extend(life.reports);
            tasks.extend(life.tasks.into_iter().map(|t| t.into_active_model()));
            messages.extend(life.messages.into_iter().map(|m| m.into_active_model()));
            lines.extend(life.lines);
        }
        lines.sort_by(|a, b| a.at.as_ref().cmp(b.at.as_ref()));
        let mut all = inserts::<Entity, _>(self.backend, rows);
        all.extend(reports::bulk::statements(self.backend, &self.keys, &mut self.codes, reports));
        all.extend(inserts::<tasks::Entity, _>(self.backend, tasks));
        all.extend(inserts::<messages::Entity, _>(self.backend, messages));
        all.extend(inserts::<journal::Entity, _>(self.backend, lines));
        all.extend(search::index_all(self.backend, &mut self.doc, &texts));
        all
    }
}
