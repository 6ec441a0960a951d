//! Files that people send as photos.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A JPEG as a phone would take it.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    written(RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90])), ImageFormat::Jpeg)
}

fn written(picture: RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = vec![];
    DynamicImage::from(picture).write_to(&mut Cursor::new(&mut bytes), format).expect("an encodable picture");
    bytes
}

/// A PNG of a few hundred bytes whose header promises 30,000 × 30,000 pixels.
pub fn bomb() -> Vec<u8> {
    let mut png = written(RgbImage::new(1, 1), ImageFormat::Png);
    // The header's chunk: length, "IHDR", width, height, five bytes, checksum.
    png[16..20].copy_from_slice(&30_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&30_000u32.to_be_bytes());
    let crc = crc(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, b| (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 }))
}

/// A whole JPEG, made longer behind its end until it has this many bytes.
pub fn of_bytes(bytes: usize) -> Vec<u8> {
    let mut photo = jpeg(40, 30);
    photo.resize(bytes, 0);
    photo
}

/// The first bytes of what an iPhone writes unless told otherwise.
pub fn heic() -> Vec<u8> {
    [&[0, 0, 0, 24][..], b"ftypheic", &[0; 200]].concat()
}
