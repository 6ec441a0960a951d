//! Two houses side by side.

use std::collections::HashMap;

use louyi::domain::{buildings, issues};
use louyi::kernel::act::House;
use louyi::kernel::journal;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::support::browser::Site;

/// Things by their place in the story: the n-th that the journal tells of.
#[derive(Default)]
struct Cast(HashMap<Uuid, usize>);

impl Cast {
    fn of(&mut self, id: Uuid) -> String {
        let next = self.0.len() + 1;
        format!("#{}", self.0.entry(id).or_insert(next))
    }

    fn maybe(&mut self, id: Option<Uuid>) -> String {
        id.map_or_else(|| "-".into(), |id| self.of(id))
    }

    /// Particulars with ids as places in the story, and salted hashes as the fact that there is a text.
    fn plain(&mut self, value: &mut Value) {
        match value {
            Value::String(s) => {
                if let Ok(id) = s.parse::<Uuid>() {
                    *s = self.of(id);
                } else if is_hash(s) {
                    *s = "a text".into();
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|v| self.plain(v)),
            Value::Object(all) => all.values_mut().for_each(|v| self.plain(v)),
            _ => {}
        }
    }
}

fn is_hash(s: &str) -> bool {
    s.len() == 64 && s.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The journal, a line for everything that happened; that people signed in to use the pages is nothing of the story.
async fn told(house: &House) -> Vec<String> {
    let mut cast = Cast::default();
    let lines = journal::Entity::find().order_by_asc(journal::Column::Seq).all(house.read()).await.expect("the journal");
    lines
        .into_iter()
        .filter(|l| l.act != "signed_in")
        .map(|l| {
            let mut data: Value = serde_json::from_str(&l.data).expect("JSON");
            // What the papers of a meeting were is the same for both, and so is its hash.
            let papers = data.as_object_mut().and_then(|o| o.remove("papers"));
            cast.plain(&mut data);
            format!(
                "{} {} {} of {} as {}: {} {} {} in {}/{} about {} {data} {}",
                l.at,
                l.actor,
                cast.maybe(l.actor_id),
                cast.maybe(l.organisation_id.map(|o| o.0)),
                l.role.as_deref().unwrap_or("-"),
                l.act,
                l.object,
                cast.of(l.object_id),
                cast.maybe(l.district_id.map(|d| d.0)),
                cast.maybe(l.building_id.map(|b| b.0)),
                cast.maybe(l.issue_id.map(|i| i.0)),
                papers.unwrap_or_default(),
            )
        })
        .collect()
}

/// Fails where the journals part, with what went before.
pub async fn journals(by_verbs: &House, by_pages: &House) {
    let (one, other) = (told(by_verbs).await, told(by_pages).await);
    assert!(one.len() > 2_000, "only {} lines", one.len());
    if let Some(k) = one.iter().zip(&other).position(|(a, b)| a != b) {
        let before = one[k.saturating_sub(4)..k].join("\n");
        panic!("line {k} of {} and {}; after\n{before}\nby verbs\n{}\nby pages\n{}", one.len(), other.len(), one[k], other[k]);
    }
    assert_eq!(one.len(), other.len(), "one goes on: {:?}", one.get(other.len()).or(other.get(one.len())));
}

/// What is counted, each with how often.
const COUNTED: &[&str] = &[
    "issues.state || '/' || coalesce(closed_by, '') || '/' || reports || '/' || contested || '/' || category",
    "reports.kind || '/' || channel || '/' || may_know || '/' || release || '/' || coalesce(answer, '') || '/' || locale || '/' || case when poster_id is null then 'web' else 'poster' end || '/' || case when first_answered_at is null then 'waits' else 'answered' end",
    "reporters.case when name is null then '' else 'name' end || case when phone is null then '' else 'phone' end || case when email is null then '' else 'mail' end || case when organisation_id is null then '' else 'unit' end",
    "messages.voice",
    "attachments.case when released_at is null then 'kept' else 'public' end || case when task_id is null then 'report' else 'task' end",
    "tasks.state || '/' || number",
    "meetings.state || '/' || number",
    "agenda_items.state || '/' || source || '/' || competence",
    "attendances.how",
    "recusals.ground",
    "motions.state || '/' || coalesce(outcome, '') || '/' || method",
    "votes.choice",
    "undertakings.state",
    "resolutions.state || '/' || year || '/' || serial",
    "effect_checks.coalesce(verdict, 'planned') || '/' || coalesce(after_value, 0)",
    "measurements.figure || '/' || value || '/' || phase || '/' || measured_on",
    "editions.state || '/' || number || '/' || title",
    "stories.kind || '/' || headline",
    "outbox.kind || '/' || address",
    "ledger_entries.kind",
];

async fn counted(house: &House, what: &str) -> Vec<String> {
    let (table, key) = what.split_once('.').expect("a table and a key");
    let db = house.read();
    let text = format!("select cast(key as text), cast(count(*) as text) from (select {key} as key from {table}) t group by key");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), text)).await.unwrap_or_else(|e| panic!("{what}: {e}"));
    let row = |i: usize, r: &sea_orm::QueryResult| r.try_get_by_index::<String>(i).expect("text");
    let mut all: Vec<String> = rows.iter().map(|r| format!("{} × {}", row(1, r), row(0, r))).collect();
    all.sort();
    all
}

