//! The council's side of a matter: nominated, tabled, decided, and back again when a remedy failed.

use sea_orm::ActiveValue::Set;

use super::{ActiveModel, Issue, Verb};
use crate::domain::meetings::items;
use crate::kernel::act::Act;
use crate::kernel::error::{Error, Refusal, Result};

pub use crate::domain::meetings::items::Source;

impl Issue {
    /// Puts the matter on the council's list; its state changes only when a meeting takes it up.
    pub async fn nominate(self, act: &Act, source: Source) -> Result<Issue> {
        // What no meeting could ever take up belongs on no list.
        if !self.state.is_open() {
            self.state.after(Verb::Table)?;
        }
        self.put_forward(act, source).await
    }

    /// The same for a matter that goes there by itself, whatever its state.
    pub(super) async fn put_forward(self, act: &Act, source: Source) -> Result<Issue> {
        match items::propose(act, &self, source).await {
            Err(Error::NotFound) => Err(Refusal::new("no_council").into()),
            Err(e) => Err(e),
            Ok(_) => {
                self.tell_secretary(act, "nominated").await?;
                Ok(self)
            }
        }
    }

    /// A meeting takes it up.
    pub(in crate::domain) async fn table(self, act: &Act) -> Result<Issue> {
        let next = self.state.after(Verb::Table)?;
        let set = ActiveModel { state: Set(next), closed_by: Set(None), closed_at: Set(None), confirm_due: Set(None), ..Default::default() };
        self.change(act, set).await
    }

    /// The meeting let go of it without a decision.
    pub(in crate::domain) async fn untable(self, act: &Act) -> Result<Issue> {
        let next = self.state.after(Verb::Untable)?;
        self.change(act, ActiveModel { state: Set(next), ..Default::default() }).await
    }

    /// A resolution holds.
    pub(in crate::domain) async fn decide(self, act: &Act) -> Result<Issue> {
        let next = self.state.after(Verb::Decide)?;
        self.change(act, ActiveModel { state: Set(next), ..Default::default() }).await
    }
}
