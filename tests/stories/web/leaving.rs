//! Somebody leaves: what they held is held by somebody else, or lies in the queue; nothing stays with one who has left.

use louyi::domain::{departures, persons, sessions};
use louyi::kernel::journal;
use rocket::http::Status;

use crate::support::{Town, Who, on_both};

const PEOPLE: &str = "/b/tingqiao/people";

async fn handle(town: &Town, who: &Who) -> String {
    persons::by_id(town.house.read(), who.id).await.expect("is there").handle(town.house.keys())
}

on_both! {
    async fn what_they_hold_goes_to_a_colleague_in_one_act(town: Town) {
        let site = town.site().await;
        let (one, two, task) = (town.reports("灯坏了").await, town.reports("门关不上").await, town.reports("漏水").await);
        town.staff.accepts(one.matter, "去看").await.expect("accepted");
        town.staff.accepts(two.matter, "去看").await.expect("accepted");
        town.staff.accepts(task.matter, "").await.expect("accepted");
        let done = town.staff.dispatches(task.matter, &town.manager, "把水关了").await.expect("dispatched");
        town.staff.on_task(done.id, async |act, t, i| t.acknowledge(act, i).await).await.expect("acknowledged");
        let leaver = site.signed_in(&town.staff).await;
        let admin = site.signed_in(&town.administrator).await;
        let page = format!("{PEOPLE}/{}", handle(&town, &town.staff).await);
        assert!(admin.reads(&page).await.says("手上有3件事、1张单、0个席位"), "{}", admin.reads(&page).await.text());
        let to = handle(&town, &town.colleague).await;
        let next = admin.does(&page, &format!("{page}/departure"), &[("last_day", "2026-11-23"), ("successor", &to)]).await;
        assert_eq!(next, PEOPLE);
        for matter in [one.matter, two.matter, task.matter] {
            assert_eq!(town.now(matter).await.person_id, Some(town.colleague.id));
            assert!(town.story(matter).await.contains(&"issue_assigned".to_owned()), "each is a line of its own");
        }
        assert!(town.story(task.matter).await.contains(&"task_assigned".to_owned()));
        let lines = journal::of_object(town.house.read(), town.staff.id).await.expect("lines");
        let handed: Vec<_> = lines.iter().filter(|l| l.act == "departure_done").collect();
        assert_eq!(handed.len(), 1);
        assert!(handed[0].data.contains("\"issues\":3") && handed[0].data.contains("\"tasks\":1"), "{}", handed[0].data);
        assert_eq!(town.letters("handed_over").await.len(), 1, "one letter, however many");
        // Out everywhere, and not to be reached any more; the name stays with what they did.
        assert_eq!(leaver.opens("/desk").await.status, Status::SeeOther);
        let gone = persons::by_id(town.house.read(), town.staff.id).await.expect("is there");
        assert!(gone.email.is_none() && gone.email_lc.is_none() && gone.phone.is_none() && gone.disabled_at.is_some() && gone.name == "Ana");
        assert!(persons::memberships(town.house.read(), town.staff.id).await.expect("reads").is_empty());
        assert!(!town.everything().await.contains("ana@louyi.example"));
        assert_eq!(admin.opens(&page).await.status, Status::NotFound);
    }

    async fn or_back_to_the_queue_when_the_day_is_over(town: Town) {
        let site = town.site().await;
        let told = town.reports("灯坏了").await;
        town.staff.accepts(told.matter, "去看").await.expect("accepted");
        let (admin, leaver) = (site.signed_in(&town.administrator).await, site.signed_in(&town.staff).await);
        let page = format!("{PEOPLE}/{}", handle(&town, &town.staff).await);
        let leave = format!("{page}/departure");
        for (day, field) in [("2026-11-22", "last_day"), ("tomorrow", "last_day"), ("2031-01-01", "last_day"), ("2026-11-25", "successor")] {
            let fields = [("last_day", day), ("successor", if field == "successor" { "nobody00" } else { "" })];
            let refused = admin.fills(&page, &leave, &fields).await;
            assert_eq!(refused.status, Status::UnprocessableEntity, "{day}: {}", refused.text());
            assert!(refused.fault(&format!("leave-tq-property-{field}")).is_some(), "{day}: {}", refused.body);
        }
        admin.does(&page, &leave, &[("last_day", "2026-11-25")]).await;
        assert!(admin.reads(&page).await.says("做到11月25日") && admin.reads(PEOPLE).await.says("做到11月25日"));
        admin.does(&page, &format!("{leave}/cancellation"), &[]).await;
        admin.does(&page, &leave, &[("last_day", "2026-11-25")]).await;
        town.it_is("2026-11-25 23:50");
        louyi::jobs::round(&town.house).await.expect("a round");
        assert_eq!(leaver.reads("/desk").await.status, Status::Ok, "the last day is worked");
        town.it_is("2026-11-26 00:05");
        louyi::jobs::round(&town.house).await.expect("a round");
        louyi::jobs::round(&town.house).await.expect("a round");
        assert_eq!(town.now(told.matter).await.person_id, None);
        assert_eq!(leaver.opens("/desk").await.status, Status::SeeOther);
        assert_eq!(departures::set_here(town.house.read(), town.tower.id).await.expect("reads").len(), 0);
    }

    /// Whoever replaces somebody can do what they did: roles, seat and matters.
    async fn somebody_new_takes_the_place(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let member = &town.members[4];
        let page = format!("{PEOPLE}/{}", handle(&town, member).await);
        let seat = town.seat(5).await;
        assert_eq!(seat.person_id, Some(member.id));
        let leave = format!("{page}/departure");
        let deputy = handle(&town, &town.deputy).await;
        admin.does(&page, &leave, &[("last_day", "2026-11-23"), ("successor", &deputy)]).await;
        let seat = town.seat(5).await;
        assert_eq!((seat.person_id, seat.deputy_id), (Some(town.deputy.id), None), "who stood by sits now");
        let rep = format!("{PEOPLE}/{}", handle(&town, &town.representative).await);
        let leave = format!("{rep}/departure");
        for (name, mail, field) in [("", "new@sun.example", "new_name"), ("乔安", "no mail", "new_email"), ("乔安", "", "new_email")] {
            let refused = admin.fills(&rep, &leave, &[("successor", "new"), ("new_name", name), ("new_email", mail)]).await;
            assert!(refused.fault(&format!("leave-sunflower-{field}")).is_some(), "{name} {mail}: {}", refused.text());
        }
        admin.does(&rep, &leave, &[("successor", "new"), ("new_name", "乔安"), ("new_email", "qiao@sun.example")]).await;
        let fresh = persons::by_email(town.house.read(), "qiao@sun.example").await.expect("asks").expect("is there");
        let roles = persons::memberships(town.house.read(), fresh.id).await.expect("reads");
        assert_eq!(roles.iter().map(|m| (m.role.as_str(), m.organisation_id)).collect::<Vec<_>>(), [("representative", town.sunflower.id)]);
        assert_eq!(town.letters("invited").await.len(), 1);
    }

    async fn a_house_is_never_without_an_administrator(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let page = format!("{PEOPLE}/{}", handle(&town, &town.administrator).await);
        let refused = admin.fills(&page, &format!("{page}/departure"), &[("last_day", "2026-11-23")]).await;
        assert!(refused.status == Status::Conflict && refused.says("最后一位管理员"), "{}", refused.text());
        assert!(!sessions::of_person(town.house.read(), town.administrator.id).await.expect("reads").is_empty());
    }

    /// An organisation goes when nobody acts for it any more, and nothing waits for it.
    async fn an_organisation_goes_last(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let page = "/b/tingqiao/organisations";
        let refused = admin.fills(page, &format!("{page}/egret/retirement"), &[]).await;
        assert!(refused.status == Status::Conflict && refused.says("还有2人"), "{}", refused.text());
        let twice = admin.fills(page, page, &[("kind", "property_manager"), ("name", "另一家物业")]).await;
        assert!(twice.fault("kind").is_some(), "{}", twice.text());
        let known = admin.fills(page, page, &[("kind", "contractor"), ("name", "恒升电梯")]).await;
        assert!(known.fault("name").is_some(), "{}", known.text());
        admin.does(page, page, &[("kind", "contractor"), ("name", "临时队"), ("scope", "district")]).await;
        let gone = admin.reads(page).await.forms().into_iter().find(|f| f.contains("contractor") && f.ends_with("/retirement")).expect("a way");
        admin.does(page, &gone, &[]).await;
        assert!(!admin.reads(page).await.says("临时队"));
    }
}