/// Fails where the houses hold different numbers of anything.
pub async fn counts(by_verbs: &House, by_pages: &House) {
    for what in COUNTED {
        let (one, other) = (counted(by_verbs, what).await, counted(by_pages, what).await);
        assert!(!one.is_empty(), "nothing of {what}");
        assert_eq!(one, other, "{what}");
    }
}

/// Pages of the public on which the case is read; `{lift}` is the lift's matter.
const READ: &[&str] = &[
    "/b/tingqiao",
    "/b/tingqiao/issues",
    "/b/tingqiao/issues/{lift}",
    "/b/tingqiao/issues/{lift}/figures",
    "/b/tingqiao/issues/{lift}/checks/1",
    "/b/tingqiao/issues/{lift}/checks/3",
    "/b/tingqiao/issues/1",
    "/b/tingqiao/issues.json",
    "/b/tingqiao/issues.csv",
    "/b/tingqiao/council",
    "/b/tingqiao/meetings/1",
    "/b/tingqiao/meetings/2",
    "/b/tingqiao/meetings/2/items/2",
    "/b/tingqiao/meetings/2/items/2/motions/2",
    "/b/tingqiao/meetings/2/minutes",
    "/b/tingqiao/resolutions/2026-1",
    "/b/tingqiao/bulletin/1",
    "/d/tingqiao",
    "/ledger",
];

/// The matter of the lifts, as the public finds it.
async fn lift(house: &House) -> i32 {
    let tower = buildings::by_slug(house.read(), "tingqiao").await.expect("the tower");
    let all = issues::list(house.read(), tower.id, &issues::Filter::default(), 50).await.expect("lists").rows;
    let lift = all.into_iter().find(|r| r.public_title.as_deref() == Some("早高峰候梯太久")).expect("the lift's matter");
    issues::by_id(house.read(), lift.id).await.expect("is there").number
}

/// Fails where the public reads something else in one house than in the other.
pub async fn what_is_read(by_verbs: &House, by_pages: &House) {
    let (one, other) = (Site::of(by_verbs).await, Site::of(by_pages).await);
    let lift = lift(by_verbs).await.to_string();
    let page = one.visitor().reads(&format!("/b/tingqiao/issues/{lift}")).await;
    for figure in ["498", "18.4", "13.9", "4.6"] {
        assert!(page.says(figure), "{figure} is missing in {}", page.text());
    }
    for page in READ {
        let page = page.replace("{lift}", &lift);
        let (a, b) = (one.visitor().reads(&page).await, other.visitor().reads(&page).await);
        let (a, b) = (words(&a.text()), words(&b.text()));
        assert!(a.concat().len() > 200, "{page} is nearly empty: {a:?}");
        let at = a.iter().zip(&b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
        let around = |all: &[String]| all[at.saturating_sub(8).min(all.len())..(at + 8).min(all.len())].join(" ");
        assert!(a == b, "{page}: by verbs … {} …, by pages … {} …", around(&a), around(&b));
    }
}

/// The words of a page; a hash under a salt, or a signature, is only that there is one.
fn words(text: &str) -> Vec<String> {
    let opaque = |w: &str| w.len() >= 16 && w.chars().all(|c| c.is_ascii_alphanumeric() || "+/=…".contains(c));
    text.split_whitespace().map(|w| if opaque(w) { "…".to_owned() } else { w.to_owned() }).collect()
}
