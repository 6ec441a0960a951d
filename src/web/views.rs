//! Pages from templates: one registry per language, strict, layout in a second step. The Chinese one is read at the start, the
//! English one when it is first asked for.

use std::sync::{Arc, OnceLock};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender as _, Output, RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use rust_embed::RustEmbed;
use serde::Serialize;

use super::assets;
use super::shown::{original, phrases};
use crate::kernel::error::{Error, Result};
use crate::kernel::i18n::Lang;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates"]
struct Templates;

/// Every template, in both languages; English is registered when it is first asked for.
pub struct Views {
    zh: Handlebars<'static>,
    en: OnceLock<Handlebars<'static>>,
}

impl Views {
    /// Registers all templates. A broken one stops the start; the English ones are of the same source.
    pub fn new() -> Result<Self> {
        Ok(Self { zh: registry(Lang::Zh)?, en: OnceLock::new() })
    }

    /// The same, registered once in a process, however many servers it builds.
    pub fn shared() -> Result<Arc<Self>> {
        static ONCE: OnceLock<Arc<Views>> = OnceLock::new();
        if let Some(views) = ONCE.get() {
            return Ok(views.clone());
        }
        let views = Arc::new(Self::new()?);
        Ok(ONCE.get_or_init(|| views).clone())
    }

    /// Renders one template.
    pub fn render(&self, lang: Lang, name: &str, context: &impl Serialize) -> Result<String> {
        self.of(lang)?.render(name, context).map_err(|e| Error::broken(format!("{name}: {e}")))
    }

    /// The names of all templates, for the test that renders each.
    pub fn names(&self) -> Vec<String> {
        self.zh.get_templates().keys().cloned().collect()
    }

    fn of(&self, lang: Lang) -> Result<&Handlebars<'static>> {
        match (lang, self.en.get()) {
            (Lang::Zh, _) => Ok(&self.zh),
            (Lang::En, Some(en)) => Ok(en),
            (Lang::En, None) => {
                let en = registry(Lang::En)?;
                Ok(self.en.get_or_init(|| en))
            }
        }
    }
}

fn registry(lang: Lang) -> Result<Handlebars<'static>> {
    let mut hb = Handlebars::new();
    hb.set_strict_mode(true);
    hb.register_helper("t", Box::new(Text(lang)));
    hb.register_helper("mark", Box::new(Mark));
    hb.register_helper("phrases", Box::new(Phrases(lang)));
    hb.register_helper("said", Box::new(Said));
    hb.register_helper("zh", Box::new(Zh(lang)));
    hb.register_helper("asset", Box::new(Asset));
    hb.register_helper("val", Box::new(Lookup("values")));
    hb.register_helper("err", Box::new(Lookup("errors")));
    hb.register_helper("only", Box::new(Only));
    hb.register_helper("eq", Box::new(Equal));
    for path in Templates::iter() {
        let Some(file) = Templates::get(&path) else { continue };
        let name = path.trim_end_matches(".hbs").trim_end_matches(".html");
        let text = settled(&String::from_utf8_lossy(&file.data), lang);
        hb.register_template_string(name, text).map_err(|e| Error::broken(e.to_string()))?;
    }
    Ok(hb)
}

