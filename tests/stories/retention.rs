//! What is kept goes when the table says so: each kind once a night, counted, and everything else stays.

use chrono::Duration;
use louyi::domain::attachments;
use louyi::domain::reports::{self, Answer, MayKnow};
use louyi::domain::retention::{self, CONTACT_DAYS, Cleaning, KEPT, Long, PHOTO_DAYS};
use louyi::domain::subscriptions;
use louyi::kernel::act::House;
use louyi::kernel::journal;
use louyi::kernel::keys::Keys;
use rocket::http::Status;
use rocket::tokio;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::support::people::About;
use crate::support::photos::photo;
use crate::support::{Told, Town, on_both};

const TRACES: [&str; 4] = ["金丝雀乙", "13900007777", "canary@example.com", "七十七层半"];

fn canary(town: &Town) -> About<'_> {
    let about = town.says("金丝雀甲在电梯里唱歌").named("金丝雀乙", "13900007777").by_mail("canary@example.com");
    about.on_floor("七十七层半").on_device("canary-device").may_be_known_to(MayKnow::Secretary)
}

async fn closes(town: &Town, told: &Told) {
    town.staff.accepts(told.matter, "收到").await.expect("accepted");
    let task = town.staff.dispatches(told.matter, &town.manager, "修好它，再试一遍").await.expect("dispatched");
    town.staff.finishes(task.id, "修好了，试过").await.expect("finished");
    town.staff.says_done(told.matter, "修好了，试过").await.expect("said done");
    town.holder_of(told).answers(told, Answer::Yes).await.expect("confirmed");
}

/// The counts of a kind that the journal has, oldest first.
async fn counted(town: &Town, what: Cleaning) -> Vec<String> {
    let lines = journal::Entity::find().all(town.house.read()).await.expect("lines");
    let own = format!("\"what\":\"{what}\"");
    lines.into_iter().filter(|l| l.act == "cleaned_up" && l.data.contains(&own)).map(|l| l.data).collect()
}

async fn night(town: &Town, days: i64) {
    town.lets_pass(Duration::days(days));
    retention::tonight(&town.house).await.expect("a night");
}

async fn another_process(town: &Town) -> House {
    let db = louyi::kernel::db::Db::open(&town.url).await.expect("opens");
    House::new(db, town.house.clock().clone(), crate::support::calendar(), Keys::fixed(7), town.house.settings().clone())
}

