//! Query region × document region: whether a thing is found that is sold by another region's word.

use std::collections::HashMap;

use sampan_analyzers::Analyzer;
use sampan_proto::v1;

use super::{
    sets::{self, RegionPair, titled},
    shoppers::Shoppers,
};
use crate::evaluate::{catalogue::Catalogue, run::Ranked};

/// Hits that are shown of a query that missed something.
const IDS_SHOWN: usize = 6;

/// Regions of the matrix, in its order.
pub const REGIONS: [&str; 3] = ["hk", "tw", "cn"];

/// Stands behind the word in every title; written alike in all regions and said of any thing.
const SUFFIX: &str = " 全新正品";

/// Places that count.
const PLACES: usize = 3;

/// Hits that are asked for: those that take no place are among them.
const DEPTH: usize = 100;

/// Recall of each region's titles for each region's queries.
#[derive(Debug, serde::Serialize)]
pub struct RegionMatrix {
    /// By the region that asks, then by that of the titles, as in [`REGIONS`]; 0 to 1.
    pub recall_3: [[f64; 3]; 3],
    /// Smallest share, over two different regions, of the recall that the asking region has of its own titles.
    pub worst_by_diagonal: f64,
    /// What was not found.
    pub missing: Vec<MissingPair>,
}

/// A title of a row that was not among the first three.
#[derive(Debug, serde::Serialize)]
pub struct MissingPair {
    pub id: String,
    pub department: String,
    pub asked_in: &'static str,
    pub asked: String,
    pub sold_in: &'static str,
    pub word: String,
    /// What stood in the first places, a few more.
    pub first_ids: Vec<String>,
}

impl RegionPair {
    /// Its words, as in [`REGIONS`].
    fn words(&self) -> [&str; 3] {
        [&self.hk, &self.tw, &self.cn]
    }
}

/// Three items a row.
pub fn titles(pairs: &[RegionPair]) -> impl Iterator<Item = v1::Item> {
    pairs.iter().flat_map(|pair| {
        let words = REGIONS.into_iter().zip(pair.words());
        words.map(|(region, word)| {
            titled(format!("{}/{region}", pair.id), &format!("{word}{SUFFIX}"))
        })
    })
}

/// The titles of all rows together.
///
/// # Errors
/// A region is not built in.
pub fn catalogue(pairs: &[RegionPair]) -> anyhow::Result<Catalogue> {
    sets::catalogue(titles(pairs))
}

/// Asks every word in its region. `analyzer` tells which words are the same but for the script.
///
/// # Errors
/// A query cannot be answered.
pub fn measure(
    pairs: &[RegionPair],
    shoppers: &Shoppers<'_>,
    analyzer: &Analyzer,
) -> anyhow::Result<RegionMatrix> {
    let folded: HashMap<&str, [String; 3]> = pairs
        .iter()
        .map(|pair| {
            let words = pair.words().map(|word| analyzer.fold_key(word));
            (pair.id.as_str(), words)
        })
        .collect();
    let mut found = [[0usize; 3]; 3];
    let mut asked = [[0usize; 3]; 3];
    let mut missing = Vec::new();
    for pair in pairs {
        let words = &folded[pair.id.as_str()];
        for (from, region) in REGIONS.into_iter().enumerate() {
            let ranked = shoppers.search(region, pair.words()[from], DEPTH)?;
            let first = first_places(&ranked, &pair.id, &words[from], &folded);
            for (to, sold_in) in REGIONS.into_iter().enumerate() {
                if from != to && words[from] == words[to] {
                    continue;
                }
                asked[from][to] += 1;
                if first.contains(&sold_in) {
                    found[from][to] += 1;
                } else {
                    missing.push(MissingPair {
                        id: pair.id.clone(),
                        department: pair.department.clone(),
                        asked_in: region,
                        asked: pair.words()[from].to_owned(),
                        sold_in,
                        word: pair.words()[to].to_owned(),
                        first_ids: ids(&ranked),
                    });
                }
            }
        }
    }
    let recall_3 = [0, 1, 2]
        .map(|from| [0, 1, 2].map(|to| found[from][to] as f64 / asked[from][to].max(1) as f64));
    Ok(RegionMatrix {
        recall_3,
        worst_by_diagonal: worst_by_diagonal(&recall_3),
        missing,
    })
}

