//! What those who run it read: figures for Prometheus, which name routes and states, never anybody.

use chrono::Duration;
use rocket::http::Status;

use crate::support::on_both;

on_both! {
    async fn figures_for_prometheus(town: Town) {
        let told = town.says("三号梯不亮").named("闻人竹", "13800001111").files().await;
        town.staff.accepts(told.matter, "").await.unwrap();
        town.reports("灯坏了").await;
        let site = town.site().await;
        let anyone = site.visitor();
        assert_eq!(anyone.opens("/b/tingqiao/issues/1").await.status, Status::Ok);
        assert_eq!(anyone.opens("/b/tingqiao/issues/99").await.status, Status::NotFound);
        town.lets_pass(Duration::days(30));
        let page = anyone.opens("/metrics").await;
        assert_eq!(page.status, Status::Ok);
        let text = &page.body;
        let value = |line: &str| -> f64 {
            let found = text.lines().find_map(|l| l.strip_prefix(line)).unwrap_or_else(|| panic!("{line} in {text}"));
            found.trim().parse().expect("a number")
        };
        let route = |status: &str| format!(r#"louyi_requests_total{{method="GET",route="/b/<building>/issues/<number>",status="{status}"}}"#);
        assert_eq!((value(&route("200")), value(&route("404"))), (1.0, 1.0), "one line per route, whatever the address");
        assert!(value(r#"louyi_request_seconds_count{method="GET",route="/b/<building>/issues/<number>"}"#) >= 2.0);
        assert_eq!(value(r#"louyi_issues{state="received"}"#), 1.0);
        assert_eq!(value(r#"louyi_issues{state="accepted"}"#), 1.0);
        assert_eq!(value("louyi_clocks_overdue"), 2.0);
        assert!(value("louyi_outbox_depth") >= 1.0);
        assert!(value("louyi_outbox_age_seconds") >= 30.0 * 86_400.0 - 1.0);
        let of = |state: &str| value(&format!(r#"louyi_database_connections{{pool="read",state="{state}"}}"#));
        assert!(of("max") >= 1.0 && of("busy") + of("idle") >= 1.0 && of("busy") + of("idle") <= of("max"));
        for trace in ["闻人竹", "13800001111", "三号梯", "tingqiao"] {
            assert!(!text.contains(trace), "{trace}");
        }
    }
}
