//! Undertakings: a council cannot order a tenant; each party says for itself what it will do.

use chrono::Duration;
use louyi::domain::meetings::items;
use louyi::domain::undertakings::{self, Undertaking, UndertakingState};
use louyi::kernel::error::Result;
use louyi::kernel::outbox::Address;

use crate::support::verbs::Session;
use crate::support::{Town, Who, on_both, refusal, verbs};

async fn asked(town: &Town) -> (Session, Undertaking) {
    let told = town.reports("打卡机该不该前移").await;
    let session = town.council_meets_about(told.matter).await;
    let due = town.house.now() + Duration::days(30);
    let u = town.secretary.asks_to_sign(session.item, &town.sunflower, "打卡机移到闸机前", due).await.unwrap();
    (session, u)
}

async fn refuses(who: &Who, u: &Undertaking) -> Result<Undertaking> {
    who.does(async |act| undertakings::by_id(act.tx(), u.id).await?.refuse(act, "总部不同意").await).await
}

async fn asks_changes(who: &Who, u: &Undertaking) -> Result<Undertaking> {
    who.does(async |act| undertakings::by_id(act.tx(), u.id).await?.ask_changes(act, "给我们六周时间").await).await
}

on_both! {
    async fn only_the_party_itself_answers(town: Town) {
        let (_, u) = asked(&town).await;
        assert_eq!(town.letters("undertaking_asked").await, [Address::Person(town.representative.id)]);
        for who in [&town.neighbour, &town.staff, &town.secretary, &town.convenor, &town.visitor()] {
            assert_eq!(refusal(who.signs(u.id).await), "only_own_undertaking");
            assert_eq!(refusal(refuses(who, &u).await), "only_own_undertaking");
            assert_eq!(refusal(asks_changes(who, &u).await), "only_own_undertaking");
        }
        let signed = town.representative.signs(u.id).await.unwrap();
        assert_eq!((signed.state, signed.signed_by, signed.answered_at), (UndertakingState::Signed, Some(town.representative.id), Some(town.house.now())));
        assert_eq!(refusal(town.representative.signs(u.id).await), "undertaking_answered");
        assert_eq!(refusal(refuses(&town.representative, &u).await), "undertaking_answered");
    }

    async fn other_words_can_be_asked_for_and_then_signed(town: Town) {
        let (session, u) = asked(&town).await;
        let changed = asks_changes(&town.representative, &u).await.unwrap();
        assert_eq!((changed.state, changed.reply.as_deref()), (UndertakingState::ChangesAsked, Some("给我们六周时间")));
        // Worded anew: the old question is taken back, and counts no more.
        town.secretary.gets(async |act| undertakings::by_id(act.tx(), u.id).await?.take_back(act).await).await;
        let due = town.house.now() + Duration::days(42);
        let again = town.secretary.asks_to_sign(session.item, &town.sunflower, "六周内打卡机移到闸机前", due).await.unwrap();
        assert_eq!(again.number, 2);
        town.representative.signs(again.id).await.unwrap();
        let r = town.carries(&session, verbs::motion()).await;
        let of = undertakings::of_resolution(town.house.read(), r.id).await.unwrap();
        assert_eq!(of.iter().map(|u| u.id).collect::<Vec<_>>(), [again.id], "what was taken back is no part of it");
        assert!(of[0].task_id.is_some(), "all had signed before the vote: its task begins with the resolution");
    }

    async fn what_cannot_be_asked(town: Town) {
        let (session, _) = asked(&town).await;
        let past = town.house.now();
        let due = past + Duration::days(1);
        assert_eq!(refusal(town.secretary.asks_to_sign(session.item, &town.egret, "让出通道", past).await), "date_past");
        assert_eq!(refusal(town.secretary.asks_to_sign(session.item, &town.egret, "让", due).await), "too_short");
        town.secretary.gets(async |act| items::by_id(act.tx(), session.item).await?.withdraw(act).await).await;
        assert_eq!(refusal(town.secretary.asks_to_sign(session.item, &town.egret, "让出通道", due).await), "item_over");
    }

    async fn open_questions_fall_away_with_their_item(town: Town) {
        let (session, u) = asked(&town).await;
        assert_eq!(undertakings::waiting_for(town.house.read(), town.sunflower.id).await.unwrap().len(), 1);
        town.secretary.gets(async |act| items::by_id(act.tx(), session.item).await?.withdraw(act).await).await;
        assert_eq!(undertakings::by_id(town.house.read(), u.id).await.unwrap().state, UndertakingState::Lapsed);
        assert!(undertakings::waiting_for(town.house.read(), town.sunflower.id).await.unwrap().is_empty());
        assert_eq!(refusal(town.representative.signs(u.id).await), "undertaking_answered");
    }

    async fn two_of_one_party_sign_at_once(town: Town) {
        let (session, u) = asked(&town).await;
        town.carries(&session, verbs::motion()).await;
        let other = town.somebody(&town.sunflower, louyi::domain::rights::Role::Representative);
        let signed = futures::future::join_all([town.representative.signs(u.id), other.signs(u.id)]).await;
        assert_eq!(signed.iter().filter(|s| s.is_ok()).count(), 1, "{signed:?}");
        assert_eq!(louyi::domain::tasks::of_issue(town.house.read(), session.matter.0).await.unwrap().len(), 1);
    }
}
