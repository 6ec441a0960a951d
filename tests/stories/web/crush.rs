//! When far more comes to a building than people there can send, a form shows some work or waits.

use chrono::Duration;
use louyi::kernel::limits::Limit;
use rocket::http::Status;
use sha2::{Digest as _, Sha256};

use super::reports::{FILES, FORM, fields, filled, receipt, reports_kept};
use crate::support::on_both;

/// From here on a form shows some work.
const CRUSH: Limit = Limit { what: "crush", minutes: 10, at_most: 150 };

on_both! {
    async fn in_a_crush_a_form_shows_work_or_waits_and_nothing_is_lost(town: Town) {
        let site = town.site().await;
        let (calm, held) = (site.visitor(), site.visitor().on_phone(2));
        assert!(!calm.reads(FORM).await.body.contains("data-work"));
        let form = filled(&held, FORM, &[("words", "灯坏了，楼梯口")]).await;
        for _ in 0..CRUSH.at_most {
            CRUSH.hit(&town.house, town.tower.id.0.as_bytes()).await.expect("counted");
        }
        // Opened before it began, and without script: asked to wait, with everything that was typed.
        let asked = held.posts(FILES, &fields(&form)).await;
        assert_eq!(asked.status, Status::TooManyRequests);
        assert!(asked.says("20秒以后再按一次") && asked.body.contains("灯坏了，楼梯口"), "{}", asked.text());
        let again = asked.form(FILES).expect("the form");
        assert_eq!(held.posts(FILES, &fields(&again)).await.status, Status::TooManyRequests, "at once is too soon");
        town.lets_pass(Duration::seconds(21));
        let before = reports_kept(&town).await;
        receipt(&held.posts(FILES, &fields(&again)).await);
        assert_eq!(reports_kept(&town).await, before + 1);
        // Another form under the same mark is none that waited.
        let mut other: Vec<(String, String)> = again.iter().filter(|(n, _)| n != "key").cloned().collect();
        other.push(("key".into(), "another".into()));
        assert_eq!(held.posts(FILES, &fields(&other)).await.status, Status::TooManyRequests);
        // With the work done nobody waits.
        let worker = site.visitor().on_phone(3);
        let page = worker.reads(FORM).await;
        assert!(page.body.contains("data-work=\"16\""));
        let mut form = filled(&worker, FORM, &[("words", "门打不开")]).await;
        let key = form.iter().find(|(n, _)| n == "key").expect("a key").1.clone();
        form.retain(|(n, _)| n != "work");
        let mut wrong = form.clone();
        wrong.push(("work".into(), "1".into()));
        assert_eq!(worker.posts(FILES, &fields(&wrong)).await.status, Status::TooManyRequests);
        let work = (0u32..).find(|n| Sha256::digest(format!("{key}:{n}")).starts_with(&[0, 0])).expect("a number");
        form.push(("work".into(), work.to_string()));
        receipt(&worker.posts(FILES, &fields(&form)).await);
        town.lets_pass(Duration::minutes(10));
        assert!(!calm.reads(FORM).await.body.contains("data-work"), "over");
    }
}
