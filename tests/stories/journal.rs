//! The journal: the only history, of ids, enumerations, numbers and salted hashes; who may read which line.

mod readers;
mod silence;

use louyi::domain::journal::{self as vocabulary, Entry};
use louyi::domain::reports::Answer;
use louyi::kernel::journal;

use crate::support::on_both;

on_both! {
    async fn a_line_says_who_when_where_and_in_which_role(town: Town) {
        let told = town.reports("电梯排队").await;
        town.lets_pass(chrono::Duration::minutes(7));
        town.staff.accepts(told.matter, "").await.unwrap();
        let lines = journal::of_issue(town.house.read(), told.matter.0).await.unwrap();
        let (filed, accepted) = (&lines[0], lines.last().unwrap());
        assert_eq!((filed.actor.as_str(), filed.actor_id, filed.role.as_deref()), ("visitor", None, None));
        assert_eq!((accepted.actor.as_str(), accepted.actor_id, accepted.role.as_deref()), ("person", Some(town.staff.id.0), Some("staff")));
        assert_eq!((accepted.organisation_id, accepted.building_id), (Some(town.manager.id), Some(town.tower.id)));
        assert_eq!(accepted.at, town.house.now());
        assert_eq!((accepted.object.as_str(), accepted.object_id), ("issue", told.matter.0.0));
        assert!(lines.is_sorted_by_key(|l| l.seq));
        assert_eq!(journal::last_of_issue(town.house.read(), told.matter.0).await.unwrap().unwrap(), *accepted);
    }

    async fn what_was_written_is_read_back(town: Town) {
        let told = town.a_matter_done().await;
        town.holder_of(&told).answers(&told, Answer::Yes).await.unwrap();
        for line in journal::of_issue(town.house.read(), told.matter.0).await.unwrap() {
            let entry: Entry = vocabulary::read(&line).unwrap();
            let written = serde_json::to_value(&entry).unwrap();
            assert_eq!(written["act"].as_str(), Some(&*line.act));
        }
        let by_reporter = journal::of_object(town.house.read(), told.report).await.unwrap();
        assert_eq!(by_reporter.last().unwrap().actor, "reporter");
    }
}
