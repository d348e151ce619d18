//! Runs in the form that TREC tools read: `query Q0 document rank score name`.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
};

use anyhow::Context as _;

use super::run::{Ranked, Run};

/// Smallest step between two scores that TREC tools, which read 32-bit floats, still tell apart.
const SCORE_STEP: f64 = 1e-6;

/// Writes the answers of a run. Scores are made strictly descending, because TREC tools rank by them and break ties
/// their own way.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, run: &Run) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for answer in &run.answers {
        let mut below = f64::INFINITY;
        for (place, (id, score)) in answer.ranked.iter().enumerate() {
            let score = score.min(below);
            below = score - SCORE_STEP * score.abs().max(1.0);
            writeln!(
                out,
                "{} Q0 {id} {} {score:.6} sampan",
                answer.query.id,
                place + 1
            )?;
        }
    }
    out.flush()
}

/// Reads a run: the documents of each query by descending score, and of equal scores by descending id, as TREC tools do.
///
/// # Errors
/// The file cannot be read, or a line has not six columns with a number fifth; the error names the line.
pub fn read(path: &Path) -> anyhow::Result<HashMap<String, Ranked>> {
    let place = || path.display().to_string();
    let text = fs::read_to_string(path).with_context(place)?;
    let mut answers: HashMap<String, Ranked> = HashMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [query, _, id, _, score, _] = columns[..] else {
            anyhow::bail!(
                "{}, line {number}: want six columns: query Q0 document rank score name",
                place()
            );
        };
        let score: f64 = score
            .parse()
            .with_context(|| format!("{}, line {number}: {score:?} is no number", place()))?;
        let ranked = answers.entry(query.to_owned()).or_default();
        ranked.push((id.to_owned(), score));
    }
    for ranked in answers.values_mut() {
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> anyhow::Result<HashMap<String, Ranked>> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(file.path(), text)?;
        read(file.path())
    }

    #[test]
    fn a_run_is_read_by_score_and_of_equals_by_id() {
        let run = read_text("q1 Q0 a 1 0.5 x\nq1 Q0 b 2 0.75 x\nq1 Q0 c 3 0.5 x\nq2 Q0 a 1 -1 x\n");
        let run = run.unwrap();
        let ids: Vec<&str> = run["q1"].iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["b", "c", "a"]);
        assert_eq!(run["q2"], [("a".to_owned(), -1.0)]);
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, part) in [
            ("q Q0 a 1 0.5\n", "line 1: want six"),
            ("q Q0 a 1 high x\n", "\"high\""),
        ] {
            let message = format!("{:#}", read_text(text).unwrap_err());
            assert!(message.contains(part), "{message}");
        }
    }
}
