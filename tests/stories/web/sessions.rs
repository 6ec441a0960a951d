//! Signing in and out, and one's own account.

use louyi::domain::sessions;
use louyi::kernel::act::Actor;
use louyi::kernel::outbox;
use rocket::http::Status;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::support::browser::{Page, Reader};
use crate::support::{Town, Who, on_both};

const LONG: &str = "一句很长很好记的密码";

async fn link(town: &Town, who: &Who) -> String {
    let act = town.house.act(Actor::System).await.expect("an act");
    let person = louyi::domain::persons::by_id(act.tx(), who.id).await.expect("a person");
    let token = sessions::make_link(&act, &person, chrono::Duration::minutes(sessions::LINK_MINUTES)).await.expect("a link");
    act.commit().await.expect("commits");
    format!("/sign-in/{token}")
}

/// Everything of an answer that somebody outside can see, but for what is new each time.
fn seen(page: &Page) -> (Status, Option<String>, String) {
    let plain = page.body.lines().filter(|l| !l.contains("name=\"token\"")).collect::<Vec<_>>().join("\n");
    (page.status, page.location.clone(), plain)
}

async fn signs_in(reader: &Reader<'_>, email: &str, password: &str) -> Page {
    reader.fills("/sign-in", "/sign-in", &[("email", email), ("password", password)]).await
}

