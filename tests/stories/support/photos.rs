//! Pictures for the stories, drawn by code.

use louyi::kernel::photos::{Limits, Prepared, prepare};

/// A picture of its own for each shade.
pub fn photo(shade: u8) -> Prepared {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([shade.wrapping_mul(37), (x * 3) as u8, (y * 5) as u8]));
    let mut png = std::io::Cursor::new(vec![]);
    picture.write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    prepare(png.get_ref(), Limits::default()).expect("prepared")
}
