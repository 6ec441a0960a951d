//! Following: asked for on a page, begun from the mailbox, told what the public may read, ended by one click.

mod feeds;
mod letters;
mod pages;

use louyi::domain::subscriptions;
use louyi::kernel::act::House;
use louyi::kernel::db::Db;
use louyi::kernel::keys::Keys;
use louyi::kernel::settings::{Secret, Settings};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::support::browser::Site;
use crate::support::smtp::{Mail, Sink};
use crate::support::{Town, shanghai};

/// A process of the town whose letters go to a mail server; it shares the town's clock.
async fn posting(town: &Town, sink: &Sink) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings { mail_url: Some(Secret::new(sink.url())), ..town.house.settings().clone() };
    House::new(db, town.house.clock().clone(), crate::support::calendar(), Keys::fixed(7), settings)
}

/// The same through a server that takes so few letters in a minute.
async fn narrow(town: &Town, sink: &Sink, mail_per_minute: u32) -> House {
    let db = Db::open(&town.url).await.expect("opens");
    let settings = Settings { mail_url: Some(Secret::new(sink.url())), mail_per_minute, ..town.house.settings().clone() };
    House::new(db, town.house.clock().clone(), crate::support::calendar(), Keys::fixed(7), settings)
}

async fn round(house: &House) {
    louyi::jobs::round(house).await.expect("a round");
}

/// Rounds at an instant; gives what has come to a mailbox by then.
async fn by(house: &House, sink: &Sink, words: &str, to: &str) -> Vec<Mail> {
    assert!(house.clock().set(shanghai(words)), "the clock goes on");
    round(house).await;
    mails(sink, to)
}

fn mails(sink: &Sink, to: &str) -> Vec<Mail> {
    sink.mails().into_iter().filter(|m| m.to == [to]).collect()
}

/// The address in a letter by which it is begun and ended, without the host.
fn link(mail: &Mail) -> String {
    let body = mail.body();
    let at = body.find("/follow/").expect("a link");
    body[at..].split_whitespace().next().expect("a word").to_owned()
}

/// Follows something from the page to the confirmed letter; gives the address of its settings.
async fn follows(site: &Site, house: &House, sink: &Sink, page: &str, mail: &str, pace: &str) -> String {
    let reader = site.visitor();
    reader.does(page, page, &[("email", mail), ("pace", pace)]).await;
    round(house).await;
    let own = link(mails(sink, mail).last().expect("a letter with a link"));
    reader.does(&own, &own, &[]).await;
    own
}

async fn rows(town: &Town) -> u64 {
    subscriptions::Entity::find().count(town.house.read()).await.expect("rows")
}
