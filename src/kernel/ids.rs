//! Typed ids. Every row has a UUIDv7 that is never shown; people see issue numbers, slugs and codes.

use std::sync::atomic::{AtomicU16, Ordering};

/// Declares an id type over [`uuid::Uuid`] for one table, so that an issue's id cannot stand where a report's is due.
#[macro_export]
macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sea_orm::DeriveValueType, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);
        impl $name {
            /// Wraps an id made by [`$crate::kernel::ids::fresh`].
            pub fn from_uuid(id: uuid::Uuid) -> Self { Self(id) }
        }
        // SeaORM asks this of every primary key; a UUID is never made from a number.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
        impl From<$name> for uuid::Uuid { fn from(id: $name) -> Self { id.0 } }
    )+};
}

typed_id! {
    DistrictId, BuildingId, PlaceId, PosterId, OrganisationId, PersonId, MembershipId, SessionId, SignInLinkId,
    IssueId, ReportId, TaskId, ClockStopId, MessageId, AttachmentId,
    CouncilId, SeatId, RulesId, MeetingId, ItemId, AttendanceId, RecusalId, SpeakerId, SessionNoteId, OptionId, PositionId, ClockInsId, RemarkId, MotionId, VoteId, ResolutionId,
    UndertakingId, MeetingDateId, DateAnswerId, ApologyId, MinutesSignatureId, MinutesRemarkId, ScanId, MeasurementId, CheckId, EditionId, StoryId, OutboxId, KeptMailId,
    SubscriptionId, SlipBatchId, IncomingId, DeviceKeyId, HidingId, AnnouncementId, BatchId, SavedViewId,
    MessageVersionId, MentionId, CannedAnswerId, CallBackId,
    ExtensionId, SupervisionId, TimesId, ShiftId, AbsenceId, DutyRuleId, MaintenancePlanId, MaintenanceRoundId, ImportId, ChannelId, DepartureId,
    TenancyId,
    MotionTaskId, StatementId, ObjectionId, ProgressId, HandOverId,
    OwnerHolderId, OwnerUnitId, OwnersVoteId,
}

/// A new time-ordered id whose time part is the given instant, so that generated history sorts like lived history; what
/// one process makes at the same instant sorts in the order of making.
pub fn fresh(at: chrono::DateTime<chrono::Utc>) -> uuid::Uuid {
    static MADE: AtomicU16 = AtomicU16::new(0);
    let millis = at.timestamp_millis().max(0) as u64;
    let micros = (at.timestamp_subsec_micros() % 1_000) as u16;
    let mut rest: [u8; 10] = rand::random();
    // Twelve bits of microseconds, a two-bit mark of UUIDs, then the count (RFC 9562 §6.2, methods 3 and 1).
    rest[..2].copy_from_slice(&micros.to_be_bytes());
    let count = MADE.fetch_add(1, Ordering::Relaxed);
    rest[2] = (count >> 10) as u8;
    rest[3] = (count >> 2) as u8;
    rest[4] = (count << 6) as u8 | rest[4] & 0x3f;
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}
