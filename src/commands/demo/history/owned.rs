//! The owners' roll, and votes of the owners: one that has ended, one that runs while the demonstration is looked at.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use super::{Deed, History};
use crate::commands::demo::rhythm::Rhythm;
use crate::commands::demo::stage::Stage;
use crate::commands::demo::{at, data};
use crate::domain::owners::{self, Row};
use crate::domain::owners_votes::{self, Entering, NewOwnersVote};
use crate::domain::votes::Choice;
use crate::domain::votes::owners::{Handed, Matter};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;

/// `demo/owners.toml`.
#[derive(Deserialize)]
struct File {
    /// Unit, area, holder.
    roll: Vec<[String; 3]>,
    #[serde(rename = "vote")]
    votes: Vec<Put>,
}

/// A vote; its days count back from today.
#[derive(Deserialize)]
pub struct Put {
    matter: Matter,
    title: String,
    question: String,
    announced: i64,
    opens: i64,
    closes: i64,
    /// Holder and choice.
    ballots: Vec<(String, Choice)>,
    #[serde(skip)]
    span: (DateTime<Utc>, DateTime<Utc>),
}

/// What comes of it.
pub enum Owned {
    Roll(Vec<Row>),
    Announce(Box<Put>),
    /// The number of the vote, whose ballot, and what it says.
    Ballot(i32, String, Choice),
    /// The time of a vote is over.
    Settle,
}

impl History {
    /// Plans them in the first building.
    pub(super) fn plan_owners(&mut self, rhythm: &Rhythm, now: DateTime<Utc>) -> Result<()> {
        let File { roll, votes } = data::read("owners", include_str!("../../../../demo/owners.toml"))?;
        let today = rhythm.calendar.date_of(now);
        let day = |back: i64, h: u32, m: u32| at(today - Duration::days(back), h, m);
        let row = |(line, [unit, area, holder]): (usize, [String; 3])| Row { line, unit, area, holder, ..Row::default() };
        let first = votes.iter().map(|v| v.announced).max().unwrap_or(0);
        self.at(day(first + 3, 15, 10), Deed::Own(Owned::Roll((1..).zip(roll).map(row).collect())));
        for (number, mut one) in (1..).zip(votes) {
            one.span = (day(one.opens, 9, 0), day(one.closes, 18, 0));
            for (k, (holder, choice)) in (0..).zip(std::mem::take(&mut one.ballots)) {
                let t = one.span.0 + Duration::hours(1) + Duration::minutes(7 * k);
                self.at(t, Deed::Own(Owned::Ballot(number, holder, choice)));
            }
            self.at(one.span.1 + Duration::minutes(1), Deed::Own(Owned::Settle));
            self.at(day(one.announced, 10, 20), Deed::Own(Owned::Announce(Box::new(one))));
        }
        Ok(())
    }

    /// Plays a step of it.
    pub(super) async fn own(&mut self, stage: &mut Stage, t: DateTime<Utc>, what: Owned) -> Result<()> {
        let (building, secretary) = (self.world.homes[0].building.clone(), self.world.secretary(0)?);
        match what {
            Owned::Roll(rows) => owners::enter(stage.act(t, secretary).await?, &building, &rows, 0).await.map(drop),
            Owned::Announce(one) => {
                let new = NewOwnersVote {
                    item: None,
                    matter: one.matter,
                    title: &one.title,
                    question: &one.question,
                    parking_counts: false,
                    silent_ground: "",
                    online: true,
                    opens_at: one.span.0,
                    closes_at: one.span.1,
                };
                owners_votes::announce(stage.act(t, secretary).await?, &building, new).await.map(drop)
            }
            Owned::Ballot(number, called, choice) => {
                let act = stage.act(t, secretary).await?;
                let vote = owners_votes::hold(act, building.id, number).await?;
                for held in vote.roll(act.tx()).await? {
                    if held.holder.called(act.tx(), Lang::Zh).await? == called {
                        let ballot = Entering { voice: 0, choice, handed: Handed::InPerson };
                        return vote.enter_paper(act, &held.holder, ballot).await.map(drop);
                    }
                }
                Err(Error::broken(format!("nobody on the roll is called {called}")))
            }
            Owned::Settle => owners_votes::settle_due(stage.alone(t).await?).await.map(drop),
        }
    }
}
