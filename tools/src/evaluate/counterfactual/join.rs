//! A log and a plan become one.

use std::{borrow::Borrow, collections::HashMap, hash::Hash, path::PathBuf};

use super::{
    data::{Choice, Impression, LoggedData, Situation},
    policy::TargetPolicy,
    row::Row,
};

/// Why a log does not fit a plan, or is none.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error("{}: there is nothing for {key}, which the log has", plan.display())]
    Missing { plan: PathBuf, key: String },
    #[error("the log has two items at position {position} of the list {list}")]
    PlaceTwice { list: String, position: u32 },
    #[error("the log gives the list {list} to two users")]
    ListOfTwo { list: String },
}

/// Joins a log with a plan. The fields of each row are the plan's keys, and behind them the columns of its context.
///
/// # Errors
/// The plan says nothing of a row, or a list of the log is none.
pub fn join(rows: &[Row], plan: &TargetPolicy) -> Result<LoggedData, JoinError> {
    let mut lists = Numbers::<String>::default();
    let mut order: Vec<(u32, &Row)> = rows
        .iter()
        .map(|row| (lists.number(row.list.as_deref()), row))
        .collect();
    order.sort_by_key(|(list, row)| (*list, row.position));
    let mut joined = Joined::of(plan);
    let mut above: Option<(u32, &Row)> = None;
    for (list, row) in order {
        if let Some((_, upper)) = above.filter(|(before, _)| *before == list) {
            let list = row.list.clone().unwrap_or_default();
            if upper.position == row.position {
                return Err(JoinError::PlaceTwice {
                    list,
                    position: row.position,
                });
            }
            if upper.user != row.user {
                return Err(JoinError::ListOfTwo { list });
            }
        }
        above = Some((list, row));
        joined.push(list, row)?;
    }
    joined.data.units = joined.units.count as usize;
    joined.data.lists = lists.count as usize;
    Ok(joined.data)
}

/// What is joined so far.
struct Joined<'p> {
    plan: &'p TargetPolicy,
    data: LoggedData,
    items: Numbers<String>,
    contexts: Numbers<Vec<String>>,
    /// Users, and lists whose user is not known: each stands for one.
    units: Numbers<(bool, String)>,
    choices: HashMap<&'p [String], u32>,
    situations: HashMap<Situation, u32>,
}

impl<'p> Joined<'p> {
    fn of(plan: &'p TargetPolicy) -> Self {
        Self {
            plan,
            data: LoggedData::default(),
            items: Numbers::default(),
            contexts: Numbers::default(),
            units: Numbers::default(),
            choices: HashMap::new(),
            situations: HashMap::new(),
        }
    }

    fn push(&mut self, list: u32, row: &Row) -> Result<(), JoinError> {
        let (key, context) = row.fields.split_at(self.plan.keys.len());
        let situation = Situation {
            context: self.contexts.number(Some(context)),
            position: row.position,
            choice: self.choice(key)?,
        };
        let item = self.items.number(Some(row.item.as_str()));
        let mut choice = self.data.choices[situation.choice as usize].iter();
        let planned = choice
            .find(|(its, _)| *its == item)
            .map_or(0.0, |(_, probability)| *probability);
        let user = row.user.as_ref().map(|user| (true, user.clone()));
        let named = user.or_else(|| Some((false, row.list.clone()?)));
        let data = &mut self.data;
        data.impressions.push(Impression {
            unit: self.units.number(named.as_ref()),
            list,
            situation: *self.situations.entry(situation).or_insert_with(|| {
                data.situations.push(situation);
                data.situations.len() as u32 - 1
            }),
            item,
            propensity: row.propensity,
            planned,
            reward: row.reward,
        });
        Ok(())
    }

    /// The number of what the plan may choose where its keys have these values.
    fn choice(&mut self, key: &[String]) -> Result<u32, JoinError> {
        let (key, choice) = self.plan.choice(key).ok_or_else(|| JoinError::Missing {
            plan: self.plan.path.clone(),
            key: self.plan.describe(key),
        })?;
        if let Some(known) = self.choices.get(key) {
            return Ok(*known);
        }
        let numbered = choice
            .iter()
            .map(|(item, probability)| (self.items.number(Some(item.as_str())), *probability));
        let numbered: Choice = numbered.collect();
        let number = self.data.choices.len() as u32;
        self.data.choices.push(numbered);
        self.choices.insert(key, number);
        Ok(number)
    }
}

/// Numbers for names, from 0 in the order in which they come; each nameless one gets its own.
struct Numbers<Name> {
    known: HashMap<Name, u32>,
    count: u32,
}

impl<Name> Default for Numbers<Name> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            count: 0,
        }
    }
}

impl<Name: Hash + Eq> Numbers<Name> {
    fn number<Borrowed>(&mut self, name: Option<&Borrowed>) -> u32
    where
        Borrowed: Hash + Eq + ToOwned<Owned = Name> + ?Sized,
        Name: Borrow<Borrowed>,
    {
        if let Some(known) = name.and_then(|name| self.known.get(name)) {
            return *known;
        }
        let number = self.count;
        self.count += 1;
        if let Some(name) = name {
            self.known.insert(name.to_owned(), number);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> TargetPolicy {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        TargetPolicy::read(file.path()).unwrap()
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
        let data = join(&rows, &policy(text)).unwrap();
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
    fn a_log_that_does_not_fit_is_refused() {
        let plan = policy("item_id,segment,probability\na,x,1\n");
        let missing = join(&[row("a", 0, None, &["z"])], &plan)
            .unwrap_err()
            .to_string();
        assert!(missing.contains("nothing for segment z"), "{missing}");
        let twice = vec![
            row("a", 0, Some("l"), &["x"]),
            row("b", 0, Some("l"), &["x"]),
        ];
        let twice = join(&twice, &plan).unwrap_err().to_string();
        assert!(
            twice.contains("two items at position 0 of the list l"),
            "{twice}"
        );
        let users = ["u", "v"].into_iter().zip(0..).map(|(user, position)| Row {
            user: Some(user.into()),
            ..row("a", position, Some("l"), &["x"])
        });
        let two = join(&users.collect::<Vec<_>>(), &plan)
            .unwrap_err()
            .to_string();
        assert!(two.contains("two users"), "{two}");
    }
}
