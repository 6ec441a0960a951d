//! The kind that a report's words are probably about.

use louyi::domain::buildings::PlaceKind;
use louyi::domain::categories::{self, guess};

#[derive(serde::Deserialize)]
struct Words {
    matter: Vec<Matter>,
}

#[derive(serde::Deserialize)]
struct Matter {
    category: String,
    #[serde(default)]
    places: Vec<PlaceKind>,
    words: Vec<String>,
}

/// The demonstration's sentences, with the kind of place they are said at. The examples were widened after a look at
/// these; the sentences of the next test came after, and changed nothing.
#[test]
fn most_of_what_is_said_is_guessed_right_and_hardly_any_wrong() {
    let said: Words = toml::from_str(include_str!("../../demo/words.toml")).expect("sentences");
    let (mut right, mut wrong, mut none) = (0, vec![], 0);
    for (m, words) in said.matter.iter().flat_map(|m| m.words.iter().map(move |w| (m, w))) {
        let kind = &m.category;
        match guess(words, m.places.first().copied()) {
            Some(g) if g.category.code == *kind => right += 1,
            Some(g) => wrong.push(format!("{words}: {} for {kind}, because of {:?}", g.category.code, g.because)),
            None => none += 1,
        }
    }
    let all = right + wrong.len() + none;
    assert!(all > 60, "{all} sentences");
    println!("{right} right, {none} left open, {} wrong of {all}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(right * 10 >= all * 8, "{right} of {all} right\n{}", wrong.join("\n"));
    assert!(wrong.len() * 10 <= all, "{} of {all} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sentences_that_came_later_are_mostly_guessed_right_too() {
    let said = [
        ("lift.queue", "八点五十到楼下，队伍已经拐弯了，电梯一趟一趟都装满"),
        ("lift.fault", "5号梯显示检修中，两天了还没人修"),
        ("hvac.temp", "靠窗工位下午晒得发烫，空调跟没开一样"),
        ("hvac.temp", "We are freezing here, please turn the air conditioning down"),
        ("air.smoking", "17楼消防楼梯又有人在吸烟"),
        ("access.gate", "客户来访登记排了十五分钟，闸机还扫不过"),
        ("access.delivery", "外卖架太小，餐都叠在地上了"),
        ("park.car", "地库二层坡道每天早上都堵死"),
        ("park.ev", "充电桩三个坏了两个"),
        ("fire.exit", "安全出口被纸箱挡了一半"),
        ("env.toilet", "女厕所第三间马桶一直堵着"),
        ("env.noise", "楼下装修电锤响了一上午"),
        ("env.pest", "茶水间抽屉里看见蟑螂"),
        ("util.water", "饮水机不出热水"),
        ("util.power", "走廊的灯管一直闪"),
        ("util.network", "电梯厅手机一格信号都没有"),
        ("env.waste", "垃圾桶满到盖不上，周末没人清"),
        ("safe.security", "放在工位的耳机被偷了"),
        ("biz.service", "报修电话打了五次没人接"),
        ("access.clock", "打卡机就两台，下班排到走廊"),
    ];
    let (mut right, mut wrong) = (0, vec![]);
    for (kind, words) in said {
        match guess(words, None) {
            Some(g) if g.category.code == kind => right += 1,
            Some(g) => wrong.push(format!("{words}: {} because of {:?}", g.category.code, g.because)),
            None => {}
        }
    }
    println!("{right} of {} right, {} wrong: {}", said.len(), wrong.len(), wrong.join("\n"));
    assert!(right >= 14, "{right} right; wrong: {}", wrong.join("\n"));
    assert!(wrong.len() <= 3, "{}", wrong.join("\n"));
}

#[test]
fn it_says_what_it_went_by() {
    let lift = guess("早上八点四十，电梯排队排到门外", None).expect("a guess");
    assert_eq!(lift.category.code, "lift.queue");
    assert!(lift.because.iter().any(|w| w.contains("排")), "{:?}", lift.because);
    let cold = guess("The office is far too cold, cold air blows on my neck", None).expect("a guess");
    assert_eq!(cold.category.code, "hvac.temp");
    assert!(cold.because.contains(&"cold".to_owned()), "{:?}", cold.because);
}

#[test]
fn what_says_nothing_is_left_open() {
    for nothing in ["", "。", "😀𠮷", "你好", "请处理一下谢谢", "ok", "123456", "the the the"] {
        assert_eq!(guess(nothing, None), None, "{nothing}");
    }
    assert_eq!(categories::guess_or_other("你好", None).map(|c| c.code.as_str()), Some(categories::OTHER));
}

#[test]
fn every_kind_has_examples_that_lead_to_it() {
    let texts: std::collections::BTreeMap<String, Vec<String>> = toml::from_str(include_str!("../../data/examples.toml")).expect("examples");
    let known: Vec<&str> = categories::all().iter().map(|c| c.code.as_str()).collect();
    for (code, examples) in &texts {
        assert!(known.contains(&code.as_str()), "{code} is no kind");
        let hit = examples.iter().filter(|e| guess(e, None).is_some_and(|g| g.category.code == *code)).count();
        assert!(hit * 10 >= examples.len() * 7, "{code}: only {hit} of {} examples lead back to it", examples.len());
    }
    let missing: Vec<&&str> = known.iter().filter(|c| **c != categories::OTHER && !texts.contains_key(**c)).collect();
    assert!(missing.is_empty(), "no examples for {missing:?}");
}
