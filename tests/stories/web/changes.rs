//! A desk that stands open is told that something happened, whoever did it and in whichever process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use crate::support::binary::Louyi;
use crate::support::on_both;

/// Opens the stream of changes; gives its lines.
fn listens(mut line: TcpStream, session: &str) -> BufReader<TcpStream> {
    let request = format!("GET /desk/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCookie: __Host-sid={session}\r\n\r\n");
    line.write_all(request.as_bytes()).expect("it is sent");
    BufReader::new(line)
}

/// Reads on to a line that begins like this; none where nothing comes for ten seconds.
fn hears(lines: &mut BufReader<TcpStream>, start: &str) -> bool {
    let mut line = String::new();
    loop {
        line.clear();
        match lines.read_line(&mut line) {
            Ok(n) if n > 0 && line.starts_with(start) => return true,
            Ok(n) if n > 0 => {}
            _ => return false,
        }
    }
}

on_both! {
    async fn a_desk_that_stands_open_hears_that_something_happened(town: Town) {
        let told = town.reports("灯不亮").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let elsewhere = site.signed_in(&town.staff_elsewhere).await;
        let server = Louyi::of(&town).serves();
        let mut desk = listens(server.connection(), staff.token().unwrap());
        let mut other = listens(server.connection(), elsewhere.token().unwrap());
        assert!(hears(&mut desk, "retry:") && hears(&mut other, "retry:"));
        // The first look only finds out where the journal ends.
        std::thread::sleep(std::time::Duration::from_millis(2500));
        // Done by this process, not by the one that serves.
        town.colleague.accepts(told.matter, "").await.unwrap();
        assert!(hears(&mut desk, "event:changed"));
        assert!(!hears(&mut other, "event:changed"), "what happens in another building is not theirs");
        let mut nobody = listens(server.connection(), "no-such-session");
        assert!(!hears(&mut nobody, "event:"), "who is not signed in hears nothing");
        let plain = server.get("/desk/changes");
        assert!(plain.starts_with("HTTP/1.1 303"), "{plain}");
        server.signal("TERM");
        let (took, _) = server.ends();
        assert!(took.as_secs() < 5, "open streams do not hold it up: {took:?}");
    }
}
