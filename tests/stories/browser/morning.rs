//! A morning at the desk: somebody on the property staff clears what waits, on a phone, with few taps; a manager reads from one page
//! whether it gets better, and where not.

use std::time::Duration;

use rocket::tokio;

use super::driver::Screen;
use super::{Browser, Server};
use crate::support::{postgres, wait_for};

/// What the queue offers to do, line by line: the words of the act, and where it leads.
const ACTS: &str = "return [...document.querySelectorAll('.queue .q-a a')].map(a => [a.textContent.trim(), a.getAttribute('href')])";

/// What somebody presses on a phone, counted; words that are typed are not taps.
struct Thumb<'b> {
    phone: &'b Browser,
    taps: usize,
    texts: usize,
}

impl Thumb<'_> {
    async fn acts(&self) -> Vec<(String, String)> {
        let all = self.phone.asks(ACTS).await;
        let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
        all.as_array().expect("rows").iter().map(|r| (text(&r[0]), text(&r[1]))).collect()
    }

    async fn taps(&mut self, css: &str) {
        self.taps += 1;
        self.phone.presses(css).await;
    }

    async fn types(&mut self, css: &str, words: &str) {
        self.texts += 1;
        self.phone.fills(css, words).await;
    }

    /// Picks every line whose act is this: a group as a whole where several lines of it are, a line by its box.
    async fn picks(&mut self, act: &str) -> usize {
        let script = format!(
            "let taps = 0; for (const group of document.querySelectorAll('.queue tbody')) {{
               const rows = [...group.querySelectorAll('tr')].filter(r => r.querySelector('.q-a a')?.textContent.trim() === '{act}' && r.querySelector('input[name=pick]'));
               if (rows.length > 1 && group.querySelector('[data-all]')) {{ group.querySelector('[data-all]').click(); taps++; }}
               else for (const r of rows) {{ r.querySelector('input[name=pick]').click(); taps++; }}
             }} return taps;"
        );
        let taps = self.phone.asks(&script).await.as_u64().expect("a number") as usize;
        self.taps += taps;
        taps
    }

    /// The first line with this act is opened.
    async fn opens(&mut self, act: &str) -> bool {
        let Some((_, href)) = self.acts().await.into_iter().find(|(word, _)| word == act) else { return false };
        self.taps(&format!(".queue .q-a a[href='{href}']")).await;
        true
    }

    async fn back(&self) {
        // Its own page leads back to the desk after most acts; where it doesn't, the list stands in the bar above.
        if self.phone.at().await != "/desk" {
            self.phone.goes_to("/desk").await;
        }
    }
}

async fn clears(server: &Server, phone: &Browser) {
    let link = server.somebodys("staff", "tingqiao").remove(0);
    phone.goes_to(&link).await;
    phone.presses("main form button").await;
    phone.goes_to("/desk").await;
    let mut thumb = Thumb { phone, taps: 0, texts: 0 };
    let before = thumb.acts().await;
    assert!(before.len() >= 12, "a morning's queue: {before:?}");
    // What the counts promise is what stands there.
    let counted = phone.asks("return [...document.querySelectorAll('.q-group .n')].reduce((n, e) => n + Number(e.textContent), 0)").await;
    assert_eq!(counted.as_u64(), Some(before.len() as u64), "counts agree with the list");

    // Several at once: taken on with a first word, then those that only wait for a word.
    for (act, verb, words) in [("受理", "accept", "收到了，今天就去看。"), ("先回话", "answer", "我们看到了，正在安排，今天下班前再说一次。")]
    {
        assert!(thumb.picks(act).await > 0, "{act}: {before:?}");
        thumb.taps(&format!(".q-bar [value={verb}]")).await;
        thumb.types("textarea[name=answer]", words).await;
        thumb.taps(".batch-form button.main").await;
        thumb.back().await;
        let left = thumb.acts().await;
        assert!(left.iter().all(|(word, _)| word != act), "{act}: {left:?}");
    }
    // One after the other, by the button of its line. What was taken on just now is still to be given out: it came after the morning.
    let fresh: Vec<String> = before.iter().filter(|(word, _)| word == "派单").map(|(_, href)| href.clone()).collect();
    for href in fresh {
        thumb.taps(&format!(".queue .q-a a[href='{href}']")).await;
        thumb.types("textarea[name=words]", "去看一眼，能修的当场修好").await;
        thumb.taps("main form[action$='/tasks'] button.main").await;
        thumb.back().await;
    }
    while thumb.opens("这张单办完了").await {
        thumb.types("textarea[name=evidence]", "办完了，走了一遍，没有问题。").await;
        thumb.taps("form[action$='/completion'] button.main").await;
        thumb.back().await;
    }
    while thumb.opens("整件事办好了").await {
        if phone.asks("return document.querySelector('textarea[name=evidence]').value").await == "" {
            thumb.types("textarea[name=evidence]", "办好了，照片在单上。").await;
        }
        thumb.taps("form[action$='/completion'] button.main").await;
        thumb.back().await;
    }
    while thumb.opens("核实").await {
        thumb.taps("form[action$='/verification'] button.main").await;
        thumb.back().await;
    }
    while thumb.opens("同意或不同意").await {
        thumb.taps += 1;
        phone.chooses("input[name=ruling][value=granted]").await;
        thumb.types("textarea[name=answer]", "同意，配件到了当天就装。").await;
        thumb.taps("form[action$='/ruling'] button.main").await;
        thumb.back().await;
    }
    // What is left of the morning waits for somebody else, is a meeting to come, or came of what was done just now.
    let left = thumb.acts().await;
    let own = ["受理", "先回话", "这张单办完了", "整件事办好了", "核实", "同意或不同意"];
    let open: Vec<_> = left.iter().filter(|(word, _)| own.contains(&word.as_str())).collect();
    assert!(open.is_empty(), "{open:?}");
    eprintln!("a queue of {}: {} taps, {} texts; left: {}", before.len(), thumb.taps, thumb.texts, left.len());
    assert!(thumb.taps <= 40, "{} taps for {} lines", thumb.taps, before.len());
}

