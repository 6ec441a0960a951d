//! The ledger as files (C2SP tlog-tiles, tlog-checkpoint, tlog-proof): what anybody's verifier reads.

use std::path::PathBuf;

use rocket::http::ContentType;
use rocket::{Route, get, routes};

use super::super::answer::Answer;
use super::super::guards::Anyone;
use crate::kernel::error::{Error, Result};
use crate::kernel::ledger::{ProofFile, TilePath};
use crate::kernel::publog;

pub(super) fn routes() -> Vec<Route> {
    routes![checkpoint, key, schema, tile, entry, proof]
}

/// The signed state of the log. Changes with each entry, so it is asked for each time.
#[get("/ledger/checkpoint")]
async fn checkpoint(who: Anyone<'_>) -> Result<Answer> {
    let head = publog::head(who.house.read()).await?.ok_or(Error::NotFound)?;
    Ok(text(head.checkpoint).tagged(&format!("c{}", head.size)))
}

/// The key that verifies it: `name+id+base64` (C2SP signed-note).
#[get("/ledger/key")]
fn key(who: Anyone<'_>) -> Result<Answer> {
    Ok(text(format!("{}\n", publog::signer(&who.house)?.verifier())))
}

/// The schema of an entry.
#[get("/ledger/schema.json")]
fn schema(_who: Anyone<'_>) -> Answer {
    Answer::bytes(ContentType::JSON, include_bytes!("../../../data/ledger.schema.json").to_vec())
}

/// A tile of hashes or a bundle of entries, whole or as wide as asked for. Neither ever changes.
#[get("/ledger/tile/<path..>")]
async fn tile(who: Anyone<'_>, path: PathBuf) -> Result<Answer> {
    let path: TilePath = format!("tile/{}", path.to_string_lossy()).parse().map_err(|_| Error::NotFound)?;
    let bytes = publog::file(who.house.read(), path).await?.ok_or(Error::NotFound)?;
    Ok(Answer::bytes(ContentType::Binary, bytes).kept_for_ever(&path.to_string().replace('/', "-")))
}

/// The very bytes that were hashed.
#[get("/ledger/entries/<n>/entry.json", rank = 1)]
async fn entry(who: Anyone<'_>, n: u64) -> Result<Answer> {
    let entry = publog::entries(who.house.read(), n, 1).await?.pop().filter(|e| e.position as u64 == n).ok_or(Error::NotFound)?;
    Ok(Answer::bytes(ContentType::JSON, entry.body.into_bytes()).kept_for_ever(&format!("e{n}")))
}

/// All that proves one entry, in one small file.
#[get("/ledger/entries/<n>/proof")]
async fn proof(who: Anyone<'_>, n: u64) -> Result<Answer> {
    let db = who.house.read();
    let head = publog::head(db).await?.filter(|h| n < h.size).ok_or(Error::NotFound)?;
    let hashes = publog::proof(db, n, head.size).await?;
    let file = ProofFile { extra: None, index: n, hashes, checkpoint: head.checkpoint };
    Ok(text(file.to_string())
        .header("Content-Disposition", format!("inline; filename=\"louyi-{n}.tlog-proof\""))
        .tagged(&format!("p{n}-{}", head.size)))
}

fn text(words: String) -> Answer {
    Answer::bytes(ContentType::Plain, words.into_bytes())
}
