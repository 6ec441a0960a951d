//! Settings: `Rocket.toml` and the environment. Secrets are in a type that does not print itself.

use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

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
    /// `LOUYI_MASTER_KEY`: 64 hexadecimal digits; else the file `keys/master`.
    pub master_key: Option<Secret>,
    /// `LOUYI_LEDGER_KEY`: 64 hexadecimal digits; else the file `keys/ledger`.
    pub ledger_key: Option<Secret>,
    /// `LOUYI_DATA_SHARED`: on PostgreSQL, whether every machine sees the same data folder.
    pub data_shared: bool,
    /// `LOUYI_ICP_NUMBER`: filing number of the site, shown in the footer with a link (互联网信息服务管理办法 art. 12).
    pub icp_number: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            database_url: None,
            public_url: "http://127.0.0.1:8000".into(),
            mail_url: None,
            mail_from: "楼议 <louyi@localhost>".into(),
            master_key: None,
            ledger_key: None,
            data_shared: false,
            icp_number: None,
        }
    }
}

impl Settings {
    /// Reads defaults, then `Rocket.toml`, then the environment.
    pub fn read() -> Result<Self> {
        let settings: Settings = Figment::from(Serialized::defaults(Settings::default()))
            .merge(Toml::file("Rocket.toml").nested().profile("louyi"))
            .merge(Toml::file("Rocket.toml"))
            .merge(Env::prefixed("LOUYI_").lowercase(true))
            .extract()
            .map_err(|e| Error::broken(format!("a setting is not right: {e}")))?;
        settings.public()?;
        Ok(settings)
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
            None => format!("sqlite://{}?mode=rwc", self.data.join("louyi.db").display()),
        }
    }
}
