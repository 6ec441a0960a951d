//! Unknown but trusted: slips, blind tokens, sums. Each attacker of docs/decisions/0011 is played by a story of its own.

mod asking;
mod client;
mod employer;
mod mail;
mod manager;
mod network;
mod reader;
mod spending;
mod sums;
mod vectors;

use louyi::domain::issues;
use louyi::domain::organisations::Organisation;
use louyi::domain::proofs;
use louyi::domain::reports;
use louyi::domain::slips::{self, Batch, Door};
use louyi::kernel::error::Result;

use crate::support::{Matter, Told, Town};

impl Town {
    /// An enterprise gives out slips; gives their codes, as its representative could have noted them.
    async fn gives_out(&self, of: &Organisation, n: i32) -> (Batch, Vec<String>) {
        self.secretary.gets(async |act| slips::make(act, &self.tower, of, Door::Paper, n, None).await).await
    }

    /// Somebody redeems a slip; gives what their device then holds.
    async fn redeems(&self, code: &str) -> Result<String> {
        self.visitor().does(async |act| slips::redeem(act, code, None).await).await.map(|(secret, _)| secret)
    }

    /// A key for a matter, as whoever holds a slip asks for it.
    async fn key(&self, secret: &str, matter: Matter) -> Result<Vec<u8>> {
        let issue = self.now(matter).await;
        let held = proofs::ask_proves(self.house.read(), self.house.keys(), Some(secret), &issue, self.house.now()).await?;
        let new = proofs::new_key(&self.house, held.organisation.id, issue.id).await?;
        self.visitor().does(async |act| proofs::key_for(act, Some(secret), &issue, new).await).await.map(|(_, key)| key.public)
    }

    /// Asks for one blinded signature.
    async fn signature(&self, secret: &str, matter: Matter, blinded: &[u8]) -> Result<Vec<u8>> {
        let issue = issues::by_id(self.house.read(), matter.0).await?;
        self.visitor().does(async |act| proofs::issue_token(act, secret, &issue, blinded).await).await
    }

    /// A token for a matter, from the key to the unblinded signature.
    async fn token(&self, secret: &str, matter: Matter) -> Result<Vec<u8>> {
        let key = self.key(secret, matter).await?;
        let wanted = client::Wanted::new(&key, &self.challenge(secret, matter).await);
        let signature = self.signature(secret, matter, &wanted.blinded).await?;
        Ok(wanted.token(&signature))
    }

    /// The digest of the challenge, as a browser makes it.
    async fn challenge(&self, secret: &str, matter: Matter) -> [u8; 32] {
        let held = slips::held(self.house.read(), self.house.keys(), secret).await.expect("reads").expect("holds a slip");
        let number = self.now(matter).await.number;
        louyi::kernel::blind::challenge("louyi.example", &proofs::context(&self.tower.slug, number, &held.organisation.slug))
    }

    /// Spends a token with a report.
    async fn spends(&self, told: &Told, token: &[u8]) -> Result<()> {
        self.holder_of(told).does(async |act| proofs::spend(act, &reports::by_id(act.tx(), told.report).await?, token).await).await
    }

    /// From a slip's secret to a proof.
    async fn proves(&self, secret: &str, told: &Told) -> Result<()> {
        let token = self.token(secret, told.matter).await?;
        self.spends(told, &token).await
    }

    /// The same by the server, for a device that cannot blind.
    async fn has_it_proven(&self, secret: &str, told: &Told) -> Result<()> {
        let issue = self.now(told.matter).await;
        let held = proofs::ask_proves(self.house.read(), self.house.keys(), Some(secret), &issue, self.house.now()).await?;
        let new = proofs::new_key(&self.house, held.organisation.id, issue.id).await?;
        self.holder_of(told).does(async |act| proofs::on_behalf(act, secret, &reports::by_id(act.tx(), told.report).await?, new).await).await
    }

    /// How many of each enterprise are told of a matter, the largest first.
    async fn told_of(&self, matter: Matter) -> Vec<u64> {
        let all = proofs::standing(self.house.read(), self.house.now(), &[matter.0]).await.expect("reads");
        all.get(&matter.0).map(|s| s.of.iter().map(|(_, n)| *n).collect()).unwrap_or_default()
    }

    /// Whether a report is proven.
    async fn is_proven(&self, told: &Told) -> bool {
        proofs::own(self.house.read(), self.house.keys(), told.report).await.expect("reads").is_some()
    }

    /// So many workers of an enterprise report the same matter, each with a slip of their own; gives matter, reports, secrets.
    async fn workers_report(&self, of: &Organisation, n: usize) -> (Vec<Told>, Vec<String>) {
        let (_, codes) = self.gives_out(of, n as i32).await;
        let first = self.reports("候梯太久").await;
        let (mut all, mut secrets) = (vec![first.clone()], vec![]);
        for code in &codes {
            if !secrets.is_empty() {
                all.push(self.another_joins(first.matter).await);
            }
            secrets.push(self.redeems(code).await.expect("redeemed"));
        }
        (all, secrets)
    }
}
