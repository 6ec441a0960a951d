//! What a file is, by its bytes. Names and content types are claims of the sender.

use super::PhotoFault;

/// Passes a whole JPEG, PNG or WebP.
pub(super) fn picture(bytes: &[u8]) -> Result<(), PhotoFault> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] if jpeg_ends(bytes) => Ok(()),
        // The decoder fills what is missing with grey; a half picture of a fault is no proof of it.
        [0xff, 0xd8, 0xff, ..] => Err(PhotoFault::Broken("the JPEG is cut off".into())),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(()),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(()),
        [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => Err(match &[*a, *b, *c, *d] {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" | b"avif" | b"avis" => {
                PhotoFault::Heic { brand: [a, b, c, d].map(|byte| char::from(*byte)).iter().collect() }
            }
            _ => PhotoFault::NotAPicture, // a film
        }),
        _ => Err(PhotoFault::NotAPicture),
    }
}

/// Is there an end-of-image mark after the start of the pixel data? Marks inside the header do not count (an embedded
/// preview has its own), and some phones put more behind the end.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        match bytes.get(at..at + 4) {
            Some([0xff, 0xda, ..]) => return bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]),
            Some([0xff, 0xff, ..]) => at += 1, // fill bytes before a mark
            Some([0xff, mark, high, low]) if *mark != 0 => at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2),
            _ => return false,
        }
    }
}
