//! The chain strip: five stops for what never reaches a council, nine for what does. One lamp, where the matter is now.

use serde::Serialize;

use super::matter::Matter;
use super::{ledger_entry, word};
use crate::domain::buildings::Building;
use crate::domain::effect_checks::Verdict;
use crate::domain::issues::{ClosedBy, IssueState};
use crate::domain::journal::Entry;
use crate::domain::meetings::MeetingState;
use crate::domain::tasks::TaskState;
use crate::kernel::dates;
use crate::kernel::i18n::Lang;

/// A link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// 报事
    Reports,
    /// 受理
    Acceptance,
    /// 上会
    Meeting,
    /// 决议
    Resolution,
    /// 任务
    Tasks,
    /// 核验
    Check,
    /// 确认
    Confirmation,
    /// 刊登
    Publication,
    /// 入账
    Ledger,
}

const NINE: [Link; 9] =
    [Link::Reports, Link::Acceptance, Link::Meeting, Link::Resolution, Link::Tasks, Link::Check, Link::Confirmation, Link::Publication, Link::Ledger];
const FIVE: [Link; 5] = [Link::Reports, Link::Acceptance, Link::Tasks, Link::Check, Link::Confirmation];

/// One stop. In templates: `{{> parts/chain stops=chain}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Stop {
    /// Its word.
    pub word: String,
    /// The icon of the sprite.
    pub mark: &'static str,
    /// `done`, `now`, `bad`, `ok`, `todo`, `na`.
    pub class: &'static str,
    /// How many, above it.
    pub count: Option<String>,
    /// Where it is to be read; of several, where all of them stand: beside the story.
    pub href: Option<String>,
    /// The page that is open.
    pub here: bool,
}

/// The chain of a matter, as seen from one of its links, or from a page that holds them all. A reader has one place at
/// which to look: the page that is open is marked only where the lamp is not lit elsewhere.
pub fn of(m: &Matter, building: &Building, here: impl Into<Option<Link>>, lang: Lang) -> Vec<Stop> {
    let way: &[Link] = if m.tabled() { &NINE } else { &FIVE };
    let lamp = lamp(m);
    let here = here.into().filter(|h| lamp.is_none_or(|l| l == *h));
    way.iter().map(|link| stop(m, building, *link, lamp, here, lang)).collect()
}

/// Where the matter is now; nowhere once it is over.
fn lamp(m: &Matter) -> Option<Link> {
    let planned = m.checks.iter().any(|c| c.verdict.is_none());
    Some(match m.issue.state {
        IssueState::Received => Link::Reports,
        IssueState::Accepted | IssueState::LongTerm => Link::Acceptance,
        IssueState::InWork | IssueState::Decided => Link::Tasks,
        // Adopted, and not everyone who must act has signed.
        IssueState::OnAgenda if last(m, |e| matches!(e, Entry::ResolutionAdopted { .. })) > last(m, |e| matches!(e, Entry::ItemListed { .. })) => {
            Link::Resolution
        }
        IssueState::OnAgenda => Link::Meeting,
        IssueState::Done if planned => Link::Check,
        IssueState::Done => Link::Confirmation,
        _ => return None,
    })
}

fn last(m: &Matter, of: fn(&Entry) -> bool) -> Option<usize> {
    m.lines.iter().rposition(|l| of(&l.entry))
}

