//! The desk: what each person has to do next, what is due first on top, and counts that agree with their lists.

use chrono::Duration;
use louyi::domain::desk::View;
use louyi::domain::issues::IssueState;
use louyi::domain::reports::Answer;
use rocket::http::Status;
use scraper::{Html, Selector};
use sea_orm::ConnectionTrait as _;

use crate::support::browser::Page;
use crate::support::on_both;
use crate::support::verbs::motion;

fn rows(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let titles = Selector::parse(".queue .q-t a").expect("a selector");
    html.select(&titles).map(|a| a.text().collect::<String>()).collect()
}

/// Each tab's number, in the order of the page.
fn counts(page: &Page) -> Vec<(String, usize)> {
    let html = Html::parse_document(&page.body);
    let (tabs, n) = (Selector::parse(".views ul:first-child a").expect("a selector"), Selector::parse(".n").expect("a selector"));
    html.select(&tabs)
        .map(|a| {
            let number = a.select(&n).next().expect("a number").text().collect::<String>();
            (a.value().attr("href").expect("an address").to_owned(), number.parse().expect("a number"))
        })
        .collect()
}

on_both! {
    async fn what_is_due_first_stands_first(town: Town) {
        town.says("一周的事").about("park.bike").files().await;
        town.lets_pass(Duration::hours(1));
        town.says("两小时的事").about("util.water").files().await;
        town.lets_pass(Duration::minutes(1));
        town.says("一天的事").about("env.toilet").files().await;
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        let site = town.site().await;
        let page = site.signed_in(&town.staff).await.reads("/desk").await;
        assert_eq!(rows(&page), ["南座2号梯有异响", "两小时的事", "一天的事", "一周的事"], "contested work first, then by what is due");
        assert!(page.says("优先"));
        town.lets_pass(Duration::hours(4));
        let page = site.signed_in(&town.colleague).await.reads("/desk").await;
        assert!(page.says("1件逾期") || page.says("2件逾期"), "{}", page.text());
    }

    async fn every_count_agrees_with_its_list(town: Town) {
        town.reports("没人理的").await;
        let asked = town.reports("问过的").await;
        town.staff.accepts(asked.matter, "").await.unwrap();
        town.staff.asks(asked.matter, "哪一层？").await.unwrap();
        town.a_matter_done().await;
        let no = town.a_matter_done().await;
        town.holder_of(&no).answers(&no, Answer::No).await.unwrap();
        let offered = town.reports("移交的").await;
        town.staff.accepts(offered.matter, "").await.unwrap();
        town.staff.offers(offered.matter, &town.department).await.unwrap();
        let (given_back, task) = town.a_matter_in_work().await;
        town.fitter.on_task(task.id, async |act, t, i| t.give_back(act, i, "不归我们管").await).await.unwrap();
        assert_eq!(town.now(given_back.matter).await.state, IssueState::InWork);
        let shelved = town.reports("挂账的").await;
        town.staff.accepts(shelved.matter, "收到").await.unwrap();
        town.staff.shelves(shelved.matter, "等年底换灯", "2027-03-01").await.unwrap();
        let site = town.site().await;
        let whos = [&town.staff, &town.fitter, &town.officer, &town.secretary, &town.editor, &town.representative, &town.members[2], &town.administrator];
        for who in whos {
            let reader = site.signed_in(who).await;
            let tabs = counts(&reader.reads("/desk").await);
            assert_eq!(tabs.len(), View::ALL.len());
            for (href, n) in tabs {
                let page = reader.reads(&href).await;
                assert_eq!(rows(&page).len(), n, "{href}: {}", page.text());
                if n == 0 {
                    assert!(page.says("看这座楼的事项"), "an empty list says what next: {}", page.text());
                }
            }
        }
        let staff = site.signed_in(&town.staff).await;
        assert_eq!(rows(&staff.reads("/desk?view=waiting").await), ["移交的", "问过的"], "a question to reporters, an offer to others");
        assert_eq!(rows(&staff.reads("/desk?view=confirm").await).len(), 1);
        assert_eq!(rows(&staff.reads("/desk?view=returned").await).len(), 2, "one contested, one whose task was given back");
        assert_eq!(rows(&site.signed_in(&town.officer).await.reads("/desk?view=offered").await), ["移交的"]);
    }

    async fn each_role_finds_what_is_theirs(town: Town) {
        let m = town.reports("打卡机门口排队").await.matter;
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        assert!(secretary.reads("/desk").await.says("1份报事的话等着审读"));
        assert!(site.signed_in(&town.editor).await.reads("/desk").await.says("1份报事的话等着审读"));
        town.staff.accepts(m, "收到").await.unwrap();
        town.staff.nominates(m).await.unwrap();
        assert!(secretary.reads("/desk").await.says("从事项提请"));
        let session = town.council_meets_about(m).await;
        let u = town.secretary.asks_to_sign(session.item, &town.sunflower, "把打卡机挪到闸机外", town.house.now() + Duration::days(20)).await.unwrap();
        let representative = site.signed_in(&town.representative).await;
        let page = representative.reads("/desk").await;
        assert!(page.says("把打卡机挪到闸机外") && page.says("去签"), "{}", page.text());
        let member = site.signed_in(&town.members[2]).await;
        assert!(member.reads("/desk").await.says("正在开"));
        assert!(secretary.reads("/desk").await.says("正在开"));
        let motion_id = town.secretary.puts(session.item, motion()).await.unwrap().id;
        town.are_seated(session.meeting, [1, 2, 3, 4, 6, 7, 8]).await;
        town.convenor.opens_vote(motion_id, louyi::domain::motions::Method::Named).await.unwrap();
        assert!(member.reads("/desk").await.says("正在表决"));
        town.vote(motion_id, [3], louyi::domain::votes::Choice::Yes).await;
        assert!(!member.reads("/desk").await.says("正在表决"), "a vote that is cast waits no more");
        town.vote(motion_id, [1, 2, 4, 6, 7, 8], louyi::domain::votes::Choice::Yes).await;
        town.convenor.closes_vote(motion_id, 0).await.unwrap();
        assert!(secretary.reads("/desk").await.says("没公布"));
        town.convenor.closes(session.meeting).await.unwrap();
        assert!(secretary.reads("/desk").await.says("写纪要"));
        town.representative.signs(u.id).await.unwrap();
        let page = representative.reads("/desk?view=resolutions").await;
        assert_eq!(rows(&page), ["把打卡机挪到闸机外"], "what was signed is a task: {}", page.text());
        assert!(!page.says("打卡机门口排队"), "a representative reads no reporter's words");
    }

    async fn contested_twice_is_the_secretarys_to_decide(town: Town) {
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        let task = town.staff.dispatches(told.matter, &town.contractor, "再查一遍").await.unwrap();
        town.fitter.finishes(task.id, "又查了一遍").await.unwrap();
        town.staff.says_done(told.matter, "又修了一次").await.unwrap();
        town.holder_of(&told).answers(&told, Answer::No).await.unwrap();
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        assert!(secretary.reads("/desk").await.says("提请上会"));
        secretary.does("/b/tingqiao/issues/1/nomination", "/b/tingqiao/issues/1/nomination", &[]).await;
        let page = secretary.reads("/desk").await;
        assert!(page.says("等排会") && !page.says("提请上会"), "{}", page.text());
    }

    async fn a_floor_is_found_however_it_is_written(town: Town) {
        town.reports("一楼的事").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        for typed in ["1", "1F", "1f", "1%E6%A5%BC", "%E5%8D%97%E5%BA%A71%E5%B1%82"] {
            assert_eq!(rows(&staff.reads(&format!("/desk?floor={typed}")).await), ["一楼的事"], "{typed}");
        }
        let page = staff.reads("/desk?floor=77").await;
        assert!(page.says("这样筛没有") && page.says("都去掉"), "{}", page.text());
        assert_eq!(rows(&staff.reads("/desk?page=30").await), ["一楼的事"], "a page beyond the last is the last");
    }

    async fn a_desk_can_be_narrowed_to_a_building(town: Town) {
        town.reports("汀桥的事").await;
        town.says("云台的事").at(&town.lobby_elsewhere).files().await;
        let here = town.now(crate::support::Matter(louyi::domain::issues::by_number(town.house.read(), town.tower.id, 1).await.unwrap().id)).await;
        let there = louyi::domain::issues::by_number(town.house.read(), town.elsewhere.id, 1).await.unwrap();
        for (who, id) in [(&town.staff, here.id), (&town.staff_elsewhere, there.id)] {
            who.accepts(crate::support::Matter(id), "").await.unwrap();
            who.offers(crate::support::Matter(id), &town.department).await.unwrap();
        }
        let site = town.site().await;
        let officer = site.signed_in(&town.officer).await;
        assert_eq!(rows(&officer.reads("/desk").await), ["汀桥的事", "云台的事"]);
        assert_eq!(rows(&officer.reads("/desk?b=yuntai").await), ["云台的事"]);
        assert_eq!(rows(&officer.reads("/desk?b=nowhere").await).len(), 2, "a building that isn't theirs narrows nothing");
        assert_eq!(rows(&site.signed_in(&town.staff).await.reads("/desk?view=all&b=yuntai").await), ["汀桥的事"]);
        assert_eq!(site.visitor().opens("/desk").await.status, Status::SeeOther);
    }

    async fn fifty_to_a_page_and_none_lost(town: Town) {
        for n in 0..53 {
            town.reports(&format!("第{n}件")).await;
        }
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let first = staff.reads("/desk").await;
        assert_eq!(rows(&first).len(), 50);
        assert!(first.says("共53件"), "{}", first.text());
        assert_eq!(rows(&staff.reads("/desk?page=2").await).len(), 3);
    }

    async fn the_order_is_an_indexs(town: Town) {
        let told = town.reports("灯坏了").await;
        let organisation = town.now(told.matter).await.holder_id.expect("somebody holds it");
        if !town.url.starts_with("sqlite") {
            return;
        }
        let text = "explain query plan select * from issues where holder_id = ? and next_due is not null \
                    and state in ('received','accepted','in_work','on_agenda','decided','done','long_term') \
                    and (state <> 'done' or first_answer_due is not null) order by priority desc, next_due asc, id asc limit 51";
        let plan = sea_orm::Statement::from_sql_and_values(sea_orm::DatabaseBackend::Sqlite, text, [organisation.0.into()]);
        let rows = town.house.read().query_all_raw(plan).await.unwrap();
        let detail: Vec<String> = rows.iter().map(|r| r.try_get("", "detail").unwrap()).collect();
        assert!(detail.iter().any(|d| d.contains("issues_desk")), "{detail:?}");
        assert!(!detail.iter().any(|d| d.contains("TEMP B-TREE")), "{detail:?}");
    }

    async fn whoever_works_here_keeps_the_way_back(town: Town) {
        let site = town.site().await;
        let nav = |page: &Page| -> Vec<String> {
            let links = Selector::parse(".mast nav a.wide").expect("a selector");
            Html::parse_document(&page.body).select(&links).filter_map(|a| a.value().attr("href").map(str::to_owned)).collect()
        };
        for page in ["/b/tingqiao", "/b/tingqiao/issues", "/b/tingqiao/council", "/b/tingqiao/bulletin", "/ledger", "/me", "/desk"] {
            let staff = nav(&site.signed_in(&town.staff).await.reads(page).await);
            assert_eq!(staff.first().map(String::as_str), Some("/desk"), "{page}: {staff:?}");
            assert!(!staff.contains(&"/b/tingqiao/release".to_owned()), "{page}: {staff:?}");
        }
        for page in ["/b/tingqiao", "/b/tingqiao/issues"] {
            assert!(nav(&site.signed_in(&town.secretary).await.reads(page).await).contains(&"/b/tingqiao/release".to_owned()), "{page}");
            let visitor = nav(&site.visitor().reads(page).await);
            assert!(!visitor.contains(&"/desk".to_owned()) && !visitor.contains(&"/b/tingqiao/release".to_owned()), "{page}: {visitor:?}");
        }
    }
}
