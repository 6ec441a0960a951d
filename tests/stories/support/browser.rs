//! Somebody in front of a browser: reads pages, fills in the forms that stand on them, and sees what comes back.

use louyi::domain::persons;
use louyi::domain::sessions;
use louyi::kernel::act::{Actor, House};
use louyi::kernel::ids::PersonId;
use rocket::http::{ContentType, Cookie, Header, Method, Status};
use rocket::local::asynchronous::Client;
use scraper::{Html, Selector};

use super::people::Who;
use super::town::Town;

/// The site, as one process serves it.
pub struct Site {
    client: Client,
    house: House,
}

/// Somebody with a browser of their own.
pub struct Reader<'s> {
    site: &'s Site,
    session: Option<String>,
    language: &'static str,
    device: String,
    slip: Option<String>,
    bare: bool,
    headers: Vec<Header<'static>>,
}

/// What came back.
pub struct Page {
    pub status: Status,
    pub body: String,
    pub location: Option<String>,
    pub etag: Option<String>,
    /// The same where it isn't text.
    pub bytes: Vec<u8>,
    headers: Vec<(String, String)>,
}

/// A file that somebody chose.
pub struct Chosen<'f> {
    pub field: &'f str,
    pub name: &'f str,
    pub bytes: &'f [u8],
}

/// Every byte that came back.
pub struct Visit {
    pub status: Status,
    pub location: Option<String>,
    pub bytes: Vec<u8>,
}

impl Visit {
    /// Whether these bytes are in it.
    pub fn holds(&self, needle: &str) -> bool {
        self.bytes.windows(needle.len()).any(|w| w == needle.as_bytes())
    }
}

impl Town {
    /// Opens the site.
    pub async fn site(&self) -> Site {
        Site::of(&self.house).await
    }
}

impl Site {
    /// Opens the site of a house.
    pub async fn of(house: &House) -> Site {
        let rocket = louyi::web::build(house.clone()).expect("the site is built");
        Site { client: Client::untracked(rocket).await.expect("the site ignites"), house: house.clone() }
    }

    /// Every route: method and address with its dynamic parts in angle brackets.
    pub fn routes(&self) -> Vec<(Method, String)> {
        let mut all: Vec<(Method, String)> = self.client.rocket().routes().map(|r| (r.method, r.uri.origin.to_string())).collect();
        all.sort_by_key(|(m, u)| (u.clone(), m.as_str()));
        all.dedup();
        all
    }

    /// Somebody without an account.
    pub fn visitor(&self) -> Reader<'_> {
        Reader { site: self, session: None, language: "zh-CN", device: "v".repeat(43), slip: None, bare: false, headers: vec![] }
    }

    /// Somebody who has signed in.
    pub async fn signed_in(&self, who: &Who) -> Reader<'_> {
        self.signed_in_as(who.id).await
    }

    /// A person who has signed in.
    pub async fn signed_in_as(&self, id: PersonId) -> Reader<'_> {
        let act = self.house.act(Actor::System).await.expect("an act");
        let person = persons::by_id(act.tx(), id).await.expect("the person");
        let token = sessions::open(&act, &person, "stories").await.expect("a session");
        act.commit().await.expect("commits");
        Reader { session: Some(token), ..self.visitor() }
    }
}

