//! A throw-away node, searched through the same call as the gRPC service.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use sampan_engine::{
    Node,
    base::limits,
    config::{DictionarySource, NodeConfig},
    index::generation::Generation,
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
        let mut throw_away = Self::open(folder, dictionaries, model)?;
        let node = &throw_away.node;
        let mut last = None;
        for batch in &catalogue.batches {
            let outcome = node.upsert(batch.clone())?;
            let refused = outcome.results.iter();
            throw_away.refused += refused.filter(|result| !result.accepted).count();
            last = Some(outcome.sequence);
        }
        if let Some(sequence) = last {
            throw_away.wait_visible(sequence)?;
        }
        throw_away.wait_encoded()?;
        // What corrects and completes is counted in the background: a question must not depend on how far it is.
        throw_away.wait_settled()?;
        Ok(throw_away)
    }

    /// Starts a node over a copy of a stopped node's data, which stays as it is.
    ///
    /// # Errors
    /// The folder holds no data or cannot be copied, or the node cannot start.
    pub fn of_data(
        data: &Path,
        dictionaries: Option<&Path>,
        model: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        ensure!(
            data.join("store").is_dir(),
            "{}: is no folder of a node's data",
            data.display()
        );
        let folder = TempDir::new()?;
        copy(data, folder.path()).with_context(|| data.display().to_string())?;
        let throw_away = Self::open(folder, dictionaries, model)?;
        throw_away.wait_encoded()?;
        // What corrects and completes is counted in the background: a question must not depend on how far it is.
        throw_away.wait_settled()?;
        Ok(throw_away)
    }

    fn open(
        folder: TempDir,
        dictionaries: Option<&Path>,
        model: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let mut config = NodeConfig::new(folder.path());
        if let Some(dictionaries) = dictionaries {
            config.dictionaries = DictionarySource::Folder(dictionaries.to_owned());
        }
        config.model = model;
        Ok(Self {
            node: Node::open(&config).context("the node cannot start")?,
            refused: 0,
            _folder: folder,
        })
    }

    fn wait_visible(&self, sequence: u64) -> anyhow::Result<()> {
        let is_visible = self.node.wait_visible(sequence, VISIBLE_TIMEOUT);
        ensure!(is_visible, "indexing took too long");
        Ok(())
    }

    /// Waits until completions and the words that corrections go by know everything that is visible.
    fn wait_settled(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        while !self.node.generation().settled {
            ensure!(
                started.elapsed() < VISIBLE_TIMEOUT,
                "counting words took too long"
            );
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    /// Waits until items have vectors and near words are mined, where the node has an encoder.
    fn wait_encoded(&self) -> anyhow::Result<()> {
        let node = &self.node;
        let started = Instant::now();
        let in_time = |what: &str| {
            ensure!(started.elapsed() < VISIBLE_TIMEOUT, "{what} took too long");
            std::thread::sleep(POLL);
            Ok(())
        };
        while node.generation().vectors_waiting > 0 {
            in_time("encoding")?;
        }
        let mined = |generation: &Generation| {
            generation.encoder.is_none()
                || generation.columns.is_empty()
                || !generation.near_words.is_empty()
        };
        while !mined(&node.generation()) {
            in_time("mining near words")?;
        }
        Ok(())
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Records events, and waits until they count. Gives how many were refused, and why the first was.
    ///
    /// # Errors
    /// The node cannot write.
    pub fn record(&self, events: &[v1::Event]) -> anyhow::Result<(usize, Option<String>)> {
        let (mut refused, mut reason, mut last) = (0, None, None);
        for batch in events.chunks(limits::BATCH_MAX) {
            let outcome = self.node.record_events(batch.to_vec())?;
            for result in outcome.results.iter().filter(|result| !result.accepted) {
                refused += 1;
                reason.get_or_insert_with(|| format!("{}: {}", result.field, result.reason));
            }
            last = Some(outcome.sequence);
        }
        if let Some(sequence) = last {
            self.wait_visible(sequence)?;
            self.wait_settled()?;
        }
        Ok((refused, reason))
    }

    /// Puts a document in force before it returns.
    ///
    /// # Errors
    /// The document is wrong; the one before stays in force.
    pub fn put(&self, kind: v1::DocumentKind, region: &str, text: &str) -> anyhow::Result<()> {
        self.node.documents().put(&v1::PutDocumentRequest {
            kind: kind.into(),
            region: region.to_owned(),
            toml: text.to_owned(),
            ..Default::default()
        })?;
        Ok(())
    }

    /// Puts a region's ranking profile in force before it returns.
    ///
    /// # Errors
    /// The profile is wrong; the one before stays in force.
    pub fn put_profile(&self, region: &str, toml: &str) -> anyhow::Result<()> {
        self.put(v1::DocumentKind::RankingProfile, region, toml)
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

/// Copies what is in a folder.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &place)?,
            false => fs::copy(entry.path(), place).map(drop)?,
        }
    }
    Ok(())
}

/// Searches a node from one region.
pub struct RegionShoppers<'n> {
    node: &'n Node,
    region: String,
    mode: v1::RecallMode,
}

impl RegionShoppers<'_> {
    /// The first page of an answer. `explain`: with what each score is made of.
    ///
    /// # Errors
    /// The query cannot be answered.
    pub fn answer(
        &self,
        query: &str,
        page_size: usize,
        explain: bool,
    ) -> anyhow::Result<v1::SearchResponse> {
        Ok(self.node.search(&self.request(query, page_size, explain))?)
    }

    /// Completions of what was typed so far.
    ///
    /// # Errors
    /// They cannot be looked up.
    pub fn suggest(&self, prefix: &str, count: usize) -> anyhow::Result<Vec<v1::Suggestion>> {
        let request = v1::SuggestRequest {
            prefix: prefix.to_owned(),
            region: self.region.clone(),
            count: count as u32,
            ..Default::default()
        };
        Ok(self.node.suggest(&request)?.suggestions)
    }

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

    fn request(&self, query: &str, page_size: usize, explain: bool) -> v1::SearchRequest {
        v1::SearchRequest {
            text: query.to_owned(),
            region: self.region.clone(),
            page_size: page_size.min(PAGE_SIZE_MAX) as u32,
            recall_mode: self.mode.into(),
            explain,
            ..Default::default()
        }
    }

    fn hits(&self, query: &str, depth: usize, explain: bool) -> anyhow::Result<Vec<v1::Hit>> {
        let mut request = self.request(query, depth, explain);
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
