//! How well typing mistakes are corrected, on a catalogue, typing mistakes and clean queries from files.
//!
//! `cargo run --release --workspace --example spelling -- hk TITLES TYPOS CLEAN…`
//!
//! TITLES: one title a line. TYPOS, as `tools/typing_mistakes.py` makes them or written by hand: tab-separated, with columns `typed`, `right`, `kind`. CLEAN: one query a line, of
//! which a tab-separated line's first cell counts. `--wrong` prints every case that went wrong.
//!
//! Some mistakes leave nothing strange: 恒温热水杯 without 热 is 恒温水杯, which is a thing as well, and to doubt it would be a
//! false alarm. So a second share is printed, of the cases that leave two characters side by side that no title holds so.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fs::read_to_string;
use std::time::{Duration, Instant};

use sampan_analyzers::{Analyzer, CatalogVocabulary, DictionaryFiles, SpellVocabulary, Understood};

/// Outcomes of one kind of mistake.
#[derive(Default)]
struct Outcomes {
    cases: usize,
    applied_right: usize,
    applied_wrong: usize,
    first: usize,
    in_three: usize,
    none: usize,
    /// Cases that leave something strange to the titles.
    strange: usize,
    strange_first: usize,
}

struct Bench {
    analyzer: Analyzer,
    vocabulary: SpellVocabulary,
    /// Characters that stand side by side in titles, folded.
    pairs: HashSet<(char, char)>,
    region: String,
    prints_wrong: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let prints_wrong = arguments.iter().any(|argument| argument == "--wrong");
    arguments.retain(|argument| argument != "--wrong");
    let [region, titles, typos, clean @ ..] = &arguments[..] else {
        return Err("REGION TITLES TYPOS CLEAN…".into());
    };
    let started = Instant::now();
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    println!("analyser built in {:?}", started.elapsed());
    let titles = read_to_string(titles)?;
    let vocabulary = vocabulary(&analyzer, &titles);
    let pairs = titles.lines().flat_map(|title| pairs(&analyzer, title));
    let bench = Bench {
        pairs: pairs.collect(),
        analyzer,
        vocabulary,
        region: region.clone(),
        prints_wrong,
    };
    bench.mistakes(&read_to_string(typos)?);
    for file in clean {
        bench.clean(file, &read_to_string(file)?);
    }
    Ok(())
}

/// As the engine counts an index: items by term.
fn vocabulary(analyzer: &Analyzer, titles: &str) -> SpellVocabulary {
    let mut items: BTreeMap<String, u32> = BTreeMap::new();
    let mut total = 0;
    for title in titles.lines() {
        let mut terms = HashSet::new();
        analyzer.index_tokens(title, &mut |token| {
            terms.insert(token.term.to_owned());
        });
        terms
            .into_iter()
            .for_each(|term| *items.entry(term).or_default() += 1);
        total += 1;
    }
    let started = Instant::now();
    let mut builder = analyzer.spell_vocabulary(total);
    for title in titles.lines() {
        builder.add_titles(std::iter::once(title));
    }
    for (term, items) in &items {
        builder.add_term(term, *items);
    }
    let vocabulary = builder.build();
    let (pairs, triples) = vocabulary.sizes();
    println!(
        "{total} titles, {} terms, {pairs} pairs and {triples} triples of characters, vocabulary built in {:?}",
        items.len(),
        started.elapsed()
    );
    vocabulary
}

/// Characters side by side, other than of the alphabet.
fn pairs(analyzer: &Analyzer, text: &str) -> Vec<(char, char)> {
    let folded: Vec<char> = analyzer.lexicon_spelling(text).chars().collect();
    let is_han = |c: char| !c.is_ascii() && c.is_alphabetic();
    let pairs = folded.windows(2).map(|pair| (pair[0], pair[1]));
    pairs
        .filter(|pair| is_han(pair.0) && is_han(pair.1))
        .collect()
}

