//! Typing mistakes: whether a query with one is corrected, and whether one without is left alone.

mod pieces;

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
    time::Duration,
};

use sampan_analyzers::Analyzer;
use sampan_engine::base::limits::QUERY_BYTES_MAX;
use serde::Deserialize;

use super::sets::{self, SetError};
use crate::evaluate::{latencies::Latencies, node::RegionShoppers, statistics::Share};
pub use pieces::{Pieces, sentences};

/// A query with a mistake, and without.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Typo {
    pub typed: String,
    pub right: String,
    /// What went wrong: "homophone", "missing" … any name.
    #[serde(default)]
    pub kind: String,
}

/// Reads typos: columns typed, right and, where there is one, kind; tab-separated, with a header.
///
/// # Errors
/// The file cannot be read, a line lacks a column, or there is no typo.
pub fn read(path: &Path) -> Result<Vec<Typo>, SetError> {
    sets::filled(path, sets::rows(path)?, "typo")
}

/// What a node made of a query.
#[derive(Debug, Clone, Default)]
pub struct Corrected {
    /// Other queries that may have been meant, likeliest first.
    pub meant: Vec<Meant>,
    /// Whether the query itself finds an item that answers it whole.
    pub finds: bool,
    /// Of understanding the query.
    pub took: Duration,
}

/// A query that may have been meant.
#[derive(Debug, Clone)]
pub struct Meant {
    pub text: String,
    /// Whether it was searched for, not only offered.
    pub applied: bool,
    /// Rule of its first edit.
    pub rule: String,
}

/// Who corrects.
pub trait Corrector {
    /// What is made of a query.
    ///
    /// # Errors
    /// The query cannot be answered.
    fn correct(&self, query: &str) -> anyhow::Result<Corrected>;
}

impl Corrector for RegionShoppers<'_> {
    fn correct(&self, query: &str) -> anyhow::Result<Corrected> {
        let answer = self.answer(query, 1, false)?;
        let understanding = answer.timings.iter();
        let understanding = understanding.filter(|timing| timing.stage == "understand");
        let meant = answer.did_you_mean.into_iter().map(|other| Meant {
            text: other.text,
            applied: other.applied,
            rule: other
                .edits
                .into_iter()
                .next()
                .map_or_else(String::new, |edit| edit.rule),
        });
        Ok(Corrected {
            meant: meant.collect(),
            finds: answer.hits.iter().any(|hit| !hit.partial_match),
            took: Duration::from_micros(understanding.map(|timing| timing.micros).sum()),
        })
    }
}

/// How mistakes of one kind were corrected.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TypoFigures {
    pub kind: String,
    /// The right query was the likeliest of the others.
    pub first: Share,
    pub in_three: Share,
    /// Of the cases whose right query finds something in this catalogue: no other can be corrected towards it.
    pub first_of_sold: Share,
    /// Of those, the cases that leave two characters side by side that no title holds so. 恒温热水杯 without 热 is 恒温水杯, a thing
    /// as well, and to doubt it would be a false alarm.
    pub first_of_strange: Share,
    /// Searched for as corrected, rightly and wrongly.
    pub applied_right: Share,
    pub applied_wrong: Share,
}

/// A mistake whose right query was not the first.
#[derive(Debug, Clone, serde::Serialize)]
pub struct MissedTypo {
    pub kind: String,
    pub typed: String,
    pub right: String,
    /// Likeliest first.
    pub meant: Vec<String>,
    pub applied: bool,
    /// Whether the right query finds something.
    pub sold: bool,
}

/// What mistakes showed.
#[derive(Debug, serde::Serialize)]
pub struct TypoReport {
    /// Kinds by name, then all.
    pub kinds: Vec<TypoFigures>,
    pub missed: Vec<MissedTypo>,
    pub p50_micros: u64,
    pub p99_micros: u64,
}

/// What queries without a mistake showed.
#[derive(Debug, serde::Serialize)]
pub struct CleanReport {
    /// Searched for as something else beside what was typed.
    pub applied: Share,
    /// Only asked whether something else was meant.
    pub offered: Share,
    /// Queries that are longer than a node takes; left out.
    pub too_long: usize,
    pub alarms: Vec<FalseAlarm>,
    pub p50_micros: u64,
    pub p99_micros: u64,
}

