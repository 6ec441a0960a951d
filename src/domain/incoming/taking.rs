//! A mail that leads somewhere: filed as a report, or added to one, with its pictures.

use serde_json::json;

use super::kept::{self, Note};
use super::read::{Attached, Mail};
use super::receive::{Taken, answerable, language, refuse, thread};
use super::{Outcome, place, trim};
use crate::domain::buildings::{self, Building, NewPlace, Place, PlaceKind};
use crate::domain::categories;
use crate::domain::issues;
use crate::domain::reports::{self, Channel, Identity, MayKnow, NewReport, Report, WORDS_MAX};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::error::{Error, Result};
use crate::kernel::outbox::Address;
use crate::kernel::photos::{self, Limits, Prepared};

/// Most pictures of one mail, as of one form.
const PICTURES_MAX: usize = 6;
/// Most names of other files in an answer.
const NAMED_MAX: usize = 8;

/// A mail on its way in.
pub(super) struct Taking<'a> {
    pub house: &'a House,
    pub note: &'a Note<'a>,
    pub mail: Mail,
    /// Who wrote it.
    pub from: String,
    pub building: Building,
}

/// What of a mail is kept.
struct Kept {
    words: String,
    /// What did not fit into one text.
    more: Option<String>,
    /// There was more still.
    cut: bool,
    photos: Vec<Prepared>,
    /// Names of what was attached and is not kept.
    others: Vec<String>,
}

