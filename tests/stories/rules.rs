//! Rules of procedure and seats: changed by a resolution of the council, forward only.

use chrono::{Days, Duration};
use louyi::domain::councils::rules::{self, Share, Terms};
use louyi::domain::councils::{self, Basis, Council, Given, NewSeat, Seat, SeatClass, Size, Weight};
use louyi::domain::meetings;
use louyi::domain::motions::{Method, NewMotion, Outcome};
use louyi::domain::resolutions::{self, Resolution};
use louyi::domain::votes::Choice;
use louyi::kernel::error::Result;

use crate::support::{Town, on_both, refusal, verbs};

const TWO_THIRDS: Share = Share { num: 2, den: 3, strict: false };

pub async fn council(town: &Town) -> Council {
    councils::by_id(town.house.read(), town.council.id).await.unwrap()
}

pub async fn terms(town: &Town) -> Terms {
    Terms::of(&council(town).await.rules(town.house.read()).await.unwrap())
}

/// A resolution about something, in force.
pub async fn decided(town: &Town, weight: Weight) -> Resolution {
    let told = town.reports("早上等电梯").await;
    let session = town.council_meets_about(told.matter).await;
    let r = town.carries(&session, NewMotion { weight, ..verbs::motion() }).await;
    town.secretary.gets(async |act| meetings::by_id(act.tx(), session.meeting).await?.close(act).await).await;
    town.editor.publishes(&r).await.unwrap();
    town.lets_pass(Duration::days(10));
    resolutions::take_effect_due(&town.house).await.unwrap();
    resolutions::by_id(town.house.read(), r.id).await.unwrap()
}

pub async fn adopts(town: &Town, terms: Terms, by: &Resolution) -> Result<councils::Rules> {
    let council = council(town).await;
    town.secretary.does(async |act| rules::adopt(act, &council, terms, by, "通知太短，来不及看材料").await).await
}

