//! QR codes for posters, tickets and terminals. Level Q (a quarter of the code may be scratched off), four light
//! modules around it (ISO/IEC 18004): both are what a poster in a lift lobby needs.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder, QRCode};

/// Light modules on every side.
const QUIET: usize = 4;

/// More text than a code of level Q holds (1,663 bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are too many for a QR code")]
pub struct TooLong {
    /// Bytes of the text.
    pub bytes: usize,
}

/// A square SVG, one unit per module, black on white in light and dark mode alike; its size is the page's affair. It
/// is hidden from screen readers: the address always stands beside it in letters.
///
/// # Errors
/// [`TooLong`].
pub fn svg(text: &str) -> Result<String, TooLong> {
    let code = code(text)?;
    let side = code.size + 2 * QUIET;
    let mut path = String::with_capacity(code.size * code.size * 4);
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            // One rectangle per run of dark modules: a third of the bytes of one per module, and no hairlines between.
            let run = row[x..].iter().take_while(|module| module.value()).count();
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

/// Lines of half blocks, two rows of modules each, with colours set, so that it can be scanned off light and dark
/// terminals. Every line ends with a newline.
///
/// # Errors
/// [`TooLong`].
pub fn terminal(text: &str) -> Result<String, TooLong> {
    let code = code(text)?;
    let side = code.size + 2 * QUIET;
    let dark = |x: usize, y: usize| {
        let inside = QUIET..QUIET + code.size;
        inside.contains(&x) && inside.contains(&y) && code[y - QUIET][x - QUIET].value()
    };
    let mut lines = String::with_capacity(side * side * 2);
    for y in (0..side).step_by(2) {
        lines.push_str("\x1b[38;5;16;48;5;231m");
        lines.extend((0..side).map(|x| match (dark(x, y), dark(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        }));
        lines.push_str("\x1b[0m\n");
    }
    Ok(lines)
}

fn code(text: &str) -> Result<QRCode, TooLong> {
    QRBuilder::new(text).ecl(ECL::Q).build().map_err(|_| TooLong { bytes: text.len() })
}
