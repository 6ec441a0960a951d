//! People, calendar and ledger from the command line.

use louyi::domain::persons;
use louyi::domain::rights::Role;
use louyi::kernel::publog;
use serde_json::json;

use crate::support::binary::Louyi;
use crate::support::on_both;

/// An empty house prints one link, once; it opens a page, and another is made only where somebody asks for it.
#[test]
fn an_empty_house_prints_its_first_link() {
    let folder = tempfile::tempdir().expect("a folder");
    let louyi = Louyi::at(folder.path());
    let served = louyi.serves();
    let began = std::time::Instant::now();
    // Printed when the server listens: until then nobody could open it.
    let page = loop {
        let page = served.get("/first/unknown");
        if page.starts_with("HTTP/1.1 410") || began.elapsed().as_secs() > 20 {
            break page;
        }
    };
    assert!(page.starts_with("HTTP/1.1 410"), "{page}");
    std::thread::sleep(std::time::Duration::from_millis(300));
    served.signal("TERM");
    let (_, said) = served.ends();
    let link = said.out.lines().find(|l| l.contains("/first/")).unwrap_or_else(|| panic!("{}{}", said.out, said.err)).to_owned();
    let token = link.rsplit('/').next().expect("a token").to_owned();
    assert_eq!((said.out.matches("/first/").count(), token.len()), (1, 43));
    assert!(!said.err.contains(&token), "never in the log");
    let served = louyi.serves();
    assert!(served.get(&format!("/first/{token}")).starts_with("HTTP/1.1 200"), "it still holds");
    std::thread::sleep(std::time::Duration::from_millis(300));
    served.signal("TERM");
    assert!(!served.ends().1.out.contains("/first/"), "one is out already");
    let another = louyi.run(&["person", "first"]).done().lines().last().expect("a line").to_owned();
    let another = another.rsplit('/').next().expect("a token").to_owned();
    let served = louyi.serves();
    assert!(served.get(&format!("/first/{another}")).starts_with("HTTP/1.1 200"));
    assert!(served.get(&format!("/first/{token}")).starts_with("HTTP/1.1 410"), "a new one ends the one before");
}

