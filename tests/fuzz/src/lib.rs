//! What the fuzz targets share: one analyser over the dictionaries of the binary, and a small catalogue.

use std::sync::LazyLock;

use sampan_analyzers::{Analyzer, CatalogVocabulary, DictionaryFiles, SoundIndex, SpellVocabulary};

/// Titles of a catalogue in which the seeds' mistakes have something to be corrected to.
const TITLES: [&str; 12] = [
    "家用全自動洗衣機 8公斤",
    "三門雪櫃 變頻",
    "微波爐 23升",
    "保濕面膜 10片裝",
    "即食公仔麵 五包裝",
    "纯棉T恤 男 夏季",
    "无线蓝牙耳机 WH-1000XM5",
    "iPhone 15 手機殼",
    "牛奶朱古力 330毫升",
    "運動鞋 女 透氣",
    "Border Biscuits 薑餅",
    "嬰兒紙尿片 M碼",
];
/// Items that each title stands for: enough to be sure of.
const ITEMS_EACH: u32 = 20;

pub static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::build(&DictionaryFiles::embedded()).expect("sound dictionaries"));
pub static REGIONS: LazyLock<Vec<String>> = LazyLock::new(|| DictionaryFiles::embedded().regions());

static SOUNDS: LazyLock<SoundIndex> =
    LazyLock::new(|| ANALYZER.sound_index(TITLES.iter().map(|title| (*title, 1.0))));
static SPELLING: LazyLock<SpellVocabulary> = LazyLock::new(|| {
    let mut builder = ANALYZER.spell_vocabulary(ITEMS_EACH * TITLES.len() as u32);
    for title in TITLES {
        for _ in 0..ITEMS_EACH {
            builder.add_titles(std::iter::once(title));
        }
        ANALYZER.index_tokens(title, &mut |token| builder.add_term(token.term, ITEMS_EACH));
    }
    builder.build()
});

/// The small catalogue.
pub fn catalog() -> CatalogVocabulary<'static> {
    CatalogVocabulary {
        sounds: Some(&SOUNDS),
        spelling: Some(&SPELLING),
        ..CatalogVocabulary::NONE
    }
}

/// Bytes as text, in two parts: what stands before the first byte FF, which no text has, and what stands behind it.
pub fn two_texts(bytes: &[u8]) -> (String, String) {
    let middle = bytes
        .iter()
        .position(|byte| *byte == 0xFF)
        .unwrap_or(bytes.len());
    let (first, second) = bytes.split_at(middle);
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (text(first), text(second.get(1..).unwrap_or_default()))
}
