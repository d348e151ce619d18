//! Words that the dictionaries may lack.

use sampan_analyzers::mine::{Candidate, Hot, Mined, Missing, Unanswered};

use super::{
    Output,
    highlight::safe,
    table::{Align, table},
};

/// Columns of an example's text.
const EXAMPLE_CHARACTERS_MAX: usize = 24;

/// What was looked through.
pub struct Totals {
    pub titles: usize,
    pub queries: usize,
    /// Queries of the log without results.
    pub unanswered: usize,
}

/// New words, hot words, queries without results, and a line with the numbers.
pub fn mined(found: &Mined, totals: &Totals, output: &Output) -> String {
    let mut parts = Vec::new();
    if !found.candidates.is_empty() {
        parts.push(candidate_table(&found.candidates, output));
    }
    if !found.hot.is_empty() {
        parts.push(hot_table(&found.hot, output));
    }
    if !found.missing.is_empty() {
        parts.push(missing_table(&found.missing, output));
    }
    if !found.unanswered.is_empty() {
        parts.push(unanswered_table(&found.unanswered, output));
    }
    parts.push(format!(
        "{} titles, {} queries, {} of them with no title that has all their words",
        totals.titles, totals.queries, totals.unanswered
    ));
    parts.join("\n\n")
}

fn candidate_table(candidates: &[Candidate], output: &Output) -> String {
    let columns = [
        ("new word", Align::Left),
        ("titles", Align::Right),
        ("queries", Align::Right),
        ("cohesion", Align::Right),
        ("branching", Align::Right),
        ("cut today", Align::Left),
        ("example", Align::Left),
    ];
    let rows = candidates.iter().map(|candidate| {
        let (left, right) = (candidate.left_branching, candidate.right_branching);
        let example = candidate.examples.first().map_or("", String::as_str);
        let example: String = example.chars().take(EXAMPLE_CHARACTERS_MAX).collect();
        vec![
            safe(&candidate.word),
            candidate.titles.to_string(),
            candidate.queries.to_string(),
            format!("{:.1}", candidate.cohesion),
            format!("{left:.1} {right:.1}"),
            safe(&candidate.parts.join(" ")),
            safe(&example),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn hot_table(hot: &[Hot], output: &Output) -> String {
    let columns = [
        ("hot word", Align::Left),
        ("late", Align::Right),
        ("early", Align::Right),
        ("rise", Align::Right),
        ("likelihood", Align::Right),
    ];
    let rows = hot.iter().map(|word| {
        vec![
            safe(&word.word),
            word.late.to_string(),
            word.early.to_string(),
            format!("{:.1}×", word.rise),
            format!("{:.1}", word.likelihood),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn missing_table(words: &[Missing], output: &Output) -> String {
    let columns = [
        ("word that no title has", Align::Left),
        ("asked", Align::Right),
    ];
    let rows = words
        .iter()
        .map(|missing| vec![safe(&missing.word), missing.count.to_string()]);
    table(&columns, rows.collect(), output)
}

fn unanswered_table(queries: &[Unanswered], output: &Output) -> String {
    let columns = [
        ("query without results", Align::Left),
        ("asked", Align::Right),
        ("words that no title has", Align::Left),
    ];
    let rows = queries.iter().map(|query| {
        vec![
            safe(&query.query),
            query.count.to_string(),
            safe(&query.unknown.join(" ")),
        ]
    });
    table(&columns, rows.collect(), output)
}
