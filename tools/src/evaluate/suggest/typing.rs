//! The ways to type a query.

use sampan_analyzers::{Analyzer, KeyKind};

/// A way to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Character by character, as the query is written: what an input method has put in so far.
    Characters,
    /// Key by key, without tones.
    Sound(KeyKind),
}

impl Way {
    /// Every way, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Characters,
        Self::Sound(KeyKind::Jyutping),
        Self::Sound(KeyKind::JyutpingInitials),
        Self::Sound(KeyKind::Pinyin),
        Self::Sound(KeyKind::PinyinInitials),
        Self::Sound(KeyKind::Zhuyin),
        Self::Sound(KeyKind::ZhuyinInitials),
    ];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Sound(KeyKind::Jyutping) => "jyutping",
            Self::Sound(KeyKind::JyutpingInitials) => "jyutping initials",
            Self::Sound(KeyKind::Pinyin) => "pinyin",
            Self::Sound(KeyKind::PinyinInitials) => "pinyin initials",
            Self::Sound(KeyKind::Zhuyin) => "zhuyin",
            Self::Sound(KeyKind::ZhuyinInitials) => "zhuyin initials",
        }
    }

    /// What is typed of a query, whole; none where it has no reading. Readings are the analyser's own: this measures
    /// completion by sound, not whether the readings are right.
    pub fn typed(self, query: &str, analyzer: &Analyzer) -> Option<String> {
        match self {
            Self::Characters => Some(query.to_owned()),
            Self::Sound(kind) => {
                let keys = analyzer.reading_keys(query).into_iter();
                keys.filter(|key| key.kind == kind)
                    .map(|key| key.key)
                    .next()
            }
        }
    }
}

/// What stands in the box after each key but the last.
pub fn prefixes(typed: &str) -> impl Iterator<Item = &str> {
    typed.char_indices().skip(1).map(|(end, _)| &typed[..end])
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    #[test]
    fn a_query_is_typed_in_every_way_that_it_can_be_read() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let typed = Way::ALL.map(|way| way.typed("洗衣机", &analyzer).unwrap());
        let expected = [
            "洗衣机",
            "saijigei",
            "sjg",
            "xiyiji",
            "xyj",
            "ㄒㄧㄧㄐㄧ",
            "ㄒㄧㄐ",
        ];
        assert_eq!(typed, expected);
        assert_eq!(
            Way::Sound(KeyKind::Pinyin).typed("wh-1000", &analyzer),
            None
        );
        assert!(prefixes("洗衣机").eq(["洗", "洗衣"]));
    }
}
