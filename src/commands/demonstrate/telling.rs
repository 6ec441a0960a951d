//! What the terminal says: pages worth opening, a sign-in link per role, a code for the phone.

use std::io::IsTerminal as _;

use chrono::Duration;
use serde_json::Value;

use super::{list, out, spoken};
use crate::domain::rights::Role;
use crate::domain::{persons, sessions};
use crate::kernel::act::{Actor, House};
use crate::kernel::error::Result;
use crate::kernel::i18n::Lang;
use crate::kernel::qr;

/// Days for which a printed link holds; each opens one session.
const LINK_DAYS: i64 = 7;

/// Gives everybody a sign-in link that holds from now.
pub async fn renew_links(house: &House, made: &mut Value) -> Result<()> {
    made["public_url"] = house.settings().public_url.clone().into();
    let Some(people) = made.get_mut("people").and_then(Value::as_array_mut) else { return Ok(()) };
    let act = house.act(Actor::System).await?;
    for person in people {
        let Some(email) = person.get("email").and_then(Value::as_str) else { continue };
        let Some(known) = persons::by_email(act.tx(), email).await? else { continue };
        let token = sessions::make_link(&act, &known, Duration::days(LINK_DAYS)).await?;
        person["sign_in"] = house.settings().address(&format!("/sign-in/{token}")).into();
    }
    act.commit().await
}

/// Prints it all.
pub fn tell(house: &House, made: &Value, load_only: bool) {
    let lang = spoken();
    let t = |key: &str| lang.t(&format!("commands.demo.{key}"));
    let address = |path: &str| house.settings().address(path);
    let name = |v: &Value| {
        let (zh, en) = (text(v, "name"), text(v, "name_en"));
        lang.pick(zh, en).to_owned()
    };
    let mut lines = vec![String::new(), heading(&t("public"))];
    lines.push(row(&t("start"), &address("/")));
    let district = &made["district"];
    lines.push(row(&name(district), &address(text(district, "address"))));
    for building in list(made, "buildings") {
        lines.push(row(&name(building), &address(text(building, "address"))));
    }
    // The first of each kind are the lift case's; the document names more.
    for (kind, how_many) in [("issues", 6), ("meetings", 2), ("resolutions", 2), ("editions", 2)] {
        for thing in list(made, kind).iter().take(how_many) {
            lines.push(row(&label(kind, thing, lang), &address(text(thing, "address"))));
        }
    }
    if let Some(receipt) = list(made, "receipts").first() {
        lines.push(row(&lang.say("commands.demo.receipts", &[("label", text(receipt, "issue"))]), &address(text(receipt, "address"))));
    }
    if let Some(poster) = list(made, "buildings").iter().flat_map(|b| list(b, "posters")).next() {
        lines.push(row(&t("poster"), &address(text(poster, "address"))));
    }
    lines.push(row(&t("ledger"), &address("/ledger")));
    lines.extend([String::new(), heading(&t("roles"))]);
    let mut shown: Vec<&str> = vec![];
    for role in Role::ALL {
        let holds = |p: &&Value| list(p, "roles").iter().any(|r| text(r, "role") == role.as_str());
        // A member of the council is shown by somebody who sits there, not by a deputy.
        let votes = |p: &&Value| *role != Role::Member || p["seat"] != false;
        let mut holders = list(made, "people").iter().filter(holds).filter(votes);
        // A link works once: whoever has two roles is shown for one of them, if there is somebody else for the other.
        let other = holders.clone().find(|p| !shown.contains(&text(p, "sign_in")));
        let Some(person) = other.or_else(|| holders.next()) else { continue };
        shown.push(text(person, "sign_in"));
        let who = format!("{} {}", lang.t(&format!("commands.roles.{role}")), name(person));
        lines.push(row(&who, text(person, "sign_in")));
    }
    lines.push(String::new());
    out(&lines.join("\n"));
    if load_only {
        return;
    }
    if std::io::stdout().is_terminal()
        && let Ok(code) = qr::terminal(&address("/"))
    {
        out(&code);
    }
    out(&lang.say("commands.demo.serves", &[("address", &address("/"))]));
}

fn text<'v>(v: &'v Value, key: &str) -> &'v str {
    v.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn label(kind: &str, thing: &Value, lang: Lang) -> String {
    let title = lang.pick(text(thing, "title"), text(thing, "title_en"));
    lang.say(&format!("commands.demo.{kind}"), &[("label", text(thing, "label")), ("title", title)]).trim().to_owned()
}

fn heading(words: &str) -> String {
    if std::io::stdout().is_terminal() { format!("\x1b[1m{words}\x1b[0m") } else { words.to_owned() }
}

/// Columns of the left side.
const LEFT: usize = 38;

/// Two columns. A Chinese character is two wide; what is too long is cut.
fn row(left: &str, right: &str) -> String {
    let mut shown = String::new();
    let mut width = 0;
    for c in left.chars() {
        let wide = if (c as u32) < 0x2e80 { 1 } else { 2 };
        if width + wide > LEFT {
            shown.push('…');
            width += 1;
            break;
        }
        shown.push(c);
        width += wide;
    }
    format!("  {shown}{}{right}", " ".repeat(LEFT + 2 - width.min(LEFT + 1)))
}
