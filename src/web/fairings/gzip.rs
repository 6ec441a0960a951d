//! Text longer than a kilobyte goes out compressed, at the level that costs least.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{ContentType, Header, Method};
use rocket::{Request, Response};

/// Compresses.
pub struct Gzip;

fn is_text(kind: Option<ContentType>) -> bool {
    kind.is_some_and(|k| k.top() == "text" || k.sub() == "svg+xml" || k.sub() == "json" || k.sub() == "javascript" || k.sub() == "atom+xml")
}

#[rocket::async_trait]
impl Fairing for Gzip {
    fn info(&self) -> Info {
        Info { name: "gzip", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, req: &'r Request<'_>, res: &mut Response<'r>) {
        if !is_text(res.content_type()) || res.headers().contains("Content-Encoding") {
            return;
        }
        res.adjoin_header(Header::new("Vary", "Accept-Encoding"));
        let wanted = req.headers().get("Accept-Encoding").any(|v| v.split(',').any(|e| e.split(';').next().map(str::trim) == Some("gzip")));
        let long = res.body().preset_size().is_some_and(|n| n > 1024);
        if !wanted || !long || req.method() == Method::Head {
            return;
        }
        let Ok(plain) = res.body_mut().to_bytes().await else { return };
        let mut gz = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::fast());
        let packed = gz.write_all(&plain).and_then(|()| gz.finish());
        match packed {
            Ok(bytes) => {
                res.set_header(Header::new("Content-Encoding", "gzip"));
                res.set_sized_body(bytes.len(), Cursor::new(bytes));
            }
            Err(_) => res.set_sized_body(plain.len(), Cursor::new(plain)),
        }
    }
}
