//! Who may read which line: every variant and every reader, as a table.

use std::collections::BTreeSet;

use louyi::domain::buildings::PlaceKind;
use louyi::domain::calendars::Promised;
use louyi::domain::call_backs::{CallResult, Reached};
use louyi::domain::channels::RobotKind;
use louyi::domain::effect_checks::{Feeling, Figure, Verdict};
use louyi::domain::exports::{ExportedList, Narrowed};
use louyi::domain::hidings::{HideReason, Ruling};
use louyi::domain::issues::{ClosedBy, IssueState};
use louyi::domain::journal::{Announced, Arithmetic, Entry, Offer, Planned, Reader, may_read};
use louyi::domain::levels::Level;
use louyi::domain::lifts::Remedy;
use louyi::domain::links::How;
use louyi::domain::maintenance::Rhythm;
use louyi::domain::meetings::dates::Availability;
use louyi::domain::meetings::publicity::NotPublic;
use louyi::domain::messages::{Voice, WithholdReason};
use louyi::domain::motions::Outcome;
use louyi::domain::organisations::OrganisationKind;
use louyi::domain::reports::{Answer, Channel, MayKnow, Rating, Release, ReportKind};
use louyi::domain::resolutions::StatementKind;
use louyi::domain::rights::Role;
use louyi::domain::subscriptions::Pace;
use louyi::domain::supervisions::Missed;
use louyi::domain::tasks::{ExtensionReason, StopReason, VisitAnswer};
use louyi::domain::votes::owners::{Decision, Matter, Weight};
use louyi::kernel::ids::*;
use louyi::kernel::text::TextHash;

/// Those who may read, from the one who sees least.
const EVERYBODY: &[Reader] = &[Reader::Public, Reader::Reporter, Reader::Party, Reader::Secretary];
const REPORTERS: &[Reader] = &[Reader::Reporter, Reader::Party, Reader::Secretary];
const PARTIES: &[Reader] = &[Reader::Party, Reader::Secretary];
const SECRETARY: &[Reader] = &[Reader::Secretary];
const NOBODY: &[Reader] = &[];

