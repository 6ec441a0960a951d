//! `louyi person`: adds somebody with a role, or makes a sign-in link where no mail server is there to send one.

use chrono::Duration;

use super::{opening, out, spoken};
use crate::domain::persons::{self, Person, Scope};
use crate::domain::rights::Role;
use crate::domain::{buildings, first_links, organisations, sessions};
use crate::kernel::act::{Act, Actor, House};
use crate::kernel::clock::Clock;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::settings::Settings;
use crate::kernel::text;

/// What to do with a person.
#[derive(clap::Subcommand)]
pub enum Args {
    /// Add a person with a role, and print a one-time sign-in link
    #[command(after_help = "Roles:\n  staff, representative, member, secretary, convenor, association, department, editor, administrator\n\n\
        Example:\n  louyi person add --name 顾念慈 --email gu@example.org --role secretary \\\n      --building tingqiao --organisation tingqiao-station")]
    Add(Box<Add>),
    /// Print a one-time link by which somebody founds a district and is its first administrator
    #[command(long_about = "Prints a one-time link: whoever opens it founds a district and is its first administrator.\n\n\
        `louyi serve` prints one by itself where nothing is founded yet. A new link ends the one before.")]
    First,
    /// Print a new one-time sign-in link for a person who is known already
    Link {
        /// The person's mail address
        #[arg(long)]
        email: String,
    },
}

/// Who, and in which role.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("where").required(true))]
pub struct Add {
    /// Name, as it is shown
    #[arg(long)]
    name: String,
    /// Name on English pages [default: the same]
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// Mail address: letters go there
    #[arg(long)]
    email: String,
    /// One of the roles below
    #[arg(long)]
    role: String,
    /// The role holds in this building …
    #[arg(long, value_name = "SLUG", group = "where")]
    building: Option<String>,
    /// … or in this whole district
    #[arg(long, value_name = "SLUG", group = "where")]
    district: Option<String>,
    /// The organisation that the person belongs to
    #[arg(long, value_name = "SLUG")]
    organisation: String,
    /// Language of letters: zh-CN or en
    #[arg(long, value_name = "TAG", default_value = "zh-CN")]
    language: String,
}

/// Hours for which a printed link holds: it is passed on by hand.
const LINK_HOURS: i64 = 24;

/// Adds or links.
pub async fn run(args: Args) -> Result<()> {
    let house = opening::house(Settings::read()?, Clock::running()).await?;
    let act = house.act(Actor::System).await?;
    let person = match args {
        Args::First => {
            let token = first_links::renew(&act).await?;
            act.commit().await?;
            say_first(&house, &token);
            return house.db().clone().close().await;
        }
        Args::Add(new) => add(&act, &new).await?,
        Args::Link { email } => {
            persons::by_email(act.tx(), &email).await?.ok_or_else(|| Error::broken(format!("nobody here has the mail address {email}")))?
        }
    };
    let token = sessions::make_link(&act, &person, Duration::hours(LINK_HOURS)).await?;
    act.commit().await?;
    say(&house, &person, &token);
    house.db().clone().close().await
}

/// The first link, as the terminal says it.
pub(super) fn say_first(house: &House, token: &str) {
    let address = house.settings().address(&format!("/first/{token}"));
    out(&spoken().say("commands.person.first", &[("hours", &first_links::HOURS.to_string()), ("address", &address)]));
}

fn say(house: &House, person: &Person, token: &str) {
    let address = house.settings().address(&format!("/sign-in/{token}"));
    let with = [("name", person.name(spoken())), ("hours", &LINK_HOURS.to_string()), ("address", &address)];
    out(&spoken().say("commands.person.link", &with));
}

async fn add(act: &Act, new: &Add) -> Result<Person> {
    let role: Role = new.role.parse().map_err(|_| {
        let all: Vec<&str> = Role::ALL.iter().map(|r| r.as_str()).collect();
        Error::broken(format!("“{}” is no role; the roles are {}", new.role, all.join(", ")))
    })?;
    let missing = |what: &str, slug: &str| Error::broken(format!("there is no {what} “{slug}”"));
    let (scope, district) = match (&new.building, &new.district) {
        (Some(slug), _) => {
            let b = buildings::by_slug(act.tx(), slug).await.map_err(|e| not_there(e, || missing("building", slug)))?;
            (Scope::Building(b.id), b.district_id)
        }
        (None, Some(slug)) => {
            let d = buildings::district_by_slug(act.tx(), slug).await.map_err(|e| not_there(e, || missing("district", slug)))?;
            (Scope::District(d.id), d.id)
        }
        (None, None) => return Err(Error::broken("say where the role holds: --building SLUG or --district SLUG")),
    };
    let organisation = organisations::by_slug(act.tx(), district, &new.organisation)
        .await
        .map_err(|e| not_there(e, || missing("organisation in this district with the slug", &new.organisation)))?;
    let name = text::words("name", &new.name, 1, 60)?;
    let name_en = text::words("name_en", new.name_en.as_deref().unwrap_or(&new.name), 1, 80)?;
    let person = persons::add(act, &name, &name_en, Some(new.email.trim()), Lang::from_tag(&new.language)).await?;
    person.appoint(act, organisation.id, role, scope).await?;
    Ok(person)
}

fn not_there(e: Error, sentence: impl FnOnce() -> Error) -> Error {
    if matches!(e, Error::NotFound) { sentence() } else { e }
}
