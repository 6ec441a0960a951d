//! Meetings held on paper: entered afterwards with their real times, by the same verbs as a session; and the scans of the sheets.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;

use super::{ActiveModel as MeetingModel, Meeting, MeetingKind, MeetingState, NewMeeting};
use crate::domain::councils::Council;
use crate::domain::journal::Entry;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::files;
use crate::kernel::ids::{MeetingId, PersonId, ScanId};
use crate::kernel::text;

vocabulary! {
    /// What a scan is.
    Media { Pdf = "application/pdf", Jpeg = "image/jpeg", Png = "image/png" }
}

impl Media {
    /// Told by its first bytes, whatever its name says.
    pub fn of(bytes: &[u8]) -> Option<Media> {
        if bytes.starts_with(b"%PDF-") {
            Some(Media::Pdf)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Media::Jpeg)
        } else if bytes.starts_with(&[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]) {
            Some(Media::Png)
        } else {
            None
        }
    }

    /// How its file's name ends.
    pub fn ending(self) -> &'static str {
        match self {
            Media::Pdf => "pdf",
            Media::Jpeg => "jpg",
            Media::Png => "png",
        }
    }
}

/// Most scans of one meeting.
pub const SCANS_MAX: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScanId,
    pub meeting_id: MeetingId,
    pub number: i32,
    /// SHA-256 of its bytes, which are kept as they came.
    pub hash: String,
    pub media: Media,
    pub title: String,
    pub bytes: i32,
    /// Everybody may read it; else members and the secretariat.
    pub public: bool,
    pub by_id: PersonId,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use Model as Scan;

/// The scans of a meeting, in order.
pub async fn scans(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<Scan>> {
    Ok(Entity::find().filter(Column::MeetingId.eq(meeting)).order_by_asc(Column::Number).all(db).await?)
}

/// Whether a kept file is a scan.
pub(in crate::domain) async fn holds(db: &impl ConnectionTrait, hash: &str) -> Result<bool> {
    Ok(Entity::find().filter(Column::Hash.eq(hash)).one(db).await?.is_some())
}

/// When and where a meeting was held.
pub struct Held<'a> {
    pub kind: MeetingKind,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub place: &'a str,
}

/// Enters a meeting that was held on paper. Its items are listed, and then it is opened like any other: presence, votes and ends are
/// recorded by hand.
pub async fn enter(act: &Act, council: &Council, held: Held<'_>) -> Result<Meeting> {
    let by = act.actor.person().ok_or_else(|| Error::broken("entered by nobody"))?;
    if held.kind == MeetingKind::Written {
        return Err(Refusal::new("unknown_choice").at("kind").into());
    }
    if held.until > act.at {
        return Err(Refusal::new("paper_ahead").at("until").into());
    }
    if held.from >= held.until {
        return Err(Refusal::new("paper_turned").at("until").into());
    }
    let new = NewMeeting { kind: held.kind, starts_at: held.from, place: held.place, online: None, votes_until: None };
    let meeting = super::drafted(act, council, new).await?;
    let set = MeetingModel { paper_by: Set(Some(by)), paper_at: Set(Some(act.at)), paper_until: Set(Some(held.until)), ..Default::default() };
    let meeting = meeting.change(act, set).await?;
    let entered = Entry::MeetingEntered { number: meeting.number, by, from: held.from, until: held.until };
    act.journal(council.on("meeting", meeting.id), &entered).await?;
    Ok(meeting)
}

impl Meeting {
    /// Whether it was held on paper and entered afterwards.
    pub fn on_paper(&self) -> bool {
        self.paper_at.is_some()
    }

    /// Whether everybody may know of it: it was called, or was held on paper and is being entered.
    pub fn is_known(&self) -> bool {
        self.called_at.is_some() || (self.on_paper() && matches!(self.state, MeetingState::Open | MeetingState::Closed))
    }

    /// Keeps a scan of a sheet of this meeting: for members and the secretariat, until it is made public.
    pub async fn attach_scan(&self, act: &Act, title: &str, bytes: Vec<u8>) -> Result<Scan> {
        let by = act.actor.person().ok_or_else(|| Error::broken("entered by nobody"))?;
        let media = Media::of(&bytes).ok_or_else(|| Refusal::new("scan_kind").at("scan"))?;
        let title = text::words("title", title, 2, 80)?;
        let there = scans(act.tx(), self.id).await?;
        if there.len() >= SCANS_MAX {
            return Err(Refusal::new("scans_many").with("most", SCANS_MAX).at("scan").into());
        }
        let size = bytes.len() as i32;
        let hash = files::keep(act, bytes).await?;
        let row = ActiveModel {
            id: Set(ScanId(act.fresh())),
            meeting_id: Set(self.id),
            number: Set(there.len() as i32 + 1),
            hash: Set(hash.clone()),
            media: Set(media),
            title: Set(title),
            bytes: Set(size),
            public: Set(false),
            by_id: Set(by),
            at: Set(act.at),
        };
        let scan = row.insert(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::ScanAttached { number: self.number, scan: scan.number, hash }).await?;
        Ok(scan)
    }

    /// Lets everybody read a scan, or members alone.
    pub async fn show_scan(&self, act: &Act, number: i32, public: bool) -> Result<()> {
        let scan = scans(act.tx(), self.id).await?.into_iter().find(|s| s.number == number).ok_or(Error::NotFound)?;
        if scan.public == public {
            return Ok(());
        }
        Entity::update(ActiveModel { id: Set(scan.id), public: Set(public), ..Default::default() }).exec(act.tx()).await?;
        act.journal(self.on_self(act).await?, &Entry::ScanShown { number: self.number, scan: number, public }).await?;
        Ok(())
    }
}
