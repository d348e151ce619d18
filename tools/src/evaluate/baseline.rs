//! The baseline: what a careful engineer has in an hour. tantivy's BM25 over character 1- and 2-grams of title and
//! brand, both sides folded to Simplified, any gram matching, in memory.

use sampan_analyzers::{Analyzer, Conversion};
use tantivy::{
    Index, IndexReader, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{
        Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
        Value as _,
    },
    tokenizer::{LowerCaser, NgramTokenizer, TextAnalyzer, TokenStream as _},
};

use super::{
    catalogue::Catalogue,
    run::{Ranked, Searcher},
};

const TOKENIZER: &str = "grams";
const LONGEST_GRAM: usize = 2;

/// Memory of the index writer, bytes.
const WRITER_BYTES: usize = 100 << 20;

/// The baseline over one catalogue.
pub struct Baseline<'a> {
    analyzer: &'a Analyzer,
    fold: Conversion,
    grams: TextAnalyzer,
    reader: IndexReader,
    id: Field,
    text: Field,
}

impl<'a> Baseline<'a> {
    /// Indexes a catalogue.
    ///
    /// # Errors
    /// tantivy or the conversion fails.
    pub fn build(catalogue: &Catalogue, analyzer: &'a Analyzer) -> anyhow::Result<Self> {
        let fold: Conversion = "t2s".parse()?;
        let tokenizer = NgramTokenizer::new(1, LONGEST_GRAM, false)?;
        let grams = TextAnalyzer::builder(tokenizer).filter(LowerCaser).build();
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING | STORED);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field(
            "text",
            TextOptions::default().set_indexing_options(indexing),
        );
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(TOKENIZER, grams.clone());
        // One thread: one segment order, so that equal scores come in the same order in every run.
        let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        for item in catalogue.items() {
            let mut document = TantivyDocument::default();
            document.add_text(id, &item.id);
            let titles = item.titles.iter().map(|title| title.text.as_str());
            for part in titles
                .chain([item.brand.as_str()])
                .filter(|part| !part.is_empty())
            {
                document.add_text(text, analyzer.convert(part, fold)?);
            }
            writer.add_document(document)?;
        }
        writer.commit()?;
        Ok(Self {
            analyzer,
            fold,
            grams,
            reader: index.reader()?,
            id,
            text,
        })
    }
}

impl Searcher for Baseline<'_> {
    fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked> {
        let folded = self.analyzer.convert(query, self.fold)?;
        let mut grams = self.grams.clone();
        let mut stream = grams.token_stream(&folded);
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        while stream.advance() {
            let term = Term::from_field_text(self.text, &stream.token().text);
            let clause = TermQuery::new(term, IndexRecordOption::WithFreqs);
            clauses.push((Occur::Should, Box::new(clause)));
        }
        let searcher = self.reader.searcher();
        let collector = TopDocs::with_limit(depth.max(1)).order_by_score();
        let found = searcher.search(&BooleanQuery::new(clauses), &collector)?;
        let mut ranked = Vec::with_capacity(found.len());
        for (score, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let id = document.get_first(self.id).and_then(|value| value.as_str());
            ranked.push((id.unwrap_or_default().to_owned(), f64::from(score)));
        }
        Ok(ranked)
    }
}

#[cfg(test)]
mod tests {
    use sampan_analyzers::DictionaryFiles;
    use sampan_proto::v1;

    use super::*;

    #[test]
    fn both_scripts_find_a_title_by_any_of_its_characters() {
        let item = |id: &str, title: &str| v1::Item {
            id: id.into(),
            titles: vec![v1::Title {
                text: title.into(),
                language: String::new(),
            }],
            ..Default::default()
        };
        let items = vec![
            item("fridge", "變頻雪櫃"),
            item("lamp", "台灯"),
            item("usb", "USB 手指"),
        ];
        let catalogue = Catalogue {
            batches: vec![items],
            refused: 0,
        };
        let analyzer = Analyzer::build(&DictionaryFiles::embedded()).unwrap();
        let baseline = Baseline::build(&catalogue, &analyzer).unwrap();
        for (query, first) in [
            ("变频冰箱", "fridge"),
            ("檯燈", "lamp"),
            ("Usb", "usb"),
            ("櫃", "fridge"),
        ] {
            let ranked = baseline.search(query, 10).unwrap();
            assert_eq!(ranked[0].0, first, "{query}: {ranked:?}");
        }
        assert!(baseline.search("鞋", 10).unwrap().is_empty());
        assert!(baseline.search("", 10).unwrap().is_empty());
    }
}
