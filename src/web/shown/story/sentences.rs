//! From a line of the journal to its sentence.

use super::talk::talk;
use super::{Part, Step, Teller, Way, clocks, force, links, measured};
use crate::domain::categories;
use crate::domain::issues::ClosedBy;
use crate::domain::journal::{Arithmetic, Entry, Offer, Reader};
use crate::domain::levels::Direction;
use crate::domain::meetings::items::Item;
use crate::domain::resolutions::{self, Resolution};
use crate::domain::tasks::{Task, TaskState};
use crate::kernel::ids::UndertakingId;
use crate::web::dates;
use crate::web::shown::ledger_entry;
use crate::web::shown::matter::Line;

/// The step of one line; none where it is told with another.
pub(super) fn of(t: &Teller<'_>, i: usize) -> Option<Step> {
    let line = t.m.lines.get(i)?;
    let by = t.name(line.by);
    let step = Step { class: "done", mark: "acc", when: t.when(line.at), ..Step::default() };
    let plain = |key: &str, with: &[(&str, &str)]| Some(Step { head: t.say(key, with), ..step.clone() });
    let marked = |mark: &'static str, key: &str, with: &[(&str, &str)]| Some(Step { mark, head: t.say(key, with), ..step.clone() });
    match &line.entry {
        Entry::IssueAccepted { holder, due } => {
            let body = due.map(|d| t.say("accepted_due", &[("by", &due_by(t, d))])).into_iter().collect();
            Some(Step { mark: "mrg", id: Some("accepted"), head: t.say("accepted", &[("by", &t.name(Some(*holder)))]), body, ..step })
        }
        Entry::TransferOffered(Offer { to, until, reason, direction, council, .. }) => {
            let body = vec![t.say(&format!("transfer_reasons.{reason}"), &[]), t.say("offered_until", &[("by", &due_by(t, *until))])];
            let key = match (direction, council) {
                (_, Some(_)) => "offered_council",
                (Some(Direction::Back), _) => "offered_back",
                (Some(Direction::Up), _) => "offered_up",
                (Some(Direction::Down), _) => "offered_down",
                _ => "offered",
            };
            Some(Step { mark: "arrow", head: t.say(key, &[("by", &by), ("to", &t.name(Some(*to)))]), body, ..step })
        }
        Entry::TransferTaken { from, report_on, council, .. } => {
            let key = if council.is_some() { "taken_council" } else { "taken" };
            let body = report_on.iter().map(|day| t.say("report_on", &[("day", &t.kept_day(day))])).collect();
            Some(Step { mark: "mrg", head: t.say(key, &[("by", &by), ("from", &t.name(Some(*from)))]), body, ..step })
        }
        Entry::HandOverReported { next } => {
            let body = next.iter().map(|day| t.say("report_next", &[("day", &t.kept_day(day))])).collect();
            Some(Step { mark: "acc", head: t.say("hand_over_reported", &[("by", &by)]), body, ..step })
        }
        Entry::TransferRefused { by, reason, .. } => {
            let body = vec![t.say(&format!("transfer_reasons.{reason}"), &[])];
            Some(Step { mark: "dec", head: t.say("refused", &[("by", &t.name(Some(*by)))]), body, ..step })
        }
        Entry::TransferLapsed { by } => marked("dec", "transfer_lapsed", &[("by", &t.name(Some(*by)))]),
        Entry::OfferTakenBack { to } => marked("wd", "offer_taken_back", &[("by", &by), ("to", &t.name(Some(*to)))]),
        Entry::AcceptanceUndone => marked("wd", "acceptance_undone", &[("by", &by)]),
        Entry::IssueAssigned { to } => plain(if to.is_some() { "assigned" } else { "unassigned" }, &[("by", &by)]),
        Entry::PutInHands { task, rule, instead_of, .. } => {
            let key = if rule.is_some() { "hands_rule" } else { "hands_duty" };
            let mut body = vec![];
            body.extend(task.map(|n| t.say("hands_task", &[("n", &n.to_string())])));
            body.extend(instead_of.map(|_| t.say("hands_instead", &[])));
            let n = rule.map_or_else(String::new, |n| n.to_string());
            Some(Step { head: t.say(key, &[("n", &n)]), body, ..step })
        }
        Entry::CategoryChanged { from, to } => plain("category", &[("from", &categories::name(from, t.lang)), ("to", &categories::name(to, t.lang))]),
        Entry::PlaceChanged { .. } => plain("place_changed", &[]),
        Entry::IssueDeclined { reason, .. } => {
            let body = vec![t.say(&format!("declined_because.{reason}"), &[]), t.say(&format!("declined_instead.{reason}"), &[])];
            Some(Step { mark: "dec", id: Some("accepted"), head: t.say("declined", &[("by", &by)]), body, ..step })
        }
        Entry::IssueWithdrawn => marked("wd", "withdrawn", &[]),
        Entry::RoundGivenUp => marked("wd", "round_given_up", &[("by", &by)]),
        Entry::IssueLongTerm { review_on, .. } => {
            let plan = t.m.issue.plan.clone().filter(|_| t.reader != Reader::Public);
            Some(Step {
                mark: "long",
                head: t.say("long_term", &[("by", &by), ("day", &t.kept_day(review_on))]),
                body: plan.into_iter().collect(),
                ..step
            })
        }
        Entry::IssueResumed => plain("resumed", &[("by", &by)]),
        Entry::IssueDone { by, .. } => {
            Some(Step { class: "", mark: "done", id: Some("tasks"), head: t.say("done", &[("by", &t.name(Some(*by)))]), ..step })
        }
        Entry::IssueContested { yes, half, no, .. } => {
            let body = vec![t.say("contested_by", &[("yes", &yes.to_string()), ("half", &half.to_string()), ("no", &no.to_string())])];
            Some(Step { class: "bad", mark: "bad", id: Some("confirmed"), head: t.say("contested", &[]), body, ..step })
        }
        Entry::IssueClosed { by, yes, half, no, silent } => {
            let key = match by {
                ClosedBy::Reporter => "closed_reporter",
                ClosedBy::Council => "closed_council",
                ClosedBy::Silence => "closed_silence",
                ClosedBy::Import => "closed_import",
            };
            let tally = [("yes", yes), ("half", half), ("no", no), ("silent", silent)].map(|(k, n)| (k, n.to_string()));
            let with: Vec<(&str, &str)> = tally.iter().map(|(k, n)| (*k, n.as_str())).collect();
            let body = if *by == ClosedBy::Silence && yes + half + no == 0 { vec![] } else { vec![t.say("answered", &with)] };
            // What the council confirms rests on its last check.
            let check = t.m.last_check().filter(|_| *by == ClosedBy::Council);
            let r = check.and_then(|c| t.m.resolutions.iter().find(|r| r.id == c.resolution_id));
            let ways = effect_ways(t, r, check.and_then(|c| c.ledger_index));
            Some(Step { mark: "task", id: Some("confirmed"), head: t.say(key, &[]), body, ways, ..step })
        }
        Entry::IssueReopened => marked("work", "reopened", &[("by", &by)]),
        entry => clocks::of(t, line, &step)
            .or_else(|| links::of(t, entry, &step, &by))
            .or_else(|| measured::of(t, line, entry, &step))
            .or_else(|| work(t, line, entry, &step))
            .or_else(|| force::of(t, entry, &step))
            .or_else(|| council(t, line, entry, &step))
            .or_else(|| talk(t, line, entry, &step)),
    }
}

