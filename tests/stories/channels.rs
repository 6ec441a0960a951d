//! Channels: what concerns a whole organisation is told to its chat group by a robot, owed with the act, sent afterwards; and
//! whatever a robot does, nothing is lost silently and nobody is flooded.

mod addresses;
mod faults;
mod letters;
mod pages;
mod robots;

use chrono::Duration;
use louyi::domain::announcements::{self, Written};
use louyi::domain::channels::{self, Channel, ChannelState, KINDS, RobotKind, Topic, Typed, topic_of};
use louyi::domain::organisations::Organisation;
use louyi::domain::tasks::{NewVisit, VisitAnswer};
use louyi::jobs;
use louyi::kernel::act::House;
use louyi::kernel::clock::Clock;
use louyi::kernel::db::{Db, sql};
use louyi::kernel::i18n::{Lang, parameters};
use louyi::kernel::keys::Keys;
use louyi::kernel::outbox;
use louyi::kernel::quiet::{NIGHT, Quiet};
use louyi::kernel::settings::Settings;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::support::robot::Robot;
use crate::support::{Town, Who, on_both, refusal};

/// The key in the address of every robot of these stories.
const KEY: &str = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";

/// The town's house as a process sees it that may call this robot.
async fn telling(town: &Town, robot: &Robot) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings { robot_hosts: Some(robot.host()), ..town.house.settings().clone() };
    House::new(db, Clock::standing_at(town.house.now()), crate::support::calendar(), Keys::fixed(7), settings)
}

fn address(kind: RobotKind, robot: &Robot) -> String {
    let path = match kind {
        RobotKind::Wecom => format!("/cgi-bin/webhook/send?key={KEY}"),
        RobotKind::Dingtalk => format!("/robot/send?access_token={KEY}"),
        RobotKind::Feishu => format!("/open-apis/bot/v2/hook/{KEY}"),
    };
    format!("{}{path}", robot.host())
}

/// Somebody adds a group of an organisation, or of the council, that is told everything at any hour.
async fn group(who: &Who, house: &House, town: &Town, of: Option<&Organisation>, kind: RobotKind, robot: &Robot) -> Channel {
    let read = Channel::read_robot(kind, &address(kind, robot), "", house.settings()).expect("a robot");
    let name = format!("{}的群", of.map_or("议事会", |o| o.short.as_str()));
    let typed = Typed { name: &name, topics: Topic::ALL, lang: Lang::Zh, quiet: None };
    who.gets(async |act| channels::add(act, &town.tower, of.map(|o| o.id), kind, &read, &typed).await).await
}

/// What is owed to a channel, oldest first.
async fn owed(town: &Town, channel: &Channel) -> Vec<outbox::Model> {
    let own = outbox::Entity::find().filter(outbox::Column::ChannelId.eq(channel.id));
    own.order_by_asc(outbox::Column::CreatedAt).order_by_asc(outbox::Column::Id).all(town.house.read()).await.expect("messages")
}

async fn round(house: &House) {
    jobs::round(house).await.expect("a round");
}

async fn now(town: &Town, channel: &Channel) -> Channel {
    channels::by_id(town.house.read(), channel.id).await.expect("the channel")
}

#[test]
fn everything_that_is_told_has_its_words_in_both_languages() {
    let matter = ["label", "title", "holder", "answer_by", "result_by", "offer_by", "task", "organisation", "due"];
    let meeting = ["council", "number", "at", "place"];
    for lang in Lang::ALL {
        for kind in KINDS {
            assert!(topic_of(kind).is_some(), "{kind} belongs to no topic");
            assert!(lang.has(&format!("channels.named.{kind}")), "{kind} has no name");
            let given: &[&str] = match topic_of(kind) {
                Some(Topic::Meeting) => &meeting,
                Some(Topic::Announcement) => &["title", "when", "where"],
                _ => &matter,
            };
            for part in ["what", "line"] {
                let text = lang.words().get(&format!("channels.news.{kind}.{part}")).unwrap_or_else(|| panic!("{kind} lacks {part}"));
                for name in parameters(text) {
                    assert!(given.contains(&name.as_str()), "channels.news.{kind}.{part} names {{{name}}}, which it is not given");
                }
            }
        }
    }
}

