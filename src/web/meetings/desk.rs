//! A motion at the desk of an open session: its words, its vote as it stands, and what can be done with it now.

use serde::Serialize;

use super::motions::Text;
use crate::domain::meetings::Meeting;
use crate::domain::motions::{Method, Motion, MotionState, Roll};
use crate::domain::resolutions;
use crate::domain::votes::tally::Standing;
use crate::kernel::error::Result;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::drawn::motion_mark;
use crate::web::councils::sum::{SeatMark, Sum, marks};
use crate::web::form::FormState;

/// What the template of a motion reads.
#[derive(Serialize)]
pub struct MotionDesk {
    pub number: i32,
    action: String,
    version: i32,
    text: Text,
    pub state_key: &'static str,
    state: String,
    mark: &'static str,
    class: &'static str,
    method: String,
    sum: Option<Sum>,
    marks: Vec<SeatMark>,
    cast: usize,
    present: usize,
    /// Present seats that have not voted.
    to_record: Vec<SeatMark>,
    /// Nobody learns who said what, and nothing is told of it before the end.
    secret: bool,
    /// The chair has asked for consensus, and nobody has objected so far.
    asking: bool,
    /// Would be carried, or why not, if it were closed now.
    would: Option<String>,
    after: Option<String>,
    resolution: Option<String>,
    resolution_href: Option<String>,
    open: FormState,
    object: FormState,
    hands: FormState,
    close: FormState,
    withdraw: FormState,
}

/// A motion as the desk shows it.
pub async fn motion_desk(
    caller: &Caller,
    here: &Here,
    meeting: &Meeting,
    bench: &Bench,
    m: &Motion,
    action: &str,
    form: &FormState,
) -> Result<MotionDesk> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let roll: Roll = m.roll(db).await?;
    let rules = meeting.rules(db).await?;
    let voted = matches!(m.state, MotionState::Open | MotionState::Closed);
    let sum = if voted { Some(Sum::of_motion(m, &roll, &rules, lang)?) } else { None };
    let marks = if voted { marks(&roll, bench, lang) } else { vec![] };
    let present = roll.seats.iter().filter(|(_, s, _)| *s == Standing::Present).count();
    let cast = roll.cast();
    let open = m.state == MotionState::Open;
    let asking = open && m.method == Method::Consensus && m.objections == 0;
    let (mark, class_name) = motion_mark(m);
    let resolution = resolutions::of_motion(db, m.id).await?;
    let id = |name: &str| format!("{name}-{}", m.number);
    let sum = sum.filter(|_| !(open && roll.is_secret()));
    let would = sum.as_ref().filter(|_| open).map(|s| {
        let outcome = if asking && s.quorate { "consensus" } else { s.outcome };
        lang.t(&format!("motions.would.{outcome}"))
    });
    Ok(MotionDesk {
        number: m.number,
        action: format!("{action}/motions/{}", m.number),
        version: m.version,
        text: Text::of(caller, here, m).await?,
        state_key: m.state.as_str(),
        state: lang.t(&format!("motions.state.{}", m.state.as_str())),
        mark,
        class: class_name,
        method: lang.t(&format!("motions.method.{}", m.method.as_str())),
        to_record: marks.iter().filter(|s| open && !roll.is_secret() && s.kind.is_empty()).cloned().collect(),
        secret: roll.is_secret(),
        after: m.outcome.map(|o| lang.t(&format!("motions.after.{}", o.as_str()))),
        would,
        sum,
        marks,
        cast,
        present,
        asking,
        resolution: resolution.as_ref().map(|r| r.label(here.short())),
        resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
        open: form.or(&id("open"), [("method", "consensus".into())]),
        object: form.or(&id("object"), [("objections", "1".into())]),
        hands: form.or(&id("hands"), []),
        close: form.or(&id("close"), []),
        withdraw: form.or(&id("back"), []),
    })
}
