//! What people do in the stories, each in an act of its own, in words.

use chrono::{DateTime, Duration, Utc};
use louyi::domain::buildings;
use louyi::domain::categories;
use louyi::domain::councils::Weight;
use louyi::domain::issues::{self, Issue, IssueState, Part, Receiver, Report};
use louyi::domain::links::{self, How as Linked};
use louyi::domain::meetings::items::{self, Item, Source};
use louyi::domain::meetings::presence::How;
use louyi::domain::meetings::{self, Meeting, MeetingKind, NewMeeting};
use louyi::domain::messages::{self, Voice};
use louyi::domain::motions::{self, By, Method, Motion, NewMotion, Outcome, Promise};
use louyi::domain::organisations::Organisation;
use louyi::domain::reports::{self, Answer};
use louyi::domain::resolutions::{self, Resolution};
use louyi::domain::tasks::{self, Due, NewTask, Task};
use louyi::domain::undertakings::{self, Undertaking};
use louyi::domain::votes::Choice;
use louyi::kernel::error::Result;
use louyi::kernel::ids::{ItemId, MeetingId, MotionId, TaskId, UndertakingId};

use super::people::Who;
use super::town::{Matter, Told, Town};

impl Who {
    async fn moves(&self, matter: Matter, verb: impl AsyncFnOnce(&louyi::kernel::act::Act, Issue) -> Result<Issue>) -> Result<Issue> {
        self.does(async |act| verb(act, issues::hold_by_id(act, matter.0).await?).await).await
    }

