//! One immutable view of everything a query reads. Swapped whole; a query holds one from its first step to its last.

use std::{collections::BTreeMap, sync::Arc};

use sampan_analyzers::{Analyzer, SpellVocabulary};

use super::{
    columns::Columns,
    feed_model::{ServedModel, Trends},
    lexical::LexicalSnapshot,
    near_words::NearWords,
    rules::Rules,
    vector::VectorSnapshot,
};
use crate::{
    base::{Ordinal, Sequence},
    behaviour::BehaviourSnapshot,
    config::{Configuration, profile::RankingProfile},
    encode::Encoder,
    exposure::Steering,
    index::vocabulary::Vocabulary,
};

/// Bytes of what only the indexer reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriterBytes {
    pub popularity: u64,
    pub queries: u64,
    pub trends: u64,
}

/// One generation of all indexes.
pub struct Generation {
    /// Counts up with each generation of this process.
    pub number: u64,
    /// Last write that it holds.
    pub sequence: Sequence,
    pub configuration: Arc<Configuration>,
    /// By region: the configured profiles, with boosts moved toward their exposure targets.
    pub profiles: Vec<Arc<RankingProfile>>,
    /// What is done for those targets, by region.
    pub steering: Vec<Vec<Steering>>,
    pub analyzer: Arc<Analyzer>,
    pub lexical: LexicalSnapshot,
    pub columns: Columns,
    pub vectors: Arc<VectorSnapshot>,
    /// What turns queries into vectors that can be compared with the items'.
    pub encoder: Option<Arc<Encoder>>,
    /// Items whose vectors are still to be made.
    pub vectors_waiting: u64,
    pub behaviour: Arc<BehaviourSnapshot>,
    /// Experiments that their guards have stopped, and why.
    pub stopped: Arc<BTreeMap<String, String>>,
    /// Newest items first: where the feed looks for new arrivals.
    pub newest: Arc<[Ordinal]>,
    /// What can be suggested.
    pub vocabulary: Arc<Vocabulary>,
    /// What the catalogue holds, counted; a little behind the writes.
    pub spelling: Arc<SpellVocabulary>,
    /// Words that stand near words.
    pub near_words: Arc<NearWords>,
    /// What the feed has learnt; none before there is anything to learn from.
    pub feed_model: Option<Arc<ServedModel>>,
    /// Why a feed model that was made or named last cannot be used; "" when it can.
    pub feed_model_problem: Arc<str>,
    /// What sells these days.
    pub trends: Arc<Trends>,
    /// What merchandisers wish for single queries.
    pub rules: Arc<Rules>,
    /// Whether an index for changed dictionaries is being made.
    pub rebuilding: bool,
    /// Whether completions and counted words know all of it; they follow a little behind the writes.
    pub settled: bool,
    /// What the indexer keeps to make the next one.
    pub writers: WriterBytes,
    /// What an operator should know.
    pub warnings: Arc<[String]>,
}

impl Generation {
    /// Name of the index version in answers: the last write and the generation.
    pub fn version(&self) -> String {
        format!("{}-{}", self.sequence, self.number)
    }
}
