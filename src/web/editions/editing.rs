//! The editor's desk: begin an edition, write its stories, have a second person check each, publish.

use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::super::answer::Answer;
use super::super::form::FormState;
use super::super::guards::{At, Edit, May};
use super::super::sent::Sent;
use super::{by_number, frame, reading};
use crate::domain::editions::{self, Edition, EditionState, NewStory, Story, StoryKind};
use crate::domain::{buildings, issues, persons, resolutions};
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::{IssueId, PersonId, ResolutionId};
use crate::kernel::qr;

pub(super) fn routes() -> Vec<Route> {
    routes![begin, edit, write_form, write, check, publish]
}

fn edit_address(at: &At, number: i32) -> String {
    format!("{}/bulletin/{number}/edit", at.root())
}

#[post("/<_>/bulletin", data = "<sent>")]
async fn begin(editor: May<'_, Edit>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let title = match sent.given("title") {
            Some(t) => t.to_owned(),
            None => reading::name(&editor, &editor.at).await?,
        };
        let act = editor.begin(&sent).await?;
        let (district, building) = match &editor.at {
            At::Building(b) => (buildings::district_by_id(act.tx(), b.district_id).await?, Some(b)),
            At::District(d) => (d.as_ref().clone(), None),
        };
        let edition = editions::begin(&act, &district, building.map(|b| &**b), &title).await?;
        act.commit().await?;
        Ok(edition.number)
    }
    .await;
    match done {
        Ok(number) => Ok(Answer::go(edit_address(&editor.at, number)).saying("editions.said.begun")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(reading::list(&editor, &editor.at, Some(form)).await?.status(status))
        }
    }
}

#[derive(Serialize)]
struct Row {
    position: i32,
    kind: String,
    headline: String,
    by: Option<String>,
    checked_by: Option<String>,
    mine: bool,
    href: String,
    check: String,
}

#[derive(Serialize)]
struct Desk {
    title: String,
    number: i32,
    rows: Vec<Row>,
    ready: bool,
    missing: Option<String>,
    new: String,
    view: String,
    publish: String,
    form: FormState,
}

async fn desk(editor: &May<'_, Edit>, edition: &Edition, form: FormState) -> Result<Answer> {
    let db = editor.house.read();
    let stories = edition.stories(db).await?;
    let ids: Vec<PersonId> = stories.iter().flat_map(|s| [s.written_by, s.checked_by]).flatten().collect();
    let people = persons::by_ids(db, ids).await?;
    let name = |id| people.iter().find(|p| Some(p.id) == id).map(|p| p.name(editor.lang).to_owned());
    let root = format!("{}/bulletin/{}", editor.at.root(), edition.number);
    let me = editor.signed.person.id;
    let rows: Vec<Row> = stories
        .iter()
        .map(|s| Row {
            position: s.position,
            kind: editor.lang.t(&format!("editions.kinds.{}", s.kind.as_str())),
            headline: s.headline.clone(),
            by: name(s.written_by),
            checked_by: s.checked_at.and_then(|_| name(s.checked_by)),
            mine: s.written_by == Some(me),
            href: format!("{root}/stories/{}", s.position),
            check: format!("{root}/stories/{}/check", s.position),
        })
        .collect();
    let unchecked = stories.iter().filter(|s| s.checked_at.is_none()).count();
    let missing = match (stories.is_empty(), unchecked) {
        (true, _) => Some(editor.lang.t("editions.missing_story")),
        (_, 0) => None,
        (_, n) => Some(editor.lang.say("editions.missing_check", &[("n", &n.to_string())])),
    };
    let page = Desk {
        title: edition.title.clone(),
        number: edition.number,
        rows,
        ready: missing.is_none() && edition.state == EditionState::Draft,
        missing,
        new: format!("{root}/stories/new"),
        view: root.clone(),
        publish: format!("{root}/publication"),
        form,
    };
    let title = editor.lang.say("editions.title", &[("title", &edition.title), ("n", &edition.number.to_string())]);
    editor.page(frame(editor, &editor.at, title).at_work().class("pg-desk"), "editions/edit", &page)
}

