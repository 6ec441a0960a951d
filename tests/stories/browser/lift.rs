//! The case that Louyi is measured by, played from its first report: 498 people queue for the same lifts, staggered hours are tried and are
//! not enough, the time clocks move in front of the gates, and it is measured that it helped. The secretary's desk, the projector and
//! two members' phones are open at once.

use louyi::domain::reports::{self, Channel, Identity, MayKnow, NewReport};
use louyi::domain::{buildings, categories, issues};
use louyi::kernel::act::Actor;
use louyi::kernel::i18n::Lang;

use super::driver::Screen;
use super::{Browser, Server};
use crate::support::{postgres, wait_for};

/// With the one who is at the poster, so many people.
const PEOPLE: usize = 498;

/// So many days from today, as a date field wants it.
fn day_in(days: u64) -> String {
    let today = louyi::kernel::dates::local(louyi::kernel::clock::Clock::running().now()).date();
    today.checked_add_days(chrono::Days::new(days)).expect("a day").to_string()
}

async fn arrives(server: &Server, name: &'static str, link: &str, screen: Screen) -> Browser {
    let browser = Browser::open(name, screen, &server.base).await.expect("a browser");
    browser.goes_to(link).await;
    browser.presses("main form button").await;
    browser
}

/// The others say "me too", each from a phone of their own.
async fn the_others_join(server: &Server, number: i32) {
    let house = server.house().await;
    let building = buildings::by_slug(house.read(), "tingqiao").await.expect("the tower");
    let category = categories::named("lift.queue").expect("a kind");
    for n in 1..PEOPLE as u64 {
        let act = house.act(Actor::Visitor).await.expect("begins");
        let issue = issues::hold(&act, building.id, number).await.expect("the matter");
        let place = buildings::place_by_id(act.tx(), issue.place_id).await.expect("the place");
        let report = NewReport {
            words: "",
            channel: Channel::Poster,
            poster: None,
            may_know: MayKnow::Nobody,
            who: Identity::default(),
            device: Some(n.to_be_bytes().to_vec()),
            photos: vec![],
            lang: Lang::Zh,
            form_key: Some([&b"lift case"[..], &n.to_be_bytes()].concat()),
            behalf: None,
        };
        reports::me_too(&act, issue, &place, category, report).await.expect("joins");
        act.commit().await.expect("kept");
    }
    house.db().clone().close().await.expect("closes");
}

/// Those who are at the screens.
struct Room {
    number: i32,
    issue: String,
    secretary: Browser,
    wall: Browser,
    phones: [Browser; 2],
}

impl Room {
    /// A meeting about the matter: called, the day comes, everybody is there.
    async fn meets(&self, in_days: u64, question: &str) -> String {
        let (s, n) = (&self.secretary, self.number);
        s.goes_to("/b/tingqiao/meetings").await;
        s.chooses("[name=kind] [value=extraordinary], [name=kind][value=extraordinary]").await;
        s.fills("[name=starts_at]", &format!("{}T09:30", day_in(in_days))).await;
        s.fills("[name=place]", "南座18层党群服务站").await;
        s.sends("/meetings").await;
        let meeting = s.at().await;
        s.presses_there(&format!("//li[contains(., 'TQ-{n}')]//form[contains(@action, '/listing')]//button")).await;
        s.goes_to(&format!("{meeting}/items/1")).await;
        s.fills("[name=question]", question).await;
        s.sends("/items/1").await;
        s.goes_to(&meeting).await;
        s.sends("/notice").await;
        s.goes_to("/clock").await;
        s.presses("button[value=two_days]").await;
        s.goes_to(&meeting).await;
        if s.has("[name=early]").await {
            s.chooses("[name=early]").await;
        }
        s.sends("/session").await;
        self.wall.goes_to(&format!("{meeting}/wall")).await;
        let code = self.wall.asks("return document.querySelector('.wall-room b').textContent").await;
        let code = code.as_str().expect("digits").to_owned();
        for (k, phone) in (1..).zip(&self.phones) {
            phone.goes_to(&format!("{meeting}/presence?code={code}")).await;
            phone.presses("button[value=room]").await;
            phone.waits_for("已签到").await;
            self.wall.waits_for(&format!("到会{k}席")).await;
        }
        s.goes_to(&format!("{meeting}/live")).await;
        s.opens(".roll").await;
        s.presses("button[name=everybody]").await;
        meeting
    }