async fn reads_the_figures(server: &Server, desk: &Browser) {
    let link = server.somebodys("staff", "tingqiao").remove(1);
    desk.goes_to(&link).await;
    desk.presses("main form button").await;
    desk.goes_to("/desk/figures?b=tingqiao").await;
    for words in ["按时回了话", "报事人说好了", "这四个数不能加", "响应率", "解决率", "满意率", "90天"] {
        desk.sees(words).await;
    }
    // Are we getting better, and where not: every number leads to its matters, and there are as many.
    let numbers = desk.asks("return [...document.querySelectorAll('.four-n .big a')].map(a => [a.textContent, a.getAttribute('href')])").await;
    let numbers = numbers.as_array().expect("numbers").clone();
    assert!(numbers.len() >= 6, "{numbers:?}");
    for n in &numbers {
        desk.goes_to(n[1].as_str().expect("an address")).await;
        let lines = desk.asks("return document.querySelectorAll('main table tbody tr').length").await;
        assert_eq!(lines.to_string(), n[0].as_str().expect("a number"), "{n:?}: {}", desk.reads().await);
    }
    // No line of it is about one worker.
    desk.goes_to("/desk/figures?b=tingqiao").await;
    for person in server.demo["people"].as_array().expect("people") {
        if person["roles"].as_array().is_some_and(|r| r.iter().any(|r| r["role"] == "staff")) {
            let name = person["name"].as_str().expect("a name");
            let main = desk.asks("return document.querySelector('main').textContent").await;
            assert!(!main.as_str().expect("text").contains(name), "{name} is ranked");
        }
    }
}

/// Two desks are open: what one does, the other sees without being touched, and what was typed there stays.
async fn follows(server: &Server, desk: &Browser) {
    desk.goes_to("/desk").await;
    desk.opens(".q-narrow").await;
    desk.fills("#q", "写了一半").await;
    let count = "return document.querySelectorAll('.queue .q-a a').length";
    let before = desk.asks(count).await;
    let visitor = Browser::open("visitor", Screen::Phone, &server.base).await.expect("a browser");
    visitor.goes_to("/q/A2").await;
    visitor.fills("#words", "走廊的灯全灭了，走路看不清").await;
    visitor.sends("/report").await;
    assert!(visitor.at().await.starts_with("/r/"));
    visitor.leaves().await;
    for _ in 0..100 {
        if desk.asks(count).await != before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_ne!(desk.asks(count).await, before, "the open desk looks again by itself");
    assert_eq!(desk.asks("return document.querySelector('#q').value").await, "写了一半");
}

async fn walks(database: Option<&str>) {
    if !super::driver::there() {
        return;
    }
    let server = Server::start(database).await;
    let desk = Browser::open("manager", Screen::Desk, &server.base).await.expect("a browser");
    reads_the_figures(&server, &desk).await;
    let phone = Browser::open("staff", Screen::Phone, &server.base).await.expect("a browser");
    clears(&server, &phone).await;
    follows(&server, &desk).await;
    phone.leaves().await;
    desk.leaves().await;
}

#[test]
fn a_morning_at_the_desk_on_sqlite() {
    wait_for(walks(None));
}

#[test]
fn a_morning_at_the_desk_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    wait_for(async {
        let url = cluster.empty().await;
        walks(Some(&url)).await;
        cluster.drop(&url).await;
    });
}
