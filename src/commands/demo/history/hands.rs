//! In whose hands what is open is today, and a list of the desk under a name.

use chrono::{DateTime, Utc};

use super::History;
use crate::commands::demo::stage::Stage;
use crate::domain::desk::{Desk, Narrow, View, What};
use crate::domain::persons;
use crate::domain::saved_views;
use crate::kernel::error::Result;

/// Of the open matters that nobody has in hand yet so many are left like that.
const LEFT: usize = 3;

impl History {
    /// Puts what property staff hold into one another's hands, as they do in the morning.
    pub(super) async fn put_into_hands(&self, stage: &mut Stage, now: DateTime<Utc>) -> Result<()> {
        for home in &self.world.homes {
            stage.commit().await?;
            let house = stage.house().clone();
            let (first, second) = (self.world.worker(&home.manager, 0)?, self.world.worker(&home.manager, 1)?);
            let Some((me, colleague)) = first.person().zip(second.person()) else { continue };
            let memberships = persons::memberships(house.read(), me).await?;
            let desk = Desk::of(&house, me, &memberships, Some(&home.building.slug), Narrow::default()).await?;
            let lines = desk.lines(View::All, 60).await?;
            let open = lines.into_iter().filter_map(|l| if let What::Matter(i) = l.what { Some(*i) } else { None });
            let act = stage.act(now, first).await?;
            for (i, issue) in open.enumerate().filter(|(i, _)| i % LEFT != LEFT - 1) {
                issue.assign(act, Some(if i % LEFT == 0 { me } else { colleague })).await?;
            }
            saved_views::keep(act, "还没人经办", "view=all&hands=nobody", Some(home.manager.id), false).await?;
        }
        Ok(())
    }
}
