//! The server's secrets: one master key, from which all others are derived, and the ledger's signing key.
//! Files in `LOUYI_DATA/keys`, readable by their owner only, or given by the environment where several
//! machines share one database.

use std::path::Path;

use ed25519_dalek::SigningKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

use super::error::{Error, Result};

/// The server's keys. Never printed: `Debug` shows nothing.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
    ledger: SigningKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Reads `master` and `ledger` below the folder, making them at the first start; `given` values (64 hexadecimal
    /// digits each) come from the environment and go before files.
    pub fn open(folder: &Path, given_master: Option<&str>, given_ledger: Option<&str>) -> Result<Self> {
        let master = match given_master {
            Some(hex) => parse("LOUYI_MASTER_KEY", hex)?,
            None => file(&folder.join("master"))?,
        };
        let ledger = match given_ledger {
            Some(hex) => parse("LOUYI_LEDGER_KEY", hex)?,
            None => file(&folder.join("ledger"))?,
        };
        Ok(Self { master, ledger: SigningKey::from_bytes(&ledger) })
    }

    /// Fixed keys, for tests that compare whole ledgers.
    pub fn fixed(seed: u8) -> Self {
        Self { master: [seed; 32], ledger: SigningKey::from_bytes(&[seed ^ 0xff; 32]) }
    }

    /// The key that signs the public ledger's checkpoints.
    pub fn ledger(&self) -> &SigningKey {
        &self.ledger
    }

    /// HMAC-SHA256 of the parts under a key derived for one purpose; parts are length-prefixed, so that none runs into the next.
    pub fn derive(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.master).expect("HMAC takes keys of any length");
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// 32 random bytes in URL-safe base64: a session, a sign-in link.
pub fn token() -> String {
    use base64::Engine as _;
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// What the database keeps of a random token.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn parse(whence: &str, digits: &str) -> Result<[u8; 32]> {
    let bytes = hex::decode(digits.trim()).ok().and_then(|b| b.try_into().ok());
    bytes.ok_or_else(|| Error::broken(format!("{whence} does not hold a key of 64 hexadecimal digits")))
}

fn file(path: &Path) -> Result<[u8; 32]> {
    match std::fs::read_to_string(path) {
        Ok(text) => return parse(&path.display().to_string(), &text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        // A key that is there but cannot be read must not be made anew.
        Err(e) => return Err(Error::broken(format!("the key {} cannot be read: {e}", path.display()))),
    }
    let mut key = [0u8; 32];
    rand::rng().fill_bytes(&mut key);
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    // Written aside and linked into place: of two processes that start at once, one makes the key and both use it.
    let aside = path.with_extension(format!("part-{}", uuid::Uuid::new_v4().simple()));
    write_private(&aside, &hex::encode(key))?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Ok(()) => Ok(key),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => file(path),
        Err(e) => Err(e.into()),
    }
}

/// Makes a folder that only its owner may enter.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Writes a new file that only its owner may read, down to the disk.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut f = options.open(path)?;
    f.write_all(text.as_bytes())?;
    f.sync_all()
}
