//! Whom a matter's acts are told to. Letters carry ids; their words are composed when they go out.

use serde_json::{Value, json};

use super::Issue;
use crate::domain::buildings::{self, Building};
use crate::domain::channels::{self, To};
use crate::domain::reports::{self, Report, Ways};
use crate::domain::rights::Role;
use crate::domain::tasks::{Extension, Task};
use crate::domain::{letters, persons};
use crate::kernel::act::Act;
use crate::kernel::error::Result;
use crate::kernel::ids::{IssueId, MeetingId, MessageId, OrganisationId, PersonId, ReportId, ResolutionId};
use crate::kernel::outbox::Address;

impl Issue {
    /// Tells everyone who reported and still follows.
    pub(in crate::domain) async fn tell_reporters(&self, act: &Act, kind: &'static str) -> Result<()> {
        // Without an address there is nothing to send: the receipt page tells them.
        for (report, ways) in reports::followers(act.tx(), self.id).await? {
            self.tell_by(act, kind, report, ways, &json!({ "issue": self.id }), None).await?;
        }
        Ok(())
    }

    /// Tells them that the council has decided about a topic which theirs belongs to.
    pub(in crate::domain) async fn tell_reporters_of_topic(
        &self,
        act: &Act,
        kind: &'static str,
        lead: IssueId,
        resolution: ResolutionId,
    ) -> Result<()> {
        let data = json!({ "issue": self.id, "lead": lead, "resolution": resolution });
        for (report, ways) in reports::followers(act.tx(), self.id).await? {
            self.tell_by(act, kind, report, ways, &data, None).await?;
        }
        Ok(())
    }

    /// Tells the same of a meeting that concerns their matter.
    pub(in crate::domain) async fn tell_reporters_of_meeting(&self, act: &Act, kind: &'static str, meeting: MeetingId) -> Result<()> {
        for (report, ways) in reports::followers(act.tx(), self.id).await? {
            self.tell_by(act, kind, report, ways, &json!({ "issue": self.id, "meeting": meeting }), None).await?;
        }
        Ok(())
    }

    /// Tells those whose report has come to this matter why: the reason, and the message in which it was said.
    pub(super) async fn tell_why(&self, act: &Act, kind: &'static str, came: &[ReportId], reason: &str, message: MessageId) -> Result<()> {
        let data = json!({ "issue": self.id, "reason": reason, "message": message });
        for (report, ways) in reports::followers(act.tx(), self.id).await?.into_iter().filter(|(r, _)| came.contains(r)) {
            self.tell_by(act, kind, report, ways, &data, None).await?;
        }
        Ok(())
    }

    /// Tells them that a task of it was given more time.
    pub(in crate::domain) async fn tell_reporters_of_extension(&self, act: &Act, kind: &'static str, extension: &Extension) -> Result<()> {
        let data = json!({ "issue": self.id, "task": extension.task_id, "extension": extension.id });
        for (report, ways) in reports::followers(act.tx(), self.id).await? {
            self.tell_by(act, kind, report, ways, &data, None).await?;
        }
        Ok(())
    }

    /// Tells persons of an extension, but never somebody of their own act.
    pub(in crate::domain) async fn tell_of_extension(
        &self,
        act: &Act,
        kind: &'static str,
        persons: Vec<PersonId>,
        extension: &Extension,
    ) -> Result<()> {
        let data = json!({ "issue": self.id, "task": extension.task_id, "extension": extension.id });
        for person in persons.into_iter().filter(|p| act.actor.person() != Some(*p)) {
            act.owe(kind, Address::Person(person), &data, None).await?;
        }
        Ok(())
    }

    /// Tells those who act for the organisation responsible.
    pub(in crate::domain) async fn tell_holder(&self, act: &Act, kind: &'static str) -> Result<()> {
        let Some(holder) = self.holder_id else { return Ok(()) };
        self.tell(act, kind, persons::of_organisation(act.tx(), holder).await?).await
    }

    /// Tells those who act for the organisation responsible of a task, so that the letter names it.
    pub(in crate::domain) async fn tell_holder_of(&self, act: &Act, kind: &'static str, task: &Task) -> Result<()> {
        let Some(holder) = self.holder_id else { return Ok(()) };
        self.tell_of(act, kind, persons::of_organisation(act.tx(), holder).await?, Some(task), None).await
    }