on_both! {
    /// Somebody is added with a role, and a link that works once.
    async fn a_person_is_added_with_a_link(town: Town) {
        let louyi = Louyi::of(&town);
        let add = ["person", "add", "--name", "顾念慈", "--name-en", "Gu Nianci", "--email", "Gu@Example.org", "--role", "secretary"];
        let place = ["--building", "tingqiao", "--organisation", "station"];
        let said = louyi.run(&[&add[..], &place[..]].concat());
        let link = said.done().lines().last().expect("a line").to_owned();
        let token = link.strip_prefix("https://louyi.example/sign-in/").expect("an address").to_owned();
        assert_eq!(token.len(), 43);
        let person = persons::by_email(town.house.read(), "gu@example.org").await.expect("asks").expect("is there");
        assert_eq!((person.name.as_str(), person.name_en.as_str()), ("顾念慈", "Gu Nianci"));
        let roles = persons::memberships(town.house.read(), person.id).await.expect("roles");
        assert_eq!((roles.len(), roles[0].role, roles[0].building_id), (1, Role::Secretary, Some(town.tower.id)));
        let again = louyi.run(&[&add[..], &place[..]].concat());
        again.refused();
        let link = louyi.run(&["person", "link", "--email", "gu@example.org"]);
        assert!(link.done().contains("/sign-in/") && !link.out.contains(&token), "a new one");
    }

    /// What does not exist is named; nothing is added by half.
    async fn a_person_needs_a_place_that_exists(town: Town) {
        let louyi = Louyi::of(&town);
        let base = ["person", "add", "--name", "某人", "--email", "new@example.org"];
        for (rest, expected) in [
            (["--role", "boss", "--building", "tingqiao", "--organisation", "station"], "administrator"),
            (["--role", "staff", "--building", "nowhere", "--organisation", "station"], "nowhere"),
            (["--role", "staff", "--district", "nowhere", "--organisation", "station"], "nowhere"),
            (["--role", "staff", "--building", "tingqiao", "--organisation", "nobody"], "nobody"),
        ] {
            let said = louyi.run(&[&base[..], &rest[..]].concat());
            assert!(said.refused().contains(expected), "{}", said.err);
        }
        assert_eq!(louyi.run(&[&base[..], &["--role", "staff", "--organisation", "station"]].concat()).code, Some(2), "where?");
        assert!(persons::by_email(town.house.read(), "new@example.org").await.expect("asks").is_none());
    }

    /// A calendar is loaded whole, or not at all.
    async fn a_calendar_is_loaded(town: Town) {
        let louyi = Louyi::of(&town);
        let folder = town.house.settings().data.clone();
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("writes");
            path.display().to_string()
        };
        let own = include_str!("../../../data/cn-workdays.csv");
        let next = format!("{}\n2027-01-01,holiday,元旦\n", own.trim_end());
        assert!(louyi.run(&["calendar", "load", &file("next.csv", &next)]).done().contains("2027"));
        assert!(louyi.run(&["calendar", "load", &file("short.csv", own)]).refused().contains("2027"), "a year less than before");
        assert!(louyi.run(&["calendar", "load", &file("odd.csv", "date,kind,name\n2027-13-01,holiday,x\n")]).refused().contains("line 2"));
        assert!(louyi.run(&["calendar", "load", "missing.csv"]).refused().contains("missing.csv"));
        louyi::domain::calendars::follow(&town.house).await.expect("follows");
        assert!(town.house.calendar().years().contains(&2027), "every process counts by it");
    }

    /// The ledger is verified from the database, and from a copy of its files without one.
    async fn the_ledger_is_verified(town: Town) {
        let louyi = Louyi::of(&town);
        assert!(louyi.run(&["ledger", "verify"]).done().contains("no entry"));
        for n in 0..300 {
            town.louyi().gets(async |act| act.publish("minutes", "meeting", town.council.id, None, json!({ "n": n })).await).await;
        }
        let said = louyi.run(&["ledger", "verify"]);
        assert!(said.done().contains("300 entries"), "{}", said.out);
        let copy = copied(&town).await;
        let key = publog::signer(&town.house).expect("a key").verifier().to_string();
        let away = tempfile::tempdir().expect("a folder");
        let far = Louyi::at(away.path());
        let path = copy.path().display().to_string();
        assert!(far.run(&["ledger", "verify", &path, "--key", &key]).done().contains("300 entries"));
        assert!(!away.path().join("data").exists(), "a copy is checked without an installation");
        let entries = copy.path().join("tile/entries/000");
        let mut bytes = std::fs::read(&entries).expect("reads");
        let at = bytes.windows(8).position(|w| w == b"{\"n\":42}").expect("an entry") + 5;
        bytes[at] = b'9';
        std::fs::write(&entries, bytes).expect("writes");
        let said = far.run(&["ledger", "verify", &path, "--key", &key]);
        assert!(said.refused().contains("NOT in order") && said.refused().contains("42"), "{}", said.err);
        assert!(far.run(&["ledger", "verify", "https://louyi.example/ledger"]).refused().contains("folder"));
    }
}

/// The ledger's files, as anybody may fetch them.
async fn copied(town: &crate::support::Town) -> tempfile::TempDir {
    use louyi::kernel::ledger::{TileId, TilePath};
    let folder = tempfile::tempdir().expect("a folder");
    let db = town.house.read();
    let head = publog::head(db).await.expect("reads").expect("a head");
    let keep = |path: &str, bytes: &[u8]| {
        let target = folder.path().join(path);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("makes");
        std::fs::write(target, bytes).expect("writes");
    };
    keep("checkpoint", head.checkpoint.as_bytes());
    let tiles = TileId::all(head.size).filter_map(|id| TilePath::tile_at(id, head.size));
    let bundles = (0..head.size.div_ceil(256)).filter_map(|n| TilePath::entries_at(n, head.size));
    for path in tiles.chain(bundles) {
        keep(&path.to_string(), &publog::file(db, path).await.expect("reads").expect("is there"));
    }
    folder
}
