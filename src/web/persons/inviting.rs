//! People by a list: looked at first, then each is written to once.

use rocket::http::Status;
use rocket::{Route, post, routes};

use super::index::{Came, Checked, Link, Seen, page};
use super::{by, reaching};
use crate::domain::buildings;
use crate::domain::invitations::{self, Line, LineFault, ROWS_MAX};
use crate::domain::rights::Role;
use crate::kernel::error::{Error, Refusal, Result};
use crate::web::answer::Answer;
use crate::web::form::{FormState, sentence};
use crate::web::guards::{May, People};
use crate::web::sent::Sent;
use crate::web::tables::{self, Rows};

pub(super) fn routes() -> Vec<Route> {
    routes![check, create]
}

async fn rows(sent: &Sent<'_>) -> Result<Rows> {
    let rows = if tables::field(sent) == "table" || sent.text("list").contains('\t') {
        tables::rows(sent).await?
    } else {
        invitations::cells_of(sent.text("list"))
    };
    if rows.is_empty() {
        return Err(Refusal::new("empty").at("list").into());
    }
    tables::ask_few(rows.len() - invitations::above(&rows), ROWS_MAX, tables::field(sent))?;
    Ok(rows)
}

async fn looked(
    db: &impl sea_orm::ConnectionTrait,
    who: &May<'_, People>,
    sent: &Sent<'_>,
    rows: &Rows,
) -> Result<Result<Vec<Line>, Vec<LineFault>>> {
    let reach = reaching(who)?;
    let role: Option<Role> = match sent.given("role") {
        Some(r) => Some(r.parse().map_err(|r: Refusal| r.at("role"))?),
        None => None,
    };
    invitations::plan(db, who.building()?, reach, rows, sent.given("organisation"), role).await
}

/// Looks at a list: who would get a letter, or which line says what wrong. Nobody is written to yet.
#[post("/<_>/people/check", data = "<sent>")]
async fn check(who: May<'_, People>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        sent.trusted()?;
        let rows = rows(&sent).await?;
        let planned = looked(who.house.read(), &who, &sent, &rows).await?;
        Ok::<_, Error>((rows, planned))
    }
    .await;
    let lang = who.lang;
    match done {
        Ok((rows, Ok(lines))) => {
            let note = |l: &Line| {
                let key = match (l.here, l.email.is_some()) {
                    (true, _) => "here",
                    (false, true) => "letter",
                    (false, false) => "link",
                };
                lang.t(&format!("persons.note.{key}"))
            };
            let seen = |l: &Line| Seen {
                line: l.line,
                name: l.name.clone(),
                reach: l.email.clone().or_else(|| l.phone.clone()).unwrap_or_default(),
                organisation: l.organisation.short(lang).to_owned(),
                role: lang.t(&format!("roles.{}", l.role.as_str())),
                note: note(l),
            };
            let letters = lines.iter().filter(|l| !l.here && l.email.is_some()).count();
            let links = lines.iter().filter(|l| !l.here && l.email.is_none()).count();
            let checked = Checked {
                rows: lines.iter().map(seen).collect(),
                words: lang.say("persons.would", &[("letters", &letters.to_string()), ("links", &links.to_string())]),
                list: tables::text(&rows),
                organisation: sent.text("organisation").to_owned(),
                role: sent.text("role").to_owned(),
            };
            page(&who, Came { checked: Some(checked), ..Came::default() }, FormState::fresh(&who)).await
        }
        Ok((rows, Err(faults))) => {
            let (mut form, _) = FormState::again(&sent, Refusal::new("table_faults").with("n", faults.len()).at(tables::field(&sent)).into())?;
            if tables::field(&sent) == "table" {
                // A browser doesn't choose the file again: its rows can be mended as text.
                form.values.insert("list".into(), tables::text(&rows));
            }
            let say = |f: &LineFault| lang.say("tenancies.fault", &[("line", &f.line.to_string()), ("words", &sentence(lang, &f.refusal))]);
            let came = Came { faults: faults.iter().map(say).collect(), ..Came::default() };
            Ok(page(&who, came, form).await?.status(Status::UnprocessableEntity))
        }
        Err(e) => again(&who, &sent, e).await,
    }
}

async fn again(who: &May<'_, People>, sent: &Sent<'_>, e: Error) -> Result<Answer> {
    let (form, status) = FormState::again(sent, e)?;
    Ok(page(who, Came::default(), form).await?.status(status))
}

#[post("/<_>/people", data = "<sent>")]
async fn create(who: May<'_, People>, sent: Sent<'_>) -> Result<Answer> {
    let done = async {
        let reach = reaching(&who)?;
        let me = by(&who, reach);
        sent.trusted()?;
        // Read before the act begins: nobody waits for it.
        let rows = rows(&sent).await?;
        let act = who.caller_begin(me.actor(), &sent).await?;
        buildings::hold(&act, who.building()?.id).await?;
        let planned = looked(act.tx(), &who, &sent, &rows).await?;
        let lines = planned.map_err(|faults| match faults.into_iter().next() {
            Some(f) => f.refusal,
            None => Refusal::new("empty").at("list"),
        })?;
        let invited = invitations::invite(&act, who.building()?, me, &lines, who.lang).await?;
        act.commit().await?;
        Ok::<_, Error>(invited)
    }
    .await;
    match done {
        Ok(invited) => {
            let link = |i: &invitations::Invited| {
                let token = i.link.as_ref()?;
                Some(Link { name: i.person.name(who.lang).to_owned(), address: who.house.settings().address(&format!("/sign-in/{token}")) })
            };
            let links: Vec<Link> = invited.iter().filter_map(link).collect();
            if links.is_empty() {
                return Ok(Answer::go(format!("{}/people", who.at.root())).saying("persons.said.invited"));
            }
            // Shown in the answer itself, and nowhere else.
            page(&who, Came { links, ..Came::default() }, FormState::fresh(&who)).await
        }
        Err(e) => again(&who, &sent, e).await,
    }
}
