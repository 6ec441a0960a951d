//! Posters: hung by those who may, scanned by anybody, and never a dead end.

use louyi::domain::buildings;
use rocket::http::Status;

use crate::support::on_both;

on_both! {
    async fn a_scan_is_counted_and_leads_to_the_form_of_its_place(town: Town) {
        let site = town.site().await;
        let (staff, anybody) = (site.signed_in(&town.staff).await, site.visitor());
        let sheet = staff.does("/b/tingqiao/posters", "/b/tingqiao/posters", &[("place", "S1E")]).await;
        let code = sheet.rsplit('/').next().expect("a code").to_owned();
        staff.reads(&sheet).await.shows("东电梯厅").shows(&format!("louyi.example/q/{code}")).shows("021-5550-0100").shows("class=\"qr\"");
        staff.reads(&format!("{sheet}?paper=a6")).await.shows("pg-poster a6");
        anybody.reads(&format!("{sheet}.svg")).await.shows("<svg");
        let scan = anybody.opens(&format!("/q/{code}")).await;
        assert_eq!((scan.status, scan.location), (Status::SeeOther, Some(format!("/b/tingqiao/report?place=S1E&poster={code}"))));
        assert_eq!(buildings::poster_by_code(town.house.read(), &code).await.expect("read").scans, 1);
    }

    async fn an_old_poster_leads_to_the_building_and_an_unknown_one_to_help(town: Town) {
        let site = town.site().await;
        let (staff, anybody) = (site.signed_in(&town.staff).await, site.visitor());
        let sheet = staff.does("/b/tingqiao/posters", "/b/tingqiao/posters", &[("place", "S1E")]).await;
        let code = sheet.rsplit('/').next().expect("a code").to_owned();
        staff.does("/b/tingqiao/posters", &format!("{sheet}/retirement"), &[]).await;
        assert_eq!(anybody.opens(&format!("/q/{code}")).await.location.as_deref(), Some("/b/tingqiao"));
        let unknown = anybody.opens("/q/nope42").await;
        assert_eq!(unknown.status, Status::NotFound);
        unknown.shows("这张海报不认得").shows("找到您的楼").shows("nope42");
    }

    async fn posters_are_for_those_who_may_hang_them_here(town: Town) {
        let site = town.site().await;
        for who in [&town.representative, &town.staff_elsewhere] {
            assert_eq!(site.signed_in(who).await.opens("/b/tingqiao/posters").await.status, Status::Forbidden);
        }
        assert_eq!(site.visitor().opens("/b/tingqiao/posters").await.status, Status::SeeOther);
        // Another building's poster is not to be retired from here.
        let elsewhere = site.signed_in(&town.staff_elsewhere).await;
        let sheet = elsewhere.does("/b/yuntai/posters", "/b/yuntai/posters", &[("place", "S1E")]).await;
        let code = sheet.rsplit('/').next().expect("a code").to_owned();
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads("/b/tingqiao/posters").await;
        let token = page.form("/b/tingqiao/posters").and_then(|f| f.into_iter().find(|(n, _)| n == "token")).expect("a token").1;
        let answer = staff.posts(&format!("/b/tingqiao/posters/{code}/retirement"), &[("token", &token)]).await;
        assert_eq!(answer.status, Status::NotFound);
        assert!(buildings::poster_by_code(town.house.read(), &code).await.expect("read").retired_at.is_none());
    }

    async fn a_poster_is_replaced_and_what_each_brought_is_counted(town: Town) {
        let site = town.site().await;
        let (staff, worker) = (site.signed_in(&town.staff).await, site.visitor().on_phone(1));
        let list = "/b/tingqiao/posters";
        let sheet = staff.does(list, list, &[("place", "S1E")]).await;
        let code = sheet.rsplit('/').next().expect("a code").to_owned();
        let page = format!("/b/tingqiao/report?place=S1E&poster={code}");
        worker.does(&page, "/b/tingqiao/report", &[("words", "灯坏了")]).await;
        staff.reads(list).await.shows("来了1件报事");
        let fresh = staff.does(list, &format!("{sheet}/replacement"), &[]).await;
        assert_ne!(fresh, sheet);
        assert_eq!(worker.opens(&format!("/q/{code}")).await.location.as_deref(), Some("/b/tingqiao"), "the old one is no dead end");
        staff.does(list, list, &[("place", "S1G")]).await;
        for (print, n) in [("print", 2), ("print?paper=a5", 2), ("print?floor=1F", 2), ("print?floor=1F&paper=a6", 2)] {
            let page = staff.reads(&format!("{list}/{print}")).await;
            assert_eq!(page.body.matches("class=\"poster\"").count(), n, "{print}");
        }
        for (print, n) in [(format!("{list}/print?paper=labels"), 2), (format!("{fresh}?paper=labels"), 10)] {
            assert_eq!(staff.reads(&print).await.body.matches("class=\"label\"").count(), n, "{print}");
        }
        assert_eq!(staff.opens(&format!("{list}/print?floor=99F")).await.status, Status::NotFound);
    }
}