impl Taking<'_> {
    async fn kept(&mut self, with_subject: bool) -> Result<Kept> {
        let subject = if with_subject { trim::own_subject(&self.mail.subject) } else { "" };
        let told = if subject.is_empty() || self.mail.text.starts_with(subject) {
            self.mail.text.clone()
        } else {
            format!("{subject}\n{}", self.mail.text).trim().to_owned()
        };
        let mut rest = told.chars();
        let words: String = rest.by_ref().take(WORDS_MAX).collect();
        let more: String = rest.by_ref().take(WORDS_MAX).collect();
        let cut = rest.next().is_some();
        let mut others = std::mem::take(&mut self.mail.others);
        let photos = prepare(std::mem::take(&mut self.mail.pictures), &mut others).await?;
        others.truncate(NAMED_MAX);
        Ok(Kept { words, more: Some(more.trim().to_owned()).filter(|m| !m.is_empty()), cut, photos, others })
    }

    /// Files a new matter: at the place that the words name, or else the building as a whole. Nobody may know who wrote it,
    /// until they choose otherwise.
    pub async fn files(mut self) -> Result<Taken> {
        let mut kept = self.kept(true).await?;
        let lang = language(&self.mail);
        if kept.words.is_empty() {
            if kept.photos.is_empty() {
                return refuse(self.house, &self.mail, self.note, "no_text", Some(&self.building)).await;
            }
            kept.words = lang.t("incoming.only_photos");
        }
        let answered = answerable(self.house, &self.mail).await?;
        let act = self.house.act(Actor::Visitor).await?;
        let places = buildings::places(act.tx(), self.building.id).await?;
        let place = match place::named(&places, &kept.words) {
            Some(place) => place.clone(),
            None => whole(&act, &self.building).await?,
        };
        let kind = Some(place.kind).filter(|_| place.code != WHOLE);
        let category = categories::guess_or_other(&kept.words, kind).ok_or_else(|| Error::broken("no kind of trouble is left"))?;
        // An answer that may not be given is not owed either: the address is then of no use.
        let email = answered.then(|| self.from.clone());
        let new = NewReport {
            words: &kept.words,
            channel: Channel::Mail,
            poster: None,
            may_know: MayKnow::Nobody,
            who: Identity { email: None, ..Identity::default() },
            device: None,
            photos: kept.photos,
            lang,
            form_key: None,
            behalf: None,
        };
        let filed = reports::file(&act, &self.building, &place, category, new).await?;
        kept::note(&act, self.note, Outcome::Filed, None, (Some(self.building.id), Some(filed.report.id))).await?;
        let report = reports::by_id(act.tx(), filed.report.id).await?;
        if let Some(email) = email {
            let id = report.id;
            report.clone().follow(&act, &email).await?;
            let data = json!({ "issue": filed.issue.id, "thread": thread(&self.mail), "others": kept.others, "cut": kept.cut });
            act.owe("mail_receipt", Address::Report(id), &data, None).await?;
        }
        if let Some(more) = &kept.more {
            let at = act.at;
            let act = act.then(at, Actor::Reporter(report.id));
            let issue = issues::hold_by_id(&act, filed.issue.id).await?;
            report.add(&act, &issue, more, vec![]).await?;
            act.commit().await?;
        } else {
            act.commit().await?;
        }
        Ok(self.taken(Outcome::Filed, filed.issue.number, answered))
    }

    /// Adds to the report whose address it was sent to. Whoever has that address speaks as its reporter, as with the receipt.
    pub async fn adds(mut self, report: Report) -> Result<Taken> {
        let kept = self.kept(false).await?;
        if report.ask_talkative().is_err() {
            return refuse(self.house, &self.mail, self.note, "thread_over", Some(&self.building)).await;
        }
        if kept.words.is_empty() && kept.photos.is_empty() {
            return refuse(self.house, &self.mail, self.note, "no_text", Some(&self.building)).await;
        }
        let partly = !kept.others.is_empty() || kept.cut;
        let answered = partly && answerable(self.house, &self.mail).await?;
        let act = self.house.act(Actor::Reporter(report.id)).await?;
        let issue = issues::hold_by_id(&act, report.issue_id).await?;
        report.add(&act, &issue, &kept.words, kept.photos).await?;
        if let Some(more) = &kept.more {
            report.add(&act, &issue, more, vec![]).await?;
        }
        kept::note(&act, self.note, Outcome::Added, None, (Some(self.building.id), Some(report.id))).await?;
        if answered {
            // To the address that is kept, whoever wrote this mail.
            let data = json!({ "issue": issue.id, "thread": thread(&self.mail), "others": kept.others, "cut": kept.cut });
            act.owe("mail_added", Address::Report(report.id), &data, None).await?;
        }
        act.commit().await?;
        Ok(self.taken(Outcome::Added, issue.number, answered))
    }

    fn taken(&self, outcome: Outcome, number: i32, answered: bool) -> Taken {
        Taken { outcome, reason: None, label: Some(self.building.label(number)), answered, again: false }
    }
}

/// Pictures as everywhere: re-encoded, at most six; the names of all others are added to what is not kept.
async fn prepare(pictures: Vec<Attached>, others: &mut Vec<String>) -> Result<Vec<Prepared>> {
    let mut good: Vec<Prepared> = vec![];
    for Attached { name, bytes } in pictures {
        if good.len() >= PICTURES_MAX {
            others.push(name);
            continue;
        }
        match photos::prepare_in_turn(bytes, Limits::default()).await? {
            Ok(photo) if good.iter().any(|g| g.picture.sha256 == photo.picture.sha256) => {}
            Ok(photo) => good.push(photo),
            Err(_) => others.push(name),
        }
    }
    Ok(good)
}

/// The code of the place that is the building as a whole.
const WHOLE: &str = "ALL";

/// The building as a whole, as a place: made when it is first needed.
async fn whole(act: &Act, building: &Building) -> Result<Place> {
    buildings::hold(act, building.id).await?;
    match buildings::place_by_code(act.tx(), building.id, WHOLE).await {
        Err(Error::NotFound) => {}
        found => return found,
    }
    let new = NewPlace {
        parent: None,
        kind: PlaceKind::Zone,
        code: WHOLE,
        name: "整幢楼",
        name_en: "the whole building",
        tower: None,
        floor: None,
        let_to_one: false,
    };
    building.add_place(act, new).await
}
