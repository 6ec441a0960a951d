//! An open session on its screens at once: the secretary's desk, the projector, two members' phones. What one does, the others show
//! by themselves.

use std::time::Instant;

use super::driver::Screen;
use super::{Browser, Server};
use crate::support::{postgres, wait_for};

async fn signed_in(server: &Server, name: &'static str, role: &str, nth: usize, screen: Screen) -> Browser {
    let browser = Browser::open(name, screen, &server.base).await.expect("a browser");
    browser.goes_to(&server.somebodys(role, "tingqiao")[nth]).await;
    browser.presses("main form button").await;
    browser
}

async fn meet(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let secretary = signed_in(&server, "secretary", "secretary", 0, Screen::Desk).await;
    let wall = signed_in(&server, "wall", "convenor", 0, Screen::Desk).await;
    let (first, second) =
        (signed_in(&server, "first", "member", 0, Screen::Phone).await, signed_in(&server, "second", "member", 3, Screen::Phone).await);

    // The meeting to which everybody has been called; it is opened ahead of its hour.
    secretary.goes_to("/b/tingqiao/meetings").await;
    secretary.presses("main .rows a[href*='/meetings/']").await;
    let meeting = secretary.at().await;
    secretary.chooses("[name=early]").await;
    secretary.sends("/session").await;
    wall.goes_to(&format!("{meeting}/wall")).await;
    let code = wall.asks("return document.querySelector('.wall-room b').textContent").await;
    let code = code.as_str().expect("digits").to_owned();

    // Two scan the code; the desk and the projector count them without being touched.
    secretary.goes_to(&format!("{meeting}/live")).await;
    for (member, n) in [(&first, 1), (&second, 2)] {
        member.goes_to(&format!("{meeting}/presence?code={code}")).await;
        member.presses("button[value=room]").await;
        member.waits_for("已签到").await;
        wall.waits_for(&format!("到会{n}席")).await;
    }
    secretary.waits_for("到会 2/13").await;
    secretary.opens(".roll").await;
    secretary.presses("button[name=everybody]").await;

    // One asks for the floor and gets it: everybody sees who speaks.
    first.goes_to(&format!("{meeting}/seat")).await;
    second.goes_to(&format!("{meeting}/seat")).await;
    first.presses("button[value=floor]").await;
    secretary.waits_for("请发言").await;
    secretary.presses(".floor button[value^='give']").await;
    wall.waits_for("正在发言").await;
    first.waits_for("我讲完了").await;

    // What is being typed stays, whatever happens meanwhile.
    secretary.fills("#notes textarea", "一席说：先试两周。").await;
    first.presses("button[value=back]").await;
    secretary.waits_for("没有人等着发言").await;
    assert_eq!(secretary.asks("return document.querySelector('#notes textarea').value").await.as_str(), Some("一席说：先试两周。"));
    secretary.sends("/notes").await;
    secretary.sees("先试两周").await;

    // A motion is put and voted on in secret; the ballots come to the phones by themselves.
    secretary.opens("details.put").await;
    secretary.fills("form[action$='/motions'] [name=words]", "晚上加班要空调的，提前一天说，按层付费。").await;
    secretary.fills("form[action$='/motions'] [name=reasons]", "各家都说了能出的钱。").await;
    secretary.sends("/motions").await;
    secretary.chooses("form[action$='/opening'] [value=secret]").await;
    secretary.sends("/opening").await;
    first.waits_for("您的回执码").await;
    second.waits_for("您的回执码").await;
    first.presses_in_place(".ballot label.y").await;
    let cast = Instant::now();
    first.presses("button.cast").await;
    wall.waits_for("已投1席").await;
    // How soon is no test's affair, only that nobody touched the wall.
    assert!(cast.elapsed().as_secs() < 5, "{:?}", cast.elapsed());
    first.sees("您的票投出去了").await;
    second.presses_in_place(".ballot label.no").await;
    second.presses("button.cast").await;
    wall.waits_for("已投2席").await;

    // Only two of the seats have voted: carried by nobody, and every screen says so.
    secretary.goes_to(&format!("{meeting}/live")).await;
    secretary.presses("form[action$='/motions/1/closing'] button").await;
    wall.waits_for("没有通过").await;
    first.waits_for("没有通过").await;

    for browser in [secretary, wall, first, second] {
        browser.leaves().await;
    }
}

#[test]
fn three_kinds_of_screens_at_once_on_sqlite() {
    wait_for(meet(None));
}

#[test]
fn three_kinds_of_screens_at_once_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        meet(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
