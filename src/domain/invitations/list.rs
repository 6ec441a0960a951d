//! A list of people, line by line: what stands in which cell is found out by what it looks like, so that a list copied from
//! anywhere can be pasted.

use std::collections::HashMap;

use super::{Reach, fits, usual_role};
use crate::domain::buildings::Building;
use crate::domain::organisations::{self, Organisation};
use crate::domain::persons::{self, Membership};
use crate::domain::rights::Role;
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::kernel::{sms, spreadsheet, text};
use sea_orm::ConnectionTrait;

/// Most lines of a list.
pub const ROWS_MAX: usize = 500;

/// Rows above the headings that are a title.
const ABOVE: usize = 10;

/// Somebody to be let in.
#[derive(Clone, Debug)]
pub struct Line {
    pub line: usize,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub organisation: Organisation,
    pub role: Role,
    /// They hold this role here already.
    pub here: bool,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    pub line: usize,
    pub refusal: Refusal,
}

/// The cells of a pasted list, line by line, with the number of each.
pub fn cells_of(pasted: &str) -> Vec<(usize, Vec<String>)> {
    let split = |l: &str| -> Vec<String> { l.split([',', '，', '\t', ';', '；', '、']).map(text::clean).collect() };
    let lines = pasted.lines().enumerate().map(|(i, l)| (i + 1, split(l)));
    lines.filter(|(_, cells)| cells.iter().any(|c| !c.is_empty())).collect()
}

fn role_of(cell: &str) -> Option<Role> {
    let plain = cell.to_lowercase();
    let named = |r: &Role| {
        let key = format!("roles.{}", r.as_str());
        plain == r.as_str() || Lang::ALL.iter().any(|l| l.t(&key).to_lowercase() == plain)
    };
    let short = match plain.as_str() {
        "秘书" => Some(Role::Secretary),
        "代表" => Some(Role::Representative),
        "成员" | "委员" => Some(Role::Member),
        _ => None,
    };
    short.or_else(|| Role::ALL.iter().copied().find(named))
}

/// A row of headings names no mail and no number.
fn is_heading(cells: &[String]) -> bool {
    const WORDS: [&str; 14] =
        ["姓名", "名字", "邮箱", "手机", "邮箱或手机", "联系方式", "单位", "角色", "name", "mail", "email", "mobile", "organisation", "role"];
    let known = cells.iter().filter(|c| WORDS.contains(&c.to_lowercase().as_str())).count();
    known >= 2
}

/// How many rows stand above the people: headings, and a title over them.
pub fn above(rows: &[(usize, Vec<String>)]) -> usize {
    let title = |cells: &[String]| cells.iter().filter(|c| !c.is_empty()).count() < 2;
    let first = rows.iter().take(ABOVE).position(|(_, cells)| !title(cells)).unwrap_or(0);
    if rows.get(first).is_some_and(|(_, cells)| is_heading(cells)) { first + 1 } else { 0 }
}

struct Known<'a> {
    around: &'a [Organisation],
    reach: Reach,
    /// For lines that name none.
    organisation: Option<&'a Organisation>,
    role: Option<Role>,
}

