//! Where a query stands among the completions after each key.

use std::{collections::HashSet, time::Instant};

use sampan_analyzers::Analyzer;
use sampan_engine::base::limits::PREFIX_BYTES_MAX;

use super::{
    completer::Completer,
    typing::{Way, prefixes},
};
use crate::evaluate::latencies::Latencies;

/// Completions that are asked for, and places that count for the reciprocal rank.
pub const DEPTH: usize = 10;
/// Completions that a shopper looks at.
pub const LOOKED_AT: usize = 5;

/// How the typing of one query went.
#[derive(Debug, Clone)]
pub struct Typing {
    pub query: String,
    /// Keys of the whole query.
    pub keys: usize,
    /// After each key but the last: place of the query from 1, among [`DEPTH`].
    pub places: Vec<Option<usize>>,
    /// Whether the part that was learnt has it.
    pub asked_before: bool,
    /// Whether it finds an item that answers it whole: no other query may be offered.
    pub sold: bool,
    /// Keys that it took by picking the query itself, the pick being one; and by picking longer and longer beginnings of it
    /// too. As many as the query has when nothing helped.
    pub keys_taken: usize,
    pub keys_in_steps: usize,
}

impl Typing {
    /// Mean over the keys but the last of 1 ÷ place.
    pub fn reciprocal(&self) -> f64 {
        let reciprocals = self.places.iter().flatten().map(|at| 1.0 / *at as f64);
        // The sum of nothing is −0.0.
        let sum = reciprocals.fold(0.0, |sum, reciprocal| sum + reciprocal);
        sum / self.places.len().max(1) as f64
    }

    /// Share of the keys that were saved.
    pub fn saved(&self) -> f64 {
        1.0 - self.keys_taken as f64 / self.keys as f64
    }

    pub fn saved_in_steps(&self) -> f64 {
        1.0 - self.keys_in_steps as f64 / self.keys as f64
    }

    /// Whether it was among those looked at after so many keys.
    pub fn is_seen_after(&self, keys: usize) -> bool {
        let place = keys.checked_sub(1).and_then(|at| self.places.get(at));
        place.is_some_and(|place| place.is_some_and(|at| at <= LOOKED_AT))
    }
}

/// What was seen while queries were typed in one way.
pub struct Watched {
    pub way: Way,
    pub typings: Vec<Typing>,
    pub latencies: Latencies,
}

/// Types queries.
pub struct Typist<'t> {
    pub analyzer: &'t Analyzer,
    /// Keys of the queries that were learnt, blind to script.
    pub learnt: &'t HashSet<String>,
    /// Queries that find an item that answers them whole.
    pub sold: &'t HashSet<String>,
}

