//! Promises of meaning: scripts meet without merging what Traditional keeps apart, regional words find each other,
//! spoken wishes are heard, highlights mark the seller's own word.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use sampan_analyzers::{Analyzer, DictionaryFiles, Preference, Understood};

/// The built-in dictionaries, with concepts of this test's own in place of the linguists'.
fn files() -> DictionaryFiles {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| {
        !path.starts_with("common/concepts/") && !path.starts_with("common/kinds/")
    });
    let table = "id\ten\thk\ttw\tcn\tmy\tsg\tcategory\tweight\tsource\tnote\n\
        refrigerator\tfridge\t雪櫃\t冰箱\t冰箱\t\t\tappliances\t1.0\town\t\n\
        appliances\t\t家電\t家電\t家电\t\t\tappliances\t1.0\town\t\n\
        cooling\t\t製冷電器\t製冷電器\t制冷电器\t\t\tappliances\t1.0\town\t\n\
        power-bank\tpower bank\t外置充電器|>尿袋\t行動電源\t充电宝\t\t\tphones\t0.9\town\t\n\
        urine-bag\t\t集尿袋|尿袋\t尿袋\t集尿袋\t\t\thealth\t1.0\town\t\n\
        backpack\tbackpack\t背囊\t後背包\t双肩包\t\t\tbags\t1.0\town\t\n\
        instant-noodles\t\t公仔麵|即食麵\t泡麵\t方便面|快熟面\t\t\tfood\t1.0\town\t\n\
        facial-mask\t\t面膜\t面膜\t面膜\t\t\tbeauty\t1.0\town\t\n\
        butter\t\t牛油\t奶油\t黄油\t\t\tfood\t1.0\town\t\n\
        grease\t\t雪油\t潤滑脂\t黄油\t\t\tcar\t1.0\town\t≠butter\n";
    files
        .0
        .insert("common/concepts/test.tsv".to_owned(), table.to_owned());
    set_kinds(
        &mut files,
        "appliances\tcooling\t0.9\town\t\ncooling\trefrigerator\t0.9\town\t\ncooling\t酒櫃\t0.5\town\t\n",
    );
    files
}

fn set_kinds(files: &mut DictionaryFiles, rows: &str) {
    let table = format!("broad\tnarrow\tweight\tsource\tnote\n{rows}");
    files.0.insert("common/kinds/test.tsv".to_owned(), table);
}

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&files()).expect("sound dictionaries"));

fn understand(query: &str, region: &str) -> Understood {
    understand_without(query, region, &HashSet::new())
}

fn understand_without(query: &str, region: &str, disabled: &HashSet<String>) -> Understood {
    let mut understood = ANALYZER.understand(query, region, disabled);
    ANALYZER.widen(&mut understood, region, disabled);
    understood
}

fn terms(title: &str) -> HashSet<String> {
    let mut terms = HashSet::new();
    ANALYZER.index_tokens(title, &mut |token| {
        terms.insert(token.term.to_owned());
    });
    terms
}

/// Weight of the best alternative of the query's worst unit that the title holds; 0 when a unit has none.
fn found(query: &str, region: &str, title: &str) -> f32 {
    let held = terms(title);
    let of_unit = |unit: &sampan_analyzers::Unit| {
        let matching = unit
            .alternatives
            .iter()
            .filter(|alternative| alternative.required.iter().all(|term| held.contains(term)));
        matching
            .map(|alternative| alternative.weight)
            .fold(0.0, f32::max)
    };
    understand(query, region)
        .units
        .iter()
        .map(of_unit)
        .fold(1.0, f32::min)
}

#[test]
fn scripts_and_glyph_variants_meet() {
    for (query, title) in [
        ("维他奶", "維他奶 豆奶 250毫升"),
        ("維他奶", "维他奶 豆奶 250ml"),
        ("裏布", "內裡 裡布"),
        ("線裝", "綫裝"),
        ("枱燈", "檯燈 LED"),
        ("后背包", "後背包"),
        ("洗髮水", "洗发水"),
        ("方便面", "方便麵"),
        ("快熟麵", "快熟面 5包装"),
        ("方便麵", "红烧方便面 五连包"),
        ("ＷＨ－１０００ＸＭ５", "Sony WH1000XM5"),
        ("330毫升", "可樂 330 mL"),
        ("1.5L", "礦泉水1.5公升"),
        ("lancome", "Lancôme 粉底"),
        ("t恤", "純棉T恤"),
        ("蕃茄汁", "番茄汁 1公升"),
        ("果汁", "雜錦菓汁"),
        ("記憶卡", "記憶咭 128GB"),
        ("枴杖", "摺疊拐杖"),
    ] {
        assert_eq!(found(query, "hk", title), 1.0, "{query} in {title}");
    }
}