on_both! {
    async fn rules_change_by_a_resolution_about_them_and_once(town: Town) {
        let told = town.reports("电梯排队").await;
        let session = town.council_meets_about(told.matter).await;
        let fresh = town.carries(&session, NewMotion { weight: Weight::Rules, ..verbs::motion() }).await;
        town.secretary.gets(async |act| meetings::by_id(act.tx(), session.meeting).await?.close(act).await).await;
        let longer = Terms { notice_days: 7, ..terms(&town).await };
        assert_eq!(refusal(adopts(&town, longer.clone(), &fresh).await), "not_in_force");
        let ordinary = decided(&town, Weight::Ordinary).await;
        assert_eq!(refusal(adopts(&town, longer.clone(), &ordinary).await), "resolution_about");
        let r = decided(&town, Weight::Rules).await;
        assert_eq!(refusal(adopts(&town, terms(&town).await, &r).await), "rules_same");
        for (wrong, key) in [
            (Terms { notice_days: 0, ..longer.clone() }, "rules_number"),
            (Terms { display_days_major: 1, ..longer.clone() }, "rules_number"),
            (Terms { follow_up_days: "90,30".into(), ..longer.clone() }, "rules_follow_up"),
            (Terms { follow_up_days: "".into(), ..longer.clone() }, "rules_follow_up"),
            (Terms { majority: TWO_THIRDS, ..longer.clone() }, "rules_major_easier"),
        ] {
            assert_eq!(refusal(adopts(&town, wrong.clone(), &r).await), key, "{wrong:?}");
        }
        let second = adopts(&town, longer.clone(), &r).await.unwrap();
        assert_eq!((second.version, second.notice_days, second.resolution_id), (2, 7, Some(r.id)));
        assert_eq!(refusal(adopts(&town, Terms { notice_days: 9, ..longer }, &r).await), "rules_resolution_used");
        // Another council's resolution decides nothing here.
        let other = town.a_council_of(9, Basis::All).await.council;
        let refused = town.secretary.does(async |act| rules::adopt(act, &other, Terms { notice_days: 8, ..Terms::usual() }, &r, "别家的决议").await).await;
        assert_eq!(refusal(refused), "not_in_force");
        assert_eq!(rules::versions(town.house.read(), town.council.id).await.unwrap().iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
    }

    async fn a_meeting_is_held_under_the_rules_of_its_notice(town: Town) {
        let (r, later) = (decided(&town, Weight::Rules).await, decided(&town, Weight::Rules).await);
        let told = town.reports("电梯还是排队").await;
        town.staff.accepts(told.matter, "已收到").await.unwrap();
        town.secretary.nominates(told.matter).await.unwrap();
        // Drafted under the first version, called under the second: the second holds.
        let drafted = town.secretary.drafts_meeting(&town, 8).await.unwrap().id;
        let item = town.secretary.lists(drafted, told.matter).await.unwrap().id;
        let harder = Terms { majority: TWO_THIRDS, major: TWO_THIRDS, ..terms(&town).await };
        let second = adopts(&town, harder, &r).await.unwrap();
        town.secretary.calls(drafted).await.unwrap();
        assert_eq!(meetings::by_id(town.house.read(), drafted).await.unwrap().rules_id, second.id);
        // A third version after the notice, under which eight of thirteen would do, changes nothing for it.
        let third = adopts(&town, Terms::usual(), &later).await.unwrap();
        assert_eq!((third.version, meetings::by_id(town.house.read(), drafted).await.unwrap().rules_id), (3, second.id));
        town.lets_pass(Duration::days(8));
        town.convenor.opens(drafted).await.unwrap();
        let motion = town.secretary.puts(item, verbs::motion()).await.unwrap().id;
        town.are_seated(drafted, [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]).await;
        town.convenor.opens_vote(motion, Method::Named).await.unwrap();
        town.vote(motion, [1, 2, 3, 4, 6, 7, 8, 9], Choice::Yes).await;
        let (motion, none) = town.convenor.closes_vote(motion, 0).await.unwrap();
        assert_eq!((motion.outcome, none), (Some(Outcome::Rejected), None));
    }

    async fn what_is_not_ordinary_takes_the_larger_majority_and_longer_display(town: Town) {
        let r = decided(&town, Weight::Rules).await;
        adopts(&town, Terms { major: TWO_THIRDS, ..terms(&town).await }, &r).await.unwrap();
        let outcome = async |weight: Weight| {
            let told = town.reports("夜里装修声").await;
            let session = town.council_meets_about(told.matter).await;
            let put = town.secretary.puts(session.item, NewMotion { weight, ..verbs::motion() }).await.unwrap();
            town.are_seated(session.meeting, [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13]).await;
            town.convenor.opens_vote(put.id, Method::Named).await.unwrap();
            town.vote(put.id, [1, 2, 3, 4, 6, 7, 8, 9], Choice::Yes).await;
            let (closed, _) = town.convenor.closes_vote(put.id, 0).await.unwrap();
            if closed.outcome == Some(Outcome::Rejected) {
                town.convenor.gets(async |act| meetings::items::by_id(act.tx(), session.item).await?.withdraw(act).await).await;
            }
            town.secretary.gets(async |act| meetings::by_id(act.tx(), session.meeting).await?.close(act).await).await;
            (closed.outcome.unwrap(), put.display_days)
        };
        assert_eq!(outcome(Weight::Ordinary).await, (Outcome::Passed, 3));
        for weight in [Weight::Major, Weight::Rules, Weight::Seats] {
            assert_eq!(outcome(weight).await, (Outcome::Rejected, 7), "{weight}");
        }
    }

    async fn once_a_council_decides_its_seats_are_decided(town: Town) {
        let council = council(&town).await;
        let tomorrow = town.house.calendar().date_of(town.house.now()) + Days::new(1);
        let seat = || NewSeat { class: SeatClass::Enterprise, organisation: town.sunflower.id, person: None, deputy: None };
        let add = async |new: NewSeat, given: Given<'_>| -> Result<Seat> {
            town.secretary.does(async |act| council.add_seat(act, &town.tower, new, given).await).await
        };
        // While it is being founded nobody has decided anything yet.
        let first = add(seat(), Given { size: Some(Size::Large), until: Some(tomorrow), resolution: None }).await.unwrap();
        assert_eq!((first.size, first.term_until.clone()), (Some(Size::Large), Some(tomorrow.to_string())));
        assert_eq!(refusal(add(NewSeat { class: SeatClass::Party, ..seat() }, Given { size: Some(Size::Small), ..Given::default() }).await), "seat_size");
        assert_eq!(refusal(add(seat(), Given { until: Some(tomorrow - Days::new(1)), ..Given::default() }).await), "seat_term");
        let r = decided(&town, Weight::Seats).await;
        assert_eq!(refusal(add(seat(), Given::default()).await), "seats_undecided");
        let second = add(seat(), Given { resolution: Some(&r), ..Given::default() }).await.unwrap();
        assert_eq!(second.resolution_id, Some(r.id));
        let end = async |resolution: Option<&Resolution>| town.secretary.does(async |act| council.end_seat(act, second.clone(), resolution).await).await;
        assert_eq!(refusal(end(None).await), "seats_undecided");
        end(Some(&r)).await.unwrap();
        // Who sits in a seat is its organisation's own affair.
        let person = town.representative.id;
        town.secretary.gets(async |act| council.fill(act, &town.tower, first.clone(), Some(person), None).await).await;
    }

    async fn new_rules_are_entered_and_read_in_the_browser(town: Town) {
        let (page, new) = ("/b/tingqiao/council/rules", "/b/tingqiao/council/rules/new");
        let site = town.site().await;
        assert!(site.visitor().reads(page).await.says("成立时的规则"));
        let s = site.signed_in(&town.secretary).await;
        assert!(s.reads(new).await.says("还没有改规则的决议"));
        let r = decided(&town, Weight::Rules).await;
        let refused = s.fills(new, page, &[("words", "通知改成七天"), ("notice_days", "7")]).await;
        assert!(refused.status.code == 422 && refused.says("选定了改规则的那个决议"), "{}", refused.text());
        assert_eq!(refused.form(page).expect("again").iter().find(|(n, _)| n == "notice_days").map(|(_, v)| v.as_str()), Some("7"));
        let address = r.address();
        for (field, value, words) in [("notice_days", "0", "填1到60"), ("follow_up_days", "9,3", "从小到大"), ("majority", "three_quarters", "不能比普通事项更容易")] {
            let refused = s.fills(new, page, &[("resolution", &address), ("words", "改一改"), (field, value)]).await;
            assert!(refused.says(words), "{field}: {}", refused.text());
        }
        s.does(new, page, &[("resolution", &address), ("words", "通知改成七天，好看材料"), ("notice_days", "7"), ("major", "two_thirds")]).await;
        let read = site.visitor().reads(page).await;
        for words in ["第2版", "通知改成七天，好看材料", "会议通知连同材料在7天前发出", "动席位、公约和花钱的事", &r.label("汀桥")] {
            assert!(read.says(words), "{words}: {}", read.text());
        }
        assert!(site.visitor().in_english().reads(page).await.says("Version 2"));
        // The seats' page asks for a resolution about seats, and has none to offer.
        let seats = s.reads("/b/tingqiao/council/seats").await;
        assert!(seats.says("加席、撤席都要先有“席位”的决议"), "{}", seats.text());
    }
}
