//! The database's own rules: both databases migrate, know the same words, and keep what only grows.

use crate::support::on_both;

on_both! {
    async fn the_town_stands(town: Town) {
        assert!(town.house.db().migrated().await.unwrap());
        assert_eq!(town.members.len(), 13);
    }
}
