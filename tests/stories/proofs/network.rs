//! Whoever reads requests one by one: the one that spends carries no cookie and nothing of the one that asked.

use base64::Engine as _;
use rocket::http::Status;
use serde_json::Value;

use super::client::Wanted;
use crate::support::browser::{Page, Reader};
use crate::support::on_both;

fn text(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(page: &Page, name: &str) -> Vec<u8> {
    let json: Value = serde_json::from_str(&page.body).unwrap_or_else(|e| panic!("{e}: {}", page.body));
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(json[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", page.body)))
        .expect("base64")
}

/// The token of the forms on a page.
async fn form_token(reader: &Reader<'_>, page: &str) -> String {
    let form = reader.reads(page).await.form("/slip/proof").expect("the form");
    form.into_iter().find(|(n, _)| n == "token").map(|(_, v)| v).expect("a token")
}

on_both! {
    async fn the_request_that_spends_shares_nothing_with_the_one_that_asked(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 1).await;
        let site = town.site().await;
        let phone = site.visitor().on_phone(3).holding(&secrets[0]);
        let page = format!("/r/{}/proof", told[0].receipt);
        let token = form_token(&phone, &page).await;
        let asked = phone.posts("/slip/key", &[("token", &token), ("building", "tingqiao"), ("issue", "1")]).await;
        assert_eq!(asked.status, Status::Ok, "{}", asked.body);
        let wanted = Wanted::new(&bytes(&asked, "public"), &town.challenge(&secrets[0], told[0].matter).await);
        let fields = [("token", token.as_str()), ("building", "tingqiao"), ("issue", "1"), ("blinded", &text(&wanted.blinded))];
        let signed = phone.posts("/slip/tokens", &fields).await;
        assert_eq!(signed.status, Status::Ok, "{}", signed.body);
        let signature = bytes(&signed, "signature");
        let proof = wanted.token(&signature);
        for (what, of) in [("blinded message", &wanted.blinded), ("signature", &signature)] {
            let pieces = of.windows(6).filter(|w| proof.windows(6).any(|p| p == *w)).count();
            assert_eq!(pieces, 0, "six bytes of the {what} are in the token");
        }
        // No cookie, no form's token, no session: the receipt and the token are all.
        let stranger = site.visitor().without_cookies();
        let spent = stranger.posts(&page, &[("proof", &text(&proof))]).await;
        assert_eq!(spent.status, Status::Ok, "{}", spent.body);
        assert!(town.is_proven(&told[0]).await);
        let again = stranger.posts(&page, &[("proof", &text(&proof))]).await;
        assert_eq!(again.status, Status::Conflict);
        assert!(again.body.contains("这个证明已经用过一次"), "{}", again.body);
    }

    /// What the browser is told to do: the page of a receipt never sees the slip's cookie, and the script sends none.
    async fn the_browser_keeps_them_apart(town: Town) {
        let site = town.site().await;
        let told = town.reports("候梯太久").await;
        let page = site.visitor().reads(&format!("/r/{}/proof", told.receipt)).await;
        let script = page.body.split("src=\"").filter_map(|p| p.split('"').next()).find(|p| p.ends_with("js/proof.js")).expect("the script").to_owned();
        let script = site.visitor().reads(&script).await.body;
        assert!(script.contains(r#"credentials: "omit""#) && script.contains(r#"referrerPolicy: "no-referrer""#), "{script}");
        // Pages that have nothing to prove do not load it.
        site.visitor().reads("/b/tingqiao/report").await.hides("js/proof.js");
    }

    /// Without script: one form, one request, and the page says what then holds.
    async fn without_script_the_server_blinds_and_says_so(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 2).await;
        let site = town.site().await;
        let phone = site.visitor().on_phone(4).holding(&secrets[0]);
        let page = format!("/r/{}/proof", told[0].receipt);
        assert!(phone.reads(&page).await.says("服务器自己同时看到了凭条和这份报事"));
        let next = phone.does(&page, "/slip/proof", &[]).await;
        assert_eq!(next, format!("/r/{}", told[0].receipt));
        assert!(phone.reads(&next).await.says("已证明：您在向日葵科技上班"));
        assert!(phone.reads(&page).await.says("已证明"));
        assert!(phone.reads(&format!("{next}/export")).await.says("证明过在哪家上班 向日葵科技"));
        // With the same slip for another report: refused on the page, by name.
        let other = format!("/r/{}/proof", told[1].receipt);
        let refused = phone.fills(&other, "/slip/proof", &[]).await;
        assert_eq!(refused.status, Status::Conflict);
        assert!(refused.says("这张凭条在这件事上已经证明过一次"), "{}", refused.text());
        let nobody = site.visitor().on_phone(5).fills(&other, "/slip/proof", &[]).await;
        assert!(nobody.says("这台手机上没有凭条"), "{}", nobody.text());
    }

    async fn bad_input_is_answered_by_name(town: Town) {
        let (told, secrets) = town.workers_report(&town.sunflower, 1).await;
        let site = town.site().await;
        let phone = site.visitor().on_phone(6).holding(&secrets[0]);
        let page = format!("/r/{}/proof", told[0].receipt);
        let token = form_token(&phone, &page).await;
        for (fields, status) in [
            (vec![("building", "tingqiao"), ("issue", "1")], Status::Conflict),
            (vec![("token", token.as_str()), ("building", "tingqiao"), ("issue", "x")], Status::UnprocessableEntity),
            (vec![("token", token.as_str()), ("building", "nowhere"), ("issue", "1")], Status::NotFound),
            (vec![("token", token.as_str()), ("building", "tingqiao"), ("issue", "99")], Status::NotFound),
        ] {
            assert_eq!(phone.posts("/slip/key", &fields).await.status, status, "{fields:?}");
        }
        let long = "A".repeat(60_000);
        for blinded in ["", "!!!", "AAAA", long.as_str()] {
            let fields = [("token", token.as_str()), ("building", "tingqiao"), ("issue", "1"), ("blinded", blinded)];
            assert_eq!(phone.posts("/slip/tokens", &fields).await.status, Status::Conflict, "{} signs", blinded.len());
            assert_eq!(site.visitor().without_cookies().posts(&page, &[("proof", blinded)]).await.status, Status::Conflict);
        }
        let foreign = site.visitor().on_phone(6).holding(&secrets[0]).sending("Sec-Fetch-Site", "cross-site");
        assert_eq!(foreign.posts("/slip/key", &[("token", &token), ("building", "tingqiao"), ("issue", "1")]).await.status, Status::Forbidden);
    }
}
