//! Who reported: readable only by those whom the reporter chose, and each reading is noted.

use louyi::domain::journal::Entry;
use louyi::domain::reports::{self, MayKnow};
use louyi::domain::rights::Role;
use louyi::kernel::error::Result;

use crate::support::{Told, Town, Who, on_both, refusal};

async fn reads(town: &Town, who: &Who, told: &Told) -> Result<reports::Identity> {
    let report = town.report(told).await;
    who.does(async |act| reports::read_identity(act, &report).await).await
}

async fn readings(town: &Town, told: &Told) -> usize {
    town.story(told.matter).await.iter().filter(|a| *a == "reporter_read").count()
}

on_both! {
    async fn role_by_choice(town: Town) {
        for choice in MayKnow::ALL {
            let told = town
                .says("电梯排队")
                .named("王小明", "13900001111")
                .by_mail("w@example.com")
                .working_at(&town.sunflower)
                .may_be_known_to(*choice)
                .files()
                .await;
            let mut read = 0;
            for role in Role::ALL {
                for organisation in [&town.manager, &town.station, &town.sunflower, &town.contractor, &town.department] {
                    let who = town.somebody(organisation, *role);
                    let expected = match (choice, role) {
                        (MayKnow::Nobody, _) => false,
                        (_, Role::Secretary) => true,
                        (MayKnow::SecretaryAndManager, Role::Staff) => organisation.id == town.manager.id,
                        _ => false,
                    };
                    let got = reads(&town, &who, &told).await;
                    if expected {
                        read += 1;
                        let identity = got.unwrap_or_else(|e| panic!("{role} of {}: {e:?}", organisation.slug));
                        assert_eq!(identity.name.as_deref(), Some("王小明"));
                        assert_eq!((identity.organisation, identity.floor), (None, None), "unit and floor are never given out");
                    } else {
                        assert_eq!(refusal(got), "reporter_unknown", "{role} of {}, {choice}", organisation.slug);
                    }
                    assert_eq!(readings(&town, &told).await, read, "each reading is noted, and only readings");
                }
            }
            for who in [town.visitor(), town.louyi(), town.holder_of(&told)] {
                assert_eq!(refusal(reads(&town, &who, &told).await), "reporter_unknown");
            }
        }
    }

    async fn a_reading_names_who_looked(town: Town) {
        let told = town.says("电梯排队").named("王小明", "").may_be_known_to(MayKnow::Secretary).files().await;
        reads(&town, &town.secretary, &told).await.unwrap();
        let lines = louyi::kernel::journal::of_issue(town.house.read(), told.matter.0).await.unwrap();
        let line = lines.last().unwrap();
        assert_eq!(line.entry::<Entry>().unwrap(), Entry::ReporterRead { report: told.report });
        assert_eq!((line.actor_id, line.role.as_deref()), (Some(town.secretary.id.0), Some("secretary")));
    }

    async fn a_choice_can_be_withdrawn_and_widened_only_in_so_many_words(town: Town) {
        let told = town.says("电梯排队").named("王小明", "13900001111").may_be_known_to(MayKnow::SecretaryAndManager).files().await;
        let report = town.report(&told).await;
        let nobody = reports::Identity::default;
        town.holder_of(&told).gets(async |act| report.choose_who_may_know(act, MayKnow::Nobody, false, nobody()).await).await;
        assert_eq!(refusal(reads(&town, &town.secretary, &told).await), "reporter_unknown");
        let report = town.report(&told).await;
        let wider = town.holder_of(&told).does(async |act| report.choose_who_may_know(act, MayKnow::Secretary, false, nobody()).await).await;
        assert_eq!(refusal(wider), "agree_wider");
        let report = town.report(&told).await;
        town.holder_of(&told).gets(async |act| report.choose_who_may_know(act, MayKnow::Secretary, true, nobody()).await).await;
        let identity = reads(&town, &town.secretary, &told).await.unwrap();
        assert_eq!((identity.name, identity.phone), (None, None), "what was taken back does not come again by itself");
    }

    async fn fewer_than_five_of_a_unit_are_no_unit(town: Town) {
        let first = town.says("电梯排队").working_at(&town.sunflower).files().await;
        let units = async || reports::known_units(town.house.read(), first.matter.0).await.unwrap();
        for _ in 0..3 {
            town.says("").working_at(&town.sunflower).joins(first.matter).await;
            town.says("").working_at(&town.egret).joins(first.matter).await;
        }
        assert_eq!(units().await, 0, "four of one and three of another");
        let fifth = town.says("").working_at(&town.sunflower).joins(first.matter).await;
        assert_eq!(units().await, 1);
        town.holder_of(&fifth).withdraws(&fifth).await.unwrap();
        assert_eq!(units().await, 0, "a report that was taken back is none");
        town.another_joins(first.matter).await;
        assert_eq!(units().await, 0, "nor is one that names no unit");
    }
}
