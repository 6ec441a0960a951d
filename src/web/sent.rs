//! What a form sent: every field as text, every file as bytes, nothing trusted. The rules for each field are the
//! domain's; here are only the bounds that keep a request small.

use rocket::data::{Data, FromData, ToByteUnit as _};
use rocket::form::{self, DataField, Form, FromForm, Options, ValueField};
use rocket::http::Status;
use rocket::outcome::Outcome;
use rocket::request::Request;

use super::caller::Caller;
use crate::kernel::error::{Error, Refusal, Result};

/// Most fields that a form may have.
const FIELDS: usize = 300;
/// Most files.
const FILES: usize = 8;

/// A file as it was sent.
pub struct Upload {
    field: String,
    /// Its bytes; none where there were more than the limit.
    pub bytes: Option<Vec<u8>>,
}

/// The fields and files of a form.
#[derive(Default)]
pub struct Typed {
    fields: Vec<(String, String)>,
    files: Vec<Upload>,
    too_many: bool,
    too_large: bool,
}

#[rocket::async_trait]
impl<'r> FromForm<'r> for Typed {
    type Context = Typed;

    fn init(_: Options) -> Typed {
        <Typed as Default>::default()
    }

    fn push_value(typed: &mut Typed, field: ValueField<'r>) {
        if typed.fields.len() >= FIELDS {
            typed.too_many = true;
            return;
        }
        typed.fields.push((field.name.source().to_string(), field.value.replace('\0', "")));
    }

    async fn push_data(typed: &mut Typed, field: DataField<'r, '_>) {
        let name = field.name.source().to_string();
        if typed.files.len() >= FILES {
            typed.too_many = true;
            return;
        }
        let limit = field.request.limits().find(["file", &name]).unwrap_or_else(|| 21.mebibytes());
        match field.data.open(limit).into_bytes().await {
            // A browser sends an empty part where no file was chosen.
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) if bytes.is_complete() => typed.files.push(Upload { field: name, bytes: Some(bytes.into_inner()) }),
            Ok(_) => typed.files.push(Upload { field: name, bytes: None }),
            Err(_) => typed.too_large = true,
        }
    }

    fn push_error(typed: &mut Typed, _: form::Error<'r>) {
        // The form as a whole was longer than allowed; what came before the limit is kept.
        typed.too_large = true;
    }

    fn finalize(typed: Typed) -> form::Result<'r, Typed> {
        Ok(typed)
    }
}

/// A form that was sent, with whoever sent it.
pub struct Sent<'r> {
    typed: Typed,
    /// Who.
    pub caller: &'r Caller,
    fault: Option<Refusal>,
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Sent<'r> {
    type Error = Error;

    async fn from_data(req: &'r Request<'_>, data: Data<'r>) -> rocket::data::Outcome<'r, Self> {
        let caller = match req.guard::<&Caller>().await {
            Outcome::Success(c) => c,
            _ => return Outcome::Error((Status::InternalServerError, Error::broken("no caller"))),
        };
        let foreign = foreign(req, caller);
        match Form::<Typed>::from_data(req, data).await {
            Outcome::Success(form) => {
                let typed = form.into_inner();
                let fault = if foreign {
                    Some(Refusal::new("form_foreign"))
                } else if typed.too_large {
                    Some(Refusal::new("form_too_large"))
                } else if typed.too_many {
                    Some(Refusal::new("form_too_many"))
                } else if !caller.accepts(typed.fields.iter().find(|(n, _)| n == "token").map_or("", |(_, v)| v)) {
                    Some(Refusal::new("form_old"))
                } else {
                    None
                };
                Outcome::Success(Sent { typed, caller, fault })
            }
            Outcome::Error((status, _)) => Outcome::Error((status, Refusal::new("form_too_large").into())),
            Outcome::Forward(_) => Outcome::Error((Status::UnsupportedMediaType, Refusal::new("form_kind").into())),
        }
    }
}

/// Whether a browser says that the form came from another site. Old in-app browsers say nothing: then the form's token
/// alone decides.
fn foreign(req: &Request<'_>, caller: &Caller) -> bool {
    let h = req.headers();
    if let Some(site) = h.get_one("Sec-Fetch-Site") {
        return !matches!(site, "same-origin" | "none");
    }
    match h.get_one("Origin") {
        None => false,
        Some(origin) => {
            let of_host = h.get_one("Host").is_some_and(|host| origin.split_once("://").is_some_and(|(_, o)| o == host));
            !of_host && origin != caller.house.settings().public_url.trim_end_matches('/')
        }
    }
}

impl Sent<'_> {
    /// Fails unless the form is ours and whole.
    pub(super) fn trusted(&self) -> Result<()> {
        match &self.fault {
            None => Ok(()),
            Some(refusal) => Err(refusal.clone().into()),
        }
    }

    /// A field as typed; empty where it wasn't sent.
    pub fn text(&self, name: &str) -> &str {
        self.typed.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Every value of a field that may come more than once.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.typed.fields.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A field that was left empty is none.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|v| !v.is_empty())
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// A field read as a number, a date, a word of a vocabulary.
    pub fn read<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, Refusal> {
        self.text(name).trim().parse().map_err(|_| Refusal::new("unreadable").at(name))
    }

    /// The version of what was on the page, for telling who was first.
    pub fn version(&self) -> Result<i32, Refusal> {
        self.read("version")
    }

    /// The files of a field.
    pub fn files<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Upload> {
        self.typed.files.iter().filter(move |f| f.field == name)
    }

    /// Every field, for the page that shows it again.
    pub fn fields(&self) -> &[(String, String)] {
        &self.typed.fields
    }
}
