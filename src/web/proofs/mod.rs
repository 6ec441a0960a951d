//! Proofs 证明在这儿上班: what is proven and to whom one stays unknown, asking for a token, and spending it with a report.

mod explained;
mod receipt;
mod tokens;

use rocket::Route;

/// Mounted at `/`.
pub(super) fn routes() -> Vec<Route> {
    [explained::routes(), receipt::routes(), tokens::routes()].concat()
}
