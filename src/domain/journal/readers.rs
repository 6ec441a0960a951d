//! Who may read which line of the journal: one function, tested as a table.

use super::entry::Entry;
use crate::domain::messages::Voice;

/// For whom a story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Anybody.
    Public,
    /// Those who reported the matter.
    Reporter,
    /// Organisations that work on it, and the council.
    Party,
    /// The council's secretary.
    Secretary,
}

impl Reader {
    /// Every reader, from the one who sees least.
    pub const ALL: &'static [Reader] = &[Reader::Public, Reader::Reporter, Reader::Party, Reader::Secretary];
}

/// Whether this reader may know that this happened. Words are a question of their own: a line never holds any.
pub fn may_read(entry: &Entry, reader: Reader) -> bool {
    use Entry::*;
    match entry {
        // What a matter's public story is made of.
        IssueReceived { .. }
        | IssueImported { .. }
        | IssueFound { .. }
        | RoundMade { .. }
        | RoundGivenUp
        | MaintenancePlanned(_)
        | MaintenanceChanged(_)
        | MaintenanceMissed { .. }
        | MaintenanceEnded { .. }
        | ReportReceived { .. }
        | IssueAccepted { .. }
        | TransferTaken { .. }
        | HandOverReported { .. }
        | IssueDeclined { .. }
        | IssueWithdrawn
        | IssueLongTerm { .. }
        | IssueResumed
        | AcceptanceUndone
        | IssueMerged { .. }
        | IssueTookIn { .. }
        | IssueParted { .. }
        | IssueUnmerged { .. }
        | IssueSplit { .. }
        | IssueSplitOff { .. }
        | IssueReturned { .. }
        | IssueCameBack { .. }
        | IssueDone { .. }
        | IssueContested { .. }
        | IssueClosed { .. }
        | IssueReopened
        | TaskDispatched { .. }
        | ExtensionGranted { .. }
        | DateMoved { .. }
        | TaskDone { .. }
        | TaskVerified { .. }
        | ItemListed { .. }
        | ItemDeferred { .. }
        | TopicGathered { .. }
        | IssueGathered { .. }
        | ItemReferred { .. }
        | ItemWithdrawn
        | VoteClosed { .. }
        | ResolutionAdopted { .. }
        | ResolutionInForce { .. }
        | ResolutionLapsed { .. }
        | ResolutionSuperseded { .. }
        | ResolutionPublished { .. }
        | ResolutionAmended { .. }
        | ResolutionRepealed { .. }
        | ResolutionConfirmed { .. }
        | ResolutionExpired { .. }
        | PartyNamed { .. }
        | StatementEntered { .. }
        | ObjectionRaised { .. }
        | ObjectionAnswered { .. }
        | UndertakingSigned { .. }
        | RemedyChosen { .. }
        | MeasureRecorded { .. }
        | CheckMade { .. }
        | CheckPlanned { .. }
        | EditionPublished { .. }
        | MeetingCalled { .. }
        | MeetingOpened { .. }
        | MeetingClosed { .. }
        | MeetingCancelled { .. }
        | MeetingMoved { .. }
        | ItemMoved { .. }
        | MeetingEntered { .. }
        | MinutesAdopted { .. }
        | DistrictFounded
        | BuildingFounded { .. }
        | CouncilFounded { .. }
        | SeatAdded { .. }
        | SeatFilled { .. }
        | SeatEnded { .. }
        | CallBacksDrawn { .. }
        | RulesAdopted { .. }
        | OwnersVoteAnnounced { .. }
        | OwnersVoteCalledOff { .. }
        | OwnersVoteCounted { .. }
        | TimesAdopted { .. }
        | AnnouncementMade(_)
        | AnnouncementCorrected(_)
        | AnnouncementEnded { .. } => true,
        // What those who reported may also follow.
        FirstAnswered { .. }
        | QuestionAsked { .. }
        | QuestionAnswered { .. }
        | TransferOffered(_)
        | OfferTakenBack { .. }
        | CategoryChanged { .. }
        | PlaceChanged { .. }
        | TaskStarted { .. }
        | TaskSentBack { .. }
        | ClockStopped { .. }
        | ClockStarted { .. }
        | SupervisionRaised { .. }
        | SupervisionNoted { .. }
        | ItemProposed { .. }
        | ReportMoved { .. }
        | IssueLinked { .. }
        | IssueUnlinked { .. }
        | ConfirmationGiven { .. }
        | ReportWithdrawn { .. }
        | WordsReleased { .. }
        | WordsWithheld { .. }
        | TitleReleased { .. }
        | PhotoReleased { .. }
        | PhotoCovered { .. }
        | ReportHidden { .. }
        | HidingAppealed { .. }
        | HidingDecided { .. } => reader != Reader::Public,
        MessageSent { voice, .. } | MessageEdited { voice, .. } => match voice {
            Voice::Reporters => reader != Reader::Public,
            // An internal note stays within one organisation; its own page shows it, no story does.
            Voice::Parties => matches!(reader, Reader::Party | Reader::Secretary),
            Voice::Internal => false,
        },
        MessageWithheld { voice, .. } | MessageShownAgain { voice, .. } | Mentioned { voice, .. } => {
            *voice != Voice::Internal && matches!(reader, Reader::Party | Reader::Secretary)
        }
        TransferRefused { .. }
        | TransferLapsed { .. }
        | TaskAcknowledged { .. }
        | TaskStepAdded { .. }
        | TaskStepTicked { .. }
        | TaskStepDropped { .. }
        | TaskSafetyNoted { .. }
        | TaskPartNeeded { .. }
        | TaskPartCame { .. }
        | TaskCosted { .. }
        | VisitAsked { .. }
        | VisitAnswered { .. }
        | TaskPictured { .. }
        | TaskReturned { .. }
        | ExtensionAsked { .. }
        | ExtensionRefused { .. }
        | TaskCancelled { .. }
        | IssueAssigned { .. }
        | PutInHands { .. }
        | TaskAssigned { .. }
        | AcknowledgementUndone { .. }
        | ItemUnlisted { .. }
        | MotionPut { .. }
        | MotionWithdrawn { .. }
        | MotionTaskSet { .. }
        | VoteOpened { .. }
        | ObjectionHeard { .. }
        | VoteCast { .. }
        | ScanAttached { .. }
        | ScanShown { .. }
        | MinutesDrafted { .. }
        | MinutesSent { .. }
        | MinutesSigned { .. }
        | MinutesRemarked { .. }
        | RemarkAnswered { .. }
        | ItemCarried { .. }
        | ItemWithheld { .. }
        | ItemMadePublic
        | DatesOffered { .. }
        | DatesAnswered { .. }
        | DateTaken { .. }
        | AgendaArranged { .. }
        | ApologyGiven { .. }
        | ApologyTakenBack { .. }
        | DeputyAnswered { .. }
        | SeatPresent { .. }
        | SeatLeft { .. }
        | SeatRecused { .. }
        | ItemTakenUp { .. }
        | FloorAsked { .. }
        | FloorGiven { .. }
        | FloorEnded { .. }
        | NoteTaken { .. }
        | DeliberationOpened { .. }
        | OptionPut { .. }
        | PositionAsked { .. }
        | PositionTaken { .. }
        | ClockInsGiven { .. }
        | ClockInsWithdrawn { .. }
        | RemarkMade { .. }
        | MotionAmended { .. }
        | UndertakingAsked { .. }
        | UndertakingChangesAsked { .. }
        | UndertakingRefused { .. }
        | UndertakingLapsed { .. }
        | MeetingDrafted { .. }
        | LiftsForecast { .. }
        | SatisfactionGiven { .. }
        | EffectFelt { .. }
        | ProgressReported { .. }
        | CallBackMade { .. }
        | ReminderSent { .. } => matches!(reader, Reader::Party | Reader::Secretary),
        // That somebody follows, nobody reads.
        SubscriptionAsked { .. } | SubscriptionConfirmed | SubscriptionPaced { .. } | SubscriptionEnded => false,
        // Who reported, and who looked: the secretary alone.
        ReporterRead { .. }
        | ReportCopied { .. }
        | ReporterChose { .. }
        | ReporterErased { .. }
        | OriginalSeen { .. }
        | EditionMade { .. }
        | StoryWritten { .. }
        | StoryChecked { .. }
        | PlaceAdded { .. }
        | OrganisationAdded { .. }
        | PersonAdded
        | PersonAppointed { .. }
        | PasswordSet
        | CalendarFeedMade
        | CalendarFeedEnded
        | TellingChosen
        | FirstLinkMade
        | FirstLinkUsed
        | BuildingChanged { .. }
        | PlaceRetired
        | OrganisationRetired
        | OrganisationLevelSet { .. }
        | TenancyBegan { .. }
        | TenancyEnded { .. }
        | LeadNamed { .. }
        | SignInLinkShown { .. }
        | DepartureSet { .. }
        | DepartureCancelled { .. }
        | MembershipEnded { .. }
        | DepartureDone { .. }
        | AccountClosed
        | SignedIn
        | SessionRevoked
        | PosterHung { .. }
        | PosterRetired
        | DeviceKeyIssued { .. }
        | DeviceKeyRevoked { .. }
        | LetterSentAgain { .. }
        | LettersSentAgain { .. }
        | ChannelAdded { .. }
        | ChannelChanged { .. }
        | ChannelPaused { .. }
        | ChannelResumed { .. }
        | ChannelRemoved { .. }
        | CalendarLoaded { .. }
        | CannedAnswerWritten { .. }
        | CannedAnswerRetired { .. }
        | DatesMoved { .. }
        | SlipsMade { .. }
        | SlipsEnded
        | MailDomainsStated { .. }
        | DutyShiftSet { .. }
        | DutyShiftRemoved
        | AbsenceNoted { .. }
        | AbsenceEnded
        | StandInGone { .. }
        | HandedOver { .. }
        | DutyRuleSet { .. }
        | DutyRuleRemoved { .. }
        | DutyRuleMoved { .. }
        | DutyGapClosed
        | OwnersRollChanged { .. }
        | OwnerNamesRead { .. }
        | OwnerNameErased { .. }
        | OwnersBallotTaken { .. }
        | ImportUploaded { .. }
        | ImportStarted { .. }
        | ImportDone { .. }
        | ImportDropped { .. }
        | ImportUndone { .. }
        | ListExported { .. }
        | CleanedUp { .. } => reader == Reader::Secretary,
    }
}
