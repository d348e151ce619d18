//! Which pieces are kept: those in scripts that the regions' shoppers and sellers write.
//!
//! Text in the others is unknown to the encoder, character by character. A text in kept scripts is cut as the
//! whole vocabulary would cut it, for no piece of another script could have a part in it.

/// Unicode ranges of scripts that are left out: Cyrillic to Sinhala, Lao to Georgian, Ethiopic to the
/// Phonetic Extensions (all between are scripts of other markets), and the presentation forms of Arabic.
/// Thai and Hangul stay.
const LEFT_OUT: [std::ops::RangeInclusive<char>; 5] = [
    '\u{0400}'..='\u{0DFF}',
    '\u{0E80}'..='\u{10FF}',
    '\u{1200}'..='\u{1DBF}',
    '\u{FB50}'..='\u{FDFF}',
    '\u{FE70}'..='\u{FEFC}',
];

/// Whether a piece can stand in a text that shoppers type or sellers write.
pub fn is_kept(piece: &str) -> bool {
    let left_out = |character| LEFT_OUT.iter().any(|range| range.contains(&character));
    !piece.chars().any(left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_the_regions_scripts_stay() {
        for kept in [
            "▁refrigerator",
            "冰箱",
            "レンジ",
            "ㄅ",
            "냉장고",
            "ตู้เย็น",
            "é",
            "®",
            "１",
            "😀",
            "β",
        ] {
            assert!(is_kept(kept), "{kept}");
        }
        for left_out in ["холодильник", "ثلاجة", "▁σ\u{0458}", "מקרר", "फ्रिज"]
        {
            assert!(!is_kept(left_out), "{left_out}");
        }
    }
}
