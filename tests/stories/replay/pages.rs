//! Plays a cue as its person does: signs in, opens the page, fills in the form.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use louyi::commands::demo::{Cue, Due, Paper, Picture, Player, Reporters, Sending};
use louyi::domain::reports::Channel;
use louyi::domain::{buildings, editions, issues, organisations, reports, resolutions};
use louyi::kernel::act::{Actor, House};
use louyi::kernel::calendar::Calendar;
use louyi::kernel::error::Result;
use louyi::kernel::i18n::Lang;
use louyi::kernel::ids::{EditionId, IssueId, PersonId, ReportId};
use sea_orm::DatabaseConnection;

use super::forms::{Fields, does};
use crate::support::browser::{Reader, Site};

/// Everybody, each in front of a browser of their own.
pub struct Pages<'s> {
    pub house: House,
    pub site: &'s Site,
    /// Who has signed in on which day.
    signed_in: HashMap<PersonId, (NaiveDate, Reader<'s>)>,
    /// What those who reported hold in their hands: the receipt's address, and the phone it came to.
    receipts: HashMap<ReportId, (String, u32)>,
    /// Pictures that were taken already: they are slow to draw.
    album: HashMap<String, Vec<u8>>,
}

impl<'s> Pages<'s> {
    pub fn of(house: &House, site: &'s Site) -> Self {
        Self { house: house.clone(), site, signed_in: HashMap::new(), receipts: HashMap::new(), album: HashMap::new() }
    }

    /// It is that time; somebody is signed in.
    pub async fn at(&mut self, at: DateTime<Utc>, actor: &Actor) -> &Reader<'s> {
        let id = actor.person().expect("somebody with an account");
        assert!(self.house.clock().set(at), "the clock stands");
        let today = self.house.calendar().date_of(at);
        if self.signed_in.get(&id).is_none_or(|(day, _)| *day != today) {
            let reader = self.site.signed_in_as(id).await;
            self.signed_in.insert(id, (today, reader));
        }
        &self.signed_in[&id].1
    }

    /// The files of pictures.
    pub fn files(&mut self, pictures: &[Picture]) -> Vec<Vec<u8>> {
        let file = |p: &Picture| self.album.entry(format!("{p:?}")).or_insert_with(|| p.file().expect("drawn")).clone();
        pictures.iter().map(file).collect()
    }

    /// The address of a matter.
    pub async fn matter(&self, id: IssueId) -> String {
        let issue = issues::by_id(self.house.read(), id).await.expect("the matter");
        let building = buildings::by_id(self.house.read(), issue.building_id).await.expect("the building");
        format!("/b/{}/issues/{}", building.slug, issue.number)
    }

    /// Who wrote it down reads the code out; the one who said it looks it up on their own phone.
    async fn handed_over(&mut self, at: DateTime<Utc>, actor: &Actor, to: &str, phone: u32) -> String {
        let code = self.at(at, actor).await.reads(to).await.code().expect("a code to read out");
        does(&self.site.visitor().on_phone(phone), "/r", "/r", vec![("code", code)], &[]).await
    }

    async fn bulletin(&mut self, at: DateTime<Utc>, actor: &Actor, paper: Paper<'_>) {
        let db = self.house.read().clone();
        let address = async |id: EditionId| {
            let edition = editions::by_id(&db, id).await.expect("the edition");
            let building = buildings::by_id(&db, edition.building_id.expect("of a building")).await.expect("the building");
            format!("/b/{}/bulletin/{}", building.slug, edition.number)
        };
        let (page, action, fields): (String, String, Fields) = match paper {
            Paper::Begin { building, title, .. } => {
                let list = format!("/b/{}/bulletin", building.expect("of a building").slug);
                (list.clone(), list, vec![("title", title.to_owned())])
            }
            Paper::Write { edition, story } => {
                let new = format!("{}/stories/new", address(edition).await);
                let mut fields = vec![
                    ("kind", story.kind.as_str().to_owned()),
                    ("headline", story.headline.to_owned()),
                    ("summary", story.summary.to_owned()),
                    ("words", story.words.to_owned()),
                ];
                if let Some(id) = story.issue {
                    fields.push(("issue", issues::by_id(&db, id).await.expect("the matter").number.to_string()));
                }
                if let Some(id) = story.resolution {
                    fields.push(("resolution", resolutions::by_id(&db, id).await.expect("the resolution").address()));
                }
                (new.clone(), new, fields)
            }
            Paper::Check { edition, position } => {
                let root = address(edition).await;
                (format!("{root}/edit"), format!("{root}/stories/{position}/check"), vec![])
            }
            Paper::Publish(edition) => {
                let root = address(edition).await;
                (format!("{root}/edit"), format!("{root}/publication"), vec![])
            }
        };
        does(self.at(at, actor).await, &page, &action, fields, &[]).await;
    }
}

