//! The figures of the morning rush against worked examples, and what a council compares before it decides.

use louyi::domain::effect_checks::{self, NewMeasurement, Phase};
use louyi::domain::lifts::{self, Clocks, LiftGroup, Lifts, Morning, NewStudy, Queue, Remedy, shortest_window, two_waves};
use louyi::domain::meetings::{self, MeetingKind, NewMeeting, items};
use louyi::kernel::error::Error;
use proptest::prelude::*;

use crate::support::{on_both, refusal};

const GROUP: LiftGroup =
    LiftGroup { floors: 14, persons: 12.8, lifts: 6, speed: 3.0, floor_height: 4.0, cycle: 9.0, transfer: 1.0, express: 0.0, population: 1_100 };

/// 3,000 people for a common start.
const WAVE: [u32; 6] = [300, 450, 600, 750, 600, 300];

fn near(got: f64, expected: f64, within: f64) -> bool {
    (got - expected).abs() <= within
}

#[test]
fn up_peak_l1_to_l3() {
    let l2 = LiftGroup { floors: 10, persons: 10.4, lifts: 4, speed: 2.5, floor_height: 3.9, cycle: 10.0, transfer: 1.2, population: 800, ..GROUP };
    let l3 = LiftGroup { floors: 12, persons: 16.8, lifts: 8, speed: 5.0, floor_height: 4.2, cycle: 9.5, express: 60.0, population: 2_000, ..GROUP };
    for (name, group, [s, h, rtt, int, hc5, share]) in [
        ("L1", GROUP, [8.578, 13.410, 134.79, 22.47, 170.9, 15.54]),
        ("L2", l2, [6.657, 9.537, 119.34, 29.84, 104.6, 13.07]),
        ("L3", l3, [9.218, 11.712, 165.77, 20.72, 243.2, 12.16]),
    ] {
        let up = group.up_peak().expect("sound input");
        assert!(near(up.stops, s, 0.0006) && near(up.reversal, h, 0.0006), "{name}: {up:?}");
        assert!(near(up.round_trip, rtt, 0.006) && near(up.interval, int, 0.006), "{name}: {up:?}");
        assert!(near(up.capacity, hc5, 0.06) && near(up.share, share, 0.006), "{name}: {up:?}");
    }
}

#[test]
fn one_start_time_l4() {
    let queue = Queue::of(&[600, 900, 1_200, 1_500, 1_200, 600], 450.0).expect("sound input");
    let expected = [150.0, 600.0, 1350.0, 2400.0, 3150.0, 3300.0, 2850.0, 2400.0, 1950.0, 1500.0, 1050.0, 600.0, 150.0, 0.0];
    assert_eq!(queue.waiting, expected);
    assert!(near(queue.worst_wait, 36.7, 0.05));
    assert_eq!(queue.cleared_after, Some(40));
}

#[test]
fn two_waves_l5_to_l8() {
    for (name, slots, capacity, peak, wait) in
        [("L5", 3, 450.0, 2_250.0, 25.0), ("L6", 6, 450.0, 900.0, 10.0), ("L7", 12, 450.0, 600.0, 6.7), ("L8", 6, 300.0, 2_400.0, 40.0)]
    {
        let queue = Queue::of(&two_waves(&WAVE, slots), capacity).expect("sound input");
        assert_eq!(queue.peak, peak, "{name}");
        assert!(near(queue.worst_wait, wait, 0.05), "{name}");
    }
    let l6 = Queue::of(&two_waves(&WAVE, 6), 450.0).expect("sound input");
    let expected = [0.0, 0.0, 150.0, 450.0, 600.0, 450.0, 300.0, 300.0, 450.0, 750.0, 900.0, 750.0, 300.0, 0.0];
    assert_eq!(l6.waiting, expected);
    let l7 = Queue::of(&two_waves(&WAVE, 12), 450.0).expect("sound input");
    assert!(l7.waiting[6..12].contains(&0.0), "cleared between the waves");
}

