//! Two at once: what the other one did, with name and time, beside what was typed here and is not saved.

use serde::Serialize;

use super::room::Room;
use super::sheet::Field;
use crate::domain::persons;
use crate::kernel::error::Result;
use crate::kernel::ids::PersonId;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::shown::story;

/// In templates: `{{> work/meanwhile meanwhile=meanwhile}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Meanwhile {
    /// `邓立两分钟前先改了这件事`.
    heading: String,
    theirs: Vec<Theirs>,
    /// The state as it is now.
    state: String,
    mine: Vec<Mine>,
}

#[derive(Clone, Debug, Serialize)]
struct Theirs {
    by: String,
    at: String,
    head: String,
    body: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Mine {
    label: String,
    words: String,
}

impl Meanwhile {
    /// What happened since the form was made.
    pub async fn since(room: &Room<'_>, form: &FormState, fields: &[Field]) -> Result<Self> {
        let mine = fields.iter().filter_map(Field::typed).map(|(label, words)| Mine { label, words }).collect();
        Self::with(room, form, mine).await
    }

    /// The same for a page that writes its form itself: the text that names each field, and its name.
    pub async fn of(room: &Room<'_>, form: &FormState, fields: &[(&str, &str)]) -> Result<Self> {
        let typed = |(label, name): &(&str, &str)| {
            let words = form.values.get(*name).filter(|v| !v.trim().is_empty())?.clone();
            Some(Mine { label: room.caller.lang.t(label), words })
        };
        Self::with(room, form, fields.iter().filter_map(typed).collect()).await
    }

    async fn with(room: &Room<'_>, form: &FormState, mine: Vec<Mine>) -> Result<Self> {
        let (caller, lang) = (room.caller, room.caller.lang);
        let db = caller.house.read();
        let since = form.values.get("line").and_then(|l| l.parse().ok()).unwrap_or(0);
        let lines = room.m.issue.meanwhile(db, since).await?;
        let ids: Vec<PersonId> = lines.iter().filter(|l| l.actor == "person").filter_map(|l| l.actor_id.map(PersonId)).collect();
        let people = persons::by_ids(db, ids).await?;
        let teller = room.teller();
        let by = |l: &crate::kernel::journal::Model| match l.actor.as_str() {
            "person" => people.iter().find(|p| Some(p.id.0) == l.actor_id).map_or_else(|| lang.t("work.somebody"), |p| p.name(lang).to_owned()),
            other => lang.t(&format!("roles.{other}")),
        };
        let mut theirs = vec![];
        for line in &lines {
            let step = story::sentence(&teller, line.at, &line.entry()?);
            let (head, body) = step.map_or_else(|| (lang.t("work.meanwhile.something"), vec![]), |s| (s.head, s.body));
            theirs.push(Theirs { by: by(line), at: dates::moment(line.at, caller.house.now(), lang), head, body });
        }
        let heading = match lines.last() {
            Some(last) => {
                let minutes = (caller.house.now() - last.at).num_minutes();
                let key = if minutes < 1 { "work.meanwhile.just_now" } else { "work.meanwhile.minutes" };
                let key = if minutes > 120 { "work.meanwhile.earlier" } else { key };
                lang.say(key, &[("by", &by(last)), ("n", &minutes.to_string())])
            }
            None => lang.t("work.meanwhile.somebody"),
        };
        let state = crate::web::shown::states::of(&room.m.issue, None, lang).word.into_owned();
        Ok(Self { heading, theirs, state, mine })
    }
}