    pub async fn accepts(&self, matter: Matter, answer: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.accept(act, answer).await).await
    }
    pub async fn declines(&self, matter: Matter, why: &str, words: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.decline(act, why, words).await).await
    }
    pub async fn offers(&self, matter: Matter, to: &Organisation) -> Result<Issue> {
        self.moves(matter, async |act, i| i.offer(act, to, "not_our_area", "这是你们的事").await).await
    }
    pub async fn takes_over(&self, matter: Matter) -> Result<Issue> {
        self.takes_over_until(matter, "2026-11-27").await
    }
    /// Takes it over and says by which day it reports back, even after what the reporters were promised.
    pub async fn takes_over_until(&self, matter: Matter, day: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.take_over(act, Report { on: day, after_result: true }).await).await
    }
    /// Hands it over to whomever.
    pub async fn hands_to(&self, matter: Matter, to: Receiver, reason: &str, words: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.hand_to(act, to, reason, words).await).await
    }
    pub async fn reports_back(&self, matter: Matter, words: &str, next: Option<&str>) -> Result<Issue> {
        self.moves(matter, async |act, i| i.report_back(act, words, next, false).await).await
    }
    pub async fn refuses_transfer(&self, matter: Matter) -> Result<Issue> {
        self.moves(matter, async |act, i| i.refuse_transfer(act, "needs_authority", "我们没有权限处理").await).await
    }
    pub async fn recategorises(&self, matter: Matter, code: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.recategorise(act, code).await).await
    }
    pub async fn shelves(&self, matter: Matter, plan: &str, review_on: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.shelve(act, plan, review_on).await).await
    }
    pub async fn resumes(&self, matter: Matter) -> Result<Issue> {
        self.moves(matter, async |act, i| i.resume(act).await).await
    }
    pub async fn reopens(&self, matter: Matter) -> Result<Issue> {
        self.moves(matter, async |act, i| i.reopen(act).await).await
    }
    pub async fn nominates(&self, matter: Matter) -> Result<Issue> {
        self.moves(matter, async |act, i| i.nominate(act, Source::Issue).await).await
    }
    pub async fn releases(&self, matter: Matter, title: &str, summary: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| i.release(act, title, summary).await).await
    }
    pub async fn says(&self, matter: Matter, voice: Voice, words: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| messages::say(act, i, voice, words).await).await
    }
    pub async fn asks(&self, matter: Matter, words: &str) -> Result<Issue> {
        self.moves(matter, async |act, i| messages::ask(act, i, words).await).await
    }
    /// Says that the matter is done, for their own organisation.
    pub async fn says_done(&self, matter: Matter, evidence: &str) -> Result<Issue> {
        let by = self.actor.organisation().expect("somebody who works somewhere");
        self.moves(matter, async |act, i| i.done(act, by, evidence).await).await
    }
    pub async fn confirms_for_the_council(&self, matter: Matter) -> Result<Issue> {
        self.moves(matter, async |act, i| i.confirm_by_council(act).await).await
    }
    pub async fn merges(&self, from: Matter, into: Matter) -> Result<()> {
        self.merges_because(from, into, "same", "说的是同一件事，并到一起办").await
    }
    pub async fn merges_because(&self, from: Matter, into: Matter, why: &str, words: &str) -> Result<()> {
        self.does(async |act| {
            let (from, into) = (issues::hold_by_id(act, from.0).await?, issues::hold_by_id(act, into.0).await?);
            issues::merge(act, from, into, why, words).await.map(|_| ())
        })
        .await
    }
    pub async fn unmerges(&self, from: Matter) -> Result<Issue> {
        self.moves(from, async |act, i| issues::unmerge(act, i).await).await
    }
    pub async fn links(&self, one: Matter, how: Linked, other: Matter) -> Result<()> {
        self.does(async |act| {
            let (one, other) = (issues::hold_by_id(act, one.0).await?, issues::hold_by_id(act, other.0).await?);
            links::join(act, &one, how, &other).await
        })
        .await
    }
    pub async fn unlinks(&self, one: Matter, how: Linked, other: Matter) -> Result<()> {
        self.does(async |act| {
            let (one, other) = (issues::hold_by_id(act, one.0).await?, issues::hold_by_id(act, other.0).await?);
            links::part(act, &one, how, &other).await
        })
        .await
    }
    pub async fn splits(&self, from: Matter, title: &str, category: &str, moved: &[&Told], copied: &[&Told]) -> Result<(Issue, Issue)> {
        let because = ("another_trouble", "另一桩事另外办，不耽误");
        self.splits_because(from, (title, category), moved, copied, because).await
    }
    pub async fn splits_because(
        &self,
        from: Matter,
        (title, category): (&str, &str),
        moved: &[&Told],
        copied: &[&Told],
        (why, words): (&str, &str),
    ) -> Result<(Issue, Issue)> {
        self.does(async |act| {
            let issue = issues::hold_by_id(act, from.0).await?;
            let place = buildings::place_by_id(act.tx(), issue.place_id).await?;
            let ids = |told: &[&Told]| told.iter().map(|t| t.report).collect::<Vec<_>>();
            let (moved, copied) = (reports::by_ids(act.tx(), ids(moved)).await?, reports::by_ids(act.tx(), ids(copied)).await?);
            issues::split(act, issue, Part { title, place: &place, category: categories::named(category)?, moved, copied, why, words }).await
        })
        .await
    }
    pub async fn moves_report(&self, told: &Told, to: Matter) -> Result<()> {
        self.does(async |act| {
            let report = reports::by_id(act.tx(), told.report).await?;
            let (from, to) = (issues::hold_by_id(act, report.issue_id).await?, issues::hold_by_id(act, to.0).await?);
            issues::move_report(act, report, from, to).await
        })
        .await
    }

    /// Dispatches a task that is due in five working days.
    pub async fn dispatches(&self, matter: Matter, to: &Organisation, words: &str) -> Result<Task> {
        self.does(async |act| {
            let issue = issues::hold_by_id(act, matter.0).await?;
            let new = NewTask { words, measure: "", due: Due::Days(5), resolution: None, undertaking: None };
            tasks::dispatch(act, issue, to, new).await.map(|(_, task)| task)
        })
        .await
    }
    pub async fn on_task<T>(&self, task: TaskId, deed: impl AsyncFnOnce(&louyi::kernel::act::Act, Task, &Issue) -> Result<T>) -> Result<T> {
        self.does(async |act| {
            let task = tasks::by_id(act.tx(), task).await?;
            let issue = issues::hold_by_id(act, task.issue_id).await?;
            deed(act, task, &issue).await
        })
        .await
    }
    pub async fn finishes(&self, task: TaskId, evidence: &str) -> Result<Task> {
        self.on_task(task, async |act, t, i| t.done(act, i, evidence, vec![]).await).await
    }
    pub async fn verifies(&self, task: TaskId) -> Result<Task> {
        self.on_task(task, async |act, t, i| t.verify(act, i).await).await
    }

    /// Answers whether it is fixed.
    pub async fn answers(&self, told: &Told, answer: Answer) -> Result<Issue> {
        self.does(async |act| {
            let report = reports::by_id(act.tx(), told.report).await?;
            let issue = issues::hold_by_id(act, report.issue_id).await?;
            report.answer(act, issue, answer).await
        })
        .await
    }
    pub async fn withdraws(&self, told: &Told) -> Result<Issue> {
        self.does(async |act| {
            let report = reports::by_id(act.tx(), told.report).await?;
            let issue = issues::hold_by_id(act, report.issue_id).await?;
            report.withdraw(act, issue).await
        })
        .await
    }

    // The council.
    pub async fn drafts_meeting(&self, town: &Town, in_days: i64) -> Result<Meeting> {
        self.drafts(town, MeetingKind::Regular, town.house.now() + Duration::days(in_days)).await
    }
    pub async fn drafts(&self, town: &Town, kind: MeetingKind, starts_at: DateTime<Utc>) -> Result<Meeting> {
        self.does(async |act| {
            let council = louyi::domain::councils::by_id(act.tx(), town.council.id).await?;
            meetings::draft(act, &council, NewMeeting { kind, starts_at, place: "南座18楼会议室", online: None, votes_until: None }).await
        })
        .await
    }
    pub async fn at_meeting<T>(&self, id: MeetingId, deed: impl AsyncFnOnce(&louyi::kernel::act::Act, Meeting) -> Result<T>) -> Result<T> {
        self.does(async |act| deed(act, meetings::by_id(act.tx(), id).await?).await).await
    }
    /// Puts the matter's open item on the agenda.
    pub async fn lists(&self, meeting: MeetingId, matter: Matter) -> Result<Item> {
        self.at_meeting(meeting, async |act, m| {
            let item = items::open_of_issue(act.tx(), matter.0).await?.ok_or(louyi::kernel::error::Error::NotFound)?;
            m.list(act, item).await
        })
        .await
    }
    pub async fn calls(&self, meeting: MeetingId) -> Result<Meeting> {
        self.at_meeting(meeting, async |act, m| m.call(act).await).await
    }
    pub async fn opens(&self, meeting: MeetingId) -> Result<Meeting> {
        self.at_meeting(meeting, async |act, m| m.open(act).await).await
    }
    pub async fn closes(&self, meeting: MeetingId) -> Result<Meeting> {
        self.at_meeting(meeting, async |act, m| m.close(act).await).await
    }
    pub async fn takes_seat(&self, town: &Town, meeting: MeetingId, number: i32) -> Result<()> {
        let (seat, me) = (town.seat(number).await, self.id);
        self.at_meeting(meeting, async |act, m| m.seat_present(act, &seat, me, How::Room).await).await
    }
    pub async fn leaves_seat(&self, town: &Town, meeting: MeetingId, number: i32) -> Result<()> {
        let seat = town.seat(number).await;
        self.at_meeting(meeting, async |act, m| m.seat_left(act, &seat).await).await
    }
    pub async fn asks_to_sign(&self, item: ItemId, of: &Organisation, words: &str, due: DateTime<Utc>) -> Result<Undertaking> {
        self.does(async |act| {
            let item = items::by_id(act.tx(), item).await?;
            undertakings::ask(act, &item, of, words, "现场核对", due).await
        })
        .await
    }
    pub async fn signs(&self, id: UndertakingId) -> Result<Undertaking> {
        self.does(async |act| undertakings::by_id(act.tx(), id).await?.sign(act).await).await
    }
    pub async fn puts(&self, item: ItemId, new: NewMotion<'_>) -> Result<Motion> {
        self.does(async |act| motions::put(act, &items::by_id(act.tx(), item).await?, new).await).await
    }
    pub async fn opens_vote(&self, motion: MotionId, method: Method) -> Result<Motion> {
        self.does(async |act| motions::by_id(act.tx(), motion).await?.open(act, method).await).await
    }
    pub async fn votes(&self, town: &Town, motion: MotionId, number: i32, choice: Choice) -> Result<()> {
        let (seat, me) = (town.seat(number).await, self.id);
        self.does(async |act| motions::by_id(act.tx(), motion).await?.cast(act, &seat, me, choice, By::Own).await).await
    }
    pub async fn closes_vote(&self, motion: MotionId, objections: u32) -> Result<(Motion, Option<Resolution>)> {
        self.does(async |act| motions::by_id(act.tx(), motion).await?.close(act, objections).await).await
    }
    pub async fn publishes(&self, resolution: &Resolution) -> Result<Resolution> {
        let id = resolution.id;
        self.does(async |act| resolutions::by_id(act.tx(), id).await?.publish(act).await).await
    }
}

