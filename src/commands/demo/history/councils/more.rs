//! `--issues N` fills the councils' desks, too: meetings about generated matters, each played act by act like any other.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};

use super::data::{Item, Matter, Meeting, Motion, Undertaking};
use crate::commands::demo::LIFT_CASE_ENDS;
use crate::commands::demo::history::History;
use crate::commands::demo::history::words::{Text, Words};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::world::Home;

/// Days before today of each building's extra meetings: everything done, work under way, just decided; and one ahead.
const HELD: [i64; 3] = [45, 17, 4];
/// Of so many generated matters one comes before a council.
const ONE_OF: u32 = 500;
/// Minutes of an item let no meeting treat more.
const MOST: u32 = 8;

impl History {
    /// Plans them. They come after the lift case, whose numbers are fixed.
    pub(super) fn more_meetings(&self, words: &Words, rhythm: &mut Rhythm, now: DateTime<Utc>, generated: u32) -> Vec<Meeting> {
        let today = rhythm.calendar.date_of(now);
        let mut out = vec![];
        for home in &self.world.homes {
            let meetings = HELD.len() as u32 + 1;
            let items = (generated / ONE_OF).div_ceil(self.world.homes.len() as u32 * meetings).min(MOST);
            for ago in HELD {
                let held = today - Duration::days(ago);
                let day = held.iter_days().find(|d| rhythm.calendar.is_working(*d)).unwrap_or(held);
                if items > 0 && day < today && day > lift_case_ended() {
                    out.push(meeting(home, words, rhythm, day.to_string(), day, ago, items));
                }
            }
            if items > 0 {
                out.push(meeting(home, words, rhythm, "later".into(), today + Duration::days(14), 0, items));
            }
        }
        out
    }
}

fn lift_case_ended() -> NaiveDate {
    let (y, m, d) = LIFT_CASE_ENDS;
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

fn meeting(home: &Home, words: &Words, rhythm: &mut Rhythm, day: String, on: NaiveDate, ago: i64, items: u32) -> Meeting {
    let fits = |t: &&Text| (t.months.is_empty() || t.months.contains(&on.month())) && !home.places_of(&t.places).is_empty();
    let texts: Vec<&Text> = words.matters.iter().filter(fits).collect();
    let items = (0..items).map(|j| item(home, texts[rhythm.weighted(texts.iter().map(|t| t.weight))], rhythm, ago, j)).collect();
    Meeting { council: home.building.slug.clone(), day, place: None, called: None, called_at: None, absent: vec![], items }
}

/// Every fourth belongs to somebody else; the others become resolutions that the property manager carries out.
fn item(home: &Home, text: &Text, rhythm: &mut Rhythm, ago: i64, j: u32) -> Item {
    let places = home.places_of(&text.places);
    let place = places[rhythm.below(places.len())];
    let referred = j % 4 == 3;
    let done = (ago > 14 && j % 3 != 2).then_some(9);
    let party = Undertaking {
        who: home.manager.slug.clone(),
        words: text.task.clone(),
        measure: "秘书到现场看过".into(),
        signed: Some(0),
        changes: None,
        due: 20,
        done,
        evidence: Some(text.evidence.clone()),
        photos: 0,
    };
    let motion = Motion {
        title: format!("关于{}的决议", text.title),
        words: format!("由{}办理：{}。二十天内办完，结果贴在{}。", home.manager.name, text.task, place.name),
        reasons: format!("{}，一家处理不了，反复有人报。", text.title),
        method: None,
        against: vec![],
        abstain: vec![],
        declared: vec![],
        figure: None,
        checks: String::new(),
        supersedes: false,
        earlier: None,
        upon: None,
        until: None,
        review: None,
        no_action: String::new(),
        dissent: None,
    };
    Item {
        key: None,
        matter: Some(Matter {
            category: text.category.clone(),
            place: place.code.clone(),
            title: text.title.clone(),
            // What is on the agenda of a meeting ahead was filed well before it was drafted.
            before: rhythm.between(16, 30) + if ago == 0 { 14 } else { 0 },
            reports: rhythm.between(6, 16) as usize,
            words: text.words.clone(),
            answer: text.answer.clone(),
        }),
        title: None,
        question: format!("{}，几家分头处理不了，怎么办？", text.title),
        papers: String::new(),
        competence: None,
        late: false,
        withdrawn: None,
        undertakings: if referred { vec![] } else { vec![party] },
        motion: (!referred).then_some(motion),
        refer: referred.then(|| "这件事议事会定不了，转给能定的单位，三十天内给大家一个说法。".into()),
        defer: None,
        finish: done.filter(|_| !referred).map(|_| text.evidence.clone()),
        finish_at: None,
        check: vec![],
        confirm: None,
        confirm_at: None,
    }
}