/// The template with everything filled in that is the same on every page of a language: `{{t "…"}}` without parameters,
/// `{{mark "…"}}`, `{{asset "…"}}`. Nine of ten helpers are such, and need not be called for each page. On English pages what is
/// said between tags goes through `said`, so that what is still Chinese there says that it is.
fn settled(template: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    let mut place = Place::default();
    while let Some(open) = rest.find("{{") {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        place.after(before);
        rest = from;
        let Some(close) = from.find("}}") else { break };
        let (tag, after) = from.split_at(close + 2);
        match constant(&tag[2..close], lang) {
            // What Handlebars would read as its own stays as it is.
            Some(text) if !before.ends_with(['\\', '{']) && !text.contains(['\\', '{']) => out.push_str(&text),
            _ => match said(&tag[2..close]) {
                Some(said) if lang == Lang::En && place.takes_markup() => out.push_str(&said),
                _ => out.push_str(tag),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where in the page a tag stands: inside another tag, or in which element's text.
#[derive(Default)]
struct Place<'t> {
    in_tag: bool,
    element: &'t str,
}

impl<'t> Place<'t> {
    fn after(&mut self, text: &'t str) {
        for (at, c) in text.char_indices() {
            match c {
                '<' => {
                    self.in_tag = true;
                    let name = &text[at + 1..];
                    self.element = &name[..name.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(name.len())];
                }
                '>' => self.in_tag = false,
                _ => {}
            }
        }
    }

    /// Attributes do not, nor do the elements that hold text alone.
    fn takes_markup(&self) -> bool {
        !self.in_tag && !["title", "option", "textarea", "script", "style"].contains(&self.element)
    }
}

/// The tag that says the same and marks its Chinese: a value, a text with values in it, or what is wrong with a field.
fn said(tag: &str) -> Option<String> {
    let value = tag != "else" && tag.starts_with(|c: char| c.is_ascii_alphabetic() || "@.".contains(c)) && !tag.contains(char::is_whitespace);
    if value {
        return Some(format!("{{{{said {tag}}}}}"));
    }
    (tag.starts_with("t ") || tag.starts_with("err ")).then(|| format!("{{{{said ({tag})}}}}"))
}

/// What a tag says on every page, if it does.
fn constant(tag: &str, lang: Lang) -> Option<String> {
    let (helper, word) = tag.split_once(' ')?;
    let word = word.strip_prefix('"')?.strip_suffix('"').filter(|w| !w.contains('"'))?;
    match helper {
        "t" => lang.words().contains_key(word).then(|| handlebars::html_escape(&lang.t(word))),
        "mark" => Some(mark(word, "")),
        "asset" => assets::address(word),
        _ => None,
    }
}

fn mark(id: &str, class: &str) -> String {
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let space = if class.is_empty() { "" } else { " " };
    format!(r#"<svg class="mark{space}{class}" aria-hidden="true"><use href="{}#{id}"/></svg>"#, assets::icons())
}

fn string<'a>(h: &'a Helper<'_>, i: usize) -> std::borrow::Cow<'a, str> {
    h.param(i).map_or_else(Default::default, |p| p.value().as_str().map_or_else(|| p.value().render().into(), Into::into))
}

/// `{{t "issues.count" n=3}}`: a text of the page's language. A parameter that is itself a key is written `@states.done`.
struct Text(Lang);

impl HelperDef for Text {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> std::result::Result<ScopedJson<'rc>, RenderError> {
        let key = string(h, 0);
        let values: Vec<(&str, String)> = h.hash().iter().map(|(name, v)| (*name, v.value().render())).collect();
        let with: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
        Ok(ScopedJson::Derived(self.0.say(&key, &with).into()))
    }
}

/// `{{mark "work"}}`: an icon of the sprite, always beside a word.
struct Mark;

impl HelperDef for Mark {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let class = h.hash_get("class").and_then(|c| c.value().as_str()).unwrap_or_default();
        out.write(&mark(&string(h, 0), class))?;
        Ok(())
    }
}

/// `{{phrases title}}`: a heading whose lines end after a phrase and never within a date.
struct Phrases(Lang);

impl HelperDef for Phrases {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        out.write(&phrases::set(&string(h, 0), self.0))?;
        Ok(())
    }
}

/// `{{said words}}`: a value of an English page, its Chinese marked as such. Templates need not write it: see `settled`.
struct Said;

impl HelperDef for Said {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        original::mark(&string(h, 0), &mut |text| out.write(text))?;
        Ok(())
    }
}

/// `<div{{zh html}}>`: that a whole block is Chinese, on an English page, if it is.
struct Zh(Lang);

impl HelperDef for Zh {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        if self.0 == Lang::En && original::is_chinese(&string(h, 0)) {
            out.write(r#" lang="zh-CN""#)?;
        }
        Ok(())
    }
}

/// `{{asset "css/louyi.css"}}`: the address of an embedded file, with its content's hash in it.
struct Asset;

impl HelperDef for Asset {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> std::result::Result<ScopedJson<'rc>, RenderError> {
        let path = string(h, 0);
        match assets::address(&path) {
            Some(address) => Ok(ScopedJson::Derived(address.into())),
            None => Err(RenderErrorReason::Other(format!("no such asset: {path}")).into()),
        }
    }
}

/// `{{val form "words"}}`, `{{err form "words"}}`: what was typed into a field, and what is wrong with it; empty otherwise.
struct Lookup(&'static str);

impl HelperDef for Lookup {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> std::result::Result<ScopedJson<'rc>, RenderError> {
        let name = string(h, 1);
        let found = h.param(0).and_then(|form| form.value().get(self.0)?.get(name.as_ref())?.as_str().map(str::to_owned));
        Ok(ScopedJson::Derived(found.unwrap_or_default().into()))
    }
}

/// `{{#with (only form "decline")}}`: the form's state if it is this one that was sent, else a fresh one.
struct Only;

impl HelperDef for Only {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> std::result::Result<ScopedJson<'rc>, RenderError> {
        let Some(form) = h.param(0).map(|p| p.value().clone()) else { return Ok(ScopedJson::Derived(serde_json::Value::Null)) };
        if form.get("id").and_then(|i| i.as_str()) == Some(string(h, 1).as_ref()) {
            return Ok(ScopedJson::Derived(form));
        }
        let mut fresh = form;
        if let Some(o) = fresh.as_object_mut() {
            for part in ["values", "errors"] {
                o.insert(part.into(), serde_json::json!({}));
            }
            o.insert("summary".into(), serde_json::json!([]));
        }
        Ok(ScopedJson::Derived(fresh))
    }
}

/// `{{#if (eq a b)}}`: whether two values read the same.
struct Equal;

impl HelperDef for Equal {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> std::result::Result<ScopedJson<'rc>, RenderError> {
        Ok(ScopedJson::Derived((string(h, 0) == string(h, 1)).into()))
    }
}
