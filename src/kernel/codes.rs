//! Short codes for paper: eight signs of 32 that nobody confuses, 40 bits, and a check sign.

/// 32 signs without 0 O 1 I.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The code of 40 bits: four signs, four signs and one.
pub fn of(bytes: [u8; 5]) -> String {
    let bits = bytes.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
    let signs: Vec<usize> = (0..8).map(|i| (bits >> (35 - 5 * i)) as usize & 31).collect();
    let letters: String = signs.iter().map(|s| SIGNS[*s] as char).collect();
    format!("{}-{}-{}", &letters[..4], &letters[4..], check(&signs))
}

/// As many check signs as signs: each place has its own weight in the field of 32 elements, a power of the same
/// element, so that every single wrong sign and every swap of neighbours is found.
fn check(signs: &[usize]) -> char {
    // Times x, modulo x⁵ + x² + 1.
    let times = |a: usize| if a & 16 == 0 { a << 1 } else { (a << 1) ^ 0b10_0101 };
    SIGNS[signs.iter().fold(0, |sum, sign| times(sum ^ sign))] as char
}

/// The code as typed, brought to its normal form; none where it cannot be one (a slip of the finger, mostly).
pub fn normal(typed: &str) -> Option<String> {
    let plain = plain(typed);
    let signs: Vec<usize> = plain.bytes().map(|b| SIGNS.iter().position(|s| *s == b)).collect::<Option<_>>()?;
    let (last, body) = signs.split_last()?;
    (body.len() == 8 && SIGNS[*last] as char == check(body)).then(|| format!("{}-{}-{}", &plain[..4], &plain[4..8], &plain[8..]))
}

/// How many signs of a code somebody typed: a whole one has nine.
pub fn signs(typed: &str) -> usize {
    plain(typed).len()
}

/// Letters and digits alone; a Chinese keyboard may give full-width ones.
fn plain(typed: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    typed.chars().map(narrow).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
