//! What is read window by window, beside what looking at every item gives.

use std::collections::{BTreeSet, HashMap};

use proptest::{
    prelude::RngExt as _,
    test_runner::{RngAlgorithm, TestRng},
};
use sampan_analyzers::plan::{Alternative, QueryTerm, TermFamily, Understood, Unit};
use tantivy::{
    Index, IndexWriter, TantivyDocument, fieldnorm::FieldNormReader, indexer::NoMergePolicy,
    tokenizer::WhitespaceTokenizer,
};

use super::{bm25::K1, query::Breadth, query::CONTEXT_WEIGHT, *};

/// Items: more than one window of documents, the last one not full.
const ITEMS: u32 = 9_500;
/// Words that items are made of; the first ones are common.
const WORDS: u32 = 60;

/// Items by ordinal: words of the title and of the context. Every fifth was written again, in another segment.
struct Catalogue {
    items: Vec<[Vec<String>; 2]>,
    snapshot: LexicalSnapshot,
}

fn words(random: &mut TestRng, count: usize) -> Vec<String> {
    let one = |random: &mut TestRng| {
        let of: f64 = random.random_range(0.0..1.0);
        format!("w{}", (of.powi(4) * f64::from(WORDS)) as u32)
    };
    (0..count).map(|_| one(random)).collect()
}

fn catalogue(random: &mut TestRng) -> Catalogue {
    let (schema, fields) = schema();
    let index = Index::create_in_ram(schema);
    index
        .tokenizers()
        .register(TOKENIZER, WhitespaceTokenizer::default());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 20_000_000).unwrap();
    writer.set_merge_policy(Box::new(NoMergePolicy));
    let mut items = vec![[Vec::new(), Vec::new()]; ITEMS as usize];
    for step in [1, 5] {
        for ordinal in (0..ITEMS).step_by(step) {
            let titled = random.random_range(1..9);
            let item = [words(random, titled), words(random, 2)];
            writer.delete_term(Term::from_field_u64(fields.ordinal, u64::from(ordinal)));
            let mut document = TantivyDocument::new();
            document.add_u64(fields.ordinal, u64::from(ordinal));
            document.add_text(fields.title, item[0].join(" "));
            document.add_text(fields.context, item[1].join(" "));
            writer.add_document(document).unwrap();
            items[ordinal as usize] = item;
        }
        writer.commit().unwrap();
    }
    let searcher = index.reader().unwrap().searcher();
    assert!(searcher.segment_readers().len() > 1);
    Catalogue {
        items,
        snapshot: LexicalSnapshot::new(searcher, fields, &mut HashMap::new()).unwrap(),
    }
}

fn unit(random: &mut TestRng) -> Unit {
    let alternatives = (0..random.random_range(1..5)).map(|way| {
        let count = random.random_range(1..4);
        let required = words(random, count);
        Alternative {
            text: required.concat(),
            terms: Vec::new(),
            words: required.clone(),
            required,
            weight: 1.0,
            edit: (way > 0).then_some(0),
            is_near: false,
        }
    });
    Unit {
        alternatives: alternatives.collect(),
        ..Unit::default()
    }
}

fn query(random: &mut TestRng) -> Understood {
    let units: Vec<Unit> = (0..random.random_range(1..5))
        .map(|_| unit(random))
        .collect();
    let excluded = random.random_bool(0.3).then(|| unit(random));
    let typed: BTreeSet<String> = units
        .iter()
        .flat_map(|unit| unit.alternatives[0].required.clone())
        .collect();
    let typed = typed.into_iter().map(|term| QueryTerm {
        term,
        family: TermFamily::Latin,
        weight: random.random_range(0.1..2.0),
    });
    Understood {
        typed: typed.collect(),
        excluded: excluded.into_iter().collect(),
        units,
        ..Understood::default()
    }
}

impl Catalogue {
    fn has(&self, ordinal: Ordinal, term: &str) -> bool {
        let item = &self.items[ordinal as usize];
        item.iter().flatten().any(|word| word == term)
    }

