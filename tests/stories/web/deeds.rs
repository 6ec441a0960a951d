//! What may be done with a matter, by whom and when: one table of roles, and every deed in every state, where the page
//! says before what the act says after.

use louyi::domain::effect_checks;
use louyi::domain::issues::{Around, Deed, IssueState, Standing};
use louyi::domain::meetings::items;
use louyi::domain::reports::Answer;
use louyi::domain::rights::{Right, Role};
use louyi::domain::tasks;
use rocket::http::Status;

use crate::support::verbs::motion;
use crate::support::{Matter, Town, on_both};

/// The page of a deed, or of a verb beside the deeds; who may open it.
const PAGES: &[(&str, Right)] = &[
    ("work", Right::Desk),
    ("work/reports", Right::Desk),
    ("acceptance", Right::Triage),
    ("questions", Right::Triage),
    ("transfer", Right::Triage),
    ("transfer/acceptance", Right::Triage),
    ("transfer/refusal", Right::Triage),
    ("transfer/report", Right::Triage),
    ("declination", Right::Triage),
    ("category", Right::Triage),
    ("place", Right::Triage),
    ("long-term", Right::Triage),
    ("links", Right::Triage),
    ("merge", Right::Triage),
    ("split", Right::Triage),
    ("tasks", Right::Triage),
    ("completion", Right::Triage),
    ("reopening", Right::Triage),
    ("supervision", Right::Supervise),
    ("nomination", Right::Nominate),
    ("confirmation", Right::Preside),
    ("release", Right::Release),
    ("tasks/1", Right::Desk),
    ("tasks/1/completion", Right::Work),
    ("tasks/1/return", Right::Work),
    ("tasks/1/clock-stop", Right::Work),
    ("tasks/1/extension", Right::Work),
    ("tasks/1/extension/ruling", Right::Triage),
    ("tasks/1/send-back", Right::Triage),
    ("tasks/1/cancellation", Right::Triage),
];

/// Acts without a page of their own.
const AT_ONCE: &[(&str, Right)] = &[
    ("resumption", Right::Triage),
    ("unmerge", Right::Triage),
    ("messages", Right::Desk),
    ("tasks/1/acknowledgement", Right::Work),
    ("tasks/1/start", Right::Work),
    ("tasks/1/clock-run", Right::Work),
    ("tasks/1/verification", Right::Triage),
];

/// A matter in a state, come there by the verbs that lead there.
async fn in_state(town: &Town, state: IssueState) -> Matter {
    match state {
        IssueState::Received => town.reports("灯坏了").await.matter,
        IssueState::Accepted => {
            let m = town.reports("灯坏了").await.matter;
            town.staff.accepts(m, "收到").await.unwrap();
            m
        }
        IssueState::InWork => {
            let (told, task) = town.a_matter_in_work().await;
            town.fitter.finishes(task.id, "导靴换好了").await.unwrap();
            told.matter
        }
        IssueState::OnAgenda => {
            let m = town.reports("排队").await.matter;
            town.council_meets_about(m).await.matter
        }
        IssueState::Decided => {
            let m = town.reports("排队").await.matter;
            let session = town.council_meets_about(m).await;
            town.carries(&session, motion()).await;
            m
        }
        IssueState::Done => town.a_matter_done().await.matter,
        IssueState::Closed => {
            let told = town.a_matter_done().await;
            town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
            told.matter
        }
        IssueState::LongTerm => {
            let m = in_accepted(town).await;
            town.staff.shelves(m, "等年底换灯", "2040-03-01").await.unwrap();
            m
        }
        IssueState::Declined => {
            let m = town.reports("灯坏了").await.matter;
            town.staff.declines(m, "out_of_scope", "这件事楼里管不了").await.unwrap();
            m
        }
        IssueState::Merged => {
            let into = in_accepted(town).await;
            let m = town.reports("灯也坏了").await.matter;
            town.staff.merges(m, into).await.unwrap();
            m
        }
        IssueState::Withdrawn => {
            let told = town.reports("灯坏了").await;
            town.holder_of(&told).withdraws(&told).await.unwrap();
            told.matter
        }
    }
}

