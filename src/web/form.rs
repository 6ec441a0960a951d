//! A form on its way back to the page: what was typed, what is wrong with it, a fresh token. A field's error stands
//! beside the field and in the summary on top.

use std::collections::BTreeMap;

use rocket::http::Status;
use serde::Serialize;

use super::caller::Caller;
use super::sent::Sent;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::i18n::Lang;

/// One line of the summary.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// The id of the field, or null where it is about the whole form.
    pub field: Option<String>,
    /// The sentence.
    pub words: String,
}

/// A form's state. In templates: `{{val form "words"}}`, `{{err form "words"}}`; on a page with several forms
/// `{{#with (only form "decline")}}`.
#[derive(Clone, Debug, Serialize)]
pub struct FormState {
    /// Which form of the page was sent, by its hidden field `form`.
    pub id: Option<String>,
    /// Proves that the form is ours.
    pub token: String,
    /// Makes the same form sent twice one act.
    pub key: String,
    /// What was typed.
    pub values: BTreeMap<String, String>,
    /// What is wrong, by field.
    pub errors: BTreeMap<String, String>,
    /// All that is wrong.
    pub summary: Vec<Fault>,
    /// Somebody else acted first.
    pub conflict: bool,
}

/// Fields that are never sent back to a page.
const SECRET: [&str; 3] = ["token", "password", "new_password"];

impl FormState {
    /// A fresh form.
    pub fn fresh(caller: &Caller) -> Self {
        Self {
            id: None,
            token: caller.form_token(),
            key: crate::kernel::keys::token(),
            values: BTreeMap::new(),
            errors: BTreeMap::new(),
            summary: vec![],
            conflict: false,
        }
    }

    /// A fresh form with some fields filled in.
    pub fn filled<'v>(caller: &Caller, values: impl IntoIterator<Item = (&'v str, String)>) -> Self {
        let mut form = Self::fresh(caller);
        form.values.extend(values.into_iter().map(|(n, v)| (n.to_owned(), v)));
        form
    }

    /// This form, if it was the one that was sent; else the page's form `id`, fresh, with some fields filled in.
    #[must_use]
    pub fn or<'v>(&self, id: &str, values: impl IntoIterator<Item = (&'v str, String)>) -> Self {
        if self.id.as_deref() == Some(id) {
            return self.clone();
        }
        Self {
            id: None,
            token: self.token.clone(),
            key: crate::kernel::keys::token(),
            values: values.into_iter().map(|(n, v)| (n.to_owned(), v)).collect(),
            errors: BTreeMap::new(),
            summary: vec![],
            conflict: false,
        }
    }

    /// The form again, with what was wrong; gives the status with it. A fault of ours stays an error.
    pub fn again(sent: &Sent<'_>, error: Error) -> Result<(Self, Status)> {
        let caller = sent.caller;
        let mut form = Self::fresh(caller);
        form.id = sent.given("form").map(str::to_owned);
        if let Some(key) = sent.given("key") {
            form.key = key.to_owned();
        }
        for (name, value) in sent.fields().iter().filter(|(n, _)| !SECRET.contains(&n.as_str())) {
            form.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let status = match error {
            Error::Refused(refusal) => {
                form.fault(caller.lang, &refusal);
                status_of(&refusal)
            }
            Error::Conflict => {
                form.conflict = true;
                // Sent again from this page it holds against the state that is shown now.
                form.values.remove("version");
                form.summary.push(Fault { field: None, words: caller.lang.t("refusals.conflict") });
                Status::Conflict
            }
            other => return Err(other),
        };
        Ok((form, status))
    }
}

impl FormState {
    /// Adds what else is wrong: a form that is looked at whole says everything at once.
    pub fn fault(&mut self, lang: Lang, refusal: &Refusal) {
        let words = sentence(lang, refusal);
        if let Some(field) = refusal.field {
            self.errors.entry(field.to_owned()).or_insert_with(|| words.clone());
        }
        self.summary.push(Fault { field: refusal.field.map(str::to_owned), words });
    }
}

/// A refusal in words; parameters that are keys themselves are looked up.
pub fn sentence(lang: Lang, refusal: &Refusal) -> String {
    let with: Vec<(&str, String)> =
        refusal.with.iter().map(|(name, value)| (*name, value.strip_prefix('@').map_or_else(|| value.clone(), |key| lang.t(key)))).collect();
    let with: Vec<(&str, &str)> = with.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let of_field = refusal.field.map(|f| format!("refusals.{}_{f}", refusal.key)).filter(|k| lang.has(k));
    lang.say(&of_field.unwrap_or_else(|| format!("refusals.{}", refusal.key)), &with)
}

/// Refusals that say "not you".
const NOT_YOU: &[&str] = &[
    "only_holder",
    "only_owner",
    "only_party",
    "only_own_task",
    "only_giver",
    "only_offered",
    "only_district_secretary",
    "only_own_undertaking",
    "only_own_slips",
    "only_extension_holder",
    "only_department",
    "only_extension_department",
    "only_announcer",
    "only_own_channel",
    "only_own_duty",
    "only_plan_keeper",
    "no_seat",
    "no_role",
    "no_right",
    "reporter_unknown",
    "second_person",
    "written_for_another",
    "form_foreign",
];

/// The status that goes with a refusal.
pub fn status_of(refusal: &Refusal) -> Status {
    match refusal.key.as_ref() {
        "form_too_large" => Status::PayloadTooLarge,
        "too_often" | "crush" => Status::TooManyRequests,
        key if NOT_YOU.contains(&key) => Status::Forbidden,
        key if key.ends_with("_state") || refusal.field.is_none() => Status::Conflict,
        _ => Status::UnprocessableEntity,
    }
}
