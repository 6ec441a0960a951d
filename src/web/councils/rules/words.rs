//! Rules of procedure in words.

use crate::domain::councils::rules::Weighing;
use crate::domain::councils::{Basis, Rules, Weight};
use crate::kernel::i18n::Lang;

/// One sentence per rule.
pub fn in_words(rules: &Rules, lang: Lang) -> Vec<String> {
    let n = |x: i32| x.to_string();
    let say = |key: &str, with: &[(&str, String)]| {
        let with: Vec<(&str, &str)> = with.iter().map(|(k, v)| (*k, v.as_str())).collect();
        lang.say(&format!("councils.rules.{key}"), &with)
    };
    let share = |weight: Weight| rules.majority(weight).map(|t| crate::web::councils::sum::share(t, lang)).unwrap_or_default();
    let basis = match rules.basis {
        Basis::All => "basis_all",
        Basis::Present => "basis_present",
    };
    let proxy = if rules.allow_proxy { "proxy_yes" } else { "proxy_no" };
    let days = rules.follow_up_days.replace(',', &lang.t("councils.rules.and"));
    let weighed = match [Weight::Ordinary, Weight::Major].map(|w| rules.weighing(w)) {
        [Weighing::Seat, Weighing::Seat] => None,
        [Weighing::Enterprise, Weighing::Seat] => Some("weighed_ordinary"),
        [Weighing::Seat, Weighing::Enterprise] => Some("weighed_major"),
        [Weighing::Enterprise, Weighing::Enterprise] => Some("weighed_all"),
    };
    let weights =
        [("small", n(rules.weight_small)), ("middle", n(rules.weight_middle)), ("large", n(rules.weight_large)), ("huge", n(rules.weight_huge))];
    let mut all = vec![
        say("seats", &[]),
        say("meets", &[("months", n(rules.meeting_months))]),
        say("notice", &[("days", n(rules.notice_days)), ("hours", n(rules.urgent_notice_hours))]),
        say("quorum", &[]),
        say(basis, &[("share", share(Weight::Ordinary))]),
        say("major", &[("share", share(Weight::Major))]),
        say("speaking", &[("n", n(rules.speaking_minutes))]),
        say("written", &[("days", n(rules.written_days))]),
        say("tie", &[]),
        say("recusal", &[]),
        say(proxy, &[]),
        say("minutes", &[("days", n(rules.minutes_days)), ("publish", n(rules.publish_days))]),
        say("display", &[("days", n(rules.display_days)), ("major", n(rules.display_days_major)), ("answer", n(rules.objection_answer_days))]),
        say("follow_up", &[("days", days)]),
        say("petition", &[("n", n(rules.petition_workers))]),
    ];
    if let Some(key) = weighed {
        all.insert(1, say(key, &weights));
    }
    all
}