on_both! {
    async fn a_mailed_link_opens_one_session_once(town: Town) {
        let site = town.site().await;
        let visitor = site.visitor().on_phone(1);
        let sent = visitor.does("/sign-in?next=/b/tingqiao/report", "/sign-in", &[("email", "ANA@louyi.example")]).await;
        assert_eq!(sent, "/sign-in/sent");
        let owed = outbox::Entity::find().filter(outbox::Column::Kind.eq("sign_in")).one(town.house.read()).await.expect("reads").expect("a letter");
        assert_eq!(owed.person_id, Some(town.staff.id));
        let data: serde_json::Value = serde_json::from_str(&owed.data).expect("JSON");
        let address = data["link"].as_str().expect("a link").to_owned();

        let page = visitor.reads(&address).await;
        visitor.reads(&address).await;
        let path = address.split('?').next().expect("a path");
        let form = page.form(path).expect("one button");
        assert!(form.iter().any(|(n, v)| n == "next" && v == "/b/tingqiao/report"));
        let opened = visitor.fills(&address, path, &[]).await;
        assert_eq!((opened.status, opened.location.as_deref()), (Status::SeeOther, Some("/b/tingqiao/report")));
        let token = opened.session().expect("a session");
        let cookie = opened.header("set-cookie").unwrap_or_default();
        for sign in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(sign), "{cookie}");
        }
        assert!(site.visitor().with_session(&token).reads("/me").await.says("Ana"));
        assert_eq!(visitor.opens(&address).await.status, Status::Gone);
        let twice = visitor.posts(path, &[("token", &form[0].1)]).await;
        assert_eq!(twice.status, Status::Gone);
    }

    async fn a_link_is_over_after_half_an_hour(town: Town) {
        let address = link(&town, &town.staff).await;
        town.lets_pass(chrono::Duration::minutes(31));
        let page = town.site().await.visitor().opens(&address).await;
        assert_eq!(page.status, Status::Gone);
        assert!(page.says("再要一个") && page.forms().is_empty());
    }

    async fn no_answer_tells_whether_an_account_exists(town: Town) {
        let site = town.site().await;
        let known = site.visitor().on_phone(1).fills("/sign-in", "/sign-in", &[("email", "ana@louyi.example")]).await;
        let unknown = site.visitor().on_phone(1).fills("/sign-in", "/sign-in", &[("email", "none@louyi.example")]).await;
        assert_eq!(seen(&known), seen(&unknown));
        let wrong = signs_in(&site.visitor().on_phone(2), "ana@louyi.example", "wrong password").await;
        let nobody = signs_in(&site.visitor().on_phone(2), "none@louyi.example", "wrong password").await;
        let (mut a, mut b) = (seen(&wrong), seen(&nobody));
        a.2 = a.2.replace("ana@", "");
        b.2 = b.2.replace("none@", "");
        assert_eq!(a, b);
        assert_eq!(wrong.status, Status::UnprocessableEntity);
        assert!(wrong.fault("password").is_some());
        assert!(!wrong.body.contains("wrong password"), "a password is never sent back");
        let letters = outbox::Entity::find().filter(outbox::Column::Kind.eq("sign_in")).all(town.house.read()).await.expect("reads");
        assert_eq!(letters.len(), 1);
    }

    async fn a_mailbox_is_not_flooded(town: Town) {
        let site = town.site().await;
        for n in 0..5 {
            site.visitor().on_phone(n).does("/sign-in", "/sign-in", &[("email", "ana@louyi.example")]).await;
        }
        let sixth = site.visitor().on_phone(9).fills("/sign-in", "/sign-in", &[("email", "ana@louyi.example")]).await;
        assert_eq!(sixth.status, Status::TooManyRequests);
        assert!(sixth.form("/sign-in").expect("the form").iter().any(|(n, v)| n == "email" && v == "ana@louyi.example"), "what was typed is kept");
    }

    async fn a_password_is_set_changed_and_guessed_in_vain(town: Town) {
        let site = town.site().await;
        let ana = site.signed_in(&town.staff).await;
        let short = ana.fills("/me", "/me/password", &[("new_password", "short")]).await;
        assert_eq!((short.status, short.fault("new_password").is_some()), (Status::UnprocessableEntity, true));
        ana.does("/me", "/me/password", &[("new_password", LONG)]).await;
        let entered = signs_in(&site.visitor().on_phone(1), "Ana@louyi.example", LONG).await;
        assert_eq!((entered.status, entered.location.as_deref()), (Status::SeeOther, Some("/desk")));
        let elsewhere = site.visitor().with_session(&entered.session().expect("a session"));
        elsewhere.reads("/me").await;
        // Changing it asks for the old one, and ends every other session.
        let wrong = ana.fills("/me", "/me/password", &[("password", "not this one"), ("new_password", "一句更长更好记的密码")]).await;
        assert_eq!((wrong.status, wrong.fault("password").is_some()), (Status::UnprocessableEntity, true));
        ana.does("/me", "/me/password", &[("password", LONG), ("new_password", "一句更长更好记的密码")]).await;
        assert_eq!(elsewhere.opens("/me").await.status, Status::SeeOther);
        ana.reads("/me").await;
        for n in 0..10 {
            signs_in(&site.visitor().on_phone(10 + n), "ana@louyi.example", LONG).await;
        }
        let locked = signs_in(&site.visitor().on_phone(30), "ana@louyi.example", "一句更长更好记的密码").await;
        assert_eq!(locked.status, Status::TooManyRequests);
    }

    async fn sessions_are_listed_and_ended(town: Town) {
        let site = town.site().await;
        let (here, there) = (site.signed_in(&town.staff).await, site.signed_in(&town.staff).await);
        let page = here.reads("/me").await;
        let other = page.form("/me/sessions").expect("a form").into_iter().find(|(n, _)| n == "end").expect("a session").1;
        assert_ne!(other, "all");
        here.does("/me", "/me/sessions", &[("end", &other)]).await;
        assert_eq!(there.opens("/me").await.status, Status::SeeOther, "ended");
        here.reads("/me").await;
        let stranger = site.signed_in(&town.secretary).await;
        let own = sessions::of_person(town.house.read(), town.staff.id).await.expect("reads")[0].id.0.to_string();
        assert_eq!(stranger.fills("/me", "/me/sessions", &[("end", &own)]).await.status, Status::NotFound, "another's session");
        here.does("/me", "/me/sessions", &[("end", "all")]).await;
        assert_eq!(here.opens("/me").await.status, Status::SeeOther);
        stranger.reads("/me").await;
    }

    async fn signing_out_ends_the_session(town: Town) {
        let site = town.site().await;
        let ana = site.signed_in(&town.staff).await;
        ana.does("/me", "/sign-out", &[]).await;
        let back = ana.opens("/me").await;
        assert_eq!((back.status, back.location.as_deref()), (Status::SeeOther, Some("/sign-in?next=%2Fme")));
    }

    async fn a_tampered_cookie_is_nobody(town: Town) {
        let site = town.site().await;
        for token in ["", "x", &"A".repeat(43), "'; drop table sessions; --", &"é".repeat(500)] {
            let page = site.visitor().with_session(token).opens("/me").await;
            assert_eq!(page.status, Status::SeeOther, "{token}");
        }
        let page = site.visitor().with_session("forged").opens("/b/tingqiao/report?place=S1E").await;
        assert_eq!(page.status, Status::Ok, "and still a visitor");
        // A form made for a session is worth nothing after it.
        let ana = site.signed_in(&town.staff).await;
        let form = ana.reads("/me").await.form("/me/language").expect("a form");
        let token = form.iter().find(|(n, _)| n == "token").expect("a token").1.clone();
        let other = site.signed_in(&town.staff).await;
        assert_eq!(other.posts("/me/language", &[("token", &token), ("language", "en")]).await.status, Status::Conflict);
        assert_eq!(ana.sending("Origin", "https://evil.example").posts("/me/language", &[("token", &token), ("language", "en")]).await.status, Status::Forbidden);
    }

    async fn a_session_that_is_not_used_ends(town: Town) {
        let site = town.site().await;
        let ana = site.signed_in(&town.staff).await;
        town.lets_pass(chrono::Duration::days(29));
        ana.reads("/me").await;
        town.lets_pass(chrono::Duration::days(29));
        ana.reads("/me").await;
        town.lets_pass(chrono::Duration::days(31));
        assert_eq!(ana.opens("/me").await.status, Status::SeeOther);
    }

    async fn nobody_is_led_to_another_site(town: Town) {
        let site = town.site().await;
        for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/%5cevil.example\n", "javascript:alert(1)", "/sign-out"] {
            let address = link(&town, &town.staff).await;
            let opened = site.visitor().fills(&address, &address, &[("next", next)]).await;
            let to = opened.location.expect("somewhere");
            assert!(to == "/desk" || to.starts_with("/%5c"), "{next} led to {to}");
        }
    }

    async fn a_persons_language_stands_before_the_browsers(town: Town) {
        let site = town.site().await;
        let ana = site.signed_in(&town.staff).await.in_english();
        assert!(ana.reads("/me").await.says("任职"), "chosen in the account");
        ana.does("/me", "/me/language", &[("language", "en")]).await;
        assert!(ana.reads("/me").await.says("Roles"));
        assert_eq!(ana.fills("/me", "/me/language", &[("language", "tlh")]).await.status, Status::UnprocessableEntity);
    }

    async fn the_operator_reads_kept_letters_and_nobody_else(town: Town) {
        let site = town.site().await;
        for who in [&town.staff, &town.secretary, &town.editor] {
            assert_eq!(site.signed_in(who).await.opens("/letters").await.status, Status::Forbidden);
        }
        assert_eq!(site.visitor().opens("/letters").await.status, Status::SeeOther);
        let owed = {
            town.reports("太冷").await;
            outbox::Entity::find().one(town.house.read()).await.expect("reads").expect("a letter")
        };
        outbox::keep(town.house.db(), &owed, "ana@louyi.example", "有新报事", "请看\n\nhttps://louyi.example/b/tingqiao/issues/1\n").await.expect("keeps");
        let admin = site.signed_in(&town.administrator).await;
        let page = admin.reads("/letters").await;
        assert!(page.says("ana@louyi.example") && page.body.contains("href=\"/b/tingqiao/issues/1\""), "{}", page.body);
        for _ in 0..outbox::TRIES {
            let letter = outbox::Entity::find_by_id(owed.id).one(town.house.read()).await.expect("reads").expect("the letter");
            let tried = outbox::Model { tries: letter.tries + outbox::TRIES, ..letter };
            outbox::failed(town.house.db(), &tried, "connection refused", false, town.house.now()).await.expect("fails");
        }
        let page = admin.reads("/letters").await;
        assert!(page.says("connection refused"), "{}", page.text());
        admin.does("/letters", "/letters/given-up", &[]).await;
        let letter = outbox::Entity::find_by_id(owed.id).one(town.house.read()).await.expect("reads").expect("the letter");
        assert!(letter.given_up_at.is_none() && letter.tries == 0);
    }
}