impl Player for Pages<'_> {
    type Reading = DatabaseConnection;

    async fn reading(&mut self) -> Result<&DatabaseConnection> {
        Ok(self.house.read())
    }

    fn calendar(&self) -> Arc<Calendar> {
        self.house.calendar()
    }

    async fn report(&mut self, at: DateTime<Utc>, actor: Actor, sending: Sending<'_>) -> Result<(IssueId, ReportId)> {
        let Sending { building, place, poster, category, joins, said, photo } = sending;
        let (root, poster) = (format!("/b/{}", building.slug), poster.filter(|_| said.channel == Channel::Poster).map(|p| p.code.clone()));
        let mut fields: Fields = vec![("words", said.words.clone())];
        let (page, action) = match joins {
            None => {
                fields.push(("category", category.code.clone()));
                let page = poster.as_ref().map_or_else(|| format!("{root}/report?place={}", place.code), |code| format!("/q/{code}"));
                (page, format!("{root}/report"))
            }
            Some(id) => {
                let action = format!("{}/me-too", self.matter(id).await);
                (poster.as_ref().map_or_else(|| action.clone(), |code| format!("{action}?poster={code}")), action)
            }
        };
        fields.push(("may_know", said.may_know.as_str().to_owned()));
        for (name, value) in [("name", &said.who.name), ("phone", &said.who.phone), ("email", &said.who.email)] {
            fields.extend(value.clone().map(|v| (name, v)));
        }
        if let Some(id) = said.who.organisation {
            fields.push(("organisation", organisations::by_id(self.house.read(), id).await?.slug));
        }
        let photos = self.files(photo.as_slice());
        let phone = self.receipts.len() as u32 + 1;
        let to = if said.taken_down() {
            fields.push(("channel", said.channel.as_str().to_owned()));
            does(self.at(at, &actor).await, &page, &action, fields, &photos).await
        } else {
            assert_eq!(actor, Actor::Visitor);
            assert!(self.house.clock().set(at), "the clock stands");
            let visitor = self.site.visitor().on_phone(phone);
            let visitor = if said.language() == Lang::En { visitor.in_english() } else { visitor };
            let page = if page.starts_with("/q/") { visitor.opens(&page).await.location.expect("a poster leads to the form") } else { page };
            does(&visitor, &page, &action, fields, &photos).await
        };
        let to = if said.taken_down() { self.handed_over(at, &actor, &to, phone).await } else { to };
        let receipt = to.strip_prefix("/r/").expect("a receipt");
        let report = reports::by_receipt(self.house.read(), receipt).await?;
        self.receipts.insert(report.id, (to, phone));
        Ok((report.issue_id, report.id))
    }

    async fn play(&mut self, at: DateTime<Utc>, actor: Actor, cue: Cue<'_>) -> Result<()> {
        match cue {
            Cue::Report(id, what) => {
                assert_eq!(actor, Actor::Reporter(id));
                assert!(self.house.clock().set(at), "the clock stands");
                let (receipt, phone) = self.receipts[&id].clone();
                let (act, fields): (&str, Fields) = match what {
                    Reporters::Answer(answer) => ("answer", vec![("answer", answer.as_str().to_owned())]),
                    Reporters::Feel(feeling) => ("effect", vec![("feeling", feeling.as_str().to_owned())]),
                    Reporters::Reply(words) => ("messages", vec![("words", words.to_owned())]),
                    Reporters::Withdraw => ("withdrawal", vec![]),
                };
                let page = format!("{receipt}/{act}");
                does(&self.site.visitor().on_phone(phone), &page, &page, fields, &[]).await;
            }
            Cue::Issue(id, what) => self.desk(at, &actor, id, what).await,
            Cue::Task(id, what) => self.work(at, &actor, id, what).await,
            Cue::Council(what) => self.session(at, &actor, what).await,
            Cue::Bulletin(what) => self.bulletin(at, &actor, what).await,
        }
        Ok(())
    }

    async fn by_itself(&mut self, at: DateTime<Utc>, due: Due) -> Result<()> {
        assert!(self.house.clock().set(at), "the clock stands");
        match due {
            Due::Lapse => issues::lapse_due(&self.house).await.map(drop),
            Due::TakeEffect => resolutions::take_effect_due(&self.house).await.map(drop),
            Due::Ask => louyi::domain::effect_checks::ask_due(&self.house).await.map(drop),
            Due::Draw => louyi::domain::call_backs::draw_due(&self.house).await.map(drop),
        }
    }
}
