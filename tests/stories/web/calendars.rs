//! A new year's table through its page: what is wrong stands line by line beside the file, what would differ is shown before
//! anything is loaded, and what was promised provisionally is moved by a button of its own.

use rocket::http::Status;

use crate::calendars::next_year;
use crate::support::browser::Chosen;
use crate::support::on_both;

const PAGE: &str = "/calendars";
const CHECK: &str = "/calendars/check";

on_both! {
    async fn looked_at_loaded_and_moved(town: Town) {
        town.it_is("2026-12-30 10:00");
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        let page = admin.reads(PAGE).await;
        assert!(page.says("程序自带的") && page.says("2019年到2026年") && !page.says("暂定的期限可以改准了"), "{}", page.text());
        let token = page.form(CHECK).expect("a form").iter().find(|(n, _)| n == "token").expect("a token").1.clone();
        let fields = |source: &'static str| vec![("token", token.clone()), ("source", source.to_owned())];
        let uploads = async |source: &'static str, bytes: &[u8]| {
            let fields = fields(source);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let files = if bytes.is_empty() { vec![] } else { vec![Chosen { field: "table", name: "2027.csv", bytes }] };
            admin.uploads(CHECK, &fields, &files).await
        };
        let page = uploads("2027年放假安排", b"").await;
        assert!(page.status == Status::UnprocessableEntity && page.says("还没选文件"), "{}", page.text());
        page.shows("2027年放假安排");
        let page = uploads("2027年放假安排", &[0xd4, 0xaa, 0xb5, 0xa9]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("CSV UTF-8"), "{}", page.text());
        let page = uploads("2027年放假安排", "date,kind,name\n2027-13-01,holiday,x\n2027-01-02,rest,<b>\n".as_bytes()).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        for said in ["表里有2处不对", "第2行：“2027-13-01”不是日期", "第3行：“rest”要写成 holiday 或 workday"] {
            assert!(page.says(said), "{said}: {}", page.text());
        }
        let page = uploads("2027年放假安排", "date,kind,name\n2027-01-01,holiday,元旦\n".as_bytes()).await;
        assert!(page.says("2019、2020") && page.says("年的没有了"), "{}", page.text());

        let table = next_year("");
        let page = uploads("2027年放假安排", table.as_bytes()).await;
        assert_eq!(page.status, Status::Ok, "{}", page.text());
        let text = page.text();
        for said in ["有1个按新表会不一样：1个是暂定的，换上以后可以挪；0个是说定了的", "1号单", "2027年1月6日 周三 24:00 → 2027年1月7日 周四 24:00", "当初是暂定的"] {
            assert!(page.says(said), "{said}: {text}");
        }
        let form = page.form(PAGE).expect("a form");
        let source = form.iter().find(|(n, _)| n == "source").expect("its name").1.clone();
        let answer = admin.posts(PAGE, &[("token", token.as_str()), ("source", &source), ("body", &table)]).await;
        assert_eq!(answer.status, Status::SeeOther, "{}", answer.text());
        let page = admin.reads(PAGE).await;
        assert!(page.says("2027年放假安排") && page.says("2019年到2027年，现在用的") && page.says("暂定的期限可以改准了"), "{}", page.text());
        let before = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        assert!(!before.says("改准"), "loading has moved nothing");
        // Somebody else was faster: what was shown is no longer what would be done.
        let stale = [("token", token.as_str()), ("digest", "0000000000000000")];
        assert_eq!(admin.posts("/calendars/moves", &stale).await.status, Status::Conflict);
        admin.does(PAGE, "/calendars/moves", &[]).await;
        let page = admin.reads(PAGE).await;
        assert!(!page.says("暂定的期限可以改准了"), "{}", page.text());
        let after = site.visitor().reads(&format!("/r/{}", told.receipt)).await;
        assert!(after.says("恒升电梯的1号单，期限改准到2027年1月7日 周四 24:00") && after.says("当初暂按周末推算到2027年1月6日"), "{}", after.text());
        assert!(site.visitor().reads("/b/tingqiao/issues/1").await.says("期限改准到"));
    }
}
