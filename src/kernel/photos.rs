//! Photos that strangers send: looked at before they are decoded, turned upright, and stored only as re-encoded
//! JPEG, so that neither a place, nor a phone's serial number, nor a forged file survives.
//!
//! Everything here blocks and uses the processor (about a second for 12 megapixels): callers run it on a thread for
//! such work and limit how many run at a time, each taking up to [`Limits::memory`].

mod covering;
mod sniff;

pub use covering::{Grid, cover};

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, RgbImage};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;
use sha2::{Digest as _, Sha256};

/// Longest edge of the stored picture, in pixels.
pub const PICTURE_EDGE: u32 = 1600;
/// Longest edge of the small picture, in pixels.
pub const THUMB_EDGE: u32 = 320;
/// JPEG quality of both.
pub const QUALITY: u8 = 82;

/// What a picture may cost, tested before it is decoded.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Pixels, width × height.
    pub pixels: u64,
    /// Bytes of the decoded picture.
    pub memory: u64,
}

impl Default for Limits {
    /// 20 MiB, 50 megapixels, 256 MiB: more than a phone's largest ordinary picture.
    fn default() -> Self {
        Self { bytes: 20 << 20, pixels: 50_000_000, memory: 256 << 20 }
    }
}

/// One JPEG, ready to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// SHA-256 of `bytes`, 64 lower-case hexadecimal digits: the file's name and its entry in the ledger.
    pub sha256: String,
}

/// A photo in the two sizes that pages use. Small originals are not enlarged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    pub picture: Picture,
    pub thumb: Picture,
}

/// Why a photo was refused. The sentence for the sender is in the locales; what was typed is kept in any case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    /// Not a JPEG, PNG or WebP, whatever its name says.
    #[error("not a picture")]
    NotAPicture,
    /// More bytes than [`Limits::bytes`].
    #[error("{bytes} bytes, at most {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// More pixels than [`Limits::pixels`], or more memory than [`Limits::memory`]; found in the header, nothing was decoded.
    #[error("{width} × {height} pixels are too many")]
    TooManyPixels { width: u32, height: u32 },
    /// Cut off or damaged.
    #[error("broken: {0}")]
    Broken(String),
    /// HEIC or AVIF, which phones write unless told otherwise: the sender can set the camera to 兼容性最佳 / Most
    /// Compatible, or send a screenshot. `brand` is the file's four-letter kind.
    #[error("a picture of the kind {brand}, which is not supported")]
    Heic { brand: String },
}

/// Checks, decodes, turns upright, shrinks and re-encodes a picture. The kind is told by content alone.
///
/// # Errors
/// A [`PhotoFault`]; a fault in the decoder itself comes out as [`PhotoFault::Broken`].
pub fn prepare(bytes: &[u8], limits: Limits) -> Result<Prepared, PhotoFault> {
    if bytes.len() > limits.bytes {
        return Err(PhotoFault::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    sniff::picture(bytes)?;
    // A hostile file that trips the decoder is the sender's broken file, not the server's fault.
    catch_unwind(AssertUnwindSafe(|| decode(bytes, limits))).unwrap_or_else(|_| Err(PhotoFault::Broken("decoder".into()))).and_then(|upright| {
        let thumb = encode(&fit(&upright, THUMB_EDGE))?;
        Ok(Prepared { picture: encode(&upright)?, thumb })
    })
}

/// The same on a thread for such work, two at a time: there are two worker threads, and each picture takes memory.
///
/// # Errors
/// A [`PhotoFault`]; one of ours where the thread could not be had.
pub async fn prepare_in_turn(bytes: Vec<u8>, limits: Limits) -> super::error::Result<Result<Prepared, PhotoFault>> {
    in_turn(move || prepare(&bytes, limits)).await
}

/// [`cover`] in the same turns.
///
/// # Errors
/// As there.
pub async fn cover_in_turn(jpeg: Vec<u8>, squares: Vec<(u32, u32)>) -> super::error::Result<Result<Prepared, PhotoFault>> {
    in_turn(move || cover(&jpeg, &squares)).await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> super::error::Result<T> {
    static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));
    let broken = |e: &dyn std::error::Error| super::error::Error::broken(e.to_string());
    let turn = TURNS.clone().acquire_owned().await.map_err(|e| broken(&e))?;
    let work = spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    work.await.map_err(|e| broken(&e))
}

/// The picture, upright, no longer than [`PICTURE_EDGE`].
fn decode(bytes: &[u8], limits: Limits) -> Result<RgbImage, PhotoFault> {
    let broken = |e: ImageError| PhotoFault::Broken(e.to_string());
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PhotoFault::NotAPicture)?;
    let mut decoding = image::Limits::no_limits();
    // The picture itself and the decoder's own buffers.
    decoding.max_alloc = Some(limits.memory.saturating_mul(2));
    reader.limits(decoding);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    // The header tells; a bomb of a few kilobytes is refused here, before any memory is given to it.
    if u64::from(width) * u64::from(height) > limits.pixels || decoder.total_bytes() > limits.memory {
        return Err(PhotoFault::TooManyPixels { width, height });
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let full = DynamicImage::from_decoder(decoder).map_err(|e| match e {
        ImageError::Limits(_) => PhotoFault::TooManyPixels { width, height },
        other => broken(other),
    })?;
    // Shrunk first: turning fifty megapixels costs more than turning two.
    let mut small = if width.max(height) > PICTURE_EDGE { full.thumbnail(PICTURE_EDGE, PICTURE_EDGE) } else { full };
    small.apply_orientation(orientation);
    Ok(on_white(small))
}

/// Transparent parts become white; merely dropping the alpha channel would show what was hidden under them.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layered = picture.into_rgba8();
    RgbImage::from_fn(layered.width(), layered.height(), |x, y| {
        let [r, g, b, a] = layered.get_pixel(x, y).0.map(u16::from);
        image::Rgb([r, g, b].map(|c| ((c * a + 255 * (255 - a) + 127) / 255) as u8))
    })
}

fn fit(picture: &RgbImage, edge: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= edge {
        return picture.clone();
    }
    let scaled = |side: u32| ((u64::from(side) * u64::from(edge) + u64::from(longest) / 2) / u64::from(longest)).max(1) as u32;
    image::imageops::thumbnail(picture, scaled(width), scaled(height))
}

fn encode(picture: &RgbImage) -> Result<Picture, PhotoFault> {
    let mut bytes = Vec::with_capacity(picture.len() / 8);
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture).map_err(|e| PhotoFault::Broken(e.to_string()))?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    Ok(Picture { bytes, width: picture.width(), height: picture.height(), sha256 })
}
