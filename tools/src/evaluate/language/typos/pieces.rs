//! Corrected sentences, as in the SIGHAN bakeoffs on spelling, cut into pieces as long as a query.

use std::path::Path;

use super::Typo;
use crate::evaluate::language::sets::{self, SetError};

/// Fewest characters of a piece: one alone says nothing of whether it is right.
const CHARACTERS_MIN: usize = 2;

/// What stands between two marks of a sentence.
#[derive(Debug, Default, PartialEq)]
pub struct Pieces {
    pub mistakes: Vec<Typo>,
    pub clean: Vec<String>,
    /// Sentences whose correction is longer or shorter; they cannot be cut side by side.
    pub left_out: usize,
}

/// Reads sentences: as written, a tab, as corrected; no header.
///
/// # Errors
/// The file cannot be read, a line has not two columns, or there is no sentence.
pub fn sentences(path: &Path) -> Result<Pieces, SetError> {
    let text = sets::text(path)?;
    let mut pieces = Pieces::default();
    let lines = (1..).zip(text.lines());
    let lines: Vec<_> = lines.filter(|(_, line)| !line.trim().is_empty()).collect();
    for (line, row) in sets::filled(path, lines, "sentence")? {
        let cells: Vec<&str> = row.split('\t').collect();
        let [written, corrected] = cells[..] else {
            return Err(SetError::Line {
                path: path.to_owned(),
                line,
                reason: format!(
                    "{} columns; want a sentence, a tab and the sentence without its mistakes",
                    cells.len()
                ),
            });
        };
        pieces.add(written, corrected);
    }
    Ok(pieces)
}

impl Pieces {
    fn add(&mut self, written: &str, corrected: &str) {
        let [written, corrected]: [Vec<char>; 2] =
            [written, corrected].map(|text| text.trim().chars().collect());
        if written.len() != corrected.len() {
            self.left_out += 1;
            return;
        }
        let pairs: Vec<(char, char)> = written.into_iter().zip(corrected).collect();
        for piece in pairs.split(|(_, right)| !right.is_alphanumeric()) {
            if piece.len() < CHARACTERS_MIN {
                continue;
            }
            let (typed, right): (String, String) = piece.iter().copied().unzip();
            if typed == right {
                self.clean.push(right);
            } else {
                self.mistakes.push(Typo {
                    typed,
                    right,
                    kind: "sentence".to_owned(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_cut_at_marks_and_a_wrong_line_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("s.tsv");
        std::fs::write(&path, "問提在於，很好。啊\t問題在於，很好。啊\nab\tabc\n").unwrap();
        let pieces = sentences(&path).unwrap();
        let mistake = &pieces.mistakes[0];
        assert_eq!((&*mistake.typed, &*mistake.right), ("問提在於", "問題在於"));
        assert_eq!((pieces.mistakes.len(), pieces.left_out), (1, 1));
        assert_eq!(pieces.clean, ["很好"]);
        std::fs::write(&path, "a\ta\n\nb\n").unwrap();
        let error = sentences(&path).unwrap_err().to_string();
        assert!(error.contains("s.tsv, line 3"), "{error}");
    }
}