#[expect(clippy::too_many_lines, reason = "a table has as many lines as there are variants")]
fn table() -> Vec<(Entry, &'static [Reader])> {
    use Entry::*;
    let at = chrono::DateTime::UNIX_EPOCH;
    let hash = || TextHash("00".into());
    let text = || String::from("x");
    let sum = Arithmetic::default();
    let announced = || Announced { number: 1, places: vec![], category: None, starts_at: at, ends_at: at, words: hash() };
    macro_rules! id {
        ($($t:ident)+) => { ($($t(uuid::Uuid::nil())),+) };
    }
    let planned = || Planned {
        number: 1,
        category: text(),
        place: None,
        organisation: id!(OrganisationId),
        rhythm: Rhythm::Days,
        every: 14,
        first: text(),
        within: 1,
        words: hash(),
    };
    vec![
        (IssueReceived { number: 1, category: text(), place: id!(PlaceId) }, EVERYBODY),
        (ReportReceived { report: id!(ReportId), kind: ReportKind::New, channel: Channel::Web, photos: 0, words: None }, EVERYBODY),
        (ReportWithdrawn { report: id!(ReportId) }, REPORTERS),
        (ReporterErased { report: id!(ReportId) }, SECRETARY),
        (ReporterRead { report: id!(ReportId) }, SECRETARY),
        (ReporterChose { report: id!(ReportId), may_know: MayKnow::Nobody }, SECRETARY),
        (PlaceChanged { from: id!(PlaceId), to: id!(PlaceId) }, REPORTERS),
        (TaskStepAdded { number: 1, position: 1, words: hash() }, PARTIES),
        (TaskStepTicked { number: 1, position: 1, done: true }, PARTIES),
        (TaskStepDropped { number: 1, position: 1 }, PARTIES),
        (TaskSafetyNoted { number: 1, words: hash() }, PARTIES),
        (TaskPartNeeded { number: 1, position: 1, quantity: 1, fen: None, words: hash() }, PARTIES),
        (TaskPartCame { number: 1, position: 1 }, PARTIES),
        (TaskCosted { number: 1, fen: None }, PARTIES),
        (VisitAsked { number: 1, to: id!(OrganisationId), from: at, until: at, words: hash() }, PARTIES),
        (VisitAnswered { number: 1, to: id!(OrganisationId), answer: VisitAnswer::Agreed, words: hash() }, PARTIES),
        (TaskPictured { number: 1, photos: 1 }, PARTIES),
        (ReportCopied { report: id!(ReportId), of: id!(ReportId), words: None }, SECRETARY),
        (IssueSplit { into: id!(IssueId), number: 2, moved: 1, copied: 0, reason: None }, EVERYBODY),
        (IssueSplitOff { from: id!(IssueId), number: 1, moved: 1, copied: 0, reason: None, words: None }, EVERYBODY),
        (IssueReturned { former: id!(IssueId), number: 1 }, EVERYBODY),
        (IssueCameBack { again: id!(IssueId), number: 2 }, EVERYBODY),
        (IssueLinked { how: How::Related, other: id!(IssueId), number: 2 }, REPORTERS),
        (IssueUnlinked { how: How::Related, other: id!(IssueId), number: 2 }, REPORTERS),
        (IssueImported { number: 1, category: text(), place: id!(PlaceId), report: id!(ReportId), words: None }, EVERYBODY),
        (IssueFound { number: 2, category: text(), place: id!(PlaceId), at: id!(IssueId), at_number: 1 }, EVERYBODY),
        (RoundMade { number: 1, category: text(), place: id!(PlaceId), plan: 1, day: text() }, EVERYBODY),
        (RoundGivenUp, EVERYBODY),
        (MaintenancePlanned(planned()), EVERYBODY),
        (MaintenanceChanged(planned()), EVERYBODY),
        (MaintenanceMissed { number: 1, day: text() }, EVERYBODY),
        (MaintenanceEnded { number: 1, words: hash() }, EVERYBODY),
        (OwnersRollChanged { version: 1, units: 9, holders: 6 }, SECRETARY),
        (OwnerNamesRead { n: 2 }, SECRETARY),
        (OwnerNameErased { holder: 1 }, SECRETARY),
        (OwnersBallotTaken { number: 1, holder: 2, voice: 0, on_paper: true, again: false }, SECRETARY),
        (ImportUploaded { number: 1, rows: 2 }, SECRETARY),
        (ImportStarted { number: 1, rows: 2 }, SECRETARY),
        (ImportDone { number: 1, made: 2 }, SECRETARY),
        (ImportDropped { number: 1 }, SECRETARY),
        (ImportUndone { number: 1, taken_back: 1, stayed: 1 }, SECRETARY),
        (ListExported { list: ExportedList::Issues, narrowed: Narrowed::default(), rows: 2 }, SECRETARY),
        (IssueAccepted { holder: id!(OrganisationId), due: None }, EVERYBODY),
        (FirstAnswered { reports: 1 }, REPORTERS),
        (QuestionAsked { message: id!(MessageId), words: hash() }, REPORTERS),
        (QuestionAnswered { message: id!(MessageId), words: hash() }, REPORTERS),
        (MessageSent { message: id!(MessageId), voice: Voice::Reporters, words: hash() }, REPORTERS),
        (MessageSent { message: id!(MessageId), voice: Voice::Parties, words: hash() }, PARTIES),
        (MessageSent { message: id!(MessageId), voice: Voice::Internal, words: hash() }, NOBODY),
        (MessageEdited { message: id!(MessageId), voice: Voice::Reporters, words: hash() }, REPORTERS),
        (MessageEdited { message: id!(MessageId), voice: Voice::Internal, words: hash() }, NOBODY),
        (MessageWithheld { message: id!(MessageId), voice: Voice::Parties, reason: WithholdReason::Insult }, PARTIES),
        (MessageWithheld { message: id!(MessageId), voice: Voice::Internal, reason: WithholdReason::Insult }, NOBODY),
        (MessageShownAgain { message: id!(MessageId), voice: Voice::Parties }, PARTIES),
        (Mentioned { message: id!(MessageId), voice: Voice::Parties, persons: vec![], organisations: vec![], roles: vec![] }, PARTIES),
        (Mentioned { message: id!(MessageId), voice: Voice::Internal, persons: vec![], organisations: vec![], roles: vec![] }, NOBODY),
        (TransferOffered(Offer { to: id!(OrganisationId), until: at, reason: text(), level: None, direction: None, council: None }), REPORTERS),
        (TransferTaken { from: id!(OrganisationId), level: None, report_on: None, council: None }, EVERYBODY),
        (HandOverReported { next: None }, EVERYBODY),
        (TransferLapsed { by: id!(OrganisationId) }, PARTIES),
        (TransferRefused { by: id!(OrganisationId), reason: text(), times: 1 }, PARTIES),
        (CategoryChanged { from: text(), to: text() }, REPORTERS),
        (IssueDeclined { reason: text(), words: hash() }, EVERYBODY),
        (IssueWithdrawn, EVERYBODY),
        (IssueLongTerm { review_on: text(), plan: hash() }, EVERYBODY),
        (IssueResumed, EVERYBODY),
        (AcceptanceUndone, EVERYBODY),
        (IssueAssigned { to: None }, PARTIES),
        (OfferTakenBack { to: id!(OrganisationId) }, REPORTERS),
        (IssueMerged { into: id!(IssueId), into_number: 1, reports: 1, reason: None, words: None }, EVERYBODY),
        (IssueTookIn { from: id!(IssueId), from_number: 1, reports: 1, reason: None }, EVERYBODY),
        (IssueParted { from: id!(IssueId), from_number: 1, reports: 1 }, EVERYBODY),
        (IssueUnmerged { into_number: 1, back_to: IssueState::Accepted }, EVERYBODY),
        (ReportMoved { report: id!(ReportId), from_number: 1, to_number: 2 }, REPORTERS),
        (IssueDone { by: id!(OrganisationId), confirm_due: at, evidence: hash() }, EVERYBODY),
        (ConfirmationGiven { report: id!(ReportId), answer: Answer::No }, REPORTERS),
        (IssueContested { yes: 0, half: 0, no: 1, times: 1 }, EVERYBODY),
        (IssueClosed { by: ClosedBy::Silence, yes: 0, half: 0, no: 0, silent: 1 }, EVERYBODY),
        (IssueReopened, EVERYBODY),
        (TaskDispatched { task: id!(TaskId), number: 1, to: id!(OrganisationId), due: at, words: hash() }, EVERYBODY),
        (TaskAcknowledged { number: 1 }, PARTIES),
        (TaskAssigned { number: 1, to: None }, PARTIES),
        (AcknowledgementUndone { number: 1 }, PARTIES),
        (TaskStarted { number: 1 }, REPORTERS),
        (TaskDone { number: 1, evidence: hash(), photos: 0 }, EVERYBODY),
        (TaskVerified { number: 1 }, EVERYBODY),
        (TaskSentBack { number: 1, words: hash() }, REPORTERS),
        (TaskReturned { number: 1, words: hash() }, PARTIES),
        (TaskCancelled { number: 1 }, PARTIES),
        (ClockStopped { number: 1, reason: StopReason::Part, until_at_most: at, words: hash() }, REPORTERS),
        (ClockStarted { number: 1, due: at }, REPORTERS),
        (SupervisionRaised { what: Missed::Task, task: Some(1), due: at }, REPORTERS),
        (PutInHands { task: None, to: id!(PersonId), rule: Some(1), instead_of: None }, PARTIES),
        (DutyShiftSet { person: id!(PersonId), on: text(), day: None, starts: 480, ends: 1200 }, SECRETARY),
        (DutyShiftRemoved, SECRETARY),
        (AbsenceNoted { person: id!(PersonId), stand_in: None, from: text(), to: text() }, SECRETARY),
        (AbsenceEnded, SECRETARY),
        (StandInGone { person: id!(PersonId) }, SECRETARY),
        (HandedOver { from: id!(PersonId), to: id!(PersonId), n: 1 }, SECRETARY),
        (DutyRuleSet { number: 1, person: id!(PersonId) }, SECRETARY),
        (DutyRuleRemoved { number: 1 }, SECRETARY),
        (DutyRuleMoved { number: 2, past: 1, up: true }, SECRETARY),
        (DutyGapClosed, SECRETARY),
        (SupervisionNoted { by_day: text(), words: hash() }, REPORTERS),
        (ExtensionAsked { number: 1, reason: ExtensionReason::Part, days: 1, words: hash() }, PARTIES),
        (ExtensionGranted { number: 1, reason: ExtensionReason::Part, days: 1, from: at, due: at, words: hash() }, EVERYBODY),
        (ExtensionRefused { number: 1, words: hash() }, PARTIES),
        (WordsReleased { report: id!(ReportId), how: Release::Summary }, REPORTERS),
        (WordsWithheld { report: id!(ReportId) }, REPORTERS),
        (TitleReleased { title: hash() }, REPORTERS),
        (PhotoReleased { attachment: id!(AttachmentId) }, REPORTERS),
        (PhotoCovered { attachment: id!(AttachmentId), original_kept: true }, REPORTERS),
        (ReportHidden { report: id!(ReportId), reason: HideReason::Offer, photos: 0, review_due: None }, REPORTERS),
        (HidingAppealed { report: id!(ReportId), words: hash() }, REPORTERS),
        (HidingDecided { report: id!(ReportId), ruling: Ruling::Upheld, words: None }, REPORTERS),
        (AnnouncementMade(announced()), EVERYBODY),
        (AnnouncementCorrected(announced()), EVERYBODY),
        (AnnouncementEnded { number: 1, called_off: false }, EVERYBODY),
        (OriginalSeen { attachment: id!(AttachmentId) }, SECRETARY),
        (SatisfactionGiven { report: id!(ReportId), rating: Rating::Basically, words: None }, PARTIES),
        (CouncilFounded { seats: 13 }, EVERYBODY),
        (RulesAdopted { version: 1 }, EVERYBODY),
        (OwnersVoteAnnounced { number: 1, roll: 1, matter: Matter::Manager, from: at, until: at, question: hash() }, EVERYBODY),
        (OwnersVoteCalledOff { number: 1 }, EVERYBODY),
        (
            OwnersVoteCounted { number: 1, decision: Decision::Passed, all: Weight::default(), part: Weight::default(), yes: Weight::default() },
            EVERYBODY,
        ),
        (TimesAdopted { version: 1, from: at, kinds: 1 }, EVERYBODY),
        (ItemProposed { item: id!(ItemId), source: text() }, REPORTERS),
        (ItemListed { meeting: id!(MeetingId), meeting_number: 1, position: 1 }, EVERYBODY),
        (ItemUnlisted { meeting_number: 1 }, PARTIES),
        (ItemWithdrawn, EVERYBODY),
        (ItemDeferred { to: text() }, EVERYBODY),
        (TopicGathered { matters: 3 }, EVERYBODY),
        (IssueGathered { item: id!(ItemId), lead: 12 }, EVERYBODY),
        (ItemReferred { words: hash() }, EVERYBODY),
        (MeetingDrafted { number: 1, starts_at: at }, PARTIES),
        (MeetingCalled { number: 1, starts_at: at, papers: text() }, EVERYBODY),
        (MeetingOpened { number: 1 }, EVERYBODY),
        (MeetingClosed { number: 1 }, EVERYBODY),
        (MeetingCancelled { number: 1 }, EVERYBODY),
        (SeatPresent { seat: 1, online: false }, PARTIES),
        (SeatLeft { seat: 1 }, PARTIES),
        (ItemTakenUp { position: 1 }, PARTIES),
        (FloorAsked { seat: Some(1) }, PARTIES),
        (FloorGiven { seat: None }, PARTIES),
        (FloorEnded { seat: None }, PARTIES),
        (NoteTaken { words: hash() }, PARTIES),
        (DeliberationOpened { to: text() }, PARTIES),
        (OptionPut { number: 1 }, PARTIES),
        (PositionAsked { organisation: id!(OrganisationId), due: at }, PARTIES),
        (PositionTaken { organisation: id!(OrganisationId), words: hash() }, PARTIES),
        (ClockInsGiven { organisation: id!(OrganisationId), day: "2026-11-23".into(), people: 600 }, PARTIES),
        (ClockInsWithdrawn { organisation: id!(OrganisationId), day: "2026-11-23".into() }, PARTIES),
        (RemarkMade { stance: text(), words: hash() }, PARTIES),
        (MotionAmended { number: 1, by: 2, words: hash() }, PARTIES),
        (SeatRecused { seat: 1, ground: text() }, PARTIES),
        (MotionPut { motion: id!(MotionId), number: 1, words: hash() }, PARTIES),
        (MotionWithdrawn { number: 1 }, PARTIES),
        (VoteOpened { number: 1 }, PARTIES),
        (ObjectionHeard { number: 1, objections: 1 }, PARTIES),
        (VoteCast { seat: 1, by_hand: false }, PARTIES),
        (VoteClosed { number: 1, outcome: Outcome::Passed, sum }, EVERYBODY),
        (MinutesAdopted { number: 1, hash: text() }, EVERYBODY),
        (UndertakingAsked { undertaking: id!(UndertakingId), organisation: id!(OrganisationId), due: at, words: hash() }, PARTIES),
        (UndertakingSigned { undertaking: id!(UndertakingId), organisation: id!(OrganisationId), sheet: None }, EVERYBODY),
        (UndertakingChangesAsked { undertaking: id!(UndertakingId), organisation: id!(OrganisationId) }, PARTIES),
        (UndertakingRefused { undertaking: id!(UndertakingId), organisation: id!(OrganisationId) }, PARTIES),
        (UndertakingLapsed { undertaking: id!(UndertakingId), organisation: id!(OrganisationId) }, PARTIES),
        (ResolutionAdopted { resolution: id!(ResolutionId), year: 2026, serial: 1, sum }, EVERYBODY),
        (ResolutionLapsed { year: 2026, serial: 1 }, EVERYBODY),
        (ResolutionInForce { year: 2026, serial: 1 }, EVERYBODY),
        (ResolutionSuperseded { year: 2026, serial: 1, by_year: 2026, by_serial: 2 }, EVERYBODY),
        (ResolutionPublished { year: 2026, serial: 1, position: 0 }, EVERYBODY),
        (ResolutionAmended { year: 2026, serial: 1, by_year: 2026, by_serial: 2 }, EVERYBODY),
        (ResolutionRepealed { year: 2026, serial: 1, by_year: 2026, by_serial: 2 }, EVERYBODY),
        (ResolutionConfirmed { year: 2026, serial: 1, by_year: 2026, by_serial: 2 }, EVERYBODY),
        (ResolutionExpired { year: 2026, serial: 1 }, EVERYBODY),
        (EffectFelt { feeling: Feeling::Better }, PARTIES),
        (ProgressReported { number: 1, words: hash(), photos: 0 }, PARTIES),
        (MotionTaskSet { motion: 1, number: 1, organisation: id!(OrganisationId), due: at, words: hash() }, PARTIES),
        (PartyNamed { year: 2026, serial: 1, organisation: id!(OrganisationId) }, EVERYBODY),
        (StatementEntered { year: 2026, serial: 1, kind: StatementKind::Dissent, organisation: id!(OrganisationId), words: hash() }, EVERYBODY),
        (ObjectionRaised { year: 2026, serial: 1, organisation: id!(OrganisationId), words: hash() }, EVERYBODY),
        (ObjectionAnswered { year: 2026, serial: 1, organisation: id!(OrganisationId), words: hash() }, EVERYBODY),
        (LiftsForecast { people: 6_000, remedies: 3 }, PARTIES),
        (RemedyChosen { remedy: Remedy::Clocks }, EVERYBODY),
        (MeasureRecorded { figure: Figure::WaitMedian, value: 1, decimals: 0, sample: None }, EVERYBODY),
        (CheckPlanned { on: text(), figure: Figure::WaitMedian, last: true }, EVERYBODY),
        (
            CheckMade {
                verdict: Verdict::Partly,
                figure: Figure::Other,
                before: None,
                target: None,
                after: 1,
                decimals: 0,
                last: true,
                words: hash(),
            },
            EVERYBODY,
        ),
        (EditionMade { number: 1 }, SECRETARY),
        (StoryWritten { edition: 1, position: 1, words: hash() }, SECRETARY),
        (StoryChecked { edition: 1, position: 1 }, SECRETARY),
        (EditionPublished { edition: id!(EditionId), number: 1, position: 0 }, EVERYBODY),
        (DistrictFounded, EVERYBODY),
        (BuildingFounded { code: text() }, EVERYBODY),
        (PlaceAdded { kind: PlaceKind::Lobby }, SECRETARY),
        (OrganisationAdded { kind: OrganisationKind::Enterprise }, SECRETARY),
        (PersonAdded, SECRETARY),
        (PersonAppointed { person: id!(PersonId), organisation: id!(OrganisationId), role: Role::Staff }, SECRETARY),
        (PasswordSet, SECRETARY),
        (CalendarFeedMade, SECRETARY),
        (CalendarFeedEnded, SECRETARY),
        (TellingChosen, SECRETARY),
        (FirstLinkMade, SECRETARY),
        (FirstLinkUsed, SECRETARY),
        (BuildingChanged { what: vec![text()] }, SECRETARY),
        (PlaceRetired, SECRETARY),
        (OrganisationRetired, SECRETARY),
        (OrganisationLevelSet { level: Level::Street }, SECRETARY),
        (TenancyBegan { organisation: id!(OrganisationId), place: id!(PlaceId) }, SECRETARY),
        (TenancyEnded { organisation: id!(OrganisationId), place: id!(PlaceId) }, SECRETARY),
        (SeatAdded { seat: 1, organisation: id!(OrganisationId) }, EVERYBODY),
        (SeatFilled { seat: 1, person: None, deputy: None }, EVERYBODY),
        (SeatEnded { seat: 1 }, EVERYBODY),
        (LeadNamed { person: id!(PersonId), organisation: id!(OrganisationId), lead: true }, SECRETARY),
        (SignInLinkShown { person: id!(PersonId) }, SECRETARY),
        (DepartureSet { organisation: id!(OrganisationId), last_day: text(), successor: None }, SECRETARY),
        (DepartureCancelled { organisation: id!(OrganisationId) }, SECRETARY),
        (MembershipEnded { person: id!(PersonId), organisation: id!(OrganisationId), role: Role::Staff }, SECRETARY),
        (DepartureDone { from: id!(PersonId), to: None, organisation: id!(OrganisationId), issues: 1, tasks: 1, seats: 0 }, SECRETARY),
        (AccountClosed, SECRETARY),
        (SignedIn, SECRETARY),
        (SessionRevoked, SECRETARY),
        (PosterHung { place: id!(PlaceId) }, SECRETARY),
        (PosterRetired, SECRETARY),
        (DeviceKeyIssued { key: id!(DeviceKeyId), organisation: None }, SECRETARY),
        (DeviceKeyRevoked { key: id!(DeviceKeyId) }, SECRETARY),
        (LetterSentAgain { letter: id!(OutboxId) }, SECRETARY),
        (LettersSentAgain { channel: id!(ChannelId), n: 3 }, SECRETARY),
        (ChannelAdded { channel: id!(ChannelId), organisation: None, kind: RobotKind::Wecom }, SECRETARY),
        (ChannelChanged { channel: id!(ChannelId), robot: true }, SECRETARY),
        (ChannelPaused { channel: id!(ChannelId), by_itself: true }, SECRETARY),
        (ChannelResumed { channel: id!(ChannelId) }, SECRETARY),
        (ChannelRemoved { channel: id!(ChannelId) }, SECRETARY),
        (ReminderSent { level: 1 }, PARTIES),
        (MeetingMoved { number: 1, from: at, to: at, elsewhere: false, away: vec![1] }, EVERYBODY),
        (ItemMoved { meeting: id!(MeetingId), meeting_number: 1, from: at, to: at }, EVERYBODY),
        (ItemCarried { from: id!(IssueId), from_number: 1 }, PARTIES),
        (ItemWithheld { ground: NotPublic::Personal }, PARTIES),
        (ItemMadePublic, PARTIES),
        (MeetingEntered { number: 1, by: id!(PersonId), from: at, until: at }, EVERYBODY),
        (ScanAttached { number: 1, scan: 1, hash: text() }, PARTIES),
        (ScanShown { number: 1, scan: 1, public: true }, PARTIES),
        (MinutesDrafted { number: 1, words: hash() }, PARTIES),
        (MinutesSent { number: 1, hash: text() }, PARTIES),
        (MinutesSigned { number: 1, hash: text() }, PARTIES),
        (MinutesRemarked { number: 1, remark: 1, words: hash() }, PARTIES),
        (RemarkAnswered { number: 1, remark: 1, taken_up: true, words: hash() }, PARTIES),
        (DatesOffered { number: 1, times: vec![at] }, PARTIES),
        (DatesAnswered { seat: 1, answers: vec![(at, Availability::Yes)] }, PARTIES),
        (DateTaken { number: 1, starts_at: at, yes: 1, if_need_be: 1, no: 1 }, PARTIES),
        (AgendaArranged { number: 1, minutes: 20 }, PARTIES),
        (ApologyGiven { seat: 1, deputy: true }, PARTIES),
        (ApologyTakenBack { seat: 1 }, PARTIES),
        (DeputyAnswered { seat: 1, comes: false }, PARTIES),
        (CalendarLoaded { version: 1 }, SECRETARY),
        (CallBacksDrawn { week: text(), closed: 3, drawn: 3 }, EVERYBODY),
        (CallBackMade { reached: Reached::Looked, result: Some(CallResult::Fixed), words: None }, PARTIES),
        (CannedAnswerWritten { number: 1 }, SECRETARY),
        (CannedAnswerRetired { number: 1 }, SECRETARY),
        (DatesMoved { calendar: 1, n: 1 }, SECRETARY),
        (DateMoved { what: Promised::Task, task: Some(1), from: at, due: at, calendar: 1 }, EVERYBODY),
        (SubscriptionAsked { pace: Pace::Daily }, NOBODY),
        (SubscriptionConfirmed, NOBODY),
        (SubscriptionPaced { pace: Pace::AtOnce }, NOBODY),
        (SubscriptionEnded, NOBODY),
        (SlipsMade { organisation: id!(OrganisationId), n: 1 }, SECRETARY),
        (SlipsEnded, SECRETARY),
        (MailDomainsStated { n: 1 }, SECRETARY),
        (CleanedUp { what: text(), n: 1 }, SECRETARY),
    ]
}

#[test]
fn every_line_and_every_reader() {
    for (entry, expected) in table() {
        let got: Vec<Reader> = Reader::ALL.iter().copied().filter(|r| may_read(&entry, *r)).collect();
        assert_eq!(got, expected, "{entry:?}");
    }
}

#[test]
fn no_variant_is_left_out() {
    let source = include_str!("../../../src/domain/journal/entry.rs");
    let body = source.split_once("pub enum Entry {").unwrap().1;
    let written: BTreeSet<String> = body
        .lines()
        .filter_map(|l| l.strip_prefix("    "))
        .filter(|l| l.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|l| l.chars().take_while(|c| c.is_ascii_alphanumeric()).collect::<String>())
        .map(|name| {
            let snake = name.chars().flat_map(|c| if c.is_ascii_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] });
            snake.collect::<String>().trim_start_matches('_').to_owned()
        })
        .collect();
    let known: BTreeSet<String> = table().iter().map(|(e, _)| serde_json::to_value(e).unwrap()["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(written, known, "a new line of the journal needs a row in this table");
}
