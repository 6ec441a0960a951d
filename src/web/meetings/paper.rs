//! Paper: forms to print before a meeting, a meeting that was held on them, and their scans.

use rocket::http::ContentType;
use rocket::{get, post};
use serde::Serialize;

use super::dossier::{Crumb, Opt, paragraphs};
use super::on_meeting;
use crate::domain::meetings::items::{self, ItemState};
use crate::domain::meetings::paper::{self, Held, Scan};
use crate::domain::meetings::{Meeting, MeetingKind, timing};
use crate::domain::motions::{self, MotionState};
use crate::domain::organisations;
use crate::domain::rights::Right;
use crate::domain::undertakings::{self, UndertakingState};
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::files;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::dates;
use crate::web::form::FormState;
use crate::web::guards::{Anyone, May, Preside, Secretariat};
use crate::web::sent::Sent;

/// A kept scan as the page of its meeting lists it.
#[derive(Serialize)]
pub struct ScanLine {
    number: i32,
    title: String,
    href: String,
    size: String,
    public: bool,
}

impl ScanLine {
    /// Those that the caller may read.
    pub async fn all(caller: &Caller, here: &Here, meeting: &Meeting) -> Result<Vec<Self>> {
        let base = format!("{}/meetings/{}/scans", here.root, meeting.number);
        let all = paper::scans(caller.house.read(), meeting.id).await?;
        let line = |s: Scan| Self {
            number: s.number,
            title: s.title,
            href: format!("{base}/{}", s.number),
            size: caller.lang.say("paper.size", &[("kb", &(s.bytes / 1024 + 1).to_string()), ("kind", s.media.ending())]),
            public: s.public,
        };
        Ok(all.into_iter().filter(|s| s.public || here.inside(caller)).map(line).collect())
    }
}

#[derive(Serialize)]
struct SeatRow {
    number: i32,
    class_word: String,
    organisation: String,
    holder: String,
    deputy: String,
}

#[derive(Serialize)]
struct ItemRow {
    position: i32,
    time: String,
    title: String,
    question: String,
    late: bool,
    papers: Vec<String>,
}

/// One slip: for a seat by its name and code, or for nobody by a code alone.
#[derive(Serialize)]
struct Slip {
    who: Option<String>,
    code: String,
}

/// The ballots of one motion.
#[derive(Serialize)]
struct Ballots {
    heading: String,
    title: String,
    words: Vec<String>,
    named: Vec<Slip>,
    secret: Vec<Slip>,
}

/// An undertaking to be signed on paper.
#[derive(Serialize)]
struct Sheet {
    heading: String,
    organisation: String,
    words: String,
    due: String,
    measure: String,
}

#[derive(Serialize)]
struct Page {
    crumbs: Vec<Crumb>,
    title: String,
    council: String,
    when: String,
    place: String,
    quorum: String,
    seats: Vec<SeatRow>,
    items: Vec<ItemRow>,
    ballots: Vec<Ballots>,
    /// Of a written procedure: until when a ballot must be back, and where.
    returns: Option<String>,
    undertakings: Vec<Sheet>,
    hash: Option<String>,
}

/// Letters and digits that are not mistaken for one another, written by hand.
const ALPHABET: &[u8] = b"23456789ACDEFHJKLMNPRTUVWXY";

/// A short code that only this house can make, and makes again: by it a slip is known as one of this motion. Named ones are made of
/// the seat, secret ones of a number that nobody has.
fn code(caller: &Caller, purpose: &str, parts: &[&[u8]]) -> String {
    let bytes = caller.house.keys().derive(purpose, parts);
    bytes[..6].iter().map(|b| char::from(ALPHABET[usize::from(*b) % ALPHABET.len()])).collect()
}

