//! Runs in the form that TREC tools read: `query Q0 document rank score name`.

use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
};

use super::run::Run;

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
