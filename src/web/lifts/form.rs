//! The form of a forecast: a morning as people write it down, read field by field.

use crate::domain::deliberation::ClockIns;
use crate::domain::lifts::{Clocks, LiftGroup, Lifts, Morning, Remedy, Study};
use crate::kernel::error::{Refusal, Result};
use crate::kernel::i18n::Lang;
use crate::web::sent::Sent;
use crate::web::shown::charts::queue::clock;

/// Numbers of a lift group, by field: name, and what stands there until somebody knows better.
const GROUP: [(&str, &str); 9] = [
    ("floors", ""),
    ("population", ""),
    ("lifts", ""),
    ("persons", ""),
    ("speed", "3"),
    ("floor_height", "4"),
    ("cycle", "9"),
    ("transfer", "1"),
    ("express", "0"),
];

/// The fields of a forecast; of a new one, what is usual.
pub fn fields(study: Option<&Study>) -> Result<Vec<(String, String)>> {
    let mut all: Vec<(String, String)> = vec![];
    let mut put = |name: &str, value: String| all.push((name.to_owned(), value));
    let Some(study) = study else {
        for (name, usual) in GROUP {
            put(name, usual.to_owned());
        }
        for (name, usual) in [("others", "0"), ("per_minute", "20"), ("r-stagger_15", "1"), ("r-stagger_30", "1"), ("r-clocks", "1")] {
            put(name, usual.to_owned());
        }
        return Ok(all);
    };
    let m = study.morning()?;
    put("first", padded(m.first));
    put("start", padded(m.start));
    put("arrivals", m.arrivals.iter().map(u32::to_string).collect::<Vec<_>>().join(" "));
    put("others", m.others.to_string());
    put("source", study.source.clone());
    match &m.lifts {
        Lifts::Counted(n) => {
            put("capacity", n.to_string());
            for (name, usual) in GROUP {
                put(name, usual.to_owned());
            }
        }
        Lifts::Group(g) => {
            let numbers = [
                g.floors.to_string(),
                g.population.to_string(),
                g.lifts.to_string(),
                g.persons.to_string(),
                g.speed.to_string(),
                g.floor_height.to_string(),
                g.cycle.to_string(),
                g.transfer.to_string(),
                g.express.to_string(),
            ];
            for ((name, _), value) in GROUP.iter().zip(numbers) {
                put(name, value);
            }
        }
    }
    if let Some(c) = m.clocks {
        put("devices", c.devices.to_string());
        put("per_minute", c.per_minute.to_string());
    }
    if let Some(n) = m.goods {
        put("goods", n.to_string());
    }
    for remedy in study.remedies() {
        put(&format!("r-{remedy}"), "1".into());
    }
    Ok(all)
}

/// Takes an enterprise's clock-ins as who comes when, and says so as the source.
pub fn take(fields: &mut Vec<(String, String)>, counted: &ClockIns, name: &str, lang: Lang) -> Result<()> {
    let people = counted.people()?.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    for (field, value) in [
        ("first", padded(counted.first_minute.unsigned_abs())),
        ("arrivals", people),
        ("source", lang.say("lifts.source_clock_ins", &[("what", name)])),
    ] {
        fields.retain(|(n, _)| n != field);
        fields.push((field.to_owned(), value));
    }
    Ok(())
}

/// As a browser's field for times wants it.
fn padded(minutes: u32) -> String {
    format!("{:0>5}", clock(minutes))
}

fn minutes(sent: &Sent<'_>, name: &'static str) -> Result<u32, Refusal> {
    let typed = sent.text(name).trim().replace('：', ":");
    let read = typed.split_once(':').and_then(|(h, m)| Some((h.parse::<u32>().ok()?, m.parse::<u32>().ok()?)));
    read.filter(|(h, m)| *h < 24 && *m < 60).map(|(h, m)| h * 60 + m).ok_or_else(|| Refusal::new("lifts_time").at(name))
}

fn number<T: std::str::FromStr>(sent: &Sent<'_>, name: &'static str) -> Result<T, Refusal> {
    sent.text(name).trim().parse().map_err(|_| Refusal::new("lifts_number").at(name))
}

fn optional<T: std::str::FromStr>(sent: &Sent<'_>, name: &'static str) -> Result<Option<T>, Refusal> {
    sent.given(name).map(|_| number(sent, name)).transpose()
}

/// Reads it back.
pub fn read(sent: &Sent<'_>) -> Result<(Morning, Vec<Remedy>), Refusal> {
    let typed = sent.text("arrivals");
    let arrivals: Option<Vec<u32>> =
        typed.split(|c: char| c.is_whitespace() || ",，、;；".contains(c)).filter(|w| !w.is_empty()).map(|w| w.parse().ok()).collect();
    let lifts = match optional(sent, "capacity")? {
        Some(counted) => Lifts::Counted(counted),
        None => Lifts::Group(LiftGroup {
            floors: number(sent, "floors")
                .map_err(|r| if sent.given("floors").is_none() { Refusal::new("lifts_either").at("capacity") } else { r })?,
            population: number(sent, "population")?,
            lifts: number(sent, "lifts")?,
            persons: number(sent, "persons")?,
            speed: number(sent, "speed")?,
            floor_height: number(sent, "floor_height")?,
            cycle: number(sent, "cycle")?,
            transfer: number(sent, "transfer")?,
            express: number(sent, "express")?,
        }),
    };
    let clocks = match optional(sent, "devices")? {
        Some(devices) => Some(Clocks { devices, per_minute: number(sent, "per_minute")? }),
        None => None,
    };
    let morning = Morning {
        first: minutes(sent, "first")?,
        start: minutes(sent, "start")?,
        arrivals: arrivals.ok_or_else(|| Refusal::new("lifts_number").at("arrivals"))?,
        lifts,
        others: number(sent, "others")?,
        clocks,
        goods: optional(sent, "goods")?,
    };
    let remedies = Remedy::ALL.iter().copied().filter(|r| sent.ticked(&format!("r-{r}"))).collect();
    Ok((morning, remedies))
}