#[test]
fn the_reported_pattern_l9_and_an_even_one_l10() {
    let l9 = Queue::of(&[900; 4], 450.0).expect("sound input");
    assert_eq!(l9.waiting, [450.0, 900.0, 1350.0, 1800.0, 1350.0, 900.0, 450.0, 0.0]);
    assert_eq!(l9.worst_wait, 20.0);
    let l10 = Queue::of(&[334; 18], 450.0).expect("sound input");
    assert_eq!((l10.peak, l10.worst_wait, l10.cleared_after), (0.0, 0.0, Some(0)));
}

#[test]
fn shortest_windows_for_six_thousand() {
    for (capacity, minutes) in [(450.0, 66.7), (300.0, 100.0), (900.0, 33.3)] {
        assert!(near(shortest_window(6_000, capacity), minutes, 0.05));
    }
}

#[test]
fn unsound_input_gives_no_figures() {
    for group in [
        LiftGroup { floors: 0, ..GROUP },
        LiftGroup { lifts: 0, ..GROUP },
        LiftGroup { population: 0, ..GROUP },
        LiftGroup { speed: 0.0, ..GROUP },
        LiftGroup { persons: f64::NAN, ..GROUP },
        LiftGroup { express: -1.0, ..GROUP },
        LiftGroup { floors: u32::MAX, ..GROUP },
        LiftGroup { cycle: 0.001, speed: 0.01, transfer: 0.001, ..GROUP },
    ] {
        assert_eq!(group.up_peak(), None, "{group:?}");
    }
    assert_eq!(Queue::of(&[1], 0.0), None);
    assert_eq!(Queue::of(&[1], f64::NAN), None);
    let never = Queue::of(&[4_000_000_000], 0.5).expect("sound input");
    assert_eq!((never.waiting.len(), never.cleared_after), (Queue::LONGEST, None));
    assert_eq!(Queue::of(&[], 1.0).expect("sound input").peak, 0.0);
}

/// 6,000 people, one deadline, 450 carried in five minutes (L4).
fn rush() -> Morning {
    Morning {
        first: 10 * 60 + 30,
        start: 11 * 60,
        arrivals: vec![600, 900, 1_200, 1_500, 1_200, 600],
        lifts: Lifts::Counted(450),
        others: 0,
        clocks: Some(Clocks { devices: 12, per_minute: 20 }),
        goods: Some(50),
    }
}

#[test]
fn moving_the_clocks_leaves_the_lifts_as_they_are() {
    let (as_is, clocks) = (rush().under(Remedy::AsIs).unwrap(), rush().under(Remedy::Clocks).unwrap());
    assert_eq!((as_is.peak, as_is.late), (3_300.0, 3_300), "who queues when the clock strikes is late");
    assert!(near(as_is.worst_wait, 36.7, 0.05));
    assert_eq!((clocks.waiting.clone(), clocks.worst_wait, clocks.capacity), (as_is.waiting.clone(), as_is.worst_wait, as_is.capacity));
    // 12 clocks of 20 a minute pass 1,200 in five minutes; 1,500 come: 300 wait once, and are through before the start.
    assert_eq!((clocks.clock_queue, clocks.clocks_needed, clocks.late), (Some(300.0), Some(15), 0));
    let fifteen = Morning { clocks: Some(Clocks { devices: 15, per_minute: 20 }), ..rush() }.under(Remedy::Clocks).unwrap();
    assert_eq!(fifteen.clock_queue, Some(0.0));
    assert!(Morning { clocks: None, ..rush() }.under(Remedy::Clocks).is_none(), "not without knowing how many clocks");
}

