//! `--issues N`: generated matters beside the history, as many as are asked for, spread over buildings, states and two
//! years. They live their lives in memory and are written in blocks (`domain::issues::bulk`), all in one transaction.

use chrono::{DateTime, Duration, Utc};
use rocket::tokio::sync::mpsc;
use rocket::tokio::task::spawn_blocking;
use sea_orm::Statement;

use super::history::{Text, Words, words};
use super::rhythm::Rhythm;
use super::world::World;
use super::{Options, history};
use crate::domain::buildings::{Place, PlaceKind};
use crate::domain::categories::{self, Category};
use crate::domain::councils;
use crate::domain::issues::bulk::{self, Begin, Ground, Life, Spoken};
use crate::domain::reports::{Answer, Channel, MayKnow, ReportKind};
use crate::domain::tasks::TaskVerb;
use crate::kernel::act::{Actor, House};
use crate::kernel::calendar::Calendar;
use crate::kernel::db::execute_all;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganisationId;
use crate::kernel::keys::Keys;

/// Matters that are written together, while the next ones live.
const BATCH: usize = 2000;
/// Every so many matters one is reported under a second number.
const TWICE: usize = 40;
/// Of a hundred matters so many are in each building.
const SHARES: [u32; 4] = [40, 25, 20, 15];

/// Batches that wait to be written.
const AHEAD: usize = 2;

/// Statements that write so many matters.
type Batch = (u64, Vec<Statement>);

/// Generates and loads them.
pub async fn load(house: &House, world: &World, now: DateTime<Utc>, options: &Options) -> Result<()> {
    let mut rhythm = Rhythm::new(house.calendar(), history::SEED + 1);
    let from = now - Duration::days(730);
    let filed = rhythm.instants(options.issues as usize, from, now - Duration::minutes(10));
    let council = world.council_of(Some(0))?;
    let confirm_days = councils::by_id(house.read(), council.id).await?.rules(house.read()).await?.confirm_days.unsigned_abs();
    let mut homes: Vec<usize> = filed.iter().map(|_| rhythm.weighted(SHARES.iter().copied())).collect();
    // One of so many is the one before it, reported anew.
    (1..homes.len()).filter(|i| i % TWICE == 0).for_each(|i| homes[i] = homes[i - 1]);
    let act = house.act(Actor::System).await?;
    let mut numbers = vec![];
    for (i, home) in world.homes.iter().enumerate() {
        let n = homes.iter().filter(|h| **h == i).count() as i32;
        numbers.push(bulk::reserve(&act, home.building.id, n).await?);
    }
    let indexes = bulk::make_way(&act).await?;
    let bar = options.bar(filed.len() as u64);
    let history = Generated { world: world.clone(), now, keys: house.keys().clone(), confirm_days, filed, homes, numbers };
    let (writer, calendar) = (bulk::Writer::of(&act).await?, house.calendar());
    let (send, mut batches) = mpsc::channel::<Batch>(AHEAD);
    // The next lives are lived while the last ones are written.
    let living = spawn_blocking(move || history.live(&calendar, rhythm, writer, &send));
    while let Some((n, statements)) = batches.recv().await {
        execute_all(act.tx(), statements).await?;
        bar.inc(n);
    }
    living.await.map_err(|e| Error::broken(e.to_string()))??;
    indexes.put_back(act.tx()).await?;
    act.commit().await?;
    bar.finish_and_clear();
    Ok(())
}

/// All that the lives need.
struct Generated {
    world: World,
    now: DateTime<Utc>,
    keys: Keys,
    confirm_days: u32,
    filed: Vec<DateTime<Utc>>,
    /// In which building each was filed.
    homes: Vec<usize>,
    /// The next number of each building.
    numbers: Vec<i32>,
}

