//! What is done again and again in the first building: its lifts every fourteen days, once missed and once done late, something
//! found at the last round; and filters that wait past their day.

use chrono::{DateTime, Duration, Utc};

use super::{Deed, History};
use crate::commands::demo::at;
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::domain::buildings::{Building, Place};
use crate::domain::categories;
use crate::domain::issues::{self, Issue};
use crate::domain::maintenance::{self, Rhythm as Often, Written};
use crate::domain::organisations::Organisation;
use crate::domain::tasks::{self, Finding, Task};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Result};

/// The contractor that looks after the lifts, and where they are.
const LIFTS: &str = "hengjie";
const EAST: &str = "S1-E";
/// The first of its rounds, in days back.
const BEGAN: i64 = 66;
/// Days between them.
const EVERY: i64 = 14;

/// A step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    PlanLifts,
    PlanFilters,
    /// What is due is made, as Louyi does by itself.
    Make,
    /// The contractor has done the last round of its lifts.
    Do,
    /// It found something meanwhile.
    Find,
    /// The property manager has looked.
    See,
    /// It takes on what was found, and the secretary gives it a title.
    TakeOn,
}

impl History {
    /// Plans them, counted back from today. On the third day of the rounds nothing ran, and so it was missed.
    pub(super) fn plan_maintenance(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) {
        let today = rhythm.calendar.date_of(now);
        let mut add = |back: i64, hour, minute, care| self.at(at(today - Duration::days(back), hour, minute), Deed::Maintain(care));
        add(BEGAN + 1, 10, 0, Care::PlanLifts);
        // Done a little after the ninth hour of the same day, or four days later: that was too late.
        for (round, done) in [(0, 0), (1, 0), (3, 4), (4, 0)] {
            let day = BEGAN - round * EVERY;
            if round == 4 {
                add(day + 1, 11, 0, Care::PlanFilters);
            }
            add(day, 7, 30, Care::Make);
            add(day - done, 15, 10, Care::Do);
            add(day - done, 17, 20, Care::See);
            if round == 4 {
                add(day, 15, 40, Care::Find);
                add(day - 1, 10, 15, Care::TakeOn);
            }
        }
    }

    /// Plays a step.
    pub(super) async fn maintain(&mut self, stage: &mut Stage, t: DateTime<Utc>, what: Care) -> Result<()> {
        let home = &self.world.homes[0];
        let lifts = self.world.organisation(LIFTS)?;
        let (keeper, fitter) = (self.world.worker(&home.manager, 0)?, self.world.worker(lifts, 0)?);
        match what {
            Care::PlanLifts => {
                let act = stage.act(t, keeper).await?;
                maintenance::write(act, &home.building, &of_lifts(lifts, home.place(EAST)?, &tomorrow(act))).await.map(drop)
            }
            Care::PlanFilters => {
                let act = stage.act(t, keeper).await?;
                maintenance::write(act, &home.building, &of_filters(&home.manager, &tomorrow(act))).await.map(drop)
            }
            Care::Make => Box::pin(maintenance::make_due(stage.alone(t).await?)).await.map(drop),
            Care::Do => {
                let act = stage.act(t, fitter).await?;
                let (issue, task) = last(act, &home.building).await?;
                let task = task.begin(act, &issue).await?;
                for step in tasks::steps(act.tx(), task.id).await? {
                    task.tick_step(act, &issue, step.position, true).await?;
                }
                task.done(act, &issue, "六台都做完了：门锁、钢丝绳、限速器查过，轨道上了油，试运行一刻钟正常。", vec![]).await.map(drop)
            }
            Care::See => {
                let act = stage.act(t, keeper).await?;
                let (issue, task) = last(act, &home.building).await?;
                task.verify(act, &issue).await.map(drop)
            }
            Care::Find => {
                let act = stage.act(t, fitter).await?;
                let (issue, task) = last(act, &home.building).await?;
                let words = "东区3号梯底坑渗水，集水井的泵不转了。现在不影响运行，下大雨会漫上来。";
                let new = Finding { place: home.place(EAST)?, category: categories::named("util.water")?, words, photos: vec![] };
                task.found(act, &issue, new).await.map(drop)
            }
            Care::TakeOn => {
                let act = stage.act(t, keeper).await?;
                let found = issues::found_waiting(act.tx(), home.building.id, 1).await?.pop().ok_or_else(|| Error::broken("nothing was found"))?;
                let found = issues::hold_by_id(act, found.id).await?.accept(act, "").await?;
                let act = stage.act(t, self.world.secretary(0)?).await?;
                issues::hold_by_id(act, found.id).await?.release(act, "东区3号梯底坑渗水，泵不转", "").await.map(drop)
            }
        }
    }
}

/// The last round of the first plan: its matter and its task.
async fn last(act: &Act, building: &Building) -> Result<(Issue, Task)> {
    let plan = maintenance::by_number(act.tx(), building.id, 1).await?.plan;
    let round = maintenance::rounds_of(act.tx(), &plan, act.at, 1).await?.pop();
    let number = round.and_then(|r| r.number).ok_or_else(|| Error::broken("no round was made"))?;
    let issue = issues::hold(act, building.id, number).await?;
    let task = tasks::of_issue(act.tx(), issue.id).await?.pop().ok_or_else(|| Error::broken("a round without a task"))?;
    Ok((issue, task))
}

/// The day after this.
fn tomorrow(act: &Act) -> String {
    (act.calendar().date_of(act.at) + Duration::days(1)).to_string()
}

fn of_lifts<'a>(lifts: &'a Organisation, east: &'a Place, first_day: &'a str) -> Written<'a> {
    Written {
        title: "东区电梯半月保养",
        words: "东区六台电梯：查门锁、钢丝绳、限速器，清洁润滑，试运行。",
        steps: "轿厢和厅门挂牌\n查门锁、钢丝绳、限速器\n清洁、润滑轨道\n试运行一刻钟",
        safety: "井道里作业先断电挂牌，两个人一起，一台做完再做下一台。",
        category: "lift.fault",
        place: Some(east),
        organisation: lifts,
        person: None,
        rhythm: Often::Days,
        every: EVERY as i32,
        first_day,
        within: 1,
    }
}

fn of_filters<'a>(manager: &'a Organisation, first_day: &'a str) -> Written<'a> {
    Written {
        title: "新风机组换滤网",
        words: "各层新风机组的初效、中效滤网都换新的，旧的称重、拍下来。",
        steps: "低区\n中区\n高区",
        safety: "停机以后再开检修门，戴口罩。",
        category: "air.quality",
        place: None,
        organisation: manager,
        person: None,
        rhythm: Often::WorkingDays,
        every: 60,
        first_day,
        within: 3,
    }
}
