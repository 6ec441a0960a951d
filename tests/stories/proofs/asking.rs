//! Redeeming and asking: each slip once, each matter once, and every refusal by its name.

use louyi::domain::slips::{self, Door};
use louyi::kernel::error::Error;
use rocket::http::Status;

use super::client::Wanted;
use crate::support::{on_both, refusal};

on_both! {
    /// A code works once, and a wrong one is told apart only where a finger slipped.
    async fn a_slip_is_redeemed_once(town: Town) {
        let (_, codes) = town.gives_out(&town.sunflower, 3).await;
        let secret = town.redeems(&codes[0].to_lowercase()).await.expect("redeemed as it was typed");
        assert_eq!(secret.len(), 43);
        assert_eq!(refusal(town.redeems(&codes[0]).await), "slip_unknown");
        assert_eq!(refusal(town.redeems("2345-6789-A").await), "code_slip");
        assert_eq!(refusal(town.redeems("2345").await), "code_length");
        assert_eq!(refusal(town.redeems("  ").await), "empty");
        // A second slip of the same enterprise is not used up by a device that proves it already.
        let second = town.visitor().does(async |act| slips::redeem(act, &codes[1], Some(&secret)).await).await;
        assert_eq!(refusal(second), "slip_second");
        assert!(town.redeems(&codes[1]).await.is_ok(), "it is still good for somebody else");
    }

    /// Who gets a job elsewhere proves the new one, and the old secret is gone.
    async fn another_employers_slip_takes_the_place_of_the_first(town: Town) {
        let (_, old) = town.gives_out(&town.sunflower, 1).await;
        let (_, new) = town.gives_out(&town.egret, 1).await;
        let first = town.redeems(&old[0]).await.expect("redeemed");
        let (_, held) = town.visitor().gets(async |act| slips::redeem(act, &new[0], Some(&first)).await).await;
        assert_eq!(held.organisation.id, town.egret.id);
        assert!(slips::held(town.house.read(), town.house.keys(), &first).await.expect("reads").is_none());
    }

    /// No more slips than people; nobody makes those of another enterprise; the same form shows its codes once.
    async fn slips_are_made_by_those_who_speak_for_the_enterprise(town: Town) {
        let make = async |who: &crate::support::Who, of: &louyi::domain::organisations::Organisation, n: i32, key: Option<Vec<u8>>| {
            who.does(async |act| slips::make(act, &town.tower, of, Door::Paper, n, key).await).await
        };
        assert_eq!(make(&town.neighbour, &town.egret, 60, None).await.expect("made").1.len(), 60);
        for n in [0, -1, 5, 65] {
            assert_eq!(refusal(make(&town.neighbour, &town.egret, n, None).await), "slips_number", "{n}: 64 work there");
        }
        assert!(make(&town.neighbour, &town.egret, 4, Some(vec![7])).await.is_ok());
        assert_eq!(refusal(make(&town.neighbour, &town.egret, 1, None).await), "slips_none_left");
        assert_eq!(refusal(make(&town.neighbour, &town.sunflower, 5, None).await), "only_own_slips");
        assert_eq!(refusal(make(&town.staff, &town.sunflower, 5, None).await), "only_own_slips");
        assert_eq!(refusal(make(&town.secretary, &town.manager, 5, None).await), "choose_organisation");
        assert_eq!(refusal(make(&town.representative, &town.sunflower, 501, None).await), "slips_number", "too many for one sheet");
        assert!(make(&town.representative, &town.sunflower, 2, Some(vec![9])).await.is_ok());
        assert_eq!(refusal(make(&town.representative, &town.sunflower, 2, Some(vec![9])).await), "slips_shown");
    }

    /// An ended batch: its codes die, what they became proves nothing new, and what was proven stays.
    async fn what_came_of_an_ended_batch_proves_nothing_new(town: Town) {
        let (batch, codes) = town.gives_out(&town.sunflower, 3).await;
        let secret = town.redeems(&codes[0]).await.expect("redeemed");
        let (first, second) = (town.reports("候梯太久").await, town.says("灯坏了").about("lift.comfort").files().await);
        let token = town.token(&secret, second.matter).await.expect("a token");
        town.proves(&secret, &first).await.expect("proven");
        let hold = async |act: &louyi::kernel::act::Act| slips::hold(act, batch.id).await;
        assert_eq!(refusal(town.neighbour.does(async |act| hold(act).await?.end(act).await).await), "only_own_slips");
        town.representative.gets(async |act| hold(act).await?.end(act).await).await;
        assert_eq!(refusal(town.representative.does(async |act| hold(act).await?.end(act).await).await), "slips_ended_already");
        assert_eq!(refusal(town.redeems(&codes[1]).await), "slip_unknown");
        let third = town.reports("又一件").await;
        assert_eq!(refusal(town.proves(&secret, &third).await), "slips_over");
        assert_eq!(refusal(town.has_it_proven(&secret, &third).await), "slips_over");
        assert!(town.is_proven(&first).await);
        town.spends(&second, &token).await.expect("what had been signed before can still be spent");
    }

    /// A year after it was made a batch lapses by itself.
    async fn a_batch_lapses_after_a_year(town: Town) {
        let (_, codes) = town.gives_out(&town.sunflower, 2).await;
        let secret = town.redeems(&codes[0]).await.expect("redeemed");
        town.lets_pass(chrono::Duration::days(366));
        assert_eq!(refusal(town.redeems(&codes[1]).await), "slips_over");
        let told = town.reports("候梯太久").await;
        assert_eq!(refusal(town.proves(&secret, &told).await), "slips_over");
    }

    /// One token for each slip and matter: the lost answer again, another token never; also after a merge.
    async fn one_token_for_each_slip_and_matter(town: Town) {
        let (_, codes) = town.gives_out(&town.sunflower, 2).await;
        let secret = town.redeems(&codes[0]).await.expect("redeemed");
        let (told, other) = (town.reports("候梯太久").await, town.reports("西厅也一样").await);
        let key = town.key(&secret, told.matter).await.expect("a key");
        assert_eq!(town.key(&secret, told.matter).await.expect("a key"), key, "one key for each enterprise and matter");
        assert_ne!(town.key(&secret, other.matter).await.expect("a key"), key);
        let challenge = town.challenge(&secret, told.matter).await;
        let (wanted, another) = (Wanted::new(&key, &challenge), Wanted::new(&key, &challenge));
        let signature = town.signature(&secret, told.matter, &wanted.blinded).await.expect("signed");
        assert_eq!(town.signature(&secret, told.matter, &wanted.blinded).await.expect("the same answer"), signature);
        assert_eq!(refusal(town.signature(&secret, told.matter, &another.blinded).await), "proof_asked");
        assert_eq!(refusal(town.has_it_proven(&secret, &told).await), "proof_asked");
        town.staff.merges(told.matter, other.matter).await.expect("merged");
        let elsewhere = Wanted::new(&town.key(&secret, other.matter).await.expect("a key"), &town.challenge(&secret, other.matter).await);
        assert_eq!(refusal(town.signature(&secret, other.matter, &elsewhere.blinded).await), "proof_asked");
        town.spends(&told, &wanted.token(&signature)).await.expect("a token goes along with its matter");
    }

    async fn nothing_is_signed_for_strangers_other_towers_and_closed_matters(town: Town) {
        let (_, codes) = town.gives_out(&town.sunflower, 1).await;
        let secret = town.redeems(&codes[0]).await.expect("redeemed");
        let told = town.reports("候梯太久").await;
        assert_eq!(refusal(town.key(&"x".repeat(43), told.matter).await), "slip_none");
        let there = town.says("大堂太热").at(&town.lobby_elsewhere).files().await;
        assert_eq!(refusal(town.key(&secret, there.matter).await), "slip_elsewhere");
        town.key(&secret, told.matter).await.expect("a key");
        for wrong in [vec![], vec![1; 255], vec![0xff; 256], vec![1; 4000]] {
            assert_eq!(refusal(town.signature(&secret, told.matter, &wrong).await), "token_unreadable", "{} bytes", wrong.len());
        }
        town.staff.accepts(told.matter, "收到").await.expect("accepted");
        town.staff.declines(told.matter, "out_of_scope", "不归物业").await.expect("declined");
        assert_eq!(refusal(town.key(&secret, told.matter).await), "proof_closed");
    }

    /// Forty bits, and ten tries in a quarter of an hour.
    async fn codes_cannot_be_tried_out(town: Town) {
        town.gives_out(&town.sunflower, 5).await;
        let site = town.site().await;
        let guesser = site.visitor();
        for n in 0..10 {
            let page = guesser.fills("/slip", "/slip", &[("code", "2222-2222-2")]).await;
            assert_eq!(page.status, Status::UnprocessableEntity, "try {n}");
            assert!(page.fault("code").is_some());
        }
        let page = guesser.fills("/slip", "/slip", &[("code", "2222-2222-2")]).await;
        assert_eq!(page.status, Status::TooManyRequests, "{}", page.text());
        let held = slips::held(town.house.read(), town.house.keys(), "short").await;
        assert!(matches!(held, Ok(None)) && !matches!(held, Err(Error::Broken(_))));
    }
}
