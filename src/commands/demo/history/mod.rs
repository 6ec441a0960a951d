//! Two years of history: everything is planned first, then played in the order of time, as far as today.

mod announced;
mod councils;
mod grouped;
mod handled;
mod hands;
mod imported;
mod maintained;
mod matters;
mod moves;
mod owned;
mod papers;
mod proofs;
mod reporters;
mod scripted;
mod supervised;
mod talk;
pub mod words;

pub use matters::Script;
pub use moves::Move;
pub use reporters::Said;
pub use scripted::{Scripted, instant};
pub use words::{Text, Words};

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};

use serde::Deserialize;

use super::cue::{Due, Player};
use super::data;
use super::furnish;
use super::lift_case::{self, FrontPage, LiftCase, Measured};
use super::rhythm::Rhythm;
use super::stage::Stage;
use super::world::World;
use super::{Options, at};
use crate::kernel::act::Actor;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{IssueId, OrganisationId, ReportId};
use announced::Announced;
use councils::{Sitting, Step};
use maintained::Care;
use matters::Planner;
use moves::Matter;
use owned::Owned;
use supervised::Late;
use talk::Writing;

/// The seed of all chances: the same history for everybody.
pub const SEED: u64 = 214;

/// Something that will happen.
pub enum Deed {
    /// A matter moves.
    Move(usize, Move),
    /// A meeting is prepared, held, followed up.
    Sit(usize, Step),
    /// The figures of the lift case are taken.
    Measured(usize, Measured),
    /// A bulletin comes out: of a building, or of the district.
    Paper(Option<usize>),
    /// The reporters' time has lapsed for some matter.
    Lapse,
    /// A resolution has been displayed long enough.
    TakeEffect,
    /// An enterprise gives out slips.
    Slips {
        of: OrganisationId,
        n: i32,
    },
    /// Whoever reported last at this instant proves where they work.
    Prove {
        m: usize,
        of: OrganisationId,
    },
    /// A few of those that silence closed are drawn; the secretary asks about them.
    Draw,
    CallBack,
    /// Somebody writes.
    Write(Writing),
    /// The property manager says what will not work.
    Announce(Box<Announced>),
    /// The owners' roll, and what they decide together.
    Own(Owned),
    /// Groups are told from now on.
    Group,
    /// A tower's manager brings over what it kept before.
    Import,
    /// Something stayed late.
    Late(Late),
    /// What is done again and again is planned, made, done.
    Maintain(Care),
}

/// What has been planned and what has become of it.
pub struct History {
    pub world: World,
    matters: Vec<Matter>,
    /// Matters that the data name.
    keys: HashMap<String, usize>,
    sittings: Vec<Sitting>,
    front_page: FrontPage,
    /// Councils that will be founded: of a building, or of the district.
    foundings: Vec<(DateTime<Utc>, Option<usize>)>,
    steps: Vec<(DateTime<Utc>, Deed)>,
    ready: proofs::Ready,
    /// The midnight whose lapses are done: several matters lapse at one.
    lapsed: Option<DateTime<Utc>>,
}

/// `demo/today.toml`.
#[derive(Deserialize)]
struct Today {
    #[serde(rename = "matter")]
    matters: Vec<Scripted>,
}

/// The number that the lift case's matter has in its building.
const LIFT_NUMBER: usize = 214;
/// Between these instants only what the lift case's script says happens in its building, so that the numbers hold.
const QUIET: (&str, &str) = ("2026-03-02 09:20", "2026-03-09 12:30");
/// Ordinary matters a week: in the lift case's building after it, and in the others.
const PER_WEEK: [f64; 4] = [4.0, 1.1, 0.9, 0.7];

impl History {
    /// Plans everything between the founding and now; councils meet more often beside so many generated matters.
    pub fn plan(world: World, rhythm: &mut Rhythm, from: DateTime<Utc>, now: DateTime<Utc>, generated: u32) -> Result<Self> {
        let case = lift_case::read()?;
        let mut history = Self::empty(world, &case)?;
        let today: Today = data::read("today", include_str!("../../../../demo/today.toml"))?;
        history.case(rhythm, case, today.matters, now)?;
        history.plan_proofs()?;
        history.plan_announcements(rhythm, now)?;
        history.plan_owners(rhythm, now)?;
        history.plan_groups(rhythm, now);
        history.plan_import(rhythm, now);
        history.plan_maintenance(rhythm, now);
        history.plan_call_backs(rhythm, now);
        history.plan_writing(now);
        history.councils(rhythm, now, generated, |_| true)?;
        history.ordinary(rhythm, from, now)?;
        history.papers(now);
        history.plan_supervision(rhythm, now)?;
        history.release_in_time(rhythm);
        Ok(history)
    }

