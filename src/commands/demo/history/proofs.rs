//! Slips and proofs of the lift case: some of those who met it have shown where they work. Played by the demonstration alone:
//! who plays the case through the pages would need as many phones, and no page that is compared tells of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rocket::tokio::task::JoinHandle;

use super::{Deed, History, Move, instant};
use crate::commands::demo::lift_case;
use crate::commands::demo::stage::Stage;
use crate::domain::slips::{self, Door};
use crate::domain::{organisations, proofs, reports};
use crate::kernel::act::Actor;
use crate::kernel::blind::SigningKey;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganisationId;

/// When the batches were made: the day before the first report.
const MADE: &str = "2026-02-27 15:00";
/// Enterprises that gave out slips, and of how many of their reporters one has proven it.
const ENTERPRISES: [(&str, usize); 6] = [("hexun", 4), ("boruisen", 2), ("yunxiu", 2), ("xingleng", 2), ("shiguang", 2), ("xingye", 2)];

/// Slips that lie ready, and keys in the making.
#[derive(Default)]
pub struct Ready {
    codes: HashMap<OrganisationId, Vec<String>>,
    keys: HashMap<OrganisationId, JoinHandle<Result<SigningKey>>>,
}

impl History {
    /// Plans batches, and a proof soon after every so-manieth report of an enterprise.
    pub(super) fn plan_proofs(&mut self) -> Result<()> {
        let lift = lift_case::key(&self.keys, "lift")?;
        let mut planned = vec![];
        for (slug, every) in ENTERPRISES {
            let of = self.world.organisation(slug)?.id;
            let own = |deed: &Deed| matches!(deed, Deed::Move(m, Move::MeToo(s)) if *m == lift && s.who.organisation == Some(of) && !s.taken_down());
            let mut times: Vec<DateTime<Utc>> = self.steps.iter().filter(|(_, d)| own(d)).map(|(t, _)| *t).collect();
            times.sort_unstable();
            // Of two at the same second it could not be told which is meant.
            times.dedup();
            let proven: Vec<_> = times.into_iter().step_by(every).collect();
            planned.push((instant(MADE)?, Deed::Slips { of, n: proven.len() as i32 * 3 / 2 }));
            planned.extend(proven.into_iter().map(|t| (t, Deed::Prove { m: lift, of })));
            self.ready.keys.insert(of, rocket::tokio::spawn(SigningKey::generate()));
        }
        self.steps.extend(planned);
        Ok(())
    }

    /// Makes a batch, or redeems one of its slips and proves with it.
    pub(super) async fn prove(&mut self, stage: &mut Stage, t: DateTime<Utc>, deed: Deed) -> Result<()> {
        match deed {
            Deed::Slips { of, n } => {
                let secretary = self.world.secretary(0)?;
                let act = stage.act(t, secretary).await?;
                let enterprise = organisations::by_id(act.tx(), of).await?;
                let n = n.min(slips::left_of(act.tx(), &enterprise, crate::kernel::dates::local(t).date()).await?);
                let (_, codes) = slips::make(act, &self.world.homes[0].building, &enterprise, Door::Paper, n, None).await?;
                self.ready.codes.insert(of, codes);
                Ok(())
            }
            Deed::Prove { m, of } => {
                let report = *self.matters[m].reports.last().ok_or_else(|| Error::broken("a proof before any report"))?;
                let Some(code) = self.ready.codes.get_mut(&of).and_then(Vec::pop) else { return Ok(()) };
                let key = match self.ready.keys.remove(&of) {
                    Some(made) => Some(made.await.map_err(|e| Error::broken(e.to_string()))??),
                    None => None,
                };
                let (secret, _) = slips::redeem(stage.act(t, Actor::Visitor).await?, &code, None).await?;
                let act = stage.act(t, Actor::Reporter(report)).await?;
                let report = reports::by_id(act.tx(), report).await?;
                proofs::on_behalf(act, &secret, &report, key).await
            }
            _ => Ok(()),
        }
    }
}