on_both! {
    /// Owed in the act, sent after it: the number, the kind of trouble, the floor, the day and a link; not a word of the report.
    async fn a_new_matter_is_told_to_the_managers_group(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        let told = town.says("张三在三号梯里骂人").named("林晓棠", "13800000000").on_floor("七十七层半").files().await;
        assert_eq!(owed(&town, &channel).await.len(), 1, "owed with the act");
        round(&house).await;
        let heard = robot.heard();
        assert_eq!(heard.len(), 1);
        assert_eq!((heard[0].path.as_str(), heard[0].kind.as_str()), (format!("/cgi-bin/webhook/send?key={KEY}").as_str(), "application/json; charset=utf-8"));
        let words = heard[0].body["markdown"]["content"].as_str().expect("markdown");
        assert_eq!(
            words,
            "**【楼议】TQ-1 候梯太久：新事项**\n>南座1F\n>11月24日 周二 24:00前要有第一次答复\n>[去办](https://louyi.example/b/tingqiao/issues/1/work)"
        );
        for secret in ["张三", "林晓棠", "13800000000", "七十七", &told.receipt] {
            assert!(!heard[0].text.contains(secret), "{}", heard[0].text);
        }
        round(&house).await;
        assert_eq!(robot.heard().len(), 1, "once");
        let row = owed(&town, &channel).await.remove(0);
        assert!(row.sent_at.is_some() && row.data == "{}");
        assert_eq!(now(&town, &channel).await.sent_at, Some(house.now()));
        // An act that is undone owes nothing.
        let act = town.house.act(town.staff.actor.clone()).await.expect("an act");
        let written = Written { title: "周六停梯", words: "", category: None, places: &[], starts_at: act.at, ends_at: act.at + Duration::hours(3) };
        announcements::write(&act, &town.tower, &written).await.expect("written");
        act.undo().await.expect("undone");
        round(&house).await;
        assert_eq!(robot.heard().len(), 1);
    }

    /// Each group hears what is its own: the task's organisation of its task, the council of what is late and of its meetings.
    async fn each_group_hears_what_concerns_it(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let managers = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        let fitters = group(&town.fitter, &house, &town, Some(&town.contractor), RobotKind::Dingtalk, &robot).await;
        let council = group(&town.secretary, &house, &town, None, RobotKind::Feishu, &robot).await;
        let street = group(&town.officer, &house, &town, Some(&town.department), RobotKind::Wecom, &robot).await;
        let kinds = async |c: &Channel| owed(&town, c).await.into_iter().map(|l| l.kind).collect::<Vec<_>>();
        let (told, task) = town.a_matter_in_work().await;
        assert_eq!(kinds(&managers).await, ["issue_received"]);
        assert_eq!(kinds(&council).await, ["issue_received"]);
        assert_eq!(kinds(&fitters).await, ["task_dispatched"]);
        // Late: reminders are for whoever owes it, and the council from then on.
        let late = Clock::standing_at(task.due_at + Duration::hours(34));
        let later = House::new(Db::open(&town.url).await.expect("opens"), late, crate::support::calendar(), Keys::fixed(7), house.settings().clone());
        round(&later).await;
        assert!(kinds(&fitters).await.contains(&"task_late".to_owned()));
        assert!(kinds(&council).await.contains(&"task_late".to_owned()));
        assert!(!kinds(&managers).await.contains(&"task_late".to_owned()), "not theirs");
        let due = louyi::domain::tasks::by_id(town.house.read(), task.id).await.expect("the task").due_at;
        let supervised = Clock::standing_at(town.house.calendar().moved(due, 3) + Duration::hours(10));
        let later = House::new(Db::open(&town.url).await.expect("opens"), supervised, crate::support::calendar(), Keys::fixed(7), house.settings().clone());
        round(&later).await;
        assert!(kinds(&fitters).await.contains(&"supervised_told".to_owned()));
        let first = kinds(&street).await;
        assert!(first.contains(&"supervised".to_owned()) && first.iter().all(|k| k == "supervised"), "{first:?}");
        round(&later).await;
        assert_eq!(kinds(&street).await, first, "once");
        let issue = town.now(told.matter).await;
        assert!(robot.heard().iter().any(|s| s.text.contains(&format!("/b/tingqiao/issues/{}/work", issue.number))));
    }

    /// A group that is paused is owed nothing; one that wants the night to itself is told in the morning, but danger at once.
    async fn pauses_and_nights_are_kept(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let mut channel = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        let typed = Typed { name: "夜里不说", topics: &[Topic::NewIssue], lang: Lang::En, quiet: Some(NIGHT) };
        channel = town.staff.gets(async |act| channels::by_id(act.tx(), channel.id).await?.rewrite(act, 1, None, &typed).await).await;
        assert_eq!(Quiet { from: 20, to: 8 }, channel.quiet().expect("a night"));
        town.it_is("2026-11-23 21:30");
        house.clock().set(town.house.now());
        town.reports("灯坏了").await;
        town.says("有人困在电梯里").about("lift.trapped").files().await;
        round(&house).await;
        assert_eq!(robot.heard().len(), 1, "somebody is trapped");
        assert!(robot.heard()[0].text.contains("TQ-2 "), "{}", robot.heard()[0].text);
        let waits = owed(&town, &channel).await.remove(0);
        assert_eq!((waits.due_at, waits.tries), (crate::support::shanghai("2026-11-24 08:00"), 0));
        house.clock().set(crate::support::shanghai("2026-11-24 08:01"));
        round(&house).await;
        assert_eq!(robot.heard().len(), 2);
        assert!(robot.heard()[1].text.contains("new issue"), "in its own language: {}", robot.heard()[1].text);
        channel = now(&town, &channel).await;
        let version = channel.version;
        town.staff.gets(async |act| channel.clone().pause(act, version).await).await;
        town.reports("水漏了").await;
        assert_eq!(owed(&town, &channel).await.len(), 2, "what happens meanwhile is not told");
        channel = now(&town, &channel).await;
        let version = channel.version;
        assert_eq!(refusal(town.staff.does(async |act| channel.clone().pause(act, version).await).await), "channel_state");
        town.staff.gets(async |act| channel.clone().resume(act, version).await).await;
        town.reports("门坏了").await;
        assert_eq!(owed(&town, &channel).await.len(), 3);
        // Removed, it keeps no address and is owed nothing.
        channel = now(&town, &channel).await;
        let version = channel.version;
        town.staff.gets(async |act| channel.clone().remove(act, version).await).await;
        let gone = now(&town, &channel).await;
        assert_eq!((gone.state, gone.sealed.len(), gone.masked.as_str()), (ChannelState::Removed, 0, ""));
        round(&house).await;
        assert_eq!(robot.heard().len(), 2);
        assert!(owed(&town, &channel).await.iter().all(|l| l.sent_at.is_some()));
    }

    /// Whoever speaks for an organisation sees to its groups, the secretary to the council's, an administrator to all.
    async fn only_those_concerned_see_to_a_group(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let read = Channel::read_robot(RobotKind::Wecom, &address(RobotKind::Wecom, &robot), "", house.settings()).expect("a robot");
        let typed = Typed { name: "群", topics: &[Topic::Task], lang: Lang::Zh, quiet: None };
        let add = async |who: &Who, of: Option<&Organisation>| {
            who.does(async |act| channels::add(act, &town.tower, of.map(|o| o.id), RobotKind::Wecom, &read, &typed).await).await
        };
        for (who, of) in [
            (&town.fitter, Some(&town.manager)),
            (&town.staff, None),
            (&town.secretary, Some(&town.station)),
            (&town.editor, Some(&town.station)),
            (&town.members[5], Some(&town.egret)),
        ] {
            assert_eq!(refusal(add(who, of).await), "only_own_channel");
        }
        let channel = add(&town.representative, Some(&town.sunflower)).await.expect("its own");
        assert_eq!(refusal(add(&town.representative, Some(&town.sunflower)).await), "known_already");
        add(&town.secretary, None).await.expect("the council's");
        add(&town.administrator, Some(&town.egret)).await.expect("an administrator adds any");
        assert_eq!(refusal(town.staff.does(async |act| channel.clone().pause(act, 1).await).await), "only_own_channel");
        let none = Typed { topics: &[], ..typed };
        let nothing = town.staff.does(async |act| channels::add(act, &town.tower, Some(town.manager.id), RobotKind::Wecom, &read, &none).await).await;
        assert_eq!(refusal(nothing), "channel_topics");
    }

    /// The database holds neither key nor secret in the clear, and the journal neither.
    async fn a_secret_lies_sealed(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let read = Channel::read_robot(RobotKind::Dingtalk, &address(RobotKind::Dingtalk, &robot), "SECabcdef0123456789", house.settings()).expect("a robot");
        let typed = Typed { name: "工程部群", topics: Topic::ALL, lang: Lang::Zh, quiet: None };
        let channel = town.staff.gets(async |act| channels::add(act, &town.tower, Some(town.manager.id), RobotKind::Dingtalk, &read, &typed).await).await;
        assert!(channel.masked.ends_with("…5aaa") && !format!("{read:?}").contains(KEY), "{read:?}");
        for needle in [KEY.as_bytes(), b"SECabcdef0123456789"] {
            assert!(!channel.sealed.windows(needle.len()).any(|w| w == needle));
        }
        let db = town.house.read();
        for row in db.query_all_raw(sql(db, "select data from journal", [])).await.expect("lines") {
            let line: String = row.try_get_by_index(0).expect("text");
            assert!(!line.contains(KEY) && !line.contains("工程部群"), "{line}");
        }
        assert!(channel.robot(&Keys::fixed(8)).is_err(), "under another key it does not open");
        town.reports("灯坏了").await;
        round(&house).await;
        let heard = robot.heard();
        let millis = house.now().timestamp_millis();
        let sign = louyi::kernel::robots::dingtalk_sign(millis, "SECabcdef0123456789");
        let sign = url::form_urlencoded::byte_serialize(sign.as_bytes()).collect::<String>();
        assert_eq!(heard[0].path, format!("/robot/send?access_token={KEY}&timestamp={millis}&sign={sign}"));
    }

    /// A tenant's group hears that somebody asks for a time, and whoever has the task hears the answer; what was written stays inside.
    async fn a_visit_is_told_to_the_groups_of_both(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let (_, task) = town.a_matter_in_work().await;
        let tenant = group(&town.representative, &house, &town, Some(&town.sunflower), RobotKind::Wecom, &robot).await;
        let contractor = group(&town.fitter, &house, &town, Some(&town.contractor), RobotKind::Wecom, &robot).await;
        let (from, until) = (town.house.now() + Duration::hours(24), town.house.now() + Duration::hours(26));
        let visit = NewVisit { to: &town.sunflower, from, until, words: "检查吊顶" };
        town.fitter.on_task(task.id, async |act, t, i| t.ask_visit(act, i, visit).await.map(drop)).await.expect("asked");
        round(&house).await;
        let heard = robot.heard();
        assert_eq!(heard.len(), 1, "the group of whoever is asked");
        assert!(heard[0].text.contains("约个时间上门") && heard[0].text.contains("/tasks/1") && !heard[0].text.contains("吊顶"), "{}", heard[0].text);
        town.representative.on_task(task.id, async |act, t, i| t.answer_visit(act, i, 1, VisitAnswer::Agreed, "前台等您").await).await.expect("answered");
        round(&house).await;
        let heard = robot.heard();
        assert_eq!(heard.len(), 2);
        assert!(heard[1].text.contains("有了回话") && !heard[1].text.contains("前台"), "{}", heard[1].text);
        assert_eq!((owed(&town, &tenant).await.len(), owed(&town, &contractor).await.len()), (1, 1));
    }

    /// What lets one person in is theirs: no group is owed an invitation, a new role or a link to sign in, whatever it chose.
    async fn an_invitation_goes_to_no_group(town: Town) {
        let robot = Robot::start().await;
        let house = telling(&town, &robot).await;
        let own = group(&town.staff, &house, &town, Some(&town.manager), RobotKind::Wecom, &robot).await;
        let council = group(&town.secretary, &house, &town, None, RobotKind::Feishu, &robot).await;
        let site = town.site().await;
        let admin = site.signed_in(&town.administrator).await;
        for list in ["闻人竹,wenren@tq.example,汀桥物业", "闻人竹,wenren@tq.example,汀桥物业,议事会成员"] {
            let looked = admin.fills("/b/tingqiao/people", "/b/tingqiao/people/check", &[("list", list)]).await;
            let form = looked.form("/b/tingqiao/people").expect("the list again");
            let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(admin.posts("/b/tingqiao/people", &form).await.status, rocket::http::Status::SeeOther);
        }
        town.administrator.gets(async |act| {
            let person = louyi::domain::persons::by_id(act.tx(), town.staff.id).await?;
            louyi::domain::sessions::mail_link(act, &person, None).await
        }).await;
        assert_eq!((town.letters("invited").await.len(), town.letters("appointed").await.len(), town.letters("sign_in").await.len()), (1, 1, 1));
        assert!(owed(&town, &own).await.is_empty() && owed(&town, &council).await.is_empty());
        round(&house).await;
        assert!(robot.heard().is_empty(), "{:?}", robot.heard().iter().map(|h| &h.text).collect::<Vec<_>>());
        for kind in ["invited", "appointed", "sign_in", "handed_over"] {
            assert!(topic_of(kind).is_none() && !KINDS.contains(&kind), "{kind}");
        }
    }
}
