//! What the holder of a receipt can do, and what nobody else can.

use louyi::domain::attachments;
use louyi::domain::issues::{ClosedBy, IssueState};
use louyi::domain::reports::{self, MayKnow};
use rocket::http::{ContentType, Status};

use super::pictures;
use super::reports::{FILES, FORM, fields, filled, receipt};
use crate::support::browser::Chosen;
use crate::support::{Matter, Told, Town, on_both};

/// Somebody reports, staff take it on and say that it is done.
async fn done(town: &Town, words: &str) -> Told {
    let told = town.says(words).about("hvac.temp").files().await;
    town.staff.accepts(told.matter, "收到").await.expect("accepts");
    let task = town.staff.dispatches(told.matter, &town.manager, "修好它").await.expect("dispatches");
    town.staff.finishes(task.id, "修好了，试过").await.expect("finishes");
    town.staff.says_done(told.matter, "修好了，试过").await.expect("done");
    told
}

async fn state(town: &Town, matter: Matter) -> (IssueState, Option<ClosedBy>) {
    let issue = town.now(matter).await;
    (issue.state, issue.closed_by)
}

on_both! {
    async fn a_receipt_says_what_happens_next_and_by_when(town: Town) {
        let told = town.reports("排队排到门外").await;
        let page = town.site().await.visitor().reads(&format!("/r/{}", told.receipt)).await;
        for words in ["您说的事，楼里记下了", &told.code, "TQ-1", "汀桥物业先回您一句", "11月24日 周二 24:00前", "还没公开", "往后数1个工作日"] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
        assert!(page.body.contains("class=\"qr\""));
        assert!(!page.body.contains(&told.report.0.to_string()), "no id that carries a time");
        let english = town.site().await.visitor().in_english().reads(&format!("/r/{}", told.receipt)).await;
        assert!(english.says("owes you a first answer"), "{}", english.text());
    }

    async fn a_code_leads_to_its_receipt_and_a_wrong_one_nowhere(town: Town) {
        let told = town.reports("排队排到门外").await;
        let site = town.site().await;
        let holder = site.visitor().on_phone(1);
        let typed = format!(" {} ", told.code.replace('-', " ").to_lowercase());
        assert_eq!(holder.does("/r", "/r", &[("code", &typed)]).await, format!("/r/{}", told.receipt));

        let mut slipped: Vec<char> = told.code.chars().collect();
        slipped[0] = if slipped[0] == '2' { '3' } else { '2' };
        let slipped: String = slipped.into_iter().collect();
        let slip = holder.fills("/r", "/r", &[("code", &slipped)]).await;
        assert_eq!((slip.status, slip.fault("code").is_some_and(|f| f.contains("抄错了一位"))), (Status::UnprocessableEntity, true));
        assert!(slip.says("没查到，查询码再看一眼") && !slip.says("写过的都在"), "{}", slip.text());
        let unknown = holder.fills("/r", "/r", &[("code", "2222-2222-2")]).await;
        assert_eq!(unknown.fault("code").as_deref(), Some("没有这个查询码。请核对，里面没有0和O、1和I。"));
        let short = holder.fills("/r", "/r", &[("code", "2a b")]).await;
        assert_eq!(short.fault("code").as_deref(), Some("写了3位，查询码是九位，像 7K3M-2QXW-C。"), "too short is said as such");
        for _ in 0..6 {
            holder.fills("/r", "/r", &[("code", "2222-2222-2")]).await;
        }
        let often = holder.fills("/r", "/r", &[("code", &told.code)]).await;
        assert_eq!(often.status, Status::TooManyRequests, "also the right one, after ten");
        site.visitor().on_phone(2).does("/r", "/r", &[("code", &told.code)]).await;
    }

    async fn the_reporter_says_whether_it_is_fixed(town: Town) {
        let told = done(&town, "太冷").await;
        let site = town.site().await;
        let (page, form) = (format!("/r/{}", told.receipt), format!("/r/{}/answer", told.receipt));
        let asked = site.visitor().reads(&page).await;
        assert!(asked.says("您看好了没有？"), "{}", asked.text());
        assert_eq!(site.visitor().does(&page, &form, &[("answer", "yes")]).await, page);
        assert_eq!(state(&town, told.matter).await, (IssueState::Closed, Some(ClosedBy::Reporter)));
        let late = site.visitor().reads(&form).await;
        assert!(late.forms().is_empty() && late.says("还没有说办好"), "{}", late.text());

        let again = done(&town, "又冷了").await;
        let (page, form) = (format!("/r/{}", again.receipt), format!("/r/{}/answer", again.receipt));
        site.visitor().does(&page, &form, &[("answer", "no")]).await;
        let issue = town.now(again.matter).await;
        assert_eq!((issue.state, issue.priority, issue.contested), (IssueState::InWork, true, 1));
    }

    async fn an_answer_that_is_none_is_refused(town: Town) {
        let told = done(&town, "太冷").await;
        let site = town.site().await;
        let form = format!("/r/{}/answer", told.receipt);
        let refused = site.visitor().fills(&form, &form, &[("answer", "perhaps")]).await;
        assert_eq!(refused.status, Status::UnprocessableEntity);
        assert_eq!(town.now(told.matter).await.state, IssueState::Done);
    }

    async fn a_question_is_answered_on_the_receipt(town: Town) {
        let told = town.reports("三号梯不动").await;
        town.staff.accepts(told.matter, "").await.expect("accepts");
        town.staff.asks(told.matter, "几点看到的？").await.expect("asks");
        let site = town.site().await;
        let (page, form) = (format!("/r/{}", told.receipt), format!("/r/{}/messages", told.receipt));
        assert!(site.visitor().reads(&page).await.says("几点看到的？"));
        site.visitor().does(&form, &form, &[("words", "九点二十")]).await;
        assert_eq!(town.story(told.matter).await.last().map(String::as_str), Some("question_answered"));
        // An impatient thumb.
        site.visitor().does(&form, &form, &[("words", "九点二十")]).await;
        let read = site.visitor().reads(&page).await;
        assert_eq!(read.text().matches("九点二十").count(), 1, "{}", read.text());
        let empty = site.visitor().fills(&form, &form, &[("words", " ")]).await;
        assert_eq!((empty.status, empty.fault("words").is_some()), (Status::UnprocessableEntity, true));
        let photo = pictures::jpeg(60, 40);
        let token = site.visitor().reads(&form).await.form(&form).expect("a form");
        let sent = site.visitor().uploads(&form, &fields(&token), &[Chosen { field: "photos", name: "a.jpg", bytes: &photo }]).await;
        assert_eq!(sent.status, Status::SeeOther, "a photo needs no words: {}", sent.text());
        site.visitor().reads(&format!("{page}/photos/1")).await;
    }

    async fn the_only_reporter_takes_the_matter_back(town: Town) {
        let told = town.reports("看错了").await;
        let site = town.site().await;
        let (page, form) = (format!("/r/{}", told.receipt), format!("/r/{}/withdrawal", told.receipt));
        site.visitor().does(&form, &form, &[]).await;
        assert_eq!(town.now(told.matter).await.state, IssueState::Withdrawn);
        let read = site.visitor().reads(&page).await;
        assert!(read.says("您撤回了这份报事"), "{}", read.text());
        let over = site.visitor().reads(&form).await;
        assert!(over.forms().is_empty() && over.says("这份报事已经撤回"), "the reason stands where the button was: {}", over.text());
    }

    async fn letters_end_by_one_click_and_nothing_else_does(town: Town) {
        let told = town.says("太冷").by_mail("lin@example.com").files().await;
        let site = town.site().await;
        let mail_program = site.visitor().on_phone(99);
        let ended = mail_program.posts_raw(&format!("/r/{}/following", told.receipt), ContentType::Form, "List-Unsubscribe=One-Click").await;
        assert_eq!(ended.status, Status::SeeOther);
        let report = town.report(&told).await;
        assert!(!report.following);
        assert_eq!(reports::mail_of(town.house.read(), report.id).await.expect("reads"), None, "the address goes too");
        for act in ["messages", "answer", "withdrawal", "may-know", "erasure"] {
            let body = "List-Unsubscribe=One-Click&words=x&answer=yes&may_know=nobody&agreed=1";
            let refused = mail_program.posts_raw(&format!("/r/{}/{act}", told.receipt), ContentType::Form, body).await;
            assert!(refused.status.class().is_client_error(), "{act}: {}", refused.status);
        }
        assert!(town.report(&told).await.erased_at.is_none());
        let form = format!("/r/{}/following", told.receipt);
        let wrong = site.visitor().fills(&form, &form, &[("follow", "yes"), ("email", "nobody")]).await;
        assert_eq!((wrong.status, wrong.fault("email").is_some()), (Status::UnprocessableEntity, true));
        site.visitor().does(&form, &form, &[("follow", "yes"), ("email", "new@example.com")]).await;
        assert!(town.report(&told).await.following);
    }

    async fn more_may_know_only_where_the_holder_agrees(town: Town) {
        let told = town.says("太冷").may_be_known_to(MayKnow::Secretary).named("小林", "13800138000").files().await;
        let site = town.site().await;
        let form = format!("/r/{}/may-know", told.receipt);
        let asked = site.visitor().fills(&form, &form, &[("may_know", "secretary_and_manager")]).await;
        assert_eq!((asked.status, asked.fault("agreed").is_some()), (Status::UnprocessableEntity, true));
        assert_eq!(town.report(&told).await.may_know, MayKnow::Secretary);
        site.visitor().does(&form, &form, &[("may_know", "secretary_and_manager"), ("agreed", "1")]).await;
        let report = town.report(&told).await;
        let known = town.staff.does(async |act| reports::read_identity(act, &report).await).await.expect("staff may know");
        assert_eq!(known.name.as_deref(), Some("小林"));
        site.visitor().does(&form, &form, &[("may_know", "nobody")]).await;
        let report = town.report(&told).await;
        assert!(town.secretary.does(async |act| reports::read_identity(act, &report).await).await.is_err());
        // Widened once more, there is nothing left to know.
        site.visitor().does(&form, &form, &[("may_know", "secretary"), ("agreed", "1")]).await;
        let report = town.report(&told).await;
        let known = town.secretary.does(async |act| reports::read_identity(act, &report).await).await.expect("may know");
        assert_eq!((known.name, known.phone), (None, None));
    }

    async fn everything_is_erased_after_asking_once_more(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("category", "hvac.temp"), ("words", "前台的人都感冒了")]).await;
        let sent = worker.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "a.jpg", bytes: &pictures::jpeg(60, 40) }]).await;
        let receipt = receipt(&sent);
        let picture = {
            use sea_orm::EntityTrait as _;
            attachments::Entity::find().one(town.house.read()).await.expect("reads").expect("a picture")
        };
        let (page, act) = (format!("/r/{receipt}"), format!("/r/{receipt}/erasure"));
        let asked = worker.fills(&act, &act, &[]).await;
        assert_eq!((asked.status, asked.fault("agreed").is_some()), (Status::UnprocessableEntity, true));
        worker.reads(&format!("{page}/photos/1")).await;
        worker.does(&act, &act, &[("agreed", "1")]).await;
        let read = worker.reads(&page).await;
        assert!(!read.body.contains("感冒") && read.says("原话和照片已经按您的意思抹掉"), "{}", read.text());
        assert_eq!(worker.opens(&format!("{page}/photos/1")).await.status, Status::NotFound);
        assert_eq!(site.signed_in(&town.staff).await.opens(&format!("/photos/{}.jpg", picture.hash)).await.status, Status::NotFound);
        assert!(louyi::kernel::files::fetch(&town.house, &picture.hash).await.expect("reads").is_none(), "the file itself is gone");
        let over = worker.reads(&act).await;
        assert!(over.forms().is_empty(), "{:?}", over.forms());
    }

    async fn a_receipt_of_one_opens_nothing_of_another(town: Town) {
        let (one, two) = (town.reports("第一个人的话").await, town.another_joins(town.reports("别的事").await.matter).await);
        let site = town.site().await;
        let page = site.visitor().reads(&format!("/r/{}", two.receipt)).await;
        assert!(!page.says("第一个人的话") && !page.body.contains(&one.receipt));
    }

    async fn how_it_was_handled_is_rated_apart_from_whether_it_is_fixed(town: Town) {
        let early = town.reports("排队排到门外").await;
        let site = town.site().await;
        let page = site.visitor().reads(&format!("/r/{}/rating", early.receipt)).await;
        assert!(page.forms().is_empty() && page.says("办完以后再评"), "{}", page.text());

        let told = done(&town, "空调不冷").await;
        let at = format!("/r/{}/rating", told.receipt);
        let holder = site.visitor().on_phone(1);
        assert!(holder.reads(&format!("/r/{}", told.receipt)).await.says("评一评"));
        for (typed, field) in [(vec![], "rating"), (vec![("rating", "great")], "rating"), (vec![("rating", "dissatisfied")], "why")] {
            let refused = holder.fills(&at, &at, &typed).await;
            assert_eq!((refused.status, refused.fault(field).is_some()), (Status::UnprocessableEntity, true), "{typed:?}");
        }
        let long = "长".repeat(301);
        assert!(holder.fills(&at, &at, &[("rating", "satisfied"), ("why", &long)]).await.fault("why").is_some_and(|f| f.contains("300")));
        holder.does(&at, &at, &[("rating", "dissatisfied"), ("why", "来了三次才修好")]).await;
        holder.does(&at, &at, &[("rating", "basically"), ("why", "")]).await;
        let kept = town.report(&told).await;
        assert_eq!((kept.rating, kept.rating_words, kept.answer), (Some(reports::Rating::Basically), None, None));
        assert_eq!(state(&town, told.matter).await, (IssueState::Done, None), "a rating answers nothing");

        holder.does(&at, &at, &[("rating", "dissatisfied"), ("why", "来了三次才修好")]).await;
        let work = site.signed_in(&town.staff).await.reads("/b/tingqiao/issues/2/work").await;
        assert!(work.says("不满意") && work.says("来了三次才修好"), "{}", work.text());
        assert!(!site.visitor().reads("/b/tingqiao/issues/2").await.says("来了三次才修好"));
        let erase = format!("/r/{}/erasure", told.receipt);
        holder.does(&erase, &erase, &[("agreed", "1")]).await;
        assert_eq!(town.report(&told).await.rating_words, None);
    }

    async fn a_phone_knows_what_was_reported_from_it_until_it_is_told_to_forget(town: Town) {
        let site = town.site().await;
        let phone = site.visitor().on_phone(5);
        assert!(!phone.reads("/r").await.says("这部手机报过的"));
        let form = filled(&phone, FORM, &[("words", "冷风直吹脖子")]).await;
        let own = receipt(&phone.posts(FILES, &fields(&form)).await);
        let list = phone.reads("/r").await;
        assert!(list.says("冷风直吹脖子") && list.body.contains(&format!("href=\"/r/{own}\"")), "{}", list.text());
        assert_eq!(list.header("cache-control"), Some("no-store"));
        assert!(!site.visitor().on_phone(6).reads("/r").await.says("冷风直吹脖子"), "another phone");
        let answer = phone.fills("/r", "/r/forget", &[]).await;
        assert_eq!(answer.status, Status::SeeOther);
        assert!(answer.sets_cookie("visitor"), "a new cookie, from which nothing can be told");
        site.visitor().on_phone(6).reads(&format!("/r/{own}")).await;
    }
}