fn work(t: &Teller<'_>, line: &Line, entry: &Entry, step: &Step) -> Option<Step> {
    let task = |number: &i32| t.m.tasks.iter().find(|x| x.number == *number);
    let short = |mark: &'static str, key: &str, number: &i32| {
        let org = t.name(task(number).map(|x| x.organisation_id));
        Some(Step { mark, head: t.say(key, &[("by", &org), ("n", &number.to_string()), ("who", &t.name(line.by))]), ..step.clone() })
    };
    match entry {
        Entry::TaskDispatched { number, to, due, .. } => match task(number).and_then(|x| x.resolution_id) {
            Some(id) => Some(tasks_of(t, step, id, t.m.tasks.iter().filter(|x| x.resolution_id == Some(id)).collect())),
            None => {
                let words = task(number).map(|x| x.words.clone()).filter(|_| matches!(t.reader, Reader::Party | Reader::Secretary));
                let head = t.say("dispatched", &[("to", &t.name(Some(*to))), ("by", &due_by(t, *due))]);
                Some(Step { mark: "task", id: Some("tasks"), head, body: words.into_iter().collect(), ..step.clone() })
            }
        },
        // Told with the other tasks of its resolution.
        Entry::TaskDone { number, .. } | Entry::TaskVerified { number } | Entry::TaskAcknowledged { number } | Entry::TaskStarted { number }
            if t.reader == Reader::Public && task(number).is_some_and(|x| x.resolution_id.is_some()) =>
        {
            None
        }
        Entry::TaskDone { number, .. } => {
            let evidence = task(number).and_then(|x| x.evidence.clone()).filter(|_| t.reader != Reader::Public);
            short("task", "task_done", number).map(|s| Step { body: evidence.into_iter().collect(), ..s })
        }
        Entry::TaskVerified { number } => short("task", "task_verified", number),
        Entry::TaskAcknowledged { number } => short("acc", "task_acknowledged", number),
        Entry::TaskStarted { number } => short("work", "task_started", number),
        Entry::TaskAssigned { number, to } => short("acc", if to.is_some() { "task_assigned" } else { "task_unassigned" }, number),
        Entry::AcknowledgementUndone { number } => short("wd", "acknowledgement_undone", number),
        Entry::TaskSentBack { number, .. } => short("bad", "task_sent_back", number),
        Entry::TaskReturned { number, .. } => short("dec", "task_returned", number),
        Entry::TaskCancelled { number } => short("wd", "task_cancelled", number),
        _ => None,
    }
}

