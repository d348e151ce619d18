//! Titles of one product have one key, and titles of two have not.

use std::sync::LazyLock;

use sampan_analyzers::{Analyzer, DictionaryFiles};

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&DictionaryFiles::embedded()).expect("sound dictionaries"));

fn is_same(brand: &str, one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|title| ANALYZER.product_key(brand, title));
    one.is_one() && one == other
}

#[test]
fn order_script_praise_units_and_a_repeated_brand_do_not_matter() {
    for (brand, one, other) in [
        (
            "維他奶",
            "低糖豆奶 250毫升 6包裝",
            "【包邮】维他奶 250ml 低糖豆奶 6包裝 正品",
        ),
        (
            "",
            "無線藍牙耳機 降噪 WH-1000XM5",
            "熱賣 WH-1000XM5 降噪無線藍牙耳機 香港行貨",
        ),
        ("樂聲", "樂聲牌 電飯煲 1.8公升", "電飯煲 牌 1.8L 现货"),
    ] {
        assert!(is_same(brand, one, other), "{one} and {other}");
    }
}

#[test]
fn another_size_number_or_word_is_another_product() {
    for (one, other) in [
        ("低糖豆奶 250毫升", "低糖豆奶 375毫升"),
        ("低糖豆奶 250毫升 6包", "低糖豆奶 250毫升"),
        ("法國牛油 有鹽 200克", "法國牛油 無鹽 200克"),
        ("安睡褲 (L碼) 4片", "安睡褲 (M碼) 4片"),
        ("新鮮雞蛋(大) 10隻", "新鮮雞蛋(特大) 10隻"),
        ("耳機 WH-1000XM4", "耳機 WH-1000XM5"),
        ("洗面膏", "洗麵膏 100克"),
    ] {
        assert!(!is_same("", one, other), "{one} and {other}");
    }
}

#[test]
fn a_title_of_praise_alone_is_of_no_product() {
    assert!(!is_same("", "包郵 正品", "包邮 正品"));
    assert!(!is_same("", "", ""));
    assert!(!is_same("", "500", "500"));
}
