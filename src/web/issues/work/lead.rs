//! What stands on top of every working page of a matter: where it is, its number, title, state and chain.

use serde::Serialize;

use super::room::Room;
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::shown::chain::{self, Stop};
use crate::web::shown::states::{self, State};

/// A step of the way to this page.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    pub words: String,
    pub href: Option<String>,
}

/// In templates: `{{> work/lead lead=lead}}`.
#[derive(Clone, Debug, Serialize)]
pub struct Lead {
    pub crumbs: Vec<Crumb>,
    pub label: String,
    pub title: String,
    /// The title is the words of a reporter.
    pub quoted: bool,
    pub state: State,
    /// What is owed is late.
    pub late: Option<State>,
    pub priority: bool,
    pub place: String,
    pub reports: i32,
    /// For how many more workers enterprises speak.
    pub represented: i64,
    pub category: String,
    pub chain: Vec<Stop>,
    /// The public page.
    pub public: String,
    /// The working page.
    pub work: String,
}

impl Room<'_> {
    /// The head of a page; `here` is the last step of the way, none on the matter's own working page.
    pub fn lead(&self, here: Option<String>) -> Lead {
        let (issue, lang) = (&self.m.issue, self.caller.lang);
        let now = self.caller.house.now();
        let label = self.building.label(issue.number);
        let work = format!("{}/work", self.root());
        let desk = Crumb { words: lang.t("frame.nav.desk"), href: Some("/desk".into()) };
        let own = Crumb { words: label.clone(), href: here.as_ref().map(|_| work.clone()) };
        let crumbs = [Some(desk), Some(own), here.map(|words| Crumb { words, href: None })].into_iter().flatten().collect();
        let late = issue.next_due.filter(|_| issue.late(now)).map(|d| states::late(dates::due(d, now, &self.calendar(), lang).left));
        Lead {
            crumbs,
            label,
            title: self.title(),
            quoted: self.sight.words && issue.public_title.is_none(),
            state: states::of(issue, None, lang),
            late,
            priority: issue.priority && issue.state.is_open(),
            place: self.m.place.full(lang),
            reports: issue.reports,
            represented: self.m.represented,
            category: crate::domain::categories::name(&issue.category, lang),
            chain: chain::of(&self.m, self.building, self.link(), lang),
            public: self.root(),
            work,
        }
    }

    /// The frame of a working page.
    pub fn frame(&self, title: &str) -> Frame {
        Frame::titled(format!("{title} {}", self.building.label(self.m.issue.number)))
            .of(self.caller, self.building)
            .here("desk")
            .at_work()
            .class("pg-desk")
    }
}
