//! The figures of the morning rush against worked examples.

use louyi::domain::lifts::{LiftGroup, Queue, shortest_window, two_waves};

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
