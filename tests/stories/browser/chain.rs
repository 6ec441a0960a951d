//! The chain, once, as people walk it: from a poster in a lift lobby to a published resolution and a confirmed result.

use super::driver::Screen;
use super::{Browser, Server};
use crate::photos::{halves, with_exif, written};
use crate::support::{postgres, wait_for};

/// Emoji and a sign beyond the basic plane, as phones send them.
const WORDS: &str = "三号梯晃得厉害😰，𠮷先生说像坐船";

/// A photograph as a phone makes it: turned by EXIF, with the place where it was taken.
fn photo(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("IMG_20261126_0931.jpg");
    std::fs::write(&path, with_exif(&written(halves(1600, 1200), image::ImageFormat::Jpeg), 6)).expect("a file");
    path
}

/// So many days from today, as a date field wants it.
fn day_in(days: u64) -> String {
    let today = louyi::kernel::dates::local(louyi::kernel::clock::Clock::running().now()).date();
    today.checked_add_days(chrono::Days::new(days)).expect("a day").to_string()
}

async fn signed_in(server: &Server, name: &'static str, role: &str, screen: Screen) -> Browser {
    arrives(server, name, &server.somebodys(role, "tingqiao")[0], screen).await
}

/// Somebody opens their one-time link and presses the one button behind it.
async fn arrives(server: &Server, name: &'static str, link: &str, screen: Screen) -> Browser {
    let browser = Browser::open(name, screen, &server.base).await.expect("a browser");
    browser.goes_to(link).await;
    browser.presses("main form button").await;
    assert_eq!(browser.at().await, "/desk", "{name} arrives at the desk");
    browser
}

