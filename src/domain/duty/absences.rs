//! Absences: somebody is away from one day to another, and who stands in. What they hold stays in their hands, is shown,
//! and is given to the stand-in by somebody, in one act; nothing comes back by itself.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, QueryOrder as _};

use super::{ask_theirs, day, next_number, own};
use crate::domain::buildings::{self, Building};
use crate::domain::issues::{self, Issue};
use crate::domain::journal::Entry;
use crate::domain::tasks::{self, Task};
use crate::kernel::act::Act;
use crate::kernel::dates;
use crate::kernel::db::sql;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{AbsenceId, BuildingId, IssueId, OrganisationId, PersonId, TaskId};
use crate::kernel::journal::On;

/// The longest.
const LONGEST: i64 = 366;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AbsenceId,
    pub building_id: BuildingId,
    pub organisation_id: OrganisationId,
    pub number: i32,
    pub person_id: PersonId,
    pub stand_in_id: Option<PersonId>,
    /// The first day away.
    pub from_day: String,
    /// The last day away.
    pub to_day: String,
    pub made_at: DateTimeUtc,
    pub made_by: Option<PersonId>,
    /// Taken back, or back earlier.
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Absence;

/// Who is away, as it is asked for.
pub struct NewAbsence<'a> {
    pub person: PersonId,
    pub stand_in: Option<PersonId>,
    /// Days as typed, both included.
    pub from: &'a str,
    pub to: &'a str,
}

/// What somebody has in hand for an organisation in a building.
#[derive(Clone, Debug, Default)]
pub struct Held {
    pub issues: Vec<Issue>,
    pub tasks: Vec<(Task, Issue)>,
}

impl Held {
    /// How much.
    pub fn len(&self) -> usize {
        self.issues.len() + self.tasks.len()
    }
    /// Nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Those that last on a day or begin later, the first one first.
pub(super) async fn since(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, day: NaiveDate) -> Result<Vec<Absence>> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::OrganisationId.eq(organisation));
    let all = all.filter(Column::EndedAt.is_null()).filter(Column::ToDay.gte(day.to_string()));
    Ok(all.order_by_asc(Column::FromDay).order_by_asc(Column::Number).all(db).await?)
}

/// Who of an organisation is away on a day.
pub async fn absent(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, day: NaiveDate) -> Result<Vec<Absence>> {
    Ok(since(db, building, organisation, day).await?.into_iter().filter(|a| a.covers(day)).collect())
}

/// One of an organisation's by its number.
pub async fn absence_by_number(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, number: i32) -> Result<Absence> {
    let all = Entity::find().filter(Column::BuildingId.eq(building)).filter(Column::OrganisationId.eq(organisation));
    all.filter(Column::Number.eq(number)).filter(Column::EndedAt.is_null()).one(db).await?.ok_or(Error::NotFound)
}

/// Notes that somebody is away.
pub async fn note_absence(act: &Act, building: &Building, new: NewAbsence<'_>) -> Result<Absence> {
    let organisation = own(act)?;
    buildings::hold(act, building.id).await?;
    ask_theirs(act, building, organisation, "person", new.person).await?;
    if let Some(stand_in) = new.stand_in {
        if stand_in == new.person {
            return Err(Refusal::new("absence_self").at("stand_in").into());
        }
        ask_theirs(act, building, organisation, "stand_in", stand_in).await?;
    }
    let (from, to) = (day("from_day", new.from)?, day("to_day", new.to)?);
    let today = act.calendar().date_of(act.at);
    if to < from {
        return Err(Refusal::new("absence_backwards").at("to_day").into());
    }
    if to < today {
        return Err(Refusal::new("date_past").at("to_day").into());
    }
    if (to - from).num_days() > LONGEST {
        return Err(Refusal::new("absence_long").with("max", LONGEST).at("to_day").into());
    }
    let others = since(act.tx(), building.id, organisation, from).await?;
    if others.iter().any(|a| a.person_id == new.person && a.from_day <= to.to_string()) {
        return Err(Refusal::new("absence_twice").at("from_day").into());
    }
    let row = ActiveModel {
        id: Set(AbsenceId(act.fresh())),
        building_id: Set(building.id),
        organisation_id: Set(organisation),
        number: Set(next_number(act, "absences", building.id, organisation).await?),
        person_id: Set(new.person),
        stand_in_id: Set(new.stand_in),
        from_day: Set(from.to_string()),
        to_day: Set(to.to_string()),
        made_at: Set(act.at),
        made_by: Set(act.actor.person()),
        ended_at: Set(None),
    };
    let absence = row.insert(act.tx()).await?;
    let entry = Entry::AbsenceNoted { person: new.person, stand_in: new.stand_in, from: absence.from_day.clone(), to: absence.to_day.clone() };
    act.journal(absence.on_self(), &entry).await?;
    Ok(absence)
}

