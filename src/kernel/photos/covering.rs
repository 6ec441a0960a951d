//! Covering parts of a stored picture: solid squares, since what is only blurred can be guessed back.

use image::{ImageFormat, Rgb, RgbImage};

use super::{PhotoFault, Prepared, THUMB_EDGE, encode, fit};

/// The squares that a picture is divided into: so many that one covers a face in the crowd, so few that a thumb hits one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    pub columns: u32,
    pub rows: u32,
}

/// Squares along the longer side.
const LONG: u32 = 16;

impl Grid {
    /// For a picture of this many pixels.
    pub fn of(width: u32, height: u32) -> Self {
        let short = |a: u32, b: u32| ((LONG * a + b / 2) / b.max(1)).clamp(1, LONG);
        if width >= height { Self { columns: LONG, rows: short(height, width) } } else { Self { columns: short(width, height), rows: LONG } }
    }

    /// Whether it has this square, counted from the top left.
    pub fn has(self, (row, column): (u32, u32)) -> bool {
        row < self.rows && column < self.columns
    }
}

/// Asphalt, as the page's own ink.
const INK: Rgb<u8> = Rgb([0x14, 0x1c, 0x24]);

/// A copy with some squares covered, in both sizes. `jpeg` is one that was stored before. Blocks.
///
/// # Errors
/// [`PhotoFault::Broken`] where the stored picture cannot be read.
pub fn cover(jpeg: &[u8], squares: &[(u32, u32)]) -> Result<Prepared, PhotoFault> {
    let broken = |e: image::ImageError| PhotoFault::Broken(e.to_string());
    let mut picture: RgbImage = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).map_err(broken)?.into_rgb8();
    let (width, height) = picture.dimensions();
    let grid = Grid::of(width, height);
    let edge = |n: u32, of: u32, pixels: u32| (u64::from(n) * u64::from(pixels) / u64::from(of)) as u32;
    for (row, column) in squares.iter().copied().filter(|s| grid.has(*s)) {
        for y in edge(row, grid.rows, height)..edge(row + 1, grid.rows, height) {
            for x in edge(column, grid.columns, width)..edge(column + 1, grid.columns, width) {
                picture.put_pixel(x, y, INK);
            }
        }
    }
    Ok(Prepared { thumb: encode(&fit(&picture, THUMB_EDGE))?, picture: encode(&picture)? })
}
