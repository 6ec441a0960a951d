//! Every letter that is owed anywhere has its text, in both languages, and names only what it is given.

use std::collections::BTreeSet;
use std::path::Path;

use louyi::domain::letters::KINDS;
use louyi::kernel::i18n::{Lang, parameters};

/// The kinds that the source owes: the first text after `owe(`, `tell…(act, ` and in the reminders' choices.
fn owed_in_source() -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for call in ["owe(", ".tell(", "tell_reporters(", "tell_holder(", "tell_desk(", "tell_secretary(", "tell_members(", "tell_members_once("]
            {
                kinds.extend(after(&text, call, 1));
            }
            for call in
                ["tell_once(", "tell_task(", "tell_report_once(", "tell_of_extension(", "tell_reporters_of_extension(", "tell_reporters_of_topic("]
            {
                kinds.extend(after(&text, call, 1));
            }
            if path.components().any(|c| c.as_os_str() == "reminders") {
                for call in ["pick(", "holder("] {
                    kinds.extend(after(&text, call, 3));
                }
            }
        }
    }
    kinds
}

/// The texts in the first few words of each call.
fn after(source: &str, call: &str, at_most: usize) -> Vec<String> {
    let mut found = vec![];
    for (at, _) in source.match_indices(call) {
        let args: String = source[at + call.len()..].chars().take_while(|c| !matches!(c, ')' | ';' | '{')).collect();
        let texts = args.split('"').skip(1).step_by(2).take(at_most);
        found.extend(texts.filter(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')).map(str::to_owned));
    }
    found
}

#[test]
fn every_letter_that_is_owed_is_known() {
    let known: BTreeSet<String> = KINDS.iter().map(|k| (*k).to_owned()).collect();
    let owed = owed_in_source();
    assert!(owed.len() > 20, "the source is read: {owed:?}");
    let unknown: Vec<_> = owed.difference(&known).collect();
    assert!(unknown.is_empty(), "owed, but without a text: {unknown:?}");
}

#[test]
fn every_letter_has_its_text_in_both_languages() {
    // What is always there for a matter, a task, a meeting, a link.
    let matter = ["address", "label", "building", "title", "holder", "doer", "how", "answer_by", "result_by", "confirm_by", "offer_by"];
    for lang in Lang::ALL {
        for kind in KINDS {
            let given: Vec<&str> = match *kind {
                "mail_refused" => vec!["address", "reason"],
                "mail_receipt" | "mail_added" => matter.into_iter().chain(["left_out"]).collect(),
                "topic_decided" => matter.into_iter().chain(["lead", "decided", "resolution"]).collect(),
                "merged" | "split" => matter.into_iter().chain(["because"]).collect(),
                "sign_in" => vec!["address", "until"],
                "invited" => vec!["address", "building", "organisation", "role", "until"],
                "appointed" => vec!["address", "building", "organisation", "role"],
                "handed_over" => vec!["address", "building", "organisation", "n"],
                "follow_confirm" | "follow_known" => vec!["address", "what", "days"],
                "follow_daily" | "follow_news" => vec!["address", "what", "n", "head", "news"],
                "slip_sent" | "slip_used" => vec!["address", "organisation", "building"],
                "undertaking_asked" | "undertaking_entered" | "position_asked" => vec!["address", "title", "organisation", "due"],
                k if k.starts_with("object") => vec!["address", "decided", "organisation", "resolution"],
                "quorum_at_risk" => vec!["address", "number", "council", "at", "n", "needed"],
                "meeting_called" | "meeting_moved" => vec!["address", "number", "council", "at", "place", "agenda", "from"],
                "agenda_moved" | "agenda_off" => matter.into_iter().chain(["at"]).collect(),
                k if k.starts_with("meeting_")
                    || k.starts_with("deputy_")
                    || matches!(k, "vote_open" | "dates_asked" | "minutes_to_sign" | "remark_answered" | "minutes_adopted") =>
                {
                    vec!["address", "number", "council", "at", "place"]
                }
                k if k.starts_with("task_") || k == "clock_runs" => matter.into_iter().chain(["task", "organisation", "due"]).collect(),
                k if k.starts_with("exten") => matter.into_iter().chain(["task", "organisation", "due", "reason", "days", "new_due"]).collect(),
                _ => matter.to_vec(),
            };
            assert!(lang.has(&format!("letters.named.{kind}")), "{}: {kind} has no name on the operator's page", lang.tag());
            for part in ["subject", "body"] {
                let key = format!("letters.{kind}.{part}");
                let text = lang.words().get(&key).unwrap_or_else(|| panic!("{} lacks {key}", lang.tag()));
                for name in parameters(text) {
                    assert!(given.contains(&name.as_str()), "{}: {key} names {{{name}}}, which it is not given", lang.tag());
                }
                assert!(part == "subject" || text.contains("{address}") || text.contains("{news}"), "{}: {key} leads nowhere", lang.tag());
                assert!(!text.contains("系统") && !text.contains("敬请"), "{key} talks like a machine");
            }
        }
    }
}