/// A query without a mistake that was doubted.
#[derive(Debug, Clone, serde::Serialize)]
pub struct FalseAlarm {
    pub text: String,
    pub meant: String,
    pub rule: String,
    pub applied: bool,
}

/// Characters that stand side by side in titles.
pub struct TitlePairs<'a> {
    analyzer: &'a Analyzer,
    pairs: HashSet<(char, char)>,
}

impl<'a> TitlePairs<'a> {
    pub fn new<'t>(analyzer: &'a Analyzer, titles: impl Iterator<Item = &'t str>) -> Self {
        let pairs = titles.flat_map(|title| han_pairs(analyzer, title));
        Self {
            analyzer,
            pairs: pairs.collect(),
        }
    }

    /// Whether two characters of a text stand side by side in no title.
    fn are_strange(&self, text: &str) -> bool {
        let mut pairs = han_pairs(self.analyzer, text).into_iter();
        pairs.any(|pair| !self.pairs.contains(&pair))
    }
}

/// Characters other than of the alphabet, side by side, in the spelling of the lexicon.
fn han_pairs(analyzer: &Analyzer, text: &str) -> Vec<(char, char)> {
    let folded: Vec<char> = analyzer.lexicon_spelling(text).chars().collect();
    let is_han = |c: char| !c.is_ascii() && c.is_alphabetic();
    let pairs = folded.windows(2).map(|pair| (pair[0], pair[1]));
    pairs
        .filter(|pair| is_han(pair.0) && is_han(pair.1))
        .collect()
}

/// How one mistake came out.
struct Outcome {
    /// Of the right query among the others, from 0.
    place: Option<usize>,
    applied: bool,
    sold: bool,
    strange: bool,
}

/// Asks every query with its mistake.
///
/// # Errors
/// A query cannot be answered.
pub fn measure(
    typos: &[Typo],
    corrector: &impl Corrector,
    titles: &TitlePairs<'_>,
    each: &mut dyn FnMut(),
) -> anyhow::Result<TypoReport> {
    let key = |text: &str| titles.analyzer.fold_key(text);
    let mut latencies = Latencies::new()?;
    let mut kinds: BTreeMap<&str, Vec<Outcome>> = BTreeMap::new();
    let mut missed = Vec::new();
    for typo in typos {
        let corrected = corrector.correct(&typo.typed)?;
        latencies.add(corrected.took);
        let wanted = key(&typo.right);
        let mut meant = corrected.meant.iter();
        let outcome = Outcome {
            place: meant.position(|other| key(&other.text) == wanted),
            applied: corrected.meant.iter().any(|other| other.applied),
            sold: corrector.correct(&typo.right)?.finds,
            strange: titles.are_strange(&typo.typed),
        };
        if outcome.place != Some(0) {
            missed.push(MissedTypo {
                kind: typo.kind.clone(),
                typed: typo.typed.clone(),
                right: typo.right.clone(),
                meant: corrected.meant.into_iter().map(|its| its.text).collect(),
                applied: outcome.applied,
                sold: outcome.sold,
            });
        }
        kinds.entry(&typo.kind).or_default().push(outcome);
        each();
    }
    let mut rows: Vec<TypoFigures> = Vec::new();
    let mut all = Vec::new();
    for (kind, outcomes) in kinds {
        if !kind.is_empty() {
            rows.push(figures(kind, &outcomes));
        }
        all.extend(outcomes);
    }
    rows.push(figures("all", &all));
    Ok(TypoReport {
        kinds: rows,
        missed,
        p50_micros: latencies.micros(0.5),
        p99_micros: latencies.micros(0.99),
    })
}

fn figures(kind: &str, outcomes: &[Outcome]) -> TypoFigures {
    let first_of = |is_so: &dyn Fn(&Outcome) -> bool| {
        let cases: Vec<&Outcome> = outcomes.iter().filter(|its| is_so(its)).collect();
        Share::count(&cases, |its| its.place == Some(0))
    };
    let count = |is_so: &dyn Fn(&Outcome) -> bool| Share::count(outcomes, is_so);
    TypoFigures {
        kind: kind.to_owned(),
        first: first_of(&|_| true),
        in_three: count(&|its| its.place.is_some_and(|place| place < 3)),
        first_of_sold: first_of(&|its| its.sold),
        first_of_strange: first_of(&|its| its.sold && its.strange),
        applied_right: count(&|its| its.applied && its.place == Some(0)),
        applied_wrong: count(&|its| its.applied && its.place != Some(0)),
    }
}

