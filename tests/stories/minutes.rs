//! Minutes: a draft that is kept, signatures that hold for what was signed, remarks that are answered, adoption.

use chrono::Duration;
use louyi::domain::meetings::items;
use louyi::domain::meetings::minutes::{parts, signing};
use louyi::domain::meetings::publicity::NotPublic;
use louyi::domain::meetings::{self, Meeting};
use louyi::kernel::error::{Error, Result};
use louyi::kernel::ids::MeetingId;
use louyi::kernel::outbox::Address;
use louyi::kernel::publog;

use crate::support::{Town, Who, on_both, refusal};

const WORDS: &str = "会上说了电梯的事，大家同意再议。";

/// A meeting at which five seats were taken, closed.
async fn closed(town: &Town) -> MeetingId {
    let told = town.reports("电梯").await;
    let session = town.council_meets_about(told.matter).await;
    town.are_seated(session.meeting, 1..=4).await;
    town.secretary.gets(async |act| items::by_id(act.tx(), session.item).await?.withdraw(act).await).await;
    town.convenor.closes(session.meeting).await.unwrap();
    session.meeting
}

async fn saves(town: &Town, id: MeetingId, words: &str) -> Result<Meeting> {
    town.secretary.at_meeting(id, async |act, m| m.save_minutes(act, words).await).await
}

async fn sends(town: &Town, id: MeetingId) -> Result<Meeting> {
    town.secretary.at_meeting(id, async |act, m| m.send_minutes(act).await).await
}

async fn adopts(town: &Town, id: MeetingId) -> Result<Meeting> {
    town.secretary.at_meeting(id, async |act, m| m.adopt_minutes(act).await).await
}

async fn signs(town: &Town, id: MeetingId, who: &Who) -> Result<()> {
    let shown = meetings::by_id(town.house.read(), id).await?.draft_hash().unwrap_or_default();
    who.at_meeting(id, async |act, m| m.sign_minutes(act, who.id, &shown).await).await
}