impl Known<'_> {
    fn organisation_of(&self, cell: &str) -> Option<&Organisation> {
        let plain = cell.to_lowercase();
        self.around.iter().find(|o| [&o.name, &o.short, &o.name_en, &o.short_en, &o.slug].iter().any(|n| n.to_lowercase() == plain))
    }

    fn line(&self, line: usize, cells: &[String]) -> Result<Line, Refusal> {
        let (mut email, mut phone, mut role, mut organisation, mut rest) = (None, None, None, None, vec![]);
        for cell in cells.iter().map(|c| c.trim()).filter(|c| !c.is_empty()) {
            if spreadsheet::failed(cell) {
                return Err(Refusal::new("formula_failed").with("what", cell).at("list"));
            }
            if cell.contains('@') {
                persons::mail_address("list", cell)?;
                email = Some(cell.to_owned());
            } else if let Ok(number) = sms::mobile(cell) {
                phone = Some(number);
            } else if let Some(o) = self.organisation_of(cell).filter(|_| organisation.is_none() && !rest.is_empty()) {
                organisation = Some(o);
            } else if let Some(r) = role_of(cell).filter(|_| role.is_none() && !rest.is_empty()) {
                role = Some(r);
            } else {
                rest.push(cell);
            }
        }
        // The name comes first: an empty cell there is a name that is missing.
        if cells.first().is_some_and(|c| c.trim().is_empty()) {
            return Err(Refusal::new("line_name").at("list"));
        }
        let name = text::words("list", rest.first().copied().unwrap_or_default(), 1, 60).map_err(|_| Refusal::new("line_name").at("list"))?;
        if let Some(unknown) = rest.get(1) {
            let digits = unknown.chars().filter(char::is_ascii_digit).count();
            let key = if digits >= 7 { "line_mobile" } else { "line_unknown" };
            return Err(Refusal::new(key).with("what", text::shorten(unknown, 20)).at("list"));
        }
        if email.is_none() && phone.is_none() {
            return Err(Refusal::new("line_reach").with("name", name).at("list"));
        }
        let organisation = organisation.or(self.organisation).ok_or_else(|| Refusal::new("line_organisation").with("name", &name).at("list"))?;
        let role =
            role.or(self.role).or_else(|| usual_role(organisation.kind)).ok_or_else(|| Refusal::new("line_role").with("name", &name).at("list"))?;
        if !self.reach.covers(organisation.id, role) {
            return Err(Refusal::new("line_not_yours").with("name", name).at("list"));
        }
        if !fits(role, organisation.kind) {
            let role = format!("@roles.{}", role.as_str());
            return Err(Refusal::new("line_unfitting").with("organisation", &organisation.short).with("role", role).at("list"));
        }
        Ok(Line { line, name, email, phone, organisation: organisation.clone(), role, here: false })
    }
}

/// Looks at a list: who would be let in, or everything that is wrong. A table may have headings.
pub async fn plan(
    db: &impl ConnectionTrait,
    building: &Building,
    reach: Reach,
    rows: &[(usize, Vec<String>)],
    organisation: Option<&str>,
    role: Option<Role>,
) -> Result<Result<Vec<Line>, Vec<LineFault>>> {
    let around = organisations::around(db, building.district_id, building.id).await?;
    let chosen = match organisation {
        Some(slug) => Some(around.iter().find(|o| o.slug == slug).ok_or_else(|| Refusal::new("choose_organisation").at("organisation"))?),
        None => match reach {
            Reach::Own(own) => around.iter().find(|o| o.id == own),
            Reach::All => None,
        },
    };
    let known = Known { around: &around, reach, organisation: chosen, role };
    let here = persons::all_here(db, building).await?;
    let (mut lines, mut faults): (Vec<Line>, Vec<LineFault>) = (vec![], vec![]);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (n, cells) in rows.iter().skip(above(rows)) {
        let mut line = match known.line(*n, cells) {
            Ok(line) => line,
            Err(refusal) => {
                faults.push(LineFault { line: *n, refusal });
                continue;
            }
        };
        // One person may have two roles; the same role twice is a slip.
        let who = line.email.as_ref().map(|m| m.to_lowercase()).or(line.phone.clone()).unwrap_or_default();
        let key = format!("{who} {} {}", line.organisation.slug, line.role.as_str());
        if let Some(first) = seen.insert(key, *n) {
            faults.push(LineFault { line: *n, refusal: Refusal::new("line_twice").with("line", first).at("list") });
            continue;
        }
        line.here = held_already(db, &here, &line).await?;
        lines.push(line);
    }
    if lines.is_empty() && faults.is_empty() {
        return Err(Refusal::new("empty").at("list").into());
    }
    Ok(if faults.is_empty() { Ok(lines) } else { Err(faults) })
}

async fn held_already(db: &impl ConnectionTrait, here: &[Membership], line: &Line) -> Result<bool> {
    let same: Vec<_> = here.iter().filter(|m| m.organisation_id == line.organisation.id && m.role == line.role).map(|m| m.person_id).collect();
    let people = persons::by_ids(db, same).await?;
    Ok(people.iter().any(|p| match &line.email {
        Some(mail) => p.email_lc.as_deref() == Some(mail.to_lowercase().as_str()),
        None => p.phone.is_some() && p.phone == line.phone && p.name == line.name,
    }))
}