impl Bench {
    fn understand(&self, text: &str) -> Understood {
        let catalog = CatalogVocabulary {
            spelling: Some(&self.vocabulary),
            ..CatalogVocabulary::NONE
        };
        self.analyzer
            .understand_in(text, &self.region, &HashSet::new(), catalog)
    }

    fn mistakes(&self, typos: &str) {
        let mut kinds: BTreeMap<String, Outcomes> = BTreeMap::new();
        let mut lines = typos.lines().filter(|line| !line.starts_with('#'));
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let column = |name: &str| header.iter().position(|known| *known == name);
        let (Some(typed), Some(right), Some(kind)) =
            (column("typed"), column("right"), column("kind"))
        else {
            println!("no columns typed, right and kind");
            return;
        };
        for line in lines {
            let cells: Vec<&str> = line.split('\t').collect();
            let understood = self.understand(cells[typed]);
            let wanted = self.analyzer.fold_key(cells[right]);
            let found: Vec<String> = understood
                .corrections
                .iter()
                .map(|correction| self.analyzer.fold_key(&correction.text))
                .collect();
            let is_first = found.first() == Some(&wanted);
            let typed_pairs = pairs(&self.analyzer, cells[typed]);
            let is_strange = typed_pairs.iter().any(|pair| !self.pairs.contains(pair));
            for kind in [cells[kind], "all"] {
                let outcomes = kinds.entry(kind.to_owned()).or_default();
                let applied = understood.corrections.iter().any(|meant| meant.applied);
                outcomes.cases += 1;
                outcomes.applied_right += usize::from(applied && is_first);
                outcomes.applied_wrong += usize::from(applied && !is_first);
                outcomes.first += usize::from(is_first);
                outcomes.in_three += usize::from(found.contains(&wanted));
                outcomes.none += usize::from(found.is_empty());
                outcomes.strange += usize::from(is_strange);
                outcomes.strange_first += usize::from(is_strange && is_first);
            }
            if self.prints_wrong && !is_first {
                println!(
                    "{}\t{}\t{}\t{}",
                    cells[kind],
                    cells[typed],
                    cells[right],
                    found.join(" ")
                );
            }
        }
        println!(
            "kind\tcases\tfirst\tin three\tnone\tapplied right\tapplied wrong\tstrange cases\tfirst"
        );
        for (kind, outcomes) in kinds {
            let share = |count: usize| count as f64 / outcomes.cases as f64;
            println!(
                "{kind}\t{}\t{:.3}\t{:.3}\t{:.3}\t{:.3}\t{:.4}\t{}\t{:.3}",
                outcomes.cases,
                share(outcomes.first),
                share(outcomes.in_three),
                share(outcomes.none),
                share(outcomes.applied_right),
                share(outcomes.applied_wrong),
                outcomes.strange,
                outcomes.strange_first as f64 / outcomes.strange.max(1) as f64
            );
        }
    }

    fn clean(&self, file: &str, queries: &str) {
        let (mut cases, mut applied, mut offered) = (0, 0, 0);
        let mut times: Vec<Duration> = Vec::new();
        for line in queries.lines() {
            let query = line.split('\t').next().unwrap_or_default();
            let started = Instant::now();
            let understood = self.understand(query);
            times.push(started.elapsed());
            cases += 1;
            if let Some(first) = understood.corrections.first() {
                let is_applied = understood.corrections.iter().any(|meant| meant.applied);
                applied += usize::from(is_applied);
                offered += usize::from(!is_applied);
                if self.prints_wrong {
                    println!("clean\t{query}\t{}\t{is_applied}", first.text);
                }
            }
        }
        times.sort_unstable();
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied();
        println!(
            "{file}: {cases} clean queries, applied {:.4}, offered {:.4}, p50 {:?}, p99 {:?}",
            applied as f64 / cases as f64,
            offered as f64 / cases as f64,
            at(0.5).unwrap_or_default(),
            at(0.99).unwrap_or_default()
        );
    }
}
