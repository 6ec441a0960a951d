//! Every enumeration has the same words in Rust and in the database's check, on both databases.

use std::collections::BTreeSet;
use std::path::Path;

use louyi::domain::{
    attachments, batches, buildings, call_backs, categories, channels, councils, deliberation, duty, editions, effect_checks, hand_overs, hidings,
    imports, incoming, issues, levels, lifts, links, maintenance, meetings, messages, motions, organisations, owners, reminders, reports,
    resolutions, retention, rights, slips, subscriptions, supervisions, tasks, telling, undertakings, votes,
};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};

use crate::support::{Town, on_both};

/// Where each vocabulary stands in the database.
macro_rules! columns {
    ($($name:ident: $vocabulary:path = $($table:ident.$column:ident),*;)+) => {
        fn columns() -> Vec<(&'static str, Vec<&'static str>, Vec<(&'static str, &'static str)>)> {
            vec![$((
                stringify!($name),
                { use $vocabulary as Vocabulary; Vocabulary::ALL.iter().map(|w| w.as_str()).collect() },
                vec![$((stringify!($table), stringify!($column))),*],
            )),+]
        }
    };
}

columns! {
    PlaceKind: buildings::PlaceKind = places.kind;
    OrganisationKind: organisations::OrganisationKind = organisations.kind;
    SizeClass: organisations::SizeClass = organisations.size;
    Role: rights::Role = memberships.role;
    Tier: categories::Tier = issues.tier;
    IssueState: issues::IssueState = issues.state;
    ClosedBy: issues::ClosedBy = issues.closed_by;
    // Only lines of the journal hold these.
    MergeReason: issues::MergeReason = ;
    SplitReason: issues::SplitReason = ;
    Level: levels::Level = issues.level, organisations.level, hand_overs.from_level, hand_overs.to_level;
    Direction: levels::Direction = hand_overs.direction;
    HandOverState: hand_overs::HandOverState = hand_overs.state;
    ReportKind: reports::ReportKind = reports.kind;
    Channel: reports::Channel = reports.channel;
    MayKnow: reports::MayKnow = reports.may_know;
    Release: reports::Release = reports.release, hidings.was;
    HideReason: hidings::HideReason = hidings.reason;
    RobotKind: channels::RobotKind = channels.kind;
    Topic: channels::Topic = channel_topics.topic;
    ChannelState: channels::ChannelState = channels.state;
    Matter: telling::Matter = telling_wishes.matter;
    Wish: telling::Wish = telling_wishes.wish;
    ImportState: imports::ImportState = imports.state;
    BatchVerb: batches::BatchVerb = batches.verb;
    Ruling: hidings::Ruling = hidings.ruling;
    Reached: call_backs::Reached = call_backs.reached;
    CallResult: call_backs::CallResult = call_backs.result;
    Answer: reports::Answer = reports.answer;
    Rating: reports::Rating = reports.rating;
    TaskState: tasks::TaskState = tasks.state;
    StopReason: tasks::StopReason = clock_stops.reason;
    ExtensionReason: tasks::ExtensionReason = extensions.reason;
    Decider: tasks::Decider = extensions.decider;
    Decision: tasks::Decision = extensions.decision;
    Voice: messages::Voice = messages.voice, drafts.voice;
    WithholdReason: messages::WithholdReason = messages.withheld_reason;
    Named: messages::Named = mentions.kind;
    SeatClass: councils::SeatClass = seats.class;
    Basis: councils::Basis = rules.basis;
    Weight: councils::Weight = motions.weight;
    Weighing: councils::rules::Weighing = rules.weighing, rules.weighing_major;
    Size: councils::Size = seats.size;
    MeetingKind: meetings::MeetingKind = meetings.kind;
    MeetingState: meetings::MeetingState = meetings.state;
    Source: meetings::items::Source = agenda_items.source;
    Competence: meetings::items::Competence = agenda_items.competence;
    ItemState: meetings::items::ItemState = agenda_items.state;
    Availability: meetings::dates::Availability = date_answers.answer;
    Media: meetings::paper::Media = scans.media;
    NotPublic: meetings::publicity::NotPublic = agenda_items.not_public_ground;
    How: meetings::presence::How = attendances.how;
    Ground: meetings::presence::Ground = recusals.ground;
    MotionState: motions::MotionState = motions.state;
    Method: motions::Method = motions.method;
    OpenTo: deliberation::OpenTo = agenda_items.open_to;
    Stance: deliberation::Stance = remarks.stance;
    Leaning: deliberation::Leaning = leanings.leaning;
    Outcome: motions::Outcome = motions.outcome;
    Choice: votes::Choice = votes.choice, secret_ballots.choice, owner_ballots.choice;
    HolderKind: owners::HolderKind = owner_holders.kind;
    Matter: votes::owners::Matter = owners_votes.matter;
    Decision: votes::owners::Decision = owners_votes.decision;
    Handed: votes::owners::Handed = owner_ballots.handed;
    ResolutionState: resolutions::ResolutionState = resolutions.state;
    Upon: motions::Upon = motions.upon, resolutions.upon;
    StatementKind: resolutions::StatementKind = statements.kind;
    Feeling: effect_checks::Feeling = opinions.feeling;
    ObjectionOutcome: resolutions::ObjectionOutcome = objections.outcome;
    UndertakingState: undertakings::UndertakingState = undertakings.state;
    Remedy: lifts::Remedy = lift_studies.chosen;
    Figure: effect_checks::Figure = motions.figure, measurements.figure, effect_checks.figure;
    Phase: effect_checks::Phase = measurements.phase;
    Verdict: effect_checks::Verdict = effect_checks.verdict;
    EditionState: editions::EditionState = editions.state;
    StoryKind: editions::StoryKind = stories.kind;
    Phase: attachments::Phase = attachments.phase;
    VisitAnswer: tasks::VisitAnswer = task_visits.answer;
    LinkKind: links::LinkKind = issue_links.kind;
    HoldsOn: duty::HoldsOn = duty_shifts.holds_on;
    Origin: issues::Origin = issues.origin;
    Rhythm: maintenance::Rhythm = maintenance_plans.rhythm;
    Missed: supervisions::Missed = supervisions.what;
    What: reminders::What = reminders.what;
    Cleaning: retention::Cleaning = cleanups.what;
    Pace: subscriptions::Pace = subscriptions.pace;
    Door: slips::Door = slip_batches.door;
    Door: incoming::Door = incoming.door;
    Outcome: incoming::Outcome = incoming.outcome;
}

