//! What is somebody's own in a mail, and which place they mean.

use louyi::domain::incoming::{own_subject, own_words, place_named};

use crate::support::on_both;

#[test]
fn quotes_and_signatures_go_where_that_is_safe() {
    let quoted = [
        "好的，周三可以。\n\n在 2026年11月23日，楼议 写道：\n> 您好",
        "好的，周三可以。\n\n-----原始邮件-----\n发件人: 楼议",
        "好的，周三可以。\n\n发件人：楼议\n发送时间：2026年11月23日\n收件人：林\n主题：收到了\n\n您好",
        "好的，周三可以。\n> 您说的哪一天？\n> 请回话",
        "好的，周三可以。\n\nOn Mon, 23 Nov 2026 at 09:10, Louyi <louyi@localhost>\nwrote:\n> hello",
        "好的，周三可以。\n\n发自我的iPhone",
        "好的，周三可以。\n-- \n林晓棠\n13800000000",
    ];
    for mail in quoted {
        assert_eq!(own_words(mail, true), "好的，周三可以。", "{mail}");
    }
    // Nothing but what was passed on: then that is meant.
    let passed_on = "-----原始邮件-----\n发件人: 王\n发送时间: 昨天\n主题: 漏水\n\n三楼漏水";
    assert!(own_words(passed_on, true).contains("三楼漏水"));
    // Not an answer: nothing is a quote of ours.
    let first = "物业昨天说：\n> 马上修\n到今天没有来";
    assert_eq!(own_words(first, false), first);
    assert_eq!(own_words("我在 写道：这三个字上停了", true), "我在 写道：这三个字上停了");
    assert_eq!(own_words("--\n只有这一句", false), "--\n只有这一句", "a line alone signs nothing");
    for (subject, own) in [("Re: Fwd: 回复：灯坏了", "灯坏了"), ("RE：转发: x", "x"), ("Reading lamp", "Reading lamp"), ("", ""), ("回复", "回复")]
    {
        assert_eq!(own_subject(subject), own);
    }
}

on_both! {
    async fn a_place_is_what_the_words_name_beyond_doubt(town: Town) {
        let places = louyi::domain::buildings::places(town.house.read(), town.tower.id).await.expect("places");
        let named = |words: &str| place_named(&places, words).map(|p| p.code.clone());
        for (words, code) in [
            ("南座1F东电梯厅排队", Some("S1E")),
            ("在南座 1楼 东电梯厅 等了很久", Some("S1E")),
            ("东电梯厅的灯坏了", Some("S1E")),
            ("编号S1G那里", Some("S1G")),
            ("1801室漏水", Some("S18")),
            ("东电梯厅和1801室都停电", None),
            ("闸机", None),
            ("电梯坏了", None),
            ("", None),
        ] {
            assert_eq!(named(words).as_deref(), code, "{words}");
        }
    }
}
