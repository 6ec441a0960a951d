//! The second entrance: time.
