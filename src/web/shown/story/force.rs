//! How a resolution holds and ends, who says something to it, who objects: as steps of a story.

use super::sentences::label;
use super::{Step, Teller};
use crate::domain::journal::Entry;

/// The step of such a line; none for every other.
pub(super) fn of(t: &Teller<'_>, entry: &Entry, step: &Step) -> Option<Step> {
    let plain = |mark: &'static str, key: &str, with: &[(&str, &str)]| Some(Step { mark, head: t.say(key, with), ..step.clone() });
    let one = |mark: &'static str, key: &str, year: i32, serial: i32| plain(mark, key, &[("label", &label(t, year, serial))]);
    let two = |key: &str, [year, serial, by_year, by_serial]: [i32; 4]| {
        plain("reso", key, &[("label", &label(t, year, serial)), ("by", &label(t, by_year, by_serial))])
    };
    match *entry {
        Entry::ResolutionInForce { year, serial } => one("reso", "in_force", year, serial),
        Entry::ResolutionExpired { year, serial } => one("wd", "expired", year, serial),
        Entry::ResolutionSuperseded { year, serial, by_year, by_serial } => two("superseded", [year, serial, by_year, by_serial]),
        Entry::ResolutionAmended { year, serial, by_year, by_serial } => two("amended", [year, serial, by_year, by_serial]),
        Entry::ResolutionRepealed { year, serial, by_year, by_serial } => two("repealed", [year, serial, by_year, by_serial]),
        Entry::ResolutionConfirmed { year, serial, by_year, by_serial } => two("confirmed_again", [year, serial, by_year, by_serial]),
        Entry::MotionTaskSet { motion, organisation, .. } => {
            plain("task", "motion_task", &[("n", &motion.to_string()), ("of", &t.name(Some(organisation)))])
        }
        Entry::PartyNamed { year, serial, organisation } => {
            plain("reso", "party_named", &[("label", &label(t, year, serial)), ("of", &t.name(Some(organisation)))])
        }
        Entry::StatementEntered { year, serial, kind, organisation, .. } => {
            plain("ask", &format!("statement.{kind}"), &[("label", &label(t, year, serial)), ("of", &t.name(Some(organisation)))])
        }
        Entry::ObjectionRaised { year, serial, organisation, .. } => {
            plain("bad", "objection_raised", &[("label", &label(t, year, serial)), ("of", &t.name(Some(organisation)))])
        }
        Entry::ObjectionAnswered { year, serial, organisation, .. } => {
            plain("acc", "objection_answered", &[("label", &label(t, year, serial)), ("of", &t.name(Some(organisation)))])
        }
        Entry::ProgressReported { number, photos, .. } => {
            let by = t.m.tasks.iter().find(|x| x.number == number).map(|x| x.organisation_id);
            plain(
                "work",
                if photos > 0 { "progress_photos" } else { "progress" },
                &[("of", &t.name(by)), ("n", &number.to_string()), ("photos", &photos.to_string())],
            )
        }
        Entry::EffectFelt { .. } => plain("ask", "effect_felt", &[]),
        _ => None,
    }
}
