//! Letters: composed when they go out, from ids, in the reader's language. None says more than its reader may know:
//! no reporter's words, no names; the page behind the address asks who is reading.

mod about;
mod addresses;
mod daily;
mod kept;
mod news;
mod short;

pub use daily::compose_daily;
pub use kept::{KeptMail, given_up, kept, send_again, send_all_again};
pub use news::{News, compose_news, together, urgent};
pub use short::{Short, compose_short};

use about::About;

use super::{buildings, incoming, persons, reports, slips, subscriptions};
use crate::kernel::act::House;
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::mail::Thread;
use crate::kernel::outbox;

/// Every letter that an act may owe; each has its subject and body in `locales/*/letters.toml`.
pub const KINDS: &[&str] = &[
    // To those who reported.
    "receipt",
    "mail_receipt",
    "mail_added",
    "message",
    "question",
    "ask_to_confirm",
    "confirm_last_day",
    "closed",
    "reopened",
    "merged",
    "split",
    "on_agenda",
    "topic_decided",
    "agenda_moved",
    "agenda_off",
    "checked",
    "hidden",
    "hiding_decided",
    "extended",
    "dates_moved",
    // To those who work on it.
    "issue_received",
    "reporter_added",
    "transfer_offered",
    "transfer_refused",
    "transfer_lapsed",
    "transfer_taken_back",
    "transfer_taken",
    "transfer_reported",
    "report_due",
    "report_late",
    "assigned",
    "mentioned",
    "contested",
    "held_up_no_more",
    "called_back",
    "task_dispatched",
    "task_done",
    "visit_asked",
    "visit_answered",
    "task_sent_back",
    "task_returned",
    "clock_runs",
    "task_redated",
    "extension_asked",
    "extension_granted",
    "extension_refused",
    "task_half",
    "task_last_day",
    "task_late",
    "answer_last_day",
    "answer_late",
    "result_half",
    "result_last_day",
    "result_late",
    "review_due",
    "supervised",
    "supervised_told",
    "supervision_noted",
    // To the council and its secretary.
    "nominated",
    "hiding_review",
    "hiding_appealed",
    "check_failed",
    "check_due",
    "effect_asked",
    "undertaking_asked",
    "undertaking_entered",
    "position_asked",
    "objected",
    "objection_answered",
    "objection_upheld",
    "objection_confirmed",
    "meeting_called",
    "meeting_soon",
    "meeting_cancelled",
    "meeting_moved",
    "dates_asked",
    "deputy_asked",
    "deputy_free",
    "deputy_comes",
    "deputy_refused",
    "quorum_at_risk",
    "meeting_written",
    "meeting_written_ends",
    "minutes_to_sign",
    "remark_answered",
    "minutes_adopted",
    "vote_open",
    // To those who follow.
    "follow_confirm",
    "follow_known",
    "follow_daily",
    "follow_news",
    // To somebody whose mail could not be taken.
    "mail_refused",
    // To one's own mailbox.
    "sign_in",
    "invited",
    "appointed",
    "handed_over",
    // To an address at an enterprise's domain.
    "slip_sent",
    "slip_used",
];

/// Those of which reporters are told by SMS too, if they left a number: few, since each costs money.
pub const BY_SMS: &[&str] = &["receipt", "question", "ask_to_confirm", "closed"];

/// A letter ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The page on which what it asks is done.
    pub address: String,
    /// Where letters like this one are ended, by a mail program or by hand.
    pub unsubscribe: String,
    /// Whether one POST there is enough (RFC 8058), or somebody must sign in first.
    pub one_click: bool,
    /// Where an answer goes, if not to the sender.
    pub reply_to: Option<String>,
    pub thread: Thread,
    pub lang: Lang,
    /// A calendar file that goes with it (RFC 5545).
    pub calendar: Option<String>,
    /// The part of its address that must not be read by anybody else: a receipt, a sign-in link.
    secret: Option<String>,
}

impl Letter {
    /// The letter for other eyes: without the reader's address and without what would open their page.
    #[must_use]
    pub fn veiled(&self) -> Self {
        let Some(secret) = &self.secret else { return self.clone() };
        let hide = |text: &str| text.replace(secret.as_str(), "…");
        let (body, address, unsubscribe) = (hide(&self.body), hide(&self.address), hide(&self.unsubscribe));
        Self { to: "…".into(), body, address, unsubscribe, secret: None, ..self.clone() }
    }
}