#[test]
fn what_traditional_keeps_apart_is_not_merged() {
    for (query, title) in [
        ("麵", "補濕面膜"),
        ("麵", "保湿面膜 10片"),
        ("后", "日後再說"),
        ("後", "皇后"),
        ("髮", "發財樹"),
        ("隻", "只有一本"),
        ("東涌", "波濤洶湧"),
        ("乾", "幹事"),
    ] {
        assert_eq!(found(query, "hk", title), 0.0, "{query} in {title}");
    }
}

#[test]
fn simplified_in_doubt_finds_both_the_typed_first() {
    assert_eq!(found("后", "hk", "Whoo 后 天氣丹"), 1.0);
    assert_eq!(
        found("后", "hk", "日後再說"),
        0.0,
        "who reads Traditional means what is typed"
    );
    assert!(
        found("后", "hk", "Whoo 后 洗面奶套装") > 0.0,
        "the brand in a Simplified title"
    );
    let other = found("面", "cn", "手工麵");
    assert!(other > 0.0 && other < 1.0, "{other}");
    let kept = found("麵", "hk", "手工面 500克 潮汕面条");
    assert!(kept > 0.0, "{kept}");
}

#[test]
fn regional_words_find_each_other_by_sense() {
    let usual = found("雪櫃", "hk", "三門冰箱");
    assert!(
        (0.85..1.0).contains(&usual),
        "behind the typed word: {usual}"
    );
    assert_eq!(found("冰箱", "tw", "日立雪櫃"), usual);
    let less_sure = found("行動電源", "tw", "20000mAh 充电宝");
    assert!(0.75 < less_sure && less_sure < usual, "{less_sure}");
    let second = found("背囊", "hk", "帆布雙肩包");
    assert!(
        0.6 < second && second < found("背囊", "hk", "帆布背囊"),
        "{second}"
    );
    assert!(found("power banks", "us", "行動電源 10000mAh") > 0.7);
    assert!(
        found("尿袋", "hk", "磁吸行動電源") > 0.0,
        "slang, understood at home"
    );
    assert_eq!(
        found("尿袋", "tw", "磁吸行動電源"),
        0.0,
        "a medical bag elsewhere"
    );
    let (butter, grease) = (
        found("黃油", "hk", "牛油 227克"),
        found("黃油", "hk", "雪油"),
    );
    assert!(
        0.5 < butter && butter < 0.7 && butter == grease,
        "{butter}: a word that only others use, for two things, means either"
    );
    let wide = understand("行動電源", "tw");
    assert!(
        wide.units[0]
            .alternatives
            .iter()
            .all(|alternative| alternative.text != "尿袋"),
        "nothing is widened to slang"
    );
    for alternative in &wide.units[0].alternatives[1..] {
        let edit = &wide.edits[alternative.edit.unwrap()];
        assert_eq!((edit.rule, edit.source.clone()), ("region.term", 0..12));
        assert_eq!(edit.target, alternative.text);
    }
}

#[test]
fn a_broad_word_finds_its_kinds_and_what_is_named_so_comes_first() {
    let named = found("家電", "hk", "廚房家電套裝");
    let fridge = found("家电", "cn", "迷你雪櫃");
    let below = found("家電", "tw", "紅酒酒櫃");
    assert!(
        named > fridge && fridge > below && below > 0.0,
        "{named} {fridge} {below}"
    );
    // Not upwards, and not sideways.
    assert_eq!(found("雪櫃", "hk", "廚房家電套裝"), 0.0);
    let off: HashSet<String> = ["concept.kind".to_owned()].into();
    let plain = understand_without("家電", "hk", &off);
    assert!(plain.edits.iter().all(|edit| edit.rule != "concept.kind"));
}

#[test]
fn kinds_that_cannot_be_are_named() {
    let refused = [
        (
            "appliances\trefrigerator\t0.9\town\t\nrefrigerator\tappliances\t0.9\town\t\n",
            2,
            "narrow",
        ),
        ("appliances\tfreezer\t0.9\town\t\n", 2, "narrow"),
        ("appliances\t酒櫃|酒櫃\t0.9\town\t\n", 2, "narrow"),
        ("# one\ngadgets\t酒櫃\t0.9\town\t\n", 3, "broad"),
        ("appliances\t酒櫃\t2\town\t\n", 2, "weight"),
        ("appliances\t酒櫃\t0.9\t\t\n", 2, "source"),
    ];
    for (rows, line, column) in refused {
        let mut files = files();
        set_kinds(&mut files, rows);
        let error = Analyzer::build(&files).err().expect(rows);
        assert_eq!(
            (error.line, error.column.as_str()),
            (line, column),
            "{rows}"
        );
        assert_eq!(error.file, "common/kinds/test.tsv");
    }
}

