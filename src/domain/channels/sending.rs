//! What becomes of a channel while it is told: one process at a time, never more than its robot takes, left alone for a while
//! after a failure, paused by itself where its robot refuses again and again.

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait as _;
use sea_orm::{DatabaseBackend, FromQueryResult as _};

use super::{Channel, ChannelState, PAUSE_AFTER, STALE_DAYS};
use crate::domain::journal::Entry;
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::db::sql;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::limits::Limit;
use crate::kernel::outbox;
use crate::kernel::robots::{self, Content, Failure};

/// For how long a process may hold a channel: longer than a robot may take to answer.
const HELD: i64 = 2;
/// The first pause after a failure, in seconds; each further one is twice as long, up to the last.
const FIRST_PAUSE: i64 = 60;
const LAST_PAUSE: i64 = 3600;
/// Further ahead than a pause can lie: it was set by a clock that has been put back since.
const UNLIKELY: i64 = 25;

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Arrived,
    Failed(Failure),
}

/// Takes hold of a channel that something is due for; none where there is nothing, or another process has it.
pub async fn claim(house: &House) -> Result<Option<Channel>> {
    let now = house.now();
    if !outbox::any_due_of_channels(house.db(), now).await? {
        return Ok(None);
    }
    let w = house.db().upkeep();
    let skip = if w.get_database_backend() == DatabaseBackend::Postgres { " for update of c skip locked" } else { "" };
    let text = format!(
        "update channels set busy_until = ? where id = (select c.id from channels c where c.state = 'active' \
         and (c.ready_at <= ? or c.ready_at > ?) and (c.busy_until is null or c.busy_until < ? or c.busy_until > ?) \
         and exists (select 1 from outbox o where o.channel_id = c.id and o.sent_at is null and o.given_up_at is null \
           and (o.due_at <= ? or o.due_at > ?) and (o.claimed_until is null or o.claimed_until < ? or o.claimed_until > ?)) \
         order by c.ready_at limit 1{skip}) returning *"
    );
    let held = now + Duration::minutes(HELD);
    let (unlikely, over) = (now + Duration::hours(UNLIKELY), now + Duration::minutes(2 * HELD));
    let far = now + Duration::days(20);
    let values = [held, now, unlikely, now, over, now, far, now, over].map(sea_orm::Value::from);
    let row = w.query_one_raw(sql(w, &text, values)).await?;
    Ok(row.map(|r| Channel::from_query_result(&r, "")).transpose()?)
}

/// Until when a channel must be left alone, by what its robot takes; else notes that it is called now.
pub async fn hold(house: &House, channel: &Channel) -> Result<Option<DateTime<Utc>>> {
    let (now, limits) = (house.now(), channel.kind.maker().limits());
    if let Some(until) = channel.kind.maker().crowded_until(now) {
        return Ok(Some(until));
    }
    let mut called = channel.called(now);
    let micros = now.timestamp_micros();
    let within = |n: i64| called.iter().filter(|at| (micros - **at).abs() < n).count();
    if within(60_000_000) >= limits.per_minute {
        let first = called.iter().min().copied().unwrap_or(micros);
        return Ok(DateTime::from_timestamp_micros(first + 60_000_000).map(|t| t.max(now + Duration::seconds(1))));
    }
    if within(1_000_000) >= limits.per_second {
        return Ok(Some(now + Duration::seconds(1)));
    }
    called.push(micros);
    let w = house.db().upkeep();
    // Before the call: a process that dies in it has called all the same.
    w.execute_raw(sql(w, "update channels set recent = ? where id = ?", [serde_json::to_string(&called)?.into(), channel.id.0.into()])).await?;
    Ok(None)
}

/// Lets go of a channel, until an instant.
pub async fn parked(house: &House, channel: &Channel, until: DateTime<Utc>) -> Result<()> {
    let w = house.db().upkeep();
    w.execute_raw(sql(w, "update channels set busy_until = null, ready_at = ? where id = ?", [until.into(), channel.id.0.into()])).await?;
    Ok(())
}

/// Notes what became of a call, and lets go. Gives whether the channel is paused from now on.
pub async fn noted(house: &House, channel: &Channel, outcome: &Outcome) -> Result<bool> {
    let (now, id) = (house.now(), channel.id.0);
    let failure = match outcome {
        Outcome::Arrived => {
            let text = "update channels set busy_until = null, failures = 0, refusals = 0, last_error = null, sent_at = ?, ready_at = ? where id = ?";
            let w = house.db().upkeep();
            w.execute_raw(sql(w, text, [now.into(), now.into(), id.into()])).await?;
            return Ok(false);
        }
        // The message was wrong, not the robot.
        Outcome::Failed(Failure::Never(_)) => {
            parked(house, channel, now).await?;
            return Ok(false);
        }
        Outcome::Failed(failure) => failure,
    };
    let doubled = FIRST_PAUSE << channel.failures.clamp(0, 10);
    let asked = match failure {
        Failure::Later(_, Some(wait)) => wait.num_seconds(),
        _ => 0,
    };
    let until = now + Duration::seconds(doubled.min(LAST_PAUSE).max(asked));
    let refusals = if matches!(failure, Failure::Refused(_)) { channel.refusals + 1 } else { 0 };
    let act = house.act(Actor::System).await?;
    let text = "update channels set busy_until = null, failures = ?, refusals = ?, last_error = ?, ready_at = ? where id = ?";
    let values = [(channel.failures + 1).into(), refusals.into(), failure.words().into(), until.into(), id.into()];
    act.tx().execute_raw(sql(act.tx(), text, values)).await?;
    let paused = refusals >= PAUSE_AFTER && pause(&act, channel).await?;
    act.commit().await?;
    Ok(paused)
}

/// A channel that pauses by itself says so in the journal; whoever paused it meanwhile was first.
async fn pause(act: &Act, channel: &Channel) -> Result<bool> {
    let text = "update channels set state = ?, state_at = ?, version = version + 1 where id = ? and state = 'active'";
    let values = [ChannelState::Broken.as_str().into(), act.at.into(), channel.id.0.into()];
    if act.tx().execute_raw(sql(act.tx(), text, values)).await?.rows_affected() != 1 {
        return Ok(false);
    }
    act.journal(channel.on_self(), &Entry::ChannelPaused { channel: channel.id, by_itself: true }).await?;
    Ok(true)
}

/// So often somebody may try a channel out.
const TRIES: Limit = Limit { what: "channel-test", minutes: 10, at_most: 6 };

/// Sends a real message now and gives what the robot answered. In the furnished district it is kept like everything else.
pub async fn try_out(house: &House, channel: &Channel) -> Result<Result<(), Failure>> {
    TRIES.hit(house, channel.id.0.as_bytes()).await?;
    if hold(house, channel).await?.is_some() {
        return Err(Refusal::new("channel_busy").into());
    }
    let (lang, now) = (channel.lang(), house.now());
    let words = lang.say("channels.test_words", &[("name", &channel.name)]);
    if house.settings().demonstration {
        let subject = lang.say("channels.kept", &[("title", &lang.t("channels.test_title"))]);
        outbox::keep_words(house.db(), now, &channel.name, &subject, &words).await?;
        return Ok(Ok(()));
    }
    let out = robots::outgoing(house.settings())?;
    Ok(channel.robot(house.keys())?.send(&out, Content::Text(&words), now).await)
}

/// Gives up what no channel was told for days.
pub async fn give_up_old(house: &House) -> Result<u64> {
    outbox::give_up_old(house.db(), STALE_DAYS, "not told in time", house.now()).await
}
