//! What becomes of photos that strangers send.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use louyi::kernel::photos::{self, Limits, PhotoFault, Prepared};

/// Red on the left half, blue on the right.
pub fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

pub fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = vec![];
    picture.into().write_to(&mut Cursor::new(&mut bytes), format).expect("an encodable picture");
    bytes
}

/// The JPEG with an APP1 segment behind its start: orientation, and a GPS position in Shanghai.
pub fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry =
        |tag: u16, kind: u16, count: u32, value: [u8; 4]| [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat();
    let [low, high] = orientation.to_le_bytes();
    // Directory 0 at 8: orientation, and the pointer to the GPS directory at 38.
    tiff.extend(2u16.to_le_bytes());
    tiff.extend(entry(0x0112, 3, 1, [low, high, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, 38u32.to_le_bytes()));
    tiff.extend(0u32.to_le_bytes());
    assert_eq!(tiff.len(), 38);
    tiff.extend(2u16.to_le_bytes());
    tiff.extend(entry(0x0001, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(0x0002, 5, 3, 68u32.to_le_bytes()));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend([31u32, 1, 13, 1, 48, 1].iter().flat_map(|n| n.to_le_bytes()));
    tiff.extend(b"GPS-MAP-DATUM WGS-84");
    let length = (2 + 6 + tiff.len()) as u16;
    [&jpeg[..2], &[0xff, 0xe1], &length.to_be_bytes(), b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}

fn prepared(bytes: &[u8]) -> Prepared {
    photos::prepare(bytes, Limits::default()).expect("a good photo")
}

fn fault(bytes: &[u8]) -> PhotoFault {
    photos::prepare(bytes, Limits::default()).expect_err("not a good photo")
}

fn pixel(jpeg: &[u8], x: u32, y: u32) -> [u8; 3] {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).expect("a JPEG").into_rgb8().get_pixel(x, y).0
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_phone_photo_is_turned_upright_and_forgets_where_it_was_taken() {
    let sent = with_exif(&written(halves(2000, 1000), ImageFormat::Jpeg), 6);
    assert!(holds(&sent, b"Exif") && holds(&sent, b"GPS"));
    let photo = prepared(&sent);
    // Orientation 6: to be turned by a quarter clockwise, so left becomes top.
    assert_eq!((photo.picture.width, photo.picture.height), (800, 1600));
    let [r, _, b] = pixel(&photo.picture.bytes, 400, 100);
    assert!(r > 180 && b < 80, "red is on top");
    let [r, _, b] = pixel(&photo.picture.bytes, 400, 1500);
    assert!(b > 180 && r < 80, "blue is below");
    assert_eq!((photo.thumb.width, photo.thumb.height), (160, 320));
    for picture in [&photo.picture, &photo.thumb] {
        assert!(picture.bytes.starts_with(&[0xff, 0xd8, 0xff]));
        for word in [&b"Exif"[..], b"GPS", b"WGS", b"ICC_PROFILE", b"http"] {
            assert!(!holds(&picture.bytes, word));
        }
        assert_eq!(picture.sha256.len(), 64);
    }
    assert_ne!(photo.picture.sha256, photo.thumb.sha256);
    assert_eq!(photo, prepared(&sent), "the same photo has the same name");
}

#[test]
fn every_orientation() {
    for (orientation, red_at) in [(1, (4, 8)), (2, (28, 8)), (3, (28, 8)), (4, (4, 8)), (5, (8, 4)), (6, (8, 4)), (7, (8, 28)), (8, (8, 28))] {
        let photo = prepared(&with_exif(&written(halves(32, 16), ImageFormat::Jpeg), orientation));
        let upright = if orientation < 5 { (32, 16) } else { (16, 32) };
        assert_eq!((photo.picture.width, photo.picture.height), upright, "{orientation}");
        let [r, _, b] = pixel(&photo.picture.bytes, red_at.0, red_at.1);
        assert!(r > 150 && b < 100, "{orientation}");
    }
}

#[test]
fn small_pictures_are_not_enlarged() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let photo = prepared(&written(halves(100, 60), format));
        assert_eq!((photo.picture.width, photo.picture.height, photo.thumb.width), (100, 60, 100), "{format:?}");
    }
    let line = prepared(&written(halves(4000, 1), ImageFormat::Png));
    assert_eq!((line.picture.width, line.picture.height, line.thumb.height), (1600, 1, 1));
}

#[test]
fn what_was_transparent_is_white() {
    let hidden = RgbaImage::from_pixel(20, 20, image::Rgba([200, 0, 0, 0]));
    let photo = prepared(&written(hidden, ImageFormat::Png));
    assert!(pixel(&photo.picture.bytes, 10, 10).iter().all(|c| *c > 250));
}

#[test]
fn other_files_are_not_pictures() {
    assert_eq!(fault("电梯等了半小时。这其实是文字。".as_bytes()), PhotoFault::NotAPicture);
    assert_eq!(fault(b""), PhotoFault::NotAPicture);
    assert_eq!(fault(b"GIF89a\x01\0\x01\0"), PhotoFault::NotAPicture);
    assert_eq!(fault(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), PhotoFault::NotAPicture);
    assert_eq!(fault(b"\0\0\0\x18ftypisom\0\0\0\0"), PhotoFault::NotAPicture);
    assert_eq!(fault(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), PhotoFault::Heic { brand: "heic".into() });
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    // A PNG of 60,000 × 60,000 pixels in a few bytes; its checksums are right, so that only the size can be the reason.
    let mut ihdr = b"IHDR".to_vec();
    ihdr.extend(60_000u32.to_be_bytes());
    ihdr.extend(60_000u32.to_be_bytes());
    ihdr.extend([8, 2, 0, 0, 0]);
    let chunk = |data: &[u8]| [&(data.len() as u32 - 4).to_be_bytes()[..], data, &crc(data).to_be_bytes()].concat();
    let bomb = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(&ihdr), &chunk(b"IDAT\x78\x9c"), &chunk(b"IEND")].concat();
    assert_eq!(fault(&bomb), PhotoFault::TooManyPixels { width: 60_000, height: 60_000 });

    // The same trick with a JPEG: the height in its frame header is a claim.
    let mut jpeg = written(halves(64, 64), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(fault(&jpeg), PhotoFault::TooManyPixels { width: 65_535, height: 65_535 });
}

/// CRC-32 as PNG wants it, bit by bit.
fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 }))
}