    async fn asks(&self, meeting: &str, party: &str, words: &str, in_days: u64) {
        let (s, form) = (&self.secretary, "form[action$='/undertakings']");
        s.goes_to(&format!("{meeting}/live?item=1")).await;
        s.opens(&format!("details:has({form})")).await;
        s.picks(&format!("{form} [name=organisation]"), party).await;
        s.fills(&format!("{form} [name=words]"), words).await;
        s.fills(&format!("{form} [name=measure]"), "秘书到场看").await;
        s.fills(&format!("{form} [name=due]"), &day_in(in_days)).await;
        s.sends("/undertakings").await;
    }

    /// Puts a motion that promises five minutes of waiting instead of fourteen, checked after two weeks.
    async fn moves(&self, meeting: &str, [title, words, reasons]: [&str; 3], method: &str) {
        let (s, form) = (&self.secretary, "form[action$='/motions']");
        s.goes_to(&format!("{meeting}/live?item=1")).await;
        s.opens(&format!("details:has({form})")).await;
        for (field, value) in [("title", title), ("words", words), ("reasons", reasons)] {
            s.fills(&format!("{form} [name={field}]"), value).await;
        }
        s.picks(&format!("{form} [name=figure]"), "候梯").await;
        for (field, value) in [("unit", "分钟"), ("before", "13.9"), ("target", "5"), ("check_days", "14")] {
            s.fills(&format!("{form} [name={field}]"), value).await;
        }
        s.sends("/motions").await;
        s.chooses(&format!("form[action$='/opening'] [value={method}]")).await;
        s.sends("/opening").await;
    }

    /// The secretary records by hand who has not voted on a phone, and closes the vote; gives the resolution's address.
    async fn closes(&self, meeting: &str) -> String {
        let s = &self.secretary;
        s.goes_to(&format!("{meeting}/live?item=1")).await;
        s.opens(".hands").await;
        s.ticks_all("input[name^='seat-'][value=yes]").await;
        s.sends("/hands").await;
        s.goes_to(&format!("{meeting}/live?item=1")).await;
        s.sends("/motions/1/closing").await;
        s.sees("通过").await;
        for screen in std::iter::once(&self.wall).chain(&self.phones) {
            screen.waits_for("通过").await;
        }
        s.presses("a[href*='/resolutions/']").await;
        let resolution = s.at().await;
        s.sees("还不成立").await;
        resolution
    }

    async fn ends(&self, meeting: &str, resolution: &str) {
        self.secretary.goes_to(resolution).await;
        self.secretary.sends("/publication").await;
        self.secretary.goes_to(&format!("{meeting}/live")).await;
        let number = meeting.rsplit('/').next().unwrap_or_default();
        self.secretary.sends(&format!("/meetings/{number}/closing")).await;
    }

    /// Two weeks and a weekend later twenty people are timed.
    async fn measures(&self, check: i32, minutes: &str, verdict: &str) {
        let s = &self.secretary;
        for step in ["two_weeks", "two_days"] {
            s.goes_to("/clock").await;
            s.presses(&format!("button[value={step}]")).await;
        }
        s.goes_to(&format!("{}/checks/{check}", self.issue)).await;
        s.fills("[name=after]", minutes).await;
        s.fills("textarea[name=words]", &format!("早高峰计时20人，中位{minutes}分钟。")).await;
        s.sends(&format!("/checks/{check}")).await;
        s.sees(verdict).await;
    }
}

async fn signs(party: &Browser, meeting: &str, k: i32) {
    party.goes_to(&format!("{meeting}/items/1/undertakings/{k}")).await;
    party.chooses("[name=vouch]").await;
    party.chooses("[name=answer][value=sign]").await;
    party.sends(&format!("/undertakings/{k}")).await;
}

async fn completes(party: &Browser, at: &str, words: &str) {
    party.goes_to(&format!("{at}/completion")).await;
    party.fills("textarea[name=evidence]", words).await;
    if party.has("[name=by]").await {
        party.chooses("[name=by]").await;
    }
    party.sends("/completion").await;
}

