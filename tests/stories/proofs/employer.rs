//! The employer: has noted every code before handing the slips out, and sees its own page, the desk and the public pages.

use louyi::domain::slips;

use crate::support::browser::Reader;
use crate::support::{Told, Town, on_both, refusal};

/// Every page on which an employer could look, without what changes by itself.
async fn seen(reader: &Reader<'_>, told: &Told, town: &Town) -> String {
    let n = town.now(told.matter).await.number;
    let mut all = String::new();
    for page in [
        "/b/tingqiao/slips".to_owned(),
        format!("/b/tingqiao/issues/{n}"),
        format!("/b/tingqiao/issues/{n}/work"),
        format!("/b/tingqiao/issues/{n}/work/reports"),
        format!("/b/tingqiao/issues/{n}.atom"),
        "/b/tingqiao/issues".into(),
        "/b/tingqiao/issues.json".into(),
        "/b/tingqiao/issues.csv".into(),
        "/desk".into(),
    ] {
        let there = reader.reads(&page).await;
        all += if page.contains('.') { there.body.as_str() } else { "" };
        all += &there.text();
    }
    all
}

on_both! {
    /// It learns that codes were used, and nothing of what was done with them: neither when somebody proves, nor who.
    async fn the_employer_learns_that_codes_were_used_and_no_more(town: Town) {
        let (_, codes) = town.gives_out(&town.sunflower, 12).await;
        let site = town.site().await;
        let employer = site.signed_in(&town.representative).await;
        let first = town.reports("候梯太久").await;
        let mut told = vec![first.clone()];
        for _ in 1..10 {
            told.push(town.another_joins(first.matter).await);
        }
        assert!(employer.reads("/b/tingqiao/slips").await.says("12张"));
        let mut secrets = vec![];
        for code in &codes[..6] {
            secrets.push(town.redeems(code).await.expect("redeemed"));
        }
        assert!(employer.reads("/b/tingqiao/slips").await.says("6张"));
        let before = seen(&employer, &first, &town).await;
        // Six of ten prove it; which six leaves no trace on any page on the same day.
        for (secret, report) in secrets.iter().zip(told.iter().step_by(2).chain(&told[1..2])) {
            town.proves(secret, report).await.expect("proven");
            assert_eq!(seen(&employer, &first, &town).await, before, "a page tells the minute of a proof");
        }
        // A used code says the same as one that never was.
        for code in [codes[0].as_str(), codes[3].as_str()] {
            assert_eq!(refusal(town.redeems(code).await), "slip_unknown");
        }
        assert!(slips::held(town.house.read(), town.house.keys(), &codes[0]).await.expect("reads").is_none(), "a code is no secret of a device");
        town.lets_pass(chrono::Duration::days(1));
        let page = employer.reads("/b/tingqiao/issues/1").await;
        assert!(page.says("10份报事，其中6份来自1家单位的在职员工（已证明）") && page.says("另有4份没有证明"), "{}", page.text());
    }

    /// Fewer than five used slips are told as fewer than five.
    async fn few_are_told_as_few(town: Town) {
        let (_, codes) = town.gives_out(&town.sunflower, 8).await;
        let site = town.site().await;
        let employer = site.signed_in(&town.representative).await;
        for (n, code) in codes.iter().take(5).enumerate() {
            let page = employer.reads("/b/tingqiao/slips").await;
            assert!(page.says("不到5张"), "{n}: {}", page.text());
            town.redeems(code).await.expect("redeemed");
        }
        assert!(!employer.reads("/b/tingqiao/slips").await.says("不到5张"));
        // The worker is told that nothing is shown yet.
        let few = town.gives_out(&town.egret, 1).await.1;
        let secret = town.redeems(&few[0]).await.expect("redeemed");
        assert!(site.visitor().holding(&secret).reads("/slip").await.says("白鹭设计兑换的凭条还不到5张"));
    }

    /// The sheet is shown once, to cut; the codes are on it and in no page after it.
    async fn the_sheet_is_shown_once(town: Town) {
        let site = town.site().await;
        let employer = site.signed_in(&town.representative).await;
        let sheet = employer.fills("/b/tingqiao/slips", "/b/tingqiao/slips", &[("n", "9"), ("door", "paper")]).await;
        assert_eq!(sheet.body.matches("class=\"slip\"").count(), 9, "{}", sheet.body);
        assert_eq!(sheet.header("cache-control"), Some("no-store"));
        let codes: Vec<&str> = sheet.body.split("class=\"slip-code n\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
        assert_eq!(codes.len(), 9);
        assert!(sheet.says("单位、物业都不知道哪份报事是您的") && sheet.says("Neither your employer"));
        let after = employer.reads("/b/tingqiao/slips").await;
        assert!(after.says("9张") && codes.iter().all(|c| !after.body.contains(c)));
        // Somebody scans one, reads what it is, and presses the button.
        let worker = site.visitor().on_phone(7);
        let page = worker.reads(&format!("/slip/{}", codes[4])).await;
        page.shows(codes[4]);
        let done = worker.fills(&format!("/slip/{}", codes[4]), "/slip", &[]).await;
        let (secret, attributes) = done.cookie("slip").expect("a cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/slip", "Max-Age="] {
            assert!(attributes.contains(part), "{part} is missing in {attributes}");
        }
        assert!(worker.holding(&secret).reads("/slip").await.says("这台手机能证明您在向日葵科技上班"));
        // Refused beside its field, with what was typed.
        let refused = employer.fills("/b/tingqiao/slips", "/b/tingqiao/slips", &[("n", "多"), ("door", "paper")]).await;
        assert!(refused.fault("n").is_some(), "{}", refused.text());
        assert_eq!(refused.form("/b/tingqiao/slips").expect("the form").iter().find(|(n, _)| n == "n").map(|(_, v)| v.as_str()), Some("多"));
    }
}
