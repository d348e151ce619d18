//! Words that the dictionaries lack, with the evidence for each: from titles, and from a query log in the order of time.
//!
//! ```text
//! titles, queries ─ canonical Traditional ─ grams (frequency) ─ cohesion ─ branching ─ unknown ones ─ candidates
//! queries ─ late against early ─ hot words          queries × titles ─ unanswered queries
//! ```
//!
//! Cohesion is pointwise mutual information at the weakest place of a string; branching is the entropy of the characters
//! beside it: a word holds together, and much may stand beside it. After Sornlertlamvanich and others (COLING 2000) and
//! Jin and Tanaka-Ishii (ACL 2006).

mod grams;
mod hot;
mod unanswered;

use serde::Serialize;

use crate::analyzer::Analyzer;
use crate::region::DisplayScript;
use grams::{Gram, Grams};
pub use hot::Hot;
pub use unanswered::{Missing, Unanswered};

/// What counts as evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// Titles and queries that hold a word, at least.
    pub count_min: u32,
    /// Bits.
    pub cohesion_min: f64,
    /// Bits, on the poorer side.
    pub branching_min: f64,
    /// Share of the query log, from its end, that is late.
    pub late_share: f64,
    /// How many times as often a hot word is asked for late as early, at least.
    pub rise_min: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            count_min: 8,
            cohesion_min: 4.0,
            branching_min: 1.5,
            late_share: 0.2,
            rise_min: 2.0,
        }
    }
}

/// A word that the dictionaries may lack.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// Traditional, in the region's glyphs.
    pub word: String,
    /// Titles that hold it.
    pub titles: u32,
    /// Queries of the log that hold it.
    pub queries: u32,
    /// Bits: how much more often its parts stand together than by chance, where that is least.
    pub cohesion: f64,
    /// Bits: entropy of what stands in front.
    pub left_branching: f64,
    /// Bits: entropy of what stands behind.
    pub right_branching: f64,
    /// How it is cut today.
    pub parts: Vec<String>,
    /// Orders the candidates.
    pub score: f64,
    /// Texts that hold it, as they are.
    pub examples: Vec<String>,
}

/// What was found, best first.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Mined {
    pub candidates: Vec<Candidate>,
    pub hot: Vec<Hot>,
    pub unanswered: Vec<Unanswered>,
    /// Words of those queries that no title has.
    pub missing: Vec<Missing>,
}

/// What is being worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Reading,
    Counting,
    Answering,
}

/// Texts that are mined, and where for.
pub struct Sources<'s> {
    pub titles: &'s [String],
    /// Oldest first.
    pub queries: &'s [String],
    pub region: &'s str,
}

/// Candidates whose evidence is gathered: more than anybody looks through.
const CANDIDATES_MAX: usize = 1_000;
/// Examples of each word.
const EXAMPLES_MAX: usize = 3;
/// Factor on the score of what is only known words side by side: a phrase more likely than a word.
const PHRASE_FACTOR: f64 = 0.25;

/// Mines. `progress` is told the stage, and how much of it is done of how much.
pub fn mine(
    analyzer: &Analyzer,
    sources: &Sources<'_>,
    thresholds: &Thresholds,
    progress: &mut dyn FnMut(Stage, usize, usize),
) -> Mined {
    let total = sources.titles.len() + sources.queries.len();
    let mut canonical: Vec<String> = Vec::with_capacity(total);
    for (done, text) in sources.titles.iter().chain(sources.queries).enumerate() {
        progress(Stage::Reading, done, total);
        canonical.push(analyzer.canonical_text(text));
    }
    progress(Stage::Counting, 0, 1);
    let (titles, queries) = canonical.split_at(sources.titles.len());
    let all = Grams::count(&canonical, thresholds.count_min);
    let glyphs = |text: &str| in_glyphs(analyzer, text, sources.region);
    let original = |at: usize| match sources.titles.get(at) {
        Some(title) => title.clone(),
        None => sources.queries[at - sources.titles.len()].clone(),
    };
    let unknown = |gram: &Gram| !analyzer.knows(&gram.text);
    let mut grams: Vec<(f64, Gram, Vec<String>)> = all
        .words(thresholds)
        .into_iter()
        .filter(unknown)
        .map(|gram| {
            let parts = analyzer.words(&gram.text).into_iter();
            let parts: Vec<String> = parts.map(str::to_owned).collect();
            (score(&gram, &parts), gram, parts)
        })
        .collect();
    grams.sort_by(|one, two| two.0.total_cmp(&one.0));
    grams.truncate(CANDIDATES_MAX);
    let candidates = grams.into_iter().map(|(score, gram, parts)| {
        let holds = |text: &&String| text.contains(&gram.text);
        let places = canonical.iter().enumerate();
        let places = places.filter(|(_, text)| text.contains(&gram.text));
        Candidate {
            titles: titles.iter().filter(holds).count() as u32,
            queries: queries.iter().filter(holds).count() as u32,
            cohesion: gram.cohesion,
            left_branching: gram.left_branching,
            right_branching: gram.right_branching,
            examples: places
                .take(EXAMPLES_MAX)
                .map(|(at, _)| original(at))
                .collect(),
            word: glyphs(&gram.text),
            parts,
            score,
        }
    });
    let candidates = candidates.collect();
    progress(Stage::Counting, 1, 1);
    let unanswered = unanswered::unanswered(analyzer, sources, progress);
    Mined {
        candidates,
        missing: unanswered::missing(&unanswered),
        hot: hot::hot(queries, thresholds, &|text| analyzer.knows(text), &glyphs),
        unanswered,
    }
}

/// Frequency, cohesion and branching together; less for what is only known words side by side.
fn score(gram: &Gram, parts: &[String]) -> f64 {
    let is_phrase = parts.iter().all(|part| part.chars().nth(1).is_some());
    let factor = if is_phrase { PHRASE_FACTOR } else { 1.0 };
    let branching = gram.left_branching.min(gram.right_branching);
    f64::from(gram.count).ln() * gram.cohesion * branching * factor
}

/// Canonical text in the glyphs that the region's shoppers read; Traditional where they read Simplified.
fn in_glyphs(analyzer: &Analyzer, text: &str, region: &str) -> String {
    match analyzer.region(region).map(|region| region.script) {
        Some(script) if script != DisplayScript::Simplified => {
            let characters = text.chars();
            // A canonical text is Traditional even where no character of it tells.
            characters
                .map(|c| analyzer.glyph(c, script))
                .collect::<String>()
        }
        _ => text.to_owned(),
    }
}