#[test]
fn a_stagger_is_counted_by_each_waves_own_deadline() {
    // L5, L6, L7: the peaks of the vectors; late is who of a wave still waits at that wave's deadline.
    for (remedy, peak, wait) in [(Remedy::Stagger15, 2_250.0, 25.0), (Remedy::Stagger30, 900.0, 10.0), (Remedy::Stagger60, 600.0, 6.7)] {
        let o = rush().under(remedy).unwrap();
        assert_eq!(o.peak, peak, "{remedy}");
        assert!(near(o.worst_wait, wait, 0.05), "{remedy}: {}", o.worst_wait);
    }
    // 30 minutes apart nobody of the second wave has come when the first must be there: 450 wait, then 750.
    assert_eq!(rush().under(Remedy::Stagger30).unwrap().late, 450 + 750);
    // L8: other tenants use a third of the lifts.
    let shared = Morning { others: 33, lifts: Lifts::Counted(448), ..rush() }.under(Remedy::Stagger30).unwrap();
    assert!(near(shared.worst_wait, 40.0, 0.1) && near(shared.peak, 2_400.0, 5.0), "{shared:?}");
}

#[test]
fn floors_and_the_goods_lift_need_what_they_are_computed_from() {
    assert!(rush().under(Remedy::Floors).is_none(), "a count says nothing about halves");
    let counted = rush().under(Remedy::Goods).unwrap();
    assert_eq!(counted.capacity, 500.0);
    assert!(Morning { goods: None, ..rush() }.under(Remedy::Goods).is_none());
    let group = Morning { lifts: Lifts::Group(GROUP), goods: None, arrivals: vec![100, 200, 300, 200], ..rush() };
    let (as_is, goods, floors) = (group.under(Remedy::AsIs).unwrap(), group.under(Remedy::Goods).unwrap(), group.under(Remedy::Floors).unwrap());
    assert!(near(as_is.capacity, 170.9, 0.06) && near(goods.capacity, 170.9 * 7.0 / 6.0, 0.1), "{goods:?}");
    // Fewer stops each: together the halves carry more than the whole did.
    assert!(floors.capacity > as_is.capacity && floors.peak < as_is.peak, "{floors:?}");
    let alone = Morning { lifts: Lifts::Group(LiftGroup { lifts: 1, ..GROUP }), ..group };
    assert!(alone.under(Remedy::Floors).is_none(), "one lift cannot be split");
}

#[test]
fn what_cannot_be_is_refused_by_its_field() {
    let field = |m: Morning| m.ask_sound().expect_err("refused").field;
    assert_eq!(rush().ask_sound(), Ok(()));
    assert_eq!(field(Morning { first: 632, ..rush() }), Some("first"));
    assert_eq!(field(Morning { start: 630, ..rush() }), Some("start"));
    assert_eq!(field(Morning { arrivals: vec![0, 0], ..rush() }), Some("arrivals"));
    assert_eq!(field(Morning { arrivals: vec![u32::MAX], ..rush() }), Some("arrivals"));
    assert_eq!(field(Morning { arrivals: vec![1; 61], ..rush() }), Some("arrivals"));
    assert_eq!(field(Morning { others: 91, ..rush() }), Some("others"));
    assert_eq!(field(Morning { lifts: Lifts::Counted(0), ..rush() }), Some("capacity"));
    assert_eq!(field(Morning { lifts: Lifts::Group(LiftGroup { speed: f64::NAN, ..GROUP }), ..rush() }), Some("floors"));
}

