//! The desk 待办: what one person has to do next over all their roles, what is due first, first. Each source is one
//! query in the order of an index; their lines are merged here.

mod call_backs;
mod council;
mod granting;
mod matters;
mod mentions;
mod narrow;
mod publishing;
mod visits;

use narrow::Parting;
pub use narrow::{Hands, Narrow, Span};

use chrono::{DateTime, Utc};
use rocket::tokio::sync::OnceCell;
use sea_orm::DatabaseTransaction;

use super::buildings::Building;
use super::councils::{self, Council};
use super::editions::{Edition, Story};
use super::effect_checks::Check;
use super::hand_overs::HandOver;
use super::issues::Issue;
use super::meetings::Meeting;
use super::meetings::items::Item;
use super::meetings::overtaken::Overtaken;
use super::motions::Motion;
use super::persons::Membership;
use super::resolutions::{Objection, Resolution};
use super::rights::{Right, Role};
use super::supervisions::Supervision;
use super::tasks::{Extension, Task, Visit};
use super::undertakings::Undertaking;
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, CouncilId, DistrictId, OrganisationId, PersonId};

/// Which lines a desk shows; the address holds the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Everything that waits for this person, next due first.
    Next,
    /// Offered to my organisations, not yet taken.
    Offered,
    /// Reporters have been asked and have not answered.
    Waiting,
    /// Said to be done; the reporters are asked.
    Confirm,
    /// Contested, or a task given back.
    Returned,
    /// Tasks that a resolution set.
    Resolutions,
    /// Everything open.
    All,
}

impl View {
    /// Every view, in the order of the page.
    pub const ALL: &'static [View] = &[View::Next, View::Offered, View::Waiting, View::Confirm, View::Returned, View::Resolutions, View::All];

    /// The word in the address and in locales.
    pub fn as_str(self) -> &'static str {
        match self {
            View::Next => "next",
            View::Offered => "offered",
            View::Waiting => "waiting",
            View::Confirm => "confirm",
            View::Returned => "returned",
            View::Resolutions => "resolutions",
            View::All => "all",
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<View> {
        View::ALL.iter().copied().find(|v| v.as_str() == word)
    }
}

/// What a line is about.
#[derive(Clone, Debug)]
pub enum What {
    Matter(Box<Issue>),
    /// A matter offered to one of my organisations.
    Offer(Box<Issue>),
    Task(Box<Task>, Box<Issue>),
    /// More time is asked for, and this person may grant it.
    Extension(Box<Extension>, Box<Task>, Box<Issue>),
    /// My organisation is asked when somebody may come in.
    Visit(Box<Visit>, Box<Task>, Box<Issue>),
    /// My organisation took it over and said that it would report by a day.
    Report(Box<HandOver>, Box<Issue>),
    /// Late for so long that the street was told.
    Supervision(Box<Supervision>, Box<Issue>),
    /// To sign, or to answer otherwise.
    Undertaking(Box<Undertaking>, Box<Item>),
    /// So many words of visitors wait for release in a building.
    Words(BuildingId, i64),
    /// Closed by silence and drawn: to be asked about.
    CallBack(Box<Issue>),
    /// Somebody has been named in so many messages on a matter, and has not read them.
    Mention(Box<Issue>, u64),
    /// Contested twice, and not before the council.
    Contested(Box<Issue>),
    /// On the council's list, on no agenda yet.
    /// With its number on the council's list.
    Item(Box<Item>, i32),
    /// On an agenda, and its matter was settled meanwhile.
    Settled(Box<Item>, Box<Meeting>, Overtaken),
    Check(Box<Check>, Box<Issue>),
    Minutes(Box<Meeting>),
    /// A drafted meeting whose notice has not gone out.
    Notice(Box<Meeting>),
    /// Adopted and not yet public.
    Resolution(Box<Resolution>),
    /// Somebody objects to a resolution, and waits for an answer.
    Objection(Box<Objection>, Box<Resolution>),
    /// A meeting to come, or in session.
    Meeting(Box<Meeting>),
    Vote(Box<Motion>, Box<Item>, Box<Meeting>),
    Edition(Box<Edition>),
    /// Written by somebody else, not yet checked.
    Story(Box<Story>, Box<Edition>),
}

/// One line of a desk.
#[derive(Clone, Debug)]
pub struct Line {
    pub due: Option<DateTime<Utc>>,
    /// Contested work goes before everything else.
    pub first: bool,
    pub what: What,
}

impl Line {
    fn new(due: Option<DateTime<Utc>>, what: What) -> Self {
        Self { due, first: false, what }
    }
}

/// For whom an organisation's work is listed: in one building, or wherever it works.
type Scope = (OrganisationId, Option<BuildingId>);

/// Whose desk it is.
pub struct Desk<'a> {
    house: &'a House,
    person: PersonId,
    memberships: Vec<&'a Membership>,
    /// Buildings in which any of the roles holds.
    pub buildings: Vec<Building>,
    /// The councils of these, and of their districts.
    pub councils: Vec<Council>,
    /// Narrowed to one of them.
    only: Option<BuildingId>,
    narrow: Narrow,
    parting: Parting,
    /// All that a desk asks is asked over one connection, at one instant.
    db: DatabaseTransaction,
    /// What is beside the matters, asked for once.
    beside: OnceCell<Vec<Line>>,
}

