//! When far more comes to a building than people there can send, each sending shows that a device worked for it: a number for
//! which SHA-256 of the form's key, a colon and it begins with sixteen zero bits, found by script while somebody writes. Without
//! script one waits, and presses once more. Nothing is dropped, and nobody is asked to read crooked letters.

use sha2::{Digest as _, Sha256};

use crate::domain::buildings::Building;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::limits::Limit;
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::sent::Sent;

/// So much to one building within ten minutes is no rush hour any more.
const CRUSH: Limit = Limit { what: "crush", minutes: 10, at_most: 150 };
/// Seconds after which a form may be sent again without work done for it, and for how long.
const WAIT: std::ops::RangeInclusive<i64> = 20..=3600;

/// Whether so much comes just now.
pub async fn now(caller: &Caller, building: &Building) -> Result<bool> {
    CRUSH.reached(&caller.house, building.id.0.as_bytes()).await
}

/// Counts one more; where it is one of too many, it must bring work done for it, or have waited.
pub async fn ask(caller: &Caller, building: &Building, sent: &Sent<'_>) -> Result<()> {
    match CRUSH.hit(&caller.house, building.id.0.as_bytes()).await {
        Err(Error::Refused(_)) => {}
        other => return other,
    }
    let key = sent.given("key").unwrap_or_default();
    if worked(key, sent.text("work")) || waited(caller, key, sent.text("waited")) {
        return Ok(());
    }
    Err(Refusal::new("crush").with("seconds", WAIT.start()).into())
}

/// Gives the form that comes back the mark of when it was sent first.
pub fn mark(caller: &Caller, form: &mut FormState) {
    let at = caller.house.now().timestamp();
    form.values.insert("waited".into(), format!("{at:x}.{}", seal(caller, &form.key, at)));
}

fn worked(key: &str, work: &str) -> bool {
    (1..=20).contains(&work.len()) && !key.is_empty() && Sha256::digest(format!("{key}:{work}")).starts_with(&[0, 0])
}

fn waited(caller: &Caller, key: &str, mark: &str) -> bool {
    let Some((at, sealed)) = mark.split_once('.') else { return false };
    let Ok(at) = i64::from_str_radix(at, 16) else { return false };
    let age = caller.house.now().timestamp().saturating_sub(at);
    WAIT.contains(&age) && subtle::ConstantTimeEq::ct_eq(seal(caller, key, at).as_bytes(), sealed.as_bytes()).into()
}

fn seal(caller: &Caller, key: &str, at: i64) -> String {
    hex::encode(&caller.house.keys().derive("crush", &[key.as_bytes(), &at.to_be_bytes()])[..16])
}
