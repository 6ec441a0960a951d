//! Group robots of WeCom, DingTalk and Feishu: where they are called, what a message looks like, how it is signed, how much
//! they take, and what an answer means. They answer 200 with an error in the body: the code there decides.

mod dingtalk;
mod feishu;
mod message;
mod wecom;

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use url::Url;

pub use dingtalk::sign as dingtalk_sign;
pub use feishu::sign as feishu_sign;
pub use message::{Link, Message, Row, cut, plain};

use super::error::{Error, Refusal, Result};
use super::outgoing::{self, Answer, Fault, Origin, Outgoing};
use super::settings::{Secret, Settings};
use super::text;

/// Who made the robot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    Wecom,
    Dingtalk,
    Feishu,
}

/// What one takes of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub per_minute: usize,
    pub per_second: usize,
    /// Bytes of a message's words.
    pub bytes: usize,
}

/// Why a message did not arrive; the words may be kept and shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may another time, and not before so long.
    Later(String, Option<Duration>),
    /// This message never will.
    Never(String),
    /// No message will until somebody sees to the robot.
    Refused(String),
}

impl Failure {
    /// Its words.
    pub fn words(&self) -> &str {
        match self {
            Failure::Later(w, _) | Failure::Never(w) | Failure::Refused(w) => w,
        }
    }
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// One plain sentence.
    Text(&'a str),
    /// A heading with rows and links.
    Rows(&'a Message),
}

impl Maker {
    /// The hosts on which its robots live.
    pub fn hosts(self) -> &'static [&'static str] {
        match self {
            Maker::Wecom => &["qyapi.weixin.qq.com"],
            Maker::Dingtalk => &["oapi.dingtalk.com"],
            Maker::Feishu => &["open.feishu.cn", "open.larksuite.com"],
        }
    }

    /// WeCom and DingTalk take 20 a minute, Feishu 100 a minute and 5 a second.
    pub fn limits(self) -> Limits {
        match self {
            Maker::Wecom => Limits { per_minute: 20, per_second: 20, bytes: wecom::MARKDOWN },
            Maker::Dingtalk => Limits { per_minute: 20, per_second: 20, bytes: dingtalk::BYTES },
            Maker::Feishu => Limits { per_minute: 100, per_second: 5, bytes: feishu::BYTES },
        }
    }

    /// When it advises to stay away until: Feishu, at the full and the half hour.
    pub fn crowded_until(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let minute = now.timestamp().div_euclid(60);
        (self == Maker::Feishu && minute % 30 == 0).then(|| DateTime::from_timestamp((minute + 1) * 60, 0)).flatten()
    }
}

/// One robot: where, and by which secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Robot {
    pub maker: Maker,
    url: Secret,
    host: String,
    secret: Option<Secret>,
}

/// The hosts that the operator has named beside those of the makers.
pub fn named(settings: &Settings) -> Result<Vec<Origin>> {
    outgoing::origins(settings.robot_hosts.as_deref().unwrap_or_default()).map_err(|wrong| {
        Error::broken(format!("LOUYI_ROBOT_HOSTS holds “{wrong}”, which is not a host such as feishu.example.org or http://127.0.0.1:9000"))
    })
}

/// The client by which robots are called.
pub fn outgoing(settings: &Settings) -> Result<Outgoing> {
    Outgoing::new(named(settings)?, outgoing::PATIENCE)
}