#[test]
fn a_word_is_told_from_characters_that_meet_across_words() {
    let stands = |query: &str, title: &str| {
        let understood = understand(query, "hk");
        let terms = terms(title);
        let holds = |needed: &[String]| needed.iter().all(|term| terms.contains(term));
        let typed = &understood.units[0].alternatives[0];
        (holds(&typed.required), holds(&typed.words))
    };
    for (query, title, expected) in [
        ("面膜", "保濕面膜 十片裝", (true, true)),
        ("面膜", "补水面膜", (true, true)),
        ("香水", "玫瑰香水 50毫升", (true, true)),
        ("香水", "清香水杯", (true, false)),
        ("牛肉", "蝸牛肉桂味香薰", (true, false)),
        // What is no word is asked for by its characters.
        ("XY", "xy", (true, true)),
        ("雞", "雞蛋 10隻", (true, true)),
    ] {
        assert_eq!(stands(query, title), expected, "{query} in {title}");
    }
    let head = |query: &str| understand(query, "hk").units[0].head.clone();
    assert!(terms("不鏽鋼臉盆").contains(&head("面盆").expect("ends in a Han character")));
    assert!(!terms("盆栽泥土").contains(&head("面盆").expect("ends in a Han character")));
    assert_eq!(head("USB"), None);
}

#[test]
fn every_rule_can_be_switched_off() {
    let off = |rule: &str| HashSet::from([rule.to_owned()]);
    let units =
        |query: &str, disabled: &HashSet<String>| ANALYZER.understand(query, "hk", disabled).units;
    assert_eq!(units("雪櫃", &off("region.term"))[0].alternatives.len(), 1);
    assert_eq!(units("麵", &off("script.reading"))[0].alternatives.len(), 1);
    let spoken = ANALYZER.understand("想搵部平靚正嘅雪櫃", "hk", &off("query.spoken"));
    assert!(spoken.preferences.is_empty() && spoken.units.len() > 1);
}

#[test]
fn the_occasion_of_a_wish_is_no_part_of_the_thing() {
    for (query, region, thing) in [
        ("屋企成日好焗想買把風扇", "hk", "風扇"),
        ("公司搬屋要買部打印機", "hk", "打印機"),
        ("返工用嘅手袋邊隻好", "hk", "手袋"),
        ("想搵盞枱燈畀阿女", "hk", "枱燈"),
        ("有冇三百蚊以下嘅耳筒", "hk", "耳筒"),
        ("想搵兩罐豆奶", "hk", "豆奶"),
        ("我要三樽豆奶", "hk", "豆奶"),
        ("想買五百塊以內的馬克杯", "tw", "馬克杯"),
        ("有冇平過二百蚊嘅背囊", "hk", "背囊"),
        ("預算兩千左右的行動電源", "tw", "行動電源"),
        ("有咩背囊唔會濕水", "hk", "背囊"),
        ("有沒有便宜又大碗的衛生紙", "tw", "衛生紙"),
        ("請問哪一款吹風機比較好用", "tw", "吹風機"),
    ] {
        let understood = understand(query, region);
        let units: Vec<&str> = understood
            .units
            .iter()
            .map(|unit| &query[unit.source.clone()])
            .collect();
        assert_eq!(units, [thing], "{query}: {:?}", understood.edits);
    }
    let context = understand("露營用嘅水樽", "hk").typed;
    assert!(
        context
            .iter()
            .any(|term| term.term == "露營" && term.weight < 1.0),
        "it breaks ties: {context:?}"
    );
    // Nothing that is sold is taken for an occasion when the words behind it name no thing.
    let fridge = "雪櫃要買唔嘈嘅";
    let units = understand(fridge, "hk").units;
    assert_eq!(&fridge[units[0].source.clone()], "雪櫃", "{units:?}");
    let none = understand("有沒有便宜又大碗的衛生紙", "hk");
    assert!(none.edits.iter().all(|edit| edit.rule != "query.spoken"));
}

#[test]
fn every_negation_is_heard() {
    let query = "想搵豆奶 唔要有糖 唔要紙包";
    let understood = understand(query, "hk");
    let excluded = understood.excluded.iter();
    let excluded: Vec<&str> = excluded.map(|unit| &query[unit.source.clone()]).collect();
    assert!(
        excluded.contains(&"糖") && excluded.contains(&"紙包"),
        "{excluded:?}"
    );
}

