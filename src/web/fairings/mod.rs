//! What happens to every request and every answer.

pub mod access;
pub mod gzip;
pub mod headers;
pub mod metrics;
