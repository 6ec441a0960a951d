//! Search in what is public: pairs of characters, one character, Latin words, and nothing that was not released.

use louyi::domain::issues::{self, Filter, PublicFilter};

use crate::support::{Matter, Town, on_both};

async fn found(town: &Town, text: &str) -> Vec<i32> {
    let filter = Filter { text: Some(text.into()), ..Filter::default() };
    let page = issues::list(town.house.read(), town.tower.id, &filter, 50).await.unwrap();
    let mut numbers: Vec<i32> = page.rows.iter().map(|r| r.number).collect();
    numbers.sort_unstable();
    numbers
}

async fn released(town: &Town, title: &str, summary: &str) -> Matter {
    let told = town.says("原话不公开").at(&town.gate).about("biz.other").files().await;
    town.secretary.releases(told.matter, title, summary).await.unwrap();
    told.matter
}

on_both! {
    async fn pairs_words_and_single_characters(town: Town) {
        released(&town, "南座2号电梯夹人", "早高峰WiFi也断了。").await; // 1
        released(&town, "电梯厅太热", "空调 wifi 都不好；Café 旁边").await; // 2
        released(&town, "梯子放在通道", "电动自行车充电").await; // 3
        released(&town, "厅里灯坏", "𠮷野家门口👍").await; // 4
        for (query, expected) in [
            ("电梯", vec![1, 2]),
            ("电 梯", vec![1, 2]),
            ("电梯厅", vec![2]),
            ("梯电", vec![]),
            ("梯", vec![1, 2, 3]),
            ("厅", vec![2, 4]),
            ("座2号", vec![1]),
            ("WIFI", vec![1, 2]),
            ("wi", vec![1, 2]),
            ("w", vec![1, 2]),
            ("café", vec![2]),
            ("𠮷野", vec![4]),
            ("𠮷", vec![4]),
            ("坏", vec![4]),
            ("不存在的词", vec![]),
        ] {
            assert_eq!(found(&town, query).await, expected, "{query}");
        }
    }

    async fn signs_are_no_query_language(town: Town) {
        released(&town, "电梯厅太热", "").await;
        for query in ["电梯\" OR \"a", "电梯' & 'x", "电梯*", "NEAR(电梯)", "电梯:*", "%", "_", "'; drop table issues; --", "\\", "电梯\u{0}"] {
            found(&town, query).await;
        }
        assert_eq!(found(&town, "，。！").await, [1], "nothing to look for narrows nothing");
        assert_eq!(found(&town, "%电梯_").await, [1]);
    }

    async fn what_stands_in_a_title_comes_first_and_is_marked(town: Town) {
        released(&town, "2号电梯夹人", "门关得太快").await; // 1
        released(&town, "厅里灯坏", "电梯厅两盏").await; // 2
        released(&town, "Lift & Co <2号>: 电 梯停", "").await; // 3
        released(&town, "地面湿滑", "电梯口").await; // 4
        let site = town.site().await;
        let page = site.visitor().reads("/b/tingqiao/issues?q=电梯").await;
        let order: Vec<usize> = [3, 1, 4, 2].iter().map(|n| page.body.find(&format!("/issues/{n}\"")).expect("a row")).collect();
        assert!(order.is_sorted(), "titles first, then what moved last: {order:?}");
        assert!(page.body.contains("2号<mark>电梯</mark>夹人") && page.body.contains("Lift &amp; Co &lt;2号&gt;: <mark>电 梯</mark>停"), "{}", page.body);
        let placed = site.visitor().reads("/b/tingqiao/issues?q=闸机").await;
        assert!(placed.body.contains("1F<mark>闸机</mark>"), "what stands in the place's name: {}", placed.body);
        let filter = |after| PublicFilter { text: Some("电梯".into()), after, ..PublicFilter::default() };
        let mut numbers = vec![];
        let mut after = None;
        loop {
            let rows = issues::public_list(town.house.read(), town.house.now(), town.tower.id, &filter(after), 1).await.unwrap();
            let Some(row) = rows.first() else { break };
            numbers.push(row.number);
            after = (rows.len() > 1).then_some(row.number);
            if after.is_none() {
                break;
            }
        }
        assert_eq!(numbers, [3, 1, 4, 2], "page by page, none twice, none left out");
    }

    async fn the_place_is_found_and_the_readers_words_are_not(town: Town) {
        let told = town.says("金丝雀在唱歌").files().await;
        assert_eq!(found(&town, &louyi::domain::categories::name("lift.queue", louyi::kernel::i18n::Lang::Zh)).await, [1], "the kind of trouble is public at once");
        assert_eq!(found(&town, "东电梯厅").await, [1]);
        assert_eq!(found(&town, "金丝雀").await, Vec::<i32>::new());
        town.secretary.releases(told.matter, "早高峰拥堵", "").await.unwrap();
        assert_eq!(found(&town, "早高峰").await, [1]);
        town.secretary.releases(told.matter, "晚高峰拥堵", "").await.unwrap();
        assert_eq!(found(&town, "早高峰").await, Vec::<i32>::new(), "what was replaced is found no more");
        assert_eq!(found(&town, "晚高峰").await, [1]);
        let hidden = town.says("太吵").at(&town.unit).files().await;
        assert_eq!(found(&town, "1801").await, Vec::<i32>::new(), "a unit let to one is not searchable");
        town.secretary.releases(hidden.matter, "太吵", "").await.unwrap();
        assert_eq!(found(&town, "1801").await, Vec::<i32>::new());
    }

    async fn pages_follow_one_another_without_gap_or_repetition(town: Town) {
        for n in 0..7 {
            if n % 3 == 0 {
                town.lets_pass(chrono::Duration::microseconds(1));
            }
            town.reports("电梯排队").await;
        }
        let (mut seen, mut after) = (vec![], None);
        loop {
            let filter = Filter { text: Some("电梯".into()), category: Some("lift.queue".into()), place: Some(town.lobby.id), after, ..Filter::default() };
            let page = issues::list(town.house.read(), town.tower.id, &filter, 3).await.unwrap();
            seen.extend(page.rows.iter().map(|r| r.number));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    }
}
