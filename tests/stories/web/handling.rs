//! Figures for whoever answers for it: every number is the length of the list behind it, nothing flatters, and silence is
//! never satisfaction.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use chrono::Duration;
use louyi::domain::handling::{self, Cut, Scope};
use louyi::domain::issues::Issue;
use louyi::domain::reports::Answer;
use louyi::domain::tasks::{ExtensionReason, Task};
use louyi::kernel::act::Act;
use rocket::http::Status;
use scraper::{Html, Selector};
use sea_orm::ConnectionTrait as _;

use crate::support::browser::{Page, Reader};
use crate::support::{Town, on_both};

/// Every number of the page that leads to its matters.
fn counted(page: &Page) -> Vec<(String, usize)> {
    let html = Html::parse_document(&page.body);
    // Rates count what reporters said, of whom a matter may have many; a group's name is no number.
    let links = Selector::parse("a[href^='/desk/figures/cases?']:not(.rates a):not(th a):not(.fig-few a)").expect("a selector");
    let number = |text: String| text.trim().chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let all = html.select(&links).filter_map(|a| Some((a.value().attr("href")?.to_owned(), number(a.text().collect())?)));
    all.collect()
}

fn rows(page: &Page) -> usize {
    let html = Html::parse_document(&page.body);
    html.select(&Selector::parse("main tbody tr").expect("a selector")).count()
}

/// Matters of every kind: waiting, answered late, confirmed, silent, contested, declined, merged, withdrawn, come back.
async fn a_month(town: &Town) {
    town.reports("没人理的").await;
    let late = town.reports("回晚了的").await;
    town.lets_pass(Duration::days(5));
    town.staff.accepts(late.matter, "来晚了，这就看").await.unwrap();
    let yes = town.a_matter_done().await;
    town.holder_of(&yes).answers(&yes, Answer::Yes).await.unwrap();
    let no = town.a_matter_done().await;
    town.holder_of(&no).answers(&no, Answer::No).await.unwrap();
    let from = town.reports("同一件事").await;
    let into = town.reports("还是同一件事").await;
    town.staff.merges(from.matter, into.matter).await.unwrap();
    let withdrawn = town.reports("不报了").await;
    town.holder_of(&withdrawn).withdraws(&withdrawn).await.unwrap();
    let declined = town.reports("不归这儿管的").await;
    town.staff.declines(declined.matter, "out_of_scope", "这件事不归我们管，请打12345").await.unwrap();
    let silent = town.a_matter_done().await;
    town.lets_pass(Duration::days(20));
    louyi::domain::issues::lapse_due(&town.house).await.unwrap();
    assert!(!town.now(silent.matter).await.state.is_open(), "closed by silence");
}

async fn every_number_agrees(reader: &Reader<'_>, address: &str) -> usize {
    let page = reader.reads(address).await;
    let all = counted(&page);
    for (list, n) in &all {
        assert_eq!(rows(&reader.reads(list).await), *n, "{list}");
    }
    all.len()
}

