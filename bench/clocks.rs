//! What it costs to compute one clock on the calendar that the binary carries: `cargo bench --bench clocks`.
//! Instants are spread over two years and given in no order; each row is the best of five passes over all of them.

use std::hint::black_box;
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use louyi::domain::categories::Limit;
use louyi::kernel::calendar::Calendar;

const INSTANTS: i64 = 200_000;

fn main() {
    let calendar = Calendar::built_in().expect("the calendar that the binary carries");
    let first: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().expect("an instant");
    // 611 is prime to the minutes of two years: every pass walks through all of them without an order that helps.
    let starts: Vec<DateTime<Utc>> = (0..INSTANTS).map(|i| first + Duration::minutes(i * 611 % (730 * 24 * 60))).collect();
    println!("| limit | ns a clock |\n|---|---:|");
    for limit in [Limit::Hours(2), Limit::WorkingDays(1), Limit::WorkingDays(5), Limit::WorkingDays(15), Limit::WorkingDays(60), Limit::Days(30)] {
        let pass = || {
            let begun = Instant::now();
            for start in &starts {
                black_box(limit.from(black_box(*start), &calendar));
            }
            begun.elapsed().as_nanos() as f64 / starts.len() as f64
        };
        let best = (0..5).map(|_| pass()).fold(f64::INFINITY, f64::min);
        println!("| {limit} | {best:.0} |");
    }
}
