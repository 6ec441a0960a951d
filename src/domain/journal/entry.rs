//! Everything that can happen. A variant's name is stored, and so is for ever: a better name is a new variant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::parts::{Announced, Arithmetic, Planned};
use crate::domain::buildings::PlaceKind;
use crate::domain::calendars::Promised;
use crate::domain::call_backs::{CallResult, Reached};
use crate::domain::channels::RobotKind;
use crate::domain::effect_checks::{Feeling, Figure, Verdict};
use crate::domain::exports::{ExportedList, Narrowed};
use crate::domain::hidings::{HideReason, Ruling};
use crate::domain::issues::{ClosedBy, IssueState, MergeReason, SplitReason};
use crate::domain::levels::{Direction, Level};
use crate::domain::lifts::Remedy;
use crate::domain::links::How;
use crate::domain::meetings::dates::Availability;
use crate::domain::meetings::publicity::NotPublic;
use crate::domain::messages::{Voice, WithholdReason};
use crate::domain::motions::Outcome;
use crate::domain::organisations::OrganisationKind;
use crate::domain::reports::{Answer, Channel, MayKnow, Rating, Release, ReportKind};
use crate::domain::resolutions::StatementKind;
use crate::domain::rights::Role;
use crate::domain::subscriptions::Pace;
use crate::domain::supervisions::Missed;
use crate::domain::tasks::{ExtensionReason, StopReason, VisitAnswer};
use crate::domain::votes::owners::{Decision, Matter, Weight};
use crate::kernel::ids::*;
use crate::kernel::text::TextHash;

