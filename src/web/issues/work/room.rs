//! One matter with everything that its working pages show, and where the caller stands towards it.

use crate::domain::buildings::Building;
use crate::domain::councils;
use crate::domain::hand_overs::{self, HandOver, HandOverState};
use crate::domain::issues::{self, Around, Deed, IssueState, Next, Seen, Sight};
use crate::domain::meetings::items;
use crate::domain::persons::Membership;
use crate::domain::rights::Role;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Result;
use crate::kernel::ids::OrganisationId;
use crate::kernel::journal;
use crate::web::caller::Caller;
use crate::web::form;
use crate::web::guards::{May, Needs};
use crate::web::shown::chain::Link;
use crate::web::shown::clock::{self, Clock};
use crate::web::shown::hands::{self, Hands};
use crate::web::shown::matter::Matter;
use crate::web::shown::story::{Story, Teller, tell};

/// The room in which a matter is worked on.
pub struct Room<'r> {
    pub caller: &'r Caller,
    pub building: &'r Building,
    pub memberships: &'r [Membership],
    /// Everything that is known of it.
    pub m: Matter,
    /// The organisations that work on it.
    pub parties: Vec<OrganisationId>,
    /// Where the caller stands, and what they may read.
    pub sight: Sight<'r>,
    /// What the page shows, for telling later who was first.
    pub seen: Seen,
    /// On the council's list or agenda.
    pub nominated: bool,
    /// Whether there is a council that it could go to.
    pub council: bool,
    /// Its hand-overs, in the order of asking.
    pub handed: Vec<HandOver>,
    /// It is offered to a council: whether the caller answers for that.
    pub answers: Option<bool>,
}

impl<'r> Room<'r> {
    /// Opens the room of a matter of the address.
    pub async fn open<R: Needs>(who: &'r May<'r, R>, number: i32) -> Result<Self> {
        let building = who.building()?;
        let caller: &Caller = who;
        let db = caller.house.read();
        let issue = issues::by_number(db, building.id, number).await?;
        // Read before the rest: a line that comes in between is seen too late, never too early.
        let line = journal::last_of_issue(db, issue.id).await?.map_or(0, |l| l.seq);
        let issue = issues::by_id(db, issue.id).await?;
        let seen = Seen { version: issue.version, line };
        let parties = issue.parties(db).await?;
        let memberships: &'r [Membership] = &who.signed.memberships;
        let sight = issue.sight(&parties, memberships, building);
        let nominated = items::open_of_issue(db, issue.id).await?.is_some();
        let council = councils::of_building(db, building.id).await.is_ok();
        let m = Matter::load(db, issue).await?;
        let handed = hand_overs::of_issue(db, m.issue.id).await?;
        let to_council = handed.iter().any(|h| h.state == HandOverState::Asked && h.council_id.is_some());
        let keeps_office = memberships.iter().any(|x| x.role == Role::Secretary && x.district_id == Some(building.district_id));
        let answers = to_council.then_some(keeps_office);
        Ok(Self { caller, building, memberships, m, parties, sight, seen, nominated, council, handed, answers })
    }

    /// The organisation for which the caller stands here.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.sight.by.map(|m| m.organisation_id)
    }

    /// What the next act depends on.
    pub fn around(&self) -> Around<'_> {
        Around { tasks: &self.m.tasks, checks: &self.m.checks, nominated: self.nominated, answers: self.answers }
    }

    /// The one next act.
    pub fn next(&self) -> Next {
        self.m.issue.next(self.sight.standing, self.organisation(), self.around())
    }

    /// Why something cannot be done now, in words.
    pub fn refusal(&self, deed: Deed) -> Option<String> {
        self.m.issue.may_now(deed, self.sight.standing, self.around()).err().map(|r| form::sentence(self.caller.lang, &r))
    }

    /// The calendar in force.
    pub fn calendar(&self) -> std::sync::Arc<Calendar> {
        self.caller.house.calendar()
    }

    /// Who tells the story, and to whom.
    pub fn teller(&self) -> Teller<'_> {
        Teller { m: &self.m, building: self.building, reader: self.sight.standing.reader(), now: self.caller.house.now(), lang: self.caller.lang }
    }

    /// The story, as the caller may read it.
    pub fn story(&self) -> Story {
        tell(self.teller())
    }

    /// The line of its hand-overs.
    pub fn hands(&self) -> Hands {
        let (reader, now, lang) = (self.sight.standing.reader(), self.caller.house.now(), self.caller.lang);
        hands::of(&self.m, hands::View { reader, now, calendar: &self.calendar(), lang })
    }

    /// The stop of the chain at which the work stands.
    pub fn link(&self) -> Link {
        match self.m.issue.state {
            IssueState::OnAgenda => Link::Meeting,
            IssueState::InWork | IssueState::Decided => Link::Tasks,
            IssueState::Done | IssueState::Closed => Link::Confirmation,
            _ => Link::Acceptance,
        }
    }

    /// `/b/tingqiao/issues/214`.
    pub fn root(&self) -> String {
        self.m.href(self.building)
    }

    /// The title: the first words of the first report for those who may read them, what is released for everybody else.
    pub fn title(&self) -> String {
        if self.sight.words { self.m.issue.title.clone() } else { self.m.issue.title_for_public(self.caller.lang) }
    }

    /// The matter's own clock: what is owed next, drawn from the day on which it began.
    pub fn own_clock(&self) -> (Option<Clock>, String) {
        let (issue, lang, now) = (&self.m.issue, self.caller.lang, self.caller.house.now());
        let (end, start, key) = match (issue.next_due, issue.confirm_due, issue.first_answer_due) {
            (Some(end), Some(confirm), _) if end == confirm => (end, issue.done_at.unwrap_or(issue.clocks_from()), "work.clock.confirm"),
            (Some(end), _, Some(first)) if end == first => (end, issue.clocks_from(), "work.clock.first"),
            (Some(end), ..) => (end, issue.clocks_from(), "work.clock.result"),
            (None, ..) if issue.state.is_open() => return (None, lang.t("work.clock.none")),
            (None, ..) => return (None, lang.t("work.clock.over")),
        };
        (Some(clock::of(start, end, &[], now, &self.calendar(), lang)), lang.t(key))
    }
}
