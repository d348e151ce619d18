//! Words that are asked for more of late.

use serde::Serialize;

use super::{Thresholds, grams::Grams};

/// Log-likelihood ratio above which a rise is no chance (Dunning 1993): one in a thousand, for one degree of freedom.
const LIKELIHOOD_MIN: f64 = 10.83;
/// Queries in the late part that hold a hot word, at least.
const LATE_MIN: u32 = 5;
/// Added to both counts, so that what was never asked for before has a finite rise.
const SMOOTHING: f64 = 0.5;

/// A word that is asked for more of late, and that the dictionaries lack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hot {
    /// Traditional, in the region's glyphs.
    pub word: String,
    /// Queries of the late part that hold it.
    pub late: u32,
    /// Queries before that hold it.
    pub early: u32,
    /// Rate in the late part ÷ rate before.
    pub rise: f64,
    /// Log-likelihood ratio of the two rates.
    pub likelihood: f64,
}

/// `queries`: canonical, oldest first.
pub fn hot(
    queries: &[String],
    thresholds: &Thresholds,
    is_known: &dyn Fn(&str) -> bool,
    glyphs: &dyn Fn(&str) -> String,
) -> Vec<Hot> {
    let late_count = (queries.len() as f64 * thresholds.late_share) as usize;
    let (early, late) = queries.split_at(queries.len() - late_count);
    // Strings of the late part alone, whatever stands beside them: a query is often nothing but the word.
    let grams = Grams::count(late, LATE_MIN).words(&Thresholds {
        branching_min: 0.0,
        ..thresholds.clone()
    });
    let holding = |texts: &[String], word: &str| {
        texts.iter().filter(|text| text.contains(word)).count() as u32
    };
    let mut hot: Vec<Hot> = grams
        .into_iter()
        .filter(|gram| !is_known(&gram.text))
        .map(|gram| {
            let (of_late, of_early) = (holding(late, &gram.text), holding(early, &gram.text));
            let rate = |count: u32, of: usize| (f64::from(count) + SMOOTHING) / (of as f64 + 1.0);
            Hot {
                word: glyphs(&gram.text),
                late: of_late,
                early: of_early,
                rise: rate(of_late, late.len()) / rate(of_early, early.len()),
                likelihood: likelihood((of_late, late.len()), (of_early, early.len())),
            }
        })
        .filter(|word| {
            word.late >= LATE_MIN
                && word.rise >= thresholds.rise_min
                && word.likelihood >= LIKELIHOOD_MIN
        })
        .collect();
    hot.sort_by(|one, two| two.likelihood.total_cmp(&one.likelihood));
    hot
}

/// Twice the log-likelihood ratio of two rates against one.
fn likelihood(late: (u32, usize), early: (u32, usize)) -> f64 {
    let counts = [late, early].map(|(count, of)| (f64::from(count), of as f64));
    let count: f64 = counts.iter().map(|(count, _)| count).sum();
    let of: f64 = counts.iter().map(|(_, of)| of).sum();
    let log = |observed: f64, expected: f64| match observed > 0.0 && expected > 0.0 {
        true => observed * (observed / expected).ln(),
        false => 0.0,
    };
    let cells = counts.map(|(observed, size)| {
        let expected = size * count / of;
        log(observed, expected) + log(size - observed, size - expected)
    });
    2.0 * cells.iter().sum::<f64>()
}