fn stop(m: &Matter, building: &Building, link: Link, lamp: Option<Link>, here: Option<Link>, lang: Lang) -> Stop {
    let page = m.href(building);
    let key = match link {
        Link::Reports => "reports",
        Link::Acceptance => "acceptance",
        Link::Meeting => "meeting",
        Link::Resolution => "resolution",
        Link::Tasks if m.tabled() => "tasks",
        Link::Tasks => "work",
        Link::Check => "check",
        Link::Confirmation => "confirmation",
        Link::Publication => "publication",
        Link::Ledger => "ledger",
    };
    let class = class(m, link, lamp);
    let live: Vec<_> = m.tasks.iter().filter(|t| !matches!(t.state, TaskState::Cancelled | TaskState::Returned)).collect();
    let ready = live.iter().filter(|t| !t.state.is_open()).count();
    let made = m.checks.iter().filter(|c| c.verdict.is_some()).count();
    let times = |n: usize, key: &str| (n > 0).then(|| lang.say(key, &[("n", &n.to_string())]));
    let (mark, count, href) = match link {
        // Nobody reported what comes from a plan or was found.
        Link::Reports => ("reg", (m.issue.reports > 0).then(|| m.issue.reports.to_string()), Some(format!("{page}#reports"))),
        Link::Acceptance => {
            let mark = match m.issue.state {
                IssueState::Declined => "dec",
                IssueState::LongTerm => "long",
                _ => "mrg",
            };
            (mark, None, Some(format!("{page}#accepted")))
        }
        Link::Meeting => {
            let way = match &*m.meetings {
                [] => format!("/b/{}/council", building.slug),
                [only] => format!("{}/meetings/{}", m.root_of(only.council_id, building), only.number),
                _ => format!("{page}#meetings"),
            };
            // Where the meeting that it waits for was moved, the strip says to when.
            let moved = m.meetings.iter().rev().find(|x| x.state == MeetingState::Called && x.moved_from.is_some()).map(|x| {
                let day = dates::local(x.starts_at).date();
                lang.say("story.meeting_moved_to", &[("at", &dates::short(day, day, lang))])
            });
            let moved = moved.filter(|_| lamp == Some(Link::Meeting));
            ("agenda", moved.or_else(|| times(m.meetings.len(), "story.chain.times")), Some(way))
        }
        Link::Resolution => {
            let way = match &*m.resolutions {
                [] => None,
                [only] => Some(format!("{}/resolutions/{}", m.root_of(only.council_id, building), only.address())),
                _ => Some(format!("{page}#resolutions")),
            };
            ("reso", times(m.resolutions.len(), "story.chain.copies"), way)
        }
        Link::Tasks => ("task", (!live.is_empty()).then(|| format!("{ready}/{}", live.len())), Some(format!("{page}#tasks"))),
        Link::Check => {
            let mark = if class == "bad" { "bad" } else { "task" };
            (mark, times(made, "story.chain.times"), Some(format!("{page}#check")))
        }
        Link::Confirmation => ("task", None, Some(format!("{page}#confirmed"))),
        Link::Publication => {
            let last = m.stories.last().map(|(_, e)| match e.building_id {
                Some(_) => format!("/b/{}/bulletin/{}", building.slug, e.number),
                None => format!("{page}#published"),
            });
            ("pub", None, last)
        }
        Link::Ledger => ("led", None, m.ledger().map(|(n, _)| ledger_entry(n))),
    };
    // What hasn't been reached has nothing to be read.
    let href = href.filter(|_| !matches!(class, "todo" | "na"));
    let mark = if class == "todo" || (class == "now" && matches!(link, Link::Tasks | Link::Check | Link::Confirmation)) { "reg" } else { mark };
    Stop { word: word(lang, &format!("story.chain.{key}")).into_owned(), mark, class, count, href, here: here == Some(link) }
}

fn class(m: &Matter, link: Link, lamp: Option<Link>) -> &'static str {
    if Some(link) == lamp {
        return "now";
    }
    let state = m.issue.state;
    let happened = match link {
        Link::Reports => true,
        Link::Acceptance if state == IssueState::Declined => return "done",
        Link::Acceptance => m.issue.accepted_at.is_some(),
        Link::Meeting => !m.meetings.is_empty(),
        Link::Resolution => !m.resolutions.is_empty(),
        Link::Tasks => m.tasks.iter().any(|t| !t.state.is_open()) || m.issue.done_at.is_some(),
        Link::Check => match m.last_check().and_then(|c| c.verdict) {
            Some(Verdict::Effective) => return "ok",
            Some(Verdict::Ineffective) => return "bad",
            Some(Verdict::Partly) => true,
            None => !m.tabled() && m.tasks.iter().any(|t| t.state == TaskState::Verified),
        },
        // Over when it came from a former system: nobody here has confirmed it.
        Link::Confirmation => state == IssueState::Closed && m.issue.closed_by != Some(ClosedBy::Import),
        Link::Publication => !m.stories.is_empty(),
        Link::Ledger => m.ledger().is_some(),
    };
    if happened {
        return "done";
    }
    // Over, or past it: this way never led here.
    let past = lamp.is_some_and(|l| l > link);
    if (!state.is_open() && !matches!(link, Link::Publication | Link::Ledger))
        || matches!(state, IssueState::Declined | IssueState::Merged | IssueState::Withdrawn)
        || past
    {
        "na"
    } else {
        "todo"
    }
}
