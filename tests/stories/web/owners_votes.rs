//! Owners' votes in the browser: announced, printed, entered from paper, voted signed in, and what they came to with both sums.

use chrono::Duration;
use louyi::domain::persons::{self, Scope};
use louyi::domain::rights::Role;
use louyi::kernel::i18n::Lang;
use rocket::http::Status;

use super::owners::{ROLL, enters};
use crate::owners::an_owner;
use crate::support::browser::{Page, Reader, Site};
use crate::support::{Town, on_both};

const VOTES: &str = "/b/tingqiao/council/owners-votes";
const VOTE: &str = "/b/tingqiao/council/owners-votes/1";

/// A date and time as a form sends it, so many days from now at ten.
fn day(town: &Town, days: i64) -> String {
    format!("{}T10:00", town.house.calendar().date_of(town.house.now() + Duration::days(days)))
}

/// A vote that takes ballots, and the codes of its holders in their order.
struct Poll<'t> {
    town: &'t Town,
    secretary: Reader<'t>,
    codes: Vec<String>,
}

impl<'t> Poll<'t> {
    async fn opened(town: &'t Town, site: &'t Site, list: &str, more: &[(&str, &str)]) -> Poll<'t> {
        let secretary = site.signed_in(&town.secretary).await;
        enters(&secretary, list).await;
        let (from, until) = (day(town, 16), day(town, 26));
        let mut fields = vec![
            ("matter", "manager"),
            ("title", "续聘汀桥物业"),
            ("question", "是否同意续聘汀桥物业，为期三年？"),
            ("opens_at", &from),
            ("closes_at", &until),
            ("online", "1"),
        ];
        fields.retain(|(n, _)| !more.iter().any(|(m, _)| m == n));
        fields.extend(more);
        assert_eq!(secretary.does(VOTES, VOTES, &fields).await, VOTE);
        let paper = secretary.reads(&format!("{VOTE}/paper")).await;
        let codes = paper.body.split("<p class=\"mono\">").skip(1).filter_map(|p| p.split('<').next()).map(str::to_owned).collect();
        town.lets_pass(Duration::days(17));
        Poll { town, secretary, codes }
    }

    async fn enters(&self, holder: usize, fields: &[(&str, &str)]) -> Page {
        let code = ("code", self.codes[holder].as_str());
        let all: Vec<(&str, &str)> = std::iter::once(code).chain(fields.iter().copied()).collect();
        self.secretary.fills(VOTE, &format!("{VOTE}/ballots"), &all).await
    }

    /// Holders from the first on say yes, no, abstain: so many of each.
    async fn votes(&self, runs: &[(usize, &str)]) {
        let choices = runs.iter().flat_map(|(n, c)| std::iter::repeat_n(*c, *n));
        for (holder, choice) in choices.enumerate() {
            let done = self.enters(holder, &[("choice", choice)]).await;
            assert_eq!(done.status, Status::SeeOther, "{}", done.text());
        }
    }

    async fn ended(&self, reader: &Reader<'_>) -> Page {
        self.town.lets_pass(Duration::days(30));
        reader.reads(VOTE).await
    }
}

fn roll(areas: &[&str]) -> String {
    areas.iter().enumerate().fold(String::from("单元,面积\n"), |all, (i, area)| format!("{all}{:02},{area}\n", i + 1))
}