#[get("/<_>/bulletin/<number>/edit")]
async fn edit(editor: May<'_, Edit>, number: i32) -> Result<Answer> {
    let edition = by_number(&editor, &editor.at, number).await?;
    desk(&editor, &edition, FormState::fresh(&editor)).await
}

#[derive(Serialize)]
struct Write {
    number: i32,
    position: Option<i32>,
    action: String,
    back: String,
    kinds: Vec<Choice>,
    preview: Option<Preview>,
    form: FormState,
}

/// A story as the page will print it.
#[derive(Serialize)]
struct Preview {
    kind: String,
    headline: String,
    summary: String,
    html: String,
    /// The code and the label of its issue.
    qr: Option<String>,
    issue: String,
}

fn preview(editor: &May<'_, Edit>, kind: &str, form: &FormState) -> Result<Option<Preview>> {
    let of = |name: &str| form.values.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
    let words = of("words");
    if words.is_empty() {
        return Ok(None);
    }
    let issue = of("issue");
    let address = format!("{}/issues/{issue}", editor.at.root());
    let numbered = issue.parse::<i32>().is_ok();
    let code = numbered.then(|| qr::svg(&editor.house.settings().address(&address)));
    Ok(Some(Preview {
        kind: editor.lang.t(&format!("editions.kinds.{kind}")),
        headline: of("headline"),
        summary: of("summary"),
        html: editions::rendered(&words),
        qr: code.transpose().map_err(|e| Error::broken(e.to_string()))?,
        issue,
    }))
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

fn writing(editor: &May<'_, Edit>, number: i32, position: Option<i32>, form: FormState) -> Result<Answer> {
    let root = format!("{}/bulletin/{number}", editor.at.root());
    let kind = form.values.get("kind").cloned().unwrap_or_else(|| "story".into());
    let choice =
        |k: &StoryKind| Choice { value: k.as_str(), label: editor.lang.t(&format!("editions.kinds.{}", k.as_str())), chosen: kind == k.as_str() };
    let page = Write {
        number,
        position,
        action: position.map_or_else(|| format!("{root}/stories/new"), |p| format!("{root}/stories/{p}")),
        back: format!("{root}/edit"),
        kinds: StoryKind::ALL.iter().map(choice).collect(),
        preview: preview(editor, &kind, &form)?,
        form,
    };
    editor.page(frame(editor, &editor.at, editor.lang.t("editions.write")).at_work().class("pg-desk"), "editions/write", &page)
}

/// The position in an address: `new`, or a number.
fn position_of(typed: &str) -> Result<Option<i32>> {
    if typed == "new" { Ok(None) } else { typed.parse().map(Some).map_err(|_| Error::NotFound) }
}

#[get("/<_>/bulletin/<number>/stories/<position>?<issue>")]
async fn write_form(editor: May<'_, Edit>, number: i32, position: &str, issue: Option<i32>) -> Result<Answer> {
    let edition = by_number(&editor, &editor.at, number).await?;
    let position = position_of(position)?;
    let values = match position {
        None => vec![("issue", issue.map(|n| n.to_string()).unwrap_or_default())],
        Some(p) => {
            let story = edition.stories(editor.house.read()).await?.into_iter().find(|s| s.position == p).ok_or(Error::NotFound)?;
            filled(&editor, story).await?
        }
    };
    writing(&editor, number, position, FormState::filled(&editor, values))
}

async fn filled(editor: &May<'_, Edit>, s: Story) -> Result<Vec<(&'static str, String)>> {
    let db = editor.house.read();
    let mut values = vec![("kind", s.kind.as_str().to_owned()), ("headline", s.headline), ("summary", s.summary), ("words", s.words)];
    if let Some(id) = s.issue_id {
        values.push(("issue", issues::by_id(db, id).await?.number.to_string()));
    }
    if let Some(id) = s.resolution_id {
        values.push(("resolution", resolutions::by_id(db, id).await?.address()));
    }
    Ok(values)
}

/// The matter and the resolution that a story is about, by the numbers that people use.
async fn sources(editor: &May<'_, Edit>, act: &Act, sent: &Sent<'_>) -> Result<(Option<IssueId>, Option<ResolutionId>)> {
    let missing = |field: &'static str| move |e: Error| if matches!(e, Error::NotFound) { Refusal::new("no_such").at(field).into() } else { e };
    let issue = match (sent.given("issue"), &editor.at) {
        (Some(_), At::Building(b)) => Some(issues::by_number(act.tx(), b.id, sent.read("issue")?).await.map_err(missing("issue"))?.id),
        _ => None,
    };
    let resolution = match sent.given("resolution") {
        Some(typed) => {
            let (year, serial) = typed.split_once('-').ok_or_else(|| Refusal::new("no_such").at("resolution"))?;
            let number = |n: &str| n.trim().parse::<i32>().map_err(|_| Refusal::new("no_such").at("resolution"));
            let council = match &editor.at {
                At::Building(b) => crate::domain::councils::of_building(act.tx(), b.id).await?,
                At::District(d) => crate::domain::councils::of_district(act.tx(), d.id).await?,
            };
            let found = resolutions::by_number(act.tx(), council.id, number(year)?, number(serial)?).await;
            Some(found.map_err(missing("resolution"))?.id)
        }
        None => None,
    };
    Ok((issue, resolution))
}

#[post("/<_>/bulletin/<number>/stories/<position>", data = "<sent>")]
async fn write(editor: May<'_, Edit>, number: i32, position: &str, sent: Sent<'_>) -> Result<Answer> {
    let position = position_of(position)?;
    let edition = by_number(&editor, &editor.at, number).await?;
    if sent.ticked("preview") {
        let values = ["kind", "headline", "summary", "words", "issue", "resolution"].map(|n| (n, sent.text(n).to_owned()));
        return writing(&editor, number, position, FormState::filled(&editor, values));
    }
    let done = async {
        let act = editor.begin(&sent).await?;
        let (issue, resolution) = sources(&editor, &act, &sent).await?;
        let kind: StoryKind = sent.text("kind").parse().map_err(|r: Refusal| r.at("kind"))?;
        let new = NewStory { kind, issue, resolution, headline: sent.text("headline"), summary: sent.text("summary"), words: sent.text("words") };
        edition.write(&act, position, new).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(edit_address(&editor.at, number)).saying("editions.said.written")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(writing(&editor, number, position, form)?.status(status))
        }
    }
}

#[post("/<_>/bulletin/<number>/stories/<position>/check", data = "<sent>")]
async fn check(editor: May<'_, Edit>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    let edition = by_number(&editor, &editor.at, number).await?;
    let done = async {
        let act = editor.begin(&sent).await?;
        edition.check(&act, position).await?;
        act.commit().await
    }
    .await;
    settled(&editor, &edition, &sent, done, "editions.said.checked").await
}

#[post("/<_>/bulletin/<number>/publication", data = "<sent>")]
async fn publish(editor: May<'_, Edit>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let edition = by_number(&editor, &editor.at, number).await?;
    let done = async {
        let act = editor.begin(&sent).await?;
        editions::hold(&act, edition.id).await?.publish(&act).await?;
        act.commit().await
    }
    .await;
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/bulletin/{number}", editor.at.root())).saying("editions.said.published")),
        Err(e) => settled(&editor, &edition, &sent, Err(e), "").await,
    }
}

async fn settled(editor: &May<'_, Edit>, edition: &Edition, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(edit_address(&editor.at, edition.number)).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(desk(editor, edition, form).await?.status(status))
        }
    }
}
