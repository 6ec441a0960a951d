//! Verbs of councils.

use crate::commands::demo::cue::Session;
use crate::domain::councils;
use crate::domain::issues;
use crate::domain::meetings::items::{self, Source};
use crate::domain::meetings::presence::Ground;
use crate::domain::meetings::{self, MeetingKind, NewMeeting};
use crate::domain::motions::{self, By};
use crate::domain::resolutions;
use crate::domain::undertakings;
use crate::kernel::act::Act;
use crate::kernel::error::Result;

pub(super) async fn session(act: &Act, what: Session<'_>) -> Result<()> {
    let tx = act.tx();
    match what {
        Session::Draft { council, starts_at, place } => {
            let council = councils::by_id(tx, council.id).await?;
            meetings::draft(act, &council, NewMeeting { kind: MeetingKind::Regular, starts_at, place, online: None, votes_until: None })
                .await
                .map(drop)
        }
        Session::Raise { council, item } => items::raise(act, council, item).await.map(drop),
        Session::Propose(issue) => issues::hold_by_id(act, issue).await?.nominate(act, Source::Issue).await.map(drop),
        Session::Prepare { item, title, question, competence, papers } => {
            items::by_id(tx, item).await?.prepare(act, title, question, competence, papers).await.map(drop)
        }
        Session::List { meeting, item } => {
            let item = items::by_id(tx, item).await?;
            meetings::by_id(tx, meeting).await?.list(act, item).await.map(drop)
        }
        Session::Call(meeting) => meetings::by_id(tx, meeting).await?.call(act).await.map(drop),
        Session::Ask { item, of, words, measure, due } => {
            undertakings::ask(act, &items::by_id(tx, item).await?, of, words, measure, due).await.map(drop)
        }
        Session::Sign(id) => undertakings::by_id(tx, id).await?.sign(act).await.map(drop),
        Session::AskChanges(id, words) => undertakings::by_id(tx, id).await?.ask_changes(act, words).await.map(drop),
        Session::Open(meeting) => meetings::by_id(tx, meeting).await?.open(act).await.map(drop),
        Session::Come { meeting, seat, person, how } => meetings::by_id(tx, meeting).await?.seat_present(act, seat, person, how).await,
        Session::Declare { item, seat } => items::by_id(tx, item).await?.recuse(act, seat, Ground::Declared).await,
        Session::Put { item, motion } => motions::put(act, &items::by_id(tx, item).await?, *motion).await.map(drop),
        Session::TakeBack(motion) => motions::by_id(tx, motion).await?.withdraw(act).await.map(drop),
        Session::OpenVote(motion, method) => motions::by_id(tx, motion).await?.open(act, method).await.map(drop),
        Session::Cast { motion, seat, person, choice } => motions::by_id(tx, motion).await?.cast(act, seat, person, choice, By::Own).await,
        Session::CloseVote(motion) => motions::by_id(tx, motion).await?.close(act, 0).await.map(drop),
        Session::Refer { item, words } => items::by_id(tx, item).await?.refer(act, words).await.map(drop),
        Session::Defer { item, to } => items::by_id(tx, item).await?.defer(act, to).await.map(drop),
        Session::Drop(item) => items::by_id(tx, item).await?.withdraw(act).await.map(drop),
        Session::Close(meeting) => meetings::by_id(tx, meeting).await?.close(act).await.map(drop),
        Session::Dissent { resolution, words } => resolutions::dissent(act, &resolutions::by_id(tx, resolution).await?, words).await.map(drop),
        Session::Publish(resolution) => resolutions::by_id(tx, resolution).await?.publish(act).await.map(drop),
        Session::SaveMinutes { meeting, words } => meetings::by_id(tx, meeting).await?.save_minutes(act, words).await.map(drop),
        Session::SendMinutes(meeting) => meetings::by_id(tx, meeting).await?.send_minutes(act).await.map(drop),
        Session::SignMinutes { meeting, person } => {
            let meeting = meetings::by_id(tx, meeting).await?;
            let shown = meeting.draft_hash().unwrap_or_default();
            meeting.sign_minutes(act, person, &shown).await
        }
        Session::AdoptMinutes(meeting) => meetings::by_id(tx, meeting).await?.adopt_minutes(act).await.map(drop),
        Session::OfferDates { meeting, times } => meetings::by_id(tx, meeting).await?.offer_dates(act, times.to_vec()).await.map(drop),
        Session::AnswerDates { meeting, seat, person, said } => meetings::by_id(tx, meeting).await?.answer_dates(act, seat, person, said).await,
        Session::Excuse { meeting, seat, person, words } => {
            meetings::by_id(tx, meeting).await?.apologise(act, seat, person, words, seat.deputy_id.is_some()).await
        }
    }
}
