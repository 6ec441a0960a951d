//! It stops in good order: what is under way is finished, and nobody waits for long.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::support::binary::Louyi;

#[test]
fn an_idle_server_stops_at_once() {
    let mut quickest = Duration::MAX;
    for signal in ["TERM", "INT", "TERM"] {
        let f = tempfile::tempdir().expect("a folder");
        let server = Louyi::at(f.path()).serves();
        // A browser that keeps its connections, and one that has not said anything yet.
        let mut kept = server.connection();
        kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asks");
        let mut line = String::new();
        BufReader::new(&kept).read_line(&mut line).expect("answers");
        assert!(line.contains("200"), "{line}");
        let _silent = server.connection();
        server.signal(signal);
        let (took, said) = server.ends();
        assert_eq!(said.code, Some(0), "{}", said.err);
        // Waiting for nothing in particular would take the server's whole grace of two seconds.
        assert!(took <= Duration::from_millis(1500), "SIG{signal}: {took:?}");
        quickest = quickest.min(took);
    }
    assert!(quickest <= Duration::from_millis(500), "{quickest:?}");
}

#[test]
fn a_request_under_way_is_answered_first() {
    let f = tempfile::tempdir().expect("a folder");
    let server = Louyi::at(f.path()).serves();
    let mut slow = server.connection();
    let body = "code=7K3M-2QXW-C";
    write!(slow, "POST /r HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n", body.len())
        .expect("begins");
    slow.write_all(&body.as_bytes()[..5]).expect("half of it");
    std::thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(500));
    slow.write_all(&body.as_bytes()[5..]).expect("the other half");
    let mut answer = String::new();
    let _ = slow.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 "), "it was answered: {answer:?}");
    let (_, said) = server.ends();
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn nobody_can_hold_it_for_long() {
    let f = tempfile::tempdir().expect("a folder");
    let server = Louyi::at(f.path()).serves();
    let mut endless = server.connection();
    write!(endless, "POST /r HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ncode=")
        .expect("begins, and never ends");
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    server.signal("TERM");
    let (_, said) = server.ends();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn it_logs_one_json_line_per_request() {
    let f = tempfile::tempdir().expect("a folder");
    let server = Louyi::at(f.path()).serves();
    server.get("/r/abcdefghijklmnopqrstuv");
    server.signal("TERM");
    let (_, said) = server.ends();
    let lines: Vec<serde_json::Value> = said.err.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect();
    let asked: Vec<_> = lines.iter().filter(|l| l["target"] == "louyi::access" && l["route"] != "/readyz").collect();
    assert_eq!(asked.len(), 1, "{}", said.err);
    assert!(asked[0]["request"].as_str().is_some_and(|id| id.len() >= 8) && asked[0]["ms"].is_u64() && asked[0]["status"].is_u64());
    assert!(!said.err.contains("abcdefghijklmnopqrstuv"), "a receipt is in the log");
    assert!(said.err.lines().all(|l| !l.contains("rocket::")), "{}", said.err);
    // Only the way in of an empty house, which is in no log.
    assert!(said.out.contains("/first/") && !said.err.contains("/first/"), "{}", said.out);
}
