//! Half a minute in a lift lobby: filing from a poster in WeChat's browser, in English, with the network cut in between; and
//! what a screen reader is told. And the same where no script of ours arrives.

use super::driver::Screen;
use super::line::Line;
use super::{Browser, Server};
use crate::photos::{halves, written};
use crate::support::{postgres, wait_for};

/// What has a name for those who do not see it, and what has not.
const NAMELESS: &str = "return [...document.querySelectorAll('main input:not([type=hidden]), main textarea, main select, main button')]\
    .filter(e => !e.closest('[hidden]') && e.tabIndex >= 0)\
    .filter(e => !(e.labels && e.labels.length && e.labels[0].textContent.trim()) && !e.getAttribute('aria-label') && !e.textContent.trim())\
    .map(e => e.outerHTML);";

fn photo(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("IMG_1.jpg");
    std::fs::write(&path, written(halves(1600, 1200), image::ImageFormat::Jpeg)).expect("a file");
    path
}

async fn files(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let folder = tempfile::tempdir().expect("a folder");
    let photo = photo(folder.path());

    // The shortest way: the field, and the button.
    let phone = Browser::open("wechat", Screen::Phone, &server.base).await.expect("a browser");
    phone.goes_to("/q/A2").await;
    let bottom = phone.asks("return document.querySelector('form[data-report] .btn.big').getBoundingClientRect().bottom").await;
    assert!(bottom.as_f64().is_some_and(|b| b <= 800.0), "the whole form is on one screen, its button ends at {bottom}");
    assert_eq!(phone.asks(NAMELESS).await, serde_json::json!([]), "everything has a name");
    phone.fills("#words", "有人在楼梯间抽烟，烟味进办公室").await;
    phone.waits_for("室内吸烟").await;
    phone.sends("/report").await;
    assert!(phone.at().await.starts_with("/r/"));
    phone.sees("室内吸烟").await;

    // With a photo, which travels ahead; and a matter that is known: one tap, and what was written goes along.
    phone.goes_to("/q/A2").await;
    phone.fills("#words", "楼梯间抽烟，烟头都在窗台上").await;
    phone.attaches("#album", &photo).await;
    phone.waits_for("存好了").await;
    phone.waits_for("像是同一件事").await;
    phone.presses("[data-same] button").await;
    assert!(phone.at().await.starts_with("/r/"));
    phone.sees("烟头都在窗台上").await;
    assert!(phone.has("figure img[src*='/photos/1']").await, "the photo came along");
    phone.goes_to("/r").await;
    phone.sees("这部手机报过的").await;

    let english = Browser::open("english", Screen::Phone, &server.base).await.expect("a browser");
    english.goes_to("/q/A1").await;
    english.presses(".spot a[hreflang=en]").await;
    english.sees("Sort it for me").await;
    english.fills("#words", "The office is far too cold, cold air blows on my neck").await;
    english.waits_for("Too cold or too hot").await;
    english.sends("/report").await;
    english.sees("Too cold or too hot").await;

    for browser in [phone, english] {
        browser.leaves().await;
    }
    without_script(&server, &photo).await;
    cut(&server, &photo).await;
}

/// One plain form does it all: place, words, a photo, the receipt, what was added, and "me too".
async fn without_script(server: &Server, photo: &std::path::Path) {
    let line = Line::without_script(server.port()).await;
    let phone = Browser::open("plain", Screen::Phone, &line.base).await.expect("a browser");
    phone.goes_to("/q/A2").await;
    let script = "return document.querySelector('script[src]') !== null && performance.getEntriesByType('resource').every(e => !e.name.endsWith('.js') || e.responseStatus === 404)";
    assert_eq!(phone.asks(script).await, true, "the page asks for its script, and none arrives");
    phone.fills("#words", "消防门关不上，一直响").await;
    phone.attaches("#album", photo).await;
    assert_eq!(phone.asks("return document.querySelectorAll('form[data-report] figure').length").await, 0, "nothing shows it before it is sent");
    phone.sends("/report").await;
    let receipt = phone.at().await;
    assert!(receipt.starts_with("/r/"), "{receipt}");
    phone.sees("消防门关不上").await;
    assert!(phone.has("figure img[src*='/photos/1']").await, "the photo came along");
    let seen = "const i = document.querySelector(\"figure img[src*='/photos/1']\"); return i.complete && i.naturalWidth > 0";
    assert_eq!(phone.asks(seen).await, true, "and is a picture");
    let label = phone.number("TQ-").await;
    // Somebody else has met it too.
    let other = Browser::open("plain-too", Screen::Phone, &line.base).await.expect("a browser");
    other.goes_to(&format!("/b/tingqiao/issues/{label}/me-too")).await;
    other.sends("/me-too").await;
    let own = other.at().await;
    assert!(own.starts_with("/r/") && own != receipt, "{own}");
    other.goes_to(&format!("/b/tingqiao/issues/{label}")).await;
    other.sees("2份报事").await;
    // And one tap on what stands above the form, with what was written in it.
    other.goes_to("/q/A1").await;
    other.fills("#words", "我也碰到了，没有脚本").await;
    other.presses("[data-known] .known button").await;
    assert!(other.at().await.starts_with("/r/"));
    other.sees("我也碰到了，没有脚本").await;
    for browser in [phone, other] {
        browser.leaves().await;
    }
}

/// The network goes while somebody writes, while they send, and before they even open the page.
async fn cut(server: &Server, photo: &std::path::Path) {
    let line = Line::to(server.port()).await;
    let phone = Browser::open("basement", Screen::Phone, &line.base).await.expect("a browser");
    phone.goes_to("/q/A1").await;
    // The page for later is put aside at the first visit.
    for _ in 0..100 {
        if phone.asks("return Boolean(navigator.serviceWorker.controller)").await == true {
            break;
        }
        rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    phone.goes_to("/q/A1").await;
    phone.fills("#words", "三号梯按钮按了没反应").await;
    line.cut();
    phone.attaches("#album", photo).await;
    phone.waits_for("还没传上去").await;
    line.mend();
    phone.presses_in_place("figure button[data-again]").await;
    phone.waits_for("存好了").await;

    // Cut in the very moment of sending: kept on the phone, offered again, and one report in the end.
    line.cut();
    phone.sends("/report").await;
    phone.waits_for("等着交出去的报事").await;
    phone.goes_to("/q/A2").await;
    phone.waits_for("现在没有网").await;
    phone.fills("#words", "没网时扫的码，空调太冷").await;
    phone.presses_in_place(".btn.big").await;
    phone.waits_for("没网时扫的码").await;
    line.mend();
    phone.goes_to("/b/tingqiao").await;
    phone.waits_for("等着交出去的报事").await;
    let before = phone.asks("return document.querySelectorAll('[data-pending] li').length").await;
    assert_eq!(before, 2, "both wait, and nothing was sent without asking");
    for _ in 0..2 {
        phone.presses("[data-pending] .main").await;
        for _ in 0..100 {
            if phone.at().await.starts_with("/r/") {
                break;
            }
            rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(phone.at().await.starts_with("/r/"));
        phone.goes_to("/b/tingqiao").await;
    }
    phone.goes_to("/r").await;
    for words in ["三号梯按钮按了没反应", "没网时扫的码"] {
        phone.sees(words).await;
    }
    assert_eq!(phone.asks("return document.querySelectorAll('.rows li').length").await, 2, "two reports, each once");
    phone.leaves().await;
}

#[test]
fn a_stranger_files_from_a_poster_on_sqlite() {
    wait_for(files(None));
}

#[test]
fn a_stranger_files_from_a_poster_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        files(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