on_both! {
    async fn every_number_is_the_length_of_its_list(town: Town) {
        a_month(&town).await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let year = town.house.calendar().date_of(town.house.now()).format("%Y").to_string();
        let year = format!("/desk/figures?period={year}");
        assert!(every_number_agrees(&staff, &year).await > 9, "numbers lead somewhere");
        assert!(every_number_agrees(&staff, &format!("{year}&by=floor")).await > 9);
        let page = staff.reads(&year).await;
        assert!(page.says("没人答，不算满意") && page.says("这四个数不能加"), "{}", page.text());
    }

    async fn the_numbers_are_those_of_a_recount(town: Town) {
        a_month(&town).await;
        let db = town.house.read();
        let scope = Scope { buildings: vec![town.tower.id], holders: Some(vec![town.manager.id]) };
        let from = town.house.now() - Duration::days(300);
        let cases = handling::cases(db, &scope, from, town.house.now()).await.expect("reads");
        let count = async |what: &str| {
            let text = format!("select count(*) from issues i where i.state not in ('merged','withdrawn') and {what}");
            let row = db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), text)).await.expect("counts").expect("a row");
            row.try_get_by_index::<i64>(0).expect("a number")
        };
        let behind = |what: &str| format!("exists (select 1 from reports r where r.issue_id = i.id and r.withdrawn_at is null and {what})");
        let silent = "i.state = 'closed' and i.closed_by = 'silence'";
        for (cut, what) in [
            (Cut::All, "1 = 1".to_owned()),
            (Cut::Unanswered, behind("r.first_answered_at is null")),
            (Cut::AnsweredLate, format!("{} and not {}", behind("r.first_answered_at > r.first_answer_due"), behind("r.first_answered_at is null"))),
            (Cut::Done, "i.done_at is not null".into()),
            (Cut::Silent, silent.into()),
            (Cut::ComeBack, "i.contested > 0".into()),
            (Cut::Declined, "i.state = 'declined'".into()),
        ] {
            let n = count(&what).await;
            assert_eq!(cut.count(&cases), n, "{}", cut.as_str());
            assert!(n > 0, "{} has one", cut.as_str());
        }
        // Whatever is said to be done is in exactly one of four.
        let parts = [Cut::Confirmed, Cut::Silent, Cut::Contested, Cut::Asked];
        assert!(cases.iter().all(|c| parts.iter().filter(|p| p.holds(c)).count() == usize::from(Cut::Done.holds(c))));
        // And every matter was answered in time, or late, or not yet.
        let answers = [Cut::Answered, Cut::AnsweredLate, Cut::Unanswered];
        assert!(cases.iter().all(|c| answers.iter().filter(|p| p.holds(c)).count() == 1));
    }

    async fn what_comes_back_within_ninety_days_is_no_success(town: Town) {
        let first = town.a_matter_done().await;
        town.holder_of(&first).answers(&first, Answer::Yes).await.unwrap();
        let (place, category) = (town.now(first.matter).await.place_id, town.now(first.matter).await.category);
        town.lets_pass(Duration::days(30));
        let again = town.a_matter_done().await;
        assert_eq!((town.now(again.matter).await.place_id, town.now(again.matter).await.category), (place, category));
        town.holder_of(&again).answers(&again, Answer::Yes).await.unwrap();
        town.lets_pass(Duration::days(120));
        town.a_matter_done().await;
        let scope = Scope { buildings: vec![town.tower.id], holders: None };
        let from = town.house.now() - Duration::days(300);
        let cases = handling::cases(town.house.read(), &scope, from, town.house.now() + Duration::hours(1)).await.expect("reads");
        let back: Vec<bool> = cases.iter().map(|c| Cut::Again.holds(c)).collect();
        assert_eq!(back, [false, true, false], "the third came after more than ninety days");
    }

    async fn the_table_is_read_by_other_peoples_programs_and_holds_no_formula(town: Town) {
        let formula = town.reports("电梯坏了").await;
        town.secretary.releases(formula.matter, "=HYPERLINK(\"https://example.org\",\"看\")", "").await.unwrap();
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let year = town.house.calendar().date_of(town.house.now()).format("%Y").to_string();
        let sheet = staff.opens(&format!("/desk/figures/cases.csv?period={year}")).await;
        assert_eq!(sheet.status, Status::Ok);
        let mut lines = csv::Reader::from_reader(sheet.body.trim_start_matches('\u{feff}').as_bytes());
        let records: Vec<csv::StringRecord> = lines.records().map(|r| r.expect("a record")).collect();
        assert_eq!(records.len(), 2);
        assert!(records.iter().any(|r| r[2].starts_with("'=HYPERLINK")), "{records:?}");
        let book = staff.opens(&format!("/desk/figures/cases.xlsx?period={year}")).await.bytes;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).expect("a workbook");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        assert_eq!(range.height(), 3, "a head and two rows");
        let title = range.rows().map(|r| r[2].clone()).find(|c| c.to_string().starts_with('='));
        assert!(matches!(title, Some(Data::String(_))), "words, not a formula: {title:?}");
        assert!(book.worksheet_formula("Sheet1").expect("a sheet").is_empty());
    }

    async fn more_time_twice_is_told(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        for who in [&town.staff, &town.officer] {
            let asked = async |act: &Act, t: Task, i: &Issue| t.ask_extension(act, i, ExtensionReason::Part, 1, "导靴厂家周四发货").await;
            town.fitter.on_task(task.id, asked).await.unwrap();
            who.on_task(task.id, async |act, t, i| t.grant_extension(act, i, "可以，货到当天装").await).await.unwrap();
        }
        let scope = Scope { buildings: vec![town.tower.id], holders: None };
        let from = town.house.now() - Duration::days(30);
        let cases = handling::cases(town.house.read(), &scope, from, town.house.now() + Duration::hours(1)).await.expect("reads");
        assert_eq!(Cut::ExtendedTwice.count(&cases), 1);
    }

    async fn each_sees_what_they_answer_for(town: Town) {
        town.reports("物业的").await;
        let site = town.site().await;
        let year = town.house.calendar().date_of(town.house.now()).format("%Y").to_string();
        let list = format!("/desk/figures/cases?period={year}");
        assert_eq!(rows(&site.signed_in(&town.staff).await.reads(&list).await), 1);
        assert_eq!(rows(&site.signed_in(&town.secretary).await.reads(&list).await), 1, "the secretary sees every organisation's");
        let page = site.signed_in(&town.secretary).await.reads("/desk/figures?period=nothing&b=nowhere&by=nobody&of=none").await;
        assert!(page.says("所有承办单位"), "words that mean nothing are passed over");
        let empty = site.signed_in(&town.staff).await.reads("/desk/figures?period=2020").await;
        assert!(empty.says("这一段没有报来的事"), "{}", empty.text());
        let english = site.signed_in(&town.staff).await.reads(&format!("/desk/figures?period={year}&lang=en")).await;
        assert!(english.says("Answered in time"), "{}", english.text());
    }
}
