//! An item of a meeting: its dossier, and the three ways in which it ends without a decision.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::{self, Crumb, Opt};
use super::motions::MotionLine;
use super::on_item;
use crate::domain::meetings::items::{self, Competence, ItemState};
use crate::domain::meetings::{Meeting, MeetingKind, MeetingState, overtaken, presence};
use crate::domain::rights::Right;
use crate::kernel::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::Bench;
use crate::web::councils::items::{refer_as_sent, referable};
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Preside, Secretariat};
use crate::web::issues::work::Choice;
use crate::web::sent::Sent;

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    action: String,
    meeting_href: String,
    position: i32,
    version: i32,
    dossier: dossier::Dossier,
    motions: Vec<MotionLine>,
    recused: Vec<String>,
    organisations: Vec<Opt>,
    competences: Vec<Opt>,
    /// May still be prepared: the notice is not out.
    preparing: bool,
    /// Motions of a written procedure are put before its notice: nobody can put one later.
    putting: bool,
    figures: Vec<Opt>,
    weights: Vec<Opt>,
    resolutions: Vec<Opt>,
    put: FormState,
    /// May still end by these pages: the session is not open.
    open: bool,
    presiding: bool,
    secretariat: bool,
    live: bool,
    /// The caller's own seat is not recused yet.
    may_recuse: bool,
    form: FormState,
    prepare: FormState,
    ask: FormState,
    defer: FormState,
    refer: FormState,
    referable: Vec<Choice>,
    withdraw: FormState,
    interest: FormState,
    publicity: FormState,
    grounds: Vec<Opt>,
    /// Its matter was settled meanwhile.
    overtaken: Option<String>,
}

/// `GET …/meetings/{n}/items/{p}`.
#[get("/<_>/meetings/<number>/items/<position>")]
pub(super) async fn show(who: Anyone<'_>, number: i32, position: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let meeting = here.meeting(&who, number).await?;
    page(&who, &here, &meeting, position, FormState::fresh(&who)).await
}

pub(super) async fn page(caller: &Caller, here: &Here, meeting: &Meeting, position: i32, form: FormState) -> Result<Answer> {
    let (db, lang) = (caller.house.read(), caller.lang);
    let item = items::by_position(db, meeting.id, position).await?;
    // The agenda says that there is one, and why it is not public.
    if !item.public && !here.inside(caller) {
        return Err(Error::NotFound);
    }
    let bench = Bench::of(db, &here.council).await?;
    let recusals = presence::recusals(db, item.id).await?;
    let recused = bench.seats.iter().filter(|s| recusals.iter().any(|r| r.seat_id == s.id)).map(|s| bench.name(s, lang)).collect();
    let (presiding, secretariat) = (here.may(caller, Right::Preside), here.may(caller, Right::Secretariat));
    let mine = match &caller.signed {
        Some(s) if here.may(caller, Right::Vote) => super::presence::seat_of(caller, meeting, s.person.id).await?,
        _ => None,
    };
    let waits = item.state == ItemState::Listed;
    let live = meeting.state == MeetingState::Open;
    let (n, p) = (number_of(meeting), position.to_string());
    let action = format!("{}/meetings/{}/items/{position}", here.root, meeting.number);
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &n)]), format!("{}/meetings/{n}", here.root)),
            Crumb::here(lang.say("meetings.nth_item", &[("p", &p)])),
        ],
        meeting_href: format!("{}/meetings/{n}", here.root),
        position,
        version: item.version,
        motions: MotionLine::all(caller, here, meeting, &item, &action).await?,
        recused,
        organisations: if presiding { super::agenda::parties(caller, here).await? } else { vec![] },
        competences: Opt::all(Competence::ALL.iter().map(|c| c.as_str()), "meetings.competence", lang),
        preparing: secretariat && waits && meeting.state == MeetingState::Draft,
        putting: secretariat && waits && meeting.kind == MeetingKind::Written && meeting.state == MeetingState::Draft,
        figures: super::motions::figures(lang),
        weights: super::motions::weights(lang),
        resolutions: super::motions::supersedable(caller, here).await?,
        put: form.or("put", [("title", item.title.clone())]),
        open: waits && !live,
        live: live && presiding,
        presiding,
        secretariat,
        may_recuse: waits
            && matches!(meeting.state, MeetingState::Called | MeetingState::Open)
            && mine.is_some_and(|s| recusals.iter().all(|r| r.seat_id != s.id)),
        prepare: form.or("prepare", dossier::prepared(&item)),
        ask: form.or("ask", []),
        defer: form.or("defer", []),
        refer: form.or("refer", []),
        referable: if waits && (presiding || secretariat) { referable(caller, here, &item).await? } else { vec![] },
        withdraw: form.or("withdraw", []),
        interest: form.or("interest", []),
        publicity: form.or("publicity", dossier::publicity(&item)),
        grounds: dossier::grounds(lang),
        overtaken: match here.inside(caller) {
            true => overtaken::of_item(db, &item).await?.map(|why| lang.t(&format!("meetings.overtaken.{}", why.as_str()))),
            false => None,
        },
        dossier: dossier::of(caller, here, &item, Some(meeting)).await?,
        action,
        form,
    };
    caller.page(here.frame(caller, item.title.clone()).class("pg-dos"), "meetings/item", &page)
}

fn number_of(meeting: &Meeting) -> String {
    meeting.number.to_string()
}

/// `POST …/items/{p}`: title, question, competence and papers, until the notice goes out.
#[post("/<_>/meetings/<number>/items/<position>", data = "<sent>")]
pub(super) async fn prepare(staff: May<'_, Secretariat>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&staff, (number, position), &sent, "meetings.said.prepared", async |act, _, item| {
        let item = item.unchanged_since(sent.version()?)?;
        item.prepare(act, sent.text("title"), sent.text("question"), sent.read("competence")?, sent.text("papers")).await.map(drop)
    })
    .await
}

/// `POST …/items/{p}/deferral`: to a day; it waits on the list again.
#[post("/<_>/meetings/<number>/items/<position>/deferral", data = "<sent>")]
pub(super) async fn defer(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "meetings.said.deferred", async |act, _, item| {
        item.unchanged_since(sent.version()?)?.defer(act, sent.text("to").trim()).await.map(drop)
    })
    .await
}

/// `POST …/items/{p}/referral`: to whoever must decide it.
#[post("/<_>/meetings/<number>/items/<position>/referral", data = "<sent>")]
pub(super) async fn refer(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "meetings.said.referred", async |act, _, item| {
        refer_as_sent(act, item.unchanged_since(sent.version()?)?, &sent).await
    })
    .await
}

/// `POST …/items/{p}/withdrawal`: solved meanwhile, or no longer wanted.
#[post("/<_>/meetings/<number>/items/<position>/withdrawal", data = "<sent>")]
pub(super) async fn withdraw(chair: May<'_, Preside>, number: i32, position: i32, sent: Sent<'_>) -> Result<Answer> {
    on_item(&chair, (number, position), &sent, "meetings.said.withdrawn", async |act, _, item| {
        item.unchanged_since(sent.version()?)?.withdraw(act).await.map(drop)
    })
    .await
}
