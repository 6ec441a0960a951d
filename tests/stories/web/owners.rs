//! The owners' roll in the browser: by a form, by a list with everything wrong said at once, names only when asked for.

use rocket::http::Status;

use crate::owners::an_owner;
use crate::support::browser::{Chosen, Page, Reader};
use crate::support::on_both;

pub const ROLL: &str = "/b/tingqiao/owners";

/// Sends a file in the form that looks at it.
async fn looks_at(reader: &Reader<'_>, name: &str, bytes: &[u8]) -> Page {
    let check = format!("{ROLL}/check");
    let form = reader.reads(ROLL).await.form(&check).expect("a form");
    let fields: Vec<(&str, &str)> = form.iter().filter(|(n, _)| n != "table").map(|(n, v)| (n.as_str(), v.as_str())).collect();
    reader.uploads(&check, &fields, &[Chosen { field: "table", name, bytes }]).await
}

/// Enters a roll from pasted rows.
pub async fn enters(reader: &Reader<'_>, list: &str) {
    let check = format!("{ROLL}/check");
    let looked = reader.fills(ROLL, &check, &[("list", list)]).await;
    assert_eq!(looked.status, Status::Ok, "{}", looked.text());
    let to = format!("{ROLL}/list");
    let form = looked.form(&to).expect("the list again");
    let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(reader.uploads(&to, &fields, &[]).await.status, Status::SeeOther);
}

on_both! {
    async fn a_roll_comes_as_a_file_and_is_looked_at_first(town: Town) {
        let site = town.site().await;
        an_owner(&town, "sungari", "松江置业").await;
        let s = site.signed_in(&town.secretary).await;
        assert!(s.reads(ROLL).await.says("还没有名册"));
        let (gb, _, _) = encoding_rs::GB18030.encode("单元,面积,户号,姓名,车位,共有人数\r\n1801,120.5,松江置业,,,\r\n1802,98.00,,金丝雀丙,,2\r\nB2-07,13.2,松江置业,,是,\r\n");
        let looked = looks_at(&s, "名册.csv", &gb).await;
        assert!(looked.says("一共3处，2户，231.70㎡"), "{}", looked.text());
        let to = format!("{ROLL}/list");
        let form = looked.form(&to).expect("the list again");
        let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(s.uploads(&to, &fields, &[]).await.status, Status::SeeOther);
        let page = s.reads(ROLL).await;
        assert!(page.says("第1版") && page.says("3处，2户，共231.70㎡") && page.says("2人共有"), "{}", page.text());
        page.hides("金丝雀");
        // Sent again from the page of before: somebody was first.
        let late = s.uploads(&to, &fields, &[]).await;
        assert_eq!(late.status, Status::Conflict, "{}", late.text());
    }

    async fn everything_that_is_wrong_with_a_list_is_said_by_line(town: Town) {
        let site = town.site().await;
        let s = site.signed_in(&town.secretary).await;
        let check = format!("{ROLL}/check");
        let wrong = s.fills(ROLL, &check, &[("list", "单元,面积,车位\n1801,0,\n1802,abc,\n1803,12,也许\n1804,12.5,\n1804,13,\n")]).await;
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        for words in ["第2行：面积不能是0", "第3行：面积看不懂：abc", "第4行：写“是”或“否”", "第6行：和第5行一样", "1804"] {
            assert!(wrong.says(words) || wrong.body.contains(words), "{words}: {}", wrong.text());
        }
        for (list, words) in [("", "空"), ("名称,大小\n1801,12\n", "至少有“单元”和“面积”"), ("单元,面积\n", "没有")] {
            let refused = s.fills(ROLL, &check, &[("list", list)]).await;
            assert!(refused.status == Status::UnprocessableEntity, "{words}: {} {}", refused.status, refused.text());
        }
        let wide = format!("单元,面积{}\n1801,12{}\n", ",x".repeat(298), ",y".repeat(298));
        let refused = looks_at(&s, "wide.csv", wide.as_bytes()).await;
        assert!(refused.status == Status::UnprocessableEntity && refused.says("300"), "{}", refused.text());
        let refused = looks_at(&s, "old.xls", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1]).await;
        assert!(refused.fault("many-table").is_some(), "{}", refused.text());
        assert!(s.reads(ROLL).await.says("还没有名册"), "nothing was entered");
    }

    async fn one_unit_is_entered_changed_and_taken_off(town: Town) {
        let site = town.site().await;
        let s = site.signed_in(&town.secretary).await;
        let refused = s.fills(ROLL, ROLL, &[("unit", "1801"), ("area", "0"), ("holder", "户1")]).await;
        assert!(refused.status == Status::UnprocessableEntity && refused.fault("one-area").is_some(), "{}", refused.text());
        assert!(refused.form(ROLL).expect("again").iter().any(|(n, v)| n == "holder" && v == "户1"), "what was typed is kept");
        s.does(ROLL, ROLL, &[("unit", "1801"), ("area", "98.5"), ("holder", "户1")]).await;
        assert!(s.reads(ROLL).await.says("98.50㎡"));
        s.does(ROLL, ROLL, &[("unit", "1801"), ("area", "99"), ("holder", "户1")]).await;
        let page = s.reads(ROLL).await;
        assert!(page.says("99.00㎡") && page.says("第2版") && !page.says("98.50㎡"), "{}", page.text());
        let same = s.fills(ROLL, ROLL, &[("unit", "1801"), ("area", "99.00"), ("holder", "户1")]).await;
        assert_eq!(same.status, Status::Conflict);
        let old = s.fills(ROLL, ROLL, &[("unit", "1802"), ("area", "50"), ("version", "1")]).await;
        assert!(old.status == Status::Conflict && old.body.contains("value=\"1802\""), "{}", old.text());
        s.does(ROLL, &format!("{ROLL}/removal"), &[]).await;
        assert!(s.reads(ROLL).await.says("还没有名册"));
    }

    async fn names_are_shown_only_when_they_are_asked_for(town: Town) {
        let site = town.site().await;
        let s = site.signed_in(&town.secretary).await;
        enters(&s, "单元,面积,户号,姓名\n1801,120,户1,金丝雀丙\n").await;
        let names = format!("{ROLL}/names");
        let shown = s.fills(ROLL, &names, &[]).await;
        assert!(shown.status == Status::Ok && shown.says("金丝雀丙"), "{}", shown.text());
        let erasure = format!("{ROLL}/1/erasure");
        let token = shown.form(&erasure).expect("a form");
        let token: Vec<(&str, &str)> = token.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(s.posts(&erasure, &token).await.status, Status::SeeOther);
        assert!(!s.fills(ROLL, &names, &[]).await.says("金丝雀丙"));
        let lines = louyi::kernel::journal::of_object(town.house.read(), town.tower.id).await.expect("lines");
        let acts: Vec<&str> = lines.iter().map(|l| l.act.as_str()).filter(|a| a.starts_with("owner")).collect();
        assert_eq!(acts, ["owners_roll_changed", "owner_names_read", "owner_name_erased", "owner_names_read"]);
        for reader in [site.signed_in(&town.staff).await, site.signed_in(&town.representative).await, site.visitor()] {
            assert_ne!(reader.opens(ROLL).await.status, Status::Ok);
        }
    }
}