async fn walk(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let Some(worker) = Browser::open("worker", Screen::Phone, &server.base).await else { return };
    let folder = tempfile::tempdir().expect("a folder");

    // In the lift lobby: the poster, one sentence, a photograph, nobody may know.
    worker.goes_to("/q/A1").await;
    assert_eq!(worker.at().await, "/b/tingqiao/report");
    worker.sees("东电梯厅").await;
    worker.chooses("input[name=category][value='lift.comfort']").await;
    worker.fills("textarea[name=words]", WORDS).await;
    worker.attaches("input[type=file][name=photos]", &photo(folder.path())).await;
    worker.sends("/report").await;
    let receipt = worker.at().await;
    assert!(receipt.starts_with("/r/"), "the receipt, not {receipt}");
    worker.sees(WORDS).await;
    let number = worker.number("TQ-").await;
    let issue = format!("/b/tingqiao/issues/{number}");

    // Until somebody releases them, the words are the reporter's and of those who work on it.
    let neighbour = Browser::open("neighbour", Screen::Phone, &server.base).await.expect("a browser");
    neighbour.goes_to(&issue).await;
    neighbour.does_not_see("像坐船").await;
    neighbour.sends("/me-too").await;
    assert!(neighbour.at().await.starts_with("/r/"));

    // At the property manager's desk.
    let staff = signed_in(&server, "staff", "staff", Screen::Desk).await;
    staff.goes_to(&format!("{issue}/work")).await;
    staff.sees(WORDS).await;
    staff.goes_to(&format!("{issue}/acceptance")).await;
    staff.fills("textarea[name=answer]", "收到，下午请维保来看三号梯。").await;
    staff.sends("/acceptance").await;
    worker.goes_to(&receipt).await;
    worker.sees("下午请维保来看三号梯").await;
    staff.goes_to(&format!("{issue}/nomination")).await;
    staff.sends("/nomination").await;

    // The editors sign in today: a one-time link does not outlive the weeks that this story takes.
    let editor = arrives(&server, "editor", &server.somebodys("editor", "tingqiao")[0], Screen::Desk).await;
    let reader = arrives(&server, "second-editor", &server.somebodys("editor", "tingqiao")[1], Screen::Desk).await;

    // The secretary calls a meeting; its notice goes out a day ahead, and the day comes.
    let secretary = signed_in(&server, "secretary", "secretary", Screen::Desk).await;
    secretary.goes_to("/b/tingqiao/meetings").await;
    secretary.chooses("[name=kind] [value=extraordinary], [name=kind][value=extraordinary]").await;
    let day = day_in(2);
    secretary.fills("[name=starts_at]", &format!("{day}T14:00")).await;
    secretary.fills("[name=place]", "南座18层党群服务站").await;
    secretary.sends("/meetings").await;
    let meeting = secretary.at().await;
    secretary.presses_there(&format!("//li[contains(., 'TQ-{number}')]//form[contains(@action, '/listing')]//button")).await;
    secretary.goes_to(&format!("{meeting}/items/1")).await;
    secretary.fills("[name=question]", "三号梯要不要停下来彻底检修？").await;
    secretary.sends("/items/1").await;
    secretary.goes_to(&meeting).await;
    secretary.sends("/notice").await;
    secretary.goes_to("/clock").await;
    secretary.presses("button[value=two_days]").await;

    // In the room: thirteen seats are called; the parties are asked to sign; the motion is put and voted on by hand.
    let live = format!("{meeting}/live");
    secretary.goes_to(&meeting).await;
    // At any hour at which the story is told: it may be well before two o'clock.
    if secretary.has("[name=early]").await {
        secretary.chooses("[name=early]").await;
    }
    secretary.sends("/session").await;
    secretary.goes_to(&live).await;
    secretary.opens(".roll").await;
    secretary.presses("button[name=everybody]").await;
    for (party, words, measure) in
        [("安澜物业", "三号梯停一周，请厂家彻底检修", "厂家检修报告"), ("禾迅电商", "这一周员工改走北座电梯", "秘书到场看")]
    {
        secretary.goes_to(&format!("{live}?item=1")).await;
        secretary.opens("details:has(form[action$='/undertakings'])").await;
        secretary.picks("form[action$='/undertakings'] [name=organisation]", party).await;
        secretary.fills("form[action$='/undertakings'] [name=words]", words).await;
        secretary.fills("form[action$='/undertakings'] [name=measure]", measure).await;
        secretary.fills("form[action$='/undertakings'] [name=due]", &day_in(12)).await;
        secretary.sends("/undertakings").await;
    }
    secretary.goes_to(&format!("{live}?item=1")).await;
    secretary.opens("details:has(form[action$='/motions'])").await;
    secretary.fills("form[action$='/motions'] [name=title]", "三号梯停梯检修一周").await;
    secretary.fills("form[action$='/motions'] [name=words]", "三号梯停梯一周，由厂家彻底检修；其间分流到北座。").await;
    secretary.fills("form[action$='/motions'] [name=reasons]", "晃动已有多人报事，带病运行不安全。").await;
    secretary.picks("form[action$='/motions'] [name=figure]", "候梯").await;
    secretary.fills("form[action$='/motions'] [name=unit]", "分钟").await;
    secretary.fills("form[action$='/motions'] [name=before]", "9.5").await;
    secretary.fills("form[action$='/motions'] [name=target]", "5").await;
    secretary.fills("form[action$='/motions'] [name=check_days]", "14").await;
    secretary.sends("/motions").await;
    secretary.chooses("form[action$='/opening'] [value=show]").await;
    secretary.sends("/opening").await;
    secretary.opens(".hands").await;
    secretary.ticks_all("input[name^='seat-'][value=yes]").await;
    secretary.sends("/hands").await;
    secretary.goes_to(&format!("{live}?item=1")).await;
    secretary.sends("/motions/1/closing").await;
    secretary.sees("通过").await;
    secretary.presses("a[href*='/resolutions/']").await;
    let resolution = secretary.at().await;
    secretary.sees("还不成立").await;

    // A council cannot order a tenant: each party signs its own undertaking, and each undertaking is a task.
    let tenant = signed_in(&server, "tenant", "representative", Screen::Phone).await;
    for (party, k) in [(&staff, 1), (&tenant, 2)] {
        party.goes_to(&format!("{meeting}/items/1/undertakings/{k}")).await;
        party.chooses("[name=vouch]").await;
        party.chooses("[name=answer][value=sign]").await;
        party.sends(&format!("/undertakings/{k}")).await;
    }
    secretary.goes_to(&resolution).await;
    secretary.sends("/publication").await;
    neighbour.goes_to(&resolution).await;
    neighbour.sees("由厂家彻底检修").await;

    // The work, its evidence, and the question to those who reported.
    for (party, k, words) in [(&staff, 1, "厂家检修完毕，导轨换新，报告在前台。"), (&tenant, 2, "一周内员工都走了北座电梯。")]
    {
        party.goes_to(&format!("{issue}/tasks/{k}/completion")).await;
        party.fills("textarea[name=evidence]", words).await;
        party.sends("/completion").await;
    }
    staff.goes_to(&format!("{issue}/completion")).await;
    staff.fills("textarea[name=evidence]", "三号梯检修好了，请再坐一次看看。").await;
    staff.chooses("[name=by]").await;
    staff.sends("/completion").await;
    worker.goes_to(&receipt).await;
    worker.sees("三号梯检修好了").await;
    worker.presses("form[action$='/answer'] [value=yes]").await;

    // Done is not yet effective: two weeks later the council measures, and confirms.
    secretary.goes_to("/clock").await;
    secretary.presses("button[value=two_weeks]").await;
    secretary.goes_to(&format!("{issue}/checks/1")).await;
    secretary.fills("[name=after]", "4.6").await;
    secretary.fills("textarea[name=words]", "早高峰计时20人，中位4.6分钟。").await;
    secretary.sends("/checks/1").await;
    secretary.sees("有效").await;
    secretary.goes_to(&format!("{issue}/confirmation")).await;
    secretary.sends("/confirmation").await;
    neighbour.goes_to(&issue).await;
    neighbour.sees("议事会确认").await;

    // The bulletin: one writes, another reads, and it is out, and in the ledger.
    editor.goes_to("/b/tingqiao/bulletin").await;
    editor.sends("/bulletin").await;
    let edit = editor.at().await;
    let edition = edit.trim_end_matches("/edit").to_owned();
    editor.goes_to(&format!("{edition}/stories/new")).await;
    editor.chooses("[name=kind][value=lead]").await;
    editor.fills("[name=headline]", "三号梯不晃了，候梯也短了").await;
    editor.fills("[name=words]", "两位同事说三号梯晃。议事会请物业和禾迅各做一件事，**两周后一量**，候梯4.6分钟。").await;
    editor.fills("[name=issue]", &number.to_string()).await;
    editor.sends("/stories/new").await;
    reader.goes_to(&edit).await;
    reader.sends("/check").await;
    reader.sends("/publication").await;
    neighbour.goes_to(&edition).await;
    neighbour.sees("三号梯不晃了").await;
    neighbour.presses("a[href^='/ledger/entries/']").await;
    neighbour.sees("一字未改").await;

    for browser in [worker, neighbour, staff, secretary, tenant, editor, reader] {
        browser.leaves().await;
    }
}

#[test]
fn from_poster_to_published_resolution_on_sqlite() {
    wait_for(walk(None));
}

#[test]
fn from_poster_to_published_resolution_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        walk(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