async fn play(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let worker = Browser::open("worker", Screen::Phone, &server.base).await.expect("a browser");
    worker.goes_to("/q/A1").await;
    worker.chooses("input[name=category][value='lift.queue']").await;
    worker.fills("textarea[name=words]", "早高峰排队排到门外，打卡要迟到了").await;
    worker.sends("/report").await;
    let (receipt, number) = (worker.at().await, worker.number("TQ-").await);
    let issue = format!("/b/tingqiao/issues/{number}");
    the_others_join(&server, number).await;
    worker.goes_to(&issue).await;
    worker.sees(&format!("{PEOPLE}份报事")).await;

    // Everybody has a chair of their own: somebody who works the desk may hold a seat, too.
    let one = |role: &str| server.somebodys(role, "tingqiao")[0].clone();
    let (staff, tenant) = (one("staff"), one("representative"));
    let taken = [staff.clone(), tenant.clone(), one("secretary"), one("convenor")];
    let members: Vec<String> = server.somebodys("member", "tingqiao").into_iter().filter(|l| !taken.contains(l)).collect();
    let staff = arrives(&server, "staff", &staff, Screen::Desk).await;
    let tenant = arrives(&server, "tenant", &tenant, Screen::Phone).await;
    let secretary = arrives(&server, "secretary", &taken[2], Screen::Desk).await;
    let wall = arrives(&server, "wall", &taken[3], Screen::Desk).await;
    let phones = [arrives(&server, "first", &members[1], Screen::Phone).await, arrives(&server, "second", &members[2], Screen::Phone).await];
    let room = Room { number, issue: issue.clone(), secretary, wall, phones };

    staff.goes_to(&format!("{issue}/acceptance")).await;
    staff.fills("textarea[name=answer]", "收到，高峰加派人手。").await;
    staff.sends("/acceptance").await;
    room.secretary.goes_to("/b/tingqiao/council").await;
    room.secretary.opens("details:has(form[action$='/council/items'])").await;
    room.secretary.fills("form[action$='/council/items'] [name=issue]", &format!("TQ-{number}")).await;
    room.secretary.sends("/council/items").await;

    // The first remedy: one tenant comes in three groups. It is kept, and it does not help enough.
    let meeting = room.meets(2, "错峰上班能不能把候梯时间降下来？").await;
    room.asks(&meeting, "禾迅电商", "上班时间错开三批，隔半小时", 12).await;
    room.moves(&meeting, ["错峰上班，分三批到岗", "禾迅分三批上班，每批隔半小时，先试两周。", "早高峰一下子来太多人。"], "show").await;
    let resolution = room.closes(&meeting).await;
    signs(&tenant, &meeting, 1).await;
    room.ends(&meeting, &resolution).await;
    completes(&tenant, &format!("{issue}/tasks/1"), "三批错开，考勤照新的走了。").await;
    completes(&staff, &issue, "三批错开了，请看看好些没有。").await;
    room.measures(1, "11.8", "无效").await;
    worker.goes_to(&issue).await;
    worker.sees("无效").await;

    // It is before the council again by itself, with its history. This time it is voted on the phones.
    let meeting = room.meets(20, "打卡机移到闸机前，行不行？").await;
    room.secretary.goes_to(&format!("{meeting}/items/1")).await;
    room.secretary.sees("错峰上班，分三批到岗").await;
    room.asks(&meeting, "安澜物业", "闸机前腾出地方、拉好电源", 40).await;
    room.asks(&meeting, "禾迅电商", "15台打卡机移到闸机之前", 40).await;
    room.moves(&meeting, ["打卡机前移", "上班打卡机移到闸机之前，先打卡后候梯。", "错峰没有见效。"], "named").await;
    for phone in &room.phones {
        phone.goes_to(&format!("{meeting}/seat")).await;
    }
    for (k, phone) in (1..).zip(&room.phones) {
        phone.waits_for("赞成").await;
        phone.presses_in_place(".ballot label.y").await;
        phone.presses("button.cast").await;
        room.wall.waits_for(&format!("已投{k}席")).await;
    }
    let resolution = room.closes(&meeting).await;
    for (party, k) in [(&staff, 1), (&tenant, 2)] {
        signs(party, &meeting, k).await;
    }
    room.ends(&meeting, &resolution).await;
    completes(&staff, &format!("{issue}/tasks/2"), "地方腾好，电源拉好了。").await;
    completes(&tenant, &format!("{issue}/tasks/3"), "15台都移到闸机前了。").await;
    completes(&staff, &issue, "打卡机都在闸机前了，请再排一次看看。").await;
    worker.goes_to(&receipt).await;
    worker.presses("form[action$='/answer'] [value=yes]").await;
    room.measures(2, "4.6", "有效").await;
    room.secretary.goes_to(&format!("{issue}/confirmation")).await;
    room.secretary.sends("/confirmation").await;
    worker.goes_to(&issue).await;
    worker.sees("议事会确认").await;
    worker.sees("打卡机前移").await;

    let Room { secretary, wall, phones: [first, second], .. } = room;
    for browser in [worker, staff, tenant, secretary, wall, first, second] {
        browser.leaves().await;
    }
}

#[test]
fn the_lift_case_from_498_reports_on_sqlite() {
    wait_for(play(None));
}

#[test]
fn the_lift_case_from_498_reports_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        play(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
