//! Times of a building: versions that hold from a day on, and never for what is promised already.

use chrono::{Duration, NaiveDate};
use louyi::domain::categories::{self, Limit};
use louyi::domain::times::{self, NewTimes, Owed};
use louyi::kernel::error::Result;

use crate::support::people::Who;
use crate::support::{Town, on_both, refusal};

fn day(town: &Town, n: i64) -> NaiveDate {
    town.house.calendar().date_of(town.house.now()) + Duration::days(n)
}

async fn adopts(town: &Town, who: &Who, from: NaiveDate, owed: &[(&str, Limit, Limit)]) -> Result<times::Version> {
    let owed = owed.iter().map(|(code, first, result)| (categories::find(code).unwrap(), Owed { first: *first, result: *result })).collect();
    who.does(async |act| times::adopt(act, &town.tower, NewTimes { from, owed, resolution: None, words: "议事会商定" }).await).await
}

const FASTER: &[(&str, Limit, Limit)] = &[("hvac.temp", Limit::Hours(1), Limit::WorkingDays(2))];

on_both! {
    async fn what_is_promised_stays_and_what_comes_is_promised_anew(town: Town) {
        let before = town.says("太冷").about("hvac.temp").files().await;
        let promised = town.now(before.matter).await;
        adopts(&town, &town.secretary, day(&town, 2), FASTER).await.unwrap();
        assert_eq!(town.now(before.matter).await, promised, "nothing moves");
        let category = categories::find("hvac.temp").unwrap();
        let today = town.says("还是太冷").about("hvac.temp").files().await;
        assert_eq!(town.now(today.matter).await.first_answer_due, Some(category.first.from(town.house.now(), &town.house.calendar()).at), "not from today on");
        town.lets_pass(Duration::days(2));
        let after = town.says("太冷了").about("hvac.temp").files().await;
        let (now, calendar) = (town.house.now(), town.house.calendar());
        let issue = town.now(after.matter).await;
        assert_eq!(issue.first_answer_due, Some(Limit::Hours(1).from(now, &calendar).at));
        assert_eq!(issue.result_due, Some(Limit::WorkingDays(2).from(now, &calendar).at));
        // Who joins what was promised before is answered by what holds when they come.
        let joined = town.says("").about("hvac.temp").joins(before.matter).await;
        assert_eq!(town.report(&joined).await.first_answer_due, Limit::Hours(1).from(now, &calendar).at);
        // Another kind, another building: as before.
        let other = town.says("排队").about("lift.queue").files().await;
        let queue = categories::find("lift.queue").unwrap();
        assert_eq!(town.now(other.matter).await.first_answer_due, Some(queue.first.from(now, &calendar).at));
        assert_eq!(times::at(town.house.read(), town.elsewhere.id, now).await.unwrap().of(category), Owed::of_house(category));
    }

    async fn a_later_version_of_the_same_day_holds(town: Town) {
        adopts(&town, &town.secretary, day(&town, 2), FASTER).await.unwrap();
        assert_eq!(refusal(adopts(&town, &town.secretary, day(&town, 3), FASTER).await), "times_same");
        let slower = [("hvac.temp", Limit::Hours(8), Limit::WorkingDays(3))];
        let second = adopts(&town, &town.secretary, day(&town, 2), &slower).await.unwrap();
        assert_eq!(second.version, 2);
        let category = categories::find("hvac.temp").unwrap();
        let history = times::History::of(town.house.read(), town.tower.id).await.unwrap();
        assert_eq!(history.owed(second.in_force_from, category).first, Limit::Hours(8));
        assert_eq!(history.owed(second.in_force_from - Duration::milliseconds(1), category), Owed::of_house(category));
        // Back to the house's own is a version too.
        adopts(&town, &town.secretary, day(&town, 9), &[]).await.unwrap();
        let history = times::History::of(town.house.read(), town.tower.id).await.unwrap();
        assert_eq!(history.owed(town.house.now() + Duration::days(10), category), Owed::of_house(category));
        for at in [0, 1, 2, 3, 8, 9, 10].map(|n| town.house.now() + Duration::days(n)) {
            let one = times::at(town.house.read(), town.tower.id, at).await.unwrap().of(category);
            assert_eq!(one, history.owed(at, category), "read at once and one by one it is the same");
        }
    }

    async fn what_cannot_be_decided(town: Town) {
        assert_eq!(refusal(adopts(&town, &town.staff, day(&town, 2), FASTER).await), "only_secretary");
        assert_eq!(refusal(adopts(&town, &town.secretary, day(&town, 0), FASTER).await), "times_forward");
        assert_eq!(refusal(adopts(&town, &town.secretary, day(&town, 2), &[]).await), "times_same");
        let never = [("hvac.temp", Limit::Hours(1), Limit::WorkingDays(61))];
        assert_eq!(refusal(adopts(&town, &town.secretary, day(&town, 2), &never).await), "times_bounds");
        let danger = categories::all().iter().find(|c| c.emergency).unwrap();
        let slow = [(danger.code.as_str(), Limit::Hours(3), danger.result)];
        assert_eq!(refusal(adopts(&town, &town.secretary, day(&town, 2), &slow).await), "times_law");
        assert!(times::versions(town.house.read(), town.tower.id).await.unwrap().is_empty());
    }
}
