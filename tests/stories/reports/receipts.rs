//! Receipts and codes: derived, found again, and a slip of the finger is seen before anything is looked up.

use louyi::domain::reports::{by_code, by_receipt, code_of, normal_code, receipt_of};
use louyi::kernel::error::Error;
use louyi::kernel::ids::ReportId;
use louyi::kernel::keys::Keys;

use crate::support::on_both;

const SIGNS: &str = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

fn codes() -> impl Iterator<Item = String> {
    let keys = Keys::fixed(3);
    (0..200u128).map(move |n| code_of(&keys, ReportId(uuid::Uuid::from_u128(n)), 0))
}

#[test]
fn every_single_wrong_sign_is_found() {
    for code in codes() {
        assert_eq!(normal_code(&code).as_deref(), Some(&*code));
        let signs: Vec<char> = code.chars().filter(|c| *c != '-').collect();
        for place in 0..signs.len() {
            for wrong in SIGNS.chars().filter(|c| *c != signs[place]) {
                let mut typed = signs.clone();
                typed[place] = wrong;
                assert_eq!(normal_code(&typed.iter().collect::<String>()), None, "{code}: {wrong} at {place}");
            }
        }
    }
}

#[test]
fn every_swap_of_neighbours_is_found() {
    for code in codes() {
        let signs: Vec<char> = code.chars().filter(|c| *c != '-').collect();
        for place in 1..signs.len() {
            let mut typed = signs.clone();
            typed.swap(place - 1, place);
            if typed != signs {
                assert_eq!(normal_code(&typed.iter().collect::<String>()), None, "{code}: swapped before {place}");
            }
        }
    }
}

#[test]
fn typed_as_people_type() {
    let code = codes().next().unwrap();
    let bare: String = code.chars().filter(|c| *c != '-').collect();
    let wide: String = code.chars().map(|c| if c == '-' { '－' } else { char::from_u32(c as u32 + 0xfee0).unwrap() }).collect();
    for typed in [bare.to_lowercase(), format!(" {} {}  {} ", &bare[..4], &bare[4..8], &bare[8..]), wide, bare.clone()] {
        assert_eq!(normal_code(&typed).as_deref(), Some(&*code), "{typed}");
    }
    for typed in ["", "-", "7K3M", &bare[..8], &format!("{bare}2"), "0000-0000-0", "电梯", &"Z".repeat(10_000)] {
        assert_eq!(normal_code(typed), None, "{typed}");
    }
}

#[test]
fn other_keys_give_other_receipts() {
    let id = ReportId(uuid::Uuid::from_u128(1));
    assert_ne!(receipt_of(&Keys::fixed(1), id), receipt_of(&Keys::fixed(2), id));
    assert_ne!(code_of(&Keys::fixed(1), id, 0), code_of(&Keys::fixed(1), id, 1));
    assert_eq!(receipt_of(&Keys::fixed(1), id).len(), 22);
}

on_both! {
    async fn found_by_receipt_and_by_code(town: Town) {
        let told = town.reports("电梯排队").await;
        town.another_joins(told.matter).await;
        let db = town.house.read();
        assert_eq!(by_receipt(db, &told.receipt).await.unwrap().id, told.report);
        let code = normal_code(&told.code.to_lowercase()).unwrap();
        assert_eq!(by_code(db, town.house.keys(), &code).await.unwrap().id, told.report);
        for wrong in ["", "x", &told.receipt[1..], &"A".repeat(22), &told.receipt.to_lowercase()] {
            assert!(matches!(by_receipt(db, wrong).await, Err(Error::NotFound)), "{wrong}");
        }
        assert!(matches!(by_code(db, &Keys::fixed(9), &code).await, Err(Error::NotFound)), "a code says nothing without the server's key");
    }

    async fn the_database_alone_gives_no_receipt(town: Town) {
        let told = town.reports("电梯排队").await;
        let report = town.report(&told).await;
        let kept = format!("{report:?}");
        assert!(!kept.contains(&told.receipt) && !kept.contains(&told.code));
    }
}
