//! One matter at work: every verb through its page, in the order of a lift's day.

use rocket::http::Status;

use crate::support::on_both;

const ROOT: &str = "/b/tingqiao/issues/1";

fn at(path: &str) -> String {
    format!("{ROOT}/{path}")
}

on_both! {
    async fn from_the_first_answer_to_done(town: Town) {
        let told = town.reports("三号梯外呼按钮按了不亮").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let desk = staff.reads("/desk").await;
        assert!(desk.says("三号梯外呼按钮按了不亮") && desk.says("受理"), "{}", desk.text());

        let page = staff.reads(&at("work")).await;
        assert!(page.says("1人等着：受理，先回一句话"), "{}", page.text());
        let next = staff.does(&at("acceptance"), &at("acceptance"), &[("answer", "下午去看。")]).await;
        assert_eq!(next, at("work"));

        staff.does(&at("questions"), &at("questions"), &[("words", "哪一层？")]).await;
        staff.does(&at("category"), &at("category"), &[("category", "lift.fault")]).await;
        staff.does(&at("tasks"), &at("tasks"), &[("to", "lift-care"), ("words", "换三号梯按钮板"), ("days", "3"), ("measure", "按二十次都亮")]).await;

        let fitter = site.signed_in(&town.fitter).await;
        let desk = fitter.reads("/desk").await;
        assert!(desk.says("换三号梯按钮板"), "{}", desk.text());
        let task = at("tasks/1");
        assert!(fitter.reads(&task).await.says("一个工作日内退回"));
        fitter.does(&task, &at("tasks/1/acknowledgement"), &[]).await;
        fitter.does(&task, &at("tasks/1/start"), &[]).await;
        fitter.does(&at("tasks/1/clock-stop"), &at("tasks/1/clock-stop"), &[("reason", "part"), ("words", "板子周三到货")]).await;
        assert!(fitter.reads(&task).await.says("等配件"));
        fitter.does(&task, &at("tasks/1/clock-run"), &[]).await;
        fitter.does(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "板子换好，二十次都亮。")]).await;

        assert!(staff.reads(&at("work")).await.says("去看一眼"));
        staff.does(&at("tasks/1/send-back"), &at("tasks/1/send-back"), &[("words", "二层那块不亮")]).await;
        fitter.does(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "二层也换了。")]).await;
        staff.does(&task, &at("tasks/1/verification"), &[]).await;

        let page = staff.reads(&at("completion")).await;
        assert!(page.says("二层也换了。"), "what the task says is where one begins to write: {}", page.text());
        staff.does(&at("completion"), &at("completion"), &[("evidence", "按钮板换好了。")]).await;
        assert!(staff.reads(&at("work")).await.says("已办待确认"));
        assert!(staff.reads("/desk?view=confirm").await.says("三号梯外呼按钮按了不亮"));
        assert_eq!(
            town.story(told.matter).await,
            [
                "issue_received", "report_received", "issue_accepted", "message_sent", "first_answered", "question_asked", "category_changed",
                "task_dispatched", "task_acknowledged", "task_started", "clock_stopped", "clock_started", "task_done", "message_sent",
                "task_sent_back", "task_done", "task_verified", "message_sent", "issue_done",
            ]
        );
    }

    async fn nobody_else_is_let_in(town: Town) {
        town.reports("三号梯外呼按钮按了不亮").await;
        let site = town.site().await;
        assert_eq!(site.visitor().opens(&at("work")).await.status, Status::SeeOther);
        assert_eq!(site.signed_in(&town.staff_elsewhere).await.opens(&at("work")).await.status, Status::Forbidden);
    }

    async fn of_two_at_once_one_wins_and_the_other_keeps_their_words(town: Town) {
        let told = town.reports("三号梯不亮").await;
        let site = town.site().await;
        let colleague = site.signed_in(&town.colleague).await;
        let open = colleague.reads(&at("category")).await.form(&at("category")).expect("a form");
        let answer = colleague.reads(&at("acceptance")).await.form(&at("acceptance")).expect("a form");
        // Somebody joining disturbs nobody who writes.
        town.another_joins(told.matter).await;
        town.staff.accepts(told.matter, "收到，两点去看。").await.unwrap();
        town.lets_pass(chrono::Duration::minutes(2));

        let with = |form: &[(String, String)], field: &str, typed: &str| {
            let mut sent: Vec<(String, String)> = form.iter().filter(|(n, _)| n != field).cloned().collect();
            sent.push((field.into(), typed.into()));
            sent
        };
        let typed = with(&answer, "answer", "我下午去看一眼按钮。");
        let page = colleague.posts(&at("acceptance"), &typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>()).await;
        assert_eq!(page.status, Status::Conflict);
        assert!(page.says("Ana2分钟前先动了这件事") && page.says("汀桥物业受理") && page.says("我下午去看一眼按钮。"), "{}", page.text());

        // What can still be done is done by pressing once more, from how things are now.
        let typed = with(&open, "category", "lift.fault");
        let page = colleague.posts(&at("category"), &typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>()).await;
        assert_eq!(page.status, Status::Conflict);
        let form = page.form(&at("category")).expect("the form again");
        assert!(form.contains(&("category".into(), "lift.fault".into())), "{form:?}");
        let sent: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(colleague.posts(&at("category"), &sent).await.status, Status::SeeOther);
        assert_eq!(town.now(told.matter).await.category, "lift.fault");
    }

    async fn another_me_too_stops_nobody(town: Town) {
        let told = town.reports("三号梯不亮").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let form = staff.reads(&at("acceptance")).await.form(&at("acceptance")).expect("a form");
        for _ in 0..3 {
            town.another_joins(told.matter).await;
        }
        let sent: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(staff.posts(&at("acceptance"), &sent).await.status, Status::SeeOther);
    }

    async fn three_voices_that_are_never_mixed_up(town: Town) {
        let (told, _) = town.a_matter_in_work().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let says = async |voice: &str, words: &str| {
            let page = staff.reads(&at("work")).await;
            let html = scraper::Html::parse_document(&page.body);
            let field = |name: &str| {
                let which = scraper::Selector::parse(&format!("#say-{voice} [name={name}]")).expect("a selector");
                html.select(&which).next().and_then(|f| f.value().attr("value")).unwrap_or_default().to_owned()
            };
            let (token, version, line) = (field("token"), field("version"), field("line"));
            assert_eq!(field("voice"), voice);
            let sent = [("token", token.as_str()), ("version", &version), ("line", &line), ("form", &format!("say-{voice}")), ("voice", voice), ("words", words)];
            staff.posts(&at("messages"), &sent).await
        };
        for (voice, words) in [("reporters", "下周一换导靴"), ("parties", "请恒升两点到"), ("internal", "钥匙在值班台")] {
            assert_eq!(says(voice, words).await.status, Status::SeeOther, "{voice}");
        }
        let empty = says("parties", "").await;
        assert_eq!(empty.status, Status::UnprocessableEntity);
        assert!(empty.says("还没写怎么了") || empty.says("这一栏还没写"), "{}", empty.text());
        let reads = async |who: &crate::support::Who| site.signed_in(who).await.reads(&at("work")).await;
        let fitter = reads(&town.fitter).await;
        assert!(fitter.says("下周一换导靴") && fitter.says("请恒升两点到") && !fitter.says("钥匙在值班台"), "{}", fitter.text());
        let colleague = reads(&town.colleague).await;
        assert!(colleague.says("钥匙在值班台"));
        let secretary = reads(&town.secretary).await;
        assert!(secretary.says("请恒升两点到") && !secretary.says("钥匙在值班台"));
        for who in [&town.neighbour, &town.members[2], &town.administrator] {
            let page = reads(who).await;
            for words in ["下周一换导靴", "请恒升两点到", "钥匙在值班台", "南座2号梯有异响"] {
                assert!(!page.says(words), "{words}: {}", page.text());
            }
        }
        // The contractor works on it, and does not speak to reporters.
        assert!(!fitter.body.contains("id=\"say-reporters\""));
        assert!(fitter.says("只有负责的单位和秘书对报事人说话"));
        assert_eq!(town.story(told.matter).await.iter().filter(|a| *a == "message_sent").count(), 3);
    }

    async fn who_reported_is_read_only_where_the_reporter_chose(town: Town) {
        use louyi::domain::reports::MayKnow;
        let known = town.says("三号梯不亮").may_be_known_to(MayKnow::SecretaryAndManager).named("闻人竹", "13800001111").files().await;
        town.says("我也等了很久").may_be_known_to(MayKnow::Secretary).named("欧阳松", "13900002222").joins(known.matter).await;
        town.says("").may_be_known_to(MayKnow::Nobody).joins(known.matter).await;
        town.staff.accepts(known.matter, "").await.unwrap();
        town.staff.dispatches(known.matter, &town.contractor, "看一眼").await.unwrap();
        let site = town.site().await;
        let ways = |page: &crate::support::browser::Page| page.forms().into_iter().filter(|f| f.ends_with("/identity")).collect::<Vec<_>>();
        let staff = site.signed_in(&town.staff).await;
        let page = staff.reads(&at("work")).await;
        assert!(page.says("1人不让任何人知道") && page.says("1人只让秘书知道") && page.says("1人让秘书和物业知道"), "{}", page.text());
        assert!(!page.says("闻人竹") && !page.says("13800001111"));
        assert_eq!(ways(&page).len(), 1);
        let shown = staff.fills(&at("work"), &ways(&page)[0], &[]).await;
        assert!(shown.says("闻人竹") && shown.says("13800001111") && shown.says("已经记下了"), "{}", shown.text());
        assert_eq!(town.story(known.matter).await.last().unwrap(), "reporter_read");
        let secretary = site.signed_in(&town.secretary).await;
        let all = ways(&secretary.reads(&at("work")).await);
        assert_eq!(all.len(), 2);
        // The contractor's staff is not the property manager that the reporter meant; nor is anybody else.
        for who in [&town.fitter, &town.members[2], &town.neighbour, &town.editor] {
            let reader = site.signed_in(who).await;
            let page = reader.reads(&at("work")).await;
            assert!(ways(&page).is_empty());
            let token = page.forms().first().and_then(|f| page.form(f)).and_then(|f| f.into_iter().find(|(n, _)| n == "token"));
            let Some((_, token)) = token else { continue };
            for way in &all {
                let answer = reader.posts(way, &[("token", &token)]).await;
                assert_eq!(answer.status, Status::Forbidden, "{way}");
                assert!(answer.says("报事人没有选择让您知道") && !answer.says("闻人竹") && !answer.says("欧阳松"), "{}", answer.text());
            }
        }
        assert_eq!(staff.posts(&ways(&page)[0], &[]).await.status, Status::Conflict, "only a form of ours asks");
    }

    async fn handed_over_and_back(town: Town) {
        let told = town.reports("电动车占了消防通道").await;
        let site = town.site().await;
        let (staff, officer) = (site.signed_in(&town.staff).await, site.signed_in(&town.officer).await);
        let page = staff.fills(&at("transfer"), &at("transfer"), &[("to", "sunflower"), ("reason", "joint"), ("words", "请你们管")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("这家单位不能接管事项"), "{}", page.text());
        staff.does(&at("transfer"), &at("transfer"), &[("to", "city-order"), ("reason", "needs_authority"), ("words", "占道车是外来的")]).await;
        let page = officer.reads(&at("work")).await;
        assert!(page.says("汀桥物业想把这件事移交给您") && page.says("占道车是外来的"), "{}", page.text());
        assert!(officer.reads(&at("acceptance")).await.says("只有负责这件事的单位"), "the giver stays responsible");
        officer.does(&at("transfer/acceptance"), &at("transfer/acceptance"), &[("report_on", "2026-11-25")]).await;
        assert_eq!(town.now(told.matter).await.holder_id, Some(town.department.id));
        assert!(staff.reads(&at("work")).await.says("街道城管办"));
        // The clock did not start anew.
        officer.does(&at("transfer"), &at("transfer"), &[("to", "chamber"), ("reason", "joint"), ("words", "请商会牵头")]).await;
        let chamber = site.signed_in(&town.chamber_officer).await;
        chamber.does(&at("transfer/refusal"), &at("transfer/refusal"), &[("reason", "not_our_area"), ("words", "我们管不了消防")]).await;
        officer.does(&at("transfer"), &at("transfer"), &[("to", "tq-property"), ("reason", "joint"), ("words", "还是请物业")]).await;
        assert!(staff.reads(&at("transfer/refusal")).await.says("自动提请议事会"));
        staff.does(&at("transfer/refusal"), &at("transfer/refusal"), &[("reason", "needs_authority"), ("words", "物业无权挪车")]).await;
        assert!(site.signed_in(&town.secretary).await.reads("/desk").await.says("两家没接，自动提请"));
        let line = town.story(told.matter).await;
        assert_eq!(line.iter().filter(|a| *a == "transfer_refused").count(), 2);
    }

    async fn merged_parted_and_moved(town: Town) {
        let one = town.reports("三号梯不亮").await;
        let two = town.reports("三号梯按了没反应").await;
        let stray = town.says("其实是空调太冷").joins(one.matter).await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let second = |path: &str| format!("/b/tingqiao/issues/2/{path}");
        assert!(staff.reads(&second("merge")).await.says("TQ-1"), "what says the same is proposed");
        let page = staff.fills(&second("merge"), &second("merge"), &[("other", "TQ-77")]).await;
        assert_eq!(page.status, Status::UnprocessableEntity);
        assert!(page.says("没有这个号"), "{}", page.text());
        let page = staff.fills(&second("merge"), &second("merge"), &[("other", "TQ-1"), ("reason", "one_cause")]).await;
        assert!(page.status == Status::UnprocessableEntity && page.fault("words").is_some(), "{}", page.text());
        let why = [("reason", "one_cause"), ("words", "三号梯的按钮板坏了，一起换")];
        staff.does(&second("merge"), &second("merge"), &[[("other", "TQ-1")].as_slice(), &why].concat()).await;
        assert!(site.visitor().reads("/b/tingqiao/issues/2").await.says("是一个毛病引起的。"));
        let receipt = site.visitor().reads(&format!("/r/{}", two.receipt)).await;
        assert!(receipt.says("三号梯的按钮板坏了，一起换") && receipt.says("是一个毛病引起的。"), "{}", receipt.text());
        assert!(!site.visitor().reads(&format!("/r/{}", one.receipt)).await.says("三号梯的按钮板坏了"));
        assert_eq!(town.now(one.matter).await.reports, 3);
        assert!(staff.reads(&second("work")).await.says("再分出来"));
        staff.does(&second("work"), &second("unmerge"), &[]).await;
        assert_eq!((town.now(one.matter).await.reports, town.now(two.matter).await.reports), (2, 1));
        let handle = louyi::domain::reports::handle_of(town.house.keys(), stray.report);
        let path = at(&format!("reports/{handle}/move"));
        assert!(staff.reads(&path).await.says("其实是空调太冷"));
        staff.does(&path, &path, &[("other", "2")]).await;
        assert_eq!((town.now(one.matter).await.reports, town.now(two.matter).await.reports), (1, 2));
        assert_eq!(staff.opens(&path).await.status, Status::NotFound, "it is no report of this matter any more");
    }

    async fn whoever_has_no_organisation_is_found_one(town: Town) {
        use sea_orm::ConnectionTrait as _;
        let told = town.reports("广场喷泉不喷了").await;
        town.house.db().upkeep().execute_unprepared("update issues set holder_id = null").await.expect("nobody holds it");
        let site = town.site().await;
        let secretary = site.signed_in(&town.secretary).await;
        assert!(secretary.reads("/desk").await.says("移交"));
        assert!(secretary.reads(&at("acceptance")).await.says("这件事还没有负责的单位"));
        secretary.does(&at("transfer"), &at("transfer"), &[("to", "city-order"), ("reason", "needs_authority"), ("words", "请你们看看")]).await;
        site.signed_in(&town.officer).await.does(&at("transfer/acceptance"), &at("transfer/acceptance"), &[]).await;
        let now = town.now(told.matter).await;
        assert_eq!((now.holder_id, now.state.as_str()), (Some(town.department.id), "accepted"));
        assert_eq!(town.story(told.matter).await.last().unwrap(), "issue_accepted");
    }

    async fn reads_in_english_too(town: Town) {
        let (_, task) = town.a_matter_in_work().await;
        town.fitter.finishes(task.id, "replaced").await.unwrap();
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await.in_english();
        for path in ["work", "acceptance", "questions", "transfer", "declination", "category", "long-term", "merge", "tasks", "completion", "reopening", "nomination", "tasks/1", "tasks/1/send-back"] {
            let page = staff.reads(&at(path)).await;
            assert!(!page.body.contains('⟨'), "a text is missing on {path}: {}", page.text());
        }
        for path in ["/desk", "/desk?view=offered", "/desk?view=waiting", "/desk?view=confirm", "/desk?view=returned", "/desk?view=resolutions", "/desk?view=all"] {
            assert!(!staff.reads(path).await.body.contains('⟨'), "{path}");
        }
        let secretary = site.signed_in(&town.secretary).await.in_english();
        for path in ["/b/tingqiao/release".to_owned(), at("release"), at("confirmation"), at("work")] {
            assert!(!secretary.reads(&path).await.body.contains('⟨'), "{path}");
        }
    }

    async fn accepted_without_words_the_answer_is_still_owed(town: Town) {
        let told = town.reports("三号梯不亮").await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        let answer = staff.fills(&at("acceptance"), &at("acceptance"), &[("answer", "  ")]).await;
        assert!(answer.header("set-cookie").is_some_and(|c| c.contains("work.said.accepted_owing")), "{:?}", answer.header("set-cookie"));
        assert!(staff.reads(&at("work")).await.says("还有报事人没等到第一次答复"));
        assert!(town.now(told.matter).await.first_answer_due.is_some());
        town.reports("四号梯不亮").await;
        let other = "/b/tingqiao/issues/2/acceptance";
        let answer = staff.fills(other, other, &[("answer", "下午去看。")]).await;
        assert!(answer.header("set-cookie").is_some_and(|c| c.contains("work.said.accepted;")), "{:?}", answer.header("set-cookie"));
    }

    async fn what_one_does_oneself_is_done_in_four_forms(town: Town) {
        // Within a day: of the five working days that a form begins with, none would be in time.
        let told = town.says("厕所堵了").about("env.toilet").files().await;
        let site = town.site().await;
        let staff = site.signed_in(&town.staff).await;
        staff.does(&at("acceptance"), &at("acceptance"), &[("answer", "这就去。")]).await;
        let page = staff.reads(&at("tasks")).await;
        assert!(page.says("我们自己办"), "{}", page.text());
        let form = page.form(&at("tasks")).expect("a form");
        let field = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        assert_eq!(field("to"), Some("tq-property"), "oneself first: {form:?}");
        let days: u32 = field("days").and_then(|d| d.parse().ok()).expect("a number of days");
        let due = town.now(told.matter).await.result_due.expect("a result is owed");
        assert!(days == 0 || town.house.calendar().due(town.house.now(), days).at <= due, "{days} working days end after the result is due");

        let next = staff.does(&at("tasks"), &at("tasks"), &[("words", "去通"), ("days", "0")]).await;
        assert_eq!(next, at("tasks/1"), "straight to it");
        let task = staff.reads(&next).await;
        assert!(task.body.contains(&at("tasks/1/completion")) && task.says("今天"), "{}", task.text());
        let next = staff.does(&at("tasks/1/completion"), &at("tasks/1/completion"), &[("evidence", "通了，冲过三次")]).await;
        let done = staff.reads(&next).await;
        assert!(done.says("整件事的下一步") && done.body.contains(&at("completion")), "it leads on: {}", done.text());
        staff.does(&at("completion"), &at("completion"), &[]).await;
        assert_eq!(town.now(told.matter).await.state, louyi::domain::issues::IssueState::Done);
    }

    async fn the_secretary_is_not_offered_the_work(town: Town) {
        let told = town.reports("灯不亮").await;
        town.staff.accepts(told.matter, "去看").await.unwrap();
        let site = town.site().await;
        let page = site.signed_in(&town.secretary).await.reads(&at("tasks")).await;
        assert!(!page.says("我们自己办"), "{}", page.text());
    }
}
