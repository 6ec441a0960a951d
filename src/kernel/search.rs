//! Search for Chinese and Latin text by character bigrams; the same grams on both databases.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement, Value};

use super::act::Act;
use super::db::sql;
use super::error::Result;
use super::ids::IssueId;

fn letters(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// All neighbouring pairs of letters, punctuation dropped, and at the end the last letter alone, without which a
/// search for one character would miss texts that end in it.
pub fn grams(text: &str) -> String {
    let l = letters(text);
    let mut out: Vec<String> = l.windows(2).map(|p| p.iter().collect()).collect();
    out.extend(l.last().map(char::to_string));
    out.join(" ")
}

/// The folded text in which a match is confirmed: pairs alone would also find them in another order.
pub fn folded(text: &str) -> String {
    letters(text).into_iter().collect()
}

/// Puts a matter's public text into the index, in place of what was there.
pub async fn index(act: &Act, issue: IssueId, text: &str) -> Result<()> {
    let (tx, plain, grams) = (act.tx(), folded(text), grams(text));
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        tx.execute_raw(sql(
            tx,
            "insert into issue_texts (issue_id, plain, grams) values (?, ?, array_to_tsvector(string_to_array(?, ' '))) \
             on conflict (issue_id) do update set plain = excluded.plain, grams = excluded.grams",
            [issue.0.into(), plain.into(), grams.into()],
        ))
        .await?;
        return Ok(());
    }
    let row = tx
        .query_one_raw(sql(
            tx,
            "insert into issue_texts (issue_id, plain) values (?, ?) on conflict (issue_id) do update set plain = excluded.plain returning doc",
            [issue.0.into(), plain.into()],
        ))
        .await?;
    let doc: i64 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
    tx.execute_raw(sql(tx, "insert or replace into issue_grams (rowid, grams) values (?, ?)", [doc.into(), grams.into()])).await?;
    Ok(())
}

/// Takes the texts of matters out of the index.
pub async fn forget(act: &Act, issues: &[IssueId]) -> Result<()> {
    let some = vec!["?"; issues.len()].join(",");
    let (tx, ids) = (act.tx(), || issues.iter().map(|i| Value::from(i.0)).collect::<Vec<_>>());
    if tx.get_database_backend() != DatabaseBackend::Postgres {
        let text = format!("delete from issue_grams where rowid in (select doc from issue_texts where issue_id in ({some}))");
        tx.execute_raw(sql(tx, &text, ids())).await?;
    }
    tx.execute_raw(sql(tx, &format!("delete from issue_texts where issue_id in ({some})"), ids())).await?;
    Ok(())
}

/// Texts of one statement.
const BLOCK: usize = 600;

