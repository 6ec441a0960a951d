//! What a reader sees where the fault is ours: a designed page in their language, with a number to ask about and not a
//! word of what broke.

use louyi::kernel::db::Db;
use rocket::http::Status;
use sea_orm::ConnectionTrait as _;

use super::reports::reports_kept;
use crate::support::browser::{Chosen, Page, Reader};
use crate::support::{Town, on_both};

/// Somebody else takes a table away while the house is open.
async fn loses(town: &Town, table: &str) {
    let other = Db::open(&town.url).await.expect("a second connection");
    other.upkeep().execute_unprepared(&format!("alter table {table} rename to lost_{table}")).await.expect("it is gone");
    other.close().await.expect("closes");
}

/// That a page is the one for faults of ours, and keeps the fault to itself.
fn is_designed(page: &Page, heading: &str) {
    assert_eq!(page.status, Status::InternalServerError);
    assert!(page.says(heading), "{}", page.text());
    page.shows("class=\"pg-err\"").shows("class=\"mast\"").shows("class=\"foot\"").shows("href=\"#main\"");
    let id = page.header("x-request-id").expect("a number to ask about").to_owned();
    assert!(id.len() == 10 && page.says(&id), "{id}: {}", page.text());
    for inner in ["editions", "sessions", "lost_", "no such table", "relation", "SELECT", "select ", "sqlx", "DbErr", "panicked", ".rs:"] {
        assert!(!page.text().contains(inner), "{inner}: {}", page.text());
    }
    assert_eq!(page.header("cache-control").filter(|c| c.contains("public")), None, "nobody keeps it");
}

async fn meets_the_fault(reader: Reader<'_>, heading: &str, way_on: &str) {
    let page = reader.opens("/b/tingqiao/bulletin").await;
    is_designed(&page, heading);
    page.shows("href=\"/b/tingqiao\"");
    assert!(page.says(way_on), "{}", page.text());
}

on_both! {
    async fn a_fault_of_ours_is_said_in_the_readers_language_and_not_explained(town: Town) {
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        loses(&town, "editions").await;
        meets_the_fault(site.visitor(), "是这边出了错，不是您", "过一会儿再试").await;
        meets_the_fault(site.visitor().in_english(), "The fault is ours, not yours", "Back to the building").await;
        // Who has signed in is still known.
        secretary.opens("/b/tingqiao/bulletin").await.shows("href=\"/me\"");
        // What needs none of it goes on.
        site.visitor().reads("/ledger").await;
        // Who is asking can no longer be looked up: the page stands alone, and is the same.
        loses(&town, "sessions").await;
        is_designed(&secretary.opens("/b/tingqiao").await, "是这边出了错，不是您");
    }

    async fn each_error_page_can_be_looked_at(town: Town) {
        let site = town.site().await;
        let guide = site.visitor().reads("/styleguide").await;
        for status in [401, 403, 404, 409, 410, 413, 415, 422, 429, 500, 503] {
            let path = format!("/styleguide/errors/{status}");
            guide.shows(&format!("href=\"{path}\""));
            for reader in [site.visitor(), site.visitor().in_english()] {
                let page = reader.reads(&path).await;
                page.shows("class=\"pg-err\"").shows(&format!("<span>{status}</span>")).hides("errors.");
            }
        }
        for none in ["/styleguide/errors/200", "/styleguide/errors/x", "/styleguide/errors/70000"] {
            assert_eq!(site.visitor().opens(none).await.status, Status::NotFound, "{none}");
        }
    }

    async fn what_is_too_large_for_any_form_is_answered_with_what_to_do(town: Town) {
        let site = town.site().await;
        // Where the words can still be read they come back in the form; a form of plain fields is refused as a whole.
        for (reader, heading, what_to_do) in [
            (site.visitor(), "太大了，传不上来", "换小一点的，或者不带照片也行"),
            (site.visitor().in_english(), "Too large to send", "Try a smaller one, or send it without"),
        ] {
            for path in ["/b/tingqiao/report", "/sign-in", "/r"] {
                let page = reader.posts(path, &[("words", &"字".repeat(20_000))]).await;
                assert_eq!(page.status, Status::PayloadTooLarge, "{path}");
                page.shows("class=\"pg-err\"");
                assert!(page.says(heading) && page.says(what_to_do), "{path}: {}", page.text());
                assert!(page.says(page.header("x-request-id").expect("a number")), "{path}");
            }
        }
    }

    async fn photos_beyond_the_outermost_limit_bring_the_form_back(town: Town) {
        let site = town.site().await;
        let photo = vec![7; 17 << 20];
        let files: Vec<Chosen<'_>> = (0..4).map(|_| Chosen { field: "photos", name: "a.jpg", bytes: &photo }).collect();
        for (reader, said) in [(site.visitor(), "换张小的照片或不带照片也行"), (site.visitor().in_english(), "use a smaller photo or none")] {
            let page = reader.uploads("/b/tingqiao/report", &[("words", "门口的灯坏了")], &files).await;
            assert_eq!(page.status, Status::PayloadTooLarge, "{}", page.text());
            assert!(page.says(said), "{}", page.text());
            // This client hands the body over in one piece; what a browser had sent before the limit is in the form again.
            assert!(page.form("/b/tingqiao/report").is_some(), "{}", page.text());
        }
        assert_eq!(reports_kept(&town).await, 0);
    }
}
