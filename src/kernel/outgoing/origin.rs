//! Hosts that the operator has named: `feishu.example.org`, `https://im.example.org:8443`, `http://127.0.0.1:9000`.

use url::{Host, Url};

use super::addresses::Reach;

/// Scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub scheme: String,
    pub host: String,
    pub port: u16,
}

impl Origin {
    /// Reads one; without a scheme it is https.
    pub fn read(typed: &str) -> Option<Origin> {
        let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = Url::parse(&whole).ok()?;
        let bare = url.username().is_empty() && url.password().is_none() && url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        (bare && matches!(url.scheme(), "https" | "http")).then_some(())?;
        Self::of(&url)
    }

    /// That of an address.
    pub fn of(url: &Url) -> Option<Origin> {
        Some(Origin { scheme: url.scheme().to_owned(), host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// Whether an address lies there.
    pub fn is_of(&self, url: &Url) -> bool {
        Origin::of(url).as_ref() == Some(self)
    }

    /// How far it may lead: this machine is meant only by those who say so.
    pub fn reach(&self) -> Reach {
        let here = match Host::parse(&self.host) {
            Ok(Host::Domain(name)) => name == "localhost",
            Ok(Host::Ipv4(ip)) => ip.is_loopback(),
            Ok(Host::Ipv6(ip)) => ip.is_loopback(),
            Err(_) => false,
        };
        if here { Reach::Here } else { Reach::Named }
    }
}

/// A list of them, parted by blanks or commas; the first that cannot be read is given back.
pub fn origins(list: &str) -> Result<Vec<Origin>, String> {
    let each = list.split([' ', ',', '\n', '\t']).filter(|p| !p.is_empty());
    each.map(|p| Origin::read(p).ok_or_else(|| p.to_owned())).collect()
}
