//! A deliberation as pages show it: on its own page, and among an item's papers.

use serde::Serialize;

use crate::domain::deliberation::{self, FEW, Leaning, OpenTo, Stance};
use crate::domain::meetings::items::Item;
use crate::domain::rights::Right;
use crate::domain::{organisations, persons};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::shown::charts::Figure;
use crate::web::shown::charts::columns::{self, Column};
use crate::web::shown::charts::queue::clock;

#[derive(Clone, Debug, Serialize)]
pub struct OptionLine {
    pub number: i32,
    pub title: String,
    words: String,
    costs: String,
    doers: String,
    /// Which way the seats lean.
    fors: usize,
    against: usize,
    unsure: usize,
    leaned: bool,
    /// The caller's own seat.
    mine: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct PositionLine {
    number: i32,
    organisation: String,
    due: String,
    late: bool,
    words: Option<String>,
    said: Option<String>,
    /// The caller speaks for this party.
    pub own: bool,
    version: i32,
    /// The name of its form, and the form itself where the caller may answer.
    pub of: String,
    pub answer: Option<FormState>,
    #[serde(skip)]
    pub wrote: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct RemarkLine {
    stance: String,
    class: &'static str,
    about: Option<i32>,
    words: String,
    who: String,
    organisation: Option<String>,
    when: String,
}

/// When an enterprise's people clock in.
#[derive(Clone, Debug, Serialize)]
pub struct ClockInsLine {
    number: i32,
    organisation: String,
    given: String,
    chart: Option<Figure>,
    /// The caller speaks for this enterprise.
    own: bool,
}

/// What the partials read.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub options: Vec<OptionLine>,
    pub positions: Vec<PositionLine>,
    /// Those of whom nothing has been heard.
    pub silent: usize,
    pub clock_ins: Vec<ClockInsLine>,
    pub remarks: Vec<RemarkLine>,
    /// The secretary's summary, the latest.
    pub summary: Option<RemarkLine>,
}

impl Shown {
    /// For those inside.
    pub async fn of(caller: &Caller, here: &Here, item: &Item) -> Result<Self> {
        let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
        let me = caller.signed.as_ref();
        let leanings = deliberation::leanings_of(db, item.id).await?;
        let seats = here.council.seats(db).await?;
        let mine =
            me.and_then(|s| seats.iter().find(|seat| seat.person_id == Some(s.person.id)).or(seats.iter().find(|seat| seat.of_person(s.person.id))));
        let all = deliberation::options_of(db, item.id).await?;
        let options = all.iter().map(|o| {
            let n = |l: Leaning| leanings.iter().filter(|x| x.option_id == o.id && x.leaning == l).count();
            let own = leanings.iter().find(|x| x.option_id == o.id && mine.is_some_and(|s| s.id == x.seat_id));
            OptionLine {
                number: o.number,
                title: o.title.clone(),
                words: o.words.clone(),
                costs: o.costs.clone(),
                doers: o.doers.clone(),
                fors: n(Leaning::For),
                against: n(Leaning::Against),
                unsure: n(Leaning::Unsure),
                leaned: leanings.iter().any(|x| x.option_id == o.id),
                mine: own.map_or("", |x| x.leaning.as_str()),
            }
        });
        let options = options.collect();
        let asked = deliberation::positions_of(db, item.id).await?;
        // What is said among the seats is theirs, until the secretary opens it.
        let inner = here.may(caller, Right::Vote) || here.may(caller, Right::Preside) || here.may(caller, Right::Secretariat);
        let said = if inner || item.open_to == OpenTo::Enterprises { deliberation::remarks_of(db, item.id).await? } else { vec![] };
        let counted = deliberation::clock_ins_of(db, item.id).await?;
        let parties = asked.iter().map(|p| p.organisation_id).chain(said.iter().filter_map(|r| r.organisation_id));
        let parties = parties.chain(counted.iter().map(|c| c.organisation_id));
        let parties = organisations::by_ids(db, parties).await?;
        let short = |id| parties.iter().find(|o| o.id == id).map(|o| o.short(lang).to_owned());
        let people: Vec<_> = asked.iter().filter_map(|p| p.answered_by).chain(said.iter().filter_map(|r| r.person_id)).collect();
        let people = persons::by_ids(db, people).await?;
        let name = |id| people.iter().find(|p| Some(p.id) == id).map(|p| p.name(lang).to_owned());
        let speaks = |id| me.is_some_and(|s| s.memberships.iter().any(|m| m.organisation_id == id && m.role.may(Right::Work)));
        let positions: Vec<PositionLine> = asked
            .iter()
            .map(|p| PositionLine {
                number: p.number,
                organisation: short(p.organisation_id).unwrap_or_default(),
                due: dates::due(p.due_at, now, &caller.house.calendar(), lang).by,
                late: p.late(now),
                of: format!("answer-{}", p.number),
                answer: None,
                wrote: p.words.clone(),
                words: p.words.clone(),
                said: p.answered_at.map(|at| {
                    let (who, when) = (name(p.answered_by).unwrap_or_default(), dates::moment(at, now, lang));
                    lang.say("deliberation.said_by", &[("who", &who), ("when", &when)])
                }),
                own: speaks(p.organisation_id),
                version: p.version,
            })
            .collect();
        let today = dates::local(now).date();
        let clock_ins = counted
            .iter()
            .map(|c| {
                let (name, people) = (short(c.organisation_id).unwrap_or_default(), c.people()?);
                let day = dates::parse(&c.day).map_or_else(|| c.day.clone(), |d| dates::day(d, today, lang));
                let sum = people.iter().sum::<u32>().to_string();
                Ok(ClockInsLine {
                    number: c.number,
                    chart: clock_ins_chart(c.first_minute.unsigned_abs(), &people, lang),
                    given: lang.say("deliberation.clock_ins.given", &[("day", &day), ("n", &sum)]),
                    organisation: name,
                    own: speaks(c.organisation_id),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let mut remarks: Vec<(Stance, RemarkLine)> = said
            .iter()
            .map(|r| {
                let line = RemarkLine {
                    stance: lang.t(&format!("deliberation.stance.{}", r.stance.as_str())),
                    class: r.stance.as_str(),
                    about: r.option_id.and_then(|id| all.iter().find(|o| o.id == id)).map(|o| o.number),
                    words: r.words.clone(),
                    who: name(r.person_id).unwrap_or_default(),
                    organisation: r.organisation_id.and_then(short),
                    when: dates::moment(r.created_at, now, lang),
                };
                (r.stance, line)
            })
            .collect();
        let summary = remarks.iter().rposition(|(s, _)| *s == Stance::Summary).map(|at| remarks.remove(at).1);
        Ok(Self {
            options,
            silent: positions.iter().filter(|p| p.words.is_none()).count(),
            positions,
            clock_ins,
            remarks: remarks.into_iter().map(|(_, line)| line).collect(),
            summary,
        })
    }

    /// Nothing has been put, asked or said.
    pub fn is_empty(&self) -> bool {
        self.options.is_empty() && self.positions.is_empty() && self.clock_ins.is_empty() && self.remarks.is_empty() && self.summary.is_none()
    }
}

/// Columns of five minutes. Of fewer than five people it is only said that there were some.
fn clock_ins_chart(first: u32, people: &[u32], lang: Lang) -> Option<Figure> {
    let few = |n: u32| (n > 0 && n < FEW).then(|| lang.say("deliberation.clock_ins.few", &[("n", &FEW.to_string())]));
    let at = |i: usize| clock(first + i as u32 * 5);
    let all: Vec<Column> = people.iter().enumerate().map(|(i, n)| Column { at: at(i), value: *n, said: few(*n) }).collect();
    let (most_at, most) = people.iter().enumerate().max_by_key(|(i, n)| (**n, std::cmp::Reverse(*i)))?;
    let caption = lang.say("deliberation.clock_ins.caption", &[("from", &at(most_at)), ("to", &at(most_at + 1)), ("n", &most.to_string())]);
    columns::draw(&all, caption, [lang.t("deliberation.clock_ins.from"), lang.t("deliberation.clock_ins.people")])
}
