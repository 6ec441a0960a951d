//! The sheet: slips to cut, each with its code, what it proves, and for whom its holder stays unknown. Shown once.

use serde::Serialize;

use crate::domain::buildings::Building;
use crate::domain::organisations::Organisation;
use crate::domain::slips::Batch;
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::qr;
use crate::web::answer::Answer;
use crate::web::assets;
use crate::web::caller::Caller;
use crate::web::dates;

#[derive(Serialize)]
struct Sheet {
    lang: &'static str,
    title: String,
    styles: Vec<String>,
    script: Option<String>,
    back: String,
    heading: String,
    words: String,
    slips: Vec<Slip>,
}

#[derive(Serialize)]
struct Slip {
    house: String,
    of: String,
    code: String,
    qr: String,
    /// What it proves, for whom one stays unknown, where it is redeemed: in both languages, whoever prints it.
    say: String,
    say_en: String,
}

/// The page to print.
pub fn print(caller: &Caller, building: &Building, of: &Organisation, batch: &Batch, codes: &[String]) -> Result<Answer> {
    let lang = caller.lang;
    let settings = caller.house.settings();
    let address = settings.address("/slip");
    // As people type it.
    let typed = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let say = |lang: Lang| {
        let end = dates::parse(&batch.valid_until).and_then(dates::end_of_day);
        let until = end.map(|at| dates::full_day(at - chrono::Duration::minutes(1), lang)).unwrap_or_default();
        lang.say("slips.sheet.say", &[("of", of.name(lang)), ("address", typed), ("until", &until)])
    };
    let mut slips = vec![];
    for code in codes {
        slips.push(Slip {
            house: building.name(Lang::Zh).to_owned(),
            of: of.name(Lang::Zh).to_owned(),
            qr: qr::svg(&format!("{address}/{code}")).map_err(|e| Error::broken(e.to_string()))?,
            code: code.clone(),
            say: say(Lang::Zh),
            say_en: say(Lang::En),
        });
    }
    let n = codes.len().to_string();
    let sheet = Sheet {
        lang: lang.tag(),
        title: lang.t("slips.sheet.title"),
        styles: assets::styles("pg-slips"),
        script: assets::address("js/louyi.js"),
        back: format!("/b/{}/slips?of={}", building.slug, of.slug),
        heading: lang.say("slips.sheet.heading", &[("n", &n), ("of", of.name(lang))]),
        words: lang.t("slips.sheet.once"),
        slips,
    };
    Ok(caller.bare("slips/sheet", &sheet)?.header("Cache-Control", "no-store"))
}