impl Typist<'_> {
    /// Types every query that can be typed so, with at least two keys. `shown`: everything that was offered is added.
    ///
    /// # Errors
    /// Completions cannot be looked up.
    pub fn watch(
        &self,
        queries: &[String],
        way: Way,
        completer: &impl Completer,
        shown: &mut HashSet<String>,
        each: &mut dyn FnMut(),
    ) -> anyhow::Result<Watched> {
        let mut latencies = Latencies::new()?;
        let mut typings = Vec::new();
        for query in queries {
            each();
            let Some(typed) = way.typed(query, self.analyzer) else {
                continue;
            };
            let keys = typed.chars().count();
            if keys < 2 || typed.len() > PREFIX_BYTES_MAX {
                continue;
            }
            let mut offered = Vec::with_capacity(keys);
            for prefix in prefixes(&typed) {
                let begun = Instant::now();
                let completions = completer.complete(prefix, DEPTH)?;
                latencies.add(begun.elapsed());
                let folded = completions.iter().map(|text| self.analyzer.fold_key(text));
                offered.push(folded.collect::<Vec<String>>());
                shown.extend(completions);
            }
            typings.push(self.typing(query, way, &typed, &offered));
        }
        Ok(Watched {
            way,
            typings,
            latencies,
        })
    }

    /// `offered`: folded, after each key but the last.
    fn typing(&self, query: &str, way: Way, typed: &str, offered: &[Vec<String>]) -> Typing {
        let wanted = self.analyzer.fold_key(query);
        let keys = typed.chars().count();
        let place = |texts: &Vec<String>| texts.iter().position(|text| *text == wanted);
        let places: Vec<Option<usize>> = offered
            .iter()
            .map(|texts| place(texts).map(|place| place + 1))
            .collect();
        let seen = |place: &Option<usize>| place.is_some_and(|at| at <= LOOKED_AT);
        let picked = places.iter().position(seen);
        let keys_taken = picked.map_or(keys, |before| (before + 2).min(keys));
        let keys_in_steps = match way {
            Way::Characters => self.in_steps(&wanted, typed, offered),
            // What a beginning would leave to be typed depends on how the rest is read.
            Way::Sound(_) => keys_taken,
        };
        Typing {
            query: query.to_owned(),
            keys,
            places,
            asked_before: self.learnt.contains(&wanted),
            sold: self.sold.contains(query),
            keys_taken,
            keys_in_steps,
        }
    }

    /// Fewest keys, a pick being one, when beginnings of the query are picked on the way.
    fn in_steps(&self, wanted: &str, typed: &str, offered: &[Vec<String>]) -> usize {
        // Folded characters that stand in the box after each number of keys.
        let ends = prefixes(typed).chain([typed]);
        let folded: Vec<usize> = ends
            .map(|prefix| self.analyzer.fold_key(prefix).chars().count())
            .collect();
        let keys = folded.len();
        let mut fewest: Vec<usize> = (1..=keys).collect();
        for at in 0..keys {
            if at > 0 {
                fewest[at] = fewest[at].min(fewest[at - 1] + 1);
            }
            let texts = offered.get(at).into_iter().flatten().take(LOOKED_AT);
            for text in texts.filter(|text| wanted.starts_with(text.as_str())) {
                let length = text.chars().count();
                // Marks at the end fold to nothing, and who picks the whole query need not type them.
                let to = match text == wanted {
                    true => Some(keys - 1),
                    false => folded.iter().position(|so_far| *so_far >= length),
                };
                if let Some(to) = to.filter(|to| *to > at) {
                    fewest[to] = fewest[to].min(fewest[at] + 1);
                }
            }
        }
        fewest.last().copied().unwrap_or(keys)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use sampan_analyzers::DictionaryFiles;

    use super::*;

    struct Fixed(HashMap<&'static str, Vec<&'static str>>);

    impl Completer for Fixed {
        fn complete(&self, prefix: &str, count: usize) -> anyhow::Result<Vec<String>> {
            let texts = self.0.get(prefix).into_iter().flatten();
            Ok(texts.take(count).map(|text| (*text).to_owned()).collect())
        }
    }

    #[test]
    fn places_and_keys_follow_what_is_offered_after_each_key() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let learnt = HashSet::from([analyzer.fold_key("洗衣機除垢劑")]);
        let typist = Typist {
            analyzer: &analyzer,
            learnt: &learnt,
            sold: &HashSet::new(),
        };
        let completer = Fixed(HashMap::from([
            ("洗", vec!["洗髮水", "洗衣機"]),
            ("洗衣機", vec!["洗衣機", "洗衣机除垢剂"]),
            ("洗衣機除", vec!["洗衣機除垢劑"]),
        ]));
        let mut shown = HashSet::new();
        let queries = ["洗衣機除垢劑", "奶", "洗衣機（"].map(str::to_owned);
        let way = Way::Characters;
        let watched = typist
            .watch(&queries, way, &completer, &mut shown, &mut || {})
            .unwrap();
        // One character leaves nothing to complete.
        let [typing, marked] = &watched.typings[..] else {
            panic!("{:?}", watched.typings);
        };
        assert_eq!(typing.places, [None, None, Some(2), Some(1), None]);
        assert!((typing.reciprocal() - 1.5 / 5.0).abs() < 1e-12);
        assert!(typing.asked_before && typing.is_seen_after(3) && !typing.is_seen_after(2));
        // Three characters and a pick; or one, a pick of 洗衣機, and a pick.
        assert_eq!((typing.keys_taken, typing.keys_in_steps), (4, 3));
        assert!((typing.saved() - 2.0 / 6.0).abs() < 1e-12);
        assert_eq!(shown.len(), 4);
        // The first character and a pick, whichever way it is counted.
        assert_eq!((marked.keys_taken, marked.keys_in_steps), (2, 2));
    }
}
