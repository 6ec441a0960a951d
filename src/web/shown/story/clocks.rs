//! What the story says of a task's clock: stopped, running again, given more time.

use super::{Step, Teller};
use crate::domain::journal::{Entry, Reader};
use crate::domain::tasks::{Decision, Extension};
use crate::web::dates;
use crate::web::shown::matter::Line;

/// The step of a line about a clock; none for any other.
pub(super) fn of(t: &Teller<'_>, line: &Line, step: &Step) -> Option<Step> {
    let (at, by_line, entry) = (line.at, line.by, &line.entry);
    let until = |end| dates::until(end, t.now, t.lang);
    let by = |number: &i32| t.name(t.m.tasks.iter().find(|x| x.number == *number).map(|x| x.organisation_id));
    let said = |mark: &'static str, key: &str, number: &i32, with: &[(&str, &str)]| {
        let (by, number) = (by(number), number.to_string());
        let with: Vec<(&str, &str)> = [("by", by.as_str()), ("n", number.as_str())].into_iter().chain(with.iter().copied()).collect();
        Step { mark, head: t.say(key, &with), ..step.clone() }
    };
    // Own words of those who asked: for whoever reported, and for the parties.
    let extension = |of: &dyn Fn(&Extension) -> bool| t.m.extensions.iter().find(|e| of(e));
    match entry {
        Entry::ClockStopped { number, reason, until_at_most, .. } => {
            let body = vec![t.say("clock_until", &[("by", &until(*until_at_most))])];
            Some(Step { body, ..said("pause", &format!("clock_stopped.{}", reason.as_str()), number, &[]) })
        }
        Entry::ClockStarted { due, .. } => Some(Step { mark: "acc", head: t.say("clock_started", &[("by", &until(*due))]), ..step.clone() }),
        Entry::ExtensionAsked { number, reason, days, .. } => {
            let mut body = vec![t.lang.t(&format!("tasks.extension_reasons.{reason}"))];
            body.extend(extension(&|e| e.asked_at == at).map(|e| e.words.clone()));
            Some(Step { class: "", body, ..said("pause", "extension_asked", number, &[("days", &days.to_string())]) })
        }
        Entry::ExtensionGranted { number, reason, days, from, due, .. } => {
            let day = |end| dates::day(dates::local(end - chrono::Duration::microseconds(1)).date(), dates::local(t.now).date(), t.lang);
            let mut body =
                vec![t.say("extension_why", &[("reason", &t.lang.t(&format!("tasks.extension_reasons.{reason}"))), ("from", &day(*from))])];
            let kept = extension(&|e| e.decided_at == Some(at) && e.decision == Some(Decision::Granted));
            body.extend(kept.map(|e| e.words.clone()).filter(|_| t.reader != Reader::Public));
            body.extend(kept.and_then(|e| e.answer.clone()).filter(|_| matches!(t.reader, Reader::Party | Reader::Secretary)));
            let with = [("days", days.to_string()), ("day", day(*due))];
            Some(Step { body, ..said("acc", "extension_granted", number, &[("days", &with[0].1), ("day", &with[1].1)]) })
        }
        Entry::DateMoved { what, task, from, due, .. } => {
            let body = vec![t.say("date_moved_why", &[("from", &until(*from))])];
            let (key, with) = (format!("date_moved.{}", what.as_str()), [("day", until(*due))]);
            let with = [("day", with[0].1.as_str())];
            match task {
                Some(number) => Some(Step { body, ..said("acc", &key, number, &with) }),
                None => Some(Step { mark: "acc", head: t.say(&key, &with), body, ..step.clone() }),
            }
        }
        Entry::SupervisionRaised { what, task, due } => {
            let body = vec![t.lang.say("story.supervised_due", &[("by", &until(*due))])];
            let head = match task {
                Some(number) => return Some(Step { class: "bad", body, ..said("late", "supervised_task", number, &[]) }),
                None => t.say("supervised", &[("what", &t.lang.t(&format!("supervisions.missed.{what}")))]),
            };
            Some(Step { class: "bad", mark: "late", head, body, ..step.clone() })
        }
        Entry::SupervisionNoted { by_day, .. } => {
            let head = t.say("supervision_noted", &[("by", &t.name(by_line)), ("day", &t.kept_day(by_day))]);
            Some(Step { mark: "eye", head, ..step.clone() })
        }
        Entry::ExtensionRefused { number, .. } => {
            let answer = extension(&|e| e.decided_at == Some(at) && e.decision == Some(Decision::Refused)).and_then(|e| e.answer.clone());
            Some(Step { body: answer.into_iter().collect(), ..said("dec", "extension_refused", number, &[]) })
        }
        _ => None,
    }
}
