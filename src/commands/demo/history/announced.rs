//! What is said beforehand, on the day on which the demonstration is loaded.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc, Weekday};
use serde::Deserialize;

use super::scripted::back_from;
use super::{Deed, History};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::commands::demo::{at, data};
use crate::domain::announcements::{self, Written};
use crate::kernel::error::{Error, Result};

/// `demo/announcements.toml`.
#[derive(Deserialize)]
struct File {
    #[serde(rename = "announcement")]
    announcements: Vec<Announced>,
}

/// One of them.
#[derive(Deserialize)]
pub struct Announced {
    title: String,
    words: String,
    category: String,
    places: Vec<String>,
    /// Working days back from today.
    written: u32,
    /// The days count from the next Saturday.
    #[serde(default)]
    saturday: bool,
    from: (i64, String),
    to: (i64, String),
    #[serde(skip)]
    span: (DateTime<Utc>, DateTime<Utc>),
}

impl Announced {
    fn instant(&self, today: NaiveDate, of: &(i64, String)) -> Result<DateTime<Utc>> {
        let mut day = today + Duration::days(of.0);
        while self.saturday && day.weekday() != Weekday::Sat {
            day += Duration::days(1);
        }
        let time = of.1.split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
        let (h, m) = time.ok_or_else(|| Error::broken(format!("not a time: {}", of.1)))?;
        Ok(at(day, h, m))
    }
}

impl History {
    /// Plans them.
    pub(super) fn plan_announcements(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) -> Result<()> {
        let file: File = data::read("announcements", include_str!("../../../../demo/announcements.toml"))?;
        // On a Saturday the next one is meant: what runs today is another announcement.
        let (today, next) = (rhythm.calendar.date_of(now), rhythm.calendar.date_of(now) + Duration::days(1));
        for mut one in file.announcements {
            let day = if one.saturday { next } else { today };
            one.span = (one.instant(day, &one.from)?, one.instant(day, &one.to)?);
            let written = back_from(rhythm, now, one.written, 11, 20).min(one.span.0 - Duration::hours(20));
            self.at(written, Deed::Announce(Box::new(one)));
        }
        Ok(())
    }

    /// Writes one.
    pub(super) async fn announce(&mut self, stage: &mut Stage, t: DateTime<Utc>, one: &Announced) -> Result<()> {
        let home = &self.world.homes[0];
        let places = one.places.iter().map(|code| home.place(code).cloned()).collect::<Result<Vec<_>>>()?;
        let act = stage.act(t, self.world.worker(&home.manager, 0)?).await?;
        let (starts_at, ends_at) = one.span;
        let written = Written { title: &one.title, words: &one.words, category: Some(&one.category), places: &places, starts_at, ends_at };
        announcements::write(act, &home.building, &written).await.map(drop)
    }
}
