//! All that is known of one matter, loaded with one query per kind, and only the kinds that its journal speaks of.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::domain::buildings::{self, Building, Place};
use crate::domain::councils;
use crate::domain::editions::{self, Edition, Story};
use crate::domain::effect_checks::{self, Check, Measurement, Verdict};
use crate::domain::issues::{Issue, IssueState};
use crate::domain::journal::{Entry, Offer, Reader};
use crate::domain::levels::Level;
use crate::domain::links::{self, Linked};
use crate::domain::meetings::items::{self, Item};
use crate::domain::meetings::{self, Meeting, publicity};
use crate::domain::organisations::{self, Organisation};
use crate::domain::reports::{self, Voice};
use crate::domain::resolutions::{self, Resolution};
use crate::domain::tasks::{self, Extension, Task};
use crate::domain::undertakings::{self, Undertaking};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{CouncilId, OrganisationId};
use crate::kernel::journal;

/// A line of the journal, read.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// For which organisation somebody acted.
    pub by: Option<OrganisationId>,
    /// What happened.
    pub entry: Entry,
}

/// One matter with everything that its page, its chain and its story need.
pub struct Matter {
    /// The matter itself.
    pub issue: Issue,
    /// Where the trouble is.
    pub place: Place,
    /// What happened, oldest first, without what the story only counts.
    pub lines: Vec<Line>,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// What was asked for of more time for them, in the order of asking.
    pub extensions: Vec<Extension>,
    /// Its resolutions, oldest first.
    pub resolutions: Vec<Resolution>,
    /// The meetings that took it up, oldest first.
    pub meetings: Vec<Meeting>,
    /// The agenda items under which they did.
    pub items: Vec<Item>,
    /// Its effect checks, by the day planned.
    pub checks: Vec<Check>,
    /// What parties were asked to sign for it.
    pub undertakings: Vec<Undertaking>,
    /// The figures kept with it.
    pub measurements: Vec<Measurement>,
    /// What was printed about it.
    pub stories: Vec<(Story, Edition)>,
    /// What may be read of its reports.
    pub voices: Vec<Voice>,
    /// How many organisations stand behind its reports, each with at least five.
    pub units: u64,
    /// For how many workers enterprises have spoken.
    pub represented: i64,
    /// What it hangs together with.
    pub links: Vec<Linked>,
    organisations: HashMap<OrganisationId, Organisation>,
    /// The district's council, where it dealt with it: where its pages begin, and the short name in its resolutions' numbers.
    district: Option<(CouncilId, String, String)>,
}

/// Lines that no story tells one by one: it counts them from the rows.
const COUNTED: &[&str] = &[
    "report_received",
    "report_withdrawn",
    "reporter_erased",
    "reporter_read",
    "first_answered",
    "confirmation_given",
    "satisfaction_given",
    "photo_covered",
    "original_seen",
    "report_hidden",
    "hiding_appealed",
    "hiding_decided",
    "words_released",
    "words_withheld",
    "photo_released",
    "reminder_sent",
    "seat_present",
    "seat_left",
    "vote_cast",
];

/// Most quotations that a page shows.
const VOICES: u64 = 12;

/// Whether a line names another matter that this one may hang together with.
fn of_another(entry: &Entry) -> bool {
    use Entry::*;
    matches!(entry, IssueLinked { .. } | IssueFound { .. } | IssueReturned { .. } | IssueCameBack { .. } | IssueSplit { .. } | IssueSplitOff { .. })
}

impl Matter {
    /// Loads it.
    pub async fn load(db: &impl ConnectionTrait, issue: Issue) -> Result<Matter> {
        let place = buildings::place_by_id(db, issue.place_id).await?;
        Matter::at(db, place, issue).await
    }

    /// Loads what belongs to it, where its place is known.
    pub async fn at(db: &impl ConnectionTrait, place: Place, issue: Issue) -> Result<Matter> {
        let mut lines = vec![];
        for row in journal::of_issue_but(db, issue.id, COUNTED).await? {
            lines.push(Line { at: row.at, by: row.organisation_id, entry: row.entry()? });
        }
        let tells = |of: fn(&Entry) -> bool| lines.iter().any(|l| of(&l.entry));
        let mut listed: Vec<_> =
            lines.iter().filter_map(|l| if let Entry::ItemListed { meeting, .. } = &l.entry { Some(*meeting) } else { None }).collect();
        listed.sort();
        listed.dedup();
        let mut m = Matter {
            tasks: if tells(|e| matches!(e, Entry::TaskDispatched { .. })) { tasks::of_issue(db, issue.id).await? } else { vec![] },
            resolutions: if tells(|e| matches!(e, Entry::ResolutionAdopted { .. })) {
                publicity::veil(db, resolutions::of_issue(db, issue.id).await?, Lang::Zh).await?
            } else {
                vec![]
            },
            checks: if tells(|e| matches!(e, Entry::CheckPlanned { .. })) { effect_checks::of_issue(db, issue.id).await? } else { vec![] },
            measurements: if tells(|e| matches!(e, Entry::MeasureRecorded { .. })) {
                effect_checks::measurements(db, issue.id).await?
            } else {
                vec![]
            },
            stories: if tells(|e| matches!(e, Entry::EditionPublished { .. })) { editions::about(db, issue.id).await? } else { vec![] },
            undertakings: vec![],
            extensions: vec![],
            items: if listed.is_empty() { vec![] } else { items::of_issue(db, issue.id).await? },
            meetings: meetings::by_ids(db, listed).await?,
            voices: reports::voices(db, issue.id, VOICES).await?,
            units: if issue.reports >= 5 { reports::known_units(db, issue.id).await? } else { 0 },
            represented: reports::represented(db, issue.id).await?,
            links: if tells(of_another) { links::of_issue(db, issue.id).await? } else { vec![] },
            organisations: HashMap::new(),
            district: None,
            lines,
            place,
            issue,
        };
        if m.lines.iter().any(|l| matches!(l.entry, Entry::UndertakingAsked { .. })) {
            m.undertakings = undertakings::of_items(db, m.items.iter().map(|i| i.id)).await?;
        }
        if m.lines.iter().any(|l| matches!(l.entry, Entry::ExtensionAsked { .. })) {
            m.extensions = tasks::extensions(db, m.tasks.iter().map(|t| t.id)).await?;
        }
        if m.lines.iter().any(|l| matches!(l.entry, Entry::TransferTaken { council: Some(_), .. })) {
            let building = buildings::by_id(db, m.issue.building_id).await?;
            let district = buildings::district_by_id(db, building.district_id).await?;
            let council = councils::of_district(db, district.id).await?;
            m.district = Some((council.id, format!("/d/{}", district.slug), district.short));
        }
        let named = organisations::by_ids(db, m.parties()).await?;
        m.organisations = named.into_iter().map(|o| (o.id, o)).collect();
        Ok(m)
    }

