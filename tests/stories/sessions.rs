//! Sessions and sign-in links: used once, over in time, ended at will, and never readable in the database.

use chrono::Duration;
use futures::future::join_all;
use louyi::domain::persons::{self, Person};
use louyi::domain::sessions::{self, LINK_MINUTES, SESSION_DAYS};
use louyi::kernel::error::Error;

use crate::support::{Town, on_both, refusal};

async fn ana(town: &Town) -> Person {
    persons::by_email(town.house.read(), " ANA@louyi.example ").await.unwrap().expect("Ana, however she writes her address")
}

async fn link(town: &Town) -> String {
    let ana = ana(town).await;
    town.louyi().gets(async |act| sessions::make_link(act, &ana, Duration::minutes(LINK_MINUTES)).await).await
}

async fn signs_in(town: &Town, link: &str) -> louyi::kernel::error::Result<String> {
    town.visitor().does(async |act| sessions::use_link(act, link, "iPhone · WeChat").await.map(|(_, token)| token)).await
}

on_both! {
    async fn a_link_opens_one_session(town: Town) {
        let link = link(&town).await;
        assert!(sessions::link_holds(&town.house, &link).await.unwrap());
        assert!(sessions::link_holds(&town.house, &link).await.unwrap(), "looking does not use it up");
        let token = signs_in(&town, &link).await.unwrap();
        assert!(!sessions::link_holds(&town.house, &link).await.unwrap());
        assert_eq!(refusal(signs_in(&town, &link).await), "link_over");
        let session = sessions::by_token(&town.house, &token).await.unwrap().expect("a session");
        assert_eq!(session.person_id, town.staff.id);
        assert!(sessions::by_token(&town.house, "nonsense").await.unwrap().is_none());
        let kept = town.everything().await;
        assert!(!kept.contains(&token) && !kept.contains(&link), "only hashes are kept");
    }

    async fn two_who_use_a_link_at_once(town: Town) {
        let link = link(&town).await;
        let opened = join_all((0..3).map(|_| signs_in(&town, &link))).await;
        assert_eq!(opened.iter().filter(|o| o.is_ok()).count(), 1);
        assert_eq!(sessions::of_person(town.house.read(), town.staff.id).await.unwrap().len(), 1);
    }

    async fn a_link_is_over_in_time(town: Town) {
        let link = link(&town).await;
        town.lets_pass(Duration::minutes(LINK_MINUTES));
        assert!(!sessions::link_holds(&town.house, &link).await.unwrap());
        assert_eq!(refusal(signs_in(&town, &link).await), "link_over");
    }

    async fn a_session_lasts_while_it_is_used(town: Town) {
        let token = signs_in(&town, &link(&town).await).await.unwrap();
        let session = async || sessions::by_token(&town.house, &token).await.unwrap();
        town.lets_pass(Duration::minutes(59));
        sessions::touch(&town.house, &session().await.unwrap()).await.unwrap();
        let first = session().await.unwrap();
        assert_eq!(first.seen_at, first.created_at, "noted once an hour at most");
        town.lets_pass(Duration::days(20));
        sessions::touch(&town.house, &session().await.unwrap()).await.unwrap();
        town.lets_pass(Duration::days(20));
        assert!(session().await.is_some(), "forty days later, used in between");
        town.lets_pass(Duration::days(SESSION_DAYS));
        assert!(session().await.is_none());
        assert_eq!(town.louyi().gets(sessions::forget_over).await, 1, "its link has been over for a month");
        town.lets_pass(Duration::days(31));
        assert_eq!(town.louyi().gets(sessions::forget_over).await, 1, "and now the session");
    }

    async fn sessions_are_listed_and_ended(town: Town) {
        let tokens = [signs_in(&town, &link(&town).await).await.unwrap(), signs_in(&town, &link(&town).await).await.unwrap()];
        let all = sessions::of_person(town.house.read(), town.staff.id).await.unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].device, "iPhone · WeChat");
        let first = sessions::by_token(&town.house, &tokens[0]).await.unwrap().unwrap();
        let stranger = town.representative.does(async |act| sessions::revoke(act, town.representative.id, first.id).await).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "nobody ends another's");
        town.staff.gets(async |act| sessions::revoke(act, town.staff.id, first.id).await).await;
        assert!(sessions::by_token(&town.house, &tokens[0]).await.unwrap().is_none());
        assert!(sessions::by_token(&town.house, &tokens[1]).await.unwrap().is_some());
        assert_eq!(town.staff.gets(async |act| sessions::revoke_all(act, town.staff.id, None).await).await, 1);
    }

    async fn who_is_disabled_does_not_sign_in(town: Town) {
        use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
        let link = link(&town).await;
        let mut row: persons::ActiveModel = ana(&town).await.into();
        row.disabled_at = Set(Some(town.house.now()));
        row.update(town.house.db().upkeep()).await.unwrap();
        assert_eq!(refusal(signs_in(&town, &link).await), "link_over");
        assert!(persons::by_email(town.house.read(), "ana@louyi.example").await.unwrap().is_none());
    }
}
