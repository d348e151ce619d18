//! A plan as a table of probabilities.
//!
//! The table is CSV. `item_id` and `probability` say how likely the plan shows an item; every other column is a key that
//! the log has too: `position`, a feature (`user_feature_0`, `region`), or `request_id` for a plan that was replayed list
//! by list. The probabilities of each combination of keys add up to 1. A plan that does not draw has probabilities 1.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    path::{Path, PathBuf},
};

const ITEM: &str = "item_id";
const PROBABILITY: &str = "probability";
/// Farthest that the probabilities of a choice may be from 1 together: files round.
const SUM_OFF_MAX: f64 = 1e-4;

/// Items that the plan may choose, and their probabilities.
pub type NamedChoice = [(String, f64)];

/// The plan.
#[derive(Debug)]
pub struct TargetPolicy {
    /// The file.
    pub path: PathBuf,
    /// Columns that the log must have.
    pub keys: Vec<String>,
    choices: HashMap<Vec<String>, Vec<(String, f64)>>,
}

/// Why a plan cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("{}: {source}", path.display())]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{}: the column {column} is missing", path.display())]
    Column { path: PathBuf, column: &'static str },
    #[error("{}, line {line}: probability: \"{text}\" is not 0 to 1", path.display())]
    Probability {
        path: PathBuf,
        line: u64,
        text: String,
    },
    #[error("{}, line {line}: item_id: {item} comes twice for {key}", path.display())]
    Twice {
        path: PathBuf,
        line: u64,
        item: String,
        key: String,
    },
    #[error("{}: probability: those for {key} add up to {sum}, not to 1", path.display())]
    Sum {
        path: PathBuf,
        key: String,
        sum: f64,
    },
}

impl TargetPolicy {
    /// Reads and checks a table.
    ///
    /// # Errors
    /// It cannot be read, or is wrong; the error says where.
    pub fn read(path: &Path) -> Result<Self, PolicyError> {
        let csv_error = |source| PolicyError::Csv {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(|error| csv_error(error.into()))?;
        let mut reader = csv::Reader::from_reader(std::io::BufReader::new(file));
        let header = reader.headers().map_err(csv_error)?.clone();
        let place = |column: &'static str| {
            let place = header.iter().position(|known| known.trim() == column);
            place.ok_or(PolicyError::Column {
                path: path.to_owned(),
                column,
            })
        };
        let (item, probability) = (place(ITEM)?, place(PROBABILITY)?);
        let keys: Vec<usize> = (0..header.len())
            .filter(|column| ![item, probability].contains(column))
            .collect();
        let mut policy = Self {
            path: path.to_owned(),
            keys: keys
                .iter()
                .map(|column| header[*column].trim().to_owned())
                .collect(),
            choices: HashMap::new(),
        };
        let mut seen = HashSet::new();
        for record in reader.records() {
            let record = record.map_err(csv_error)?;
            let line = record.position().map_or(0, csv::Position::line);
            let key: Vec<String> = keys
                .iter()
                .map(|its| record[*its].trim().to_owned())
                .collect();
            let item = record[item].trim().to_owned();
            let number: Option<f64> = record[probability].trim().parse().ok();
            let number = number.filter(|number| (0.0..=1.0).contains(number));
            let number = number.ok_or_else(|| PolicyError::Probability {
                path: path.to_owned(),
                line,
                text: record[probability].to_owned(),
            })?;
            if !seen.insert((key.clone(), item.clone())) {
                let key = policy.describe(&key);
                return Err(PolicyError::Twice {
                    path: path.to_owned(),
                    line,
                    item,
                    key,
                });
            }
            policy.choices.entry(key).or_default().push((item, number));
        }
        policy.check_sums()?;
        Ok(policy)
    }

    /// A plan that does not draw: what it puts at each place of each list of the log. Places beyond the end of its list hold
    /// nothing that the log could have shown. `path`: for errors.
    pub fn of_lists<'l>(
        path: &Path,
        lists: impl Iterator<Item = (&'l str, Vec<&'l str>)>,
        places: usize,
    ) -> Self {
        let mut choices = HashMap::new();
        for (request, items) in lists {
            for place in 0..places {
                let item = items.get(place).copied().unwrap_or_default();
                let key = vec![request.to_owned(), place.to_string()];
                choices.insert(key, vec![(item.to_owned(), 1.0)]);
            }
        }
        Self {
            path: path.to_owned(),
            keys: vec!["request_id".to_owned(), "position".to_owned()],
            choices,
        }
    }

    fn check_sums(&self) -> Result<(), PolicyError> {
        for (key, choice) in &self.choices {
            let sum: f64 = choice.iter().map(|(_, probability)| probability).sum();
            if (sum - 1.0).abs() > SUM_OFF_MAX {
                let (path, key) = (self.path.clone(), self.describe(key));
                return Err(PolicyError::Sum { path, key, sum });
            }
        }
        Ok(())
    }

    /// A combination of keys, for people.
    pub fn describe(&self, key: &[String]) -> String {
        if key.is_empty() {
            return "the plan".to_owned();
        }
        let pairs = self
            .keys
            .iter()
            .zip(key)
            .map(|(name, value)| format!("{name} {value}"));
        pairs.collect::<Vec<_>>().join(", ")
    }

    /// What the plan may choose where the keys have these values, and the values as the plan holds them.
    pub fn choice(&self, key: &[String]) -> Option<(&[String], &NamedChoice)> {
        let (key, choice) = self.choices.get_key_value(key)?;
        Some((key, choice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Result<TargetPolicy, PolicyError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        TargetPolicy::read(file.path())
    }

    #[test]
    fn a_table_that_is_wrong_is_refused() {
        let cases = [
            ("item_id\na\n", "the column probability is missing"),
            (
                "item_id,probability\na,1.5\n",
                "line 2: probability: \"1.5\"",
            ),
            ("item_id,probability\na,x\n", "line 2: probability: \"x\""),
            (
                "item_id,probability\na,0.5\na,0.5\n",
                "line 3: item_id: a comes twice",
            ),
            (
                "item_id,region,probability\na,hk,0.5\n",
                "for region hk add up to 0.5",
            ),
        ];
        for (text, part) in cases {
            let error = policy(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
