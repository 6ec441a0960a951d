//! What the machine and its settings are like: folder, disk, keys, address, mail.

use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Line, bad, doubt, good};
use crate::kernel::mail::Post;
use crate::kernel::settings::Settings;
use crate::kernel::sms as short;

/// No disk writes down to its plates or cells sooner than this.
const IMPLAUSIBLE: Duration = Duration::from_micros(50);
/// Each act waits for the disk once.
const SLOW: Duration = Duration::from_millis(30);

/// The data folder, and how long the disk takes to keep something.
pub(super) fn folder(settings: &Settings) -> Vec<Line> {
    let folder = settings.data.display().to_string();
    let with = [("folder", folder.as_str())];
    if !settings.data.exists() {
        return vec![doubt("no_folder", &with)];
    }
    match syncs(&settings.data) {
        Err(e) => vec![bad("folder_closed", &[("folder", folder.as_str()), ("why", &e.to_string())])],
        Ok(taken) => {
            let words = format!("{:.2} ms", taken.as_secs_f64() * 1e3);
            let with = [("time", words.as_str())];
            let disk = match taken {
                t if t < IMPLAUSIBLE => doubt("disk_too_quick", &with),
                t if t > SLOW => doubt("disk_slow", &with),
                _ => good("disk", &with),
            };
            vec![good("folder", &[("folder", folder.as_str())]), disk]
        }
    }
}

/// The median of a few writes of one page, each forced down.
fn syncs(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join(format!(".probe-{}", std::process::id()));
    let mut file = std::fs::File::create(&path)?;
    let mut taken = vec![];
    for n in 0..21_u8 {
        let began = Instant::now();
        file.rewind()?;
        file.write_all(&[n; 4096])?;
        file.sync_all()?;
        taken.push(began.elapsed());
    }
    drop(file);
    std::fs::remove_file(path)?;
    taken.sort();
    Ok(taken[taken.len() / 2])
}

/// The two secrets.
pub(super) fn keys(settings: &Settings) -> Vec<Line> {
    let mut lines = vec![];
    for (name, given) in [("master", &settings.master_key), ("ledger", &settings.ledger_key)] {
        let path = settings.data.join("keys").join(name);
        let shown = path.display().to_string();
        let with = [("key", shown.as_str())];
        if given.is_some() {
            lines.push(good("key_given", &[("key", &format!("LOUYI_{}_KEY", name.to_uppercase()))]));
        } else if !path.exists() {
            lines.push(doubt("no_key", &with));
        } else if open_to_others(&path) {
            lines.push(bad("key_open", &with));
        } else {
            lines.push(good("key", &with));
        }
    }
    if settings.database_url.is_some() && settings.master_key.is_none() && !settings.data_shared {
        lines.push(doubt("keys_of_one_machine", &[]));
    }
    lines
}

/// Whether both secrets can be read without making new ones.
pub(super) fn keys_there(settings: &Settings) -> bool {
    let there = |given: bool, name: &str| given || settings.data.join("keys").join(name).exists();
    there(settings.master_key.is_some(), "master") && there(settings.ledger_key.is_some(), "ledger")
}

#[cfg(unix)]
fn open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> bool {
    false
}

fn is_local(settings: &Settings) -> bool {
    let host = settings.public().ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// What posters and letters point at.
pub(super) fn public(settings: &Settings) -> Line {
    let with = [("address", settings.public_url.as_str())];
    if is_local(settings) {
        doubt("address_local", &with)
    } else if settings.public_url.starts_with("http://") {
        doubt("address_plain", &with)
    } else {
        good("address", &with)
    }
}

/// A public site in mainland China shows its filing number.
pub(super) fn icp(settings: &Settings) -> Option<Line> {
    (!is_local(settings) && settings.icp_number.is_none()).then(|| doubt("no_icp", &[]))
}

/// Whether letters can go out.
pub(super) async fn mail(settings: &Settings) -> Line {
    match Post::new(settings) {
        Ok(None) => doubt("no_mail", &[]),
        Ok(Some(post)) => match post.reachable().await {
            Ok(()) => good("mail", &[("from", &settings.mail_from)]),
            Err(why) => bad("mail_unreachable", &[("why", &why)]),
        },
        Err(e) => bad("mail_unreachable", &[("why", &e.to_string())]),
    }
}

/// Whether short messages can go out; without a gateway they are not offered, and nothing is missing.
pub(super) async fn sms(settings: &Settings) -> Vec<Line> {
    let mut lines = vec![match short::gateway(settings) {
        Ok(None) => good("no_sms", &[]),
        Ok(Some(gateway)) => match gateway.reachable().await {
            Ok(()) if gateway.kept_here() => good("sms_folder", &[]),
            Ok(()) => good("sms", &[]),
            Err(why) => bad("sms_unreachable", &[("why", &why)]),
        },
        Err(e) => bad("sms_unreachable", &[("why", &e.to_string())]),
    }];
    if settings.sms_url.is_some() && settings.hook_secret.is_none() {
        lines.push(doubt("sms_no_replies", &[]));
    }
    lines
}

/// Whether mail to the buildings can come in, where that is set up.
pub(super) fn mail_in(settings: &Settings) -> Option<Line> {
    let domain = settings.mail_in_domain.as_deref()?;
    let Some(folder) = &settings.maildir else {
        let door = settings.hook_secret.is_some();
        return Some(if door { good("mail_in_hook", &[("domain", domain)]) } else { doubt("mail_in_no_door", &[("domain", domain)]) });
    };
    let shown = folder.display().to_string();
    let there = ["new", "cur"].iter().all(|f| std::fs::read_dir(folder.join(f)).is_ok());
    Some(if there { good("mail_in", &[("domain", domain)]) } else { bad("maildir_missing", &[("folder", &shown)]) })
}
