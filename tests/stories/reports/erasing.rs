//! Erasing, at the reporter's wish: nothing of them is left anywhere, and the report still counts.

use louyi::domain::attachments;
use louyi::domain::issues;
use louyi::domain::journal::Entry;
use louyi::domain::messages;
use louyi::domain::reports::{self, MayKnow, Release};
use louyi::kernel::text::TextHash;

use crate::support::photos::photo;
use crate::support::{Told, Town, on_both, refusal};

const CANARIES: [&str; 8] = ["金丝雀甲", "金丝雀乙", "金丝雀丙", "13900007777", "canary@example.com", "金丝雀丁", "canary-device", "金丝雀戊"];

async fn canary(town: &Town) -> Told {
    let told = town
        .says("金丝雀甲在电梯里唱歌")
        .named("金丝雀乙", "13900007777")
        .by_mail("canary@example.com")
        .working_at(&town.sunflower)
        .on_device("canary-device")
        .may_be_known_to(MayKnow::Secretary)
        .with_photo(photo(7))
        .files()
        .await;
    town.holder_of(&told)
        .gets(async |act| {
            let report = reports::by_id(act.tx(), told.report).await?;
            let issue = issues::hold_by_id(act, report.issue_id).await?;
            messages::add(act, &issue, &report, "金丝雀丙又唱了").await
        })
        .await;
    let report = town.report(&told).await;
    town.editor.gets(async |act| report.release_as_written(act).await).await;
    told
}

async fn erase(town: &Town, told: &Told) -> Vec<String> {
    let report = town.report(told).await;
    town.holder_of(told).gets(async |act| reports::erase(act, report).await).await
}

on_both! {
    async fn nothing_is_left_anywhere(town: Town) {
        let told = canary(&town).await;
        let before = town.everything().await;
        assert!(CANARIES[..5].iter().all(|c| before.contains(c)), "they were there");
        let line = louyi::kernel::journal::of_issue(town.house.read(), told.matter.0).await.unwrap()[1].entry::<Entry>().unwrap();
        let Entry::ReportReceived { words: Some(kept), .. } = line else { panic!("{line:?}") };
        let report = town.report(&told).await;
        let (salt, words) = (report.words_salt.unwrap(), report.words.unwrap());
        assert_eq!(kept, TextHash::of(&salt, &words), "while salt and words are there, the journal's hash shows that nothing was changed");

        erase(&town, &told).await;
        let after = town.everything().await;
        for c in CANARIES {
            assert!(!after.contains(c) && !after.contains(&hex::encode(c)), "{c} is still somewhere");
        }
        assert!(!after.contains(&hex::encode(&salt)), "without its salt the hash says nothing");
        assert!(after.contains(&kept.0));
        let report = town.report(&told).await;
        assert_eq!((report.words, report.words_salt, report.public_words, report.release), (None, None, None, Release::Nothing));
        assert_eq!(report.erased_at, Some(town.house.now()));
        assert_eq!(town.now(told.matter).await.reports, 1, "it still counts");
        assert_eq!(town.story(told.matter).await.last().unwrap(), "reporter_erased", "and the story says so");
        let report = town.report(&told).await;
        assert_eq!(refusal(town.holder_of(&told).does(async |act| reports::erase(act, report).await).await), "report_erased");
        assert!(reports::waiting_for_release(town.house.read(), town.tower.id, 10).await.unwrap().is_empty());
    }

    async fn a_summary_is_its_writers_and_stays(town: Town) {
        let told = town.reports("金丝雀甲").await;
        let report = town.report(&told).await;
        town.editor.gets(async |act| report.release_summary(act, "有人反映电梯里有鸟").await).await;
        erase(&town, &told).await;
        assert_eq!(town.report(&told).await.public_words.as_deref(), Some("有人反映电梯里有鸟"));
    }

    async fn pictures_go_and_those_of_others_stay(town: Town) {
        let told = town.says("电梯里有鸟").with_photo(photo(1)).with_photo(photo(2)).files().await;
        let other = town.says("我也看到").with_photo(photo(2)).joins(told.matter).await;
        assert_eq!(attachments::of_issue(town.house.read(), told.matter.0).await.unwrap().len(), 3);
        let files = erase(&town, &told).await;
        assert_eq!(files.len(), 2, "a picture and its small one; the shared one is still another's");
        let left = attachments::of_issue(town.house.read(), told.matter.0).await.unwrap();
        assert_eq!(left.iter().map(|a| a.report_id).collect::<Vec<_>>(), [Some(other.report)]);
    }
}
