//! What is done with an import: written, given up, taken back.

use rocket::{Route, post, routes};

use super::{address, import, root, show};
use crate::domain::buildings::Building;
use crate::domain::imports::Import;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::FormState;
use crate::web::guards::{Import as Imports, May};
use crate::web::sent::Sent;

pub(super) fn routes() -> Vec<Route> {
    routes![start, drop_it, undo]
}

async fn after(who: &May<'_, Imports>, building: &Building, import: &Import, sent: &Sent<'_>, done: Result<Answer>) -> Result<Answer> {
    match done {
        Ok(answer) => Ok(answer),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(show::page(who, building, import, form).await?.status(status))
        }
    }
}

#[post("/<_>/imports/<number>/start", data = "<sent>")]
async fn start(who: May<'_, Imports>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let (building, import) = import(&who, number).await?;
    let done = async {
        let act = who.begin(&sent).await?;
        let import = import.clone().start(&act, building, sent.ticked("without")).await?;
        act.commit().await?;
        Ok(Answer::go(address(building, &import)))
    }
    .await;
    after(&who, building, &import, &sent, done).await
}

#[post("/<_>/imports/<number>/dropping", data = "<sent>")]
async fn drop_it(who: May<'_, Imports>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let (building, import) = import(&who, number).await?;
    let done = async {
        let act = who.begin(&sent).await?;
        import.clone().drop_it(&act, building).await?;
        act.commit().await?;
        Ok(Answer::go(root(building)).saying("imports.said.dropped"))
    }
    .await;
    after(&who, building, &import, &sent, done).await
}

#[post("/<_>/imports/<number>/undoing", data = "<sent>")]
async fn undo(who: May<'_, Imports>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let (building, import) = import(&who, number).await?;
    let done = async {
        let act = who.begin(&sent).await?;
        if !sent.ticked("sure") {
            return Err(Refusal::new("import_sure").at("sure").into());
        }
        let import = import.clone().undo(&act, building).await?;
        act.commit().await?;
        Ok(Answer::go(address(building, &import)))
    }
    .await;
    after(&who, building, &import, &sent, done).await
}
