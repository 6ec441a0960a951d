//! What is counted for an effect check, how likely it is by chance, and how those who reported find it.

use chrono::Duration;
use louyi::domain::effect_checks::chance::{Count, in_words, of_fall};
use louyi::domain::effect_checks::{self, Check, Feeling, Opinions};
use louyi::domain::issues;
use louyi::domain::motions::NewMotion;
use louyi::domain::reports;
use louyi::domain::tasks;
use louyi::kernel::error::Result;

use crate::support::{Told, Town, on_both, refusal, verbs};

#[test]
fn the_chance_of_a_fall_by_hand() {
    let of = |before: (u32, u32), after: (u32, u32)| of_fall(Count { n: before.0, days: before.1 }, Count { n: after.0, days: after.1 });
    // Sums of binomial coefficients: 1/2^10; (1+10+45)/2^10; (1+20+190+1140+4845+15504)/2^20; (2/3)^10 + 10 (1/3)(2/3)^9.
    for (before, after, expected) in [
        ((10, 7), (0, 7), 1.0 / 1024.0),
        ((8, 7), (2, 7), 56.0 / 1024.0),
        ((15, 28), (5, 28), 21700.0 / 1_048_576.0),
        ((9, 28), (1, 14), 1024.0 / 59049.0 + 10.0 / 3.0 * 512.0 / 19683.0),
    ] {
        let got = of(before, after).expect("a chance");
        assert!((got - expected).abs() < 1e-12, "{before:?} {after:?}: {got} and not {expected}");
    }
    // Large counts lose nothing: 498 and 40 in the same time lie far beyond chance, and it is still a number.
    let far = of((498, 84), (40, 84)).expect("a chance");
    assert!(far > 0.0 && far < 1e-90, "{far}");
    // Too few, no time, no fall.
    assert_eq!(of((9, 7), (0, 7)), None);
    assert_eq!(of((20, 0), (1, 7)), None);
    assert_eq!(of((20, 7), (1, 0)), None);
    assert_eq!(of((10, 7), (10, 7)), None);
    assert_eq!(of((5, 7), (9, 7)), None);
    assert_eq!(of((20, 14), (12, 7)), None, "fewer, and more a week");
    assert_eq!([in_words(0.0546875), in_words(0.0207), in_words(0.004), in_words(1e-90)], [(5, 100), (2, 100), (4, 1000), (1, 1000)]);
    assert_eq!(Count { n: 3, days: 14 }.tenths_a_week(), Some(15));
    assert_eq!(Count { n: 1, days: 84 }.tenths_a_week(), Some(1));
    assert_eq!(Count { n: 1, days: 0 }.tenths_a_week(), None);
}

/// Decided with one undertaking, done, and said to be done.
async fn done(town: &Town, told: &Told) {
    let session = town.council_meets_about(told.matter).await;
    let due = town.house.now() + Duration::days(30);
    let u = town.secretary.asks_to_sign(session.item, &town.manager, "调整运行方案", due).await.unwrap();
    town.staff.signs(u.id).await.unwrap();
    let r = town.carries(&session, NewMotion { promise: Some(verbs::promise()), check_days: "14,42", ..verbs::motion() }).await;
    town.convenor.closes(session.meeting).await.unwrap();
    let task = tasks::of_resolution(town.house.read(), r.id).await.unwrap().remove(0);
    town.staff.finishes(task.id, "已经调整完毕").await.unwrap();
    town.staff.says_done(told.matter, "措施已经落实").await.unwrap();
}

async fn first_check(town: &Town, told: &Told) -> Check {
    effect_checks::of_issue(town.house.read(), told.matter.0).await.unwrap().remove(0)
}

async fn feels(town: &Town, told: &Told, feeling: Feeling) -> Result<()> {
    let report = reports::by_id(town.house.read(), told.report).await.unwrap();
    town.holder_of(told).does(async |act| effect_checks::feel(act, &report, feeling).await).await
}

on_both! {
    async fn reports_before_and_after_are_counted_by_kind_and_place(town: Town) {
        let told = town.reports("早高峰候梯太久").await;
        for i in 0..11 {
            town.lets_pass(Duration::hours(20));
            town.says("我也一直等").on_device(&format!("手机{i}")).joins(told.matter).await;
        }
        done(&town, &told).await;
        let check = first_check(&town, &told).await;
        let issue = town.now(told.matter).await;
        let counted = async || effect_checks::counted(town.house.read(), &check, &issue, town.house.now(), &town.house.calendar()).await.unwrap();
        assert_eq!(counted().await, None, "no whole day is over yet");
        town.lets_pass(Duration::days(15));
        let c = counted().await.expect("counts");
        assert_eq!((c.before, c.after), (Count { n: 12, days: 84 }, Count { n: 0, days: 14 }));
        assert_eq!((c.year_before, c.again), (None, 0), "a year ago nobody reported here");
        let expected = (84f64 / 98.0).powi(12);
        assert!((c.chance.expect("a chance") - expected).abs() < 1e-12);
        // The same trouble comes back as a matter of its own.
        town.reports("早高峰候梯太久").await;
        town.lets_pass(Duration::days(1));
        let c = counted().await.expect("counts");
        assert_eq!((c.after, c.again), (Count { n: 1, days: 15 }, 1));
    }

    async fn those_who_reported_are_asked_on_the_day_once_and_answer_with_one_word(town: Town) {
        let first = town.reports("早高峰候梯太久").await;
        let mut all = vec![first.clone()];
        for _ in 0..4 {
            all.push(town.another_joins(first.matter).await);
        }
        done(&town, &first).await;
        assert_eq!(refusal(feels(&town, &first, Feeling::Better).await), "effect_not_asked");
        town.lets_pass(Duration::days(14));
        assert_eq!(effect_checks::ask_due(&town.house).await.unwrap(), 1);
        assert_eq!(effect_checks::ask_due(&town.house).await.unwrap(), 0);
        let check = first_check(&town, &first).await;
        for (told, feeling) in all.iter().zip([Feeling::Better, Feeling::Better, Feeling::Same, Feeling::Worse]) {
            feels(&town, told, feeling).await.unwrap();
        }
        assert_eq!(effect_checks::opinions(town.house.read(), check.id).await.unwrap(), None, "four could be told apart");
        feels(&town, &all[4], Feeling::Worse).await.unwrap();
        feels(&town, &all[4], Feeling::Better).await.unwrap();
        assert_eq!(effect_checks::opinions(town.house.read(), check.id).await.unwrap(), Some(Opinions { better: 3, same: 1, worse: 1 }), "the last word of each");
        // Once the check is made nothing is changed.
        town.secretary
            .gets(async |act| {
                let issue = issues::hold_by_id(act, check.issue_id).await?;
                effect_checks::by_id(act.tx(), check.id).await?.make(act, issue, 46, "早高峰计时二十人").await.map(|(c, _)| c)
            })
            .await;
        assert_eq!(refusal(feels(&town, &first, Feeling::Worse).await), "effect_not_asked");
        assert_eq!(effect_checks::opinions(town.house.read(), check.id).await.unwrap().map(Opinions::n), Some(5));
    }
}