/// What a person has in hand for an organisation in a building.
pub async fn held(db: &impl ConnectionTrait, building: BuildingId, organisation: OrganisationId, person: PersonId) -> Result<Held> {
    let text = "select i.id from issues i where i.person_id = ? and i.building_id = ? and i.holder_id = ? \
                and i.state in ('received','accepted','in_work','on_agenda','decided','done','long_term') order by i.number";
    let mut ids = vec![];
    for row in db.query_all_raw(sql(db, text, [person.0.into(), building.0.into(), organisation.0.into()])).await? {
        ids.push(IssueId(row.try_get_by_index(0)?));
    }
    let text = "select t.id, t.issue_id from tasks t join issues i on i.id = t.issue_id where t.person_id = ? and i.building_id = ? \
                and t.organisation_id = ? and t.state in ('dispatched','acknowledged','in_work') order by i.number, t.number";
    let mut pairs = vec![];
    for row in db.query_all_raw(sql(db, text, [person.0.into(), building.0.into(), organisation.0.into()])).await? {
        pairs.push((TaskId(row.try_get_by_index(0)?), IssueId(row.try_get_by_index(1)?)));
    }
    let mut own = issues::by_ids(db, ids).await?;
    own.sort_by_key(|i| i.number);
    let about = issues::by_ids(db, pairs.iter().map(|(_, i)| *i).collect()).await?;
    let all = if pairs.is_empty() { vec![] } else { tasks::by_ids(db, pairs.iter().map(|(t, _)| *t)).await? };
    let find = |(t, i): &(TaskId, IssueId)| Some((all.iter().find(|x| x.id == *t)?.clone(), about.iter().find(|x| x.id == *i)?.clone()));
    Ok(Held { issues: own, tasks: pairs.iter().filter_map(find).collect() })
}

impl Model {
    pub(super) fn on_self(&self) -> On {
        On::new("absence", self.id).in_building(self.building_id)
    }

    /// Whether they are away on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        let day = day.to_string();
        self.ended_at.is_none() && self.from_day <= day && day <= self.to_day
    }

    fn ask_own(&self, act: &Act) -> Result<(), Refusal> {
        if own(act)? == self.organisation_id { Ok(()) } else { Err(Refusal::new("only_own_duty")) }
    }

    /// They are back, or do not go. Nothing that somebody else was given comes back by it.
    pub async fn end(self, act: &Act) -> Result<()> {
        self.ask_own(act)?;
        let on = self.on_self();
        let mut row: ActiveModel = self.into();
        row.ended_at = Set(Some(act.at));
        row.update(act.tx()).await?;
        act.journal(on, &Entry::AbsenceEnded).await?;
        Ok(())
    }

    /// Gives all that the absent person holds to who stands in; gives how much it was.
    pub async fn hand_over(self, act: &Act) -> Result<usize> {
        self.ask_own(act)?;
        let to = self.stand_in_id.ok_or_else(|| Refusal::new("absence_no_stand_in"))?;
        let today = act.calendar().date_of(act.at);
        if absent(act.tx(), self.building_id, self.organisation_id, today).await?.iter().any(|a| a.person_id == to) {
            return Err(Refusal::new("absence_both").into());
        }
        let held = held(act.tx(), self.building_id, self.organisation_id, self.person_id).await?;
        for issue in &held.issues {
            issues::hold_by_id(act, issue.id).await?.assign(act, Some(to)).await?;
        }
        for (task, issue) in &held.tasks {
            let issue = issues::hold_by_id(act, issue.id).await?;
            tasks::by_id(act.tx(), task.id).await?.assign(act, &issue, Some(to)).await?;
        }
        act.journal(self.on_self(), &Entry::HandedOver { from: self.person_id, to, n: held.len() as u32 }).await?;
        Ok(held.len())
    }
}

/// Whether a day lies in what a row says, for lists.
impl Absence {
    /// The first and the last day.
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        dates::parse(&self.from_day).zip(dates::parse(&self.to_day))
    }
}
