//! Lists to take along: each role its own, no cell a formula, all rows and not the first page of them.

use louyi::kernel::journal;
use louyi::kernel::spreadsheet::{Spreadsheet, read};
use rocket::http::Status;

use crate::support::browser::{Page, Reader};
use crate::support::on_both;

const CSV: &str = "/b/tingqiao/issues/export.csv";
const XLSX: &str = "/b/tingqiao/issues/export.xlsx";

/// Takes a list along: by a form, since it is noted.
async fn takes(reader: &Reader<'_>, address: &str) -> Page {
    let me = reader.reads("/me").await;
    let token = me.forms().iter().filter_map(|f| me.form(f)).flatten().find(|(n, _)| n == "token").expect("a token").1;
    reader.posts(address, &[("token", &token)]).await
}

async fn table(reader: &Reader<'_>, address: &str) -> Spreadsheet {
    let page = takes(reader, address).await;
    assert_eq!(page.status, Status::Ok, "{address}\n{}", page.body);
    read(&page.bytes).unwrap_or_else(|e| panic!("{address}: {e:?}\n{}", page.body))
}

fn cell<'t>(table: &'t Spreadsheet, row: usize, head: &str) -> &'t str {
    let column = table.head.iter().position(|h| h == head).unwrap_or_else(|| panic!("no column {head} in {:?}", table.head));
    table.rows[row].cell(column)
}