    /// Plans the lift case alone: its matters, the sessions that treat them, and the edition that tells of it.
    pub fn plan_lift_case(world: World, rhythm: &mut Rhythm, until: DateTime<Utc>) -> Result<Self> {
        let case = lift_case::read()?;
        let keys: Vec<String> = case.keys().map(str::to_owned).collect();
        let mut history = Self::empty(world, &case)?;
        history.case(rhythm, case, vec![], until)?;
        history.councils(rhythm, until, 0, |meeting| meeting.treated(&keys, until))?;
        history.at(papers::lift_case_out(), Deed::Paper(Some(0)));
        Ok(history)
    }

    fn empty(world: World, case: &LiftCase) -> Result<Self> {
        let mut foundings: Vec<_> = world.homes.iter().enumerate().map(|(i, h)| (at(h.seats.founded, 14, 0), Some(i))).collect();
        foundings.push((at(data::district()?.council.founded, 14, 0), None));
        foundings.sort();
        let front_page = case.edition.clone();
        Ok(Self {
            world,
            matters: vec![],
            keys: HashMap::new(),
            sittings: vec![],
            front_page,
            foundings,
            steps: vec![],
            ready: proofs::Ready::default(),
            lapsed: None,
        })
    }

    /// Plans the matters of the lift case, and others that are written down as they are.
    fn case(&mut self, rhythm: &mut Rhythm, mut case: LiftCase, others: Vec<Scripted>, now: DateTime<Utc>) -> Result<()> {
        for script in case.scripts().into_iter().chain(others) {
            let key = script.key.clone();
            let (matter, script) = script.plan(&self.world, rhythm, now, &|k| self.keys.get(k).copied())?;
            let m = self.add(matter, script);
            self.keys.insert(key, m);
        }
        let lift = lift_case::key(&self.keys, "lift")?;
        case.plan(self, rhythm, lift)
    }

    /// Plans ordinary matters; in the lift case's building so many before it that it gets its number.
    fn ordinary(&mut self, rhythm: &mut Rhythm, from: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let words = words::read()?;
        let (quiet_from, quiet_until) = (instant(QUIET.0)?, instant(QUIET.1)?);
        let (from, until) = (from + Duration::days(2), now - Duration::minutes(5));
        let known = self.filed_before(quiet_from);
        let mut filed: Vec<(DateTime<Utc>, usize)> = vec![];
        for (home, per_week) in PER_WEEK.into_iter().enumerate() {
            let spans = if home == 0 {
                vec![(from, quiet_from, (LIFT_NUMBER - 1).saturating_sub(known)), (quiet_until, until, weekly(quiet_until, until, per_week))]
            } else {
                vec![(from, until, weekly(from, until, per_week))]
            };
            for (a, b, n) in spans {
                filed.extend(rhythm.instants(n, a, b).into_iter().map(|t| (t, home)));
            }
        }
        filed.sort();
        let mut planned = vec![];
        let mut planner = Planner::new(&self.world, &words, rhythm);
        for (t, home) in filed {
            planned.push(planner.ordinary(self.matters.len() + planned.len(), home, t)?);
        }
        for (matter, script) in planned {
            self.add(matter, script);
        }
        Ok(())
    }

    /// Whoever speaks is read within the two working days that the pages promise: where a script releases nothing in
    /// time, the secretary does on the next working day. So only what came in lately waits.
    fn release_in_time(&mut self, rhythm: &Rhythm) {
        let (mut said, mut released, mut withdrawn) = (vec![], HashMap::<usize, Vec<DateTime<Utc>>>::new(), HashSet::new());
        for (t, deed) in &self.steps {
            match deed {
                Deed::Move(m, Move::File(s) | Move::MeToo(s)) if !s.words.is_empty() || s.photo.is_some() => said.push((*t, *m)),
                // Their words come along.
                Deed::Move(_, Move::MergeInto { other, .. }) => said.push((*t, *other)),
                Deed::Move(m, Move::Release { .. }) => released.entry(*m).or_default().push(*t),
                Deed::Move(m, Move::Withdraw) => {
                    withdrawn.insert(*m);
                }
                _ => {}
            }
        }
        said.sort_unstable();
        for (t, m) in said.into_iter().filter(|(_, m)| !withdrawn.contains(m)) {
            let by = rhythm.calendar.due(t, 2).at;
            let times = released.entry(m).or_default();
            if times.iter().any(|r| *r > t && *r <= by) {
                continue;
            }
            let next = at(rhythm.calendar.due(t, 1).last_day, 17, 20);
            times.push(next);
            self.steps.push((next, Deed::Move(m, Move::Release { summary: None })));
        }
    }

    /// The matter with a key: which, and its reports.
    pub fn known(&self, key: &str) -> Option<(IssueId, &[ReportId])> {
        let matter = self.matters.get(*self.keys.get(key)?)?;
        Some((matter.issue?, &matter.reports))
    }

