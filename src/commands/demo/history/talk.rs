//! What was drawn for a call-back and what was found; what is half written today, and what is answered often.

use chrono::{DateTime, Datelike as _, Days, Duration, Utc};

use super::{Deed, History};
use crate::commands::demo::at;
use crate::commands::demo::cue::{Due, Player as _};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::domain::call_backs::{self, CallResult, Reached};
use crate::domain::canned_answers::{self, NewCanned};
use crate::domain::drafts;
use crate::domain::issues;
use crate::domain::messages::{self, Voice};
use crate::kernel::error::Result;

/// Weeks for which call-backs are kept here.
const WEEKS: u64 = 10;
/// What the secretary finds, in turn.
const FOUND: [(Reached, Option<CallResult>); 6] = [
    (Reached::Spoke, Some(CallResult::Fixed)),
    (Reached::Spoke, Some(CallResult::Fixed)),
    (Reached::Looked, Some(CallResult::Fixed)),
    (Reached::Spoke, Some(CallResult::Basically)),
    (Reached::Nobody, None),
    (Reached::Looked, Some(CallResult::Fixed)),
];

/// What somebody writes.
#[derive(Clone, Copy)]
pub enum Writing {
    Canned,
    Draft,
    Message,
    Change,
}

/// Title, kind of trouble, words in both languages.
const OFTEN: [(&str, Option<&str>, &str, &str); 2] = [
    (
        "换件约好时间",
        Some("vertical"),
        "件到了，约好明天上午十点上{place}装，装的时候停一台，约四十分钟。停之前贴告示，急的打{contact}。",
        "The part is here and will be fitted at {place} tomorrow at ten; one lift stands for about forty minutes. If it is urgent, call {contact}.",
    ),
    ("报修记下了", None, "{number}记下了，最晚{due}给您结果。您不用再报一次，有变化在这里说。", ""),
];

impl History {
    /// Each Monday a few are drawn, and two days later the secretary has asked; this week's wait.
    pub(super) fn plan_call_backs(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) {
        let today = rhythm.calendar.date_of(now);
        let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        for week in 0..WEEKS {
            let day = monday - Days::new(7 * week);
            self.at(at(day, 8, 5), Deed::Draw);
            if week > 0 {
                self.at(at(day + Days::new(2), 10, 30), Deed::CallBack);
            }
        }
    }

    /// Draws, or writes down what was found about those drawn.
    pub(super) async fn call_back(&mut self, stage: &mut Stage, t: DateTime<Utc>, deed: Deed) -> Result<()> {
        if matches!(deed, Deed::Draw) {
            return stage.by_itself(t, Due::Draw).await;
        }
        for home in 0..self.world.homes.len() {
            let (secretary, building) = (self.world.secretary(home)?, self.world.homes[home].building.id);
            let waiting = call_backs::waiting(stage.reading().await?, vec![building]).await?;
            for (i, call) in waiting.into_iter().enumerate() {
                let (reached, result) = FOUND[(home + i) % FOUND.len()];
                let act = stage.act(t + Duration::minutes(7 * i as i64), secretary.clone()).await?;
                let issue = issues::hold_by_id(act, call.issue_id).await?;
                let words = if result == Some(CallResult::Basically) { "好多了，高峰还要等一会儿。" } else { "" };
                call.record(act, issue, reached, result, words).await?;
            }
        }
        Ok(())
    }

    /// Plans what is half written today, and what is answered often.
    pub(super) fn plan_writing(&mut self, now: DateTime<Utc>) {
        self.at(now - Duration::days(9), Deed::Write(Writing::Canned));
        for (minutes, what) in [(19, Writing::Draft), (16, Writing::Message), (14, Writing::Change)] {
            self.at(now - Duration::minutes(minutes), Deed::Write(what));
        }
    }

    pub(super) async fn write(&self, stage: &mut Stage, t: DateTime<Utc>, what: Writing) -> Result<()> {
        let manager = &self.world.homes[0].manager;
        let (first, second) = (self.world.worker(manager, 0)?, self.world.worker(manager, 1)?);
        let writer = if matches!(what, Writing::Canned | Writing::Draft) { first } else { second };
        let act = stage.act(t, writer).await?;
        if matches!(what, Writing::Canned) {
            for (title, category, words, words_en) in OFTEN {
                canned_answers::write(act, NewCanned { category, title, words, words_en }).await?;
            }
            return Ok(());
        }
        let Some((button, _)) = self.known("anniu") else { return Ok(()) };
        let issue = issues::hold_by_id(act, button).await?;
        match what {
            Writing::Draft => drafts::keep(act, &issue, Voice::Reporters, "装好了，2号、3号都试过。您再按按看，还不亮").await,
            Writing::Message => messages::send(act, issue, Voice::Parties, "@恒捷电梯 明早九点半到，货梯给你们留着。", false).await.map(drop),
            // What was said in a hurry is put right a minute later.
            _ => match messages::of_issue(act.tx(), button).await?.pop() {
                Some(said) => said.edit(act, &issue, "@恒捷电梯 明早九点到，货梯给你们留着，@秘书 知悉。", false).await,
                None => Ok(()),
            },
        }
    }
}
