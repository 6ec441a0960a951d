//! Faces and number plates are covered before anybody else sees a picture.

use louyi::domain::attachments::{self, Attachment};
use louyi::domain::journal::Entry;
use louyi::kernel::photos::Grid;
use rocket::http::Status;
use sea_orm::EntityTrait as _;

use super::pictures;
use super::reports::{FILES, FORM, fields, filled, receipt};
use crate::support::browser::Chosen;
use crate::support::{Town, on_both};

async fn picture(town: &Town) -> Attachment {
    attachments::Entity::find().one(town.house.read()).await.expect("reads").expect("a picture")
}

/// The colour of a stored picture in the middle of a square.
async fn colour(town: &Town, hash: &str, (row, column): (u32, u32)) -> [u8; 3] {
    let bytes = louyi::kernel::files::fetch(&town.house, hash).await.expect("reads").expect("there");
    let picture = image::load_from_memory(&bytes).expect("a JPEG").into_rgb8();
    let grid = Grid::of(picture.width(), picture.height());
    let middle = |n: u32, of: u32, pixels: u32| (2 * n + 1) * pixels / (2 * of);
    picture.get_pixel(middle(column, grid.columns, picture.width()), middle(row, grid.rows, picture.height())).0
}

fn dark([r, g, b]: [u8; 3]) -> bool {
    r < 60 && g < 60 && b < 70
}

on_both! {
    async fn a_reporter_covers_a_face_and_the_original_goes(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("words", "门口有人抽烟")]).await;
        let sent = worker.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "a.jpg", bytes: &pictures::jpeg(800, 600) }]).await;
        let cover = format!("/r/{}/photos/1/cover", receipt(&sent));
        let before = picture(&town).await;
        assert!(!dark(colour(&town, &before.hash, (2, 3)).await));

        let empty = worker.posts(&cover, &[("token", &token(&worker.reads(&cover).await))]).await;
        assert_eq!((empty.status, empty.fault("square").is_some()), (Status::UnprocessableEntity, true));
        let form = [("token", token(&worker.reads(&cover).await)), ("square", "2-3".into()), ("square", "99-99".into()), ("square", "x".into())];
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(worker.posts(&cover, &form).await.status, Status::SeeOther);

        let after = picture(&town).await;
        assert_ne!(after.hash, before.hash);
        assert_eq!((after.original_hash, after.covered_at.is_some()), (None, true));
        assert!(dark(colour(&town, &after.hash, (2, 3)).await) && dark(colour(&town, &after.thumb_hash, (2, 3)).await));
        assert!(!dark(colour(&town, &after.hash, (5, 9)).await));
        for gone in [&before.hash, &before.thumb_hash] {
            assert!(louyi::kernel::files::fetch(&town.house, gone).await.expect("reads").is_none(), "the original is gone");
        }
        assert_eq!(site.visitor().on_phone(2).opens("/r/AAAAAAAAAAAAAAAAAAAAAA/photos/1/cover").await.status, Status::NotFound);
    }

    async fn whoever_releases_covers_a_plate_and_each_look_at_the_original_is_noted(town: Town) {
        let site = town.site().await;
        let worker = site.visitor().on_phone(1);
        let form = filled(&worker, FORM, &[("words", "车停在坡道上")]).await;
        receipt(&worker.uploads(FILES, &fields(&form), &[Chosen { field: "photos", name: "a.jpg", bytes: &pictures::jpeg(600, 800) }]).await);
        let before = picture(&town).await;
        let at = |what: &str, hash: &str| format!("/b/tingqiao/issues/1/photos/{}/{what}", &hash[..12]);
        for (who, expected) in [(&town.staff, Status::Forbidden), (&town.representative, Status::Forbidden), (&town.secretary, Status::Ok)] {
            assert_eq!(site.signed_in(who).await.opens(&at("cover", &before.hash)).await.status, expected);
        }
        let secretary = site.signed_in(&town.secretary).await;
        let page = secretary.reads(&at("cover", &before.hash)).await;
        assert!(page.form(&at("cover", &before.hash)).expect("a form").iter().any(|(n, _)| n == "keep"), "kept unless somebody unticks it");
        secretary.does(&at("cover", &before.hash), &at("cover", &before.hash), &[("square", "0-0")]).await;
        let after = picture(&town).await;
        assert_eq!(after.original_hash.as_deref(), Some(before.hash.as_str()));
        assert!(dark(colour(&town, &after.hash, (0, 0)).await));

        // What becomes public is the covered one; the original has no address of its own.
        town.secretary.gets(async |act| picture(&town).await.release(act, town.tower.id).await).await;
        site.visitor().reads(&format!("/photos/{}.jpg", after.hash)).await;
        for who in [&town.staff, &town.secretary] {
            assert_eq!(site.signed_in(who).await.opens(&format!("/photos/{}.jpg", before.hash)).await.status, Status::NotFound);
        }
        let page = secretary.reads(&at("cover", &after.hash)).await;
        let seen = secretary.posts(&at("original", &after.hash), &[("token", &token(&page))]).await;
        assert_eq!((seen.status, seen.header("cache-control")), (Status::Ok, Some("no-store")));
        let lines = louyi::kernel::journal::of_object(town.house.read(), after.id).await.expect("reads");
        let last: Entry = lines.last().expect("a line").entry().expect("read");
        assert_eq!(last, Entry::OriginalSeen { attachment: after.id });
    }
}

fn token(page: &crate::support::browser::Page) -> String {
    let (_, rest) = page.body.split_once("name=\"token\" value=\"").expect("a form");
    rest.split_once('"').expect("a value").0.to_owned()
}
