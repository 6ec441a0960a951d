//! What the rows of a desk name: looked up once for all of them.

use std::collections::HashMap;

use crate::domain::buildings::{self, Building, District, Place};
use crate::domain::councils::Council;
use crate::domain::desk::{Desk, Line, What};
use crate::domain::effect_checks::{self, Check};
use crate::domain::issues::{self, Behind, Issue};
use crate::domain::meetings::items;
use crate::domain::meetings::{self, Meeting};
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons::{self, Person};
use crate::domain::supervisions::{self, AllPressed};
use crate::domain::tasks::{self, Task, stop};
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, CouncilId, IssueId, OrganisationId, PlaceId};
use crate::web::caller::Caller;

/// Everything that rows are made of.
pub struct Known<'k> {
    pub caller: &'k Caller,
    pub buildings: &'k [Building],
    pub councils: &'k [Council],
    pub districts: Vec<District>,
    pub places: Vec<Place>,
    pub tasks: Vec<Task>,
    pub stops: Vec<stop::Model>,
    pub checks: Vec<Check>,
    pub nominated: Vec<IssueId>,
    pub meetings: Vec<Meeting>,
    pub persons: Vec<Person>,
    pub organisations: HashMap<OrganisationId, Organisation>,
    /// How far those were pressed who are late.
    pub pressed: AllPressed,
    /// Proven and represented workers of each matter.
    pub behind: HashMap<IssueId, Behind>,
}

/// The matter of a line, where it is about one.
pub(super) fn issue_of(line: &Line) -> Option<&Issue> {
    match &line.what {
        What::Matter(i) | What::Offer(i) | What::Contested(i) | What::Task(_, i) | What::Check(_, i) | What::Mention(i, _) | What::CallBack(i) => {
            Some(i)
        }
        What::Extension(_, _, i) | What::Visit(_, _, i) | What::Supervision(_, i) | What::Report(_, i) => Some(i),
        _ => None,
    }
}

impl<'k> Known<'k> {
    /// Looks up what these lines name.
    pub async fn of(caller: &'k Caller, desk: &'k Desk<'_>, lines: &[Line]) -> Result<Self> {
        let db = desk.db();
        let about: Vec<&Issue> = lines.iter().filter_map(issue_of).collect();
        let ids: Vec<IssueId> = about.iter().map(|i| i.id).collect();
        let held = lines.iter().filter_map(|l| match &l.what {
            What::Undertaking(_, item) => item.meeting_id,
            _ => None,
        });
        let tasks = tasks::of_issues(db, ids.clone()).await?;
        let parties: Vec<_> =
            about.iter().flat_map(|i| [i.holder_id, i.offered_to_id]).flatten().chain(tasks.iter().map(|t| t.organisation_id)).collect();
        let in_hands = lines.iter().filter_map(|l| match &l.what {
            What::Task(t, _) => t.person_id,
            _ => None,
        });
        let in_hands: Vec<_> = about.iter().filter_map(|i| i.person_id).chain(in_hands).collect();
        let persons = persons::by_ids(db, in_hands).await?;
        let organisations = organisations::by_ids(db, parties).await?;
        Ok(Self {
            caller,
            buildings: &desk.buildings,
            councils: &desk.councils,
            districts: buildings::districts(db).await?,
            places: buildings::places_by_ids(db, about.iter().map(|i| i.place_id).collect::<Vec<PlaceId>>()).await?,
            stops: tasks::standing_clocks(db, tasks.iter().map(|t| t.id).collect()).await?,
            checks: effect_checks::of_issues(db, ids.clone()).await?,
            behind: issues::behind(db, caller.house.now(), &ids).await?,
            pressed: supervisions::pressed(db, ids.iter().map(|i| i.0).chain(tasks.iter().map(|t| t.id.0)).collect()).await?,
            nominated: items::nominated(db, ids).await?,
            meetings: meetings::by_ids(db, held.collect()).await?,
            organisations: organisations.into_iter().map(|o| (o.id, o)).collect(),
            tasks,
            persons,
        })
    }

    pub fn building(&self, id: BuildingId) -> Option<&Building> {
        self.buildings.iter().find(|b| b.id == id)
    }

    /// The address of a council's building or district, and how it is called.
    pub fn council(&self, id: CouncilId) -> Option<(String, String)> {
        let council = self.councils.iter().find(|c| c.id == id)?;
        let name = council.name(self.caller.lang).to_owned();
        match council.building_id {
            Some(b) => Some((format!("/b/{}", self.building(b)?.slug), name)),
            None => Some((format!("/d/{}", self.districts.iter().find(|d| d.id == council.district_id)?.slug), name)),
        }
    }

    pub fn place(&self, id: PlaceId) -> String {
        self.places.iter().find(|p| p.id == id).map_or_else(String::new, |p| p.full(self.caller.lang))
    }

    pub fn name(&self, id: Option<OrganisationId>) -> String {
        id.and_then(|id| self.organisations.get(&id)).map_or_else(|| self.caller.lang.t("story.somebody"), |o| o.short(self.caller.lang).to_owned())
    }
}
