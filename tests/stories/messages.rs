//! Messages in three voices that are never mixed up.

use louyi::domain::issues;
use louyi::domain::messages::{self, Voice};
use louyi::domain::reports;
use louyi::kernel::error::Result;
use louyi::kernel::outbox::Address;

use crate::support::{Matter, Told, Town, on_both, refusal};

async fn reads(town: &Town, told: &Told) -> Vec<String> {
    let issue = town.report(told).await.issue_id;
    let all = messages::for_report(town.house.read(), issue, told.report).await.unwrap();
    all.into_iter().map(|m| m.words.unwrap_or_default()).collect()
}

async fn adds(town: &Town, told: &Told, words: &str) -> Result<()> {
    town.holder_of(told)
        .does(async |act| {
            let report = reports::by_id(act.tx(), told.report).await?;
            let issue = issues::hold_by_id(act, report.issue_id).await?;
            messages::add(act, &issue, &report, words).await
        })
        .await
}

async fn open_questions(town: &Town, matter: Matter) -> usize {
    let all = messages::of_issue(town.house.read(), matter.0).await.unwrap();
    all.iter().filter(|m| m.question && m.answered_at.is_none()).count()
}

on_both! {
    async fn reporters_read_their_voice_only(town: Town) {
        let a = town.says("电梯排队").by_mail("a@example.com").files().await;
        let b = town.says("我也是").by_mail("b@example.com").joins(a.matter).await;
        town.staff.says(a.matter, Voice::Reporters, "正在与企业协调").await.unwrap();
        town.staff.says(a.matter, Voice::Parties, "请提供班次表").await.unwrap();
        town.staff.says(a.matter, Voice::Internal, "这家很难谈").await.unwrap();
        adds(&town, &a, "早上八点半最挤").await.unwrap();
        adds(&town, &b, "下班也挤").await.unwrap();
        assert_eq!(reads(&town, &a).await, ["正在与企业协调", "早上八点半最挤"]);
        assert_eq!(reads(&town, &b).await, ["正在与企业协调", "下班也挤"], "nobody reads what another reporter wrote");
        let mut told = town.letters("message").await;
        told.sort_by_key(|a| format!("{a:?}"));
        let mut both = vec![Address::Report(a.report), Address::Report(b.report)];
        both.sort_by_key(|a| format!("{a:?}"));
        assert_eq!(told, both, "one letter each, for the one message that was to them");
    }

    async fn a_question_waits_for_its_answer(town: Town) {
        let told = town.reports("有异味").await;
        town.staff.asks(told.matter, "是哪一层的走廊？").await.unwrap();
        assert_eq!(open_questions(&town, told.matter).await, 1);
        assert!(town.report(&told).await.first_answered_at.is_some(), "a question is an answer, too");
        adds(&town, &told, "十八层").await.unwrap();
        assert_eq!(open_questions(&town, told.matter).await, 0);
        assert_eq!(town.story(told.matter).await[2..], ["question_asked", "first_answered", "question_answered"]);
        assert!(town.letters("reporter_added").await.contains(&Address::Person(town.staff.id)));
        adds(&town, &told, "靠近茶水间").await.unwrap();
        assert_eq!(town.story(told.matter).await.last().unwrap(), "message_sent");
    }

    async fn nothing_empty_and_nothing_too_long(town: Town) {
        let told = town.reports("有异味").await;
        assert_eq!(refusal(town.staff.says(told.matter, Voice::Reporters, " \u{200f}\u{7} ").await), "empty");
        assert_eq!(refusal(adds(&town, &told, &"楼".repeat(2001)).await), "too_long");
        adds(&town, &told, &"𠮷😀".repeat(1000)).await.expect("two thousand characters, whatever their bytes");
    }

    async fn who_follows_no_more_gets_no_letter(town: Town) {
        let told = town.says("电梯排队").by_mail("a@example.com").files().await;
        let report = town.report(&told).await;
        town.holder_of(&told).gets(async |act| report.unfollow(act).await).await;
        town.letters_arrive().await;
        town.staff.says(told.matter, Voice::Reporters, "正在协调").await.unwrap();
        assert!(town.letters("message").await.is_empty());
        assert_eq!(reads(&town, &told).await, ["正在协调"], "the receipt's page tells all the same");
    }
}
