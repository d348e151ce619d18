//! What tantivy alone does with the node's own tokens: one field, a flat union of the query's terms, nothing after it.

use std::{
    collections::BTreeSet,
    path::Path,
    time::{Duration, Instant},
};

use sampan_analyzers::{Analyzer, Understood};
use sampan_proto::v1;
use tantivy::{
    Index, IndexReader, IndexWriter, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{Token, TokenStream, Tokenizer},
};

use super::items;
use crate::Outcome;

/// Between two tokens of a prepared text. U+0000 is in no token: the analysers strip it.
const SEPARATOR: char = '\0';
const TOKENIZER: &str = "prepared";
/// Bytes that the writer may gather: the node's.
const WRITER_BYTES: usize = 192 << 20;
/// Items a commit: about what the node indexes between two of its own.
const COMMIT_ITEMS: usize = 10_000;

/// An index of prepared texts.
pub struct PlainTantivy {
    index: Index,
    reader: IndexReader,
    text: Field,
    /// Time in tantivy: adding, committing, merging.
    pub indexing: Duration,
}

impl PlainTantivy {
    /// Indexes every item of a file into `folder`. Cutting the texts is not part of the time.
    pub fn build(analyzer: &Analyzer, file: &Path, folder: &Path) -> Outcome<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field(
            "text",
            TextOptions::default().set_indexing_options(indexing),
        );
        let index = Index::create_in_dir(folder, schema.build())?;
        index.tokenizers().register(TOKENIZER, Prepared);
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut time = Duration::ZERO;
        items::each_batch(file, COMMIT_ITEMS, &mut |batch| {
            let prepared: Vec<String> = batch.iter().map(|item| prepare(analyzer, item)).collect();
            let start = Instant::now();
            for tokens in &prepared {
                let mut document = TantivyDocument::new();
                document.add_text(text, tokens);
                writer.add_document(document)?;
            }
            writer.commit()?;
            time += start.elapsed();
            Ok(())
        })?;
        let start = Instant::now();
        writer.wait_merging_threads()?;
        let reader = index.reader()?;
        Ok(Self {
            index,
            reader,
            text,
            indexing: time + start.elapsed(),
        })
    }

    pub fn items(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    pub fn segments(&self) -> Outcome<usize> {
        Ok(self.index.searchable_segment_ids()?.len())
    }

    /// The best `limit` documents of a union of terms; answers how many there are.
    pub fn search(&self, terms: &BTreeSet<String>, limit: usize) -> Outcome<usize> {
        let clauses = terms.iter().map(|term| {
            let term = Term::from_field_text(self.text, term);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        });
        let query = BooleanQuery::new(clauses.collect());
        let best = TopDocs::with_limit(limit).order_by_score();
        Ok(self.reader.searcher().search(&query, &best)?.len())
    }
}

/// Every term that the node scores a query by: typed, and from rewrites.
pub fn terms(understood: &Understood) -> BTreeSet<String> {
    let alternatives = understood.units.iter().flat_map(|unit| &unit.alternatives);
    let rewritten = alternatives.flat_map(|alternative| &alternative.terms);
    understood
        .typed
        .iter()
        .chain(rewritten)
        .map(|term| term.term.clone())
        .collect()
}

/// The tokens of everything that the node indexes of an item.
fn prepare(analyzer: &Analyzer, item: &v1::Item) -> String {
    let mut tokens = String::new();
    let titles = item.titles.iter().map(|title| &title.text);
    let values = item.attributes.values().flat_map(|values| &values.values);
    let texts = titles
        .chain([&item.brand])
        .chain(&item.category_path)
        .chain(values)
        .chain(&item.tags);
    for text in texts {
        analyzer.index_tokens(text, &mut |token| {
            tokens.push_str(token.term);
            tokens.push(SEPARATOR);
        });
    }
    tokens
}

/// Splits a prepared text.
#[derive(Clone)]
struct Prepared;

struct PreparedStream<'a> {
    rest: &'a str,
    token: Token,
}

impl Tokenizer for Prepared {
    type TokenStream<'a> = PreparedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PreparedStream<'a> {
        PreparedStream {
            rest: text,
            token: Token::default(),
        }
    }
}

impl TokenStream for PreparedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((next, rest)) = self.rest.split_once(SEPARATOR) else {
            return false;
        };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(next);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
