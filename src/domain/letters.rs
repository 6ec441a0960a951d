//! Letters: composed when they go out, from ids, in the reader's language. None says more than its reader may know:
//! no reporter's words, no names; the page behind the address asks who is reading.

use sea_orm::ConnectionTrait;
use serde::Deserialize;

use super::meetings::items;
use super::{buildings, councils, issues, meetings, persons, reports, undertakings};
use crate::kernel::act::House;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::ids::{CouncilId, IssueId, MeetingId, UndertakingId};
use crate::kernel::outbox;

/// A letter ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// Where one click ends letters like this one (RFC 8058).
    pub unsubscribe: String,
    pub lang: Lang,
}

#[derive(Deserialize, Default)]
struct About {
    issue: Option<IssueId>,
    meeting: Option<MeetingId>,
    undertaking: Option<UndertakingId>,
    link: Option<String>,
}

/// Composes an owed letter; none when there is nobody to send it to any more.
pub async fn compose(house: &House, owed: &outbox::Model) -> Result<Option<Letter>> {
    let db = house.read();
    let about: About = serde_json::from_str(&owed.data)?;
    let (to, lang, address, unsubscribe) = match (owed.person_id, owed.report_id) {
        (Some(id), _) => {
            let person = persons::by_id(db, id).await?;
            let lang = person.lang();
            let Some(to) = person.email.filter(|_| person.disabled_at.is_none()) else { return Ok(None) };
            (to, lang, address_for_person(db, &about).await?, "/me".to_owned())
        }
        (None, Some(id)) => {
            let report = reports::by_id(db, id).await?;
            let Some(to) = reports::mail_of(db, id).await? else { return Ok(None) };
            let own = format!("/r/{}", reports::receipt_of(house.keys(), id));
            (to, Lang::from_tag(&report.locale), own.clone(), format!("{own}/following"))
        }
        (None, None) => return Ok(None),
    };
    let mut with: Vec<(&str, String)> = vec![("address", house.settings().address(&address))];
    if let Some(link) = &about.link {
        with[0].1 = house.settings().address(link);
    }
    if let Some(id) = about.issue {
        let issue = issues::by_id(db, id).await?;
        let building = buildings::by_id(db, issue.building_id).await?;
        with.push(("label", building.label(issue.number)));
        with.push(("building", building.name(lang).to_owned()));
        with.push(("title", issue.title_for_public(lang)));
    }
    if let Some(id) = about.meeting {
        let meeting = meetings::by_id(db, id).await?;
        with.push(("number", meeting.number.to_string()));
        with.push(("council", meeting.council(db).await?.name(lang).to_owned()));
    }
    let with: Vec<(&str, &str)> = with.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let unsubscribe = house.settings().address(&unsubscribe);
    let body = format!(
        "{}\n\n{}\n",
        lang.say(&format!("letters.{}.body", owed.kind), &with),
        lang.say("letters.foot", &[("unsubscribe", unsubscribe.as_str())])
    );
    Ok(Some(Letter { to, subject: lang.say(&format!("letters.{}.subject", owed.kind), &with), body, unsubscribe, lang }))
}

/// Where a council's pages begin: `/b/tingqiao`, `/d/qingtang`.
async fn root_of(db: &impl ConnectionTrait, council: CouncilId) -> Result<String> {
    let council = councils::by_id(db, council).await?;
    Ok(match council.building_id {
        Some(b) => format!("/b/{}", buildings::by_id(db, b).await?.slug),
        None => format!("/d/{}", buildings::district_by_id(db, council.district_id).await?.slug),
    })
}

async fn address_for_person(db: &impl ConnectionTrait, about: &About) -> Result<String> {
    if let Some(id) = about.undertaking {
        let u = undertakings::by_id(db, id).await?;
        let item = items::by_id(db, u.item_id).await?;
        let root = root_of(db, item.council_id).await?;
        let Some(meeting) = item.meeting_id else { return Ok(format!("{root}/council")) };
        let meeting = meetings::by_id(db, meeting).await?;
        return Ok(format!("{root}/meetings/{}/items/{}/undertakings/{}", meeting.number, item.position, u.number));
    }
    if let Some(id) = about.issue {
        let issue = issues::by_id(db, id).await?;
        let building = buildings::by_id(db, issue.building_id).await?;
        return Ok(format!("/b/{}/issues/{}/work", building.slug, issue.number));
    }
    if let Some(id) = about.meeting {
        let meeting = meetings::by_id(db, id).await?;
        return Ok(format!("{}/meetings/{}", root_of(db, meeting.council_id).await?, meeting.number));
    }
    if about.link.is_some() {
        return Ok(String::new());
    }
    Err(Error::broken("a letter about nothing"))
}
