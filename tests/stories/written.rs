//! Written procedure: the seats vote within some days, and the stored instant closes it, not a job.

use chrono::{DateTime, Duration, Utc};
use louyi::domain::councils::{self, Council};
use louyi::domain::meetings::items::{self, Competence, ItemState, NewItem, Source};
use louyi::domain::meetings::{self, Meeting, MeetingKind, MeetingState, NewMeeting, written};
use louyi::domain::motions::{self, By, MotionState, Outcome};
use louyi::domain::votes::Choice;
use louyi::kernel::error::Result;
use louyi::kernel::ids::{ItemId, MotionId};

use crate::support::{Town, on_both, refusal, verbs};

struct Written<'t> {
    town: &'t Town,
    council: Council,
    meeting: Meeting,
    item: ItemId,
    motion: MotionId,
}

async fn draft(town: &Town, council: &Council, starts_at: DateTime<Utc>, votes_until: Option<DateTime<Utc>>) -> Result<Meeting> {
    let id = council.id;
    town.secretary
        .does(async |act| {
            let council = councils::by_id(act.tx(), id).await?;
            meetings::draft(act, &council, NewMeeting { kind: MeetingKind::Written, starts_at, place: "书面表决", online: None, votes_until }).await
        })
        .await
}

impl<'t> Written<'t> {
    /// One item with one motion, called; votes are taken from two days on for five days.
    async fn called(town: &'t Town) -> Written<'t> {
        let chamber = town.a_council_of(5, councils::Basis::All).await;
        let council = chamber.council.clone();
        let starts_at = town.house.now() + Duration::days(2);
        let meeting = draft(town, &council, starts_at, Some(starts_at + Duration::days(5))).await.unwrap();
        let id = council.id;
        let item = town
            .secretary
            .at_meeting(meeting.id, async |act, m| {
                let council = councils::by_id(act.tx(), id).await?;
                let new =
                    NewItem { source: Source::Member, competence: Competence::Council, title: "换门禁卡", question: "换不换？", papers: "" };
                m.list(act, items::raise(act, &council, new).await?).await
            })
            .await
            .unwrap();
        assert_eq!(refusal(town.secretary.calls(meeting.id).await), "written_motions", "nobody can put a motion later");
        let motion = town.secretary.puts(item.id, verbs::motion()).await.unwrap().id;
        let meeting = town.secretary.calls(meeting.id).await.unwrap();
        Written { town, council, meeting, item: item.id, motion }
    }

    async fn votes(&self, seat: usize, choice: Choice) -> Result<()> {
        let seats = self.council.seats(self.town.house.read()).await.unwrap();
        let (seat, who) = (&seats[seat], &self.town.members[seat]);
        who.does(async |act| motions::by_id(act.tx(), self.motion).await?.cast(act, seat, who.id, choice, By::Own).await).await
    }

    async fn motion(&self) -> motions::Motion {
        motions::by_id(self.town.house.read(), self.motion).await.unwrap()
    }

    async fn state(&self) -> MeetingState {
        meetings::by_id(self.town.house.read(), self.meeting.id).await.unwrap().state
    }
}

on_both! {
    async fn the_seats_vote_within_the_days_and_the_result_is_written_down(town: Town) {
        let w = Written::called(&town).await;
        assert_eq!(w.motion().await.state, MotionState::Open);
        assert_eq!(refusal(w.votes(0, Choice::Yes).await), "vote_closed", "it has not begun");
        assert_eq!(refusal(town.convenor.opens(w.meeting.id).await), "written_only");
        town.lets_pass(Duration::days(2));
        for (seat, choice) in [(0, Choice::Yes), (1, Choice::Yes), (2, Choice::No)] {
            w.votes(seat, choice).await.unwrap();
        }
        assert_eq!(refusal(w.votes(0, Choice::No).await), "vote_cast", "a vote is not changed");
        assert_eq!(written::settle_due(&town.house).await.unwrap(), 0);
        let early = town.secretary.at_meeting(w.meeting.id, async |act, m| m.settle(act).await).await;
        assert_eq!(refusal(early), "written_runs");
        town.lets_pass(Duration::days(4) + Duration::hours(1));
        // The last day: whoever has not voted is reminded, once.
        for _ in 0..2 {
            written::remind_due(&town.house).await.unwrap();
        }
        let owed = town.rows_of("outbox").await.matches("meeting_written_ends").count();
        assert_eq!(owed, 2, "two seats have not voted");
        w.votes(3, Choice::Yes).await.unwrap();
        town.lets_pass(Duration::hours(23) - Duration::seconds(1));
        assert!(w.state().await == MeetingState::Called);
        town.lets_pass(Duration::seconds(1));
        assert_eq!(refusal(w.votes(4, Choice::No).await), "vote_closed", "the stored instant closes it, nothing has run yet");
        assert_eq!(written::settle_due(&town.house).await.unwrap(), 1);
        assert_eq!(written::settle_due(&town.house).await.unwrap(), 0, "once");
        let motion = w.motion().await;
        assert_eq!((motion.outcome, motion.present, motion.yes, motion.no), (Some(Outcome::Passed), Some(4), Some(3), Some(1)));
        assert_eq!((w.state().await, items::by_id(town.house.read(), w.item).await.unwrap().state), (MeetingState::Closed, ItemState::Decided));
    }

    async fn too_few_votes_are_no_decision_and_the_item_waits_again(town: Town) {
        let w = Written::called(&town).await;
        town.lets_pass(Duration::days(2));
        w.votes(0, Choice::Yes).await.unwrap();
        w.votes(1, Choice::Yes).await.unwrap();
        town.lets_pass(Duration::days(6));
        assert_eq!(written::settle_due(&town.house).await.unwrap(), 1);
        assert_eq!(w.motion().await.outcome, Some(Outcome::NoQuorum), "two of five took part");
        assert_eq!(items::by_id(town.house.read(), w.item).await.unwrap().state, ItemState::Deferred);
        let waits = items::backlog(town.house.read(), w.council.id).await.unwrap();
        assert!(waits.iter().any(|i| i.title == "换门禁卡"), "nothing is lost");
    }

    async fn when_everybody_has_voted_nobody_need_wait(town: Town) {
        let w = Written::called(&town).await;
        town.lets_pass(Duration::days(2));
        for seat in 0..5 {
            w.votes(seat, Choice::Yes).await.unwrap();
        }
        town.secretary.at_meeting(w.meeting.id, async |act, m| m.settle(act).await).await.unwrap();
        assert_eq!((w.motion().await.outcome, w.state().await), (Some(Outcome::Passed), MeetingState::Closed));
    }

    async fn a_written_procedure_has_its_days(town: Town) {
        let chamber = town.a_council_of(5, councils::Basis::All).await;
        let starts = town.house.now() + Duration::days(2);
        for (days, name) in [(None, "empty"), (Some(4), "written_short"), (Some(61), "written_long")] {
            let until = days.map(|d| starts + Duration::days(d));
            assert_eq!(refusal(draft(&town, &chamber.council, starts, until).await), name, "{days:?}");
        }
    }
}
