//! What a district's councils decided about one kind of trouble, and whether it helped.

use chrono::Duration;
use louyi::domain::effect_checks;
use louyi::domain::issues;
use louyi::domain::motions::NewMotion;
use louyi::domain::resolutions::{self, Resolution};
use louyi::domain::tasks;

use crate::support::{Matter, Town, on_both, verbs};

/// Adopted on a matter, published, done, and its first check made.
async fn tried(town: &Town, matter: Matter, title: &str, after: i64) -> Resolution {
    let session = match town.now(matter).await.state {
        issues::IssueState::OnAgenda => {
            let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap().id;
            let item = town.secretary.lists(meeting, matter).await.unwrap().id;
            town.secretary.calls(meeting).await.unwrap();
            town.lets_pass(Duration::days(8));
            town.convenor.opens(meeting).await.unwrap();
            verbs::Session { matter, meeting, item }
        }
        _ => town.council_meets_about(matter).await,
    };
    let due = town.house.now() + Duration::days(30);
    let u = town.secretary.asks_to_sign(session.item, &town.manager, "调整运行方案", due).await.unwrap();
    town.staff.signs(u.id).await.unwrap();
    let r = town.carries(&session, NewMotion { title, promise: Some(verbs::promise()), check_days: "14", ..verbs::motion() }).await;
    town.convenor.closes(session.meeting).await.unwrap();
    town.editor.publishes(&r).await.unwrap();
    let task = tasks::of_resolution(town.house.read(), r.id).await.unwrap().remove(0);
    town.staff.finishes(task.id, "已经调整完毕").await.unwrap();
    town.staff.says_done(matter, "措施已经落实").await.unwrap();
    town.lets_pass(Duration::days(14));
    let check = effect_checks::of_resolution(town.house.read(), r.id).await.unwrap().remove(0);
    town.secretary
        .gets(async |act| {
            let issue = issues::hold_by_id(act, matter.0).await?;
            effect_checks::by_id(act.tx(), check.id).await?.make(act, issue, after, "早高峰计时二十人").await.map(|(c, _)| c)
        })
        .await;
    r
}

on_both! {
    async fn what_failed_first_stands_before_what_helped(town: Town) {
        let told = town.reports("早高峰候梯太久").await;
        tried(&town, told.matter, "错峰三十分钟", 139).await;
        tried(&town, told.matter, "打卡机前移", 46).await;
        let category = town.now(told.matter).await.category;
        let all = resolutions::of_theme(town.house.read(), town.district.id, &[&category]).await.unwrap();
        let line = |d: &resolutions::Decided| (d.title.clone(), d.verdict.map(|v| v.as_str()), d.before_value, d.after_value);
        assert_eq!(all.iter().map(line).collect::<Vec<_>>(), [
            ("错峰三十分钟".into(), Some("ineffective"), Some(139), Some(139)),
            ("打卡机前移".into(), Some("effective"), Some(139), Some(46)),
        ]);
        let themes = resolutions::themes(town.house.read(), town.district.id).await.unwrap();
        assert_eq!(themes.iter().map(|t| (t.category.clone(), t.resolutions, t.buildings, t.effective, t.checked)).collect::<Vec<_>>(), [(category.clone(), 2, 1, 1, 2)]);
        let elsewhere = async |b: &louyi::domain::buildings::Building| resolutions::elsewhere(town.house.read(), town.district.id, b.id, &category, 5).await.unwrap().len();
        assert_eq!((elsewhere(&town.elsewhere).await, elsewhere(&town.tower).await), (2, 0), "for the next tower, not for itself");
    }

    async fn what_is_not_published_is_in_no_theme_and_in_no_search(town: Town) {
        let told = town.reports("早高峰候梯太久").await;
        let session = town.council_meets_about(told.matter).await;
        let r = town.carries(&session, verbs::motion()).await;
        let found = async |words| resolutions::search(town.house.read(), town.district.id, words).await.unwrap().len();
        assert!(resolutions::themes(town.house.read(), town.district.id).await.unwrap().is_empty());
        assert_eq!(found("打卡机").await, 0);
        town.editor.publishes(&r).await.unwrap();
        assert_eq!((found("打卡机").await, found("先打卡后候梯").await, found("不在里面").await, found("  ").await, found("%").await), (1, 1, 0, 0, 0));
    }
}
