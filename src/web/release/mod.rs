//! Release 审读: what visitors wrote becomes public when the secretary or an editor says so, as written or as a summary;
//! photographs one by one; the matter itself with a title and a summary.

mod matter;
mod photos;
mod queue;
mod words;

use rocket::Route;

use crate::domain::reports::Release;
use crate::kernel::i18n::Lang;
use crate::web::shown::states::State;

/// Mounted at `/b`.
pub(super) fn routes() -> Vec<Route> {
    [queue::routes(), matter::routes(), words::routes(), photos::routes()].concat()
}

/// Where words are on their way to the public, as mark and word.
pub fn state(release: Release, lang: Lang) -> State {
    let (mark, class) = match release {
        Release::Waiting => ("reg", ""),
        Release::AsWritten | Release::Summary => ("eye", ""),
        Release::Withheld => ("lock", "dim"),
        Release::Nothing => ("off", "gone"),
    };
    State { mark, word: lang.t(&format!("release.states.{}", release.as_str())).into(), class }
}