#[test]
fn spoken_wishes_are_heard_and_written_queries_left_alone() {
    let words = |units: &[sampan_analyzers::Unit]| {
        units
            .iter()
            .map(|unit| unit.alternatives[0].text.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (query, wanted, excluded, preferences) in [
        (
            "想搵部平靚正嘅雪櫃",
            "雪櫃",
            "",
            vec![Preference::Cheap, Preference::Quality],
        ),
        ("有冇平啲嘅雪櫃呀", "雪櫃", "", vec![Preference::Cheap]),
        ("邊款雪櫃好用", "雪櫃", "", vec![Preference::Quality]),
        ("雪櫃幾錢", "雪櫃", "", vec![]),
        ("想搵返部雪櫃", "雪櫃", "", vec![]),
        ("唔要黑色嘅背囊", "背囊", "黑色", vec![]),
        ("背囊 唔要黑色", "背囊", "黑色", vec![]),
        ("搵嘢", "搵嘢", "", vec![]),
        ("平靚正", "平靚正", "", vec![]),
        ("便宜的冰箱", "便宜 冰箱", "", vec![]),
        ("平板", "平板", "", vec![]),
    ] {
        let plan = understand(query, "hk");
        assert_eq!(words(&plan.units), wanted, "{query}");
        assert_eq!(words(&plan.excluded), excluded, "{query}");
        assert_eq!(plan.preferences, preferences, "{query}");
    }
}

#[test]
fn highlights_mark_the_sellers_own_word() {
    for (query, region, title, marked) in [
        ("雪櫃", "hk", "日立 三門冰箱 慳電", vec!["冰箱"]),
        ("維他奶", "hk", "【正品】维他奶豆浆", vec!["维他奶"]),
        (
            "行動電源",
            "tw",
            "小米Power Bank 3代",
            vec!["Power", "Bank"],
        ),
        ("行動電源", "tw", "不斷電源行動支架", vec!["電源行動"]),
        ("wh-1000xm5", "hk", "SONY WH1000XM5 耳機", vec!["WH1000XM5"]),
        ("雪櫃", "hk", "洗衣機", vec![]),
    ] {
        let plan = understand(query, region);
        let ranges = ANALYZER.highlight(title, &plan);
        let found: Vec<&str> = ranges.into_iter().map(|range| &title[range]).collect();
        assert_eq!(found, marked, "{query} in {title}");
    }
}

#[test]
fn a_dropped_in_region_works_and_a_bad_line_is_named() {
    let mut files = files();
    let region = files.0["hk/region.toml"].replace("HKD", "XTS");
    files.0.insert("xx/region.toml".to_owned(), region);
    let terms = "term\tmeans\tweight\tsource\tnote\n雪房\t雪櫃\t0.8\town\t\n";
    files.0.insert("xx/terms.tsv".to_owned(), terms.to_owned());
    let analyzer = Analyzer::build(&files).unwrap();
    assert_eq!(analyzer.region("xx").unwrap().currency, "XTS");
    let alternatives = |region: &str| {
        let plan = analyzer.understand("雪房", region, &HashSet::new());
        plan.units
            .iter()
            .flat_map(|unit| unit.alternatives.clone())
            .map(|a| a.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(alternatives("xx"), ["雪房", "雪櫃"]);
    assert_eq!(alternatives("hk"), ["雪房"]);

    let bad = "term\tmeans\tweight\tsource\tnote\n\n雪房\t雪櫃\t7\town\t\n";
    files.0.insert("xx/terms.tsv".to_owned(), bad.to_owned());
    let error = Analyzer::build(&files).err().unwrap();
    assert_eq!(
        (error.file.as_str(), error.line, error.column.as_str()),
        ("xx/terms.tsv", 3, "weight")
    );
}

#[test]
fn only_what_changes_tokens_changes_the_index_version() {
    let base = Analyzer::build(&files()).expect("sound dictionaries");
    let changed = |path: &str, text: &str| {
        let mut files = files();
        files.0.insert(path.to_owned(), text.to_owned());
        let analyzer = Analyzer::build(&files).unwrap();
        (
            analyzer.index_version() != base.index_version(),
            analyzer.version() != base.version(),
        )
    };
    let stop_words = "word\tsource\n的\town\n";
    assert_eq!(changed("common/stop_words.tsv", stop_words), (false, true));
    let words = "word\tfreq\tsource\n舢舨仔\t300\town\n";
    assert_eq!(changed("hk/words.tsv", words), (true, true));
    // What is a kind of what tells which parts of a name are words of it.
    let kinds = "broad\tnarrow\tweight\tsource\tnote\nappliances\trefrigerator\t0.9\town\t\n";
    assert_eq!(changed("common/kinds/test.tsv", kinds), (true, true));
    let unchanged = DictionaryFiles(BTreeMap::from_iter(files().0));
    assert_eq!(
        Analyzer::build(&unchanged).unwrap().version(),
        base.version()
    );
}
