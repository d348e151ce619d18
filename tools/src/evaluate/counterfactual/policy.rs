//! A plan as a table of probabilities, and the join of a log with it.
//!
//! The table is CSV. `item_id` and `probability` say how likely the plan shows an item; every other column is a key that
//! the log has too: `position`, a feature (`user_feature_0`, `region`), or `request_id` for a plan that was replayed list
//! by list. The probabilities of each combination of keys add up to 1. A plan that does not draw has probabilities 1.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    path::{Path, PathBuf},
};

use super::{
    data::{Choice, Impression, LoggedData, Situation},
    row::Row,
};

const ITEM: &str = "item_id";
const PROBABILITY: &str = "probability";
/// Farthest that the probabilities of a choice may be from 1 together: files round.
const SUM_OFF_MAX: f64 = 1e-4;

/// The plan.
#[derive(Debug)]
pub struct TargetPolicy {
    path: PathBuf,
    /// Columns that the log must have.
    pub keys: Vec<String>,
    choices: HashMap<Vec<String>, Vec<(String, f64)>>,
}

/// Why a plan cannot be used, or not with this log.
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
    #[error("{}: there is nothing for {key}, which the log has", path.display())]
    Missing { path: PathBuf, key: String },
    #[error("the log has two items at position {position} of the list {list}")]
    PlaceTwice { list: String, position: u32 },
    #[error("the log gives the list {list} to two users")]
    ListOfTwo { list: String },
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

    fn describe(&self, key: &[String]) -> String {
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

    /// Joins a log with the plan. The fields of each row are [`Self::keys`], and behind them the columns of its context.
    ///
    /// # Errors
    /// The plan says nothing of a row, or a list of the log is none.
    pub fn join(&self, mut rows: Vec<Row>) -> Result<LoggedData, PolicyError> {
        let mut data = LoggedData::default();
        let (mut items, mut contexts) = (Numbers::default(), Numbers::default());
        let (mut users, mut lists) = (Numbers::default(), Numbers::default());
        let mut choices: HashMap<&[String], u32> = HashMap::new();
        let mut situations: HashMap<Situation, u32> = HashMap::new();
        let numbered: Vec<u32> = rows
            .iter()
            .map(|row| lists.number(row.list.as_ref()))
            .collect();
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|row| (numbered[*row], rows[*row].position));
        let mut last: Option<(u32, u32, u32)> = None;
        for row in order {
            let (list, row) = (numbered[row], &mut rows[row]);
            // A list is seen by one: without a user it stands for one.
            let user = row
                .user
                .take()
                .or_else(|| row.list.as_ref().map(|list| format!("list {list}")));
            let unit = users.number(user.as_ref());
            if let Some((before, position, its)) = last
                && before == list
            {
                let name = || row.list.clone().unwrap_or_default();
                if position == row.position {
                    return Err(PolicyError::PlaceTwice {
                        list: name(),
                        position,
                    });
                }
                if its != unit {
                    return Err(PolicyError::ListOfTwo { list: name() });
                }
            }
            last = Some((list, row.position, unit));
            let (key, context) = row.fields.split_at(self.keys.len());
            let (key, named) =
                self.choices
                    .get_key_value(key)
                    .ok_or_else(|| PolicyError::Missing {
                        path: self.path.clone(),
                        key: self.describe(key),
                    })?;
            let choice = *choices.entry(key).or_insert_with(|| {
                let pairs = named
                    .iter()
                    .map(|(item, chance)| (items.number(Some(item)), *chance));
                data.choices.push(pairs.collect::<Choice>());
                data.choices.len() as u32 - 1
            });
            let context = contexts.number(Some(&context.join("\u{1f}")));
            let situation = Situation {
                context,
                position: row.position,
                choice,
            };
            let item = items.number(Some(&row.item));
            let planned = data.choices[choice as usize]
                .iter()
                .find(|(its, _)| *its == item);
            let planned = planned.map_or(0.0, |(_, probability)| *probability);
            data.impressions.push(Impression {
                unit,
                list,
                situation: *situations.entry(situation).or_insert_with(|| {
                    data.situations.push(situation);
                    data.situations.len() as u32 - 1
                }),
                item,
                propensity: row.propensity,
                planned,
                reward: row.reward,
            });
        }
        (data.units, data.lists) = (users.count as usize, lists.count as usize);
        Ok(data)
    }
}

/// Numbers for names, from 0 in the order in which they come; each nameless one gets its own.
#[derive(Default)]
struct Numbers {
    known: HashMap<String, u32>,
    count: u32,
}

impl Numbers {
    fn number(&mut self, name: Option<&String>) -> u32 {
        if let Some(known) = name.and_then(|name| self.known.get(name)) {
            return *known;
        }
        let number = self.count;
        self.count += 1;
        if let Some(name) = name {
            self.known.insert(name.clone(), number);
        }
        number
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

    fn row(item: &str, position: u32, list: Option<&str>, fields: &[&str]) -> Row {
        Row {
            item: item.into(),
            position,
            reward: 1.0,
            propensity: 0.5,
            user: None,
            list: list.map(str::to_owned),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        }
    }

    #[test]
    fn rows_are_joined_by_key_and_stand_together_by_list() {
        let text = "item_id,segment,probability\na,x,0.25\nb,x,0.75\na,y,1\n";
        let rows = vec![
            row("a", 1, Some("l1"), &["x", "c1"]),
            row("a", 0, Some("l2"), &["y", "c1"]),
            row("b", 0, Some("l1"), &["x", "c2"]),
            row("c", 0, None, &["x", "c1"]),
        ];
        let data = policy(text).unwrap().join(rows).unwrap();
        assert_eq!((data.units, data.lists), (3, 3));
        let planned: Vec<f64> = data.impressions.iter().map(|its| its.planned).collect();
        // l1 by position, then l2, then the one that was alone.
        assert_eq!(planned, [0.75, 0.25, 1.0, 0.0]);
        assert_eq!(data.impressions[1].weight(), 0.5);
        let lengths: Vec<usize> = data.by_list().map(<[_]>::len).collect();
        assert_eq!(lengths, [2, 1, 1]);
        let (first, choice) = data.place_of(&data.impressions[0]);
        let (second, _) = data.place_of(&data.impressions[1]);
        assert_eq!((first.position, choice.len()), (0, 2));
        assert_ne!(first.context, second.context);
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

    #[test]
    fn a_log_that_does_not_fit_is_refused() {
        let plan = policy("item_id,segment,probability\na,x,1\n").unwrap();
        let missing = plan
            .join(vec![row("a", 0, None, &["z"])])
            .unwrap_err()
            .to_string();
        assert!(missing.contains("nothing for segment z"), "{missing}");
        let twice = vec![
            row("a", 0, Some("l"), &["x"]),
            row("b", 0, Some("l"), &["x"]),
        ];
        let twice = plan.join(twice).unwrap_err().to_string();
        assert!(
            twice.contains("two items at position 0 of the list l"),
            "{twice}"
        );
        let users = ["u", "v"].into_iter().zip(0..).map(|(user, position)| Row {
            user: Some(user.into()),
            ..row("a", position, Some("l"), &["x"])
        });
        let two = plan.join(users.collect()).unwrap_err().to_string();
        assert!(two.contains("two users"), "{two}");
    }
}
