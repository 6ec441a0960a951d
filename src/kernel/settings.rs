//! Settings: the table `[louyi]` of `Rocket.toml`, then `LOUYI_…` of the environment, which wins. Secrets are in a type
//! that does not print itself.

use std::collections::BTreeMap;
use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Format as _, Serialized, Toml};
use serde::{Deserialize, Deserializer, Serialize};

use super::error::{Error, Result};

/// A value that never appears in logs.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }
    /// The value, for the one place that uses it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// What the operator may set, by `LOUYI_…` variables or in `Rocket.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// `LOUYI_DATA`: folder for the database, uploads and keys.
    pub data: PathBuf,
    /// `LOUYI_DATABASE_URL`: unset means SQLite in that folder; `postgres://…` for more than one machine.
    pub database_url: Option<Secret>,
    /// `LOUYI_PUBLIC_URL`: what posters and mails point at.
    pub public_url: String,
    /// `LOUYI_MAIL_URL`: `smtp://…` or `smtps://…`; unset keeps letters on the operator's page.
    pub mail_url: Option<Secret>,
    /// `LOUYI_MAIL_FROM`: the sender of letters.
    pub mail_from: String,
    /// `LOUYI_SMS_URL`: the gateway to which short messages are posted; unset, and without a folder, they are not offered.
    pub sms_url: Option<String>,
    /// `LOUYI_SMS_TOKEN`: the bearer token for it.
    pub sms_token: Option<Secret>,
    /// `LOUYI_SMS_FOLDER`: a folder for short messages in place of a gateway, one file each.
    pub sms_folder: Option<PathBuf>,
    /// `LOUYI_ROBOT_HOSTS`: hosts of group robots beside those of WeCom, DingTalk and Feishu themselves, parted by blanks.
    pub robot_hosts: Option<String>,
    /// `LOUYI_HOOK_SECRET`: what others must show who bring mail or replies by HTTP (`/hooks/…`).
    pub hook_secret: Option<Secret>,
    /// `LOUYI_MAIL_IN_DOMAIN`: the domain at which each building has a mail address, named by its slug.
    pub mail_in_domain: Option<String>,
    /// `LOUYI_MAILDIR`: where such mail is delivered on this machine.
    pub maildir: Option<PathBuf>,
    /// `LOUYI_MASTER_KEY`: 64 hexadecimal digits; else the file `keys/master`.
    pub master_key: Option<Secret>,
    /// `LOUYI_LEDGER_KEY`: 64 hexadecimal digits; else the file `keys/ledger`.
    pub ledger_key: Option<Secret>,
    /// `LOUYI_DATA_SHARED`: on PostgreSQL, whether every machine sees the same data folder.
    #[serde(deserialize_with = "yes_or_no")]
    pub data_shared: bool,
    /// `LOUYI_SUPERVISE_AFTER`: working days for which something is late before the street's department is told.
    #[serde(deserialize_with = "working_days")]
    pub supervise_after: u32,
    /// `LOUYI_MAIL_PER_MINUTE`: letters that the mail server is given in a minute, from all processes together.
    #[serde(deserialize_with = "per_minute")]
    pub mail_per_minute: u32,
    /// `LOUYI_SMS_PER_MINUTE`: the same of the gateway for short messages.
    #[serde(deserialize_with = "per_minute")]
    pub sms_per_minute: u32,
    /// `LOUYI_ICP_NUMBER`: filing number of the site, shown in the footer with a link (互联网信息服务管理办法 art. 12).
    pub icp_number: Option<String>,
    /// `LOUYI_SOURCE_URL`: where the source of this very version can be had, offered in the footer (AGPL-3.0 section 13). Who
    /// runs a changed version over a network owes its users this offer.
    pub source_url: Option<String>,
    /// The name under which the ledger was begun: it stays, even where the site moves to another address. Read from the
    /// database at the start, set by nobody.
    #[serde(skip)]
    pub ledger_begun_as: Option<String>,
    /// Whether this is the furnished district: letters are kept to be looked at instead of sent.
    #[serde(skip)]
    pub demonstration: bool,
}

/// Where posters and letters point until `LOUYI_PUBLIC_URL` says better.
pub const LOOPBACK_URL: &str = "http://127.0.0.1:8000";

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            database_url: None,
            public_url: LOOPBACK_URL.into(),
            mail_url: None,
            mail_from: "楼议 <louyi@localhost>".into(),
            sms_url: None,
            sms_token: None,
            sms_folder: None,
            robot_hosts: None,
            hook_secret: None,
            mail_in_domain: None,
            maildir: None,
            master_key: None,
            ledger_key: None,
            data_shared: false,
            supervise_after: 3,
            mail_per_minute: 300,
            sms_per_minute: 60,
            icp_number: None,
            source_url: None,
            ledger_begun_as: None,
            demonstration: false,
        }
    }
}

/// The environment gives texts, `Rocket.toml` may give a boolean.
fn yes_or_no<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Flag(bool),
        Words(String),
    }
    match Given::deserialize(d)? {
        Given::Flag(b) => Ok(b),
        Given::Words(w) => match w.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "on" => Ok(true),
            "false" | "no" | "0" | "off" | "" => Ok(false),
            _ => Err(serde::de::Error::custom(format!("yes or no, not {w:?}"))),
        },
    }
}

