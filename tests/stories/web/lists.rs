//! Lists of tenants and of people as files, in the forms in which offices keep them: a workbook, and a CSV as Excel writes it on a
//! Chinese Windows; and files that are no list.

use louyi::domain::{buildings, organisations, persons, tenancies};
use rocket::http::Status;
use rust_xlsxwriter::{Format, Formula, Workbook};

use crate::support::browser::{Chosen, Page, Reader};
use crate::support::on_both;

const TENANTS: &str = "/b/tingqiao/tenants";
const PEOPLE: &str = "/b/tingqiao/people";

/// Sends a file in the form that looks at it.
async fn looks_at(reader: &Reader<'_>, page: &str, name: &str, bytes: &[u8]) -> Page {
    let check = format!("{page}/check");
    let form = reader.reads(page).await.form(&check).expect("a form");
    let fields: Vec<(&str, &str)> = form.iter().filter(|(n, _)| n != "table").map(|(n, v)| (n.as_str(), v.as_str())).collect();
    reader.uploads(&check, &fields, &[Chosen { field: "table", name, bytes }]).await
}

/// Does what was shown, as a browser sends it.
async fn does(reader: &Reader<'_>, looked: &Page, action: &str) -> Page {
    assert_eq!(looked.status, Status::Ok, "{}", looked.text());
    let form = looked.form(action).expect("the list again");
    let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    reader.uploads(action, &fields, &[]).await
}

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost && String::from_utf8(bytes.to_vec()).is_err(), "bytes that are no UTF-8");
    bytes.into_owned()
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in (0..).zip(rows) {
        for (c, cell) in (0..).zip(*row) {
            match cell.parse::<f64>() {
                Ok(n) => sheet.write_number(r, c, n),
                Err(_) => sheet.write_string(r, c, *cell),
            }
            .expect("a cell");
        }
    }
    book.save_to_buffer().expect("a file")
}

