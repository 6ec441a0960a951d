//! Former matters, brought over: written in chunks by whichever process comes first, never twice, and taken back as if they had
//! never come.

use std::collections::BTreeSet;

use chrono::Duration;
use louyi::domain::figures;
use louyi::domain::handling::{self, Scope};
use louyi::domain::imports::{self, Import, ImportState, Mapping, POINTING, WITH_IT, Writing};
use louyi::domain::issues::{self, ClosedBy, Filter, IssueState};
use louyi::domain::journal::Entry;
use louyi::domain::reports::{self, Channel, Release};
use louyi::kernel::act::House;
use louyi::kernel::db::sql;
use louyi::kernel::outbox;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};

use crate::support::{Matter, Town, Who, on_both, refusal, shanghai, town};

const HEAD: &str = "编号,日期,楼层,内容,状态,办结日期,满意度";

/// A file of so many matters that are over, the last one open.
fn many(n: i32) -> String {
    let mut text = format!("{HEAD}\n");
    for i in 1..n {
        text.push_str(&format!("A-{i},2025-03-{:02},1,第{i}次电梯停了,已办结,2025-04-02,满意\n", i % 28 + 1));
    }
    text.push_str(&format!("A-{n},2025-05-01,1,东电梯厅的灯一直不亮,处理中,,\n"));
    text
}

/// Looked at with what its head suggests.
async fn brought(town: &Town, by: &Who, text: &str) -> Import {
    let (sheet, packed) = imports::read(text.as_bytes().to_vec()).await.expect("a table");
    let import = by.gets(async |act| imports::upload(act, &town.tower, &sheet, packed.clone()).await).await;
    let (mapping, _) = import.mapping(town.house.read(), &sheet.head).await.expect("a mapping");
    looked(town, by, import, mapping).await
}

async fn looked(town: &Town, by: &Who, import: Import, mapping: Mapping) -> Import {
    let sheet = import.sheet(town.house.read()).await.expect("reads").expect("the file");
    let checked = import.look(town.house.read(), &town.house, sheet, mapping.clone()).await.expect("looks");
    by.gets(async |act| import.clone().checked(act, &town.tower, &mapping, &checked).await).await
}

async fn started(town: &Town, by: &Who, import: Import) -> Import {
    by.gets(async |act| import.clone().start(act, &town.tower, true).await).await
}

async fn finished(house: &House, import: &Import) -> Import {
    let mut writing = Writing::default();
    while imports::step(house, &mut writing).await.expect("a step") {}
    imports::by_id(house.read(), import.id).await.expect("the import")
}

async fn count(town: &Town, what: &str) -> i64 {
    let db = town.house.read();
    db.query_one_raw(sql(db, &format!("select count(*) from {what}"), []))
        .await
        .expect("counts")
        .expect("a row")
        .try_get_by_index(0)
        .expect("a number")
}