impl Robot {
    /// Reads what somebody pasted: the whole address, or its key alone.
    pub fn read(maker: Maker, typed: &str, secret: &str, settings: &Settings) -> Result<Robot> {
        let typed = text::clean(typed);
        if typed.is_empty() {
            return Err(Refusal::new("empty").at("address").into());
        }
        let key_alone = typed.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) && (16..=128).contains(&typed.len());
        let whole = if key_alone { Self::address(maker, &format!("https://{}", maker.hosts()[0]), &typed) } else { typed };
        let wrong = || Refusal::new("robot_address").at("address");
        let url = Url::parse(&whole).map_err(|_| wrong())?;
        let known = url.scheme() == "https" && url.port().is_none() && url.host_str().is_some_and(|h| maker.hosts().contains(&h));
        if !known && !named(settings)?.iter().any(|o| o.is_of(&url)) {
            return Err(Refusal::new("robot_host").with("hosts", maker.hosts().join("、")).at("address").into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong().into());
        }
        let key = match maker {
            Maker::Wecom => wecom::key(&url),
            Maker::Dingtalk => dingtalk::key(&url),
            Maker::Feishu => feishu::key(&url),
        };
        let key = key.filter(|k| (8..=256).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic())).ok_or_else(wrong)?;
        let secret = text::clean(secret);
        if secret.chars().count() > 200 || secret.contains('\n') {
            return Err(Refusal::new("robot_secret").at("secret").into());
        }
        if maker == Maker::Wecom && !secret.is_empty() {
            return Err(Refusal::new("robot_no_secret").at("secret").into());
        }
        let root = Origin::of(&url).map(|o| (o, url.port())).ok_or_else(wrong)?;
        let root = match root {
            (o, Some(port)) => format!("{}://{}:{port}", o.scheme, o.host),
            (o, None) => format!("{}://{}", o.scheme, o.host),
        };
        Self::kept(maker, &Self::address(maker, &root, &key), Some(secret).filter(|s| !s.is_empty()))
    }

    fn address(maker: Maker, root: &str, key: &str) -> String {
        match maker {
            Maker::Wecom => wecom::address(root, key),
            Maker::Dingtalk => dingtalk::address(root, key),
            Maker::Feishu => feishu::address(root, key),
        }
    }

    /// The same robot with another secret.
    pub fn with_secret(&self, secret: &str, settings: &Settings) -> Result<Robot> {
        Self::read(self.maker, self.url.reveal(), secret, settings)
    }

    /// As it was kept.
    pub fn kept(maker: Maker, url: &str, secret: Option<String>) -> Result<Robot> {
        let host = Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).ok_or_else(|| Error::broken("a robot without an address"))?;
        Ok(Robot { maker, url: Secret::new(url), host, secret: secret.map(Secret::new) })
    }

    /// What is kept under seal: address and secret.
    pub fn to_keep(&self) -> (&str, Option<&str>) {
        (self.url.reveal(), self.secret.as_ref().map(Secret::reveal))
    }

    /// What pages show of it: the host, and the last four signs of the key.
    pub fn masked(&self) -> String {
        let url = self.url.reveal();
        let tail: String = url.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        format!("{} …{tail}", self.host)
    }

    /// Address and body of a message, signed for an instant.
    pub fn request(&self, content: Content<'_>, at: DateTime<Utc>) -> Result<(Url, String)> {
        let secret = self.secret.as_ref().map(Secret::reveal);
        let mut url = Url::parse(self.url.reveal()).map_err(|_| Error::broken("a robot without an address"))?;
        let body = match self.maker {
            Maker::Wecom => wecom::body(content)?,
            Maker::Dingtalk => {
                if let Some(secret) = secret {
                    dingtalk::signed(&mut url, secret, at);
                }
                dingtalk::body(content)?
            }
            Maker::Feishu => feishu::body(content, secret, at)?,
        };
        Ok((url, body))
    }

    /// Sends a message.
    pub async fn send(&self, out: &Outgoing, content: Content<'_>, now: DateTime<Utc>) -> Result<(), Failure> {
        let (url, body) = self.request(content, now).map_err(|e| Failure::Never(e.to_string()))?;
        match out.post(&url, body, |r| r).await {
            Ok(answer) => self.judged(&answer, now),
            Err(Fault::Unreachable(why)) => Err(Failure::Later(why, None)),
            Err(Fault::Forbidden(why)) => Err(Failure::Refused(why)),
        }
    }

    /// What an answer means.
    pub fn judged(&self, answer: &Answer, now: DateTime<Utc>) -> Result<(), Failure> {
        let wait = answer.wait(now);
        let status = |more: &str| format!("HTTP {}{more}", answer.status);
        match answer.status {
            200 => {}
            408 | 425 | 429 | 500.. => return Err(Failure::Later(status(""), wait)),
            300..=399 => return Err(Failure::Refused(status(", a redirect, which is not followed"))),
            _ => return Err(Failure::Refused(status(""))),
        }
        if answer.cut {
            return Err(Failure::Later(format!("the answer breaks off or is longer than {} KB", outgoing::MOST / 1024), wait));
        }
        let Ok(said) = serde_json::from_slice::<Said>(&answer.body) else {
            return Err(Failure::Later("the answer cannot be read".into(), wait));
        };
        let Some(code) = said.code() else { return Err(Failure::Later("the answer has no code".into(), wait)) };
        if code == 0 {
            return Ok(());
        }
        let why = format!("{code} {}", self.veiled(&said.words())).trim().to_owned();
        Err(match self.maker {
            Maker::Wecom => wecom::failure(code, why, wait),
            Maker::Dingtalk => dingtalk::failure(code, why, wait),
            Maker::Feishu => feishu::failure(code, why, wait),
        })
    }

    /// A robot's own words, without anything that opens it: they like to repeat what they were asked.
    fn veiled(&self, words: &str) -> String {
        let url = self.url.reveal();
        let key = url.rsplit(['=', '/']).next().unwrap_or(url);
        let secret = self.secret.as_ref().map(Secret::reveal).filter(|s| !s.is_empty());
        let hidden = [Some(url), Some(key), secret].into_iter().flatten().fold(text::clean(words), |w, s| w.replace(s, "…"));
        text::shorten(&hidden.split_whitespace().collect::<Vec<_>>().join(" "), 160)
    }
}

/// What a robot says: WeCom and DingTalk by `errcode`, Feishu by `code`, and of old by `StatusCode`.
#[derive(Deserialize)]
struct Said {
    errcode: Option<i64>,
    code: Option<i64>,
    #[serde(rename = "StatusCode")]
    status_code: Option<i64>,
    errmsg: Option<String>,
    msg: Option<String>,
    #[serde(rename = "StatusMessage")]
    status_message: Option<String>,
}

impl Said {
    fn code(&self) -> Option<i64> {
        self.errcode.or(self.code).or(self.status_code)
    }
    fn words(&self) -> String {
        let given = self.errmsg.as_ref().or(self.msg.as_ref()).or(self.status_message.as_ref());
        given.cloned().unwrap_or_default()
    }
}
