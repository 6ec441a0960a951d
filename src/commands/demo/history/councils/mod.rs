//! Councils: what is planned of each meeting, from its first matter to the last check.

mod after;
mod data;
mod more;
mod session;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::matters::Script;
use super::moves::{Matter, Move};
use super::reporters::Said;
use super::{Deed, History, words};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::world::World;
use crate::commands::demo::{at, data as files};
use crate::domain::categories;
use crate::domain::reports::Answer;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ItemId, MeetingId, ResolutionId};

/// A meeting as planned, and what has become of it.
pub struct Sitting {
    /// Of a building; none: of the district.
    home: Option<usize>,
    starts: DateTime<Utc>,
    place: String,
    plan: data::Meeting,
    meeting: Option<MeetingId>,
    taken: Vec<Taken>,
}

/// An item of it.
#[derive(Default)]
struct Taken {
    matter: Option<usize>,
    item: Option<ItemId>,
    resolution: Option<ResolutionId>,
}

/// What is done for a meeting.
#[derive(Clone, Copy)]
pub enum Step {
    /// Drafted, with the items that were nominated by then.
    Draft,
    Call,
    /// Parties are asked to sign.
    Ask,
    /// An item is listed after the notice.
    ListLate(usize),
    Sign(usize, usize),
    Session,
    Publish,
    Minutes,
    /// A party takes its task on, begins, brings it to done; somebody else looks.
    TakeOn(usize, usize),
    Do(usize, usize),
    Look(usize, usize),
    Finish(usize),
    /// Those who reported say whether it got better.
    Feel(usize, usize),
    Measure(usize),
    Confirm(usize),
}

/// `14:30` on a day; a default where nothing is said.
fn time(day: NaiveDate, text: Option<&str>, default: (u32, u32)) -> DateTime<Utc> {
    let parsed = text.and_then(|t| t.split_once(':')).and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
    let (h, m) = parsed.unwrap_or(default);
    at(day, h, m)
}

impl History {
    /// Plans every meeting that is wanted, and more of them beside so many generated matters.
    pub(super) fn councils(
        &mut self,
        rhythm: &mut Rhythm,
        now: DateTime<Utc>,
        generated: u32,
        wanted: impl Fn(&data::Meeting) -> bool,
    ) -> Result<()> {
        let file: data::File = files::read("councils", include_str!("../../../../../demo/councils.toml"))?;
        let more = if generated > 0 { self.more_meetings(&words::read()?, rhythm, now, generated) } else { vec![] };
        for mut plan in file.meetings.into_iter().chain(more).filter(|m| wanted(m)) {
            let today = rhythm.calendar.date_of(now);
            let later = plan.day == "later";
            let day = match plan.day.as_str() {
                "next" => today.iter_days().skip(1).find(|d| rhythm.calendar.is_working(*d)).unwrap_or(today),
                "later" => today.iter_days().skip(14).find(|d| rhythm.calendar.is_working(*d)).unwrap_or(today),
                // One that would lie ahead is not held: the next one takes its place.
                date => match date.parse::<NaiveDate>() {
                    Ok(day) if day < today => day,
                    Ok(_) => continue,
                    Err(e) => return Err(Error::broken(format!("demo/councils.toml: {date}: {e}"))),
                },
            };
            let home = if plan.council == "district" { None } else { Some(self.world.home(&plan.council)?) };
            let place = plan.place.clone().unwrap_or_else(|| match home {
                Some(0) => "南座18层党群服务站".into(),
                Some(i) => format!("{}5层会议室", self.world.homes[i].building.name),
                None => self.world.district.name.clone(),
            });
            let taken = self.take_up(rhythm, &mut plan, home, day)?;
            let s = self.sittings.len();
            let sitting = Sitting { home, starts: at(day, 14, 0), place, plan, meeting: None, taken };
            self.timetable(rhythm, s, &sitting, day, later.then_some(now));
            self.sittings.push(sitting);
        }
        Ok(())
    }

    /// The matters of a meeting's items: known ones by key, others filed in the weeks before.
    fn take_up(&mut self, rhythm: &mut Rhythm, plan: &mut data::Meeting, home: Option<usize>, day: NaiveDate) -> Result<Vec<Taken>> {
        let mut taken = vec![];
        for item in &mut plan.items {
            let matter = match (item.matter.take(), &item.key, home) {
                (Some(new), key, Some(home)) => {
                    let (matter, script) = self.before_council(&self.world, rhythm, home, day, new)?;
                    let m = self.add(matter, script);
                    if let Some(key) = key {
                        self.keys.insert(key.clone(), m);
                    }
                    Some(m)
                }
                (None, Some(key), _) => Some(*self.keys.get(key).ok_or_else(|| Error::broken(format!("demo/councils.toml: no matter {key}")))?),
                _ => None,
            };
            taken.push(Taken { matter, ..Taken::default() });
        }
        Ok(taken)
    }