on_both! {
    async fn what_is_over_becomes_history_and_what_is_open_is_worked_on(town: Town) {
        let db = town.house.read();
        let since = town.house.now() - Duration::days(1000);
        let before = figures::of_building(db, town.tower.id, since, town.house.now()).await.expect("figures");
        let import = brought(&town, &town.staff, &many(3)).await;
        assert_eq!((import.state, import.fresh, import.known, import.faulty), (ImportState::Checked, 3, 0, 0));
        assert_eq!(count(&town, "issues").await, 0, "looking writes nothing");
        let import = started(&town, &town.staff, import).await;
        let import = finished(&town.house, &import).await;
        assert_eq!((import.state, import.made), (ImportState::Done, 3));

        let over = issues::by_number(db, town.tower.id, 1).await.expect("is there");
        assert_eq!((over.state, over.closed_by, over.import_id), (IssueState::Closed, Some(ClosedBy::Import), Some(import.id)));
        assert_eq!((over.received_at, over.closed_at), (shanghai("2025-03-02 12:00"), Some(shanghai("2025-04-02 12:00"))));
        assert_eq!((over.first_answer_due, over.result_due, over.next_due, over.done_at), (None, None, None, None), "no clock, and nobody here did it");
        assert_eq!(over.moved_at, shanghai("2025-04-02 12:00"), "it does not push itself to the front of lists");
        let open = issues::by_number(db, town.tower.id, 3).await.expect("is there");
        assert_eq!((open.state, open.received_at, open.holder_id), (IssueState::Received, shanghai("2025-05-01 12:00"), Some(town.manager.id)));
        assert!(open.next_due.is_some_and(|due| due > town.house.now()), "its clocks begin with the import");
        assert_eq!(imports::former(db, open.id).await.expect("reads").as_deref(), Some("A-3"));

        let report = &reports::of_issue(db, over.id).await.expect("reads")[0];
        assert_eq!((report.channel, report.release, report.public_words.as_deref()), (Channel::Import, Release::Withheld, None));
        assert_eq!(report.words.as_deref(), Some("第1次电梯停了"));
        assert_eq!(reports::waiting_for_release(db, town.tower.id, 10).await.expect("reads").len(), 0, "no flood for the secretary");
        assert_eq!(outbox::Entity::find().count(db).await.expect("counts"), 0, "nobody is told");
        assert_eq!(town.story(Matter(over.id)).await, ["issue_imported"]);
        assert!(matches!(town.last(Matter(over.id)).await, Entry::IssueImported { number: 1, .. }));

        // It counts for nobody here.
        let after = figures::of_building(db, town.tower.id, since, town.house.now()).await.expect("figures");
        assert_eq!(after, figures::Figures { open: 1, ..before });
        let scope = Scope { buildings: vec![town.tower.id], holders: None };
        assert!(handling::cases(db, &scope, since, town.house.now()).await.expect("cases").is_empty());
        assert_eq!(handling::held(db, &scope).await.expect("held").len(), 1, "what is in hand is in hand");
        let calendar = town.house.calendar();
        assert!(handling::weeks(db, &calendar, &scope, town.house.now(), 100).await.expect("weeks").iter().all(|w| w.came == 0 && w.went == 0));
        // And life goes on with it as with any other.
        town.staff.accepts(Matter(open.id), "收到，去看看").await.expect("accepted");
        let found = Filter { text: Some("电梯".into()), ..Filter::default() };
        assert_eq!(issues::list(db, town.tower.id, &found, 10).await.expect("lists").rows.len(), 3, "its kind is found, its words are not");
        let found = Filter { text: Some("一直不亮".into()), ..Filter::default() };
        assert!(issues::list(db, town.tower.id, &found, 10).await.expect("lists").rows.is_empty());
    }

    async fn the_same_file_twice_makes_nothing_twice(town: Town) {
        let first = brought(&town, &town.staff, &many(3)).await;
        let first = started(&town, &town.staff, first).await;
        finished(&town.house, &first).await;
        let again = brought(&town, &town.administrator, &many(4)).await;
        assert_eq!((again.number, again.fresh, again.known), (2, 1, 3), "known by their former numbers");
        // Without a number: by day, words and place.
        let nameless = "日期,楼层,内容\n2025-03-01,1,电梯停了\n2025-03-02,1,电梯停了\n2025-03-01,1,电梯停了\n";
        let import = brought(&town, &town.staff, nameless).await;
        assert_eq!((import.fresh, import.faulty), (2, 1));
        let (line, faults) = &import.faults(town.house.read(), 9).await.expect("faults")[0];
        assert_eq!((*line, faults[0].key.as_str(), faults[0].value.as_str()), (4, "twice", "2"));
        let import = started(&town, &town.staff, import).await;
        finished(&town.house, &import).await;
        let import = brought(&town, &town.staff, nameless).await;
        assert_eq!((import.fresh, import.known), (0, 2));
        let nothing = town.staff.does(async |act| import.clone().start(act, &town.tower, true).await).await;
        assert_eq!(refusal(nothing), "import_nothing");
    }

    async fn two_processes_write_each_row_once_and_a_third_goes_on_where_they_stopped(town: Town) {
        let import = brought(&town, &town.staff, &many(1_200)).await;
        let import = started(&town, &town.staff, import).await;
        let folder = tempfile::tempdir().expect("a folder");
        let other = town::house(&town.url, folder.path(), town.house.now()).await;
        // Both take the rows in hand before either writes.
        let (mut here, mut there) = (Writing::default(), Writing::default());
        let (one, two) = futures::join!(imports::step(&town.house, &mut here), imports::step(&other, &mut there));
        assert!(one.expect("a step") && two.expect("a step"));
        let half = imports::by_id(town.house.read(), import.id).await.expect("the import");
        assert!(half.made >= 500 && half.made < 1_200 && i64::from(half.made) == count(&town, "issues").await, "what is written is counted");
        assert_eq!(half.progress().map(|p| (p.done, p.of)), Some((half.made, 1_200)));
        drop((here, there));
        let done = finished(&other, &import).await;
        assert_eq!((done.state, done.made), (ImportState::Done, 1_200));
        assert_eq!(count(&town, "issues").await, 1_200);
        assert_eq!(count(&town, "imported").await, 1_200);
        assert_eq!(count(&town, "journal where act = 'issue_imported'").await, 1_200);
        let next = town.reports("下一件").await;
        assert_eq!(town.now(next.matter).await.number, 1_201);
        other.db().clone().close().await.expect("closes");
    }

    async fn an_import_is_taken_back_but_for_what_somebody_acted_on(town: Town) {
        let told = town.reports("照常来的一件").await;
        let import = brought(&town, &town.staff, &many(4)).await;
        let import = started(&town, &town.staff, import).await;
        let import = finished(&town.house, &import).await;
        let db = town.house.read();
        let open = issues::by_number(db, town.tower.id, 5).await.expect("is there");
        town.staff.accepts(Matter(open.id), "收到，去看看").await.expect("accepted");
        let import = town.staff.gets(async |act| import.clone().undo(act, &town.tower).await).await;
        assert_eq!(import.state, ImportState::Undoing);
        let import = finished(&town.house, &import).await;
        assert_eq!((import.state, import.taken_back, import.stayed), (ImportState::Undone, 3, 1));
        assert_eq!(imports::stayed(db, &import, 10).await.expect("named"), [5]);
        assert_eq!(count(&town, "issues").await, 2);
        assert_eq!(count(&town, "reports").await, 2);
        assert_eq!(count(&town, "reporters").await, 2);
        assert_eq!(count(&town, "issue_texts").await, 2);
        assert_eq!(count(&town, "import_files").await, 0, "the file goes with it");
        assert!(issues::by_number(db, town.tower.id, 2).await.is_err());
        assert_eq!(town.now(told.matter).await.number, 1, "what was reported here is untouched");
        let found = Filter { text: Some("电梯".into()), ..Filter::default() };
        assert_eq!(issues::list(db, town.tower.id, &found, 10).await.expect("lists").rows.len(), 2, "and found no more");
        assert_eq!(count(&town, "journal where act = 'import_undone'").await, 1);
        let twice = town.staff.does(async |act| import.clone().undo(act, &town.tower).await).await;
        assert_eq!(refusal(twice), "import_state");
        // Corrected, it comes again under new numbers; what stayed is known.
        let again = brought(&town, &town.staff, &many(4)).await;
        assert_eq!((again.fresh, again.known), (3, 1));
        let again = started(&town, &town.staff, again).await;
        finished(&town.house, &again).await;
        assert!(issues::by_number(db, town.tower.id, 6).await.is_ok());
    }

    async fn only_the_buildings_own_may_and_files_do_not_stay(town: Town) {
        let (sheet, packed) = imports::read(many(2).into_bytes()).await.expect("a table");
        for who in [&town.fitter, &town.secretary, &town.representative, &town.staff_elsewhere] {
            let tried = who.does(async |act| imports::upload(act, &town.tower, &sheet, packed.clone()).await).await;
            assert_eq!(refusal(tried), "no_right");
        }
        let import = brought(&town, &town.staff, &many(2)).await;
        let dropped = town.staff.gets(async |act| import.clone().drop_it(act, &town.tower).await).await;
        assert!(dropped.state == ImportState::Dropped && !dropped.has_file(town.house.read()).await.expect("asks"));
        let import = brought(&town, &town.staff, &many(2)).await;
        town.lets_pass(Duration::days(imports::FILE_DAYS + 1));
        louyi::jobs::round(&town.house).await.expect("a night");
        assert!(!import.has_file(town.house.read()).await.expect("asks"));
        let late = town.staff.does(async |act| import.clone().start(act, &town.tower, true).await).await;
        assert_eq!(refusal(late), "import_no_file");
    }

    async fn everything_that_points_at_a_matter_is_asked_before_it_goes(town: Town) {
        let db = town.house.read();
        let text = if town.house.db().is_postgres() {
            "select c.conrelid::regclass::text, a.attname::text from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1] \
             where c.contype = 'f' and c.confrelid = 'issues'::regclass"
        } else {
            "select m.name, f.\"from\" from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table' and f.\"table\" = 'issues'"
        };
        let rows = db.query_all_raw(sql(db, text, [])).await.expect("the catalogue");
        let there: BTreeSet<(String, String)> = rows.iter().map(|r| (r.try_get_by_index(0).expect("a table"), r.try_get_by_index(1).expect("a column"))).collect();
        let asked: BTreeSet<(String, String)> = POINTING.iter().chain(WITH_IT).map(|(t, c)| ((*t).to_owned(), (*c).to_owned())).collect();
        assert_eq!(there, asked);
    }
}