/// The environment gives texts, `Rocket.toml` numbers.
fn number<'de, D: Deserializer<'de>>(d: D, within: std::ops::RangeInclusive<u32>, what: &str) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Number(u32),
        Words(String),
    }
    let n = match Given::deserialize(d)? {
        Given::Number(n) => Some(n),
        Given::Words(w) => w.trim().parse().ok(),
    };
    n.filter(|n| within.contains(n)).ok_or_else(|| serde::de::Error::custom(what))
}

fn working_days<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    number(d, 1..=30, "a number of working days, 1 to 30")
}

fn per_minute<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    number(d, 1..=100_000, "a number of letters in a minute, 1 to 100000")
}

/// `LOUYI_…` as texts. Figment's own provider would read a key of digits only as a number.
fn environment() -> Result<BTreeMap<String, String>> {
    let mut given = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(key) = name.to_str().and_then(|n| n.strip_prefix("LOUYI_")) else { continue };
        let value = value.into_string().map_err(|_| Error::broken(format!("LOUYI_{key} is not valid UTF-8")))?;
        // An empty value is how a unit file or a shell unsets something.
        if !value.is_empty() {
            given.insert(key.to_ascii_lowercase(), value);
        }
    }
    Ok(given)
}

fn unreadable(e: figment::Error) -> Error {
    // Of several faults the first is named: mended one by one, each sentence stays clear.
    let Some(first) = e.into_iter().next() else { return Error::broken("the settings cannot be read") };
    match first.path.last() {
        Some(key) => Error::broken(format!("LOUYI_{} (or {key} in Rocket.toml) is not right: {}", key.to_uppercase(), first.kind)),
        None => Error::broken(format!("Rocket.toml is not right: {}", one_line(&first.kind.to_string()))),
    }
}

/// What a parser says over several lines, with a drawing of the place, as one sentence.
pub fn one_line(words: &str) -> String {
    words.lines().filter(|l| !l.contains('|') && !l.trim().is_empty()).collect::<Vec<_>>().join(", ")
}

impl Settings {
    /// Reads defaults, then `Rocket.toml`, then the environment.
    pub fn read() -> Result<Self> {
        let settings: Settings = Figment::from(Serialized::from(Settings::default(), "louyi"))
            .merge(Toml::file("Rocket.toml").nested())
            .merge(Serialized::from(environment()?, "louyi"))
            .select("louyi")
            .extract()
            .map_err(unreadable)?;
        settings.public()?;
        super::sms::gateway(&settings)?;
        super::robots::named(&settings)?;
        settings.ask_mail_in()?;
        settings.mail_from.parse::<lettre::message::Mailbox>().map_err(|e| {
            Error::broken(format!("LOUYI_MAIL_FROM is not a mail address such as “楼议 <louyi@example.org>” ({e}): {}", settings.mail_from))
        })?;
        Ok(settings)
    }

    fn ask_mail_in(&self) -> Result<()> {
        if self.hook_secret.as_ref().is_some_and(|s| s.reveal().chars().count() < 16) {
            return Err(Error::broken("LOUYI_HOOK_SECRET is too short: at least 16 characters, for example openssl rand -hex 24"));
        }
        let Some(domain) = &self.mail_in_domain else {
            return match &self.maildir {
                Some(_) => Err(Error::broken("LOUYI_MAILDIR is set, but not LOUYI_MAIL_IN_DOMAIN: the domain of the addresses that mail comes to")),
                None => Ok(()),
            };
        };
        if url::Host::parse(domain).is_ok_and(|h| matches!(h, url::Host::Domain(_))) && !domain.contains(['@', '/']) {
            return Ok(());
        }
        Err(Error::broken(format!("LOUYI_MAIL_IN_DOMAIN is not a domain such as mail.example.org: {domain}")))
    }

    /// The public address, parsed.
    pub fn public(&self) -> Result<url::Url> {
        let url =
            url::Url::parse(&self.public_url).map_err(|e| Error::broken(format!("LOUYI_PUBLIC_URL is not an address ({e}): {}", self.public_url)))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(Error::broken(format!("LOUYI_PUBLIC_URL must begin with http:// or https://: {}", self.public_url)));
        }
        Ok(url)
    }

    /// The address of a path on this site, as posters and letters print it.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }

    /// The public ledger's name: origin line of its checkpoints and key name of its signatures (C2SP tlog-checkpoint).
    pub fn ledger_name(&self) -> String {
        if let Some(name) = &self.ledger_begun_as {
            return name.clone();
        }
        let authority = self.public().ok().and_then(|u| {
            let host = u.host_str()?.to_owned();
            Some(u.port().map_or(host.clone(), |p| format!("{host}:{p}")))
        });
        format!("{}/ledger", authority.unwrap_or_else(|| "louyi".into()))
    }

    /// The database's address.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.reveal().to_owned(),
            // The driver decodes per cent signs, so that a folder may have any name.
            None => {
                let path = self.data.join("louyi.db").display().to_string();
                format!("sqlite://{}?mode=rwc", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
            }
        }
    }
}