/// `GET …/meetings/{n}/paper`: attendance sheet, agenda with papers, ballots; to be printed.
#[get("/<_>/meetings/<number>/paper")]
pub(super) async fn forms(chair: May<'_, Preside>, number: i32) -> Result<Answer> {
    let here = Here::of(&chair).await?;
    let (db, lang) = (chair.house.read(), chair.lang);
    let meeting = here.meeting(&chair, number).await?;
    let bench = Bench::of(db, &here.council).await?;
    let agenda = items::of_meeting(db, meeting.id).await?;
    let clock = timing::clock(meeting.starts_at, &agenda);
    let (mut ballots, mut sheets) = (vec![], vec![]);
    for item in agenda.iter().filter(|i| i.state == ItemState::Listed && !i.late) {
        let put = motions::of_item(db, item.id).await?;
        let asked = undertakings::of_item(db, item.id).await?;
        let parties = organisations::by_ids(db, asked.iter().map(|u| u.organisation_id)).await?;
        for u in asked.iter().filter(|u| matches!(u.state, UndertakingState::Asked | UndertakingState::ChangesAsked)) {
            let numbers = [("n", number), ("p", item.position), ("k", u.number)].map(|(k, n)| (k, n.to_string()));
            let with: Vec<(&str, &str)> = numbers.iter().map(|(k, v)| (*k, v.as_str())).collect();
            sheets.push(Sheet {
                heading: lang.say("paper.undertaking_no", &with),
                organisation: parties.iter().find(|o| o.id == u.organisation_id).map(|o| o.name(lang).to_owned()).unwrap_or_default(),
                words: u.words.clone(),
                due: dates::due(u.due_at, chair.house.now(), &chair.house.calendar(), lang).by,
                measure: u.measure.clone(),
            });
        }
        for m in put.iter().filter(|m| matches!(m.state, MotionState::Draft | MotionState::Open)) {
            let seats = bench.seats.iter().filter(|s| !s.vacant());
            let id = m.id.0;
            let named = seats.clone().map(|s| Slip {
                who: Some(lang.say("paper.seat_of", &[("n", &s.number.to_string()), ("who", &bench.name(s, lang))])),
                code: code(&chair, "ballot-named", &[id.as_bytes(), s.id.0.as_bytes()]),
            });
            let secret = (0..seats.clone().count() as u32)
                .map(|k| Slip { who: None, code: code(&chair, "ballot-secret", &[id.as_bytes(), &k.to_be_bytes()]) });
            let mut secret: Vec<Slip> = secret.collect();
            // In the order of their codes nobody knows which came first.
            secret.sort_by(|a, b| a.code.cmp(&b.code));
            ballots.push(Ballots {
                heading: lang.say("motions.top", &[("n", &number.to_string()), ("p", &item.position.to_string()), ("k", &m.number.to_string())]),
                title: m.title.clone(),
                words: paragraphs(&m.words),
                named: named.collect(),
                secret,
            });
        }
    }
    let base = format!("{}/meetings/{number}", here.root);
    let title = lang.say("paper.title", &[("n", &number.to_string())]);
    let occupied = bench.occupied();
    let page = Page {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.say("meetings.nth", &[("n", &number.to_string())]), base),
            Crumb::here(lang.t("paper.crumb")),
        ],
        council: here.council.name(lang).to_owned(),
        when: dates::full(meeting.starts_at, lang),
        place: meeting.place.clone(),
        quorum: lang.say("meetings.quorum", &[("seats", &occupied.to_string()), ("n", &(occupied / 2 + 1).to_string())]),
        seats: bench
            .seats
            .iter()
            .filter(|s| !s.vacant())
            .map(|s| SeatRow {
                number: s.number,
                class_word: class(s, lang),
                organisation: bench.organisation(s.organisation_id, lang),
                holder: bench.person(s.person_id, lang).unwrap_or_default(),
                deputy: bench.person(s.deputy_id, lang).unwrap_or_default(),
            })
            .collect(),
        items: agenda
            .iter()
            .filter(|i| i.state == ItemState::Listed)
            .map(|i| ItemRow {
                position: i.position,
                time: clock.iter().find(|(p, _)| *p == i.position).map(|(_, at)| dates::local(*at).format("%H:%M").to_string()).unwrap_or_default(),
                title: i.title.clone(),
                question: i.question.clone(),
                late: i.late,
                papers: paragraphs(&i.papers),
            })
            .collect(),
        ballots,
        returns: meeting.votes_until.map(|until| {
            let until = dates::until(until, chair.house.now(), lang);
            lang.say("paper.returns", &[("until", &until), ("place", &meeting.place)])
        }),
        undertakings: sheets,
        hash: meeting.papers_hash.clone(),
        title: title.clone(),
    };
    chair.page(here.frame(&chair, title).class("pg-meeting").at_work(), "meetings/paper", &page)
}

#[derive(Serialize)]
struct Entering {
    crumbs: Vec<Crumb>,
    council: String,
    action: String,
    kinds: Vec<Opt>,
    form: FormState,
}

/// `GET …/paper-meetings/new`: a meeting that was held on paper.
#[get("/<_>/paper-meetings/new")]
pub(super) async fn entering(staff: May<'_, Secretariat>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    enter_page(&staff, &here, FormState::filled(&staff, [("kind", "regular".to_owned())]))
}

