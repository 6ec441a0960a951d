//! What is suggested when a matter is taken on, each with why and taken with one press: a number key, or its button.

use serde::Serialize;

use super::room::Room;
use crate::domain::issues::{Deed, IssueState, Likeness};
use crate::domain::suggestions::{self, Suggestions};
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
    /// Sent there at once with this field, or opened.
    href: String,
    field: Option<&'static str>,
    value: String,
    /// The matter that it names.
    see: Option<See>,
}

#[derive(Clone, Debug, Serialize)]
struct See {
    href: String,
    label: String,
}

/// While a matter has just come or been accepted, for whoever is to act and reads what was reported.
pub async fn of(room: &Room<'_>) -> Result<Vec<Suggested>> {
    let fresh = matches!(room.m.issue.state, IssueState::Received | IssueState::Accepted) && room.m.tasks.is_empty();
    if !fresh || !room.sight.words || room.refusal(Deed::Recategorise).is_some() {
        return Ok(vec![]);
    }
    let (house, issue) = (&room.caller.house, &room.m.issue);
    let db = house.read();
    let words = crate::domain::reports::of_issue(db, issue.id).await?.into_iter().find_map(|r| r.words).unwrap_or_default();
    let found = suggestions::of(db, house.now(), room.building, &room.m.place, issue, &words).await?;
    let mut all = said(room, found);
    all.iter_mut().enumerate().for_each(|(i, s)| s.key = i + 1);
    Ok(all)
}

fn said(room: &Room<'_>, found: Suggestions) -> Vec<Suggested> {
    let lang = room.caller.lang;
    let at = |path: &str| format!("{}/{path}", room.root());
    let t = |key: &str, with: &[(&str, &str)]| lang.say(&format!("work.suggested.{key}"), with);
    let new = |words: String, why: String, act: String, href: String| Suggested {
        key: 0,
        words,
        why,
        act,
        href,
        field: None,
        value: String::new(),
        see: None,
    };
    let mut all = vec![];
    if let Some(g) = found.category {
        let name = g.category.name(lang);
        let because = listed(&g.because.iter().map(|w| lang.say("parts.quoted", &[("words", w)])).collect::<Vec<_>>(), lang);
        let one = new(t("category", &[("kind", name)]), t("because_words", &[("words", &because)]), t("category_act", &[]), at("category"));
        all.push(Suggested { field: Some("category"), value: g.category.code.clone(), ..one });
    }
    if let Some(p) = found.place {
        let one = new(t("place", &[("place", &p.full(lang))]), t("because_named", &[]), t("place_act", &[]), at("place"));
        all.push(Suggested { field: Some("place"), value: p.code.clone(), ..one });
    }
    for a in found.alike.into_iter().filter(|_| room.refusal(Deed::Merge).is_none()) {
        let label = room.building.label(a.issue.number);
        let with = [("label", label.as_str()), ("title", a.issue.title.as_str()), ("n", &a.issue.reports.to_string())];
        let see = See { href: format!("/b/{}/issues/{}/work", room.building.slug, a.issue.number), label: label.clone() };
        let one = new(t("alike", &with), alike(room, a.why), t("alike_act", &with), at("merge"));
        all.push(Suggested { field: Some("into"), value: a.issue.number.to_string(), see: Some(see), ..one });
    }
    if let Some(u) = found.usual.filter(|_| room.refusal(Deed::Dispatch).is_none()) {
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
