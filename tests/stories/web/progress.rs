//! The board of progress, reporting progress, the question to those who reported, and themes, through their pages.

use chrono::Duration;
use louyi::domain::effect_checks;
use louyi::domain::resolutions::take_effect_due;
use rocket::http::Status;

use super::objections::displayed;
use crate::support::on_both;

const BOARD: &str = "/b/tingqiao/council/progress";

on_both! {
    async fn the_board_says_who_owes_what_and_the_words_are_read_by_those_inside(town: Town) {
        let site = town.site().await;
        let task = [("task_1_organisation", "tq-property"), ("task_1_words", "闸机外拉线"), ("task_1_due", "2026-12-20"), ("task_1_measure", "现场看"), ("no_action", "")];
        let room = displayed(&town, &site, &task).await;
        let visitor = site.visitor();
        assert!(visitor.reads(BOARD).await.says("闸机外拉线") && visitor.reads(BOARD).await.says("施行以后开始"));
        town.it_is("2026-12-08 09:00");
        assert_eq!(take_effect_due(&town.house).await.expect("runs"), 1);
        let number = town.now(room.matter).await.number;
        let page = format!("/b/tingqiao/issues/{number}/tasks/1");
        let (staff, form) = (site.signed_in(&town.staff).await, format!("{page}/progress"));
        let short = staff.fills(&form, &form, &[("words", "好")]).await;
        assert_eq!(short.status, Status::UnprocessableEntity, "{}", short.text());
        staff.does(&form, &form, &[("words", "线拉好一半，还差两米线槽")]).await;
        assert!(staff.reads(&page).await.says("还差两米线槽"));
        let (outside, inside) = (visitor.reads(BOARD).await, room.secretary.reads(BOARD).await);
        assert!(outside.says("报过进展") && !outside.says("两米线槽"), "{}", outside.text());
        assert!(inside.says("两米线槽"), "{}", inside.text());
        assert!(visitor.reads(&format!("{BOARD}?show=late")).await.says("这里现在没有决议"));
        town.it_is("2026-12-22 09:00");
        assert!(visitor.reads(&format!("{BOARD}?show=late")).await.says("汀桥〔2026〕第1号"));
        for odd in ["?show=x", "?after=2026-1", "?show=helped"] {
            assert_eq!(visitor.opens(&format!("{BOARD}{odd}")).await.status, Status::Ok, "{odd}");
        }
        assert_eq!(visitor.opens(&format!("{BOARD}?after=x")).await.status, Status::NotFound);
        // The themes of the district.
        let theme = visitor.reads("/d/qingtang/themes/vertical").await;
        assert!(theme.says("汀桥〔2026〕第1号"), "{}", theme.text());
        assert!(visitor.reads("/d/qingtang/themes").await.says("1座楼，1份决议"));
        assert!(visitor.reads("/d/qingtang/themes?q=先打卡").await.says("汀桥〔2026〕第1号"));
        assert_eq!(visitor.opens("/d/qingtang/themes/nothing").await.status, Status::NotFound);
    }

    async fn those_who_reported_say_in_one_tap_whether_it_got_better(town: Town) {
        let told = town.reports("早高峰候梯太久").await;
        let session = town.council_meets_about(told.matter).await;
        let due = town.house.now() + Duration::days(30);
        let u = town.secretary.asks_to_sign(session.item, &town.manager, "调整运行方案", due).await.expect("asked");
        town.staff.signs(u.id).await.expect("signed");
        let new = louyi::domain::motions::NewMotion { promise: Some(crate::support::verbs::promise()), check_days: "14", ..crate::support::verbs::motion() };
        let r = town.carries(&session, new).await;
        let task = louyi::domain::tasks::of_resolution(town.house.read(), r.id).await.expect("tasks").remove(0);
        town.staff.finishes(task.id, "已经调整完毕").await.expect("done");
        town.staff.says_done(told.matter, "措施已经落实").await.expect("done");
        let site = town.site().await;
        let (visitor, page) = (site.visitor(), format!("/r/{}/effect", told.receipt));
        assert!(visitor.reads(&page).await.says("现在没有在问"));
        town.lets_pass(Duration::days(15));
        effect_checks::ask_due(&town.house).await.expect("runs");
        assert!(visitor.reads(&format!("/r/{}", told.receipt)).await.says("好些了吗"));
        visitor.does(&page, &page, &[("feeling", "better")]).await;
        assert!(visitor.reads(&page).await.says("您答过"));
        assert_eq!(visitor.fills(&page, &page, &[("feeling", "great")]).await.status, Status::UnprocessableEntity);
        let number = town.now(told.matter).await.number;
        let check = visitor.reads(&format!("/b/tingqiao/issues/{number}/checks/1")).await;
        assert!(check.says("答的还不到5人") && check.says("楼议自己数的") && check.says("看不出是不是碰巧"), "{}", check.text());
    }
}
