//! Typed ids. Every row has a UUIDv7 that is never shown; people see issue numbers, slugs and codes.

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
    CouncilId, SeatId, RulesId, MeetingId, ItemId, AttendanceId, RecusalId, MotionId, VoteId, ResolutionId,
    UndertakingId, MeasurementId, CheckId, EditionId, StoryId, OutboxId, KeptMailId,
}

/// A new time-ordered id whose time part is the given instant, so that generated history sorts like lived history.
pub fn fresh(at: chrono::DateTime<chrono::Utc>) -> uuid::Uuid {
    let seconds = at.timestamp().max(0) as u64;
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, at.timestamp_subsec_nanos()))
}