impl Reader<'_> {
    /// Reads in English.
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    /// Holds another phone.
    pub fn on_phone(mut self, number: u32) -> Self {
        self.device = format!("{number:0>43}");
        self
    }

    /// Has this session, whatever it is worth.
    pub fn with_session(mut self, token: &str) -> Self {
        self.session = Some(token.to_owned());
        self
    }

    /// The session, as its cookie holds it.
    pub fn token(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Has redeemed a slip: its secret goes where the cookie's path lets it, and nowhere else.
    pub fn holding(mut self, slip: &str) -> Self {
        self.slip = Some(slip.to_owned());
        self
    }

    /// Sends no cookie at all.
    pub fn without_cookies(mut self) -> Self {
        self.bare = true;
        self
    }

    /// Sends a header with every request.
    pub fn sending(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push(Header::new(name, value));
        self
    }

    fn with<'c>(&self, mut request: rocket::local::asynchronous::LocalRequest<'c>) -> rocket::local::asynchronous::LocalRequest<'c> {
        request = request.header(Header::new("Accept-Language", self.language));
        if self.bare {
            return request;
        }
        if let Some(slip) = self.slip.as_ref().filter(|_| request.uri().path().as_str().starts_with("/slip")) {
            request = request.cookie(Cookie::new("slip", slip.clone()));
        }
        // The visitor's cookie, as a browser would have kept it.
        request = request.cookie(Cookie::new("visitor", self.device.clone()));
        for header in &self.headers {
            request = request.header(header.clone());
        }
        match &self.session {
            Some(token) => request.cookie(Cookie::new("__Host-sid", token.clone())),
            None => request,
        }
    }

    async fn answer(response: rocket::local::asynchronous::LocalResponse<'_>) -> Page {
        let status = response.status();
        let etag = response.headers().get_one("ETag").map(str::to_owned);
        let location = response.headers().get_one("Location").map(str::to_owned);
        let headers = response.headers().iter().map(|h| (h.name().to_string().to_lowercase(), h.value().to_owned())).collect();
        let bytes = response.into_bytes().await.unwrap_or_default();
        Page { status, location, etag, headers, body: String::from_utf8(bytes.clone()).unwrap_or_default(), bytes }
    }

    /// Opens an address.
    pub async fn opens(&self, path: &str) -> Page {
        Self::answer(self.with(self.site.client.get(escaped(path))).dispatch().await).await
    }

    /// Asks for an address of which a version is known already.
    pub async fn opens_again(&self, path: &str, etag: &str) -> Page {
        let request = self.site.client.get(escaped(path)).header(Header::new("If-None-Match", etag.to_owned()));
        Self::answer(self.with(request).dispatch().await).await
    }

    /// Calls an address by a method with an empty form; gives every byte that came back, headers included.
    pub async fn visits(&self, method: Method, path: &str) -> Visit {
        let mut request = self.site.client.req(method, path.to_owned());
        if method == Method::Post {
            request = request.header(ContentType::Form).body("words=x");
        }
        let response = self.with(request).dispatch().await;
        let status = response.status();
        let location = response.headers().get_one("Location").map(str::to_owned);
        let mut bytes: Vec<u8> = response.headers().iter().flat_map(|h| format!("{}: {}\n", h.name(), h.value()).into_bytes()).collect();
        bytes.extend(response.into_bytes().await.unwrap_or_default());
        Visit { status, location, bytes }
    }

    /// Opens a page that must be there.
    pub async fn reads(&self, path: &str) -> Page {
        let page = self.opens(path).await;
        assert_eq!(page.status, Status::Ok, "{path}\n{}", page.text());
        page
    }

    /// Sends a form as it is, whether or not it stands on a page.
    pub async fn posts(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = fields.iter().fold(url::form_urlencoded::Serializer::new(String::new()), |mut form, (name, value)| {
            form.append_pair(name, value);
            form
        });
        let request = self.site.client.post(path.to_owned()).header(ContentType::Form).body({ body }.finish());
        Self::answer(self.with(request).dispatch().await).await
    }

    /// Sends a form with files.
    pub async fn uploads(&self, path: &str, fields: &[(&str, &str)], files: &[Chosen<'_>]) -> Page {
        const EDGE: &str = "----the-edge-of-a-part";
        let mut body = vec![];
        for (name, value) in fields {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        for f in files {
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n", f.field, f.name);
            body.extend([head.as_bytes(), b"Content-Type: image/jpeg\r\n\r\n", f.bytes, b"\r\n"].concat());
        }
        body.extend(format!("--{EDGE}--\r\n").into_bytes());
        let kind = Header::new("Content-Type", format!("multipart/form-data; boundary={EDGE}"));
        Self::answer(self.with(self.site.client.post(path.to_owned()).header(kind).body(body)).dispatch().await).await
    }

    /// Sends a body as it is.
    pub async fn posts_raw(&self, path: &str, kind: ContentType, body: impl Into<Vec<u8>>) -> Page {
        let body: Vec<u8> = body.into();
        Self::answer(self.with(self.site.client.post(path.to_owned()).header(kind).body(body)).dispatch().await).await
    }

    /// Fills in the form that stands on a page and leads to `action`; what is not named stays as the page has it.
    pub async fn fills(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let there = self.reads(page).await;
        let form = there.form(action).unwrap_or_else(|| panic!("{page} has no form for {action}\n{}", there.forms().join("\n")));
        let mut sent: Vec<(&str, &str)> =
            form.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).map(|(n, v)| (n.as_str(), v.as_str())).collect();
        sent.extend(fields);
        self.posts(action, &sent).await
    }

    /// Fills in a form, which must be accepted; gives the address of the next page.
    pub async fn does(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.fills(page, action, fields).await;
        assert_eq!(answer.status, Status::SeeOther, "{action}: {}", answer.text());
        answer.location.expect("a next page")
    }
}

