//! The owners' roll: versions, who is one person, two secretaries at once, names that are erased.

use louyi::domain::organisations::{self, NewOrganisation, Organisation, OrganisationKind};
use louyi::domain::owners::{self, Held, HolderKind, Roll, Row};
use louyi::kernel::error::Result;
use louyi::kernel::journal;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};

use crate::support::{Town, conflict, on_both, refusal};

/// A row of a roll.
pub fn row(unit: &str, area: &str, holder: &str) -> Row {
    Row { line: 1, unit: unit.into(), area: area.into(), holder: holder.into(), ..Row::default() }
}

/// An owner that is an organisation of the town.
pub async fn an_owner(town: &Town, slug: &str, name: &str) -> Organisation {
    let new = NewOrganisation { kind: OrganisationKind::Owner, slug, name, name_en: slug, short: name, short_en: slug, workers: None, email: None };
    town.administrator.gets(async |act| organisations::add(act, &town.district, Some(&town.tower), new).await).await
}

pub async fn enters(town: &Town, rows: &[Row], seen: i32) -> Result<Roll> {
    town.secretary.does(async |act| owners::enter(act, &town.tower, rows, seen).await).await
}

async fn held(town: &Town, version: i32) -> Vec<Held> {
    owners::of_version(town.house.read(), town.tower.id, version).await.unwrap()
}

on_both! {
    async fn a_roll_is_kept_by_versions(town: Town) {
        an_owner(&town, "sungari", "松江置业").await;
        let rows = [row("1801", "120.5", "松江置业"), row("1802", "1,204㎡", "松江置业"), row("1803", "98", ""), row("1804", "60.00", "开发商"), row("1805", "61", "未售")];
        let first = enters(&town, &rows, 0).await.unwrap();
        assert_eq!((first.version, first.units, first.holders, first.area), (1, 5, 3, 12_050 + 120_400 + 9_800 + 6_000 + 6_100));
        assert_eq!(refusal(enters(&town, &rows, 1).await), "roll_same");
        // One is sold, one is gone, one comes.
        let rows = [row("1801", "120.5", "松江置业"), row("1802", "1204", "户12"), row("1804", "60", "开发商"), row("1805", "61", "开发商"), row("1901", "77.7", "户12")];
        let second = enters(&town, &rows, 1).await.unwrap();
        assert_eq!((second.version, second.units, second.holders), (2, 5, 3));
        let holder = |all: &[Held], unit: &str| all.iter().find(|h| h.unit.unit == unit).map(|h| (h.holder.kind, h.holder.label.clone()));
        let (then, now) = (held(&town, 1).await, held(&town, 2).await);
        assert_eq!(holder(&then, "1802"), Some((HolderKind::Organisation, "sungari".into())));
        assert_eq!(holder(&now, "1802"), Some((HolderKind::Household, "户12".into())));
        assert_eq!((holder(&then, "1803").map(|h| h.1), holder(&now, "1803")), (Some("1803".into()), None));
        assert_eq!((holder(&then, "1901"), then.len()), (None, 5));
        let third = town.secretary.gets(async |act| owners::remove(act, &town.tower, "1901", 2).await).await;
        assert_eq!((third.version, third.units), (3, 4));
        let gone = town.secretary.does(async |act| owners::remove(act, &town.tower, "1901", 3).await).await;
        assert_eq!(refusal(gone), "owner_unit_unknown");
        let lines = journal::of_object(town.house.read(), town.tower.id).await.unwrap();
        assert_eq!(lines.iter().filter(|l| l.act == "owners_roll_changed").count(), 3);
    }

    async fn what_is_wrong_with_a_unit_is_said_by_its_field(town: Town) {
        for (wrong, key) in [
            (row("1801", "0", ""), "area_none"),
            (row("1801", "0.00", ""), "area_none"),
            (row("1801", "-12", ""), "area_unreadable"),
            (row("1801", "12.345", ""), "area_unreadable"),
            (row("1801", "一百", ""), "area_unreadable"),
            (row("1801", "99999999999", ""), "area_unreadable"),
            (row("1801", "", ""), "empty"),
            (row("", "12", ""), "empty"),
            (Row { parking: "也许".into(), ..row("1801", "12", "") }, "yes_or_no"),
            (Row { co_owners: "0".into(), ..row("1801", "12", "") }, "co_owners"),
        ] {
            assert_eq!(refusal(enters(&town, std::slice::from_ref(&wrong), 0).await), key, "{wrong:?}");
        }
        assert_eq!(refusal(enters(&town, &[row("1801", "12", ""), row("1801", "13", "")], 0).await), "row_twice");
        assert!(owners::latest(town.house.read(), town.tower.id).await.unwrap().is_none());
    }

    async fn of_two_secretaries_at_once_one_is_told(town: Town) {
        enters(&town, &[row("1801", "120", "户1")], 0).await.unwrap();
        let change = async |area: &str| {
            let row = row("1801", area, "户1");
            town.secretary.does(async |act| owners::set(act, &town.tower, row, 1).await).await
        };
        let (one, other) = rocket::tokio::join!(change("121"), change("122"));
        assert!(one.is_ok() != other.is_ok(), "just one is entered: {one:?} {other:?}");
        assert!(conflict(&one) || conflict(&other));
        assert_eq!(owners::latest(town.house.read(), town.tower.id).await.unwrap().unwrap().version, 2);
    }

    async fn names_stand_apart_are_read_with_a_line_and_erased_for_good(town: Town) {
        let named = |names: &str| Row { names: names.into(), ..row("1801", "120", "户1") };
        enters(&town, &[named("金丝雀丙、金丝雀丁")], 0).await.unwrap();
        let read = town.secretary.gets(async |act| owners::read_names(act, &town.tower).await).await;
        assert_eq!(read.values().collect::<Vec<_>>(), ["金丝雀丙、金丝雀丁"]);
        let lines = journal::of_object(town.house.read(), town.tower.id).await.unwrap();
        assert_eq!(lines.last().map(|l| l.act.as_str()), Some("owner_names_read"));
        town.secretary.gets(async |act| owners::erase_name(act, &town.tower, 1).await).await;
        assert!(!town.everything().await.contains("金丝雀"), "no table holds the name any more");
        assert_eq!(held(&town, 1).await.len(), 1);
        assert!(town.secretary.does(async |act| owners::erase_name(act, &town.tower, 1).await).await.is_err());
    }

    async fn the_database_refuses_a_unit_twice_and_one_without_area(town: Town) {
        enters(&town, &[row("1801", "120", "户1")], 0).await.unwrap();
        let db = town.house.db().upkeep();
        assert!(db.execute_unprepared("update owner_units set area = 0").await.is_err());
        let there = owners::unit::Entity::find().one(town.house.read()).await.unwrap().unwrap();
        let twice: owners::unit::ActiveModel = owners::unit::Model { id: louyi::kernel::ids::OwnerUnitId(uuid::Uuid::new_v4()), ..there }.into();
        assert!(owners::unit::Entity::insert(twice).exec_without_returning(db).await.is_err());
        assert_eq!(owners::unit::Entity::find().count(town.house.read()).await.unwrap(), 1);
    }
}
