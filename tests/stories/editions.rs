//! Bulletins: a second person checks each story, the edition goes into the ledger, and the text is safe to show.

use louyi::domain::editions::{self, Edition, EditionState, NewStory, StoryKind, rendered};
use louyi::kernel::error::Result;
use louyi::kernel::publog;
use louyi::kernel::text::TextHash;

use crate::support::{Town, Who, on_both, refusal};

fn story<'a>(words: &'a str) -> NewStory<'a> {
    NewStory {
        kind: StoryKind::Lead, issue: None, resolution: None, headline: "打卡机前移之后", summary: "候梯从18.4分钟降到4.6分钟", words
    }
}

async fn begun(town: &Town) -> Edition {
    town.editor.gets(async |act| editions::begin(act, &town.district, Some(&town.tower), "汀桥楼报").await).await
}

async fn writes(who: &Who, e: &Edition, position: Option<i32>, new: NewStory<'_>) -> Result<editions::Story> {
    who.does(async |act| e.write(act, position, new).await).await
}

async fn checks(who: &Who, e: &Edition, position: i32) -> Result<()> {
    who.does(async |act| e.check(act, position).await).await
}

async fn publishes(town: &Town, e: &Edition) -> Result<Edition> {
    let e = e.clone();
    town.editor.does(async |act| e.publish(act).await).await
}

on_both! {
    async fn a_preview_shows_what_will_be_printed(town: Town) {
        begun(&town).await;
        let told = town.reports("排队").await;
        let number = town.now(told.matter).await.number.to_string();
        let site = town.site().await;
        let editor = site.signed_in(&town.editor).await;
        let to = "/b/tingqiao/bulletin/1/stories/new";
        let fields = [
            ("kind", "lead"),
            ("headline", "打卡机前移之后"),
            ("summary", "候梯降了"),
            ("words", "**4.6**分钟"),
            ("issue", &number),
            ("preview", "1"),
        ];
        let page = editor.fills(to, to, &fields).await;
        let aside = page.body.split("<aside").nth(1).expect("a preview");
        for part in ["头条", "打卡机前移之后", "候梯降了", "<strong>4.6</strong>", "<svg"] {
            assert!(aside.contains(part), "{part}: {aside}");
        }
    }

    async fn a_second_person_reads_before_it_goes_out(town: Town) {
        let e = begun(&town).await;
        assert_eq!(refusal(publishes(&town, &e).await), "edition_empty");
        writes(&town.editor, &e, None, story("**注意：**马上生效")).await.unwrap();
        assert_eq!(refusal(publishes(&town, &e).await), "story_unchecked");
        assert_eq!(refusal(checks(&town.editor, &e, 1).await), "second_person");
        checks(&town.second_editor, &e, 1).await.unwrap();
        // Written anew, it has to be read anew; and whoever wrote last cannot check.
        writes(&town.second_editor, &e, Some(1), story("改了一个字")).await.unwrap();
        assert_eq!(refusal(publishes(&town, &e).await), "story_unchecked");
        assert_eq!(refusal(checks(&town.second_editor, &e, 1).await), "second_person");
        checks(&town.editor, &e, 1).await.unwrap();
        let out = publishes(&town, &e).await.unwrap();
        assert_eq!((out.state, out.number, out.published_at), (EditionState::Published, 1, Some(town.house.now())));
        assert_eq!(refusal(writes(&town.editor, &out, None, story("再加一篇")).await), "edition_out");
        assert_eq!(refusal(publishes(&town, &out).await), "edition_out");
    }

    async fn anybody_can_recompute_what_was_printed(town: Town) {
        let e = begun(&town).await;
        let told = town.reports("电梯排队").await;
        writes(&town.editor, &e, None, NewStory { issue: Some(told.matter.0), ..story("打卡机移到了闸机之前。") }).await.unwrap();
        writes(&town.editor, &e, None, NewStory { kind: StoryKind::Brief, ..story("茶水间换了滤芯。") }).await.unwrap();
        for n in [1, 2] {
            checks(&town.second_editor, &e, n).await.unwrap();
        }
        let out = publishes(&town, &e).await.unwrap();
        let entry = publog::about(town.house.read(), out.id).await.unwrap().pop().expect("an entry");
        assert_eq!(Some(entry.position), out.ledger_index);
        let facts = serde_json::from_str::<serde_json::Value>(&entry.body).unwrap()["facts"].clone();
        let expected: Vec<String> = out
            .stories(town.house.read())
            .await
            .unwrap()
            .iter()
            .map(|s| TextHash::of(&[], &format!("{}\n{}\n{}", s.headline, s.summary, s.words)).0)
            .collect();
        assert_eq!(facts["stories_sha256"], serde_json::json!(expected));
        assert_eq!(town.story(told.matter).await.last().unwrap(), "edition_published", "the matter's story leads there");
        let about = editions::about(town.house.read(), told.matter.0).await.unwrap();
        assert_eq!(about.len(), 1);
    }

    async fn editions_count_per_building_and_per_district(town: Town) {
        let first = begun(&town).await;
        let second = begun(&town).await;
        let district = town.editor.gets(async |act| editions::begin(act, &town.district, None, "青塘商圈报").await).await;
        assert_eq!((first.number, second.number, district.number), (1, 2, 1));
        assert!(editions::newest(town.house.read(), 10).await.unwrap().is_empty(), "drafts are nobody's business");
        assert!(editions::about(town.house.read(), louyi::kernel::ids::IssueId(uuid::Uuid::nil())).await.unwrap().is_empty());
    }
}

#[test]
fn what_is_shown_is_safe() {
    for (words, must, must_not) in [
        ("**注意：**马上生效", "<strong>注意：</strong>", "**"),
        ("<script>alert(1)</script>好", "&lt;script&gt;alert(1)&lt;/script&gt;好", "<script"),
        ("<img src=x onerror=alert(1)>", "", "<img"),
        ("![图](https://example.com/x.png)", "", "<img"),
        ("![图][1]\n\n[1]: https://example.com/x.png", "", "<img"),
        ("[点我](javascript:alert(1))", "点我", "javascript:"),
        ("[点我](data:text/html,x)", "点我", "data:text"),
        ("<a href=\"https://example.com\" onclick=\"x()\">x</a>", "onclick", "<a href=\"https://example.com\" onclick"),
        ("~~旧~~新", "<del>旧</del>", "~~"),
        ("# 大标题", "大标题", "<script"),
    ] {
        let html = rendered(words);
        assert!(html.contains(must), "{words} → {html}");
        assert!(!html.contains(must_not), "{words} → {html}");
    }
}
