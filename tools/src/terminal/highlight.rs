//! Text from a catalogue, safe for a terminal, with the matching parts in bold.

use sampan_proto::v1::ByteRange;

const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Text without characters that would steer the terminal: they become spaces.
pub fn safe(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Text with its highlights in bold when `styled`. Ranges that are not on character boundaries are left out.
pub fn highlighted(text: &str, ranges: &[ByteRange], styled: bool) -> String {
    if !styled {
        return safe(text);
    }
    let mut shown = String::new();
    let mut at = 0;
    for range in ranges {
        let (start, end) = (range.start as usize, range.end as usize);
        let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        shown.push_str(&safe(before));
        shown.push_str(BOLD);
        shown.push_str(&safe(inside));
        shown.push_str(PLAIN);
        at = end;
    }
    shown.push_str(&safe(text.get(at..).unwrap_or_default()));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_bold_and_bad_ones_left_out() {
        let ranges = [(3, 9), (10, 11), (9, 12)].map(|(start, end)| ByteRange { start, end });
        assert_eq!(
            highlighted("大雪櫃款", &ranges, true),
            "大\u{1b}[1m雪櫃\u{1b}[0m\u{1b}[1m款\u{1b}[0m"
        );
        assert_eq!(highlighted("大雪櫃款", &ranges, false), "大雪櫃款");
        let outside = [ByteRange { start: 0, end: 99 }];
        assert_eq!(highlighted("雪櫃", &outside, true), "雪櫃");
    }

    #[test]
    fn a_title_cannot_steer_the_terminal() {
        assert_eq!(safe("a\u{1b}[2Jb\nc\u{9b}d"), "a [2Jb c d");
        let range = [ByteRange { start: 0, end: 1 }];
        assert_eq!(
            highlighted("\u{1b}[2J", &range, true),
            "\u{1b}[1m \u{1b}[0m[2J"
        );
    }
}
