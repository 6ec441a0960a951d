//! Every state and every verb: the next state, or a refusal that names both.

use louyi::domain::issues::{IssueState, Verb};

const TABLE: &str = "
             accept    decline   withdraw   start    table      untable   decide   finish  close   contest  shelve     resume    merge   reopen   unaccept  give_up
received     accepted  declined  withdrawn  -        -          -         -        -       -       -        -          -         merged  -                      -         -
accepted     -         declined  withdrawn  in_work  on_agenda  -         -        -       -       -        long_term  -         merged  -                      received         withdrawn
in_work      -         -         -          in_work  on_agenda  -         -        done    -       -        long_term  -         merged  -                      -         withdrawn
on_agenda    -         -         -          -        on_agenda  accepted  decided  -       -       -        -          -         -       -                      -         -
decided      -         -         -          decided  on_agenda  -         -        done    -       -        -          -         -       -                      -         -
done         -         -         -          -        on_agenda  -         -        -       closed  in_work  -          -         -       -                      -         -
closed       -         -         -          -        on_agenda  -         -        -       -       -        -          -         -       accepted               -         -
long_term    -         -         -          in_work  on_agenda  -         -        -       -       -        -          accepted  -       -                      -         withdrawn
declined     -         -         -          -        -          -         -        -       -       -        -          -         -       accepted               -         -
merged       -         -         -          -        -          -         -        -       -       -        -          -         -       -                      -         -
withdrawn    -         -         -          -        -          -         -        -       -       -        -          -         -       -                      -         -
";

#[test]
fn every_state_and_every_verb() {
    let mut lines = TABLE.lines().filter(|l| !l.is_empty());
    let verbs: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(verbs, Verb::ALL.iter().map(|v| v.as_str()).collect::<Vec<_>>());
    let mut states = vec![];
    for line in lines {
        let mut words = line.split_whitespace();
        let state: IssueState = words.next().unwrap().parse().unwrap();
        states.push(state);
        for verb in Verb::ALL {
            let expected = words.next().unwrap();
            match state.after(*verb) {
                Ok(next) => assert_eq!(next.as_str(), expected, "{state} {}", verb.as_str()),
                Err(refusal) => {
                    assert_eq!(expected, "-", "{state} {}", verb.as_str());
                    assert_eq!(refusal.key, "issue_state");
                    let named = [("verb", format!("@verbs.{}", verb.as_str())), ("state", format!("@states.{state}"))];
                    assert_eq!(refusal.with, named);
                }
            }
        }
    }
    assert_eq!(states, IssueState::ALL);
}

#[test]
fn what_is_open() {
    let open: Vec<&str> = IssueState::ALL.iter().filter(|s| s.is_open()).map(|s| s.as_str()).collect();
    assert_eq!(open, ["received", "accepted", "in_work", "on_agenda", "decided", "done", "long_term"]);
}