on_both! {
    /// How to reach somebody goes ninety days after their matter has closed; what they wrote stays and is nobody's.
    async fn contact_goes_ninety_days_after_closing(town: Town) {
        let told = canary(&town).working_at(&town.egret).on_floor("七十七层半").files().await;
        let open = town.says("还没好").named("林晓棠", "13800000000").may_be_known_to(MayKnow::Secretary).files().await;
        closes(&town, &told).await;
        night(&town, CONTACT_DAYS - 1).await;
        let before = town.rows_of("reporters").await;
        assert!(TRACES.iter().all(|t| before.contains(t)), "{before}");
        night(&town, 2).await;
        let after = town.rows_of("reporters").await;
        assert!(!TRACES.iter().any(|t| after.contains(t)) && !after.contains(&hex::encode("canary-device")), "{after}");
        assert!(after.contains("林晓棠"), "an open matter's reporter can still be reached");
        assert_eq!(town.report(&told).await.words.as_deref(), Some("金丝雀甲在电梯里唱歌"));
        assert_eq!(counted(&town, Cleaning::Contact).await, [r#"{"n":1,"what":"contact"}"#]);
        night(&town, 1).await;
        assert_eq!(counted(&town, Cleaning::Contact).await.len(), 1, "what is gone is not counted again");
        assert!(town.report(&open).await.withdrawn_at.is_none());
    }

    /// Five or more of one organisation are a number that was told; fewer would point at somebody.
    async fn an_organisation_stays_only_as_a_number(town: Town) {
        let first = town.says("排队").working_at(&town.sunflower).on_device("0").files().await;
        for n in 1..5 {
            town.says("").working_at(&town.sunflower).on_device(&n.to_string()).joins(first.matter).await;
        }
        town.says("").working_at(&town.egret).on_device("9").joins(first.matter).await;
        assert_eq!(reports::known_units(town.house.read(), first.matter.0).await.expect("a number"), 1);
        town.staff.accepts(first.matter, "收到").await.expect("accepted");
        town.staff.declines(first.matter, "out_of_scope", "不归物业").await.expect("declined");
        night(&town, CONTACT_DAYS + 1).await;
        assert_eq!(reports::known_units(town.house.read(), first.matter.0).await.expect("a number"), 1);
        let rows = town.rows_of("reporters").await;
        let hex = |id: uuid::Uuid| if town.house.db().is_postgres() { id.to_string() } else { id.simple().to_string() };
        assert!(rows.contains(&hex(town.sunflower.id.0)) && !rows.contains(&hex(town.egret.id.0)), "{rows}");
    }

    /// Photos that nobody released go a year after closing, from the disk too; those that everybody saw stay.
    async fn unreleased_photos_go_after_a_year(town: Town) {
        let told = town.says("灯坏了").with_photo(photo(7)).with_photo(photo(8)).files().await;
        let pictures = attachments::of_report(town.house.read(), told.report).await.expect("pictures");
        let (shown, kept) = (pictures[0].clone(), pictures[1].clone());
        town.secretary.gets(async |act| shown.clone().release(act, town.tower.id).await).await;
        closes(&town, &told).await;
        night(&town, PHOTO_DAYS - 1).await;
        assert_eq!(attachments::of_report(town.house.read(), told.report).await.expect("pictures").len(), 2);
        night(&town, 2).await;
        let left = attachments::of_report(town.house.read(), told.report).await.expect("pictures");
        assert_eq!(left.iter().map(|p| p.id).collect::<Vec<_>>(), [shown.id]);
        assert!(louyi::kernel::files::fetch(&town.house, &kept.hash).await.expect("looks").is_none(), "the bytes are gone");
        assert!(louyi::kernel::files::fetch(&town.house, &shown.hash).await.expect("looks").is_some());
        assert_eq!(counted(&town, Cleaning::Photos).await, [r#"{"n":1,"what":"photos"}"#]);
    }

    /// Once a night whoever comes first, not before three, and what comes due later waits for the next night.
    async fn once_a_night_whoever_comes_first(town: Town) {
        let told = canary(&town).files().await;
        closes(&town, &told).await;
        town.lets_pass(Duration::days(CONTACT_DAYS + 1));
        let day = town.house.now().date_naive();
        town.it_is(&format!("{} 02:59", day + chrono::Days::new(1)));
        assert_eq!(retention::tonight(&town.house).await.expect("a night"), 0);
        assert!(counted(&town, Cleaning::Contact).await.is_empty());
        town.it_is(&format!("{} 03:01", day + chrono::Days::new(1)));
        let other = another_process(&town).await;
        let (a, b) = tokio::join!(retention::tonight(&town.house), retention::tonight(&other));
        assert!(a.expect("a night") + b.expect("a night") > 0, "one of them did it");
        assert_eq!(counted(&town, Cleaning::Contact).await.len(), 1);
        let rows = town.rows_of("cleanups").await;
        assert_eq!(rows.lines().count(), Cleaning::ALL.len(), "{rows}");
        town.lets_pass(Duration::hours(6));
        assert_eq!(retention::tonight(&other).await.expect("a night"), 0, "the night's work is done");
        assert_eq!(town.rows_of("cleanups").await, rows);
    }

    /// Sessions, counters, addresses that nobody confirmed and letters sent long ago go by the same night.
    async fn the_rest_goes_too(town: Town) {
        let site = town.site().await;
        let page = "/b/tingqiao/follow";
        site.visitor().does(page, page, &[("email", "canary@example.com")]).await;
        site.signed_in(&town.staff).await;
        louyi::jobs::round(&town.house).await.expect("a round");
        assert!(subscriptions::Entity::find().count(town.house.read()).await.expect("rows") == 1 && !town.rows_of("rate_limits").await.is_empty());
        assert!(!town.rows_of("kept_mails").await.is_empty());
        night(&town, 4).await;
        assert_eq!(subscriptions::Entity::find().count(town.house.read()).await.expect("rows"), 0);
        assert!(town.rows_of("rate_limits").await.is_empty());
        night(&town, 90).await;
        assert!(town.rows_of("kept_mails").await.is_empty() && town.rows_of("sessions").await.is_empty());
        for what in [Cleaning::Subscriptions, Cleaning::Limits, Cleaning::Sessions, Cleaning::Letters] {
            assert_eq!(counted(&town, what).await.len(), 1, "{what}");
        }
    }

    /// The page says what the table says, in both languages.
    async fn the_privacy_page_is_the_table(town: Town) {
        let site = town.site().await;
        for (reader, days, law) in [(site.visitor(), "满90天", "个人信息保护法第"), (site.visitor().in_english(), "90 days", "PIPL art.")] {
            let page = reader.reads("/privacy").await;
            assert!(page.says(days) && page.says("365") && page.says(law), "{}", page.text());
            page.hides("⟨");
            let rows = page.body.matches("<th scope=\"row\">").count();
            assert_eq!(rows, KEPT.len());
        }
        let cleaned: Vec<Cleaning> = KEPT.iter().filter_map(|k| k.cleaning).collect();
        assert!(Cleaning::ALL.iter().all(|c| cleaned.contains(c)), "a clean-up that no row speaks of");
        let for_ever = |long| matches!(long, Long::UntilAsked | Long::UntilLeft | Long::ForGood | Long::OfNobody);
        assert!(KEPT.iter().all(|k| k.cleaning.is_none() == for_ever(k.long)), "what has a time has a clean-up");
    }

    /// Whoever holds a receipt reads all that is kept about them, and takes it along; nobody else does.
    async fn everything_about_oneself_to_take_along(town: Town) {
        let told = canary(&town).working_at(&town.egret).with_photo(photo(7)).files().await;
        let other = town.says("别人的话").files().await;
        town.staff.accepts(told.matter, "下午去看").await.expect("accepted");
        let report = town.report(&told).await;
        town.secretary.gets(async |act| reports::read_identity(act, &report).await).await;
        let site = town.site().await;
        let own = format!("/r/{}", told.receipt);
        site.visitor().reads(&own).await.shows(&format!("{own}/export"));
        let page = site.visitor().reads(&format!("{own}/export")).await;
        for words in ["金丝雀甲在电梯里唱歌", "金丝雀乙", "13900007777", "canary@example.com", "白鹭设计", "议事会秘书", "办结以后才开始算"] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
        assert!(!page.says("别人的话") && page.header("cache-control") == Some("no-store"));
        page.hides("⟨");
        let english = site.visitor().in_english().reads(&format!("{own}/export")).await;
        english.hides("⟨");
        let file = site.visitor().reads(&format!("{own}/export.json")).await;
        let json: serde_json::Value = serde_json::from_str(&file.body).expect("JSON");
        assert_eq!(json["louyi_export"], 1);
        assert_eq!(json["report"]["words"], "金丝雀甲在电梯里唱歌");
        assert_eq!((&json["contact"]["mail"], &json["contact"]["device"]), (&"canary@example.com".into(), &true.into()));
        assert_eq!(json["photos"].as_array().map(Vec::len), Some(1));
        assert_eq!(json["read_by"][0]["role"], "secretary");
        assert!(!file.body.contains(&told.report.0.to_string()) && !file.body.contains("别人的话"));
        assert_eq!(site.visitor().opens("/r/AAAAAAAAAAAAAAAAAAAAAA/export.json").await.status, Status::NotFound);
        assert!(town.report(&other).await.erased_at.is_none());
        let report = town.report(&told).await;
        town.holder_of(&told).gets(async |act| reports::erase(act, report).await).await;
        let file = site.visitor().reads(&format!("{own}/export.json")).await;
        assert!(!["金丝雀", "13900007777", "canary@"].iter().any(|t| file.body.contains(t)), "{}", file.body);
        site.visitor().reads(&format!("{own}/export")).await.hides("⟨");
    }
}