on_both! {
    async fn more_than_half_of_those_present_sign(town: Town) {
        let id = closed(&town).await;
        assert_eq!(refusal(sends(&town, id).await), "minutes_undrafted");
        assert_eq!(refusal(adopts(&town, id).await), "minutes_unsent");
        saves(&town, id, WORDS).await.unwrap();
        assert_eq!(refusal(signs(&town, id, &town.members[0]).await), "minutes_unsent");
        sends(&town, id).await.unwrap();
        assert_eq!(refusal(sends(&town, id).await), "minutes_sent");
        assert_eq!(town.letters("minutes_to_sign").await.len(), 4);
        assert_eq!(refusal(signs(&town, id, &town.members[8]).await), "not_there");
        for n in [0, 1, 1] {
            signs(&town, id, &town.members[n]).await.unwrap();
        }
        assert_eq!(refusal(adopts(&town, id).await), "minutes_unsigned", "two of four are not more than half");
        // Changed, it is signed anew; what was signed before stays known.
        saves(&town, id, "会上说了电梯的事，大家同意下次再议。").await.unwrap();
        assert_eq!(refusal(adopts(&town, id).await), "minutes_unsent");
        sends(&town, id).await.unwrap();
        let now = meetings::by_id(town.house.read(), id).await.unwrap();
        assert!(now.minutes_standing(town.house.read()).await.unwrap().signed.is_empty());
        let old = town.members[2].at_meeting(id, async |act, m| m.sign_minutes(act, town.members[2].id, "00").await).await;
        assert!(matches!(old, Err(Error::Conflict)), "what was shown is no longer what stands");
        for n in 0..3 {
            signs(&town, id, &town.members[n]).await.unwrap();
        }
        assert_eq!(signing::of_meeting(town.house.read(), id).await.unwrap().len(), 5);
        let adopted = adopts(&town, id).await.unwrap();
        let entry = publog::about(town.house.read(), id).await.unwrap().pop().expect("an entry");
        assert!(entry.body.contains(&adopted.minutes_hash.unwrap()) && entry.body.contains("\"signed\":3") && !entry.body.contains("电梯"), "{}", entry.body);
        assert_eq!(refusal(saves(&town, id, WORDS).await), "minutes_adopted");
        assert_eq!(refusal(signs(&town, id, &town.members[3]).await), "minutes_adopted");
    }

    async fn or_the_days_of_the_rules_pass(town: Town) {
        let id = closed(&town).await;
        saves(&town, id, WORDS).await.unwrap();
        sends(&town, id).await.unwrap();
        town.lets_pass(Duration::days(3) - Duration::minutes(1));
        assert_eq!(refusal(adopts(&town, id).await), "minutes_unsigned");
        town.lets_pass(Duration::minutes(1));
        adopts(&town, id).await.unwrap();
    }

    async fn a_remark_is_kept_and_answered(town: Town) {
        let id = closed(&town).await;
        saves(&town, id, WORDS).await.unwrap();
        let remarks = async |who: &Who, words: &str| who.at_meeting(id, async |act, m| m.remark(act, who.id, words).await).await;
        assert_eq!(refusal(remarks(&town.members[0], "不对").await), "minutes_unsent");
        sends(&town, id).await.unwrap();
        assert_eq!(refusal(remarks(&town.members[0], "").await), "empty");
        assert_eq!(refusal(remarks(&town.members[8], "我不在").await), "not_there");
        remarks(&town.members[0], "是下周再议，不是再议。").await.unwrap();
        for n in 0..4 {
            signs(&town, id, &town.members[n]).await.unwrap();
        }
        assert_eq!(refusal(adopts(&town, id).await), "remarks_open");
        let answers = async |yes, words: &str| town.secretary.at_meeting(id, async |act, m| m.answer_remark(act, 1, yes, words).await).await;
        assert_eq!(refusal(answers(false, "").await), "empty");
        answers(false, "会上没有说哪一周。").await.unwrap();
        assert_eq!(refusal(answers(true, "").await), "remark_answered");
        assert_eq!(town.letters("remark_answered").await, [Address::Person(town.members[0].id)]);
        adopts(&town, id).await.unwrap();
        let kept = signing::remarks(town.house.read(), id).await.unwrap();
        assert_eq!((kept.len(), kept[0].taken_up), (1, Some(false)));
    }

    async fn what_is_not_public_stands_between_its_marks(town: Town) {
        let told = town.reports("电梯").await;
        let session = town.council_meets_about(told.matter).await;
        town.secretary.gets(async |act| items::by_id(act.tx(), session.item).await?.withhold(act, NotPublic::Personal, "").await).await;
        town.secretary.gets(async |act| items::by_id(act.tx(), session.item).await?.withdraw(act).await).await;
        town.convenor.closes(session.meeting).await.unwrap();
        let title = items::by_id(town.house.read(), session.item).await.unwrap().title;
        let id = session.meeting;
        assert_eq!(refusal(saves(&town, id, "开头。\n【不公开：个人信息】\n没有收尾。").await), "minutes_marks");
        assert_eq!(refusal(saves(&town, id, "开头不对。\n【以下公开】\n没有开头。").await), "minutes_marks");
        saves(&town, id, &format!("开会。\n第1题 {title}\n散会。")).await.unwrap();
        sends(&town, id).await.unwrap();
        assert_eq!(refusal(adopts(&town, id).await), "minutes_tell", "its title stands in the open");
        let words = format!("开会。\n【不公开：涉及个人信息】\n第1题 {title}\n【以下公开】\n散会。");
        saves(&town, id, &words).await.unwrap();
        sends(&town, id).await.unwrap();
        adopts(&town, id).await.unwrap();
        assert_eq!(parts::public(&words, |why| format!("（{why}）")), "开会。\n（涉及个人信息）\n散会。");
    }
}