    /// How many matters of the lift case's building are already planned before an instant.
    fn filed_before(&self, until: DateTime<Utc>) -> usize {
        let filed = |(t, deed): &&(DateTime<Utc>, Deed)| matches!(deed, Deed::Move(m, Move::File(_)) if *t < until && self.matters[*m].home == 0);
        self.steps.iter().filter(filed).count()
    }

    /// Plans a deed.
    pub fn at(&mut self, t: DateTime<Utc>, deed: Deed) {
        self.steps.push((t, deed));
    }

    /// Takes a matter and its script into the plan; gives its number.
    fn add(&mut self, matter: Matter, script: Script) -> usize {
        let m = self.matters.len();
        self.matters.push(matter);
        self.extend(m, script);
        m
    }

    /// Adds to what happens to a matter.
    pub fn extend(&mut self, m: usize, script: Script) {
        self.steps.extend(script.moves.into_iter().map(|(t, mv)| (t, Deed::Move(m, mv))));
        // A minute after the end: what Louyi does by itself it does soon, not at once.
        self.steps.extend(script.lapses.into_iter().map(|t| (t + Duration::minutes(1), Deed::Lapse)));
    }

    /// Founds the councils that there are at an instant.
    pub async fn found(&mut self, stage: &mut Stage, until: DateTime<Utc>) -> Result<()> {
        while let Some((t, home)) = self.foundings.first().copied().filter(|(t, _)| *t <= until) {
            self.foundings.remove(0);
            furnish::found_council(stage, &mut self.world, t, home).await?;
        }
        Ok(())
    }

    /// What was planned until an instant, in the order of time.
    pub fn due(&mut self, until: DateTime<Utc>) -> Vec<(DateTime<Utc>, Deed)> {
        let mut steps = std::mem::take(&mut self.steps);
        steps.retain(|(t, _)| *t < until);
        steps.sort_by_key(|(t, _)| *t);
        steps
    }

    /// Plays what was planned until now.
    pub async fn play(&mut self, stage: &mut Stage, now: DateTime<Utc>, options: &Options) -> Result<()> {
        let steps = self.due(now);
        let bar = options.bar(steps.len() as u64);
        for (t, deed) in steps {
            bar.inc(1);
            self.found(stage, t).await?;
            // Each on the heap: together they would not fit on the stack of a thread.
            match deed {
                Deed::Slips { .. } | Deed::Prove { .. } => Box::pin(self.prove(stage, t, deed)).await?,
                Deed::Draw | Deed::CallBack => Box::pin(self.call_back(stage, t, deed)).await?,
                Deed::Write(what) => Box::pin(self.write(stage, t, what)).await?,
                Deed::Announce(one) => Box::pin(self.announce(stage, t, &one)).await?,
                Deed::Own(what) => Box::pin(self.own(stage, t, what)).await?,
                Deed::Group => Box::pin(self.group(stage, t)).await?,
                Deed::Import => Box::pin(self.import(stage, t)).await?,
                Deed::Late(what) => Box::pin(self.late(stage, t, what)).await?,
                Deed::Maintain(what) => Box::pin(self.maintain(stage, t, what)).await?,
                deed => Box::pin(self.step(stage, t, deed)).await?,
            }
        }
        self.found(stage, now).await?;
        bar.finish_and_clear();
        Box::pin(self.put_into_hands(stage, now)).await?;
        Box::pin(self.handle(stage, now)).await?;
        stage.act(now, Actor::System).await?;
        stage.commit().await
    }

    /// Plays one step.
    pub async fn step<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, deed: Deed) -> Result<()> {
        match deed {
            Deed::Move(m, mv) => {
                let issue = self.matters[m].title.clone();
                Box::pin(self.make(p, t, m, mv)).await.map_err(|e| Error::broken(format!("{issue}, {t}: {e}")))
            }
            Deed::Sit(s, step) => Box::pin(self.sit(p, t, s, step)).await.map_err(|e| Error::broken(format!("meeting at {t}: {e}"))),
            Deed::Measured(m, what) => Box::pin(self.measured(p, t, m, what)).await,
            Deed::Paper(home) => Box::pin(self.paper(p, t, home)).await,
            Deed::Lapse if self.lapsed == Some(t) => Ok(()),
            Deed::Lapse => {
                self.lapsed = Some(t);
                p.by_itself(t, Due::Lapse).await
            }
            Deed::TakeEffect => p.by_itself(t, Due::TakeEffect).await,
            // Only the stage plays them.
            Deed::Slips { .. } | Deed::Prove { .. } | Deed::Announce(_) | Deed::Group | Deed::Import | Deed::Late(_) | Deed::Maintain(_) => Ok(()),
            Deed::Draw | Deed::CallBack | Deed::Write(_) | Deed::Own(_) => Ok(()),
        }
    }
}

fn weekly(from: DateTime<Utc>, until: DateTime<Utc>, per_week: f64) -> usize {
    ((until - from).num_days().max(0) as f64 / 7.0 * per_week) as usize
}
