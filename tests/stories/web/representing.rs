//! An enterprise's representative speaks for many: one report, counted apart, wherever the matter is shown.

use louyi::domain::reports::{self, Channel};
use rocket::http::Status;
use sea_orm::{EntityTrait as _, QueryOrder as _};

use crate::support::{Matter, Town, on_both};

const FORM: &str = "/b/tingqiao/report?place=S1E";
const FILES: &str = "/b/tingqiao/report";

async fn newest(town: &Town) -> reports::Report {
    reports::Entity::find().order_by_desc(reports::Column::Id).one(town.house.read()).await.expect("reads").expect("a report")
}

async fn represented(town: &Town, matter: Matter) -> i64 {
    reports::represented(town.house.read(), matter.0).await.expect("reads")
}

on_both! {
    /// The same form; a line more for who speaks for an enterprise here, and for nobody else.
    async fn one_report_for_twelve(town: Town) {
        let site = town.site().await;
        for who in [&town.staff, &town.secretary, &town.staff_elsewhere, &town.administrator] {
            site.signed_in(who).await.reads(FORM).await.hides("name=\"behalf\"");
        }
        site.visitor().reads(FORM).await.hides("name=\"behalf\"");
        let wei = site.signed_in(&town.representative).await;
        let form = wei.reads(FORM).await;
        assert!(form.says("代表向日葵科技") && form.says("您看不到谁自己报过"), "{}", form.text());
        wei.reads("/b/yuntai/report").await.hides("name=\"behalf\"");
        let next = wei.does(FORM, FILES, &[("words", "早上九点候梯二十分钟"), ("behalf", "12"), ("may_know", "nobody")]).await;
        assert!(next.starts_with("/r/"), "the receipt is the representative's: {next}");
        let report = newest(&town).await;
        assert_eq!((report.channel, report.on_behalf_of, report.represented_id), (Channel::Representative, Some(12), Some(town.sunflower.id)));
        let matter = Matter(report.issue_id);
        assert_eq!((town.now(matter).await.reports, represented(&town, matter).await), (1, 12), "one report, not twelve");
        let lines = louyi::kernel::journal::of_issue(town.house.read(), matter.0).await.expect("lines");
        let filed = lines.iter().find(|l| l.act == "report_received").expect("a line");
        assert_eq!((filed.actor.as_str(), filed.organisation_id), ("person", Some(town.sunflower.id)));
        // Where it is shown: in public without the enterprise, at work, before the council, to itself.
        let public = site.visitor().reads("/b/tingqiao/issues/1").await;
        assert!(public.says("企业代表代12人报，另算") && !public.says("向日葵"), "{}", public.text());
        let work = site.signed_in(&town.staff).await.reads("/b/tingqiao/issues/1/work").await;
        assert!(work.says("企业代表代12人报") && work.says("第1位：企业代表，代12人"), "{}", work.text());
        // In the lists, for people and for machines, and on the desk: beside the reports, never among them.
        let list = site.visitor().reads("/b/tingqiao/issues").await;
        assert!(list.says("企业代表代12人报") && !list.says("12人遇到"), "{}", list.text());
        let desk = site.signed_in(&town.staff).await.reads("/desk").await;
        assert!(desk.says("企业代表代12人报"), "{}", desk.text());
        let json = |body: &str| serde_json::from_str::<serde_json::Value>(body).expect("JSON");
        let all = json(&site.visitor().reads("/b/tingqiao/issues.json").await.body);
        assert_eq!((&all["issues"][0]["reports"], &all["issues"][0]["represented"], &all["issues"][0]["proven"]), (&1.into(), &12.into(), &0.into()));
        let one = site.visitor().reads("/b/tingqiao/issues/1.json").await;
        assert_eq!(json(&one.body), all["issues"][0], "the same record");
        assert_eq!(site.visitor().opens_again("/b/tingqiao/issues/1.json", &one.etag.expect("a tag")).await.status, Status::NotModified);
        let csv = site.visitor().reads("/b/tingqiao/issues.csv").await;
        assert!(csv.body.contains("报事数,已证明,企业代报人数") && csv.body.contains(",1,0,12,"), "{}", csv.body);
        let session = town.council_meets_about(matter).await;
        let meeting = louyi::domain::meetings::by_id(town.house.read(), session.meeting).await.expect("a meeting");
        let dossier = site.signed_in(&town.secretary).await.reads(&format!("/b/tingqiao/meetings/{}/items/1", meeting.number)).await;
        assert!(dossier.says("1份报事，企业代表代12人报"), "{}", dossier.text());
        // Left empty, they report what they met themselves.
        wei.does(FORM, FILES, &[("words", "我自己也在等电梯"), ("behalf", ""), ("may_know", "nobody")]).await;
        let own = newest(&town).await;
        assert_eq!((own.channel, own.on_behalf_of), (Channel::Web, None));
    }

    /// By "me too" as well; each enterprise counts once, by its largest number, through merging and taking back.
    async fn enterprises_are_counted_once_each(town: Town) {
        let told = town.reports("候梯太久").await;
        town.another_joins(told.matter).await;
        let site = town.site().await;
        let me_too = "/b/tingqiao/issues/1/me-too";
        for (who, n) in [(&town.representative, "12"), (&town.neighbour, "20"), (&town.representative, "15"), (&town.representative, "9")] {
            site.signed_in(who).await.does(me_too, me_too, &[("behalf", n)]).await;
        }
        assert_eq!((town.now(told.matter).await.reports, represented(&town, told.matter).await), (6, 35));
        let wordless = site.signed_in(&town.neighbour).await.fills(me_too, me_too, &[("behalf", "twenty")]).await;
        assert!(wordless.status == Status::UnprocessableEntity && wordless.fault("behalf").is_some(), "{}", wordless.text());
        let egret = reports::Entity::find().all(town.house.read()).await.expect("reads").into_iter().find(|r| r.represented_id == Some(town.egret.id)).expect("theirs");
        let into = town.says("电梯又停").about("lift.fault").files().await;
        town.staff.accepts(told.matter, "看").await.expect("accepted");
        town.staff.accepts(into.matter, "看").await.expect("accepted");
        town.staff.merges(told.matter, into.matter).await.expect("merged");
        assert_eq!((represented(&town, into.matter).await, represented(&town, told.matter).await), (35, 0), "it comes along");
        let receipt = reports::receipt_of(town.house.keys(), egret.id);
        let lin = site.signed_in(&town.neighbour).await;
        lin.does(&format!("/r/{receipt}/withdrawal"), &format!("/r/{receipt}/withdrawal"), &[]).await;
        assert_eq!(represented(&town, into.matter).await, 15, "who takes it back is counted no more");
    }

    /// A number that cannot be, and whoever speaks for nobody: refused beside the field, with what was typed.
    async fn a_number_must_be_true(town: Town) {
        let site = town.site().await;
        let wei = site.signed_in(&town.representative).await;
        for (n, why) in [("1", "2和6120之间"), ("0", "2和6120之间"), ("-3", "2和6120之间"), ("6121", "2和6120之间"), ("很多", "写成数字"), ("99999999999", "写成数字")] {
            let refused = wei.fills(FORM, FILES, &[("words", "候梯太久"), ("behalf", n), ("may_know", "nobody")]).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.fault("behalf").is_some_and(|f| f.contains(why)), "{n}: {}", refused.text());
            refused.shows(&format!("value=\"{n}\""));
            refused.shows("候梯太久");
        }
        for who in [&town.staff, &town.members[8]] {
            let refused = site.signed_in(who).await.fills(FORM, FILES, &[("words", "候梯太久"), ("behalf", "12"), ("may_know", "nobody")]).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.text().contains("不是哪家单位的代表"), "{}", refused.text());
        }
        let elsewhere = wei.fills("/b/yuntai/report?place=S1E", "/b/yuntai/report", &[("words", "候梯太久"), ("behalf", "12"), ("may_know", "nobody")]).await;
        assert_eq!(elsewhere.status, Status::UnprocessableEntity);
        let other = wei.fills(FORM, FILES, &[("words", "候梯太久"), ("behalf", "12"), ("enterprise", "egret"), ("may_know", "nobody")]).await;
        assert_eq!(other.status, Status::UnprocessableEntity, "nobody speaks for the neighbour");
        assert_eq!(reports::Entity::find().all(town.house.read()).await.expect("reads").len(), 0);
    }

    /// Speaking for all tells nothing of any.
    async fn the_enterprise_learns_of_nobody(town: Town) {
        let told = town.says("候梯太久，我在十八楼").named("闻人竹", "13800001111").by_mail("wenren@example.org").working_at(&town.sunflower).files().await;
        let site = town.site().await;
        let wei = site.signed_in(&town.representative).await;
        let me_too = "/b/tingqiao/issues/1/me-too";
        let receipt = wei.does(me_too, me_too, &[("behalf", "40")]).await;
        let handle = reports::handle_of(town.house.keys(), told.report);
        for path in [receipt.as_str(), "/b/tingqiao/issues/1", "/b/tingqiao/issues/1/work", "/b/tingqiao/issues/1/work/reports", FORM, me_too, "/desk"] {
            let page = wei.opens(path).await;
            for trace in ["闻人竹", "13800001111", "wenren", "十八楼"] {
                assert!(!page.body.contains(trace), "{path} tells {trace}");
            }
        }
        let asked = wei.posts(&format!("/b/tingqiao/issues/1/work/reports/{handle}/identity"), &[]).await;
        assert!(asked.status.class().is_client_error());
        // Erased, the number stays: it is nobody's.
        let id = newest(&town).await.id;
        wei.does(&format!("{receipt}/erasure"), &format!("{receipt}/erasure"), &[("agreed", "1")]).await;
        assert_eq!((town.report(&told).await.erased_at, represented(&town, told.matter).await), (None, 40));
        assert!(reports::by_id(town.house.read(), id).await.expect("reads").erased_at.is_some());
    }
}
