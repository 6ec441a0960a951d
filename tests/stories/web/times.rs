//! Times through their pages: read by everybody, decided by the secretary, explained where a date is explained.

use rocket::http::Status;

use crate::support::on_both;

const TIMES: &str = "/b/tingqiao/times";
const NEW: &str = "/b/tingqiao/times/new";

on_both! {
    async fn decided_and_read(town: Town) {
        let site = town.site().await;
        let page = site.visitor().reads(TIMES).await;
        assert!(page.says("议事会没有改过") && page.says("太冷、太热 2小时 1个工作日"), "{}", page.text());
        assert!(!page.says("定新的时限"));
        let secretary = site.signed_in(&town.secretary).await;
        assert!(secretary.reads(TIMES).await.says("定新的时限"));
        let page = secretary.fills(NEW, TIMES, &[("words", "议事会商定"), ("first-hvac-temp", "很快"), ("result-lift-queue", "61")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.fault("first-hvac-temp").is_some_and(|w| w.contains("写个数字")), "{}", page.text());
        page.shows("很快");
        assert!(page.says("议事会商定"), "what was typed is kept");
        let page = secretary.fills(NEW, TIMES, &[("words", "议事会商定"), ("from", "2026-11-23")]).await;
        assert_eq!((page.status, page.fault("from").is_some()), (Status::UnprocessableEntity, true), "{}", page.text());
        let page = secretary.fills(NEW, TIMES, &[("words", "议事会商定")]).await;
        assert!(page.says("没有要改的"), "{}", page.text());
        secretary.does(NEW, TIMES, &[("words", "冬天冷得快"), ("from", "2026-11-25"), ("first-hvac-temp", "1")]).await;
        let page = site.visitor().reads(TIMES).await;
        assert!(page.says("以后：1小时回话，1个工作日有结果") && page.says("第1版，11月25日") && page.says("冬天冷得快"), "{}", page.text());
        let early = town.says("太冷").about("hvac.temp").files().await;
        town.lets_pass(chrono::Duration::days(2));
        let late = town.says("太冷").about("hvac.temp").files().await;
        let page = site.visitor().reads(TIMES).await;
        assert!(page.says("议事会定的第1版") && page.says("太冷、太热 议事会定的 1小时"), "{}", page.text());
        let explained = async |told: &crate::support::Told| {
            let n = town.now(told.matter).await.number;
            site.visitor().reads(&format!("/b/tingqiao/issues/{n}/clock")).await
        };
        assert!(explained(&early).await.says("2小时") && explained(&late).await.says("1小时"));
    }
}
