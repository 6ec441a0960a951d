//! Every meeting of a council, and the draft of the next.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::{Crumb, Opt};
use crate::domain::councils::Rules;
use crate::domain::meetings::{self, MeetingKind, NewMeeting, items};
use crate::domain::rights::Right;
use crate::kernel::error::{Refusal, Result};
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::lines::MeetingLine;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Secretariat};
use crate::web::sent::Sent;

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    council: String,
    root: String,
    meetings: Vec<MeetingLine>,
    secretariat: bool,
    kinds: Vec<Opt>,
    hint: String,
    written_hint: String,
    form: FormState,
}

/// `GET …/meetings`.
#[get("/<_>/meetings")]
pub(super) async fn index(who: Anyone<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let form = FormState::filled(&who, [("kind", "regular".to_owned())]);
    page(&who, &here, form).await
}

async fn page(caller: &Caller, here: &Here, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let all = items::of_council(db, here.council.id).await?;
    let presiding = here.may(caller, Right::Preside);
    let rules: Rules = here.council.rules(db).await?;
    let meetings = meetings::of_council(db, here.council.id).await?;
    let meetings = meetings
        .iter()
        .filter(|m| presiding || m.is_known())
        .map(|m| MeetingLine::of(here, m, all.iter().filter(|i| i.meeting_id == Some(m.id)).count(), now, lang));
    let page = Page {
        crumbs: vec![Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)), Crumb::here(lang.t("meetings.all"))],
        council: here.council.name(lang).to_owned(),
        root: here.root.clone(),
        meetings: meetings.collect(),
        secretariat: here.may(caller, Right::Secretariat),
        kinds: Opt::all(MeetingKind::ALL.iter().map(|k| k.as_str()), "meetings.kind", lang),
        hint: lang.say("meetings.starts_hint", &[("days", &rules.notice_days.to_string()), ("hours", &rules.urgent_notice_hours.to_string())]),
        written_hint: lang.say("meetings.written_hint", &[("days", &rules.written_days.to_string())]),
        form,
    };
    caller.page(here.frame(caller, lang.t("meetings.all")).class("pg-council"), "meetings/index", &page)
}

/// `POST …/meetings`: drafts the next one; nobody is told yet.
#[post("/<_>/meetings", data = "<sent>")]
pub(super) async fn create(staff: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let act = staff.begin(&sent).await?;
        let starts_at = dates::at(sent.text("starts_at").trim()).ok_or_else(|| Refusal::new("date_time").at("starts_at"))?;
        let kind = sent.read("kind")?;
        let votes_until = match sent.given("votes_until").filter(|_| kind == MeetingKind::Written) {
            Some(typed) => Some(dates::at(typed).ok_or_else(|| Refusal::new("date_time").at("votes_until"))?),
            None => None,
        };
        // Nobody goes anywhere for a written procedure.
        let nowhere = staff.lang.t("meetings.written_place");
        let place = if kind == MeetingKind::Written { nowhere.as_str() } else { sent.text("place") };
        let new = NewMeeting { kind, starts_at, place, online: sent.given("online"), votes_until };
        let meeting = meetings::draft(&act, &here.council, new).await?;
        act.commit().await?;
        Ok(meeting.number)
    }
    .await;
    match done {
        Ok(number) => Ok(Answer::go(format!("{}/meetings/{number}", here.root)).saying("meetings.said.drafted")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(page(&staff, &here, form).await?.status(status))
        }
    }
}