    /// A matter on its way to the council: reported by many, accepted by a manager who cannot settle it alone.
    fn before_council(&self, world: &World, rhythm: &mut Rhythm, home: usize, day: NaiveDate, new: data::Matter) -> Result<(Matter, Script)> {
        let place = world.homes[home].place(&new.place)?.clone();
        let category = categories::find(&new.category).ok_or_else(|| Error::broken(format!("no category {}", new.category)))?;
        let filed = rhythm.on(day - Duration::days(new.before));
        let poster = world.homes[home].poster_at(place.id).is_some();
        let said = |rhythm: &mut Rhythm, words: &str| Said::by_somebody(rhythm, &world.homes[home], poster, words);
        let mut s = Script::default();
        let mut words = new.words.iter();
        s.moves.push((filed, Move::File(said(rhythm, words.next().map_or("", String::as_str)))));
        s.moves.push((rhythm.work(filed, 60, 600), Move::Release { summary: None }));
        let accepted = rhythm.work(filed, 90, 500);
        s.moves.push((accepted, Move::Accept(new.answer)));
        let until = at(day - Duration::days(6), 18, 0);
        for t in rhythm.instants(new.reports.saturating_sub(1), filed + Duration::hours(1), until.max(filed + Duration::days(1))) {
            let words = words.next().map_or("", String::as_str);
            s.moves.push((t, Move::MeToo(Said { photo: None, ..said(rhythm, words) })));
        }
        s.moves.push((at(day - Duration::days(6), 18, 20), Move::Release { summary: None }));
        s.moves.push((
            at(day - Duration::days(6), 17, 40),
            Move::Say(crate::domain::messages::Voice::Reporters, "大家说的都收进了会议材料，会后回话。".into()),
        ));
        Ok((Matter { home, place, category, title: new.title, issue: None, reports: vec![] }, s))
    }

    /// When everything around a meeting is done. `drafted`: it lies ahead and has only been drafted.
    fn timetable(&mut self, rhythm: &mut Rhythm, s: usize, sitting: &Sitting, day: NaiveDate, drafted: Option<DateTime<Utc>>) {
        let plan = &sitting.plan;
        let on = |days: i64| day + Duration::days(days);
        let call = time(on(-(plan.called.unwrap_or(7) as i64)), plan.called_at.as_deref(), (15, 20));
        let mut steps = vec![];
        let mut add = |t: DateTime<Utc>, step: Step| steps.push((t, Deed::Sit(s, step)));
        add(drafted.map_or(call - Duration::minutes(25), |now| now - Duration::days(2)), Step::Draft);
        add(call, Step::Call);
        add(call + Duration::minutes(30), Step::Ask);
        add(sitting.starts, Step::Session);
        let published = rhythm.days(at(day, 18, 0), 0, 0) + Duration::minutes(460);
        add(published, Step::Publish);
        let displayed = rhythm.calendar.natural_due(rhythm.calendar.date_of(published), 3).at;
        add(rhythm.days(sitting.starts + Duration::hours(4), 2, 2), Step::Minutes);
        let (mut moves, mut waits, mut lapses) = (vec![], vec![], vec![displayed]);
        for (j, item) in plan.items.iter().enumerate() {
            if item.late {
                add(call + Duration::days(1), Step::ListLate(j));
            }
            for (u, party) in item.undertakings.iter().enumerate() {
                if let Some(signed) = party.signed.filter(|d| *d != 0) {
                    add(at(on(signed), 10, 20) + Duration::minutes(25 * u as i64), Step::Sign(j, u));
                }
                let turn = Duration::minutes(12 * u as i64);
                if item.motion.is_some() {
                    add(at(on(1), 9, 40) + turn, Step::TakeOn(j, u));
                }
                if let Some(done) = party.done {
                    add(at(on(done), 14, 50) + turn, Step::Do(j, u));
                    add(at(on(done), 15, 50) + turn, Step::Look(j, u));
                }
            }
            if item.refer.is_some()
                && item.key.is_none()
                && let Some(m) = sitting.taken[j].matter
            {
                let plan = "转给能定的人了。有结果之前，每季度回一次话。".to_owned();
                waits.push((at(on(1), 11, 0), m, Move::Shelve { plan, days: 91 }));
            }
            if item.finish.is_some() {
                let last = item.undertakings.iter().filter_map(|u| u.done).max().unwrap_or(1);
                let finished = time(on(last), item.finish_at.as_deref(), (17, 10));
                add(finished, Step::Finish(j));
                let lapse = rhythm.calendar.due(finished, 5).at;
                lapses.push(lapse);
                if let Some(m) = sitting.taken[j].matter.filter(|_| item.key.as_deref() != Some("lift")) {
                    for k in 0..6 {
                        if rhythm.percent(60) {
                            moves.push((rhythm.work(finished, 30, 2000).min(lapse - Duration::hours(2)), m, k));
                        }
                    }
                }
            }
            for (c, check) in item.check.iter().enumerate() {
                if check.felt != [0; 3] {
                    add(time(on(check.day), check.at.as_deref(), (15, 30)) - Duration::hours(2), Step::Feel(j, c));
                }
                add(time(on(check.day), check.at.as_deref(), (15, 30)), Step::Measure(j));
            }
            if let Some(days) = item.confirm {
                add(time(on(days), item.confirm_at.as_deref(), (16, 20)), Step::Confirm(j));
            }
        }
        self.steps.extend(steps);
        self.steps.extend(moves.into_iter().map(|(t, m, report)| (t, Deed::Move(m, Move::Answer { report, answer: Answer::Yes }))));
        self.steps.extend(waits.into_iter().map(|(t, m, mv)| (t, Deed::Move(m, mv))));
        self.steps.push((displayed + Duration::minutes(2), Deed::TakeEffect));
        self.steps.extend(lapses.into_iter().skip(1).map(|t| (t + Duration::minutes(1), Deed::Lapse)));
    }
}