/// A motion as most stories put it; every part can be replaced.
pub fn motion<'a>() -> NewMotion<'a> {
    NewMotion {
        title: "打卡机前移",
        words: "上班打卡机移到闸机之前，先打卡后候梯。",
        reasons: "错峰上班之后候梯时间仍未达到目标。",
        promise: None,
        check_days: "",
        supersedes: None,
        amends: None,
        weight: Weight::Ordinary,
        terms: motions::Terms { no_action: "各家照新的流程走，不用另外做什么。", ..motions::Terms::default() },
    }
}

/// The effect that the lift case promises: from 13.9 to 5 minutes.
pub fn promise() -> Promise {
    Promise { figure: louyi::domain::effect_checks::Figure::WaitMedian, unit: "分钟".into(), before: Some(139), target: 50, decimals: 1 }
}

/// A meeting under way, with one matter on its agenda.
pub struct Session {
    pub matter: Matter,
    pub meeting: MeetingId,
    pub item: ItemId,
}

impl Town {
    /// Brings a new matter before the council: reported, accepted, nominated, listed, called, opened; the clock then
    /// stands at the meeting's beginning. Nobody has taken a seat yet.
    pub async fn council_meets_about(&self, matter: Matter) -> Session {
        if self.now(matter).await.state == IssueState::Received {
            self.staff.accepts(matter, "已收到，会与租户协调").await.expect("accepted");
        }
        // A failed check has put it on the list already.
        if items::open_of_issue(self.house.read(), matter.0).await.expect("asked").is_none() {
            self.secretary.nominates(matter).await.expect("nominated");
        }
        let meeting = self.secretary.drafts_meeting(self, 8).await.expect("drafted").id;
        let item = self.secretary.lists(meeting, matter).await.expect("listed").id;
        self.secretary.calls(meeting).await.expect("called");
        self.lets_pass(Duration::days(8));
        self.convenor.opens(meeting).await.expect("opened");
        Session { matter, meeting, item }
    }

