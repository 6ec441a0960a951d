//! A fitter between floors: the round opens without a network, what is done there waits on the phone, and is sent once when there is
//! one again.

use super::driver::Screen;
use super::line::Line;
use super::{Browser, Server};
use crate::support::{postgres, wait_for};

const STOPS: &str = "return document.querySelectorAll('.stops > li').length";

async fn walks(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let line = Line::to(server.port()).await;
    let phone = Browser::open("round", Screen::Phone, &line.base).await.expect("a browser");
    let link = server.somebodys("staff", "tingqiao").remove(0);
    let path = link.strip_prefix(&server.base).expect("a link of this house").to_owned();
    phone.goes_to(&path).await;
    phone.presses("main form button").await;
    phone.goes_to("/desk/round").await;
    phone.sees("一层一层走").await;
    // Taken on and begun while there is a network, until one can be said to be done.
    for _ in 0..6 {
        if phone.has("form[action$='/completion']").await {
            break;
        }
        phone.presses("form[data-act] button").await;
    }
    let before = phone.asks(STOPS).await.as_i64().expect("a number");
    assert!(before > 0 && phone.has("form[action$='/completion']").await, "{}", phone.reads().await);
    let kept = "return caches.open('louyi-round').then(c => c.match('/desk/round')).then(Boolean)";
    for _ in 0..100 {
        if phone.asks("return Boolean(navigator.serviceWorker.controller)").await == true && phone.asks(kept).await == true {
            break;
        }
        rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    // Two steps are to be ticked before that one is done.
    let to = phone.asks("return document.querySelector(\"form[action$='/completion']\").getAttribute('action')").await;
    let task = to.as_str().expect("an address").trim_end_matches("/completion").to_owned();
    for step in ["先断电", "试运行"] {
        phone.goes_to(&task).await;
        phone.fills("form[action$='/steps'] input[name=step]", step).await;
        phone.presses("form[action$='/steps'] button").await;
    }
    phone.goes_to("/desk/round").await;
    phone.sees("没有信号也打得开").await;
    line.cut();
    phone.goes_to("/desk/round").await;
    phone.waits_for("没有信号，这是").await;
    let finish = format!("details:has(form[action='{task}/completion'])");
    assert_eq!(phone.asks(&format!("return document.querySelector(\"{finish}\").hidden")).await, true, "steps are open");
    for step in 1..=2 {
        phone.presses_in_place(&format!("form[action='{task}/steps/{step}/tick'] button")).await;
        phone.waits_for("存在手机上了").await;
    }
    for _ in 0..50 {
        if phone.asks(&format!("return document.querySelector(\"{finish}\").hidden")).await == false {
            break;
        }
        rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    phone.presses_in_place(&format!("{finish} summary")).await;
    phone.fills(&format!("form[action='{task}/completion'] textarea"), "地下室里换好了，没有信号").await;
    phone.presses_in_place(&format!("form[action='{task}/completion'] button")).await;
    phone.waits_for("存在手机上了").await;
    // Closed and opened again in the basement it is still there.
    phone.goes_to("/desk/round").await;
    phone.waits_for("等着发的").await;
    line.mend();
    phone.goes_to("/desk/round").await;
    for _ in 0..100 {
        if phone.asks(STOPS).await.as_i64() == Some(before - 1) {
            break;
        }
        rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(phone.asks(STOPS).await.as_i64(), Some(before - 1), "{}", phone.reads().await);
    phone.goes_to(&task).await;
    phone.sees("地下室里换好了，没有信号").await;
    phone.sees("步骤 2/2").await;
    // Whoever signs out leaves no round on the phone.
    phone.asks("return fetch('/sign-out', { method: 'POST' }).then(() => 1)").await;
    for _ in 0..50 {
        if phone.asks(kept).await == false {
            break;
        }
        rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(phone.asks(kept).await, false);
    phone.leaves().await;
    // Where there is no https, no page is kept, and it says so.
    let plain = Browser::open("plain", Screen::Phone, &line.base.replace("127.0.0.1", "plain.test")).await.expect("a browser");
    plain.goes_to(server.somebodys("staff", "tingqiao").remove(1).strip_prefix(&server.base).expect("a link of this house")).await;
    plain.presses("main form button").await;
    plain.goes_to("/desk/round").await;
    plain.sees("网址要是 https 开头的").await;
    plain.leaves().await;
}

#[test]
fn a_round_without_a_network_on_sqlite() {
    wait_for(walks(None));
}

#[test]
fn a_round_without_a_network_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        walks(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
