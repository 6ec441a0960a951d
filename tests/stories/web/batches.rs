//! Several things at once from the desk: shown before, done with a line for each, taken back while nobody has acted.

use louyi::domain::issues::IssueState;
use louyi::domain::messages::Voice;
use louyi::domain::tasks::{self, Task, TaskState};
use rocket::http::Status;

use crate::support::browser::Page;
use crate::support::{Told, Town, on_both};

async fn label(town: &Town, told: &Told) -> String {
    format!("TQ-{}", town.now(told.matter).await.number)
}

async fn now(town: &Town, task: &Task) -> Task {
    tasks::by_id(town.house.read(), task.id).await.unwrap()
}

/// Where several are shown before something is done with them.
fn shown(verb: &str, labels: &[String]) -> String {
    let picks: Vec<String> = labels.iter().map(|l| format!("pick={l}")).collect();
    format!("/desk/batches/new?verb={verb}&{}&back=/desk?view=all", picks.join("&"))
}

/// Where the desk offers to take it back.
fn undo(page: &Page) -> Option<String> {
    page.forms().into_iter().find(|f| f.ends_with("/undo"))
}

on_both! {
    async fn what_was_picked_is_taken_on_together_and_taken_back(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let (of, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let desk = staff.reads("/desk").await;
        desk.shows(&format!("value=\"{}\"", label(&town, &one).await)).shows("name=\"verb\" value=\"accept\"");
        let picked = shown("accept", &[label(&town, &one).await, label(&town, &two).await]);
        let page = staff.reads(&picked).await;
        assert!(page.says("一起接下2件") && page.says("灯不亮") && page.says("门关不上"), "{}", page.text());
        assert_eq!(town.now(one.matter).await.state, IssueState::Received, "a look changes nothing");
        assert_eq!(staff.does(&picked, "/desk/batches", &[]).await, "/desk?view=all");
        for told in [&one, &two] {
            assert_eq!(town.now(told.matter).await.state, IssueState::Accepted);
            assert_eq!(town.now(told.matter).await.person_id, Some(town.staff.id), "whoever takes it on has it in hand");
            assert_eq!(town.story(told.matter).await.last().map(String::as_str), Some("issue_accepted"), "one line each");
        }
        let desk = staff.reads("/desk").await;
        assert!(desk.says("刚才一起接下了2件"), "{}", desk.text());
        assert!(undo(&site.signed_in(&town.colleague).await.reads("/desk").await).is_none(), "only whoever did it");
        staff.does("/desk", &undo(&desk).unwrap(), &[]).await;
        for told in [&one, &two] {
            let now = town.now(told.matter).await;
            assert_eq!((now.state, now.accepted_at, now.person_id), (IssueState::Received, None, None));
            assert!(now.first_answer_due.is_some(), "the first answer is owed as before");
            assert_eq!(town.story(told.matter).await.last().map(String::as_str), Some("acceptance_undone"));
        }
        assert!(undo(&staff.reads("/desk").await).is_none());

        let fitter = site.signed_in(&town.fitter).await;
        let picked = shown("accept", &[format!("{}/{}", label(&town, &of).await, task.number)]);
        fitter.does(&picked, "/desk/batches", &[]).await;
        assert_eq!(now(&town, &task).await.state, TaskState::Acknowledged);
        fitter.does("/desk", &undo(&fitter.reads("/desk").await).unwrap(), &[]).await;
        let back = now(&town, &task).await;
        assert_eq!((back.state, back.person_id), (TaskState::Dispatched, None));
    }

    async fn what_somebody_has_acted_on_since_stays(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        staff.does(&shown("accept", &[label(&town, &one).await, label(&town, &two).await]), "/desk/batches", &[]).await;
        town.colleague.says(two.matter, Voice::Reporters, "师傅在路上").await.unwrap();
        let next = staff.does("/desk", &undo(&staff.reads("/desk").await).unwrap(), &[]).await;
        assert_eq!(town.now(one.matter).await.state, IssueState::Received);
        assert_eq!(town.now(two.matter).await.state, IssueState::Accepted, "its reporters were answered");
        let page = staff.reads(&next).await;
        assert!(page.says("有的已经有人接着办了") && page.says("撤销了") && page.says("没撤"), "{}", page.text());
        assert!(undo(&page).is_none(), "once");
    }

    async fn of_two_who_pick_the_same_one_wins(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let picked = shown("accept", &[label(&town, &one).await, label(&town, &two).await]);
        let form = staff.reads(&picked).await.form("/desk/batches").unwrap();
        town.colleague.accepts(two.matter, "").await.unwrap();
        let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = staff.posts("/desk/batches", &fields).await;
        assert_eq!(answer.status, Status::Conflict);
        assert_eq!(town.now(one.matter).await.state, IssueState::Received, "all or none");
        assert!(answer.says("接下这1件"), "what can still be done is offered again: {}", answer.text());
        staff.does(&picked, "/desk/batches", &[]).await;
        assert_eq!(town.now(one.matter).await.state, IssueState::Accepted);
        assert_eq!(staff.posts("/desk/batches", &fields).await.status, Status::Conflict, "the same form twice does nothing twice");
    }

    async fn an_answer_goes_to_everybody_and_cannot_be_taken_back(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let picked = shown("accept", &[label(&town, &one).await, label(&town, &two).await]);
        let long = "长".repeat(2001);
        let refused = staff.fills(&picked, "/desk/batches", &[("answer", &long)]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(refused.fault("answer").is_some() || refused.says("2000"), "{}", refused.text());
        refused.shows(&long);
        assert_eq!(town.now(one.matter).await.state, IssueState::Received);
        staff.does(&picked, "/desk/batches", &[("answer", "收到，师傅上午到。")]).await;
        for told in [&one, &two] {
            assert_eq!(town.now(told.matter).await.first_answer_due, None);
            assert!(site.visitor().reads(&format!("/r/{}", told.receipt)).await.says("收到，师傅上午到。"));
        }
        let desk = staff.reads("/desk").await;
        assert!(undo(&desk).is_none(), "{}", desk.text());
    }

    async fn a_matter_is_put_into_somebodys_hands(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let site = town.site().await;
        let (staff, colleague) = (site.signed_in(&town.staff).await, site.signed_in(&town.colleague).await);
        let picked = shown("assign", &[label(&town, &one).await, label(&town, &two).await]);
        let refused = staff.fills(&picked, "/desk/batches", &[("person", &town.fitter.id.0.to_string())]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity, "somebody of another organisation");
        assert!(refused.fault("person").is_some(), "{}", refused.text());
        let nobody = staff.fills(&picked, "/desk/batches", &[]).await;
        assert!(nobody.fault("person").is_some(), "nobody is assigned by pressing on: {}", nobody.text());
        staff.does(&picked, "/desk/batches", &[("person", &town.colleague.id.0.to_string())]).await;
        assert_eq!(town.now(one.matter).await.person_id, Some(town.colleague.id));
        assert_eq!(town.letters("assigned").await.len(), 2);
        let mine = colleague.reads("/desk?hands=mine").await;
        assert!(mine.says("灯不亮") && mine.says("门关不上"), "{}", mine.text());
        assert!(!staff.reads("/desk?hands=mine").await.says("灯不亮"));
        assert!(!staff.reads("/desk?hands=nobody").await.says("灯不亮"));
        staff.does("/desk", &undo(&staff.reads("/desk").await).unwrap(), &[]).await;
        assert_eq!(town.now(one.matter).await.person_id, None);
        assert!(staff.reads("/desk?hands=nobody").await.says("灯不亮"));
    }

    async fn what_was_given_on_is_not_taken_back(town: Town) {
        let told = town.reports("灯不亮").await;
        let site = town.site().await;
        let (staff, colleague) = (site.signed_in(&town.staff).await, site.signed_in(&town.colleague).await);
        staff.does(&shown("accept", &[label(&town, &told).await]), "/desk/batches", &[]).await;
        let undo = undo(&staff.reads("/desk").await).unwrap();
        let picked = shown("assign", &[label(&town, &told).await]);
        colleague.does(&picked, "/desk/batches", &[("person", &town.colleague.id.0.to_string())]).await;
        let refused = staff.fills("/desk", &undo, &[]).await;
        assert!(refused.says("都已经有人接着办了"), "{}", refused.text());
        assert_eq!(town.now(told.matter).await.state, IssueState::Accepted);
        colleague.does(&picked, "/desk/batches", &[("person", "nobody")]).await;
        assert_eq!(town.now(told.matter).await.person_id, None);
    }

    async fn the_same_words_answer_the_reporters_of_each(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let (of, task) = town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        staff.does(&shown("accept", &[label(&town, &one).await, label(&town, &two).await]), "/desk/batches", &[]).await;
        let picked = shown("answer", &[label(&town, &one).await, label(&town, &two).await]);
        let empty = staff.fills(&picked, "/desk/batches", &[("answer", " ")]).await;
        assert_eq!(empty.status, Status::UnprocessableEntity, "{}", empty.text());
        staff.does(&picked, "/desk/batches", &[("answer", "师傅下午三点前到。")]).await;
        for told in [&one, &two] {
            assert_eq!(town.now(told.matter).await.first_answer_due, None);
            assert!(site.visitor().reads(&format!("/r/{}", told.receipt)).await.says("师傅下午三点前到。"));
        }
        assert!(undo(&staff.reads("/desk").await).is_none());
        let fitter = site.signed_in(&town.fitter).await;
        let page = fitter.reads(&shown("answer", &[format!("{}/{}", label(&town, &of).await, task.number)])).await;
        assert!(page.says("任务单不直接回话给报事人"), "{}", page.text());
    }

    async fn an_offer_is_taken_back_before_it_is_answered(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let picked = shown("transfer", &[label(&town, &one).await, label(&town, &two).await]);
        let missing = staff.fills(&picked, "/desk/batches", &[("to", ""), ("words", "归你们管")]).await;
        assert_eq!(missing.status, Status::UnprocessableEntity);
        assert!(missing.fault("to").is_some() && missing.body.contains("归你们管"), "{}", missing.text());
        let words = [("to", town.department.slug.as_str()), ("reason", "not_our_area"), ("words", "归你们管")];
        staff.does(&picked, "/desk/batches", &words).await;
        assert_eq!(town.now(one.matter).await.offered_to_id, Some(town.department.id));
        staff.does("/desk", &undo(&staff.reads("/desk").await).unwrap(), &[]).await;
        assert_eq!(town.now(one.matter).await.offered_to_id, None);
        assert!(!town.letters("transfer_taken_back").await.is_empty());
        assert!(!site.signed_in(&town.officer).await.reads("/desk?view=offered").await.says("灯不亮"));
    }

    async fn nobody_does_more_together_than_one_by_one(town: Town) {
        let told = town.reports("灯不亮").await;
        let site = town.site().await;
        for who in [&town.fitter, &town.representative, &town.staff_elsewhere] {
            let reader = site.signed_in(who).await;
            let page = reader.reads(&shown("accept", &[label(&town, &told).await])).await;
            assert!(page.form("/desk/batches").is_none(), "{}", page.text());
            assert!(!page.says("灯不亮"), "what is not theirs is not read either: {}", page.text());
            let token = reader.reads("/me").await.form("/me/language").and_then(|f| f.into_iter().find(|(n, _)| n == "token")).expect("a token").1;
            let pick = format!("{}@1", label(&town, &told).await);
            let fields = [("token", token.as_str()), ("verb", "accept"), ("pick", pick.as_str())];
            let sent = reader.posts("/desk/batches", &fields).await;
            assert_ne!(sent.status, Status::SeeOther, "{}", sent.text());
        }
        assert_eq!(town.now(told.matter).await.state, IssueState::Received);
        let staff = site.signed_in(&town.staff).await;
        for address in ["/desk/batches/new?verb=accept", "/desk/batches/new?verb=accept&pick=TQ-9999&pick=%00&pick=..", "/desk/print?pick=XX-1"] {
            let page = staff.reads(address).await;
            assert!(page.says("还没有选哪一件") || page.says("没有能这样办的"), "{address}: {}", page.text());
        }
        assert_eq!(staff.opens("/desk/batches/new?verb=close&pick=TQ-1").await.status, Status::UnprocessableEntity);
        assert_eq!(staff.opens("/desk/batches/no-id").await.status, Status::NotFound);
    }

    async fn a_round_is_printed_floor_by_floor(town: Town) {
        let (one, two) = (town.reports("灯不亮").await, town.reports("门关不上").await);
        let site = town.site().await;
        let page = site.signed_in(&town.staff).await.reads(&format!("/desk/print?pick={}&pick={}", label(&town, &one).await, label(&town, &two).await)).await;
        assert!(page.says("巡楼单，2件") && page.says("灯不亮"), "{}", page.text());
        assert_eq!(page.body.matches("class=\"round-qr\"").count(), 2, "a code for each");
    }

    async fn a_list_is_kept_under_a_name(town: Town) {
        town.says("水龙头漏").about("util.water").files().await;
        town.says("厕所灯").about("env.toilet").files().await;
        let site = town.site().await;
        let (staff, colleague) = (site.signed_in(&town.staff).await, site.signed_in(&town.colleague).await);
        let narrowed = "/desk?kind=util.water";
        let page = staff.reads(narrowed).await;
        assert!(page.says("水龙头漏") && !page.says("厕所灯"), "{}", page.text());
        let missing = staff.fills(narrowed, "/desk/views", &[("name", "")]).await;
        assert_eq!(missing.status, Status::UnprocessableEntity);
        assert!(missing.fault("name").is_some());
        assert_eq!(staff.does(narrowed, "/desk/views", &[("name", "水"), ("shared", "1"), ("first", "1")]).await, narrowed);
        let page = staff.reads("/desk").await;
        assert!(page.says("水龙头漏") && !page.says("厕所灯"), "it is what opens first: {}", page.text());
        assert!(staff.reads("/desk?view=next").await.says("厕所灯"));
        page.shows("href=\"/desk?view&#x3D;next\"");
        let theirs = colleague.reads("/desk").await;
        assert!(theirs.says("厕所灯"), "a colleague's first list is their own");
        theirs.shows("href=\"/desk?kind&#x3D;util.water\"");
        assert!(!site.signed_in(&town.fitter).await.reads("/desk").await.body.contains("util.water\">水"), "of another organisation nobody sees it");
        let removal = staff.reads(narrowed).await.forms().into_iter().find(|f| f.ends_with("/removal")).unwrap();
        assert_eq!(colleague.posts(&removal, &[]).await.status, Status::Conflict, "no form token");
        staff.does(narrowed, &removal, &[]).await;
        assert!(staff.reads("/desk").await.says("厕所灯"));
    }
}
