//! The inverted index: the only room that names tantivy.
//!
//! | field | holds | scored |
//! |---|---|---|
//! | `title` | tokens of all titles and of the brand | BM25F after Robertson, Zaragoza and Taylor (CIKM 2004): fields are joined before saturation, title and brand at weight 1 |
//! | `context` | tokens of category path, attributes and tags | BM25, weighed down at query time |
//! | `ordinal` | the item's ordinal | deletes, and the way back to columns |
//!
//! Nothing is stored: the item itself lies in the store.

mod bm25;
mod groups;
mod matching;
mod postings;
mod query;
mod recall;
mod requirement;
mod rescore;
mod terms;
#[cfg(test)]
mod tests;
mod writer;

use std::{collections::HashMap, sync::Arc};

use tantivy::{
    Searcher, Term,
    index::SegmentId,
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

use crate::base::{
    Ordinal,
    error::{Result, SampanError},
};
use sampan_analyzers::latin_term;

pub use matching::{MatchLevel, MatchingSet};
pub use query::LexicalQuery;
pub use recall::LexicalCandidate;
pub use writer::{IDLE_BEFORE_MERGE_MS, LexicalWriter};

/// Name that the analysers are registered under.
const TOKENIZER: &str = "sampan";

/// The index's fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub title: Field,
    pub context: Field,
    pub ordinal: Field,
}

/// One immutable view of the inverted index.
#[derive(Clone)]
pub struct LexicalSnapshot {
    searcher: Searcher,
    fields: Fields,
    /// By segment, in the searcher's order: ordinal of each document.
    ordinals: Vec<Arc<[Ordinal]>>,
}

impl LexicalSnapshot {
    /// Opens a view; `known` keeps the ordinals of segments seen before and forgets those that are gone.
    pub(crate) fn new(
        searcher: Searcher,
        fields: Fields,
        known: &mut HashMap<SegmentId, Arc<[Ordinal]>>,
    ) -> Result<Self> {
        let mut ordinals = Vec::new();
        let mut kept = HashMap::new();
        for reader in searcher.segment_readers() {
            let id = reader.segment_id();
            let of_segment = match known.get(&id) {
                Some(of_segment) => of_segment.clone(),
                None => {
                    let column = reader
                        .fast_fields()
                        .u64("ordinal")
                        .map_err(SampanError::internal)?
                        .first_or_default_col(0);
                    (0..reader.max_doc())
                        .map(|doc| column.get_val(doc) as Ordinal)
                        .collect()
                }
            };
            kept.insert(id, of_segment.clone());
            ordinals.push(of_segment);
        }
        *known = kept;
        Ok(Self {
            searcher,
            fields,
            ordinals,
        })
    }

    /// Documents there are.
    pub fn len(&self) -> u64 {
        self.searcher.num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any title or brand has the lower-case run of letters and digits. One of a deleted item may count until
    /// its segment is merged.
    pub fn has_latin(&self, run: &str) -> Result<bool> {
        let term = Term::from_field_text(self.fields.title, &latin_term(run));
        let documents = self.searcher.doc_freq(&term);
        Ok(documents.map_err(SampanError::internal)? > 0)
    }

    /// Bytes of the files, which are mapped.
    pub fn mapped_bytes(&self) -> u64 {
        self.segments().map(|(.., bytes)| bytes).sum()
    }

    /// Bytes on the heap: the way back to columns.
    pub fn heap_bytes(&self) -> u64 {
        let ordinals = self.ordinals.iter();
        ordinals
            .map(|of_segment| size_of_val(&**of_segment) as u64)
            .sum()
    }

    /// Segments: id, live documents, deleted documents, bytes on disk.
    pub fn segments(&self) -> impl Iterator<Item = (String, u64, u64, u64)> {
        self.searcher.segment_readers().iter().map(|reader| {
            (
                reader.segment_id().short_uuid_string(),
                u64::from(reader.num_docs()),
                u64::from(reader.num_deleted_docs()),
                reader
                    .space_usage()
                    .map_or(0, |usage| usage.total().get_bytes()),
            )
        })
    }
}

/// The schema above.
fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs),
    );
    let fields = Fields {
        title: builder.add_text_field("title", text.clone()),
        context: builder.add_text_field("context", text),
        ordinal: builder.add_u64_field("ordinal", FAST | INDEXED),
    };
    (builder.build(), fields)
}
