//! Nothing that anybody said or wrote stands in the journal or the ledger: a canary in every text, and then silence.

use chrono::Duration;
use louyi::domain::announcements::{self, Written};
use louyi::domain::categories;
use louyi::domain::councils::Weight;
use louyi::domain::effect_checks::{self, Figure, NewMeasurement, Phase};
use louyi::domain::issues;
use louyi::domain::maintenance::{self, Rhythm};
use louyi::domain::meetings;
use louyi::domain::meetings::items::{self, Competence};
use louyi::domain::messages::{self, Voice};
use louyi::domain::motions::NewMotion;
use louyi::domain::reports::{self, MayKnow};
use louyi::domain::supervisions;
use louyi::domain::tasks::{self, ExtensionReason, Finding, StopReason};
use louyi::domain::undertakings;

use crate::support::{Town, on_both, verbs};

const CANARY: &str = "金丝雀";

/// Everything that people can write on the way from a poster to a checked effect; gives each text that was written.
async fn everybody_speaks(town: &Town) -> Vec<String> {
    let sung = std::sync::Mutex::new(vec![]);
    let words = |of: &str| {
        let text = format!("{CANARY}{of}唱了一首歌");
        sung.lock().unwrap().push(text.clone());
        text
    };
    let told = town
        .says(&words("报事"))
        .named(CANARY, "13900008888")
        .by_mail("jinsique@example.com")
        .working_at(&town.sunflower)
        .may_be_known_to(MayKnow::Secretary)
        .files()
        .await;
    let m = told.matter;
    town.says(&words("同感")).joins(m).await;
    town.staff.accepts(m, &words("受理")).await.unwrap();
    town.staff.asks(m, &words("追问")).await.unwrap();
    for voice in [Voice::Reporters, Voice::Parties, Voice::Internal] {
        town.staff.says(m, voice, &words(voice.as_str())).await.unwrap();
    }
    town.holder_of(&told)
        .gets(async |act| {
            let report = reports::by_id(act.tx(), told.report).await?;
            let issue = issues::hold_by_id(act, report.issue_id).await?;
            messages::add(act, &issue, &report, &words("补充")).await
        })
        .await;
    town.secretary.releases(m, &words("标题"), &words("摘要")).await.unwrap();
    let report = town.report(&told).await;
    town.editor.gets(async |act| report.release_summary(act, &words("放出")).await).await;
    let report = town.report(&told).await;
    town.secretary.gets(async |act| reports::read_identity(act, &report).await).await;
    town.staff.shelves(m, &words("计划"), "2027-03-01").await.unwrap();
    town.staff.resumes(m).await.unwrap();

    let task = town.staff.dispatches(m, &town.contractor, &words("派单")).await.unwrap();
    town.fitter.on_task(task.id, async |act, t, i| t.stop_clock(act, i, StopReason::Part, &words("停钟")).await).await.unwrap();
    for (why, answer) in [("延期", "同意延期"), ("又延期", "不同意延期")] {
        let (asked, answered) = (words(why), words(answer));
        town.fitter.on_task(task.id, async |act, t, i| t.ask_extension(act, i, ExtensionReason::Part, 1, &asked).await).await.unwrap();
        let granter = if why == "延期" { &town.staff } else { &town.officer };
        granter
            .on_task(task.id, async |act, t, i| match why {
                "延期" => t.grant_extension(act, i, &answered).await,
                _ => t.refuse_extension(act, i, &answered).await,
            })
            .await
            .unwrap();
    }
    town.fitter.finishes(task.id, &words("证据")).await.unwrap();
    town.staff.on_task(task.id, async |act, t, i| t.send_back(act, i, &words("退回")).await).await.unwrap();
    town.fitter.finishes(task.id, &words("又一次")).await.unwrap();
    let other = town.staff.dispatches(m, &town.egret, &words("另派")).await.unwrap();
    town.neighbour.on_task(other.id, async |act, t, i| t.give_back(act, i, &words("退单")).await).await.unwrap();

    town.secretary.nominates(m).await.unwrap();
    let meeting = town.secretary.drafts_meeting(town, 8).await.unwrap().id;
    let item = town.secretary.lists(meeting, m).await.unwrap().id;
    let (title, question, papers) = (words("议题"), words("问题"), words("材料"));
    town.secretary.gets(async |act| items::by_id(act.tx(), item).await?.prepare(act, &title, &question, Competence::Council, &papers).await).await;
    town.secretary.calls(meeting).await.unwrap();
    town.lets_pass(Duration::days(8));
    town.convenor.opens(meeting).await.unwrap();
    let due = town.house.now() + Duration::days(20);
    let u = town.secretary.asks_to_sign(item, &town.manager, &words("承诺"), due).await.unwrap();
    town.staff.gets(async |act| undertakings::by_id(act.tx(), u.id).await?.ask_changes(act, &words("修改")).await).await;
    town.staff.signs(u.id).await.unwrap();
    let session = verbs::Session { matter: m, meeting, item };
    let (title, text, reasons) = (words("动议"), words("动议的正文"), words("理由"));
    let new = NewMotion {
        title: &title,
        words: &text,
        reasons: &reasons,
        promise: Some(verbs::promise()),
        check_days: "14",
        supersedes: None,
        amends: None,
        weight: Weight::Ordinary,
        terms: Default::default(),
    };
    let r = town.carries(&session, new).await;
    town.editor.publishes(&r).await.unwrap();
    town.convenor.closes(meeting).await.unwrap();
    let minutes = words("纪要");
    town.secretary.at_meeting(meeting, async |act, m| m.save_minutes(act, &minutes).await?.send_minutes(act).await).await.unwrap();
    let there = meetings::by_id(town.house.read(), meeting).await.unwrap().minutes_standing(town.house.read()).await.unwrap().there;
    for who in town.members.iter().filter(|w| there.contains(&w.id)) {
        let shown = meetings::by_id(town.house.read(), meeting).await.unwrap().draft_hash().unwrap_or_default();
        who.at_meeting(meeting, async |act, m| m.sign_minutes(act, who.id, &shown).await).await.unwrap();
    }
    town.secretary.at_meeting(meeting, async |act, m| m.adopt_minutes(act).await).await.unwrap();
    let task = tasks::of_resolution(town.house.read(), r.id).await.unwrap().remove(0);
    town.staff.finishes(task.id, &words("落实")).await.unwrap();
    town.staff.says_done(m, &words("办妥")).await.unwrap();
    town.secretary
        .gets(async |act| {
            let issue = issues::hold_by_id(act, m.0).await?;
            let (label, source) = (words("指标"), words("来源"));
            let new = NewMeasurement {
                figure: Figure::Other,
                label: &label,
                unit: CANARY,
                decimals: 0,
                value: 1,
                phase: Phase::After,
                sample: None,
                source: &source,
            };
            effect_checks::measure(act, &issue, new).await?;
            let check = effect_checks::of_issue(act.tx(), m.0).await?.remove(0);
            check.make(act, issue, 46, &words("核验")).await
        })
        .await;
    town.secretary.confirms_for_the_council(m).await.unwrap();
    let slow = town.reports(&words("没人理")).await.matter;
    town.lets_working_days_pass(6);
    town.lets_pass(Duration::hours(9));
    supervisions::raise_due(&town.house).await.unwrap();
    let (note, by) = (words("督办"), (town.house.now() + Duration::days(7)).format("%Y-%m-%d").to_string());
    town.officer.gets(async |act| supervisions::note(act, &issues::hold_by_id(act, slow.0).await?, &note, &by).await).await;
    let (title, said) = (words("公告"), words("公告里"));
    town.staff
        .gets(async |act| {
            let (starts_at, ends_at) = (act.at, act.at + Duration::days(1));
            let mut new = Written { title: &title, words: "", category: None, places: &[], starts_at, ends_at };
            let made = announcements::write(act, &town.tower, &new).await?;
            new.words = &said;
            made.correct(act, &new).await?.end(act).await
        })
        .await;
    let (title, said, steps, safety) = (words("保养"), words("保养里"), words("步骤"), words("安全"));
    let plan = town
        .staff
        .gets(async |act| {
            let first_day = act.calendar().date_of(act.at).to_string();
            let new = maintenance::Written {
                title: &title,
                words: &said,
                steps: &steps,
                safety: &safety,
                category: "hvac.temp",
                place: None,
                organisation: &town.contractor,
                person: None,
                rhythm: Rhythm::Days,
                every: 30,
                first_day: &first_day,
                within: 1,
            };
            maintenance::write(act, &town.tower, &new).await
        })
        .await;
    maintenance::make_due(&town.house).await.unwrap();
    let round = maintenance::rounds_of(town.house.read(), &plan, town.house.now(), 1).await.unwrap().remove(0).number.unwrap();
    let round = issues::by_number(town.house.read(), town.tower.id, round).await.unwrap();
    let task = tasks::of_issue(town.house.read(), round.id).await.unwrap().remove(0);
    let (found, why) = (words("发现的"), words("不做了"));
    town.fitter
        .on_task(task.id, async |act, t, i| {
            let category = categories::named("env.waste")?;
            t.found(act, i, Finding { place: &town.gate, category, words: &found, photos: vec![] }).await
        })
        .await
        .unwrap();
    town.staff.gets(async |act| plan.clone().end(act, &town.tower, &why).await).await;
    let declined = town.reports(&words("另一件")).await;
    town.staff.declines(declined.matter, "out_of_scope", &words("不受理")).await.unwrap();
    sung.into_inner().unwrap()
}

on_both! {
    async fn a_canary_in_every_text(town: Town) {
        let sung = everybody_speaks(&town).await;
        let everything = town.everything().await;
        let lost: Vec<&String> = sung.iter().filter(|text| !everything.contains(text.as_str())).collect();
        assert!(lost.is_empty(), "what was written is kept somewhere: {lost:?}");
        for table in ["journal", "ledger_entries", "ledger_head", "outbox", "reminders"] {
            let rows = town.rows_of(table).await;
            for trace in [CANARY, "13900008888", "jinsique", "唱了一首歌"] {
                let found = rows.lines().find(|l| l.contains(trace));
                assert!(found.is_none(), "{table}: {found:?}");
            }
        }
        let ledger = town.rows_of("ledger_entries").await;
        assert!(ledger.lines().count() >= 3, "and yet something was published");
    }
}
