//! Figures of a building: numerators never larger than what they are of.

use chrono::Duration;
use louyi::domain::figures::{self, Figures};
use louyi::domain::issues;
use louyi::domain::reports::Answer;

use crate::support::{Town, on_both};

async fn count(town: &Town) -> Figures {
    let now = town.house.now();
    figures::of_building(town.house.read(), town.tower.id, now - Duration::days(365), now).await.unwrap()
}

on_both! {
    async fn counted_as_they_stand(town: Town) {
        assert_eq!(count(&town).await, Figures::default(), "nothing yet, and no division by it");
        let open = town.reports("电梯排队").await;
        town.another_joins(open.matter).await;
        let yes = town.a_matter_done().await;
        town.holder_of(&yes).answers(&yes, Answer::Yes).await.unwrap();
        town.a_matter_done().await;
        town.lets_working_days_pass(5);
        issues::lapse_due(&town.house).await.unwrap();
        let declined = town.reports("别的事").await;
        town.staff.declines(declined.matter, "out_of_scope", "请找物业公司总部").await.unwrap();
        let gone = town.reports("撤回的事").await;
        town.staff.accepts(gone.matter, "收到").await.unwrap();
        town.holder_of(&gone).withdraws(&gone).await.unwrap();
        let f = count(&town).await;
        assert_eq!((f.received, f.open, f.done, f.confirmed, f.silent), (5, 1, 2, 1, 1));
        assert_eq!((f.answered, f.reports), (3, 5), "the withdrawn one is in neither");
        assert_eq!(f.late, 1, "the open one has waited for its answer too long");
        let elsewhere = figures::of_building(town.house.read(), town.elsewhere.id, town.house.now() - Duration::days(365), town.house.now()).await.unwrap();
        assert_eq!(elsewhere, Figures::default());
        let recent = figures::of_building(town.house.read(), town.tower.id, town.house.now(), town.house.now()).await.unwrap();
        assert_eq!((recent.received, recent.open), (2, 1), "open counts whenever received");
    }

    async fn how_long_a_kind_takes_is_its_median_of_five_or_more(town: Town) {
        let began = town.house.now();
        for hours in [1, 5, 2, 4, 3, 60] {
            let told = town.reports("电梯排队").await;
            town.lets_pass(Duration::hours(hours));
            town.staff.accepts(told.matter, "收到").await.expect("accepted");
        }
        for _ in 0..4 {
            let told = town.says("太吵").about("env.noise").files().await;
            town.staff.accepts(told.matter, "收到").await.expect("accepted");
        }
        let paces = figures::paces(town.house.read(), town.tower.id, began).await.unwrap();
        let [pace] = &paces[..] else { panic!("four say nothing: {paces:?}") };
        let answer = pace.answer.expect("a median");
        assert_eq!((pace.category.as_str(), answer.of, pace.confirmed), ("lift.queue", 6, None));
        assert!((answer.seconds - 3.5 * 3600.0).abs() < 1.0, "between the third and the fourth: {}", answer.seconds);
        assert_eq!(figures::paces(town.house.read(), town.tower.id, town.house.now()).await.unwrap(), []);
        let page = town.site().await.visitor().reads("/b/tingqiao/figures").await;
        assert!(page.says("3.5小时") && page.says("6份里") && page.says("不到5份的不算"), "{}", page.text());
        let months = figures::months(town.house.read(), town.tower.id, began).await.unwrap();
        assert_eq!((months.iter().map(|m| m.received).sum::<i64>(), months.iter().map(|m| m.confirmed).sum::<i64>()), (10, 0));
    }

    async fn by_floor_and_by_week(town: Town) {
        let a = town.reports("电梯排队").await;
        town.lets_pass(Duration::days(7));
        town.another_joins(a.matter).await;
        town.says("太吵").at(&town.unit).about("env.noise").files().await;
        let floors = figures::by_floor(town.house.read(), town.tower.id, town.house.now()).await.unwrap();
        let mut rows: Vec<_> = floors.iter().map(|f| (f.floor_order, f.open, f.late, f.effective)).collect();
        rows.sort();
        assert_eq!(rows, [(Some(1), 1, 1, 0), (Some(18), 1, 0, 0)]);
        // Two at ten to midnight and one ten minutes after it, of the district's days, not of UTC's.
        let (calendar, today) = (town.house.calendar(), town.house.now());
        let midnight = calendar.end_of(calendar.date_of(today));
        town.lets_pass(midnight - today - Duration::minutes(10));
        town.another_joins(a.matter).await;
        town.says("还在排").on_device("夜里").joins(a.matter).await;
        town.lets_pass(Duration::minutes(20));
        town.says("零点了还在排").on_device("零点").joins(a.matter).await;
        let days = figures::report_days(town.house.read(), a.matter.0).await.unwrap();
        let last = calendar.date_of(today);
        assert_eq!(days, [(last - Duration::days(7), 1), (last, 3), (last + Duration::days(1), 1)]);
    }
}