async fn in_accepted(town: &Town) -> Matter {
    let m = town.reports("灯坏了").await.matter;
    town.staff.accepts(m, "").await.unwrap();
    m
}

/// Where a deed is sent, and with what.
fn sent(deed: Deed) -> (&'static str, Vec<(&'static str, &'static str)>) {
    match deed {
        Deed::Accept => ("acceptance", vec![("answer", "收到了")]),
        Deed::Ask => ("questions", vec![("words", "哪一层？")]),
        Deed::Dispatch => ("tasks", vec![("to", "lift-care"), ("words", "去看看"), ("days", "3"), ("measure", "")]),
        Deed::Finish => ("completion", vec![("evidence", "修好了，试过了"), ("by", "tq-property")]),
        Deed::Offer => ("transfer", vec![("to", "city-order"), ("reason", "needs_authority"), ("words", "该你们管")]),
        Deed::Take => ("transfer/acceptance", vec![("report_on", "2026-11-24")]),
        Deed::Refuse => ("transfer/refusal", vec![("reason", "not_our_area"), ("words", "不归我们管")]),
        Deed::Recategorise => ("category", vec![("category", "hvac.temp")]),
        Deed::Relocate => ("place", vec![("place", "S1E")]),
        Deed::Merge => ("merge", vec![("other", "1"), ("reason", "same"), ("words", "同一盏灯")]),
        Deed::Unmerge => ("unmerge", vec![]),
        Deed::Split => {
            let words = [("reason", "another_trouble"), ("words", "另一桩事另外办")];
            ("split", [vec![("title", "另一桩"), ("category", "hvac.temp"), ("place", "S1E")], words.to_vec()].concat())
        }
        Deed::Link => ("links", vec![("how", "related"), ("other", "1")]),
        Deed::Shelve => ("long-term", vec![("plan", "等配件到了再装"), ("review_on", "2040-03-01")]),
        Deed::Resume => ("resumption", vec![]),
        Deed::Decline => ("declination", vec![("reason", "out_of_scope"), ("words", "楼里管不了，请拨12345")]),
        Deed::Nominate => ("nomination", vec![]),
        Deed::Reopen => ("reopening", vec![]),
        Deed::Confirm => ("confirmation", vec![]),
    }
}

