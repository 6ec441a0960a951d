//! The words on pages: both languages whole, with the same keys and parameters, and none asked for that isn't there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use louyi::kernel::i18n::{Lang, parameters};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                below(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = vec![];
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    found.sort();
    found
}

/// The text literals that follow some opening in a source.
fn asked_for<'s>(source: &'s str, opening: &str) -> Vec<&'s str> {
    source.split(opening).skip(1).filter_map(|rest| rest.split('"').next()).filter(|key| key.contains('.') && !key.contains('{')).collect()
}

#[test]
fn every_file_can_be_read() {
    for path in files("locales", ".toml") {
        let text = std::fs::read_to_string(&path).expect("a text");
        if let Err(e) = text.parse::<toml::Table>() {
            panic!("{}: {e}", path.display());
        }
    }
}

#[test]
fn both_languages_have_every_key_with_the_same_parameters() {
    // A number that only chooses between singular and plural (`{n|day|days}`) is English's own affair.
    let said = |v: &str| parameters(v).into_iter().filter(|p| v.contains(&format!("{{{p}}}"))).collect::<Vec<_>>();
    let of = |lang: Lang| lang.words().iter().map(|(k, v)| (k.clone(), said(v))).collect::<BTreeMap<_, _>>();
    let (zh, en) = (of(Lang::Zh), of(Lang::En));
    let keys = |m: &BTreeMap<String, Vec<String>>| m.keys().cloned().collect::<BTreeSet<_>>();
    let (only_zh, only_en): (Vec<_>, Vec<_>) =
        (keys(&zh).difference(&keys(&en)).cloned().collect(), keys(&en).difference(&keys(&zh)).cloned().collect());
    assert!(only_zh.is_empty() && only_en.is_empty(), "only in Chinese: {only_zh:?}; only in English: {only_en:?}");
    let differ: Vec<_> = zh.iter().filter(|(k, p)| en.get(*k) != Some(p)).map(|(k, p)| (k, p, &en[k])).collect();
    assert!(differ.is_empty(), "parameters differ: {differ:#?}");
}

#[test]
fn no_page_asks_for_words_that_are_not_there() {
    let mut missing = BTreeSet::new();
    for path in files("templates", ".hbs") {
        let source = std::fs::read_to_string(&path).expect("a template");
        for key in ["{{t \"", "(t \""].iter().flat_map(|o| asked_for(&source, o)) {
            if !Lang::Zh.has(key) {
                missing.insert(format!("{}: {key}", path.display()));
            }
        }
    }
    for path in files("src", ".rs") {
        let source = std::fs::read_to_string(&path).expect("a source");
        for key in ["lang.t(\"", "lang.say(\"", ".saying(\""].iter().flat_map(|o| asked_for(&source, o)) {
            if !Lang::Zh.has(key) {
                missing.insert(format!("{}: {key}", path.display()));
            }
        }
        for key in source.split("Refusal::new(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !Lang::Zh.has(&format!("refusals.{key}")) {
                missing.insert(format!("{}: refusals.{key}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn headings_end_their_lines_after_a_phrase_and_never_within_a_date() {
    use louyi::web::shown::phrases;
    assert_eq!(phrases::of("打卡机挪三十米，电梯不挤了"), ["打卡机挪三十米，", "电梯不挤了"]);
    assert_eq!(phrases::first("打卡机挪三十米，电梯不挤了"), "打卡机挪三十米");
    assert_eq!(phrases::first(""), "");
    assert_eq!(
        phrases::set("该在11月2日 周一 24:00前，3号梯<b>&", Lang::Zh),
        r#"<span class="ph">该在<span class="nb">11月2日</span> <span class="nb">周一</span> 24:00前，</span><span class="ph">3号梯&lt;b&gt;&amp;</span>"#
    );
    assert_eq!(phrases::set("电梯", Lang::En), r#"<span class="ph" lang="zh-CN">电梯</span>"#);
}
