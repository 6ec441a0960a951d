//! `/b/{building}/canned-answers`: what the desk of an organisation answers often: kept, changed, taken out of use; and the
//! first set that comes with the house, to begin from.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::answer::Answer;
use super::dates;
use super::form::FormState;
use super::frame::Frame;
use super::guards::{May, Triage};
use super::issues::work::Choice;
use super::sent::Sent;
use crate::domain::canned_answers::{self, BuiltIn, CannedAnswer, NewCanned, PLACES, WORDS_MAX};
use crate::domain::categories;
use crate::domain::organisations;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;

pub(super) fn routes() -> Vec<Route> {
    routes![index, new, create, edit, change, retire]
}

/// One that the organisation wrote.
#[derive(Serialize)]
struct Own {
    title: String,
    kind: String,
    words: String,
    words_en: String,
    changed: String,
    href: String,
    retirement: String,
    version: i32,
}

/// One that comes with the house.
#[derive(Serialize)]
struct First {
    title: String,
    kind: String,
    words: String,
    href: String,
}

#[derive(Serialize)]
struct Page {
    home: String,
    house: String,
    heading: String,
    new: String,
    own: Vec<Own>,
    retired: Vec<Own>,
    first: Vec<First>,
    form: FormState,
}

#[derive(Serialize)]
struct Edit {
    home: String,
    house: String,
    root: String,
    heading: String,
    action: String,
    who: String,
    kinds: Vec<Choice>,
    places: Vec<Choice>,
    words_max: usize,
    form: FormState,
}

/// What kind of trouble one is for, in words.
pub(super) fn kind(of: Option<&str>, lang: Lang) -> String {
    match of {
        None => lang.t("canned_answers.everything"),
        Some(code) if code.contains('.') => categories::name(code, lang),
        Some(group) => lang.t(&format!("reports.groups.{group}")),
    }
}

/// Everything, the groups, each followed by its kinds.
fn kinds(lang: Lang) -> Vec<Choice> {
    let mut all = vec![];
    let mut last = "";
    for c in categories::all() {
        if c.group != last {
            last = &c.group;
            let whole = lang.say("canned_answers.group", &[("group", &kind(Some(last), lang))]);
            all.push(Choice::new(last, whole));
        }
        all.push(Choice::new(&c.code, c.name(lang)));
    }
    all
}

fn root(who: &May<'_, Triage>) -> String {
    format!("{}/canned-answers", who.at.root())
}

async fn page(who: &May<'_, Triage>, form: FormState) -> Result<Answer> {
    let (db, lang, now, root) = (who.house.read(), who.lang, who.house.now(), root(who));
    let organisation = organisations::by_id(db, who.membership.organisation_id).await?;
    let own = |a: &CannedAnswer| Own {
        title: a.title.clone(),
        kind: kind(a.category.as_deref(), lang),
        words: a.words.clone(),
        words_en: a.words_en.clone(),
        changed: dates::moment(a.changed_at, now, lang),
        href: format!("{root}/{}", a.number),
        retirement: format!("{root}/{}/retirement", a.number),
        version: a.version,
    };
    let all = canned_answers::of_organisation(db, organisation.id).await?;
    let first = canned_answers::built_in().iter().map(|b| First {
        title: title(b, lang).to_owned(),
        kind: kind(b.group.as_deref(), lang),
        words: lang.pick(&b.zh, &b.en).to_owned(),
        href: format!("{root}/new?from={}", b.key),
    });
    let page = Page {
        home: who.at.root(),
        house: who.at.name(lang).to_owned(),
        heading: lang.say("canned_answers.heading_of", &[("of", organisation.short(lang))]),
        new: format!("{root}/new"),
        own: all.iter().filter(|a| a.retired_at.is_none()).map(own).collect(),
        retired: all.iter().filter(|a| a.retired_at.is_some()).map(own).collect(),
        first: first.collect(),
        form,
    };
    who.page(frame(who, &page.heading)?, "canned_answers/index", &page)
}

fn frame(who: &May<'_, Triage>, heading: &str) -> Result<Frame> {
    Ok(Frame::titled(heading).of(who, who.building()?).here("desk").at_work().class("pg-canned"))
}