proptest! {
    #[test]
    fn waits_are_ordered_and_nobody_is_late_twice(
        arrivals in proptest::collection::vec(0u32..2_000, 1..24), capacity in 1u32..1_500, late_by in 1u32..24, others in 0u32..90,
    ) {
        prop_assume!(arrivals.iter().any(|n| *n > 0));
        let morning = Morning { arrivals, lifts: Lifts::Counted(capacity), start: 630 + late_by * 5, others, ..rush() };
        for remedy in [Remedy::AsIs, Remedy::Stagger15, Remedy::Stagger30, Remedy::Clocks] {
            let Some(o) = morning.under(remedy) else { continue };
            prop_assert!(o.late <= morning.people(), "{remedy}: {o:?}");
            prop_assert!(o.median_wait <= o.worst_wait + 1e-6 && o.mean_wait >= 0.0 && o.peak >= 0.0, "{remedy}: {o:?}");
            if o.peak == 0.0 {
                prop_assert_eq!((o.worst_wait, o.median_wait, o.mean_wait), (0.0, 0.0, 0.0));
            }
        }
    }

    #[test]
    fn the_mean_is_what_single_people_wait(arrivals in proptest::collection::vec(0u32..60, 1..8), capacity in 10u32..40) {
        prop_assume!(arrivals.iter().any(|n| *n > 0));
        let morning = Morning { arrivals: arrivals.clone(), lifts: Lifts::Counted(capacity), ..rush() };
        let o = morning.under(Remedy::AsIs).unwrap();
        if o.waiting.last() != Some(&0.0) { return Ok(()); }
        // The slow, obvious way: each person arrives at an even distance within the slot, and is carried when all before are.
        let rate = f64::from(capacity) / 5.0;
        let (mut free, mut waited) = (0.0f64, 0.0);
        for (k, n) in arrivals.iter().enumerate() {
            for i in 0..*n {
                let comes = k as f64 * 5.0 + 5.0 * (f64::from(i) + 0.5) / f64::from(*n);
                free = free.max(comes);
                waited += free - comes;
                free += 1.0 / rate;
            }
        }
        let slow = waited / f64::from(morning.people());
        // Two ways of cutting five minutes: they differ by less than what one slot can hide.
        prop_assert!((slow - o.mean_wait).abs() <= 2.5, "{slow} against {}", o.mean_wait);
    }
}

