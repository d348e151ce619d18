//! The text of a model as blocks of `key=value` lines.

use rustc_hash::FxHashMap;

use super::model::TreeModelError;

/// Line that ends the trees; what follows are importances and training parameters.
const END: &str = "end of trees";

/// The lines of the header or of one tree.
pub struct Block<'t> {
    /// Line at which it begins, from 1.
    pub line: usize,
    values: FxHashMap<&'t str, (usize, &'t str)>,
}

impl<'t> Block<'t> {
    /// Whether a line without a value, or with one, bears this name.
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// The value of a key that must be there.
    pub fn text(&self, key: &'static str) -> Result<&'t str, TreeModelError> {
        match self.values.get(key) {
            Some((_, value)) => Ok(value),
            None => Err(TreeModelError::new(self.line, key, "is missing")),
        }
    }

    /// The number of a key.
    pub fn number<T: std::str::FromStr>(&self, key: &'static str) -> Result<T, TreeModelError> {
        let text = self.text(key)?;
        text.parse()
            .map_err(|_| self.error(key, format!("{text:?} is no number that fits")))
    }

    /// The numbers of a key, separated by spaces; exactly so many.
    pub fn numbers<T: std::str::FromStr>(
        &self,
        key: &'static str,
        count: usize,
    ) -> Result<Vec<T>, TreeModelError> {
        let words = self.text(key)?.split_ascii_whitespace();
        let numbers: Vec<T> = words
            .map(|word| {
                word.parse()
                    .map_err(|_| self.error(key, format!("{word:?} is no number that fits")))
            })
            .collect::<Result<_, _>>()?;
        if numbers.len() == count {
            return Ok(numbers);
        }
        let found = numbers.len();
        Err(self.error(key, format!("{found} numbers, want {count}")))
    }

    /// What is wrong with the value of a key.
    pub fn error(&self, key: &'static str, reason: impl Into<String>) -> TreeModelError {
        let line = self.values.get(key).map_or(self.line, |(line, _)| *line);
        TreeModelError::new(line, key, reason)
    }
}

/// The header, and a block for each tree.
pub fn read(text: &str) -> Result<(Block<'_>, Vec<Block<'_>>), TreeModelError> {
    let begin = |line| Block {
        line,
        values: FxHashMap::default(),
    };
    let (mut header, mut trees) = (begin(1), Vec::new());
    let mut ended = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if number == 1 && line != "tree" {
            return Err(TreeModelError::new(1, "tree", "is no LightGBM model"));
        }
        if line == END {
            ended = true;
            break;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if key == "Tree" {
            trees.push(begin(number));
        }
        let block = trees.last_mut().unwrap_or(&mut header);
        block.values.insert(key, (number, value));
    }
    match ended {
        true => Ok((header, trees)),
        // Cut off, it would score without the trees that are missing.
        false => Err(TreeModelError::new(text.lines().count(), END, "is missing")),
    }
}
