//! The sentence encoder alone: the exact cosine of a query with every item's brand and first title, means taken off. What
//! vectors can bring, before an index and words have a part in it.

use std::collections::BTreeMap;

use sampan_engine::encode::{Encoder, MeanSum, centre};
use sampan_proto::v1;

use super::{
    catalogue::Catalogue,
    judgements::Query,
    run::{Ranked, Searcher},
};

/// Vectors of a catalogue.
pub struct ExactVectors<'a> {
    encoder: &'a Encoder,
    query_mean: Vec<f32>,
    ids: Vec<String>,
    /// One behind another.
    vectors: Vec<f32>,
}

impl<'a> ExactVectors<'a> {
    /// Encodes a catalogue; the queries tell their own mean.
    pub fn build(catalogue: &Catalogue, encoder: &'a Encoder, queries: &[Query]) -> Self {
        // Of an id that comes twice the later item counts, as in a node.
        let texts: BTreeMap<&str, String> = catalogue
            .items()
            .map(|item| (item.id.as_str(), item_text(item)))
            .collect();
        let (ids, texts): (Vec<_>, Vec<_>) = texts.into_iter().unzip();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut vectors = encoder.encode(&texts);
        let dimensions = encoder.dimensions();
        let item_mean = mean_of(vectors.chunks(dimensions));
        for vector in vectors.chunks_mut(dimensions) {
            centre(vector, &item_mean);
        }
        let queries: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
        let of_queries = encoder.encode(&queries);
        Self {
            query_mean: mean_of(of_queries.chunks(dimensions)),
            encoder,
            ids: ids.into_iter().map(str::to_owned).collect(),
            vectors,
        }
    }
}

/// What of an item is encoded.
pub fn item_text(item: &v1::Item) -> String {
    let title = item.titles.first().map_or("", |title| title.text.as_str());
    format!("{} {title}", item.brand)
}

fn mean_of<'v>(vectors: impl ExactSizeIterator<Item = &'v [f32]> + Clone) -> Vec<f32> {
    let mut sum = MeanSum::new(vectors.clone().next().map_or(0, <[f32]>::len));
    vectors.for_each(|vector| sum.add(vector));
    sum.mean()
}

impl Searcher for ExactVectors<'_> {
    fn search(&self, query: &str, depth: usize) -> anyhow::Result<Ranked> {
        let mut vector = self.encoder.encode_query(query).to_vec();
        centre(&mut vector, &self.query_mean);
        let cosine = |item: &[f32]| -> f32 { item.iter().zip(&vector).map(|(a, b)| a * b).sum() };
        let items = self.vectors.chunks(self.encoder.dimensions());
        let mut ranked: Vec<(&str, f32)> = self
            .ids
            .iter()
            .zip(items)
            .map(|(id, item)| (id.as_str(), cosine(item)))
            .collect();
        // Of equals by id, so that every run gives the same order.
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        ranked.truncate(depth);
        let owned = ranked.into_iter();
        Ok(owned
            .map(|(id, cosine)| (id.to_owned(), f64::from(cosine)))
            .collect())
    }
}
