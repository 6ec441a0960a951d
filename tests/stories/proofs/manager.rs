//! The property manager and the council: every page and export of those who work here, before and after somebody proves.

use rocket::http::Method;

use crate::access::table::{Who as May, rows};
use crate::support::{Who, on_both};

/// What a page says, header lines included, without the number of the request and the tokens and keys of its forms.
fn plain(bytes: &[u8]) -> String {
    // Ten characters of which now and then none is a digit: as a word it could be one of ours.
    let text: String =
        String::from_utf8_lossy(bytes).lines().filter(|l| !l.to_ascii_lowercase().starts_with("x-request-id:")).collect::<Vec<_>>().join("\n");
    let opaque = |w: &str| {
        w.len() >= 10 && w.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && (w.len() >= 22 || w.chars().any(|c| c.is_ascii_digit()))
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c) || !c.is_ascii())).filter(|w| !opaque(w)).collect::<Vec<_>>().join(" ")
}

on_both! {
    async fn nobody_who_works_here_sees_which_report_is_proven(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 6).await;
        let site = town.site().await;
        let names = told[0].names(&town).await;
        let readers: [(&str, &Who); 6] = [
            ("staff", &town.staff),
            ("the secretary", &town.secretary),
            ("an editor", &town.editor),
            ("the enterprise", &town.representative),
            ("a member", &town.members[5]),
            ("the administrator", &town.administrator),
        ];
        let mut seen = vec![];
        for pass in 0..2 {
            if pass == 1 {
                for (secret, report) in secrets.iter().zip(&told) {
                    town.proves(secret, report).await.expect("proven");
                }
            }
            for (called, who) in readers {
                let reader = site.signed_in(who).await;
                let pages = rows().filter(|r| r.method == "GET" && !matches!(r.who, May::Receipt | May::Follower) && !r.uri.contains("metrics"));
                for row in pages {
                    let address = names.fill(row.uri);
                    let visit = reader.visits(Method::Get, &address).await;
                    // A page that says why there is none names its request.
                    let words = if visit.status.code == 200 { plain(&visit.bytes) } else { visit.status.to_string() };
                    assert!(!words.contains("已证明：您在"), "{called} at {address}");
                    match pass {
                        0 => seen.push((called, address, words)),
                        _ => {
                            let (_, _, before) = seen.iter().find(|(c, a, _)| *c == called && *a == address).expect("seen before");
                            // Its own sessions are all that changed meanwhile.
                            let other = before.split(' ').zip(words.split(' ')).find(|(a, b)| a != b);
                            assert!(row.uri.starts_with("/me") || *before == words, "{called} sees a proof at {address}: {other:?}");
                        }
                    }
                }
            }
        }
        // The holder of the receipt sees it, and nobody else has that page.
        let own = site.visitor().reads(&format!("/r/{}", told[0].receipt)).await;
        assert!(own.says("已证明：您在向日葵科技上班"), "{}", own.text());
    }
}
