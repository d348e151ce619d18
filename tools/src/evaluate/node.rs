//! A throw-away node, searched through the same call as the gRPC service.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use sampan_engine::{
    Node,
    config::{DictionarySource, NodeConfig},
};
use sampan_proto::v1;
use tempfile::TempDir;

use super::{
    catalogue::Catalogue,
    run::{Ranked, Searcher},
};

/// How long indexing of the last batch may take before the evaluation gives up.
const VISIBLE_TIMEOUT: Duration = Duration::from_secs(600);

/// How often the node is asked whether it is ready.
const POLL: Duration = Duration::from_millis(20);

/// Most hits a page, from the contract.
const PAGE_SIZE_MAX: usize = 100;

/// A node over a temporary folder, which goes with it.
pub struct ThrowAwayNode {
    node: Arc<Node>,
    /// Items that the node refused.
    pub refused: usize,
    // Dropped last, after the node has let go of its files.
    _folder: TempDir,
}

impl ThrowAwayNode {
    /// Starts a node, fills it and waits until search sees everything. `dictionaries`: a folder; else those built in.
    /// `model`: the encoder's file; else words alone.
    ///
    /// # Errors
    /// The node cannot start or does not index in time.
    pub fn build(
        catalogue: &Catalogue,
        dictionaries: Option<&Path>,
        model: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let mut config = NodeConfig::new(folder.path());
        if let Some(dictionaries) = dictionaries {
            config.dictionaries = DictionarySource::Folder(dictionaries.to_owned());
        }
        config.model = model;
        let node = Node::open(&config).context("the node cannot start")?;
        let mut refused = 0;
        let mut last = None;
        for batch in &catalogue.batches {
            let outcome = node.upsert(batch.clone())?;
            refused += outcome
                .results
                .iter()
                .filter(|result| !result.accepted)
                .count();
            last = Some(outcome.sequence);
        }
        if let Some(sequence) = last {
            ensure!(
                node.wait_visible(sequence, VISIBLE_TIMEOUT),
                "indexing took too long"
            );
        }
        let started = Instant::now();
        while node.generation().vectors_waiting > 0 {
            ensure!(
                started.elapsed() < VISIBLE_TIMEOUT,
                "encoding took too long"
            );
            std::thread::sleep(POLL);
        }
        let has_encoder = node.generation().encoder.is_some();
        while has_encoder
            && refused < catalogue.items().count()
            && node.generation().near_words.is_empty()
        {
            ensure!(
                started.elapsed() < VISIBLE_TIMEOUT,
                "mining near words took too long"
            );
            std::thread::sleep(POLL);
        }
        Ok(Self {
            node,
            refused,
            _folder: folder,
        })
    }

    /// Puts a region's ranking profile in force before it returns.
    ///
    /// # Errors
    /// The profile is wrong; the one before stays in force.
    pub fn put_profile(&self, region: &str, toml: &str) -> anyhow::Result<()> {
        self.node.documents().put(&v1::PutDocumentRequest {
            kind: v1::DocumentKind::RankingProfile.into(),
            region: region.to_owned(),
            toml: toml.to_owned(),
            ..Default::default()
        })?;
        Ok(())
    }

    /// The node as a region's shoppers see it.
    pub fn shoppers_of(&self, region: &str, mode: v1::RecallMode) -> RegionShoppers<'_> {
        RegionShoppers {
            node: &self.node,
            region: region.to_owned(),
            mode,
        }
    }
}

/// Searches a node from one region.
pub struct RegionShoppers<'n> {
    node: &'n Node,
    region: String,
    mode: v1::RecallMode,
}

impl RegionShoppers<'_> {
    /// The first hits of a query, each explained.
    ///
    /// # Errors
    /// The query cannot be answered.
    pub fn explained(&self, query: &str, depth: usize) -> anyhow::Result<Vec<v1::Hit>> {
        self.hits(query, depth, true)
    }

    /// The first hits of a query.
    ///
    /// # Errors
    /// The query cannot be answered.
    pub fn first(&self, query: &str, depth: usize) -> anyhow::Result<Vec<v1::Hit>> {
        self.hits(query, depth, false)
    }

    fn hits(&self, query: &str, depth: usize, explain: bool) -> anyhow::Result<Vec<v1::Hit>> {
        let mut request = v1::SearchRequest {
            text: query.to_owned(),
            region: self.region.clone(),
            page_size: depth.min(PAGE_SIZE_MAX) as u32,
            recall_mode: self.mode.into(),
            explain,
            ..Default::default()
        };
        let mut hits = Vec::new();
        loop {
            let response = self.node.search(&request)?;
            hits.extend(response.hits);
            if hits.len() >= depth || response.next_page_token.is_empty() {
                hits.truncate(depth);
                return Ok(hits);
            }
            request.page_token = response.next_page_token;
        }
    }
}

impl Searcher for RegionShoppers<'_> {
    fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked> {
        let hits = self.hits(query, depth, false)?.into_iter();
        Ok(hits.map(|hit| (hit.item_id, hit.score)).collect())
    }
}