/// `任务 4/4 完成`: all tasks of a resolution in one step, with what each party did.
fn tasks_of(t: &Teller<'_>, step: &Step, id: crate::kernel::ids::ResolutionId, all: Vec<&Task>) -> Step {
    let live: Vec<&&Task> = all.iter().filter(|x| !matches!(x.state, TaskState::Cancelled | TaskState::Returned)).collect();
    let done = live.iter().filter(|x| !x.state.is_open()).count();
    let (n, of) = (done.to_string(), live.len().to_string());
    let body = live
        .iter()
        .map(|x| {
            let (by, words) = (t.name(Some(x.organisation_id)), x.words.as_str());
            match x.done_at {
                Some(at) => t.say("task_line_done", &[("by", &by), ("words", words), ("day", &t.day(at))]),
                None => t.say("task_line", &[("by", &by), ("words", words), ("due", &due_by(t, x.due_at))]),
            }
        })
        .collect();
    let (from, to) = (step.when.clone(), live.iter().filter_map(|x| x.done_at).max().map(|at| t.day(at)));
    let finished = done == live.len();
    let when = match to {
        Some(to) if finished && to != from => t.say("from_to", &[("from", &from), ("to", &to)]),
        _ => from,
    };
    let class = if finished { "done" } else { "now" };
    let head = t.say(if finished { "tasks_done" } else { "tasks" }, &[("n", &n), ("of", &of)]);
    Step { class, mark: if finished { "task" } else { "work" }, id: Some("tasks"), when, head, body, part: Part::Tasks(id), ..step.clone() }
}

