//! The stage plays a cue by calling the domain's verb for it.

mod council;
mod desk;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::cue::{Cue, Due, Paper, Player, Reporters, Sending, Work};
use super::photos::Picture;
use super::stage::Stage;
use crate::domain::reports::{self, Channel, NewReport};
use crate::domain::{call_backs, editions, effect_checks, issues, messages, resolutions};
use crate::kernel::act::{Act, Actor};
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Result;
use crate::kernel::ids::{IssueId, ReportId};

impl Player for Stage {
    type Reading = DatabaseTransaction;

    async fn reading(&mut self) -> Result<&DatabaseTransaction> {
        Ok(self.under_way().await?.tx())
    }

    fn calendar(&self) -> Arc<Calendar> {
        self.house().calendar()
    }

    async fn report(&mut self, at: DateTime<Utc>, actor: Actor, sending: Sending<'_>) -> Result<(IssueId, ReportId)> {
        let Sending { building, place, poster, category, joins, said, photo } = sending;
        let photos = self.album.all(photo.as_slice())?;
        let new = NewReport {
            words: &said.words,
            channel: said.channel,
            poster: poster.filter(|_| said.channel == Channel::Poster).map(|p| p.id),
            may_know: said.may_know,
            who: said.who.clone(),
            device: said.device.clone().filter(|_| !said.taken_down()),
            photos,
            lang: said.language(),
            form_key: None,
            behalf: None,
        };
        let act = self.act(at, actor).await?;
        let filed = match joins {
            None => reports::file(act, building, place, category, new).await?,
            Some(issue) => {
                let issue = issues::hold_by_id(act, issue).await?;
                reports::me_too(act, issue, place, category, new).await?
            }
        };
        Ok((filed.issue.id, filed.report.id))
    }

    async fn play(&mut self, at: DateTime<Utc>, actor: Actor, cue: Cue<'_>) -> Result<()> {
        let shown: &[Picture] = match &cue {
            Cue::Task(_, Work::Done { photos, .. }) => photos,
            _ => &[],
        };
        let photos = self.album.all(shown)?;
        let act = self.act(at, actor).await?;
        match cue {
            Cue::Report(report, what) => with_receipt(act, report, what).await,
            Cue::Issue(issue, what) => desk::on_matter(act, issue, what).await,
            Cue::Task(task, what) => desk::on_task(act, task, what, photos).await,
            Cue::Council(what) => Box::pin(council::session(act, what)).await,
            Cue::Bulletin(what) => paper(act, what).await,
        }
    }

    async fn by_itself(&mut self, at: DateTime<Utc>, due: Due) -> Result<()> {
        let house = self.alone(at).await?;
        match due {
            Due::Lapse => issues::lapse_due(house).await.map(drop),
            Due::TakeEffect => Box::pin(resolutions::take_effect_due(house)).await.map(drop),
            Due::Ask => Box::pin(effect_checks::ask_due(house)).await.map(drop),
            Due::Draw => call_backs::draw_due(house).await.map(drop),
        }
    }
}

async fn with_receipt(act: &Act, id: ReportId, what: Reporters<'_>) -> Result<()> {
    let report = reports::by_id(act.tx(), id).await?;
    let issue = issues::hold_by_id(act, report.issue_id).await?;
    match what {
        Reporters::Withdraw => report.withdraw(act, issue).await.map(drop),
        Reporters::Reply(words) => messages::add(act, &issue, &report, words).await,
        Reporters::Feel(feeling) => effect_checks::feel(act, &report, feeling).await,
        Reporters::Answer(answer) => report.answer(act, issue, answer).await.map(drop),
    }
}

async fn paper(act: &Act, what: Paper<'_>) -> Result<()> {
    match what {
        Paper::Begin { district, building, title } => editions::begin(act, district, building, title).await.map(drop),
        Paper::Write { edition, story } => editions::by_id(act.tx(), edition).await?.write(act, None, story).await.map(drop),
        Paper::Check { edition, position } => editions::by_id(act.tx(), edition).await?.check(act, position).await,
        Paper::Publish(edition) => editions::hold(act, edition).await?.publish(act).await.map(drop),
    }
}
