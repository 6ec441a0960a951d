//! The fields in which a channel is described, for a new one and for one that is there.

use serde::Serialize;

use crate::domain::channels::{RobotKind, Topic, Typed};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::quiet::{NIGHT, Quiet};
use crate::web::form::FormState;
use crate::web::sent::Sent;

#[derive(Clone, Serialize)]
pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
}

/// A box to tick.
#[derive(Serialize)]
pub(super) struct Tick {
    name: String,
    label: String,
    hint: String,
    checked: bool,
}

/// What the fields offer.
#[derive(Serialize)]
pub(super) struct Fields {
    pub kinds: Vec<Choice>,
    topics: Vec<Tick>,
    hours: Vec<Choice>,
    languages: Vec<Choice>,
}

/// Full hours of the day.
pub(in crate::web) fn hours() -> impl Iterator<Item = (String, String)> {
    (0..24).map(|h| (h.to_string(), format!("{h:02}:00")))
}

impl Fields {
    pub fn of(form: &FormState, lang: Lang) -> Self {
        let topic = |t: &Topic| Tick {
            name: format!("topic_{t}"),
            label: lang.t(&format!("channels.topics.{t}.name")),
            hint: lang.t(&format!("channels.topics.{t}.hint")),
            checked: form.values.contains_key(&format!("topic_{t}")),
        };
        let kind = |k: &RobotKind| Choice {
            value: k.to_string(),
            label: lang.t(&format!("channels.kinds.{k}.name")),
            hint: Some(lang.t(&format!("channels.kinds.{k}.hint"))),
        };
        let plain = |(value, label)| Choice { value, label, hint: None };
        Self {
            kinds: RobotKind::ALL.iter().map(kind).collect(),
            topics: Topic::ALL.iter().map(topic).collect(),
            hours: hours().map(plain).collect(),
            languages: [Lang::Zh, Lang::En].map(|l| plain((l.tag().into(), l.t("me.own_language")))).into(),
        }
    }
}

/// What a form holds of a channel.
pub(super) fn values(name: &str, topics: &[Topic], lang: Lang, quiet: Option<Quiet>) -> Vec<(&'static str, String)> {
    let hour = |h: Option<u32>| h.map(|h| h.to_string()).unwrap_or_default();
    let mut all = vec![
        ("name", name.to_owned()),
        ("language", lang.tag().to_owned()),
        ("quiet_from", hour(quiet.map(|q| q.from))),
        ("quiet_to", hour(quiet.map(|q| q.to))),
    ];
    all.extend(topics.iter().map(|t| (topic_field(*t), "1".to_owned())));
    all
}

fn topic_field(topic: Topic) -> &'static str {
    match topic {
        Topic::NewIssue => "topic_new_issue",
        Topic::Task => "topic_task",
        Topic::Late => "topic_late",
        Topic::Supervision => "topic_supervision",
        Topic::Announcement => "topic_announcement",
        Topic::Meeting => "topic_meeting",
    }
}

/// A new channel begins with everything but the night.
pub(super) fn fresh(lang: Lang) -> Vec<(&'static str, String)> {
    values("", Topic::ALL, lang, Some(NIGHT))
}

/// The topics that were ticked.
pub(super) fn topics(sent: &Sent<'_>) -> Vec<Topic> {
    Topic::ALL.iter().copied().filter(|t| sent.ticked(topic_field(*t))).collect()
}

/// What somebody typed.
pub(super) fn typed<'s>(sent: &'s Sent<'_>, topics: &'s [Topic]) -> Result<Typed<'s>> {
    let lang = match sent.text("language") {
        "zh-CN" => Lang::Zh,
        "en" => Lang::En,
        _ => return Err(Refusal::new("unknown_choice").at("language").into()),
    };
    let quiet = Quiet::read(sent.text("quiet_from"), sent.text("quiet_to"))?;
    Ok(Typed { name: sent.text("name"), topics, lang, quiet })
}
