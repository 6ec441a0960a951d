//! The minutes: a draft from what happened that is kept, the secretary's hand, signatures and remarks of those who were there, adopted
//! and from then on public.

use rocket::{get, post};
use serde::Serialize;

use super::dossier::{Crumb, paragraphs};
use super::record::Scribe;
use crate::domain::meetings::items as agenda_items;
use crate::domain::meetings::minutes::{parts, signing};
use crate::domain::meetings::{self, Meeting, MeetingState};
use crate::domain::persons;
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::publog;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Secretariat, Vote};
use crate::web::sent::Sent;

/// A remark as it is shown.
#[derive(Serialize)]
struct RemarkLine {
    number: i32,
    who: String,
    when: String,
    words: String,
    /// What the secretary made of it; none until then.
    answer: Option<String>,
    reply: Option<String>,
    may_answer: bool,
    /// The name of the form that answers it.
    name: String,
    form: FormState,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    council: String,
    action: String,
    version: i32,
    adopted: Option<String>,
    words: Vec<String>,
    hash: Option<String>,
    entry: Option<i64>,
    secretariat: bool,
    /// A draft is kept.
    drafted: bool,
    sent: Option<String>,
    /// How many have signed, of how many who were there; who has not.
    signed: String,
    unsigned: Option<String>,
    adoptable: bool,
    /// When they can be adopted without more signatures.
    over: Option<String>,
    /// The caller was there, and may sign or remark.
    may_sign: bool,
    has_signed: bool,
    remarks: Vec<RemarkLine>,
    partly: bool,
    file: Option<String>,
    /// The form that was sent, with what is wrong.
    typed: FormState,
    form: FormState,
    send: FormState,
    sign: FormState,
    remark: FormState,
    adopt: FormState,
}

/// What the caller may read of adopted minutes: outsiders the public part, with the reason in place of the rest.
pub(super) fn read(caller: &Caller, here: &Here, words: &str) -> String {
    if here.inside(caller) {
        return words.to_owned();
    }
    parts::public(words, |why| match why {
        "" => caller.lang.t("minutes.not_public"),
        why => caller.lang.say("minutes.not_public_because", &[("why", why)]),
    })
}

/// Whether the caller was at the meeting.
async fn was_there(caller: &Caller, meeting: &Meeting) -> Result<bool> {
    let Some(signed) = &caller.signed else { return Ok(false) };
    Ok(meeting.minutes_standing(caller.house.read()).await?.there.contains(&signed.person.id))
}

/// `GET …/meetings/{n}/minutes`.
#[get("/<_>/meetings/<number>/minutes")]
pub(super) async fn show(who: Anyone<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    page(&who, &here, number, FormState::fresh(&who)).await
}

/// A meeting whose minutes the caller may see as they are now: adopted, everybody; sent, those who were there; before, the
/// secretariat.
async fn readable(caller: &Caller, here: &Here, number: i32) -> Result<Meeting> {
    let meeting = here.meeting(caller, number).await?;
    let secretariat = here.may(caller, Right::Secretariat) && meeting.state == MeetingState::Closed;
    if meeting.minutes_at.is_some() || secretariat || (meeting.minutes_sent_at.is_some() && was_there(caller, &meeting).await?) {
        return Ok(meeting);
    }
    Err(Error::NotFound)
}

