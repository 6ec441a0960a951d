//! What a tower's manager kept before it had Louyi: a spreadsheet, brought over two working days ago in four steps as by the pages.
//! Two of its rows are faulty; they were left out, and can be downloaded, corrected and brought again.

use chrono::{DateTime, Utc};

use super::scripted::back_from;
use super::{Deed, History};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::domain::imports::{self, ImportState, Writing};
use crate::kernel::error::{Error, Result};

/// The last tower to join.
const TOWER: &str = "yanhu";
const FORMER: &[u8] = include_bytes!("../../../../demo/former.csv");

impl History {
    pub(super) fn plan_import(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) {
        self.at(back_from(rhythm, now, 2, 10, 40), Deed::Import);
    }

    pub(super) async fn import(&self, stage: &mut Stage, t: DateTime<Utc>) -> Result<()> {
        let home = &self.world.homes[self.world.home(TOWER)?];
        let (building, actor) = (&home.building, self.world.worker(&home.manager, 0)?);
        let house = stage.alone(t).await?;
        let (sheet, packed) = imports::read(FORMER.to_vec()).await?;
        let act = house.act(actor.clone()).await?;
        let import = imports::upload(&act, building, &sheet, packed).await?;
        act.commit().await?;
        let (mapping, _) = import.mapping(house.read(), &sheet.head).await?;
        let checked = import.look(house.read(), house, sheet, mapping.clone()).await?;
        let act = house.act(actor).await?;
        let import = import.checked(&act, building, &mapping, &checked).await?.start(&act, building, true).await?;
        act.commit().await?;
        let mut writing = Writing::default();
        while imports::step(house, &mut writing).await? {}
        match imports::by_id(house.read(), import.id).await?.state {
            ImportState::Done => Ok(()),
            other => Err(Error::broken(format!("the former matters of {TOWER} are {other}"))),
        }
    }
}