on_both! {
    async fn a_forecast_is_kept_frozen_and_held_against_what_came(town: Town) {
        let told = town.says("早上等电梯").about("lift.queue").files().await;
        let secretary = &town.secretary;
        town.staff.accepts(told.matter, "已收到，会与租户协调").await.unwrap();
        secretary.nominates(told.matter).await.unwrap();
        let item = items::open_of_issue(town.house.read(), told.matter.0).await.unwrap().expect("on the list");
        let item = secretary.gets(async |act| items::by_id(act.tx(), item.id).await?.prepare(act, "早上等电梯", "怎么办？", items::Competence::Council, "").await).await;
        let new = |morning: Morning, remedies: Vec<Remedy>| NewStudy { morning, remedies, source: "11月3日闸机记录" };
        let keep = async |morning: Morning, remedies: Vec<Remedy>, version: i32| {
            secretary.does(async |act| lifts::keep(act, &items::by_id(act.tx(), item.id).await?, new(morning, remedies), version).await).await
        };
        assert_eq!(refusal(keep(rush(), vec![], 0).await), "lifts_nothing_to_compare");
        assert_eq!(refusal(keep(Morning { clocks: None, ..rush() }, vec![Remedy::Clocks], 0).await), "lifts_cannot_clocks");
        let study = keep(rush(), vec![Remedy::Stagger30, Remedy::Clocks], 0).await.unwrap();
        assert_eq!(study.morning().unwrap(), rush(), "as it was entered");
        assert_eq!(study.remedies(), [Remedy::AsIs, Remedy::Stagger30, Remedy::Clocks]);
        assert!(matches!(keep(rush(), vec![Remedy::Clocks], 0).await, Err(Error::Conflict)), "somebody else was first");
        let study = keep(rush(), vec![Remedy::Stagger15, Remedy::Clocks], study.version).await.unwrap();
        let choose = async |remedy: Remedy, version: i32| {
            secretary.does(async |act| lifts::choose(act, &items::by_id(act.tx(), item.id).await?, remedy, version).await).await
        };
        assert_eq!(refusal(choose(Remedy::Clocks, study.version).await), "lifts_choose_later");

        // The papers' hash at the notice covers it.
        let starts_at = town.house.now() + chrono::Duration::days(8);
        let council = town.council.id;
        let meeting = secretary
            .gets(async |act| {
                let council = louyi::domain::councils::by_id(act.tx(), council).await?;
                let meeting = meetings::draft(act, &council, NewMeeting { kind: MeetingKind::Regular, starts_at, place: "大会议室", online: None, votes_until: None }).await?;
                meeting.clone().list(act, items::by_id(act.tx(), item.id).await?).await?;
                meeting.call(act).await
            })
            .await;
        assert!(meeting.papers_hash.is_some());
        assert_eq!(refusal(keep(rush(), vec![Remedy::Clocks], study.version).await), "papers_frozen");
        assert_eq!(refusal(choose(Remedy::Floors, study.version).await), "unknown_choice");
        let study = choose(Remedy::Clocks, study.version).await.unwrap();
        assert!(matches!(choose(Remedy::Clocks, study.version - 1).await, Err(Error::Conflict)));
        let issue = told.matter.0;
        secretary
            .gets(async |act| {
                let issue = louyi::domain::issues::hold_by_id(act, issue).await?;
                let new = NewMeasurement { figure: effect_checks::Figure::LateMarks, label: "", unit: "次/周", decimals: 0, value: 12, phase: Phase::After, sample: None, source: "企业自己报的" };
                effect_checks::measure(act, &issue, new).await
            })
            .await;
        let page = town.site().await.visitor().reads("/b/tingqiao/council/items/1/lifts").await;
        assert!(page.says("打卡机移到闸机前") && page.says("决定用这个") && page.says("11月3日闸机记录"), "{}", page.text());
        let english = town.site().await.visitor().in_english().reads("/b/tingqiao/council/items/1/lifts").await;
        assert!(english.says("There in time, marked late"), "{}", english.text());
        assert!(page.says("+12"), "expected none, twelve came: {}", page.text());
        assert_eq!(study.outcomes().unwrap().iter().find(|o| o.remedy == Remedy::Clocks).unwrap().late_a_week(), 0);
    }

    async fn the_secretary_writes_a_forecast_in_the_browser(town: Town) {
        let site = town.site().await;
        let s = site.signed_in(&town.secretary).await;
        let (council, list) = ("/b/tingqiao/council", "/b/tingqiao/council/items");
        s.does(council, list, &[("source", "member"), ("title", "早高峰排队"), ("question", "怎么办？")]).await;
        let page = format!("{list}/1/lifts");
        assert!(s.reads(&format!("{list}/1")).await.body.contains(&page), "the item leads to it");
        assert_eq!(site.visitor().opens(&page).await.status.code, 404, "before the notice it is the council's own");
        let asked = s.reads(&page).await;
        assert!(asked.says("还没有测算"), "{}", asked.text());
        let typed = [("arrivals", "600、900 1200，1500 1200 600"), ("first", "10:30"), ("start", "11:00"), ("capacity", "450"), ("devices", "12"), ("source", "闸机记录")];
        for (change, words) in [
            (("arrivals", "六百"), "这里要填数字"),
            (("first", "10:32"), "要从整5分钟开始"),
            (("start", "10:30"), "要晚于第一个5分钟"),
            (("capacity", ""), "填点出来的人数，或者在下面填电梯参数"),
            (("devices", ""), "比打卡机要填几台"),
            (("source", ""), "还没写"),
        ] {
            let fields: Vec<(&str, &str)> = typed.iter().map(|f| if f.0 == change.0 { change } else { *f }).collect();
            let refused = s.fills(&page, &page, &fields).await;
            assert_eq!(refused.status.code, 422, "{change:?}: {}", refused.text());
            assert!(refused.says(words), "{change:?}: {}", refused.text());
            assert_eq!(refused.form(&page).expect("again").iter().find(|(n, _)| n == change.0).map(|(_, v)| v.as_str()), Some(change.1), "what was typed stays");
        }
        s.does(&page, &page, &typed).await;
        let shown = s.reads(&page).await;
        for words in ["3300", "36.7分钟", "一半人晚15分钟", "打卡机前最多排300人；要不排队得有15台", "6000人要散在67分钟里来才不排长队"] {
            assert!(shown.says(words), "{words}: {}", shown.text());
        }
        assert!(s.reads(&format!("{list}/1")).await.says("36.7分钟"), "the dossier holds it");
        let group = [("capacity", ""), ("floors", "14"), ("population", "1100"), ("lifts", "6"), ("persons", "12.8"), ("r-floors", "1")];
        s.does(&page, &page, &group).await;
        assert!(s.reads(&page).await.says("171"), "computed from the lifts' data: {}", s.reads(&page).await.text());
    }
}
