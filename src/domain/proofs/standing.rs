//! What is told of proofs: sums, from five of one enterprise on, as of the last midnight. A sum that grew at the minute in
//! which a report came would say whose it is.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Value};

use super::report_mark;
use crate::domain::organisations;
use crate::domain::slips::FEW;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{IssueId, OrganisationId, ReportId};
use crate::kernel::keys::Keys;

/// How many of a matter's reports are of proven workers: only of enterprises with five or more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Enterprise and number, the largest first.
    pub of: Vec<(OrganisationId, u64)>,
}

impl Standing {
    /// All of them.
    pub fn proven(&self) -> u64 {
        self.of.iter().map(|(_, n)| n).sum()
    }

    /// `37份报事，其中31份来自6家单位的在职员工（已证明）`; none where nothing may be told.
    pub fn words(&self, reports: i32, lang: Lang) -> Option<String> {
        let (n, of) = (self.proven(), self.of.len());
        (n > 0).then(|| lang.say("proofs.shown.sum", &[("all", &reports.to_string()), ("n", &n.to_string()), ("of", &of.to_string())]))
    }

    /// The rest of the reports, apart.
    pub fn rest(&self, reports: i32, lang: Lang) -> Option<String> {
        let rest = u64::try_from(reports).unwrap_or_default().saturating_sub(self.proven());
        (self.proven() > 0 && rest > 0).then(|| lang.say("proofs.shown.rest", &[("n", &rest.to_string())]))
    }

    /// Which enterprises, with how many each.
    pub async fn names(&self, db: &impl ConnectionTrait, lang: Lang) -> Result<Option<String>> {
        let known = organisations::by_ids(db, self.of.iter().map(|(id, _)| *id)).await?;
        let name = |id| known.iter().find(|o| o.id == id).map(|o| o.short(lang).to_owned());
        let one = |(id, n): &(OrganisationId, u64)| Some(lang.say("proofs.shown.one", &[("of", &name(*id)?), ("n", &n.to_string())]));
        let all: Vec<String> = self.of.iter().filter_map(one).collect();
        Ok((!all.is_empty()).then(|| all.join(if lang == Lang::En { ", " } else { "、" })))
    }
}

/// How many reports of a matter in `issues` under this alias are proven, as a column; its value is [`today`].
pub(in crate::domain) fn proven_of(issue: &str) -> String {
    format!(
        "case when {issue}.reports >= {FEW} then (select cast(coalesce(sum(n), 0) as bigint) from (select count(*) as n from proofs x \
         where x.issue_id = {issue}.id and x.day < ? group by x.organisation_id having count(*) >= {FEW}) as told) else 0 end"
    )
}

/// The day whose proofs are not told yet.
pub(in crate::domain) fn today(now: DateTime<Utc>) -> Value {
    dates::local(now).date().to_string().into()
}

/// What may be told of several matters at once.
pub async fn standing(db: &impl ConnectionTrait, now: DateTime<Utc>, issues: &[IssueId]) -> Result<HashMap<IssueId, Standing>> {
    let mut all: HashMap<IssueId, Standing> = HashMap::new();
    if issues.is_empty() {
        return Ok(all);
    }
    let text = format!(
        "select issue_id, organisation_id, count(*) from proofs where issue_id in ({}) and day < ? group by issue_id, organisation_id \
         having count(*) >= {FEW} order by count(*) desc, organisation_id",
        vec!["?"; issues.len()].join(",")
    );
    for row in db.query_all_raw(sql(db, &text, issues.iter().map(|i| i.0.into()).chain([today(now)]))).await? {
        let (issue, of, n) = (IssueId(row.try_get_by_index(0)?), OrganisationId(row.try_get_by_index(1)?), row.try_get_by_index::<i64>(2)?);
        all.entry(issue).or_default().of.push((of, n as u64));
    }
    Ok(all)
}

/// Where the writer of one report works, for that writer.
pub async fn own(db: &impl ConnectionTrait, keys: &Keys, report: ReportId) -> Result<Option<OrganisationId>> {
    let text = "select organisation_id from proofs where report = ?";
    let row = db.query_one_raw(sql(db, text, [report_mark(keys, report).into()])).await?;
    Ok(row.map(|r| r.try_get_by_index(0)).transpose()?.map(OrganisationId))
}
