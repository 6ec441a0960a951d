//! Lists to take along: each role its own, no cell a formula, all rows and not the first page of them.

use louyi::kernel::spreadsheet::{Spreadsheet, read};
use rocket::http::Status;

use crate::support::browser::Reader;
use crate::support::on_both;

const CSV: &str = "/b/tingqiao/issues/export.csv";
const XLSX: &str = "/b/tingqiao/issues/export.xlsx";

async fn table(reader: &Reader<'_>, address: &str) -> Spreadsheet {
    let page = reader.opens(address).await;
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
        let raw = staff.reads(CSV).await;
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
        assert_ne!(site.visitor().opens(CSV).await.status, Status::Ok);
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
}
