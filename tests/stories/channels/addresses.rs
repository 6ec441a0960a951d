//! Nothing is sent where it should not: hosts, addresses, redirects.

use std::net::IpAddr;
use std::time::Duration;

use louyi::kernel::error::Error;
use louyi::kernel::outgoing::{Fault, Origin, Outgoing, Reach, forbidden, origins};
use louyi::kernel::robots::{self, Maker, Robot};
use louyi::kernel::settings::Settings;

use crate::support::robot::{Mood, Robot as Server};
use crate::support::{refusal, wait_for};

fn ip(words: &str) -> IpAddr {
    words.parse().expect(words)
}

#[test]
fn only_the_open_internet_is_called() {
    for inside in [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.8",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.254",
        "169.254.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "192.0.0.1",
        "192.0.2.7",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.8",
        "::127.0.0.1",
        "::ffff:0:192.168.1.1",
        "64:ff9b::10.0.0.8",
        "64:ff9b:1::1",
        "2002:a00:8::",
        "2002:7f00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
    ] {
        assert!(forbidden(ip(inside), Reach::Public).is_some(), "{inside}");
    }
    for open in ["1.1.1.1", "81.69.1.2", "172.32.0.1", "100.128.0.1", "2400:3200::1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"] {
        assert_eq!(forbidden(ip(open), Reach::Public), None, "{open}");
    }
    // Whoever names a host of their own network means it; this machine only where that is what they wrote, a cloud's secrets never.
    for own in ["10.0.0.8", "192.168.1.1", "172.20.0.1", "100.64.0.1", "fd12:3456::1", "::ffff:10.0.0.8"] {
        assert_eq!(forbidden(ip(own), Reach::Named), None, "{own}");
    }
    for never in ["127.0.0.1", "::1", "169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fe80::1", "224.0.0.1", "0.0.0.0"] {
        assert!(forbidden(ip(never), Reach::Named).is_some(), "{never}");
    }
    assert_eq!(forbidden(ip("127.0.0.1"), Reach::Here), None);
    assert!(forbidden(ip("169.254.169.254"), Reach::Here).is_some());
}

#[test]
fn hosts_are_named_in_full() {
    let read = |words: &str| Origin::read(words).map(|o| (o.scheme, o.host, o.port));
    assert_eq!(read("feishu.example.org"), Some(("https".into(), "feishu.example.org".into(), 443)));
    assert_eq!(read("http://127.0.0.1:9000"), Some(("http".into(), "127.0.0.1".into(), 9000)));
    for wrong in ["ftp://x.example", "https://x.example/path", "https://me:secret@x.example", "", "x y", "http://"] {
        assert_eq!(Origin::read(wrong), None, "{wrong}");
    }
    assert_eq!(origins("a.example, b.example:8443\nhttp://10.0.0.1").map(|o| o.len()), Ok(3));
    assert_eq!(origins("a.example x/y"), Err("x/y".into()));
    let settings = Settings { robot_hosts: Some("https://me@x".into()), ..Settings::default() };
    assert!(robots::named(&settings).expect_err("wrong").to_string().contains("LOUYI_ROBOT_HOSTS"));
}

