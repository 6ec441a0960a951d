//! The vectors of RFC 9474, appendix A.3 (RSABSSA-SHA384-PSS-Deterministic): what is blinded, signed, uncovered and verified.

use louyi::kernel::blind;
use rsa::{BoxedUint, PrivateKey};
use serde_json::Value;

use super::client;

fn bytes(of: &Value, name: &str) -> Vec<u8> {
    let digits = of[name].as_str().expect("digits").trim_start_matches("0x");
    hex::decode(format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" })).expect("hexadecimal")
}

#[test]
fn the_vectors_of_the_rfc_hold() {
    let v: Value = serde_json::from_str(include_str!("rfc9474.json")).expect("JSON");
    let number = |name: &str| BoxedUint::from_be_slice_vartime(&bytes(&v, name));
    let key = PrivateKey::from_p_q(number("p"), number("q"), number("e")).expect("a key");
    let (message, salt) = (bytes(&v, "msg"), bytes(&v, "salt"));
    let encoded = client::encoded(&message, &salt, 4095);
    assert_eq!(encoded, bytes(&v, "encoded_msg"));
    let signed = blind::sign_with(&key, &bytes(&v, "blinded_msg")).expect("signs").expect("a number below the modulus");
    assert_eq!(signed, bytes(&v, "blind_sig"));
    let public = key.to_public_key();
    assert_eq!(client::uncovered(&public, &signed, &number("inv")), bytes(&v, "sig"));
    assert!(blind::verifies(&public, &message, &bytes(&v, "sig")));
    let factor = Option::from(number("inv").invert_mod(rsa::traits::PublicKeyParts::n(&public))).expect("an inverse");
    assert_eq!(client::blind(&public, &encoded, &factor).0, bytes(&v, "blinded_msg"));
    let mut other = bytes(&v, "sig");
    other[40] ^= 1;
    assert!(!blind::verifies(&public, &message, &other) && !blind::verifies(&public, b"another message", &bytes(&v, "sig")));
    assert!(blind::sign_with(&key, &[0xff; 512]).expect("looks").is_none(), "a number above the modulus is not signed");
    assert!(blind::sign_with(&key, &[1; 256]).expect("looks").is_none(), "nor one of another length");
}