on_both! {
    async fn each_role_takes_along_what_it_may_read_and_no_more(town: Town) {
        let told = town.says("=cmd|' /C calc'!A0 电梯困人").at(&town.unit).files().await;
        town.reports("灯不亮").await;
        let site = town.site().await;
        // The property manager is responsible and reads the words.
        let staff = site.signed_in(&town.staff).await;
        for address in [CSV, XLSX] {
            let all = table(&staff, address).await;
            assert_eq!(all.rows.len(), 2);
            let (new, old) = if cell(&all, 0, "编号") == "TQ-2" { (0, 1) } else { (1, 0) };
            assert_eq!((cell(&all, new, "原话"), cell(&all, old, "地方")), ("灯不亮", "南座18F1801室"));
            assert_eq!(cell(&all, old, "原话"), "=cmd|' /C calc'!A0 电梯困人", "a text, whatever it looks like");
            assert_eq!(cell(&all, old, "谁负责"), "汀桥物业");
        }
        let raw = takes(&staff, CSV).await;
        assert!(raw.body.contains(",'=cmd|' /C calc'!A0 电梯困人,") && raw.header("content-disposition").is_some_and(|h| h.contains("tingqiao-issues-20261123.csv")));
        // An enterprise works here too, and reads no more than everybody does.
        for who in [&town.representative, &town.fitter, &town.members[5]] {
            let reader = site.signed_in(who).await;
            for address in [CSV, XLSX] {
                let all = table(&reader, address).await;
                assert!(all.rows.len() == 2 && all.rows.iter().all(|r| !r.cells.iter().any(|c| c.contains("灯不亮") || c.contains("1801室") || c.contains("calc"))), "{all:?}");
                // Who sits on the council reads the exact time on its page as well.
                let exact = who.id == town.members[5].id;
                assert!(exact || (0..2).all(|i| cell(&all, i, "报的时间").ends_with("09:00")), "to the hour");
            }
        }
        assert_ne!(site.visitor().posts(CSV, &[]).await.status, Status::Ok);
        assert!(site.visitor().reads("/b/tingqiao/issues.csv").await.body.lines().count() == 3);
        // With a task the contractor is a party, and reads them too.
        town.staff.accepts(told.matter, "收到，去看看").await.expect("accepted");
        town.staff.dispatches(told.matter, &town.contractor, "去看看").await.expect("dispatched");
        let fitter = site.signed_in(&town.fitter).await;
        let one = table(&fitter, &format!("{CSV}?state=in_work")).await;
        assert!(one.rows.len() == 1 && cell(&one, 0, "原话").contains("电梯困人"), "the list's filters are the file's");
        assert!(staff.reads("/b/tingqiao/issues?state=in_work").await.body.replace("&#x3D;", "=").contains("export.xlsx?state=in_work"));
        site.visitor().reads("/b/tingqiao/issues").await.hides("export.xlsx");
    }

    async fn all_rows_are_taken_along_and_not_a_page_of_them(town: Town) {
        for n in 0..520 {
            town.reports(&format!("第{n}件")).await;
        }
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let all = table(&staff, CSV).await;
        let mut numbers: Vec<&str> = all.rows.iter().map(|r| r.cell(0)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 520, "each once");
        assert_eq!(table(&staff, XLSX).await.rows.len(), 520);
        let desk = table(&staff, "/desk/list.csv?view=all").await;
        assert!(desk.rows.len() >= 520 && cell(&desk, 0, "地址").starts_with("https://louyi.example/b/tingqiao/issues/"), "{:?}", desk.rows[0]);
        assert_eq!(table(&staff, "/desk/list.xlsx?view=all").await.rows.len(), desk.rows.len());
        assert!(staff.reads("/desk").await.body.contains("/desk/list.xlsx"));
    }

    /// Who, which list, how narrowed, how many rows; no words, and nothing that a browser could fetch by itself.
    async fn what_is_taken_along_is_noted(town: Town) {
        town.says("电梯困人").at(&town.unit).files().await;
        town.reports("灯不亮").await;
        let site = town.site().await;
        let (staff, admin) = (site.signed_in(&town.staff).await, site.signed_in(&town.administrator).await);
        assert!(admin.reads("/b/tingqiao").await.body.contains("/b/tingqiao/exports"));
        assert!(admin.reads("/b/tingqiao/exports").await.says("还没有人导出过"));
        for address in [CSV, XLSX, "/desk/list.csv", "/desk/list.xlsx"] {
            assert_ne!(staff.opens(address).await.status, Status::Ok, "nothing is taken along by an address alone: {address}");
            let bare = staff.posts(address, &[]).await;
            assert!(bare.status.code >= 400 && !bare.body.contains("灯不亮"), "nor by another site's form: {address}: {}", bare.text());
        }
        assert!(admin.reads("/b/tingqiao/exports").await.says("还没有人导出过"), "what was not sent is not noted");
        let list = staff.reads("/b/tingqiao/issues?state=open&q=%E7%81%AF").await;
        let form = list.forms().into_iter().find(|f| f.contains("/issues/export.csv")).expect("a form");
        let token = list.form(&form).expect("a form").into_iter().find(|(n, _)| n == "token").expect("a token").1;
        assert_eq!(staff.posts(&form, &[("token", &token)]).await.status, Status::Ok);
        assert_eq!(table(&staff, &format!("{XLSX}?place={}", town.unit.code)).await.rows.len(), 1);
        let rows = table(&staff, "/desk/list.csv?view=all").await.rows.len();
        let page = admin.reads("/b/tingqiao/exports").await;
        for said in ["Ana导出了事项清单，1行", "状态：", "另有关键词等条件", "地方：南座18F1801室", &format!("Ana导出了待办清单，{rows}行"), "清单：全部"] {
            assert!(page.says(said), "{said}: {}", page.text());
        }
        page.hides("灯");
        admin.reads("/b/tingqiao/exports?lang=en").await.shows("took along the list of issues: 1 row").hides("⟨");
        let lines = journal::of_object(town.house.read(), town.tower.id).await.expect("reads");
        let noted: Vec<&str> = lines.iter().filter(|l| l.act == "list_exported").map(|l| l.data.as_str()).collect();
        assert!(noted.len() == 3 && noted.iter().all(|d| !d.contains('灯')), "{noted:?}");
        // What everybody may read needs no note.
        assert_eq!(staff.opens("/b/tingqiao/issues.csv").await.status, Status::Ok);
        assert_eq!(journal::of_object(town.house.read(), town.tower.id).await.expect("reads").len(), lines.len());
        assert_eq!(site.signed_in(&town.staff).await.opens("/b/tingqiao/exports").await.status, Status::Forbidden);
    }
}
