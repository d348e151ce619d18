//! The same product from several sellers, folded into one hit: its best offer, with the others behind it.

use rustc_hash::FxHashMap;
use sampan_analyzers::product::ProductKey;

use super::rank::RankedItem;
use crate::{
    base::Ordinal,
    index::{
        columns::{Columns, NameId},
        vector::VectorSnapshot,
    },
};

/// Titles with the same words mean the same, but for their order (牛奶朱古力, 朱古力牛奶) and what their brands add: of
/// titles reordered and praised at random, 94 % stay above this cosine.
const SIMILARITY_MIN: f32 = 0.6;

/// Folds a ranked list. Items are of one product when brand, numbers and words are the same and, where both have
/// vectors, these do not say otherwise; the order of the best ones stays.
pub fn fold(
    ranked: Vec<RankedItem>,
    columns: &Columns,
    vectors: &VectorSnapshot,
) -> Vec<RankedItem> {
    let mut places: FxHashMap<(NameId, ProductKey), Vec<usize>> = FxHashMap::default();
    let mut groups: Vec<(RankedItem, Vec<RankedItem>)> = Vec::with_capacity(ranked.len());
    for item in ranked {
        let known = columns.row(item.ordinal).filter(|row| row.product.is_one());
        let Some(row) = known else {
            groups.push((item, Vec::new()));
            continue;
        };
        let brand = columns.hot(item.ordinal).brand;
        let alike = places.entry((brand, row.product)).or_default();
        let same = |place: &&usize| is_near(groups[**place].0.ordinal, item.ordinal, vectors);
        match alike.iter().find(same) {
            Some(place) => groups[*place].1.push(item),
            None => {
                alike.push(groups.len());
                groups.push((item, Vec::new()));
            }
        }
    }
    let folded = groups.into_iter().map(|(best, others)| RankedItem {
        others: others.into(),
        ..best
    });
    folded.collect()
}

fn is_near(one: Ordinal, other: Ordinal, vectors: &VectorSnapshot) -> bool {
    match (vectors.vector(one), vectors.vector(other)) {
        (Some(one), Some(other)) => {
            let cosine: f32 = one.iter().zip(&other).map(|(a, b)| a * b).sum();
            cosine >= SIMILARITY_MIN
        }
        _ => true,
    }
}