impl Generated {
    /// Lives them, batch by batch, until all are sent or nobody takes them any more.
    fn live(mut self, calendar: &Calendar, mut rhythm: Rhythm, mut writer: bulk::Writer, send: &mpsc::Sender<Batch>) -> Result<()> {
        let (world, words) = (&self.world, words::read()?);
        let ground = Ground { calendar, keys: &self.keys, confirm_days: self.confirm_days };
        let mut desks = vec![];
        for home in 0..world.homes.len() {
            let manager = &world.homes[home].manager;
            desks.push((world.worker(manager, 0)?, world.secretary(home)?, manager.id));
        }
        for (filed, homes) in self.filed.chunks(BATCH).zip(self.homes.chunks(BATCH)) {
            let mut lives = Vec::with_capacity(filed.len());
            for (i, (t, home)) in filed.iter().zip(homes).enumerate() {
                if i > 0 && i % TWICE == 0 {
                    continue;
                }
                let (staff, secretary, holder) = &desks[*home];
                let twice = (i + 1) % TWICE == 0 && i + 1 < filed.len();
                let mut maker = Maker { world, words: &words, rhythm: &mut rhythm, ground: &ground, now: self.now, staff, secretary };
                let made = maker.make(*home, self.numbers[*home], *holder, *t, twice)?;
                self.numbers[*home] += made.len() as i32;
                lives.extend(made);
            }
            let n = lives.len() as u64;
            if send.blocking_send((n, writer.statements(lives))).is_err() {
                break;
            }
        }
        Ok(())
    }
}

struct Maker<'m, 'r> {
    world: &'m World,
    words: &'m Words,
    rhythm: &'r mut Rhythm,
    ground: &'m Ground<'m>,
    now: DateTime<Utc>,
    staff: &'m Actor,
    secretary: &'m Actor,
}

