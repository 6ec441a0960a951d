//! Spending: a token once, with one report, for its own matter; what becomes of a proof when its report goes elsewhere.

use louyi::domain::reports;

use crate::support::{on_both, refusal};

on_both! {
    async fn a_token_is_spent_once(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 2).await;
        let token = town.token(&secrets[0], told[0].matter).await.expect("a token");
        town.spends(&told[0], &token).await.expect("spent");
        assert_eq!(refusal(town.spends(&told[0], &token).await), "token_spent");
        assert_eq!(refusal(town.spends(&told[1], &token).await), "token_spent", "nor with another report");
        assert!(town.is_proven(&told[0]).await && !town.is_proven(&told[1]).await);
        // Nor does one report take two.
        let second = town.token(&secrets[1], told[0].matter).await.expect("a token");
        assert_eq!(refusal(town.spends(&told[0], &second).await), "proof_twice");
        town.spends(&told[1], &second).await.expect("what was refused was not used up");
    }

    async fn what_is_not_a_token_is_refused_by_name(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 1).await;
        let token = town.token(&secrets[0], told[0].matter).await.expect("a token");
        for (wrong, name) in [
            (vec![], "token_unreadable"),
            (token[1..].to_vec(), "token_unreadable"),
            ([&[0, 1], &token[2..]].concat(), "token_unreadable"),
            ([&token[..], &[0]].concat(), "token_unreadable"),
        ] {
            assert_eq!(refusal(town.spends(&told[0], &wrong).await), name);
        }
        let flipped = |at: usize| {
            let mut other = token.clone();
            other[at] ^= 1;
            other
        };
        assert_eq!(refusal(town.spends(&told[0], &flipped(70)).await), "token_key", "another key's id");
        for (at, what) in [(10, "the nonce"), (40, "the challenge"), (200, "the signature"), (353, "its last byte")] {
            assert_eq!(refusal(town.spends(&told[0], &flipped(at)).await), "token_false", "{what}");
        }
        town.spends(&told[0], &token).await.expect("the token itself is still good");
    }

    async fn a_token_is_good_for_its_own_matter_only(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 1).await;
        let other = town.says("灯坏了").about("lift.comfort").files().await;
        let token = town.token(&secrets[0], told[0].matter).await.expect("a token");
        assert_eq!(refusal(town.spends(&other, &token).await), "token_elsewhere");
        town.spends(&told[0], &token).await.expect("spent on its own");
    }

    /// Withdrawn or erased, a report takes its proof back; its token stays spent.
    async fn a_proof_goes_with_its_report(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 6).await;
        let mut tokens = vec![];
        for (report, secret) in told.iter().zip(&secrets) {
            let token = town.token(secret, report.matter).await.expect("a token");
            town.spends(report, &token).await.expect("spent");
            tokens.push(token);
        }
        town.lets_pass(chrono::Duration::days(1));
        assert_eq!(town.told_of(told[0].matter).await, [6]);
        town.holder_of(&told[2]).withdraws(&told[2]).await.expect("withdrawn");
        assert_eq!(town.told_of(told[0].matter).await, [5]);
        assert_eq!(refusal(town.spends(&told[2], &tokens[2]).await), "token_spent");
        town.holder_of(&told[3]).gets(async |act| reports::erase(act, reports::by_id(act.tx(), told[3].report).await?).await).await;
        assert_eq!(town.told_of(told[0].matter).await, [0u64; 0], "fewer than five are not told");
        assert!(!town.is_proven(&told[3]).await);
        assert_eq!(refusal(town.proves(&secrets[2], &told[2]).await), "proof_asked");
        let fresh = town.gives_out(&town.sunflower, 1).await.1;
        let secret = town.redeems(&fresh[0]).await.expect("redeemed");
        assert_eq!(refusal(town.proves(&secret, &told[2]).await), "report_withdrawn");
        assert_eq!(refusal(town.proves(&secret, &told[3]).await), "proof_asked", "the slip was used for the withdrawn one");
    }

    /// Merged, parted and moved, each proof stays with its report.
    async fn a_proof_goes_where_its_report_goes(town: Town) {
        let (one, secrets) = town.workers_report(&town.sunflower, 5).await;
        for (report, secret) in one.iter().zip(&secrets) {
            town.proves(secret, report).await.expect("proven");
        }
        let (two, secrets) = town.workers_report(&town.sunflower, 6).await;
        for (report, secret) in two.iter().zip(&secrets) {
            town.proves(secret, report).await.expect("proven");
        }
        let (a, b) = (one[0].matter, two[0].matter);
        town.lets_pass(chrono::Duration::days(1));
        assert_eq!((town.told_of(a).await, town.told_of(b).await), (vec![5], vec![6]));
        town.staff.merges(a, b).await.expect("merged");
        assert_eq!((town.told_of(a).await, town.told_of(b).await), (vec![], vec![11]));
        town.staff.unmerges(a).await.expect("parted");
        assert_eq!((town.told_of(a).await, town.told_of(b).await), (vec![5], vec![6]));
        town.staff.moves_report(&two[3], a).await.expect("moved");
        assert_eq!((town.told_of(a).await, town.told_of(b).await), (vec![6], vec![5]));
        assert!(town.is_proven(&two[3]).await);
    }

    /// Without blinding: one request, the same proof, and once.
    async fn the_server_proves_for_a_device_that_cannot(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 2).await;
        town.has_it_proven(&secrets[0], &told[0]).await.expect("proven");
        assert!(town.is_proven(&told[0]).await);
        assert_eq!(refusal(town.has_it_proven(&secrets[0], &told[0]).await), "proof_twice");
        assert_eq!(refusal(town.has_it_proven(&secrets[0], &told[1]).await), "proof_asked");
        assert_eq!(refusal(town.token(&secrets[0], told[0].matter).await), "proof_asked");
    }
}
