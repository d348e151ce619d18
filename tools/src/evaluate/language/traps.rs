//! Words that only look alike: whether a wrong title comes for a query.

use sampan_proto::v1;

use super::{
    sets::{Trap, titled},
    shoppers::Shoppers,
};
use crate::evaluate::run::Ranked;

/// Places in which a wrong title is a wrong merge, and a right one must be.
const PLACES: usize = 3;

/// Hits that are asked for.
const DEPTH: usize = 100;

/// How many traps caught the engine.
#[derive(Debug, Default, serde::Serialize)]
pub struct TrapResult {
    /// Wrong titles among the first three, or before the right one.
    pub wrong_merges: usize,
    /// Right titles that are not among the first three.
    pub right_missing: usize,
    /// Those traps.
    pub sprung: Vec<Sprung>,
}

/// A trap that caught the engine. Places count from 1; none: not found.
#[derive(Debug, serde::Serialize)]
pub struct Sprung {
    pub id: String,
    pub query: String,
    pub wrong_place: Option<usize>,
    pub wrong_title: String,
    pub right_place: Option<usize>,
    pub right_title: String,
}

/// Two items a trap.
pub fn titles(traps: &[Trap]) -> impl Iterator<Item = v1::Item> {
    traps.iter().flat_map(|trap| {
        [
            titled(wrong_id(trap), &trap.wrong_title),
            titled(right_id(trap), &trap.right_title),
        ]
    })
}

fn wrong_id(trap: &Trap) -> String {
    format!("{}/wrong", trap.id)
}

fn right_id(trap: &Trap) -> String {
    format!("{}/right", trap.id)
}

/// Asks every trap's query in its region.
///
/// # Errors
/// A query cannot be answered, or its region is not among the shoppers'.
pub fn measure(traps: &[Trap], shoppers: &Shoppers<'_>) -> anyhow::Result<TrapResult> {
    let mut result = TrapResult::default();
    for trap in traps {
        let ranked = shoppers.search(&trap.region, &trap.query, DEPTH)?;
        let wrong = place(&ranked, &wrong_id(trap));
        let right = place(&ranked, &right_id(trap));
        let is_among_first = |place: Option<usize>| place.is_some_and(|place| place <= PLACES);
        let is_merged = wrong.is_some_and(|wrong| {
            is_among_first(Some(wrong)) || right.is_none_or(|right| wrong < right)
        });
        let is_missing = !is_among_first(right);
        result.wrong_merges += usize::from(is_merged);
        result.right_missing += usize::from(is_missing);
        if is_merged || is_missing {
            result.sprung.push(Sprung {
                id: trap.id.clone(),
                query: trap.query.clone(),
                wrong_place: wrong,
                wrong_title: trap.wrong_title.clone(),
                right_place: right,
                right_title: trap.right_title.clone(),
            });
        }
    }
    Ok(result)
}

fn place(ranked: &Ranked, id: &str) -> Option<usize> {
    let at = ranked.iter().position(|(known, _)| known == id);
    at.map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::run::Searcher;

    struct Fixed;

    impl Searcher for Fixed {
        fn search(&self, query: &str, _depth: usize) -> anyhow::Result<Ranked> {
            let ids = query.split_whitespace();
            Ok(ids.map(|id| (id.to_owned(), 1.0)).collect())
        }
    }

    #[test]
    fn wrong_titles_count_among_the_first_or_before_the_right_one() {
        let cases = [
            ("t/right x y t/wrong", 0, 0),
            ("t/right t/wrong", 1, 0),
            ("x y z t/wrong t/right", 1, 1),
            ("x y z t/right t/wrong", 0, 1),
            ("x y z t/wrong", 1, 1),
            ("", 0, 1),
        ];
        for (query, merges, missing) in cases {
            let trap = Trap {
                id: "t".into(),
                query: query.into(),
                region: "hk".into(),
                wrong_title: String::new(),
                right_title: String::new(),
            };
            let shoppers = Shoppers::all_alike(&Fixed, &["hk"]);
            let result = measure(&[trap], &shoppers).unwrap();
            let counts = (result.wrong_merges, result.right_missing);
            assert_eq!(counts, (merges, missing), "{query}");
            assert_eq!(result.sprung.len(), merges.max(missing), "{query}");
        }
    }
}