#[test]
fn limits_are_the_callers() {
    let sent = written(halves(100, 60), ImageFormat::Jpeg);
    let few = |limits: Limits| photos::prepare(&sent, limits).expect_err("over the limit");
    assert_eq!(few(Limits { bytes: 100, ..Limits::default() }), PhotoFault::TooLarge { bytes: sent.len(), limit: 100 });
    let too_many = PhotoFault::TooManyPixels { width: 100, height: 60 };
    assert_eq!(few(Limits { pixels: 5_999, ..Limits::default() }), too_many);
    assert_eq!(few(Limits { memory: 17_999, ..Limits::default() }), too_many);
}

#[test]
fn a_photo_cut_off_or_scribbled_over_is_broken() {
    let whole = with_exif(&written(halves(400, 300), ImageFormat::Jpeg), 1);
    for kept in [3, 20, 200, whole.len() / 2, whole.len() - 2] {
        assert!(matches!(fault(&whole[..kept]), PhotoFault::Broken(_)), "{kept} bytes of {}", whole.len());
    }
    let png = written(halves(400, 300), ImageFormat::Png);
    assert!(matches!(fault(&png[..png.len() / 2]), PhotoFault::Broken(_)));
    let webp = written(halves(400, 300), ImageFormat::WebP);
    assert!(matches!(fault(&webp[..webp.len() / 2]), PhotoFault::Broken(_)));
    // Some phones append more behind the end of the picture.
    assert_eq!(prepared(&[&whole[..], b"SEFT trailer of a phone"].concat()), prepared(&whole));
}

#[test]
fn scribbles_never_panic() {
    let whole = with_exif(&written(halves(64, 48), ImageFormat::Jpeg), 6);
    for at in 0..whole.len() {
        let mut scribbled = whole.clone();
        scribbled[at] ^= 0xa5;
        let limits = Limits { pixels: 100_000, ..Limits::default() };
        let _ = photos::prepare(&scribbled, limits);
    }
}
