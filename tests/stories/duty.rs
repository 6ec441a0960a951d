//! Duty: who is there, who stands in, and into whose hands something comes. Monday 23 November 2026, a quarter past nine.

use louyi::domain::duty::{self, Absence, HoldsOn, NewAbsence, NewRule, NewShift, OnDuty, Roster, Rule, Shift};
use louyi::domain::journal::Entry;
use louyi::domain::organisations::Organisation;
use louyi::kernel::error::Result;
use louyi::kernel::ids::PersonId;
use sea_orm::EntityTrait as _;

use crate::support::people::Who;
use crate::support::{Told, Town, on_both, refusal, shanghai};

const WEEK: [HoldsOn; 5] = [HoldsOn::Mon, HoldsOn::Tue, HoldsOn::Wed, HoldsOn::Thu, HoldsOn::Fri];

async fn plans(town: &Town, by: &Who, who: &Who, on: &[HoldsOn], day: Option<&str>, from: &str, to: &str) -> Result<Vec<Shift>> {
    by.does(async |act| duty::add_shifts(act, &town.tower, NewShift { person: who.id, on, day, from, to }).await).await
}

/// Ana by day, Bo by night, each working day; Bo through days off.
async fn a_roster(town: &Town) {
    plans(town, &town.staff, &town.staff, &WEEK, None, "08:00", "20:00").await.expect("by day");
    plans(town, &town.staff, &town.colleague, &WEEK, None, "20:00", "08:00").await.expect("by night");
    plans(town, &town.staff, &town.colleague, &[HoldsOn::Off], None, "08:00", "24:00").await.expect("days off");
}

async fn is_away(town: &Town, who: &Who, stand_in: Option<&Who>, from: &str, to: &str) -> Result<Absence> {
    let new = NewAbsence { person: who.id, stand_in: stand_in.map(|s| s.id), from, to };
    town.staff.does(async |act| duty::note_absence(act, &town.tower, new).await).await
}

async fn rules(town: &Town, by: &Who, who: &Who, category: Option<&str>, floors: Option<(&str, &str)>) -> Result<Rule> {
    let (lowest, highest) = floors.unzip();
    by.does(async |act| duty::add_rule(act, &town.tower, NewRule { person: who.id, category, tower: None, lowest, highest }).await).await
}

async fn on(town: &Town, of: &Organisation, at: &str) -> Vec<(PersonId, Option<PersonId>)> {
    let all = duty::on_now(town.house.read(), &town.tower, of.id, shanghai(at), &town.house.calendar()).await.expect("reads");
    all.into_iter().map(|OnDuty { person, instead_of, .. }| (person, instead_of)).collect()
}

async fn hands(town: &Town, told: &Told) -> Option<PersonId> {
    town.now(told.matter).await.person_id
}

