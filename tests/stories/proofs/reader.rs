//! A reader of the database without the server's keys: the whole dump, every table. Nothing in it joins a slip, an address or
//! a device's secret with a report; a sum for each matter, enterprise and day is all that can be read.

use std::collections::BTreeSet;

use louyi::kernel::journal;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::support::{Town, on_both};

const TABLES: [&str; 6] = ["slips", "slip_credentials", "slip_addresses", "proof_marks", "spent_tokens", "proofs"];

/// Every run of 64 hexadecimal digits or more: what is kept of secrets, codes, tokens, reports.
fn marks(rows: &str) -> BTreeSet<String> {
    let words = rows.split(|c: char| !c.is_ascii_hexdigit()).filter(|w| w.len() >= 64);
    words.map(str::to_lowercase).collect()
}

async fn lines(town: &Town) -> u64 {
    journal::Entity::find().count(town.house.read()).await.expect("counts")
}

on_both! {
    async fn nothing_joins_a_slip_with_a_report(town: Town) {
        let (told, mut secrets) = town.workers_report(&town.sunflower, 6).await;
        let codes = town.gives_out(&town.sunflower, 2).await.1;
        let before = lines(&town).await;
        secrets.push(town.redeems(&codes[0]).await.expect("redeemed"));
        let mut tokens = vec![];
        for (secret, report) in secrets.iter().zip(&told).take(5) {
            let token = town.token(secret, report.matter).await.expect("a token");
            town.spends(report, &token).await.expect("spent");
            tokens.push(token);
        }
        town.has_it_proven(&secrets[5], &told[5]).await.expect("proven");
        assert_eq!(lines(&town).await, before, "redeeming, asking and spending leave no line: a line has an instant and an order");

        let dump = town.everything().await.to_lowercase();
        for (what, secret) in secrets.iter().map(|s| ("a device's secret", s)).chain(codes.iter().map(|c| ("a code", c))) {
            assert!(!dump.contains(&secret.to_lowercase()) && !dump.contains(&hex::encode(secret)), "{what} is in the database");
        }
        for token in &tokens {
            assert!(!dump.contains(&hex::encode(&token[2..34])) && !dump.contains(&hex::encode(&token[98..140])), "a token is in the database");
        }
        // Each mark stands in one row of one table: no two rows can be laid side by side.
        let mut all = vec![];
        for table in TABLES {
            let rows = town.rows_of(table).await;
            for row in rows.lines() {
                assert!(!row.contains(':') || town.house.db().is_postgres(), "an instant in {table}: {row}");
                let row = row.to_lowercase();
                assert!(told.iter().all(|t| !row.contains(&t.report.0.simple().to_string()) && !row.contains(&t.report.0.to_string())), "a report in {table}");
                all.extend(marks(&row));
            }
        }
        assert_eq!(all.len(), 1 + 7 + (6 + 6) + 6 + 6, "slips left, secrets, marks with what was asked, tokens, proofs");
        for mark in &all {
            assert_eq!(dump.matches(mark.as_str()).count(), 1, "{mark} stands twice");
        }
        // What can be read: of this matter, so many of this enterprise on this day.
        let proofs = town.rows_of("proofs").await;
        assert_eq!(proofs.lines().filter(|l| l.contains("2026-11-23")).count(), 6);
    }

    /// Rows lie by their hashes, on PostgreSQL from the next night on: their order tells nothing of the order of writing.
    async fn no_order_is_left(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 9).await;
        for (secret, report) in secrets.iter().zip(&told) {
            town.proves(secret, report).await.expect("proven");
        }
        town.it_is("2026-11-24 03:30");
        louyi::domain::retention::tonight(&town.house).await.expect("a night");
        for table in ["slip_credentials", "proof_marks", "spent_tokens", "proofs"] {
            let rows = town.rows_of(table).await;
            let key = |row: &str| {
                let words = row.split(|c: char| !c.is_ascii_hexdigit()).filter(|w| w.len() == 64);
                words.map(str::to_owned).collect::<Vec<_>>()
            };
            let keys: Vec<_> = rows.lines().map(key).collect();
            assert_eq!(keys.len(), 9, "{table}");
            // `proof_marks` also holds what was asked; its own key is one of the two, in whichever order the columns come.
            let sorted = (0..keys[0].len()).any(|k| keys.iter().is_sorted_by_key(|row| row[k].clone()));
            assert!(sorted, "{table} lies in the order of writing:\n{rows}");
        }
        assert_eq!(town.told_of(told[0].matter).await, [9]);
    }

    /// The private keys are sealed: with the whole database and another master key nothing opens.
    async fn keys_are_sealed(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 1).await;
        town.key(&secrets[0], told[0].matter).await.expect("a key");
        let keys = town.house.keys();
        let sealed = keys.seal("proof-key", b"about", b"secret").expect("sealed");
        assert_eq!(keys.unseal("proof-key", b"about", &sealed).expect("opens"), b"secret");
        assert!(keys.unseal("proof-key", b"another", &sealed).is_err() && keys.unseal("other", b"about", &sealed).is_err());
        assert!(louyi::kernel::keys::Keys::fixed(8).unseal("proof-key", b"about", &sealed).is_err());
        assert!(keys.unseal("proof-key", b"about", &sealed[..20]).is_err());
    }
}
