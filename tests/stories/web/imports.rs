//! Importing through its pages: a file, its columns, what is wrong row by row, the writing, and taking it back.

use louyi::jobs;
use rocket::http::Status;

use crate::support::browser::{Chosen, Page, Reader};
use crate::support::on_both;

const ROOT: &str = "/b/tingqiao/imports";

/// One file in the form of the first page.
async fn uploads(reader: &Reader<'_>, name: &str, bytes: &[u8]) -> Page {
    let page = reader.reads(ROOT).await;
    let form = page.form(ROOT).expect("a form");
    let token = &form.iter().find(|(n, _)| n == "token").expect("a token").1;
    reader.uploads(ROOT, &[("token", token)], &[Chosen { field: "sheet", name, bytes }]).await
}

async fn brings(reader: &Reader<'_>, text: &str) -> String {
    let answer = uploads(reader, "a.csv", text.as_bytes()).await;
    assert_eq!(answer.status, Status::SeeOther, "{}", answer.text());
    answer.location.expect("the columns").trim_end_matches("/columns").to_owned()
}

const GOOD: &str = "投诉编号,投诉时间,投诉人,联系电话,楼层,投诉内容,处理状态,办结时间,满意度\n\
    TS-1,2025年3月7日,张三,13800001111,1,电梯困人十分钟,已办结,2025-03-08,满意\n\
    TS-2,3/7/2025,李四,13800002222,1楼东电梯厅,灯一直闪,已完成,45724,不满意\n\
    TS-3,45723,王五,13800003333,18F,空调太冷,处理中,,\n";

/// Every row has one thing wrong with it.
const BAD: &[(&str, &str)] = &[
    ("1,2025-13-07,1,电梯停了,已办结,2025-03-08", "“2025-13-07”不像日期"),
    ("2,2099-01-01,1,电梯停了,已办结,", "报的日期“2099-01-01”在今天以后"),
    ("3,,1,电梯停了,已办结,", "没写报的日期"),
    ("4,2025-03-07,1,,已办结,", "没写内容"),
    ("5,2025-03-07,1,13800001111,已办结,", "内容只有数字“13800001111”"),
    ("6,2025-03-07,88,电梯停了,已办结,", "楼里没有“88”这一层"),
    ("7,2025-03-07,,电梯停了,已办结,", "没写在哪里"),
    ("8,2025-03-07,1,电梯停了,大概吧,", "状态“大概吧”看不懂"),
    ("9,2025-03-07,1,电梯停了,已办结,2025-03-01", "办结日期“2025-03-01”比报的日期还早"),
    ("10,2025-03-07,1,电梯停了,处理中,2025-03-08", "状态“处理中”是没办结，却写了办结日期"),
    ("11,2025-03-07,1,#REF!,已办结,", "公式出错：#REF!"),
    ("12,2025-03-07,1,电梯停了,已办结,,多,出,来", "这一行有9格，比表头多"),
    ("13,2025-03-07,1,电梯停了,已办结,昨天", "办结日期“昨天”不像日期"),
    ("14,2025-03-07,大食堂,电梯停了,已办结,", "楼里没有“大食堂”这一层"),
];

