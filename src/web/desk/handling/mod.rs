//! `/desk/figures`: how what one answers for is handled: four numbers that are never mixed, what waits and for how long, what
//! comes and goes, where it doesn't get better, and what would make the numbers look good. Behind each, its matters.

mod cases;
mod headline;
mod parts;
mod period;
mod show;

use rocket::{FromForm, Route};

use crate::domain::buildings::{self, Building};
use crate::domain::handling::{By, Scope};
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::web::guards::{Holds, Triage};
use period::Period;

pub(super) fn routes() -> Vec<Route> {
    [show::routes(), cases::routes()].concat()
}

/// The address as it was asked for. Words that mean nothing are passed over.
#[derive(Clone, Debug, Default, FromForm)]
struct Query {
    /// A building's slug.
    b: Option<String>,
    period: Option<String>,
    by: Option<String>,
    /// A cut's word.
    of: Option<String>,
    /// A group: a category's code or a floor.
    group: Option<String>,
}

/// Whose figures, of where and when.
struct Asked {
    scope: Scope,
    /// The buildings that could be asked for.
    buildings: Vec<Building>,
    only: Option<String>,
    period: Period,
    by: By,
}

impl Asked {
    /// What an address asks for, as far as the roles go.
    async fn of(me: &Holds<'_, Triage>, db: &impl sea_orm::ConnectionTrait, query: &Query) -> Result<Self> {
        let mut all = buildings::all(db, None).await?;
        all.retain(|b| me.signed.memberships.iter().any(|m| m.role.may(Right::Triage) && m.covers(b)));
        let only = query.b.as_deref().and_then(|slug| all.iter().find(|b| b.slug == slug)).map(|b| b.slug.clone());
        let shown: Vec<&Building> = all.iter().filter(|b| only.as_ref().is_none_or(|slug| *slug == b.slug)).collect();
        let scope = Scope::of(&me.signed.memberships, &shown);
        let today = me.house.calendar().date_of(me.house.now());
        let period = query.period.as_deref().and_then(Period::named).filter(|p| p.from <= today).unwrap_or_else(|| Period::month_of(today));
        let by = if query.by.as_deref() == Some(By::Floor.as_str()) { By::Floor } else { By::Kind };
        Ok(Self { scope, buildings: all, only, period, by })
    }

    /// An address below `/desk/figures` for the same, with further words.
    fn address(&self, below: &str, more: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let given = |name: &str| more.iter().any(|(n, _)| *n == name);
        if let Some(b) = self.only.as_deref().filter(|_| !given("b")) {
            query.append_pair("b", b);
        }
        if !given("period") {
            query.append_pair("period", &self.period.name());
        }
        if self.by == By::Floor && !given("by") {
            query.append_pair("by", self.by.as_str());
        }
        more.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
            query.append_pair(name, value);
        });
        format!("/desk/figures{below}?{}", query.finish())
    }
}