on_both! {
    /// A title over several columns, a floor merged over its rows, numbers as numbers, a formula, a column that nobody asked for.
    async fn tenants_come_as_a_workbook_and_as_excel_writes_text(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        admin.does("/b/tingqiao/places", "/b/tingqiao/places/floors", &[("floors", "主楼：5-8")]).await;
        admin.reads(TENANTS).await.shows(".xlsx");
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let bold = Format::new().set_bold();
        sheet.merge_range(0, 0, 0, 5, "汀桥大厦租户一览（2026年11月）", &bold).expect("a title");
        for (c, word) in (0..).zip(["楼栋", "楼层", "室号", "企业名称", "人数", "联系人"]) {
            sheet.write_string(1, c, word).expect("a head");
        }
        sheet.merge_range(2, 1, 3, 1, "5", &bold).expect("two rows of one floor");
        for (r, unit, tenant, workers) in [(2, 501.0, "堃源\n餐饮", 120.0), (3, 502.0, "喆明设计", 8.0), (4, 601.0, "喆明设计", 8.0)] {
            sheet.write_string(r, 0, "主楼").expect("a tower");
            sheet.write_number(r, 2, unit).expect("a unit");
            sheet.write_string(r, 3, tenant).expect("a tenant");
            sheet.write_number(r, 4, workers).expect("workers");
            sheet.write_string(r, 5, "王\"小\"姐 13800001111").expect("whom to ask");
        }
        sheet.write_formula(4, 1, Formula::new("=B3+1").set_result("6")).expect("a formula");
        let looked = looks_at(&admin, TENANTS, "租户.xlsx", &book.save_to_buffer().expect("a file")).await;
        assert!(looked.says("3行要加上，其中新来的企业2家") && looked.says("主楼 5 501"), "{}", looked.text());
        looked.hides("13800001111");
        assert_eq!(does(&admin, &looked, &format!("{TENANTS}/list")).await.status, Status::SeeOther);
        let gb = gb18030("楼栋,楼层,室号,企业名称,人数\r\n主楼,7,701,堃源 餐饮,\r\n主楼,7,702,㼆记面馆,大\r\n");
        let looked = looks_at(&admin, TENANTS, "租户.csv", &gb).await;
        assert!(looked.says("2行要加上，其中新来的企业1家"), "{}", looked.text());
        assert_eq!(does(&admin, &looked, &format!("{TENANTS}/list")).await.status, Status::SeeOther);
        let known = organisations::tenants(town.house.read(), town.tower.id).await.expect("reads");
        let seated = tenancies::of_building(town.house.read(), town.tower.id).await.expect("reads");
        let places = buildings::places(town.house.read(), town.tower.id).await.expect("reads");
        let mut here: Vec<(String, Option<i32>, Vec<&str>)> = vec![];
        for o in known.iter().filter(|o| seated.iter().any(|t| t.organisation_id == o.id)) {
            let theirs = seated.iter().filter(|t| t.organisation_id == o.id);
            let mut rooms: Vec<&str> = theirs.filter_map(|t| places.iter().find(|p| p.id == t.place_id)).map(|p| p.name.as_str()).collect();
            rooms.sort_unstable();
            here.push((o.name.clone(), o.workers, rooms));
        }
        here.sort();
        assert_eq!(here, [
            ("㼆记面馆".to_owned(), None, vec!["702室"]),
            ("喆明设计".to_owned(), Some(8), vec!["502室", "601室"]),
            ("堃源 餐饮".to_owned(), Some(120), vec!["501室", "701室"]),
        ]);
    }

    /// The most rows that are taken at once, on both ways.
    async fn a_whole_tower_moves_in_by_one_file(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        admin.does("/b/tingqiao/places", "/b/tingqiao/places/floors", &[("floors", "主楼：5-8")]).await;
        let rows = |n: usize| -> Vec<[String; 3]> { (0..n).map(|i| [(5 + i % 4).to_string(), format!("{}", 1000 + i), "第七棠梨动画文化传播有限公司".to_owned()]).collect() };
        let book = |n: usize| {
            let rows = rows(n);
            let rows: Vec<Vec<&str>> = [vec!["楼层", "单元", "租户"]].into_iter().chain(rows.iter().map(|r| r.iter().map(String::as_str).collect())).collect();
            workbook(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let refused = looks_at(&admin, TENANTS, "a.xlsx", &book(2_001)).await;
        assert!(refused.fault("many-table").is_some_and(|f| f.contains("一次最多2000行，现在2001行")), "{}", refused.text());
        let looked = looks_at(&admin, TENANTS, "a.xlsx", &book(2_000)).await;
        assert!(looked.says("2000行要加上") && looked.says("还有1800行"), "{}", looked.text());
        assert_eq!(does(&admin, &looked, &format!("{TENANTS}/list")).await.status, Status::SeeOther);
        assert_eq!(tenancies::of_building(town.house.read(), town.tower.id).await.expect("reads").len(), 2_000);
    }

    async fn people_come_as_a_workbook_and_as_excel_writes_text(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        admin.reads(PEOPLE).await.shows(".xlsx");
        // A number in a cell is a mobile number; a list of one line needs no headings.
        let book = workbook(&[&["通讯录"], &["姓名", "手机", "单位"], &["陶喆", "13800001234", "汀桥物业"]]);
        let looked = looks_at(&admin, PEOPLE, "人.xlsx", &book).await;
        assert!(looked.says("陶喆") && looked.says("13800001234") && looked.says("另有1人没有邮箱"), "{}", looked.text());
        let done = does(&admin, &looked, PEOPLE).await;
        assert!(done.status == Status::Ok && done.says("陶喆"), "{}", done.text());
        let looked = looks_at(&admin, PEOPLE, "人.csv", &gb18030("闻人竹,wenren@tq.example,汀桥物业\r\n")).await;
        assert!(looked.says("会发出1封信"), "{}", looked.text());
        assert_eq!(does(&admin, &looked, PEOPLE).await.status, Status::SeeOther);
        let wenren = persons::by_email(town.house.read(), "wenren@tq.example").await.expect("asks").expect("is there");
        assert_eq!(wenren.name, "闻人竹");
        // What is wrong is said by the row's number in the file, and the rows come back as text to be mended.
        let wrong = workbook(&[&["姓名", "邮箱", "单位"], &["甲", "jia@tq.example", "汀桥物业"], &[], &["乙", "yi@tq.example", "没有这家"], &["丙", "#REF!", "汀桥物业"]]);
        let refused = looks_at(&admin, PEOPLE, "人.xlsx", &wrong).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert!(refused.fault("table").is_some_and(|f| f.contains("2处不对")), "{}", refused.text());
        assert!(refused.says("第4行：“没有这家”看不懂") && refused.says("第5行：公式出错：#REF!"), "{}", refused.text());
        refused.shows("jia@tq.example\t汀桥物业");
    }

    async fn what_is_no_list_is_refused_beside_the_file(town: Town) {
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let wide = vec!["列"; 300];
        let broken = workbook(&[&["楼层", "租户"], &["5", "#N/A"]]);
        let large = vec![b'a'; 49 * 1024 * 1024];
        let cases: [(&[u8], &str); 8] = [
            (b"\xEF\xBB\xBF\r\n,,\r\n", "什么也没有"),
            (&[0x82, 0xFF, 0xFE, 0x81, 0xFF, 0x80], "文字编码看不懂"),
            ("楼层,租户\n5,\"没完\n6,好\n".as_bytes(), "第2行有一个引号只有前一半"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "旧的.xls格式"),
            (b"PK\x03\x04 and nothing of the kind", "这不是表格"),
            (&workbook(&[&wide, &wide]), "有300列，最多100列"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "文字编码看不懂"),
            (&large, "文件太大：最大48MB"),
        ];
        for (bytes, said) in cases {
            for (page, field) in [(TENANTS, "many-table"), (PEOPLE, "table")] {
                let refused = looks_at(&admin, page, "a.xlsx", bytes).await;
                assert_eq!(refused.status, Status::UnprocessableEntity, "{page} {said}: {}", refused.text());
                assert!(refused.fault(field).is_some_and(|f| f.contains(said)), "{page} {said}: {}", refused.text());
            }
        }
        let refused = looks_at(&admin, TENANTS, "a.xlsx", &broken).await;
        assert!(refused.says("第2行：公式出错：#N/A"), "{}", refused.text());
        let refused = looks_at(&admin, TENANTS, "a.xlsx", &workbook(&[&["租户", "几楼"], &["棠梨动画", "5"]])).await;
        assert!(refused.fault("many-table").is_some_and(|f| f.contains("第一行要是列名")), "{}", refused.text());
        assert!(tenancies::of_building(town.house.read(), town.tower.id).await.expect("reads").is_empty());
        assert!(town.letters("invited").await.is_empty());
    }
}