on_both! {
    async fn a_file_its_columns_a_look_and_the_writing(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        assert!(staff.reads("/b/tingqiao").await.body.contains(ROOT), "the way there stands on the building's page");
        assert!(staff.reads(ROOT).await.says("还没有导过"));
        let address = brings(&staff, GOOD).await;
        assert_eq!(address, format!("{ROOT}/1"));
        let columns = format!("{address}/columns");
        let page = staff.reads(&columns).await;
        assert!(page.says("3行，9列") && page.says("灯一直闪") && page.says("像是姓名、电话这类，不导入"), "{}", page.text());
        page.hides("13800001111").hides("张三");
        let form = page.form(&columns).expect("a form");
        let chosen: Vec<&str> = form.iter().filter(|(n, _)| n.starts_with('c')).map(|(_, v)| v.as_str()).collect();
        assert_eq!(chosen, ["former", "filed", "", "", "floor", "words", "state", "closed", "rating"]);
        // What cannot be is refused beside the columns, and what was chosen is still chosen.
        let page = staff.fills(&columns, &columns, &[("c0", "words")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("“内容”选了两列"), "{}", page.text());
        let again = page.form(&columns).expect("a form");
        assert!(again.contains(&("c0".into(), "words".into())));
        let page = staff.fills(&columns, &columns, &[("c1", "")]).await;
        assert!(page.says("还没说哪一列是“报的日期”"), "{}", page.text());
        assert_eq!(staff.does(&columns, &columns, &[]).await, address);
        let page = staff.reads(&address).await;
        for said in ["检查好了", "新的 3", "不对 0", "第2行", "电梯困人十分钟", "已办结（2025年3月8日）", "没办结，从导入那天起算时限", "导入3件"] {
            assert!(page.says(said), "{said}: {}", page.text());
        }
        assert!(page.header("refresh").is_none());
        staff.does(&address, &format!("{address}/start"), &[]).await;
        let page = staff.reads(&address).await;
        assert!(page.says("正在导入") && page.says("0 / 3") && page.header("refresh").is_some(), "it looks again by itself");
        jobs::round(&town.house).await.expect("a round");
        let page = staff.reads(&address).await;
        assert!(page.says("导入好了") && page.says("导进来 3") && page.header("refresh").is_none(), "{}", page.text());
        assert!(staff.reads(ROOT).await.says("导进来3件"));

        // What everybody reads: that it was, where, and that it is over; not what was said.
        let visitor = site.visitor();
        let list = visitor.reads("/b/tingqiao/issues").await;
        assert!(list.says("导入前已结"), "{}", list.text());
        let page = visitor.reads("/b/tingqiao/issues/1").await;
        assert!(page.says("以前系统里的事") && page.says("导入时已经办结") && page.says("从以前的系统导入"), "{}", page.text());
        page.hides("困人十分钟").hides("TS-1").hides("13800001111");
        assert!(!page.says("报事人确认"), "{}", page.text());
        let figures = visitor.reads("/b/tingqiao/figures").await;
        assert!(!figures.says("导入前已结"));
        let desk = staff.reads("/desk").await;
        assert!(desk.says("空调太冷") && !desk.says("灯一直闪"), "{}", desk.text());
        assert!(staff.reads("/b/tingqiao/issues/3/work").await.says("TS-3"), "the former number is known to those who work on it");

        // The next file with the same head needs no choosing.
        let next = brings(&staff, GOOD).await;
        let columns = format!("{next}/columns");
        assert!(staff.reads(&columns).await.says("和上次的表头一样"));
        staff.does(&columns, &columns, &[]).await;
        let page = staff.reads(&next).await;
        assert!(page.says("新的 0") && page.says("以前导过 3"), "{}", page.text());
        staff.does(&next, &format!("{next}/dropping"), &[]).await;
        // Taken back.
        let undoing = format!("{address}/undoing");
        let page = staff.fills(&address, &undoing, &[]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("确定撤回"), "{}", page.text());
        staff.does(&address, &undoing, &[("sure", "1")]).await;
        jobs::round(&town.house).await.expect("a round");
        let page = staff.reads(&address).await;
        assert!(page.says("撤回 3") && page.says("留下 0"), "{}", page.text());
        assert_eq!(visitor.opens("/b/tingqiao/issues/1").await.status, Status::NotFound);
    }

    async fn what_is_wrong_is_said_row_by_row_in_a_file_to_correct(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let mut text = "编号,日期,楼层,内容,状态,办结日期\n0,2025-03-07,1,电梯停了,已办结,2025-03-08\n".to_owned();
        BAD.iter().for_each(|(row, _)| text.push_str(&format!("{row}\n")));
        text.push_str(&format!("15,2025-03-07,1,{},已办结,\n0,2025-03-07,1,又一件,已办结,\n", "长".repeat(2001)));
        let address = brings(&staff, &text).await;
        let columns = format!("{address}/columns");
        staff.does(&columns, &columns, &[]).await;
        let page = staff.reads(&address).await;
        assert!(page.says("新的 1") && page.says(&format!("不对 {}", BAD.len() + 2)), "{}", page.text());
        for (row, fault) in BAD {
            assert!(page.says(fault), "{row}: {fault}\n{}", page.text());
        }
        assert!(page.says("第17行 内容有2001个字，最多2000个") && page.says("和第2行是同一件"), "{}", page.text());
        let refused = staff.fills(&address, &format!("{address}/start"), &[]).await;
        assert!(refused.status == Status::UnprocessableEntity && refused.fault("without").is_some_and(|f| f.contains("16行不对")), "{}", refused.text());
        let file = staff.fills(&address, &format!("{address}/faults.csv"), &[]).await;
        assert!(file.body.starts_with("\u{feff}编号,日期,楼层,内容,状态,办结日期,哪里不对"), "{}", file.body);
        assert!(file.body.contains("6,2025-03-07,88,电梯停了,已办结,,楼里没有“88”这一层\r\n"), "{}", file.body);
        assert!(file.header("content-disposition").is_some_and(|h| h.contains("tingqiao-import-1-faults.csv")));
        let form = staff.reads(&address).await.form(&format!("{address}/faults.xlsx")).expect("a form");
        let token = &form.iter().find(|(n, _)| n == "token").expect("a token").1;
        let book = staff.posts(&format!("{address}/faults.xlsx?lang=en"), &[("token", token)]).await;
        let book = louyi::kernel::spreadsheet::read(&book.bytes).expect("a workbook");
        assert!(book.head.last().is_some_and(|h| h == "What is wrong") && book.rows.len() == BAD.len() + 2, "{:?}", book.head);
        assert!(book.rows[0].cells.last().is_some_and(|c| c == "“2025-13-07” is no day; write 2025-03-07"), "{:?}", book.rows[0]);

        // Corrected and brought again, the column with the faults still in it.
        let corrected = file.body.replacen("2025-13-07", "2025-03-07", 1);
        let next = brings(&staff, &corrected).await;
        let columns = format!("{next}/columns");
        let page = staff.reads(&columns).await;
        assert!(page.says("和上次的表头一样") && !page.says("哪里不对"), "{}", page.text());
        staff.does(&columns, &columns, &[]).await;
        assert!(staff.reads(&next).await.says("新的 2"), "one corrected, and the one that was a double of a row not yet written");
        // The others are left out on purpose.
        staff.does(&next, &format!("{next}/start"), &[("without", "1")]).await;
        jobs::round(&town.house).await.expect("a round");
        assert!(staff.reads(&next).await.says("导进来 2"));
    }

    async fn unknown_kinds_are_faults_or_guessed(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let text = "日期,地方,类别,内容\n2025-03-07,闸机,电梯类,电梯又困人了\n2025-03-07,闸机,候梯太久,等了二十分钟\n2025-03-07,,候梯太久,又等了二十分钟\n";
        let address = brings(&staff, text).await;
        let columns = format!("{address}/columns");
        staff.does(&columns, &columns, &[]).await;
        let page = staff.reads(&address).await;
        assert!(page.says("没有“电梯类”这一类") && page.says("没写在哪里"), "{}", page.text());
        staff.does(&columns, &columns, &[("guess", "1"), ("place", "S1E"), ("unsaid", "open")]).await;
        let page = staff.reads(&address).await;
        assert!(page.says("新的 3") && page.says("不对 0") && page.says("没办结"), "{}", page.text());
        let page = staff.fills(&columns, &columns, &[("place", "NOWHERE")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.says("没有这个点位"), "{}", page.text());
    }

    async fn what_is_no_spreadsheet_is_refused_beside_the_file(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let wide = format!("{}\n{}\n", vec!["列"; 300].join(","), vec!["1"; 300].join(","));
        let cases: [(&[u8], &str); 7] = [
            (b"", "还没选文件"),
            ("编号,内容\n".as_bytes(), "只有表头"),
            (b"\xEF\xBB\xBF\n", "什么也没有"),
            (&[0x82, 0xFF, 0xFE, 0x81, 0xFF, 0x80], "文字编码看不懂"),
            ("编号,内容\n1,\"没完\n2,好\n".as_bytes(), "第2行有一个引号只有前一半"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "旧的.xls格式"),
            (wide.as_bytes(), "有300列，最多100列"),
        ];
        for (bytes, said) in cases {
            let page = uploads(&staff, "a.xlsx", bytes).await;
            assert_eq!(page.status, Status::UnprocessableEntity, "{said}");
            assert!(page.fault("sheet").is_some_and(|f| f.contains(said)), "{said}: {}", page.text());
        }
        assert!(staff.reads(ROOT).await.says("还没有导过"), "nothing of it is kept");
    }

    async fn a_contractor_at_the_same_desk_does_not_see_the_files(town: Town) {
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let address = brings(&staff, GOOD).await;
        let fitter = site.signed_in(&town.fitter).await;
        for path in [ROOT.to_owned(), format!("{address}/columns")] {
            assert_eq!(fitter.opens(&path).await.status, Status::Forbidden, "{path}");
        }
        assert_eq!(fitter.posts(&format!("{address}/faults.csv"), &[]).await.status, Status::Forbidden);
        assert_eq!(site.signed_in(&town.secretary).await.opens(ROOT).await.status, Status::Forbidden);
        let administrator = site.signed_in(&town.administrator).await;
        assert!(administrator.reads(&format!("{address}/columns")).await.says("灯一直闪"));
    }
}
