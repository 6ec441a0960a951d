//! What is going on today around a few tasks: steps, parts, a visit, more time asked; and two matters that hang together.

use chrono::{DateTime, Duration, Utc};

use super::History;
use crate::commands::demo::stage::Stage;
use crate::domain::issues;
use crate::domain::links::{self, How};
use crate::domain::tasks::{self, ExtensionReason, NewVisit, Task};
use crate::kernel::error::{Error, Result};

/// The steps of the first task; the first of them is done.
const STEPS: [&str; 4] = ["到现场看一遍，拍下来", "断电，挂牌", "换件", "试运行一刻钟"];

impl History {
    /// In the first building, on the day on which it is loaded.
    pub(super) async fn handle(&self, stage: &mut Stage, now: DateTime<Utc>) -> Result<()> {
        stage.commit().await?;
        let house = stage.house().clone();
        let home = &self.world.homes[0];
        let doers = self.world.organisations.values().filter(|o| o.takes_over()).map(|o| o.id).collect();
        let mut mine = vec![];
        for task in tasks::open_of(house.read(), doers).await? {
            let issue = issues::by_id(house.read(), task.issue_id).await?;
            if issue.building_id == home.building.id && task.due_at > now {
                mine.push((task, issue));
            }
        }
        // Lifts first: their tasks are the ones that anybody can picture.
        mine.sort_by_key(|(t, i)| (!i.category.starts_with("lift."), t.resolution_id.is_some(), i.number));
        if let Some((task, _)) = mine.first() {
            self.detailed(stage, now - Duration::minutes(50), task).await?;
        }
        if let Some((task, issue)) = mine.iter().skip(1).find(|(t, _)| t.due_days.is_some_and(|d| d > 1) && t.resolution_id.is_none()) {
            let doer = self.world.worker(self.world.organisation_of(task.organisation_id)?, 0)?;
            let act = stage.act(now - Duration::minutes(35), doer).await?;
            let task = tasks::by_id(act.tx(), task.id).await?;
            match task.ask_extension(act, issue, ExtensionReason::Part, 1, "件在路上，货运单号发在群里，后天一早装。").await {
                // It may have been given more time before.
                Ok(_) | Err(Error::Refused(_)) => {}
                Err(e) => return Err(e),
            }
        }
        if let [(_, a), (_, b), ..] = mine.as_slice()
            && a.id != b.id
        {
            let act = stage.act(now - Duration::minutes(30), self.world.secretary(0)?).await?;
            links::join(act, a, How::Related, b).await?;
        }
        Ok(())
    }

    async fn detailed(&self, stage: &mut Stage, t: DateTime<Utc>, task: &Task) -> Result<()> {
        let doer = self.world.worker(self.world.organisation_of(task.organisation_id)?, 0)?;
        let tenant = self.world.homes[0].tenants.first().cloned();
        let act = stage.act(t, doer).await?;
        let issue = issues::hold_by_id(act, task.issue_id).await?;
        for words in STEPS {
            task.add_step(act, &issue, words).await?;
        }
        task.tick_step(act, &issue, 1, true).await?;
        task.need_part(act, &issue, "导靴", 2, "1280").await?;
        let task = task.clone().note_safety(act, &issue, "井道里作业，先断电挂牌，两个人一起。").await?;
        if let Some(tenant) = tenant {
            let from = act.calendar().end_of(act.calendar().date_of(t)) + Duration::hours(10);
            let new =
                NewVisit { to: &tenant, from, until: from + Duration::hours(2), words: "要进机房旁边的门，开一次吊顶，半小时。" };
            task.ask_visit(act, &issue, new).await?;
        }
        Ok(())
    }
}