    /// Every organisation that a line, a task or the matter itself names.
    fn parties(&self) -> Vec<OrganisationId> {
        let mut ids: Vec<OrganisationId> = self.lines.iter().filter_map(|l| l.by).collect();
        ids.extend(self.tasks.iter().map(|t| t.organisation_id));
        ids.extend([self.issue.holder_id, self.issue.offered_to_id, self.issue.done_by_id].into_iter().flatten());
        for line in &self.lines {
            match &line.entry {
                Entry::IssueAccepted { holder: id, .. }
                | Entry::TransferOffered(Offer { to: id, .. })
                | Entry::TransferTaken { from: id, .. }
                | Entry::TransferRefused { by: id, .. }
                | Entry::TransferLapsed { by: id }
                | Entry::OfferTakenBack { to: id }
                | Entry::UndertakingLapsed { organisation: id, .. }
                | Entry::IssueDone { by: id, .. }
                | Entry::TaskDispatched { to: id, .. }
                | Entry::UndertakingAsked { organisation: id, .. }
                | Entry::UndertakingSigned { organisation: id, .. }
                | Entry::UndertakingChangesAsked { organisation: id, .. }
                | Entry::UndertakingRefused { organisation: id, .. } => ids.push(*id),
                _ => {}
            }
        }
        ids
    }

    /// The short name of an organisation.
    pub fn name(&self, id: Option<OrganisationId>, lang: Lang) -> String {
        match id.and_then(|id| self.organisations.get(&id)) {
            Some(o) => o.short(lang).to_owned(),
            None => lang.t("story.somebody"),
        }
    }

    /// The same of who is or was responsible; what could never be so is not named to outsiders.
    pub fn responsible_name(&self, id: Option<OrganisationId>, reader: Reader, lang: Lang) -> String {
        let known = id.and_then(|id| self.organisations.get(&id));
        let outside = matches!(reader, Reader::Public | Reader::Reporter);
        if outside && known.is_some_and(|o| !o.takes_over()) { lang.t("story.somebody") } else { self.name(id, lang) }
    }

    /// The level at which an organisation acts.
    pub fn level_of(&self, id: OrganisationId) -> Level {
        self.organisations.get(&id).map_or(Level::Building, Organisation::acts_at)
    }

    /// Whether it is or was before the council: then its chain has nine stops.
    pub fn tabled(&self) -> bool {
        !self.meetings.is_empty() || !self.resolutions.is_empty() || matches!(self.issue.state, IssueState::OnAgenda | IssueState::Decided)
    }

    /// The last check that was made.
    pub fn last_check(&self) -> Option<&Check> {
        self.checks.iter().filter(|c| c.verdict.is_some()).max_by_key(|c| c.checked_at)
    }

    /// Whether the last check showed an effect, and nothing has been tried since.
    pub fn effective(&self) -> bool {
        self.last_check().is_some_and(|c| c.verdict == Some(Verdict::Effective))
    }

    /// Where the ledger says what came of it, and when that was written: the newest check or resolution; what was printed
    /// about it later speaks of much else, and stands for it only where there is nothing more.
    pub fn ledger(&self) -> Option<(i64, DateTime<Utc>)> {
        let resolutions = self.resolutions.iter().filter_map(|r| Some((r.ledger_index?, r.published_at?)));
        let checks = self.checks.iter().filter_map(|c| Some((c.ledger_index?, c.checked_at?)));
        let editions = self.stories.iter().filter_map(|(_, e)| Some((e.ledger_index?, e.published_at?)));
        resolutions.chain(checks).max().or_else(|| editions.max())
    }

    /// Where the pages of a council that dealt with it begin.
    pub fn root_of(&self, council: CouncilId, building: &Building) -> String {
        match &self.district {
            Some((id, root, _)) if *id == council => root.clone(),
            _ => format!("/b/{}", building.slug),
        }
    }

    /// A resolution's number with the short name of its council.
    pub fn label_of(&self, r: &Resolution, building: &Building) -> String {
        match &self.district {
            Some((id, _, short)) if *id == r.council_id => r.label(short),
            _ => r.label(&building.short),
        }
    }

    /// The address of its page.
    pub fn href(&self, building: &Building) -> String {
        format!("/b/{}/issues/{}", building.slug, self.issue.number)
    }
}
