//! The one way to write an entry: JSON by RFC 8785 (JCS), as far as the ledger uses JSON.
//!
//! No white space; keys sorted by UTF-16 code units (§3.2.3), so that every language's JSON sorts alike; strings with
//! the fewest escapes (§3.2.2.2). Numbers are whole and lie within ±(2^53 − 1), where every JSON reader agrees on
//! them: fractions are refused, since their one spelling is an art of its own and the ledger needs none.

use serde_json::{Map, Number, Value};

/// Largest magnitude of a number: 2^53 − 1, the last whole number that a double holds without doubt (RFC 7493 §2.2).
pub const MAX_NUMBER: i64 = (1 << 53) - 1;

/// Why a value cannot be written, or a text is not in canonical form.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    #[error("{0} cannot be in the ledger: only whole numbers within ±9007199254740991 can")]
    Number(Number),
    #[error("the entry is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("the entry is JSON, but not in its canonical form")]
    NotCanonical,
}

/// Writes a value in its canonical form.
pub fn to_canonical(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write(&mut out, value)?;
    Ok(out)
}

/// Reads a text that has to be in canonical form already. A key given twice is refused too, since it would not come
/// back.
pub fn from_canonical(text: &[u8]) -> Result<Value, CanonicalError> {
    let value = serde_json::from_slice(text)?;
    if to_canonical(&value)?.as_bytes() == text { Ok(value) } else { Err(CanonicalError::NotCanonical) }
}

fn write(out: &mut String, value: &Value) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|n| (-MAX_NUMBER..=MAX_NUMBER).contains(n));
            out.push_str(&whole.ok_or_else(|| CanonicalError::Number(number.clone()))?.to_string());
        }
        Value::String(text) => write_string(out, text),
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, value)?;
            }
            out.push(']');
        }
        Value::Object(members) => write_object(out, members)?,
    }
    Ok(())
}

fn write_object(out: &mut String, members: &Map<String, Value>) -> Result<(), CanonicalError> {
    let mut members: Vec<_> = members.iter().collect();
    // Rust orders strings by code points, in which 𠮷 (U+20BB7) comes after U+FF01; as UTF-16 it comes before.
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (at, (key, value)) in members.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write(out, value)?;
    }
    out.push('}');
    Ok(())
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
}
