//! What the database refuses by itself: changes to the journal and the ledger, rows that point nowhere, writes by readers.

use chrono::Duration;
use louyi::domain::rights::Role;
use louyi::kernel::{journal, publog};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _, QueryOrder as _, Statement};

use crate::support::{Matter, Town, on_both};

async fn says(town: &Town, statement: &str) -> Result<u64, String> {
    let db = town.house.db().upkeep();
    db.execute_unprepared(statement).await.map(|r| r.rows_affected()).map_err(|e| e.to_string())
}

async fn something_published(town: &Town) -> Matter {
    let told = town.reports("电梯又停了").await;
    town.editor.gets(async |act| act.publish("release", "issue", told.matter.0, None, serde_json::json!({ "n": 1 })).await).await;
    told.matter
}

on_both! {
    async fn journal_and_ledger_only_grow(town: Town) {
        something_published(&town).await;
        let lines = journal::Entity::find().count(town.house.read()).await.unwrap();
        for statement in [
            "update journal set data = '{}'",
            "update journal set at = at",
            "delete from journal",
            "delete from journal where seq = 1",
            "update ledger_entries set body = 'x'",
            "delete from ledger_entries",
        ] {
            let refused = says(&town, statement).await.expect_err(statement);
            assert!(refused.contains("append-only"), "{statement}: {refused}");
        }
        let more: &[&str] = if town.house.db().is_postgres() {
            &["truncate journal", "truncate ledger_entries", "truncate journal, ledger_entries cascade"]
        } else {
            &[
                "insert or replace into journal (seq, at, actor, act, object, object_id, data) values (1, 'x', 'system', 'x', 'x', x'00', '{}')",
                "insert or replace into ledger_entries (position, kind, body, leaf_hash, object, object_id, at) values (0, 'x', 'x', x'00', 'x', x'00', 'x')",
            ]
        };
        for statement in more {
            let refused = says(&town, statement).await.expect_err(statement);
            assert!(refused.contains("append-only"), "{statement}: {refused}");
        }
        assert_eq!(journal::Entity::find().count(town.house.read()).await.unwrap(), lines);
        assert_eq!(publog::head(town.house.read()).await.unwrap().unwrap().size, 1);
    }

    async fn nothing_points_nowhere(town: Town) {
        let nobody = town.somebody(&town.manager, Role::Staff);
        let person = louyi::domain::persons::by_id(town.house.read(), town.staff.id).await.unwrap();
        let nowhere = louyi::kernel::ids::OrganisationId(uuid::Uuid::new_v4());
        let scope = louyi::domain::persons::Scope::Building(town.tower.id);
        assert!(nobody.does(async |act| person.appoint(act, nowhere, Role::Staff, scope).await).await.is_err());
        // Nor can what is pointed at be taken away.
        assert!(says(&town, "delete from buildings").await.is_err());
    }

    async fn a_state_that_is_not_a_word_is_refused(town: Town) {
        town.reports("电梯").await;
        assert!(says(&town, "update issues set state = 'finished'").await.is_err());
        assert!(says(&town, "update issues set state = 'closed'").await.is_err(), "closed by nobody");
        assert!(says(&town, "update issues set closed_by = 'silence'").await.is_err(), "closed, but open");
    }

    async fn readers_do_not_write_on_sqlite(town: Town) {
        if !town.house.db().is_postgres() {
            assert!(town.house.read().execute_unprepared("update posters set scans = 0").await.is_err());
        }
    }

    async fn order_of_text_is_order_of_time(town: Town) {
        // On SQLite an instant is text; whole seconds, milliseconds and microseconds must stand in the order of time.
        let start = town.house.now();
        for micros in [1_500_000, 0, 1, 999_999, 1_000_000, 500_000, 500_001, 1_000, 10, 100_000] {
            town.house.clock().set(start + Duration::microseconds(micros));
            town.reports("电梯").await;
        }
        let rows = journal::Entity::find().order_by_asc(journal::Column::At).all(town.house.read()).await.unwrap();
        assert!(rows.is_sorted_by_key(|l| l.at));
        if !town.house.db().is_postgres() {
            let db = town.house.read();
            let text = "select count(*) from journal where at not like '____-__-__T__:__:__%+00:00'".to_owned();
            let odd: i64 = db.query_one_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap().unwrap().try_get_by_index(0).unwrap();
            assert_eq!(odd, 0);
        }
    }
}