/// What one of the first set is called.
pub(super) fn title(b: &BuiltIn, lang: Lang) -> &str {
    lang.pick(&b.zh_title, &b.en_title)
}

#[get("/<_>/canned-answers")]
async fn index(who: May<'_, Triage>) -> Result<Answer> {
    page(&who, FormState::fresh(&who)).await
}

async fn edit_page(who: &May<'_, Triage>, number: Option<i32>, form: FormState) -> Result<Answer> {
    let (lang, root) = (who.lang, root(who));
    let organisation = organisations::by_id(who.house.read(), who.membership.organisation_id).await?;
    let page = Edit {
        home: who.at.root(),
        house: who.at.name(lang).to_owned(),
        heading: lang.t(if number.is_some() { "canned_answers.change" } else { "canned_answers.new" }),
        action: number.map_or_else(|| root.clone(), |n| format!("{root}/{n}")),
        who: lang.say("canned_answers.who", &[("of", organisation.short(lang))]),
        kinds: kinds(lang),
        places: PLACES.iter().map(|p| Choice::new(format!("{{{p}}}"), lang.t(&format!("canned_answers.places.{p}")))).collect(),
        words_max: WORDS_MAX,
        root,
        form,
    };
    who.page(frame(who, &page.heading)?, "canned_answers/edit", &page)
}

#[get("/<_>/canned-answers/new?<from>")]
async fn new(who: May<'_, Triage>, from: Option<&str>) -> Result<Answer> {
    let form = match canned_answers::built_in().iter().find(|b| Some(b.key.as_str()) == from) {
        Some(b) => FormState::filled(
            &who,
            [
                ("category", b.group.clone().unwrap_or_default()),
                ("title", title(b, who.lang).to_owned()),
                ("words", b.zh.clone()),
                ("words_en", b.en.clone()),
            ],
        ),
        None => FormState::fresh(&who),
    };
    edit_page(&who, None, form).await
}

fn typed<'s>(sent: &'s Sent<'_>) -> NewCanned<'s> {
    NewCanned { category: sent.given("category"), title: sent.text("title"), words: sent.text("words"), words_en: sent.text("words_en") }
}

#[post("/<_>/canned-answers", data = "<sent>")]
async fn create(who: May<'_, Triage>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        canned_answers::write(&act, typed(&sent)).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(root(&who)).saying("canned_answers.said.written")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(edit_page(&who, None, form).await?.status(status))
        }
    }
}

#[get("/<_>/canned-answers/<number>", rank = 2)]
async fn edit(who: May<'_, Triage>, number: i32) -> Result<Answer> {
    let a = canned_answers::by_number(who.house.read(), who.membership.organisation_id, number).await?;
    let values = [
        ("category", a.category.unwrap_or_default()),
        ("title", a.title),
        ("words", a.words),
        ("words_en", a.words_en),
        ("version", a.version.to_string()),
    ];
    edit_page(&who, Some(number), FormState::filled(&who, values)).await
}

#[post("/<_>/canned-answers/<number>", data = "<sent>")]
async fn change(who: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let answer = canned_answers::by_number(act.tx(), who.membership.organisation_id, number).await?;
        answer.rewrite(&act, sent.version()?, typed(&sent)).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(root(&who)).saying("canned_answers.said.changed")),
        Err(e) => {
            let (mut form, status) = FormState::again(&sent, e)?;
            if form.conflict {
                let now = canned_answers::by_number(who.house.read(), who.membership.organisation_id, number).await?;
                form.values.insert("version".into(), now.version.to_string());
            }
            Ok(edit_page(&who, Some(number), form).await?.status(status))
        }
    }
}

#[post("/<_>/canned-answers/<number>/retirement", data = "<sent>")]
async fn retire(who: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let answer = canned_answers::by_number(act.tx(), who.membership.organisation_id, number).await?;
        answer.retire(&act, sent.version()?).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(root(&who)).saying("canned_answers.said.retired")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&who, form).await?.status(status))
        }
    }
}