fn council(t: &Teller<'_>, line: &Line, entry: &Entry, step: &Step) -> Option<Step> {
    let numbered = |mark: &'static str, key: &str, n: i32| Some(Step { mark, head: t.say(key, &[("n", &n.to_string())]), ..step.clone() });
    let named = |mark: &'static str, key: &str, id| Some(Step { mark, head: t.say(key, &[("by", &t.name(Some(id)))]), ..step.clone() });
    let resolution = |year: i32, serial: i32| t.m.resolutions.iter().find(|r| r.year == year && r.serial == serial);
    match entry {
        Entry::ItemProposed { source, .. } => Some(Step { mark: "agenda", head: t.say(&format!("proposed.{source}"), &[]), ..step.clone() }),
        Entry::ItemListed { meeting, meeting_number, .. } => {
            let met = t.m.meetings.iter().find(|x| x.id == *meeting);
            let at = met.map(|x| dates::moment(x.starts_at, t.now, t.lang)).unwrap_or_default();
            let again = t.m.lines.iter().filter(|l| matches!(l.entry, Entry::ItemListed { .. }) && l.at < line.at).count() > 0;
            let item = t.m.items.iter().find(|x| x.meeting_id == Some(*meeting) && x.public);
            let body = item.map(|x| x.question.clone()).filter(|q| !q.is_empty()).into_iter().collect();
            let root = met.map_or_else(|| format!("/b/{}", t.building.slug), |x| t.m.root_of(x.council_id, t.building));
            let href = format!("{root}/meetings/{meeting_number}");
            let ways = vec![Way { href, word: t.say("meeting_way", &[("n", &meeting_number.to_string())]) }];
            let key = if again { "listed_again" } else { "listed" };
            Some(Step { mark: "agenda", head: t.say(key, &[("n", &meeting_number.to_string()), ("at", &at)]), body, ways, ..step.clone() })
        }
        Entry::ItemMoved { meeting, meeting_number, from, to } => {
            let met = t.m.meetings.iter().find(|x| x.id == *meeting);
            let root = met.map_or_else(|| format!("/b/{}", t.building.slug), |x| t.m.root_of(x.council_id, t.building));
            let with = [("n", meeting_number.to_string()), ("from", dates::moment(*from, t.now, t.lang)), ("to", dates::moment(*to, t.now, t.lang))];
            let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let ways = vec![Way { href: format!("{root}/meetings/{meeting_number}"), word: t.say("meeting_way", &with[..1]) }];
            Some(Step { mark: "agenda", head: t.say("item_moved", &with), ways, ..step.clone() })
        }
        Entry::ItemUnlisted { meeting_number } => numbered("agenda", "unlisted", *meeting_number),
        Entry::ItemWithdrawn => Some(Step { mark: "agenda", head: t.say("item_withdrawn", &[]), ..step.clone() }),
        Entry::ItemDeferred { to } => Some(Step { mark: "agenda", head: t.say("deferred", &[("day", &t.kept_day(to))]), ..step.clone() }),
        Entry::ItemReferred { .. } => {
            let words = t.m.items.iter().rev().filter(|x| x.public).find_map(|x: &Item| x.outcome_words.clone());
            Some(Step { mark: "arrow", head: t.say("referred", &[]), body: words.into_iter().collect(), ..step.clone() })
        }
        Entry::MotionPut { number, .. } => numbered("agenda", "motion_put", *number),
        Entry::MotionWithdrawn { number } => numbered("agenda", "motion_withdrawn", *number),
        Entry::VoteOpened { number } => numbered("agenda", "vote_opened", *number),
        Entry::MotionAmended { number, by, .. } => {
            Some(Step { mark: "agenda", head: t.say("motion_amended", &[("n", &number.to_string()), ("by", &by.to_string())]), ..step.clone() })
        }
        Entry::ObjectionHeard { number, .. } => numbered("dec", "objection_heard", *number),
        // A motion that is carried is told as the resolution that it became.
        Entry::VoteClosed { outcome, .. } if outcome.carried() => None,
        Entry::VoteClosed { outcome, sum, .. } => Some(Step {
            class: "",
            mark: "no",
            head: t.say(&format!("voted.{}", outcome.as_str()), &[]),
            body: vec![arithmetic(t, sum)],
            ..step.clone()
        }),
        Entry::UndertakingAsked { undertaking, organisation, .. } => {
            // What was signed is said where it was signed.
            let signed = t.m.lines.iter().any(|l| matches!(&l.entry, Entry::UndertakingSigned { undertaking: u, .. } if u == undertaking));
            let step = named("reso", "undertaking_asked", *organisation)?;
            Some(if signed { step } else { promised(t, *undertaking, step) })
        }
        Entry::UndertakingSigned { undertaking, organisation, .. } => {
            Some(promised(t, *undertaking, named("task", "undertaking_signed", *organisation)?))
        }
        Entry::UndertakingChangesAsked { organisation, .. } => named("abs", "undertaking_changes", *organisation),
        Entry::UndertakingRefused { organisation, .. } => named("dec", "undertaking_refused", *organisation),
        Entry::UndertakingLapsed { organisation, .. } => named("off", "undertaking_lapsed", *organisation),
        Entry::ResolutionLapsed { year, serial } => {
            Some(Step { class: "bad", mark: "bad", head: t.say("lapsed", &[("label", &label(t, *year, *serial))]), ..step.clone() })
        }
        Entry::ResolutionAdopted { year, serial, sum, .. } => {
            let r = resolution(*year, *serial);
            let title = r.map(|r| r.title.as_str()).unwrap_or_default();
            let head = t.say("adopted", &[("label", &label(t, *year, *serial)), ("title", title)]);
            let ways = r.map(|r| way_to(t, r)).into_iter().collect();
            Some(Step { mark: "reso", head, body: vec![arithmetic(t, sum)], ways, part: Part::Adopted, ..step.clone() })
        }
        Entry::ResolutionPublished { year, serial, position } => {
            let ways = vec![ledger_way(t, *position)];
            Some(Step { mark: "led", id: Some("ledger"), head: t.say("published", &[("label", &label(t, *year, *serial))]), ways, ..step.clone() })
        }
        Entry::EditionPublished { number, position, .. } => {
            let edition = t.m.stories.iter().map(|(_, e)| e).find(|e| e.number == *number);
            let title = edition.map(|e| e.title.as_str()).unwrap_or_default();
            let mut ways = vec![];
            if edition.is_some_and(|e| e.building_id.is_some()) {
                let href = format!("/b/{}/bulletin/{number}", t.building.slug);
                ways.push(Way { href, word: t.say("edition_way", &[]) });
            }
            ways.push(ledger_way(t, *position));
            Some(Step {
                mark: "pub",
                id: Some("published"),
                head: t.say("edition", &[("title", title), ("n", &number.to_string())]),
                ways,
                ..step.clone()
            })
        }
        _ => None,
    }
}

