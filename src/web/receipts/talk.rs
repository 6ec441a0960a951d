//! What was said to the reporters, and by this one: what it said before it was changed, and what was withheld and why.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::domain::messages::{self, Message};
use crate::domain::organisations;
use crate::kernel::error::Result;
use crate::kernel::ids::OrganisationId;
use crate::web::dates;
use crate::web::guards::Holder;

/// One message, as the holder of the receipt reads it.
#[derive(Serialize)]
pub(super) struct Said {
    by: String,
    when: String,
    words: Option<String>,
    /// In place of the words: erased, or withheld and why.
    gone: Option<String>,
    mine: bool,
    question: bool,
    former: Vec<Former>,
}

/// What it said until then.
#[derive(Serialize)]
struct Former {
    when: String,
    words: String,
}

pub(super) async fn of(holder: &Holder<'_>, db: &impl ConnectionTrait, said: Vec<Message>) -> Result<Vec<Said>> {
    let (lang, now) = (holder.lang, holder.house.now());
    let ids: Vec<OrganisationId> = said.iter().flat_map(|m| [m.organisation_id, m.withheld_for]).flatten().collect();
    let who = organisations::by_ids(db, ids).await?;
    let versions = messages::versions_of(db, &said).await?;
    let short = |id| who.iter().find(|o| Some(o.id) == id).map(|o| o.short(lang).to_owned());
    let one = |m: &Message| {
        let mine = m.report_id.is_some();
        // One's own words stay one's own.
        let read = m.withheld_at.is_none() || mine;
        let withheld = m.withheld_reason.map(|reason| {
            let by = short(m.withheld_for).unwrap_or_else(|| lang.t("roles.system"));
            let why = lang.t(&format!("work.withholding.reasons.{reason}"));
            lang.say("work.withholding.gone", &[("by", &by), ("why", &why)])
        });
        Said {
            by: match short(m.organisation_id) {
                Some(name) => name,
                None if mine => lang.t("receipts.you"),
                None => lang.t("roles.system"),
            },
            when: dates::moment(m.created_at, now, lang),
            words: m.words.clone().filter(|_| read),
            gone: if m.words.is_none() { Some(lang.t("receipts.erased_words")) } else { withheld },
            mine,
            question: m.question && m.answered_at.is_none() && m.withheld_at.is_none(),
            former: versions
                .iter()
                .filter(|v| read && v.message_id == m.id)
                .map(|v| Former { when: dates::moment(v.said_at, now, lang), words: v.words.clone() })
                .collect(),
        }
    };
    Ok(said.iter().map(one).collect())
}
