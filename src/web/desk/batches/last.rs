//! What was done at once a moment ago, and what became of each part of it.

use serde::Serialize;

use crate::domain::batches;
use crate::domain::buildings;
use crate::domain::issues;
use crate::kernel::error::Result;
use crate::kernel::ids::BatchId;
use crate::web::answer::Answer;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::frame::Frame;
use crate::web::guards::{Holds, SignedIn, Work};

/// So long the desk offers to take it back; its own page does so for longer.
const MINUTES: i64 = 15;

/// What the desk says of it.
#[derive(Serialize)]
pub struct Last {
    words: String,
    href: String,
    undo: String,
}

/// What this person did at once within the last minutes, unless it was taken back or cannot be.
pub async fn last(me: &SignedIn<'_>) -> Result<Option<Last>> {
    let since = me.house.now() - chrono::Duration::minutes(MINUTES);
    let Some((batch, n)) = batches::last(me.house.read(), me.person().id, since).await? else { return Ok(None) };
    let href = format!("/desk/batches/{}", batch.id.0);
    let words = me.lang.say(&format!("batches.{}.last", batch.verb.as_str()), &[("n", &n.to_string())]);
    Ok(Some(Last { words, undo: format!("{href}/undo"), href }))
}

#[derive(Serialize)]
struct Part {
    label: String,
    title: String,
    href: String,
    undone: bool,
}

#[derive(Serialize)]
struct Page {
    heading: String,
    when: String,
    parts: Vec<Part>,
    undo: Option<String>,
    undone: bool,
    form: FormState,
}

pub(super) async fn page(who: &Holds<'_, Work>, id: BatchId, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (who.house.read(), who.lang, who.house.now());
    let batch = batches::own(db, who.signed.person.id, id).await?;
    let all = batches::parts(db, id).await?;
    let matters = issues::by_ids(db, all.iter().map(|p| p.issue_id).collect()).await?;
    let houses = buildings::all(db, None).await?;
    let mut parts = vec![];
    for p in &all {
        let Some(issue) = matters.iter().find(|i| i.id == p.issue_id) else { continue };
        let Some(house) = houses.iter().find(|b| b.id == issue.building_id) else { continue };
        let href = format!("/b/{}/issues/{}/work", house.slug, issue.number);
        parts.push(Part { label: house.label(issue.number), title: issue.title.clone(), href, undone: p.undone });
    }
    let page = Page {
        heading: lang.say(&format!("batches.{}.last", batch.verb.as_str()), &[("n", &all.len().to_string())]),
        when: dates::moment(batch.made_at, now, lang),
        parts,
        undo: (batch.undone_at.is_none() && !batch.told).then(|| format!("/desk/batches/{}/undo", id.0)),
        undone: batch.undone_at.is_some(),
        form,
    };
    who.page(Frame::titled(page.heading.clone()).here("desk").at_work().class("pg-batch"), "desk/done", &page)
}