async fn page(caller: &Caller, here: &Here, number: i32, form: FormState) -> Result<Answer> {
    let (db, lang, now) = (caller.house.read(), caller.lang, caller.house.now());
    let meeting = readable(caller, here, number).await?;
    let adopted = meeting.minutes_at.is_some();
    let secretariat = here.may(caller, Right::Secretariat);
    let there = was_there(caller, &meeting).await?;
    let draft = match &meeting.minutes_draft {
        Some(draft) => draft.clone(),
        None if adopted || !secretariat => String::new(),
        None => {
            let items = agenda_items::of_meeting(db, meeting.id).await?;
            Scribe::of(caller, here, &meeting, &items).await?.minutes(here.council.name(lang), &items).await?
        }
    };
    let standing = meeting.minutes_standing(db).await?;
    let made = signing::remarks(db, meeting.id).await?;
    let ids = standing.there.iter().copied().chain(made.iter().map(|r| r.person_id)).collect::<Vec<_>>();
    let people = persons::by_ids(db, ids).await?;
    let name = |id| people.iter().find(|p| p.id == id).map(|p| p.name(lang).to_owned()).unwrap_or_default();
    let unsigned: Vec<String> = standing.there.iter().filter(|p| !standing.signed.contains(p)).map(|p| name(*p)).collect();
    let counts = [standing.signed.len().to_string(), standing.there.len().to_string()];
    let inside = here.inside(caller);
    let remarks = made.iter().filter(|_| secretariat || there).map(|r| RemarkLine {
        number: r.number,
        who: name(r.person_id),
        when: dates::moment(r.at, now, lang),
        words: r.words.clone(),
        answer: r.taken_up.map(|yes| lang.t(if yes { "minutes.taken_up" } else { "minutes.not_taken_up" })),
        reply: r.reply.clone().filter(|w| !w.is_empty()),
        may_answer: secretariat && r.taken_up.is_none() && !adopted,
        name: format!("answer-{}", r.number),
        form: form.or(&format!("answer-{}", r.number), []),
    });
    let remarks = remarks.collect();
    let n = number.to_string();
    let base = format!("{}/meetings/{number}", here.root);
    let title = lang.say("meetings.minutes_of", &[("n", &n)]);
    let words = meeting.minutes.as_deref().map(|w| read(caller, here, w));
    let signing = meeting.minutes_sent_at.is_some() && !adopted;
    let me = caller.signed.as_ref().map(|s| s.person.id);
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &n)]), base.clone()),
            Crumb::here(lang.t("meetings.minutes")),
        ],
        title: title.clone(),
        council: here.council.name(lang).to_owned(),
        action: format!("{base}/minutes"),
        version: meeting.version,
        adopted: meeting.minutes_at.map(|at| dates::full(at, lang)),
        words: match (&words, secretariat) {
            (Some(words), _) => paragraphs(words),
            (None, false) => paragraphs(&draft),
            (None, true) => vec![],
        },
        hash: meeting.minutes_hash.clone().or_else(|| meeting.draft_hash()),
        entry: publog::about(db, meeting.id).await?.first().map(|e| e.position),
        secretariat: secretariat && !adopted,
        drafted: meeting.minutes_draft.is_some(),
        sent: meeting.minutes_sent_at.map(|at| dates::moment(at, now, lang)),
        signed: lang.say("minutes.signed_of", &[("signed", counts[0].as_str()), ("there", &counts[1])]),
        unsigned: (inside && !unsigned.is_empty()).then(|| unsigned.join(lang.pick("、", ", "))),
        adoptable: signing && standing.adoptable(now) && made.iter().all(|r| r.answered_at.is_some()),
        over: standing.over_at.map(|at| dates::moment(at, now, lang)),
        may_sign: signing && there,
        has_signed: me.is_some_and(|me| standing.signed.contains(&me)),
        remarks,
        partly: meeting.minutes.as_deref().is_some_and(parts::partly),
        file: adopted.then(|| format!("{base}/minutes/file")),
        send: form.or("send", []),
        sign: form.or("sign", []),
        remark: form.or("remark", []),
        adopt: form.or("adopt", []),
        form: form.or("minutes", [("minutes", draft)]),
        typed: form,
    };
    caller.page(here.frame(caller, title).class("pg-minutes"), "meetings/minutes", &page)
}

/// Does something with the minutes and leads back to them, or shows them again with what was refused.
async fn done(caller: &Caller, here: &Here, number: i32, sent: &Sent<'_>, done: Result<()>, saying: &'static str) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::go(format!("{}/meetings/{number}/minutes", here.root)).saying(saying)),
        Err(e) => {
            let (form, status) = FormState::again(sent, e)?;
            Ok(page(caller, here, number, form).await?.status(status))
        }
    }
}

async fn by_staff(
    staff: &May<'_, Secretariat>,
    number: i32,
    sent: &Sent<'_>,
    saying: &'static str,
    verb: impl AsyncFnOnce(&Act, Meeting) -> Result<()>,
) -> Result<Answer> {
    let here = Here::of(staff).await?;
    readable(staff, &here, number).await?;
    let made = async {
        let act = staff.begin(sent).await?;
        verb(&act, meetings::by_number(act.tx(), here.council.id, number).await?).await?;
        act.commit().await
    }
    .await;
    done(staff, &here, number, sent, made, saying).await
}

/// `POST …/meetings/{n}/minutes`: keeps the draft.
#[post("/<_>/meetings/<number>/minutes", data = "<sent>")]
pub(super) async fn save(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    by_staff(&staff, number, &sent, "minutes.said.saved", async |act, m| {
        m.unchanged_since(sent.version()?)?.save_minutes(act, sent.text("minutes")).await.map(drop)
    })
    .await
}