impl<'m> Maker<'m, '_> {
    /// A matter, and the other that turned out to be the same, where it was reported twice.
    fn make(&mut self, home: usize, number: i32, holder: OrganisationId, filed: DateTime<Utc>, twice: bool) -> Result<Vec<Life<'m>>> {
        let month = self.rhythm.month(filed);
        let all: Vec<&'m Text> = self.words.matters.iter().filter(|t| t.months.is_empty() || t.months.contains(&month)).collect();
        let text = all[self.rhythm.weighted(all.iter().map(|t| t.weight))];
        let category: &'static Category = categories::find(&text.category).ok_or_else(|| Error::broken("no such category"))?;
        let home = &self.world.homes[home];
        let mut places: Vec<&'m Place> = home.places_of(&text.places);
        if places.is_empty() {
            places = home.places_of(&[PlaceKind::Lobby]);
        }
        let place = places[self.rhythm.below(places.len())];
        let said = self.rhythm.one(&text.words).map(String::as_str);
        let spoken = Spoken { words: said, channel: Channel::Poster, may_know: MayKnow::Nobody };
        let begin = |number| Begin { building: home.building.id, number, place, category, holder };
        let mut life = Life::begin(self.ground, filed, begin(number), spoken)?;
        let mut other = None;
        if twice {
            let words = self.rhythm.one(&text.words).map(String::as_str);
            let t = (filed + Duration::minutes(self.rhythm.between(3, 90))).min(self.now);
            let spoken = Spoken { words, channel: Channel::Web, may_know: MayKnow::Nobody };
            other = Some((t, Life::begin(self.ground, t, begin(number + 1), spoken)?));
        }
        self.live(&mut life, text, filed, other.as_mut().map(|(t, o)| (*t, o)))?;
        Ok([life].into_iter().chain(other.map(|(_, o)| o)).collect())
    }

    /// As far as today.
    fn live<'l>(&mut self, life: &mut Life<'l>, text: &Text, filed: DateTime<Utc>, other: Option<(DateTime<Utc>, &mut Life<'l>)>) -> Result<()> {
        // What was reported twice is taken seriously.
        let fate = if other.is_some() { 10 + self.rhythm.below(90) } else { self.rhythm.below(100) };
        let answered = self.rhythm.work(filed, 10, 500);
        if fate < 4 {
            let t = filed + (answered - filed) / 2;
            return if t < self.now { life.withdraw(t) } else { Ok(()) };
        }
        for _ in 0..[0, 0, 0, 1, 1, 2, 5][self.rhythm.below(7)] {
            let t = filed + Duration::minutes(self.rhythm.between(2, 600));
            if t < answered.min(self.now) {
                let words = self.rhythm.percent(40).then(|| self.rhythm.one(&self.words.speech.me_too).map(String::as_str)).flatten();
                life.report(self.ground, t, ReportKind::MeToo, Spoken { words, channel: Channel::Web, may_know: MayKnow::Nobody })?;
            }
        }
        if answered >= self.now {
            return Ok(());
        }
        if fate < 10 {
            let Some(d) = self.rhythm.one(&self.words.declines) else { return Ok(()) };
            // Declined or not, what was said is read and made public.
            life.release(answered, self.secretary, &text.title)?;
            return life.decline(answered, self.staff, &d.reason, &d.words);
        }
        life.accept(answered, self.staff, &text.answer)?;
        if let Some((t, other)) = other {
            let t = answered.max(t) + Duration::minutes(4);
            if t < self.now {
                other.merge_into(t, self.staff, life)?;
                life.say(t, self.staff, &text.answer)?;
            }
        }
        let released = self.rhythm.work(answered, 10, 300);
        if released >= self.now {
            return Ok(());
        }
        life.release(released, self.secretary, &text.title)?;
        if fate < 13 {
            let t = self.rhythm.days(released, 0, 2);
            let review = self.rhythm.calendar.date_of(t) + Duration::days(91);
            let plan = self.rhythm.one(&self.words.plans).map_or("", |p| p.plan.as_str());
            return if t < self.now { life.shelve(t, self.staff, plan, &review.to_string()) } else { Ok(()) };
        }
        let Some(done) = self.work(life, text, released)? else { return Ok(()) };
        if fate < 22 {
            let t = self.rhythm.work(done, 30, 900);
            let due = life.confirm_due().unwrap_or(t);
            if t < self.now && t < due {
                life.answer(t, 0, Answer::No)?;
                if due < self.now {
                    life.settle(due + Duration::minutes(1))?;
                    let Some(again) = self.work(life, text, due + Duration::hours(9))? else { return Ok(()) };
                    return self.confirm(life, again, true);
                }
            }
            return Ok(());
        }
        let speaks = fate < 65;
        self.confirm(life, done, speaks)
    }

    /// A task of the manager's, and the word that it is done; gives when, if that is before today.
    fn work(&mut self, life: &mut Life<'_>, text: &Text, from: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        let Some(to) = self.staff.organisation() else { return Ok(None) };
        let mut t = self.rhythm.work(from, 5, 120);
        if t >= self.now {
            return Ok(None);
        }
        life.dispatch(self.ground, t, self.staff, to, &text.task, text.days)?;
        let steps = [(TaskVerb::Acknowledge, 120), (TaskVerb::Start, 240), (TaskVerb::Finish, (i64::from(text.days) * 400).max(300))];
        for (verb, most) in steps {
            t = self.rhythm.work(t, 10, most);
            if t >= self.now {
                return Ok(None);
            }
            life.work(t, self.staff, verb, &text.evidence)?;
        }
        t = self.rhythm.work(t, 10, 200);
        if t >= self.now {
            return Ok(None);
        }
        life.done(self.ground, t, self.staff, &text.evidence)?;
        Ok(Some(t))
    }

    fn confirm(&mut self, life: &mut Life<'_>, done: DateTime<Utc>, speaks: bool) -> Result<()> {
        let due = life.confirm_due().unwrap_or(done);
        if speaks {
            let t = self.rhythm.work(done, 20, 1500).min(due - Duration::minutes(5));
            if t < self.now {
                life.answer(t, 0, Answer::Yes)?;
                if life.reports() == 1 {
                    return life.settle(t);
                }
            }
        }
        if due < self.now { life.settle(due + Duration::minutes(1)) } else { Ok(()) }
    }
}
