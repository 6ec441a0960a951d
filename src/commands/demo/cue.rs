//! What the history is made of: one cue, one thing that one person does at one instant. How it is done is the player's:
//! the demonstration calls the domain's verbs, and whoever wants to know whether the pages lead to the same plays the
//! same cues through them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::history::Said;
use super::photos::Picture;
use crate::domain::buildings::{Building, District, Place, Poster};
use crate::domain::categories::Category;
use crate::domain::councils::{Council, Seat};
use crate::domain::editions::NewStory;
use crate::domain::effect_checks::{Feeling, NewMeasurement};
use crate::domain::meetings::dates::Availability;
use crate::domain::meetings::items::{Competence, NewItem};
use crate::domain::meetings::presence::How;
use crate::domain::messages::Voice;
use crate::domain::motions::{Method, NewMotion};
use crate::domain::organisations::Organisation;
use crate::domain::reports::Answer;
use crate::domain::tasks::StopReason;
use crate::domain::votes::Choice;
use crate::kernel::act::Actor;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Result;
use crate::kernel::ids::*;

/// Plays cues, one after another in the order of time.
#[expect(async_fn_in_trait, reason = "played by one thread from the beginning to the end")]
pub trait Player {
    /// Where what has been done so far is read.
    type Reading: ConnectionTrait;
    /// What has been done so far, for whoever plans the next cue from it.
    async fn reading(&mut self) -> Result<&Self::Reading>;
    /// The calendar in force.
    fn calendar(&self) -> Arc<Calendar>;
    /// A report is sent; gives its matter and itself.
    async fn report(&mut self, at: DateTime<Utc>, actor: Actor, sending: Sending<'_>) -> Result<(IssueId, ReportId)>;
    /// Somebody does something.
    async fn play(&mut self, at: DateTime<Utc>, actor: Actor, cue: Cue<'_>) -> Result<()>;
    /// Louyi does by itself what is due.
    async fn by_itself(&mut self, at: DateTime<Utc>, due: Due) -> Result<()>;
}

/// What Louyi does by itself.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// The reporters' time has lapsed for some matter.
    Lapse,
    /// A resolution has been displayed long enough.
    TakeEffect,
    /// A few of those that silence closed are drawn.
    Draw,
    /// Those who reported are asked whether it got better.
    Ask,
}

/// A report on its way.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    pub building: &'a Building,
    pub place: &'a Place,
    /// The poster that hangs there.
    pub poster: Option<&'a Poster>,
    pub category: &'static Category,
    /// The matter that it joins; none: it opens one.
    pub joins: Option<IssueId>,
    pub said: &'a Said,
    pub photo: Option<Picture>,
}

/// One thing that somebody does.
pub enum Cue<'a> {
    /// With the receipt of a report.
    Report(ReportId, Reporters<'a>),
    /// To a matter.
    Issue(IssueId, Desk<'a>),
    /// To a task.
    Task(TaskId, Work<'a>),
    /// For a council.
    Council(Session<'a>),
    /// For a bulletin.
    Bulletin(Paper<'a>),
}

/// What the holder of a receipt does.
pub enum Reporters<'a> {
    Withdraw,
    Reply(&'a str),
    Answer(Answer),
    Feel(Feeling),
}

/// What is done to a matter.
pub enum Desk<'a> {
    ReleaseTitle {
        title: &'a str,
        summary: &'a str,
    },
    ReleaseWords {
        report: ReportId,
        summary: Option<&'a str>,
    },
    ReleasePhoto(AttachmentId),
    Accept(&'a str),
    Decline {
        reason: &'a str,
        words: &'a str,
    },
    Offer {
        to: &'a Organisation,
        reason: &'a str,
        words: &'a str,
    },
    /// With the day by which it reports back.
    TakeOver(&'a str),
    Refuse {
        reason: &'a str,
        words: &'a str,
    },
    Shelve {
        plan: &'a str,
        review_on: &'a str,
    },
    Resume,
    MergeInto {
        other: IssueId,
        reason: &'a str,
        words: &'a str,
    },
    Reopen,
    Ask(&'a str),
    Say(Voice, &'a str),
    Nominate,
    Dispatch {
        to: &'a Organisation,
        words: &'a str,
        days: u32,
    },
    Done {
        by: &'a Organisation,
        evidence: &'a str,
    },
    Measure(NewMeasurement<'a>),
    Check {
        check: CheckId,
        after: i64,
        words: &'a str,
    },
    Confirm,
}

/// What is done to a task.
pub enum Work<'a> {
    Acknowledge,
    Begin,
    StopClock(StopReason, &'a str),
    RunClock,
    Done { evidence: &'a str, photos: &'a [Picture] },
    SendBack(&'a str),
    Verify,
}

/// What is done for a council, before, in and after its meeting.
pub enum Session<'a> {
    Draft { council: &'a Council, starts_at: DateTime<Utc>, place: &'a str },
    Raise { council: &'a Council, item: NewItem<'a> },
    Propose(IssueId),
    Prepare { item: ItemId, title: &'a str, question: &'a str, competence: Competence, papers: &'a str },
    List { meeting: MeetingId, item: ItemId },
    Call(MeetingId),
    Ask { item: ItemId, of: &'a Organisation, words: &'a str, measure: &'a str, due: DateTime<Utc> },
    Sign(UndertakingId),
    AskChanges(UndertakingId, &'a str),
    Open(MeetingId),
    Come { meeting: MeetingId, seat: &'a Seat, person: PersonId, how: How },
    Declare { item: ItemId, seat: &'a Seat },
    Put { item: ItemId, motion: Box<NewMotion<'a>> },
    TakeBack(MotionId),
    OpenVote(MotionId, Method),
    Cast { motion: MotionId, seat: &'a Seat, person: PersonId, choice: Choice },
    CloseVote(MotionId),
    Refer { item: ItemId, words: &'a str },
    Defer { item: ItemId, to: &'a str },
    Drop(ItemId),
    Close(MeetingId),
    Publish(ResolutionId),
    SaveMinutes { meeting: MeetingId, words: &'a str },
    SendMinutes(MeetingId),
    SignMinutes { meeting: MeetingId, person: PersonId },
    AdoptMinutes(MeetingId),
    OfferDates { meeting: MeetingId, times: &'a [DateTime<Utc>] },
    AnswerDates { meeting: MeetingId, seat: &'a Seat, person: PersonId, said: &'a BTreeMap<DateTime<Utc>, Availability> },
    Excuse { meeting: MeetingId, seat: &'a Seat, person: PersonId, words: &'a str },
    Dissent { resolution: ResolutionId, words: &'a str },
}

/// What editors do.
pub enum Paper<'a> {
    Begin { district: &'a District, building: Option<&'a Building>, title: &'a str },
    Write { edition: EditionId, story: NewStory<'a> },
    Check { edition: EditionId, position: i32 },
    Publish(EditionId),
}
