//! Which questions are answered otherwise, and which find nothing any more.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    replay::{Replay, Shown},
    visits::{Asked, Visit},
};
use crate::evaluate::metrics::overlap::{PERSISTENCE, rank_biased_overlap};

/// What is asked from a region, all visits together.
#[derive(Debug, Clone, Serialize)]
pub struct Changed {
    pub asked: Asked,
    pub region: String,
    pub times: u64,
    /// Rank-biased overlap of the two lists, mean over the visits; 1: nothing changed.
    pub overlap: f64,
    /// The lists of its most frequent visit.
    pub before: Vec<Shown>,
    pub after: Vec<Shown>,
}

/// A question that found something on one side alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Emptied {
    pub asked: Asked,
    pub region: String,
    pub times: u64,
}

/// What changes of the answers.
#[derive(Debug, Default, Serialize)]
pub struct Changes {
    /// Questions, and those of them that are answered otherwise.
    pub asked: usize,
    pub changed: usize,
    /// Mean rank-biased overlap over visits.
    pub overlap: f64,
    /// The most changed first; of equals, the more frequent.
    pub most: Vec<Changed>,
    /// Questions that find nothing any more, and that find something now.
    pub emptied: Vec<Emptied>,
    pub filled: Vec<Emptied>,
}

/// Compares both replays; of the changed questions, `most` are kept with their lists.
pub fn changes(visits: &[Visit], [before, after]: [&Replay; 2], most: usize) -> Changes {
    let mut places: HashMap<(&Asked, &str), usize> = HashMap::new();
    let mut all: Vec<Changed> = Vec::new();
    let mut changes = Changes::default();
    let mut times = 0.0;
    for ((visit, old), new) in visits.iter().zip(&before.answers).zip(&after.answers) {
        let (Some(old), Some(new)) = (old, new) else {
            continue;
        };
        let overlap = overlap(old, new) * visit.times as f64;
        changes.overlap += overlap;
        times += visit.times as f64;
        // Visits are in the order of their frequency: the first of a question is its most frequent.
        let place = *places
            .entry((&visit.asked, &visit.region))
            .or_insert_with(|| {
                all.push(Changed {
                    asked: visit.asked.clone(),
                    region: visit.region.clone(),
                    times: 0,
                    overlap: 0.0,
                    before: old.clone(),
                    after: new.clone(),
                });
                all.len() - 1
            });
        all[place].times += visit.times;
        all[place].overlap += overlap;
    }
    changes.overlap = if times > 0.0 {
        changes.overlap / times
    } else {
        1.0
    };
    changes.asked = all.len();
    for its in &mut all {
        its.overlap /= its.times as f64;
    }
    let emptied = |its: &Changed| Emptied {
        asked: its.asked.clone(),
        region: its.region.clone(),
        times: its.times,
    };
    let lost = all
        .iter()
        .filter(|its| its.after.is_empty() && !its.before.is_empty());
    changes.emptied = lost.map(emptied).collect();
    let found = all
        .iter()
        .filter(|its| its.before.is_empty() && !its.after.is_empty());
    changes.filled = found.map(emptied).collect();
    all.retain(|its| its.overlap < 1.0);
    changes.changed = all.len();
    all.sort_by(|a, b| a.overlap.total_cmp(&b.overlap).then(b.times.cmp(&a.times)));
    all.truncate(most);
    changes.most = all;
    changes
}

/// How alike two lists are.
pub fn overlap(before: &[Shown], after: &[Shown]) -> f64 {
    let before: Vec<&str> = before.iter().map(|shown| shown.item.as_str()).collect();
    let after: Vec<&str> = after.iter().map(|shown| shown.item.as_str()).collect();
    // Extrapolation would leave equal lists a rounding short of 1.
    if before == after {
        return 1.0;
    }
    rank_biased_overlap(&before, &after, PERSISTENCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::simulate::visits::Visits;

    fn list(items: &[&str]) -> Option<Vec<Shown>> {
        Some(
            items
                .iter()
                .map(|item| Shown {
                    item: (*item).into(),
                    ..Default::default()
                })
                .collect(),
        )
    }

    #[test]
    fn the_most_changed_question_is_first_and_empty_ones_are_told() {
        let counts = [
            ("same", 9),
            ("swapped", 8),
            ("other", 7),
            ("lost", 6),
            ("found", 5),
            ("refused", 4),
        ];
        let visits = Visits::of_counts(
            counts.map(|(text, times)| (text.to_owned(), times)).into(),
            "hk",
        )
        .visits;
        let before = Replay {
            answers: vec![
                list(&["a", "b"]),
                list(&["a", "b"]),
                list(&["a", "b"]),
                list(&["a"]),
                list(&[]),
                None,
            ],
            refusal: None,
        };
        let after = Replay {
            answers: vec![
                list(&["a", "b"]),
                list(&["b", "a"]),
                list(&["c", "d"]),
                list(&[]),
                list(&["a"]),
                list(&[]),
            ],
            refusal: None,
        };
        let found = changes(&visits, [&before, &after], 3);
        assert_eq!((found.asked, found.changed, found.most.len()), (5, 4, 3));
        let order: Vec<&Asked> = found.most.iter().map(|its| &its.asked).collect();
        let search = |text: &str| Asked::Search(text.to_owned());
        assert_eq!(order, [&search("other"), &search("lost"), &search("found")]);
        assert_eq!(found.emptied[0].asked, search("lost"));
        assert_eq!((found.filled.len(), found.filled[0].times), (1, 5));
        assert!(
            found.overlap > 9.0 / 35.0 && found.overlap < 17.0 / 35.0,
            "{}",
            found.overlap
        );
    }
}
