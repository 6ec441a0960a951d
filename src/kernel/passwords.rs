//! Passwords: argon2id with its defaults (19 MiB, two passes), on a thread for such work, two at a time.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;

use super::error::{Error, Refusal, Result};

/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most: argon2 would take more, a request should not.
pub const LONGEST: usize = 200;

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// What nobody's password is compared with, so that an unknown account takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| Argon2::default().hash_password(&[0; 32]).map(|h| h.to_string()).unwrap_or_default());

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = TURNS.clone().acquire_owned().await.map_err(|e| Error::broken(e.to_string()))?;
    spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    })
    .await
    .map_err(|e| Error::broken(e.to_string()))
}

/// A password's hash to keep (a PHC string), or a refusal where it is too short or too long. Only its length is
/// asked: rules about signs and digits make passwords worse.
pub async fn hash(field: &'static str, password: &str) -> Result<String> {
    match password.chars().count() {
        0 => return Err(Refusal::new("empty").at(field).into()),
        n if n < SHORTEST => return Err(Refusal::new("too_short").with("min", SHORTEST).with("n", n).at(field).into()),
        n if n > LONGEST => return Err(Refusal::new("too_long").with("max", LONGEST).with("n", n).at(field).into()),
        _ => {}
    }
    let password = password.to_owned();
    in_turn(move || Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()))
        .await?
        .map_err(|e| Error::broken(format!("a password could not be hashed: {e}")))
}

/// Whether a password is the one that was kept. Takes its time also where none was.
pub async fn holds(password: &str, kept: Option<String>) -> Result<bool> {
    let password: String = password.chars().take(LONGEST).collect();
    in_turn(move || {
        // Asked in both cases: it is computed once, and that once must not tell an unknown account apart either.
        let nobody = NOBODY.as_str();
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| nobody.to_owned());
        let right = PasswordHash::new(&kept).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        known && right
    })
    .await
}
