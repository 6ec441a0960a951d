//! Covering faces and number plates: squares over the picture, each a box to tick; script lets a finger draw over them.

use serde::Serialize;

use crate::domain::attachments::Attachment;
use crate::kernel::error::{Error, Refusal, Result};
use crate::kernel::files;
use crate::kernel::photos::{self, Grid, Prepared};
use crate::web::caller::Caller;
use crate::web::form::FormState;
use crate::web::sent::Sent;

/// The picture under its squares. In templates: `{{> photos/covering}}`.
#[derive(Serialize)]
pub struct Covering {
    src: String,
    rows: Vec<Vec<Square>>,
    covered: bool,
}

#[derive(Serialize)]
struct Square {
    value: String,
    label: String,
    ticked: bool,
}

impl Covering {
    /// Over a picture that is at `src`, with what was ticked before.
    pub fn of(caller: &Caller, picture: &Attachment, src: String, form: &FormState) -> Self {
        let grid = Grid::of(picture.width.unsigned_abs(), picture.height.unsigned_abs());
        let ticked = form.values.get("square").map(String::as_str).unwrap_or_default();
        let square = |row: u32, column: u32| {
            let value = format!("{row}-{column}");
            let at = [("row", (row + 1).to_string()), ("column", (column + 1).to_string())];
            let with: Vec<(&str, &str)> = at.iter().map(|(k, v)| (*k, v.as_str())).collect();
            Square { label: caller.lang.say("photos.square", &with), ticked: ticked == value, value }
        };
        let rows = (0..grid.rows).map(|row| (0..grid.columns).map(|column| square(row, column)).collect()).collect();
        Self { src, rows, covered: picture.covered_at.is_some() }
    }
}

/// The copy that a form asks for.
pub async fn covered(caller: &Caller, picture: &Attachment, sent: &Sent<'_>) -> Result<Prepared> {
    let square = |typed: &str| typed.split_once('-').and_then(|(row, column)| Some((row.parse().ok()?, column.parse().ok()?)));
    let grid = Grid::of(picture.width.unsigned_abs(), picture.height.unsigned_abs());
    let squares: Vec<(u32, u32)> = sent.all("square").filter_map(square).filter(|s| grid.has(*s)).collect();
    if squares.is_empty() {
        return Err(Refusal::new("empty").at("square").into());
    }
    let bytes = files::fetch(&caller.house, &picture.hash).await?.ok_or(Error::NotFound)?;
    photos::cover_in_turn(bytes, squares).await?.map_err(|e| Error::broken(e.to_string()))
}