/// An address as a browser sends it: what isn't ASCII is escaped.
fn escaped(path: &str) -> String {
    path.bytes().map(|b| if b.is_ascii() { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

impl Page {
    /// Fails unless this stands in what was sent, markup included.
    pub fn shows(&self, what: &str) -> &Self {
        assert!(self.body.contains(what), "{what} is missing in:\n{}", self.body);
        self
    }

    /// Fails if this stands anywhere in what was sent.
    pub fn hides(&self, what: &str) -> &Self {
        assert!(!self.body.contains(what), "{what} stands in:\n{}", self.body);
        self
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The session that this answer opened.
    pub fn session(&self) -> Option<String> {
        self.cookie("__Host-sid").map(|(token, _)| token).filter(|t| !t.is_empty())
    }

    /// Whether it gives the browser a cookie of this name.
    pub fn sets_cookie(&self, name: &str) -> bool {
        self.headers.iter().any(|(n, v)| n == "set-cookie" && v.starts_with(&format!("{name}=")))
    }

    /// The sentence beside a field.
    pub fn fault(&self, field: &str) -> Option<String> {
        let html = Html::parse_document(&self.body);
        let at = Selector::parse(&format!("#{field}-error")).expect("a selector");
        html.select(&at).next().map(|e| e.text().collect::<String>().trim().to_owned())
    }

    /// The value and the attributes of a cookie that it gives the browser.
    pub fn cookie(&self, name: &str) -> Option<(String, String)> {
        let of = |(n, v): &(String, String)| {
            (n == "set-cookie").then(|| v.strip_prefix(name)?.strip_prefix('=')?.split_once(';').map(|(a, b)| (a.to_owned(), b.to_owned())))
        };
        self.headers.iter().find_map(|h| of(h).flatten())
    }

    /// What there is to read.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let main = Selector::parse("main").expect("a selector");
        let words = |root: scraper::ElementRef<'_>| root.text().map(str::trim).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        html.select(&main).next().map_or_else(|| words(html.root_element()), words)
    }

    /// The receipt's short code, where one is shown.
    pub fn code(&self) -> Option<String> {
        let (_, rest) = self.body.split_once("class=\"n big-code\">")?;
        Some(rest.split_once('<')?.0.to_owned())
    }

    /// Whether these words are there to read.
    pub fn says(&self, words: &str) -> bool {
        let plain = |s: &str| s.split_whitespace().collect::<String>();
        plain(&self.text()).contains(&plain(words))
    }

    /// The addresses to which its forms lead.
    pub fn forms(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let forms = Selector::parse("form").expect("a selector");
        html.select(&forms).filter_map(|f| f.value().attr("action").map(str::to_owned)).collect()
    }

    /// The fields of the form that leads to an address, as the page has filled them in.
    pub fn form(&self, action: &str) -> Option<Vec<(String, String)>> {
        let html = Html::parse_document(&self.body);
        let forms = Selector::parse("form").expect("a selector");
        // A button may lead elsewhere than its form.
        let button = Selector::parse(&format!("button[formaction=\"{action}\"]")).expect("a selector");
        let leads = |f: &scraper::ElementRef<'_>| f.value().attr("action") == Some(action) || f.select(&button).next().is_some();
        let form = html.select(&forms).find(leads)?;
        let mut out = vec![];
        let fields = Selector::parse("input, textarea, select").expect("a selector");
        for field in form.select(&fields) {
            let Some(name) = field.value().attr("name") else { continue };
            let value = match (field.value().name(), field.value().attr("type")) {
                ("input", Some("radio" | "checkbox")) if field.value().attr("checked").is_none() => continue,
                ("input", _) => field.value().attr("value").unwrap_or_default().to_owned(),
                ("select", _) => {
                    let options = Selector::parse("option").expect("a selector");
                    let chosen = field.select(&options).find(|o| o.value().attr("selected").is_some()).or(field.select(&options).next());
                    chosen.and_then(|o| o.value().attr("value")).unwrap_or_default().to_owned()
                }
                _ => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
            };
            out.push((name.to_owned(), value));
        }
        Some(out)
    }
}
