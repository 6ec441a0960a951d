//! Bulletins: a building's every month or quarter, the district's every quarter; written by one editor, checked by
//! another.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};

use super::{Deed, History};
use crate::commands::demo::at;
use crate::commands::demo::cue::{Cue, Paper, Player};
use crate::commands::demo::lift_case::FrontPage;
use crate::domain::editions::{self, NewStory, StoryKind};
use crate::domain::figures;
use crate::domain::issues::{self, ClosedBy, Filter, IssueState, Row};
use crate::domain::resolutions;
use crate::domain::rights::Role;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{BuildingId, IssueId, ResolutionId};

/// A story before it is written down.
struct Draft {
    kind: StoryKind,
    issue: Option<IssueId>,
    resolution: Option<ResolutionId>,
    headline: String,
    summary: String,
    words: String,
}

/// The last Friday of a month.
fn last_friday(year: i32, month: u32) -> Option<NaiveDate> {
    let next = if month == 12 { NaiveDate::from_ymd_opt(year + 1, 1, 1) } else { NaiveDate::from_ymd_opt(year, month + 1, 1) };
    let last = next?.pred_opt()?;
    let since_friday = (last.weekday().num_days_from_monday() + 3) % 7;
    Some(last - Duration::days(since_friday.into()))
}

/// The instant at which the edition with the lift case comes out.
pub(super) fn lift_case_out() -> DateTime<Utc> {
    last_friday(2026, 6).map(|day| at(day, OUT.0, OUT.1)).unwrap_or_default()
}

/// The time of day at which the lift case's building prints.
const OUT: (u32, u32) = (10, 2);

