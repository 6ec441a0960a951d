//! What is suggested when a matter is taken on, each with why and taken with one press: a number key, or its button.

use serde::Serialize;

use super::room::Room;
use crate::domain::issues::{Likeness, MergeReason};
use crate::domain::suggestions::{self, About, Suggestions};
use crate::kernel::error::Result;
use crate::web::shown::listed;

/// One suggestion. In templates: `{{> work/suggested suggested}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Suggested {
    /// The key that takes it.
    key: usize,
    words: String,
    why: String,
    /// What taking it does.
    act: String,
    /// Sent there at once with these fields; without any, opened.
    href: String,
    fields: Vec<Field>,
    /// The matter that it names.
    see: Option<See>,
}

#[derive(Clone, Debug, Serialize)]
struct Field {
    name: &'static str,
    value: String,
}

#[derive(Clone, Debug, Serialize)]
struct See {
    href: String,
    label: String,
}

/// What the domain suggests to whoever looks, in words.
pub async fn of(room: &Room<'_>) -> Result<Vec<Suggested>> {
    let house = &room.caller.house;
    let about = About { building: room.building, place: &room.m.place, issue: &room.m.issue, sight: &room.sight, around: room.around() };
    let mut all = said(room, suggestions::of(house.read(), house.now(), about).await?);
    all.iter_mut().enumerate().for_each(|(i, s)| s.key = i + 1);
    Ok(all)
}

fn said(room: &Room<'_>, found: Suggestions) -> Vec<Suggested> {
    let lang = room.caller.lang;
    let at = |path: &str| format!("{}/{path}", room.root());
    let t = |key: &str, with: &[(&str, &str)]| lang.say(&format!("work.suggested.{key}"), with);
    let new = |words: String, why: String, act: String, href: String| Suggested { key: 0, words, why, act, href, fields: vec![], see: None };
    let field = |name: &'static str, value: &str| Field { name, value: value.to_owned() };
    let mut all = vec![];
    if let Some(g) = found.category {
        let name = g.category.name(lang);
        let because = listed(&g.because.iter().map(|w| lang.say("parts.quoted", &[("words", w)])).collect::<Vec<_>>(), lang);
        let one = new(t("category", &[("kind", name)]), t("because_words", &[("words", &because)]), t("category_act", &[]), at("category"));
        all.push(Suggested { fields: vec![field("category", &g.category.code)], ..one });
    }
    if let Some(p) = found.place {
        let one = new(t("place", &[("place", &p.full(lang))]), t("because_named", &[]), t("place_act", &[]), at("place"));
        all.push(Suggested { fields: vec![field("place", &p.code)], ..one });
    }
    for a in found.alike {
        let label = room.building.label(a.issue.number);
        let with = [("label", label.as_str()), ("title", a.issue.title.as_str()), ("n", &a.issue.reports.to_string())];
        let see = See { href: format!("/b/{}/issues/{}/work", room.building.slug, a.issue.number), label: label.clone() };
        // A press says why, too; what it says stands beside it before anybody presses.
        let words = t("alike_words", &with);
        let why = format!("{}{}{}", alike(room, a.why), lang.t("work.suggested.then"), t("alike_says", &[("words", &words)]));
        let one = new(t("alike", &with), why, t("alike_act", &with), at("merge"));
        let into = field("into", &a.issue.number.to_string());
        all.push(Suggested { fields: vec![into, field("reason", MergeReason::Same.as_str()), field("words", &words)], see: Some(see), ..one });
    }
    if let Some(u) = found.usual {
        let name = u.organisation.name(lang);
        let why = match u.of {
            0 => t("because_kind", &[]),
            of => t("because_did", &[("of", &of.to_string()), ("n", &u.did.to_string())]),
        };
        all.push(new(t("usual", &[("by", name)]), why, t("usual_act", &[]), at(&format!("tasks?to={}", u.organisation.slug))));
    }
    all
}

fn alike(room: &Room<'_>, why: Likeness) -> String {
    let lang = room.caller.lang;
    let one = |is: bool, key: &str| is.then(|| lang.t(&format!("work.suggested.same_{key}")));
    let all: Vec<String> = [one(why.place, "place"), one(why.kind, "kind"), one(why.words, "words")].into_iter().flatten().collect();
    listed(&all, lang)
}
