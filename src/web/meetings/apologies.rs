//! Who comes: apologies, deputies, and whether enough are expected.

use rocket::post;
use serde::Serialize;

use super::dossier::Opt;
use super::on_meeting;
use crate::domain::councils::Seat;
use crate::domain::meetings::apologies::{self, Apology};
use crate::domain::meetings::{Meeting, MeetingState};
use crate::domain::rights::Right;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::ids::PersonId;
use crate::web::answer::Answer;
use crate::web::caller::Caller;
use crate::web::councils::Here;
use crate::web::councils::bench::{Bench, class};
use crate::web::guards::{May, Secretariat, Vote};
use crate::web::sent::Sent;

/// What the caller may say of their own seat.
#[derive(Serialize)]
pub struct Own {
    number: i32,
    /// The holder, or a deputy without one.
    says: bool,
    /// They have said that they cannot come.
    away: bool,
    words: String,
    /// Who may be asked to come instead.
    deputy: Option<String>,
    /// What came of asking: `comes`, `refused`.
    deputy_state: Option<String>,
    /// The caller has been asked to stand in, and by whom.
    asked_by: Option<String>,
    stands_in: bool,
}

#[derive(Serialize)]
struct Seated {
    number: i32,
    who: String,
    class_word: String,
    /// Stands in for the holder.
    instead: Option<String>,
    /// What was said with the apology, for the secretariat.
    words: Option<String>,
}

/// Who is expected.
#[derive(Serialize)]
pub struct Coming {
    coming: Vec<Seated>,
    away: Vec<Seated>,
    summary: String,
    risk: Option<String>,
    /// Seats for which the secretary may write an apology down; none once the meeting's time has come.
    can_excuse: Vec<Opt>,
}

/// The seats for which somebody may say something here: their own, and one that they stand by for.
fn seats_of(bench: &Bench, me: PersonId) -> Vec<&Seat> {
    bench.seats.iter().filter(|s| s.of_person(me)).collect()
}

/// What the caller may say, seat by seat.
pub async fn own(caller: &Caller, here: &Here, meeting: &Meeting, bench: &Bench, said: &[Apology]) -> Result<Vec<Own>> {
    let ahead = meeting.state == MeetingState::Called && caller.house.now() < meeting.starts_at;
    let (Some(signed), true, true) = (&caller.signed, ahead, here.may(caller, Right::Vote)) else { return Ok(vec![]) };
    let (me, lang) = (signed.person.id, caller.lang);
    let own = seats_of(bench, me).into_iter().map(|seat| {
        let apology = said.iter().find(|a| a.seat_id == seat.id);
        let says = seat.person_id == Some(me) || seat.person_id.is_none();
        let mine = apology.filter(|a| a.person_id == me);
        let asked = apology.filter(|a| a.deputy_id == Some(me));
        Own {
            number: seat.number,
            says,
            away: mine.is_some(),
            words: mine.map(|a| a.words.clone()).unwrap_or_default(),
            deputy: bench.person(seat.deputy_id.filter(|d| *d != me), lang).filter(|_| says),
            deputy_state: mine.filter(|a| a.deputy_id.is_some()).map(|a| {
                let state = if a.stands_in().is_some() { "comes" } else { "refused" };
                lang.say(&format!("meetings.apology.deputy_{state}"), &[("who", &bench.person(a.deputy_id, lang).unwrap_or_default())])
            }),
            asked_by: asked.and_then(|a| bench.person(Some(a.person_id), lang)),
            stands_in: asked.is_some_and(|a| a.stands_in().is_some()),
        }
    });
    Ok(own.filter(|o| o.says || o.asked_by.is_some()).collect())
}

