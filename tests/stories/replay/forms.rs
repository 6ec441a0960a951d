//! Filling in a form as it stands on a page: only fields that are there, only choices that are offered.

use rocket::http::Status;
use scraper::{ElementRef, Html, Selector};

use crate::support::browser::{Chosen, Page, Reader};

/// Fields as somebody fills them in.
pub type Fields = Vec<(&'static str, String)>;

/// Opens a page, fills in its form for an address, and sends it; gives where it leads. The form must be there, with every
/// field that is filled in, and what is chosen must be among the choices.
pub async fn does(who: &Reader<'_>, page: &str, action: &str, fields: Fields, photos: &[Vec<u8>]) -> String {
    let there = who.reads(page).await;
    let sent = filled(&there, action, &fields)
        .unwrap_or_else(|| panic!("{page} has no form for {action} with {fields:?}; it has {:?}\n{}", there.forms(), there.text()));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = if photos.is_empty() {
        who.posts(action, &sent).await
    } else {
        let files: Vec<Chosen<'_>> = photos.iter().map(|bytes| Chosen { field: "photos", name: "photo.png", bytes }).collect();
        who.uploads(action, &sent, &files).await
    };
    assert_eq!(answer.status, Status::SeeOther, "{action} with {fields:?}: {}", answer.text());
    answer.location.expect("a next page")
}

/// What the first fitting form for an address would send. Only the forms are parsed: some pages have dozens beside it.
fn filled(page: &Page, action: &str, fields: &Fields) -> Option<Vec<(String, String)>> {
    let here = format!("action=\"{action}\"");
    let forms = page.body.split("<form").skip(1).filter_map(|f| f.split_once("</form>")).map(|(f, _)| f);
    let to = forms.filter(|f| f.split('>').next().is_some_and(|tag| tag.contains(&here)));
    to.map(|f| Html::parse_fragment(&format!("<form{f}</form>"))).find_map(|html| {
        let form = html.select(&css("form")).next().filter(|form| fields.iter().all(|(n, v)| takes(*form, n, v)))?;
        let mut sent: Vec<(String, String)> = as_it_stands(form).into_iter().filter(|(n, _)| fields.iter().all(|(f, _)| f != n)).collect();
        sent.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())));
        Some(sent)
    })
}

fn css(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

/// Whether a form lets somebody give this value to a field.
fn takes(form: ElementRef<'_>, name: &str, value: &str) -> bool {
    form.select(&css(&format!("[name=\"{name}\"]"))).any(|field| match (field.value().name(), field.value().attr("type")) {
        ("textarea", _) => true,
        ("select", _) => field.select(&css("option")).any(|o| o.value().attr("value") == Some(value)),
        ("button", _) | ("input", Some("radio" | "checkbox" | "hidden" | "submit")) => field.value().attr("value").unwrap_or_default() == value,
        _ => true,
    })
}

/// What a form sends as it stands on the page.
fn as_it_stands(form: ElementRef<'_>) -> Vec<(String, String)> {
    let mut out = vec![];
    for field in form.select(&css("input, textarea, select")) {
        let Some(name) = field.value().attr("name") else { continue };
        let value = match (field.value().name(), field.value().attr("type")) {
            ("input", Some("radio" | "checkbox")) if field.value().attr("checked").is_none() => continue,
            ("input", Some("file")) => continue,
            ("input", _) => field.value().attr("value").unwrap_or_default().to_owned(),
            ("select", _) => {
                let all = css("option");
                let chosen = field.select(&all).find(|o| o.value().attr("selected").is_some()).or(field.select(&all).next());
                chosen.and_then(|o| o.value().attr("value")).unwrap_or_default().to_owned()
            }
            _ => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
        };
        out.push((name.to_owned(), value));
    }
    out
}
