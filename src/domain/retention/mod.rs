//! What is kept about people, why, for how long, and who can read it: one table. The page `/privacy` is written from it, and
//! the nightly clean-up does what it says (Personal Information Protection Law, art. 19 and 47).

mod cleaning;

pub use cleaning::{Cleaning, HOUR, tonight};

use crate::kernel::outbox;

/// Days after closing for which it is kept how to reach a reporter.
pub const CONTACT_DAYS: i64 = 90;
/// Days after closing for which a reporter's photo is kept that was not released.
pub const PHOTO_DAYS: i64 = 365;
/// Days after a meeting for which it is kept why somebody did not come, and which guests spoke.
pub const MEETING_DAYS: i64 = 90;

/// How long something is kept. The words are in `locales/*/pages.toml` below `privacy.span`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// So many days after the matter has closed, or the report was withdrawn; sooner where its reporter asks.
    AfterClosing(i64),
    /// The same, but kept as part of a number that was told: see `reports::forget_contact`.
    AfterClosingUnlessMany(i64),
    /// So many days after what it is about has passed.
    After(i64),
    /// Until whom it is about asks.
    UntilAsked,
    /// Until it ends; so many days where it never began.
    UntilEnded(i64),
    /// Until they leave their last role.
    UntilLeft,
    /// For good.
    ForGood,
    /// In files of the operator's, in which nobody can be found.
    OfNobody,
}

impl Long {
    /// Its sentence's key below `pages.privacy.span`, and its number.
    pub fn words(self) -> (&'static str, i64) {
        match self {
            Long::AfterClosing(n) => ("after_closing", n),
            Long::AfterClosingUnlessMany(n) => ("after_closing_unless_many", n),
            Long::After(n) => ("after", n),
            Long::UntilAsked => ("until_asked", 0),
            Long::UntilEnded(n) => ("until_ended", n),
            Long::UntilLeft => ("until_left", 0),
            Long::ForGood => ("for_good", 0),
            Long::OfNobody => ("of_nobody", 0),
        }
    }
}

/// One kind of thing that is kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// What it is, why, who reads it: `pages.privacy.row.{key}.what`, `.why`, `.who`.
    pub key: &'static str,
    /// The article of the Personal Information Protection Law on which it rests.
    pub article: u8,
    pub long: Long,
    /// Which clean-up takes it away; none where only somebody's wish does, or nothing.
    pub cleaning: Option<Cleaning>,
}

const fn kept(key: &'static str, article: u8, long: Long, cleaning: Option<Cleaning>) -> Kept {
    Kept { key, article, long, cleaning }
}

/// Everything that is kept about people.
pub const KEPT: &[Kept] = &[
    kept("words", 13, Long::UntilAsked, None),
    kept("appeal", 13, Long::UntilAsked, None),
    kept("contact", 13, Long::AfterClosing(CONTACT_DAYS), Some(Cleaning::Contact)),
    kept("organisation", 13, Long::AfterClosingUnlessMany(CONTACT_DAYS), Some(Cleaning::Contact)),
    kept("photo", 28, Long::AfterClosing(PHOTO_DAYS), Some(Cleaning::Photos)),
    kept("device", 6, Long::AfterClosing(CONTACT_DAYS), Some(Cleaning::Contact)),
    kept("subscription", 13, Long::UntilEnded(crate::domain::subscriptions::CONFIRM_DAYS), Some(Cleaning::Subscriptions)),
    kept("slip", 13, Long::After(crate::domain::slips::KEPT_DAYS), Some(Cleaning::Proofs)),
    kept("token", 13, Long::AfterClosing(CONTACT_DAYS), Some(Cleaning::Proofs)),
    kept("proof", 13, Long::UntilAsked, None),
    kept("mail", 13, Long::After(crate::domain::incoming::SEEN_DAYS), Some(Cleaning::Letters)),
    kept("draft", 13, Long::After(crate::domain::drafts::KEPT_DAYS), Some(Cleaning::Letters)),
    kept("import", 13, Long::After(crate::domain::imports::FILE_DAYS), Some(Cleaning::Letters)),
    kept("apology", 13, Long::After(MEETING_DAYS), Some(Cleaning::Letters)),
    kept("guest", 13, Long::After(MEETING_DAYS), Some(Cleaning::Letters)),
    kept("letter", 19, Long::After(outbox::KEPT_DAYS), Some(Cleaning::Letters)),
    kept("owner_name", 13, Long::UntilAsked, None),
    kept("account", 13, Long::UntilLeft, None),
    kept("session", 51, Long::After(crate::domain::sessions::OVER_DAYS), Some(Cleaning::Sessions)),
    kept("limit", 51, Long::After(crate::kernel::limits::KEPT_DAYS), Some(Cleaning::Limits)),
    kept("journal", 51, Long::ForGood, None),
    kept("log", 51, Long::OfNobody, None),
];