on_both! {
    async fn o01_is_carried_through_the_page_with_both_sums(town: Town) {
        let site = town.site().await;
        let poll = Poll::opened(&town, &site, &roll(&["100"; 9]), &[]).await;
        assert_eq!(poll.codes.len(), 9);
        let before = site.visitor().reads(VOTE).await;
        assert!(before.says("正在表决") && before.says("是否同意续聘") && before.says("第278条第4项"), "{}", before.text());
        poll.votes(&[(4, "yes"), (2, "no")]).await;
        let running = site.visitor().reads(VOTE).await;
        assert!(running.says("9户里，收到6户的票") && !running.says("通过"), "{}", running.text());
        assert!(poll.secretary.reads(VOTE).await.says("收到纸票"));
        let page = poll.ended(&site.visitor()).await;
        for words in ["600.00㎡ × 3 = 1800.00㎡ ≥ 1800.00㎡ = 900.00㎡ × 2", "6 × 3 = 18 ≥ 18 = 9 × 2", "4 × 2 = 8 > 6", "参加的有6人、600.00㎡", "两样都到了过半数，通过", "可以照这个结果往下办"] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
        page.hides("收到纸票").hides(&poll.codes[0]);
        assert!(site.visitor().in_english().reads(VOTE).await.says("more than half: passed"));
        let late = poll.secretary.posts(&format!("{VOTE}/ballots"), &[]).await;
        assert_ne!(late.status, Status::SeeOther);
        assert!(site.visitor().reads(VOTES).await.says("续聘汀桥物业"));
    }

    async fn o10_a_great_owner_alone_does_not_outweigh_the_others(town: Town) {
        let site = town.site().await;
        let list = (1..=6).fold(String::from("单元,面积,户号\n"), |all, n| format!("{all}A{n},200,甲\n"));
        let list = (1..=9).fold(list, |all, n| format!("{all}B{n},100,\n"));
        let poll = Poll::opened(&town, &site, &list, &[]).await;
        assert_eq!(poll.codes.len(), 10, "six units, one person");
        poll.votes(&[(1, "no"), (8, "yes")]).await;
        let page = poll.ended(&site.visitor()).await;
        for words in ["800.00㎡ × 2 = 1600.00㎡ ≤ 2000.00㎡", "8 × 2 = 16 > 9", "没有两样都到过半数，没有通过"] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
    }

    async fn o07_a_special_matter_needs_three_quarters(town: Town) {
        let site = town.site().await;
        let poll = Poll::opened(&town, &site, &roll(&["100"; 12]), &[("matter", "common_parts")]).await;
        poll.votes(&[(8, "yes"), (3, "no")]).await;
        let page = poll.ended(&site.visitor()).await;
        for words in ["8 × 4 = 32 < 33 = 11 × 3", "参加的都要四分之三以上同意", "没有通过"] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
    }

    async fn o15_one_hundredth_of_a_square_metre_decides(town: Town) {
        let site = town.site().await;
        let poll = Poll::opened(&town, &site, &roll(&["200", "133.34", "166.66"]), &[]).await;
        poll.votes(&[(2, "yes")]).await;
        let page = poll.ended(&site.visitor()).await;
        assert!(page.says("333.34㎡ × 3 = 1000.02㎡ ≥ 1000.00㎡ = 500.00㎡ × 2") && page.says("通过"), "{}", page.text());
    }

    async fn o20_to_o22_void_ballots_and_silence(town: Town) {
        let site = town.site().await;
        let list = roll(&["100"; 9]).replace("面积\n", "面积,共有人数\n").replace("09,100\n", "09,100,2\n");
        let poll = Poll::opened(&town, &site, &list, &[]).await;
        poll.votes(&[(5, "yes")]).await;
        assert_eq!(poll.enters(5, &[("choice", "yes"), ("handed", "by_proxy_without_paper")]).await.status, Status::SeeOther);
        for (voice, choice) in [("1", "yes"), ("2", "no")] {
            assert_eq!(poll.enters(8, &[("choice", choice), ("voice", voice)]).await.status, Status::SeeOther);
        }
        let inside = poll.secretary.reads(VOTE).await;
        assert!(inside.says("无效：代交没有委托书") && inside.says("无效：共有人意见不一"), "{}", inside.text());
        let page = poll.ended(&site.visitor()).await;
        for words in ["500.00㎡ × 3 = 1500.00㎡ < 1800.00㎡", "1张代交没有委托书", "1户共有人意见不一", "不算数"] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
    }

    async fn o22_silence_counts_only_with_a_clause_and_a_warning(town: Town) {
        let site = town.site().await;
        let poll = Poll::opened(&town, &site, &roll(&["100"; 9]), &[("silent_ground", "议事规则第12条")]).await;
        assert!(site.visitor().reads(VOTE).await.says("这样算有争议"));
        poll.votes(&[(4, "yes"), (1, "no")]).await;
        let page = poll.ended(&site.visitor()).await;
        assert!(page.says("参加的有9人") && page.says("8人、800.00㎡同意") && page.says("没表态的已经并到多数一边"), "{}", page.text());
    }

    async fn what_is_wrong_with_a_ballot_stands_beside_its_field(town: Town) {
        let site = town.site().await;
        let poll = Poll::opened(&town, &site, &roll(&["100"; 3]), &[]).await;
        let to = format!("{VOTE}/ballots");
        for (field, fields) in [
            ("enter-code", vec![("code", "2222-2222-2"), ("choice", "yes")]),
            ("enter-code", vec![("code", ""), ("choice", "yes")]),
            ("enter-choice", vec![("code", poll.codes[0].as_str()), ("choice", "")]),
            ("enter-choice", vec![("code", poll.codes[0].as_str()), ("choice", "maybe")]),
            ("enter-handed", vec![("code", poll.codes[0].as_str()), ("choice", "yes"), ("handed", "by_mail")]),
            ("enter-voice", vec![("code", poll.codes[0].as_str()), ("choice", "yes"), ("voice", "2")]),
            ("enter-voice", vec![("code", poll.codes[0].as_str()), ("choice", "yes"), ("voice", "x")]),
        ] {
            let refused = poll.secretary.fills(VOTE, &to, &fields).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.fault(field).is_some(), "{fields:?}: {} {}", refused.status, refused.text());
            assert!(refused.form(&to).expect("again").iter().any(|(n, v)| n == "code" && v == fields[0].1), "the code is kept");
        }
        // As somebody types it.
        let typed = poll.codes[0].to_lowercase().replace('-', " ");
        let done = poll.secretary.fills(VOTE, &to, &[("code", &typed), ("choice", "abstain")]).await;
        assert_eq!(done.status, Status::SeeOther, "{}", done.text());
        poll.town.lets_pass(Duration::days(30));
        let s = site.signed_in(&town.secretary).await;
        let form = s.reads(ROLL).await.form(ROLL).expect("a form");
        let token = form.iter().find(|(n, _)| n == "token").map(|(_, v)| v.as_str()).expect("a token");
        let late = s.posts(&to, &[("token", token), ("form", "enter"), ("code", &poll.codes[1]), ("choice", "yes"), ("handed", "in_person"), ("voice", "0")]).await;
        assert!(late.status == Status::Conflict && late.says("已经截止"), "{} {}", late.status, late.text());
    }

    async fn what_is_wrong_with_an_announcement_stands_beside_its_field(town: Town) {
        let site = town.site().await;
        let s = site.signed_in(&town.secretary).await;
        assert!(s.reads(VOTES).await.says("还没有业主名册"));
        enters(&s, &roll(&["100"])).await;
        let (from, until, soon, long) = (day(&town, 16), day(&town, 26), day(&town, 3), day(&town, 99));
        let good = [("matter", "manager"), ("title", "续聘汀桥物业"), ("question", "是否同意续聘汀桥物业，为期三年？"), ("opens_at", from.as_str()), ("closes_at", until.as_str())];
        for (field, value) in [("matter", ""), ("title", "续"), ("question", ""), ("opens_at", soon.as_str()), ("opens_at", "明天"), ("closes_at", long.as_str()), ("closes_at", "")] {
            let fields: Vec<(&str, &str)> = good.iter().map(|(n, v)| if *n == field { (*n, value) } else { (*n, *v) }).collect();
            let refused = s.fills(VOTES, VOTES, &fields).await;
            assert!(refused.status == Status::UnprocessableEntity && refused.fault(&format!("announce-{field}")).is_some(), "{field}: {}", refused.text());
        }
        let strange = s.fills(VOTES, VOTES, &[good.as_slice(), &[("item", "99")]].concat()).await;
        assert!(strange.status == Status::UnprocessableEntity && strange.says("属于业主共同决定的议题"), "{}", strange.text());
        s.does(VOTES, VOTES, &good).await;
        s.does(VOTE, &format!("{VOTE}/calling-off"), &[("because", "问题写错了")]).await;
        let off = site.visitor().reads(VOTE).await;
        assert!(off.says("已撤") && off.says("问题写错了"), "{}", off.text());
        for (method, path) in [("GET", format!("{VOTES}/2")), ("GET", format!("{VOTES}/0")), ("GET", format!("{VOTES}/x")), ("GET", "/b/nowhere/council/owners-votes".to_owned())] {
            assert_eq!(site.visitor().opens(&path).await.status, Status::NotFound, "{method} {path}");
        }
    }

    async fn an_owner_votes_signed_in_and_nobody_reads_how(town: Town) {
        let site = town.site().await;
        let owner = an_owner(&town, "sungari", "松江置业").await;
        let membership = town.administrator.gets(async |act| {
            let person = persons::add(act, "Owner", "Owner", Some("owner@louyi.example"), Lang::Zh).await?;
            person.appoint(act, owner.id, Role::Representative, Scope::Building(town.tower.id)).await
        }).await;
        let poll = Poll::opened(&town, &site, "单元,面积,户号\n01,300,松江置业\n02,100,\n", &[]).await;
        let own = site.signed_in_as(membership.person_id).await;
        let to = format!("{VOTE}/ballot");
        let empty = own.fills(VOTE, &to, &[("choice", "")]).await;
        assert!(empty.fault("ballot-choice").is_some(), "{}", empty.text());
        own.does(VOTE, &to, &[("choice", "no")]).await;
        own.does(VOTE, &to, &[("choice", "yes")]).await;
        assert!(own.reads(VOTE).await.says("投过了"));
        let tenant = site.signed_in(&town.representative).await;
        assert!(tenant.reads(VOTE).await.form(&to).is_none());
        let form = own.reads(VOTE).await.form(&to).expect("a form");
        let token = form.iter().find(|(n, _)| n == "token").map(|(_, v)| v.clone()).expect("a token");
        let foreign = tenant.posts(&to, &[("token", &token), ("choice", "yes")]).await;
        assert_ne!(foreign.status, Status::SeeOther);
        assert!(poll.secretary.reads(VOTE).await.says("登录投了"));
        let page = poll.ended(&site.visitor()).await;
        page.hides("登录投了").hides("松江置业");
        assert!(page.says("不算数"), "one of two persons: {}", page.text());
    }

    async fn an_item_shows_what_the_owners_said(town: Town) {
        let site = town.site().await;
        let s = site.signed_in(&town.secretary).await;
        let council = "/b/tingqiao/council";
        s.does(council, "/b/tingqiao/council/items", &[("source", "member"), ("title", "大堂做广告"), ("question", "做不做？"), ("competence", "owners_vote")]).await;
        let item = "/b/tingqiao/council/items/1";
        assert!(s.reads(item).await.says("还没有为它办业主表决"));
        let poll = Poll::opened(&town, &site, &roll(&["100"; 2]), &[("item", "1"), ("matter", "common_parts")]).await;
        assert!(s.reads(item).await.says("第1次业主表决：正在表决"));
        poll.votes(&[(2, "yes")]).await;
        town.lets_pass(Duration::days(12));
        let s = site.signed_in(&town.secretary).await;
        s.reads(VOTE).await.shows(item);
        assert!(s.reads(item).await.says("业主已经同意，议事会可以照这个结果议定"));
    }
}
