//! Chat groups that are told by a robot: the property manager's, the council's, and one whose robot is paused.

use chrono::{DateTime, Utc};

use super::scripted::back_from;
use super::{Deed, History};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::domain::channels::{self, Channel, RobotKind, Topic, Typed};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::quiet::NIGHT;

/// A robot of nobody: nothing leaves the furnished district.
const KEY: &str = "00000000-0000-0000-0000-0000000000";

impl History {
    /// Plans them: lately, so that what they were told is still there to be read.
    pub(super) fn plan_groups(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) {
        self.at(back_from(rhythm, now, 2, 9, 40), Deed::Group);
    }

    /// Adds them.
    pub(super) async fn group(&mut self, stage: &mut Stage, t: DateTime<Utc>) -> Result<()> {
        use Topic::{Announcement, Late, Meeting, NewIssue, Supervision, Task};
        let (building, manager) = (self.world.homes[0].building.clone(), self.world.homes[0].manager.clone());
        let staff = self.world.worker(&manager, 0)?;
        let secretary = self.world.secretary(0)?;
        let all = [
            (RobotKind::Wecom, Some(manager.id), &staff, "工程部群", vec![NewIssue, Task, Late, Supervision], None, "21"),
            (RobotKind::Dingtalk, Some(manager.id), &staff, "前台值班群", vec![Announcement, NewIssue], Some(NIGHT), "34"),
            (RobotKind::Feishu, None, &secretary, "议事会联络群", vec![Late, Supervision, Announcement, Meeting], Some(NIGHT), "55"),
        ];
        for (kind, of, actor, name, topics, quiet, tail) in all {
            let act = stage.act(t, actor.clone()).await?;
            let robot = Channel::read_robot(kind, &format!("{KEY}{tail}"), "", act.house().settings())?;
            let typed = Typed { name, topics: &topics, lang: Lang::Zh, quiet };
            let made = channels::add(act, &building, of, kind, &robot, &typed).await?;
            if kind == RobotKind::Dingtalk {
                made.pause(act, 1).await?;
            }
        }
        Ok(())
    }
}