    /// Tells the property staff of the building, and the groups of whoever is responsible and of the council.
    pub(in crate::domain) async fn tell_desk(&self, act: &Act, building: &Building, kind: &'static str) -> Result<()> {
        self.tell_channels(act, kind, self.holder_id, true, None, None).await?;
        // Whoever has it in hand has been told so.
        let staff = persons::holders(act.tx(), building, Role::Staff).await?;
        self.tell(act, kind, staff.into_iter().filter(|p| Some(*p) != self.person_id).collect()).await
    }

    /// Tells the groups of an organisation, and with `council` that of the building's council.
    pub(in crate::domain) async fn tell_channels(
        &self,
        act: &Act,
        kind: &'static str,
        organisation: Option<OrganisationId>,
        council: bool,
        task: Option<&Task>,
        once: Option<&str>,
    ) -> Result<()> {
        let to: Vec<To> = organisation.map(To::Organisation).into_iter().chain(council.then_some(To::Council)).collect();
        let data = json!({ "issue": self.id, "task": task.map(|t| t.id) });
        channels::tell(act, kind, self.building_id, &to, &data, once).await
    }

    /// Tells the secretary.
    pub(in crate::domain) async fn tell_secretary(&self, act: &Act, kind: &'static str) -> Result<()> {
        let building = buildings::by_id(act.tx(), self.building_id).await?;
        self.tell(act, kind, persons::holders(act.tx(), &building, Role::Secretary).await?).await
    }

    /// Tells the secretary of a task, so that the letter names it.
    pub(in crate::domain) async fn tell_secretary_of(&self, act: &Act, kind: &'static str, task: &Task) -> Result<()> {
        let building = buildings::by_id(act.tx(), self.building_id).await?;
        self.tell_of(act, kind, persons::holders(act.tx(), &building, Role::Secretary).await?, Some(task), None).await
    }

    /// Tells persons, but never somebody of their own act.
    pub(in crate::domain) async fn tell(&self, act: &Act, kind: &'static str, persons: Vec<PersonId>) -> Result<()> {
        self.tell_of(act, kind, persons, None, None).await
    }

    /// Tells those who act for the organisation of a task.
    pub(in crate::domain) async fn tell_task(&self, act: &Act, kind: &'static str, task: &Task) -> Result<()> {
        self.tell_channels(act, kind, Some(task.organisation_id), false, Some(task), None).await?;
        let persons = persons::of_organisation(act.tx(), task.organisation_id).await?;
        self.tell_of(act, kind, persons, Some(task), None).await
    }

    /// Tells persons once, whoever asks: `once` names the occasion.
    pub(in crate::domain) async fn tell_once(
        &self,
        act: &Act,
        kind: &'static str,
        persons: Vec<PersonId>,
        task: Option<&Task>,
        once: &str,
    ) -> Result<()> {
        self.tell_of(act, kind, persons, task, Some(once)).await
    }

    pub(in crate::domain) async fn tell_of(
        &self,
        act: &Act,
        kind: &'static str,
        persons: Vec<PersonId>,
        task: Option<&Task>,
        once: Option<&str>,
    ) -> Result<()> {
        for person in persons.into_iter().filter(|p| act.actor.person() != Some(*p)) {
            let once = once.map(|occasion| format!("{occasion}/{}", person.0.simple()));
            act.owe(kind, Address::Person(person), &json!({ "issue": self.id, "task": task.map(|t| t.id) }), once).await?;
        }
        Ok(())
    }

    /// Tells one reporter once.
    pub(in crate::domain) async fn tell_report_once(&self, act: &Act, kind: &'static str, report: &Report, once: &str) -> Result<()> {
        if !report.following {
            return Ok(());
        }
        let once = format!("{once}/{}", report.id.0.simple());
        let data = json!({ "issue": self.id });
        self.tell_by(act, kind, report.id, reports::ways_of(act.tx(), report.id).await?, &data, Some(once)).await
    }

    /// By each way that a reporter left; by SMS only the receipt and what asks something of them or ends the matter.
    async fn tell_by(&self, act: &Act, kind: &'static str, report: ReportId, ways: Ways, data: &Value, once: Option<String>) -> Result<()> {
        if ways.mail {
            act.owe(kind, Address::Report(report), data, once.clone()).await?;
        }
        if ways.sms && letters::BY_SMS.contains(&kind) {
            act.owe(kind, Address::Sms(report), data, once.map(|o| format!("{o}/sms"))).await?;
        }
        Ok(())
    }
}