impl History {
    /// Plans the editions until now: of the lift case's building from July 2025 on, so that its twelfth is of June 2026.
    pub(super) fn papers(&mut self, now: DateTime<Utc>) {
        let (mut year, mut month) = (2025, 7);
        while let Some(day) = last_friday(year, month).filter(|d| at(*d, 10, 0) < now) {
            self.at(at(day, OUT.0, OUT.1), Deed::Paper(Some(0)));
            if month % 3 == 0 {
                for home in 1..self.world.homes.len() {
                    self.at(at(day, 11, 0) + Duration::minutes(20 * home as i64), Deed::Paper(Some(home)));
                }
            }
            if month % 3 == 1 && (year, month) > (2025, 9) {
                self.at(at(day, 15, 0), Deed::Paper(None));
            }
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
    }

    /// Makes an edition; the front page of the lift case where it is due.
    pub(super) async fn paper<P: Player>(&mut self, p: &mut P, t: DateTime<Utc>, home: Option<usize>) -> Result<()> {
        let (writer, checker) = (self.world.actor("闻笛", Role::Editor)?, self.world.actor("苏简", Role::Editor)?);
        let (district, building) = (&self.world.district, home.map(|i| &self.world.homes[i].building));
        let title = home.map_or(&self.world.bulletin, |i| &self.world.homes[i].bulletin);
        p.play(t - Duration::minutes(150), writer.clone(), Cue::Bulletin(Paper::Begin { district, building, title })).await?;
        let drafts = match home {
            Some(0) if t == lift_case_out() => self.front_page(p).await?,
            Some(i) => self.of_building(p, self.world.homes[i].building.id, t, if i == 0 { 31 } else { 92 }).await?,
            None => self.of_district(p, t).await?,
        };
        let newest = editions::of(p.reading().await?, district.id, building.map(|b| b.id), 1).await?.pop();
        let edition = newest.ok_or_else(|| Error::broken("an edition was begun and is not there"))?.id;
        for (i, d) in drafts.iter().enumerate() {
            let Draft { kind, issue, resolution, headline, summary, words } = d;
            let story = NewStory { kind: *kind, issue: *issue, resolution: *resolution, headline, summary, words };
            p.play(t - Duration::minutes(140 - 20 * i as i64), writer.clone(), Cue::Bulletin(Paper::Write { edition, story })).await?;
        }
        for i in 0..drafts.len() {
            let check = Paper::Check { edition, position: i as i32 + 1 };
            p.play(t - Duration::minutes(45 - 5 * i as i64), checker.clone(), Cue::Bulletin(check)).await?;
        }
        p.play(t, writer, Cue::Bulletin(Paper::Publish(edition))).await
    }

    async fn front_page<P: Player>(&self, p: &mut P) -> Result<Vec<Draft>> {
        let FrontPage { headline, summary, words, stories } = &self.front_page;
        let lift = self.keys.get("lift").and_then(|m| self.matters[*m].issue);
        let resolution = match lift {
            Some(id) => resolutions::of_issue(p.reading().await?, id).await?.pop().map(|r| r.id),
            None => None,
        };
        let mut out = vec![Draft {
            kind: StoryKind::Lead,
            issue: lift,
            resolution,
            headline: headline.clone(),
            summary: summary.clone(),
            words: words.clone(),
        }];
        for s in stories {
            out.push(Draft {
                kind: StoryKind::Story,
                issue: self.keys.get(&s.key).and_then(|m| self.matters[*m].issue),
                resolution: None,
                headline: s.headline.clone(),
                summary: s.summary.clone(),
                words: s.words.clone(),
            });
        }
        Ok(out)
    }

    /// A resolution if there was one, what was closed with most people behind it, and the figures.
    async fn of_building<P: Player>(&self, p: &mut P, building: BuildingId, t: DateTime<Utc>, days: i64) -> Result<Vec<Draft>> {
        let since = t - Duration::days(days);
        let mut out = vec![];
        if let Ok(council) = crate::domain::councils::of_building(p.reading().await?, building).await
            && let Some(r) = resolutions::of_council(p.reading().await?, council.id, 3).await?.into_iter().find(|r| r.adopted_at > since)
        {
            out.push(Draft {
                kind: StoryKind::Lead,
                issue: r.issue_id,
                resolution: Some(r.id),
                headline: r.title.clone(),
                summary: format!("议事会{}通过", day_in_words(p, r.adopted_at)),
                words: format!("{}\n\n为什么：{}", r.words, r.reasons),
            });
        }
        let closed = Filter { states: vec![IssueState::Closed], ..Filter::default() };
        let mut rows: Vec<Row> = issues::list(p.reading().await?, building, &closed, 80).await?.rows;
        rows.retain(|r| r.moved_at > since && r.public_title.is_some());
        rows.sort_by_key(|r| std::cmp::Reverse(r.reports));
        for r in rows.into_iter().take(3) {
            let kind = if out.is_empty() { StoryKind::Lead } else { StoryKind::Story };
            out.push(closed_story(p, kind, &r));
        }
        let f = figures::of_building(p.reading().await?, building, since, t).await?;
        out.push(Draft {
            kind: StoryKind::Brief,
            issue: None,
            resolution: None,
            headline: "这段时间，楼里".into(),
            summary: String::new(),
            words: format!(
                "- 收到{}件\n- 回过话 {}/{}\n- 说办完 {}/{}，其中报事人或议事会认可 {}\n- 正在办 {}，逾期 {}",
                f.received, f.answered, f.reports, f.done, f.received, f.confirmed, f.open, f.late
            ),
        });
        Ok(out)
    }

    async fn of_district<P: Player>(&self, p: &mut P, t: DateTime<Utc>) -> Result<Vec<Draft>> {
        let mut out = vec![];
        for home in &self.world.homes {
            let closed = Filter { states: vec![IssueState::Closed], ..Filter::default() };
            let rows = issues::list(p.reading().await?, home.building.id, &closed, 80).await?.rows;
            let best = rows.into_iter().filter(|r| r.moved_at > t - Duration::days(92) && r.public_title.is_some()).max_by_key(|r| r.reports);
            if let Some(r) = best {
                let kind = if out.is_empty() { StoryKind::Lead } else { StoryKind::Story };
                let mut d = closed_story(p, kind, &r);
                d.summary = home.building.name(Lang::Zh).to_owned();
                out.push(d);
            }
        }
        Ok(out)
    }
}

fn closed_story<P: Player>(p: &P, kind: StoryKind, r: &Row) -> Draft {
    let end = match r.closed_by {
        Some(ClosedBy::Reporter) => "报事的人说好了。",
        Some(ClosedBy::Council) => "量过见效，议事会确认。",
        _ => "五个工作日里没有人再说，默认办结。又有了再报。",
    };
    let title = r.public_title.clone().unwrap_or_default();
    let words = format!("{}有人报来，前后{}个人说过。{end}", day_in_words(p, r.received_at), r.reports);
    Draft { kind, issue: Some(r.id), resolution: None, headline: title, summary: String::new(), words }
}

fn day_in_words<P: Player>(p: &P, t: DateTime<Utc>) -> String {
    let d = p.calendar().date_of(t);
    format!("{}月{}日", d.month(), d.day())
}
