//! What can be followed: one matter; or a building, narrowed to a place and all that is in it, to a category, or to both.

use sea_orm::ConnectionTrait;

use super::Subscription;
use crate::domain::buildings::{self, Building, Place};
use crate::domain::categories;
use crate::domain::issues::{self, Issue};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{IssueId, PlaceId};

/// What somebody follows or is about to.
#[derive(Clone, Debug)]
pub struct Followed {
    pub building: Building,
    pub place: Option<Place>,
    /// A category's code.
    pub category: Option<String>,
    pub issue: Option<Issue>,
}

impl Followed {
    /// Of the words of an address; one that names what doesn't exist is not found. A matter is followed as a whole.
    pub async fn named(
        db: &impl ConnectionTrait,
        building: Building,
        issue: Option<i32>,
        place: Option<&str>,
        category: Option<&str>,
    ) -> Result<Self> {
        if let Some(number) = issue {
            let issue = issues::by_number(db, building.id, number).await?;
            return Ok(Self { building, place: None, category: None, issue: Some(issue) });
        }
        let place = match place {
            Some(code) => Some(buildings::place_by_code(db, building.id, code).await?),
            None => None,
        };
        let category = match category {
            Some(code) => Some(categories::find(code).ok_or(Error::NotFound)?.code.clone()),
            None => None,
        };
        Ok(Self { building, place, category, issue: None })
    }

    pub(super) async fn of(db: &impl ConnectionTrait, s: &Subscription) -> Result<Self> {
        Ok(Self {
            building: buildings::by_id(db, s.building_id).await?,
            place: match s.place_id {
                Some(id) => Some(buildings::place_by_id(db, id).await?),
                None => None,
            },
            category: s.category.clone(),
            issue: match s.issue_id {
                Some(id) => Some(issues::by_id(db, id).await?),
                None => None,
            },
        })
    }

    /// In words: `TQ-214 候梯太久`, or `汀桥中心，南座1F东电梯厅，电梯停运`. Only what the public reads.
    pub fn words(&self, lang: Lang) -> String {
        if let Some(issue) = &self.issue {
            return format!("{} {}", self.building.label(issue.number), issue.title_for_public(lang));
        }
        let mut parts = vec![self.building.name(lang).to_owned()];
        parts.extend(self.place.as_ref().map(|p| p.public(lang)));
        parts.extend(self.category.as_deref().map(|c| categories::name(c, lang)));
        parts.join(if lang == Lang::En { ", " } else { "，" })
    }

    /// The words of its address: `?issue=214`, `?place=S1E&category=lift.queue`, or nothing.
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(issue) = &self.issue {
            query.append_pair("issue", &issue.number.to_string());
        }
        query.extend_pairs(self.place.as_ref().map(|p| ("place", p.code.as_str())));
        query.extend_pairs(self.category.as_deref().map(|c| ("category", c)));
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// The page on which anybody reads it.
    pub fn page(&self) -> String {
        let root = format!("/b/{}", self.building.slug);
        match &self.issue {
            Some(issue) => format!("{root}/issues/{}", issue.number),
            None if self.place.is_none() && self.category.is_none() => root,
            None => format!("{root}/issues{}", self.query()),
        }
    }

    /// The same for a reader of feeds (`atom`) or a calendar (`ics`).
    pub fn feed(&self, kind: &str) -> String {
        let root = format!("/b/{}/issues", self.building.slug);
        match &self.issue {
            Some(issue) => format!("{root}/{}.{kind}", issue.number),
            None => format!("{root}.{kind}{}", self.query()),
        }
    }

    /// The places that count; none means all.
    pub(super) async fn places(&self, db: &impl ConnectionTrait) -> Result<Option<Vec<PlaceId>>> {
        match &self.place {
            Some(place) => Ok(Some(buildings::covered(&buildings::places(db, self.building.id).await?, place))),
            None => Ok(None),
        }
    }

    /// The matter, and those that it went into: whoever followed one that was merged is told how the other goes on.
    pub(super) async fn matters(&self, db: &impl ConnectionTrait) -> Result<Option<Vec<IssueId>>> {
        let Some(issue) = &self.issue else { return Ok(None) };
        let (mut chain, mut next) = (vec![issue.id], issue.merged_into_id);
        while let Some(id) = next.filter(|id| !chain.contains(id)) {
            chain.push(id);
            next = issues::by_id(db, id).await?.merged_into_id;
        }
        Ok(Some(chain))
    }

    /// Whether it is the building as a whole: then its council's meetings belong to it, too.
    pub(super) fn is_all(&self) -> bool {
        self.issue.is_none() && self.place.is_none() && self.category.is_none()
    }
}
