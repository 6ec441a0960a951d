//! `…/split`: what is a trouble of its own becomes a matter of its own. Each report stays, goes along, or stands behind both.

use rocket::{Route, get, post, routes};

use super::acting::{again, hold, holder};
use super::room::Room;
use super::sheet::{Choice, Sheet};
use crate::domain::issues::{self, Deed, Part, SplitReason};
use crate::domain::{buildings, categories, reports};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::text;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Triage};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![new, create]
}

/// Reports with words that the page lists, the latest; of a matter with hundreds nobody sorts more by hand.
const LISTED: usize = 40;

fn field(handle: &str) -> String {
    format!("r-{handle}")
}

async fn page(room: &Room<'_>, mut form: FormState) -> Result<Answer> {
    let (lang, db, keys) = (room.caller.lang, room.caller.house.read(), room.caller.house.keys());
    form.values.entry("place".into()).or_insert_with(|| room.m.place.code.clone());
    let places = buildings::places(db, room.building.id).await?;
    let places = places.iter().map(|p| Choice::new(&p.code, p.full(lang))).collect();
    let kinds = categories::all().iter().map(|c| Choice::new(&c.code, c.name(lang))).collect();
    let all = reports::of_issue(db, room.m.issue.id).await?;
    let several = all.len() > 1;
    let readable: Vec<_> = all.iter().filter(|r| r.words.is_some()).rev().take(LISTED).collect();
    for r in &readable {
        form.values.entry(field(&reports::handle_of(keys, r.id))).or_insert_with(|| "stay".into());
    }
    let mut sheet = Sheet::new(room, "work.split", "split", form).line("title", 40).select("category", kinds).select("place", places);
    let choice = |value: &str| Choice::new(value, lang.t(&format!("work.split.choice.{value}")));
    for (i, r) in readable.iter().enumerate() {
        let words = r.words.as_deref().filter(|_| room.sight.words).map_or_else(|| lang.t("work.move.no_words"), |w| text::shorten(w, 160));
        let choices = ["stay", "move", "both"].into_iter().filter(|c| several || *c != "move").map(choice).collect();
        let label = lang.say("work.split.report", &[("n", &(i + 1).to_string()), ("words", &words)]);
        sheet = sheet.picks_for(field(&reports::handle_of(keys, r.id)), label, choices);
    }
    let reason = |r: &SplitReason| Choice::new(r.as_str(), lang.t(&format!("story.split_because.{r}")));
    let sheet = sheet.errors_of("reports").picks("reason", SplitReason::ALL.iter().map(reason).collect()).words("words", 1000);
    let sheet = sheet.unless(room.refusal(Deed::Split));
    sheet.then("then_dates", &[]).then("then_receipts", &[]).then("then_undo", &[]).answer().await
}

#[get("/<_>/issues/<number>/split")]
async fn new(staff: May<'_, Triage>, number: i32) -> Result<Answer> {
    page(&Room::open(&staff, number).await?, FormState::fresh(&staff)).await
}

#[post("/<_>/issues/<number>/split", data = "<sent>")]
async fn create(staff: May<'_, Triage>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let (act, issue) = hold(&staff, number, &sent, holder).await?;
        let category = categories::named(sent.text("category")).map_err(|r| r.at("category"))?;
        let place = match buildings::place_by_code(act.tx(), issue.building_id, sent.text("place")).await {
            Err(Error::NotFound) => return Err(Refusal::new("empty").at("place").into()),
            found => found?,
        };
        let (mut moved, mut copied) = (vec![], vec![]);
        for report in reports::of_issue(act.tx(), issue.id).await? {
            match sent.text(&field(&reports::handle_of(staff.house.keys(), report.id))) {
                "move" => moved.push(report),
                "both" => copied.push(report),
                _ => {}
            }
        }
        let part = Part { title: sent.text("title"), place: &place, category, moved, copied, why: sent.text("reason"), words: sent.text("words") };
        let (_, new) = issues::split(&act, issue, part).await?;
        act.commit().await?;
        Ok(new.number)
    }
    .await;
    match done {
        Ok(new) => Ok(Answer::go(format!("{}/issues/{new}/work", staff.at.root())).saying("work.said.split")),
        Err(e) => {
            let (room, form, status) = again(&staff, number, &sent, e).await?;
            Ok(page(&room, form).await?.status(status))
        }
    }
}
