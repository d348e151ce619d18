//! Words of a text, as people would cut them. How often they are right is measured by `sampan eval segment`, and held in
//! tools/tests/eval_text.rs.

use sampan_analyzers::{Analyzer, DictionaryFiles};

#[test]
fn words_joined_give_the_text() {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
    for (text, words) in [
        ("佢買咗三個T恤 WH-1000XM5", "佢 買 咗 三 個 T恤 WH-1000XM5"),
        ("我要16,250元……", "我 要 16,250 元 ……"),
        (
            "這個冰箱不是在台北市買的",
            "這 個 冰箱 不 是 在 台北 市 買 的",
        ),
    ] {
        assert_eq!(analyzer.words(text).join(" "), words);
    }
}