/// `POST …/meetings/{n}/minutes/sending`: to everybody who was there.
#[post("/<_>/meetings/<number>/minutes/sending", data = "<sent>")]
pub(super) async fn send(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    by_staff(&staff, number, &sent, "minutes.said.sent", async |act, m| m.unchanged_since(sent.version()?)?.send_minutes(act).await.map(drop)).await
}

/// `POST …/meetings/{n}/minutes/adoption`: from now on they are public, and cannot be changed.
#[post("/<_>/meetings/<number>/minutes/adoption", data = "<sent>")]
pub(super) async fn adopt(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    by_staff(&staff, number, &sent, "meetings.said.minutes", async |act, m| m.unchanged_since(sent.version()?)?.adopt_minutes(act).await.map(drop))
        .await
}

/// `POST …/meetings/{n}/minutes/remarks/{k}`: the secretary answers a remark.
#[post("/<_>/meetings/<number>/minutes/remarks/<remark>", data = "<sent>")]
pub(super) async fn answer(staff: May<'_, Secretariat>, number: i32, remark: i32, sent: Sent<'_>) -> Result<Answer> {
    by_staff(&staff, number, &sent, "minutes.said.answered", async |act, m| {
        let taken_up = match sent.text("taken_up") {
            "yes" => true,
            "no" => false,
            _ => return Err(Refusal::new("unknown_choice").into()),
        };
        m.answer_remark(act, remark, taken_up, sent.text("reply")).await
    })
    .await
}

/// `POST …/meetings/{n}/minutes/signature`: somebody who was there signs what they were shown.
#[post("/<_>/meetings/<number>/minutes/signature", data = "<sent>")]
pub(super) async fn sign(who: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    readable(&who, &here, number).await?;
    let signed = async {
        let act = who.begin(&sent).await?;
        let meeting = meetings::by_number(act.tx(), here.council.id, number).await?;
        meeting.sign_minutes(&act, who.signed.person.id, sent.text("hash")).await?;
        act.commit().await
    }
    .await;
    done(&who, &here, number, &sent, signed, "minutes.said.signed").await
}

/// `POST …/meetings/{n}/minutes/remarks`: or says what is wrong with it.
#[post("/<_>/meetings/<number>/minutes/remarks", data = "<sent>")]
pub(super) async fn remark(who: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&who).await?;
    readable(&who, &here, number).await?;
    let said = async {
        let act = who.begin(&sent).await?;
        let meeting = meetings::by_number(act.tx(), here.council.id, number).await?;
        meeting.remark(&act, who.signed.person.id, sent.text("remark")).await?;
        act.commit().await
    }
    .await;
    done(&who, &here, number, &sent, said, "minutes.said.remarked").await
}

#[derive(Serialize)]
struct File {
    lang: &'static str,
    title: String,
    council: String,
    words: Vec<String>,
    adopted: String,
    signed: String,
    unsigned: Option<String>,
    hash: String,
    address: String,
}

/// `GET …/meetings/{n}/minutes/file`: one file that needs nothing else, to be kept or printed; in the reader's language around the
/// council's words.
#[get("/<_>/meetings/<number>/minutes/file")]
pub(super) async fn file(who: Anyone<'_>, number: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let (db, lang) = (who.house.read(), who.lang);
    let meeting = here.meeting(&who, number).await?;
    let (Some(words), Some(at), Some(hash)) = (&meeting.minutes, meeting.minutes_at, meeting.minutes_hash.clone()) else {
        return Err(Error::NotFound);
    };
    let standing = meeting.minutes_standing(db).await?;
    let people = persons::by_ids(db, standing.there.clone()).await?;
    let unsigned = people.iter().filter(|p| !standing.signed.contains(&p.id)).map(|p| p.name(lang).to_owned()).collect::<Vec<_>>();
    let counts = [standing.signed.len().to_string(), standing.there.len().to_string()];
    let page = File {
        lang: lang.tag(),
        title: lang.say("meetings.minutes_of", &[("n", &number.to_string())]),
        council: here.council.name(lang).to_owned(),
        words: paragraphs(&read(&who, &here, words)),
        adopted: dates::full(at, lang),
        signed: lang.say("minutes.signed_of", &[("signed", counts[0].as_str()), ("there", &counts[1])]),
        unsigned: (!unsigned.is_empty()).then(|| unsigned.join(lang.pick("、", ", "))),
        hash,
        address: who.house.settings().address(&format!("{}/meetings/{number}/minutes", here.root)),
    };
    let name = format!("attachment; filename=\"minutes-{}-{number}.html\"", here.root.rsplit('/').next().unwrap_or_default());
    Ok(who.bare("meetings/minutes_file", &page)?.header("Content-Disposition", name))
}
