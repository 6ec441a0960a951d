//! No way is given more in a minute than it takes: what is more waits and is not lost, whoever sends, and what somebody waits for
//! does not wait behind thousands (told in `subscriptions/letters.rs`).

use super::*;
use crate::support::gateway::Gateway;

/// A process of the town that may send so much in a minute.
async fn sending(town: &Town, settings: Settings) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings)
}

async fn alone(town: &Town, what: &str) {
    town.house.db().upkeep().execute_unprepared(&format!("delete from outbox where {what}")).await.expect("only those");
}

/// Nobody has failed: it waits for the next minute.
fn waits(letters: &[outbox::Model], until: chrono::DateTime<chrono::Utc>) -> usize {
    let open: Vec<_> = letters.iter().filter(|l| l.sent_at.is_none()).collect();
    assert!(open.iter().all(|l| l.tries == 0 && l.last_error.is_none() && l.given_up_at.is_none() && l.due_at <= until), "{open:#?}");
    open.len()
}

on_both! {
    async fn a_mail_server_is_given_so_many_letters_in_a_minute(town: Town) {
        let sink = Sink::start().await;
        for n in 0..8 {
            town.says("灯坏了").on_device(&n.to_string()).by_mail(&format!("worker{n}@example.org")).files().await;
        }
        alone(&town, "report_id is null").await;
        let settings = Settings { mail_url: Some(Secret::new(sink.url())), mail_per_minute: 3, ..town.house.settings().clone() };
        // Two processes share what the server takes.
        let (a, b) = (sending(&town, settings.clone()).await, sending(&town, settings).await);
        let next = a.now() + Duration::minutes(1);
        for (minute, so_far) in [(0, 3), (1, 6), (2, 8)] {
            let at = town.house.now() + Duration::minutes(minute);
            assert!(a.clock().set(at) && b.clock().set(at));
            let (x, y) = tokio::join!(jobs::round(&a), jobs::round(&b));
            x.expect("a round");
            y.expect("a round");
            round(&a).await;
            assert_eq!(sink.mails().len(), so_far, "after minute {minute}");
            assert_eq!(waits(&owed(&town).await, next + Duration::minutes(minute)), 8 - so_far);
        }
        let mut to: Vec<String> = sink.mails().into_iter().flat_map(|m| m.to).collect();
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 8, "each once");
    }

    async fn a_gateway_is_given_so_many_messages_in_a_minute(town: Town) {
        let gateway = Gateway::start().await;
        for n in 0..5 {
            town.says("灯坏了").on_device(&n.to_string()).by_sms(&format!("1391234567{n}")).files().await;
        }
        alone(&town, "way <> 'sms'").await;
        let settings = Settings { sms_url: Some(gateway.url()), sms_per_minute: 2, ..town.house.settings().clone() };
        let house = sending(&town, settings).await;
        for so_far in [2, 4, 5] {
            round(&house).await;
            assert_eq!(gateway.posted().len(), so_far);
            assert_eq!(waits(&owed(&town).await, house.now() + Duration::minutes(1)), 5 - so_far);
            assert!(house.clock().set(house.now() + Duration::minutes(1)));
        }
        round(&house).await;
        assert_eq!(gateway.posted().len(), 5, "nothing twice");
    }
}
