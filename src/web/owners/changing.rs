//! What changes the roll, and what reads its names.

use rocket::http::Status;
use rocket::post;

use super::index::{Came, page};
use crate::domain::owners::{self, ROWS_MAX, Row};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::text::clean;
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{May, Secretariat};
use crate::web::sent::Sent;
use crate::web::tables;

/// The rows of a list under its headings, and the list as text.
async fn list(sent: &Sent<'_>) -> Result<(Vec<Row>, String)> {
    let mut rows = tables::rows(sent).await?;
    let field = tables::field(sent);
    let (at, columns) = owners::headings(&rows).ok_or_else(|| Refusal::new("owners_headings").at(field))?;
    let read: Vec<Row> = rows.iter().skip(at + 1).map(|(line, cells)| Row::of(*line, cells, &columns)).filter(|r| !r.is_empty()).collect();
    if read.is_empty() {
        return Err(Refusal::new("table_empty").at(field).into());
    }
    tables::ask_few(read.len(), ROWS_MAX, field)?;
    tables::keep_named(&mut rows[at + 1..], &columns);
    Ok((read, tables::text(&rows)))
}

async fn after(who: &May<'_, Secretariat>, sent: &Sent<'_>, done: Result<()>, said: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/owners", who.at.root())).saying(said)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(who, Came::default(), form).await?.status(status))
        }
    }
}

/// `POST …/owners/check`: looks at a list. Nothing is done yet.
#[post("/<_>/owners/check", data = "<sent>")]
pub(super) async fn check(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let looked = async {
        sent.trusted()?;
        let (rows, text) = list(&sent).await?;
        Ok::<_, Error>((owners::plan(who.house.read(), who.building()?, &rows).await?, text))
    }
    .await;
    match looked {
        Ok((Ok(planned), text)) => page(&who, Came { looked: Some((planned, text)), ..Came::default() }, FormState::fresh(&who)).await,
        Ok((Err(faults), text)) => {
            let refusal = Refusal::new("table_faults").with("n", faults.len()).at(tables::field(&sent));
            let (mut form, _) = FormState::again(&sent, refusal.into())?;
            form.values.insert("list".into(), text);
            Ok(page(&who, Came { faults, ..Came::default() }, form).await?.status(Status::UnprocessableEntity))
        }
        Err(e) => after(&who, &sent, Err(e), "").await,
    }
}

/// `POST …/owners/list`: enters the whole roll.
#[post("/<_>/owners/list", data = "<sent>")]
pub(super) async fn enter(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        let (rows, _) = list(&sent).await?;
        let act = who.begin(&sent).await?;
        owners::enter(&act, who.building()?, &rows, sent.version()?).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "owners.said.entered").await
}

/// `POST …/owners`: one unit, or what has changed of it.
#[post("/<_>/owners", data = "<sent>")]
pub(super) async fn set(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        let cell = |name: &str| clean(sent.text(name));
        let row = Row {
            line: 1,
            unit: cell("unit"),
            area: cell("area"),
            holder: cell("holder"),
            names: cell("names"),
            parking: cell("parking"),
            co_owners: cell("co_owners"),
        };
        owners::set(&act, who.building()?, row, sent.version()?).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "owners.said.changed").await
}

/// `POST …/owners/removal`: takes a unit off the roll.
#[post("/<_>/owners/removal", data = "<sent>")]
pub(super) async fn remove(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        owners::remove(&act, who.building()?, sent.text("unit"), sent.version()?).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "owners.said.removed").await
}

/// `POST …/owners/names`: the roll with names of people, in the answer itself and nowhere else. It is noted who read them.
#[post("/<_>/owners/names", data = "<sent>")]
pub(super) async fn names(who: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let read = async {
        let act = who.begin(&sent).await?;
        let names = owners::read_names(&act, who.building()?).await?;
        act.commit().await?;
        Ok::<_, Error>(names)
    }
    .await;
    match read {
        Ok(names) => page(&who, Came { names: Some(names), ..Came::default() }, FormState::fresh(&who)).await,
        Err(e) => after(&who, &sent, Err(e), "").await,
    }
}

/// `POST …/owners/{holder}/erasure`: erases a holder's names for good.
#[post("/<_>/owners/<holder>/erasure", data = "<sent>")]
pub(super) async fn erase(who: May<'_, Secretariat>, holder: i32, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let act = who.begin(&sent).await?;
        owners::erase_name(&act, who.building()?, holder).await?;
        act.commit().await
    }
    .await;
    after(&who, &sent, done, "owners.said.erased").await
}
