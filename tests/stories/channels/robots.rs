//! What each maker's robot is sent, byte by byte, and what its answers mean.

use chrono::{DateTime, Duration, Utc};
use louyi::kernel::robots::{Content, Link, Maker, Message, Robot, Row, cut, dingtalk_sign, feishu_sign, plain};
use louyi::kernel::settings::Settings;
use sha2::{Digest as _, Sha256};

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).expect("an instant")
}

fn robot(maker: Maker, secret: &str) -> Robot {
    Robot::read(maker, "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa", secret, &Settings::default()).expect("a robot")
}

#[test]
fn dingtalk_is_signed_as_the_vectors_say() {
    let long = format!("SEC{}", "abcdef0123456789".repeat(4));
    for (millis, secret, sign, query) in [
        (1_600_000_000_000, "SEC000", "lFJvP81KHr4ARaZapQxkwECMzlIjzCNMUGrdMd+CXGk=", "lFJvP81KHr4ARaZapQxkwECMzlIjzCNMUGrdMd%2BCXGk%3D"),
        (1_764_806_400_000, &long, "GJvRzoWZRmkZeu5S9d9JHs47FaKSbk8op3B1LeEQfSE=", "GJvRzoWZRmkZeu5S9d9JHs47FaKSbk8op3B1LeEQfSE%3D"),
        (1_764_806_400_001, &long, "ugMPwIuvXve1gQ3AyK6INT00IVA9RlxRo2EJwe1+DOU=", "ugMPwIuvXve1gQ3AyK6INT00IVA9RlxRo2EJwe1%2BDOU%3D"),
        (1, "a", "ujTYSVdXqFI993bVwzXyk6uGaF9SIJEU5YA7o+q/wYQ=", "ujTYSVdXqFI993bVwzXyk6uGaF9SIJEU5YA7o%2Bq%2FwYQ%3D"),
        (1_790_000_000_123, "SEC楼议", "CD5CsClhfiia5JkxnSH8pQXq/OgYrw1/1ZHVvRkfkbA=", "CD5CsClhfiia5JkxnSH8pQXq%2FOgYrw1%2F1ZHVvRkfkbA%3D"),
    ] {
        assert_eq!(dingtalk_sign(millis, secret), sign);
        let (url, _) = robot(Maker::Dingtalk, secret).request(Content::Text("x"), at(millis)).expect("a request");
        let whole = format!("https://oapi.dingtalk.com/robot/send?access_token=693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa&timestamp={millis}&sign={query}");
        assert_eq!(url.as_str(), whole);
    }
}

#[test]
fn feishu_is_signed_as_the_vectors_say() {
    for (seconds, secret, sign) in [
        (1_600_000_000, "demo", "HQV03+so/amIWQSXS50Llvl9vzTATYaRg+mJZ+EZzjY="),
        (1_764_806_400, "louyi-secret-01", "GSjZ2sUSbRJNn7chKCnVjRqAg4YnFzp3C2GPZtrqGNM="),
        (1_764_806_401, "louyi-secret-01", "oNzzuL5jmfw0yXFJKvDhI/f2w23zETFkS/bi7ltPzVc="),
        (1, "a", "rWZ84lcag1x9aBFhn1gtV4ZN+4gme3pilfQNMk86vKg="),
        (1_790_000_000, "楼议", "N5LhIzgv1k9mdYfgO7le4LyD7yhIWBPURlkhJJxGnJc="),
    ] {
        assert_eq!(feishu_sign(seconds, secret), sign);
    }
    let (url, body) = robot(Maker::Feishu, "demo").request(Content::Text("【楼议】#42 已派单"), at(1_600_000_000_000)).expect("a request");
    assert_eq!(url.as_str(), "https://open.feishu.cn/open-apis/bot/v2/hook/693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa");
    assert_eq!(
        body,
        r#"{"timestamp":"1600000000","sign":"HQV03+so/amIWQSXS50Llvl9vzTATYaRg+mJZ+EZzjY=","msg_type":"text","content":{"text":"【楼议】#42 已派单"}}"#
    );
}

