//! Codes on posters and in terminals.

use louyi::kernel::qr;

const ADDRESS: &str = "https://louyi.example/q/TQ1F8K2M";

/// The modules, as the terminal shows them, quiet zone included: true = dark.
fn modules(text: &str) -> Vec<Vec<bool>> {
    let lines = qr::terminal(text).expect("a short text");
    let mut rows = vec![];
    for line in lines.lines() {
        let line = line.trim_start_matches("\x1b[38;5;16;48;5;231m").trim_end_matches("\x1b[0m");
        rows.push(line.chars().map(|c| matches!(c, '█' | '▀')).collect::<Vec<_>>());
        rows.push(line.chars().map(|c| matches!(c, '█' | '▄')).collect());
    }
    rows.truncate(rows[0].len());
    rows
}

#[test]
fn the_svg_draws_the_same_modules() {
    let svg = qr::svg(ADDRESS).expect("a short text");
    let dark = modules(ADDRESS);
    assert!(svg.contains(&format!(r#"viewBox="0 0 {0} {0}""#, dark.len())));
    assert!(!svg.contains("style") && svg.contains(r##"fill="#000""##));
    let mut drawn = vec![vec![false; dark.len()]; dark.len()];
    let path = svg.rsplit_once(" d=\"").and_then(|(_, rest)| rest.split_once('"')).expect("a path").0;
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> = run.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        drawn[numbers[1]][numbers[0]..numbers[0] + numbers[2]].fill(true);
    }
    assert_eq!(drawn, dark);
}

#[test]
fn four_light_modules_around_and_level_q() {
    let dark = modules(ADDRESS);
    let side = dark.len();
    let margin = |i: usize| !(4..side - 4).contains(&i);
    let light = (0..side).all(|y| (0..side).all(|x| !(margin(x) || margin(y)) || !dark[y][x]));
    assert!(light, "the quiet zone");
    assert!((4..11).all(|i| dark[4][i] && dark[i][4]), "the finder's edge");
    // Level Q is 11 in the format bits, which are masked with 10…: light, dark.
    assert_eq!([dark[12][4], dark[12][5]], [false, true]);
}

#[test]
fn too_much_text_is_an_error() {
    assert!(qr::svg(&"x".repeat(1_663)).is_ok());
    assert_eq!(qr::svg(&"x".repeat(1_664)), Err(qr::TooLong { bytes: 1_664 }));
    assert!(qr::terminal(&"楼".repeat(600)).is_err());
}