fn ids(ranked: &Ranked) -> Vec<String> {
    let first = ranked.iter().take(IDS_SHOWN);
    first.map(|(id, _)| id.clone()).collect()
}

/// Regions of the row's titles among the first places. Other rows' titles that have the asked word take none.
fn first_places<'r>(
    ranked: &'r Ranked,
    row: &str,
    asked: &str,
    folded: &HashMap<&str, [String; 3]>,
) -> Vec<&'r str> {
    let titles = ranked.iter().filter_map(|(id, _)| id.rsplit_once('/'));
    let has_word = |(other, region): &(&str, &str)| {
        let at = REGIONS.iter().position(|known| known == region);
        let words = folded.get(other).zip(at);
        words.is_some_and(|(words, at)| words[at].contains(asked))
    };
    titles
        .filter(|title| title.0 == row || !has_word(title))
        .take(PLACES)
        .filter(|title| title.0 == row)
        .map(|(_, region)| region)
        .collect()
}

fn worst_by_diagonal(recall: &[[f64; 3]; 3]) -> f64 {
    let mut worst = f64::INFINITY;
    for (from, row) in recall.iter().enumerate() {
        for (to, cell) in row.iter().enumerate() {
            if from != to && row[from] > 0.0 {
                worst = worst.min(cell / row[from]);
            }
        }
    }
    if worst.is_finite() { worst } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;
    use crate::evaluate::run::Searcher;

    fn pair(id: &str, words: [&str; 3]) -> RegionPair {
        let [hk, tw, cn] = words.map(str::to_owned);
        RegionPair {
            id: id.into(),
            hk,
            tw,
            cn,
            department: "d".into(),
        }
    }

    /// Answers a query with the ids behind it.
    struct Recorded(HashMap<&'static str, Vec<&'static str>>);

    impl Searcher for Recorded {
        fn search(&self, query: &str, _depth: usize) -> anyhow::Result<Ranked> {
            let ids = self.0.get(query).into_iter().flatten();
            Ok(ids.map(|id| ((*id).to_owned(), 1.0)).collect())
        }
    }

    #[test]
    fn titles_with_the_asked_word_take_no_place_and_shared_words_count_once() {
        let pairs = [
            pair("toilet", ["座廁", "馬桶", "马桶"]),
            pair("toilet-brush", ["廁所刷", "馬桶刷", "马桶刷"]),
        ];
        let brushes = ["toilet-brush/tw", "toilet-brush/cn"];
        let own = ["toilet/tw", "toilet/cn", "toilet/hk"];
        let answers = HashMap::from([
            ("馬桶", [&brushes[..], &own[..]].concat()),
            ("马桶", own.to_vec()),
            (
                "座廁",
                vec![
                    "toilet/hk",
                    "toilet-brush/tw",
                    "toilet-brush/cn",
                    "toilet/tw",
                ],
            ),
        ]);
        let engine = Recorded(answers);
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let shoppers = Shoppers::all_alike(&engine, &REGIONS);
        let matrix = measure(&pairs[..], &shoppers, &analyzer).unwrap();
        // The brush is found by nothing; of the toilet, hk finds its own word only.
        assert_eq!(
            matrix.recall_3,
            [[0.5, 0.0, 0.0], [0.5, 0.5, 0.0], [0.5, 0.0, 0.5]]
        );
        assert_eq!(matrix.worst_by_diagonal, 0.0);
        let of_toilet = matrix.missing.iter().filter(|pair| pair.id == "toilet");
        let words: Vec<&str> = of_toilet.map(|pair| pair.word.as_str()).collect();
        assert_eq!(words, ["馬桶", "马桶"]);
    }

    #[test]
    fn the_worst_is_measured_against_the_asking_regions_own_titles() {
        let recall = [[1.0, 0.9, 0.8], [0.6, 0.8, 0.8], [1.0, 1.0, 1.0]];
        assert!((worst_by_diagonal(&recall) - 0.75).abs() < 1e-12);
        assert_eq!(worst_by_diagonal(&[[0.0; 3]; 3]), 0.0);
    }
}
