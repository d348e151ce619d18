//! Writes the inverted index. Owned by the indexer.

use std::{
    cmp::Reverse,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::FutureExt as _;
use sampan_analyzers::{Analyzer, tantivy::SampanTokenizer};
use sampan_proto::v1;
use tantivy::{
    FutureResult, Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term,
    index::{SegmentId, SegmentMeta},
    indexer::LogMergePolicy,
};

use super::{Fields, LexicalSnapshot, TOKENIZER, schema};
use crate::base::{
    Ordinal, Sequence,
    error::{Result, SampanError},
    limits,
};

/// Share of deleted documents above which a segment is rewritten (tantivy's default never does).
const DELETED_SHARE_BEFORE_MERGE: f32 = 0.3;
/// Segments of one size that are merged into one: few segments matter more than anything else for queries.
const SEGMENTS_BEFORE_MERGE: usize = 6;
/// Nothing is written for so long when segments are merged on top of that, milliseconds.
pub const IDLE_BEFORE_MERGE_MS: u64 = 2_000;
/// A segment that has less than so many times what the smaller ones hold together is merged with them when nothing is
/// written: each costs every query a look-up of all its terms.
const LARGER_THAN_REST: u32 = 10;
/// File beside tantivy's that names the analysis that made the tokens.
const ANALYSIS_FILE: &str = "analysis.txt";

/// The index under construction.
pub struct LexicalWriter {
    folder: PathBuf,
    index: Index,
    writer: IndexWriter,
    reader: IndexReader,
    fields: Fields,
    ordinals: HashMap<SegmentId, Arc<[Ordinal]>>,
    committed: Sequence,
    /// The merge that was last started for lack of writes, until its end is seen.
    merging: Option<FutureResult<Option<SegmentMeta>>>,
}

impl LexicalWriter {
    /// Opens the index that this analysis has made under `parent`, each in a folder of the analysis's name; starts an
    /// empty one when there is none, or when its files are damaged. [`Self::committed`] then tells what is still to be
    /// indexed.
    pub fn open(parent: &Path, analyzer: Arc<Analyzer>) -> Result<Self> {
        let analysis = analyzer.index_version().to_owned();
        let folder = parent.join(&analysis);
        if let Some(index) = open_sound(&folder, &analysis) {
            let (_, fields) = schema();
            return Self::with(&folder, index, fields, analyzer);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(SampanError::storage)?;
        }
        fs::create_dir_all(&folder).map_err(SampanError::storage)?;
        let (schema, fields) = schema();
        let index = Index::create_in_dir(&folder, schema).map_err(SampanError::storage)?;
        fs::write(folder.join(ANALYSIS_FILE), analysis).map_err(SampanError::storage)?;
        Self::with(&folder, index, fields, analyzer)
    }

    /// Removes what other analyses have made: nothing will read it again but queries that have it open.
    pub fn remove_others(&self) {
        let beside = self.folder.parent().map(fs::read_dir);
        for entry in beside.into_iter().flatten().flatten().flatten() {
            let path = entry.path();
            if path == self.folder {
                continue;
            }
            let removed = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            if let Err(error) = removed {
                tracing::warn!("{} was not removed: {error}", path.display());
            }
        }
    }

    fn with(folder: &Path, index: Index, fields: Fields, analyzer: Arc<Analyzer>) -> Result<Self> {
        index
            .tokenizers()
            .register(TOKENIZER, SampanTokenizer::new(analyzer));
        let writer: IndexWriter = index
            .writer_with_num_threads(1, limits::INDEX_WRITER_BYTES)
            .map_err(SampanError::storage)?;
        let mut merge = LogMergePolicy::default();
        merge.set_min_num_segments(SEGMENTS_BEFORE_MERGE);
        merge.set_del_docs_ratio_before_merge(DELETED_SHARE_BEFORE_MERGE);
        writer.set_merge_policy(Box::new(merge));
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(SampanError::storage)?;
        let committed = index
            .load_metas()
            .map_err(SampanError::storage)?
            .payload
            .and_then(|payload| payload.parse().ok())
            .unwrap_or(0);
        Ok(Self {
            folder: folder.to_owned(),
            index,
            writer,
            reader,
            fields,
            ordinals: HashMap::new(),
            committed,
            merging: None,
        })
    }

    /// Last write that the committed index holds.
    pub fn committed(&self) -> Sequence {
        self.committed
    }

    /// Analyses from now on with another analyser of the same index version.
    pub fn set_analyzer(&mut self, analyzer: Arc<Analyzer>) {
        self.index
            .tokenizers()
            .register(TOKENIZER, SampanTokenizer::new(analyzer));
    }

    /// Adds an item, in place of any of the same ordinal.
    pub fn upsert(&mut self, ordinal: Ordinal, item: &v1::Item) -> Result<()> {
        self.delete(ordinal);
        let mut document = TantivyDocument::new();
        document.add_u64(self.fields.ordinal, u64::from(ordinal));
        for title in &item.titles {
            document.add_text(self.fields.title, &title.text);
        }
        let named_in_title = item
            .titles
            .iter()
            .any(|title| title.text.contains(&item.brand));
        if !item.brand.is_empty() && !named_in_title {
            document.add_text(self.fields.title, &item.brand);
        }
        let levels = item.category_path.iter();
        let values = item.attributes.values().flat_map(|values| &values.values);
        for text in levels.chain(values).chain(&item.tags) {
            document.add_text(self.fields.context, text);
        }
        self.writer
            .add_document(document)
            .map_err(SampanError::storage)?;
        Ok(())
    }

    /// Removes an item.
    pub fn delete(&mut self, ordinal: Ordinal) {
        self.writer.delete_term(Term::from_field_u64(
            self.fields.ordinal,
            u64::from(ordinal),
        ));
    }

    /// Commits everything up to `sequence`.
    pub fn commit(&mut self, sequence: Sequence) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(SampanError::storage)?;
        prepared.set_payload(&sequence.to_string());
        prepared.commit().map_err(SampanError::storage)?;
        // tantivy renames meta.json without syncing the folder; without this a crash could bring back an older one.
        if let Ok(folder) = fs::File::open(&self.folder) {
            folder.sync_all().map_err(SampanError::storage)?;
        }
        self.committed = sequence;
        Ok(())
    }

    /// Merges segments in the background that the policy leaves alone while more may come. For when nothing is written;
    /// to be called again and again.
    pub fn merge_when_idle(&mut self) -> Result<()> {
        if let Some(merging) = &mut self.merging {
            match merging.now_or_never() {
                None => return Ok(()),
                Some(ended) => {
                    self.merging = None;
                    // Also when the policy is still merging one of the segments; then it is tried again.
                    if let Err(error) = ended {
                        tracing::info!("segments were not merged: {error}");
                    }
                }
            }
        }
        let mut segments = self
            .index
            .searchable_segment_metas()
            .map_err(SampanError::storage)?;
        segments.sort_by_key(|segment| Reverse(segment.num_docs()));
        let from = merged_when_idle(
            &segments
                .iter()
                .map(SegmentMeta::num_docs)
                .collect::<Vec<_>>(),
        );
        if let Some(from) = from {
            let ids: Vec<SegmentId> = segments[from..].iter().map(SegmentMeta::id).collect();
            self.merging = Some(self.writer.merge(&ids));
        }
        Ok(())
    }

    /// Whether a merge has ended since the last view: the same items in fewer segments.
    pub fn has_merged(&self) -> Result<bool> {
        let mut now = self
            .index
            .searchable_segment_ids()
            .map_err(SampanError::storage)?;
        now.retain(|id| !self.ordinals.contains_key(id));
        Ok(!now.is_empty())
    }

    /// A view of the committed index.
    pub fn snapshot(&mut self) -> Result<LexicalSnapshot> {
        self.reader.reload().map_err(SampanError::storage)?;
        LexicalSnapshot::new(self.reader.searcher(), self.fields, &mut self.ordinals)
    }

    /// Files of the committed index, for publishing.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let metas = self.index.load_metas().map_err(SampanError::storage)?;
        let mut files = vec![PathBuf::from("meta.json"), PathBuf::from(ANALYSIS_FILE)];
        let of_segments = metas.list_segment_files().into_iter();
        files.extend(of_segments.filter(|file| self.folder.join(file).exists()));
        Ok(files)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Place from which segments, largest first, are worth merging into one; `None` when none are.
fn merged_when_idle(documents: &[u32]) -> Option<usize> {
    let mut smaller = 0u64;
    let mut from = None;
    for (place, documents) in documents.iter().enumerate().rev() {
        if smaller * u64::from(LARGER_THAN_REST) > u64::from(*documents) {
            from = Some(place);
        }
        smaller += u64::from(*documents);
    }
    from
}

/// The index of a folder when the same analysis made it and every file's checksum holds.
fn open_sound(folder: &Path, analysis: &str) -> Option<Index> {
    let made_by = fs::read_to_string(folder.join(ANALYSIS_FILE)).ok()?;
    if made_by != analysis {
        tracing::warn!("the lexical index is not what its folder says; it is built again");
        return None;
    }
    let index = Index::open_in_dir(folder).ok()?;
    match index.validate_checksum() {
        Ok(damaged) if damaged.is_empty() => Some(index),
        _ => {
            tracing::warn!("the lexical index is damaged; it is built again from the store");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::merged_when_idle;

    #[test]
    fn an_idle_index_keeps_segments_that_dwarf_the_rest() {
        assert_eq!(merged_when_idle(&[]), None);
        assert_eq!(merged_when_idle(&[7]), None);
        assert_eq!(merged_when_idle(&[286, 171, 152, 89, 33, 32]), Some(0));
        assert_eq!(merged_when_idle(&[100_000, 9_000, 800]), None);
        assert_eq!(merged_when_idle(&[100_000, 9_000, 800, 1, 1]), Some(3));
        assert_eq!(merged_when_idle(&[100_000, 9_000, 901]), Some(1));
    }
}
