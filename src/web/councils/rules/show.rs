//! What holds, and every version before it.

use rocket::get;
use serde::Serialize;

use super::in_words;
use crate::domain::councils::rules;
use crate::domain::resolutions;
use crate::domain::rights::Right;
use crate::kernel::error::Result;
use crate::web::answer::Answer;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::guards::Anyone;
use crate::web::meetings::dossier::Crumb;

#[derive(Serialize)]
struct Version {
    heading: String,
    words: String,
    resolution: Option<String>,
    resolution_href: Option<String>,
    /// Sentences that the version before did not have.
    changed: Vec<String>,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    council: String,
    heading: String,
    rules: Vec<String>,
    versions: Vec<Version>,
    new: Option<String>,
}

/// `GET …/council/rules`.
#[get("/<_>/council/rules")]
pub(in crate::web::councils) async fn show(who: Anyone<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (db, lang, today) = (who.house.read(), who.lang, dates::local(who.house.now()).date());
    let all = rules::versions(db, here.council.id).await?;
    let mut versions = vec![];
    for (i, r) in all.iter().enumerate() {
        let resolution = match r.resolution_id {
            Some(id) => Some(resolutions::by_id(db, id).await?),
            None => None,
        };
        let from = dates::day(dates::local(r.in_force_from).date(), today, lang);
        let before = all.get(i + 1).map(|b| in_words(b, lang));
        versions.push(Version {
            heading: lang.say("councils.rules.version", &[("version", &r.version.to_string()), ("from", &from)]),
            words: r.words.clone(),
            resolution: resolution.as_ref().map(|r| r.label(here.short())),
            resolution_href: resolution.map(|r| format!("{}/resolutions/{}", here.root, r.address())),
            changed: before.map(|b| in_words(r, lang).into_iter().filter(|w| !b.contains(w)).collect()).unwrap_or_default(),
        });
    }
    let now = here.council.rules(db).await?;
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)), Crumb::here(lang.t("councils.rules.title"))],
        council: here.council.name(lang).to_owned(),
        heading: lang.say("councils.rules.heading", &[("version", &now.version.to_string())]),
        rules: in_words(&now, lang),
        versions,
        new: here.may(&who, Right::Secretariat).then(|| format!("{}/council/rules/new", here.root)),
    };
    who.page(here.frame(&who, page.heading.clone()).class("pg-council"), "councils/rules", &page)
}