/// Asks every query as it is: none has a mistake.
///
/// # Errors
/// A query cannot be answered.
pub fn doubted(
    queries: &[String],
    corrector: &impl Corrector,
    each: &mut dyn FnMut(),
) -> anyhow::Result<CleanReport> {
    let mut latencies = Latencies::new()?;
    let mut alarms = Vec::new();
    let mut too_long = 0;
    for query in queries {
        each();
        if query.len() > QUERY_BYTES_MAX {
            too_long += 1;
            continue;
        }
        let corrected = corrector.correct(query)?;
        latencies.add(corrected.took);
        let applied = corrected.meant.iter().any(|other| other.applied);
        alarms.extend(corrected.meant.into_iter().next().map(|first| FalseAlarm {
            text: query.clone(),
            meant: first.text,
            rule: first.rule,
            applied,
        }));
    }
    let of = queries.len() - too_long;
    let applied = alarms.iter().filter(|alarm| alarm.applied).count();
    Ok(CleanReport {
        applied: Share::new(applied, of),
        offered: Share::new(alarms.len() - applied, of),
        too_long,
        alarms,
        p50_micros: latencies.micros(0.5),
        p99_micros: latencies.micros(0.99),
    })
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;

    use super::*;

    /// Corrects 洗衣基 surely and 雪貴 as a second thought; sells 洗衣機.
    struct Fixed;

    impl Corrector for Fixed {
        fn correct(&self, query: &str) -> anyhow::Result<Corrected> {
            let meant = |texts: &[&str], applied| {
                let texts = texts.iter();
                texts
                    .map(|text| Meant {
                        text: (*text).to_owned(),
                        applied,
                        rule: "spell.homophone".to_owned(),
                    })
                    .collect()
            };
            Ok(Corrected {
                meant: match query {
                    "洗衣基" => meant(&["洗衣机"], true),
                    "雪貴" => meant(&["雪糕", "雪櫃"], false),
                    _ => Vec::new(),
                },
                finds: query == "洗衣機",
                took: Duration::from_micros(50),
            })
        }
    }

    #[test]
    fn corrections_count_in_any_script_and_by_what_is_sold_and_strange() {
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let titles = TitlePairs::new(&analyzer, ["家用洗衣機"].into_iter());
        let typo = |typed: &str, right: &str, kind: &str| Typo {
            typed: typed.into(),
            right: right.into(),
            kind: kind.into(),
        };
        let typos = [
            typo("洗衣基", "洗衣機", "a"),
            typo("雪貴", "雪櫃", "b"),
            typo("洗衣", "洗衣機", "b"),
        ];
        let report = measure(&typos, &Fixed, &titles, &mut || {}).unwrap();
        let [a, b, all] = &report.kinds[..] else {
            panic!("{:?}", report.kinds);
        };
        let counts = |share: Share| (share.hits, share.of);
        assert_eq!((counts(a.first), counts(a.applied_right)), ((1, 1), (1, 1)));
        assert_eq!((counts(b.first), counts(b.in_three)), ((0, 2), (1, 2)));
        assert_eq!(
            (counts(all.first), counts(all.first_of_sold)),
            ((1, 3), (1, 2))
        );
        // 洗衣 stands in a title, 衣基 does not.
        assert_eq!(counts(all.first_of_strange), (1, 1));
        assert_eq!(report.missed.len(), 2);
        assert_eq!(
            (report.missed[0].sold, report.missed[1].sold),
            (false, true)
        );
        assert_eq!(report.p50_micros, 50);
    }

    #[test]
    fn clean_queries_that_are_doubted_are_alarms() {
        let queries = ["洗衣機", "雪貴", "洗衣基", &"長".repeat(200)].map(str::to_owned);
        let report = doubted(&queries, &Fixed, &mut || {}).unwrap();
        assert_eq!((report.applied.hits, report.offered.hits), (1, 1));
        assert_eq!((report.applied.of, report.too_long), (3, 1));
        assert_eq!(
            (&*report.alarms[0].meant, report.alarms[1].applied),
            ("雪糕", true)
        );
    }
}