on_both! {
    async fn the_week_the_night_and_days_off(town: Town) {
        a_roster(&town).await;
        let (ana, bo) = ((town.staff.id, None), (town.colleague.id, None));
        for (at, who) in [
            ("2026-11-23 07:59", vec![]),
            ("2026-11-23 08:00", vec![ana]),
            ("2026-11-23 20:00", vec![bo]),
            ("2026-11-24 07:59", vec![bo]),
            ("2026-11-24 08:00", vec![ana]),
            // Friday's night ends on Saturday morning, and the day off begins.
            ("2026-11-28 07:30", vec![bo]),
            ("2026-11-28 09:00", vec![bo]),
            ("2026-11-29 07:00", vec![]),
            // National Day is a Thursday that is not worked.
            ("2026-10-01 09:00", vec![bo]),
        ] {
            assert_eq!(on(&town, &town.manager, at).await, who, "{at}");
        }
        assert!(on(&town, &town.contractor, "2026-11-23 09:00").await.is_empty(), "another organisation has a roster of its own");
        // A date takes the place of the week.
        plans(&town, &town.staff, &town.colleague, &[], Some("2026-11-25"), "06:00", "12:00").await.expect("a date");
        assert_eq!(on(&town, &town.manager, "2026-11-25 09:00").await, vec![bo]);
        assert!(on(&town, &town.manager, "2026-11-25 15:00").await.is_empty(), "the week's day does not hold then");
        // A weekend that is worked (调休): Sunday's own, or else those of days off.
        let worked = town.house.calendar().is_working("2026-09-20".parse().unwrap());
        assert!(worked, "Sunday 20 September 2026 is worked");
        let roster = Roster::of(town.house.read(), &town.tower, town.manager.id, "2026-11-23".parse().unwrap()).await.unwrap();
        assert_eq!(roster.at(shanghai("2026-09-20 09:00"), &town.house.calendar()).len(), 1);
    }

    async fn who_is_away_is_skipped_or_stood_in_for(town: Town) {
        a_roster(&town).await;
        is_away(&town, &town.staff, Some(&town.colleague), "2026-11-24", "2026-11-25").await.expect("away");
        assert_eq!(on(&town, &town.manager, "2026-11-23 09:00").await, vec![(town.staff.id, None)]);
        assert_eq!(on(&town, &town.manager, "2026-11-24 09:00").await, vec![(town.colleague.id, Some(town.staff.id))]);
        assert_eq!(on(&town, &town.manager, "2026-11-26 09:00").await, vec![(town.staff.id, None)]);
        // Both away: nobody.
        is_away(&town, &town.colleague, None, "2026-11-25", "2026-11-25").await.expect("away");
        assert!(on(&town, &town.manager, "2026-11-25 09:00").await.is_empty());
    }

    async fn what_comes_is_in_hands_as_it_comes(town: Town) {
        assert_eq!(hands(&town, &town.reports("没有值班表").await).await, None, "off without a roster");
        a_roster(&town).await;
        let told = town.reports("候梯太久").await;
        assert_eq!(hands(&town, &told).await, Some(town.staff.id));
        assert!(town.story(told.matter).await.contains(&"put_in_hands".to_owned()));
        // One letter for whoever has it, the other kind for everybody else.
        let assigned = town.letters("assigned").await;
        assert_eq!(assigned.len(), 1);
        // At night whoever is there.
        town.it_is("2026-11-23 21:00");
        assert_eq!(hands(&town, &town.reports("夜里漏水").await).await, Some(town.colleague.id));
        // When nobody is planned, nobody's.
        town.it_is("2026-11-29 03:00");
        assert_eq!(hands(&town, &town.reports("凌晨").await).await, None);
    }

    async fn rules_come_first_and_the_least_load_decides(town: Town) {
        plans(&town, &town.staff, &town.staff, &WEEK, None, "08:00", "20:00").await.expect("planned");
        plans(&town, &town.staff, &town.colleague, &WEEK, None, "08:00", "20:00").await.expect("two at once");
        let mut got = vec![];
        for n in 0..4 {
            got.push(hands(&town, &town.says(&format!("第{n}件")).at(if n % 2 == 0 { &town.lobby } else { &town.gate }).files().await).await.unwrap());
        }
        assert_eq!(got.iter().filter(|p| **p == town.staff.id).count(), 2, "evenly: {got:?}");
        let by_kind = rules(&town, &town.staff, &town.colleague, Some("hvac.temp"), None).await.expect("a rule");
        rules(&town, &town.staff, &town.staff, None, Some(("1", "3"))).await.expect("a rule");
        let cold = town.says("太冷").about("hvac.temp").files().await;
        assert_eq!(hands(&town, &cold).await, Some(town.colleague.id), "the first that fits");
        let lines = louyi::kernel::journal::of_issue(town.house.read(), cold.matter.0).await.unwrap();
        let put = lines.iter().find(|l| l.act == "put_in_hands").expect("noted").entry::<Entry>().unwrap();
        assert_eq!(put, Entry::PutInHands { task: None, to: town.colleague.id, rule: Some(by_kind.number), instead_of: None });
        let low = town.says("一楼").about("env.noise").files().await;
        assert_eq!(hands(&town, &low).await, Some(town.staff.id), "by floor");
        // Away: by the stand-in; without one the next rule, and then whoever is there.
        is_away(&town, &town.colleague, None, "2026-11-23", "2026-11-23").await.expect("away");
        let next = town.says("还是冷").about("hvac.temp").at(&town.gate).files().await;
        assert_eq!(hands(&town, &next).await, Some(town.staff.id));
        let gone = town.staff.does(async |act| duty::rule_by_number(act.tx(), town.tower.id, town.manager.id, by_kind.number).await?.remove(act).await).await;
        gone.expect("removed");
        // Group of kinds.
        rules(&town, &town.staff, &town.staff, Some("climate"), None).await.expect("a group");
    }

    async fn a_task_and_a_handed_over_matter_are_routed_too(town: Town) {
        plans(&town, &town.fitter, &town.fitter, &WEEK, None, "08:00", "20:00").await.expect("the contractor's own");
        let told = town.reports("电梯异响").await;
        assert_eq!(hands(&town, &told).await, None, "the manager has none");
        town.staff.accepts(told.matter, "").await.expect("accepted");
        let task = town.staff.dispatches(told.matter, &town.contractor, "检查2号梯").await.expect("dispatched");
        assert_eq!(task.person_id, Some(town.fitter.id));
        assert_eq!(town.last(told.matter).await, Entry::PutInHands { task: Some(1), to: town.fitter.id, rule: None, instead_of: None });
        town.fitter.on_task(task.id, async |act, t, i| t.acknowledge(act, i).await).await.expect("still its own");
        // Handed over, it is the taker's.
        let other = town.reports("另一件").await;
        town.staff.offers(other.matter, &town.contractor).await.expect("offered");
        town.fitter.takes_over(other.matter).await.expect("taken");
        assert_eq!(hands(&town, &other).await, Some(town.fitter.id));
    }

    async fn nothing_moves_by_itself_and_all_of_it_in_one_act(town: Town) {
        a_roster(&town).await;
        let one = town.reports("一").await;
        let two = town.says("二").at(&town.gate).files().await;
        let absence = is_away(&town, &town.staff, Some(&town.colleague), "2026-11-23", "2026-11-27").await.expect("away");
        assert_eq!(hands(&town, &one).await, Some(town.staff.id), "it stays");
        let held = duty::held(town.house.read(), town.tower.id, town.manager.id, town.staff.id).await.unwrap();
        assert_eq!(held.len(), 2);
        let n = town.colleague.gets(async |act| duty::absence_by_number(act.tx(), town.tower.id, town.manager.id, absence.number).await?.hand_over(act).await).await;
        assert_eq!(n, 2);
        for told in [&one, &two] {
            assert_eq!(hands(&town, told).await, Some(town.colleague.id));
            assert_eq!(town.last(told.matter).await, Entry::IssueAssigned { to: Some(town.colleague.id) });
        }
        // Back again: it stays with whoever has it now, and what is new is theirs again.
        town.staff.gets(async |act| duty::absence_by_number(act.tx(), town.tower.id, town.manager.id, absence.number).await?.end(act).await).await;
        assert_eq!(hands(&town, &one).await, Some(town.colleague.id));
        assert_eq!(hands(&town, &town.says("三").about("env.noise").files().await).await, Some(town.staff.id));
    }

    async fn what_cannot_be_planned(town: Town) {
        a_roster(&town).await;
        for (by, who, on, day, from, to, why) in [
            (&town.staff, &town.staff, &WEEK[..1], None, "12:00", "13:00", "duty_overlap"),
            (&town.staff, &town.colleague, &WEEK[1..2], None, "07:00", "09:00", "duty_overlap"),
            (&town.staff, &town.colleague, &[HoldsOn::Sat][..], None, "07:00", "09:00", "duty_overlap"),
            (&town.staff, &town.colleague, &[][..], None, "07:00", "09:00", "duty_days"),
            (&town.staff, &town.staff, &[HoldsOn::Sat][..], None, "09:00", "09:00", "duty_no_time"),
            (&town.staff, &town.staff, &[HoldsOn::Sat][..], None, "9点", "10:00", "time"),
            (&town.staff, &town.staff, &[HoldsOn::Sat][..], None, "09:00", "25:00", "time"),
            (&town.staff, &town.staff, &[][..], Some("2026-11-22"), "09:00", "10:00", "date_past"),
            (&town.staff, &town.staff, &[][..], Some("2029-11-22"), "09:00", "10:00", "date_far"),
            (&town.staff, &town.staff, &[][..], Some("下周"), "09:00", "10:00", "date"),
            (&town.staff, &town.fitter, &WEEK[..1], None, "09:00", "10:00", "assign_not_theirs"),
            (&town.secretary, &town.staff, &[HoldsOn::Sat][..], None, "09:00", "10:00", "only_own_duty"),
            (&town.representative, &town.representative, &[HoldsOn::Sat][..], None, "09:00", "10:00", "only_own_duty"),
        ] {
            assert_eq!(refusal(plans(&town, by, who, on, day, from, to).await), why, "{from} {to} {day:?}");
        }
        for (who, stand_in, from, to, why) in [
            (&town.staff, None, "2026-11-25", "2026-11-24", "absence_backwards"),
            (&town.staff, Some(&town.staff), "2026-11-25", "2026-11-25", "absence_self"),
            (&town.staff, Some(&town.fitter), "2026-11-25", "2026-11-25", "assign_not_theirs"),
            (&town.staff, None, "2026-11-01", "2026-11-05", "date_past"),
            (&town.staff, None, "2026-11-25", "2028-11-05", "absence_long"),
            (&town.staff, None, "", "2028-11-05", "date"),
        ] {
            assert_eq!(refusal(is_away(&town, who, stand_in, from, to).await), why, "{from} {to}");
        }
        is_away(&town, &town.staff, None, "2026-11-25", "2026-11-27").await.expect("away");
        assert_eq!(refusal(is_away(&town, &town.staff, None, "2026-11-27", "2026-11-30").await), "absence_twice");
        let absence = duty::absence_by_number(town.house.read(), town.tower.id, town.manager.id, 1).await.unwrap();
        assert_eq!(refusal(town.staff.does(async |act| absence.clone().hand_over(act).await).await), "absence_no_stand_in");
        assert_eq!(refusal(town.fitter.does(async |act| absence.clone().end(act).await).await), "only_own_duty");
        for (category, floors, why) in [
            (None, None, "duty_rule_empty"),
            (Some("no.such"), None, "unknown_choice"),
            (None, Some(("12", "3")), "floors_backwards"),
            (None, Some(("屋顶", "3")), "floor"),
        ] {
            assert_eq!(refusal(rules(&town, &town.staff, &town.staff, category, floors).await), why);
        }
    }

    async fn rules_are_asked_in_an_order_that_can_be_changed(town: Town) {
        plans(&town, &town.staff, &town.staff, &WEEK, None, "08:00", "20:00").await.expect("planned");
        let cold = rules(&town, &town.staff, &town.colleague, Some("hvac.temp"), None).await.expect("a rule");
        let low = rules(&town, &town.staff, &town.staff, None, Some(("1", "3"))).await.expect("a rule");
        let wet = rules(&town, &town.staff, &town.colleague, Some("util.water"), None).await.expect("a rule");
        assert_eq!(hands(&town, &town.says("太冷").about("hvac.temp").files().await).await, Some(town.colleague.id));
        let moves = async |by: &Who, rule: &Rule, up: bool, past: i32| {
            let number = rule.number;
            by.does(async |act| duty::rule_by_number(act.tx(), town.tower.id, town.manager.id, number).await?.reorder(act, up, past).await).await
        };
        moves(&town.staff, &low, true, cold.number).await.expect("up");
        let now = async || -> Vec<i32> {
            let roster = Roster::of(town.house.read(), &town.tower, town.manager.id, "2026-11-23".parse().unwrap()).await.unwrap();
            roster.rules.iter().map(|r| r.number).collect()
        };
        assert_eq!(now().await, [low.number, cold.number, wet.number], "their numbers stay what they are called by");
        let told = town.says("还是太冷").about("hvac.temp").files().await;
        assert_eq!(hands(&town, &told).await, Some(town.staff.id), "the first that fits is another one now");
        let lines = louyi::kernel::journal::of_object(town.house.read(), low.id).await.unwrap();
        let moved = lines.last().unwrap().entry::<Entry>().unwrap();
        assert_eq!(moved, Entry::DutyRuleMoved { number: low.number, past: cold.number, up: true });
        // Who looks at an order of before changes nothing, nor does anybody past an end; and it is nobody else's.
        assert_eq!(refusal(moves(&town.staff, &low, true, cold.number).await), "duty_rules_moved");
        assert_eq!(refusal(moves(&town.staff, &wet, true, low.number).await), "duty_rules_moved");
        assert_eq!(refusal(moves(&town.staff, &wet, false, 4).await), "duty_rules_moved");
        assert_eq!(refusal(moves(&town.fitter, &low, false, cold.number).await), "only_own_duty");
        moves(&town.colleague, &low, false, cold.number).await.expect("down");
        moves(&town.colleague, &wet, true, low.number).await.expect("up");
        assert_eq!(now().await, [cold.number, wet.number, low.number]);
        let last = rules(&town, &town.staff, &town.staff, Some("env.noise"), None).await.expect("a rule");
        assert_eq!(now().await.last(), Some(&last.number), "a new one comes last");
    }

    /// What they had in the roster ends with their leaving, and is seen to be open.
    async fn who_leaves_leaves_a_gap(town: Town) {
        a_roster(&town).await;
        plans(&town, &town.staff, &town.staff, &[], Some("2026-12-05"), "09:00", "12:00").await.expect("a date");
        rules(&town, &town.staff, &town.staff, None, Some(("1", "3"))).await.expect("a rule");
        rules(&town, &town.staff, &town.colleague, Some("hvac.temp"), None).await.expect("a rule");
        is_away(&town, &town.colleague, Some(&town.staff), "2026-12-01", "2026-12-02").await.expect("away");
        is_away(&town, &town.staff, None, "2026-12-07", "2026-12-08").await.expect("away");
        let today = "2026-11-23".parse().unwrap();
        let leaves = async |last: &str| {
            let person = louyi::domain::persons::by_id(town.house.read(), town.staff.id).await.unwrap();
            let last = last.parse().unwrap();
            town.administrator
                .gets(async |act| louyi::domain::departures::set(act, &town.tower, &person, town.manager.id, last, None).await)
                .await
        };
        leaves("2026-11-24").await;
        let roster = async || Roster::of(town.house.read(), &town.tower, town.manager.id, today).await.unwrap();
        assert_eq!(roster().await.shifts.len(), 12, "until then nothing is different");
        let lines = async || {
            let all = louyi::kernel::journal::Entity::find().all(town.house.read()).await.unwrap();
            all.into_iter().filter(|l| matches!(l.act.as_str(), "duty_shift_removed" | "duty_rule_removed" | "absence_ended" | "stand_in_gone")).count()
        };
        assert_eq!(lines().await, 0);
        town.it_is("2026-11-25 00:05");
        louyi::domain::departures::carry_out_due(&town.house).await.unwrap();
        let left = roster().await;
        assert!(left.shifts.iter().all(|s| s.person_id == town.colleague.id) && left.rules.iter().all(|r| r.person_id == town.colleague.id));
        assert_eq!(left.absences.iter().map(|a| (a.person_id, a.stand_in_id)).collect::<Vec<_>>(), [(town.colleague.id, None)]);
        assert_eq!(lines().await, 5 + 1 + 1 + 1 + 1, "each has its line: shifts, a date, a rule, an absence, a stand-in");
        let gaps = async |roster: &Roster| duty::Gaps::of(town.house.read(), town.tower.id, town.manager.id, roster, today).await.unwrap();
        let open = gaps(&left).await;
        assert_eq!((open.shifts.len(), open.rules.len()), (6, 1));
        assert!(open.shifts.iter().all(|s| s.open == [(s.shift.starts, s.shift.ends)]), "all of their hours: {open:?}");
        // Somebody else has a part of Monday, then all of it.
        plans(&town, &town.colleague, &town.colleague, &WEEK[..1], None, "09:00", "12:00").await.expect("a part");
        let monday = async || gaps(&roster().await).await.shifts.into_iter().find(|s| s.shift.holds_on == HoldsOn::Mon).map(|s| s.open);
        assert_eq!(monday().await, Some(vec![(480, 540), (720, 1200)]));
        plans(&town, &town.colleague, &town.colleague, &WEEK[..1], None, "08:00", "09:00").await.expect("a part");
        plans(&town, &town.colleague, &town.colleague, &WEEK[..1], None, "12:00", "20:00").await.expect("a part");
        assert_eq!(monday().await, None);
        rules(&town, &town.colleague, &town.colleague, None, Some(("1", "3"))).await.expect("a rule");
        let tuesday = open.shifts.iter().find(|s| s.shift.holds_on == HoldsOn::Tue).unwrap().shift.number;
        let closes = async |by: &Who| by.does(async |act| duty::close_shift(act, town.tower.id, tuesday).await).await;
        assert_eq!(refusal(closes(&town.fitter).await), "duty_gone", "another organisation's");
        assert_eq!(refusal(closes(&town.secretary).await), "only_own_duty");
        closes(&town.colleague).await.expect("closed");
        assert_eq!(refusal(closes(&town.colleague).await), "duty_gone");
        let open = gaps(&roster().await).await;
        assert_eq!((open.shifts.len(), open.rules.len()), (4, 0));
    }

    /// A roster that names somebody who has left: they are skipped like anybody who is not there.
    async fn who_has_left_is_on_duty_no_more(town: Town) {
        a_roster(&town).await;
        let memberships = louyi::domain::persons::memberships(town.house.read(), town.staff.id).await.unwrap();
        let db = town.house.db().upkeep();
        let text = "update memberships set ended_at = since where id = ?";
        sea_orm::ConnectionTrait::execute_raw(db, louyi::kernel::db::sql(db, text, [memberships[0].id.0.into()])).await.unwrap();
        assert!(on(&town, &town.manager, "2026-11-23 09:00").await.is_empty());
        let told = town.reports("谁来").await;
        assert_eq!(hands(&town, &told).await, None);
    }
}
