//! What is told: from five of one enterprise on, as of the last midnight; and what is kept of it, for how long.

use chrono::Duration;
use louyi::domain::retention;
use louyi::domain::slips::{KEPT_DAYS, VALID_DAYS};

use crate::support::on_both;

on_both! {
    /// Today's proofs count from midnight on, and an enterprise with four of them not at all.
    async fn sums_are_of_yesterday_and_never_small(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 5).await;
        let codes = town.gives_out(&town.egret, 4).await.1;
        for (secret, report) in secrets.iter().zip(&told).take(4) {
            town.proves(secret, report).await.expect("proven");
        }
        for code in &codes {
            let report = town.another_joins(told[0].matter).await;
            let secret = town.redeems(code).await.expect("redeemed");
            town.has_it_proven(&secret, &report).await.expect("proven");
        }
        town.lets_pass(Duration::days(1));
        assert!(town.told_of(told[0].matter).await.is_empty(), "four and four are nobody");
        let site = town.site().await;
        site.visitor().reads("/b/tingqiao/issues/1").await.hides("已证明");
        town.proves(&secrets[4], &told[4]).await.expect("proven");
        assert!(town.told_of(told[0].matter).await.is_empty(), "the fifth counts from midnight on");
        town.lets_pass(Duration::days(1));
        assert_eq!(town.told_of(told[0].matter).await, [5]);
        let page = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(page.says("9份报事，其中5份来自1家单位的在职员工（已证明）") && page.says("向日葵科技5人"), "{}", page.text());
        page.hides("白鹭设计4");
        assert!(page.says("另有4份没有证明"));
        let english = site.visitor().in_english().reads("/b/tingqiao/issues/1").await;
        assert!(english.says("9 reports, 5 of them from people who work at 1 enterprise (proven)"), "{}", english.text());
        assert!(site.visitor().reads("/b/tingqiao/issues").await.says("5人已证明"));
        let json = site.visitor().reads("/b/tingqiao/issues/1.json").await;
        assert!(json.body.contains(r#""reports":9,"proven":5,"represented":0"#), "{}", json.body);
        let staff = site.signed_in(&town.staff).await;
        assert!(staff.reads("/desk").await.says("5人已证明"), "the desk reads what the public reads");
        assert!(staff.reads("/b/tingqiao/issues/1/work").await.says("其中5份来自1家单位"));
    }

    async fn what_served_its_time_goes_at_night(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 5).await;
        for (secret, report) in secrets.iter().zip(&told) {
            town.proves(secret, report).await.expect("proven");
        }
        let left = town.gives_out(&town.sunflower, 1).await.1;
        town.staff.accepts(told[0].matter, "收到").await.expect("accepted");
        town.staff.declines(told[0].matter, "out_of_scope", "不归物业").await.expect("declined");
        let rows = async |table: &str| town.rows_of(table).await.lines().count();
        town.lets_pass(Duration::days(91));
        retention::tonight(&town.house).await.expect("a night");
        assert_eq!([rows("proof_keys").await, rows("proof_marks").await, rows("spent_tokens").await, rows("proofs").await], [0, 0, 0, 5]);
        assert_eq!([rows("slip_credentials").await, rows("slips").await], [5, 1]);
        town.lets_pass(Duration::days(VALID_DAYS as i64 + KEPT_DAYS));
        retention::tonight(&town.house).await.expect("a night");
        assert_eq!([rows("slip_credentials").await, rows("slips").await, rows("proofs").await], [0, 0, 5]);
        assert!(town.redeems(&left[0]).await.is_err());
        let page = town.site().await.visitor().reads("/privacy").await;
        assert!(page.says("凭条：没用的码") && page.says("了结满90天就删"), "{}", page.text());
    }

    /// The page says what is proven, to whom one stays unknown and what does not hold, in both languages.
    async fn it_is_explained(town: Town) {
        let site = town.site().await;
        let page = site.visitor().reads("/proof").await;
        for words in ["证明的是什么", "谁知道什么", "做不到的", "RFC 9474", "您的单位", "翻数据库的人"] {
            assert!(page.says(words), "{words}");
        }
        assert!(site.visitor().in_english().reads("/proof").await.says("What does not hold"));
        let told = town.reports("候梯太久").await;
        site.visitor().reads(&format!("/r/{}", told.receipt)).await.shows(&format!("/r/{}/proof", told.receipt));
        for page in ["/slip", "/b/tingqiao/report", "/b/tingqiao/issues/1/me-too"] {
            site.visitor().reads(page).await.shows("href=\"/proof\"");
        }
    }
}