fn enter_page(caller: &Caller, here: &Here, form: FormState) -> Result<Answer> {
    let lang = caller.lang;
    let page = Entering {
        crumbs: vec![
            Crumb::to(lang.t("councils.title"), format!("{}/council", here.root)),
            Crumb::to(lang.t("meetings.all"), format!("{}/meetings", here.root)),
            Crumb::here(lang.t("paper.enter")),
        ],
        council: here.council.name(lang).to_owned(),
        action: format!("{}/paper-meetings", here.root),
        kinds: Opt::all(MeetingKind::ALL.iter().filter(|k| **k != MeetingKind::Written).map(|k| k.as_str()), "meetings.kind", lang),
        form,
    };
    caller.page(here.frame(caller, lang.t("paper.enter")).class("pg-council").at_work(), "meetings/paper_new", &page)
}

/// `POST …/paper-meetings`: enters it, with its real times.
#[post("/<_>/paper-meetings", data = "<sent>")]
pub(super) async fn enter(staff: May<'_, Secretariat>, sent: Sent<'_>) -> Result<Answer> {
    let here = Here::of(&staff).await?;
    let done = async {
        let time = |field: &'static str| dates::at(sent.text(field).trim()).ok_or_else(|| Refusal::new("date_time").at(field));
        let held = Held { kind: sent.read("kind")?, from: time("from")?, until: time("until")?, place: sent.text("place") };
        let act = staff.begin(&sent).await?;
        let meeting = paper::enter(&act, &here.council, held).await?;
        act.commit().await?;
        Ok(meeting.number)
    }
    .await;
    match done {
        Ok(number) => Ok(Answer::go(format!("{}/meetings/{number}", here.root)).saying("paper.said.entered")),
        Err(e) => {
            let (form, status) = FormState::again(&sent, e)?;
            Ok(enter_page(&staff, &here, form)?.status(status))
        }
    }
}

/// `POST …/meetings/{n}/scans`: keeps a scan.
#[post("/<_>/meetings/<number>/scans", data = "<sent>")]
pub(super) async fn attach(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "paper.said.attached", async |act, meeting| {
        let file = sent.files("scan").next().ok_or_else(|| Refusal::new("scan_none").at("scan"))?;
        let bytes = file.bytes.clone().ok_or_else(|| Refusal::new("scan_large").at("scan"))?;
        if bytes.is_empty() {
            return Err(Refusal::new("scan_none").at("scan").into());
        }
        meeting.attach_scan(act, sent.text("title"), bytes).await.map(drop)
    })
    .await
}

/// `GET …/meetings/{n}/scans/{k}`: to be kept, never shown within our pages: it is somebody's file.
#[get("/<_>/meetings/<number>/scans/<scan>")]
pub(super) async fn scan(who: Anyone<'_>, number: i32, scan: i32) -> Result<Answer> {
    let here = Here::of(&who).await?;
    let meeting = here.meeting(&who, number).await?;
    let scan = paper::scans(who.house.read(), meeting.id).await?.into_iter().find(|s| s.number == scan).ok_or(Error::NotFound)?;
    if !scan.public && !here.inside(&who) {
        return Err(Error::NotFound);
    }
    let bytes = files::fetch(&who.house, &scan.hash).await?.ok_or(Error::NotFound)?;
    let kind = ContentType::parse_flexible(scan.media.as_str()).ok_or(Error::NotFound)?;
    let name = format!("attachment; filename=\"meeting-{number}-{}.{}\"", scan.number, scan.media.ending());
    Ok(Answer::bytes(kind, bytes).header("Content-Disposition", name).header("Cache-Control", "private, no-cache"))
}

/// `POST …/meetings/{n}/scans/{k}`: for everybody, or for members alone.
#[post("/<_>/meetings/<number>/scans/<scan>", data = "<sent>")]
pub(super) async fn publish(staff: May<'_, Secretariat>, number: i32, scan: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "paper.said.shown", async |act, meeting| {
        let public = match sent.text("public") {
            "yes" => true,
            "no" => false,
            _ => return Err(Refusal::new("unknown_choice").into()),
        };
        meeting.show_scan(act, scan, public).await
    })
    .await
}

/// Whether the caller prints forms here.
pub(super) fn prints(caller: &Caller, here: &Here) -> bool {
    here.may(caller, Right::Preside)
}
