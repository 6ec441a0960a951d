//! Mail that comes in 来信: to a building's address it becomes a report, to a reporter's own address it adds to theirs. By
//! whichever door it comes, it is taken once; and what cannot be taken is answered where somebody waits for an answer.

mod kept;
mod place;
mod read;
mod receive;
mod taking;
mod threads;
mod trim;

pub use kept::{Incoming, counted, forget, refused};
pub use place::named as place_named;
pub use read::{BYTES_MAX, Mail, Unreadable, read, read_head};
pub use receive::{Taken, receive, receive_beginning};
pub use threads::{address_of, thread_of};
pub use trim::{own_subject, own_words};

/// Days for which a mail that was taken lies in its Maildir.
pub const SEEN_DAYS: i64 = 7;

vocabulary! {
    /// By which door a mail came.
    Door { Hook = "hook", Maildir = "maildir" }
}

vocabulary! {
    /// What became of a mail.
    Outcome {
        /// It opened a matter.
        Filed = "filed",
        /// It was added to a report.
        Added = "added",
        /// A machine wrote it, and it says nothing of a building.
        Ignored = "ignored",
        /// It could not be taken; the reason says why.
        Refused = "refused",
    }
}
