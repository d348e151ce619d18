//! Promises of spoken wishes: what is said of the thing is kept, and the rest of the sentence is no word to look for.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, DictionaryFiles};

/// The built-in dictionaries, with concepts of this test's own in place of the linguists'.
fn files() -> DictionaryFiles {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| {
        !path.starts_with("common/concepts/") && !path.starts_with("common/kinds/")
    });
    let table = "id\ten\thk\ttw\tcn\tmy\tsg\tcategory\tweight\tsource\tnote\n\
        badminton-racket\t\t羽毛球拍\t羽球拍\t羽毛球拍\t\t\tsports\t1.0\town\t\n\
        laminator\t\t過膠機\t護貝機\t塑封机\t\t\tstationery\t1.0\town\t\n\
        necklace\t\t頸鏈\t項鍊\t项链\t\t\tclothing\t1.0\town\t\n\
        bath-mat\t\t防滑墊\t止滑墊\t防滑垫\t\t\thousehold\t1.0\town\t\n\
        bathroom-room\t\t浴室\t浴室|衛浴間\t浴室\t\t\tattributes/places\t1.0\town\t\n\
        sensitive-skin\t\t敏感肌|敏感皮膚\t敏感肌|敏弱肌\t敏感肌\t\t\tattributes/body\t1.0\town\t\n\
        face-cream\t\t面霜\t面霜|乳霜\t面霜\t\t\tbeauty\t1.0\town\t\n\
        formula\t\t奶粉\t奶粉|配方奶\t奶粉\t\t\tbaby\t1.0\town\t\n\
        backpack\t\t背囊\t後背包\t双肩包\t\t\tbags\t1.0\town\t\n\
        extension-lead\t\t拖板\t延長線\t插线板\t\t\thousehold\t1.0\town\t\n\
        sunscreen\t\t防曬霜\t防曬乳\t防晒霜\t\t\tbeauty\t1.0\town\t\n\
        wireless\t\t無線\t無線\t无线|无绳\t\t\tattributes/technology\t1.0\town\t\n\
        wireless-mouse\t\t無線滑鼠\t無線滑鼠\t无线鼠标\t\t\tphones\t1.0\town\t\n\
        mouse\t\t滑鼠\t滑鼠\t鼠标\t\t\tphones\t1.0\town\t\n\
        birthday\t\t生日\t生日|慶生\t生日\t\t\tattributes/festivals\t1.0\town\t\n";
    files
        .0
        .insert("common/concepts/test.tsv".to_owned(), table.to_owned());
    files
}

#[test]
fn what_a_wish_says_of_the_thing_is_kept_and_the_rest_of_it_is_not() {
    let analyzer = Analyzer::build(&files()).expect("sound dictionaries");
    for (query, region, wanted) in [
        ("想買對行得耐都唔攰嘅鞋", "hk", "鞋"),
        ("我想學瑜伽要買張墊", "hk", "墊"),
        ("羽毛球拍新手用邊枝好", "hk", "羽毛球拍"),
        ("公司要部過膠機用", "hk", "過膠機"),
        ("媽媽生日想送她一條項鍊", "tw", "項鍊"),
        ("浴室啲地好跣有冇防滑墊", "hk", "浴室 防滑墊"),
        ("敏感肌用得嘅面霜有咩介紹", "hk", "敏感肌 面霜"),
        ("一歲食嘅奶粉有邊隻", "hk", "一歲 奶粉"),
        ("有冇黑色嘅背囊啊", "hk", "黑色 背囊"),
        ("拖板有冇六位㗎", "hk", "六位 拖板"),
        ("防曬乳嗎敏感肌可以用的求推薦", "tw", "敏感肌 防曬乳"),
        // Without the word between them they are one name.
        ("請問哪裡可以買到無線的滑鼠啊", "tw", "無線滑鼠"),
    ] {
        let understood = analyzer.understand(query, region, &HashSet::new());
        let typed = understood.units.iter().map(|unit| &unit.alternatives[0]);
        let typed: Vec<&str> = typed.map(|typed| typed.text.as_str()).collect();
        assert_eq!(typed.join(" "), wanted, "{query}: {:?}", understood.edits);
    }
}