    /// The seats with these numbers are taken by their holders.
    pub async fn are_seated(&self, meeting: MeetingId, numbers: impl IntoIterator<Item = i32>) {
        for n in numbers {
            self.members[n as usize - 1].takes_seat(self, meeting, n).await.expect("seated");
        }
    }

    /// These seats vote so.
    pub async fn vote(&self, motion: MotionId, numbers: impl IntoIterator<Item = i32>, choice: Choice) {
        for n in numbers {
            self.members[n as usize - 1].votes(self, motion, n, choice).await.expect("votes");
        }
    }

    /// A motion on the session's item is carried by the first nine seats that may vote, with whatever undertakings
    /// have been asked for.
    pub async fn carries(&self, session: &Session, new: NewMotion<'_>) -> Resolution {
        let motion = self.secretary.puts(session.item, new).await.expect("put").id;
        self.are_seated(session.meeting, [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]).await;
        self.convenor.opens_vote(motion, Method::Named).await.expect("opened");
        let parties: Vec<_> = undertakings::of_item(self.house.read(), session.item).await.expect("read");
        for n in [1, 2, 3, 4, 6, 7, 8, 9, 10] {
            let seat = self.seat(n).await;
            if n <= 4 || !parties.iter().any(|u| u.organisation_id == seat.organisation_id) {
                self.members[n as usize - 1].votes(self, motion, n, Choice::Yes).await.expect("votes");
            }
        }
        let (motion, resolution) = self.convenor.closes_vote(motion, 0).await.expect("closed");
        assert_eq!(motion.outcome, Some(Outcome::Passed));
        resolution.expect("a resolution")
    }

    /// A matter in work: accepted, with a task for the contractor.
    pub async fn a_matter_in_work(&self) -> (Told, Task) {
        let told = self.reports("南座2号梯有异响").await;
        self.staff.accepts(told.matter, "").await.expect("accepted");
        let task = self.staff.dispatches(told.matter, &self.contractor, "检查2号梯").await.expect("dispatched");
        (told, task)
    }

    /// A matter that is said to be done, by the property manager.
    pub async fn a_matter_done(&self) -> Told {
        let (told, task) = self.a_matter_in_work().await;
        self.fitter.finishes(task.id, "更换了导靴").await.expect("finished");
        self.staff.says_done(told.matter, "导靴已更换，试运行正常").await.expect("done");
        told
    }
}
