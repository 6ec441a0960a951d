//! A task that stayed late for three working days: reported to the street, once; taken up by an officer; answered and done.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use super::scripted::{Scripted, back_from};
use super::{Deed, History, SEED};
use crate::commands::demo::data;
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::domain::{issues, supervisions};
use crate::kernel::error::{Error, Result};

/// `demo/supervised.toml`.
#[derive(Deserialize)]
struct File {
    supervision: Taken,
    matter: Scripted,
}

/// How it was taken up: working days back from today.
#[derive(Deserialize)]
struct Taken {
    raised: u32,
    noted: u32,
    /// The department, by its slug.
    by: String,
    words: String,
    /// The day that it names.
    day: u32,
    over: u32,
}

/// What comes of something late.
pub enum Late {
    /// Louyi reports it.
    Raised,
    Noted {
        m: usize,
        by: String,
        words: String,
        day: String,
    },
    /// Louyi finds that it is late no more.
    Over,
}

impl History {
    /// Plans it, with chances of its own: everything else stays as it would be without it.
    pub(super) fn plan_supervision(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) -> Result<()> {
        let File { supervision, matter } = data::read("supervised", include_str!("../../../../demo/supervised.toml"))?;
        let mut own = Rhythm::new(rhythm.calendar.clone(), SEED + 1);
        let key = matter.key.clone();
        let (matter, script) = matter.plan(&self.world, &mut own, now, &|_| None)?;
        let m = self.add(matter, script);
        self.keys.insert(key, m);
        let Taken { raised, noted, by, words, day, over } = supervision;
        let day = rhythm.calendar.date_of(back_from(rhythm, now, day, 12, 0)).to_string();
        self.at(back_from(rhythm, now, raised, 9, 5), Deed::Late(Late::Raised));
        self.at(back_from(rhythm, now, noted, 11, 20), Deed::Late(Late::Noted { m, by, words, day }));
        self.at(back_from(rhythm, now, over, 15, 30) + Duration::minutes(1), Deed::Late(Late::Over));
        Ok(())
    }

    pub(super) async fn late(&self, stage: &mut Stage, t: DateTime<Utc>, what: Late) -> Result<()> {
        match what {
            Late::Raised => supervisions::raise_due(stage.alone(t).await?).await.map(drop),
            Late::Over => supervisions::settle_due(stage.alone(t).await?).await.map(drop),
            Late::Noted { m, by, words, day } => {
                let officer = self.world.worker(self.world.organisation(&by)?, 0)?;
                let id = self.matters.get(m).and_then(|m| m.issue).ok_or_else(|| Error::broken("supervised before it was reported"))?;
                let act = stage.act(t, officer).await?;
                let issue = issues::hold_by_id(act, id).await?;
                supervisions::note(act, &issue, &words, &day).await
            }
        }
    }
}