    fn meets(&self, ordinal: Ordinal, unit: &Unit) -> bool {
        unit.alternatives
            .iter()
            .any(|way| way.required.iter().all(|term| self.has(ordinal, term)))
    }

    fn is_excluded(&self, ordinal: Ordinal, query: &Understood) -> bool {
        query.excluded.iter().any(|unit| self.meets(ordinal, unit))
    }

    /// The sum of the weighted terms' BM25.
    fn score(&self, ordinal: Ordinal, weights: &[(&str, f32)]) -> f32 {
        let mut score = 0.0;
        for (place, of_field) in [(0, 1.0), (1, CONTEXT_WEIGHT)] {
            let field = [self.snapshot.fields.title, self.snapshot.fields.context][place];
            let text = &self.items[ordinal as usize][place];
            let code = FieldNormReader::fieldnorm_to_id(text.len() as u32);
            let length = self.snapshot.length_factors(field).unwrap().of_code(code);
            for (term, weight) in weights {
                let frequency = text.iter().filter(|word| *word == term).count() as f32;
                let idf = self.snapshot.idf(term).unwrap();
                score +=
                    idf * (K1 + 1.0) * weight * of_field * frequency / (frequency + K1 * length);
            }
        }
        score
    }
}

#[test]
fn every_level_has_the_items_that_meet_it_and_no_others() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[4; 32]);
    let catalogue = catalogue(&mut random);
    let mut found_any = 0;
    for _ in 0..60 {
        let understood = query(&mut random);
        let query = LexicalQuery::new(&understood);
        for level in MatchLevel::ALL {
            let mut found = BTreeSet::new();
            let matching = catalogue.snapshot.matching(&query, level);
            matching
                .each(&mut |ordinal| {
                    assert!(found.insert(ordinal), "{ordinal} came twice");
                    true
                })
                .unwrap();
            let least = level.required(understood.units.len());
            let expected = (0..ITEMS).filter(|ordinal| {
                let units = understood.units.iter();
                let met = units.filter(|unit| catalogue.meets(*ordinal, unit)).count();
                met >= least && !catalogue.is_excluded(*ordinal, &understood)
            });
            assert_eq!(found, expected.collect(), "{level:?} of {understood:?}");
            found_any += found.len();
        }
    }
    assert!(found_any > 0);
}

#[test]
fn recall_brings_the_items_of_the_highest_sums_that_are_let_through() {
    const LIMIT: usize = 50;
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[5; 32]);
    let catalogue = catalogue(&mut random);
    let mut pruned = 0;
    for _ in 0..30 {
        let understood = query(&mut random);
        let query = LexicalQuery::new(&understood);
        let allows = |ordinal: Ordinal| !ordinal.is_multiple_of(3);
        let found = catalogue
            .snapshot
            .recall(&query, LIMIT, &mut |ordinal| allows(ordinal))
            .unwrap();
        let weights = query.weights(Breadth::Words);
        let mut sums: Vec<f32> = (0..ITEMS)
            .filter(|ordinal| allows(*ordinal) && !catalogue.is_excluded(*ordinal, &understood))
            .map(|ordinal| catalogue.score(ordinal, &weights))
            .filter(|score| *score > 0.0)
            .collect();
        sums.sort_by(|a, b| b.total_cmp(a));
        pruned += usize::from(sums.len() > LIMIT);
        assert_eq!(found.len(), sums.len().min(LIMIT), "{understood:?}");
        for (found, sum) in found.iter().zip(&sums) {
            assert!(allows(found.ordinal) && !catalogue.is_excluded(found.ordinal, &understood));
            assert!((found.score - sum).abs() < 1e-3 * sum, "{found:?} {sum}");
            let own = catalogue.score(found.ordinal, &weights);
            assert!((found.score - own).abs() < 1e-3 * own, "{found:?} {own}");
        }
    }
    assert!(pruned > 0, "no query had more items than places");
}