impl<'a> Desk<'a> {
    /// The desk of a person with these roles; `slug` narrows it to one of their buildings, and the rest within them.
    pub async fn of(house: &'a House, person: PersonId, memberships: &'a [Membership], slug: Option<&str>, narrow: Narrow) -> Result<Self> {
        let db = house.reading().await?;
        let mut buildings = super::buildings::all(&db, None).await?;
        buildings.retain(|b| memberships.iter().any(|m| m.covers(b)));
        let only = slug.and_then(|s| buildings.iter().find(|b| b.slug == s)).map(|b| b.id);
        let councils = councils::around(&db, &buildings).await?;
        let parting = Parting::at(house.now());
        let memberships = memberships.iter().collect();
        Ok(Self { house, person, memberships, buildings, councils, only, narrow, parting, db, beside: OnceCell::new() })
    }

    /// The building to which it is narrowed.
    pub fn only(&self) -> Option<&Building> {
        self.buildings.iter().find(|b| Some(b.id) == self.only)
    }

    /// Councils of the buildings and districts in which one of the roles with a right holds.
    fn councils_with(&self, right: Right) -> Vec<CouncilId> {
        let (buildings, districts) = (self.buildings_with(right), self.districts_with(right));
        let mine = |c: &&Council| c.building_id.map_or(districts.contains(&c.district_id), |b| buildings.contains(&b));
        self.councils.iter().filter(mine).map(|c| c.id).collect()
    }

    /// Organisations for which this person has a right, each with the building in which it holds.
    fn scopes(&self, may: impl Fn(Role) -> bool) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = self
            .memberships
            .iter()
            .filter(|m| may(m.role))
            .filter(|m| self.only.is_none() || m.building_id.is_none_or(|b| Some(b) == self.only))
            .map(|m| (m.organisation_id, m.building_id.or(self.only)))
            .collect();
        scopes.sort();
        scopes.dedup();
        // What holds in the whole district holds in each of its buildings too.
        let wide: Vec<OrganisationId> = scopes.iter().filter(|(_, b)| b.is_none()).map(|(o, _)| *o).collect();
        scopes.retain(|(o, b)| b.is_none() || !wide.contains(o));
        scopes
    }

    /// Buildings in which one of the roles with a right holds.
    fn buildings_with(&self, right: Right) -> Vec<BuildingId> {
        let holds = |b: &&Building| self.memberships.iter().any(|m| m.role.may(right) && m.covers(b));
        self.buildings.iter().filter(|b| self.only.is_none_or(|o| o == b.id)).filter(holds).map(|b| b.id).collect()
    }

    /// Districts as a whole in which one of the roles with a right holds; none where the desk is narrowed to a building.
    fn districts_with(&self, right: Right) -> Vec<DistrictId> {
        let all = self.memberships.iter().filter(|m| self.only.is_none() && m.role.may(right)).filter_map(|m| m.district_id);
        let mut all: Vec<DistrictId> = all.collect();
        all.sort();
        all.dedup();
        all
    }

    /// The first `limit` lines of a view.
    pub async fn lines(&self, view: View, limit: u64) -> Result<Vec<Line>> {
        let mut lines = self.matters(view, self.narrow.span, limit).await?;
        if matches!(view, View::Next | View::All) {
            let beside = self.beside().await?.iter().cloned();
            lines.extend(beside.filter(|l| self.narrow.span.is_none_or(|s| s == self.span(l))));
        }
        // What has no date comes last.
        lines.sort_by_key(|l| (!l.first, l.due.is_none(), l.due));
        lines.truncate(limit as usize);
        Ok(lines)
    }

    /// How many lines each view has.
    pub async fn counts(&self) -> Result<Vec<(View, u64)>> {
        let beside = self.beside().await?;
        let beside = beside.iter().filter(|l| self.narrow.span.is_none_or(|s| s == self.span(l))).count();
        let matters = self.count_matters(self.narrow.span).await?;
        let of = |(view, n): (&View, u64)| (*view, if matches!(view, View::Next | View::All) { n + beside as u64 } else { n });
        Ok(View::ALL.iter().zip(matters).map(of).collect())
    }

    /// How many lines of a view fall into each span, whichever of them is shown.
    pub async fn spans(&self, view: View) -> Result<Vec<(Span, u64)>> {
        let beside = if matches!(view, View::Next | View::All) { self.beside().await?.as_slice() } else { &[] };
        let matters = self.spread_matters(view).await?;
        let of = |(span, n): (&Span, u64)| (*span, n + beside.iter().filter(|l| self.span(l) == *span).count() as u64);
        Ok(Span::ALL.iter().zip(matters).map(of).collect())
    }

    /// The span in which a line falls.
    pub fn span(&self, line: &Line) -> Span {
        self.parting.of(line)
    }

    /// What is not about a matter that somebody holds: nothing of it is left where only matters are asked for.
    async fn beside(&self) -> Result<&Vec<Line>> {
        let asked = async {
            if self.narrow.about_matters() {
                return Ok(vec![]);
            }
            let mut lines = self.undertakings().await?;
            lines.extend(self.granting().await?);
            lines.extend(self.reporting().await?);
            lines.extend(self.visits().await?);
            lines.extend(self.supervised().await?);
            lines.extend(self.secretariat().await?);
            lines.extend(self.sittings().await?);
            lines.extend(self.publishing().await?);
            lines.extend(self.mentions().await?);
            lines.extend(self.call_backs().await?);
            Ok(lines)
        };
        self.beside.get_or_try_init(|| asked).await
    }

    /// The connection over which it asks: for what its lines name.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.db
    }
}