#[test]
fn a_robot_lives_where_its_maker_says() {
    let settings = Settings { robot_hosts: Some("im.example.org".into()), ..Settings::default() };
    let read = |maker, address: &str| Robot::read(maker, address, "", &settings);
    let key = "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa";
    for (maker, good) in [
        (Maker::Wecom, format!("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={key}")),
        (Maker::Wecom, format!(" https://qyapi.weixin.qq.com/cgi-bin/webhook/send?debug=1&key={key}\n")),
        (Maker::Wecom, key.into()),
        (Maker::Dingtalk, format!("https://oapi.dingtalk.com/robot/send?access_token={key}&timestamp=1&sign=x")),
        (Maker::Feishu, format!("https://open.feishu.cn/open-apis/bot/v2/hook/{key}")),
        (Maker::Feishu, format!("https://open.larksuite.com/open-apis/bot/v2/hook/{key}")),
        (Maker::Feishu, format!("https://im.example.org/open-apis/bot/v2/hook/{key}")),
    ] {
        let robot = read(maker, &good).unwrap_or_else(|e| panic!("{good}: {e}"));
        assert!(robot.masked().ends_with("…5aaa") && !robot.masked().contains(key), "{}", robot.masked());
        assert!(robot.to_keep().0.ends_with(key), "only what is needed is kept: {}", robot.to_keep().0);
    }
    for (maker, wrong, why) in [
        (Maker::Wecom, "", "empty"),
        (Maker::Wecom, "工程部", "robot_address"),
        (Maker::Wecom, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4", "robot_host"),
        (Maker::Wecom, "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4", "robot_host"),
        (Maker::Wecom, "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693a91f6-7aaa", "robot_host"),
        (Maker::Wecom, "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=693a91f6-7aaa", "robot_host"),
        (Maker::Wecom, "https://me:x@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa", "robot_address"),
        (Maker::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/gettoken?key=693a91f6-7aaa", "robot_address"),
        (Maker::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", "robot_address"),
        (Maker::Wecom, "https://oapi.dingtalk.com/robot/send?access_token=693a91f6-7aaa", "robot_host"),
        (Maker::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/a/../../../x", "robot_address"),
        (Maker::Feishu, "https://169.254.169.254/open-apis/bot/v2/hook/693a91f6-7aaa", "robot_host"),
        (Maker::Dingtalk, "https://localhost/robot/send?access_token=693a91f6-7aaa", "robot_host"),
    ] {
        assert_eq!(refusal(read(maker, wrong)), why, "{wrong}");
    }
    assert_eq!(refusal(Robot::read(Maker::Wecom, key, "SEC1", &settings)), "robot_no_secret");
    assert!(matches!(Robot::read(Maker::Dingtalk, key, &"x".repeat(300), &settings), Err(Error::Refused(_))));
}

#[test]
fn no_connection_is_made_inwards_and_no_redirect_followed() {
    wait_for(async {
        let server = Server::start().await;
        let patience = Duration::from_secs(2);
        let anybody = Outgoing::new(vec![], patience).expect("a client");
        let post = async |out: &Outgoing, url: &str| out.post(&url::Url::parse(url).expect(url), "{}".into(), |r| r).await;
        for inward in [
            format!("http://127.0.0.1:{}/", server.port),
            format!("http://localhost:{}/", server.port),
            format!("https://127.0.0.1:{}/", server.port),
            "https://127.0.0.1/".into(),
            "https://localhost/".into(),
            "https://[::1]/".into(),
            "https://[::ffff:10.0.0.1]/".into(),
            "https://169.254.169.254/latest/meta-data/".into(),
            "https://2130706433/".into(),
            "https://0x7f.1/".into(),
            "http://example.org/".into(),
            "https://me:secret@example.org/".into(),
        ] {
            let fault = post(&anybody, &inward).await.map(|a| a.status).expect_err(&inward);
            assert!(matches!(&fault, Fault::Forbidden(why) if !why.contains("127.0.0.1") && !why.contains("secret")), "{inward}: {fault:?}");
        }
        assert!(server.heard().is_empty(), "nothing arrived");
        // What the operator names is called, its redirect is not.
        let named = Outgoing::new(origins(&server.host()).expect("a host"), patience).expect("a client");
        server.will(&[Mood::Answers(302, format!("Location: {}/inside\r\nRetry-After: 7\r\n", server.host()))]);
        let answer = post(&named, &format!("{}/", server.host())).await.expect("an answer");
        assert_eq!((answer.status, server.heard().len()), (302, 1));
        assert_eq!(answer.wait(Default::default()), Some(chrono::Duration::seconds(7)));
        // Another port of the same host was not named.
        assert!(matches!(post(&named, "http://127.0.0.1:1/").await, Err(Fault::Forbidden(_))));
        // A name is not more than what it leads to.
        let name = Outgoing::new(vec![Origin { scheme: "http".into(), host: "localhost.".into(), port: server.port }], patience).expect("a client");
        let by_name = post(&name, &format!("http://localhost.:{}/", server.port)).await.map(|a| a.status);
        assert!(matches!(by_name, Err(Fault::Forbidden(_) | Fault::Unreachable(_))), "{by_name:?}");
        assert_eq!(server.heard().len(), 1);
        server.will(&[Mood::Chatters]);
        let long = post(&named, &format!("{}/", server.host())).await.expect("an answer");
        assert!(long.cut && long.body.len() <= louyi::kernel::outgoing::MOST);
    });
}
