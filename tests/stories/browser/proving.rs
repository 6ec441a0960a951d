//! A slip from the printer to a proof, on phones: the token is blinded in the browser, and the vectors of RFC 9474 hold there.

use super::driver::Screen;
use super::{Browser, Server};
use crate::support::{postgres, wait_for};

/// Blinds and uncovers the vector with the very script that the page has loaded; leaves the answer in `window.answer`.
const VECTORS: &str = "const v = JSON.parse(VECTOR); const hex = (s) => Uint8Array.from(s.replace(/^0x/, '').match(/../g), (b) => parseInt(b, 16));\
    const said = (b) => [...b].map((x) => x.toString(16).padStart(2, '0')).join('');\
    const n = BigInt(v.n); let [r, s, x, y] = [n, BigInt(v.inv), 0n, 1n]; while (s) [r, s, x, y] = [s, r % s, y, x - r / s * y];\
    import(document.querySelector('script[src*=proof]').src).then(async (m) => {\
        const made = await m.blind(n, hex(v.msg), { salt: hex(v.salt), factor: (x % n + n) % n });\
        const signature = m.finalized(n, hex(v.blind_sig), made);\
        const altered = hex(v.blind_sig); altered[9] ^= 1;\
        window.answer = [said(made.blinded) === v.blinded_msg, said(signature) === v.sig, m.finalized(n, altered, made) === null];\
    }).catch((e) => { window.answer = String(e); });";

async fn proves(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let employer = Browser::open("employer", Screen::Desk, &server.base).await.expect("a browser");
    employer.goes_to(&server.somebodys("secretary", "tingqiao")[0]).await;
    employer.presses("main form button").await;
    employer.goes_to("/b/tingqiao/slips?of=hexun").await;
    employer.fills("#n", "4").await;
    employer.presses("form[action$='/slips'] button.main").await;
    let codes = employer.asks("return [...document.querySelectorAll('.slip-code')].map((e) => e.textContent)").await;
    let codes: Vec<String> = serde_json::from_value(codes).expect("codes");
    assert_eq!(codes.len(), 4);

    let phone = Browser::open("prover", Screen::Phone, &server.base).await.expect("a browser");
    phone.goes_to(&format!("/slip/{}", codes[2])).await;
    phone.presses("form[action='/slip'] button").await;
    phone.sees("这台手机能证明您在").await;
    assert_eq!(phone.asks("return document.cookie").await, "", "no script reads a cookie of ours");

    // The vectors, with the script as it is served.
    let vector = serde_json::to_string(include_str!("../proofs/rfc9474.json")).expect("text");
    phone.asks(&VECTORS.replace("VECTOR", &vector)).await;
    for _ in 0..100 {
        if phone.asks("return window.answer !== undefined").await == true {
            break;
        }
        rocket::tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(phone.asks("return window.answer").await, serde_json::json!([true, true, true]));

    // From the receipt's page.
    phone.goes_to("/q/A2").await;
    phone.fills("#words", "楼梯间的灯一闪一闪的").await;
    phone.sends("/report").await;
    let receipt = phone.at().await;
    phone.presses("a[data-prove]").await;
    phone.sees("把号码盖住").await;
    phone.presses_in_place("form[data-spend] button").await;
    phone.waits_for("已证明：您在").await;
    assert_eq!(phone.at().await, receipt);
    assert_eq!(phone.asks("return Object.keys(localStorage).filter((k) => k.startsWith('proof:')).length").await, 0, "nothing of the token stays");

    // In one go with the report.
    phone.goes_to("/q/A1").await;
    phone.fills("#words", "闸机口的地砖松了，绊脚").await;
    phone.presses_in_place("[data-prove-with] input").await;
    phone.sends("/report").await;
    phone.waits_for("已证明：您在").await;
    assert!(phone.at().await.starts_with("/r/"));

    // The same matter from another report of the same phone: refused by name, and said on the page.
    let other = Browser::open("colleague", Screen::Phone, &server.base).await.expect("a browser");
    other.goes_to("/q/A2").await;
    other.fills("#words", "空调太冷，吹得头疼").await;
    other.sends("/report").await;
    other.presses("a[data-prove]").await;
    other.presses_in_place("form[data-spend] button").await;
    other.waits_for("这台手机上没有凭条").await;

    // The lift case shows what its reporters have proven.
    other.goes_to("/b/tingqiao/issues/214").await;
    other.sees("家单位的在职员工（已证明）").await;
    for browser in [employer, phone, other] {
        browser.leaves().await;
    }
}

#[test]
fn somebody_proves_where_they_work_on_sqlite() {
    wait_for(proves(None));
}

#[test]
fn somebody_proves_where_they_work_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        proves(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
