//! A query log, parted into what is learnt and what is held out.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::index::sample};

use crate::evaluate::language::sets::{self, SetError};

/// Queries and how often each was asked, in the order in which they first came.
pub type QueryLog = Vec<(String, u64)>;

/// Reads a log: a query a line, asked twice on two lines; or query, tab, how often.
///
/// # Errors
/// The file cannot be read, what is behind a tab is no whole number above 0 (the line is named), or there is no query.
pub fn read(path: &Path) -> Result<QueryLog, SetError> {
    let text = sets::text(path)?;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut log: QueryLog = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        let (query, times) = match row.split_once('\t') {
            None => (row, Some(1)),
            Some((query, times)) => (query, times.trim().parse().ok().filter(|times| *times > 0)),
        };
        let times = times.ok_or_else(|| SetError::Line {
            path: path.to_owned(),
            line,
            reason: "want a query, or a query, a tab and how often it was asked".to_owned(),
        })?;
        let query = query.trim();
        if query.is_empty() {
            continue;
        }
        let place = *places.entry(query).or_insert(log.len());
        match log.get_mut(place) {
            Some((_, asked)) => *asked += times,
            None => log.push((query.to_owned(), times)),
        }
    }
    sets::filled(path, log, "query")
}

/// A log in two parts.
#[derive(Debug, Default, PartialEq)]
pub struct Parted {
    pub learnt: QueryLog,
    /// Queries whose typing is watched, one for each time that they were asked and drawn.
    pub asked: Vec<String>,
}

/// Holds a share of what was asked out, at random, and draws `most` of that.
pub fn hold_out(log: &QueryLog, share: f64, most: usize, seed: u64) -> Parted {
    let mut random = StdRng::seed_from_u64(seed);
    let mut parted = Parted::default();
    let mut held: Vec<(&str, u64)> = Vec::new();
    for (query, times) in log {
        // Rounded at random, so that rare queries are held out as often as frequent ones.
        let out = (*times as f64 * share + random.random::<f64>()).floor() as u64;
        let out = out.min(*times);
        held.push((query, out));
        if *times > out {
            parted.learnt.push((query.clone(), times - out));
        }
    }
    parted.asked = draw(&held, most, &mut random);
    parted
}

/// Draws among all that was asked, each time once.
pub fn draw_asked(log: &QueryLog, most: usize, seed: u64) -> Vec<String> {
    let held: Vec<(&str, u64)> = log
        .iter()
        .map(|(query, times)| (&**query, *times))
        .collect();
    draw(&held, most, &mut StdRng::seed_from_u64(seed))
}

fn draw(held: &[(&str, u64)], most: usize, random: &mut StdRng) -> Vec<String> {
    let all = held.iter().map(|(_, times)| times).sum::<u64>() as usize;
    let drawn = sample(random, all, most.min(all));
    let drawn: HashSet<usize> = drawn.into_iter().collect();
    let mut before = 0;
    let mut asked = Vec::with_capacity(drawn.len());
    for (query, times) in held {
        let here = (before..before + *times as usize).filter(|place| drawn.contains(place));
        asked.extend(here.map(|_| (*query).to_owned()));
        before += *times as usize;
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_counts_add_up_and_a_wrong_line_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "雪櫃\n奶粉\t3\n\n雪櫃\n").unwrap();
        let log = read(file.path()).unwrap();
        assert_eq!(log, [("雪櫃".to_owned(), 2), ("奶粉".to_owned(), 3)]);
        std::fs::write(file.path(), "雪櫃\nq1\t奶粉\n").unwrap();
        let error = read(file.path()).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn a_share_is_held_out_of_rare_and_frequent_queries_alike() {
        let mut log: QueryLog = (0..2_000).map(|n| (format!("rare {n}"), 1)).collect();
        log.push(("often".to_owned(), 2_000));
        let parted = hold_out(&log, 0.25, usize::MAX, 1);
        let learnt: u64 = parted.learnt.iter().map(|(_, times)| times).sum();
        assert_eq!(learnt as usize + parted.asked.len(), 4_000);
        let often = parted
            .asked
            .iter()
            .filter(|query| *query == "often")
            .count();
        assert!((500..=501).contains(&often), "{often}");
        let rare = parted.asked.len() - often;
        assert!((420..=580).contains(&rare), "{rare}");
        assert_eq!(hold_out(&log, 0.25, 100, 1).asked.len(), 100);
        assert_eq!(draw_asked(&log, 300, 1), draw_asked(&log, 300, 1));
    }
}
