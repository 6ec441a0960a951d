//! Photos that came with a form: each looked at, and what is wrong with one said at the field. The good ones are never
//! lost, whatever else is wrong with the form.

use super::sealed::{self, Kept, Shown};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::photos::{self, Limits, PhotoFault, Prepared};
use crate::web::caller::Caller;
use crate::web::sent::Sent;

/// Most photos of one form.
pub const AT_MOST: usize = 6;
/// The field of photos that are new.
pub const FIELD: &str = "photos";

/// What came.
#[derive(Default)]
pub struct Received {
    good: Vec<Prepared>,
    /// What is wrong, one refusal per bad photo.
    pub faults: Vec<Refusal>,
}

impl Received {
    /// Looks at the photos of a form: those that it brought before and sealed, then the new ones.
    pub async fn of(caller: &Caller, sent: &Sent<'_>) -> Result<Self> {
        let mut all = Self::default();
        for sealed in sent.all("kept").take(AT_MOST) {
            match Kept::read(caller, sealed) {
                Some(kept) => match kept.fetch(caller).await? {
                    Some(photo) if all.good.iter().any(|g| g.picture.sha256 == photo.picture.sha256) => {}
                    Some(photo) => all.good.push(photo),
                    None => all.faults.push(Refusal::new("photo_gone").at(FIELD)),
                },
                None => all.faults.push(Refusal::new("photo_gone").at(FIELD)),
            }
        }
        for (i, file) in sent.files(FIELD).enumerate() {
            if all.good.len() >= AT_MOST {
                all.faults.push(Refusal::new("photo_too_many").with("max", AT_MOST).at(FIELD));
                break;
            }
            let Some(bytes) = file.bytes.clone() else {
                all.faults.push(too_large(i));
                continue;
            };
            match photos::prepare_in_turn(bytes, Limits::default()).await? {
                Ok(photo) if all.good.iter().any(|g| g.picture.sha256 == photo.picture.sha256) => {}
                Ok(photo) => all.good.push(photo),
                Err(fault) => all.faults.push(refusal(i, &fault)),
            }
        }
        Ok(all)
    }

    /// The good ones, for the verb.
    pub fn good(&self) -> Vec<Prepared> {
        self.good.clone()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.good.is_empty()
    }

    /// Stores the good ones for the form that is shown again.
    pub async fn keep(self, caller: &Caller) -> Result<Vec<Shown>> {
        sealed::keep(caller, self.good).await
    }
}

fn too_large(i: usize) -> Refusal {
    Refusal::new("photo_too_large").with("nth", i + 1).with("max", Limits::default().bytes >> 20).at(FIELD)
}

fn refusal(i: usize, fault: &PhotoFault) -> Refusal {
    match fault {
        PhotoFault::NotAPicture => Refusal::new("photo_not_a_picture").with("nth", i + 1).at(FIELD),
        PhotoFault::TooLarge { .. } => too_large(i),
        PhotoFault::TooManyPixels { .. } => Refusal::new("photo_too_many_pixels").with("nth", i + 1).at(FIELD),
        PhotoFault::Broken(_) => Refusal::new("photo_broken").with("nth", i + 1).at(FIELD),
        PhotoFault::Heic { .. } => Refusal::new("photo_heic").with("nth", i + 1).at(FIELD),
    }
}