/// Who is expected, for those inside, until the session opens; afterwards the roll says who is there, and this who said that
/// they would not be.
pub async fn coming(caller: &Caller, here: &Here, meeting: &Meeting, bench: &Bench, said: &[Apology]) -> Result<Option<Coming>> {
    if !here.inside(caller) || !matches!(meeting.state, MeetingState::Called | MeetingState::Open) {
        return Ok(None);
    }
    let lang = caller.lang;
    let expected = apologies::expected(caller.house.read(), meeting).await?;
    let secretariat = here.may(caller, Right::Secretariat);
    let seated = |seat: &Seat, sits: Option<PersonId>| {
        let apology = said.iter().find(|a| a.seat_id == seat.id);
        let stands_in = apology.is_some_and(|a| a.stands_in().is_some());
        Seated {
            number: seat.number,
            who: bench.person(sits, lang).unwrap_or_else(|| bench.name(seat, lang)),
            class_word: class(seat, lang),
            instead: stands_in.then(|| lang.say("meetings.apology.instead_of", &[("who", &bench.name(seat, lang))])),
            words: apology.map(|a| a.words.clone()).filter(|w| secretariat && !w.is_empty()),
        }
    };
    let by_id = |id| bench.seats.iter().find(|s| s.id == id);
    let risk = (expected.at_risk() && secretariat && meeting.state == MeetingState::Called).then(|| {
        let n = [expected.coming.len().to_string(), expected.quorum.to_string()];
        lang.say("meetings.apology.risk", &[("n", n[0].as_str()), ("needed", &n[1])])
    });
    let ahead = secretariat && meeting.state == MeetingState::Called && caller.house.now() < meeting.starts_at;
    let unsaid = bench.seats.iter().filter(|s| ahead && !s.vacant() && !said.iter().any(|a| a.seat_id == s.id));
    let can_excuse = unsaid.map(|s| Opt { value: s.number.to_string(), label: bench.name(s, lang) }).collect();
    let n = [expected.coming.len().to_string(), expected.away.len().to_string()];
    Ok(Some(Coming {
        coming: expected.coming.iter().filter_map(|(id, p)| Some(seated(by_id(*id)?, Some(*p)))).collect(),
        away: expected.away.iter().filter_map(|id| Some(seated(by_id(*id)?, None))).collect(),
        summary: lang.say("meetings.apology.summary", &[("n", n[0].as_str()), ("away", &n[1])]),
        risk,
        can_excuse,
    }))
}

/// The seat that a form names, if the caller may speak for it.
async fn seat(act: &Act, meeting: &Meeting, me: PersonId, number: i32) -> Result<Seat> {
    let seats = meeting.council(act.tx()).await?.seats(act.tx()).await?;
    seats.into_iter().find(|s| s.number == number && s.of_person(me)).ok_or_else(|| Error::from(Refusal::new("no_seat")))
}

/// `POST …/meetings/{n}/apology`: a member cannot come; their deputy comes, or nobody.
#[post("/<_>/meetings/<number>/apology", data = "<sent>")]
pub(super) async fn give(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&member, number, &sent, "meetings.said.apology", async |act, meeting| {
        let me = member.signed.person.id;
        let seat = seat(act, &meeting, me, sent.read("seat")?).await?;
        meeting.apologise(act, &seat, me, sent.text("words"), sent.ticked("deputy")).await
    })
    .await
}

/// `POST …/meetings/{n}/apologies`: the secretary writes down what somebody said by telephone.
#[post("/<_>/meetings/<number>/apologies", data = "<sent>")]
pub(super) async fn give_for(staff: May<'_, Secretariat>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&staff, number, &sent, "meetings.said.apology_for", async |act, meeting| {
        let number: i32 = sent.read("seat")?;
        let seats = meeting.council(act.tx()).await?.seats(act.tx()).await?;
        let seat = seats.into_iter().find(|s| s.number == number).ok_or_else(|| Refusal::new("no_seat").at("seat"))?;
        meeting.apologise_for(act, &seat, sent.text("words"), sent.ticked("deputy")).await
    })
    .await
}

/// `POST …/meetings/{n}/apology/withdrawal`: they can come after all.
#[post("/<_>/meetings/<number>/apology/withdrawal", data = "<sent>")]
pub(super) async fn take_back(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    on_meeting(&member, number, &sent, "meetings.said.coming", async |act, meeting| {
        let me = member.signed.person.id;
        let seat = seat(act, &meeting, me, sent.read("seat")?).await?;
        meeting.come_after_all(act, &seat, me).await
    })
    .await
}

/// `POST …/meetings/{n}/apology/deputy`: whoever was asked to stand in says whether they come.
#[post("/<_>/meetings/<number>/apology/deputy", data = "<sent>")]
pub(super) async fn deputy(member: May<'_, Vote>, number: i32, sent: Sent<'_>) -> Result<Answer> {
    let saying = if sent.text("comes") == "no" { "meetings.said.deputy_no" } else { "meetings.said.deputy_yes" };
    on_meeting(&member, number, &sent, saying, async |act, meeting| {
        let me = member.signed.person.id;
        let seat = seat(act, &meeting, me, sent.read("seat")?).await?;
        let comes = match sent.text("comes") {
            "yes" => true,
            "no" => false,
            _ => return Err(Refusal::new("unknown_choice").into()),
        };
        meeting.deputy_answers(act, &seat, me, comes).await
    })
    .await
}
