//! Pictures that arrived with a form that failed: they are stored, and travel on in the form as a sealed name, so that
//! nobody has to take them twice. A seal holds on the device that sent the picture, and nowhere else.

use serde::Serialize;
use subtle::ConstantTimeEq as _;

use crate::kernel::act::Actor;
use crate::kernel::error::Result;
use crate::kernel::files;
use crate::kernel::photos::{Picture, Prepared};
use crate::web::caller::Caller;

/// The name of a stored picture, as it travels in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The picture's hash.
    pub picture: String,
    /// The small picture's hash.
    pub thumb: String,
    sizes: [u32; 4],
}

/// A kept picture as the form shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// What the form sends again.
    pub sealed: String,
    /// Where the small picture is, for this device only.
    pub src: String,
}

impl Kept {
    fn of(p: &Prepared) -> Self {
        Self {
            picture: p.picture.sha256.clone(),
            thumb: p.thumb.sha256.clone(),
            sizes: [p.picture.width, p.picture.height, p.thumb.width, p.thumb.height],
        }
    }

    fn plain(&self) -> String {
        let [a, b, c, d] = self.sizes;
        format!("{}:{}:{a}:{b}:{c}:{d}", self.picture, self.thumb)
    }

    /// With its seal.
    pub fn sealed(&self, caller: &Caller) -> String {
        let plain = self.plain();
        let seal = seal(caller, &plain);
        format!("{plain}:{seal}")
    }

    /// Reads what came back; none where the seal isn't this device's.
    pub fn read(caller: &Caller, sealed: &str) -> Option<Self> {
        let (plain, given) = sealed.rsplit_once(':')?;
        if !bool::from(seal(caller, plain).as_bytes().ct_eq(given.as_bytes())) {
            return None;
        }
        let mut parts = plain.split(':');
        let (picture, thumb) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let mut sizes = [0; 4];
        for size in &mut sizes {
            *size = parts.next()?.parse().ok()?;
        }
        Some(Self { picture, thumb, sizes })
    }

    /// The picture itself; none where it is no longer there.
    pub async fn fetch(&self, caller: &Caller) -> Result<Option<Prepared>> {
        let [width, height, thumb_width, thumb_height] = self.sizes;
        let picture = files::fetch(&caller.house, &self.picture).await?;
        let thumb = files::fetch(&caller.house, &self.thumb).await?;
        Ok(picture.zip(thumb).map(|(picture, thumb)| Prepared {
            picture: Picture { bytes: picture, width, height, sha256: self.picture.clone() },
            thumb: Picture { bytes: thumb, width: thumb_width, height: thumb_height, sha256: self.thumb.clone() },
        }))
    }
}

fn seal(caller: &Caller, plain: &str) -> String {
    hex::encode(&caller.house.keys().derive("kept-photo", &[&caller.device(), plain.as_bytes()])[..16])
}

/// Stores pictures at once, for the form that shows them again.
pub async fn keep(caller: &Caller, pictures: Vec<Prepared>) -> Result<Vec<Shown>> {
    if pictures.is_empty() {
        return Ok(vec![]);
    }
    let shown = pictures.iter().map(Kept::of).map(|k| k.sealed(caller)).map(|sealed| Shown { src: format!("/photos/kept/{sealed}"), sealed });
    let shown = shown.collect();
    let act = caller.house.act(Actor::Visitor).await?;
    for p in pictures {
        files::keep(&act, p.picture.bytes).await?;
        files::keep(&act, p.thumb.bytes).await?;
    }
    act.commit().await?;
    Ok(shown)
}