on_both! {
    async fn who_may_open_what(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let n = town.now(told.matter).await.number;
        let site = town.site().await;
        let stranger = site.signed_in(&town.staff_elsewhere).await;
        for (role, who) in town.one_of_each_role().into_iter().chain([(Role::Staff, &town.fitter)]) {
            let reader = site.signed_in(who).await;
            for (page, right) in PAGES {
                let status = reader.opens(&format!("/b/tingqiao/issues/{n}/{page}")).await.status;
                let expected = if role.may(*right) { Status::Ok } else { Status::Forbidden };
                assert_eq!(status, expected, "{role} opens {page}");
            }
            for (act, right) in AT_ONCE.iter().filter(|(_, right)| !role.may(*right)) {
                let answer = reader.posts(&format!("/b/tingqiao/issues/{n}/{act}"), &[]).await;
                assert_eq!(answer.status, Status::Forbidden, "{role} does {act} without {right:?}");
            }
        }
        for (path, _) in PAGES {
            let path = format!("/b/tingqiao/issues/{n}/{path}");
            assert_eq!(stranger.opens(&path).await.status, Status::Forbidden, "of another building: {path}");
            assert_eq!(site.visitor().opens(&path).await.status, Status::SeeOther, "not signed in: {path}");
        }
        for (act, _) in PAGES.iter().chain(AT_ONCE).filter(|(a, _)| !matches!(*a, "work" | "work/reports" | "tasks/1")) {
            let path = format!("/b/tingqiao/issues/{n}/{act}");
            assert_eq!(stranger.posts(&path, &[]).await.status, Status::Forbidden, "of another building: {path}");
            assert_eq!(site.visitor().posts(&path, &[]).await.status, Status::Unauthorized, "not signed in: {path}");
        }
    }

    async fn another_organisation_is_told_whose_it_is(town: Town) {
        let told = town.reports("灯坏了").await;
        let before = town.story(told.matter).await;
        let site = town.site().await;
        for who in [&town.fitter, &town.officer, &town.chamber_officer] {
            let reader = site.signed_in(who).await;
            let page = reader.reads("/b/tingqiao/issues/1/acceptance").await;
            assert!(page.says("只有负责这件事的单位和议事会秘书能做"), "{}", page.text());
            // The form isn't there; whoever sends it all the same is told the same.
            let token = reader.reads("/b/tingqiao/issues/1/work").await.form("/b/tingqiao/issues/1/nomination");
            assert!(token.is_none(), "the nomination has a page of its own");
        }
        assert_eq!(town.story(told.matter).await, before);
    }

    /// In every state, for the organisation responsible and for the secretary: what the page says can be done is done,
    /// and what it says cannot be done is refused with the same sentence, and nothing is written.
    async fn every_deed_in_every_state(town: Town) {
        let site = town.site().await;
        for (standing, who) in [(Standing::Holder, &town.staff), (Standing::Secretary, &town.secretary)] {
            let reader = site.signed_in(who).await;
            for state in IssueState::ALL {
                // A refused deed leaves the matter as it was: the next one is tried on the same.
                let mut matter = in_state(&town, *state).await;
                for deed in Deed::ALL {
                    if town.now(matter).await.state != *state {
                        matter = in_state(&town, *state).await;
                    }
                    let issue = town.now(matter).await;
                    assert_eq!(issue.state, *state);
                    let db = town.house.read();
                    let all = tasks::of_issue(db, issue.id).await.unwrap();
                    let checks = effect_checks::of_issue(db, issue.id).await.unwrap();
                    let nominated = items::open_of_issue(db, issue.id).await.unwrap().is_some();
                    let said = issue.may_now(*deed, standing, Around { tasks: &all, checks: &checks, nominated, answers: None });

                    let root = format!("/b/tingqiao/issues/{}", issue.number);
                    let (path, mut fields) = sent(*deed);
                    let work = reader.reads(&format!("{root}/work")).await;
                    // Any form of the page carries the token and what the page showed.
                    let form = work.forms().iter().find_map(|f| work.form(f).filter(|f| f.iter().any(|(n, _)| n == "line"))).expect("a form");
                    let carried = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap();
                    let (token, version, line) = (carried("token"), carried("version"), carried("line"));
                    fields.extend([("token", token.as_str()), ("version", version.as_str()), ("line", line.as_str())]);
                    let split = reader.reads(&format!("{root}/split")).await.form(&format!("{root}/split")).unwrap_or_default();
                    if *deed == Deed::Split {
                        fields.extend(split.iter().filter(|(n, _)| n.starts_with("r-")).map(|(n, _)| (n.as_str(), "both")));
                    }
                    let before = town.story(matter).await;
                    let answer = reader.posts(&format!("{root}/{path}"), &fields).await;
                    match said {
                        Ok(()) => assert_eq!(answer.status, Status::SeeOther, "{standing:?} {state} {deed:?}: {}", answer.text()),
                        Err(refusal) if *deed == Deed::Confirm && standing == Standing::Holder => {
                            assert_eq!(refusal.key, "only_council");
                            assert_eq!(answer.status, Status::Forbidden);
                        }
                        Err(refusal) => {
                            let words = louyi::web::form::sentence(louyi::kernel::i18n::Lang::Zh, &refusal);
                            assert_eq!(answer.status, louyi::web::form::status_of(&refusal), "{standing:?} {state} {deed:?}: {}", answer.text());
                            assert!(answer.says(&words), "{standing:?} {state} {deed:?} should say {words}: {}", answer.text());
                            assert_eq!(town.story(matter).await, before, "{standing:?} {state} {deed:?} wrote something");
                        }
                    }
                }
            }
        }
    }
}
