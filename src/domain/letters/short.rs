//! Short messages: one line with the number of the matter and the receipt's address, nothing of what was written.

use super::about::About;
use crate::domain::reports;
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::{outbox, sms};

/// A message ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// Eleven digits.
    pub to: String,
    pub text: String,
    pub lang: Lang,
    secret: String,
}

impl Short {
    /// For other eyes: without the number and without what would open the reader's page.
    #[must_use]
    pub fn veiled(&self) -> Self {
        Self { to: "…".into(), text: self.text.replace(&self.secret, "…"), ..self.clone() }
    }
}

/// Composes an owed message; none when there is nobody to send it to any more, or nothing left to say. Where the whole
/// sentence would need a second part, the shortest one is taken.
pub async fn compose_short(house: &House, owed: &outbox::Model) -> Result<Option<Short>> {
    let Some(id) = owed.report_id else { return Ok(None) };
    let db = house.read();
    let report = reports::by_id(db, id).await?;
    if report.withdrawn_at.is_some() {
        return Ok(None);
    }
    let Some(to) = reports::number_of(db, id).await? else { return Ok(None) };
    let lang = Lang::from_tag(&report.locale);
    let Some(facts) = About::read(&owed.data)?.facts(house, &owed.kind, lang).await? else { return Ok(None) };
    let label = facts.into_iter().find(|(name, _)| *name == "label").map(|(_, value)| value).unwrap_or_default();
    let secret = reports::receipt_of(house.keys(), id);
    let address = house.settings().address(&format!("/r/{secret}"));
    // A reply can only end it where replies come back to us.
    let stop = lang.t(if house.settings().hook_secret.is_some() { "letters.sms.stop_by_reply" } else { "letters.sms.stop_on_page" });
    let with = [("label", label.as_str()), ("address", address.as_str()), ("stop", stop.as_str())];
    let whole = lang.say(&format!("letters.sms.{}", owed.kind), &with);
    let text = if sms::parts(&whole) == 1 { whole } else { lang.say("letters.sms.shortest", &with) };
    Ok(Some(Short { to, text, lang, secret }))
}