#[test]
fn texts_are_compact_and_cut_at_whole_characters() {
    let body = |maker, words: &str| robot(maker, "").request(Content::Text(words), at(0)).expect("a request").1;
    let wecom = body(Maker::Wecom, "【楼议】议题 LY-2026-0042 已派单");
    assert_eq!(wecom.len(), 81);
    assert_eq!(hex::encode(Sha256::digest(&wecom)), "c585a96893e5a53b6a24725d9671be79f8b0cfb37fcc13141a0ff09963cdb9c0");
    assert_eq!(
        body(Maker::Dingtalk, "【楼议】#42 已派单"),
        r#"{"msgtype":"text","text":{"content":"【楼议】#42 已派单"},"at":{"atMobiles":[],"isAtAll":false}}"#
    );
    for (words, chars, bytes) in [
        ("a".repeat(2048), 2048, 2048),
        (format!("{}ab", "楼".repeat(682)), 684, 2048),
        ("楼".repeat(683), 682, 2046),
        (format!("a{}", "楼".repeat(683)), 683, 2047),
        ("😀".repeat(512), 512, 2048),
        ("😀".repeat(513), 512, 2048),
    ] {
        let kept = cut(&words, 2048);
        assert_eq!((kept.chars().count(), kept.len()), (chars, bytes));
    }
}

#[test]
fn rows_take_each_makers_shape_and_no_marks_of_others() {
    let link = |words: &str| Some(Link { words: words.into(), url: "https://louyi.example/b/tingqiao/issues/42".into() });
    let message = Message {
        title: "候梯拥堵 <@all> **#42**".into(),
        rows: vec![Row { words: "南座1F\n[点我](http://evil)".into(), link: None }, Row { words: String::new(), link: link("查看") }],
    };
    let body = |maker| robot(maker, "").request(Content::Rows(&message), at(0)).expect("a request").1;
    assert_eq!(
        body(Maker::Wecom),
        r#"{"msgtype":"markdown","markdown":{"content":"**候梯拥堵 ＜＠all＞ ＊＊＃42＊＊**\n>南座1F ［点我］(http://evil)\n>[查看](https://louyi.example/b/tingqiao/issues/42)"}}"#
    );
    assert_eq!(
        body(Maker::Dingtalk),
        r#####"{"msgtype":"markdown","markdown":{"title":"候梯拥堵 ＜＠all＞ ＊＊＃42＊＊","text":"#### 候梯拥堵 ＜＠all＞ ＊＊＃42＊＊\n> 南座1F ［点我］(http://evil)  \n\n[查看](https://louyi.example/b/tingqiao/issues/42)"},"at":{"isAtAll":false}}"#####
    );
    assert_eq!(
        body(Maker::Feishu),
        r#"{"msg_type":"post","content":{"post":{"zh_cn":{"title":"候梯拥堵 ＜＠all＞ ＊＊＃42＊＊","content":[[{"tag":"text","text":"南座1F ［点我］(http://evil)"}],[{"tag":"a","text":"查看","href":"https://louyi.example/b/tingqiao/issues/42"}]]}}}}"#
    );
    assert_eq!(plain("a\nb\tc  d"), "a b c d");
}

#[test]
fn feishu_is_left_alone_at_the_full_and_the_half_hour() {
    let crowded = |time: &str| Maker::Feishu.crowded_until(crate::support::shanghai(&format!("2026-11-23 {time}")) + Duration::seconds(20));
    assert_eq!(crowded("09:00"), Some(crate::support::shanghai("2026-11-23 09:01")));
    assert_eq!(crowded("09:30"), Some(crate::support::shanghai("2026-11-23 09:31")));
    assert_eq!(crowded("09:31"), None);
    assert_eq!(Maker::Wecom.crowded_until(crate::support::shanghai("2026-11-23 09:00")), None);
}
