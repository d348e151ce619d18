//! Written texts that are taken for spoken ones.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, rewrite::QUERY_SPOKEN};

/// How often rewrites of spoken queries fired.
#[derive(Debug, Default, serde::Serialize)]
pub struct FalseAlarms {
    pub texts: usize,
    /// Share of the texts on which they fired in any of the regions, 0 to 1.
    pub share: f64,
    pub alarms: Vec<Alarm>,
}

/// A text on which they fired.
#[derive(Debug, serde::Serialize)]
pub struct Alarm {
    pub text: String,
    pub region: String,
    /// What was taken out.
    pub taken: Vec<String>,
}

/// Understands every text as the shoppers of each region mean it.
pub fn count<'t>(
    texts: impl ExactSizeIterator<Item = &'t str>,
    regions: &[&str],
    analyzer: &Analyzer,
) -> FalseAlarms {
    let count = texts.len();
    let alarm = |text: &str, region: &str| {
        let understood = analyzer.understand(text, region, &HashSet::new());
        let edits = understood.edits.iter();
        let spoken = edits.filter(|edit| edit.rule == QUERY_SPOKEN);
        let taken: Vec<String> = spoken
            .map(|edit| text[edit.source.clone()].to_owned())
            .collect();
        (!taken.is_empty()).then(|| Alarm {
            text: text.to_owned(),
            region: region.to_owned(),
            taken,
        })
    };
    let alarms: Vec<Alarm> = texts
        .filter_map(|text| regions.iter().find_map(|region| alarm(text, region)))
        .collect();
    FalseAlarms {
        texts: count,
        share: alarms.len() as f64 / count.max(1) as f64,
        alarms,
    }
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    #[test]
    fn a_spoken_wish_is_an_alarm_and_a_plain_name_is_none() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let texts = ["平底鍋", "想搵個平底鍋", "有機蔬菜", "正品皮帶"];
        let alarms = count(texts.into_iter(), &["tw", "hk"], &analyzer);
        assert_eq!((alarms.texts, alarms.share), (4, 0.25));
        assert_eq!(alarms.alarms[0].taken.concat(), "想搵個");
    }
}
