//! The frame around every page: masthead, navigation, notice, footer.

use serde::Serialize;

use super::assets;
use super::caller::Caller;
use super::dates;
use crate::domain::buildings::{Building, District};
use crate::domain::persons;
use crate::domain::rights::{Right, Role};
use crate::kernel::act::House;
use crate::kernel::i18n::Lang;

/// A word of the navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    word: String,
    href: String,
    here: bool,
}

/// What a page tells its frame.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    title: String,
    house: Option<String>,
    root: Option<String>,
    /// Whether the caller looks through visitors' words in this building.
    releases: bool,
    here: &'static str,
    class: &'static str,
    desk: bool,
    feed: Option<String>,
}

impl Frame {
    /// A page with this title.
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
    /// Of a building: its name stands in the masthead.
    #[must_use]
    pub fn of(mut self, caller: &Caller, building: &Building) -> Self {
        self.house = Some(building.name(caller.lang).to_owned());
        self.root = Some(format!("/b/{}", building.slug));
        self.releases = caller.signed.as_ref().is_some_and(|s| persons::entitled(&s.memberships, Right::Release, building).is_some());
        self
    }
    /// Of a district.
    #[must_use]
    pub fn of_district(mut self, caller: &Caller, district: &District) -> Self {
        self.house = Some(district.name(caller.lang).to_owned());
        self.root = Some(format!("/d/{}", district.slug));
        self
    }
    /// Which word of the navigation this page belongs to.
    #[must_use]
    pub fn here(mut self, word: &'static str) -> Self {
        self.here = word;
        self
    }
    /// The class of `body`, for rules of this page.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }
    /// A page of those who work: their navigation, no serif.
    #[must_use]
    pub fn at_work(mut self) -> Self {
        self.desk = true;
        self
    }
    /// With an Atom feed.
    #[must_use]
    pub fn feed(mut self, href: impl Into<String>) -> Self {
        self.feed = Some(href.into());
        self
    }

    /// Around a page for which no caller is known.
    pub(super) fn alone<'a>(&self, lang: Lang, house: &House, path: &str, body: &'a str) -> Around<'a> {
        let other = if lang == Lang::Zh { "en" } else { "zh-CN" };
        Around {
            lang: lang.tag(),
            title: self.title.clone(),
            house: None,
            home: "/".into(),
            nav: vec![],
            person: None,
            other_lang: other,
            other_href: format!("{path}?lang={other}"),
            class: self.class,
            theme: None,
            size: None,
            notice: None,
            demo: None,
            icp: house.settings().icp_number.clone(),
            source: house.settings().source_url.clone(),
            feed: None,
            styles: assets::styles(self.class),
            script: assets::address("js/louyi.js"),
            body,
        }
    }

    pub(super) fn around<'a>(&self, caller: &'a Caller, body: &'a str) -> Around<'a> {
        let lang = caller.lang;
        let other = if lang == Lang::Zh { "en" } else { "zh-CN" };
        let join = if caller.query.is_empty() { String::new() } else { format!("{}&", caller.query) };
        Around {
            lang: lang.tag(),
            title: self.title.clone(),
            house: self.house.clone(),
            home: self.root.clone().unwrap_or_else(|| "/".into()),
            nav: self.nav(caller),
            person: caller.signed.as_ref().map(|s| s.person.name(lang).to_owned()),
            other_lang: other,
            other_href: format!("{}?{join}lang={other}", caller.path),
            class: self.class,
            theme: caller.theme.as_deref(),
            size: caller.size.as_deref(),
            notice: caller.notice(),
            demo: caller.house.clock().can_move_on().then(|| {
                let now = dates::moment(caller.house.now(), caller.house.now(), lang);
                lang.say("clock.foot", &[("now", &now)])
            }),
            icp: caller.house.settings().icp_number.clone(),
            source: caller.house.settings().source_url.clone(),
            feed: self.feed.clone(),
            styles: assets::styles(self.class),
            script: assets::address("js/louyi.js"),
            body,
        }
    }

    fn nav(&self, caller: &Caller) -> Vec<NavItem> {
        let lang = caller.lang;
        let item = |word: &'static str, href: String| NavItem { word: lang.t(&format!("frame.nav.{word}")), href, here: self.here == word };
        let mut nav = vec![];
        // Whoever works here keeps the way back to the desk on every page, also on those for everybody.
        let works = caller.signed.as_ref().filter(|s| !s.memberships.is_empty());
        if works.is_some() || (self.desk && caller.signed.is_some()) {
            nav.push(item("desk", "/desk".into()));
        }
        match &self.root {
            Some(root) if root.starts_with("/b/") => {
                nav.push(item("issues", format!("{root}/issues")));
                nav.push(item("council", format!("{root}/council")));
                if self.releases {
                    nav.push(item("release", format!("{root}/release")));
                }
                nav.push(item("bulletin", format!("{root}/bulletin")));
            }
            Some(root) => {
                nav.push(item("buildings", root.clone()));
                nav.push(item("council", format!("{root}/council")));
                nav.push(item("bulletin", format!("{root}/bulletin")));
            }
            None => {
                nav.push(item("buildings", "/".into()));
                nav.push(item("bulletin", "/bulletin".into()));
            }
        }
        nav.push(item("ledger", "/ledger".into()));
        if works.is_some_and(|s| s.memberships.iter().any(|m| m.role == Role::Administrator)) {
            nav.push(item("letters", "/letters".into()));
            nav.push(item("calendars", "/calendars".into()));
        }
        nav
    }
}

/// What the layout reads.
#[derive(Serialize)]
pub struct Around<'a> {
    lang: &'a str,
    title: String,
    house: Option<String>,
    home: String,
    nav: Vec<NavItem>,
    person: Option<String>,
    other_lang: &'static str,
    other_href: String,
    class: &'static str,
    theme: Option<&'a str>,
    size: Option<&'a str>,
    notice: Option<String>,
    demo: Option<String>,
    icp: Option<String>,
    source: Option<String>,
    feed: Option<String>,
    styles: Vec<String>,
    script: Option<String>,
    body: &'a str,
}