/// To whom, and where their page is.
struct Reader {
    to: String,
    lang: Lang,
    path: String,
    unsubscribe: String,
    one_click: bool,
    /// The sentence at the foot, and where it leads.
    foot: (&'static str, String),
    secret: Option<String>,
    reply_to: Option<String>,
}

/// Composes an owed letter; none when there is nobody to send it to any more, or nothing left to say.
pub async fn compose(house: &House, owed: &outbox::Model) -> Result<Option<Letter>> {
    let about = About::read(&owed.data)?;
    let Some(reader) = reader(house, owed, &about).await? else { return Ok(None) };
    let Some(mut with) = about.facts(house, &owed.kind, reader.lang).await? else { return Ok(None) };
    let address = |path: &str| house.settings().address(path);
    let page = address(&reader.path);
    with.push(("address", page.clone()));
    let with: Vec<(&str, &str)> = with.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let say = |part: &str| reader.lang.say(&format!("letters.{}.{part}", owed.kind), &with);
    let unsubscribe = if reader.unsubscribe.is_empty() { String::new() } else { address(&reader.unsubscribe) };
    let (foot, settings) = &reader.foot;
    let foot = reader.lang.say(foot, &[("unsubscribe", address(settings).as_str())]);
    let body = format!("{}\n\n-- \n{}\n", say("body").trim(), foot.trim());
    let subject = say("subject");
    let calendar = about.calendar(house, &owed.kind, reader.lang).await?;
    Ok(Some(Letter {
        to: reader.to,
        subject,
        body,
        address: page,
        unsubscribe,
        one_click: reader.one_click,
        reply_to: reader.reply_to,
        thread: about.thread,
        lang: reader.lang,
        calendar,
        secret: reader.secret,
    }))
}

async fn reader(house: &House, owed: &outbox::Model, about: &About) -> Result<Option<Reader>> {
    let db = house.read();
    match (owed.person_id, owed.report_id) {
        (Some(id), _) => {
            let person = persons::by_id(db, id).await?;
            let lang = person.lang();
            let Some(to) = person.email.filter(|_| person.disabled_at.is_none()) else { return Ok(None) };
            let secret = about.link.as_ref().and_then(|l| l.rsplit('/').next()).map(str::to_owned);
            let (path, unsubscribe) = (addresses::for_person(db, &owed.kind, about).await?, String::from("/me/telling"));
            let foot = ("letters.foot_person", unsubscribe.clone());
            Ok(Some(Reader { to, lang, path, unsubscribe, one_click: false, foot, secret, reply_to: None }))
        }
        (None, Some(id)) => {
            let report = reports::by_id(db, id).await?;
            // The first letter carries the receipt; those after it go to whoever still follows.
            if report.withdrawn_at.is_some() || !(report.following || owed.kind == "receipt") {
                return Ok(None);
            }
            let Some(to) = reports::mail_of(db, id).await? else { return Ok(None) };
            let receipt = reports::receipt_of(house.keys(), id);
            let own = format!("/r/{receipt}");
            let unsubscribe = format!("{own}/following");
            let path = if owed.kind == "effect_asked" { format!("{own}/effect") } else { own };
            let foot = ("letters.foot_report", unsubscribe.clone());
            let building = buildings::by_id(db, report.building_id).await?;
            let reply_to = incoming::thread_of(house, &building, id).await?;
            let foot = if reply_to.is_some() { ("letters.foot_report_reply", foot.1) } else { foot };
            Ok(Some(Reader { to, lang: Lang::from_tag(&report.locale), path, unsubscribe, one_click: true, foot, secret: Some(receipt), reply_to }))
        }
        (None, None) if owed.kind == "mail_refused" => Ok(owed.mail.clone().map(|to| somebody(to, about))),
        (None, None) if owed.subscription_id.is_none() => worker(house, owed, about).await,
        (None, None) => follower(house, owed).await,
    }
}

/// Somebody who asked for a slip with the address of their work; none once the address is gone, or the slips are over.
async fn worker(house: &House, owed: &outbox::Model, about: &About) -> Result<Option<Reader>> {
    let Some((to, batch)) = owed.mail.clone().zip(about.batch) else { return Ok(None) };
    let Some(code) = slips::code_for_letter(house, batch, &to).await? else { return Ok(None) };
    let lang = Lang::from_tag(about.lang.as_deref().unwrap_or_default());
    let path = if owed.kind == "slip_sent" { format!("/slip/{code}") } else { "/proof".into() };
    let foot = ("letters.foot_slip", String::from("/proof"));
    Ok(Some(Reader { to, lang, path, unsubscribe: "/proof".into(), one_click: false, foot, secret: Some(code), reply_to: None }))
}

/// Somebody whose mail could not be taken: of them nothing is known but where it came from.
fn somebody(to: String, about: &About) -> Reader {
    let lang = Lang::from_tag(about.lang.as_deref().unwrap_or_default());
    let foot = ("letters.foot_refused", String::from("/"));
    Reader { to, lang, path: "/".into(), unsubscribe: String::new(), one_click: false, foot, secret: None, reply_to: None }
}

/// Somebody who follows; none once they have stopped, or before they have said yes.
async fn follower(house: &House, owed: &outbox::Model) -> Result<Option<Reader>> {
    let Some(id) = owed.subscription_id else { return Ok(None) };
    let s = subscriptions::by_id(house.read(), id).await?;
    let asked = owed.kind == "follow_confirm";
    if asked == s.confirmed_at.is_some() {
        return Ok(None);
    }
    let token = subscriptions::token_of(house.keys(), id);
    let path = format!("/follow/{token}");
    let foot = (if asked { "letters.foot_asked" } else { "letters.foot_follow" }, path.clone());
    let unsubscribe = format!("{path}/unsubscribe");
    Ok(Some(Reader { lang: s.lang(), to: s.email, path, unsubscribe, one_click: true, foot, secret: Some(token), reply_to: None }))
}