/// The words that the database allows in a column.
async fn allowed(town: &Town, table: &str, column: &str) -> BTreeSet<String> {
    let db = town.house.read();
    let (text, start) = if town.house.db().is_postgres() {
        let text = format!("select pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and conrelid = '{table}'::regclass");
        (text, format!("CHECK (({column} = ANY"))
    } else {
        (format!("select sql from sqlite_master where type = 'table' and name = '{table}'"), format!("check ({column} in ("))
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap();
    let checks: Vec<String> = rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect();
    let check = checks.iter().find_map(|c| c.split_once(&start)).unwrap_or_else(|| panic!("{table}.{column} has no check"));
    let end = if db.get_database_backend() == DatabaseBackend::Sqlite { check.1.split_once("))").unwrap().0 } else { check.1 };
    end.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

on_both! {
    async fn rust_and_the_database_know_the_same(town: Town) {
        for (name, words, places) in columns() {
            let words: BTreeSet<String> = words.into_iter().map(str::to_owned).collect();
            for (table, column) in places {
                assert_eq!(words, allowed(&town, table, column).await, "{name} and {table}.{column}");
            }
        }
    }
}

fn vocabularies(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            vocabularies(&entry.path(), found);
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for after in text.split("\nvocabulary! {\n").skip(1) {
            let line = after.lines().find(|l| !l.trim_start().starts_with("///")).unwrap();
            found.insert(line.split_whitespace().next().unwrap().to_owned());
        }
    }
}

#[test]
fn no_vocabulary_is_left_out() {
    let mut written = BTreeSet::new();
    vocabularies(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/domain")), &mut written);
    let known: BTreeSet<String> = columns().into_iter().map(|(name, ..)| name.to_owned()).collect();
    assert_eq!(written, known, "a new vocabulary needs a column in this test");
}