/// Where the index of texts ends.
pub async fn last_doc(db: &impl ConnectionTrait) -> Result<i64> {
    if db.get_database_backend() == DatabaseBackend::Postgres {
        return Ok(0);
    }
    let row = db.query_one_raw(sql(db, "select coalesce(max(doc), 0) from issue_texts", [])).await?;
    Ok(row.map(|r| r.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default())
}

/// The statements that put the texts of many matters, none of which is in the index yet, behind its end, and move that.
pub fn index_all(backend: DatabaseBackend, doc: &mut i64, texts: &[(IssueId, String)]) -> Vec<Statement> {
    let mut all = vec![];
    for block in texts.chunks(BLOCK) {
        let mut several = |into: &str, one: &dyn Fn(usize) -> String, values: Vec<Value>| {
            let rows: Vec<String> = (0..block.len()).map(one).collect();
            all.push(Statement::from_sql_and_values(backend, format!("insert into {into} values {}", rows.join(", ")), values));
        };
        if backend == DatabaseBackend::Postgres {
            let values = block.iter().flat_map(|(id, t)| [id.0.into(), folded(t).into(), grams(t).into()]).collect();
            let row = |i: usize| format!("(${}, ${}, array_to_tsvector(string_to_array(${}, ' ')))", 3 * i + 1, 3 * i + 2, 3 * i + 3);
            several("issue_texts (issue_id, plain, grams)", &row, values);
            continue;
        }
        let docs = *doc + 1..;
        let values = docs.clone().zip(block).flat_map(|(n, (id, t))| [n.into(), id.0.into(), folded(t).into()]).collect();
        several("issue_texts (doc, issue_id, plain)", &|_| "(?, ?, ?)".into(), values);
        let values = docs.zip(block).flat_map(|(n, (_, t))| [n.into(), grams(t).into()]).collect();
        several("issue_grams (rowid, grams)", &|_| "(?, ?)".into(), values);
        *doc += block.len() as i64;
    }
    all
}

/// Up to so many matches are collected and then sorted. Where a text has more, it is found sooner by going through the list
/// in its order and reading each matter's text: then every few rows are a match.
const FEW: i64 = 1000;

/// A condition on matters whose public text contains the query.
pub struct Condition {
    /// So few match that they are collected and sorted.
    pub few: bool,
    text: String,
    /// In the order of the placeholders.
    pub values: Vec<sea_orm::Value>,
}

impl Condition {
    /// For this alias of `issues`.
    pub fn of(&self, alias: &str) -> String {
        self.text.replace("{i}", alias)
    }
}

/// The condition; none when the query has no letters.
pub async fn condition(db: &impl ConnectionTrait, query: &str) -> Result<Option<Condition>> {
    let Some((inner, values)) = matching(db.get_database_backend(), query) else { return Ok(None) };
    let few = format!("select count(*) from ({inner} limit {FEW}) as few");
    let row = db.query_one_raw(sql(db, &few, values.clone())).await?;
    let matches: i64 = row.map(|r| r.try_get_by_index(0)).transpose()?.unwrap_or_default();
    if matches < FEW {
        return Ok(Some(Condition { few: true, text: format!("{{i}}.id in ({inner})"), values }));
    }
    let text = "exists (select 1 from issue_texts t where t.issue_id = {i}.id and t.plain like ?)".to_owned();
    Ok(Some(Condition { few: false, text, values: vec![format!("%{}%", folded(query)).into()] }))
}

/// The ids of the matters whose public text contains the query; none when the query has no letters.
fn matching(backend: DatabaseBackend, query: &str) -> Option<(String, Vec<sea_orm::Value>)> {
    let l = letters(query);
    if l.is_empty() {
        return None;
    }
    let plain: String = l.iter().collect();
    let pairs: Vec<String> = l.windows(2).map(|p| p.iter().collect()).collect();
    if backend == DatabaseBackend::Postgres {
        let terms = if pairs.is_empty() { format!("'{plain}':*") } else { pairs.iter().map(|p| format!("'{p}'")).collect::<Vec<_>>().join(" & ") };
        // The pairs find candidates by the index; the folded text decides. Letters and digits only: nothing to escape.
        let text = "select issue_id from issue_texts where grams @@ ?::tsquery and plain like ?".to_owned();
        return Some((text, vec![terms.into(), format!("%{plain}%").into()]));
    }
    let phrase = if pairs.is_empty() { format!("\"{plain}\"*") } else { format!("\"{}\"", pairs.join(" ")) };
    let text = "select issue_id from issue_texts where doc in (select rowid from issue_grams where issue_grams match ?)".to_owned();
    Some((text, vec![phrase.into()]))
}

/// How much of the shorter of two texts stands in the other, by pairs of letters: 0 nothing, 1 all of it.
pub fn likeness(one: &str, other: &str) -> f32 {
    let pairs = |text: &str| letters(text).windows(2).map(|p| (p[0], p[1])).collect::<std::collections::HashSet<_>>();
    let (one, other) = (pairs(one), pairs(other));
    let fewer = one.len().min(other.len());
    if fewer == 0 { 0.0 } else { one.intersection(&other).count() as f32 / fewer as f32 }
}
