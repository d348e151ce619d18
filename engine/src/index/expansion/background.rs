//! Mining in the background: neither writes nor queries wait for it.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use sampan_analyzers::Analyzer;

use super::{Goods, MinedExpansions, Miner, Thresholds, WordCounts};
use crate::{
    base::{
        error::{Result, SampanError},
        priority::stand_behind_queries,
    },
    behaviour::BehaviourSnapshot,
    config::Configuration,
    encode::Encoder,
    index::{columns::Columns, lexical::LexicalSnapshot, vector::VectorSnapshot},
    store::state::Store,
};

/// Mining is followed by a rest of so many times its duration: it takes a twentieth of a core at most.
const REST_TIMES: u32 = 20;

/// What is mined from.
pub struct MiningInput {
    pub encoder: Arc<Encoder>,
    pub lexical: LexicalSnapshot,
    pub vectors: Arc<VectorSnapshot>,
    pub store: Store,
    pub columns: Columns,
    pub behaviour: BehaviourSnapshot,
    pub configuration: Arc<Configuration>,
    pub analyzer: Arc<Analyzer>,
}

impl MiningInput {
    /// Words of the index, of past queries, and of the dictionaries, by which shoppers may ask for what is here.
    fn counts(&self) -> Result<WordCounts> {
        let mut counts = WordCounts::default();
        self.lexical
            .each_term(&mut |term, items| counts.add_term(term, items))?;
        for (_, region) in self.configuration.regions.iter() {
            for (query, times) in self.behaviour.queries(&region.code) {
                self.analyzer
                    .index_tokens(query, &mut |token| counts.add_asked_term(token.term, times));
            }
        }
        counts.add_dictionary(&self.analyzer);
        Ok(counts)
    }

    fn add_goods(&self, goods: &mut Goods<'_>, given_up: &AtomicBool) -> Result<()> {
        self.store.each_item(&mut |stored| {
            // A node that is stopped waits for this thread, and there may be millions of items.
            if given_up.load(Ordering::Relaxed) {
                return Err(SampanError::Unavailable("mining was given up".into()));
            }
            let vector = self.vectors.vector(stored.ordinal);
            if let (Some(item), Some(vector)) = (&stored.item, vector) {
                goods.add(&self.analyzer, item, &vector);
            }
            Ok(())
        })
    }
}

/// What a run came to.
struct Run {
    /// Hash of the words and of what compared them.
    input: blake3::Hash,
    /// `None`: the words are those of the run before, or it was given up.
    mined: Option<MinedExpansions>,
}

/// Mines in the background, one run at a time. Dropped, it gives up.
pub struct ExpansionMiner {
    folder: PathBuf,
    running: Option<(Instant, JoinHandle<Result<Run>>)>,
    rests_until: Option<Instant>,
    given_up: Arc<AtomicBool>,
    input: Option<blake3::Hash>,
    mined: Option<Arc<MinedExpansions>>,
}

impl ExpansionMiner {
    /// `folder`: scratch.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            running: None,
            rests_until: None,
            given_up: Arc::default(),
            input: None,
            mined: None,
        }
    }

    /// What was mined last.
    pub fn mined(&self) -> Option<Arc<MinedExpansions>> {
        self.mined.clone()
    }

    /// Whether a run may begin.
    pub fn is_ready(&self) -> bool {
        let is_resting = self.rests_until.is_some_and(|until| Instant::now() < until);
        self.running.is_none() && !is_resting
    }

    /// Begins a run.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start(&mut self, input: MiningInput) -> Result<()> {
        let (folder, before) = (self.folder.clone(), self.input);
        let given_up = self.given_up.clone();
        let thread = std::thread::Builder::new()
            .name("expansions".into())
            .spawn(move || {
                stand_behind_queries();
                run(&input, folder, before, &given_up)
            })
            .map_err(SampanError::internal)?;
        self.running = Some((Instant::now(), thread));
        Ok(())
    }

    /// Whether there is a new table, once a run has ended.
    pub fn finished(&mut self) -> Option<Result<bool>> {
        let (started, thread) = self.running.take_if(|(_, thread)| thread.is_finished())?;
        let took: Duration = started.elapsed();
        self.rests_until = Some(Instant::now() + took * REST_TIMES);
        let panicked = |_| Err(SampanError::internal("mining near words panicked"));
        Some(thread.join().unwrap_or_else(panicked).map(|run| {
            self.input = Some(run.input);
            let is_new = run.mined.is_some();
            if let Some(mined) = run.mined {
                let (words, neighbours) = (mined.table().len(), mined.neighbours());
                tracing::debug!(words, neighbours, ?took, "near words were mined");
                self.mined = Some(Arc::new(mined));
            }
            is_new
        }))
    }
}

impl Drop for ExpansionMiner {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Relaxed);
        if let Some((_, thread)) = self.running.take() {
            // Whatever it came to, nobody wants it any more.
            let _ = thread.join();
        }
    }
}

fn run(
    input: &MiningInput,
    folder: PathBuf,
    before: Option<blake3::Hash>,
    given_up: &AtomicBool,
) -> Result<Run> {
    let counts = input.counts()?;
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(counts.hash().as_bytes())
        .update(input.encoder.version().as_bytes())
        .update(input.analyzer.version().as_bytes());
    let hash = hasher.finalize();
    if before == Some(hash) {
        return Ok(Run {
            input: hash,
            mined: None,
        });
    }
    let brands = &input.columns.names.brands;
    let is_name = |word: &str| !brands.with_key(&input.analyzer.fold_key(word)).is_empty();
    let miner = Miner {
        encoder: &input.encoder,
        analyzer: &input.analyzer,
        is_name: &is_name,
        goods: &|goods| input.add_goods(goods, given_up),
        thresholds: Thresholds::default(),
        folder: &folder,
    };
    let mined = miner.mine(&counts, &mut |_, _, _| !given_up.load(Ordering::Relaxed))?;
    Ok(Run { input: hash, mined })
}
