//! Canonical JSON.

use louyi::kernel::ledger::{canonical, to_canonical};
use serde_json::{Value, json};

#[test]
fn canonical_json_has_one_spelling() {
    // The test vector “weird” of RFC 8785's author: keys sorted by UTF-16, escapes resolved.
    let weird = r#"{"\u20ac":"Euro Sign","1":"One","\u0080":"Control\u007f","\ud83d\ude02":"Smiley",
        "\u00f6":"Latin Small Letter O With Diaeresis","\ufb33":"Hebrew Letter Dalet With Dagesh","</script>":"Browser Challenge"}"#;
    let canonical = "{\"1\":\"One\",\"</script>\":\"Browser Challenge\",\"\u{80}\":\"Control\u{7f}\",\
        \"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😂\":\"Smiley\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(to_canonical(&serde_json::from_str(weird).unwrap()).unwrap(), canonical);
    let keys = json!({"，": 1, "𠮷": 2, "楼": 3, "b": 4, "": 5, "a\u{1f}\"\\/": [null, true, false, -0, {}, []]});
    let text = r#"{"":5,"a\u001f\"\\/":[null,true,false,0,{},[]],"b":4,"楼":3,"𠮷":2,"，":1}"#;
    assert_eq!(to_canonical(&keys).unwrap(), text);
    assert_eq!(canonical::from_canonical(text.as_bytes()).unwrap(), keys);
    assert_eq!(to_canonical(&json!("\u{8}\t\n\u{c}\r\0\u{2028}")).unwrap(), "\"\\b\\t\\n\\f\\r\\u0000\u{2028}\"");
    for number in ["9007199254740991", "-9007199254740991", "0", "-1"] {
        assert_eq!(to_canonical(&serde_json::from_str(number).unwrap()).unwrap(), number);
    }
    for number in ["9007199254740992", "-9007199254740993", "18446744073709551615", "0.5", "1.0", "1e2", "-0"] {
        assert!(to_canonical(&serde_json::from_str::<Value>(number).unwrap()).is_err(), "{number}");
    }
    for text in ["{\"b\":1,\"a\":1}", "{\"a\":1,\"a\":1}", "[1, 2]", "\"\\u0041\"", "1 ", "", "\"\\/\""] {
        assert!(canonical::from_canonical(text.as_bytes()).is_err(), "{text}");
    }
}