/// What was promised, and the resolution that rests on it: for those inside at once, for everybody once that is published.
fn promised(t: &Teller<'_>, id: UndertakingId, step: Step) -> Step {
    let Some(u) = t.m.undertakings.iter().find(|u| u.id == id) else { return step };
    let r = t.m.resolutions.iter().find(|r| Some(r.id) == u.resolution_id);
    let open = matches!(t.reader, Reader::Party | Reader::Secretary)
        || r.is_some_and(|r| r.published_at.is_some() && t.m.items.iter().any(|i| i.id == u.item_id && i.public));
    if !open {
        return step;
    }
    let body = vec![t.say("undertaken", &[("words", &u.words), ("due", &due_by(t, u.due_at))])];
    Step { body, ways: r.map(|r| way_to(t, r)).into_iter().collect(), ..step }
}

/// Where the effect of a resolution is drawn, and where the check of it stands in the ledger.
pub(super) fn effect_ways(t: &Teller<'_>, r: Option<&Resolution>, entry: Option<i64>) -> Vec<Way> {
    let drawn = r.map(|r| Way {
        href: format!("{}/resolutions/{}#effect", t.m.root_of(r.council_id, t.building), r.address()),
        word: t.say("effect_way", &[]),
    });
    drawn.into_iter().chain(entry.map(|n| ledger_way(t, n.unsigned_abs()))).collect()
}

/// `12席有权，要7席赞成：9赞成，2反对，1弃权`; without a count it was agreed that nobody objects.
fn arithmetic(t: &Teller<'_>, sum: &Arithmetic) -> String {
    let key = if sum.yes + sum.no + sum.abstain == 0 {
        "sum_consensus"
    } else if sum.weights.is_some() {
        "sum_weighed"
    } else if sum.recused > 0 {
        "sum_recused"
    } else {
        "sum"
    };
    let numbers = [
        ("seats", sum.seats),
        ("recused", sum.recused),
        ("eligible", sum.seats - sum.recused),
        ("present", sum.present),
        ("needed", sum.needed),
        ("yes", sum.yes),
        ("no", sum.no),
        ("abstain", sum.abstain),
        ("objections", sum.objections),
        ("base", sum.weights.map_or(0, |w| w.base)),
        ("weight_yes", sum.weights.map_or(0, |w| w.yes)),
        ("weight_no", sum.weights.map_or(0, |w| w.no)),
        ("weight_abstain", sum.weights.map_or(0, |w| w.abstain)),
    ]
    .map(|(k, n)| (k, n.to_string()));
    let with: Vec<(&str, &str)> = numbers.iter().map(|(k, n)| (*k, n.as_str())).collect();
    t.say(key, &with)
}

pub(super) fn label(t: &Teller<'_>, year: i32, serial: i32) -> String {
    match t.m.resolutions.iter().find(|r| r.year == year && r.serial == serial) {
        Some(r) => t.m.label_of(r, t.building),
        None => resolutions::number(&t.building.short, year, serial),
    }
}

fn way_to(t: &Teller<'_>, r: &Resolution) -> Way {
    Way { href: format!("{}/resolutions/{}", t.m.root_of(r.council_id, t.building), r.address()), word: t.say("resolution_way", &[]) }
}

fn ledger_way(t: &Teller<'_>, position: u64) -> Way {
    Way { href: ledger_entry(position as i64), word: t.say("ledger_way", &[("n", &position.to_string())]) }
}

fn due_by(t: &Teller<'_>, at: chrono::DateTime<chrono::Utc>) -> String {
    dates::until(at, t.now, t.lang)
}
