//! What goes to which channel: owed in the transaction of the act itself, so that neither can be without the other.

use sea_orm::ConnectionTrait as _;
use serde::Serialize;

use super::Topic;
use crate::domain::organisations::OrganisationKind;
use crate::kernel::act::Act;
use crate::kernel::db::sql;
use crate::kernel::error::Result;
use crate::kernel::ids::{BuildingId, ChannelId, OrganisationId};
use crate::kernel::outbox::Address;

/// Everything that a channel may be told; each has its words in `locales/*/channels.toml`. What lets one person in (`invited`,
/// `appointed`, `sign_in`) is theirs alone and never among it.
pub const KINDS: &[&str] = &[
    "issue_received",
    "transfer_offered",
    "task_dispatched",
    "task_sent_back",
    "visit_asked",
    "visit_answered",
    "task_last_day",
    "task_late",
    "answer_last_day",
    "answer_late",
    "result_last_day",
    "result_late",
    "supervised",
    "supervised_told",
    "supervision_noted",
    "announced",
    "announcement_corrected",
    "announcement_ended",
    "meeting_called",
    "meeting_soon",
    "meeting_cancelled",
    "meeting_moved",
];

/// To which topic something belongs; none where no channel is told.
pub fn topic_of(kind: &str) -> Option<Topic> {
    Some(match kind {
        "issue_received" | "transfer_offered" => Topic::NewIssue,
        "task_dispatched" | "task_sent_back" | "visit_asked" | "visit_answered" => Topic::Task,
        "task_last_day" | "task_late" | "answer_last_day" | "answer_late" | "result_last_day" | "result_late" => Topic::Late,
        "supervised" | "supervised_told" | "supervision_noted" => Topic::Supervision,
        "announced" | "announcement_corrected" | "announcement_ended" => Topic::Announcement,
        "meeting_called" | "meeting_soon" | "meeting_cancelled" | "meeting_moved" => Topic::Meeting,
        _ => return None,
    })
}

/// Whose channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) enum To {
    /// Those of an organisation.
    Organisation(OrganisationId),
    /// Those of the building's council.
    Council,
    /// Those of organisations of a kind.
    Kind(OrganisationKind),
    /// All of the building.
    Everybody,
}

/// Owes a message to the channels of a building that are meant and have chosen its topic. `once` names an occasion that is
/// told only once, whoever asks. A channel that somebody paused is owed nothing; one that is broken is.
pub(in crate::domain) async fn tell(
    act: &Act,
    kind: &'static str,
    building: BuildingId,
    to: &[To],
    data: &impl Serialize,
    once: Option<&str>,
) -> Result<()> {
    let Some(topic) = topic_of(kind) else { return Ok(()) };
    let text = "select c.id, c.organisation_id, o.kind from channels c join channel_topics t on t.channel_id = c.id \
                left join organisations o on o.id = c.organisation_id \
                where c.building_id = ? and t.topic = ? and c.state in ('active','broken') order by c.number";
    for row in act.tx().query_all_raw(sql(act.tx(), text, [building.0.into(), topic.as_str().into()])).await? {
        let id = ChannelId(row.try_get_by_index(0)?);
        let own = row.try_get_by_index::<Option<uuid::Uuid>>(1)?.map(OrganisationId);
        let of: Option<String> = row.try_get_by_index(2)?;
        let meant = to.iter().any(|to| match to {
            To::Organisation(o) => own == Some(*o),
            To::Council => own.is_none(),
            To::Kind(kind) => of.as_deref() == Some(kind.as_str()),
            To::Everybody => true,
        });
        if meant {
            let once = once.map(|occasion| format!("{occasion}/channel/{}", id.0.simple()));
            act.owe(kind, Address::Channel(id), data, once).await?;
        }
    }
    Ok(())
}