/// One thing that happened: ids, enumerations, numbers and salted hashes, no words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Entry {
    // Reports and the matter
    IssueReceived {
        number: i32,
        category: String,
        place: PlaceId,
    },
    ReportReceived {
        report: ReportId,
        kind: ReportKind,
        channel: Channel,
        photos: u32,
        words: Option<TextHash>,
    },
    ReportWithdrawn {
        report: ReportId,
    },
    ReporterErased {
        report: ReportId,
    },
    ReporterRead {
        report: ReportId,
    },
    ReporterChose {
        report: ReportId,
        may_know: MayKnow,
    },
    IssueAccepted {
        holder: OrganisationId,
        due: Option<DateTime<Utc>>,
    },
    FirstAnswered {
        reports: u64,
    },
    QuestionAsked {
        message: MessageId,
        words: TextHash,
    },
    QuestionAnswered {
        message: MessageId,
        words: TextHash,
    },
    MessageSent {
        message: MessageId,
        voice: Voice,
        words: TextHash,
    },
    MessageWithheld {
        message: MessageId,
        voice: Voice,
        reason: WithholdReason,
    },
    MessageShownAgain {
        message: MessageId,
        voice: Voice,
    },
    MessageEdited {
        message: MessageId,
        voice: Voice,
        words: TextHash,
    },
    Mentioned {
        message: MessageId,
        voice: Voice,
        persons: Vec<PersonId>,
        organisations: Vec<OrganisationId>,
        roles: Vec<Role>,
    },
    // Which level and way, and the day of the report, are in no line of before they were asked for.
    TransferOffered {
        to: OrganisationId,
        until: DateTime<Utc>,
        reason: String,
        level: Option<Level>,
        direction: Option<Direction>,
        council: Option<CouncilId>,
    },
    TransferTaken {
        from: OrganisationId,
        level: Option<Level>,
        report_on: Option<String>,
        council: Option<CouncilId>,
    },
    HandOverReported {
        next: Option<String>,
    },
    TransferLapsed {
        by: OrganisationId,
    },
    TransferRefused {
        by: OrganisationId,
        reason: String,
        times: i32,
    },
    CategoryChanged {
        from: String,
        to: String,
    },
    PlaceChanged {
        from: PlaceId,
        to: PlaceId,
    },
    IssueDeclined {
        reason: String,
        words: TextHash,
    },
    IssueWithdrawn,
    IssueLongTerm {
        review_on: String,
        plan: TextHash,
    },
    IssueResumed,
    AcceptanceUndone,
    IssueAssigned {
        to: Option<PersonId>,
    },
    OfferTakenBack {
        to: OrganisationId,
    },
    // Why is in no line of before it was asked for.
    IssueMerged {
        into: IssueId,
        into_number: i32,
        reports: i32,
        reason: Option<MergeReason>,
        words: Option<TextHash>,
    },
    IssueTookIn {
        from: IssueId,
        from_number: i32,
        reports: i32,
        reason: Option<MergeReason>,
    },
    IssueParted {
        from: IssueId,
        from_number: i32,
        reports: i32,
    },
    IssueUnmerged {
        into_number: i32,
        back_to: IssueState,
    },
    ReportMoved {
        report: ReportId,
        from_number: i32,
        to_number: i32,
    },
    ReportCopied {
        report: ReportId,
        of: ReportId,
        words: Option<TextHash>,
    },
    IssueSplit {
        into: IssueId,
        number: i32,
        moved: i32,
        copied: i32,
        reason: Option<SplitReason>,
    },
    IssueSplitOff {
        from: IssueId,
        number: i32,
        moved: i32,
        copied: i32,
        reason: Option<SplitReason>,
        words: Option<TextHash>,
    },
    IssueLinked {
        how: How,
        other: IssueId,
        number: i32,
    },
    IssueUnlinked {
        how: How,
        other: IssueId,
        number: i32,
    },
    IssueReturned {
        former: IssueId,
        number: i32,
    },
    IssueCameBack {
        again: IssueId,
        number: i32,
    },
    IssueDone {
        by: OrganisationId,
        confirm_due: DateTime<Utc>,
        evidence: TextHash,
    },
    ConfirmationGiven {
        report: ReportId,
        answer: Answer,
    },
    SatisfactionGiven {
        report: ReportId,
        rating: Rating,
        words: Option<TextHash>,
    },
    IssueContested {
        yes: u64,
        half: u64,
        no: u64,
        times: i32,
    },
    IssueClosed {
        by: ClosedBy,
        yes: u64,
        half: u64,
        no: u64,
        silent: u64,
    },
    IssueReopened,
    CallBacksDrawn {
        week: String,
        closed: u64,
        drawn: u64,
    },
    CallBackMade {
        reached: Reached,
        result: Option<CallResult>,
        words: Option<TextHash>,
    },
    // By a roster: by one of its rules, or because somebody is on duty.
    PutInHands {
        task: Option<i32>,
        to: PersonId,
        rule: Option<i32>,
        instead_of: Option<PersonId>,
    },
    IssueImported {
        number: i32,
        category: String,
        place: PlaceId,
        report: ReportId,
        words: Option<TextHash>,
    },
    IssueFound {
        number: i32,
        category: String,
        place: PlaceId,
        at: IssueId,
        at_number: i32,
    },
    // Rounds of a maintenance plan
    RoundMade {
        number: i32,
        category: String,
        place: PlaceId,
        plan: i32,
        day: String,
    },
    RoundGivenUp,
    MaintenancePlanned(Planned),
    MaintenanceChanged(Planned),
    MaintenanceMissed {
        number: i32,
        day: String,
    },
    MaintenanceEnded {
        number: i32,
        words: TextHash,
    },
    // Tasks
    TaskDispatched {
        task: TaskId,
        number: i32,
        to: OrganisationId,
        due: DateTime<Utc>,
        words: TextHash,
    },
    TaskAcknowledged {
        number: i32,
    },
    TaskStarted {
        number: i32,
    },
    TaskStepAdded {
        number: i32,
        position: i32,
        words: TextHash,
    },
    TaskStepTicked {
        number: i32,
        position: i32,
        done: bool,
    },
    TaskStepDropped {
        number: i32,
        position: i32,
    },
    TaskSafetyNoted {
        number: i32,
        words: TextHash,
    },
    TaskPartNeeded {
        number: i32,
        position: i32,
        quantity: i32,
        fen: Option<i64>,
        words: TextHash,
    },
    TaskPartCame {
        number: i32,
        position: i32,
    },
    TaskCosted {
        number: i32,
        fen: Option<i64>,
    },
    VisitAsked {
        number: i32,
        to: OrganisationId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        words: TextHash,
    },
    VisitAnswered {
        number: i32,
        to: OrganisationId,
        answer: VisitAnswer,
        words: TextHash,
    },
    TaskPictured {
        number: i32,
        photos: u32,
    },
    ProgressReported {
        number: i32,
        words: TextHash,
        photos: u32,
    },
    TaskDone {
        number: i32,
        evidence: TextHash,
        photos: u32,
    },
    TaskVerified {
        number: i32,
    },
    TaskSentBack {
        number: i32,
        words: TextHash,
    },
    TaskReturned {
        number: i32,
        words: TextHash,
    },
    TaskCancelled {
        number: i32,
    },
    TaskAssigned {
        number: i32,
        to: Option<PersonId>,
    },
    AcknowledgementUndone {
        number: i32,
    },
    ClockStopped {
        number: i32,
        reason: StopReason,
        until_at_most: DateTime<Utc>,
        words: TextHash,
    },
    ClockStarted {
        number: i32,
        due: DateTime<Utc>,
    },
    ExtensionAsked {
        number: i32,
        reason: ExtensionReason,
        days: i32,
        words: TextHash,
    },
    ExtensionGranted {
        number: i32,
        reason: ExtensionReason,
        days: i32,
        from: DateTime<Utc>,
        due: DateTime<Utc>,
        words: TextHash,
    },
    ExtensionRefused {
        number: i32,
        words: TextHash,
    },
    // Release of visitors' words
    WordsReleased {
        report: ReportId,
        how: Release,
    },
    WordsWithheld {
        report: ReportId,
    },
    TitleReleased {
        title: TextHash,
    },
    PhotoReleased {
        attachment: AttachmentId,
    },
    PhotoCovered {
        attachment: AttachmentId,
        original_kept: bool,
    },
    OriginalSeen {
        attachment: AttachmentId,
    },
    ReportHidden {
        report: ReportId,
        reason: HideReason,
        photos: u32,
        review_due: Option<DateTime<Utc>>,
    },
    HidingAppealed {
        report: ReportId,
        words: TextHash,
    },
    HidingDecided {
        report: ReportId,
        ruling: Ruling,
        words: Option<TextHash>,
    },
    // Council
    CouncilFounded {
        seats: i32,
    },
    RulesAdopted {
        version: i32,
    },
    TimesAdopted {
        version: i32,
        from: DateTime<Utc>,
        kinds: u32,
    },
    ItemProposed {
        item: ItemId,
        source: String,
    },
    ItemListed {
        meeting: MeetingId,
        meeting_number: i32,
        position: i32,
    },
    ItemUnlisted {
        meeting_number: i32,
    },
    ItemWithdrawn,
    ItemDeferred {
        to: String,
    },
    ItemReferred {
        words: TextHash,
    },
    MeetingDrafted {
        number: i32,
        starts_at: DateTime<Utc>,
    },
    MeetingCalled {
        number: i32,
        starts_at: DateTime<Utc>,
        papers: String,
    },
    MeetingOpened {
        number: i32,
    },
    MeetingClosed {
        number: i32,
    },
    MeetingCancelled {
        number: i32,
    },
    MeetingMoved {
        number: i32,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        elsewhere: bool,
        away: Vec<i32>,
    },
    ItemMoved {
        meeting: MeetingId,
        meeting_number: i32,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    },
    ItemCarried {
        from: IssueId,
        from_number: i32,
    },
    ItemWithheld {
        ground: NotPublic,
    },
    ItemMadePublic,
    DatesOffered {
        number: i32,
        times: Vec<DateTime<Utc>>,
    },
    DatesAnswered {
        seat: i32,
        answers: Vec<(DateTime<Utc>, Availability)>,
    },
    DateTaken {
        number: i32,
        starts_at: DateTime<Utc>,
        yes: i32,
        if_need_be: i32,
        no: i32,
    },
    AgendaArranged {
        number: i32,
        minutes: i32,
    },
    ApologyGiven {
        seat: i32,
        deputy: bool,
    },
    ApologyTakenBack {
        seat: i32,
    },
    DeputyAnswered {
        seat: i32,
        comes: bool,
    },
    SeatPresent {
        seat: i32,
        online: bool,
    },
    SeatLeft {
        seat: i32,
    },
    ItemTakenUp {
        position: i32,
    },
    FloorAsked {
        seat: Option<i32>,
    },
    FloorGiven {
        seat: Option<i32>,
    },
    FloorEnded {
        seat: Option<i32>,
    },
    NoteTaken {
        words: TextHash,
    },
    DeliberationOpened {
        to: String,
    },
    OptionPut {
        number: i32,
    },
    PositionAsked {
        organisation: OrganisationId,
        due: DateTime<Utc>,
    },
    PositionTaken {
        organisation: OrganisationId,
        words: TextHash,
    },
    RemarkMade {
        stance: String,
        words: TextHash,
    },
    MotionAmended {
        number: i32,
        by: i32,
        words: TextHash,
    },
    SeatRecused {
        seat: i32,
        ground: String,
    },
    MotionPut {
        motion: MotionId,
        number: i32,
        words: TextHash,
    },
    MotionWithdrawn {
        number: i32,
    },
    VoteOpened {
        number: i32,
    },
    ObjectionHeard {
        number: i32,
        objections: i32,
    },
    VoteCast {
        seat: i32,
        by_hand: bool,
    },
    VoteClosed {
        number: i32,
        outcome: Outcome,
        sum: Arithmetic,
    },
    MeetingEntered {
        number: i32,
        by: PersonId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    },
    ScanAttached {
        number: i32,
        scan: i32,
        hash: String,
    },
    ScanShown {
        number: i32,
        scan: i32,
        public: bool,
    },
    MinutesDrafted {
        number: i32,
        words: TextHash,
    },
    MinutesSent {
        number: i32,
        hash: String,
    },
    MinutesSigned {
        number: i32,
        hash: String,
    },
    MinutesRemarked {
        number: i32,
        remark: i32,
        words: TextHash,
    },
    RemarkAnswered {
        number: i32,
        remark: i32,
        taken_up: bool,
        words: TextHash,
    },
    MinutesAdopted {
        number: i32,
        hash: String,
    },
    UndertakingAsked {
        undertaking: UndertakingId,
        organisation: OrganisationId,
        due: DateTime<Utc>,
        words: TextHash,
    },
    UndertakingSigned {
        undertaking: UndertakingId,
        organisation: OrganisationId,
    },
    UndertakingChangesAsked {
        undertaking: UndertakingId,
        organisation: OrganisationId,
    },
    UndertakingRefused {
        undertaking: UndertakingId,
        organisation: OrganisationId,
    },
    UndertakingLapsed {
        undertaking: UndertakingId,
        organisation: OrganisationId,
    },
    ResolutionAdopted {
        resolution: ResolutionId,
        year: i32,
        serial: i32,
        sum: Arithmetic,
    },
    ResolutionLapsed {
        year: i32,
        serial: i32,
    },
    ResolutionInForce {
        year: i32,
        serial: i32,
    },
    ResolutionSuperseded {
        year: i32,
        serial: i32,
        by_year: i32,
        by_serial: i32,
    },
    ResolutionPublished {
        year: i32,
        serial: i32,
        position: u64,
    },
    ResolutionAmended {
        year: i32,
        serial: i32,
        by_year: i32,
        by_serial: i32,
    },
    ResolutionRepealed {
        year: i32,
        serial: i32,
        by_year: i32,
        by_serial: i32,
    },
    ResolutionConfirmed {
        year: i32,
        serial: i32,
        by_year: i32,
        by_serial: i32,
    },
    ResolutionExpired {
        year: i32,
        serial: i32,
    },
    MotionTaskSet {
        motion: i32,
        number: i32,
        organisation: OrganisationId,
        due: DateTime<Utc>,
        words: TextHash,
    },
    PartyNamed {
        year: i32,
        serial: i32,
        organisation: OrganisationId,
    },
    StatementEntered {
        year: i32,
        serial: i32,
        kind: StatementKind,
        organisation: OrganisationId,
        words: TextHash,
    },
    ObjectionRaised {
        year: i32,
        serial: i32,
        organisation: OrganisationId,
        words: TextHash,
    },
    ObjectionAnswered {
        year: i32,
        serial: i32,
        organisation: OrganisationId,
        words: TextHash,
    },
    // Effect
    LiftsForecast {
        people: u32,
        remedies: u32,
    },
    RemedyChosen {
        remedy: Remedy,
    },
    MeasureRecorded {
        figure: Figure,
        value: i64,
        decimals: i32,
        sample: Option<i32>,
    },
    CheckPlanned {
        on: String,
        figure: Figure,
        last: bool,
    },
    CheckMade {
        verdict: Verdict,
        figure: Figure,
        before: Option<i64>,
        target: Option<i64>,
        after: i64,
        decimals: i32,
        last: bool,
        words: TextHash,
    },
    EffectFelt {
        feeling: Feeling,
    },
    // Publishing
    EditionMade {
        number: i32,
    },
    StoryWritten {
        edition: i32,
        position: i32,
        words: TextHash,
    },
    StoryChecked {
        edition: i32,
        position: i32,
    },
    EditionPublished {
        edition: EditionId,
        number: i32,
        position: u64,
    },
    // House
    DistrictFounded,
    BuildingFounded {
        code: String,
    },
    PlaceAdded {
        kind: PlaceKind,
    },
    OrganisationAdded {
        kind: OrganisationKind,
    },
    PersonAdded,
    PersonAppointed {
        person: PersonId,
        organisation: OrganisationId,
        role: Role,
    },
    PasswordSet,
    TellingChosen,
    SignedIn,
    FirstLinkMade,
    FirstLinkUsed,
    BuildingChanged {
        what: Vec<String>,
    },
    PlaceRetired,
    OrganisationRetired,
    OrganisationLevelSet {
        level: Level,
    },
    TenancyBegan {
        organisation: OrganisationId,
        place: PlaceId,
    },
    TenancyEnded {
        organisation: OrganisationId,
        place: PlaceId,
    },
    SeatAdded {
        seat: i32,
        organisation: OrganisationId,
    },
    SeatFilled {
        seat: i32,
        person: Option<PersonId>,
        deputy: Option<PersonId>,
    },
    SeatEnded {
        seat: i32,
    },
    LeadNamed {
        person: PersonId,
        organisation: OrganisationId,
        lead: bool,
    },
    SignInLinkShown {
        person: PersonId,
    },
    DepartureSet {
        organisation: OrganisationId,
        last_day: String,
        successor: Option<PersonId>,
    },
    DepartureCancelled {
        organisation: OrganisationId,
    },
    MembershipEnded {
        person: PersonId,
        organisation: OrganisationId,
        role: Role,
    },
    DepartureDone {
        from: PersonId,
        to: Option<PersonId>,
        organisation: OrganisationId,
        issues: u32,
        tasks: u32,
        seats: u32,
    },
    AccountClosed,
    SessionRevoked,
    PosterHung {
        place: PlaceId,
    },
    PosterRetired,
    DeviceKeyIssued {
        key: DeviceKeyId,
        organisation: Option<OrganisationId>,
    },
    DeviceKeyRevoked {
        key: DeviceKeyId,
    },
    LetterSentAgain {
        letter: OutboxId,
    },
    LettersSentAgain {
        channel: ChannelId,
        n: u64,
    },
    // Channels: what they are told is in no line
    ChannelAdded {
        channel: ChannelId,
        organisation: Option<OrganisationId>,
        kind: RobotKind,
    },
    ChannelChanged {
        channel: ChannelId,
        robot: bool,
    },
    ChannelPaused {
        channel: ChannelId,
        by_itself: bool,
    },
    ChannelResumed {
        channel: ChannelId,
    },
    ChannelRemoved {
        channel: ChannelId,
    },
    AnnouncementMade(Announced),
    AnnouncementCorrected(Announced),
    AnnouncementEnded {
        number: i32,
        called_off: bool,
    },
    ReminderSent {
        level: i32,
    },
    SupervisionRaised {
        what: Missed,
        task: Option<i32>,
        due: DateTime<Utc>,
    },
    SupervisionNoted {
        by_day: String,
        words: TextHash,
    },
    CalendarLoaded {
        version: i32,
    },
    DateMoved {
        what: Promised,
        task: Option<i32>,
        from: DateTime<Utc>,
        due: DateTime<Utc>,
        calendar: i32,
    },
    DatesMoved {
        calendar: i32,
        n: u64,
    },
    // Following: whom it concerns is in no line
    SubscriptionAsked {
        pace: Pace,
    },
    SubscriptionConfirmed,
    SubscriptionPaced {
        pace: Pace,
    },
    SubscriptionEnded,
    CannedAnswerWritten {
        number: i32,
    },
    CannedAnswerRetired {
        number: i32,
    },
    // Slips: that one was redeemed, asked or spent is in no line
    SlipsMade {
        organisation: OrganisationId,
        n: i32,
    },
    SlipsEnded,
    MailDomainsStated {
        n: u32,
    },
    // Duty
    DutyShiftSet {
        person: PersonId,
        on: String,
        day: Option<String>,
        starts: i32,
        ends: i32,
    },
    DutyShiftRemoved,
    AbsenceNoted {
        person: PersonId,
        stand_in: Option<PersonId>,
        from: String,
        to: String,
    },
    AbsenceEnded,
    StandInGone {
        person: PersonId,
    },
    HandedOver {
        from: PersonId,
        to: PersonId,
        n: u32,
    },
    DutyRuleSet {
        number: i32,
        person: PersonId,
    },
    DutyRuleRemoved {
        number: i32,
    },
    // Up past the one before it, or down past the one after it.
    DutyRuleMoved {
        number: i32,
        past: i32,
        up: bool,
    },
    // What somebody has left is to be nobody's.
    DutyGapClosed,
    // Owners: who holds what, and who voted how, is in no line
    OwnersRollChanged {
        version: i32,
        units: i32,
        holders: i32,
    },
    OwnerNamesRead {
        n: u32,
    },
    OwnerNameErased {
        holder: i32,
    },
    OwnersVoteAnnounced {
        number: i32,
        roll: i32,
        matter: Matter,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        question: TextHash,
    },
    OwnersVoteCalledOff {
        number: i32,
    },
    OwnersBallotTaken {
        number: i32,
        holder: i32,
        voice: i32,
        on_paper: bool,
        again: bool,
    },
    OwnersVoteCounted {
        number: i32,
        decision: Decision,
        all: Weight,
        part: Weight,
        yes: Weight,
    },
    // Imports
    ImportUploaded {
        number: i32,
        rows: i32,
    },
    ImportStarted {
        number: i32,
        rows: i32,
    },
    ImportDone {
        number: i32,
        made: i32,
    },
    ImportDropped {
        number: i32,
    },
    ImportUndone {
        number: i32,
        taken_back: i32,
        stayed: i32,
    },
    // Lists with words from inside that somebody took along
    ListExported {
        list: ExportedList,
        narrowed: Narrowed,
        rows: u64,
    },
    // Upkeep: so many rows of a kind went, having served their time
    CleanedUp {
        what: String,
        n: u64,
    },
}
