//! The script that a query is written in, and the same query in the others.

use sampan_analyzers::{Analyzer, Conversion};

/// A way to write the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Simplified,
    /// Traditional as in Hong Kong.
    HongKong,
    /// Traditional as in Taiwan.
    Taiwan,
    /// Every other character Simplified, the others as in Hong Kong: what half-converting input methods leave.
    Mixed,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Simplified, Self::HongKong, Self::Taiwan, Self::Mixed];

    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Simplified => "Simplified",
            Self::HongKong => "Hong Kong",
            Self::Taiwan => "Taiwan",
            Self::Mixed => "mixed",
        }
    }
}

/// What a text shows of its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    Traditional,
    Simplified,
    /// Some characters are only Simplified, others only Traditional.
    Both,
    /// Han characters that are the same in both.
    Either,
    NoHan,
}

impl Script {
    /// As tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Traditional => "Traditional",
            Self::Simplified => "Simplified",
            Self::Both => "mixed",
            Self::Either => "same in both",
            Self::NoHan => "no Han",
        }
    }
}

/// A text in each of [`Form::ALL`].
///
/// # Errors
/// A conversion cannot be carried out.
pub fn forms(text: &str, analyzer: &Analyzer) -> anyhow::Result<[String; 4]> {
    let convert = |by: &str| convert(text, by, analyzer);
    let (hong_kong, taiwan) = match script(text, analyzer)? {
        Script::Simplified => (convert("s2hk")?, convert("s2tw")?),
        _ => (convert("t2hk")?, convert("t2tw")?),
    };
    let simplified = convert("t2s")?;
    let pairs = simplified.chars().zip(hong_kong.chars()).enumerate();
    let mixed = pairs.map(|(place, (one, other))| if place % 2 == 0 { one } else { other });
    let mixed = match simplified.chars().count() == hong_kong.chars().count() {
        true => mixed.collect(),
        // Characters do not stand beside each other: halves do as well.
        false => halves(&simplified, &hong_kong),
    };
    Ok([simplified, hong_kong, taiwan, mixed])
}

/// The script of a text.
///
/// # Errors
/// A conversion cannot be carried out.
pub fn script(text: &str, analyzer: &Analyzer) -> anyhow::Result<Script> {
    if !text.chars().any(is_han) {
        return Ok(Script::NoHan);
    }
    let has_traditional = convert(text, "t2s", analyzer)? != text;
    // What any of the Traditional standards leaves as it is has nothing Simplified in it: 台 stands in two of three.
    let mut has_simplified = true;
    for standard in ["s2t", "s2hk", "s2tw"] {
        has_simplified &= convert(text, standard, analyzer)? != text;
    }
    Ok(match (has_traditional, has_simplified) {
        (true, false) => Script::Traditional,
        (false, true) => Script::Simplified,
        (true, true) => Script::Both,
        (false, false) => Script::Either,
    })
}

fn convert(text: &str, by: &str, analyzer: &Analyzer) -> anyhow::Result<String> {
    Ok(analyzer.convert(text, by.parse::<Conversion>()?)?)
}

fn halves(one: &str, other: &str) -> String {
    let first = one.chars().take(one.chars().count() / 2);
    first
        .chain(other.chars().skip(other.chars().count() / 2))
        .collect()
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    #[test]
    fn scripts_are_told_apart() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        for (text, expected) in [
            ("電飯煲", Script::Traditional),
            ("电饭煲", Script::Simplified),
            ("电飯煲", Script::Both),
            ("手提包", Script::Either),
            ("usb-c 20W", Script::NoHan),
            ("台燈", Script::Traditional),
        ] {
            assert_eq!(script(text, &analyzer).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn every_form_is_made_from_any() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        for text in ["電飯煲", "电饭煲"] {
            let forms = forms(text, &analyzer).unwrap();
            assert_eq!(forms, ["电饭煲", "電飯煲", "電飯煲", "电飯煲"], "{text}");
        }
        assert_eq!(halves("abcd", "WXYZV"), "abYZV");
    }
}
